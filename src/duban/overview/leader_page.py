"""A city leader's page: the leader's tasks by the office's determinations alone, and what waits for a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from duban.coordination.models import Problem, UpwardPaper
from duban.directory.models import Person
from duban.domain.lights import Light
from duban.domain.posts import Acting
from duban.overview.dashboard import BEHIND
from duban.overview.pages import Narrowing, StandRow, lights_of, stand_rows, standing_tasks, standings_of
from duban.plans.models import Assignment
from duban.register.models import Task
from duban.supervision.models import SupervisionOrder

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class LeaderPage:
    """What is one city leader's, as of the day `on` of the data. `behind` are the tasks lagging and warned, `missing` those whose report is overdue, `rest` the others."""

    name: str
    lights: Mapping[str, int]
    behind: tuple[StandRow, ...]
    missing: tuple[StandRow, ...]
    rest: tuple[StandRow, ...]
    approvals: tuple[SupervisionOrder, ...]
    requests: tuple[UpwardPaper, ...]
    problems: tuple[Problem, ...]
    on: date

    @property
    def tasks(self) -> int:
        """All tasks of the leader."""
        return sum(self.lights.values())

    @property
    def decisions(self) -> int:
        """How much waits for a decision."""
        return len(self.approvals) + len(self.requests) + len(self.problems)


def leaders_of(list_id: int, acting: Acting) -> dict[str, int]:
    """The city leaders of a list with their number of tasks, in the order of their first task. One query."""
    visible = Task.objects.visible_to(acting).filter(list=list_id)
    rows = Assignment.objects.filter(task__in=visible).exclude(city_leader="").order_by("task__ordinal")
    return dict(Counter(rows.values_list("city_leader", flat=True)))


def own_name(acting: Acting, leaders: Mapping[str, int]) -> str:
    """The name under which the list knows the person who acts, or nothing. One query."""
    name = Person.objects.filter(pk=acting.person or 0).values_list("name", flat=True).first() or ""
    return next((leader for leader in leaders if name and name in leader), "")


def leader_page(list_id: int, acting: Acting, name: str, today: date) -> LeaderPage:
    """The page of one city leader, for a post that sees the whole government. Seven queries.

    Determinations alone, whoever opens it: what the office prints is what the leader sees.
    """
    tasks = standing_tasks(list_id, acting, Narrowing(leader=name))
    stand = standings_of(list_id, acting, office_only=True)
    day = stand.on or today
    rows = stand_rows(tasks[:MOST], acting, day, office_only=True)
    behind = [row for row in rows if row.light in BEHIND]
    mine = Q(task__list=list_id, task__assignment__city_leader=name)
    orders = SupervisionOrder.objects.visible_to(acting).filter(mine, state="submitted")
    requests = UpwardPaper.objects.in_force().filter(mine, kind="request", done_on__isnull=True)
    problems = Problem.objects.visible_to(acting).filter(mine, state="open", level="leader")
    return LeaderPage(
        name=name,
        lights=lights_of({key: n for key, n in stand.counts.items() if key[0] == name}),
        behind=tuple(sorted(behind, key=lambda row: BEHIND.index(row.light))),
        missing=tuple(row for row in rows if row.light == Light.MISSING),
        rest=tuple(row for row in rows if row.light not in (*BEHIND, Light.MISSING)),
        approvals=tuple(orders.select_related("unit", "task__current").order_by("due_on", "pk")),
        requests=tuple(requests.select_related("task__current").order_by("dated", "pk")),
        problems=tuple(problems.select_related("unit", "task__current").order_by("raised_on", "pk")),
        on=day,
    )
