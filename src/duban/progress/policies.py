"""Who may open a period, fill and sign a unit's sheet, and judge what came in."""

from __future__ import annotations

from typing import Final

from duban.domain.errors import Conflict
from duban.domain.messages import Message
from duban.domain.periods import named
from duban.domain.posts import Acting, PostRole
from duban.progress.models import Period

SIGNERS: Final = frozenset({PostRole.PRINCIPAL, PostRole.DEPUTY})


def refusal_to_run_periods(by: Acting) -> Message | None:
    """Only the supervision office opens, closes and seals periods, and accepts or returns reports."""
    return None if by.runs_office else Message("progress.office_runs_periods")


def refuse_sealed(period: Period) -> None:
    """Conflict once a period is sealed: nothing in it changes any more. Locks it until the transaction ends."""
    held = Period.objects.select_for_update().only("key", "state").get(pk=period.pk)
    if held.state == "sealed":
        raise Conflict(Message("progress.period_sealed", named(held.key)))


def refusal_to_report(by: Acting, unit: int) -> Message | None:
    """A unit reports for itself and for units whose place it took; the office may enter a unit's sheet on its behalf (代录)."""
    if by.runs_office or by.answers(unit):
        return None
    return Message("progress.own_unit_only")


def refusal_to_sign(by: Acting, unit: int, kind: str) -> Message | None:
    """By click the principal or deputy signs; a signed paper is registered by the unit's liaison or by the office."""
    if kind == "paper":
        return refusal_to_report(by, unit)
    if by.role in SIGNERS and by.answers(unit):
        return None
    return Message("progress.signed_by_the_principal")


def refusal_to_ask_parts(by: Acting, lead: int) -> Message | None:
    """The unit that owes a row asks the supporting units for their parts, and returns or withdraws them; so may the office on its behalf."""
    return None if by.runs_office or by.answers(lead) else Message("parts.lead_asks")


def refusal_to_give_part(by: Acting, unit: int) -> Message | None:
    """The unit that was asked says its part, as does the unit that took its place; the office may enter it on its behalf (代录)."""
    return None if by.runs_office or by.answers(unit) else Message("parts.unit_gives")
