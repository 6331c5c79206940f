"""Word documents, walked as XML: the usual reading loses content controls, tracked insertions and automatic numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from duban.documents.readers.assembly import Assembly, Cell
from duban.documents.readers.docx_numbering import numbering_of
from duban.documents.readers.docx_styles import Styles
from duban.documents.readers.limits import Limits, unreadable
from duban.documents.readers.package import Package, attribute, child, is_on, local, number
from duban.domain.source import BlockKind, SourceText

TRANSPARENT: Final = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
SKIPPED: Final = {
    "del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "customXmlPr", "instrText", "delText", "delInstrText",
    "rt", "annotation", "annotationRef", "softHyphen", "lastRenderedPageBreak",
}  # fmt: skip
SIGNS: Final = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
TEXT_SPACES: Final = (
    "/wordprocessingml/2006/main",
    "/wordprocessingml/main",
    "/officeDocument/2006/math",
    "/officeDocument/math",
)


def read_docx(data: bytes, limits: Limits) -> SourceText:
    """All that a reader of the printed document would see, changes accepted; footnotes follow as furniture."""
    package = Package(data, limits)
    main = (package.related("").get("officeDocument") or ["word/document.xml"])[0]
    if main not in package:
        raise unreadable("damaged")
    related = package.related(main)
    body = child(package.xml(main), "body")
    if body is None:
        raise unreadable("damaged")
    story = _Story(package, related)
    assembly = Assembly(limits)
    for piece in story.pieces(body):
        if isinstance(piece, _Paragraph):
            assembly.paragraph(piece.text, piece.kind)
        else:
            assembly.table(story.cells(piece))
    for part in related.get("footnotes", []) + related.get("endnotes", []):
        for note in package.xml(part) if part in package else ():
            if attribute(note, "type") in {None, "normal"}:
                assembly.paragraph(story.text_of(note), furniture=True)
    return assembly.finish("docx", "1")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    kind: BlockKind


@dataclass(slots=True)
class _Inline:
    """What a paragraph's runs have said so far."""

    words: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)


