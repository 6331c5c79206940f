"""Who may read the record itself: the auditor, and only its envelopes."""

from __future__ import annotations

from duban.domain.posts import Acting, PostRole


def may_read_envelopes(by: Acting) -> bool:
    """The audit administrator reads who did what kind of thing when, never the values."""
    return by.role == PostRole.AUDITOR
