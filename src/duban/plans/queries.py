"""The rows behind 交办下达, 签收一览 and the three coverage checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from duban.directory.models import Appointment, Unit, UnitAlias
from duban.directory.queries import taken_over
from duban.domain.coverage_checks import Duty, Gap, filled_nodes
from duban.domain.messages import Message
from duban.domain.natures import Nature, Rhythm, propose
from duban.domain.periods import asks
from duban.domain.posts import Acting, PostRole
from duban.domain.tasklist.records import Role, TargetKind
from duban.plans.models import Assignment, Plan, Receipt
from duban.register.models import Responsibility, Target, Task, TaskList
from duban.register.queries import Filters, tasks_of

NODES: Final = ("node_q1", "node_half", "node_q3", "node_year")


@dataclass(frozen=True, slots=True)
class IssueFilters:
    """What the page of 交办 is narrowed to; every field may be empty."""

    unled: bool = False
    chapter: int | None = None
    unit: int | None = None
    leader: str = ""
    nature: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is narrowed at all."""
        return self != IssueFilters()


class Part(NamedTuple):
    """A unit's part in a task, as the document prints it; `heir` is who took the place of a unit that has ended."""

    unit: int
    name: str
    role: str
    heir: str = ""

    @property
    def label(self) -> str:
        """The unit that answers for the part, with the printed name where that is another."""
        return f"{self.heir}（原{self.name}）" if self.heir else self.name


@lru_cache(maxsize=2048)
def _reason(text: str, goals: int, year: int) -> Message:
    return propose(text, goals=goals, year=year).reason


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One task on the page of 交办: what the document says, and what the office has decided so far."""

    task: int
    key: str
    number: str
    text: str
    year: int
    goals: int
    parts: tuple[Part, ...]
    lead: int | None
    city_leader: str
    mechanism: str
    nature: str
    rhythm: str
    deadline: date | None
    data_source: str
    key_task: bool
    offline: bool
    issued: bool
    revision: int
    printed_limit: str = ""

    @property
    def reason(self) -> Message:
        """Why the type is proposed that the text suggests."""
        return _reason(self.text, self.goals, self.year)

    @property
    def lead_name(self) -> str:
        """The lead's name, empty while none is named."""
        return next((part.label for part in self.parts if part.unit == self.lead), "")

    @property
    def deviates(self) -> bool:
        """Whether the office named another lead than the unit printed first."""
        return self.lead is not None and bool(self.parts) and self.parts[0].unit != self.lead


def assignments_of(list_id: int, acting: Acting, filters: IssueFilters) -> QuerySet[Assignment]:
    """The assignments of a list that a post sees, narrowed and in printed order."""
    places = Filters(chapter=filters.chapter, unit=filters.unit)
    tasks = tasks_of(list_id, acting, places).order_by()
    found = Assignment.objects.filter(task__in=tasks) if places.any else _all(list_id, acting)
    if filters.unled:
        found = found.filter(lead__isnull=True)
    if filters.leader:
        found = found.filter(city_leader=filters.leader)
    if filters.nature:
        found = found.filter(nature=filters.nature)
    return found.order_by("task__ordinal")


def _all(list_id: int, acting: Acting) -> QuerySet[Assignment]:
    visible = Task.objects.visible_to(acting).filter(pk=OuterRef("task"))
    return Assignment.objects.filter(Exists(visible), task__list=list_id)


def issue_rows(found: QuerySet[Assignment], on: date) -> list[IssueRow]:
    """The rows of a page (or of a whole list) for these assignments on a day. Four queries, however many."""
    rows = list(
        found.annotate(
            task_key=F("task__key"),
            number=F("task__current__number"),
            text=F("task__current__text"),
            year=F("task__list__year"),
            printed_limit=F("task__current__deadline"),
        )
    )
    tasks = [row.task_id for row in rows]
    parts, goals = _parts(tasks, on), _goals(tasks)
    return [_issue_row(row, parts.get(row.task_id, ()), goals.get(row.task_id, 0)) for row in rows]


