"""Cuts each task out of the tree: its number, its text, the assignments that bind it, and what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from duban.domain.tasklist.assignments import Zone
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.normalise import trim
from duban.domain.tasklist.outline import ITEM, SECTION, SUBITEM
from duban.domain.tasklist.records import Finding
from duban.domain.tasklist.structure import Node

NEAR = 80
_SEPARATORS = " \t\n。；，、.！"


class Draft(NamedTuple):
    """A task before its assignments are read; `rest` is text after its last assignment."""

    number: str
    path: tuple[Node, ...]
    start: int
    text: tuple[int, int]
    zones: tuple[Zone, ...]
    rest: tuple[int, int]
    value: int = 0
    rank: int = ITEM
    number_span: tuple[int, int] | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def end(self) -> int:
        """The end of the units, or of the text when it has none."""
        return max(self.text[1], self.zones[-1].end if self.zones else 0)


class Cutter:
    """Cuts the tasks of one document."""

    def __init__(self, source: str, folded: str) -> None:
        self.source = source
        self.folded = folded
        self.drafts: list[Draft] = []

    def cut(self, roots: Sequence[Node]) -> list[Draft]:
        """A draft for every task node, in printed order, with lost numbers restored where the text proves them."""
        for root in roots:
            for node in root.walk():
                if node.role == "task":
                    self.drafts.append(self._draft(node))
        if self._assignment_first():
            self.drafts = [self._whole(draft) for draft in self.drafts]
        return list(self._recovered())

    def _draft(self, node: Node) -> Draft:
        zones = tuple(zone for each in node.walk() for zone in each.zones)
        marker = node.marker
        text_end, rest = self._bounds(node.end, zones)
        path: list[Node] = []
        up = node.parent
        while up is not None:
            path.insert(0, up)
            up = up.parent
        number = marker.label
        if (
            marker.rank in (SECTION, SUBITEM)
            or number not in self.folded[marker.start : marker.start + len(number)]
        ):
            number = "".join(self.source[marker.start : marker.end].split()).rstrip(".、．：:")
        text = trim(self.folded, marker.end, text_end)
        return Draft(number, tuple(path), marker.start, text, zones, rest, marker.value, marker.rank)

    def _bounds(self, end: int, zones: Sequence[Zone]) -> tuple[int, tuple[int, int]]:
        """Where the text ends (before the last run of assignments), and what stands after the last one."""
        if not any(zone.of_units for zone in zones):
            return (zones[0].start if zones else end), ((zones[-1].end, end) if zones else (end, end))
        first = len(zones) - 1
        while first > 0 and not self._between(zones[first - 1].end, zones[first].start):
            first -= 1
        return zones[first].start, (zones[-1].end, end)

    def _between(self, start: int, end: int) -> bool:
        """Whether anything but separators stands in a range."""
        return bool(self.folded[start:end].strip(_SEPARATORS))

    def groups(self, draft: Draft) -> list[list[Zone]]:
        """The runs of assignments with text between them."""
        runs: list[list[Zone]] = []
        for zone in (zone for zone in draft.zones if zone.of_units):
            if runs and not self._between(runs[-1][-1].end, zone.start):
                runs[-1].append(zone)
            else:
                runs.append([zone])
        return runs

    def _assignment_first(self) -> bool:
        """Whether this list prints the units right after the lead sentence and the text after them."""
        assigned = [draft for draft in self.drafts if draft.zones]
        early = sum(
            1
            for draft in assigned
            if draft.zones[0].start - draft.start < NEAR
            and len(self.folded[slice(*draft.rest)].strip(_SEPARATORS)) >= 12
        )
        return len(assigned) > 1 and early * 2 > len(assigned)

    def _whole(self, draft: Draft) -> Draft:
        start, end = trim(self.folded, *draft.rest)
        if end - start < 2:
            return draft
        return draft._replace(text=(draft.text[0], end), rest=(end, end))

    def _recovered(self) -> Iterator[Draft]:
        for index, draft in enumerate(self.drafts):
            following = self.drafts[index + 1] if index + 1 < len(self.drafts) else None
            runs = self.groups(draft)
            missing = 0
            if following is not None and following.rank == draft.rank:
                missing = following.value - draft.value - 1
            if draft.rank == ITEM and missing >= 1 and 1 < len(runs) <= missing + 1:
                yield from self._split(draft, runs)
            elif len(runs) > 1:
                found = doubt("several_assignments", draft.start, draft.end, draft.number, count=len(runs))
                yield draft._replace(findings=(*draft.findings, found))
            else:
                yield draft

    def _split(self, draft: Draft, runs: list[list[Zone]]) -> Iterator[Draft]:
        """As many assignments as numbers are missing: the numbers were lost, not the tasks."""
        start, text_start = draft.start, draft.text[0]
        for offset, run in enumerate(runs):
            last = offset == len(runs) - 1
            text = trim(self.folded, text_start, run[0].start)
            while offset and text[0] < text[1] and self.folded[text[0]] in _SEPARATORS:
                text = (text[0] + 1, text[1])
            number = str(draft.value + offset)
            doubts = (doubt("number_inferred", text[0], text[1], number, number=number),) if offset else ()
            yield draft._replace(
                number=number if offset else draft.number,
                value=draft.value + offset,
                start=text[0] if offset else start,
                text=text,
                zones=tuple(run),
                rest=draft.rest if last else (run[-1].end, run[-1].end),
                findings=doubts,
            )
            text_start = run[-1].end


def unnumbered(folded: str, zones: Sequence[Zone], start: int) -> list[Draft]:
    """Tasks of a list without numbers: the paragraph before each run of assignments."""
    drafts: list[Draft] = []
    run: list[Zone] = []
    at = start
    for zone in (*zones, None):
        if zone is not None and zone.start < start:
            continue
        if run and (zone is None or folded[run[-1].end : zone.start].strip(_SEPARATORS)):
            text = _paragraph(folded, at, run[0].start)
            number = str(len(drafts) + 1)
            found = doubt("number_inferred", *text, number, number=number)
            end = run[-1].end
            if text[1] > text[0]:
                drafts.append(
                    Draft(
                        number, (), text[0], text, tuple(run), (end, end), len(drafts) + 1, findings=(found,)
                    )
                )
            at, run = end, []
        if zone is not None:
            run.append(zone)
    return drafts


def _paragraph(folded: str, start: int, end: int) -> tuple[int, int]:
    """The last paragraph of a range, with those before it that end a sentence too."""
    start, end = trim(folded, start, end)
    while start < end and folded[start] in _SEPARATORS:
        start += 1
    lines = [(m, n) for m, n in _lines(folded, start, end) if n > m]
    for left, right in reversed(lines[:-1]):
        if folded[right - 1] not in "。；":
            break
        start_here = left
    else:
        start_here = lines[0][0] if lines else start
        return start_here, end
    later = [left for left, _ in lines if left > right]
    return (later[0] if later else start), end


def _lines(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = folded.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield trim(folded, start, stop)
        start = stop + 1
