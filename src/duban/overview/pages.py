"""The list page of an issued list: where its tasks stand, counted and narrowed by the database, read fifty at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from duban.coordination.models import Problem
from duban.domain.lights import WORST_FIRST
from duban.domain.posts import Acting
from duban.plans.models import Milestone, Plan
from duban.progress.models import Obligation
from duban.register.models import Responsibility, Task
from duban.register.queries import Filters, TaskRow, task_rows, tasks_of
from duban.shared.compiled import compiled
from duban.supervision.policies import sees_system_view

NONE: Final = "none"
SENT: Final = ("sent", "accepted")
TO_COME: Final = ("owed", "returned")
LEAD_NAME: Final = 3  # of the columns that `_heads` gives a row
OFFICE_LIGHT: Final = "standing__determination__light"
OFFICE_SENTENCE: Final = "standing__determination__sentence"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a reader of an issued list narrows it to; every field may be empty.

    `light` is a light, or "none" for tasks without one. `owes` is the key of a period in which a report is still to come
    (from `document.unit`, when that is given too). `problem` is the level of an open problem. `office_only` leaves the
    system's view aside, as it is left aside for everybody outside the supervision office.
    """

    document: Filters = field(default_factory=Filters)
    leader: str = ""
    nature: str = ""
    light: str = ""
    owes: str = ""
    problem: str = ""
    key_task: bool = False
    office_only: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is narrowed at all."""
        return replace(self, office_only=False) != Narrowing()


@dataclass(frozen=True, slots=True)
class Standings:
    """How many tasks stand at each light ("" for none), how many under each city leader, and the day it was judged.

    `issued` is how many of the tasks were issued (交办下达). Pairs of (city leader, light) count the tasks.
    """

    counts: Mapping[tuple[str, str], int]
    issued: int
    on: date | None

    @property
    def tasks(self) -> int:
        """All tasks."""
        return sum(self.counts.values())

    @property
    def lights(self) -> dict[str, int]:
        """Tasks at each light, the worst first, those without one last."""
        return lights_of(self.counts)

    @property
    def leaders(self) -> dict[str, int]:
        """Tasks under each city leader who has any, by name."""
        found: dict[str, int] = {}
        for (leader, _), count in sorted(self.counts.items()):
            found[leader] = found.get(leader, 0) + count
        return {leader: count for leader, count in found.items() if leader}


def lights_of(counts: Mapping[tuple[Any, str], int]) -> dict[str, int]:
    """Tasks at each light, the worst first, those without one last, from counts by (anything, light)."""
    order = [*(light.value for light in WORST_FIRST), ""]
    found = dict.fromkeys(order, 0)
    for (_, light), count in counts.items():
        found[light] += count
    return {light: count for light, count in found.items() if count}


def light_of(acting: Acting, *, office_only: bool = False) -> Coalesce:
    """The light that a post is shown, as an expression on tasks: the office's, else the system's where it may be seen."""
    return _light(inside=sees_system_view(acting) and not office_only)


def _light(*, inside: bool) -> Coalesce:
    return Coalesce(OFFICE_LIGHT, *(["standing__verdict__light"] if inside else []), Value(""))


@compiled
def _counted(task_list: int, acting: Acting, *, inside: bool) -> QuerySet[Task, Any]:
    """The tasks of a list that a post sees, counted by city leader and light."""
    return (
        Task.objects.filter(_seen(task_list, acting))
        .order_by()
        .values_list(Coalesce("assignment__city_leader", Value("")), _light(inside=inside))
        .annotate(n=Count("pk"), issued=Count("assignment__issued_at"), on=Max("standing__verdict__on"))
    )


def standings_of(list_id: int, acting: Acting, *, office_only: bool = False) -> Standings:
    """Where the tasks of a list stand, as a post sees it. One query."""
    inside = sees_system_view(acting) and not office_only
    found = _counted(task_list=list_id, acting=acting, inside=inside)
    days = [on for *_, on in found if on]
    return Standings(
        counts={(leader, light): n for leader, light, n, _, _ in found},
        issued=sum(issued for *_, issued, _ in found),
        on=max(days, default=None),
    )


def _seen(list_id: int, acting: Acting) -> Q:
    """The tasks of a list that a post sees, as a condition for a query that counts."""
    if acting.sees_whole_government:
        return Q(list=list_id, list__government=acting.government)
    return Q(pk__in=Task.objects.visible_to(acting).filter(list=list_id).order_by().values("pk"))


def standing_tasks(list_id: int, acting: Acting, narrowing: Narrowing) -> QuerySet[Task]:
    """The tasks of a list that a post sees, narrowed and in printed order."""
    tasks = tasks_of(list_id, acting, narrowing.document)
    if narrowing.leader:
        tasks = tasks.filter(assignment__city_leader=narrowing.leader)
    if narrowing.nature:
        tasks = tasks.filter(assignment__nature=narrowing.nature)
    if narrowing.key_task:
        tasks = tasks.filter(assignment__key_task=True)
    if narrowing.light:
        wanted = "" if narrowing.light == NONE else narrowing.light
        shown = light_of(acting, office_only=narrowing.office_only)
        tasks = tasks.alias(shown_light=shown).filter(shown_light=wanted)
    if narrowing.owes:
        owed = Obligation.objects.visible_to(acting).filter(
            task=OuterRef("pk"), period__key=narrowing.owes, state__in=TO_COME
        )
        unit = narrowing.document.unit
        tasks = tasks.filter(Exists(owed.filter(unit_id=unit) if unit else owed))
    if narrowing.problem:
        open_ones = Problem.objects.visible_to(acting).filter(task=OuterRef("pk"), state="open")
        tasks = tasks.filter(Exists(open_ones.filter(level=narrowing.problem)))
    return tasks


@dataclass(frozen=True, slots=True)
class StandRow:
    """One line of the list page. `said` is the newest progress, `said_in` the key of its period.

    `still` is the key of a later period that reported no change. `node_on` and `node` are the next node after the day
    of the page. `opens` is set where a new chapter or section begins. `asks` names the unit that reports instead of the
    reader's own, whose words the reader is not shown.
    """

    key: str
    number: str
    text: str
    lead: str
    division: str
    units: int
    city_leader: str
    nature: str
    key_task: bool
    offline: bool
    deadline: date | None
    light: str
    sentence: str
    asks: str
    said: str
    said_in: str
    still: str
    node_on: date | None
    node: str
    place: str
    opens: bool


def stand_rows(
    tasks: QuerySet[Task], acting: Acting, day: date, *, office_only: bool = False
) -> list[StandRow]:
    """The lines of a page (or of the whole list) for these tasks as of a day. Four queries, however many tasks."""
    keys = list(tasks.values_list("pk", flat=True))
    inside = sees_system_view(acting) and not office_only
    said, nodes = _said(keys, acting), _next_nodes(keys, day)
    rows, place = [], None
    for pk, section, chapter, top, lead, *parts in _heads(tasks=keys, inside=inside):
        hidden = lead is not None and not (acting.sees_whole_government or acting.answers(lead))
        asks = parts[LEAD_NAME] if hidden else ""
        path = " · ".join(heading for heading in (top, chapter, section) if heading)
        report, node = said.get(pk, ("", "", "")), nodes.get(pk, (None, ""))
        rows.append(StandRow(*(*parts, asks, *report, *node, path, bool(path) and path != place)))
        place = path
    return rows


@compiled
def _heads(tasks: Sequence[int], *, inside: bool) -> QuerySet[Task, Any]:
    """Tasks in printed order with everything that stands once beside each."""
    sentence = Coalesce(OFFICE_SENTENCE, *(["standing__verdict__sentence"] if inside else []), Value(""))
    divisions = Plan.objects.filter(task=OuterRef("pk"), unit=OuterRef("assignment__lead"))
    duties = (
        Responsibility.objects.filter(task=OuterRef("pk"))
        .order_by()
        .values("task")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Task.objects.filter(pk__in=tasks).order_by("ordinal").values_list(
        "pk", "current__heading__text", "current__heading__parent__text",
        "current__heading__parent__parent__text", "assignment__lead_id", "key", "current__number", "current__text",
        _text("assignment__lead__name"), Coalesce(Subquery(divisions.values("division")[:1]), Value("")),
        Coalesce(Subquery(duties), 0), _text("assignment__city_leader"), _text("assignment__nature"),
        Coalesce("assignment__key_task", Value(value=False)), Coalesce("assignment__offline", Value(value=False)), "assignment__deadline",
        _light(inside=inside), sentence,
    )  # fmt: skip


def _text(field: str) -> Coalesce:
    """A text of a row that may be missing."""
    return Coalesce(field, Value(""))


@compiled
def _told(tasks: Sequence[int], units: Sequence[int] | None = None) -> QuerySet[Obligation, Any]:
    """What was reported about these tasks, by any unit or by these, oldest period first."""
    rows = Obligation.objects.filter(task__in=tasks, state__in=SENT, current__isnull=False)
    rows = rows if units is None else rows.filter(unit__in=units)
    return rows.order_by("period__key").values_list(
        "task_id", "period__key", "current__no_change", "current__progress"
    )


def _said(tasks: Sequence[int], acting: Acting) -> dict[int, tuple[str, str, str]]:
    """The newest progress of each task with its period, and the newest period that reported no change since. One query.

    Posts of the whole government see every report of a task that they see; unit posts those that the units they answer for owe.
    """
    own = {} if acting.sees_whole_government else {"units": acting.answers_for}
    found: dict[int, tuple[str, str, str]] = {}
    for task, period, no_change, progress in _told(tasks=tasks, **own):
        before = found.get(task, ("", "", ""))
        found[task] = (before[0], before[1], period) if no_change else (progress, period, "")
    return found


@compiled
def _nodes(tasks: Sequence[int], day: date) -> QuerySet[Milestone, Any]:
    """The nodes of these tasks on or after a day, the farthest first."""
    rows = Milestone.objects.filter(task__in=tasks, on__gte=day)
    return rows.order_by("-on").values_list("task_id", "on", "text")


def _next_nodes(tasks: Sequence[int], day: date) -> dict[int, tuple[date, str]]:
    """The next node of each task on or after a day. One query."""
    return {task: (on, text) for task, on, text in _nodes(tasks=tasks, day=day)}


def exported_rows(
    tasks: QuerySet[Task], acting: Acting, day: date, *, office_only: bool = False
) -> list[tuple[TaskRow, StandRow]]:
    """The lines of the workbook: what the document says of a task beside where it stands. Six queries."""
    stand = stand_rows(tasks, acting, day, office_only=office_only)
    return list(zip(task_rows(tasks), stand, strict=True))


def named(rows: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    """Names with their counts as the entries of a filter: 张某某（12）."""
    return [(name, f"{name}（{count}）") for name, count in rows]
