"""Reading the record back: the verification of the chain, and the latest events of a thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from duban.domain.messages import Message
from duban.history.chain import FIRST, hash_of
from duban.history.models import Event, Payload


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of a walk along the whole chain. `faults` name the event and what is wrong with it, first 20 only."""

    events: int
    head: str
    payloads: int
    purged: int
    faults: tuple[Message, ...]

    @property
    def sound(self) -> bool:
        """No fault was found."""
        return not self.faults


def times_of(seqs: Iterable[int]) -> dict[int, datetime]:
    """When these events happened, by number; one query."""
    return dict(Event.objects.filter(seq__in=list(seqs)).values_list("seq", "at"))


def verify() -> Verification:
    """Recompute every hash of every event and payload; constant memory, linear time."""
    faults: list[Message] = []
    previous, count = FIRST, 0
    left = _left_by_purges()
    for event in Event.objects.order_by("seq").iterator(chunk_size=1000):
        count += 1
        if event.seq != count:
            faults.append(Message("history.fault_number", {"seq": event.seq, "expected": count}))
            count = event.seq
        if event.previous != previous:
            faults.append(Message("history.fault_link", {"seq": event.seq}))
        body = hashlib.sha256(event.body.encode()).hexdigest()
        if body not in (event.body_hash, left.get(event.seq)):
            faults.append(Message("history.fault_body", {"seq": event.seq}))
        if hash_of(event) != event.hash:
            faults.append(Message("history.fault_envelope", {"seq": event.seq}))
        previous = event.hash
    payloads = purged = 0
    for payload in Payload.objects.order_by("pk").iterator(chunk_size=10):
        payloads += 1
        if payload.content is None:
            purged += 1
        elif hashlib.sha256(payload.content).hexdigest() != payload.sha256:
            faults.append(Message("history.fault_payload", {"sha256": payload.sha256[:12]}))
    return Verification(count, previous, payloads, purged, tuple(faults[:20]))


def _left_by_purges() -> dict[int, str]:
    """The hashes of the bodies out of which a purge took something, as the events of the purges vouch for them."""
    bodies = Event.objects.filter(kind="purge.blanked").order_by("seq").values_list("body", flat=True)
    return {int(one["seq"]): one["left"] for body in bodies for one in json.loads(body)["events"]}
