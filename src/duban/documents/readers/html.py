"""Web pages: the text a visitor sees, line by line, with tables as tables and page furniture marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from selectolax.lexbor import LexborHTMLParser, LexborNode

from duban.documents.readers.assembly import Assembly, Cell
from duban.documents.readers.docx_numbering import letters, roman, spoken
from duban.documents.readers.limits import Limits
from duban.documents.readers.text import BOMS, decode
from duban.domain.source import BlockKind, SourceText

META: Final = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE
)
ENCODINGS: Final = {"utf-8": "utf-8", "utf8": "utf-8", "big5": "big5hkscs"} | dict.fromkeys(
    ("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"), "gb18030"
)
SKIPPED: Final = {
    "script", "style", "template", "noscript", "head", "title", "textarea", "select", "svg", "object", "iframe",
    "rt", "rp", "canvas", "audio", "video", "datalist",
}  # fmt: skip
ENDS_LINE: Final = {
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
}  # fmt: skip
HEADINGS: Final = {"h1", "h2", "h3", "h4", "h5", "h6"}
FURNITURE: Final = {"nav", "header", "footer", "aside"}
CONTENT: Final = {"article", "main", "section"}
BLANKS: Final = re.compile("[ \t\n\r\f]+")
NARROW: Final = re.compile("[\x00-\u2e7f]")
MOST_SPAN: Final = 1000
LISTS: Final = {"ol", "ul", "menu"}
STYLES: Final[dict[str, Callable[[int], str]]] = {
    "1": str,
    "a": letters,
    "A": lambda value: letters(value).upper(),
    "i": roman,
    "I": lambda value: roman(value).upper(),
}


def read_html(data: bytes, limits: Limits) -> SourceText:
    """The page's visible text."""
    tree = LexborHTMLParser(decode_html(data))
    assembly = Assembly(limits)
    if tree.body is not None:
        _Page(assembly).walk(tree.body)
    return assembly.finish("html", "1")


def decode_html(data: bytes) -> str:
    """Byte-order mark, else the declared encoding where it holds, else as plain text is decoded."""
    if not data.startswith(tuple(bom for bom, _ in BOMS)):
        declared = META.search(data[:4096])
        encoding = ENCODINGS.get(declared.group(1).decode("ascii", "replace").lower()) if declared else None
        if encoding:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                pass  # declared falsely, as half of old pages do
    return decode(data)


@dataclass(slots=True)
class _List:
    """An ordered list in progress."""

    style: str
    next: int


class _Sink(Protocol):
    """What takes lines and tables: the document, or a cell of it."""

    def paragraph(self, text: str, kind: BlockKind = ..., *, furniture: bool = ...) -> None: ...

    def table(self, cells: Iterable[Cell]) -> None: ...


@dataclass(slots=True)
class _Lines:
    """The lines of one cell; a table inside it would have made its table no table of data."""

    said: list[str] = field(default_factory=list)

    def paragraph(self, text: str, kind: BlockKind = BlockKind.PARAGRAPH, *, furniture: bool = False) -> None:  # noqa: ARG002 - a cell has neither
        if text:
            self.said.append(text)

    def table(self, cells: Iterable[Cell]) -> None:
        self.said += [cell.text for cell in cells]


