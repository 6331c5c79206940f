"""A task changed in mid-period: what is still owed for it goes with the lead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

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
    moved = [row for row in rows.select_related("period__list", "task") if lead and row.unit_id != lead]
    happenings = [
        Happening(
            "report.handed_over",
            {"period": row.period.key, "unit": str(row.unit_id), "to": str(lead)},
            row.period.list.government_id, row.period.list_id, row.task_id, f"task:{row.task.key}",
        )
        for row in moved
    ]  # fmt: skip
    append(happenings, by=by, now=now)
    for row in moved:
        row.unit_id, row.revision = lead, row.revision + 1
    Obligation.objects.bulk_update(moved, ["unit", "revision"])
    return made
