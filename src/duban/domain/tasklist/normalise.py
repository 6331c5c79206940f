"""One reading form for matching, and one display form for records, without ever losing the place in the source.

`fold` replaces characters one for one, so a position in the folded text is the same position in the source: the
offset map is the identity. Blanks are never removed from the text that is searched, only from what is cut out.
"""

from __future__ import annotations

import re
from functools import cache

BLANK = " "

_OPENING = "(［[〔【｛{〈﹝"
_CLOSING = ")］]〕】｝}〉﹞"
_INVISIBLE = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202f\u205f\u2060\u3000\ufeff\r\v\f"


@cache
def _table() -> dict[int, str]:
    table = {ord(c): "（" for c in _OPENING}
    table |= {ord(c): "）" for c in _CLOSING}
    table |= {ord(c): BLANK for c in _INVISIBLE}
    table |= {0xFF10 + n: str(n) for n in range(10)}
    table |= {ord(a): b for a, b in zip(",:;?!﹐﹑﹔﹕､", "，：；？！，、；：、", strict=True)}
    table |= {ord("．"): ".", ord("："): "：", ord("﹒"): "."}
    return table


@cache
def _other_forms() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(map(chr, _table())))}]")


def fold(text: str) -> str:
    """The text with brackets, digits, punctuation and blanks in one form; the same length, character by character."""
    table = _table()
    return _other_forms().sub(lambda match: table[ord(match[0])], text)


@cache
def _hidden() -> re.Pattern[str]:
    return re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")


_WORDS = re.compile(r"([A-Za-z])\s+(?=[A-Za-z])")


def clean(text: str) -> str:
    """What a record shows: the cut-out text without blanks and line breaks; Latin words stay apart."""
    pieces = text.split()
    shown = "".join(pieces)
    if not shown.isprintable():  # hidden characters are not, and few texts hold any
        text = _hidden().sub("", text)
        pieces = text.split()
        shown = "".join(pieces)
    if len(pieces) > 1 and _WORDS.search(text):
        return "".join(_WORDS.sub("\\1\0", text).split()).replace("\0", " ")
    return shown


def trim(folded: str, start: int, end: int) -> tuple[int, int]:
    """The same range without the blanks at its ends."""
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    return start, end
