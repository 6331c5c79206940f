"""A unit's plan (细化) as one table: every task it leads or shares, what it has filled in, what is still missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F

from duban.domain.coverage_checks import WITHOUT_NODES, Duty, check, filled_nodes
from duban.domain.messages import Message
from duban.domain.natures import Nature
from duban.domain.tasklist.records import Role, TargetKind
from duban.plans.models import Plan
from duban.plans.operations import NODE_FIELDS, PLAN_LIMITS
from duban.register.models import Responsibility, Target, TaskList

PEOPLE_FIELDS: Final = ("deputy", "division", "contact", "phone")
EMPTY: Final = dict.fromkeys(PLAN_LIMITS, "")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One task in a unit's plan. `values` by field of PLAN_LIMITS; the nodes shown to a sharing unit are the lead's.

    `proposal` is the year target that the list itself suggests; `gaps` say what the three coverage checks miss here.
    """

    task: int
    key: str
    number: str
    text: str
    role: Role
    leads: bool
    lead_name: str
    lead_contact: str
    issued: bool
    revision: int
    values: Mapping[str, str]
    proposal: str
    nature: Nature
    gaps: tuple[Message, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """What this unit fills in here."""
        return (*NODE_FIELDS, *PEOPLE_FIELDS) if self.leads else PEOPLE_FIELDS

    @property
    def year_node(self) -> str:
        """What must stand at the end of the year: the proposal again where the type has nodes and it is short enough."""
        fits = self.nature not in WITHOUT_NODES and len(self.proposal) <= PLAN_LIMITS["node_year"]
        return self.proposal if fits else ""

    @property
    def shown(self) -> dict[str, str]:
        """What the row shows: of a lead that has kept nothing yet, with the year target and the node of the year's end as the list suggests them."""
        suggested = {"year_target": self.proposal, "node_year": self.year_node}
        return {**self.values, **(suggested if self.leads and not self.revision else {})}


def plan_rows(task_list: TaskList | int, unit: int) -> list[PlanRow]:
    """The tasks that a unit owes something to, in printed order. Four queries, however many."""
    duties = list(
        Responsibility.objects.filter(unit_id=unit, task__list=task_list)
        .select_related("task__current", "task__assignment__lead")
        .order_by("task__ordinal")
    )
    tasks = [duty.task_id for duty in duties]
    own = {row.task_id: row for row in Plan.objects.filter(unit_id=unit, task__in=tasks)}
    led = {
        row.task_id: row
        for row in Plan.objects.filter(task__in=tasks, unit=F("task__assignment__lead")).exclude(unit_id=unit)
    }
    targets = Target.objects.filter(version__task__in=tasks, kind=TargetKind.GOAL).order_by("-ordinal")
    goals = dict(targets.values_list("version__task_id", "text"))
    rows = [_row(duty, own.get(duty.task_id), led.get(duty.task_id), goals) for duty in duties]
    return _with_gaps(rows, duties)


def _row(
    duty: Responsibility, own: Plan | None, led: Plan | None, goals: Mapping[int, str]
) -> dict[str, Any]:
    task = duty.task
    assignment, version = getattr(task, "assignment", None), task.current
    assert version is not None
    lead = assignment.lead if assignment else None
    leads = lead is not None and lead.pk == duty.unit_id
    values = {field: getattr(own, field) for field in PLAN_LIMITS} if own else dict(EMPTY)
    if not leads and led is not None:
        values |= {field: getattr(led, field) for field in NODE_FIELDS}
    return {
        "task": task.pk,
        "key": task.key,
        "number": version.number,
        "text": version.text,
        "role": Role.LEAD if leads else Role.MAIN if duty.role == Role.LEAD else Role(duty.role),
        "leads": leads,
        "lead_name": lead.name if lead else "",
        "lead_contact": f"{led.contact} {led.phone}".strip() if led else "",
        "issued": bool(assignment and assignment.issued_at),
        "revision": own.revision if own else 0,
        "values": values,
        "proposal": proposal(goals.get(task.pk, ""), version.text),
        "nature": Nature(assignment.nature) if assignment else Nature.QUANTIFIED,
    }


def proposal(goal: str, text: str) -> str:
    """The year target that the list suggests: its first binding number, else its first sentence, at most 200 characters."""
    limit = PLAN_LIMITS["year_target"]
    said = goal or (text if len(text) <= limit else text.split("。", maxsplit=1)[0])
    return said.strip().rstrip("。")[:limit]


def _with_gaps(rows: Sequence[dict[str, Any]], duties: Sequence[Responsibility]) -> list[PlanRow]:
    asked = [_duty(row, duty) for row, duty in zip(rows, duties, strict=True)]
    gaps: dict[int | str, list[Message]] = defaultdict(list)
    for outcome in check(asked).values():
        for gap in outcome.gaps:
            gaps[gap.task].append(gap.message)
    return [PlanRow(**row, gaps=tuple(gaps[row["task"]])) for row in rows]


def _duty(row: Mapping[str, Any], duty: Responsibility) -> Duty:
    values = row["values"]
    return Duty(
        task=row["task"],
        number=row["number"],
        unit=duty.unit_id,
        role=row["role"],
        has_lead=bool(row["lead_name"]),
        deputy=values["deputy"],
        handler=values["contact"],
        phone=values["phone"],
        year_target=values["year_target"],
        nodes=filled_nodes([values[field] for field in NODE_FIELDS[1:]]),
        nature=row["nature"],
    )
