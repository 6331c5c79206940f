"""The overview: where a list stands by chapter and city leader, who owes, who lags, what is outstanding, what changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Coalesce

from duban.coordination.models import LEVELS, Problem
from duban.directory.queries import taken_over
from duban.domain.lights import Light
from duban.domain.posts import Acting
from duban.overview.pages import SENT, TO_COME, StandRow, light_of, lights_of, stand_rows
from duban.plans.people import contacts_of
from duban.progress.models import Obligation
from duban.register.models import Heading, Task
from duban.supervision.models import Determination, SupervisionOrder

BEHIND: Final = (Light.LAGGING.value, Light.WARNING.value)
AGES: Final = ((0, 7), (8, 15), (16, 30), (31, None))
MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter (with its key) or a city leader, and how many of its tasks stand at each light, the worst first."""

    key: int
    name: str
    lights: Mapping[str, int]

    @property
    def tasks(self) -> int:
        """All of them."""
        return sum(self.lights.values())

    @property
    def behind(self) -> int:
        """Lagging and warned."""
        return sum(self.lights.get(light, 0) for light in BEHIND)


class Owing(NamedTuple):
    """A unit whose reports are still to come in a period: how many, whom to call; the `heir` of one that has ended."""

    unit: int
    name: str
    rows: int
    contact: str
    phone: str
    heir: str = ""


@dataclass(frozen=True, slots=True)
class AgeGroup:
    """Outstanding orders served so many days ago; `last` is None for the open end."""

    first: int
    last: int | None
    orders: tuple[SupervisionOrder, ...]


class LevelRow(NamedTuple):
    """Open problems to be solved at one level, and how many tasks they concern."""

    level: str
    problems: int
    tasks: int


class Moved(NamedTuple):
    """A task whose determination changed: from which light to which, with the sentence of the new one."""

    key: str
    number: str
    text: str
    before: str
    now: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What the determinations of a period changed against the newest earlier one of the same task."""

    period: str
    worse: tuple[Moved, ...]
    better: tuple[Moved, ...]
    other: tuple[Moved, ...]

    @property
    def groups(self) -> list[tuple[str, tuple[Moved, ...]]]:
        """The three groups by name, empty ones left out."""
        named = (("worse", self.worse), ("better", self.better), ("other", self.other))
        return [(name, rows) for name, rows in named if rows]


class ThisPeriod(NamedTuple):
    """The period at hand: how many reports were asked, came, and are still to come."""

    key: str
    state: str
    due_on: date
    asked: int
    came: int
    missing: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page; every count can be found again as rows. `issued` tasks were issued (交办下达)."""

    lights: Mapping[str, int]
    period: ThisPeriod | None
    chapters: tuple[Part, ...]
    leaders: tuple[Part, ...]
    owing: tuple[Owing, ...]
    laggards: tuple[StandRow, ...]
    ages: tuple[AgeGroup, ...]
    levels: tuple[LevelRow, ...]
    changes: Changes | None
    on: date
    issued: int

    @property
    def worst(self) -> Part | None:
        """The chapter with most tasks behind, or None when none is."""
        worst = max(self.chapters, key=lambda part: part.behind, default=None)
        return worst if worst and worst.behind else None

    @property
    def tasks(self) -> int:
        """All tasks of the list."""
        return sum(self.lights.values())

    @property
    def leaders_lights(self) -> dict[str, int]:
        """All tasks at each determined light, as the city leaders' part counts them."""
        return lights_of(_summed(self.leaders))

    @property
    def most(self) -> int:
        """The tasks of the largest chapter: the width of the bars."""
        return max((part.tasks for part in self.chapters), default=1)

    @property
    def orders(self) -> int:
        """Orders served and not closed."""
        return sum(len(group.orders) for group in self.ages)

    @property
    def problems(self) -> int:
        """Open problems."""
        return sum(row.problems for row in self.levels)


def overview_of(list_id: int, acting: Acting, today: date) -> Overview:
    """Where a list stands today, for a post that sees the whole government. A fixed number of queries."""
    chapters, leaders, judged, issued = _parts(list_id, acting)
    period = _period(list_id, acting)
    return Overview(
        lights=lights_of(_summed(chapters)),
        period=period,
        chapters=chapters,
        leaders=leaders,
        owing=_owing(list_id, period.key, acting, today) if period else (),
        laggards=_laggards(list_id, acting, judged or today),
        ages=_ages(list_id, acting, today),
        levels=_levels(list_id, acting),
        changes=_changes(list_id, acting),
        on=judged or today,
        issued=issued,
    )


def _summed(parts: Iterable[Part]) -> dict[tuple[int, str], int]:
    return {(place, light): n for place, part in enumerate(parts) for light, n in part.lights.items()}


