"""What each official paper says, decided by the caller before anything is written: texts, figures, one frozen record a paper.

A writer adds layout and fixed words, never a figure. The same content therefore gives the same bytes, and a paper can be written a second
time from the frozen data sheet and compared (rules.md 4.1; product.md "Inform").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

Figure = str | int | Decimal  # a number stays a number in a workbook; "" leaves the place empty


class PaperKind(StrEnum):
    """The papers that carry a mark and can be written again from their data sheet."""

    LEDGER = "ledger"
    SPECIAL_REPORT = "special_report"
    ORDER = "order"
    URGING = "urging"
    URGING_SHEET = "urging_sheet"
    UNIT_TASKS = "unit_tasks"
    REPORT_FORM = "report_form"
    SIGN_OFF = "sign_off"
    LEADER_BRIEF = "leader_brief"


@dataclass(frozen=True, slots=True)
class Basis:
    """What a paper rests on: its issuer, its date, the hash of the frozen data sheet, and which paper of its kind it is.

    `key` is the caller's own name for the paper, e.g. "2026Q3" or "2026Q3/unit/17"; it comes back from `identify`.
    A period that is not `sealed` may still change, and its papers say so.
    """

    issuer: str
    on: date
    as_of: date
    snapshot: str
    key: str
    sealed: bool = True


class Light(NamedTuple):
    """A light as it is printed: a shape, legible in black and white, and its word."""

    shape: str
    word: str

    @property
    def text(self) -> str:
        """Shape and word, e.g. "▲ 预警"."""
        return f"{self.shape} {self.word}".strip()


class Tally(NamedTuple):
    """How many tasks stand at one word now and stood there last period (None: nothing to compare with)."""

    word: str
    now: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One task in the master ledger (总台账)."""

    number: int
    text: str
    lead: str
    main: str
    support: str
    city_leader: str
    year_target: str
    q1: str
    half: str
    q3: str
    year: str
    progress: str
    value: Figure
    due_value: Figure
    light: Light
    determination: str
    problem: str
    next_step: str
    division: str
    contact: str
    phone: str
    remarks: str = ""


class LedgerGroup(NamedTuple):
    """Rows under one heading: a chapter, a city leader or a unit."""

    heading: str
    rows: tuple[LedgerRow, ...]


class LedgerSheet(NamedTuple):
    """One order of the ledger: its name is the worksheet's, at most 31 characters."""

    name: str
    groups: tuple[LedgerGroup, ...]


@dataclass(frozen=True, slots=True)
class LedgerContent:
    """The master ledger: the same tasks in one to three orders."""

    basis: Basis
    title: str
    period: str
    sheets: tuple[LedgerSheet, ...]


class LeaderTally(NamedTuple):
    """One city leader's line; `counts` stand in the order of the report's tallies."""

    leader: str
    field: str
    total: int
    counts: tuple[int, ...]


class Laggard(NamedTuple):
    """One task behind its node: what was promised, where it stands, why, what the unit does, what the office advises."""

    number: int
    title: str
    lead: str
    city_leader: str
    target: str
    state: str
    cause: str
    measure: str
    advice: str


class AnnexRow(NamedTuple):
    """One line of the report's annex."""

    number: int
    title: str
    lead: str
    city_leader: str
    value: Figure
    due_value: Figure
    light: Light


@dataclass(frozen=True, slots=True)
class SpecialReportContent:
    """The special report (督查专报); names of people may be "", which leaves the place to be filled in by hand.

    `left_out` has the numbers of the laggards that stand in the annex only.
    """

    basis: Basis
    series: str
    issue: int
    title: str
    period: str
    total: int
    total_before: int | None
    summary: tuple[str, ...]
    tallies: tuple[Tally, ...]
    leaders: tuple[LeaderTally, ...]
    laggards: tuple[Laggard, ...]
    left_out: tuple[int, ...]
    advice: tuple[str, ...]
    annex_title: str
    annex: tuple[AnnexRow, ...]
    signed_by: str = ""
    checked_by: str = ""
    drafted_by: str = ""
    submitted_to: str = ""
    sent_to: str = ""


class OrderForm(StrEnum):
    """How an order speaks: a notice to units under command (督办单), a letter to bodies outside it (督查函)."""

    NOTICE = "notice"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class OrderContent:
    """One supervision order on one matter (一事一单), with its reply slip (回执)."""

    basis: Basis
    form: OrderForm
    head: str
    number: str
    title: str
    addressee: str
    matter: tuple[str, ...]
    grounds: tuple[str, ...]
    requirement: tuple[str, ...]
    due_on: date
    contact: str
    phone: str
    urgency: str = ""
    copies_to: str = ""


class UrgingRow(NamedTuple):
    """One unit that owes reports."""

    unit: str
    owed: int
    oldest_due: date | None
    contact: str
    phone: str
    last_contact: str


@dataclass(frozen=True, slots=True)
class UrgingContent:
    """The urging list (催报名单) of one period; `summary` is its first line."""

    basis: Basis
    title: str
    period: str
    due_on: date
    summary: str
    rows: tuple[UrgingRow, ...]


class UnitTask(NamedTuple):
    """One task on a unit's task sheet (单位任务单); `role` is 牵头, 主责 or 配合."""

    number: int
    text: str
    role: str
    lead: str
    city_leader: str
    year_target: str
    nodes: tuple[str, str, str, str]
    deputy: str
    division: str
    contact: str
    phone: str


@dataclass(frozen=True, slots=True)
class UnitTasksContent:
    """The task sheet of one unit: everything it leads or shares."""

    basis: Basis
    title: str
    unit: str
    summary: str
    rows: tuple[UnitTask, ...]


class ReportRow(NamedTuple):
    """One owed report; the last four are "" on a blank form."""

    number: int
    text: str
    year_target: str
    node: str
    last_progress: str
    progress: str = ""
    value: Figure = ""
    problem: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class ReportFormContent:
    """The reporting form (报送表) of one unit and period, blank or filled in."""

    basis: Basis
    title: str
    unit: str
    period: str
    due_on: date
    contact: str
    phone: str
    rows: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class SignOffContent:
    """The sign-off slip (审签单) of one unit and period. `check_code` ties the paper to the rows that were sent."""

    basis: Basis
    title: str
    unit: str
    period: str
    row_count: int
    unchanged_count: int
    problem_count: int
    check_code: str
    send_to: str
    due_on: date
    signer: str = ""


class LateLine(NamedTuple):
    """One late task on the leader's page, with one sentence."""

    number: int
    title: str
    lead: str
    light: Light
    sentence: str


class DecisionLine(NamedTuple):
    """One matter that waits for the leader's decision, and who asks."""

    text: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class LeaderBriefContent:
    """One page for a city leader: where it stands, what is late, what needs a decision."""

    basis: Basis
    title: str
    leader: str
    period: str
    answer: str
    total: int
    tallies: tuple[Tally, ...]
    late: tuple[LateLine, ...]
    decisions: tuple[DecisionLine, ...]
    phone: str = ""
