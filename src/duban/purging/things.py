"""A row that can be purged: where it belongs and what its columns say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Model, Q

from duban.history.operations import PURGED
from duban.purging.kinds import Kind

VALUE: Final = re.compile(r"[\d\s.,%:/+-]*")
"""Numbers and dates: columns that hold a date by kind are read as such, and stay."""


def is_text(text: str) -> bool:
    """Whether this is something said: no number, no date, nothing purged before."""
    return text != PURGED and not VALUE.fullmatch(text)


@dataclass(frozen=True, slots=True)
class Thing:
    """One row that can be purged, where it belongs, and what its columns say."""

    kind: Kind
    row: Model
    government: int
    list: int | None
    task: int | None
    task_key: str
    task_number: str
    number: str
    unit: str
    period: str
    said: tuple[str, ...]

    @property
    def subject(self) -> str:
        """Its address: kind and number."""
        return f"{self.kind.code}:{self.row.pk}"

    @property
    def texts(self) -> tuple[str, ...]:
        """Its texts, without numbers, dates and what was purged before."""
        return tuple(filter(is_text, self.said))

    @property
    def scan(self) -> str:
        """The hash of the scan that belongs to it, if there is one."""
        return str(getattr(self.row, f"{self.kind.scan}_id") or "") if self.kind.scan else ""


def things_of(kind: Kind, which: Q, government: int | None, most: int | None = None) -> Iterator[Thing]:
    """The rows of a kind in a government, newest first, with where each belongs."""
    lookups = {
        "of_list": f"{kind.list}_id" if kind.list else "",
        "of_task": f"{kind.task}_id" if kind.task else "",
        "of_key": f"{kind.task}__key" if kind.task else "",
        "of_task_number": f"{kind.task}__current__number" if kind.task else "",
        "of_number": kind.number,
        "of_unit": f"{kind.unit}__name" if kind.unit else "",
        "of_period": f"{kind.period}__key" if kind.period else "",
    }
    named = {name: F(lookup) for name, lookup in lookups.items() if lookup}
    rows = kind.rows.filter(which, **{kind.government: government}).annotate(**named).order_by("-pk")
    for row in rows[:most] if most else rows.iterator(chunk_size=500):
        yield Thing(
            kind=kind,
            row=row,
            government=government or 0,
            list=getattr(row, "of_list", None),
            task=getattr(row, "of_task", None),
            task_key=getattr(row, "of_key", None) or "",
            task_number=getattr(row, "of_task_number", None) or "",
            number=getattr(row, "of_number", None) or "",
            unit=getattr(row, "of_unit", None) or "",
            period=getattr(row, "of_period", None) or "",
            said=tuple(text for name in kind.columns for text in leaves(getattr(row, name)) if text),
        )


def leaves(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
