"""Finding the row that should not have come in, every copy of its words, and the frozen data sheets that hold them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final

import rfc8785
from django.db.models import JSONField, Q

from duban.domain.posts import Acting
from duban.history.models import Event, Purge
from duban.history.operations import PURGED, Place
from duban.history.policies import refusal_to_purge
from duban.publishing.models import Snapshot
from duban.purging.kinds import BY_CODE, KINDS, Kind
from duban.purging.things import Thing, things_of
from duban.purging.wordings import EVENT, earlier, event_thing

COPIED: Final = 6
"""From how many characters on the same words elsewhere are taken for a copy."""
MOST: Final = 20
SHORTEST: Final = 2
AROUND: Final = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A row on the page: what it is, and a stretch of what it says for those who may read it."""

    thing: Thing
    excerpt: str
    purge: Purge | None

    @property
    def event(self) -> Event | None:
        """The event that alone says it: an earlier wording."""
        return self.thing.row if isinstance(self.thing.row, Event) else None


def thing_at(subject: str, government: int | None) -> Thing | None:
    """The row of an address in a government, if there is one."""
    code, _, number = subject.partition(":")
    if government is None or not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    if code == EVENT.code:
        return event_thing(int(number), government)
    kind = BY_CODE.get(code)
    if kind is None:
        return None
    return next(things_of(kind, Q(pk=number), government, 1), None)


def found(words: str, acting: Acting) -> list[Hit]:
    """The rows of the acting government that hold these words, and the events that alone still hold them in an earlier wording.

    MOST of each kind; for the supervision office alone.
    """
    if refusal_to_purge(acting) or not acting.runs_office or len(words) < SHORTEST:
        return []
    things = [
        thing for kind in KINDS for thing in things_of(kind, _saying(kind, words), acting.government, MOST)
    ]
    known = {text for thing in things for text in thing.said}
    things += earlier(words, acting.government, known, MOST)
    asked = {purge.subject: purge for purge in _open(acting)}
    return [Hit(thing, _excerpt(thing, words), asked.get(thing.subject)) for thing in things]


def waiting(acting: Acting) -> list[Hit]:
    """What one person of the government has asked for and nobody has confirmed yet: the records, without their words."""
    asked = ((purge, thing_at(purge.subject, acting.government)) for purge in _open(acting))
    return [Hit(thing, "", purge) for purge, thing in asked if thing]


def done(acting: Acting) -> list[Purge]:
    """The newest purges of rows that were carried out in the government."""
    if refusal_to_purge(acting):
        return []
    rows = Purge.objects.filter(government_id=acting.government, confirmed_at__isnull=False)
    return list(rows.exclude(subject="").order_by("-confirmed_at")[:MOST])


def _open(acting: Acting) -> list[Purge]:
    if refusal_to_purge(acting):
        return []
    rows = Purge.objects.filter(government_id=acting.government, confirmed_at__isnull=True)
    return list(rows.exclude(subject="").order_by("-pk"))


def _saying(kind: Kind, words: str) -> Q:
    fields = (kind.model._meta.get_field(name) for name in kind.columns)  # noqa: SLF001 (Django's model metadata)
    texts = [field.name for field in fields if not isinstance(field, JSONField)]
    return reduce(or_, (Q(**{f"{name}__icontains": words}) for name in texts))


def _excerpt(thing: Thing, words: str) -> str:
    text = next((text for text in thing.said if words.lower() in text.lower()), "")
    start = max(text.lower().find(words.lower()) - AROUND, 0)
    return text[start : start + 2 * AROUND + len(words)]


def blanked(value: Any, texts: Collection[str], *, exact: Collection[str] = ()) -> Any:
    """The value with the stub for every text that is one of `exact`, or holds one of `texts` of COPIED characters and more."""
    if isinstance(value, dict):
        return {name: blanked(one, texts, exact=exact) for name, one in value.items()}
    if isinstance(value, list):
        return [blanked(one, texts, exact=exact) for one in value]
    if not isinstance(value, str) or not value:
        return value
    holds = value in exact or any(text in value for text in texts if len(text) >= COPIED)
    return PURGED if holds else value


@dataclass(frozen=True, slots=True)
class Scope:
    """Where copies are looked for: a government, one of its lists where the matter belongs to one, some of its tasks."""

    government: int
    list: int | None = None
    tasks: frozenset[int] = frozenset()


def copies(texts: Sequence[str], scope: Scope) -> Iterator[Place]:
    """Every column of the scope's rows that repeats one of these texts."""
    wanted = tuple(text for text in texts if len(text) >= COPIED)
    if not wanted:
        return
    for kind in KINDS:
        which = Q(**{kind.list: scope.list}) if kind.list and scope.list else Q()
        if kind.task and scope.tasks:
            which &= Q(**{f"{kind.task}__in": scope.tasks}) | Q(**{f"{kind.task}__isnull": True})
        for thing in things_of(kind, which, scope.government):
            for name in kind.columns:
                before = getattr(thing.row, name)
                after = blanked(before, wanted)
                if after != before:
                    yield Place(thing.row, name, after)


def events_with(
    texts: Sequence[str], scope: Scope, *, own: Collection[int] = (), exact: Collection[str] = ()
) -> Iterator[Place]:
    """The bodies of events in the scope that repeat one of these texts; in the `own` events also the short ones."""
    wanted = tuple(text for text in texts if len(text) >= COPIED)
    about = Q(list_id=scope.list) if scope.list else Q(government_id=scope.government)
    if scope.tasks:
        about &= Q(task_id__in=scope.tasks) | Q(task_id__isnull=True)
    for event in Event.objects.filter(about | Q(pk__in=own)).order_by("seq").iterator(chunk_size=1000):
        body = json.loads(event.body)
        after = blanked(body, wanted, exact=exact if event.pk in own else ())
        if after != body:
            yield Place(event, "body", rfc8785.dumps(after).decode())


def sheets_with(texts: Sequence[str], scope: Scope) -> list[str]:
    """The hashes of the data sheets that repeat one of these texts outside the lines about other tasks."""
    lists = {"list": scope.list} if scope.list else {"list__government": scope.government}
    rows = Snapshot.objects.filter(**lists, data__content__isnull=False).select_related("data")
    return [
        row.data_id
        for row in rows.iterator(chunk_size=5)
        if _holds(json.loads(bytes(row.data.content or b"")), texts, scope.tasks)
    ]


def _holds(value: Any, texts: Sequence[str], tasks: Collection[int]) -> bool:
    """Short texts count only where they are all that a line about one of the tasks says in a field."""
    if isinstance(value, list):
        return any(_holds(one, texts, tasks) for one in value)
    if not isinstance(value, dict):
        return bool(blanked(value, texts) != value)
    about = value.get("task")
    if about is not None and tasks and about not in tasks:
        return False
    exact = texts if about in tasks else ()
    return any(
        _holds(one, texts, tasks) if isinstance(one, dict | list) else blanked(one, texts, exact=exact) != one
        for one in value.values()
    )
