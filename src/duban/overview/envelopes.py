"""The record's envelopes as a page shows them: narrowed by day, operator and kind, their subjects named. Never a value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone

from duban.directory.models import Person, Post, Unit, User
from duban.domain.event_words import EVENT_WORDS
from duban.domain.messages import Message
from duban.domain.periods import named
from duban.history.models import Event
from duban.register.models import Task, TaskList

TYPED: Final = frozenset(
    {"session.refused", "session.locked"}
)  # their subject is what somebody typed, no number
KNOWN: Final[Mapping[str, tuple[Any, tuple[str, ...]]]] = {
    "unit": (Unit, ("name",)),
    "post": (Post, ("unit__name", "title")),
    "person": (Person, ("name",)),
    "user": (User, ("username",)),
}
NUMBERED: Final = frozenset({"draft", "document"})


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What the log is narrowed to; the days include both ends, `kind` stands for all kinds called the same."""

    since: date | None = None
    until: date | None = None
    actor: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is narrowed at all."""
        return self != LogFilters()


@dataclass(frozen=True, slots=True)
class Envelope:
    """One line of the log. `what` names its subject, `told` as a sentence where there is one, `place` the list."""

    seq: int
    at: datetime
    actor: str
    kind: str
    what: str
    told: Message | None
    place: str
    hash: str


def envelopes_of(government: int | None, filters: LogFilters) -> QuerySet[Event]:
    """The envelopes of a government, the newest first."""
    found = Event.objects.of_government(government).defer("body")
    if filters.since:
        found = found.filter(at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(at__lt=_midnight(filters.until + timedelta(days=1)))
    if filters.actor:
        found = found.filter(actor__icontains=filters.actor)
    if filters.kind:
        found = found.filter(kind__in=_called_the_same(filters.kind))
    return found.order_by("-seq")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _called_the_same(kind: str) -> list[str]:
    return [each for each, words in EVENT_WORDS.items() if words == EVENT_WORDS.get(kind)]


def kinds_of_log() -> dict[str, tuple[str, str]]:
    """The kinds to choose from, one for each name, those of one matter together."""
    first: dict[tuple[str, str], str] = {}
    for kind, words in EVENT_WORDS.items():
        first.setdefault(words, kind)
    return {kind: words for words, kind in first.items()}


def named_envelopes(events: Sequence[Event]) -> list[Envelope]:
    """Events as lines of the log. Up to six queries, however many events."""
    tasks = dict(_of(Task, {e.task_id for e in events}).values_list("pk", "current__number"))
    lists = {pk: (key, title) for pk, key, title in _lists(events)}
    names = _names(events)
    return [_envelope(event, tasks, lists.get(event.list_id or 0, ("", "")), names) for event in events]


def _of(model: Any, keys: Iterable[int | None]) -> Any:
    return model.objects.filter(pk__in=[key for key in keys if key])


def _lists(events: Sequence[Event]) -> Any:
    return _of(TaskList, {event.list_id for event in events}).values_list("pk", "key", "title")


def _names(events: Sequence[Event]) -> dict[str, str]:
    """What the numbered subjects are called. One query for each sort of thing."""
    wanted: dict[str, set[int]] = {sort: set() for sort in KNOWN}
    for event in events:
        sort, _, number = event.subject.partition(":")
        if sort in KNOWN and event.kind not in TYPED and number.isascii() and number.isdigit():
            wanted[sort].add(int(number))
    found: dict[str, str] = {}
    for sort, (model, fields) in KNOWN.items():
        if wanted[sort]:
            rows = model.objects.filter(pk__in=wanted[sort]).values_list("pk", *fields)
            found |= {f"{sort}:{pk}": " ".join(words) for pk, *words in rows}
    return found


def _envelope(
    event: Event, tasks: Mapping[int, str], task_list: tuple[str, str], names: Mapping[str, str]
) -> Envelope:
    key, title = task_list
    what, told, place = names.get(event.subject, event.subject), None, title
    sort, _, number = event.subject.partition(":")
    if sort == "task" and (task := tasks.get(event.task_id or 0)):
        told = Message("log.task", {"number": task})
    elif sort == "period":
        told = Message("log.period", named(number))
    elif sort in NUMBERED:
        told = Message(f"log.{sort}", {"number": number})
    elif key and event.subject in (key, f"list:{key}"):
        what, place = title, ""
    return Envelope(event.seq, event.at, event.actor, event.kind, what, told, place, event.hash)
