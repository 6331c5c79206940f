"""The roster and the liaison register as Excel workbooks, and the rows of a workbook that came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from duban.domain.roster import MEMBER_COLUMNS, MEMBER_SHEET, ROSTER_COLUMNS, ROSTER_SHEET, Roster, printed
from duban.domain.roster_people import EXPECTED, PEOPLE_COLUMNS, PEOPLE_SHEET, Register, SeatName
from duban.domain.roster_table import Rows
from duban.domain.sheets_cells import Grid, Value
from duban.domain.words import WORDS

ROSTER_WIDTHS: Final = (40, 22, 18, 10, 10, 44, 12, 22)
MEMBER_WIDTHS: Final = (24, 28)
PEOPLE_WIDTHS: Final = (28, 16, 14, 22, 18)
MOST_ROWS: Final = 2000


def roster_workbook(roster: Roster) -> bytes:
    """The .xlsx of the roster: units in force with their lists to choose from, and the members of collectives."""
    units = [printed(unit) for unit in roster.units.values() if not unit.ended]
    members = [
        (group.name, roster.units[key].name if key else "")
        for group in roster.groups.values()
        for key in group.members or ("",)
    ]
    kinds = [words[0] for kind, words in WORDS["unit"].items() if kind != "government"]
    choices = {2: kinds, 3: ["是", "否"], 4: [words[0] for words in WORDS["manner"].values()]}
    return _workbook(
        [
            (ROSTER_SHEET, ROSTER_COLUMNS, ROSTER_WIDTHS, units, choices),
            (MEMBER_SHEET, MEMBER_COLUMNS, MEMBER_WIDTHS, members, {}),
        ]
    )


def people_workbook(register: Register, unit: str = "") -> bytes:
    """The .xlsx of the liaison register, of one unit (its key) or all: a blank row stands where a post is vacant."""
    rows = [
        (texts[0], seat.value, person.name, person.division, person.phone)
        if person
        else (texts[0], seat.value, "", "", "")
        for key, texts in register.units.items()
        if unit in ("", key)
        for seat in SeatName
        for person in register.seats.get((key, seat)) or ((None,) if seat in EXPECTED else ())
    ]
    choices = {1: [seat.value for seat in SeatName]}
    return _workbook([(PEOPLE_SHEET, PEOPLE_COLUMNS, PEOPLE_WIDTHS, rows, choices)])


Sheet = tuple[str, Sequence[str], Sequence[int], Sequence[Sequence[str]], Mapping[int, Sequence[str]]]


def _workbook(sheets: Iterable[Sheet]) -> bytes:
    import xlsxwriter  # heavy, and only a request for a workbook needs it

    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        label = book.add_format({"bold": True, "border": 1, "bg_color": "#EEF1F5", "align": "center"})
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
        for name, columns, widths, rows, choices in sheets:
            page = book.add_worksheet(name)
            for column, (head, width) in enumerate(zip(columns, widths, strict=True)):
                page.set_column(column, column, width)
                page.write_string(0, column, head, label)
            for line, row in enumerate(rows, 1):
                for column, text in enumerate(row):
                    page.write_string(line, column, text, cell)
            for column, words in choices.items():
                page.data_validation(
                    1,
                    column,
                    MOST_ROWS,
                    column,
                    {"validate": "list", "source": list(words), "error_type": "warning"},
                )
            _lay_out(page)
    return target.getvalue()


def _lay_out(page: Any) -> None:
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&C第 &P 页，共 &N 页")


def rows_of(grids: Iterable[Grid]) -> dict[str, Rows]:
    """The visible sheets of a workbook by name, as rows of (cell address, text)."""
    return {
        grid.name: [
            [(grid.address(line, column), _text(value)) for column, value in enumerate(row)]
            for line, row in enumerate(grid.rows)
        ]
        for grid in grids
        if not grid.hidden
    }


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".removesuffix(".0")
    return value.isoformat() if isinstance(value, date) else value
