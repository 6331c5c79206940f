"""The rows behind the problem ledger (问题台账) and the register of 请示, 报告 and 批示."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from duban.coordination.models import (
    InstructionItem,
    InstructionItemQuerySet,
    Problem,
    ProblemQuerySet,
    UpwardPaper,
)
from duban.directory.models import Unit
from duban.domain.posts import Acting
from duban.domain.workflow import INSTRUCTION_ITEM
from duban.history.models import Event
from duban.register.models import Responsibility
from duban.shared.compiled import compiled


@dataclass(frozen=True, slots=True)
class ProblemFigures:
    """How many problems a post sees: open, solved, no longer followed."""

    open: int
    solved: int
    dropped: int


def problem_counts(list_id: int, acting: Acting) -> ProblemFigures:
    """The figures of the first line. One query."""
    rows = Problem.objects.visible_to(acting).filter(task__list=list_id).order_by()
    states = ("open", "solved", "dropped")
    return ProblemFigures(**rows.aggregate(**{s: Count("pk", filter=Q(state=s)) for s in states}))


@dataclass(frozen=True, slots=True)
class ProblemFilters:
    """What the ledger is narrowed to; `state` "" shows the open ones, "all" every one."""

    state: str = ""
    level: str = ""
    unit: int | None = None


def problems_shown(list_id: int, acting: Acting, filters: ProblemFilters) -> ProblemQuerySet:
    """The problems of a list that a post sees, open ones first, the oldest on top."""
    rows = Problem.objects.visible_to(acting).filter(task__list=list_id)
    if filters.state != "all":
        rows = rows.filter(state=filters.state or "open")
    if filters.level:
        rows = rows.filter(level=filters.level)
    if filters.unit:
        rows = rows.filter(unit=filters.unit)
    return rows.order_by(F("closed_on").desc(nulls_first=True), "raised_on", "pk")


def units_with_problems(list_id: int, acting: Acting) -> list[tuple[int, str]]:
    """The units whose problems a post sees, in the order of the directory. One query."""
    rows = Problem.objects.visible_to(acting).filter(task__list=list_id).order_by("unit__position")
    return list(dict.fromkeys(rows.values_list("unit_id", "unit__name")))


def helpers_of(list_id: int) -> list[str]:
    """Who has been named as helper before, bodies without accounts among them. One query."""
    rows = Problem.objects.filter(task__list=list_id).exclude(helper="").order_by("helper")
    return list(rows.values_list("helper", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One 请示, 报告 or 批示. `days` are left on its clock, negative when it ran out; None without a running clock.

    One that was struck out carries `void_on` and its reason.
    """

    pk: int
    kind: str
    number: str
    dated: date
    sender: str
    subject: str
    task_key: str
    task_number: str
    answers: str
    due_on: date | None
    done_on: date | None
    result: str
    days: int | None
    void_on: date | None
    void_reason: str
    revision: int
    answers_pk: int | None

    @property
    def fields(self) -> dict[str, str]:
        """What can be corrected, by the names of the form."""
        return {
            "kind": self.kind,
            "number": self.number,
            "dated": self.dated.isoformat(),
            "sender": self.sender,
            "subject": self.subject,
            "task": self.task_number,
            "answers": str(self.answers_pk or ""),
            "due_on": self.due_on.isoformat() if self.due_on else "",
        }

    @property
    def tag(self) -> str:
        """What the fields of its form are told apart by."""
        return f"c{self.pk}"

    @property
    def asked(self) -> tuple[tuple[int, str], ...]:
        """The request that it answers, as a choice."""
        return ((self.answers_pk, self.answers),) if self.answers_pk else ()


def letter_rows(list_id: int, kind: str, today: date) -> list[LetterRow]:
    """The papers registered for a list: running clocks first, then the newest. One query."""
    rows = UpwardPaper.objects.filter(list=list_id).select_related("task__current", "answers")
    if kind:
        rows = rows.filter(kind=kind)
    found = [_letter(row, today) for row in rows.order_by("-dated", "-pk")]
    return sorted(found, key=lambda row: (row.days is None, row.days if row.days is not None else 0))


def _letter(row: UpwardPaper, today: date) -> LetterRow:
    running = row.due_on is not None and row.done_on is None and row.void_on is None
    version = row.task.current if row.task else None
    return LetterRow(
        pk=row.pk,
        kind=row.kind,
        number=row.number,
        dated=row.dated,
        sender=row.sender,
        subject=row.subject,
        task_key=row.task.key if row.task else "",
        task_number=version.number if version else "",
        answers=row.answers.number if row.answers else "",
        due_on=row.due_on,
        done_on=row.done_on,
        result=row.result,
        days=(row.due_on - today).days if running and row.due_on else None,
        void_on=row.void_on,
        void_reason=row.void_reason,
        revision=row.revision,
        answers_pk=row.answers_id,
    )


