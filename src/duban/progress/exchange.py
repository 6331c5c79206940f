"""A unit's sheet as a workbook, out and back: what it holds, what a returned one would change, and that change.

The comparison is `domain.sheets.merge`; here its outcome becomes drafts (报送) or plans (细化), in one transaction.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db import transaction

from duban.domain.errors import Conflict, Invalid
from duban.domain.messages import Message
from duban.domain.posts import Acting, PostRole
from duban.domain.said import further_value
from duban.domain.sheets import (
    COLUMNS,
    NAMES,
    PROGRESS,
    CellConflict,
    CellProblem,
    Expected,
    Merge,
    SheetKind,
    merge,
)
from duban.domain.sheets_cells import NO_CHANGE, Grid, printed
from duban.domain.sheets_header import Column
from duban.domain.sheets_stamp import Base, sheet_for, stamp_of, stamp_refusal
from duban.plans.operations import PLAN_LIMITS, Edit, refine
from duban.plans.sheet import PlanRow, plan_rows
from duban.progress.models import Draft, Period
from duban.progress.operations import REPORT_LIMITS, Entry, save_drafts, send_sheet
from duban.progress.queries import Said
from duban.progress.sheet_queries import SheetRow, sheet_rows
from duban.progress.values import valued_tasks
from duban.register.models import TaskList
from duban.shared.form_json import read_json

REPORT_FIELDS: Final = {"progress": "progress", "value": "value", "problem": "problem", "next": "next_step"}
PLAN_FIELDS: Final = {
    "year_target": "year_target", "q1": "node_q1", "half": "node_half", "q3": "node_q3", "year": "node_year",
    "deputy": "deputy", "division": "division", "contact": "contact", "phone": "phone",
}  # fmt: skip
OF_THE_LEAD: Final = frozenset({"year_target", "q1", "half", "q3", "year"})
WORKBOOK, SERVER = "workbook", "server"


class Kept(NamedTuple):
    """How many rows were written, and how many sent after that."""

    saved: int
    sent: int = 0


@transaction.atomic
def fill(
    *, period: Period, unit: int, entries: Sequence[Entry], channel: str = "", by: Acting, now: datetime
) -> Kept:
    """Keep what was filled in and, with a channel, send every row of the unit that is filled; all or nothing.

    Refused as by `save_drafts` and `send_sheet`.
    """
    saved = save_drafts(period=period, unit=unit, entries=entries, by=by, now=now)
    if not channel:
        return Kept(saved)
    return Kept(saved, send_sheet(period=period, unit=unit, channel=channel, by=by, now=now))


def unit_reader(unit: int, government: int) -> Acting:
    """Somebody who sees what the unit sees, for reading its sheet on its behalf."""
    return Acting(label="", unit=unit, government=government, role=PostRole.LIAISON)


def rows_of(period: Period, unit: int) -> list[SheetRow]:
    """The rows of one unit's sheet. Five queries."""
    return sheet_rows(period, unit_reader(unit, period.list.government_id), units=[unit])


def last_words(said: Said) -> str:
    """What was reported last, in one cell: the progress and, where the words do not hold it already, its value."""
    further = further_value(said.value, said.progress)
    return f"{said.progress}（{further}）" if said.progress and further else said.progress or further


def report_lines(
    rows: Iterable[SheetRow], *, is_open: bool, valued: Collection[int] = frozenset()
) -> tuple[Expected, ...]:
    """A unit's report as a workbook holds it. Rows that are sent, or reported off line, are locked.

    `valued` are the tasks whose nodes count something, where it matters what 数值 holds.
    """
    return tuple(
        Expected(
            key=row.key,
            number=row.number,
            text=row.text,
            values={
                "year_target": row.year_target,
                "node": row.node,
                "last": last_words(row.last),
                **{code: getattr(row.shown, field) for code, field in REPORT_FIELDS.items()},
                **({PROGRESS: NO_CHANGE} if row.shown.no_change else {}),
            },
            locked=not (row.fillable and is_open) or row.offline,
            revision=row.draft_revision,
            nature=row.nature,
            valued=row.task in valued,
        )
        for row in rows
    )


def plan_lines(rows: Iterable[PlanRow]) -> tuple[Expected, ...]:
    """A unit's plan as a workbook holds it."""
    return tuple(
        Expected(
            key=row.key,
            number=row.number,
            text=row.text,
            values={code: row.shown[field] for code, field in PLAN_FIELDS.items()},
            revision=row.revision,
            fixed=frozenset() if row.leads else OF_THE_LEAD,
        )
        for row in rows
    )


def columns_of(kind: SheetKind) -> tuple[Column, ...]:
    """The columns of a sheet with the limits that the database has."""
    limits = (
        {code: REPORT_LIMITS[field] for code, field in REPORT_FIELDS.items()}
        if kind is SheetKind.REPORT
        else {code: PLAN_LIMITS[field] for code, field in PLAN_FIELDS.items()}
    )
    return tuple(column._replace(limit=limits.get(column.code, column.limit)) for column in COLUMNS[kind])


@dataclass(frozen=True, slots=True)
class Incoming:
    """The sheet of a returned workbook that is read, what it held when it was made, and other sheets like it."""

    grid: Grid
    base: Base | None = None
    others: tuple[str, ...] = ()


def incoming(grids: Sequence[Grid], kind: SheetKind, wanted: tuple[str, str, str]) -> Incoming:
    """The sheet to merge. `wanted` is list, period and unit; Invalid when the workbook was made for others."""
    stamp = stamp_of(grids)
    if stamp and (refused := stamp_refusal(stamp, wanted)):
        raise Invalid(refused)
    choice = sheet_for(grids, columns_of(kind), NAMES[kind])
    visible = next((grid for grid in grids if not grid.hidden), Grid(NAMES[kind], ()))
    base = stamp.bases.get(str(kind)) if stamp else None
    return Incoming(choice.grid or visible, base, choice.others)


