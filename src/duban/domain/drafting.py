"""A parsed list as people correct it before it is published: records plus an ordered log of edits, nothing lost.

`apply` is a pure function of what was read and the log. Each edit carries the revision its editor looked at, so that
edits of different tasks commute and the later of two edits of one thing is refused with both values shown. The official
text is never typed into: edits move borders, every character keeps exactly one class, and what no longer belongs to
anything is unconsumed, which blocks publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from duban.domain.drafting_doubts import Doubt, doubts_of
from duban.domain.drafting_edits import Edit, EditKind, checked, effective
from duban.domain.drafting_slots import Slot, meet, slots_of, stands
from duban.domain.drafting_state import Node, Working
from duban.domain.errors import Conflict, DomainError
from duban.domain.messages import Message
from duban.domain.source import SourceText, Span
from duban.domain.tasklist.clauses import split_clauses
from duban.domain.tasklist.deadlines import extract_deadline
from duban.domain.tasklist.limits import limit_day
from duban.domain.tasklist.records import Deadline, Matter, ParsedList, PrintedUnit, Severity, Task
from duban.domain.tasklist.targets import extract_targets

NOT_A_UNIT = "not_a_unit"


class Checked(NamedTuple):
    """A task of the draft: its stable id, its record as it would be published, the ids of its units in the same order."""

    id: str
    task: Task
    units: tuple[str, ...]
    pieces: tuple[Span, ...]
    edited: bool = False


class Draft(NamedTuple):
    """What a log of edits makes of a parsed list. `parsed` is ready for publication when `refusal` is None."""

    parsed: ParsedList
    tasks: tuple[Checked, ...]
    doubts: tuple[Doubt, ...]
    revision: int
    title: str
    year: int | None

    @property
    def open_doubts(self) -> tuple[Doubt, ...]:
        """What still waits for a person: neither settled nor only for information."""
        return tuple(d for d in self.doubts if not d.settled_by and d.finding.severity is not Severity.NOTE)

    @property
    def unconsumed(self) -> int:
        """How many characters belong to nothing."""
        spans = (s.span for s in self.parsed.stretches if s.matter is Matter.UNCONSUMED)
        return sum(span.end - span.start for span in spans)

    @property
    def refusal(self) -> Message | None:
        """Why the list cannot be published yet; None when it can."""
        if not self.tasks:
            return Message("register.no_tasks")
        if self.open_doubts:
            return Message("draft.doubts_open", {"count": len(self.open_doubts)})
        if not self.title or self.year is None:
            return Message("draft.name_needed")
        return None


def apply(source: SourceText, parsed: ParsedList, edits: Sequence[Edit]) -> Draft:
    """The draft that these edits make, in their order; the same input gives the same draft, always."""
    working = Working(source, parsed)
    for edit in effective(edits):
        working.step(edit)
    return _finished(working, revision=edits[-1].ordinal if edits else 0)


def extend(
    source: SourceText, parsed: ParsedList, log: Sequence[Edit], fresh: Iterable[Edit]
) -> tuple[Edit, ...]:
    """The new edits that may join the log, numbered; those that would change nothing are left out.

    Conflict when somebody has changed the same thing since the revision an edit was made on (draft.changed_meanwhile,
    with both values), when an undo has nothing to undo or others have built upon it; Invalid when an edit cannot be
    done. One refused edit refuses them all.
    """
    trail = _Trail(source, parsed, log)
    for edit in fresh:
        trail.take(checked(edit))
    return tuple(trail.taken)


class _Trail:
    """A log as it grows: what each edit that counts has written, and the draft at its end."""

    def __init__(self, source: SourceText, parsed: ParsedList, log: Sequence[Edit]) -> None:
        self._source, self._parsed = source, parsed
        self._log = list(log)
        self.taken: list[Edit] = []
        self._replay()

    def _replay(self) -> None:
        self._working = Working(self._source, self._parsed)
        self._written: list[tuple[Edit, frozenset[Slot]]] = []
        for edit in effective(self._log):
            self._written.append((edit, slots_of(self._working, edit)))
            self._working.step(edit)

    def take(self, edit: Edit) -> None:
        """One more edit, or its refusal."""
        edit = edit._replace(ordinal=self._log[-1].ordinal + 1 if self._log else 1)
        if edit.kind is EditKind.UNDO:
            self._undo(edit)
            return
        slots = slots_of(self._working, edit)
        if stands(self._working, edit):
            return
        for earlier, written in self._written:
            if earlier.ordinal > edit.seen and earlier not in self.taken and meet(slots, written):
                params = {"who": earlier.label, "theirs": earlier.said, "yours": edit.said}
                raise Conflict(Message("draft.changed_meanwhile", params))
        self._working.step(edit)
        self._written.append((edit, slots))
        self._keep(edit)

    def _keep(self, edit: Edit) -> None:
        self._log.append(edit)
        self.taken.append(edit)

    def _undo(self, edit: Edit) -> None:
        own = [(earlier, slots) for earlier, slots in self._written if earlier.actor == edit.actor]
        if not own or (edit.values["edit"] and own[-1][0].ordinal != edit.values["edit"]):
            raise Conflict(Message("draft.nothing_to_undo"))
        last, slots = own[-1]
        for later, written in self._written:
            if later.ordinal > last.ordinal and meet(slots, written):
                raise Conflict(Message("draft.built_upon", {"who": later.label}))
        self._keep(edit._replace(values={"edit": last.ordinal}))
        try:
            self._replay()
        except DomainError as refused:
            raise Conflict(Message("draft.built_upon", {"who": ""})) from refused


def _finished(working: Working, *, revision: int) -> Draft:
    tasks = tuple(_checked(working, node) for node in working.order)
    _leave_out(working, tasks)
    stretches = working.cover.stretches()
    doubts = doubts_of(working, tasks, stretches)
    parsed = working.parsed._replace(
        tasks=tuple(each.task for each in tasks),
        stretches=stretches,
        findings=tuple(doubt.finding for doubt in doubts if not doubt.settled_by),
    )
    return Draft(parsed, tasks, doubts, revision, working.title, working.year)


def _checked(working: Working, node: Node) -> Checked:
    units: list[PrintedUnit] = []
    ids: list[str] = []
    for owed in node.units:
        key, collective = working.meaning(owed.printed)
        if key != "":
            role = working.role_of(owed)
            printed = owed.printed
            if (key, collective, role) != (printed.unit, printed.collective, printed.role):
                printed = printed._replace(unit=key, collective=collective, role=role)
            units.append(printed)
            ids.append(owed.id)
    pieces = tuple(node.pieces)
    task = _rewritten(working, node) if node.reworked else node.record
    task = task._replace(number=node.number, path=node.path, units=tuple(units))
    if working.decided.year and task.deadline:
        task = task._replace(deadline=_limit(working, task, task.deadline))
    return Checked(node.id, task, tuple(ids), pieces, node.edited)


def _limit(working: Working, task: Task, limit: Deadline) -> Deadline:
    """A time limit in the year that a person gave the list."""
    text, year = working.source.text, working.year
    if not task.text_span.start <= limit.span.start < task.text_span.end:
        return limit._replace(date=limit_day(text, limit.span, year))
    found = extract_deadline(text, Span(limit.span.start, task.text_span.end), year)
    return found or limit._replace(date=None)


def _rewritten(working: Working, node: Node) -> Task:
    """The record of a task whose text has other borders now: read again from the source, never typed."""
    text, pieces, record = working.source.text, node.pieces, node.record
    ends = [piece.end for piece in pieces]
    ends += [owed.printed.span.end for owed in node.units] + [each.span.end for each in record.fields]
    limit = record.deadline
    if limit is None or record.text_span.start <= limit.span.start < record.text_span.end:
        found = (extract_deadline(text, piece, working.work.year) for piece in pieces)
        limit = next((each for each in found if each is not None), None)
    return record._replace(
        text="".join(working.work.shown(*piece) for piece in pieces),
        span=Span(min(node.start, *(piece.start for piece in pieces), node.start), max(ends)),
        text_span=Span(min(piece.start for piece in pieces), max(piece.end for piece in pieces)),
        clauses=tuple(clause for piece in pieces for clause in split_clauses(text, piece)),
        targets=tuple(target for piece in pieces for target in extract_targets(text, piece)),
        deadline=limit,
    )


def _leave_out(working: Working, tasks: Sequence[Checked]) -> None:
    """Printed names that no task counts as a unit any more are matter, with the reason."""
    names = {name for name, (what, _) in working.decided.names.items() if what == "none"}
    if not names and not working.gone:
        return
    kept = {unit.span for each in tasks for unit in each.task.units}
    spans = [*working.gone]
    if names:
        spans += [o.printed.span for node in working.order for o in node.units if o.printed.name in names]
    for span in spans:
        if span not in kept:
            working.cover.paint(span, Matter.MATTER, NOT_A_UNIT)
