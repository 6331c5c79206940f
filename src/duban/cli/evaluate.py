"""`duban eval`: parses every labelled document and prints how well the scoring script finds it read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from duban.documents.readers import read
from duban.domain.tasklist.contract import as_json
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import Matter, ParsedList, Severity

HELP = """duban eval [--corpus DIR] [--scorer FILE] [--write]

对照人工标注评测解析器，打印量表；--write 另存为 docs/parser-measures.md。
Scores the parser against labelled documents and prints the measures; --write also keeps them in
docs/parser-measures.md.

  --corpus  语料目录，内有 docs 与 gold，默认 ../shared/corpus / the corpus, with docs and gold inside
  --scorer  评分脚本，默认 ../shared/tools/eval_parse.py / the scoring script
"""
DEFAULTS = {"corpus": "../shared/corpus", "scorer": "../shared/tools/eval_parse.py"}
MEASURES = Path("docs/parser-measures.md")
COLUMNS = ("document", "tasks", "units", "blocking", "confirm", "unconsumed", "ms", "measures")
UNUSABLE = 2


def main(argv: list[str]) -> int:
    """Score every document of the corpus; 0 done, 2 when corpus or scorer are not there."""
    if "-h" in argv or "--help" in argv:
        sys.stdout.write(HELP)
        return 0
    options = {**DEFAULTS, **_options(argv)}
    corpus, scorer = Path(options["corpus"]), Path(options["scorer"])
    missing = next((place for place in (corpus / "docs", scorer) if not place.exists()), None)
    if missing is not None:
        sys.stderr.write(f"“{missing}”不存在，请用 --corpus 和 --scorer 指明。\n")
        return UNUSABLE
    lines = []
    for line in _table(corpus, scorer):
        print(line, flush=True)
        lines.append(line)
    if "--write" in argv:
        head = "# Parser measures\n\nWritten by `duban eval --write`; run without a unit directory.\n\n"
        MEASURES.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _options(argv: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word, following in zip(argv, [*argv, ""][1:], strict=True):
        key, given, value = word.removeprefix("--").partition("=")
        if word.startswith("--") and key in DEFAULTS:
            found[key] = value if given else following
    return found


def _table(corpus: Path, scorer: Path) -> Iterator[str]:
    yield _line(COLUMNS)
    yield _line("---" for _ in COLUMNS)
    for path in sorted((corpus / "docs").glob("*.txt")):
        source = read(path)
        began = perf_counter()
        parsed = parse(source)
        took = perf_counter() - began
        scores = "; ".join(_scores(parsed, path.stem, corpus, scorer))
        yield _line((path.stem, *_counts(parsed), f"{took * 1000:.0f}", scores))


def _line(cells: Iterator[str] | tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _counts(parsed: ParsedList) -> Iterator[str]:
    yield str(len(parsed.tasks))
    yield str(sum(len(task.units) for task in parsed.tasks))
    for severity in (Severity.BLOCKING, Severity.CONFIRM):
        yield str(sum(finding.severity is severity for finding in parsed.findings))
    yield str(sum(s.span.end - s.span.start for s in parsed.stretches if s.matter is Matter.UNCONSUMED))


def _scores(parsed: ParsedList, name: str, corpus: Path, scorer: Path) -> Iterator[str]:
    """The scoring script's own lines; it is a program of its own, so that it cannot be bent to the parser."""
    with TemporaryDirectory() as folder:
        result = Path(folder) / "parsed.json"
        record = as_json(parsed, name=name, file_sha256="", text_sha256="")
        result.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        for gold in sorted((corpus / "gold").glob(f"{name}*.json")):
            only = ["--targets-only"] if gold.stem.endswith("targets") else []
            command = [sys.executable, str(scorer), str(gold), str(result), *only]
            run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
            yield from run.stdout.split("\n")[:-1] or [f"{gold.stem}: {run.stderr.strip()[-80:]}"]
