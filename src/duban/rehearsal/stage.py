"""What every act of a rehearsal shares: the list, the drawn habits, who sits where, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from random import Random
from typing import Final

from duban.directory.models import Person, Unit
from duban.directory.operations import Seat, appoint
from duban.domain.posts import CONSOLE, Acting, PostRole
from duban.domain.tasklist.records import TargetKind
from duban.register.models import Responsibility, Target, TaskList
from duban.rehearsal.personas import Habit, habits
from duban.rehearsal.words import Headline, headline_of, name_of

NOON: Final = time(4, 0)  # 12 o'clock in Shanghai

Watch = Callable[[str], None]


@dataclass(slots=True)
class Tally:
    """What the rehearsal did, for its summary."""

    periods: int = 0
    asked: int = 0
    sent: int = 0
    on_behalf: int = 0
    urged: int = 0
    returned: int = 0
    problems: int = 0
    solved: int = 0
    orders: int = 0
    units: int = 0
    signed_in: int = 0
    lights: dict[str, int] = field(default_factory=dict)


class Stage:
    """The state of one rehearsal."""

    def __init__(
        self, task_list: TaskList, seed: int, watch: Watch, waiting: frozenset[int] = frozenset()
    ) -> None:
        self.waiting = waiting
        self.list = task_list
        self.random = Random(seed)  # noqa: S311 (a rehearsal wants to be repeatable)
        self.watch = watch
        self.tally = Tally()
        self.units = list(
            Responsibility.objects.filter(task__list=task_list)
            .order_by("unit__position")
            .values_list("unit_id", flat=True)
            .distinct()
        )
        self.habits: dict[int, Habit] = habits(self.units, self.random)
        self.seats: dict[int, Acting] = {}
        self.office = CONSOLE

    def seat(self, unit: Unit, role: PostRole, title: str, day: date) -> Acting:
        person = Person.objects.create(name=name_of(self.random))
        post = appoint(seat=Seat(unit, role, title), person=person, by=CONSOLE, now=noon(day))
        return Acting(
            label=f"{unit.name} {title} {person.name}",
            person=person.pk,
            post=post.pk,
            unit=unit.pk,
            government=self.list.government_id,
            role=role,
        )

    def who(self, unit: int) -> Acting:
        """The unit's own liaison, or the office for units without accounts."""
        return self.seats.get(unit, self.office)

    @cached_property
    def headlines(self) -> dict[int, Headline]:
        """The headline target of each task: its first goal that says what the year comes to."""
        rows = Target.objects.filter(version__task__list=self.list, kind=TargetKind.GOAL).order_by("-ordinal")
        columns = ("version__task_id", "value", "measure_unit", "comparator", "period")
        return {
            task: found
            for task, value, measure, comparator, period in rows.values_list(*columns)
            if (found := headline_of((value, measure, comparator, period)))
        }


def noon(day: date) -> datetime:
    """Noon of a day in Shanghai."""
    return datetime.combine(day, NOON, UTC)
