"""Tables of official papers: fixed widths in millimetres, heads repeated on every page, rows never split over two pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Final, NamedTuple

from duban.documents.readers.assembly import clean
from duban.publishing.docx_parts import node

if TYPE_CHECKING:
    from lxml.etree import _Element

TWIPS_PER_MM: Final = 1440 / 25.4


class Column(NamedTuple):
    """One column: its head, its width in millimetres, how its cells are aligned (left, center, right)."""

    head: str
    width: float
    align: str = "left"


class Look(NamedTuple):
    """How a list is set: styles of head and text, least height of a row in millimetres, whether it must stay on one page.

    `padding` is the room above and below a text, in twentieths of a point.
    """

    head: str = "TableHead"
    text: str = "TableText"
    height: float = 0
    whole: bool = False
    padding: int = 30


PLAIN: Final = Look()
WHOLE: Final = Look(whole=True)
DENSE: Final = Look("DenseHead", "DenseText")
DENSE_WHOLE: Final = Look("DenseHead", "DenseText", whole=True)
FINE: Final = Look("FineHead", "FineText", padding=10)


class Cell(NamedTuple):
    """One cell of a form: `span` counts grid columns, `style` is a paragraph style; "" text leaves room for a pen."""

    text: str
    span: int = 1
    style: str = "TableText"
    align: str = "left"


class Row(NamedTuple):
    """One row: its cells, its least height in millimetres (0: as its text needs), whether it is a repeated head.

    `with_next` keeps it on the page of the next row.
    """

    cells: tuple[Cell, ...]
    height: float = 0
    is_head: bool = False
    with_next: bool = False


def twips(millimetres: float) -> int:
    """Millimetres in twentieths of a point, as Word counts."""
    return round(millimetres * TWIPS_PER_MM)


def list_rows(columns: Sequence[Column], rows: Iterable[Sequence[str]], look: Look = PLAIN) -> list[Row]:
    """A plain list: one head row from the columns, then one row for each sequence of texts."""
    heads = tuple(Cell(column.head, style=look.head, align="center") for column in columns)
    cells = [
        tuple(
            Cell(text, style=look.text, align=column.align) for column, text in zip(columns, row, strict=True)
        )
        for row in rows
    ]
    body = [
        Row(row, look.height, with_next=look.whole and place < len(cells))
        for place, row in enumerate(cells, 1)
    ]
    return [Row(heads, is_head=True, with_next=bool(body)), *body]


def table_of(widths: Sequence[float], rows: Iterable[Row], padding: int = PLAIN.padding) -> _Element:
    """The w:tbl; the spans of every row must add up to the number of widths."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = node("tblBorders", *(node(side, val="single", sz=4, space=0, color="000000") for side in sides))
    margins = (
        (name, padding if name in {"top", "bottom"} else 70) for name in ("top", "left", "bottom", "right")
    )
    properties = node(
        "tblPr",
        node("tblW", w=sum(map(twips, widths)), type="dxa"),
        node("jc", val="center"),
        borders,
        node("tblLayout", type="fixed"),
        node("tblCellMar", *(node(name, w=width, type="dxa") for name, width in margins)),
    )
    grid = node("tblGrid", *(node("gridCol", w=twips(width)) for width in widths))
    return node("tbl", properties, grid, *(_row(row, widths) for row in rows))


def paragraph_of(style: str, *runs: _Element, **properties: _Element) -> _Element:
    """A w:p; further paragraph properties in the order of the schema."""
    return node("p", node("pPr", node("pStyle", val=style), *properties.values()), *runs)


def run_of(text: str, style: str = "") -> _Element:
    """A w:r; tabs become tab stops, newlines line breaks, what cannot be printed is left out."""
    run = node("r")
    if style:
        run.append(node("rPr", node("rStyle", val=style)))
    for number, line in enumerate(clean(text).split("\n")):
        if number:
            run.append(node("br"))
        for place, piece in enumerate(line.split("\t")):
            if place:
                run.append(node("tab"))
            words = node("t")
            words.text = piece
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(words)
    return run


