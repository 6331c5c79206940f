"""An event as a sentence for a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from duban.domain.messages import Message
from duban.domain.periods import named
from duban.history.models import Event

DAYS: Final = ("on", "approved_on")  # in the body of an event: the day of the act itself


@dataclass(frozen=True, slots=True)
class EventLine:
    """What a page shows of an event: when it was recorded (`at`), and the day of the act itself where one is known (`on`)."""

    seq: int
    at: datetime
    actor: str
    sentence: Message
    on: date | None = None


def lines(events: Iterable[Event], days: Mapping[int, date] | None = None) -> list[EventLine]:
    """Events as sentences, in the order given; `days` are those of the facts, by number of the event."""
    return [_line(event, json.loads(event.body), days or {}) for event in events]


def _line(event: Event, body: Mapping[str, Any], days: Mapping[int, date]) -> EventLine:
    told = next((day for name in DAYS if (day := body.get(name))), None)
    on = date.fromisoformat(told) if told else days.get(event.seq)
    return EventLine(event.seq, event.at, event.actor, _sentence(event.kind, body), on)


def _sentence(kind: str, body: Mapping[str, Any]) -> Message:
    """The sentence of an event; its body fills the gaps (lists become their length)."""
    params = {name: value if isinstance(value, str | int) else len(value) for name, value in body.items()}
    if isinstance(period := body.get("period"), str):
        params |= named(period)
    return Message(f"event.{kind}", params)