def open_requests(list_id: int) -> list[tuple[int, str]]:
    """The 请示 that wait for an answer, as choices. One query."""
    asked = UpwardPaper.objects.in_force().filter(list=list_id, kind="request", done_on__isnull=True)
    rows = asked.order_by("dated", "pk")
    return [
        (pk, f"{number} {subject}") for pk, number, subject in rows.values_list("pk", "number", "subject")
    ]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item of an instruction. `days` are left until its unit answers, negative when late; None once it has.

    `step` is the kind of the event that last moved it.
    """

    pk: int
    paper: int
    number: str
    sender: str
    task_key: str
    task_number: str
    what: str
    unit: int
    unit_name: str
    due_on: date
    days: int | None
    state: str
    answer: str
    answered_on: date | None
    on_behalf: bool
    result: str
    closed_on: date | None
    revision: int
    step: str

    @property
    def returned(self) -> bool:
        """Whether its answer was sent back and its unit is to answer again."""
        return self.open and self.step == "item.return"

    @property
    def late(self) -> bool:
        """Whether its unit should have answered by now."""
        return self.overdue > 0

    @property
    def overdue(self) -> int:
        """By how many days its answer is late."""
        return max(-self.days, 0) if self.days is not None else 0

    @property
    def open(self) -> bool:
        """Whether its unit still has to answer it."""
        return self.state == INSTRUCTION_ITEM.start

    @property
    def runs(self) -> bool:
        """Whether it is neither closed nor dropped."""
        return self.closed_on is None

    @property
    def actions(self) -> tuple[str, ...]:
        """What may be done with it now."""
        return INSTRUCTION_ITEM.open_to(self.state)


def items_of_list(list_id: int, acting: Acting, today: date) -> dict[int, tuple[ItemRow, ...]]:
    """The items that a post sees by instruction, in the order in which they were added. One query."""
    found: dict[int, list[ItemRow]] = defaultdict(list)
    for row in _items(InstructionItem.objects.visible_to(acting).filter(paper__list=list_id), today):
        found[row.paper].append(row)
    return {paper: tuple(rows) for paper, rows in found.items()}


def items_of_unit(list_id: int, unit: int, acting: Acting, today: date) -> list[ItemRow]:
    """The items given to a unit: those it has to answer first, by their day. One query where there are none, else two."""
    if not _given(acting=acting, task_list=list_id, unit=unit):
        return []
    seen = InstructionItem.objects.visible_to(acting).in_force().filter(paper__list=list_id, unit=unit)
    rank = {"open": 0, "answered": 1}
    return sorted(_items(seen, today), key=lambda row: (rank.get(row.state, 2), row.due_on, row.pk))


@compiled
def _given(acting: Acting, task_list: int, unit: int) -> QuerySet[InstructionItem, Any]:
    """Whether any item was given to a unit."""
    seen = InstructionItem.objects.visible_to(acting).in_force()
    return seen.filter(paper__list=task_list, unit=unit).order_by().values_list("pk")[:1]


def units_to_ask(paper: UpwardPaper, today: date) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The units that an item may be given to, as choices: those of the instruction's task, and the others. Two queries."""
    rows = Responsibility.objects.filter(task=paper.task_id).order_by("ordinal")
    of_task = dict(rows.values_list("unit_id", "unit__name"))
    units = (
        Unit.objects.filter(government=paper.list.government_id).in_force(today).order_by("position", "pk")
    )
    return list(of_task.items()), [row for row in units.values_list("pk", "name") if row[0] not in of_task]


def items_of_task(task_id: int, acting: Acting, today: date) -> list[ItemRow]:
    """The items of instructions about a task that a post sees. One query."""
    return _items(InstructionItem.objects.visible_to(acting).in_force().filter(task=task_id), today)


def _items(rows: InstructionItemQuerySet, today: date) -> list[ItemRow]:
    moved = Subquery(Event.objects.filter(seq=OuterRef("seq")).values("kind")[:1])
    found: Any = rows.select_related("unit", "paper", "task__current").annotate(step=moved).order_by("pk")
    return [_item(row, row.step, today) for row in found]


def _item(row: InstructionItem, step: str, today: date) -> ItemRow:
    version = row.task.current if row.task else None
    return ItemRow(
        pk=row.pk,
        paper=row.paper_id,
        number=row.paper.number,
        sender=row.paper.sender,
        task_key=row.task.key if row.task else "",
        task_number=version.number if version else "",
        what=row.what,
        unit=row.unit_id,
        unit_name=row.unit.name,
        due_on=row.due_on,
        days=(row.due_on - today).days if row.state == INSTRUCTION_ITEM.start else None,
        state=row.state,
        answer=row.answer,
        answered_on=row.answered_on,
        on_behalf=row.on_behalf,
        result=row.result,
        closed_on=row.closed_on,
        revision=row.revision,
        step=step,
    )