def _issue_row(row: Assignment, parts: tuple[Part, ...], goals: int) -> IssueRow:
    extra: dict[str, Any] = row.__dict__
    return IssueRow(
        task=row.task_id,
        key=extra["task_key"],
        number=extra["number"],
        text=extra["text"],
        year=extra["year"],
        goals=goals,
        parts=parts,
        lead=row.lead_id,
        city_leader=row.city_leader,
        mechanism=row.mechanism,
        nature=row.nature,
        rhythm=row.rhythm,
        deadline=row.deadline,
        data_source=row.data_source,
        key_task=row.key_task,
        offline=row.offline,
        issued=row.issued_at is not None,
        revision=row.revision,
        printed_limit=extra["printed_limit"],
    )


def _parts(tasks: Sequence[int], on: date) -> dict[int, tuple[Part, ...]]:
    heirs = {unit: heir.name for unit, heir in taken_over(on).items()}
    found: dict[int, list[Part]] = defaultdict(list)
    rows = Responsibility.objects.filter(task__in=tasks).order_by("task_id", "ordinal")
    for task, unit, name, role in rows.values_list("task_id", "unit_id", "unit__name", "role"):
        found[task].append(Part(unit, name, role, heirs.get(unit, "")))
    return {task: tuple(parts) for task, parts in found.items()}


def _goals(tasks: Sequence[int]) -> dict[int, int]:
    rows = Target.objects.filter(version__task__in=tasks, kind=TargetKind.GOAL).order_by()
    return dict(rows.values_list("version__task_id").annotate(n=Count("pk")))


class IssueFigures(NamedTuple):
    """How far 交办 has come: tasks of the list, of which prepared, without a lead, and issued."""

    tasks: int
    prepared: int
    unled: int
    issued: int


def issue_figures(list_id: int) -> IssueFigures:
    """The figures of a list. One query."""
    counted = Task.objects.filter(list=list_id).aggregate(
        tasks=Count("pk"),
        prepared=Count("assignment"),
        unled=Count("pk", filter=Q(assignment__isnull=False, assignment__lead__isnull=True)),
        issued=Count("pk", filter=Q(assignment__issued_at__isnull=False)),
    )
    return IssueFigures(**counted)


class Reach(NamedTuple):
    """How many units a list still goes out to: those that owe something, and those only informed (阅知)."""

    owing: int
    informed: int


def issue_reach(task_list: TaskList) -> Reach:
    """To whom 交办下达 opens a receipt. Two queries."""
    known = Receipt.objects.filter(list=task_list).values("unit")
    units = Unit.objects.of_government(task_list.government).exclude(pk__in=known)
    owing = units.filter(
        Exists(Responsibility.objects.filter(task__list=task_list, unit=OuterRef("pk")))
    ).count()
    return Reach(owing, units.count() - owing)


def city_leaders(list_id: int, government: int) -> list[str]:
    """Names for the column 市领导: those in office, then those already written in the list. Two queries."""
    seats = Appointment.objects.filter(
        post__unit=government, post__role=PostRole.CITY_LEADER, to_on__isnull=True, post__to_on__isnull=True
    ).order_by("post_id")
    written = Assignment.objects.filter(task__list=list_id).exclude(city_leader="").order_by("city_leader")
    names = [
        *seats.values_list("person__name", flat=True),
        *written.values_list("city_leader", flat=True).distinct(),
    ]
    return list(dict.fromkeys(names))


