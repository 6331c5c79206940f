"""One unit in one list: its tasks with its role, its sheets by period, its orders, its receipt, what it is asked to fill in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from duban.directory.models import Unit
from duban.directory.queries import Mergers, answered_for_ids, taken_over
from duban.domain.burden import PART
from duban.domain.lights import Light
from duban.domain.periods import PeriodSpec, period_of
from duban.domain.posts import Acting
from duban.overview.queries import LedgerLine, ledger
from duban.plans.models import Plan, Receipt
from duban.plans.people import Hands, hands_of
from duban.progress.burden import report_cells_asked
from duban.progress.models import Obligation, SignOff
from duban.progress.part_queries import PartRow
from duban.progress.queries import NOTHING, STATE_COUNTS, Said, SheetCounts, last_reports
from duban.register.models import Responsibility, Task
from duban.shared.compiled import columns, compiled, instance
from duban.supervision.models import SupervisionOrder
from duban.supervision.policies import sees_system_view

RANK: Final = {"lead": 0, "main": 1, "support": 2}
SHOWS: Final = ("", "lead", "share", "behind", "warned")


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A task with the part that the unit has in it: lead, main or support."""

    line: LedgerLine
    role: str

    @property
    def leads(self) -> bool:
        """Whether this unit answers for the task."""
        return self.role == "lead"


def unit_lines(list_id: int, unit: int, acting: Acting, on: date) -> list[UnitLine]:
    """The ledger's lines of a unit and of those it answers for on a day, in printed order, for its papers.

    Twelve queries, however many tasks; more where a lead has ended.
    """
    printed = _printed(list_id, answered_for_ids(unit, on))
    mine = Task.objects.visible_to(acting).filter(pk__in=list(printed))
    heirs = taken_over(on)
    answering = heirs[unit].pk if unit in heirs else unit
    return [
        UnitLine(line, _role(line.decided.lead, answering, printed[line.task]))
        for line in ledger(list_id, acting, tasks=mine, on=on)
    ]


def _printed(list_id: int, units: Collection[int]) -> dict[int, str]:
    """The tasks of these units with the strongest part that one of them has. One query."""
    return dict(sorted(_roles(task_list=list_id, units=units), key=lambda row: -RANK[row[1]]))


@compiled
def _roles(task_list: int, units: Sequence[int]) -> QuerySet[Responsibility, Any]:
    rows = Responsibility.objects.filter(unit_id__in=units, task__list=task_list)
    return rows.values_list("task_id", "role")


def _role(lead: int | None, unit: int, printed: str) -> str:
    if lead == unit:
        return "lead"
    return "main" if printed == "lead" else printed


@dataclass(frozen=True, slots=True)
class UnitTaskRow:
    """A task on the page of a unit: the unit's part, the light, the lead's row of the plan, the newest report."""

    key: str
    number: str
    text: str
    role: str
    light: str
    lead: str
    division: str
    contact: str
    phone: str
    year_target: str
    node: str
    said: Said
    ordered: bool

    @property
    def leads(self) -> bool:
        """Whether this unit answers for the task."""
        return self.role == "lead"

    @property
    def behind(self) -> bool:
        """Whether the task that it leads lags."""
        return self.leads and self.light == Light.LAGGING

    @property
    def warned(self) -> bool:
        """Whether the task that it leads is warned about."""
        return self.leads and self.light == Light.WARNING


