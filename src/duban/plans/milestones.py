"""The nodes of a lead's row as dated milestones; a projection with one rule, rebuilt by the same function."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from duban.domain.due import read_number
from duban.domain.natures import STAGES, Nature
from duban.plans.models import Milestone, Plan
from duban.register.models import Task

ENDS: Final = (("node_q1", 3, 31), ("node_half", 6, 30), ("node_q3", 9, 30), ("node_year", 12, 31))


def milestones_from(row: Plan, task: Task) -> list[Milestone]:
    """One milestone for each node that says something: its number where it holds one, its stage where it names one."""
    nature = Nature(task.assignment.nature)
    made = []
    for field, month, day in ENDS:
        text = getattr(row, field).strip()
        if not text:
            continue
        staged = nature in STAGES
        made.append(
            Milestone(
                task=task,
                on=date(task.list.year, month, day),
                text=text,
                value=None if staged else amount(text),
                stage=stage_in(text, nature),
            )
        )
    return made


def stage_in(text: str, nature: Nature) -> str:
    """The furthest stage of a task's type that a text names, or nothing."""
    named = [code for code, chinese, _ in STAGES.get(nature, ()) if chinese in text]
    return named[-1] if named else ""


def amount(text: str) -> Decimal | None:
    """The one exact number of a cell, 万 and 亿 multiplied out, or None."""
    number = read_number(text)
    return number.multiplied if number else None
