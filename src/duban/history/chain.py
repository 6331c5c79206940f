"""The hash chain: what exactly is hashed, so that anyone can recompute it."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import Final

import rfc8785

from duban.history.models import Event

FIRST: Final = "0" * 64


def hash_of(event: Event) -> str:
    """SHA-256 of the canonical envelope; the body enters by its hash, the past by the hash before."""
    envelope = {
        "seq": str(event.seq),
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": event.kind,
        "government": _number(event.government_id),
        "list": _number(event.list_id),
        "task": _number(event.task_id),
        "subject": event.subject,
        "person": _number(event.person_id),
        "post": _number(event.post_id),
        "on_behalf_of": _number(event.on_behalf_of_id),
        "actor": event.actor,
        "body": event.body_hash,
        "previous": event.previous,
    }
    return hashlib.sha256(rfc8785.dumps(envelope)).hexdigest()


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)
