"""Cuts a task's text into sentences, comma segments and brackets in one pass, and finds every measured number in it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from duban.domain.source import Span
from duban.domain.tasklist import targets_vocabulary as words

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLD = str.maketrans("０１２３４５６７８９．(),:;?!", "0123456789.（），：；？！")
_CHINESE = "〇零一二两三四五六七八九十百千万亿"
_OPENING, _CLOSING = "（[【", "）]】"
_SENTENCE_ENDS = "。！？"
_DEEPEST = 8
_REACH = 160
_WORDS = re.compile(r"\S+")
_QUOTES = ("“”", "《》", "〈〉", "「」", "『』", "〔〕", "‘’", '""')


class Squashed(NamedTuple):
    """A task's text without whitespace, folded to one width, with the way back to the source."""

    printed: str
    text: str
    start: int
    offsets: tuple[int, ...] | None

    def span(self, start: int, end: int) -> Span:
        """Source span of the non-empty range [start, end) of the squashed text."""
        if self.offsets is None:
            return Span(self.start + start, self.start + end)
        return Span(self.offsets[start], self.offsets[end - 1] + 1)


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
    printed = "".join(raw.split())
    offsets = None
    if len(printed) != len(raw):
        offsets = tuple(
            chain.from_iterable(range(start + m.start(), start + m.end()) for m in _WORDS.finditer(raw))
        )
    return Squashed(printed, printed.translate(_FOLD), start, offsets)


@lru_cache(maxsize=2)
def segments(text: str, /) -> tuple[Segment, ...]:
    """Every segment of a squashed text in the order of their ends: a bracketed one before the one it interrupts.

    The last text is remembered, because targets and clauses read the same one; callers do not change a segment.
    """
    return tuple(_segments(text))


def _segments(text: str) -> Iterator[Segment]:
    stack = [Segment(0)]
    for found in _found(text):
        kind = found.lastgroup
        if kind == "stop":
            yield _cut(stack, found)
        elif kind == "open":
            if len(stack) < _DEEPEST:
                stack.append(Segment(found.end(), opener=stack[-1]))
        elif kind == "close":
            if len(stack) > 1:
                last = stack.pop()
                last.end, last.ends_sentence = found.start(), True
                yield last
        elif kind != "quote":
            stack[-1].numbers.append(found)
    while stack:
        last = stack.pop()
        last.end, last.ends_sentence = len(text), True
        yield last


def _found(text: str) -> Iterator[re.Match[str]]:
    """Match the tokens in order; looking only where one can begin is twice as fast as searching for them."""
    match, reached = _tokens().match, 0
    for place in _places().finditer(text):
        if place.start() >= reached and (found := match(text, place.start())):
            reached = found.end()
            yield found


def _cut(stack: list[Segment], found: re.Match[str]) -> Segment:
    last = stack[-1]
    last.end, last.stop = found.start(), found[0]
    last.ends_sentence = found[0] in _SENTENCE_ENDS
    stack[-1] = Segment(found.end(), opener=last.opener, before=None if last.ends_sentence else last)
    return last


@cache
def _places() -> re.Pattern[str]:
    first = "".join(pair[0] for pair in _QUOTES) + _OPENING + _CLOSING + "。！？，；：零实完"
    return re.compile(rf"[0-9{re.escape(first)}{_CHINESE}]")


@cache
def _tokens() -> re.Pattern[str]:
    """One pattern for everything that matters; every repeat is bounded, so hostile text costs linear time."""
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
        r"(?P<stop>[。！？，；：])",
        rf"(?P<open>[{re.escape(_OPENING)}])",
        rf"(?P<close>[{re.escape(_CLOSING)}])",
        rf"{low}{high}(?:{scaled}(?:（[^（），。]{{1,3}}）)?)?(?P<after>{after})?(?P<number>)",
    )
    return re.compile("|".join(kinds))
