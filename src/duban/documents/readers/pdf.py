"""PDF files with a text layer, read by PDFium, which is not thread-safe: one reason more for a process of its own."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from duban.documents.readers.assembly import Assembly, Cell
from duban.documents.readers.limits import Limits, unreadable
from duban.documents.readers.pdf_layout import (
    Column,
    Glyph,
    Line,
    column_of,
    continues,
    furniture,
    joined,
    line_of,
)
from duban.documents.readers.pdf_tables import Box, Grid, Rule, grids_of
from duban.domain.source import SourceText

TAIL: Final = 8192  # some senders append rubbish behind the end mark
GARBLED: Final = 0.3
STRAIGHT: Final = 1.0
HYPHEN: Final = 0xFFFE  # PDFium's sign for a hyphen at a line's end
MOST_SEGMENTS: Final = 20_000
PADDING: Final = 8.0  # points between a cell's edge and its text, rarely more


@dataclass(slots=True)
class _Table:
    grid: Grid
    cells: list[Cell]


@dataclass(slots=True)
class _Page:
    height: float
    lines: list[Line] = field(default_factory=list)
    tables: list[tuple[int, _Table]] = field(default_factory=list)  # before which line each stands


def read_pdf(data: bytes, limits: Limits) -> SourceText:
    """The text of all pages; running heads and page numbers stay in the text as furniture."""
    if b"%%EOF" not in data[-TAIL:]:
        raise unreadable("truncated")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise unreadable("encrypted" if locked else "damaged") from error
    try:
        if len(document) > limits.pages:
            raise unreadable("too_many_pages", pages=len(document), limit=limits.pages)
        pages = [_read_page(document, number) for number in range(len(document))]
    except pdfium.PdfiumError as error:
        raise unreadable("damaged") from error
    finally:
        document.close()
    _refuse_unreadable(pages)
    assembly = Assembly(limits)
    _write(pages, assembly)
    silent = [str(number) for number, page in enumerate(pages, 1) if not page.lines and not page.tables]
    if silent:
        assembly.remark("note_pages_without_text", pages="、".join(silent))
    return assembly.finish("pdf", "1")


def _refuse_unreadable(pages: Sequence[_Page]) -> None:
    text = "".join(line.text for page in pages for line in page.lines)
    text += "".join(cell.text for page in pages for _, table in page.tables for cell in table.cells)
    if not text.strip():
        raise unreadable("no_text_layer")
    strange = sum(1 for sign in text if sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" or sign < " ")
    if strange > GARBLED * len(text):
        raise unreadable("garbled_pdf")


def _read_page(document: pdfium.PdfDocument, number: int) -> _Page:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            runs = list(_runs(text.raw))
        finally:
            text.close()
        return _page(page.get_height(), runs, grids_of(*_rules(page)))
    finally:
        page.close()


def _page(height: float, runs: list[list[Glyph]], grids: list[Grid]) -> _Page:
    """Sort characters into tables and lines."""
    result = _Page(height)
    inside: list[dict[int, list[list[Glyph]]]] = [{} for _ in grids]
    places: dict[int, int] = {}
    for run in runs:
        outside: list[Glyph] = []
        here: dict[tuple[int, int], list[Glyph]] = {}
        for glyph in run:
            spot = _spot(grids, glyph)
            if spot is None:
                outside.append(glyph)
            else:
                here.setdefault(spot, []).append(glyph)
        for (table, box), glyphs in here.items():
            places.setdefault(table, len(result.lines))
            inside[table].setdefault(box, []).append(glyphs)
        line = line_of(outside)
        if line is not None:
            _add_line(result.lines, line)
    for index, place in sorted(places.items(), key=lambda item: item[1]):
        grid = grids[index]
        cells = [_cell(box, inside[index].get(number, [])) for number, box in enumerate(grid.boxes)]
        result.tables.append((place, _Table(grid, cells)))
    return result


def _add_line(lines: list[Line], line: Line) -> None:
    """PDFium breaks a line where the font changes; what stands side by side is one line."""
    last = lines[-1] if lines else None
    overlap = min(last.top, line.top) - max(last.bottom, line.bottom) if last is not None else 0
    if last is None or line.left < last.right - line.em / 2 or overlap < (line.top - line.bottom) * 0.6:
        lines.append(line)
        return
    gap = " " if line.left - last.right > 0.8 * line.em else ""
    lines[-1] = Line(
        last.text + gap + line.text,
        last.left,
        line.right,
        min(last.bottom, line.bottom),
        max(last.top, line.top),
        max(last.em, line.em),
    )


def _spot(grids: list[Grid], glyph: Glyph) -> tuple[int, int] | None:
    x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
    for table, grid in enumerate(grids):
        for number, box in enumerate(grid.boxes):
            if box.holds(x, y):
                return table, number
    return None


def _cell(box: Box, runs: list[list[Glyph]]) -> Cell:
    lines: list[Line] = []
    for run in runs:
        line = line_of(run)
        if line is not None:
            _add_line(lines, line)
    text = ""
    for number, line in enumerate(lines):
        if number and continues(lines[number - 1], line, _column_of_cell(box, lines), same_page=True):
            text = joined(text, line.text)
        else:
            text += ("\n" if text else "") + line.text
    return Cell(box.row, box.column, text, box.row_span, box.column_span)


def _column_of_cell(box: Box, lines: Sequence[Line]) -> Column:
    """In a cell a line is full near the cell's edge, and centred text starts anywhere."""
    return Column(max(line.left for line in lines), box.right - PADDING, lines[0].em)


