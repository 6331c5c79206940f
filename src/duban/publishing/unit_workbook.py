"""A unit's sheets as an Excel/WPS workbook: filled in off-line, merged back by `duban.domain.sheets`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from unicodedata import east_asian_width

from duban.domain.natures import Nature
from duban.domain.reported import CHOICES
from duban.domain.sheets import COLUMNS, NAMES, VALUE, Expected, SheetKind
from duban.domain.sheets_cells import clean
from duban.domain.sheets_header import KEY_TITLE, NUMBER, TASK, Column
from duban.domain.sheets_stamp import SHEET_NAME, Stamp, check_code, fitted, stamp_lines

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

HEAD: Final = 2  # zero-based row of the headings
LONGEST: Final = 32_000  # characters; a cell holds 32,767
SONG: Final = "宋体"
YELLOW: Final = "#FFF9DB"
GREY: Final = "#F2F4F7"
WIDTHS: Final[Mapping[str, float]] = {
    NUMBER: 6, TASK: 32, "year_target": 18, "node": 16, "last": 24, "progress": 36, "value": 12, "problem": 20,
    "next": 20, "q1": 16, "half": 16, "q3": 16, "year": 16, "deputy": 12, "division": 14, "contact": 10, "phone": 14,
}  # fmt: skip
LINE: Final = 15.0  # points of one line
TALLEST: Final = 27  # lines; a row ends at 409 points
WIDEST: Final = 80.0
ROOM: Final[Mapping[SheetKind, int]] = {SheetKind.PLAN: 3, SheetKind.REPORT: 5}  # lines left for writing
CENTRED: Final = frozenset({NUMBER, "value", "deputy", "contact", "phone"})
TITLES: Final[Mapping[SheetKind, str]] = {
    SheetKind.PLAN: "重点任务细化表",
    SheetKind.REPORT: "重点任务报送表",
}
ASKED: Final[Mapping[SheetKind, str]] = {
    SheetKind.PLAN: "只填黄色格；各季度节点写明量或形象进度；已带出的内容有变动才改。",
    SheetKind.REPORT: "只填黄色格；没有变化的填“无变化”即可。",
}
HINTS: Final[Mapping[str, str]] = {
    "progress": "写本期做成了什么、到了哪一步。没有变化的填“无变化”。",
    "value": "填数字，可带单位，如 1,200、1.2万、12%。",
    "problem": "没有问题的不填。",
    "next": "写下步要做什么、何时做到。",
}


@dataclass(frozen=True, slots=True)
class UnitWorkbook:
    """What a unit's workbook says. `period` as printed (2026年三季度); `due_on` is the day by which it is handed in.

    `list_key`, `period_key`, `unit_key` and `revision` go into the hidden stamp. A kind without rows gets no sheet.
    """

    unit: str
    period: str
    due_on: date | None
    made_on: date
    list_key: str
    period_key: str
    unit_key: str
    revision: int
    rows: Mapping[SheetKind, tuple[Expected, ...]]

    @property
    def stamp(self) -> Stamp:
        """The stamp of this workbook, with what its cells hold as the base of a later merge."""
        bases = {
            str(kind): {line.key: _held(kind, line) for line in lines} for kind, lines in self.rows.items()
        }
        return Stamp(self.list_key, self.period_key, self.unit_key, self.revision, fitted(bases))


def write_unit_workbook(content: UnitWorkbook) -> bytes:
    """The .xlsx file: A4 landscape, yellow cells unlocked. The same content gives the same bytes; no text is a formula."""
    import xlsxwriter  # heavy, and only a request for a workbook needs it

    target = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": datetime.combine(content.made_on, datetime.min.time()), "author": ""})
        styles = _Styles(book)
        for kind in (SheetKind.REPORT, SheetKind.PLAN):
            if content.rows.get(kind):
                _Table(book.add_worksheet(NAMES[kind]), styles, content, kind).write()
        meta = book.add_worksheet(SHEET_NAME)
        for row, line in enumerate(stamp_lines(content.stamp)):
            for column, text in enumerate(line):
                meta.write_string(row, column, text)
        meta.protect()
        meta.very_hidden()
    return target.getvalue()


def _held(kind: SheetKind, line: Expected) -> dict[str, str]:
    return {column.code: _text(line, column) for column in COLUMNS[kind] if column.code != NUMBER}


def _text(line: Expected, column: Column) -> str:
    known = {NUMBER: line.number, TASK: line.text}
    text = clean(known.get(column.code) or line.values.get(column.code, ""))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _words(line: Expected) -> tuple[str, ...]:
    """The words that 数值 chooses from in a row; none where it is free."""
    listed = CHOICES.get(Nature(line.nature), ()) if line.nature and not line.locked else ()
    return tuple(zh for _, zh, _ in listed)


def _units(text: str) -> float:
    """The width of a text in the unit of column widths, one Latin digit."""
    return sum(2.15 if east_asian_width(sign) in "WFA" else 1.1 for sign in text)


class _Styles:
    """The few looks of a cell, made once for a workbook."""

    def __init__(self, book: Workbook) -> None:
        font: dict[str, Any] = {"font_name": SONG, "font_size": 11}
        cell = font | {"border": 1, "border_color": "#8A94A3", "text_wrap": True, "valign": "top"}
        self.title: Format = book.add_format(
            {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.ask: Format = book.add_format(
            font | {"valign": "vcenter", "bold": True, "font_color": "#8A1C1C"}
        )
        self.head: Format = book.add_format(
            cell | {"font_name": "黑体", "align": "center", "valign": "vcenter", "bg_color": "#DDE3EB"}
        )
        self.hidden: Format = book.add_format(font | {"num_format": "@"})
        looks: dict[str, dict[str, Any]] = {
            "shown": {"bg_color": GREY},
            "asked": {"bg_color": YELLOW, "locked": False},
        }
        self._cells: dict[tuple[str, bool], Format] = {
            (look, centred): book.add_format(
                cell | more | {"num_format": "@", "align": "center" if centred else "left"}
            )
            for look, more in looks.items()
            for centred in (False, True)
        }

    def cell(self, code: str, *, asked: bool) -> Format:
        return self._cells["asked" if asked else "shown", code in CENTRED]


class _Table:
    """One sheet: title, what is asked, headings, one row for each task, the hidden key behind the last column."""

    def __init__(self, sheet: Worksheet, styles: _Styles, content: UnitWorkbook, kind: SheetKind) -> None:
        self._sheet, self._styles, self._content, self._kind = sheet, styles, content, kind
        self._columns = COLUMNS[kind]
        self._lines = content.rows[kind]
        self._last = HEAD + len(self._lines)
        self._widths = {column.code: WIDTHS[column.code] for column in self._columns}
        longest = max(_units(line.text) for line in self._lines)
        self._widths[TASK] = min(max(WIDTHS[TASK], longest / (TALLEST - 2)), WIDEST)

    def write(self) -> None:
        self._top()
        for row, line in enumerate(self._lines, HEAD + 1):
            self._sheet.set_row(row, LINE * self._height(line))
            for place, column in enumerate(self._columns):
                asked = column.asked and not line.locked and column.code not in line.fixed
                style = self._styles.cell(column.code, asked=asked)
                text = _text(line, column)
                if text:
                    self._sheet.write_string(row, place, text, style)
                else:
                    self._sheet.write_blank(row, place, None, style)
            self._sheet.write_string(row, len(self._columns), line.key, self._styles.hidden)
        for place, column in enumerate(self._columns):
            if column.code == VALUE:
                self._listed(place, column)
            elif column.asked:
                self._bound(place, column, HEAD + 1, self._last)
        self._page()

    def _height(self, line: Expected) -> int:
        """Lines that the longest cell of a row takes: only Excel finds the height by itself, and not in print."""
        needed = (
            sum(
                1 + int(_units(part) / (self._widths[column.code] - 1.5))
                for part in _text(line, column).split("\n")
            )
            for column in self._columns
        )
        return min(max(ROOM[self._kind], *needed), TALLEST)

    def _top(self) -> None:
        sheet, content, wide = self._sheet, self._content, len(self._columns) - 1
        period = content.period if self._kind is SheetKind.REPORT else ""
        sheet.merge_range(
            0, 0, 0, wide, clean(f"{content.unit}{period}{TITLES[self._kind]}"), self._styles.title
        )
        day = content.due_on
        due = f"{day.year}年{day.month}月{day.day}日前报送。" if day else ""
        ask = f"{ASKED[self._kind]}共 {len(self._lines)} 项。{due}严禁填写涉密、敏感信息。"
        sheet.merge_range(1, 0, 1, wide, ask, self._styles.ask)
        sheet.set_row(0, 30)
        sheet.set_row(1, 22)
        sheet.set_row(HEAD, 24)
        for place, column in enumerate(self._columns):
            sheet.set_column(place, place, self._widths[column.code])
            limit = f"（≤{column.limit}字）" if column.code == "progress" else ""
            sheet.write_string(HEAD, place, f"{column.title}{limit}", self._styles.head)
        sheet.write_string(HEAD, wide + 1, KEY_TITLE, self._styles.hidden)
        sheet.set_column(wide + 1, wide + 1, 10, None, {"hidden": True})

    def _listed(self, place: int, column: Column) -> None:
        """The 数值 cells: those of types that answer with a word offer their words, and take a number as well."""
        rows = enumerate(map(_words, self._lines), HEAD + 1)
        for words, run in groupby(rows, key=lambda pair: pair[1]):
            places = [row for row, _ in run]
            if not words:
                self._bound(place, column, places[0], places[-1])
                continue
            rule: dict[str, Any] = {
                "validate": "list",
                "source": list(words),
                "error_type": "information",
                "error_title": column.title,
                "error_message": f"请从“{'、'.join(words)}”中选一个。",
                "input_title": column.title,
                "input_message": "从下拉表中选一个。",
            }
            self._sheet.data_validation(places[0], place, places[-1], place, rule)

    def _bound(self, place: int, column: Column, first: int, last: int) -> None:
        rule: dict[str, Any] = {
            "validate": "length",
            "criteria": "<=",
            "value": column.limit,
            "error_title": f"{column.title}过长",
            "error_message": f"“{column.title}”最多 {column.limit} 字，请精简后再填。",
        }
        if column.code in HINTS:
            rule |= {
                "input_title": f"{column.title}（不超过{column.limit}字）",
                "input_message": HINTS[column.code],
            }
        self._sheet.data_validation(first, place, last, place, rule)

    def _page(self) -> None:
        sheet, wide = self._sheet, len(self._columns) - 1
        sheet.freeze_panes(HEAD + 1, 2)
        sheet.repeat_rows(HEAD)
        sheet.print_area(0, 0, self._last, wide)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L校验码 {check_code(self._content.stamp)}&C第 &P 页，共 &N 页")
        sheet.ignore_errors({"number_stored_as_text": f"A{HEAD + 2}:{chr(65 + wide)}{self._last + 1}"})
        sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
        sheet.set_selection(HEAD + 1, next(n for n, c in enumerate(self._columns) if c.asked), HEAD + 1, 5)
