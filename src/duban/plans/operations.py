"""Changing assignments, receipts and plans: every change is asked for with the revision it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from duban.directory.models import Unit
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.natures import Nature, Rhythm, propose, usual_rhythm
from duban.domain.posts import Acting
from duban.domain.secrecy import refuse_marked
from duban.domain.sheets import NAME_LIMIT, NODE_LIMIT, PHONE_LIMIT
from duban.domain.tasklist.records import Role, TargetKind
from duban.domain.units import AddressManner
from duban.history.operations import Happening, append
from duban.plans.days import refuse_day
from duban.plans.milestones import milestones_from
from duban.plans.models import Assignment, Milestone, Plan, Receipt
from duban.plans.policies import refusal_to_fill, refusal_to_issue, refusal_to_sign_for
from duban.plans.seeding import printed_of, seed_new_leads, seed_plans
from duban.register.models import Responsibility, Target, Task, TaskList

PLAN_LIMITS: Final = {
    "year_target": 200, **dict.fromkeys(("node_q1", "node_half", "node_q3", "node_year"), NODE_LIMIT),
    **dict.fromkeys(("deputy", "division", "contact"), NAME_LIMIT), "phone": PHONE_LIMIT,
}  # fmt: skip
NODE_FIELDS: Final = tuple(PLAN_LIMITS)[:5]
ON_BASIS: Final = frozenset({"lead", "deadline"})
ASSIGNMENT_FIELDS: Final = (
    "lead", "city_leader", "mechanism", "nature", "rhythm", "key_task", "deadline", "data_source", "offline",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for some fields of one row, made from the revision that the editor saw."""

    key: int
    revision: int
    values: Mapping[str, Any]


@transaction.atomic
def prepare_list(*, task_list: TaskList, by: Acting, now: datetime) -> int:
    """Give every task its assignment: type and rhythm proposed from its text, a lead only where the list names one.

    A unit that carries a task alone leads it. What an own table prints beside the task is the first state of its
    lead's plan. A second call only adds what is missing. Returns how many were added.
    """
    if refused := refusal_to_issue(by):
        raise NotAllowed(refused)
    tasks = list(
        Task.objects.filter(list=task_list, assignment__isnull=True)
        .select_related("current")
        .order_by("ordinal")
    )
    facts = _Facts(tasks)
    numbers = append(
        [
            Happening("task.prepared", {}, task_list.government_id, task_list.pk, task.pk, f"task:{task.key}")
            for task in tasks
        ],
        by=by,
        now=now,
    )
    rows = [facts.assignment(task, task_list.year, seq) for task, seq in zip(tasks, numbers, strict=True)]
    Assignment.objects.bulk_create(rows, batch_size=500)
    seed_plans(task_list, {row.task_id: row.lead_id for row in rows if row.lead_id}, by=by, now=now)
    return len(rows)


