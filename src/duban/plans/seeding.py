"""What the office's own table prints beside a task, as the first state of the lead's plan, so that nobody is asked for it again."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from duban.domain.posts import Acting
from duban.domain.sheets import NAME_LIMIT, NODE_LIMIT, PHONE_LIMIT
from duban.domain.tasklist.records import ColumnKind
from duban.history.operations import Happening, append
from duban.plans.milestones import milestones_from
from duban.plans.models import Assignment, Milestone, Plan
from duban.register.models import PrintedField, Task, TaskList

TARGETS: Final = {
    ColumnKind.YEAR_TARGET: "year_target",
    ColumnKind.NODE_Q1: "node_q1",
    ColumnKind.NODE_HALF: "node_half",
    ColumnKind.NODE_Q3: "node_q3",
    ColumnKind.NODE_YEAR: "node_year",
}
PEOPLE: Final = {
    ColumnKind.RESPONSIBLE_LEADER: "deputy",
    ColumnKind.DIVISION: "division",
    ColumnKind.CONTACT: "contact",
    ColumnKind.PHONE: "phone",
}
_PRINTED: Final = {**TARGETS, **PEOPLE}
_LIMITS: Final = {
    "year_target": 200, **dict.fromkeys([*TARGETS.values()][1:], NODE_LIMIT),
    **dict.fromkeys([*PEOPLE.values()][:3], NAME_LIMIT), "phone": PHONE_LIMIT,
}  # fmt: skip
_SOURCE: Final = re.compile(r"数据(?:取自|来源于|来自)[：:]?(?P<source>[^。；;，,\n]+)")
_PERSON: Final = re.compile(
    r"(?P<name>[\u3400-\u9fff·]{2,12}?)[\s，,、：:（(]*(?P<phone>\d[\d\-－— 转/]{5,})[）)]?"
)


def printed_of(tasks: Sequence[int]) -> dict[int, dict[str, str]]:
    """What is printed beside these tasks, by field of the plan and of the assignment, at most as long. One query."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    rows = PrintedField.objects.filter(version__task__in=tasks, version_id__in=_current(tasks))
    for task, kind, text in rows.order_by("version_id", "ordinal").values_list(
        "version__task", "kind", "text"
    ):
        if kind == ColumnKind.CITY_LEADER:
            found[task]["city_leader"] = text
        elif kind == ColumnKind.MECHANISM:
            found[task]["mechanism"] = text
        elif kind == ColumnKind.DATA_SOURCE:
            found[task]["data_source"] = text
        elif kind == ColumnKind.REMARKS and (named := _SOURCE.search(text)):
            found[task].setdefault("data_source", named["source"])
        elif kind in _PRINTED:
            found[task][_PRINTED[ColumnKind(kind)]] = text
    return {task: _parted(values) for task, values in found.items()}


def _current(tasks: Sequence[int]) -> list[int]:
    return list(Task.objects.filter(pk__in=tasks).values_list("current", flat=True))


def _parted(values: dict[str, str]) -> dict[str, str]:
    """A name and a number in one cell (联系人及电话) become two."""
    both = values.get("contact") or values.get("phone") or ""
    if not (values.get("contact") and values.get("phone")) and (parts := _PERSON.fullmatch(both)):
        return {**values, "contact": parts["name"], "phone": parts["phone"].strip()}
    return values


def seed_plans(
    task_list: TaskList, leads: Mapping[int, int], *, people: bool = True, by: Acting, now: datetime
) -> int:
    """Give each task's lead (task to unit) its row as printed, with the milestones; only where it has no row yet.

    `people`: the persons printed are the lead's. Returns how many rows were made.
    """
    fresh = _fresh(leads, frozenset(_PRINTED.values() if people else TARGETS.values()))
    happenings = [
        Happening(
            "plan.refined",
            {"unit": str(leads[task.pk]), "before": dict.fromkeys(values, ""), "after": values},
            task_list.government_id,
            task_list.pk,
            task.pk,
            f"task:{task.key}",
        )
        for task, values in fresh.items()
    ]
    rows = [
        Plan(task=task, unit_id=leads[task.pk], on_behalf=by.runs_office, seq=seq, **values)
        for (task, values), seq in zip(fresh.items(), append(happenings, by=by, now=now), strict=True)
    ]
    Plan.objects.bulk_create(rows, batch_size=500)
    Milestone.objects.filter(task__in=list(fresh)).delete()
    Milestone.objects.bulk_create(
        [milestone for row in rows for milestone in milestones_from(row, row.task)], batch_size=500
    )
    return len(rows)


def _fresh(leads: Mapping[int, int], fields: frozenset[str]) -> dict[Task, dict[str, str]]:
    """The tasks whose lead has no row, with what is printed in these fields; those with nothing printed are left out."""
    printed = printed_of(list(leads))
    known = set(Plan.objects.filter(task__in=leads).values_list("task_id", "unit_id"))
    tasks = Task.objects.filter(pk__in=printed).select_related("assignment", "list").order_by("ordinal")
    found = {}
    for task in tasks:
        values = {name: _fitting(name, text) for name, text in printed[task.pk].items() if name in fields}
        if values and (task.pk, leads[task.pk]) not in known:
            found[task] = values
    return found


def seed_new_leads(
    task_list: TaskList, before: Mapping[Assignment, int | None], *, by: Acting, now: datetime
) -> None:
    """A lead named before the list is issued gets what is printed, the persons only where nobody led before it.

    `before`: each assignment as it is now, to the lead it had. Tasks whose plan was changed by hand are left alone.
    """
    new = {
        row: old for row, old in before.items() if row.issued_at is None and row.lead_id not in (None, old)
    }
    changed = Plan.objects.filter(task__in=[row.task_id for row in new], revision__gt=1) if new else []
    typed = {plan.task_id for plan in changed}
    for first in (True, False):
        leads = {
            row.task_id: row.lead_id
            for row, old in new.items()
            if row.lead_id and (old is None) is first and row.task_id not in typed
        }
        if leads:
            seed_plans(task_list, leads, people=first, by=by, now=now)


def _fitting(name: str, text: str) -> str:
    """A printed text as long as its field takes; what is cut off ends in an ellipsis, the task keeps the whole."""
    limit = _LIMITS[name]
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
