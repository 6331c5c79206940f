"""The task page beyond the document: assignment, nodes, contacts, reports, the voices, orders, problems, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from duban.coordination.models import InstructionItem, Problem, UpwardPaper
from duban.coordination.queries import ItemRow, items_of_task
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.reported import late_items
from duban.history.models import Event, EventQuerySet
from duban.history.presenters import EventLine, lines
from duban.plans.models import Assignment, Milestone, Plan
from duban.progress.models import Obligation, Report
from duban.progress.queries import NOTHING, Said
from duban.register.models import Task
from duban.register.queries import Owed
from duban.shared.compiled import compiled
from duban.supervision.models import Determination, SupervisionOrder
from duban.supervision.policies import sees_system_view

MOST: Final = 50
FIRST_EVENTS: Final = 15
NO_ONE: Final = ("", "", "", "")
SHARED_EVENTS: Final = ("task.published", "task.prepared", "task.assigned", "task.determined")
LEAD_EVENTS: Final = ("report.", "part.", "plan.", "sheet.", "problem.")
SERVED_EVENTS: Final = ("order.serve", "order.sign_for", "order.answer", "order.reject", "order.close")


@dataclass(frozen=True, slots=True)
class _Stand:
    """The newest view and determination of a task as columns, and whether it has orders, problems, papers and items at all."""

    light: str | None = None
    sentence: str | None = None
    code: str | None = None
    params: Mapping[str, Any] | None = None
    on: date | None = None
    judged: int | None = None
    office_light: str | None = None
    office_sentence: str | None = None
    reason: str | None = None
    period: str | None = None
    at: datetime | None = None
    actor: str | None = None
    determined: int | None = None
    orders: bool = False
    problems: bool = False
    papers: bool = False
    items: bool = False


@compiled
def _stands(task: int) -> QuerySet[Task, Any]:
    return Task.objects.filter(pk=task).order_by().values_list(
        "standing__verdict__light", "standing__verdict__sentence", "standing__verdict__code",
        "standing__verdict__params", "standing__verdict__on", "standing__verdict__seq", "standing__determination__light",
        "standing__determination__sentence", "standing__determination__reason",
        "standing__determination__period__key", "standing__determination__at", "standing__determination__actor",
        "standing__determination__seq",
        *(Exists(model.objects.filter(task=OuterRef("pk"))) for model in (SupervisionOrder, Problem)),
        *(Exists(model.objects.in_force().filter(task=OuterRef("pk"))) for model in (UpwardPaper, InstructionItem)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voice:
    """What the system or the office says of the task. `told` is the sentence where only its Chinese text was kept."""

    light: str = ""
    told: str = ""
    sentence: Message | None = None
    reason: str = ""
    period: str = ""
    on: date | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node of the plan against what was reported for the period that ends on its day; `next` marks the one ahead."""

    on: date
    text: str
    reported: str
    passed: bool
    next: bool


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One unit of the task and whom to call there."""

    name: str
    role: str
    leads: bool
    deputy: str
    division: str
    contact: str
    phone: str

    @property
    def reachable(self) -> bool:
        """Whether the unit named anybody."""
        return bool(self.division or self.contact or self.phone or self.deputy)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report as it was sent."""

    said: Said
    channel: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PeriodReports:
    """One period of the task: what was asked, what came and when, the newest report first."""

    period: str
    unit: str
    state: str
    reason: str
    due_on: date
    sent_on: date | None
    reports: tuple[ReportRow, ...]

    @property
    def late(self) -> bool:
        """Whether it came after the day on which it was due."""
        return self.sent_on is not None and self.sent_on > self.due_on


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """What the task page says beyond the document, as far as a post may see it. `sees_system`: the system's view is shown.

    `moved_on`: the system, which this post may see, has judged otherwise since the determination.
    """

    assignment: Assignment | None
    light: str
    voice: Voice
    system: Voice
    office: Voice
    sees_system: bool
    moved_on: bool
    year_target: str
    nodes: tuple[NodeRow, ...]
    contacts: tuple[ContactRow, ...]
    periods: tuple[PeriodReports, ...]
    orders: tuple[SupervisionOrder, ...]
    problems: tuple[Problem, ...]
    papers: tuple[UpwardPaper, ...]
    items: tuple[ItemRow, ...]
    events: tuple[EventLine, ...]
    more_events: bool

    @property
    def issued(self) -> bool:
        """Whether the task was issued to its units."""
        return self.assignment is not None and self.assignment.issued_at is not None

    @property
    def lead(self) -> str:
        """The name of the lead, empty while none is named."""
        return self.assignment.lead.name if self.assignment and self.assignment.lead else ""

    @property
    def next_node(self) -> NodeRow | None:
        """The node ahead."""
        return next((node for node in self.nodes if node.next), None)

    @property
    def said(self) -> Said:
        """The newest progress: a later period without change keeps it and is named in `period`."""
        came = [row for row in self.periods if row.state in ("sent", "accepted") and row.reports]
        if not came:
            return NOTHING
        newest = came[0].reports[0].said
        told = next((row.reports[0].said for row in came if not row.reports[0].said.no_change), newest)
        return replace(told, period=newest.period, no_change=newest.no_change, actor=newest.actor)

    @property
    def late_items(self) -> tuple[int, ...]:
        """The sub-items that the newest progress names as behind."""
        return late_items(self.said.problem)

    @property
    def open_orders(self) -> int:
        """Orders served and not closed."""
        return sum(order.state in ("served", "signed_for", "answered") for order in self.orders)