def pack(sheet: Incoming) -> str:
    """The sheet as text, so that a page can carry it from the dry run to the confirmation."""
    grid = sheet.grid
    rows = [[printed(value) for value in row] for row in grid.rows]
    told = [grid.name, grid.top, grid.left, rows, sheet.base, sheet.others]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def unpack(text: str) -> Incoming:
    """The sheet that a page carried. Raises Invalid (units.workbook_lost) where it is damaged."""
    try:
        name, top, left, rows, base, others = read_json(text)
        cells = tuple(tuple(str(value) or None for value in row) for row in rows)
        held = base and {
            str(key): {str(code): str(value) for code, value in row.items()} for key, row in base.items()
        }
        return Incoming(Grid(str(name), cells, int(top), int(left)), held, tuple(map(str, others)))
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid(Message("units.workbook_lost")) from error


def compare_report(sheet: Incoming, rows: Sequence[SheetRow], *, is_open: bool) -> Merge:
    """What a returned report would change. Changes nothing."""
    return merge(
        sheet.grid,
        report_lines(rows, is_open=is_open, valued=valued_tasks(row.task for row in rows)),
        columns_of(SheetKind.REPORT),
        base=sheet.base,
    )


def compare_plan(sheet: Incoming, rows: Sequence[PlanRow]) -> Merge:
    """What a returned plan would change. Target and nodes of tasks that another unit leads are problems, never changes."""
    found = merge(sheet.grid, plan_lines(rows), columns_of(SheetKind.PLAN), base=sheet.base)
    led = {row.key for row in rows if row.leads}
    foreign = [c for c in found.changes if c.column in OF_THE_LEAD and c.key not in led]
    foreign_conflicts = [c for c in found.conflicts if c.column in OF_THE_LEAD and c.key not in led]
    titles = {column.code: column.title for column in COLUMNS[SheetKind.PLAN]}
    problems = [
        CellProblem(
            sheet.grid.name,
            "",
            cell.after,
            Message("units.nodes_of_the_lead", {"number": cell.number, "column": titles[cell.column]}),
            note=True,
        )
        for cell in foreign
    ]
    return found._replace(
        changes=tuple(c for c in found.changes if c not in foreign),
        conflicts=tuple(c for c in found.conflicts if c not in foreign_conflicts),
        problems=(*found.problems, *problems),
    )


def place(conflict: CellConflict) -> str:
    """The name of a conflict in a form: task and column."""
    return f"{conflict.key}/{conflict.column}"


def _chosen(found: Merge, choices: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """New values by row and column: the changes, and the conflicts decided for the workbook. Raises Conflict."""
    open_ones = [c for c in found.conflicts if choices.get(place(c)) not in (WORKBOOK, SERVER)]
    if open_ones:
        raise Conflict(Message("units.choose_first", {"count": len(open_ones)}))
    news: dict[str, dict[str, str]] = defaultdict(dict)
    for change in found.changes:
        news[change.key][change.column] = change.after
    for conflict in found.conflicts:
        if choices[place(conflict)] == WORKBOOK:
            news[conflict.key][conflict.column] = conflict.workbook
    for key in found.no_change:
        news[key][PROGRESS] = NO_CHANGE
    return dict(news)


@transaction.atomic
def merge_report(
    *,
    period: Period,
    unit: int,
    sheet: Incoming,
    choices: Mapping[str, str],
    send: bool = False,
    by: Acting,
    now: datetime,
) -> Kept:
    """A returned report into the unit's drafts, and sent when asked; cells that cannot be read are left out.

    `choices` maps `place` of each conflict to "workbook" or "server"; Conflict while one is missing. The same
    workbook a second time changes nothing.
    """
    rows = rows_of(period, unit)
    found = compare_report(sheet, rows, is_open=period.state == "open")
    news = _chosen(found, choices)
    entries = [_entry(row, news[row.key]) for row in rows if row.key in news]
    saved = save_drafts(period=period, unit=unit, entries=entries, by=by, now=now)
    filled = Draft.objects.filter(obligation__period=period, obligation__unit_id=unit)
    if not (send and filled.exists()):
        return Kept(saved)
    return Kept(saved, send_sheet(period=period, unit=unit, channel=WORKBOOK, by=by, now=now))


def _entry(row: SheetRow, news: Mapping[str, str]) -> Entry:
    said = row.shown
    values = {field: news.get(code, getattr(said, field)) for code, field in REPORT_FIELDS.items()}
    unchanged = news[PROGRESS] == NO_CHANGE if PROGRESS in news else said.no_change
    if unchanged:
        values["progress"] = ""
    return Entry(row.obligation, row.draft_revision, values, no_change=unchanged)


@transaction.atomic
def merge_plan(
    *, task_list: TaskList, unit: int, sheet: Incoming, choices: Mapping[str, str], by: Acting, now: datetime
) -> Kept:
    """A returned plan into the unit's rows; see `merge_report`. A row kept for the first time keeps what was suggested in it."""
    rows = plan_rows(task_list, unit)
    news = _chosen(compare_plan(sheet, rows), choices)
    edits = []
    for row in rows:
        if row.key in news:
            kept = {field: row.shown[field] for field in row.fields} if not row.revision else {}
            values = {PLAN_FIELDS[code]: value for code, value in news[row.key].items()}
            edits.append(Edit(row.task, row.revision, kept | values))
    return Kept(refine(task_list=task_list, unit=unit, edits=edits, by=by, now=now))