def unit_names_to_pk(government: int) -> dict[str, int]:
    """Every form in which a unit of a government may be written: aliases, full and short names. Two queries."""
    aliases = UnitAlias.objects.filter(government=government, unit__isnull=False)
    names: dict[str, int] = {text: unit or 0 for text, unit in aliases.values_list("text", "unit_id")}
    for pk, name, full_name in Unit.objects.filter(government=government).values_list(
        "pk", "name", "full_name"
    ):
        names[full_name] = names[name] = pk
    return names


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One unit and whether it has signed for the list; `tasks` it owes something to, `leads` among them it leads."""

    unit: int
    name: str
    manner: str
    state: str
    how: str
    note: str
    answered_at: datetime | None
    actor: str
    tasks: int
    leads: int


def receipt_rows(list_id: int, acting: Acting) -> list[ReceiptRow]:
    """Every unit to which a list was issued, in the order of the directory. Three queries."""
    rows = Receipt.objects.visible_to(acting).filter(list=list_id).select_related("unit")
    owed = _per_unit(Responsibility.objects.filter(task__list=list_id), "unit_id")
    led = _per_unit(Assignment.objects.filter(task__list=list_id, lead__isnull=False), "lead_id")
    return [
        ReceiptRow(
            unit=row.unit_id,
            name=row.unit.name,
            manner=row.manner,
            state=row.state,
            how=row.how,
            note=row.note,
            answered_at=row.answered_at,
            actor=row.actor,
            tasks=owed.get(row.unit_id, 0),
            leads=led.get(row.unit_id, 0),
        )
        for row in rows.order_by("unit__position")
    ]


def _per_unit(rows: QuerySet[Any], field: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(field).annotate(n=Count("pk")))


def duties(list_id: TaskList | int) -> list[Duty]:
    """What every unit owes in a list and what its plan says of it, for `domain.coverage_checks.check`. Two queries.

    Keys are primary keys of task and unit. The unit that the office named leads, whatever the document prints; a task
    not yet prepared counts as one with nodes to come.
    """
    plans = {
        (task, unit): rest
        for task, unit, *rest in Plan.objects.filter(task__list=list_id).values_list(
            "task_id", "unit_id", "deputy", "contact", "phone", "year_target", *NODES
        )
    }
    rows = (
        Responsibility.objects.filter(task__list=list_id)
        .order_by("task__ordinal", "ordinal")
        .values_list(
            "task_id", "task__current__number", "unit_id", "role", "task__assignment__lead_id", "task__assignment__nature",
        )
    )  # fmt: skip
    return [_duty(row, plans.get((row[0], row[2]), [""] * (4 + len(NODES)))) for row in rows]


def _duty(row: tuple[Any, ...], plan: Sequence[str]) -> Duty:
    task, number, unit, printed, lead, nature = row
    deputy, contact, phone, target, *nodes = plan
    return Duty(
        task=task,
        number=number or "",
        unit=unit,
        role=_role(printed, unit, lead),
        has_lead=lead is not None,
        deputy=deputy,
        handler=contact,
        phone=phone,
        year_target=target,
        nodes=filled_nodes(nodes),
        nature=Nature(nature or Nature.QUANTIFIED),
    )


def _role(printed: str, unit: int, lead: int | None) -> Role:
    if unit == lead:
        return Role.LEAD
    return Role.MAIN if printed == Role.LEAD else Role(printed)


class Missing(NamedTuple):
    """Everything that one check misses in one place: a task, or a unit's part in it."""

    task: int
    unit: int | None
    messages: tuple[Message, ...]


def missing(gaps: Iterable[Gap]) -> list[Missing]:
    """Gaps over primary keys, as `duties` gives them, one for each place to mend, in their order."""
    found: dict[tuple[int, int | None], list[Message]] = {}
    for gap in gaps:
        unit = None if gap.unit is None else int(gap.unit)
        found.setdefault((int(gap.task), unit), []).append(gap.message)
    return [Missing(task, unit, tuple(messages)) for (task, unit), messages in found.items()]


@dataclass(frozen=True, slots=True)
class GapRow:
    """A place to mend with the names it speaks of; `unit` is None when it is the task that lacks something."""

    key: str
    number: str
    text: str
    unit: int | None
    unit_name: str
    messages: tuple[Message, ...]


def gap_rows(places: Sequence[Missing]) -> list[GapRow]:
    """These places with texts and names. Two queries."""
    tasks = {
        task: (key, number, text)
        for task, key, number, text in Task.objects.filter(
            pk__in={place.task for place in places}
        ).values_list("pk", "key", "current__number", "current__text")
    }
    units = dict(
        Unit.objects.filter(pk__in={place.unit for place in places if place.unit}).values_list("pk", "name")
    )
    return [
        GapRow(*tasks[place.task], place.unit, units.get(place.unit or 0, ""), place.messages)
        for place in places
    ]


def asked_by_month(list_id: int, lagging: frozenset[int]) -> dict[int, int]:
    """How many issued tasks each month asks for a report, 1 to 12; `lagging` ones are asked monthly. One query."""
    counts = dict.fromkeys(range(1, 13), 0)
    rows = Assignment.objects.filter(task__list=list_id, issued_at__isnull=False)
    for task, rhythm, deadline, key_task in rows.values_list("task_id", "rhythm", "deadline", "key_task"):
        for month in counts:
            often = key_task or task in lagging
            counts[month] += asks(Rhythm(rhythm), at_date=deadline, lagging_or_key=often, month=month)
    return counts