def task_standing(
    task: Task, owed: Sequence[Owed], acting: Acting, today: date, *, everything: bool = False
) -> TaskStanding:
    """Where a task stands, for a post that sees it; `owed` comes from its detail. At most ten queries."""
    assignment: Assignment | None = getattr(task, "assignment", None)
    stand = _Stand(*_stands(task=task.pk)[0])
    inside = sees_system_view(acting)
    system, office = _system(stand) if inside else Voice(), _office(stand, acting)
    lead = assignment.lead_id if assignment else None
    contacts, target = _contacts(task, owed, lead)
    periods = _periods(task, acting)
    day = stand.on or today
    orders, problems, papers = _beside(task, acting, stand)
    most = MOST if everything else FIRST_EVENTS + 1
    events = list(_events(task, acting, leads=acting.answers(lead), served=bool(orders), most=most))
    happened = lines(events, _days(events, problems))
    shown = happened if everything else happened[:FIRST_EVENTS]
    return TaskStanding(
        assignment=assignment,
        light=office.light or system.light,
        voice=office if office.light else system,
        system=system,
        office=office,
        sees_system=inside,
        moved_on=inside and _moved_on(stand),
        year_target=target,
        nodes=_nodes(task, periods, day),
        contacts=contacts,
        periods=periods,
        orders=orders,
        problems=problems,
        papers=papers,
        items=tuple(items_of_task(task.pk, acting, today)) if stand.items else (),
        events=tuple(shown),
        more_events=len(shown) < len(happened),
    )


def _beside(
    task: Task, acting: Acting, stand: _Stand
) -> tuple[tuple[SupervisionOrder, ...], tuple[Problem, ...], tuple[UpwardPaper, ...]]:
    """Orders, problems and papers of the task, newest first, as far as a post sees them; asked for only where there are any."""
    orders: Any = ()
    problems: Any = ()
    papers: Any = ()
    if stand.orders:
        orders = _of_task(SupervisionOrder.objects, task, acting).select_related("unit").order_by("-seq")
    if stand.problems:
        rows = _of_task(Problem.objects, task, acting).select_related("unit")
        problems = rows.order_by("-raised_on", "-pk")
    if stand.papers and acting.sees_whole_government:
        papers = UpwardPaper.objects.in_force().filter(task=task.pk).order_by("-dated")
    return tuple(orders[:MOST]), tuple(problems[:MOST]), tuple(papers[:MOST])


def _of_task(rows: Any, task: Task, acting: Acting) -> Any:
    """The rows of a task that a post sees; whoever sees the whole government and the task sees all of them."""
    return (
        rows.filter(task=task.pk)
        if acting.sees_whole_government
        else rows.visible_to(acting).filter(task=task.pk)
    )


def _system(stand: _Stand) -> Voice:
    if not stand.light:
        return Voice()
    message = Message(stand.code or "", stand.params or {})
    return Voice(stand.light, stand.sentence or "", message, on=stand.on)


def _moved_on(stand: _Stand) -> bool:
    """Whether the newest view came after the determination and says something else."""
    said, told = (stand.light, stand.sentence), (stand.office_light, stand.office_sentence)
    return (stand.judged or 0) > (stand.determined or 0) > 0 and said != told


def _office(stand: _Stand, acting: Acting) -> Voice:
    """The determination; why it differs from the system's view stays with posts of the whole government."""
    if not stand.office_light:
        return Voice()
    same = stand.sentence == stand.office_sentence
    return Voice(
        light=stand.office_light,
        told=stand.office_sentence or "",
        sentence=Message(stand.code, stand.params or {}) if same and stand.code else None,
        reason=(stand.reason or "") if acting.sees_whole_government else "",
        period=stand.period or "",
        on=timezone.localdate(stand.at) if stand.at else None,
        actor=stand.actor or "",
    )


