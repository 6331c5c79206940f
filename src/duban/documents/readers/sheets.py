"""Workbooks, the most common input of all: the office's own working table, as its cells show it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Final

import python_calamine as calamine

from duban.documents.readers.assembly import Assembly, Cell
from duban.documents.readers.limits import Limits, unreadable
from duban.documents.readers.package import Package
from duban.documents.readers.sheets_formats import Percentages
from duban.domain.source import SourceText

Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
Merges = dict[tuple[int, int], tuple[int, int]]
MIDNIGHT: Final = dt.time()


def read_sheets(data: bytes, limits: Limits) -> SourceText:
    """The visible sheets, one table each; hidden ones are named at the end."""
    package = None
    if data.startswith(b"PK"):
        package = Package(data, limits)
        package.verify()
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        return _read(book, package, limits)
    except calamine.PasswordError as error:
        raise unreadable("encrypted") from error
    except calamine.CalamineError as error:
        raise unreadable("damaged") from error


def _read(book: calamine.CalamineWorkbook, package: Package | None, limits: Limits) -> SourceText:
    assembly = Assembly(limits)
    hidden: list[str] = []
    percentages = Percentages(package)
    for sheet in book.sheets_metadata:
        if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if sheet.visible != calamine.SheetVisibleEnum.Visible:
            hidden.append(sheet.name)
            continue
        cells = _cells(book.get_sheet_by_name(sheet.name), percentages.of(sheet.name), limits)
        assembly.table(cells, sheet.name)
    if hidden:
        assembly.remark("note_hidden_sheets", names="、".join(hidden))
    return assembly.finish("sheets", "1")


def _cells(
    sheet: calamine.CalamineSheet, percent: frozenset[tuple[int, int]], limits: Limits
) -> Iterator[Cell]:
    """Cells at their places in the sheet, row by row; rows and columns outside the used range do not exist."""
    if sheet.start is None:
        return
    if sheet.height * sheet.width > limits.cells:
        raise unreadable("too_many_cells", limit=limits.cells)
    first_row, first_column = sheet.start
    spans, covered = _merges(sheet)
    for row, values in enumerate(sheet.to_python(skip_empty_area=True), first_row):
        for column, value in enumerate(values, first_column):
            place = (row, column)
            if place in covered:
                continue
            rows, columns = spans.get(place, (1, 1))
            text = shown_percent(value) if place in percent else shown(value)
            yield Cell(row + 1, column + 1, text, rows, columns)


def _merges(sheet: calamine.CalamineSheet) -> tuple[Merges, set[tuple[int, int]]]:
    """Spans by first cell, and the cells they cover inside the used range."""
    assert sheet.end is not None
    last_row, last_column = sheet.end
    spans: Merges = {}
    covered: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        spans[top, left] = (bottom - top + 1, right - left + 1)
        covered.update(
            (row, column)
            for row in range(top, min(bottom, last_row) + 1)
            for column in range(left, min(right, last_column) + 1)
        )
    return spans, covered - set(spans)


def shown(value: Value) -> str:
    """A value as the cell shows it: whole numbers without .0, dates as 2023-02-03, no binary noise."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == MIDNIGHT else value.isoformat(" ", "seconds")
    return str(value)


def shown_percent(value: Value) -> str:
    """A share as the cell shows it: 0.055 in a percent format is 5.5%."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return shown(value)
    return f"{shown(float(f'{value * 100:.12g}'))}%"
