"""Working days and time limits (rules.md §4.3): the days off are data, never a formula.

Holidays and the weekend days worked instead of them come from the yearly notice of the State Council. A day in a year
without its notice is refused, never taken for an ordinary weekday.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from duban.domain.errors import Invalid
from duban.domain.messages import Message

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off (`off`), weekend days worked (`work`), and the `years` whose notices are known.

    Every method raises Invalid (calendar.year_missing) as soon as it has to look at a day of another year.
    """

    off: frozenset[date]
    work: frozenset[date]
    years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        if day.year not in self.years:
            raise Invalid(Message("calendar.year_missing", {"year": day.year}))
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def add_working(self, day: date, n: int) -> date:
        """The `n`th working day after `day`, which itself does not count; before it when `n` is negative."""
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def next_working(self, day: date) -> date:
        """`day` itself when it is a working day, else the first one after it."""
        return day if self.is_working(day) else self.add_working(day, 1)

    def working_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative when `b` comes first."""
        if b < a:
            return -self.working_between(b, a)
        return sum(self.is_working(a + ONE_DAY * i) for i in range(1, (b - a).days + 1))

    def joined(self, other: WorkCalendar) -> WorkCalendar:
        """The years of both calendars; for a year known to both, as the other has it."""
        kept = self.years - other.years
        return WorkCalendar(
            frozenset(day for day in self.off if day.year in kept) | other.off,
            frozenset(day for day in self.work if day.year in kept) | other.work,
            self.years | other.years,
        )


def calendar_from(data: Mapping[str, Any]) -> WorkCalendar:
    """The calendar of one year from its notice as data: `{year, days: [{date: "2027-01-01", isOffDay: true}]}`.

    The shape of the open data set holiday-cn (rules.md §4.3). Days of other years are left out. Raises Invalid
    (calendar.bad_data) when a field is missing or unreadable, or no day off is named.
    """
    try:
        year = int(data["year"])
        days = [(date.fromisoformat(row["date"]), bool(row["isOffDay"])) for row in data["days"]]
    except (KeyError, TypeError, ValueError) as problem:
        raise Invalid(Message("calendar.bad_data")) from problem
    off = frozenset(day for day, is_off in days if is_off and day.year == year)
    if not off:
        raise Invalid(Message("calendar.bad_data"))
    return WorkCalendar(
        off, frozenset(day for day, o in days if not o and day.year == year), frozenset({year})
    )


class LimitUnit(StrEnum):
    """What a time limit counts. Decree 733 says 日 and means calendar days; most local rules say 工作日."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """`n` units after a day. What arrives at or after `cut_off` o'clock counts as arrived the next working day."""

    n: int
    unit: LimitUnit
    cut_off: int = 24

    def __post_init__(self) -> None:
        if self.n < 1:
            raise Invalid(Message("calendar.limit_not_positive", {"n": self.n}))

    def due(self, start: date, calendar: WorkCalendar) -> date:
        """The last day of the limit.

        The start day does not count; a limit that ends on a day off ends on the next working day (rules.md §4.3).
        A month ends on the day of the same number, or on the month's last day when there is none.
        """
        match self.unit:
            case LimitUnit.WORKING_DAY:
                return calendar.add_working(start, self.n)
            case LimitUnit.CALENDAR_DAY:
                return calendar.next_working(start + ONE_DAY * self.n)
            case _:
                return calendar.next_working(_months_on(start, self.n))

    def due_from(self, moment: datetime, calendar: WorkCalendar) -> date:
        """As `due`, from a moment in the office's own time: the cut-off hour decides which day is the start."""
        arrived = moment.date()
        return self.due(
            calendar.add_working(arrived, 1) if moment.hour >= self.cut_off else arrived, calendar
        )


def _months_on(day: date, n: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
