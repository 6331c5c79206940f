"""The ledger: every task with what was decided, planned, reported and determined. Pages, papers and exports all read it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import F, QuerySet

from duban.directory.models import Unit
from duban.directory.queries import taken_over
from duban.domain.lights import Light
from duban.domain.periods import period_of
from duban.domain.posts import Acting
from duban.plans.models import Assignment, Plan
from duban.plans.people import Hands, hands_of
from duban.progress.models import Period
from duban.progress.queries import NOTHING, Said, last_reports
from duban.register.models import Task, TaskList
from duban.register.queries import TaskRow, task_rows
from duban.supervision.models import Determination, Standing, SupervisionOrder
from duban.supervision.policies import sees_system_view
from duban.supervision.queries import views_up_to

BEHIND: Final = (Light.LAGGING, Light.WARNING)
AFTER_ALL: Final = "9999-99"


@dataclass(frozen=True, slots=True)
class Decided:
    """What the office decided about a task; empty before it was prepared for issue.

    `formerly` names the lead that was decided on where another unit, now the lead here, took its place.
    """

    lead: int | None = None
    lead_name: str = ""
    formerly: str = ""
    city_leader: str = ""
    nature: str = ""
    rhythm: str = ""
    key_task: bool = False
    offline: bool = False
    deadline: date | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Planned:
    """The lead's row: year target, nodes, and whom to call."""

    year_target: str = ""
    q1: str = ""
    half: str = ""
    q3: str = ""
    year: str = ""
    deputy: str = ""
    division: str = ""
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A light with its sentence: the system's or the office's. `light` is empty where there is none."""

    light: str = ""
    sentence: str = ""
    reason: str = ""
    value: Decimal | None = None
    due_value: Decimal | None = None


NOBODY, UNPLANNED, UNSEEN = Decided(), Planned(), View()


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One task as the ledger knows it. `system` is empty for posts that the office does not show it to."""

    task: int
    row: TaskRow
    decided: Decided
    planned: Planned
    said: Said
    system: View
    office: View
    open_orders: int

    @property
    def light(self) -> str:
        """The light that is shown: the office's where it has determined, else the system's where that may be seen."""
        return self.office.light or self.system.light

    @property
    def value(self) -> Decimal | None:
        """The figure that counts: what the office determined, else what was reported."""
        return self.system.value if self.office.value is None else self.office.value

    @property
    def lead(self) -> str:
        """The unit that answers for the task."""
        formerly = f"（原{self.decided.formerly}）" if self.decided.formerly else ""
        return f"{self.decided.lead_name}{formerly}" or self.row.first


def ledger(
    task_list: TaskList | int,
    acting: Acting,
    *,
    period: Period | None = None,
    tasks: QuerySet[Task] | None = None,
    on: date | None = None,
) -> list[LedgerLine]:
    """The lines of a list (or of some of its tasks) that a post sees, in printed order, as of a period or as of now.

    Eight queries, however many tasks. As of a period: its determinations, and reports and views up to it. Leads that
    ended by its last day give way to the units that took their place; whom to call is asked of `on`. Without a period
    both are asked of `on`, or not at all.
    """
    chosen = Task.objects.visible_to(acting).filter(list=task_list) if tasks is None else tasks
    chosen = chosen.order_by("ordinal")
    rows = task_rows(chosen)
    keys = list(chosen.values_list("pk", flat=True))
    decided, planned = _decided(keys), _planned(keys)
    last = period_of(period.key).ends_on if period else on
    if last:
        _hand_on(taken_over(last), decided)
        _call_on(task_list, on or last, decided, planned)
    said = last_reports(keys, before=_after(period), acting=acting)
    office = _office(keys, period)
    system = _system(keys, period) if sees_system_view(acting) else {}
    orders = _orders(keys)
    return [
        LedgerLine(
            task=task,
            row=row,
            decided=decided.get(task, NOBODY),
            planned=planned.get(task, UNPLANNED),
            said=said.get(task, NOTHING),
            system=system.get(task, UNSEEN),
            office=office.get(task, UNSEEN),
            open_orders=orders.get(task, 0),
        )
        for task, row in zip(keys, rows, strict=True)
    ]


def _after(period: Period | None) -> str:
    """A key just above that of the period, so that its own reports count."""
    return f"{period.key}~" if period else AFTER_ALL


def _decided(tasks: Sequence[int]) -> dict[int, Decided]:
    rows = Assignment.objects.filter(task__in=tasks).select_related("lead")
    return {
        row.task_id: Decided(
            lead=row.lead_id,
            lead_name=row.lead.name if row.lead else "",
            city_leader=row.city_leader,
            nature=row.nature,
            rhythm=row.rhythm,
            key_task=row.key_task,
            offline=row.offline,
            deadline=row.deadline,
            revision=row.revision,
        )
        for row in rows
    }


