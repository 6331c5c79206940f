"""Freezing the data sheet of a period, and recording that papers were written from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from duban.domain.errors import Conflict, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.history.operations import append, keep_payload
from duban.progress.models import Period, SignOff
from duban.progress.operations import move_period, of_period
from duban.publishing.models import Snapshot
from duban.publishing.policies import refusal_to_write
from duban.publishing.queries import figures_of, newest_snapshot, orders_of, sheet_of
from duban.publishing.snapshots import Figures, dumped
from duban.register.models import TaskList
from duban.supervision.consultation import refusal_to_seal

SEALED = "sealed"


@transaction.atomic
def freeze(*, period: Period, by: Acting, now: datetime) -> Snapshot:
    """Freeze the figures of a period (数据底稿); the same figures give the snapshot that is there already.

    Once a period is sealed its figures stay those of the first snapshot taken after the seal; orders that were drafted or
    approved later join them in a further snapshot, because each order is a paper of its own.
    """
    if refused := refusal_to_write(by):
        raise NotAllowed(refused)
    TaskList.objects.select_for_update().get(pk=period.list_id)
    current = Period.objects.select_related("list").get(pk=period.pk)
    figures = frozen_or_now(current, timezone.localdate(now))
    payload = keep_payload(dumped(figures), now=now)
    known = Snapshot.objects.filter(period=current, data=payload).first()
    if known is not None:
        return known
    body = {"period": current.key, "snapshot": payload.pk}
    [seq] = append([of_period(current, "snapshot.frozen", body)], by=by, now=now)
    return Snapshot.objects.create(
        list=current.list, period=current, data=payload, as_of=date.fromisoformat(figures.head.as_of),
        actor=by.label, at=now, seq=seq,
    )  # fmt: skip


def frozen_or_now(period: Period, on: date) -> Figures:
    """What a snapshot of the period would hold: what was frozen at its seal, with today's orders, else what the record says now."""
    newest = newest_snapshot(period) if period.state == SEALED else None
    if newest is not None and newest.data.content is not None:
        frozen = sheet_of(newest).figures
        if frozen.head.state == SEALED:
            return frozen.with_orders(orders_of(period))
    return figures_of(period, on)


@transaction.atomic
def seal(*, period: Period, sure: bool = False, by: Acting, now: datetime) -> Snapshot:
    """封存: seal a closed period and freeze its figures with it, once the units' two days to object are over.

    Refused while a report waits for review or a task for its determination; while rows are owed or units have not
    signed, unless one is `sure`.
    """
    if refused := refusal_to_seal(period, timezone.localdate(now)):
        raise Conflict(refused)
    if not sure and (open_ends := _unfinished(period)):
        raise Conflict(open_ends)
    move_period(period=period, action="seal", by=by, now=now)
    return freeze(period=period, by=by, now=now)


def _unfinished(period: Period) -> Message | None:
    """What a seal would leave open: rows that have not come, units that reported and did not sign. Two queries."""
    owed = period.obligations.filter(state__in=["owed", "returned"]).count()
    signed = SignOff.objects.filter(period=period).values("unit")
    reported = period.obligations.filter(current__isnull=False).exclude(unit__in=signed)
    unsigned = reported.order_by().values("unit").distinct().count()
    return (
        Message("progress.seal_unfinished", {"owed": owed, "unsigned": unsigned})
        if owed or unsigned
        else None
    )


@transaction.atomic
def record_papers(*, snapshot: Snapshot, papers: Sequence[str], by: Acting, now: datetime) -> None:
    """Record that these papers (their file names) were written from a data sheet."""
    if refused := refusal_to_write(by):
        raise NotAllowed(refused)
    period = snapshot.period
    body = {"period": period.key, "papers": list(papers), "snapshot": snapshot.data_id[:12]}
    append([of_period(period, "paper.written", body)], by=by, now=now)