def unit_task_rows(
    list_id: int, unit: int, acting: Acting, *, month: int, mergers: Mergers
) -> list[UnitTaskRow]:
    """What `unit_lines` says, without what the page leaves out, and so cheaper.

    Five queries, a sixth where a lead is missing, more where a lead has ended.
    """
    heirs = mergers.heirs
    printed = _printed(list_id, [unit, *(one.pk for one in mergers.predecessors(unit))])
    heads = _heads(acting=acting, tasks=printed, inside=sees_system_view(acting))
    keys = [head[0] for head in heads]
    plans = {task: rest for task, *rest in _plans(tasks=keys)}
    said = last_reports(keys, acting=acting)
    ordered = {task for (task,) in _ordered(tasks=keys)}
    first = {} if all(head[5] for head in heads) else _first_units(keys)
    hands = hands_of(list_id, mergers.day) if any(head[4] in heirs for head in heads) else {}
    answering = heirs[unit].pk if unit in heirs else unit
    return [
        UnitTaskRow(
            key, number, text, _role(heirs[lead].pk if lead in heirs else lead, answering, printed[task]), light,
            _lead(heirs.get(lead), name) or first.get(task, ""),
            *_plan(plans.get(task), hands.get((heirs[lead].pk, task), Hands()) if lead in heirs else None, month),
            said.get(task, NOTHING), task in ordered,
        )
        for task, key, number, text, lead, name, light in heads
    ]  # fmt: skip


def _lead(heir: Unit | None, name: str) -> str:
    """The lead as a page names it: the unit that took its place, with the name of the one that was."""
    return f"{heir.name}（原{name}）" if heir else name