def _planned(tasks: Sequence[int]) -> dict[int, Planned]:
    rows = Plan.objects.filter(task__in=tasks, unit=F("task__assignment__lead")).values_list(
        "task_id", "year_target", "node_q1", "node_half", "node_q3", "node_year", "deputy", "division", "contact", "phone"
    )  # fmt: skip
    return {task: Planned(*rest) for task, *rest in rows}


def _hand_on(heirs: Mapping[int, Unit], decided: dict[int, Decided]) -> None:
    """Put the units that took the place of leads in for them."""
    for task, row in decided.items():
        if heir := heirs.get(row.lead or 0):
            decided[task] = replace(row, lead=heir.pk, lead_name=heir.name, formerly=row.lead_name)


def _call_on(
    task_list: TaskList | int, day: date, decided: Mapping[int, Decided], planned: dict[int, Planned]
) -> None:
    """Where the lead that planned a task has ended by a day: the people to call are those of the unit in its place."""
    heirs = taken_over(day)
    ended = [task for task, row in decided.items() if row.formerly or row.lead in heirs]
    hands = hands_of(task_list, day) if ended else {}
    for task in ended:
        lead = decided[task].lead or 0
        people = hands.get((heirs[lead].pk if lead in heirs else lead, task), Hands())
        planned[task] = replace(planned.get(task, UNPLANNED), **people._asdict())


def _system(tasks: Sequence[int], period: Period | None) -> dict[int, View]:
    """The newest view of each task, or the newest one of the period."""
    if period is None:
        rows = Standing.objects.filter(task__in=tasks, verdict__isnull=False).values_list(
            "task_id", "verdict__light", "verdict__sentence", "verdict__due_value", "report__value"
        )
        return {task: View(light, text, "", value, due) for task, light, text, due, value in rows}
    values = _values(tasks, period)
    views = views_up_to(period, tasks)
    return {
        task: View(light, text, "", values.get(task), due)
        for task, light, text, due in views.values_list("task_id", "light", "sentence", "due_value")
    }


def _values(tasks: Sequence[int], period: Period) -> dict[int, Decimal]:
    """The newest value of each task reported up to the period."""
    rows = (
        Task.objects.filter(
            pk__in=tasks,
            obligations__period__key__lte=period.key,
            obligations__state__in=["sent", "accepted"],
            obligations__current__value__isnull=False,
        )
        .order_by("obligations__period__key")
        .values_list("pk", "obligations__current__value")
    )
    return {task: value for task, value in rows if value is not None}


def _office(tasks: Sequence[int], period: Period | None) -> dict[int, View]:
    """The determination of each task: the one that stands, or the newest of the period."""
    if period is None:
        rows = Standing.objects.filter(task__in=tasks, determination__isnull=False).select_related(
            "determination"
        )
        stands = [row.determination for row in rows if row.determination]
    else:
        stands = list(Determination.objects.filter(task__in=tasks, period=period).order_by("seq"))
    return {row.task_id: View(row.light, row.sentence, row.reason, row.value) for row in stands}


def _orders(tasks: Sequence[int]) -> dict[int, int]:
    rows = SupervisionOrder.objects.outstanding().filter(task__in=tasks).order_by()
    return dict(Counter(rows.values_list("task_id", flat=True)))


@dataclass(frozen=True, slots=True)
class Totals:
    """How many tasks stand at each light, by the voice that is shown."""

    tasks: int
    lights: Mapping[str, int]

    def of(self, *lights: Light) -> int:
        """Tasks at any of these lights."""
        return sum(self.lights.get(light, 0) for light in lights)


def totals(lines: Iterable[LedgerLine]) -> Totals:
    """The totals of these lines."""
    counts = Counter(line.light for line in lines)
    return Totals(sum(counts.values()), dict(counts))


def totals_by_leader(lines: Iterable[LedgerLine]) -> dict[str, Totals]:
    """The totals under each city leader, in the order in which they first appear; those without one come last."""
    groups: dict[str, list[LedgerLine]] = defaultdict(list)
    for line in lines:
        groups[line.decided.city_leader].append(line)
    ordered = sorted(groups, key=lambda leader: leader == "")
    return {leader: totals(groups[leader]) for leader in ordered}


def earlier_period(period: Period) -> Period | None:
    """The period of the same list before this one that asked in earnest: the newest earlier one with determinations."""
    return (
        Period.objects.filter(list=period.list_id, key__lt=period.key, determinations__isnull=False)
        .order_by("-key")
        .first()
    )


def laggards(lines: Iterable[LedgerLine]) -> list[LedgerLine]:
    """The tasks behind, lagging before warned."""
    behind = [line for line in lines if line.light in BEHIND]
    return sorted(behind, key=lambda line: BEHIND.index(Light(line.light)))
