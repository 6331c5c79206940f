"""The projection of this app compared with its rebuild."""

from __future__ import annotations

from django.db.models import F, OuterRef, Subquery

from duban.domain.messages import Message
from duban.progress.models import Obligation, Report


def projection_faults() -> list[Message]:
    """Obligations whose current report is not their newest one; a withdrawn report is nobody's current one."""
    newest = Report.objects.filter(obligation=OuterRef("pk")).order_by("-ordinal").values("pk")[:1]
    wrong = (
        Obligation.objects.annotate(newest=Subquery(newest))
        .exclude(current_id=F("newest"))
        .exclude(current__isnull=True, newest__isnull=True)
        .exclude(current__isnull=True, state__in=["owed", "exempt"])
    )
    return [Message("progress.fault_current", {"obligation": row.pk}) for row in wrong[:20]]
