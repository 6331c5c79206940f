"""Who may open a period, fill and sign a unit's sheet, and judge what came in."""

from __future__ import annotations

from typing import Final

from duban.domain.messages import Message
from duban.domain.posts import Acting, PostRole

SIGNERS: Final = frozenset({PostRole.PRINCIPAL, PostRole.DEPUTY})


def refusal_to_run_periods(by: Acting) -> Message | None:
    """Only the supervision office opens, closes and seals periods, and accepts or returns reports."""
    return None if by.runs_office else Message("progress.office_runs_periods")


def refusal_to_report(by: Acting, unit: int) -> Message | None:
    """A unit reports for itself; the office may enter a unit's sheet on its behalf (代录)."""
    if by.runs_office or (by.sees_own_unit and by.unit == unit):
        return None
    return Message("progress.own_unit_only")


def refusal_to_sign(by: Acting, unit: int, kind: str) -> Message | None:
    """By click the principal or deputy signs; a signed paper is registered by the unit's liaison or by the office."""
    if kind == "paper":
        return refusal_to_report(by, unit)
    if by.role in SIGNERS and by.unit == unit:
        return None
    return Message("progress.signed_by_the_principal")