def _plan(values: Sequence[str] | None, hands: Hands | None, month: int) -> tuple[str, str, str, str, str]:
    """Division, contact, telephone, year target and the node of the quarter of a month; `hands` in place of the plan's own."""
    division, contact, phone, target, *nodes = values or ("",) * 8
    if hands is not None:
        division, contact, phone = hands.division, hands.contact, hands.phone
    return (division, contact, phone, target, nodes[(month - 1) // 3])


@compiled
def _heads(acting: Acting, tasks: Sequence[int], *, inside: bool) -> QuerySet[Task, Any]:
    """Those of these tasks that a post sees, in printed order, with lead and light."""
    system = ["standing__verdict__light"] if inside else []
    light = Coalesce("standing__determination__light", *system, Value(""))
    return Task.objects.visible_to(acting).filter(pk__in=tasks).order_by("ordinal").values_list(
        "pk", "key", "current__number", "current__text", "assignment__lead_id",
        Coalesce("assignment__lead__name", Value("")), light,
    )  # fmt: skip


@compiled
def _plans(tasks: Sequence[int]) -> QuerySet[Plan, Any]:
    """The rows of the leads."""
    return Plan.objects.filter(task__in=tasks, unit=F("task__assignment__lead")).values_list(
        "task_id",
        "division",
        "contact",
        "phone",
        "year_target",
        "node_q1",
        "node_half",
        "node_q3",
        "node_year",
    )


@compiled
def _ordered(tasks: Sequence[int]) -> QuerySet[SupervisionOrder, Any]:
    """Those of these tasks with an order that is not closed."""
    return SupervisionOrder.objects.outstanding().filter(task__in=tasks).order_by().values_list("task_id")


def _first_units(tasks: Sequence[int]) -> dict[int, str]:
    """The unit that each task prints first: its lead, else its first main or supporting unit."""
    rows = Responsibility.objects.filter(task__in=tasks).order_by("ordinal")
    found: dict[int, str] = {}
    for task, _, name in sorted(
        rows.values_list("task_id", "role", "unit__name"), key=lambda row: RANK[row[1]]
    ):
        found.setdefault(task, name)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSummary(SheetCounts):
    """A unit's sheet of one period."""

    key: str
    period_state: str
    due_on: date
    lock_on: date

    @property
    def spec(self) -> PeriodSpec:
        """Its name and days."""
        return period_of(self.key)


def sheets_of(list_id: int, unit: int) -> list[SheetSummary]:
    """The sheets of a unit, newest period first. Two queries."""
    signed: dict[str, str] = dict(_signers(task_list=list_id, unit=unit))
    return [
        SheetSummary(
            key=key,
            period_state=state,
            due_on=due_on,
            lock_on=lock_on,
            asked=asked,
            late=late,
            signed_by=signed.get(key, ""),
            **dict(zip(STATE_COUNTS, counts, strict=True)),
        )
        for key, state, due_on, lock_on, asked, late, *counts in _sheets(task_list=list_id, unit=unit)
    ]


@compiled
def _signers(task_list: int, unit: int) -> QuerySet[SignOff, Any]:
    """Who signed for the unit in each period, the newest signature last."""
    rows = SignOff.objects.filter(period__list=task_list, unit=unit).order_by("seq")
    return rows.values_list("period__key", "signer")


@compiled
def _sheets(task_list: int, unit: int) -> QuerySet[Obligation, Any]:
    """The periods of the unit, the newest first: key, state, days, asked, late, by state."""
    return (
        Obligation.objects.filter(period__list=task_list, unit=unit)
        .values_list("period__key", "period__state", "period__due_on", "period__lock_on")
        .annotate(
            asked=Count("pk"),
            late=Count("pk", filter=Q(sent_on__gt=F("period__due_on"))),
            **STATE_COUNTS,
        )
        .order_by("-period__key")
    )


@dataclass(frozen=True, slots=True)
class Burden:
    """填报负担 of a unit in the quarter of its newest period: rows and cells of its reports."""

    year: int
    quarter: int
    rows: int
    cells: int

    @property
    def named(self) -> tuple[str, str]:
        """The quarter as officials say it, Chinese and English: 2026年二季度."""
        return f"{self.year}年{'一二三四'[self.quarter - 1]}季度", f"Quarter {self.quarter} of {self.year}"


def unit_burden(
    list_id: int, unit: int, sheets: Sequence[SheetSummary], parts: Iterable[PartRow]
) -> Burden | None:
    """What the reports of this quarter, its own and its parts of others', ask the unit to fill in; None before any period. One query."""
    rows = Counter[tuple[int, int]]()
    for sheet in sheets:
        rows[_quarter(sheet.spec)] += sheet.due
    if not rows:
        return None
    year, quarter = max(rows)
    spoken = sum(PART for part in parts if _quarter(period_of(part.period)) == (year, quarter))
    return Burden(
        year, quarter, rows[year, quarter], report_cells_asked(list_id, unit, year, quarter) + spoken
    )


def _quarter(spec: PeriodSpec) -> tuple[int, int]:
    return spec.year, (spec.month + 2) // 3


@dataclass(frozen=True, slots=True)
class UnitOrder:
    """An order served on a unit, as its page shows it."""

    pk: int
    revision: int
    kind: str
    year: int
    serial: int | None
    task_key: str
    matter: str
    requirement: str
    answer: str
    state: str
    due_on: date


def unit_orders(list_id: int, unit: int, acting: Acting) -> Sequence[UnitOrder]:
    """The orders served on a unit, those still open first. One query."""
    rows = [UnitOrder(*row) for row in _orders(acting=acting, task_list=list_id, unit=unit)]
    return sorted(rows, key=lambda row: (row.state == "closed", row.due_on, row.pk))


@compiled
def _orders(acting: Acting, task_list: int, unit: int) -> QuerySet[SupervisionOrder, Any]:
    seen = SupervisionOrder.objects.visible_to(acting)
    rows = seen.filter(list=task_list, unit=unit, served_on__isnull=False)
    return rows.values_list(
        "pk",
        "revision",
        "kind",
        "year",
        "serial",
        "task__key",
        "matter",
        "requirement",
        "answer",
        "state",
        "due_on",
    )


def unit_receipt(list_id: int, unit: int) -> Receipt | None:
    """Whether the unit has signed for the list; None before it was issued."""
    found = _receipts(task_list=list_id, unit=unit)
    return instance(Receipt, found[0]) if found else None


@compiled
def _receipts(task_list: int, unit: int) -> QuerySet[Receipt, Any]:
    return Receipt.objects.filter(list=task_list, unit=unit).values_list(*columns(Receipt))
