"""The rows behind the list pages and the workbook; one path per figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from duban.directory.models import Unit
from duban.domain.due import Goal
from duban.domain.lists import alike
from duban.domain.posts import Acting
from duban.domain.tasklist.records import TargetKind
from duban.register.models import (
    Heading,
    Responsibility,
    Target,
    Task,
    TaskList,
)
from duban.shared.compiled import columns, compiled, instance


@dataclass(frozen=True, slots=True)
class ListRow:
    """A published list and how many tasks it holds."""

    key: str
    title: str
    tasks: int


def published_lists() -> list[ListRow]:
    """Every list on this installation, for its console."""
    lists = TaskList.objects.annotate(count=Count("tasks")).order_by("-year", "key")
    return [ListRow(*row) for row in lists.values_list("key", "title", "count")]


@dataclass(frozen=True, slots=True)
class ListSummary:
    """A list as the frame and the chooser show it: what this post sees of it."""

    pk: int
    key: str
    year: int
    title: str
    document_number: str
    tasks: int


def list_summaries(lists: QuerySet[TaskList], acting: Acting) -> list[ListSummary]:
    """These lists, each with the number of tasks that a post sees there. Two queries."""
    rows = list(lists)
    visible = Task.objects.visible_to(acting).filter(list__in=[row.pk for row in rows])
    counts = dict(visible.order_by().values_list("list_id").annotate(count=Count("pk")))
    return [ListSummary(r.pk, r.key, r.year, r.title, r.document_number, counts.get(r.pk, 0)) for r in rows]


def like_lists(government: int, title: str, year: int | None) -> list[TaskList]:
    """The lists of a government for the same year under the same or a like title, newest first. One query."""
    known = TaskList.objects.filter(government=government, year=year or 0).order_by("-pk")
    return [row for row in known if alike(row.title, title)]


def newest_list(acting: Acting, key: str = "") -> ListSummary | None:
    """The list of that key, else the newest one, as a post sees it. Two queries, whatever the number of lists."""
    found = uncounted_list(acting, key)
    if found is None:
        return None
    ((tasks,),) = _counted_tasks(acting=acting, task_list=found.pk) or [(0,)]
    return replace(found, tasks=tasks)


@compiled
def _counted_tasks(acting: Acting, task_list: int) -> QuerySet[TaskList, Any]:
    return TaskList.objects.filter(pk=task_list).values_list(_seen_tasks(acting))


def goals_of(tasks: Iterable[int]) -> dict[int, list[Goal]]:
    """The goals of these tasks' newest texts, in printed order; tasks without one are left out. One query."""
    found: dict[int, list[Goal]] = defaultdict(list)
    for task, *goal in _goals(tasks=tasks):
        found[task].append(Goal(*goal))
    return found


@compiled
def _goals(tasks: Sequence[int]) -> QuerySet[Target, Any]:
    rows = Target.objects.filter(
        version_id=F("version__task__current_id"), version__task__in=tasks, kind=TargetKind.GOAL
    ).order_by("ordinal")
    return rows.values_list(
        "version__task_id", "indicator", "comparator", "measure_unit", Coalesce("clause__ordinal", 0)
    )


def list_at(acting: Acting, key: str) -> tuple[TaskList, ListSummary] | None:
    """The list of that key with its government, and what a post sees of it. One query."""
    for tasks, *row in _list_at(acting=acting, key=key):
        own = len(columns(TaskList))
        found = instance(TaskList, row[:own])
        found.government = instance(Unit, row[own:])
        return found, ListSummary(found.pk, found.key, found.year, found.title, found.document_number, tasks)
    return None


@compiled
def _list_at(acting: Acting, key: str) -> QuerySet[TaskList, Any]:
    """The list of that key with its government, after how many of its tasks a post sees."""
    lists = TaskList.objects.visible_to(acting).filter(key=key)
    return lists.values_list(_seen_tasks(acting), *columns(TaskList), *columns(Unit, "government__"))


def _seen_tasks(acting: Acting) -> Coalesce:
    """How many tasks of a list a post sees, as an expression on lists."""
    seen = Task.objects.visible_to(acting).filter(list=OuterRef("pk")).order_by().values("list")
    return Coalesce(Subquery(seen.annotate(n=Count("pk")).values("n")), 0)


def uncounted_list(acting: Acting, key: str = "") -> ListSummary | None:
    """As `newest_list`, for a page that counts the tasks anyway: `tasks` is 0. One query."""
    first = next(iter(_heads(acting=acting, **({"key": key} if key else {}))), None)
    return None if first is None else ListSummary(*(*first, 0))


