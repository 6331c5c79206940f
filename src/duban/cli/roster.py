"""`duban roster`: units, collectives and people of a government, out to Excel and in again."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from duban.cli.django import ready_database, with_django
from duban.domain.errors import Invalid
from duban.domain.messages import Message, render
from duban.domain.posts import CONSOLE
from duban.domain.roster_table import Change, Problem, Rows

if TYPE_CHECKING:
    from duban.directory.models import Unit

ACTS = ("export", "import", "people-export", "people-import")


@with_django
def main(argv: list[str]) -> int:
    """Export, or show what an import would change and take it over; all of it or nothing."""
    parser = ArgumentParser(prog="duban roster", description=__doc__)
    parser.add_argument("act", choices=ACTS)
    parser.add_argument("file", type=Path, help="Excel 文件（.xlsx）")
    parser.add_argument("--government", required=True, help="名录名称，如 beijing")
    parser.add_argument("--on", type=date.fromisoformat, help="生效日期，如 2026-03-01；不写则为今天")
    parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    words = parser.parse_args(argv)
    ready_database()
    from django.utils import timezone

    from duban.directory.models import Unit

    government = Unit.objects.governments().filter(key=words.government).first()
    if government is None:
        raise Invalid(Message("directory.no_unit", {"name": words.government}))
    day = words.on or timezone.localdate()
    act = _export if words.act.endswith("export") else _import
    return act(words, government, day)


def _export(words: Namespace, government: Unit, day: date) -> int:
    from duban.directory.queries import register_of, roster_of
    from duban.publishing.roster_workbooks import people_workbook, roster_workbook

    people = words.act.startswith("people")
    content = (
        people_workbook(register_of(government, day))
        if people
        else roster_workbook(roster_of(government, day))
    )
    words.file.write_bytes(content)
    sys.stdout.write(f"已导出：{words.file}\n")
    return 0


def _import(words: Namespace, government: Unit, day: date) -> int:
    from django.utils import timezone

    from duban.directory.operations import take_people, take_roster
    from duban.directory.queries import register_of, roster_of
    from duban.domain.roster import RosterPlan, roster_plan
    from duban.domain.roster_people import PeoplePlan, people_plan

    sheets = _sheets(words.file)
    people = words.act.startswith("people")
    plan: RosterPlan | PeoplePlan = (
        people_plan(sheets, register_of(government, day))
        if people
        else roster_plan(sheets, roster_of(government, day))
    )
    _say_changes(plan.changes)
    if plan.problems:
        _say_problems(plan.problems)
        return 1
    if words.dry_run or not plan.changes:
        sys.stdout.write(f"{'仅核对，未写入' if words.dry_run else '没有改动'}：{len(plan.changes)} 处。\n")
        return 0
    take = take_people if people else take_roster
    take(government=government, sheets=sheets, day=day, by=CONSOLE, now=timezone.now())
    sys.stdout.write(f"已写入 {len(plan.changes)} 处。\n")
    return 0


def _sheets(file: Path) -> dict[str, Rows]:
    from duban.documents.readers.grid import read_grids
    from duban.publishing.roster_workbooks import rows_of

    try:
        data = file.read_bytes()
    except OSError as error:
        raise Invalid(Message("reader.cannot_open", {"name": file.name})) from error
    return rows_of(read_grids(file.name, data))


def _say_changes(changes: Iterable[Change]) -> None:
    for change in changes:
        before, after = change.before or "（空）", change.after or "（空）"
        sys.stdout.write(
            f"{change.sheet}!{change.cell}\t{change.subject}\t{change.column}：{before} → {after}\n"
        )


def _say_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        near = f" 是否为“{problem.suggestion}”？" if problem.suggestion else ""
        sys.stderr.write(
            f"{problem.sheet}!{problem.cell}\t“{problem.value}”\t{render(problem.reason)}{near}\n"
        )
    sys.stderr.write("未作任何改动。\n")
