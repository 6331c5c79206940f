"""Proves that nothing was lost: every character of the source in exactly one class, the rest reported as unconsumed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from duban.domain.source import spanning
from duban.domain.tasklist.records import Matter, Stretch

Claim = tuple[int, int, Matter, str]
_USUAL = " \t\n。；，、：！（）"
_SEPARATING = re.compile(r"[\s。；，、：！.·\-=_*•■◆▲●○>（）]+")


def partition(folded: str, claims: Iterable[Claim]) -> tuple[Stretch, ...]:
    """The claims as stretches without gap or overlap; where claims overlap, the one that begins first keeps it.

    Unclaimed punctuation and blanks separate; anything else unclaimed is unconsumed.
    """
    ordered = sorted(claims, key=itemgetter(1), reverse=True)
    ordered.sort(key=itemgetter(0))  # by their starts; of those that begin together, the longest first
    return tuple(_merged(_filled(folded, ordered)))


def _filled(folded: str, claims: Sequence[Claim]) -> list[Claim]:
    filled: list[Claim] = []
    at = 0
    for claim in claims:
        start, end, matter, reason = claim
        if end <= at or end <= start:
            continue
        if start > at:
            filled += _unclaimed(folded, at, start)
        filled.append(claim if start >= at else (at, end, matter, reason))
        at = end
    if at < len(folded):
        filled += _unclaimed(folded, at, len(folded))
    return filled


def _unclaimed(folded: str, start: int, end: int) -> Iterator[Claim]:
    """Separators at both ends; what is left in the middle, whole, is unconsumed."""
    if not folded[start:end].strip(_USUAL):
        yield start, end, Matter.SEPARATOR, ""
        return
    lead = _SEPARATING.match(folded, start, end)
    left = lead.end() if lead else start
    if left >= end:
        yield start, end, Matter.SEPARATOR, ""
        return
    right = end
    while right > left and _SEPARATING.match(folded, right - 1, right):
        right -= 1
    if left > start:
        yield start, left, Matter.SEPARATOR, ""
    yield left, right, Matter.UNCONSUMED, ""
    if right < end:
        yield right, end, Matter.SEPARATOR, ""


def _merged(claims: Sequence[Claim]) -> Iterator[Stretch]:
    begin = done = 0
    held: tuple[Matter, str] | None = None
    for start, end, matter, reason in claims:
        if held is None or held[0] is not matter or held[1] != reason:
            if held is not None:
                yield Stretch(spanning((begin, done)), *held)
            begin, held = start, (matter, reason)
        done = end
    if held is not None:
        yield Stretch(spanning((begin, done)), *held)
