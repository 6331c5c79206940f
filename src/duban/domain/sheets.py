"""A unit's sheet that went out as a workbook and comes back: which cells changed, which collide, which cannot be read.

The rows are told by a hidden key where the workbook is ours, else by the printed number. Three states are compared,
cell by cell: what the workbook held when it was made (`base`), what it holds now, what the server holds now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from duban.domain.messages import Message
from duban.domain.natures import Nature
from duban.domain.reported import refusal_of_value
from duban.domain.sheets_cells import (
    ERRORS,
    NO_CHANGE,
    Grid,
    Value,
    looks_like_number,
    printed,
    same,
    says_no_change,
    squash,
    task_number,
)
from duban.domain.sheets_header import KEY, NUMBER, TASK, Column, Header, header_of
from duban.domain.sheets_match import alike, nearest

PROGRESS: Final = "progress"
VALUE: Final = "value"
TARGET_LIMIT, NODE_LIMIT, NAME_LIMIT, PHONE_LIMIT = (
    200,
    120,
    60,
    40,
)  # characters of a plan's cells, on the page and in the workbook


class SheetKind(StrEnum):
    """The two tables of a unit: its plan for the year, and its report for a period."""

    PLAN = "plan"
    REPORT = "report"


PLAN_COLUMNS: Final[tuple[Column, ...]] = (
    Column(NUMBER, "编号", asked=False, limit=0),
    Column(TASK, "任务", asked=False, limit=0),
    Column("year_target", "年度目标", asked=True, limit=TARGET_LIMIT),
    Column("q1", "一季度", asked=True, limit=NODE_LIMIT),
    Column("half", "上半年", asked=True, limit=NODE_LIMIT),
    Column("q3", "三季度", asked=True, limit=NODE_LIMIT),
    Column("year", "全年", asked=True, limit=NODE_LIMIT),
    Column("deputy", "分管负责同志", asked=True, limit=NAME_LIMIT),
    Column("division", "责任处室", asked=True, limit=NAME_LIMIT),
    Column("contact", "联系人", asked=True, limit=NAME_LIMIT),
    Column("phone", "电话", asked=True, limit=PHONE_LIMIT),
)
REPORT_COLUMNS: Final[tuple[Column, ...]] = (
    Column(NUMBER, "编号", asked=False, limit=0),
    Column(TASK, "任务", asked=False, limit=0),
    Column("year_target", "年度目标", asked=False, limit=0),
    Column("node", "本期节点", asked=False, limit=0),
    Column("last", "上期进展", asked=False, limit=0),
    Column(PROGRESS, "进展", asked=True, limit=150),
    Column(VALUE, "数值", asked=True, limit=60),
    Column("problem", "问题", asked=True, limit=200),
    Column("next", "下步", asked=True, limit=200),
)
COLUMNS: Final[Mapping[SheetKind, tuple[Column, ...]]] = MappingProxyType(
    {SheetKind.PLAN: PLAN_COLUMNS, SheetKind.REPORT: REPORT_COLUMNS}
)
NAMES: Final[Mapping[SheetKind, str]] = MappingProxyType(
    {SheetKind.PLAN: "细化表", SheetKind.REPORT: "报送表"}
)


class Expected(NamedTuple):
    """A row as the server holds it now. `values` by column code; `locked` rows take no edits.

    `nature` is the task's type, and `valued` says whether its nodes count something: both decide what 数值 may hold.
    `fixed` are the columns that another unit fills in here.
    """

    key: str
    number: str
    text: str
    values: Mapping[str, str]
    locked: bool = False
    revision: int = 0
    nature: str = ""
    valued: bool = False
    fixed: frozenset[str] = frozenset()


class CellProblem(NamedTuple):
    """Something about one cell. A `note` changes nothing for the rest of its row; other problems are to be mended."""

    sheet: str
    cell: str
    value: str
    message: Message
    suggestion: str = ""
    note: bool = False


class RowChange(NamedTuple):
    """One cell that the unit changed: from what the server holds to what the workbook holds."""

    key: str
    number: str
    column: str
    before: str
    after: str


class CellConflict(NamedTuple):
    """A cell that both sides changed since the workbook was made; a person chooses between `server` and `workbook`."""

    sheet: str
    cell: str
    key: str
    number: str
    column: str
    base: str
    server: str
    workbook: str
    revision: int
    message: Message


class Merge(NamedTuple):
    """What a workbook would do. Keys: `no_change` said 无变化 newly, `absent` have no row in the sheet."""

    changes: tuple[RowChange, ...] = ()
    conflicts: tuple[CellConflict, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    unknown_rows: tuple[CellProblem, ...] = ()
    unchanged: int = 0
    no_change: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def merge(
    grid: Grid,
    expected: Sequence[Expected],
    columns: Sequence[Column],
    *,
    base: Mapping[str, Mapping[str, str]] | None,
) -> Merge:
    """Compare a sheet with what the server holds. Changes nothing; never raises.

    `base` is what the workbook held when it was made, by key and column. A cell that equals its base was not touched.
    Without a base a blank cell says nothing; with one, a cell made blank is a change to "". Merging again what
    was merged gives no change.
    """
    header = header_of(grid, columns)
    if header is None:
        asked = next(column.title for column in columns if column.asked)
        message = Message("sheet.no_header", {"column": asked})
        return Merge(problems=(CellProblem(grid.name, "", "", message),), absent=_keys(expected))
    merging = _Merging(grid, header, columns, base or {})
    merging.repeated_columns()
    rows = _Rows(merging, expected)
    for row, line in rows.matched():
        merging.row(row, line)
    return merging.result(tuple(key for key in _keys(expected) if key not in rows.places))


def _keys(expected: Sequence[Expected]) -> tuple[str, ...]:
    return tuple(line.key for line in expected)


class _Merging:
    """Collects what is found on the way through one sheet."""

    def __init__(
        self,
        grid: Grid,
        header: Header,
        columns: Sequence[Column],
        base: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.grid, self.header, self._base = grid, header, base
        self.columns = {column.code: column for column in columns if column.code in header.places}
        self.asked = [column for column in self.columns.values() if column.asked]
        self._changes: list[RowChange] = []
        self._conflicts: list[CellConflict] = []
        self._problems: list[CellProblem] = []
        self._unknown: list[CellProblem] = []
        self._no_change: list[str] = []
        self._unchanged = 0

    def result(self, absent: tuple[str, ...]) -> Merge:
        return Merge(
            tuple(self._changes),
            tuple(self._conflicts),
            tuple(self._problems),
            tuple(self._unknown),
            self._unchanged,
            tuple(self._no_change),
            absent,
        )

    def value(self, row: int, code: str) -> Value:
        place = self.header.places.get(code)
        return None if place is None else self.grid.value(row, place)

    def cell(self, row: int, code: str) -> str:
        return self.grid.address(row, self.header.places[code])

    def problem(
        self, row: int, code: str, message: Message, suggestion: str = "", *, note: bool = False
    ) -> None:
        value = printed(self.value(row, code))
        self._problems.append(
            CellProblem(self.grid.name, self.cell(row, code), value, message, suggestion, note)
        )

    def unknown(self, row: int, code: str, message: Message, suggestion: str) -> None:
        value = printed(self.value(row, code))
        self._unknown.append(CellProblem(self.grid.name, self.cell(row, code), value, message, suggestion))

    def repeated_columns(self) -> None:
        for code, place in self.header.repeated:
            title = self.columns[code].title if code in self.columns else code
            first = self.cell(self.header.row, code)
            message = Message("sheet.column_repeated", {"column": title, "first": first})
            cell = self.grid.address(self.header.row, place)
            value = printed(self.grid.value(self.header.row, place))
            self._problems.append(CellProblem(self.grid.name, cell, value, message))

    def row(self, row: int, line: Expected) -> None:
        """One row of the sheet against its row on the server."""
        before = self._marks()
        self._prefilled(row, line)
        edits = [column for column in self.asked if self._edited(row, line, column)]
        if line.locked and edits:
            self.problem(row, edits[0].code, Message("sheet.row_locked", {"number": line.number}))
            return
        for column in edits:
            self._edit(row, line, column)
        if self._marks() == before:
            self._unchanged += 1

    def _marks(self) -> tuple[int, ...]:
        told = sum(not problem.note for problem in self._problems)
        return len(self._changes), len(self._conflicts), len(self._no_change), told

    def _prefilled(self, row: int, line: Expected) -> None:
        base = self._base.get(line.key, {})
        known = {NUMBER: line.number, TASK: line.text} | dict(line.values)
        for column in self.columns.values():
            value = self.value(row, column.code)
            if column.asked or not squash(printed(value)):
                continue
            if column.code == NUMBER:
                kept = task_number(value) == task_number(line.number)
            else:
                texts = (known.get(column.code, ""), base.get(column.code, ""))
                kept = any(same(value, text, quantity=True) or _shortened(value, text) for text in texts)
            if not kept:
                message = Message("sheet.prefilled_changed", {"column": column.title})
                self.problem(row, column.code, message, known.get(column.code, ""), note=True)

    def _edited(self, row: int, line: Expected, column: Column) -> bool:
        """Whether the unit wrote something here that the server does not hold yet."""
        value = self.value(row, column.code)
        base = self._base.get(line.key, {}).get(column.code)
        if base is None and not squash(printed(value)):
            return False
        untouched = base is not None and _alike(column, value, base)
        return not untouched and not _alike(column, value, line.values.get(column.code, ""))

    def _edit(self, row: int, line: Expected, column: Column) -> None:
        after = printed(self.value(row, column.code))
        server = line.values.get(column.code, "")
        if after in ERRORS:
            self.problem(row, column.code, Message("sheet.cell_error"))
            return
        if len(after) > column.limit:
            params: dict[str, str | int] = {
                "column": column.title,
                "limit": column.limit,
                "count": len(after),
                "excess": len(after) - column.limit,
            }
            self.problem(row, column.code, Message("sheet.too_long", params), after[: column.limit])
            return
        if column.code == VALUE and line.nature:
            refused = refusal_of_value(after, Nature(line.nature), valued=line.valued)
            if refused:
                self.problem(row, column.code, refused)
                return
        silent = column.code == PROGRESS and says_no_change(after)
        base = self._base.get(line.key, {}).get(column.code)
        if base is not None and not _alike(column, server, base):
            message = Message("sheet.conflict", {"number": line.number, "column": column.title})
            place = (self.grid.name, self.cell(row, column.code), line.key, line.number, column.code)
            workbook = NO_CHANGE if silent else after
            self._conflicts.append(CellConflict(*place, base, server, workbook, line.revision, message))
        elif silent:
            self._no_change.append(line.key)
        else:
            self._changes.append(RowChange(line.key, line.number, column.code, server, after))


def _alike(column: Column, value: Value, text: str) -> bool:
    if column.code == PROGRESS and says_no_change(text):
        return says_no_change(printed(value))
    return same(value, text, quantity=column.code == VALUE)


def _shortened(value: Value, text: str) -> bool:
    """A copied table often holds only the beginning of a long text."""
    start = squash(printed(value)).rstrip(".…")
    return bool(start) and squash(text).startswith(start)


class _Rows:
    """Finds the row on the server that each row of the sheet is about, and says where there is none."""

    def __init__(self, merging: _Merging, expected: Sequence[Expected]) -> None:
        self._merging = merging
        self._by_key = {line.key: line for line in expected}
        self._by_number: dict[str, list[Expected]] = defaultdict(list)
        for line in expected:
            self._by_number[task_number(line.number)].append(line)
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        self._code = NUMBER if NUMBER in merging.header.places else KEY

    def matched(self) -> list[tuple[int, Expected]]:
        """Rows in the order of the sheet, each with its row on the server; a row that stands twice is left out."""
        merging = self._merging
        for row in range(merging.header.row + 1, len(merging.grid.rows)):
            line = self._line(row)
            if line is not None:
                self.places[line.key].append(row)
        for key, places in self.places.items():
            if len(places) > 1:
                cells = "、".join(merging.cell(row, self._code) for row in places)
                params = {"number": self._by_key[key].number, "cells": cells}
                merging.problem(places[1], self._code, Message("sheet.number_repeated", params))
        once = [(places[0], self._by_key[key]) for key, places in self.places.items() if len(places) == 1]
        return sorted(once, key=lambda pair: pair[0])

    def _line(self, row: int) -> Expected | None:
        merging = self._merging
        line = self._by_key.get(printed(merging.value(row, KEY)))
        if line is not None:
            return self._unless_overwritten(row, line)
        value = merging.value(row, NUMBER)
        filled = any(squash(printed(merging.value(row, column.code))) for column in merging.asked)
        if not squash(printed(value)):
            if filled:
                self._unknown(row, Message("sheet.number_missing"))
            return None
        lines = self._by_number.get(task_number(value), [])
        if lines:
            return self._by_text(row, lines)
        if looks_like_number(value) or (filled and not merging.header.repeats(merging.grid, row)):
            self._unknown(row, Message("sheet.number_unknown", {"number": printed(value)}))
        return None

    def _unless_overwritten(self, row: int, line: Expected) -> Expected | None:
        """Whoever pastes a table of his own over ours leaves our hidden keys: then what can be seen goes before them."""
        lines = self._by_number.get(task_number(self._merging.value(row, NUMBER)), [])
        text = printed(self._merging.value(row, TASK))
        if not lines or line in lines or (squash(text) and alike(text, line.text)):
            return line
        return self._by_text(row, lines)

    def _by_text(self, row: int, lines: list[Expected]) -> Expected | None:
        """A number alone may be the unit's own counting, so the text of the task has to agree where there is one."""
        text = printed(self._merging.value(row, TASK))
        number = lines[0].number
        if not squash(text):
            if len(lines) == 1:
                return lines[0]
            self._unknown(row, Message("sheet.number_ambiguous", {"number": number}))
            return None
        fitting = [line for line in lines if alike(text, line.text)]
        if len(fitting) > 1:
            fitting = [line for line in fitting if squash(line.text) == squash(text)]
        if len(fitting) == 1:
            return fitting[0]
        code = "sheet.number_ambiguous" if len(lines) > 1 else "sheet.task_differs"
        self._unknown(row, Message(code, {"number": number}))
        return None

    def _unknown(self, row: int, message: Message) -> None:
        merging = self._merging
        number, text = printed(merging.value(row, NUMBER)), printed(merging.value(row, TASK))
        lines = {line.number: line.text for line in self._by_key.values()}
        merging.unknown(row, self._code, message, nearest(number, text, lines))
