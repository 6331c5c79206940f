"""What a data sheet (数据底稿) holds: every figure and text that the papers of a period print, as plain frozen records.

The records hold texts, whole numbers and truth values only, so that canonical JSON (RFC 8785) gives the same bytes for the
same figures. Days are ISO text, measured values are text with all their digits, "" is what is not in the record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final, TypeVar

import rfc8785

VERSION: Final = 1
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Head:
    """Which list and period the sheet is about, who issues its papers, whom to call there, the issue of its report."""

    list_key: str
    list_title: str
    year: int
    document_number: str
    government: str
    contact: str
    phone: str
    period: str
    state: str
    due_on: str
    as_of: str
    earlier: str
    issue: int
    judged_on: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many tasks stand at each determined light ("" is not determined), now and in the earlier period."""

    leader: str
    total: int
    now: Mapping[str, int]
    before: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One task of the ledger. `light` and `sentence` are the office's determination; the system's view is not kept.

    `value` is the reported figure, or the one that the office determined in its place (`ruled_value`).
    """

    task: int
    key: str
    number: int
    text: str
    chapter: str
    lead: str
    lead_unit: int
    main: str
    support: str
    city_leader: str
    year_target: str
    q1: str
    half: str
    q3: str
    year: str
    said_in: str
    no_change: bool
    progress: str
    value_text: str
    problem: str
    next_step: str
    value: str
    due_value: str
    light: str
    sentence: str
    before: str
    deputy: str
    division: str
    contact: str
    phone: str
    ruled_value: bool = False

    @property
    def nodes(self) -> tuple[str, str, str, str]:
        """The four nodes of the year."""
        return self.q1, self.half, self.q3, self.year


@dataclass(frozen=True, slots=True)
class Part:
    """One unit's part in one task, and whom to call about it."""

    unit: int
    task: int
    role: str
    deputy: str
    division: str
    contact: str
    phone: str


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit in the period: what it was asked and has not sent, its signature, whom to call, what was said last."""

    unit: int
    name: str
    asked: int
    missing: int
    oldest_due: str
    signed_by: str
    check_code: str
    contact: str
    phone: str
    last_contact: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """One owed report of the period: its node, what was said before, and what was sent; `sent` is false on an empty row."""

    unit: int
    task: int
    node: str
    last: str
    sent: bool
    no_change: bool
    progress: str
    value: str
    problem: str
    next_step: str


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """One supervision order as its paper prints it; `serial` is 0 and `approved_on` "" before it is approved."""

    order: int
    kind: str
    serial: int
    year: int
    task: int
    unit: str
    matter: str
    basis: str
    requirement: str
    due_on: str
    approved_on: str
    closed: bool = False
    answered: bool = False


@dataclass(frozen=True, slots=True)
class ProblemFigures:
    """One line of the problem ledger."""

    task: int
    unit: str
    text: str
    cause: str
    helper: str
    level: str
    state: str


@dataclass(frozen=True, slots=True)
class Figures:
    """A whole data sheet."""

    head: Head
    totals: Count
    leaders: tuple[Count, ...]
    lines: tuple[Line, ...]
    parts: tuple[Part, ...]
    units: tuple[UnitFigures, ...]
    form_rows: tuple[FormRow, ...]
    orders: tuple[OrderFigures, ...]
    problems: tuple[ProblemFigures, ...]

    def line_of(self, task: int) -> Line | None:
        """The line of a task."""
        return next((line for line in self.lines if line.task == task), None)

    def with_orders(self, orders: tuple[OrderFigures, ...]) -> Figures:
        """The same figures beside other orders; one that was there already stays as closed or open as it was."""
        known = {order.order: order.closed for order in self.orders}
        kept = tuple(replace(order, closed=known.get(order.order, order.closed)) for order in orders)
        return replace(self, orders=kept)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A frozen data sheet: its figures, the hash that names it, the day on which it was frozen (the date of its papers)."""

    figures: Figures
    sha256: str
    on: date


def dumped(figures: Figures) -> bytes:
    """The canonical JSON of a data sheet."""
    content: bytes = rfc8785.dumps({"version": VERSION, **asdict(figures)})
    return content


def loaded(content: bytes) -> Figures:
    """The figures of a data sheet from its JSON."""
    data: dict[str, Any] = json.loads(content)
    return Figures(
        head=Head(**data["head"]),
        totals=Count(**data["totals"]),
        leaders=_rows(Count, data["leaders"]),
        lines=_rows(Line, data["lines"]),
        parts=_rows(Part, data["parts"]),
        units=_rows(UnitFigures, data["units"]),
        form_rows=_rows(FormRow, data["form_rows"]),
        orders=_rows(OrderFigures, data["orders"]),
        problems=_rows(ProblemFigures, data["problems"]),
    )


def _rows(kind: type[R], rows: list[dict[str, Any]]) -> tuple[R, ...]:
    return tuple(kind(**row) for row in rows)
