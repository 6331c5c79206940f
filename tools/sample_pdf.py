"""The sample as .pdf, set like a gazette: page headers, page numbers and lines cut in mid-sentence come from there."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfgen.canvas import Canvas

from sample_data import LABEL, SEPARATOR, Sample

if TYPE_CHECKING:
    from collections.abc import Iterator

FONT: Final = "STSong-Light"
SIZE: Final = 12.0
LEADING: Final = 21.0
LEFT: Final = 78.0
TOP: Final = 90.0
BOTTOM: Final = 80.0
UNBROKEN: Final = re.compile(r"[0-9A-Za-z.%/-]+|.")
NEVER_FIRST: Final = frozenset("，。、；：）”》%‰")


def gazette(sample: Sample) -> bytes:
    """Set the pages."""
    registerFont(UnicodeCIDFont(FONT))
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(sample.title)
    canvas.setAuthor(sample.issuer)
    page = _Page(canvas, f"云江市人民政府公报　{sample.issued_on.year}年第2期")
    for text, style in _paragraphs(sample):
        page.paragraph(text, style)
    page.finish()
    canvas.save()
    return buffer.getvalue()


def _paragraphs(sample: Sample) -> Iterator[tuple[str, str]]:
    notice = sample.notice
    yield notice.heading, "title"
    yield sample.document_number, "centre"
    yield notice.addressees, "flush"
    for text in notice.paragraphs[1:]:
        yield text, "indent"
    yield notice.signature, "right"
    yield notice.signed, "right"
    yield notice.note, "indent"
    yield sample.title, "title"
    path = ("", "")
    for task in sample.tasks:
        if task.path[0] != path[0]:
            yield task.path[0], "indent"
        if task.path != path:
            yield task.path[1], "indent"
        path = task.path
        yield f"{task.number}.{task.text}", "indent"
        yield LABEL + SEPARATOR.join(task.units), "indent"
    yield notice.printing, "flush"


class _Page:
    """The place on the page where the next line goes."""

    def __init__(self, canvas: Any, header: str) -> None:
        self._canvas = canvas
        self._header = header
        self._number = 0
        self._width = A4[0] - 2 * LEFT
        self._y = 0.0

    def paragraph(self, text: str, style: str) -> None:
        """Set a paragraph, line by line, over as many pages as it needs."""
        size = SIZE + 4 if style == "title" else SIZE
        indent = 2 * size if style == "indent" else 0.0
        for number, line in enumerate(_lines(text, size, self._width, indent)):
            if self._y < BOTTOM:
                self._turn()
            shift = indent if number == 0 else 0.0
            free = self._width - stringWidth(line, FONT, size)
            shift = {"title": free / 2, "centre": free / 2, "right": free - 2 * size}.get(style, shift)
            self._canvas.setFont(FONT, size)
            self._canvas.drawString(LEFT + shift, self._y, line)
            self._y -= LEADING

    def finish(self) -> None:
        """Close the last page."""
        self._canvas.showPage()

    def _turn(self) -> None:
        if self._number:
            self._canvas.showPage()
        self._number += 1
        self._canvas.setFont(FONT, 9)
        self._canvas.drawCentredString(A4[0] / 2, A4[1] - 56, self._header)
        self._canvas.line(LEFT, A4[1] - 62, A4[0] - LEFT, A4[1] - 62)
        self._canvas.setFont(FONT, 10)
        self._canvas.drawCentredString(A4[0] / 2, 48, f"— {self._number} —")
        self._y = A4[1] - TOP


def _lines(text: str, size: float, width: float, indent: float) -> Iterator[str]:
    """Lines as wide as the page, cut wherever it ends, but not inside a number; closing punctuation hangs over."""
    line, room = "", width - indent
    for piece in UNBROKEN.findall(text):
        step = stringWidth(piece, FONT, size)
        if step > room and piece not in NEVER_FIRST:
            yield line
            line, room = "", width
        line += piece
        room -= step
    yield line
