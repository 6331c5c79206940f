"""Whether the named projections of the register equal their rebuild."""

from __future__ import annotations

from django.db.models import F, OuterRef, Subquery

from duban.domain.messages import Message
from duban.register.models import Task, TaskVersion


def projection_faults() -> list[Message]:
    """Projections that differ from their rebuild: a task's current version is the one of the newest edition."""
    newest = TaskVersion.objects.filter(task=OuterRef("pk")).order_by("-edition__ordinal").values("pk")[:1]
    wrong = Task.objects.annotate(newest=Subquery(newest)).exclude(current_id=F("newest"))
    return [
        Message("register.fault_current", {"task": str(task)}) for task in wrong.select_related("list")[:20]
    ]
