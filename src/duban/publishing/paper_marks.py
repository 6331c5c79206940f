"""Every paper says in its properties which one it is, so that `duban verify-paper` can write it again and compare."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from lxml import etree

from duban.documents.readers.docx import read_docx
from duban.documents.readers.limits import Limits, UnreadableFile, unreadable
from duban.documents.readers.package import Package, local
from duban.documents.readers.sheets import read_sheets
from duban.domain.source import Block, SourceText
from duban.publishing.contents import Basis, PaperKind

MARK_NAME: Final = "DubanPaper"
LIMITS: Final = Limits(
    bytes=20_000_000, cells=200_000, members=500, unzipped_bytes=100_000_000, characters=5_000_000
)
FORM: Final = 3  # raised whenever the writers word or lay out a paper differently
MARK: Final = re.compile(
    r"duban:(?P<form>[0-9]{1,4}):(?P<kind>[a-z_]+):(?P<snapshot>[0-9A-Za-z]*):(?P<key>[0-9A-Za-z%_.~/-]*)"
)
DOCX: Final = "word/document.xml"
XLSX: Final = "xl/workbook.xml"
SHOWN_DIFFERENCES: Final = 200
ALIGNED: Final = 3_000  # texts; the alignment costs the square of it


class PaperMark(NamedTuple):
    """Which paper a file is: its kind, the hash of its data sheet, the caller's key, and the form that its writers had."""

    kind: PaperKind
    snapshot: str
    key: str
    form: int = FORM


def mark_text(kind: PaperKind, basis: Basis) -> str:
    """The mark as it stands in the file; without spaces or commas, because office programs split key words there."""
    return f"duban:{FORM}:{kind.value}:{basis.snapshot}:{quote(basis.key)}"


def identify(data: bytes) -> PaperMark | None:
    """The mark of a .docx or .xlsx, also after another program saved it; None for any file that is not one of our papers.

    Raises `UnreadableFile` for a zip that is unsafe to open (too large inside, encrypted, macros, entities).
    """
    if not data.startswith(b"PK"):
        return None
    package = _package(data)
    for part in ("docProps/core.xml", "docProps/custom.xml"):
        if part in package and (mark := _mark_in(package.xml(part))) is not None:
            return mark
    return None


def same_paper(a: bytes, b: bytes) -> tuple[str, ...]:
    """Every place where two papers say something different: () when they are the same paper.

    Texts are compared paragraph by paragraph and cell by cell, blanks aside; layout, fonts and page headers are not, so that a paper
    that WPS or LibreOffice saved again is still the same. Raises `UnreadableFile`.
    """
    first, second = _format_of(a), _format_of(b)
    if first != second:
        return (f"文件格式：「{first}」≠「{second}」",)
    if first == "docx":
        return _compare(_places(read_docx(a, LIMITS)), _places(read_docx(b, LIMITS)))
    return _compare(_places(read_sheets(a, LIMITS)), _places(read_sheets(b, LIMITS)))


def _package(data: bytes) -> Package:
    if len(data) > LIMITS.bytes:
        raise unreadable("too_big", limit=LIMITS.megabytes)
    return Package(data, LIMITS)


def _mark_in(properties: etree._Element) -> PaperMark | None:
    for element in properties.iter():
        if local(element) in {"keywords", "lpwstr"}:
            found = MARK.fullmatch((element.text or "").strip())
            if found and found["kind"] in set(PaperKind):
                return PaperMark(
                    PaperKind(found["kind"]), found["snapshot"], unquote(found["key"]), int(found["form"])
                )
    return None


def _format_of(data: bytes) -> str:
    package = _package(data) if data.startswith(b"PK") else None
    if package is not None and DOCX in package:
        return "docx"
    if package is not None and XLSX in package:
        return "xlsx"
    raise unreadable("damaged")


class _Place(NamedTuple):
    """A text and where it stands."""

    where: str
    text: str


def _places(source: SourceText) -> list[_Place]:
    paragraphs = 0
    found: list[_Place] = []
    for block in source.blocks:
        text = "".join(source.text[block.start : block.end].split())
        if not text:
            continue
        paragraphs += not block.table
        found.append(_Place(_where(block, paragraphs), text))
    return found


def _where(block: Block, paragraphs: int) -> str:
    if not block.table:
        return f"第{paragraphs}段"
    table = f"工作表“{block.sheet}”" if block.sheet else f"表{block.table}"
    return f"{table}第{block.row}行第{block.column}列"


def _compare(first: list[_Place], second: list[_Place]) -> tuple[str, ...]:
    """Running text in its order, so that one paragraph more does not shift all; long tables by their places."""
    differences = (
        _by_place(first, second) if max(len(first), len(second)) > ALIGNED else _aligned(first, second)
    )
    return tuple(differences[:SHOWN_DIFFERENCES])


def _by_place(first: list[_Place], second: list[_Place]) -> list[str]:
    before, after = {place.where: place for place in first}, {place.where: place for place in second}
    pairs = [(before.get(where), after.get(where)) for where in before | after]
    return [_difference(a, b) for a, b in pairs if (a and a.text) != (b and b.text)]


def _aligned(first: list[_Place], second: list[_Place]) -> list[str]:
    matcher = SequenceMatcher(None, [p.text for p in first], [p.text for p in second], autojunk=False)
    differences: list[str] = []
    for step, start, end, other_start, other_end in matcher.get_opcodes():
        if step == "equal":
            continue
        pairs = zip_longest(first[start:end], second[other_start:other_end])
        differences += [_difference(before, after) for before, after in pairs]
    return differences


def _difference(before: _Place | None, after: _Place | None) -> str:
    place = before or after
    assert place is not None
    return f"{place.where}：「{before.text if before else ''}」≠「{after.text if after else ''}」"


__all__ = ["MARK_NAME", "PaperMark", "UnreadableFile", "identify", "mark_text", "same_paper"]