def _runs(text: raw.FPDF_TEXTPAGE) -> Iterator[list[Glyph]]:
    """Characters with their boxes, cut where PDFium ends a line."""
    box = raw.FS_RECTF()
    run: list[Glyph] = []
    for index in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, index)
        if code in {10, 13}:
            yield run
            run = []
            continue
        if code == 0 or code > 0x10FFFF or not raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            continue
        sign = "-" if code in {HYPHEN, 2} else chr(code)
        run.append(Glyph(sign, box.left, box.right, box.bottom, box.top))
    yield run


def _rules(page: pdfium.PdfPage) -> tuple[list[Rule], list[Rule]]:
    """Straight lines drawn on the page: across, and down."""
    across: list[Rule] = []
    down: list[Rule] = []
    segments = 0
    for drawing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        matrix = drawing.get_matrix()
        corner: tuple[float, float] | None = None
        count = raw.FPDFPath_CountSegments(drawing.raw)
        segments += count
        if segments > MOST_SEGMENTS:
            return [], []
        start = None
        for index in range(count):
            segment = raw.FPDFPath_GetPathSegment(drawing.raw, index)
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            point = matrix.on_point(x.value, y.value)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == raw.FPDF_SEGMENT_LINETO and corner is not None:
                _add_rule(corner, point, across, down)
            if start is not None and raw.FPDFPathSegment_GetClose(segment):
                _add_rule(point, start, across, down)
            corner = point
    return across, down


def _add_rule(
    start: tuple[float, float], end: tuple[float, float], across: list[Rule], down: list[Rule]
) -> None:
    (x0, y0), (x1, y1) = start, end
    if abs(y0 - y1) <= STRAIGHT < abs(x0 - x1):
        across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x0 - x1) <= STRAIGHT < abs(y0 - y1):
        down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _write(pages: Sequence[_Page], assembly: Assembly) -> None:
    """Paragraphs, tables and running heads in reading order; heads stand behind the paragraph they interrupt."""
    heads = furniture([(page.height, page.lines) for page in pages])
    column = column_of(
        line
        for page, out in zip(pages, heads, strict=True)
        for at, line in enumerate(page.lines)
        if at not in out
    )
    writer = _Writer(assembly, column)
    for page, out in zip(pages, heads, strict=True):
        tables = list(page.tables)
        for at, line in enumerate(page.lines):
            while tables and tables[0][0] <= at:
                writer.table(tables.pop(0)[1])
            if at in out:
                writer.waiting.append(line.text)
            else:
                writer.line(line)
        for _, table in tables:
            writer.table(table)
        writer.turn_page()
    writer.flush()


@dataclass(slots=True)
class _Writer:
    """Holds back the paragraph or table in progress until it is known to have ended."""

    assembly: Assembly
    column: Column
    text: str = ""
    last: Line | None = None
    same_page: bool = True
    open_table: _Table | None = None
    waiting: list[str] = field(default_factory=list)

    def line(self, line: Line) -> None:
        """One printed line of running text."""
        if self.last is not None and continues(self.last, line, self.column, same_page=self.same_page):
            self.text = joined(self.text, line.text)
        else:
            self.flush()
            self.text = line.text
        self.last, self.same_page = line, True

    def table(self, table: _Table) -> None:
        """One table, or the rest of the one that the page's end cut."""
        if self.open_table is not None and not self.same_page and _same_edges(self.open_table, table):
            self.waiting += _append(self.open_table, table)
        else:
            self.flush()
            self.open_table = table
        self.last, self.same_page = None, True

    def turn_page(self) -> None:
        """What comes next stands on another page."""
        self.same_page = False

    def flush(self) -> None:
        """End what is in progress; the furniture that interrupted it follows."""
        if self.open_table is not None:
            self.assembly.table(self.open_table.cells)
        self.assembly.paragraph(self.text)
        for text in self.waiting:
            self.assembly.paragraph(text, furniture=True)
        self.waiting.clear()
        self.text, self.last, self.open_table = "", None, None


def _same_edges(one: _Table, other: _Table) -> bool:
    edges, others = one.grid.edges, other.grid.edges
    return len(edges) == len(others) and all(abs(a - b) < 3 for a, b in zip(edges, others, strict=True))


def _append(table: _Table, rest: _Table) -> list[str]:
    """Put the rows of the next page behind; a header row printed again is returned as furniture."""
    repeated: list[str] = []
    shift = max(cell.row + cell.row_span for cell in table.cells) - 1
    header = [cell.text for cell in table.cells if cell.row == 1]
    again = [cell.text for cell in rest.cells if cell.row == 1]
    cells = rest.cells
    if header == again:
        repeated = ["\t".join(again)]
        cells = [cell for cell in cells if cell.row > 1]
        shift -= 1
    cells = [replace(cell, row=cell.row + shift) for cell in cells]
    table.cells += cells
    return repeated
