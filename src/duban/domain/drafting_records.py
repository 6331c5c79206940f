"""The records of a parsed list as JSON and back without loss, so that a draft stands on exactly what was read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from duban.domain.source import Block, BlockKind, SourceText, Span
from duban.domain.tasklist.contract import as_json
from duban.domain.tasklist.records import (
    ColumnKind,
    Comparator,
    Deadline,
    Field,
    Finding,
    Heading,
    Matter,
    ParsedList,
    Piece,
    PrintedUnit,
    Role,
    Severity,
    Stretch,
    Target,
    TargetKind,
    Task,
)


def dump_records(parsed: ParsedList) -> str:
    """The records as JSON: the contract of `duban parse`, with the values of every finding and every stretch."""
    record = as_json(parsed, name="", file_sha256="", text_sha256="")
    record["findings"] = [
        [f.code, f.severity.value, *f.span, dict(f.params), f.task] for f in parsed.findings
    ]
    record["stretches"] = [[*s.span, s.matter.value, s.reason] for s in parsed.stretches]
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def load_records(written: str | bytes) -> ParsedList:
    """What `dump_records` wrote, equal to what it was given."""
    record = json.loads(written)
    return ParsedList(
        title=record["title"],
        document_number=record["document_number"],
        issuer=record["issuer"],
        issued_on=_day(record["issued_on"]),
        headings=tuple(Heading(h["text"], h["level"], Span(*h["span"])) for h in record["headings"]),
        tasks=tuple(_task(row) for row in record["tasks"]),
        findings=tuple(
            Finding(code, Severity(grave), Span(start, end), params, task)
            for code, grave, start, end, params, task in record["findings"]
        ),
        stretches=tuple(
            Stretch(Span(start, end), Matter(matter), reason)
            for start, end, matter, reason in record["stretches"]
        ),
        characters=record["source"]["characters"],
    )


def load_source(text: str, blocks: str, reader: str, version: str) -> SourceText:
    """A document as its reader gave it; `blocks` is the JSON of its blocks."""
    rows: Sequence[Sequence[Any]] = json.loads(blocks)
    return SourceText(text, tuple(Block(BlockKind(row[0]), *row[1:]) for row in rows), reader, version)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _task(row: Mapping[str, Any]) -> Task:
    limit = row["deadline"]
    return Task(
        number=row["number"],
        path=tuple(row["path"]),
        text=row["text"],
        span=Span(*row["span"]),
        text_span=Span(*row["text_span"]),
        clauses=tuple(_piece(piece) for piece in row["clauses"]),
        units=tuple(_unit(unit) for unit in row["units"]),
        targets=tuple(_target(target) for target in row["targets"]),
        deadline=Deadline(limit["text"], Span(*limit["span"]), _day(limit["date"])) if limit else None,
        leaders=tuple(_piece(piece) for piece in row["leaders"]),
        fields=tuple(Field(ColumnKind(f["kind"]), f["text"], Span(*f["span"])) for f in row["fields"]),
    )


def _piece(row: Mapping[str, Any]) -> Piece:
    return Piece(row["text"], Span(*row["span"]))


def _unit(row: Mapping[str, Any]) -> PrintedUnit:
    return PrintedUnit(
        name=row["name"],
        role=Role(row["role"]),
        label=row["label"],
        span=Span(*row["span"]),
        expanded=row["expanded"],
        unit=row["unit"],
        collective=row["collective"],
    )


def _target(row: Mapping[str, Any]) -> Target:
    return Target(
        text=row["text"],
        span=Span(*row["span"]),
        indicator=row["indicator"],
        comparator=Comparator(row["comparator"]),
        value=Decimal(row["value"]),
        unit=row["unit"],
        value_max=Decimal(row["value_max"]) if row["value_max"] is not None else None,
        period=row["period"],
        part_of=row["part_of"],
        modifiers=tuple(row["modifiers"]),
        kind=TargetKind(row["kind"]),
    )
