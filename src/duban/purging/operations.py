"""The purge of a row or of a document: the first call asks, a second person's call removes it and every copy of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.db.models import F

from duban.documents.models import SourceDocument
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.history.models import Payload, Purge
from duban.history.operations import PURGED, Place, blank, confirm_purge, request_purge
from duban.publishing.models import Snapshot
from duban.purging.queries import COPIED, Scope, blanked, copies, events_with, sheets_with
from duban.purging.things import Thing, is_text
from duban.purging.wordings import own_events
from duban.register.models import Clause, Target, Task, TaskList, TaskVersion
from duban.register.operations import purge_document as purge_source


@transaction.atomic
def purge_thing(*, thing: Thing, reason: str, by: Acting, now: datetime) -> bool:
    """涉密误传处置 of one row: the first call asks, a second person's call carries it out (True).

    Gone are its texts with every earlier wording of them in its events, and its scan, the same words in rows and events about the same task or list, and the frozen data
    sheets that hold them; hashes, numbers, days and who did what remain.
    """
    if by.government != thing.government:
        raise NotAllowed(Message("register.purge_elsewhere"))
    scans = Payload.objects.filter(pk=thing.scan, content__isnull=False)
    told = own_events(thing)
    texts = tuple(dict.fromkeys([*thing.texts, *filter(is_text, chain.from_iterable(told.values()))]))
    if not texts and not scans.exists():
        raise Conflict(Message("purging.nothing_left"))
    asked = Purge.objects.filter(subject=thing.subject, confirmed_at__isnull=True).first()
    if asked is None:
        if not reason.strip():
            raise Invalid(Message("register.purge_reason"))
        request_purge(subject=thing.subject, reason=reason.strip(), by=by, now=now)
        return False
    purge = confirm_purge(purge=asked, by=by, now=now)
    scope = Scope(thing.government, thing.list, frozenset({thing.task} if thing.task else ()))
    own = [
        Place(thing.row, name, blanked(getattr(thing.row, name), (), exact=texts))
        for name in thing.kind.columns
    ]
    own = [place for place in own if place.after != getattr(place.row, place.attribute)]
    others = (place for place in copies(texts, scope) if place.row != thing.row)
    events = events_with(texts, scope, own=told, exact=texts)
    sheets = sheets_with(texts, scope)
    _remove(purge, [*own, *others, *events], [*sheets, *filter(None, [thing.scan])], by=by, now=now)
    return True


@transaction.atomic
def purge_document(*, document: SourceDocument, reason: str, by: Acting, now: datetime) -> bool:
    """涉密误传处置 of a source document, as `register` does it, and of every copy of its tasks' texts (True when done).

    Gone as well are the frozen data sheets of its list, and the same words in rows and events about its tasks.
    """
    lists = list(TaskList.objects.filter(editions__document=document).distinct())
    texts = _texts_of(document)
    if not purge_source(document=document, reason=reason, by=by, now=now):
        return False
    purge = Purge.objects.filter(payload=document.file_id).order_by("-pk").first()
    assert purge is not None
    for task_list in lists:
        tasks = frozenset(Task.objects.filter(list=task_list).values_list("pk", flat=True))
        scope = Scope(document.government_id, task_list.pk, tasks)
        sheets = Snapshot.objects.filter(list=task_list).values_list("data_id", flat=True)
        places = [*copies(texts, scope), *events_with(texts, scope)]
        _remove(purge, places, list(sheets), by=by, now=now)
    return True


def _texts_of(document: SourceDocument) -> list[str]:
    versions = TaskVersion.objects.filter(edition__document=document)
    found = set(versions.values_list("text", flat=True))
    for parts in (Clause, Target):
        found |= set(parts._default_manager.filter(version__in=versions).values_list("text", flat=True))  # noqa: SLF001
    return sorted(text for text in found if text != PURGED and len(text) >= COPIED)


def _remove(
    purge: Purge, places: Sequence[Place], payloads: Iterable[str], *, by: Acting, now: datetime
) -> None:
    blank(purge=purge, places=places, payloads=sorted(set(payloads)), by=by, now=now)
    for place in places:
        model = type(place.row)
        if hasattr(place.row, "revision"):
            model._default_manager.filter(pk=place.row.pk).update(revision=F("revision") + 1)  # noqa: SLF001
