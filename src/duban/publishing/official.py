"""The official page (GB/T 9704-2012, rules.md 4.1): red head, title, body, signature, tables, imprint, page numbers.

`Paper` is written from top to bottom and handed over as bytes by `finish`. `identify` and `same_paper` are how a finished paper is recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from duban.publishing.contents import Basis, PaperKind
from duban.publishing.docx_parts import new_document, node, packed_docx
from duban.publishing.docx_styles import LABEL, LEADING, LINE, RED
from duban.publishing.docx_tables import (
    PLAIN,
    Column,
    FootRow,
    Look,
    Row,
    foot_table,
    hold_end,
    list_rows,
    paragraph_of,
    run_of,
    table_of,
    twips,
)
from duban.publishing.paper_marks import PaperMark, identify, same_paper
from duban.publishing.paper_words import balanced, day_words, source_line, width_of

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = [
    "FORM",
    "LANDSCAPE",
    "LETTER",
    "OFFICIAL",
    "Imprint",
    "Page",
    "Paper",
    "PaperMark",
    "identify",
    "same_paper",
]

TITLE_CHARACTERS: Final = 19  # of 22 pt in a line of 156 mm, one to spare
MARK_EDGE: Final = (
    0.34  # of the size of the red mark: from the top of its line to the upper edge of its signs
)
CHARACTER: Final = 315  # a character of the body, drawn together, in twentieths of a point


class Page(NamedTuple):
    """A sheet and its margins in millimetres."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float

    @property
    def text_width(self) -> float:
        """The width of the type area (版心)."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        """The height of the type area."""
        return self.height - self.top - self.bottom


OFFICIAL: Final = Page(210, 297, 37, 35, 28, 26)
LETTER: Final = Page(210, 297, 30, 35, 28, 26)  # the head of a letter stands 30 mm below the edge
FORM: Final = Page(210, 297, 25, 22, 22, 20)
LANDSCAPE: Final = Page(297, 210, 22, 20, 18, 18)


class Imprint(NamedTuple):
    """The imprint (版记): lines such as "抄送：…。", and who printed it ("" in a letter)."""

    lines: tuple[str, ...]
    printed_by: str


class Paper:
    """One document under construction."""

    def __init__(self, page: Page = OFFICIAL) -> None:
        self.page = page
        self._document = new_document()
        self._end = self._document.element.body.sectPr
        self._set_page()
        self._set_page_numbers()

    def add(self, element: _Element) -> None:
        """Any element at the end of the body."""
        self._end.addprevious(element)

    def paragraph(self, style: str, text: str, **properties: _Element) -> None:
        """One paragraph of a named style; further properties in the order of the schema."""
        self.add(paragraph_of(style, run_of(text), **properties))

    def title(self, text: str) -> None:
        """The title in lines of about the same length; newlines of the caller's own are kept."""
        self.paragraph("Title", balanced(text, TITLE_CHARACTERS))

    def last_words(self, text: str) -> None:
        """The last paragraph before a signature, and an empty line: neither is parted from it by a page."""
        self.paragraph("Body", text, keepNext=node("keepNext"))
        self.paragraph("Addressee", "", keepNext=node("keepNext"))

    def body(self, texts: Iterable[str]) -> None:
        """Running text, first line indented by two characters."""
        for text in texts:
            self.paragraph("Body", text)

    def labelled(self, *pairs: tuple[str, str], heading: str = "") -> None:
        """One paragraph of labelled sentences, after a heading of the second level; a pair without text is left out."""
        runs = [run_of(heading, LEADING)] if heading else []
        runs += [run for label, text in pairs if text for run in (run_of(f"{label}：", LABEL), run_of(text))]
        self.add(paragraph_of("Body", *runs))

    def red_head(self, name: str, lead: float = 0) -> None:
        """The issuer's mark in red, as large as fits one line; the upper edge of its signs `lead` millimetres below what is above it."""
        size = min(44, int(twips(self.page.text_width) / 20 / max(width_of(name), 1)))
        before = max(twips(lead) - round(size * MARK_EDGE * 20), 0)
        spacing = node("spacing", before=before, line=round(size * 1.5) * 20, lineRule="exact")
        run = run_of(name)
        run.insert(
            0, node("rPr", node("spacing", val=0), node("sz", val=size * 2), node("szCs", val=size * 2))
        )
        self.add(paragraph_of("RedHead", run, spacing=spacing))

    def red_rule(self, text: str, align: str = "center") -> None:
        """The last line of the head, with the red rule 4 mm below it; a tab in the text moves the rest to the right edge."""
        border = node("pBdr", node("bottom", val="single", sz=12, space=11, color=RED))
        tabs = node("tabs", node("tab", val="right", pos=twips(self.page.text_width)))
        self.paragraph("DocumentNumber", text, pBdr=border, tabs=tabs, jc=node("jc", val=align))

    def blank(self, lines: int = 1) -> None:
        """Empty lines of the body."""
        for _ in range(lines):
            self.paragraph("Addressee", "")

    def new_page(self, style: str, text: str) -> None:
        """A paragraph that begins a new page."""
        self.paragraph(style, text, pageBreakBefore=node("pageBreakBefore"))

    def signature(self, office: str, day: date) -> None:
        """Office over date, centred on each other; the date four characters from the right edge, more under a long name."""
        words = day_words(day)
        difference = width_of(office) - width_of(words)
        right = max(4.0, 2.0 + difference / 2)
        for text, indent in ((office, right - difference / 2), (words, right)):
            place = node("ind", right=round(indent * CHARACTER))
            following = {"keepNext": node("keepNext")} if text == office else {}
            self.paragraph("Signature", text, **following, ind=place)

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[str]], look: Look = PLAIN) -> None:
        """A list with a repeated head."""
        self.form([column.width for column in columns], list_rows(columns, rows, look), look.padding)

    def form(self, widths: Sequence[float], rows: Iterable[Row], padding: int = PLAIN.padding) -> None:
        """A table of any shape, and the thin line of text without which two tables would become one."""
        self.add(table_of(widths, rows, padding))
        self.paragraph("End", "")

    def imprint(self, imprint: Imprint, basis: Basis) -> None:
        """The imprint at the foot of the last page: 0.35 mm rules outside, 0.25 mm inside, and the small print.

        It takes the end of the text or table before it along to its page. A letter, whose imprint names no printer, has neither
        printer nor rules (信函格式).
        """
        thick, thin = ({"top": 8}, {"top": 6, "bottom": 8}) if imprint.printed_by else ({}, {})
        rows = [
            FootRow((f"　{line}",), "Imprint", {} if place else thick)
            for place, line in enumerate(imprint.lines)
        ]
        if imprint.printed_by:
            printed = (f"　{imprint.printed_by}", f"{day_words(basis.on)}印发　")
            rows.append(FootRow(printed, "Imprint", thin if rows else {**thick, **thin}))
        rows.append(FootRow((source_line(basis),), "Source", {}))
        hold_end(self._end.getprevious())
        self.add(foot_table(twips(self.page.text_width), rows))
        self.paragraph("End", "")

    def source(self, basis: Basis) -> None:
        """The small print of a paper without imprint."""
        self.paragraph("Source", source_line(basis))

    def finish(self, title: str, kind: PaperKind, basis: Basis) -> bytes:
        """The .docx, the same bytes for the same content."""
        return packed_docx(self._document, title, kind, basis)

    def letter_foot(self) -> None:
        """A letter's first page: the red double rule 20 mm above the lower edge, and no page number (信函格式)."""
        section = self._document.sections[0]
        section.different_first_page_header_footer = True
        border = node("pBdr", node("bottom", val="thinThickSmallGap", sz=24, space=1, color=RED))
        beyond = node("ind", left=-twips(9), right=-twips(5))
        line = paragraph_of(
            "PageNumber",
            pBdr=border,
            spacing=node("spacing", before=twips(15) - 360, line=360, lineRule="exact"),
            ind=beyond,
        )
        section.first_page_footer.is_linked_to_previous = False
        footer = section.first_page_footer._element  # noqa: SLF001 - python-docx has no other way to a footer's XML
        footer.replace(footer[0], line)

    def _set_page(self) -> None:
        for old in list(self._end):
            self._end.remove(old)
        page = self.page
        turned = {"orient": "landscape"} if page.width > page.height else {}
        size = node("pgSz", w=twips(page.width), h=twips(page.height), **turned)
        edges = {side: twips(getattr(page, side)) for side in ("top", "right", "bottom", "left")}
        foot = (
            twips(max(page.bottom - 7, 12)) - 360
        )  # the number's lower edge: 7 mm and one line below the type
        self._end.append(size)
        self._end.append(node("pgMar", **edges, header=850, footer=foot, gutter=0))
        self._end.append(node("docGrid", type="lines", linePitch=LINE))

    def _set_page_numbers(self) -> None:
        section = self._document.sections[0]
        for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
            footer.is_linked_to_previous = False
            field = node("fldSimple", run_of("1"), instr=" PAGE ")
            indent = node("ind", **{align: 280})
            number = paragraph_of(
                "PageNumber", run_of("— "), field, run_of(" —"), ind=indent, jc=node("jc", val=align)
            )
            element = footer._element  # noqa: SLF001 - python-docx has no other way to a footer's XML
            element.replace(element[0], number)
