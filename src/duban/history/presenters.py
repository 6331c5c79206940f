"""An event as a sentence for a page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from duban.domain.messages import Message
from duban.domain.periods import named
from duban.history.models import Event


@dataclass(frozen=True, slots=True)
class EventLine:
    """What a page shows of an event."""

    seq: int
    at: datetime
    actor: str
    sentence: Message


def lines(events: Iterable[Event]) -> list[EventLine]:
    """Events as sentences, in the order given."""
    return [EventLine(event.seq, event.at, event.actor, sentence(event)) for event in events]


def sentence(event: Event) -> Message:
    """The sentence of an event; its body fills the gaps (lists become their length)."""
    body = json.loads(event.body)
    params = {name: value if isinstance(value, str | int) else len(value) for name, value in body.items()}
    if isinstance(period := body.get("period"), str):
        params |= named(period)
    return Message(f"event.{event.kind}", params)
