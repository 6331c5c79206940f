"""Which days a time limit may fall on: within the list's own year, or in one of the few after it for work of several years."""

from __future__ import annotations

from datetime import date
from typing import Final

from duban.domain.errors import Invalid
from duban.domain.messages import Message

LATER_YEARS: Final = 5


def refuse_day(task: str, year: int, day: date) -> None:
    """Raise Invalid for a limit before the list's year, or more than `LATER_YEARS` years after it: a slip of the pen."""
    first, last = date(year, 1, 1), date(year + LATER_YEARS, 12, 31)
    if not first <= day <= last:
        said = {"task": task, "day": day.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
        raise Invalid(Message("plans.day_outside", said))
