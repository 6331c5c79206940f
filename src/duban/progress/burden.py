"""填报负担: the cells asked of each unit by quarter: reports, parts of others' reports, plan, completion standards and signatures."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from duban.domain.burden import PART, PEOPLE, SIGNATURE, STANDARD, Asked, node_cells, report_cells
from duban.domain.natures import Nature
from duban.domain.periods import period_of
from duban.history.models import Event
from duban.plans.models import Assignment, CompletionContract, Receipt
from duban.progress.models import Obligation, Part
from duban.shared.compiled import compiled

Quarter = tuple[int, int]


def burden(list_id: int, unit: int | None = None) -> dict[int, dict[Quarter, Asked]]:
    """What each unit of a list (or one of them) is asked, by year and quarter. Five queries, six with completion standards.

    A report counts in the quarter of its period, as do the parts asked for it, the plan in that of the issue, a standard in that of its proposal.
    """
    found: dict[int, dict[Quarter, Asked]] = defaultdict(lambda: defaultdict(Asked))
    sheets = set()
    for owner, key, nature in _rows(list_id, unit):
        quarter = _quarter(period_of(key).ends_on)
        found[owner][quarter].reports += report_cells(Nature(nature))
        sheets.add((owner, quarter, key))
    for owner, quarter, _ in sheets:
        found[owner][quarter].signatures += SIGNATURE
    for owner, key in _parts(list_id, unit):
        found[owner][_quarter(period_of(key).ends_on)].parts += PART
    for owner, issued_at, cells in _plans(list_id, unit):
        found[owner][_quarter(timezone.localdate(issued_at))].plan += cells
    for owner, proposed_on in _standards(list_id, unit):
        found[owner][_quarter(proposed_on)].standards += STANDARD
    return {owner: dict(quarters) for owner, quarters in found.items()}


def report_cells_asked(list_id: int, unit: int, year: int, quarter: int) -> int:
    """The cells that the reports of one quarter ask of a unit. One query."""
    months = [f"{year:04d}-{month:02d}" for month in range(3 * quarter - 2, 3 * quarter + 1)]
    asked = _natures(task_list=list_id, unit=unit, months=months)
    return sum(report_cells(Nature(nature)) for (nature,) in asked)


@compiled
def _natures(task_list: int, unit: int, months: Sequence[str]) -> QuerySet[Obligation, Any]:
    rows = Obligation.objects.filter(period__list=task_list, period__key__in=months, unit=unit)
    return rows.exclude(state="exempt").values_list("task__assignment__nature")


def led_tasks(list_id: int) -> dict[int, int]:
    """How many tasks of a list each unit leads. One query."""
    counts: dict[int, int] = defaultdict(int)
    leads = Assignment.objects.filter(task__list=list_id, lead__isnull=False)
    for lead in leads.values_list("lead_id", flat=True):
        counts[lead or 0] += 1
    return dict(counts)


def _quarter(day: date) -> Quarter:
    return day.year, (day.month + 2) // 3


def _only(field: str, unit: int | None) -> dict[str, int]:
    return {} if unit is None else {field: unit}


def _rows(list_id: int, unit: int | None) -> list[tuple[int, str, str]]:
    """Rows asked and not exempt: unit, period, type."""
    rows = Obligation.objects.filter(period__list=list_id, **_only("unit", unit)).exclude(state="exempt")
    return list(rows.values_list("unit_id", "period__key", "task__assignment__nature"))


def _parts(list_id: int, unit: int | None) -> list[tuple[int, str]]:
    """Parts asked of supporting units and not withdrawn: unit, period."""
    rows = Part.objects.standing().filter(obligation__period__list=list_id, **_only("unit", unit))
    return list(rows.values_list("unit_id", "obligation__period__key"))


def _plans(list_id: int, unit: int | None) -> list[tuple[int, datetime, int]]:
    """Units that owe a plan, when the list was issued to them, and the cells of their plans."""
    nodes: dict[int, int] = defaultdict(int)
    led = Assignment.objects.filter(task__list=list_id, lead__isnull=False, **_only("lead", unit))
    for lead, nature in led.values_list("lead_id", "nature"):
        nodes[lead or 0] += node_cells(Nature(nature))
    receipts = Receipt.objects.filter(list=list_id, **_only("unit", unit)).exclude(manner="information")
    return [
        (owner, issued_at, PEOPLE + nodes[owner])
        for owner, issued_at in receipts.values_list("unit_id", "issued_at")
    ]


def _standards(list_id: int, unit: int | None) -> list[tuple[int, date]]:
    """Completion standards by the unit that proposes them, each with the day of its first proposal."""
    rows = CompletionContract.objects.filter(
        clause__version__task__list=list_id, **_only("proposed_by", unit)
    )
    contracts = list(rows.values_list("proposed_by_id", "clause__version__task_id"))
    asked_on: dict[int, date] = {}
    if contracts:
        tasks = {task for _, task in contracts}
        events = Event.objects.filter(list_id=list_id, task_id__in=tasks, kind="contract.proposed")
        for task, body, at in events.order_by("-seq").values_list("task_id", "body", "at"):
            asked_on[task or 0] = date.fromisoformat(json.loads(body).get("on") or str(at.date()))
    return [(owner, asked_on[task]) for owner, task in contracts if task in asked_on]
