"""A workbook that comes back filled in: all its sheets, hidden ones too, as grids of typed cells."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from duban.documents.readers.limits import DEFAULTS, Limits, UnreadableFile, unreadable
from duban.documents.readers.sniff import REFUSED_NAMES, format_of
from duban.domain.messages import Message
from duban.domain.sheets_cells import Grid, Value

if TYPE_CHECKING:
    import python_calamine as calamine

    from duban.documents.readers.package import Package

SHEETS: Final = (".xlsx", ".xls")
Spoken = str | list[str] | None


def read_grids(name: str, data: bytes, limits: Limits = DEFAULTS) -> tuple[Grid, ...]:
    """The sheets of a workbook in their order, read by a limited child. Raises `UnreadableFile` with one sentence.

    A cell is text, a number, a day or None; a share in a percent format is text (12%), an error like #REF! is text.
    """
    if len(data) > limits.bytes:
        raise unreadable("too_big", limit=limits.megabytes)
    extension = Path(name).suffix.lower()
    if extension not in (*SHEETS, *REFUSED_NAMES) or format_of(name, data) != "sheets":
        raise UnreadableFile(Message("sheet.not_a_workbook"))
    from duban.documents.readers.process import grids_in_child

    return grids_of(grids_in_child(data, limits))


def grids_of(answer: list[Any]) -> tuple[Grid, ...]:
    """The sheets from the child's JSON. An answer of another form is that of a damaged file."""
    try:
        return tuple(_grid(*told) for told in answer)
    except (TypeError, ValueError, InvalidOperation) as error:
        raise unreadable("damaged") from error


def _grid(name: str, top: int, left: int, hidden: bool, rows: list[list[Spoken]]) -> Grid:  # noqa: FBT001
    return Grid(name, tuple(tuple(map(_heard, row)) for row in rows), top, left, bool(hidden))


def _heard(spoken: Spoken) -> Value:
    if not isinstance(spoken, list):
        return spoken
    kind, text = spoken
    return Decimal(text) if kind == "n" else dt.date.fromisoformat(text)


def read_grid(data: bytes, limits: Limits) -> dict[str, Any]:
    """Inside the child: the workbook as JSON, [name, top, left, hidden, rows] for each sheet."""
    import python_calamine as calamine

    from duban.documents.readers.package import Package

    package: Package | None = None
    if data.startswith(b"PK"):
        package = Package(data, limits)
        package.verify()
    try:
        return {"grids": list(_sheets(data, package, limits))}
    except calamine.PasswordError as error:
        raise unreadable("encrypted") from error
    except calamine.CalamineError as error:
        raise unreadable("damaged") from error


def _sheets(data: bytes, package: Package | None, limits: Limits) -> Iterator[list[Any]]:
    import python_calamine as calamine

    from duban.documents.readers.sheets_formats import Percentages

    book = calamine.load_workbook(io.BytesIO(data))
    percentages, parts = Percentages(package), _parts(package)
    left = limits.cells
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        left -= sheet.height * sheet.width
        if left < 0:
            raise unreadable("too_many_cells", limit=limits.cells)
        row, column = sheet.start or (0, 0)
        hidden = about.visible != calamine.SheetVisibleEnum.Visible
        rows = _rows(sheet, percentages.of(about.name)) if sheet.start else []
        for (down, across), text in _errors(package, parts.get(about.name, "")):
            if 0 <= down - row < len(rows) and 0 <= across - column < len(rows[0]):
                rows[down - row][across - column] = text
        yield [about.name, row + 1, column + 1, hidden, rows]


def _rows(sheet: calamine.CalamineSheet, percent: frozenset[tuple[int, int]]) -> list[list[Spoken]]:
    assert sheet.start is not None
    first_row, first_column = sheet.start
    return [
        [spoken(value, percent=(row, column) in percent) for column, value in enumerate(values, first_column)]
        for row, values in enumerate(sheet.to_python(skip_empty_area=True), first_row)
    ]


def _parts(package: Package | None) -> dict[str, str]:
    from duban.documents.readers.sheets_formats import _sheet_parts

    if package is None:
        return {}
    main = (package.related("").get("officeDocument") or ["xl/workbook.xml"])[0]
    return _sheet_parts(package, main) if main in package else {}


def _errors(package: Package | None, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Cells like #REF!, which calamine hands over as blank: taken for blank they would wipe out what stood there."""
    from duban.documents.readers.package import attribute, child
    from duban.documents.readers.sheets_formats import _place

    if package is None or part not in package or b't="e"' not in package.bytes_of(part):
        return
    data = child(package.xml(part), "sheetData")
    for row in data if data is not None else ():
        for cell in row:
            value = child(cell, "v")
            if attribute(cell, "t") == "e" and value is not None and value.text:
                yield _place(attribute(cell, "r") or ""), value.text


def spoken(value: object, *, percent: bool = False) -> Spoken:
    """A cell as JSON: text, ["n", number], ["d", day], or null for a blank one."""
    from duban.documents.readers.sheets import shown, shown_percent

    if isinstance(value, str):
        return value or None
    if isinstance(value, bool) or not isinstance(value, int | float | dt.date | dt.time | dt.timedelta):
        return str(value)
    if isinstance(value, int | float):
        if percent:
            return shown_percent(value)
        return ["n", shown(value)] if math.isfinite(value) else str(value)
    if isinstance(value, dt.datetime):
        return ["d", value.date().isoformat()] if value.time() == dt.time() else shown(value)
    return ["d", value.isoformat()] if isinstance(value, dt.date) else str(value)
