"""Who may bring documents in and check them."""

from __future__ import annotations

from duban.domain.messages import Message
from duban.domain.posts import CONSOLE, Acting


def refusal_to_check(by: Acting, government: int | None) -> Message | None:
    """Only the supervision office of that government, or the server's own console."""
    own = by.runs_office and government is not None and by.government == government
    return None if own or by == CONSOLE else Message("draft.office_only")
