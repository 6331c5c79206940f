"""Who may read the record itself, and who may remove what should never have come in."""

from __future__ import annotations

from typing import Final

from duban.domain.messages import Message
from duban.domain.posts import Acting, PostRole

PURGERS: Final = frozenset({PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR, PostRole.SECURITY_ADMIN})


def may_read_envelopes(by: Acting) -> bool:
    """The audit administrator reads who did what kind of thing when, never the values."""
    return by.role == PostRole.AUDITOR


def refusal_to_purge(by: Acting) -> Message | None:
    """Why this post may neither ask for a purge nor confirm one, if it may not: the office and the security administrator do."""
    if by.person is None:
        return Message("history.purge_needs_person")
    return None if by.role in PURGERS else Message("history.purge_needs_office")
