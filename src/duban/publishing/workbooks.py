"""What the workbooks among the papers share: no formulas or links out of texts, no clock, the mark in the properties."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Final

from duban.publishing.contents import Basis, PaperKind
from duban.publishing.docx_parts import repacked
from duban.publishing.paper_marks import MARK_NAME, mark_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook

A3: Final = 8
A4: Final = 9


def new_book(target: BytesIO, title: str, kind: PaperKind, basis: Basis) -> Workbook:
    """An empty workbook whose bytes `finished_book` gives."""
    import xlsxwriter  # heavy, and only a request for a workbook needs it

    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    mark = mark_text(kind, basis)
    created = datetime.combine(basis.on, time())
    book.set_properties({"title": title, "author": basis.issuer, "keywords": mark, "created": created})
    if len(mark) <= 255:
        book.set_custom_property(MARK_NAME, mark, "text")
    return book


def finished_book(book: Workbook, target: BytesIO) -> bytes:
    """The .xlsx, the same bytes for the same content."""
    book.close()
    return repacked(target.getvalue())
