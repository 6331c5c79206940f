"""`duban eval`: score the parser against hand-labelled documents and print the table that docs/parser-measures.md keeps."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from duban.documents.readers import read
from duban.domain.tasklist.contract import as_json
from duban.domain.tasklist.pipeline import parse

MEASURES: Final = (
    "tasks_found",
    "number",
    "path",
    "text",
    "units_f1",
    "unit_roles",
    "deadline",
    "targets_f1",
    "target_comparator",
    "target_indicator",
)


def main(argv: list[str]) -> int:
    """Exit 0 with the table, 2 when corpus or scorer is not where it was said to be."""
    parser = ArgumentParser(prog="duban eval", description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--scorer", type=Path, default=Path("../shared/tools/eval_parse.py"))
    parser.add_argument("--write", type=Path, help="also write the table as Markdown into this file")
    words = parser.parse_args(argv)
    if not (words.corpus / "gold").is_dir() or not words.scorer.is_file():
        sys.stderr.write(f"没有找到语料“{words.corpus}”或评分程序“{words.scorer}”。\n")
        return 2
    table = _table(
        [_scored(gold, words.corpus, words.scorer) for gold in sorted((words.corpus / "gold").glob("*.json"))]
    )
    sys.stdout.write(table)
    if words.write:
        words.write.write_text(
            f"# Measures of the parser\n\nPrinted by `duban eval`, run without a directory.\n\n{table}"
        )
    return 0


def _scored(gold: Path, corpus: Path, scorer: Path) -> tuple[str, dict[str, Any]]:
    """One labelled file scored: its name and the scorer's measures."""
    document = gold.name.removesuffix(".json").removesuffix(".tasks").removesuffix(".targets")
    source = read(corpus / "docs" / f"{document}.txt")
    record = as_json(parse(source), name=document, file_sha256="", text_sha256="")
    extra = ["--targets-only"] if gold.name.endswith(".targets.json") else []
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as file:
        json.dump(record, file, ensure_ascii=False)
        file.flush()
        words = [sys.executable, str(scorer), str(gold), file.name, "--json", *extra]
        printed = subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603 (the scorer the caller named)
    return gold.name.removesuffix(".json"), json.loads(printed)


def _table(rows: list[tuple[str, dict[str, Any]]]) -> str:
    head = f"| document | {' | '.join(MEASURES)} |\n|{'---|' * (len(MEASURES) + 1)}\n"
    lines = (f"| {name} | {' | '.join(_shown(found.get(m)) for m in MEASURES)} |\n" for name, found in rows)
    return head + "".join(lines)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
