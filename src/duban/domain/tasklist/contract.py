"""The JSON contract, version 1 (docs/parse-json.schema.json): records as plain values, written task by task."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from duban.domain.messages import render
from duban.domain.tasklist.records import (
    Deadline,
    Field,
    Finding,
    Heading,
    Matter,
    ParsedList,
    Piece,
    PrintedUnit,
    Target,
    Task,
)

SCHEMA_VERSION: Final = 1


def as_json(parsed: ParsedList, *, name: str, file_sha256: str, text_sha256: str) -> dict[str, Any]:
    """The whole contract as one value that `json.dumps` can write."""
    return {
        **_head(parsed, name, file_sha256, text_sha256),
        "tasks": [task_dict(task) for task in parsed.tasks],
        "findings": [finding_dict(finding) for finding in parsed.findings],
        "coverage": coverage_dict(parsed),
    }


def json_lines(parsed: ParsedList, *, name: str, file_sha256: str, text_sha256: str) -> Iterator[str]:
    """The same as pieces of one JSON text, a line for each task, so that no whole copy stands in memory."""
    opening = _dump(_head(parsed, name, file_sha256, text_sha256))
    yield f'{opening[:-1]}, "tasks": [\n'
    yield from _rows(_dump(task_dict(task)) for task in parsed.tasks)
    yield '], "findings": [\n'
    yield from _rows(_dump(finding_dict(finding)) for finding in parsed.findings)
    yield f'], "coverage": {_dump(coverage_dict(parsed))}}}\n'


def _rows(rows: Iterable[str]) -> Iterator[str]:
    first = True
    for row in rows:
        yield row if first else f",\n{row}"
        first = False
    yield "\n"


_dump = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def _head(parsed: ParsedList, name: str, file_sha256: str, text_sha256: str) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "source": {
            "name": name,
            "file_sha256": file_sha256,
            "text_sha256": text_sha256,
            "characters": parsed.characters,
        },
        "title": parsed.title,
        "document_number": parsed.document_number,
        "issuer": parsed.issuer,
        "issued_on": parsed.issued_on.isoformat() if parsed.issued_on else None,
        "headings": [_heading(heading) for heading in parsed.headings],
    }


def _heading(heading: Heading) -> dict[str, Any]:
    return {"text": heading.text, "level": heading.level, "span": list(heading.span)}


def task_dict(task: Task) -> dict[str, Any]:
    """One task of the contract."""
    return {
        "number": task.number,
        "path": list(task.path),
        "text": task.text,
        "span": list(task.span),
        "text_span": list(task.text_span),
        "clauses": [_piece(clause) for clause in task.clauses],
        "units": [_unit(unit) for unit in task.units],
        "targets": [_target(target) for target in task.targets],
        "deadline": _deadline(task.deadline) if task.deadline else None,
        "leaders": [_piece(leader) for leader in task.leaders],
        "fields": [_field(each) for each in task.fields],
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {"text": piece.text, "span": list(piece.span)}


def _unit(unit: PrintedUnit) -> dict[str, Any]:
    return {
        "name": unit.name,
        "expanded": unit.expanded,
        "role": str(unit.role),
        "label": unit.label,
        "span": list(unit.span),
        "unit": unit.unit,
        "collective": unit.collective,
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "text": target.text,
        "span": list(target.span),
        "indicator": target.indicator,
        "comparator": str(target.comparator),
        "value": str(target.value),
        "value_max": None if target.value_max is None else str(target.value_max),
        "unit": target.unit,
        "period": target.period,
        "part_of": target.part_of,
        "modifiers": list(target.modifiers),
        "kind": str(target.kind),
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "text": deadline.text,
        "span": list(deadline.span),
        "date": deadline.date.isoformat() if deadline.date else None,
    }


def _field(each: Field) -> dict[str, Any]:
    return {"kind": str(each.kind), "text": each.text, "span": list(each.span)}


def finding_dict(finding: Finding, language: str = "zh") -> dict[str, Any]:
    """One finding of the contract, with its sentence."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": render(finding.message, language),
        "span": list(finding.span),
        "task": finding.task,
    }


def coverage_dict(parsed: ParsedList) -> dict[str, Any]:
    """How many characters each class holds, and every stretch that nothing accounts for."""
    classes = {matter.value: 0 for matter in Matter}
    unconsumed: list[list[int]] = []
    for stretch in parsed.stretches:
        classes[str(stretch.matter)] += stretch.span.end - stretch.span.start
        if stretch.matter is Matter.UNCONSUMED:
            unconsumed.append(list(stretch.span))
    return {"characters": parsed.characters, "classes": classes, "unconsumed": unconsumed}
