"""Taking a document in: read it outside any transaction, then keep file, text and records in one short one."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from duban.directory.models import Unit
from duban.documents.models import ImportRun, SourceDocument
from duban.documents.readers import UnreadableFile, read_bytes
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.secrecy import refuse_marked, suspicions
from duban.domain.source import SourceText
from duban.domain.tasklist.contract import as_json
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import ParsedList, Severity
from duban.domain.units import UnitDirectory
from duban.history.models import Payload
from duban.history.operations import Happening, append, keep_payload

PARSER_VERSION = "1"
PDF: Final = b"%PDF-"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read and parsed, nothing stored yet."""

    name: str
    data: bytes
    source: SourceText
    parsed: ParsedList

    @property
    def file_sha256(self) -> str:
        """SHA-256 of the file's bytes."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text_sha256(self) -> str:
        """SHA-256 of the text, UTF-8."""
        return hashlib.sha256(self.source.text.encode()).hexdigest()


def read_document(*, name: str, data: bytes, directory: UnitDirectory) -> Reading:
    """Read and parse a file against a directory. Raises UnreadableFile with its sentence; stores nothing."""
    source = read_bytes(name, data)
    return Reading(name, data, source, parse(source, directory=directory))


@transaction.atomic
def keep_document(*, reading: Reading, government: Unit, by: Acting, now: datetime) -> ImportRun:
    """Keep the file, its text and the records found, each once; a second call with the same file changes nothing.

    Invalid (draft.marked_secret) when its name or text bears a mark of classification: nothing is stored then.
    """
    _refuse_marked(reading)
    file = keep_payload(reading.data, now=now)
    text = keep_payload(reading.source.text.encode(), now=now)
    document, fresh = SourceDocument.objects.get_or_create(
        government=government,
        file=file,
        reader=reading.source.reader,
        reader_version=reading.source.reader_version,
        defaults={
            "name": reading.name,
            "text": text,
            "blocks": _blocks(reading.source),
            "characters": len(reading.source.text),
            "received_at": now,
        },
    )
    records = keep_payload(_records(reading), now=now)
    blocking = sum(f.severity == Severity.BLOCKING for f in reading.parsed.findings)
    run, _ = ImportRun.objects.get_or_create(
        document=document,
        records=records,
        defaults={"parser_version": PARSER_VERSION, "blocking": blocking, "parsed_at": now},
    )
    if fresh:
        body = {"file": file.sha256, "text": text.sha256, "characters": len(reading.source.text)}
        subject = f"document:{document.pk}"
        append(
            [Happening("document.received", body, government=government.pk, subject=subject)], by=by, now=now
        )
    return run


def _refuse_marked(reading: Reading) -> None:
    found = [*suspicions(reading.name), *suspicions(reading.source.text)]
    if found:
        params = {"mark": found[0].message.params["mark"], "count": len(found)}
        raise Invalid(Message("draft.marked_secret", params))


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of a signed paper with the text layer found in it ("" where there is none), nothing stored yet."""

    name: str
    content: bytes
    text: str


def read_scan(name: str, content: bytes) -> Scan:
    """A scan as it came in; a PDF is searched for a text layer, outside any transaction. Stores nothing."""
    if not content.startswith(PDF):
        return Scan(name, content, "")
    try:
        return Scan(name, content, read_bytes(f"{name}.pdf", content).text)
    except UnreadableFile:
        return Scan(name, content, "")


def keep_scan(scan: Scan, *, now: datetime) -> Payload:
    """Keep a scan. Invalid (secrecy.…) when its name or its text bears a mark of classification."""
    refuse_marked(scan.name, scan.text)
    return keep_payload(scan.content, now=now)


def _blocks(source: SourceText) -> str:
    return json.dumps(source.blocks, ensure_ascii=False)


def _records(reading: Reading) -> bytes:
    record = as_json(
        reading.parsed, name=reading.name, file_sha256=reading.file_sha256, text_sha256=reading.text_sha256
    )
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
