"""Units' sheets as Excel or WPS workbooks: out, and back with a dry run before anything is written."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from duban.directory.models import Unit
from duban.documents.readers.grid import read_grids
from duban.domain.errors import Conflict, Invalid
from duban.domain.messages import Message
from duban.domain.sheets import COLUMNS, CellConflict, Merge, RowChange, SheetKind
from duban.plans.sheet import PlanRow, plan_rows
from duban.progress.exchange import (
    Incoming,
    Kept,
    compare_plan,
    compare_report,
    incoming,
    merge_plan,
    merge_report,
    pack,
    place,
    rows_of,
    unpack,
)
from duban.progress.sheet_queries import SheetRow, sheet_rows
from duban.publishing.archives import FIRST_DAY
from duban.publishing.assembly_units import NOT_IN_A_NAME
from duban.publishing.unit_contents import Sheet, plan_workbook, report_workbook, wanted
from duban.publishing.unit_workbook import write_unit_workbook
from duban.web.office import done, office_period
from duban.web.posting import post_from
from duban.web.request import Request
from duban.web.unit_pages import XLSX, about, answer, file, unit_sheet, upload

ZIP: Final = "application/zip"
CARRIED: Final = 2_000_000  # bytes; a form may hold 2.5 MB
TITLES: Final = {column.code: column.title for kind in SheetKind for column in COLUMNS[kind]}


@require_safe
def report_out(request: Request, list_key: str, period_key: str, number: int) -> HttpResponse:
    """The report of a period as a workbook."""
    sheet = unit_sheet(request, list_key, number, period_key)
    assert sheet.period is not None
    content = write_unit_workbook(report_workbook(sheet, rows_of(sheet.period, number)))
    return file(content, f"{sheet.unit.name}{sheet.period_words}报送表.xlsx", XLSX)


@require_safe
def owing_out(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """The reports of every unit that owes rows, one workbook each, in one archive; 404 when none does."""
    period = office_period(request, list_key, period_key)
    rows = sheet_rows(period, request.acting)
    owing = {row.unit for row in rows if row.fillable}
    if not owing:
        raise Http404
    units, today = Unit.objects.in_bulk(owing), timezone.localdate()
    sheets = [
        (Sheet(period.list, units[unit], today, period), list(own))
        for unit, own in groupby(rows, lambda row: row.unit)
        if unit in owing
    ]
    name = f"{sheets[0][0].period_words}未报单位报送表.zip"
    return file(_archive(sheets), name, ZIP)


def _archive(sheets: Iterable[tuple[Sheet, Sequence[SheetRow]]]) -> bytes:
    """One workbook a sheet, numbered in their order; written one after the other."""
    target = BytesIO()  # about 9 KB a unit
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # workbooks are packed already
        for number, (sheet, rows) in enumerate(sheets, 1):
            name = NOT_IN_A_NAME.sub("-", f"{number:02}{sheet.unit.name}{sheet.period_words}.xlsx")
            archive.writestr(
                zipfile.ZipInfo(name, FIRST_DAY), write_unit_workbook(report_workbook(sheet, rows))
            )
    return target.getvalue()


@require_safe
def plan_out(request: Request, list_key: str, number: int) -> HttpResponse:
    """The plan for the year as a workbook."""
    sheet = unit_sheet(request, list_key, number)
    content = write_unit_workbook(plan_workbook(sheet, plan_rows(sheet.task_list, number)))
    return file(content, f"{sheet.unit.name}{sheet.period_words}细化表.xlsx", XLSX)


@post_from("unit-sheet", "list_key", "period_key", "number")
def report_in(request: Request, list_key: str, period_key: str, number: int) -> HttpResponse:
    """A returned report: first what it would change, then, when confirmed, the change."""
    sheet = unit_sheet(request, list_key, number, period_key)
    return _take(request, sheet, reverse("unit-sheet", args=[list_key, period_key, number]))


@post_from("plan-sheet", "list_key", "number")
def plan_in(request: Request, list_key: str, number: int) -> HttpResponse:
    """A returned plan; see `report_in`."""
    sheet = unit_sheet(request, list_key, number)
    return _take(request, sheet, reverse("plan-sheet", args=[list_key, number]))


def _take(request: Request, sheet: Sheet, back: str) -> HttpResponse:
    workbook = None
    try:
        if "sheet" not in request.POST:
            return _dry_run(request, sheet, _read(request, sheet), back)
        workbook = unpack(request.POST["sheet"])
        kept = _merge(request, sheet, workbook)
    except (Conflict, Invalid) as refused:
        return _dry_run(request, sheet, workbook, back, refused)
    if kept.sent:
        return done(back, "sent_merged", kept.sent)
    return done(back, "merged" if kept.saved else "unchanged", kept.saved)


def _read(request: Request, sheet: Sheet) -> Incoming:
    given = upload(request)
    kind = SheetKind.REPORT if sheet.period else SheetKind.PLAN
    workbook = incoming(read_grids(given.name or "", given.read()), kind, wanted(sheet))
    if len(pack(workbook).encode()) > CARRIED:
        raise Invalid(Message("reader.too_big", {"limit": CARRIED // 1_000_000}))
    return workbook


def _merge(request: Request, sheet: Sheet, workbook: Incoming) -> Kept:
    act: dict[str, Any] = {
        "unit": sheet.unit.pk,
        "sheet": workbook,
        "choices": _choices(request.POST),
        "by": request.acting,
        "now": timezone.now(),
    }
    if sheet.period is None:
        return merge_plan(task_list=sheet.task_list, **act)
    return merge_report(period=sheet.period, send=request.POST.get("do") == "send", **act)


def _choices(post: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix("choice-"): post[name] for name in post if name.startswith("choice-")}


def _dry_run(
    request: Request,
    sheet: Sheet,
    workbook: Incoming | None,
    back: str,
    refused: Conflict | Invalid | None = None,
) -> HttpResponse:
    rows = _rows(sheet) if workbook else []
    found = _compare(sheet, workbook, rows) if workbook else Merge()
    context = {
        **about(request, sheet),
        "period": sheet.period,
        "back": back,
        "read": workbook is not None,
        "others": workbook.others if workbook else (),
        "packed": pack(workbook) if workbook else "",
        **_found(found, {row.key: row.text for row in rows}, _choices(request.POST)),
    }
    return answer(request, "sheets/merge.html", context, refused)


class Cell(NamedTuple):
    """A cell of the dry run under its task, number and text; for a collision its name in the form and the choice made."""

    task: tuple[str, str]
    title: str
    cell: RowChange | CellConflict
    name: str = ""
    chosen: str = ""


def _found(found: Merge, texts: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, Any]:
    """What the dry run shows: changes, collisions with the choice made, cells that cannot be taken."""
    return {
        "changes": [Cell((c.number, texts[c.key]), TITLES[c.column], c) for c in found.changes],
        "silent": found.no_change,
        "conflicts": [
            Cell((c.number, texts[c.key]), TITLES[c.column], c, place(c), chosen.get(place(c), ""))
            for c in found.conflicts
        ],
        "problems": [p for p in (*found.problems, *found.unknown_rows) if not p.note],
        "notes": [p for p in found.problems if p.note],
        "unchanged": found.unchanged,
        "writes": len(found.changes) + len(found.no_change) + len(found.conflicts),
    }


def _rows(sheet: Sheet) -> list[PlanRow] | list[SheetRow]:
    if sheet.period is None:
        return plan_rows(sheet.task_list, sheet.unit.pk)
    return rows_of(sheet.period, sheet.unit.pk)


def _compare(sheet: Sheet, workbook: Incoming, rows: Any) -> Merge:
    if sheet.period is None:
        return compare_plan(workbook, rows)
    return compare_report(workbook, rows, is_open=sheet.period.state == "open")
