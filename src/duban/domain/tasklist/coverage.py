"""Proves that nothing was lost: every character of the source in exactly one class, the rest reported as unconsumed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from duban.domain.source import Span
from duban.domain.tasklist.records import Matter, Stretch

Claim = tuple[int, int, Matter, str]
_SEPARATING = re.compile(r"[\s。；，、：！.·\-=_*•■◆▲●○>（）]+")


def partition(folded: str, claims: Iterable[Claim]) -> tuple[Stretch, ...]:
    """The claims as stretches without gap or overlap; where claims overlap, the one that begins first keeps it.

    Unclaimed punctuation and blanks separate; anything else unclaimed is unconsumed.
    """
    return tuple(_merged(_filled(folded, sorted(claims, key=lambda claim: (claim[0], -claim[1])))))


def _filled(folded: str, claims: list[Claim]) -> Iterator[Claim]:
    at = 0
    for start, end, matter, reason in claims:
        start = max(start, at)  # noqa: PLW2901
        if end <= start:
            continue
        if start > at:
            yield from _unclaimed(folded, at, start)
        yield start, end, matter, reason
        at = end
    if at < len(folded):
        yield from _unclaimed(folded, at, len(folded))


def _unclaimed(folded: str, start: int, end: int) -> Iterator[Claim]:
    """Separators at both ends; what is left in the middle, whole, is unconsumed."""
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


def _merged(claims: Iterable[Claim]) -> Iterator[Stretch]:
    held: Claim | None = None
    for claim in claims:
        if held is not None and held[2:] == claim[2:] and held[1] == claim[0]:
            held = (held[0], claim[1], held[2], held[3])
            continue
        if held is not None:
            yield Stretch(Span(held[0], held[1]), held[2], held[3])
        held = claim
    if held is not None:
        yield Stretch(Span(held[0], held[1]), held[2], held[3])
