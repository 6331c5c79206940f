"""Who may issue a list, sign for it, and fill a unit's plan."""

from __future__ import annotations

from duban.domain.messages import Message
from duban.domain.posts import Acting


def refusal_to_issue(by: Acting) -> Message | None:
    """Only the supervision office decides about tasks and issues them."""
    return None if by.runs_office else Message("plans.office_issues")


def refusal_to_fill(by: Acting, unit: int) -> Message | None:
    """A unit fills its own rows and those of units whose place it took; the office may enter them on its behalf (代录)."""
    if by.runs_office or by.answers(unit):
        return None
    return Message("plans.own_unit_only")


def refusal_to_sign_for(by: Acting, unit: int, how: str) -> Message | None:
    """By click a unit signs for itself; what it said by telephone or on paper the office records."""
    if how == "click" and by.runs_office:
        return Message("plans.units_click")
    return refusal_to_fill(by, unit)
