"""Who may issue a list, sign for it, and fill a unit's plan."""

from __future__ import annotations

from duban.domain.messages import Message
from duban.domain.posts import Acting


def refusal_to_issue(by: Acting) -> Message | None:
    """Only the supervision office decides about tasks and issues them."""
    return None if by.runs_office else Message("plans.office_issues")


def refusal_to_fill(by: Acting, unit: int) -> Message | None:
    """A unit fills its own rows; the office may enter them on its behalf (代录)."""
    if by.runs_office or (by.sees_own_unit and by.unit == unit):
        return None
    return Message("plans.own_unit_only")
