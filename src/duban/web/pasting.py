"""Rows pasted from Excel into 交办: read against the rows of the list, nothing changed yet."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Any, Final, NamedTuple

from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.natures import NATURE_LABELS, RHYTHM_LABELS
from duban.plans.operations import Edit
from duban.plans.queries import IssueRow
from duban.web.forms_office import LONGEST

HEADINGS: Final = {
    "编号": "key", "序号": "key", "任务编号": "key", "牵头": "lead", "牵头单位": "lead", "市领导": "city_leader",
    "分管市领导": "city_leader", "责任领导": "city_leader", "类型": "nature", "任务类型": "nature", "周期": "rhythm",
    "报送周期": "rhythm", "时限": "deadline", "完成时限": "deadline", "数据来源": "data_source", "重点": "key_task",
    "重点任务": "key_task", "线下": "offline", "线下报送": "offline", "机制": "mechanism", "工作机制": "mechanism",
    "推进机制": "mechanism",
}  # fmt: skip
USUAL: Final = ("key", "lead", "city_leader", "nature", "deadline")
YES: Final = frozenset({"是", "√", "✓", "1", "重点", "线下"})
NO: Final = frozenset({"否", "×", "0", "无"})
MOST: Final = 2000
LONGEST_ROW: Final = 100  # lines
_DAY: Final = re.compile(r"(?:(\d{4})\s*[-/.年])?\s*(\d{1,2})\s*[-/.月]\s*(?:(\d{1,2})\s*日?|(底|末)?)\s*前?")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")


class CellError(NamedTuple):
    """A cell that cannot be read: its line (from 1, the heading counted) and what is wrong."""

    line: int
    message: Message


class CellChange(NamedTuple):
    """What one cell would change; values as the operation wants them."""

    row: IssueRow
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Pasted:
    """What pasted text would change in a list, and what in it cannot be read."""

    changes: tuple[CellChange, ...]
    errors: tuple[CellError, ...]
    lines: int
    ignored: tuple[str, ...]

    @property
    def tasks(self) -> int:
        """How many tasks would change."""
        return len({change.row.task for change in self.changes})

    def require_clean(self) -> None:
        """Raise Invalid (office.paste_cells) while there is a cell that cannot be read."""
        if self.errors:
            raise Invalid(Message("office.paste_cells", {"count": len(self.errors)}))

    def edits(self, revisions: Mapping[int, int]) -> list[Edit]:
        """One edit for each task, made from the revisions that the dry run showed."""
        values: dict[int, dict[str, Any]] = {}
        for change in self.changes:
            values.setdefault(change.row.task, {})[change.field] = change.after
        return [Edit(task, revisions.get(task, 0), news) for task, news in values.items()]


def read_pasted(text: str, rows: Sequence[IssueRow], units: Mapping[str, int]) -> Pasted:
    """Tab-separated lines against the rows of a list; an empty cell changes nothing.

    `units`: every name of a unit of the government to its key. Raises Invalid when there is nothing to read.
    """
    lines = [[cell.strip() for cell in line] for line in cells_in(text)]
    columns, ignored, first = _columns(lines)
    filled = [(n, line) for n, line in enumerate(lines, 1) if n > first and any(line)]
    if not filled or "key" not in columns:
        raise Invalid(Message("office.paste_empty"))
    if len(filled) > MOST:
        raise Invalid(Message("office.paste_many", {"limit": MOST}))
    reader = _Reader(rows, units)
    for number, line in filled:
        reader.take(number, dict(zip(columns, line, strict=False)))
    return Pasted(tuple(reader.changes), tuple(reader.errors), len(filled), ignored)


def cells_in(text: str) -> list[list[str]]:
    """The rows that Excel or WPS put on the clipboard: a cell with a line break stands between quotes, its quotes doubled.

    A quote that belongs to no such cell (5" or “…” typed straight) is a character like any other.
    """
    waiting = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows, at = [], 0
    while at < len(waiting):
        cells, taken = _row(waiting, at)
        rows.append(cells)
        at += taken
    return rows


def _row(lines: Sequence[str], at: int) -> tuple[list[str], int]:
    """The cells of the row that begins at a line, and over how many lines it goes."""
    text = lines[at]
    for taken in range(1, LONGEST_ROW + 1):
        try:
            return next(csv.reader(StringIO(text, newline=""), delimiter="\t", strict=True), [""]), taken
        except csv.Error:
            if at + taken >= len(lines) or not text.count('"') % 2:
                break
            text += "\n" + lines[at + taken]
    return lines[at].split("\t"), 1


def _columns(lines: Sequence[Sequence[str]]) -> tuple[list[str], tuple[str, ...], int]:
    """The fields of the columns, headings that are none of ours, and the number of the heading line (0: none)."""
    for number, line in enumerate(lines, 1):
        names = [cell.replace(" ", "").replace("\u3000", "") for cell in line]
        if any(HEADINGS.get(name) == "key" for name in names):
            unknown = tuple(name for name in names if name and name not in HEADINGS)
            return [HEADINGS.get(name, "") for name in names], unknown, number
        if any(names):
            break
    return list(USUAL), (), 0


class _Reader:
    def __init__(self, rows: Sequence[IssueRow], units: Mapping[str, int]) -> None:
        self.by_key = {row.key: row for row in rows}
        self.units = units
        self.changes: list[CellChange] = []
        self.errors: list[CellError] = []
        self.known: set[int] = set()

    def take(self, line: int, cells: Mapping[str, str]) -> None:
        """One line: its changes or its errors."""
        key = cells.get("key", "").rstrip(".．、")
        row = self.by_key.get(key)
        if row is None or row.task in self.known:
            self._wrong(line, "paste.twice" if row else "paste.no_task", value=key[:40])
            return
        self.known.add(row.task)
        for name, raw in cells.items():
            if raw and name not in ("", "key"):
                self._cell(line, row, name, re.sub(r"\s*\n\s*", "" if name == "lead" else " ", raw))

    def _cell(self, line: int, row: IssueRow, name: str, raw: str) -> None:
        try:
            after = self._unit(row, raw) if name == "lead" else _READERS[name](raw, row)
        except Invalid as problem:
            self.errors.append(CellError(line, problem.message))
            return
        before = getattr(row, name)
        if before != after:
            self.changes.append(CellChange(row, name, before, after))

    def _unit(self, row: IssueRow, raw: str) -> int:
        unit = self.units.get(raw)
        if unit is None:
            raise _no("no_unit", raw)
        if all(part.unit != unit for part in row.parts):
            raise _no("not_a_part", raw)
        return unit

    def _wrong(self, line: int, code: str, **params: str) -> None:
        self.errors.append(CellError(line, Message(code, params)))


def _no(code: str, raw: str) -> Invalid:
    return Invalid(Message(f"paste.{code}", {"value": raw[:40]}))


def _label(labels: Mapping[Any, tuple[str, str]], code: str) -> Callable[[str, IssueRow], str]:
    def read(raw: str, _: IssueRow) -> str:
        found = next((value for value, words in labels.items() if raw in words), None)
        if found is None:
            raise _no(code, raw)
        return str(found.value)

    return read


def _text(limit: int) -> Callable[[str, IssueRow], str]:
    def read(raw: str, _: IssueRow) -> str:
        if len(raw) > limit:
            raise Invalid(Message("paste.too_long", {"limit": limit}))
        return raw

    return read


def _tick(raw: str, _: IssueRow) -> bool:
    if raw not in YES | NO:
        raise _no("no_yes", raw)
    return raw in YES


def _day(raw: str, row: IssueRow) -> date:
    """2026-06-30, 20260630, 6月30日 and 6月底, in the year of the list where none is written."""
    found = _COMPACT.fullmatch(raw) or _DAY.fullmatch(raw)
    if found is None:
        raise _no("no_date", raw)
    year, month, day = found.groups()[:3]
    try:
        first = date(int(year or row.year), int(month), 1)
        if day:
            return first.replace(day=int(day))
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    except ValueError as problem:
        raise _no("no_date", raw) from problem


_READERS: Final[Mapping[str, Callable[[str, IssueRow], Any]]] = {
    "city_leader": _text(LONGEST["city_leader"]),
    "mechanism": _text(LONGEST["mechanism"]),
    "data_source": _text(LONGEST["data_source"]),
    "nature": _label(NATURE_LABELS, "no_nature"),
    "rhythm": _label(RHYTHM_LABELS, "no_rhythm"),
    "deadline": _day,
    "key_task": _tick,
    "offline": _tick,
}