@compiled
def _planned(task: int) -> QuerySet[Plan, Any]:
    return (
        Plan.objects.filter(task=task)
        .order_by()
        .values_list("unit_id", "year_target", "deputy", "division", "contact", "phone")
    )


@compiled
def _milestones(task: int) -> QuerySet[Milestone, Any]:
    return Milestone.objects.filter(task=task).order_by("on").values_list("on", "text")


def _contacts(task: Task, owed: Sequence[Owed], lead: int | None) -> tuple[tuple[ContactRow, ...], str]:
    """The units of the task with the people they named, the lead first, and the year target of the lead's row. One query."""
    plans = {unit: rest for unit, *rest in _planned(task=task.pk)}
    rows = [
        ContactRow(
            each.name, each.role, each.unit == lead, *(plans[each.unit][1:] if each.unit in plans else NO_ONE)
        )
        for each in owed
    ]
    target = plans[lead][0] if lead in plans else ""
    return tuple(sorted(rows, key=lambda row: not row.leads)), target


@compiled
def _reported(task: int, units: Sequence[int] | None = None) -> QuerySet[Obligation, Any]:
    """What was asked and reported, of any unit or of these, newest first."""
    rows = Obligation.objects.filter(task=task)
    rows = rows if units is None else rows.filter(unit__in=units)
    return rows.order_by("-period__key", "-reports__ordinal").values_list(
        "period__key", "unit__name", "state", "reason", "period__due_on", "sent_on", "reports__no_change",
        "reports__progress", "reports__value_text", "reports__problem", "reports__next_step", "reports__stage",
        "reports__actor", "reports__on_behalf", "reports__channel", "reports__at",
    )  # fmt: skip


def _periods(task: Task, acting: Acting) -> tuple[PeriodReports, ...]:
    """The periods of the task, newest first, each with its reports, newest first. One query.

    Posts of the whole government see all of a task that they see; unit posts what the units they answer for owe.
    """
    own = {} if acting.sees_whole_government else {"units": acting.answers_for}
    rows = _reported(task=task.pk, **own)
    found: dict[str, PeriodReports] = {}
    for key, unit, state, reason, due_on, sent_on, no_change, *said, channel, at in rows:
        row = found.setdefault(key, PeriodReports(key, unit, state, reason, due_on, sent_on, ()))
        if at is not None:
            report = ReportRow(Said(key, no_change, *said), channel, at)
            found[key] = replace(row, reports=(*row.reports, report))
    return tuple(found.values())


def _nodes(task: Task, periods: Sequence[PeriodReports], day: date) -> tuple[NodeRow, ...]:
    """The nodes, each with what was reported for the period that ends on its day. One query."""
    values = {
        row.period: row.reports[0].said
        for row in periods
        if row.reports and row.state in ("sent", "accepted")
    }
    nodes = _milestones(task=task.pk)
    ahead = next((on for on, _ in nodes if on >= day), None)
    return tuple(
        NodeRow(on, text, _reached(values.get(f"{on:%Y-%m}", NOTHING)), passed=on < day, next=on == ahead)
        for on, text in nodes
    )


def _reached(said: Said) -> str:
    """What a report says has been reached: its value, else its progress in words."""
    return said.value or said.progress


@cache
def _dated() -> EventQuerySet:
    """Events, newest first, each with the time of the report or determination that it wrote. Built once a process."""
    facts = {"task": OuterRef("task_id"), "seq": OuterRef("seq")}
    reports = Report.objects.filter(obligation__task=facts["task"], seq=facts["seq"])
    rulings = Determination.objects.filter(**facts)
    acted = Coalesce(Subquery(reports.values("at")[:1]), Subquery(rulings.values("at")[:1]))
    return Event.objects.annotate(acted_at=acted).order_by("-seq")


def _days(events: Sequence[Event], problems: Sequence[Problem]) -> dict[int, date]:
    """The day of each act that left a dated fact: a report, a determination, a problem entered or closed."""
    acted = ((event.seq, event.__dict__["acted_at"]) for event in events)
    days = {seq: timezone.localdate(at) for seq, at in acted if at}
    closed = {row.seq: row.closed_on for row in problems if row.closed_on}
    raised = {row.seq: row.raised_on for row in problems if row.revision == 1}
    return days | raised | closed


def _events(task: Task, acting: Acting, *, leads: bool, served: bool, most: int) -> QuerySet[Event]:
    """What happened, newest first; unit posts see what everybody sees, their own part, and orders served on them."""
    events = _dated().of_task(task.list_id, task.pk)
    if acting.sees_whole_government:
        return events[:most]
    shown = Q(kind__in=[*SHARED_EVENTS, *(SERVED_EVENTS if served else ())])
    for prefix in LEAD_EVENTS if leads else ():
        shown |= Q(kind__startswith=prefix)
    return events.filter(shown)[:most]
