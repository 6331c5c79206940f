"""Finding what came in, and the drafts that people check."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from duban.documents.models import ColumnMapping, Draft, SourceDocument
from duban.domain import drafting
from duban.domain.drafting_columns import Layout
from duban.domain.drafting_edits import Edit, edit_from
from duban.domain.drafting_records import load_records, load_source
from duban.domain.errors import Conflict
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.source import SourceText
from duban.domain.tasklist.records import ColumnKind, ParsedList


def document_by_hash(sha256: str) -> SourceDocument | None:
    """The document whose file or text has this hash (twelve characters or more are enough), if exactly one has."""
    if len(sha256) < 12:
        return None
    found = SourceDocument.objects.filter(
        Q(file__sha256__startswith=sha256) | Q(text__sha256__startswith=sha256)
    )[:2]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Checking:
    """A draft at work: the source, what was read from it, the log, and what the log makes of it."""

    source: SourceText
    read: ParsedList
    log: Sequence[Edit]

    @cached_property
    def draft(self) -> drafting.Draft:
        """The draft as it stands."""
        return drafting.apply(self.source, self.read, self.log)

    def with_edits(self, fresh: Sequence[Edit]) -> Checking:
        """The same with more edits at the end of its log."""
        return Checking(self.source, self.read, (*self.log, *fresh))


def drafts_of(acting: Acting) -> QuerySet[Draft]:
    """The drafts a post may see, the one changed last first."""
    return (
        Draft.objects.visible_to(acting)
        .select_related("run__document")
        .defer("run__document__blocks")
        .order_by("-changed_at", "-pk")
    )


def checking(draft: Draft) -> Checking:
    """A draft with everything it stands on; Conflict (draft.purged) when its document was purged."""
    records = draft.records.content
    if records is None:
        raise Conflict(Message("draft.purged"))
    return Checking(source_of(draft.run.document), load_records(bytes(records)), log_of(draft))


def log_of(draft: Draft) -> tuple[Edit, ...]:
    """The edits of a draft, in order."""
    return tuple(
        edit_from(
            row.body,
            ordinal=row.ordinal,
            actor=f"person:{row.person}" if row.person is not None else row.actor,
            label=row.actor,
        )
        for row in draft.edits.order_by("ordinal")
    )


def source_of(document: SourceDocument) -> SourceText:
    """A document as its reader gave it; Conflict (draft.purged) when it was purged."""
    if document.text.content is None:
        raise Conflict(Message("draft.purged"))
    text = bytes(document.text.content).decode()
    return load_source(text, document.blocks, document.reader, document.reader_version)


def headers_key(layout: Layout) -> str:
    """By what a mapping is remembered: the hash of the set of headers, whatever their order."""
    return hashlib.sha256("\n".join(layout.headers).encode()).hexdigest()


def named_columns(layout: Layout, columns: Mapping[int, ColumnKind]) -> dict[str, str]:
    """A mapping by header (by number where there is none), so that it survives columns that change places."""
    headers = {column.number: column.header or f"#{column.number}" for column in layout.columns}
    return {headers[index]: kind.value for index, kind in columns.items() if index in headers}


def remembered_columns(government: int, layout: Layout) -> dict[int, ColumnKind]:
    """What this government decided about a table with these headers; nothing when it never met one."""
    row = ColumnMapping.objects.filter(government=government, headers=headers_key(layout)).first()
    if row is None:
        return {}
    found = (
        (column.number, row.columns.get(column.header or f"#{column.number}")) for column in layout.columns
    )
    return {index: ColumnKind(kind) for index, kind in found if kind}
