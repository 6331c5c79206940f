"""What is known of every issued task of a list on a day, as the rule of the lights wants it. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from duban.domain.due import Node, due_value, headline, measure_of
from duban.domain.lights import Facts
from duban.domain.natures import STAGES, Nature, Rhythm
from duban.domain.periods import period_of
from duban.domain.reported import BREACHED, CHOICES, OWN_PART_DONE, late_items
from duban.plans.adjustment import paused_tasks
from duban.plans.models import Assignment, Milestone
from duban.plans.sub_items import Item, counted_items, items_of
from duban.progress.models import Obligation, Report
from duban.register.models import TaskList
from duban.register.queries import goals_of


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of one task, the value due by the day, and the newest report they rest on."""

    facts: Facts
    due_value: Decimal | None
    report: int | None


def known_facts(task_list: TaskList, on: date) -> dict[int, Known]:
    """The facts of every issued task of a list, keyed by task, in the order of the list. Eight queries."""
    nodes, reports = _nodes(task_list), _reports(task_list, on)
    owed, found = _overdue(task_list, on), dict[int, Known]()
    assignments = Assignment.objects.filter(task__list=task_list, issued_at__isnull=False)
    paused = paused_tasks(task_list, on)
    tasks = assignments.values_list("task_id", flat=True)
    goals_by_task, items_by_task = goals_of(tasks), items_of(tasks)
    for row in assignments.order_by("task__ordinal"):
        task = row.task_id
        own, said = tuple(nodes.get(task, ())), reports.get(task, [])
        goals, told = goals_by_task.get(task, ()), _told(said, Nature(row.nature))
        goal, items = headline(goals, own), counted_items(items_by_task.get(task, ()))
        facts = Facts(
            nature=Nature(row.nature),
            on=on,
            nodes=own,
            comparator=goal.comparator,
            measure_unit=measure_of(own) or goal.measure,
            indicator=goal.indicator if len(goals) > 1 else "",
            deadline=row.deadline,
            rhythm=Rhythm(row.rhythm),
            paused=task in paused,
            **_still_due(owed.get(task, ()), said),
            sub_items_total=len(items),
            headline_item=_measured(goal.item, items, Nature(row.nature)),
            **(told | (_occurred(own, told, on) if row.nature == Nature.RECURRING else {})),
        )
        found[task] = Known(facts, due_value(own, on), said[-1].pk if said else None)
    return found


def _measured(number: int, items: Sequence[Item], nature: Nature) -> int:
    """The sub-item whose value the light holds against the nodes; 0 where stages or the task as a whole decide."""
    return number if nature not in CHOICES and number in {item.number for item in items} else 0


def _told(reports: Sequence[Report], nature: Nature) -> dict[str, Any]:
    """What the reports say: the newest value and the end of the period it stands for, the newest stage, the last day.

    A later “no change” says that the value still stands, and moves its day on.
    """
    value, value_on, stage, stage_on = None, None, "", None
    spoken: date | None = None
    late: tuple[int, ...] = ()
    for report in reports:
        ends = period_of(report.__dict__["period"]).ends_on
        if report.value is not None:
            value, value_on = report.value, ends
        elif report.no_change and value is not None:
            value_on = ends
        if report.stage:
            stage, stage_on = report.stage, min(ends, timezone.localdate(report.at))
        if not report.no_change:
            spoken, late = ends, late_items(report.problem)
    stages = STAGES.get(nature, ())
    done = next((report for report in reports if stages and report.stage == stages[-1][0]), None)
    return {
        "value": value,
        "value_on": value_on,
        "stage": stage,
        "stage_on": stage_on,
        "breached": stage == BREACHED,
        "own_acts_done": stage == OWN_PART_DONE,
        "sub_items_late": late,
        "reported_for": spoken,
        "reported_on": _day(reports[-1] if reports else None),
        "held_on": _day(done) if nature == Nature.EVENT else None,
        "done_on": _day(done) if nature != Nature.EVENT else None,
    }


def _occurred(nodes: Sequence[Node], told: dict[str, Any], on: date) -> dict[str, int]:
    """Of a recurring task: how often it was due by the day its value stands for, and how often it was done."""
    if told["value"] is None:
        return {}
    due = due_value(nodes, min(on, told["value_on"] or on))
    return {"occurrences_due": int(due or 0), "occurrences_done": int(told["value"])}


def _day(report: Report | None) -> date | None:
    return timezone.localdate(report.at) if report else None


def _nodes(task_list: TaskList) -> dict[int, list[Node]]:
    found: dict[int, list[Node]] = defaultdict(list)
    for row in Milestone.objects.filter(task__list=task_list).order_by("task_id", "on"):
        found[row.task_id].append(Node(on=row.on, value=row.value, text=row.text, stage=row.stage))
    return found


def _reports(task_list: TaskList, on: date) -> dict[int, list[Report]]:
    """The newest report of every obligation, oldest period first; those sent back do not count."""
    found: dict[int, list[Report]] = defaultdict(list)
    rows = (
        Report.objects.filter(
            obligation__period__list=task_list,
            obligation__current=F("pk"),
            obligation__state__in=["sent", "accepted"],
            obligation__sent_on__lte=on,
        )
        .annotate(task=F("obligation__task_id"), period=F("obligation__period__key"))
        .order_by("obligation__period__key")
    )
    for row in rows:
        task: Any = row.__dict__["task"]
        found[task].append(row)
    return found


def _overdue(task_list: TaskList, on: date) -> dict[int, list[tuple[str, date, str]]]:
    """Tasks with reports that were due before this day and have not come: their periods, days and states, oldest first."""
    found: dict[int, list[tuple[str, date, str]]] = defaultdict(list)
    rows = Obligation.objects.filter(
        period__list=task_list, state__in=["owed", "returned"], period__due_on__lt=on
    ).order_by("period__key")
    for task, key, due, state in rows.values_list("task_id", "period__key", "period__due_on", "state"):
        found[task].append((key, due, state))
    return found


def _still_due(owed: Sequence[tuple[str, date, str]], reports: Sequence[Report]) -> dict[str, Any]:
    """The oldest report still to come, its day and whether it was returned: a later period's report settles what an earlier one left open."""
    newest = reports[-1].__dict__["period"] if reports else ""
    due, state = next(((due, state) for key, due, state in owed if key > newest), (None, ""))
    return {"report_due": due, "report_returned": state == "returned"}