class _Facts:
    """What the list itself says about its tasks, read with four queries."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        keys = [task.pk for task in tasks]
        self.units: dict[int, list[tuple[int, str]]] = {}
        duties = Responsibility.objects.filter(task__in=keys).order_by("task_id", "ordinal")
        for task, unit, role in duties.values_list("task_id", "unit_id", "role"):
            self.units.setdefault(task, []).append((unit, role))
        self.goals: dict[int, int] = {}
        for task in Target.objects.filter(version__task__in=keys, kind=TargetKind.GOAL).values_list(
            "version__task_id", flat=True
        ):
            self.goals[task] = self.goals.get(task, 0) + 1
        self.printed = printed_of(keys)

    def assignment(self, task: Task, year: int, seq: int) -> Assignment:
        """The row of one task."""
        assert task.current is not None
        printed = self.printed.get(task.pk, {})
        proposal = propose(task.current.text, goals=self.goals.get(task.pk, 0), year=year)
        return Assignment(
            task=task,
            lead_id=self._lead(self.units.get(task.pk, [])),
            city_leader=printed.get("city_leader", "")[:60],
            mechanism=printed.get("mechanism", "")[:80],
            data_source=printed.get("data_source", "")[:80],
            nature=proposal.nature,
            rhythm=usual_rhythm(proposal.nature),
            deadline=task.current.due_on or (None if task.current.deadline else date(year, 12, 31)),
            seq=seq,
        )

    @staticmethod
    def _lead(units: Sequence[tuple[int, str]]) -> int | None:
        named = [unit for unit, role in units if role == Role.LEAD]
        if len(named) == 1:
            return named[0]
        return units[0][0] if len(units) == 1 else None


@transaction.atomic
def assign(
    *, task_list: TaskList, edits: Sequence[Edit], on_basis: bool = False, by: Acting, now: datetime
) -> int:
    """Change what was decided about tasks; all edits or none. Returns how many tasks really changed.

    An issued task's lead and time limit change on a basis document only, through `adjustment.adjust` (`on_basis`).
    `Edit.key` is the task; values are of ASSIGNMENT_FIELDS, `lead` a unit's number. Refused: an older revision
    (somebody else changed the row), a lead that owes nothing to the task, an unknown type, rhythm or field.
    """
    if refused := refusal_to_issue(by):
        raise NotAllowed(refused)
    rows = {
        row.task_id: row
        for row in Assignment.objects.select_for_update(of=("self",))
        .select_related("task__list")
        .filter(task__list=task_list, task__in=[edit.key for edit in edits])
    }
    changed: list[tuple[Assignment, dict[str, Any]]] = []
    for edit in edits:
        row = rows.get(edit.key)
        if row is None:
            raise Invalid(Message("plans.no_such_task"))
        news = {field: value for field, value in edit.values.items() if _differs(row, field, value)}
        if not news:
            continue
        if row.revision != edit.revision:
            raise Conflict(Message("plans.changed_meanwhile", {"task": row.task.key}))
        _check_assignment(row, news)
        if row.issued_at and not on_basis and news.keys() & ON_BASIS:
            raise Conflict(Message("plans.adjust_on_basis", {"task": row.task.key}))
        changed.append((row, news))
    _decide(task_list, changed, by=by, now=now)
    return len(changed)


def _decide(
    task_list: TaskList, changed: Sequence[tuple[Assignment, dict[str, Any]]], *, by: Acting, now: datetime
) -> None:
    before = {row: row.lead_id for row, _ in changed}
    happenings = [_changed(task_list, row, news) for row, news in changed]
    for (row, news), seq in zip(changed, append(happenings, by=by, now=now), strict=True):
        for field, value in news.items():
            setattr(row, "lead_id" if field == "lead" else field, value)
        row.revision += 1
        row.seq = seq
        row.save()
    seed_new_leads(task_list, before, by=by, now=now)


def _differs(row: Assignment, field: str, value: object) -> bool:
    if field not in ASSIGNMENT_FIELDS:
        raise Invalid(Message("plans.no_such_field", {"field": field}))
    return bool(getattr(row, "lead_id" if field == "lead" else field) != value)


def _check_assignment(row: Assignment, news: Mapping[str, Any]) -> None:
    lead = news.get("lead")
    if lead is not None and not Responsibility.objects.filter(task=row.task_id, unit_id=lead).exists():
        raise Invalid(Message("plans.lead_owes_nothing", {"task": row.task.key}))
    if "lead" in news and lead is None and row.issued_at:
        raise Invalid(Message("plans.lead_needed", {"count": 1}))
    if isinstance(news.get("deadline"), date):
        refuse_day(row.task.key, row.task.list.year, news["deadline"])
    if "nature" in news and news["nature"] not in set(Nature):
        raise Invalid(Message("plans.no_such_field", {"field": str(news["nature"])}))
    if "rhythm" in news and news["rhythm"] not in set(Rhythm):
        raise Invalid(Message("plans.no_such_field", {"field": str(news["rhythm"])}))


def _changed(task_list: TaskList, row: Assignment, news: Mapping[str, Any]) -> Happening:
    olds = {field: getattr(row, "lead_id" if field == "lead" else field) for field in news}
    body = {
        "before": {k: _plain(v) for k, v in olds.items()},
        "after": {k: _plain(v) for k, v in news.items()},
    }
    return Happening(
        "task.assigned", body, task_list.government_id, task_list.pk, row.task_id, f"task:{row.task.key}"
    )


def _plain(value: object) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def issue_list(*, task_list: TaskList, by: Acting, now: datetime) -> int:
    """交办下达: every task has its lead; each unit that owes something gets its receipt, the others are informed (阅知).

    Bodies outside the government's command get a letter (函). Returns the number of receipts opened; a second call
    opens only those still missing.
    """
    if refused := refusal_to_issue(by):
        raise NotAllowed(refused)
    assignments = Assignment.objects.select_for_update().filter(task__list=task_list)
    missing = task_list.tasks.count() - assignments.filter(lead__isnull=False).count()
    if missing:
        raise Conflict(Message("plans.lead_needed", {"count": missing}))
    assignments.filter(issued_at__isnull=True).update(issued_at=now, revision=F("revision") + 1)
    owing = set(
        Responsibility.objects.filter(task__list=task_list).values_list("unit_id", flat=True).distinct()
    )
    known = set(Receipt.objects.filter(list=task_list).values_list("unit_id", flat=True))
    units = Unit.objects.of_government(task_list.government).exclude(pk__in=known)
    receipts = Receipt.objects.bulk_create(
        [
            Receipt(list=task_list, unit=unit, manner=_manner(unit, owes=unit.pk in owing), issued_at=now)
            for unit in units
        ]
    )
    if receipts:
        body = {"receipts": len(receipts), "owing": len(owing)}
        happening = Happening("list.issued", body, task_list.government_id, task_list.pk, None, task_list.key)
        append([happening], by=by, now=now)
    return len(receipts)


def _manner(unit: Unit, *, owes: bool) -> str:
    if not owes:
        return "information"
    return "notice" if unit.address_manner == AddressManner.NOTICE else "letter"


@transaction.atomic
def sign_for(
    *, task_list: TaskList, units: Sequence[int], how: str, note: str = "", by: Acting, now: datetime
) -> int:
    """签收, for several units at once: `how` is click, phone or paper; by telephone the note says who answered.

    Only those still pending are signed for; returns how many. Conflict where none of them is.
    """
    for unit in units:
        if refused := refusal_to_sign_for(by, unit, how):
            raise NotAllowed(refused)
    if how == "phone" and not note.strip():
        raise Invalid(Message("plans.phone_needs_note"))
    rows = Receipt.objects.filter(list=task_list, unit__in=units, state="pending")
    keys = list(rows.values_list("unit_id", flat=True))
    if units and not keys:
        raise Conflict(Message("plans.receipt_answered"))
    rows.update(state="signed", how=how, note=note[:200], answered_at=now, actor=by.label)
    happenings = [
        Happening(
            "receipt.signed",
            {"how": how, "note": note},
            task_list.government_id,
            task_list.pk,
            None,
            f"unit:{unit}",
        )
        for unit in keys
    ]
    append(happenings, by=by, now=now)
    return len(keys)


@transaction.atomic
def return_receipt(*, task_list: TaskList, unit: int, proposal: str, by: Acting, now: datetime) -> None:
    """A unit sends the issue back; it must say what it proposes instead."""
    if refused := refusal_to_fill(by, unit):
        raise NotAllowed(refused)
    if not proposal.strip():
        raise Invalid(Message("plans.return_needs_proposal"))
    rows = Receipt.objects.filter(list=task_list, unit=unit, state="pending")
    if not rows.update(state="returned", note=proposal[:200], answered_at=now, actor=by.label):
        raise Conflict(Message("plans.receipt_answered"))
    body = {"proposal": proposal}
    append(
        [Happening("receipt.returned", body, task_list.government_id, task_list.pk, None, f"unit:{unit}")],
        by=by,
        now=now,
    )


@transaction.atomic
def resend_receipt(*, task_list: TaskList, unit: int, reply: str, by: Acting, now: datetime) -> None:
    """The office answers what a unit proposed and sends the issue again; the unit then signs for it or returns it anew."""
    if refused := refusal_to_issue(by):
        raise NotAllowed(refused)
    if not reply.strip():
        raise Invalid(Message("plans.resend_needs_reply"))
    rows = Receipt.objects.filter(list=task_list, unit=unit, state="returned")
    if not rows.update(state="pending", how="", note=reply.strip()[:200], answered_at=None, actor=by.label):
        raise Conflict(Message("plans.receipt_not_returned"))
    body = {"reply": reply.strip()}
    append(
        [Happening("receipt.resent", body, task_list.government_id, task_list.pk, None, f"unit:{unit}")],
        by=by,
        now=now,
    )


@transaction.atomic
def refine(*, task_list: TaskList, unit: int, edits: Sequence[Edit], by: Acting, now: datetime) -> int:
    """细化: a unit's rows for the tasks it leads or shares; all or none. Returns how many rows really changed.

    `Edit.key` is the task, revision 0 a row not yet there. Year target and nodes belong to the lead's row alone;
    the nodes become the task's milestones in the same transaction.
    """
    if refused := refusal_to_fill(by, unit):
        raise NotAllowed(refused)
    duties = {
        duty.task_id: duty.task
        for duty in Responsibility.objects.filter(
            unit_id=unit, task__list=task_list, task__in=[edit.key for edit in edits]
        ).select_related("task__assignment", "task__list")
    }
    rows = {
        row.task_id: row for row in Plan.objects.select_for_update().filter(unit_id=unit, task__in=duties)
    }
    changed: list[tuple[Plan, Task, dict[str, str]]] = []
    for edit in edits:
        task = duties.get(edit.key)
        if task is None:
            raise Invalid(Message("plans.no_such_task"))
        row = rows.get(edit.key) or Plan(task=task, unit_id=unit, revision=0)
        news = {field: value for field, value in edit.values.items() if getattr(row, field) != value}
        if not news:
            continue
        if row.revision != edit.revision:
            raise Conflict(Message("plans.changed_meanwhile", {"task": task.key}))
        _check_plan(task, unit, news)
        changed.append((row, task, news))
    _keep_plans(task_list, changed, by=by, now=now)
    return len(changed)


def _check_plan(task: Task, unit: int, news: Mapping[str, str]) -> None:
    refuse_marked(*news.values())
    for field, value in news.items():
        limit = PLAN_LIMITS.get(field)
        if limit is None:
            raise Invalid(Message("plans.no_such_field", {"field": field}))
        if len(value) > limit:
            raise Invalid(Message("plans.too_long", {"task": task.key, "limit": limit, "length": len(value)}))
    if any(field in news for field in NODE_FIELDS) and _lead_of(task) != unit:
        raise Invalid(Message("plans.nodes_are_the_lead_s", {"task": task.key}))


def _lead_of(task: Task) -> int | None:
    assignment: Assignment | None = getattr(task, "assignment", None)
    return assignment.lead_id if assignment else None


def _keep_plans(
    task_list: TaskList, changed: Sequence[tuple[Plan, Task, dict[str, str]]], *, by: Acting, now: datetime
) -> None:
    happenings = [
        Happening(
            "plan.refined",
            {"unit": str(row.unit_id), "before": {k: getattr(row, k) for k in news}, "after": dict(news)},
            task_list.government_id,
            task_list.pk,
            task.pk,
            f"task:{task.key}",
        )
        for row, task, news in changed
    ]
    for (row, task, news), seq in zip(changed, append(happenings, by=by, now=now), strict=True):
        for field, value in news.items():
            setattr(row, field, value)
        row.revision += 1
        row.seq = seq
        row.on_behalf = by.runs_office
        row.save()
        if any(field in news for field in NODE_FIELDS):
            Milestone.objects.filter(task=task).delete()
            Milestone.objects.bulk_create(milestones_from(row, task))
