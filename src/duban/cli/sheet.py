"""`duban sheet`: a unit's sheet out as a workbook, and back with a dry run; the same merge as on the page."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duban.cli.django import ready_database, with_django
from duban.domain.errors import Invalid
from duban.domain.messages import Message, render
from duban.domain.posts import CONSOLE

if TYPE_CHECKING:
    from duban.domain.sheets import Merge
    from duban.progress.exchange import Incoming
    from duban.publishing.unit_contents import Sheet

REFUSED = 1


@with_django
def main(argv: list[str]) -> int:
    """Export a unit's sheet, or merge a returned one: all of what the file says or, when a cell is unclear, nothing."""
    parser = ArgumentParser(prog="duban sheet", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    out = acts.add_parser("export", help="导出单位的报送表或细化表")
    out.add_argument("--out", type=Path, required=True, help="写到哪个 .xlsx 文件")
    back = acts.add_parser("merge", help="合并填好的表")
    back.add_argument("file", type=Path, help="填好的 .xlsx 或 .xls 文件")
    back.add_argument("--dry-run", action="store_true", help="只核对，不写入")
    back.add_argument("--send", action="store_true", help="写入后即报送")
    back.add_argument(
        "--prefer", choices=["workbook", "server"], help="两边都改过时用表格里的，还是系统现有的"
    )
    for command in (out, back):
        command.add_argument("--list", required=True, help="清单短名，如 beijing-2023")
        command.add_argument("--unit", required=True, help="单位名称")
        command.add_argument("--period", default="", help="报送期，如 2023-09；不写则为细化表")
    words = parser.parse_args(argv)
    ready_database()
    sheet = _sheet(words)
    return _export(words, sheet) if words.act == "export" else _take(words, sheet)


def _sheet(words: Namespace) -> Sheet:
    from django.utils import timezone

    from duban.directory.models import Unit
    from duban.plans.queries import unit_names_to_pk
    from duban.progress.queries import period_at
    from duban.publishing.unit_contents import Sheet
    from duban.register.models import TaskList

    task_list = TaskList.objects.select_related("government").filter(key=words.list).first()
    if task_list is None:
        raise Invalid(Message("rehearsal.no_such_list", {"key": words.list}))
    found = unit_names_to_pk(task_list.government_id).get(words.unit)
    if found is None:
        raise Invalid(Message("units.no_such_unit", {"name": words.unit}))
    period = period_at(task_list, words.period) if words.period else None
    if words.period and period is None:
        raise Invalid(Message("units.no_such_period", {"period": words.period}))
    return Sheet(task_list, Unit.objects.get(pk=found), timezone.localdate(), period)


def _export(words: Namespace, sheet: Sheet) -> int:
    from duban.plans.sheet import plan_rows
    from duban.progress.exchange import rows_of
    from duban.publishing.unit_contents import plan_workbook, report_workbook
    from duban.publishing.unit_workbook import write_unit_workbook

    content = (
        report_workbook(sheet, rows_of(sheet.period, sheet.unit.pk))
        if sheet.period
        else plan_workbook(sheet, plan_rows(sheet.task_list, sheet.unit.pk))
    )
    [lines] = content.rows.values()
    if not lines:
        raise Invalid(Message("units.nothing_owed", {"name": sheet.unit.name}))
    words.out.write_bytes(write_unit_workbook(content))
    sys.stdout.write(f"已导出 {sheet.unit.name} {len(lines)} 项：{words.out}\n")
    return 0


def _take(words: Namespace, sheet: Sheet) -> int:
    from django.utils import timezone

    from duban.progress.exchange import merge_plan, merge_report, place

    workbook = _read(words.file, sheet)
    found = _compare(sheet, workbook)
    unclear = _say(found, decided=bool(words.prefer))
    if words.dry_run:
        sys.stdout.write("仅核对，未写入。\n")
        return REFUSED if unclear else 0
    if unclear:
        sys.stderr.write(f"{render(Message('units.not_merged', {'count': unclear}))}\n")
        return REFUSED
    choices = {place(conflict): words.prefer for conflict in found.conflicts}
    act: dict[str, Any] = {
        "sheet": workbook,
        "choices": choices,
        "by": CONSOLE,
        "now": timezone.now(),
        "unit": sheet.unit.pk,
    }
    kept = (
        merge_report(period=sheet.period, send=words.send, **act)
        if sheet.period
        else merge_plan(task_list=sheet.task_list, **act)
    )
    sys.stdout.write(f"写入 {kept.saved} 项，报送 {kept.sent} 项。\n")
    return 0


def _read(file: Path, sheet: Sheet) -> Incoming:
    from duban.documents.readers.grid import read_grids
    from duban.domain.sheets import SheetKind
    from duban.progress.exchange import incoming
    from duban.publishing.unit_contents import wanted

    try:
        data = file.read_bytes()
    except OSError as error:
        raise Invalid(Message("reader.cannot_open", {"name": file.name})) from error
    kind = SheetKind.REPORT if sheet.period else SheetKind.PLAN
    return incoming(read_grids(file.name, data), kind, wanted(sheet))


def _compare(sheet: Sheet, workbook: Incoming) -> Merge:
    from duban.plans.sheet import plan_rows
    from duban.progress.exchange import compare_plan, compare_report, rows_of

    if sheet.period is None:
        return compare_plan(workbook, plan_rows(sheet.task_list, sheet.unit.pk))
    rows = rows_of(sheet.period, sheet.unit.pk)
    return compare_report(workbook, rows, is_open=sheet.period.state == "open")


def _say(found: Merge, *, decided: bool) -> int:
    """Print what the file would change; returns how many cells are unclear."""
    from duban.domain.sheets import COLUMNS

    titles = {column.code: column.title for columns in COLUMNS.values() for column in columns}
    for change in found.changes:
        before, after = change.before or "（空）", change.after or "（空）"
        sys.stdout.write(f"{change.number}\t{titles[change.column]}：{before} → {after}\n")
    for key in found.no_change:
        sys.stdout.write(f"{key}\t无变化\n")
    problems = [*found.problems, *found.unknown_rows]
    for problem in problems:
        near = f" 建议：{problem.suggestion}" if problem.suggestion else ""
        sys.stderr.write(
            f"{problem.sheet}!{problem.cell}\t“{problem.value}”\t{render(problem.message)}{near}\n"
        )
    for conflict in found.conflicts:
        sides = f"表格：{conflict.workbook}；系统：{conflict.server}"
        sys.stderr.write(f"{conflict.sheet}!{conflict.cell}\t{render(conflict.message)} {sides}\n")
    return sum(not problem.note for problem in problems) + (0 if decided else len(found.conflicts))
