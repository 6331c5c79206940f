"""Plain text, the form in which most lists are pasted: decoded in this process, because it needs no library."""

from __future__ import annotations

import codecs
import re
from typing import Final

from duban.documents.readers.limits import Limits, unreadable
from duban.domain.source import Block, BlockKind, SourceText

NEWLINES: Final = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
LINES: Final = re.compile(r"[^\n]+")
CONTROLS: Final = re.compile("[\x01-\x08\x0e-\x1f]")
BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DAMAGED: Final = 20  # so many whole characters for one broken: UTF-8 with a hole, not another encoding


def read_text(data: bytes, limits: Limits) -> SourceText:
    """The file's characters as they stand, each line that is not blank a paragraph."""
    text = unify(decode(data))
    if len(text) > limits.characters:
        raise unreadable("too_many_characters", limit=limits.characters)
    if len(CONTROLS.findall(text)) * 50 > len(text):
        raise unreadable("not_text")
    if not text.strip():
        raise unreadable("empty")
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, line.start(), line.end())
        for line in LINES.finditer(text)
        if not line.group().isspace()
    )
    return SourceText(text, blocks, reader="text", reader_version="1")


def unify(text: str) -> str:
    """One kind of newline, no NUL: what the spans of every reader count."""
    text = text.replace("\0", "")
    for newline in NEWLINES:
        text = text.replace(newline, "\n")
    return text


def decode(data: bytes) -> str:
    """Byte-order mark, else strict UTF-8, else GB18030; a guess that would garble the text is refused."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strictly(data[len(bom) :], encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_broken_utf8(data, error)
    return _strictly(data, "gb18030")


def _refuse_broken_utf8(data: bytes, error: UnicodeDecodeError) -> None:
    """UTF-8 with a bad spot often also is valid GB18030, and would come out as nonsense."""
    text = data.decode("utf-8", "replace")
    whole = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    if whole <= DAMAGED * text.count("\ufffd"):
        return
    if error.reason == "unexpected end of data":
        raise unreadable("truncated") from error
    raise unreadable("encoding") from error


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        cut = error.end >= len(data) and error.reason in {"incomplete multibyte sequence", "truncated data"}
        raise unreadable("truncated" if cut else "encoding") from error
