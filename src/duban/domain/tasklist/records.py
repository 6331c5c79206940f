"""What the parser finds. Every record says where it stands in the source text (code points, half-open)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple

from duban.domain.messages import Message
from duban.domain.source import Span


class Role(StrEnum):
    """What a unit is to a task: 牵头, 主责, 配合."""

    LEAD = "lead"
    MAIN = "main"
    SUPPORT = "support"


class Comparator(StrEnum):
    """How a value binds: 以上 ge, 以内 le, bare or 达到 eq, 左右 approx, 力争 strive."""

    GE = "ge"
    LE = "le"
    EQ = "eq"
    APPROX = "approx"
    STRIVE = "strive"


class TargetKind(StrEnum):
    """A goal the issuer undertakes to reach, or a parameter of a policy (rate, cap, term)."""

    GOAL = "goal"
    PARAMETER = "parameter"


class Severity(StrEnum):
    """Blocking: not published while it stands. Confirm: a person should look. Note: for information."""

    BLOCKING = "blocking"
    CONFIRM = "confirm"
    NOTE = "note"


class Matter(StrEnum):
    """The class of a character; every character of the source has exactly one."""

    TASK = "task"
    HEADING = "heading"
    LABEL = "label"
    SEPARATOR = "separator"
    MATTER = "matter"
    FURNITURE = "furniture"
    UNCONSUMED = "unconsumed"


class ColumnKind(StrEnum):
    """What a table column holds, known by its header or mapped by a person."""

    NUMBER = "number"
    TASK = "task"
    CONTENT = "content"
    LEAD = "lead"
    MAIN = "main"
    SUPPORT = "support"
    DEADLINE = "deadline"
    CITY_LEADER = "city_leader"
    RESPONSIBLE_LEADER = "responsible_leader"
    DIVISION = "division"
    CONTACT = "contact"
    PHONE = "phone"
    YEAR_TARGET = "year_target"
    NODE_Q1 = "node_q1"
    NODE_HALF = "node_half"
    NODE_Q3 = "node_q3"
    NODE_YEAR = "node_year"
    MECHANISM = "mechanism"
    DATA_SOURCE = "data_source"
    HEADING = "heading"
    REMARKS = "remarks"
    IGNORE = "ignore"


class Piece(NamedTuple):
    """A named or plain stretch of text: clause, leader, table field."""

    text: str
    span: Span


piece: Final[Callable[[tuple[str, Span]], Piece]] = partial(tuple.__new__, Piece)
"""As `spanning`, for pieces."""


class Heading(NamedTuple):
    """A chapter (level 1) or section (2 and deeper) as printed, numeral included, debris removed."""

    text: str
    level: int
    span: Span


class PrintedUnit(NamedTuple):
    """One printed occurrence of a unit name. `unit` is a canonical key of the directory, when one was given."""

    name: str
    role: Role
    label: str
    span: Span
    expanded: str | None = None
    unit: str | None = None
    collective: bool = False


class Target(NamedTuple):
    """A number the issuer binds itself to, with its printed phrase. Values are as printed: 5.5 with 万亩."""

    text: str
    span: Span
    indicator: str
    comparator: Comparator
    value: Decimal
    unit: str
    value_max: Decimal | None = None
    period: str | None = None
    part_of: str | None = None
    modifiers: tuple[str, ...] = ()
    kind: TargetKind = TargetKind.GOAL


class Deadline(NamedTuple):
    """A time limit as printed; `date` where it can be computed from the text and the year of the list."""

    text: str
    span: Span
    date: date | None = None


class Field(NamedTuple):
    """A cell of the office's own table that has a meaning of its own (city leader, node, contact …)."""

    kind: ColumnKind
    text: str
    span: Span


class Task(NamedTuple):
    """One numbered item. `span` runs from its number to the end of its units; `text` has the debris removed."""

    number: str
    path: tuple[str, ...]
    text: str
    span: Span
    text_span: Span
    clauses: tuple[Piece, ...] = ()
    units: tuple[PrintedUnit, ...] = ()
    targets: tuple[Target, ...] = ()
    deadline: Deadline | None = None
    leaders: tuple[Piece, ...] = ()
    fields: tuple[Field, ...] = ()


class Finding(NamedTuple):
    """A doubt for a person. `task` is the number of the task it is about, if it is about one."""

    code: str
    severity: Severity
    span: Span
    params: Mapping[str, str | int] = MappingProxyType({})
    task: str | None = None

    @property
    def message(self) -> Message:
        """The sentence, as code and values."""
        return Message(f"finding.{self.code}", self.params)


class Stretch(NamedTuple):
    """A run of characters of one class, with the reason when it is front, back or page matter."""

    span: Span
    matter: Matter
    reason: str = ""


class ParsedList(NamedTuple):
    """A whole document. `stretches` cover the text without gap or overlap."""

    title: str
    document_number: str
    issuer: str
    issued_on: date | None
    headings: tuple[Heading, ...]
    tasks: tuple[Task, ...]
    findings: tuple[Finding, ...]
    stretches: tuple[Stretch, ...]
    characters: int
