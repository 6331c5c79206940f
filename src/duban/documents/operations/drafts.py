"""A draft from the file that comes in to the moment it is published: opened, its columns named, edited, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from duban.directory.models import Unit, UnitAlias, UnitGroup
from duban.directory.queries import unit_directory
from duban.documents.models import ColumnMapping, Draft, DraftEdit, ImportRun, SourceDocument
from duban.documents.operations.intake import Reading, keep_document, read_document
from duban.documents.policies import refusal_to_check
from duban.documents.queries import (
    Checking,
    checking,
    headers_key,
    log_of,
    named_columns,
    remembered_columns,
    source_of,
)
from duban.domain import drafting
from duban.domain.drafting_columns import layout_of, read_with_columns
from duban.domain.drafting_edits import Edit, EditKind, effective
from duban.domain.drafting_records import dump_records
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.tasklist.records import ColumnKind, ParsedList
from duban.history.operations import Happening, append, keep_payload

LONGEST_ALIAS: Final = 120
LONGEST_FILE_NAME: Final = 255


def read_for_draft(*, name: str, data: bytes, government: Unit, now: datetime) -> Reading:
    """Read a file against the directory of a government, with the columns remembered for its headers; stores nothing.

    Raises UnreadableFile with its sentence.
    """
    directory = unit_directory(government, timezone.localdate(now))
    reading = read_document(name=name[-LONGEST_FILE_NAME:], data=data, directory=directory)
    layout = layout_of(reading.source)
    columns = remembered_columns(government.pk, layout) if layout else {}
    if not columns:
        return reading
    parsed = read_with_columns(reading.source, directory=directory, columns=columns)
    return Reading(reading.name, data, reading.source, parsed)


@transaction.atomic
def open_draft(*, reading: Reading, government: Unit, by: Acting, now: datetime) -> Draft:
    """Keep a document and open it for checking; all of it or nothing.

    The same file comes to the draft that is there already; one discarded before is taken up again with its edits.
    Invalid (draft.marked_secret) when the text bears a mark of classification: nothing is stored then.
    """
    _allow(by, government.pk)
    government = Unit.objects.select_for_update().get(pk=government.pk)
    run = keep_document(reading=reading, government=government, by=by, now=now)
    known = _draft_of(run)
    if known is not None and known.state != Draft.DISCARDED:
        return known
    if known is not None:
        _close(known, Draft.OPEN, by, now)
        append([_event("draft.reopened", known)], by=by, now=now)
        return known
    records = keep_payload(dump_records(reading.parsed).encode(), now=now)
    draft = drafting.apply(reading.source, reading.parsed, ())
    row = Draft.objects.create(
        run=run,
        government=government,
        records=records,
        open_doubts=len(draft.open_doubts),
        tasks=len(draft.tasks),
        opened_at=now,
        opened_by=by.label,
        changed_at=now,
        changed_by=by.label,
    )
    body = {"tasks": len(draft.tasks), "doubts": len(draft.open_doubts), "document": str(run.document_id)}
    append([_event("draft.opened", row, body)], by=by, now=now)
    return row


def _draft_of(run: ImportRun) -> Draft | None:
    """The draft of this reading, else one of the same document that is still open."""
    of_document = Draft.objects.filter(run__document=run.document_id)
    return of_document.filter(run=run).first() or of_document.filter(state=Draft.OPEN).first()


@transaction.atomic
def map_columns(*, draft: Draft, columns: Mapping[int, ColumnKind], by: Acting, now: datetime) -> Draft:
    """Read a table again with these meanings of its columns, and remember them for tables with the same headers.

    `columns` maps column numbers from 1; Conflict once somebody has edited the draft.
    """
    draft = _locked(draft, by)
    if draft.revision:
        raise Conflict(Message("draft.columns_first"))
    document = draft.run.document
    source = source_of(document)
    layout = layout_of(source)
    if layout is None:
        raise Invalid(Message("draft.unreadable"))
    directory = unit_directory(draft.government, timezone.localdate(now))
    parsed = read_with_columns(source, directory=directory, columns=columns)
    _keep_reading(draft, document, parsed, now=now)
    ColumnMapping.objects.update_or_create(
        government=draft.government,
        headers=headers_key(layout),
        defaults={
            "columns": named_columns(layout, columns),
            "decided_at": now,
            "decided_by": by.label,
        },
    )
    _touch(draft, checking(draft), by, now)
    append([_event("draft.mapped", draft, {"columns": len(columns)})], by=by, now=now)
    return draft


def _keep_reading(draft: Draft, document: SourceDocument, parsed: ParsedList, *, now: datetime) -> None:
    """The draft stands on another reading of its document from now on."""
    file = bytes(document.file.content or b"")
    reading = Reading(document.name, file, source_of(document), parsed)
    run = keep_document(reading=reading, government=draft.government, by=_KEEPER, now=now)
    if Draft.objects.filter(run=run).exclude(pk=draft.pk).exists():
        raise Conflict(Message("draft.columns_first"))
    draft.run = run
    draft.records = keep_payload(dump_records(parsed).encode(), now=now)
    draft.save(update_fields=["run", "records"])


_KEEPER = Acting(label="")  # the document is known, so that nothing is recorded in this name


@transaction.atomic
def edit_draft(*, draft: Draft, edits: Sequence[Edit], by: Acting, now: datetime) -> Draft:
    """Add edits to a draft, all of them or none; those that change nothing leave no trace.

    Conflict and Invalid are those of `drafting.extend`; draft.unit_not_listed when a key is not in the directory.
    """
    draft = _locked(draft, by)
    _require_known(draft, edits)
    state = checking(draft)
    signed = [edit._replace(actor=actor_of(by), label=by.label) for edit in edits]
    fresh = drafting.extend(state.source, state.read, state.log, signed)
    if not fresh:
        return draft
    DraftEdit.objects.bulk_create(
        DraftEdit(
            draft=draft, ordinal=edit.ordinal, body=edit.body(), person=by.person, actor=by.label, at=now
        )
        for edit in fresh
    )
    draft.revision = fresh[-1].ordinal
    _touch(draft, state.with_edits(fresh), by, now)
    kinds = sorted({edit.kind.value for edit in fresh})
    append([_event("draft.edited", draft, {"edits": len(fresh), "kinds": kinds})], by=by, now=now)
    return draft


def _require_known(draft: Draft, edits: Sequence[Edit]) -> None:
    wanted = {
        (edit.values.get("as"), edit.values.get("key"))
        for edit in edits
        if edit.kind in (EditKind.RESOLVE, EditKind.ADD_UNIT) and edit.values.get("as") != "none"
    }
    units = {key for what, key in wanted if what == "unit"}
    groups = {key for what, key in wanted if what != "unit"}
    known = Unit.objects.filter(government=draft.government_id, key__in=units).count() if units else 0
    known += UnitGroup.objects.filter(government=draft.government_id, key__in=groups).count() if groups else 0
    if known != len(wanted):
        raise Invalid(Message("draft.unit_not_listed"))


def actor_of(by: Acting) -> str:
    """By what the log tells people apart: the person, else the name of the console."""
    return f"person:{by.person}" if by.person is not None else by.label


@transaction.atomic
def discard_draft(*, draft: Draft, by: Acting, now: datetime) -> Draft:
    """Put a draft away; importing the same file takes it up again."""
    draft = _locked(draft, by)
    _close(draft, Draft.DISCARDED, by, now)
    append([_event("draft.discarded", draft)], by=by, now=now)
    return draft


@transaction.atomic
def mark_published(*, draft: Draft, list_key: str, by: Acting, now: datetime) -> Draft:
    """The list is in the register: the draft closes, and names settled in it are remembered for the next one."""
    draft = _locked(draft, by)
    log = log_of(draft)
    aliases = _remember_names(draft, log)
    draft.list_key = list_key
    _close(draft, Draft.PUBLISHED, by, now)
    body = {"edits": len(effective(log)), "aliases": aliases, "list": list_key}
    append([_event("draft.published", draft, body)], by=by, now=now)
    return draft


def _remember_names(draft: Draft, log: Sequence[Edit]) -> int:
    """Printed forms that a person settled, as aliases; a form that means something already keeps its meaning."""
    settled = {
        edit.values["name"]: (edit.values["as"], edit.values["key"])
        for edit in effective(log)
        if edit.kind is EditKind.RESOLVE
    }
    of_government = {"government": draft.government_id}
    units = dict(Unit.objects.filter(**of_government).values_list("key", "pk"))
    groups = dict(UnitGroup.objects.filter(**of_government).values_list("key", "pk"))
    known = UnitAlias.objects.filter(text__in=list(settled), **of_government).values_list("text", flat=True)
    rows = [
        UnitAlias(
            government_id=draft.government_id,
            text=name,
            unit_id=units[key] if what == "unit" else None,
            group_id=groups[key] if what == "group" else None,
        )
        for name, (what, key) in settled.items()
        if what != "none" and name not in set(known) and len(name) <= LONGEST_ALIAS
    ]
    return len(UnitAlias.objects.bulk_create(rows))


def _locked(draft: Draft, by: Acting) -> Draft:
    """The draft, held until commit; refuses whoever may not edit it and a draft that is closed."""
    _allow(by, draft.government_id)
    held = Draft.objects.select_for_update(of=("self",)).select_related("run__document__file", "government")
    draft = held.get(pk=draft.pk)
    if draft.state != Draft.OPEN:
        raise Conflict(Message("draft.not_open"))
    return draft


def _allow(by: Acting, government: int) -> None:
    if refused := refusal_to_check(by, government):
        raise NotAllowed(refused)


def _close(draft: Draft, state: str, by: Acting, now: datetime) -> None:
    draft.state, draft.changed_at, draft.changed_by = state, now, by.label
    draft.save(update_fields=["state", "list_key", "changed_at", "changed_by"])


def _touch(draft: Draft, state: Checking, by: Acting, now: datetime) -> None:
    draft.open_doubts, draft.tasks = len(state.draft.open_doubts), len(state.draft.tasks)
    draft.changed_at, draft.changed_by = now, by.label
    draft.save(update_fields=["revision", "open_doubts", "tasks", "changed_at", "changed_by"])


def _event(kind: str, draft: Draft, body: Mapping[str, object] | None = None) -> Happening:
    return Happening(kind, body or {}, government=draft.government_id, subject=f"draft:{draft.pk}")
