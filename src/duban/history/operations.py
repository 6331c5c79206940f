"""Writing the record: append events under one lock, keep payloads, purge one with two persons."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import rfc8785
from django.db import connection, transaction
from django.db.models import JSONField, Model

from duban.domain.errors import Conflict, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.history.chain import FIRST, hash_of
from duban.history.models import Event, Payload, Purge, PurgedText
from duban.history.policies import refusal_to_purge

CHAIN_LOCK: Final = 0x6475_6261_6E  # PostgreSQL advisory lock number: "duban"
BATCH: Final = 500
PURGED: Final = "（已处置）"
EVENTS: Final = Event._meta.db_table  # noqa: SLF001 (Django's documented model metadata)


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


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a row whose text goes, and what stands there afterwards."""

    row: Model
    attribute: str
    after: Any


@transaction.atomic
def request_purge(
    *, payload: Payload | None = None, subject: str = "", reason: str, by: Acting, now: datetime
) -> Purge:
    """The first of two persons asks that a payload, or the texts of one row (`subject`), be removed for good."""
    if refused := refusal_to_purge(by):
        raise NotAllowed(refused)
    assert by.person is not None  # or it would have been refused
    under_way = Purge.objects.filter(payload=payload, subject=subject, confirmed_at__isnull=True)
    if (payload and payload.purged_at) or under_way.exists():
        raise Conflict(Message("history.purge_under_way"))
    purge = Purge.objects.create(
        payload=payload, subject=subject, government_id=by.government, reason=reason,
        requested_at=now, requested_by_id=by.person, requested_label=by.label,
    )  # fmt: skip
    append([_purge_event("purge.requested", purge, by)], by=by, now=now)
    return purge


@transaction.atomic
def confirm_purge(*, purge: Purge, by: Acting, now: datetime) -> Purge:
    """The second person confirms: a payload's content is gone, its hash and this record stay."""
    if refused := refusal_to_purge(by):
        raise NotAllowed(refused)
    purge = Purge.objects.select_for_update().get(pk=purge.pk)
    if purge.confirmed_at:
        raise Conflict(Message("history.purge_done"))
    if by.person == purge.requested_by_id:
        raise NotAllowed(Message("history.purge_needs_second"))
    purge.confirmed_at, purge.confirmed_by_id, purge.confirmed_label = now, by.person, by.label
    purge.save(update_fields=["confirmed_at", "confirmed_by_id", "confirmed_label"])
    Payload.objects.filter(pk=purge.payload_id).update(content=None, purged_at=now)
    append([_purge_event("purge.confirmed", purge, by)], by=by, now=now)
    return purge


@transaction.atomic
def blank(
    *, purge: Purge, places: Sequence[Place], payloads: Sequence[str] = (), by: Acting, now: datetime
) -> None:
    """What a confirmed purge removes besides its payload: texts in rows and in the bodies of events, and more payloads.

    The event names every place with the hash of what stood there; of an event's body also the hash of what is left, by
    which `verify` knows it again.
    """
    if purge.confirmed_at is None:
        raise RuntimeError("texts go once the purge is confirmed")
    _lock_chain()
    rows = [_noted(purge, place) for place in places]
    PurgedText.objects.bulk_create(rows, batch_size=BATCH)
    for place in places:
        model = type(place.row)
        model._base_manager.filter(pk=place.row.pk).update(**{place.attribute: place.after})  # noqa: SLF001
    Payload.objects.filter(pk__in=payloads, content__isnull=False).update(content=None, purged_at=now)
    body = {
        "purge": str(purge.pk),
        "texts": [{"at": str(row), "sha256": row.before} for row in rows if row.relation != EVENTS],
        "events": [{"seq": str(row.key), "left": row.after} for row in rows if row.relation == EVENTS],
        "payloads": sorted(payloads),
    }
    subject = purge.subject or purge.payload_id or ""
    append([Happening("purge.blanked", body, government=by.government, subject=subject)], by=by, now=now)


def _noted(purge: Purge, place: Place) -> PurgedText:
    meta = place.row._meta  # noqa: SLF001 (Django's documented model metadata)
    field = meta.get_field(place.attribute)
    before, after = (
        hashlib.sha256(_as_text(value, json_column=isinstance(field, JSONField)).encode()).hexdigest()
        for value in (getattr(place.row, place.attribute), place.after)
    )
    key: int = place.row.pk
    return PurgedText(
        purge=purge, relation=meta.db_table, key=key, attribute=field.name, before=before, after=after
    )


def _as_text(value: Any, *, json_column: bool) -> str:
    """The value as the database's own text of its column, which is what the triggers hash."""
    if not json_column:
        return str(value)
    text = json.dumps(value)
    if connection.vendor != "postgresql":
        return text
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::jsonb)::text", [text])
        return str(cursor.fetchone()[0])


def _purge_event(kind: str, purge: Purge, by: Acting) -> Happening:
    subject = purge.subject or purge.payload_id or ""
    body = {"subject" if purge.subject else "payload": subject, "reason": purge.reason}
    return Happening(kind, body, government=by.government, subject=subject)
