"""The views that a period rests on and their day; whether the named projections of supervision equal their rebuild."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from duban.domain.lights import Light
from duban.domain.lights_facts import PAUSED
from duban.domain.messages import Message
from duban.progress.models import Obligation, Period
from duban.register.models import Task
from duban.shared.compiled import compiled
from duban.supervision.models import Determination, Standing, Verdict


def judged_on(period: Period) -> str:
    """The newest day as of which a period was judged, as ISO text; "" before."""
    newest = Verdict.objects.filter(period=period).aggregate(on=Max("on"))["on"]
    return newest.isoformat() if newest else ""


def is_past(period: Period) -> bool:
    """Whether a period stands for itself: sealed, or followed by another one. One query at most."""
    later = Period.objects.filter(list=period.list_id, key__gt=period.key)
    return period.state == "sealed" or later.exists()


SEEN: Final = ("task_id", "light", "code", "params", "sentence", "due_value", "on")


@dataclass(frozen=True, slots=True)
class SeenView:
    """What a page says of a view, in the order of `SEEN`."""

    task_id: int
    light: str
    code: str
    params: Mapping[str, Any]
    sentence: str
    due_value: Decimal | None
    on: date


def seen_views(period: Period, tasks: Iterable[int]) -> dict[int, SeenView]:
    """The views of these tasks that a period rests on, as `views_of`, by task. One query, two where the period is open."""
    past = is_past(period)
    rows = _written(task_list=period.list_id, key=period.key, tasks=tasks) if past else _newest(tasks=tasks)
    return {row[0]: SeenView(*row) for row in rows}


@compiled
def _written(task_list: int, key: str, tasks: Sequence[int]) -> QuerySet[Verdict, Any]:
    return views_up_to(Period(list_id=task_list, key=key), tasks).values_list(*SEEN)


@compiled
def _newest(tasks: Sequence[int]) -> QuerySet[Verdict, Any]:
    shown = Standing.objects.filter(task__in=tasks, verdict__isnull=False)
    return Verdict.objects.filter(pk__in=shown.values("verdict")).values_list(*SEEN)


def views_of(period: Period, tasks: Sequence[int] | None = None) -> QuerySet[Verdict]:
    """The view of each task (or of these) that a period rests on: the newest of all while it runs, then the one up to it."""
    if is_past(period):
        return views_up_to(period, tasks)
    stand = Standing.objects.filter(task__list=period.list_id, verdict__isnull=False)
    shown = stand if tasks is None else stand.filter(task__in=tasks)
    return Verdict.objects.filter(pk__in=shown.values("verdict"))


def views_up_to(period: Period, only: Sequence[int] | None = None) -> QuerySet[Verdict]:
    """The newest view of each task (or of `only` these) written for a period, failing that for an earlier one."""
    written = Verdict.objects.filter(task=OuterRef("pk"), period__key__lte=period.key)
    newest = Subquery(written.order_by("-period__key", "-seq").values("pk")[:1])
    tasks = Task.objects.filter(list=period.list_id).annotate(view=newest).order_by()
    if only is not None:
        tasks = tasks.filter(pk__in=only)
    return Verdict.objects.filter(pk__in=tasks.filter(view__isnull=False).values("view"))


def overtaken(period: Period) -> QuerySet[Obligation]:
    """Rows of a period whose report came after the view that the period rests on."""
    return _overtaken(period.pk, past=is_past(period))


def _overtaken(period: int, *, past: bool) -> QuerySet[Obligation]:
    sent = Obligation.objects.filter(period=period, state__in=["sent", "accepted"])
    if not past:
        return sent.exclude(task__standing__report=F("current"))
    judged = Verdict.objects.filter(period=period).order_by("-seq").values("seq")[:1]
    return sent.filter(current__seq__gt=Coalesce(Subquery(judged), 0))


def overtaken_tasks(period: Period, tasks: Iterable[int]) -> frozenset[int]:
    """Those of these tasks whose report `overtaken` names. One query, two where the period is open."""
    rows = _overtaken_tasks(period=period.pk, tasks=tasks, past=is_past(period))
    return frozenset(task for (task,) in rows)


@compiled
def _overtaken_tasks(period: int, tasks: Sequence[int], *, past: bool) -> QuerySet[Obligation, Any]:
    return _overtaken(period, past=past).filter(task__in=tasks).values_list("task_id")


def projection_faults() -> list[Message]:
    """Tasks whose standing does not show their newest view, or the determination of their newest period while it stands."""
    views = Verdict.objects.filter(task=OuterRef("task")).order_by("-seq", "-pk").values("pk")[:1]
    ruled = Determination.objects.filter(task=OuterRef("task")).order_by("-period__key", "-seq", "-pk")
    rulings = ruled.values("pk")[:1]
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
