"""Writing the record: append events under one lock, keep payloads, purge one with two persons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import rfc8785
from django.db import connection, transaction

from duban.domain.errors import Conflict, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.history.chain import FIRST, hash_of
from duban.history.models import Event, Payload, Purge
from duban.history.policies import refusal_to_purge

CHAIN_LOCK: Final = 0x6475_6261_6E  # PostgreSQL advisory lock number: "duban"
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Happening:
    """An event not yet written: its kind, what it is about, and its values (JSON: text, whole numbers, lists)."""

    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    government: int | None = None
    list: int | None = None
    task: int | None = None
    subject: str = ""


def append(happenings: Sequence[Happening], *, by: Acting, now: datetime) -> list[int]:
    """Write these events at the end of the chain and return their numbers.

    Call it inside the operation's transaction, once everything is decided: from here until commit no other writer
    can append (PostgreSQL: advisory lock; SQLite: the transaction is IMMEDIATE). Time never runs backwards: an event
    is stamped with the later of `now` and the head of the chain.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("events are appended inside the operation's transaction")
    _lock_chain()
    head = Event.objects.order_by("-seq").values_list("seq", "hash", "at").first()
    seq, previous, last = head or (0, FIRST, now)
    rows = []
    for happening in happenings:
        seq += 1
        row = _event(seq, previous, happening, by=by, at=max(now, last))
        previous = row.hash
        rows.append(row)
    Event.objects.bulk_create(rows, batch_size=BATCH)
    return [row.seq for row in rows]


def _lock_chain() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _event(seq: int, previous: str, happening: Happening, *, by: Acting, at: datetime) -> Event:
    body = rfc8785.dumps(dict(happening.body))
    event = Event(
        seq=seq,
        at=at,
        kind=happening.kind,
        government_id=happening.government,
        list_id=happening.list,
        task_id=happening.task,
        subject=happening.subject,
        person_id=by.person,
        post_id=by.post,
        on_behalf_of_id=by.on_behalf_of,
        actor=by.label,
        body=body.decode(),
        body_hash=hashlib.sha256(body).hexdigest(),
        previous=previous,
    )
    event.hash = hash_of(event)
    return event


def keep_payload(content: bytes, *, now: datetime) -> Payload:
    """Store bytes under their hash; the same bytes are stored once. What was purged cannot come in again."""
    sha256 = hashlib.sha256(content).hexdigest()
    payload, _ = Payload.objects.get_or_create(
        sha256=sha256, defaults={"content": content, "size": len(content), "stored_at": now}
    )
    if payload.purged_at:
        raise Conflict(Message("history.purged_before"))
    return payload


@transaction.atomic
def request_purge(*, payload: Payload, reason: str, by: Acting, now: datetime) -> Purge:
    """The first of two persons asks that a payload be removed for good."""
    if refused := refusal_to_purge(by):
        raise NotAllowed(refused)
    assert by.person is not None  # or it would have been refused
    if payload.purged_at or payload.purges.filter(confirmed_at__isnull=True).exists():
        raise Conflict(Message("history.purge_under_way"))
    purge = Purge.objects.create(
        payload=payload, reason=reason, requested_at=now, requested_by_id=by.person, requested_label=by.label
    )
    append([_purge_event("purge.requested", purge, by)], by=by, now=now)
    return purge


@transaction.atomic
def confirm_purge(*, purge: Purge, by: Acting, now: datetime) -> Purge:
    """The second person confirms: the content is gone, its hash and this record stay."""
    if refused := refusal_to_purge(by):
        raise NotAllowed(refused)
    purge = Purge.objects.select_for_update().select_related("payload").get(pk=purge.pk)
    if purge.confirmed_at:
        raise Conflict(Message("history.purge_done"))
    if by.person == purge.requested_by_id:
        raise NotAllowed(Message("history.purge_needs_second"))
    purge.confirmed_at, purge.confirmed_by_id, purge.confirmed_label = now, by.person, by.label
    purge.save(update_fields=["confirmed_at", "confirmed_by_id", "confirmed_label"])
    Payload.objects.filter(pk=purge.payload_id).update(content=None, purged_at=now)
    append([_purge_event("purge.confirmed", purge, by)], by=by, now=now)
    return purge


def _purge_event(kind: str, purge: Purge, by: Acting) -> Happening:
    body = {"payload": purge.payload_id, "reason": purge.reason}
    return Happening(kind, body, government=by.government, subject=purge.payload_id)
