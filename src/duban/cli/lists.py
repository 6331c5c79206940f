"""`duban lists`: what is published."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser

from duban.cli.django import ready_database, with_django


@with_django
def main(argv: list[str]) -> int:
    """One line, or one JSON object, per list: key, title, number of tasks."""
    parser = ArgumentParser(prog="duban lists", description=__doc__)
    parser.add_argument("--format", choices=["table", "json"], default="table")
    words = parser.parse_args(argv)
    ready_database()
    from duban.register.queries import published_lists

    rows = published_lists()
    if words.format == "json":
        found = [{"key": row.key, "title": row.title, "tasks": row.tasks} for row in rows]
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return 0
    for row in rows:
        sys.stdout.write(f"{row.key}\t{row.tasks}\t{row.title}\n")
    return 0
