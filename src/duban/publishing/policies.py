"""Who writes the papers of a period, and who reads them."""

from __future__ import annotations

from duban.domain.messages import Message
from duban.domain.posts import Acting


def refusal_to_write(by: Acting) -> Message | None:
    """The supervision office freezes the data sheet and writes the papers."""
    return None if by.runs_office else Message("papers.office_writes")


def refusal_to_read(by: Acting) -> Message | None:
    """Posts that see the whole government read its papers; they name every unit's figures."""
    if by.runs_office or by.sees_whole_government:
        return None
    return Message("papers.office_reads")
