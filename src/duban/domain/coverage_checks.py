"""The three checks of the notice, word for word: 层层有人抓、事事有人管、件件能落实 (rules.md §0 and §7, 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from duban.domain.messages import Message
from duban.domain.natures import Nature
from duban.domain.tasklist.records import Role


class Check(StrEnum):
    """LAYERS: every unit has its people. MATTERS: every task is led. LANDED: every task has a target and nodes."""

    LAYERS = "layers"
    MATTERS = "matters"
    LANDED = "landed"


CHECKS: Final[dict[Check, tuple[str, str]]] = {
    Check.LAYERS: ("层层有人抓", "Every level has its people"),
    Check.MATTERS: ("事事有人管", "Every task is led"),
    Check.LANDED: ("件件能落实", "Every task can be carried out"),
}

WITHOUT_NODES: Final = frozenset({Nature.STANDING, Nature.FLOOR})


class Duty(NamedTuple):
    """One unit's part in one task, as it stands in the plan.

    `task` and `unit` are ids or keys of the caller's choice, `number` the printed number of the task. `has_lead` says
    whether the task has a lead unit at all, `nodes` how many nodes count (`filled_nodes`); blank texts are missing.
    """

    task: int | str
    number: int | str
    unit: int | str
    role: Role
    has_lead: bool
    deputy: str
    handler: str
    phone: str
    year_target: str
    nodes: int
    nature: Nature


def filled_nodes(nodes: Sequence[str]) -> int:
    """How many nodes of a row count, from the first quarter's to the year's: none while that of the year is blank."""
    return sum(bool(node.strip()) for node in nodes) if nodes and nodes[-1].strip() else 0


class Gap(NamedTuple):
    """What is missing, where: `unit` is None when it is the task that lacks something."""

    task: int | str
    unit: int | str | None
    message: Message


class Figures(NamedTuple):
    """How many were looked at (LAYERS: duties; MATTERS and LANDED: tasks) and how many lack nothing."""

    total: int
    kept: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check: its gaps, in the order of the duties, and its figures."""

    gaps: tuple[Gap, ...]
    figures: Figures


def check(duties: Iterable[Duty]) -> dict[Check, Outcome]:
    """All three checks over the duties of a list; each check has its outcome, also when nothing is missing."""
    rows = tuple(duties)
    return {Check.LAYERS: _layers(rows), Check.MATTERS: _matters(rows), Check.LANDED: _landed(rows)}


def _layers(rows: tuple[Duty, ...]) -> Outcome:
    gaps = tuple(Gap(row.task, row.unit, message) for row in rows for message in _people(row))
    short = {(gap.task, gap.unit) for gap in gaps}
    every = {(row.task, row.unit) for row in rows}
    return Outcome(gaps, Figures(len(every), len(every - short)))


def _people(row: Duty) -> list[Message]:
    """A supporting unit needs a contact only; lead and main need the deputy in charge as well."""
    codes = ["no_deputy"] if row.role != Role.SUPPORT and not row.deputy.strip() else []
    named, reachable = bool(row.handler.strip()), bool(row.phone.strip())
    if not (named or reachable):
        codes.append("no_contact")
    elif not named:
        codes.append("no_handler")
    elif not reachable:
        codes.append("no_phone")
    return [Message(f"coverage.{code}") for code in codes]


def _matters(rows: tuple[Duty, ...]) -> Outcome:
    led = {row.task: row.has_lead for row in rows}
    gaps = tuple(
        Gap(task, None, Message("coverage.no_lead")) for task, has_lead in led.items() if not has_lead
    )
    return Outcome(gaps, Figures(len(led), len(led) - len(gaps)))


def _landed(rows: tuple[Duty, ...]) -> Outcome:
    """The lead answers for the task (one report per task, by its lead); without one, every main unit does.

    A task whose lead is not among the duties given (those of one unit, say) is not looked at.
    """
    answered = {row.task for row in rows if _answers(row)}
    gaps = tuple(Gap(row.task, row.unit, message) for row in rows if _answers(row) for message in _plan(row))
    nobody = dict.fromkeys(row.task for row in rows if not row.has_lead and row.task not in answered)
    gaps += tuple(Gap(task, None, Message("coverage.no_target_no_nodes")) for task in nobody)
    total = len(answered) + len(nobody)
    return Outcome(gaps, Figures(total, total - len({gap.task for gap in gaps})))


def _answers(row: Duty) -> bool:
    return row.role == (Role.LEAD if row.has_lead else Role.MAIN)


def _plan(row: Duty) -> list[Message]:
    no_target = not row.year_target.strip()
    no_nodes = row.nodes < 1 and row.nature not in WITHOUT_NODES
    code = {(True, True): "no_target_no_nodes", (True, False): "no_target", (False, True): "no_nodes"}
    return [Message(f"coverage.{code[no_target, no_nodes]}")] if no_target or no_nodes else []
