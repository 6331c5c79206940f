"""A task changed in mid-period: what is still owed for it goes with the lead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from duban.directory.queries import answering_unit_ids
from duban.domain.periods import period_of
from duban.domain.posts import Acting
from duban.history.operations import Happening, append
from duban.plans.adjustment import adjust
from duban.plans.models import Adjustment
from duban.progress.models import Obligation
from duban.register.models import Task

STILL_OWED = ("owed", "returned")


@transaction.atomic
def adjust_and_hand_over(*, task: Task, by: Acting, now: datetime, **given: Any) -> Adjustment:
    """As `plans.adjustment.adjust`; the rows of open periods that nobody has sent, or that came back, follow a new lead.

    What was drafted there goes along. Rows sent or accepted stay with the unit that reported.
    """
    made = adjust(task=task, by=by, now=now, **given)
    rows = Obligation.objects.select_for_update(of=("self",)).filter(
        task=task, state__in=STILL_OWED, period__state="open"
    )
    lead = Task.objects.filter(pk=task.pk).values_list("assignment__lead_id", flat=True).get()
    moved = [
        (row, unit)
        for row in rows.select_related("period__list", "task")
        if lead and row.unit_id not in {lead, unit := _answering(lead, row)}
    ]
    happenings = [
        Happening(
            "report.handed_over",
            {"period": row.period.key, "unit": str(row.unit_id), "to": str(unit)},
            row.period.list.government_id, row.period.list_id, row.task_id, f"task:{row.task.key}",
        )
        for row, unit in moved
    ]  # fmt: skip
    append(happenings, by=by, now=now)
    for row, unit in moved:
        row.unit_id, row.revision = unit, row.revision + 1
    Obligation.objects.bulk_update([row for row, _ in moved], ["unit", "revision"])
    return made


def _answering(lead: int, row: Obligation) -> int:
    """The lead, or the unit that took its place by the last day of the period."""
    return answering_unit_ids([lead], period_of(row.period.key).ends_on)[lead]