@dataclass(slots=True)
class _Page:
    """Walks the page once, ending a line where the browser does."""

    sink: _Sink
    words: list[str] = field(default_factory=list)
    kind: BlockKind = BlockKind.PARAGRAPH
    furniture: bool = False
    in_content: bool = False
    lists: list[_List | None] = field(default_factory=list)

    def walk(self, top: LexborNode) -> None:
        """Everything below `top`. No recursion: tags left open nest a page thousands deep."""
        todo: list[LexborNode | Callable[[], None]] = [*_children(top)]
        while todo:
            step = todo.pop()
            if not isinstance(step, LexborNode):
                step()
                continue
            tag = step.tag or ""
            if tag == "-text":
                self.words.append(step.text_content or "")
            elif tag not in SKIPPED and not tag.startswith(("-", "!", "_")):
                leave = self._enter(step, tag)
                if leave is not None:
                    todo += [leave, *_children(step)]
        self.end_line()

    def end_line(self) -> None:
        """What was said since the last line end is a paragraph."""
        if self.words:
            self.sink.paragraph(squeezed("".join(self.words)), self.kind, furniture=self.furniture)
            self.words.clear()

    def _enter(self, node: LexborNode, tag: str) -> Callable[[], None] | None:
        """Open an element; what closes it again, or nothing when it has been read whole."""
        if tag in ENDS_LINE:
            self.end_line()
        if tag == "table" and _is_data(node):
            for caption in node.css("caption"):
                self.sink.paragraph(squeezed(caption.text()), self.kind, furniture=self.furniture)
            self.sink.table(_cells(node))
            return None
        if tag == "pre":
            for line in node.text().split("\n"):
                self.sink.paragraph(line, self.kind, furniture=self.furniture)
            return None
        before = (self.kind, self.furniture, self.in_content)
        if tag in HEADINGS:
            self.kind = BlockKind.HEADING
        self.furniture |= tag in FURNITURE and not self.in_content
        self.in_content |= tag in CONTENT
        if tag in LISTS:
            self.lists.append(_list(node) if tag == "ol" else None)
        elif tag == "li" and self.lists and (items := self.lists[-1]) is not None:
            self.words.append(_number(node, items))
        return lambda: self._leave(tag, before)

    def _leave(self, tag: str, before: tuple[BlockKind, bool, bool]) -> None:
        if tag in ENDS_LINE:
            self.end_line()
        if tag in LISTS:
            self.lists.pop()
        self.kind, self.furniture, self.in_content = before


def _children(node: LexborNode) -> list[LexborNode]:
    """From the last to the first, as a stack wants them."""
    found: list[LexborNode] = []
    below = node.last_child
    while below is not None:
        found.append(below)
        below = below.prev
    return found


def squeezed(text: str) -> str:
    """Blanks of the page's source as a browser shows them; a line break between two Chinese characters is nothing."""

    def blank(match: re.Match[str]) -> str:
        before, after = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1]
        wide = before and after and not NARROW.match(before) and not NARROW.match(after)
        return "" if wide and "\n" in match.group() else " "

    return BLANKS.sub(blank, text).strip(" ")


def _list(node: LexborNode) -> _List | None:
    style = node.attributes.get("style") or ""
    if "none" in style.partition("list-style")[2].partition(";")[0]:
        return None
    kind = node.attributes.get("type") or "1"
    chinese = "cjk-ideographic" in style or "simp-chinese-informal" in style
    return _List("chinese" if chinese else kind, _integer(node, "start", 1))


def _number(node: LexborNode, items: _List) -> str:
    value = _integer(node, "value", items.next)
    items.next = value + 1
    return f"{spoken(value)}、" if items.style == "chinese" else f"{STYLES.get(items.style, str)(value)}. "


def _integer(node: LexborNode, name: str, default: int) -> int:
    try:
        return int(node.attributes.get(name) or default)
    except ValueError:
        return default


def _is_data(table: LexborNode) -> bool:
    """Old pages lay themselves out in tables: one that holds another, or a single cell, is not a table of data."""
    return len(table.css("td, th")) > 1 and len(table.css("table")) <= 1


def _cells(table: LexborNode) -> list[Cell]:
    """The cells at their places on the grid that row and column spans make."""
    cells: list[Cell] = []
    taken: dict[int, int] = {}  # column -> last row that a cell from above still covers
    for row_number, row in enumerate(table.css("tr"), 1):
        column = 1
        for node in row.iter():
            if node.tag not in {"td", "th"}:
                continue
            while taken.get(column, 0) >= row_number:
                column += 1
            rows = min(max(_integer(node, "rowspan", 1), 1), MOST_SPAN)
            columns = min(max(_integer(node, "colspan", 1), 1), MOST_SPAN)
            for covered in range(column, column + columns):
                taken[covered] = row_number + rows - 1
            cells.append(Cell(row_number, column, _text_of(node), rows, columns))
            column += columns
    return cells


def _text_of(cell: LexborNode) -> str:
    """The lines of a cell, collected by a page of its own."""
    lines = _Lines()
    _Page(lines).walk(cell)
    return "\n".join(lines.said)