def _row(row: Row, widths: Sequence[float]) -> _Element:
    assert sum(cell.span for cell in row.cells) == len(widths), row
    properties = node("trPr", node("cantSplit"))
    if row.height:
        properties.append(node("trHeight", val=twips(row.height), hRule="atLeast"))
    if row.is_head:
        properties.append(node("tblHeader"))
    element = node("tr", properties)
    column = 0
    for cell in row.cells:
        width = sum(map(twips, widths[column : column + cell.span]))
        element.append(_cell(cell, width, {"keepNext": node("keepNext")} if row.with_next else {}))
        column += cell.span
    return element


def _cell(cell: Cell, width: int, properties: dict[str, _Element]) -> _Element:
    place = node("tcPr", node("tcW", w=width, type="dxa"))
    if cell.span > 1:
        place.append(node("gridSpan", val=cell.span))
    place.append(node("vAlign", val="center"))
    paragraphs = (
        paragraph_of(cell.style, run_of(line), **_copied(properties), jc=node("jc", val=cell.align))
        for line in clean(cell.text).split("\n")
    )
    return node("tc", place, *paragraphs)


def hold(paragraph: _Element) -> None:
    """Keeps a paragraph of ours on the page of the next one."""
    keep = node("keepNext")
    if paragraph[0].find(keep.tag) is None:
        paragraph[0].insert(1, keep)  # after the style, in the order of the schema


def hold_end(last: _Element) -> None:
    """Keeps the end of what is written, a paragraph or the last two rows of a table and the line after it, with what follows."""
    hold(last)
    before = last.getprevious()
    if before is not None and before.tag == node("tbl").tag:
        for paragraph in [p for row in before.findall(node("tr").tag)[-2:] for p in row.iter(last.tag)]:
            hold(paragraph)


def _copied(properties: dict[str, _Element]) -> dict[str, _Element]:
    """An element has one parent: every paragraph gets its own."""
    return {name: deepcopy(element) for name, element in properties.items()}


class FootRow(NamedTuple):
    """One line of an imprint: one or two texts, their style, the rules above and below in eighths of a point."""

    texts: tuple[str, ...]
    style: str
    rules: dict[str, int]


def foot_table(width: int, rows: Sequence[FootRow]) -> _Element:
    """The imprint: a table that floats at the foot of the type area of the following paragraph's page; `width` in twips.

    LibreOffice 7.4 leaves it where the text ends. Its rows stay together and with that paragraph.
    """
    place = node(
        "tblpPr",
        leftFromText=0,
        rightFromText=0,
        topFromText=120,
        vertAnchor="margin",
        horzAnchor="margin",
        tblpXSpec="left",
        tblpYSpec="bottom",
    )
    properties = node(
        "tblPr",
        place,
        node("tblW", w=width, type="dxa"),
        node("tblLayout", type="fixed"),
        node("tblCellMar", *(node(side, w=0, type="dxa") for side in ("top", "left", "bottom", "right"))),
    )
    half = width // 2
    grid = node("tblGrid", node("gridCol", w=half), node("gridCol", w=width - half))
    return node("tbl", properties, grid, *(_foot_row(row, half, width) for row in rows))


def _foot_row(row: FootRow, half: int, width: int) -> _Element:
    element = node("tr", node("trPr", node("cantSplit")))
    for text, align in zip(row.texts, ("left", "right"), strict=False):
        alone = len(row.texts) == 1
        place = node("tcPr", node("tcW", w=width if alone else half, type="dxa"))
        if alone:
            place.append(node("gridSpan", val=2))
        rules = (
            node(side, val="single", sz=size, space=0, color="000000") for side, size in row.rules.items()
        )
        place.append(node("tcBorders", *rules))
        element.append(
            node(
                "tc",
                place,
                paragraph_of(row.style, run_of(text), keepNext=node("keepNext"), jc=node("jc", val=align)),
            )
        )
    return element
