"""Cuts a task's text into sentences, comma segments and brackets in one pass, and finds every measured number in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from duban.domain.source import Span, spanning
from duban.domain.tasklist import targets_vocabulary as words

if TYPE_CHECKING:
    from collections.abc import Iterable

_OTHERS = "０１２３４５６７８９．(),:;?!"
_OTHER = re.compile(f"[{_OTHERS}]")
_FOLD = str.maketrans(_OTHERS, "0123456789.（），：；？！")
_CHINESE = "〇零一二两三四五六七八九十百千万亿"
_OPENING, _CLOSING = "（[【", "）]】"
_SENTENCE_ENDS, _STOPS = "。！？", "。！？，；："
_DEEPEST = 8
_REACH = 160
_QUOTES = ("“”", "《》", "〈〉", "「」", "『』", "〔〕", "‘’", '""')


class Squashed(NamedTuple):
    """A task's text without whitespace, folded to one width, with the way back to the source.

    Where whitespace was left out, `starts` are the places in the text at which a printed piece begins, and `shifts` how
    far on the same pieces stand in the source.
    """

    printed: str
    text: str
    start: int
    starts: list[int]
    shifts: list[int]

    def span(self, start: int, end: int) -> Span:
        """Source span of the non-empty range [start, end) of the squashed text."""
        starts, shifts = self.starts, self.shifts
        if not starts:
            return spanning((self.start + start, self.start + end))
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        return spanning((start + shifts[first], end + shifts[last]))


class Segment:
    """A stretch between commas or stops. `opener` is the segment that a bracketed one interrupts."""

    __slots__ = ("before", "end", "ends_sentence", "numbers", "opener", "start", "stop")

    def __init__(self, start: int, opener: Segment | None = None, before: Segment | None = None) -> None:
        self.start = start
        self.end = 0
        self.ends_sentence = False
        self.stop = ""
        self.opener = opener
        self.before = before
        self.numbers: list[re.Match[str]] = []

    def reach(self, at: int) -> tuple[int, int]:
        """Give the part of the segment that is read with a number at `at`: all of it in any text that people write."""
        return max(self.start, at - _REACH), min(self.end, at + _REACH)


@lru_cache(maxsize=2)
def squash(source: str, span: Span, /) -> Squashed:
    """Give the text at `span` with every whitespace character removed and digits and punctuation folded, one for one."""
    start = max(0, span.start)
    raw = source[start : max(start, span.end)]
    pieces = raw.split()
    printed = "".join(pieces)
    starts: list[int] = []
    shifts: list[int] = []
    if len(printed) != len(raw):
        length = at = 0
        for piece in pieces:
            at = raw.index(piece, at)
            starts.append(length)
            shifts.append(start + at - length)
            length += len(piece)
            at += len(piece)
    return Squashed(printed, _folded(printed), start, starts, shifts)


def _folded(printed: str) -> str:
    """One width for the few signs that matter; most texts print none of the others, and need no copy."""
    return printed.translate(_FOLD) if _OTHER.search(printed) else printed


@lru_cache(maxsize=2)
def segments(text: str, /) -> tuple[Segment, ...]:
    """Every segment of a squashed text in the order of their ends: a bracketed one before the one it interrupts.

    The last text is remembered, because targets and clauses read the same one; callers do not change a segment.
    """
    return tuple(_segments(text))


def _segments(text: str) -> Iterable[Segment]:
    """Look only where a token can begin, which is twice as fast as searching for tokens; a stop or bracket is its sign."""
    done: list[Segment] = []
    stack = [Segment(0)]
    match, reached = _tokens().match, 0
    for place in _places().finditer(text):
        at, sign = place.start(), place[0]
        if at < reached:
            continue
        if sign in _STOPS:
            done.append(_cut(stack, at, sign))
        elif sign in _OPENING:
            if len(stack) < _DEEPEST:
                stack.append(Segment(at + 1, opener=stack[-1]))
        elif sign in _CLOSING:
            if len(stack) > 1:
                done.append(_closed(stack.pop(), at))
        elif found := match(text, at):
            reached = found.end()
            if _measures(found):
                stack[-1].numbers.append(found)
    done += [_closed(last, len(text)) for last in reversed(stack)]
    return done


def _measures(found: re.Match[str]) -> bool:
    """Quotes only hide what they hold, and a number without a measure counts nothing."""
    kind = found.lastgroup
    if kind != "number":
        return kind != "quote"
    return bool(found["unit"]) or found["low"].startswith("百分之")


def _closed(last: Segment, end: int) -> Segment:
    last.end, last.ends_sentence = end, True
    return last


def _cut(stack: list[Segment], at: int, stop: str) -> Segment:
    last = stack[-1]
    last.end, last.stop = at, stop
    last.ends_sentence = stop in _SENTENCE_ENDS
    stack[-1] = Segment(at + 1, last.opener, None if last.ends_sentence else last)
    return last


@cache
def _places() -> re.Pattern[str]:
    first = "".join(pair[0] for pair in _QUOTES) + _OPENING + _CLOSING + _STOPS + "零实完"
    return re.compile(rf"[0-9{re.escape(first)}{_CHINESE}]")


@cache
def _tokens() -> re.Pattern[str]:
    """One pattern for everything but stops and brackets; every repeat is bounded, so hostile text costs linear time."""
    measure = "|".join(sorted(map(re.escape, words.MEASURES), key=len, reverse=True))
    after = "|".join(sorted(map(re.escape, words.AFTER), key=len, reverse=True))
    arabic = r"[0-9]{1,3}(?:，[0-9]{3})+(?:\.[0-9]{1,6})?|[0-9]{1,12}(?:\.[0-9]{1,6})?"
    rough = f"[{words.ROUGH}]"
    quotes = "|".join(f"{pair[0]}[^{pair}]{{0,80}}{pair[1]}" for pair in _QUOTES)
    low = rf"(?<![0-9.])(?P<low>{arabic}|百分之[{_CHINESE}]{{1,9}}|[{_CHINESE}]{{1,12}})"
    high = rf"(?:[%％]?(?:[-—–―~～－]{{1,2}}|至|到)(?P<high>{arabic}))?"
    scaled = rf"(?P<rough>{rough})?(?P<scale>[百千万亿]{{0,3}})(?P<rough2>{rough})?(?P<unit>{measure})"
    kinds = (
        rf"“?(?P<zero>{words.ZERO_GROWTH})”?",
        rf"(?:实现|完成)[^，。；“”]{{0,6}}“?(?P<cleared>{words.CLEARED})”?",
        rf"(?P<quote>{quotes})",
        rf"{low}{high}(?:{scaled}(?:（[^（），。]{{1,3}}）)?)?(?P<after>{after})?(?P<number>)",
    )
    return re.compile("|".join(kinds))
