"""Tables of a page as an Excel workbook: A3 landscape, heads repeated, one sheet for each table.

Texts are never read as formulas or links; numbers stay numbers and days days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | None
Head = tuple[str, int]

HEAD_ROW: Final = 2
TAB: Final = 31  # characters of the name of a sheet
UNFIT: Final = re.compile(r"[\[\]:*?/\\']")
BORDER: Final = {"border": 1, "valign": "top"}
FORMATS: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "note": {"font_color": "#555555", "align": "right"},
    "head": {"bold": True, "border": 1, "bg_color": "#EEF1F5", "align": "center", "text_wrap": True},
    "text": {**BORDER, "text_wrap": True},
    "number": {**BORDER, "align": "right"},
    "day": {**BORDER, "align": "right", "num_format": "yyyy-mm-dd"},
}


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: the name of its tab, a title, a line under it, heads with their widths, rows of as many cells."""

    name: str
    title: str
    note: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]


def tables_workbook(tables: Sequence[Table]) -> bytes:
    """The .xlsx file of these tables."""
    import xlsxwriter  # heavy, and only a request for a workbook needs it

    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        formats = {name: book.add_format(values) for name, values in FORMATS.items()}
        for table in tables:
            sheet = book.add_worksheet(UNFIT.sub(" ", table.name)[:TAB])
            _fill(sheet, table, formats)
            _lay_out(sheet, table)
    return target.getvalue()


def _fill(sheet: Worksheet, table: Table, formats: dict[str, Any]) -> None:
    last = max(1, len(table.heads) - 1)
    sheet.merge_range(0, 0, 0, last, table.title, formats["title"])
    sheet.merge_range(1, 0, 1, last, table.note, formats["note"])
    for column, (head, width) in enumerate(table.heads):
        sheet.set_column(column, column, width)
        sheet.write_string(HEAD_ROW, column, head, formats["head"])
    for line, row in enumerate(table.rows, HEAD_ROW + 1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, formats["day"])
            elif isinstance(value, int | Decimal):
                sheet.write_number(line, column, value, formats["number"])
            else:
                sheet.write_string(line, column, value or "", formats["text"])


def _lay_out(sheet: Worksheet, table: Table) -> None:
    sheet.set_row(0, 30)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + len(table.rows), max(0, len(table.heads) - 1))
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