class _Story:
    """Reads the parts of one document in order, because numbers and fields run on from paragraph to paragraph."""

    def __init__(self, package: Package, related: dict[str, list[str]]) -> None:
        def root(kind: str) -> etree._Element | None:
            parts = [part for part in related.get(kind, [f"word/{kind}.xml"]) if part in package]
            return package.xml(parts[0]) if parts else None

        self._styles = Styles(root("styles"))
        self._numbering = numbering_of(root("numbering"), self._styles.lists)
        self._fields: list[bool] = []  # one for each open field: still in its code, not yet in its result

    def pieces(self, container: etree._Element) -> Iterator[_Paragraph | etree._Element]:
        """Paragraphs, and tables as they stand. A deleted paragraph mark joins its text to the next paragraph."""
        carried = ""
        for element in _unwrapped(container):
            name = local(element)
            if name == "tbl":
                yield element
            if name != "p":
                continue
            inline = _Inline()
            self._say(element, inline)
            text = carried + "".join(inline.words)
            properties = child(element, "pPr")
            mark = child(properties, "rPr")
            if child(mark, "del") is not None or child(mark, "moveFrom") is not None:
                carried = text
            else:
                carried = ""
                yield self._paragraph(text, properties)
            for box in inline.boxes:
                yield from self.pieces(box)
        if carried:
            yield _Paragraph(carried, BlockKind.PARAGRAPH)

    def _paragraph(self, text: str, properties: etree._Element | None) -> _Paragraph:
        kind = BlockKind.HEADING if self._styles.is_heading(properties) else BlockKind.PARAGRAPH
        place = self._styles.list_place(properties, self._numbering)
        if place is not None:
            text = (self._numbering.next(*place) + text).rstrip(" ")
        return _Paragraph(text, kind)

    def text_of(self, container: etree._Element) -> str:
        """The text of a cell or note: its paragraphs, and tables inside it, line by line."""
        lines: list[str] = []
        for piece in self.pieces(container):
            if isinstance(piece, _Paragraph):
                lines.append(piece.text)
                continue
            rows: dict[int, list[str]] = {}
            for cell in self.cells(piece):
                rows.setdefault(cell.row, []).append(cell.text)
            lines += ["\t".join(row) for row in rows.values()]
        return "\n".join(lines).strip("\n")

    def cells(self, table: etree._Element) -> list[Cell]:
        """The cells of a table at their places; a cell merged downwards or sideways stands once."""
        cells: list[Cell] = []
        above: dict[int, int] = {}  # column -> index of the cell that a continued cell belongs to
        rows = [
            row for row in _unwrapped(table) if local(row) == "tr" and not _is_deleted(row, "trPr", "del")
        ]
        for row_number, row in enumerate(rows, 1):
            column = 1 + number(child(row, "trPr", "gridBefore"))
            for element in _unwrapped(row):
                if local(element) != "tc" or _is_deleted(element, "tcPr", "cellDel"):
                    continue
                span = max(number(child(element, "tcPr", "gridSpan"), default=1), 1)
                text = self.text_of(element)
                owner = above.get(column) if _continues(element, "vMerge") else None
                if owner is not None and cells[owner].row + cells[owner].row_span == row_number:
                    cells[owner] = replace(cells[owner], row_span=cells[owner].row_span + 1)
                elif _continues(element, "hMerge") and cells and cells[-1].row == row_number:
                    cells[-1] = replace(cells[-1], column_span=cells[-1].column_span + span)
                else:
                    above[column] = len(cells)
                    cells.append(Cell(row_number, column, text, column_span=span))
                column += span
        return cells

    def _say(self, element: etree._Element, inline: _Inline) -> None:
        """Collect the words below `element`; text boxes are kept for after the paragraph."""
        for below in element:
            name = local(below)
            if name in SKIPPED or (name == "r" and is_on(child(below, "rPr", "vanish"))):
                continue
            if name == "txbxContent":
                inline.boxes.append(below)
            elif name == "AlternateContent":
                self._say(_chosen(below), inline)
            elif name == "fldChar":
                self._turn_field(attribute(below, "fldCharType"))
            elif not any(self._fields):
                said = _word(below, name)
                if said:
                    inline.words.append(said)
                else:
                    self._say(below, inline)
            else:
                self._say(below, inline)

    def _turn_field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append(True)
        elif self._fields and kind == "separate":
            self._fields[-1] = False
        elif self._fields and kind == "end":
            self._fields.pop()


def _word(element: etree._Element, name: str) -> str:
    """What an element itself says, its children apart."""
    if name == "t":
        space = str(element.tag).partition("}")[0]
        return (element.text or "") if space.endswith(TEXT_SPACES) else ""
    if name == "br":
        return "\n" if attribute(element, "type") in {None, "textWrapping"} else ""
    if name == "sym":
        code = attribute(element, "char") or ""
        return chr(int(code, 16)) if len(code) == 4 else ""
    return SIGNS.get(name, "")


def _unwrapped(container: etree._Element) -> Iterator[etree._Element]:
    """The elements of a container, those inside content controls and accepted changes included."""
    for element in container:
        name = local(element)
        if name in TRANSPARENT:
            yield from _unwrapped(element)
        elif name == "AlternateContent":
            yield from _unwrapped(_chosen(element))
        else:
            yield element


def _chosen(alternatives: etree._Element) -> etree._Element:
    """One of the twin forms of a drawing: reading both would read a text box twice."""
    choice = child(alternatives, "Choice")
    if choice is not None and len(choice):
        return choice
    fallback = child(alternatives, "Fallback")
    return fallback if fallback is not None else etree.Element("none")


def _is_deleted(element: etree._Element, properties: str, mark: str) -> bool:
    return child(element, properties, mark) is not None


def _continues(cell: etree._Element, merge: str) -> bool:
    element = child(cell, "tcPr", merge)
    return element is not None and attribute(element) in {None, "continue"}
