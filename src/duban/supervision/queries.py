"""As of which day a period was judged, and whether the named projections of supervision equal their rebuild."""

from __future__ import annotations

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from duban.domain.lights import Light
from duban.domain.lights_facts import PAUSED
from duban.domain.messages import Message
from duban.progress.models import Period
from duban.supervision.models import Determination, Standing, Verdict


def judged_on(period: Period) -> str:
    """The newest day as of which a period was judged, as ISO text; "" before."""
    newest = Verdict.objects.filter(period=period).aggregate(on=Max("on"))["on"]
    return newest.isoformat() if newest else ""


def projection_faults() -> list[Message]:
    """Tasks whose standing does not show their newest view, or their newest determination while it stands."""
    views = Verdict.objects.filter(task=OuterRef("task")).order_by("-seq", "-pk").values("pk")[:1]
    rulings = Determination.objects.filter(task=OuterRef("task")).order_by("-seq", "-pk").values("pk")[:1]
    found = Standing.objects.annotate(
        view=Subquery(views),
        ruling=Subquery(rulings),
        ruled=Subquery(rulings.values("light")),
        differs=Subquery(rulings.values("differs")),
        ruled_at=Subquery(rulings.values("seq")),
    )
    later = Verdict.objects.filter(task=OuterRef("task"), seq__gt=OuterRef("ruled_at"))
    came = Q(ruled=Light.MISSING, differs=False) & Exists(later.exclude(light=Light.MISSING))
    over = Q(determination=None) & (came | Exists(later.filter(code=PAUSED)))
    wrong = _other(found, "verdict_id", "view") | _other(found, "determination_id", "ruling").exclude(over)
    return [
        Message("supervision.fault_standing", {"task": str(row.task)})
        for row in wrong.select_related("task__list")[:20]
    ]


def _other(rows: QuerySet[Standing], kept: str, rebuilt: str) -> QuerySet[Standing]:
    same = Q(**{kept: F(rebuilt)}) | Q(**{f"{kept}__isnull": True, f"{rebuilt}__isnull": True})
    return rows.exclude(same)
