"""Who keeps the problem ledger and registers papers."""

from __future__ import annotations

from duban.domain.messages import Message
from duban.domain.posts import Acting, PostRole


def refusal_to_keep_ledger(by: Acting) -> Message | None:
    """The supervision office keeps the ledger."""
    return None if by.runs_office else Message("coordination.office_keeps")


def refusal_to_correct(by: Acting) -> Message | None:
    """The supervision office alone corrects what stands in the register of papers, or strikes it out."""
    return None if by.runs_office else Message("coordination.office_corrects")


def refusal_to_register(by: Acting) -> Message | None:
    """The office registers papers; a leader's secretary registers the leader's instructions."""
    if by.runs_office or by.role == PostRole.LEADER_SECRETARY:
        return None
    return Message("coordination.office_keeps")


def refusal_to_divide(by: Acting) -> Message | None:
    """The supervision office breaks instructions down into items, and closes, returns, drops and reopens them."""
    return None if by.runs_office else Message("items.office_decides")


def refusal_to_answer_item(by: Acting, unit: int) -> Message | None:
    """The unit of an item, or the one that took its place, answers it; the office may enter its answer."""
    return None if by.runs_office or by.answers(unit) else Message("items.unit_answers")
