"""A PDF knows where characters stand, not what a paragraph is: lines are joined again by the edges of their column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

NUMBERED: Final = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十百\d]{1,4}[）)、.．]|第[一二三四五六七八九十百\d]+[章节条]|[①-⑳])"
)
PAGE_NUMBER: Final = re.compile(
    r"[—–\-－―·.\s]*\d{1,4}[—–\-－―·.\s]*|第\s*\d+\s*页.{0,3}(?:共\s*\d+\s*页)?|\d+\s*[/／]\s*\d+|Page \d+( of \d+)?",
    re.IGNORECASE,
)
WORD: Final = re.compile(r"[!-~]{1,24}")
SENTENCE_END: Final = "。；：！？;:!?”）)"
BAND: Final = 0.12  # of the page's height, at its top and bottom, where running heads stand
OFTEN: Final = 0.4  # of the pages: heads of left and right pages may differ
EDGE: Final = 1.6  # characters that a full line may lack, because no line starts with a comma
INDENT: Final = 1.2
HANGING: Final = "，。、；：！？”’）》」』"  # may stand outside the right edge
GAP: Final = 3.2
TITLE: Final = 1.15


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; `em` is the width of its widest character, the measure of everything else."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    em: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box."""

    text: str
    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Column:
    """The edges between which the running text of a document stands."""

    left: float
    right: float
    em: float


def line_of(glyphs: Sequence[Glyph]) -> Line | None:
    """The line that some neighbouring characters make; gaps that stand for nothing between Chinese are closed."""
    inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
    if not inked:
        return None
    em = max(glyph.right - glyph.left for glyph in inked)
    words = [inked[0].text]
    space = False
    previous = None
    for glyph in glyphs:
        if glyph.text.isspace():
            space = previous is not None
            continue
        if previous is not None:
            wide = is_wide(previous.text) and is_wide(glyph.text)
            if (space and not wide) or (wide and glyph.left - previous.right > 0.8 * em):
                words.append(" ")
            words.append(glyph.text)
        previous, space = glyph, False
    return Line(
        "".join(words),
        min(glyph.left for glyph in inked),
        max(glyph.right for glyph in inked),
        min(glyph.bottom for glyph in inked),
        max(glyph.top for glyph in inked),
        em,
    )


def is_wide(character: str) -> bool:
    """Chinese characters and punctuation, between which a line break means nothing."""
    return character >= "\u2e80" or character in "“”‘’—…·"


def has_wide(text: str) -> bool:
    """Whether the widest character of a line is one, so that sizes can be compared."""
    return any(is_wide(character) for character in text)


def joined(before: str, after: str) -> str:
    """Two lines as one: a blank only between words of an alphabet."""
    if not before or not after:
        return before + after
    narrow = not is_wide(before[-1]) and not is_wide(after[0])
    return before + (" " if narrow and not (before[-1].isdigit() and after[0].isdigit()) else "") + after


def column_of(lines: Iterable[Line]) -> Column:
    """The outermost edges that at least two lines share."""
    lines = list(lines)
    lefts = Counter(round(line.left / 2) for line in lines)
    inside = [line for line in lines if line.text[-1] not in HANGING] or lines
    rights = Counter(round(line.right / 2) for line in inside)
    shared_left = [edge for edge, count in lefts.items() if count > 1] or list(lefts)
    shared_right = [edge for edge, count in rights.items() if count > 1] or list(rights)
    ems = Counter(round(line.em, 1) for line in lines)
    em = ems.most_common(1)[0][0] if ems else 0
    return Column(min(shared_left, default=0) * 2, max(shared_right, default=0) * 2, em)


def continues(before: Line, after: Line, column: Column, *, same_page: bool) -> bool:
    """Whether `after` goes on with the paragraph of `before`."""
    em = before.em
    full = before.right + _unbreakable(after) >= column.right - EDGE * em
    other_size = has_wide(before.text) and has_wide(after.text) and abs(after.em - em) > 0.2 * em
    if not full or other_size:
        return False
    if same_page and not 0 < before.bottom - after.bottom < GAP * em:
        return False
    ended = before.text[-1] in SENTENCE_END
    if ended and NUMBERED.match(after.text):
        return False
    if em > TITLE * column.em and not ended:  # a title is centred, so its second line starts anywhere
        return True
    flush = after.left <= column.left + INDENT * em
    return flush or (not ended and abs(after.left - before.left) < em / 2 and not NUMBERED.match(after.text))


def _unbreakable(line: Line) -> float:
    """The width of the number or word that a line begins with: it did not fit into the line before."""
    token = WORD.match(line.text)
    return len(token.group()) * line.em / 2 if token and not NUMBERED.match(line.text) else 0.0


def furniture(pages: Sequence[tuple[float, Sequence[Line]]]) -> list[set[int]]:
    """For each page (height, lines) the indexes of its running heads and page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for height, lines in pages:
        seen.update({_mark(line) for line in lines if _in_band(line, height)})
    needed = max(2, OFTEN * len(pages))
    return [
        {
            index
            for index, line in enumerate(lines)
            if _in_band(line, height)
            and (PAGE_NUMBER.fullmatch(line.text) or any(seen[mark] >= needed for mark in _nearby(line)))
        }
        for height, lines in pages
    ]


def _mark(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.bottom / 5)


def _nearby(line: Line) -> list[tuple[str, int]]:
    text, place = _mark(line)
    return [(text, place + shift) for shift in (-1, 0, 1)]


def _in_band(line: Line, height: float) -> bool:
    return line.bottom > height * (1 - BAND) or line.top < height * BAND
