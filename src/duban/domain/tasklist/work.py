"""What the stages of one run share: the text in both forms, and the records, claims and findings as they grow."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from duban.domain.source import SourceText, Span
from duban.domain.tasklist.clauses import split_clauses
from duban.domain.tasklist.deadlines import extract_deadline
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.limits import limit_day
from duban.domain.tasklist.normalise import clean, trim
from duban.domain.tasklist.patterns import Patterns
from duban.domain.tasklist.records import Deadline, Finding, Heading, Matter, Task
from duban.domain.tasklist.targets import extract_targets
from duban.domain.tasklist.vocabulary import Vocabulary

if TYPE_CHECKING:
    from duban.domain.tasklist.assignments import Zone
    from duban.domain.tasklist.coverage import Claim
    from duban.domain.tasklist.drafts import Draft
    from duban.domain.tasklist.reading import Assignment, Reader
    from duban.domain.tasklist.structure import Node
    from duban.domain.tasklist.tables import Table

_PAGE_LINE = re.compile(r"\n[ \t]*[-—–]{1,2}[ \t]*\d{1,4}[ \t]*[-—–]{1,2}[ \t]*(?=\n|$)")


class Work:
    """One run of the parser."""

    def __init__(
        self,
        document: SourceText,
        folded: str,
        vocabulary: Vocabulary,
        words: Patterns,
        year: int | None = None,
    ) -> None:
        self.document = document
        self.folded = folded
        self.vocabulary = vocabulary
        self.words = words
        self.year = year
        self.tables_end = 0
        self.tasks: list[Task] = []
        self.headings: list[Heading] = []
        self.findings: list[Finding] = []
        self.claims: list[Claim] = []
        self._reader: Reader | None = None
        pages = [
            (match.start(), match.end() - 1)  # less the newline put in front, which makes the search quick
            for match in _PAGE_LINE.finditer(f"\n{self.folded}")
        ]
        pages += [(block.start, block.end) for block in self.document.blocks if block.furniture]
        self.furniture: list[tuple[int, int]] = sorted(set(pages))
        self.claims += [(start, end, Matter.FURNITURE, "page") for start, end in self.furniture]

    @property
    def text(self) -> str:
        """The source text."""
        return self.document.text

    @property
    def reader(self) -> Reader:
        """The reader of assignments; set once the names and the issuer are known."""
        assert self._reader is not None
        return self._reader

    @reader.setter
    def reader(self, reader: Reader) -> None:
        self._reader = reader

    def shown(self, start: int, end: int) -> str:
        """The text of a range as records show it: no blanks, no page furniture."""
        if not self.furniture:
            return clean(self.text[start:end])
        index = max(bisect_right(self.furniture, (start, start)) - 1, 0)
        parts: list[str] = []
        at = start
        while index < len(self.furniture) and self.furniture[index][0] < end:
            left, right = self.furniture[index]
            if right > at:
                parts.append(self.text[at : max(left, at)])
                at = right
            index += 1
        parts.append(self.text[at:end])
        return clean("".join(parts))

    def list_start(self, drafts: Sequence[Draft], roots: Sequence[Node], tables: Sequence[Table]) -> int:
        """Where the list itself begins: its first chapter, task or table."""
        starts = [draft.start for draft in drafts[:1]] + [table.start for table in tables[:1]]
        starts += [root.marker.start for root in roots if root.role not in ("", "preface")][:1]
        return min(starts, default=len(self.folded))

    def headings_of(self, roots: Sequence[Node]) -> None:
        """Records the headings of the tree, each with its level counted from 1."""
        for root in roots:
            for node in root.walk():
                if node.role in ("heading", "bare") or (node.role == "requirement" and node.heading_end):
                    level, up = 1, node.parent
                    while up is not None:
                        level, up = level + 1, up.parent
                    end = max(node.heading_end, node.marker.end)
                    span = Span(node.marker.start, end)
                    self.headings.append(Heading(self.heading_text(node), level, span))

    def heading_text(self, node: Node) -> str:
        """A heading as printed, numeral included, its closing stop left out."""
        return self.shown(node.marker.start, max(node.heading_end, node.marker.end)).rstrip("。；")

    def read(self, drafts: Sequence[Draft]) -> None:
        """Reads the assignments of every draft and records the tasks."""
        paths: dict[int, tuple[str, ...]] = {}
        for draft in drafts:
            key = id(draft.path[-1]) if draft.path else 0
            if key not in paths:
                paths[key] = tuple(self.heading_text(node) for node in draft.path)
            self.task(draft, paths[key])

    def task(self, draft: Draft, path: tuple[str, ...]) -> None:
        """Records one task with everything its text and its assignments say."""
        read = [self.reader.read(zone) for zone in draft.zones]
        text_span = Span(*trim(self.folded, *draft.text))
        end = draft.end if draft.zones else text_span.end
        limit = next((a.deadline for a in read if a.deadline is not None), None)
        deadline = self.deadline_of(limit) if limit else extract_deadline(self.text, text_span, self.year)
        self.tasks.append(
            Task(
                number=draft.number,
                path=path,
                text=self.shown(text_span.start, text_span.end),
                span=Span(draft.start, max(end, draft.start)),
                text_span=text_span,
                clauses=split_clauses(self.text, text_span),
                units=tuple([unit for a in read for unit in a.units]),
                targets=extract_targets(self.text, text_span),
                deadline=deadline,
                leaders=tuple([leader for a in read for leader in a.leaders]),
                fields=tuple([each for a in read for each in a.fields]),
            )
        )
        self._account(draft, text_span, read)

    def deadline_of(self, span: Span) -> Deadline:
        """The time limit that a label or a column prints."""
        return Deadline(clean(span.of(self.text)), span, limit_day(self.text, span, self.year))

    def _account(self, draft: Draft, text_span: Span, read: Sequence[Assignment]) -> None:
        """Claims the characters of a task: number and text, labels, names."""
        self.findings.extend(draft.findings)
        if draft.number_span is None:
            self.claims.append((draft.start, text_span.end, Matter.TASK, ""))
        else:
            self.claims.append((*draft.number_span, Matter.TASK, ""))
            self.claims.append((text_span.start, text_span.end, Matter.TASK, ""))
        for zone, assignment in zip(draft.zones, read, strict=True):
            self._account_zone(zone, assignment)
            for found in assignment.findings:
                self.findings.append(
                    Finding(found.code, found.severity, found.span, found.params, draft.number)
                )
            for span in assignment.directives:
                self.findings.append(
                    doubt(
                        "directive_in_units",
                        span.start,
                        span.end,
                        draft.number,
                        text=clean(span.of(self.text))[:40],
                    )
                )

    def _account_zone(self, zone: Zone, assignment: Assignment) -> None:
        """Names with the delimiters between them belong to the task, the words around them are label."""
        at = zone.start
        pieces = [(span.start, span.end, True) for span in assignment.claimed]
        if assignment.lost:
            pieces += [(span.start, span.end, False) for span in assignment.lost]
            pieces.sort()
        begin = end = -1
        for start, stop, kept in pieces:
            if kept and begin >= 0 and start - end <= 1:
                end = stop
                continue
            if begin >= 0:
                self.claims.append((at, begin, Matter.LABEL, ""))
                self.claims.append((begin, end, Matter.TASK, ""))
                at = end
            begin, end = (start, stop) if kept else (-1, -1)
            if not kept:
                self.claims.append((at, start, Matter.LABEL, ""))
                at = stop
        if begin >= 0:
            self.claims.append((at, begin, Matter.LABEL, ""))
            self.claims.append((begin, end, Matter.TASK, ""))
            at = end
        self.claims.append((at, zone.end, Matter.LABEL, ""))
