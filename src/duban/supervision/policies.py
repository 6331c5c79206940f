"""Whose voice is shown to whom, and who may determine, urge and order."""

from __future__ import annotations

from typing import Final

from duban.domain.messages import Message
from duban.domain.posts import Acting, PostRole

APPROVERS: Final = frozenset(
    {PostRole.OFFICE_DIRECTOR, PostRole.DEPUTY_SECRETARY, PostRole.SECRETARY_GENERAL, PostRole.CITY_LEADER}
)


def sees_system_view(by: Acting) -> bool:
    """系统研判 stays inside the supervision office; everybody else sees the office's determination."""
    return by.runs_office


def refusal_to_judge(by: Acting) -> Message | None:
    """Only the supervision office determines, urges, and drafts and serves orders."""
    return None if by.runs_office else Message("supervision.office_judges")


def refusal_to_approve(by: Acting, *, on_paper: bool) -> Message | None:
    """An order is approved by the chain by click, or on paper that the office registers."""
    if by.role in APPROVERS or (on_paper and by.runs_office):
        return None
    return Message("supervision.chain_approves")


def refusal_to_answer(by: Acting, unit: int) -> Message | None:
    """The unit on which an order was served, or the one that took its place, signs for it and answers it; the office may enter its paper."""
    if by.runs_office or by.answers(unit):
        return None
    return Message("supervision.unit_answers")
