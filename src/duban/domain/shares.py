"""Sharing a target out among districts: what the shares come to, and whether the target is being raised on the way down.

Raising targets level by level (层层加码) is what the rules on relieving the grassroots forbid (rules.md §5.3): a sum above
the headline target is said aloud, it is never refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from duban.domain.due import plain
from duban.domain.messages import Message
from duban.domain.tasklist.records import Comparator

RATES: Final = ("%", "％", "‰", "百分点", "基点")


@dataclass(frozen=True, slots=True)
class Sum:
    """`total` of the shares and `difference` to the target (total less target), both in the measure of the target."""

    total: Decimal
    difference: Decimal
    message: Message

    @property
    def raised(self) -> bool:
        """Whether the shares ask for more than the target does (层层加码)."""
        return self.message.code in ("shares.raised", "shares.tightened", "shares.rates_raised")

    @property
    def short(self) -> bool:
        """Whether the shares do not yet carry the target."""
        return self.message.code in ("shares.missing", "shares.over_limit", "shares.rates_missing")


def additive(measure: str) -> bool:
    """Whether shares in this measure add up: a count does, a rate (6.5%) does not."""
    return not measure.strip().endswith(RATES)


def check(target: Decimal, comparator: Comparator, shares: Iterable[Decimal]) -> Sum:
    """The shares against their target.

    A sum above a target to reach, or below a limit to keep (以内), asks more of the districts than the city itself
    undertook; the other way round part of the target has no owner. Without any share nothing is said against it.
    """
    given = list(shares)
    total = sum(given, Decimal(0))
    difference = total - target
    return Sum(total, difference, _said(target, comparator, given, difference))


def check_rates(target: Decimal, comparator: Comparator, shares: Iterable[Decimal]) -> Sum:
    """Shares of a rate, which do not add up: each stands beside the target by itself. `total` is the highest of them.

    For a limit (以内) the lowest of them; without any share the total is 0.
    """
    given = list(shares)
    limit = comparator is Comparator.LE
    total = (min(given) if limit else max(given)) if given else Decimal(0)
    if not given:
        return Sum(total, total - target, Message("shares.none"))
    above = sum(value < target if limit else value > target for value in given)
    below = sum(value > target if limit else value < target for value in given)
    words: dict[str, str | int] = {"target": plain(target), "above": above, "below": below}
    code = {(len(given), 0): "rates_raised", (0, len(given)): "rates_missing", (0, 0): "rates_exact"}.get(
        (above, below), "rates_mixed"
    )
    return Sum(total, total - target, Message(f"shares.{code}", words))


def _said(target: Decimal, comparator: Comparator, given: list[Decimal], difference: Decimal) -> Message:
    if not given:
        return Message("shares.none")
    words = {
        "target": plain(target),
        "total": plain(target + difference),
        "difference": plain(abs(difference)),
    }
    if not difference:
        return Message("shares.exact", words)
    if comparator is Comparator.LE:
        return Message("shares.over_limit" if difference > 0 else "shares.tightened", words)
    return Message("shares.raised" if difference > 0 else "shares.missing", words)
