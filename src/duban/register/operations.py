"""Publishing a list into the register: one transaction, every printed fact kept, responsibilities derived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from duban.directory.models import Unit
from duban.directory.queries import group_members
from duban.documents.models import Draft, ImportRun, SourceDocument
from duban.documents.operations import Reading, mark_published
from duban.documents.policies import refusal_to_check
from duban.documents.queries import checking
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.lists import list_key, list_title, year_of
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.tasklist.records import ParsedList, Severity
from duban.history.models import Payload, Purge
from duban.history.operations import PURGED, confirm_purge, request_purge
from duban.register.models import Clause, Edition, Heading, PrintedField, Target, TaskList, TaskVersion
from duban.register.queries import like_lists
from duban.register.rows import Counts, Publishing


@dataclass(frozen=True, slots=True)
class Publication:
    """A list in the register. `fresh` is false when it had been published before and nothing was done."""

    list: TaskList
    fresh: bool
    counts: Counts


@transaction.atomic
def publish_list(
    *,
    run: ImportRun,
    reading: Reading,
    year: int | None = None,
    beside: bool = True,
    by: Acting,
    now: datetime,
) -> Publication:
    """Put a parsed document into the register, all of it or nothing; `year` where a person said which it is for.

    Not `beside`: refused as well where the year has a list of a like title already.
    The same text under the same government and number is published once; a different text under a known number is
    refused (an amendment is an act of its own), and so is a document with blocking findings, without tasks, or
    without a title or a year (neither is guessed).
    """
    government = Unit.objects.select_for_update().get(pk=run.document.government_id)
    if known := _published(government, reading):
        return known
    _refuse_unfit(reading)
    parsed = reading.parsed
    if (
        parsed.document_number
        and TaskList.objects.filter(government=government, document_number=parsed.document_number).exists()
    ):
        raise Conflict(Message("register.number_taken", {"number": parsed.document_number}))
    issued_on = parsed.issued_on or timezone.localdate(now)
    task_list = _new_list(run, parsed, year, beside=beside, now=now)
    publishing = Publishing(task_list, run.document, parsed, group_members(government, issued_on))
    counts = publishing.write(by=by, now=now)
    ImportRun.objects.filter(pk=run.pk).update(status=ImportRun.PUBLISHED)
    return Publication(task_list, fresh=True, counts=counts)


def _new_list(
    run: ImportRun, parsed: ParsedList, year: int | None, *, beside: bool, now: datetime
) -> TaskList:
    government = run.document.government
    year, title = year or year_of(parsed.title, parsed.issued_on), list_title(parsed.title)
    if not title or year is None:
        raise Invalid(Message("draft.name_needed"))
    if not beside and (alike := like_lists(government.pk, title, year)):
        raise Conflict(Message("register.list_like", {"year": year, "title": alike[0].title}))
    taken = TaskList.objects.filter(government=government, year=year).values_list("key", flat=True)
    return TaskList.objects.create(
        government=government,
        key=list_key(government.key, year, taken),
        year=year,
        title=title,
        document_number=parsed.document_number,
        issuer=parsed.issuer,
        issued_on=parsed.issued_on,
        published_at=now,
    )


@transaction.atomic
def publish_draft(
    *, draft: Draft, seen: int | None = None, beside: bool = False, by: Acting, now: datetime
) -> Publication:
    """确认入库: put a checked draft into the register and close it, both or neither.

    `seen` is the revision that whoever confirms has looked at. Conflict when there is a newer one (draft.moved_on),
    while doubts are open (draft.doubts_open), when the draft is closed already (draft.not_open), and when the year
    has a list of a like title (register.list_like) unless `beside` says that this one is meant besides it.
    """
    if refused := refusal_to_check(by, draft.government_id):
        raise NotAllowed(refused)
    draft = Draft.objects.select_for_update(of=("self",)).select_related("run__document").get(pk=draft.pk)
    if draft.state != Draft.OPEN:
        raise Conflict(Message("draft.not_open"))
    if seen is not None and seen != draft.revision:
        raise Conflict(Message("draft.moved_on"))
    state = checking(draft)
    if state.draft.refusal:
        raise Conflict(state.draft.refusal)
    year, parsed = state.draft.year, state.draft.parsed._replace(title=state.draft.title)
    reading = Reading(draft.run.document.name, b"", state.source, parsed)
    publication = publish_list(run=draft.run, reading=reading, year=year, beside=beside, by=by, now=now)
    mark_published(draft=draft, list_key=publication.list.key, by=by, now=now)
    return publication


def _published(government: Unit, reading: Reading) -> Publication | None:
    edition = (
        Edition.objects.filter(
            list__government=government,
            list__document_number=reading.parsed.document_number,
            document__text_id=reading.text_sha256,
        )
        .select_related("list")
        .first()
    )
    if edition is None:
        return None
    return Publication(edition.list, fresh=False, counts=Counts.of(edition.list))


def _refuse_unfit(reading: Reading) -> None:
    blocking = [f for f in reading.parsed.findings if f.severity == Severity.BLOCKING]
    if blocking:
        raise Conflict(Message("register.blocking", {"count": len(blocking)}))
    if not reading.parsed.tasks:
        raise Invalid(Message("register.no_tasks"))


@transaction.atomic
def purge_document(*, document: SourceDocument, reason: str, by: Acting, now: datetime) -> bool:
    """涉密误传处置 of a source document: the first call asks, a second person's call carries it out (True).

    Gone are the file, its text, the records parsed from it and every text in the register that came from it; hashes,
    numbers, places and who did what remain.
    """
    if by.government != document.government_id:
        raise NotAllowed(Message("register.purge_elsewhere"))
    payloads = Payload.objects.filter(
        Q(pk__in=[document.file_id, document.text_id])
        | Q(pk__in=document.runs.values("records"))
        | Q(pk__in=document.runs.values("draft__records"))
    )
    open_purges = list(Purge.objects.filter(payload__in=payloads, confirmed_at__isnull=True))
    if not open_purges:
        if not reason.strip():
            raise Invalid(Message("register.purge_reason"))
        for payload in payloads:
            request_purge(payload=payload, reason=reason, by=by, now=now)
        return False
    for purge in open_purges:
        confirm_purge(purge=purge, by=by, now=now)
    _blank_texts(document)
    Draft.objects.filter(run__document=document, state=Draft.OPEN).update(state=Draft.DISCARDED)
    return True


def _blank_texts(document: SourceDocument) -> None:
    versions = TaskVersion.objects.filter(edition__document=document)
    for parts in (Clause, Target, PrintedField):
        parts.objects.filter(version__in=versions).update(text=PURGED)
    Target.objects.filter(version__in=versions).update(indicator=PURGED, part_of="")
    Heading.objects.filter(edition__document=document).update(text=PURGED)
    versions.update(text=PURGED, deadline="")
    TaskList.objects.filter(editions__document=document).update(title=PURGED)