@compiled
def _heads(acting: Acting, key: str | None = None) -> QuerySet[TaskList, Any]:
    """The newest list, or the list of that key, as the fields of `ListSummary` without its tasks."""
    lists = TaskList.objects.visible_to(acting)
    rows = (lists if key is None else lists.filter(key=key)).order_by("-year", "-pk")
    return rows.values_list("pk", "key", "year", "title", "document_number")[:1]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader of the list narrows it to; every field may be empty."""

    chapter: int | None = None
    unit: int | None = None
    role: str = ""
    text: str = ""
    targets: bool = False

    @property
    def any(self) -> bool:
        """Whether anything is narrowed at all."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Owed:
    """A unit's part in a task."""

    unit: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of the register."""

    key: str
    number: str
    text: str
    chapter: str
    section: str
    lead: tuple[str, ...]
    main: tuple[str, ...]
    support: tuple[str, ...]
    targets: int
    clauses: int
    deadline: str
    due_on: date | None
    opens: bool

    @property
    def due(self) -> str:
        """The time limit as a date where one could be computed, else as printed."""
        return self.due_on.isoformat() if self.due_on else self.deadline

    @property
    def first(self) -> str:
        """The unit shown in bold: the lead where one is named, else the first printed."""
        return (self.lead or self.main or self.support or ("",))[0]

    @property
    def units(self) -> int:
        """How many units owe something to the task."""
        return len(self.lead) + len(self.main) + len(self.support)

    @property
    def place(self) -> str:
        """Chapter and section in one line."""
        return f"{self.chapter} · {self.section}" if self.section else self.chapter


def tasks_of(list_id: int, acting: Acting, filters: Filters) -> QuerySet[Task]:
    """The tasks of a list that a post sees, narrowed and in printed order."""
    tasks = Task.objects.visible_to(acting).filter(list=list_id)
    if filters.chapter:
        tasks = tasks.filter(current__heading__in=_under(filters.chapter))
    if filters.unit:
        duties = Responsibility.objects.filter(task=OuterRef("pk"), unit_id=filters.unit)
        tasks = tasks.filter(Exists(duties.filter(role=filters.role) if filters.role else duties))
    if filters.text:
        tasks = tasks.filter(current__text__contains=filters.text)
    if filters.targets:
        tasks = tasks.filter(Exists(Target.objects.filter(version=OuterRef("current"))))
    return tasks.order_by("ordinal")


def _under(heading: int) -> QuerySet[Heading, int]:
    """A heading and what stands below it: chapter, section, sub-section."""
    below = Q(pk=heading) | Q(parent=heading) | Q(parent__parent=heading)
    return Heading.objects.filter(below).values_list("pk", flat=True)


def task_rows(tasks: QuerySet[Task]) -> list[TaskRow]:
    """The lines of a page (or of the whole list) for these tasks. Two queries, however many tasks."""
    heads = list(
        tasks.values_list(
            "pk", "key", "current__clause_count", "current__target_count", "current__number", "current__text", "current__deadline", "current__due_on",
            "current__heading__text", "current__heading__parent__text", "current__heading__parent__parent__text",
        )
    )  # fmt: skip
    owed = _units_of([row[0] for row in heads])
    rows, place = [], None
    for task, key, clauses, targets, number, text, deadline, due_on, *places in heads:
        path = [heading for heading in reversed(places) if heading]
        rows.append(
            TaskRow(
                key=key,
                number=number,
                text=text,
                chapter=path[0] if path else "",
                section=" · ".join(path[1:]),
                **owed[task],
                targets=targets,
                clauses=clauses,
                deadline=deadline,
                due_on=due_on,
                opens=path != place and bool(path),
            )
        )
        place = path
    return rows


def _units_of(tasks: Sequence[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Names of the units of each task, by role."""
    found: dict[int, dict[str, tuple[str, ...]]] = defaultdict(
        lambda: dict.fromkeys(("lead", "main", "support"), ())
    )
    duties = Responsibility.objects.filter(task__in=tasks).order_by("task_id", "ordinal")
    for task, role, name in duties.values_list("task_id", "role", "unit__name"):
        found[task][role] = (*found[task][role], name)
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a filter: what it stands for and how many tasks it leaves."""

    value: int
    label: str
    tasks: int

    @property
    def shown(self) -> str:
        """The number of tasks in brackets, where it is known."""
        return f"（{self.tasks}）" if self.tasks else ""


@dataclass(frozen=True, slots=True)
class ListFigures:
    """What a list asks of whom, as a post sees it."""

    units: int
    duties: int
    targets: int


def list_figures(list_id: int, acting: Acting, units: Sequence[Choice]) -> ListFigures:
    """Units, responsibilities and targets of a list, from its units already counted. One query."""
    visible = Task.objects.visible_to(acting).filter(list=list_id).order_by()
    targets = Target.objects.filter(version__task__in=visible).count()
    return ListFigures(len(units), sum(unit.tasks for unit in units), targets)


def chapters_of(list_id: int) -> list[Choice]:
    """The chapters of a list, in order."""
    headings = Heading.objects.filter(edition__list=list_id, level=1).order_by("ordinal")
    return [Choice(pk, text, 0) for pk, text in headings.values_list("pk", "text")]


def units_of(list_id: int, acting: Acting) -> list[Choice]:
    """The units that owe something in a list, by directory order, with their number of tasks, as a post sees it.

    Two queries: counting before joining takes half the time of one.
    """
    visible = Task.objects.visible_to(acting).filter(list=list_id).order_by()
    duties = Responsibility.objects.filter(task__in=visible).order_by()
    counts = dict(duties.values_list("unit_id").annotate(n=Count("pk")))
    units = Unit.objects.filter(government_id=acting.government).order_by("position")
    return [Choice(pk, name, counts[pk]) for pk, name in units.values_list("pk", "name") if pk in counts]


def unit_choices(list_id: int, acting: Acting) -> list[Choice]:
    """The units that owe something in a list, by directory order, as a post sees it, uncounted. One query."""
    visible = Task.objects.visible_to(acting).filter(list=list_id).order_by()
    owing = Responsibility.objects.filter(task__in=visible).order_by().values("unit")
    units = Unit.objects.filter(pk__in=owing).order_by("position")
    return [Choice(pk, name, 0) for pk, name in units.values_list("pk", "name")]
