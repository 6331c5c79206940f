"""The class of every character while a draft is edited: one byte for each character, so that nothing can fall between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from duban.domain.source import Span
from duban.domain.tasklist.coverage import partition
from duban.domain.tasklist.records import Matter, Stretch

OURS: Final = frozenset({Matter.TASK, Matter.LABEL, Matter.HEADING})


class Cover:
    """The classes of a text. Each character has exactly one at any time; at most 250 classes and reasons."""

    def __init__(self, stretches: Sequence[Stretch], characters: int) -> None:
        self._classes: list[tuple[Matter, str]] = []
        self._codes: dict[tuple[Matter, str], int] = {}
        self._given = tuple(stretches)
        self._bytes = bytearray(characters)
        self._painted = False
        for stretch in stretches:
            self._fill(stretch.span, stretch.matter, stretch.reason)

    def _fill(self, span: Span, matter: Matter, reason: str) -> None:
        code = self._codes.setdefault((matter, reason), len(self._classes))
        if code == len(self._classes):
            self._classes.append((matter, reason))
        self._bytes[span.start : span.end] = bytes([code]) * (span.end - span.start)

    def paint(self, span: Span, matter: Matter, reason: str = "") -> None:
        """Give a range its class; what it was before is overwritten."""
        if span.end > span.start:
            self._painted = True
            self._fill(span, matter, reason)

    def free(self, span: Span, folded: str) -> None:
        """A range no longer belongs to anything: stops and blanks separate, the rest is unconsumed."""
        for stretch in partition(folded[span.start : span.end], ()):
            start, end = stretch.span
            self.paint(Span(start + span.start, end + span.start), stretch.matter)

    def taken(self, span: Span) -> bool:
        """Whether any character of a range belongs to a task, a label or a heading."""
        return any(self._classes[code][0] in OURS for code in set(self._bytes[span.start : span.end]))

    def stretches(self) -> tuple[Stretch, ...]:
        """The classes as stretches without gap or overlap."""
        return tuple(self._runs()) if self._painted else self._given

    def _runs(self) -> Iterator[Stretch]:
        at = 0
        for code, run in groupby(self._bytes):
            end = at + sum(1 for _ in run)
            yield Stretch(Span(at, end), *self._classes[code])
            at = end