def _parts(list_id: int, acting: Acting) -> tuple[tuple[Part, ...], tuple[Part, ...], date | None, int]:
    """Tasks at each light by chapter, in printed order, and by city leader; the day of the judging; how many are issued.

    By chapter as the post is shown them; by city leader as the leader's own page counts them, by determinations alone.
    Two queries.
    """
    chapter = Coalesce(
        "current__heading__parent__parent", "current__heading__parent", "current__heading", Value(0)
    )
    rows = (
        Task.objects.visible_to(acting)
        .filter(list=list_id)
        .order_by()
        .values_list(
            chapter,
            Coalesce("assignment__city_leader", Value("")),
            light_of(acting),
            light_of(acting, office_only=True),
        )
        .annotate(n=Count("pk"), on=Max("standing__verdict__on"), issued=Count("assignment__issued_at"))
    )
    days: list[date] = []
    in_force = 0
    by_chapter: dict[int, Counter[tuple[int, str]]] = defaultdict(Counter)
    by_leader: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for heading, leader, light, ruled, n, on, issued in rows:
        days += [on] if on else []
        in_force += issued
        by_chapter[heading][0, light] += n
        by_leader[leader][0, ruled] += n
    names = dict(Heading.objects.filter(pk__in=by_chapter).order_by("ordinal").values_list("pk", "text")) | (
        {0: ""} if 0 in by_chapter else {}
    )
    ordered = sorted(by_leader, key=lambda leader: (leader == "", -sum(by_leader[leader].values())))
    return (
        tuple(Part(pk, name, lights_of(by_chapter[pk])) for pk, name in names.items()),
        tuple(Part(0, leader, lights_of(by_leader[leader])) for leader in ordered),
        max(days, default=None),
        in_force,
    )


def _period(list_id: int, acting: Acting) -> ThisPeriod | None:
    """The newest period with its counts. One query."""
    row = (
        Obligation.objects.visible_to(acting)
        .filter(period__list=list_id)
        .order_by("-period__key")
        .values_list("period__key", "period__state", "period__due_on")
        .annotate(
            asked=Count("pk"),
            came=Count("pk", filter=Q(state__in=SENT)),
            missing=Count("pk", filter=Q(state__in=TO_COME)),
        )
        .first()
    )
    return ThisPeriod(*row) if row else None


def _owing(list_id: int, period: str, acting: Acting, today: date) -> tuple[Owing, ...]:
    """The units whose reports are still to come, those with most first. Four queries, up to four more where units have ended."""
    rows = (
        Obligation.objects.visible_to(acting)
        .filter(period__list=list_id, period__key=period, state__in=TO_COME)
        .order_by("unit__position")
        .values_list("unit_id", "unit__name")
        .annotate(n=Count("pk"))
    )
    people = contacts_of(list_id, today)
    heirs = {unit: heir.name for unit, heir in taken_over(today).items()}
    found = [Owing(unit, name, n, *people.get(unit, ("", "")), heirs.get(unit, "")) for unit, name, n in rows]
    return tuple(sorted(found, key=lambda row: -row.rows))


def _laggards(list_id: int, acting: Acting, day: date) -> tuple[StandRow, ...]:
    """The tasks that are lagging, then those warned, in printed order. Three queries."""
    behind = (
        Task.objects.visible_to(acting)
        .filter(list=list_id)
        .alias(shown_light=light_of(acting))
        .filter(shown_light__in=BEHIND)
        .order_by("ordinal")
    )
    rows = stand_rows(behind[:MOST], acting, day)
    return tuple(sorted(rows, key=lambda row: BEHIND.index(row.light)))


def _ages(list_id: int, acting: Acting, today: date) -> tuple[AgeGroup, ...]:
    """Outstanding orders by the days since they were served, the youngest group first. One query."""
    orders = list(
        SupervisionOrder.objects.visible_to(acting)
        .outstanding()
        .filter(list=list_id)
        .select_related("unit", "task__current")
    )
    groups = []
    for first, last in AGES:
        own = [o for o in orders if first <= _age(o, today) and (last is None or _age(o, today) <= last)]
        groups.append(AgeGroup(first, last, tuple(own)))
    return tuple(groups)


def _age(order: SupervisionOrder, today: date) -> int:
    return max(0, (today - order.served_on).days) if order.served_on else 0


def _levels(list_id: int, acting: Acting) -> tuple[LevelRow, ...]:
    """Open problems by level, the unit's own first. One query."""
    rows = (
        Problem.objects.visible_to(acting)
        .filter(task__list=list_id, state="open")
        .order_by()
        .values_list("level")
        .annotate(n=Count("pk"), tasks=Count("task", distinct=True))
    )
    found = {level: LevelRow(level, n, tasks) for level, n, tasks in rows}
    return tuple(found[level] for level in LEVELS if level in found)


def _changes(list_id: int, acting: Acting) -> Changes | None:
    """The newest determined period against what was determined of the same tasks before. Three queries."""
    rows = list(
        Determination.objects.filter(task__list=list_id)
        .order_by("period__key", "seq")
        .values_list("task_id", "period__key", "light", "sentence")
    )
    if not rows:
        return None
    newest = rows[-1][1]
    before = {task: light for task, period, light, _ in rows if period < newest}
    now = {task: (light, sentence) for task, period, light, sentence in rows if period == newest}
    moved = {task: now[task] for task in now if task in before and before[task] != now[task][0]}
    tasks = Task.objects.visible_to(acting).filter(pk__in=list(moved)).order_by("ordinal")
    found = [
        Moved(key, number, text, before[task], *moved[task])
        for task, key, number, text in tasks.values_list("pk", "key", "current__number", "current__text")
    ]
    return _grouped(newest, found)


def _grouped(period: str, found: Sequence[Moved]) -> Changes:
    """Worse: newly behind, or from warned to lagging. Better: no longer behind, or from lagging to warned, or done."""
    worse = [row for row in found if row.now in BEHIND and (row.before not in BEHIND or row.now == BEHIND[0])]
    better = [
        row for row in found if row not in worse and (row.before in BEHIND or row.now == Light.DONE.value)
    ]
    rest = [row for row in found if row not in worse and row not in better]
    return Changes(period, tuple(worse), tuple(better), tuple(rest))
