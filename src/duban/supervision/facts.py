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

from duban.domain.due import Node, due_value, read_number
from duban.domain.lights import Facts
from duban.domain.natures import STAGES, Nature, Rhythm
from duban.domain.periods import period_of
from duban.domain.tasklist.records import TargetKind
from duban.plans.models import Assignment, Milestone
from duban.progress.models import Obligation, Report
from duban.register.models import Target, TaskList


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of one task, the value due by the day, and the newest report they rest on."""

    facts: Facts
    due_value: Decimal | None
    report: int | None


def known_facts(task_list: TaskList, on: date) -> dict[int, Known]:
    """The facts of every issued task of a list, keyed by task, in the order of the list. Five queries."""
    nodes, reports = _nodes(task_list), _reports(task_list, on)
    owed, targets = _overdue(task_list, on), _targets(task_list)
    found: dict[int, Known] = {}
    assignments = Assignment.objects.filter(task__list=task_list, issued_at__isnull=False)
    for row in assignments.order_by("task__ordinal"):
        task = row.task_id
        own, said = tuple(nodes.get(task, ())), reports.get(task, [])
        comparator, measure = targets.get(task, ("ge", ""))
        measure = _measure(own) or measure
        facts = Facts(
            nature=Nature(row.nature),
            on=on,
            nodes=own,
            comparator=comparator,
            measure_unit=measure,
            deadline=row.deadline,
            rhythm=Rhythm(row.rhythm),
            report_due=owed.get(task),
            **_told(said, Nature(row.nature)),
        )
        found[task] = Known(facts, due_value(own, on), said[-1].pk if said else None)
    return found


def _told(reports: Sequence[Report], nature: Nature) -> dict[str, Any]:
    """What the reports say: the newest value and the end of the period it stands for, the newest stage, the last day.

    A later “no change” says that the value still stands, and moves its day on.
    """
    value, value_on, stage, stage_on = None, None, "", None
    for report in reports:
        ends = period_of(report.__dict__["period"]).ends_on
        if report.value is not None:
            value, value_on = report.value, ends
        elif report.no_change and value is not None:
            value_on = ends
        if report.stage:
            stage, stage_on = report.stage, min(ends, timezone.localdate(report.at))
    stages = STAGES.get(nature, ())
    done = next((report for report in reports if stages and report.stage == stages[-1][0]), None)
    return {
        "value": value,
        "value_on": value_on,
        "stage": stage,
        "stage_on": stage_on,
        "reported_on": _day(reports[-1] if reports else None),
        "held_on": _day(done) if nature == Nature.EVENT else None,
        "done_on": _day(done) if nature != Nature.EVENT else None,
    }


def _measure(nodes: Sequence[Node]) -> str:
    """The measure that the nodes are written in; values of reports are multiplied out like theirs."""
    numbers = [number for node in nodes if (number := read_number(node.text)) is not None]
    return numbers[-1].measure if numbers else ""


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


def _overdue(task_list: TaskList, on: date) -> dict[int, date]:
    """Tasks with a report that was due before this day and has not come."""
    rows = Obligation.objects.filter(
        period__list=task_list, state__in=["owed", "returned"], period__due_on__lt=on
    ).order_by("-period__due_on")
    return dict(rows.values_list("task_id", "period__due_on"))


def _targets(task_list: TaskList) -> dict[int, tuple[str, str]]:
    """The headline target of each task: its first goal."""
    rows = Target.objects.filter(version__task__list=task_list, kind=TargetKind.GOAL).order_by("-ordinal")
    return {
        task: (comparator, measure)
        for task, comparator, measure in rows.values_list("version__task_id", "comparator", "measure_unit")
    }
