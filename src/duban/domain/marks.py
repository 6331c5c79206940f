"""Marking a text: a stretch of source cut where marks begin and end, debris dropped, positions kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final


class MarkKind(StrEnum):
    """What a mark says about the characters under it."""

    CLAUSE = "clause"
    TARGET = "target"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Mark:
    """A span with a meaning; `ordinal` numbers clauses."""

    kind: MarkKind
    start: int
    end: int
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters under the same marks. `opens` is the number of the clause that begins here, else 0."""

    text: str
    start: int
    kinds: frozenset[MarkKind]
    opens: int = 0


DEBRIS: Final = re.compile(r"\s+(?![A-Za-z0-9])|(?<![A-Za-z0-9])\s+")


def segments(source: str, start: int, end: int, marks: Iterable[Mark]) -> tuple[Segment, ...]:
    """Cut `source[start:end]` at every mark's border.

    Blanks that are not between Latin words or numbers are debris of the print and are left out; a segment of nothing
    but debris is dropped.
    """
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    borders = {start, end, *(m.start for m in inside), *(m.end for m in inside)}
    cuts = sorted(border for border in borders if start <= border <= end)
    found = []
    for left, right in pairwise(cuts):
        if text := DEBRIS.sub("", source[left:right]):
            over = [mark for mark in inside if mark.start <= left and mark.end >= right]
            opens = next((m.ordinal for m in over if m.kind == MarkKind.CLAUSE and m.start == left), 0)
            found.append(Segment(text, left, frozenset(mark.kind for mark in over), opens))
    return tuple(found)
