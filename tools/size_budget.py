"""The size budget: functions of at most 40 lines, views of 25, files of 400, five parameters besides by and now."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION, VIEW, FILE, PARAMETERS = 40, 25, 400, 5
FREE = {"self", "cls", "by", "now", "today"}
EXCEPTIONS: dict[str, str] = {
    "src/duban/domain/tasklist/vocabulary.py": "tables of words, written as functions only so that they load late",
    "src/duban/domain/phrases.py": "a table of sentences, not code",
}


def main() -> int:
    """Print each breach; exit 1 when there is one."""
    breaches = [
        breach
        for top in ("src", "tools")
        for path in sorted((ROOT / top).rglob("*.py"))
        for breach in _of(path)
    ]
    for breach in breaches:
        sys.stderr.write(f"{breach}\n")
    return 1 if breaches else 0


def _of(path: Path) -> Iterator[str]:
    name = str(path.relative_to(ROOT))
    if name in EXCEPTIONS or "/migrations/" in name:
        return
    source = path.read_text(encoding="utf-8")
    if (lines := source.count("\n")) > FILE:
        yield f"{name}: {lines} lines, {FILE} allowed"
    limit = VIEW if "/web/views/" in name else FUNCTION
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > limit:
                yield f"{name}:{node.lineno} {node.name}: {length} lines, {limit} allowed"
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            if (count := len(set(names) - FREE)) > PARAMETERS:
                yield f"{name}:{node.lineno} {node.name}: {count} parameters, {PARAMETERS} allowed"


if __name__ == "__main__":
    sys.exit(main())
