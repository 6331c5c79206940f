"""Reporting periods: their names and days, and which tasks are asked in which (product.md, step 4)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

from duban.domain.calendar import WorkCalendar
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.natures import Rhythm

NAMES: Final[dict[int, tuple[str, str]]] = {
    3: ("一季度", "First quarter"),
    6: ("上半年", "First half-year"),
    9: ("三季度", "Third quarter"),
    12: ("全年", "Whole year"),
}
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
QUARTER_ENDS: Final = frozenset(NAMES)
YEAR_END: Final = 12
FIRST_MONTH: Final = {3: 1, 6: 1, 9: 7, 12: 1}
DUE_DAY, LOCK_DAYS = 5, 3


@dataclass(frozen=True, slots=True)
class PeriodSpec:
    """The period that ends with one month; `key` is "2023-03". Raises Invalid when key and month disagree."""

    key: str
    year: int
    month: int

    def __post_init__(self) -> None:
        if self.month not in range(1, 13) or self.key != f"{self.year:04d}-{self.month:02d}":
            raise Invalid(Message("periods.not_a_period", {"key": self.key}))

    @property
    def name(self) -> str:
        """Its name as officials say it: 一季度, 上半年, 三季度, 全年, otherwise 4月."""
        return NAMES[self.month][0] if self.month in NAMES else f"{self.month}月"

    @property
    def name_en(self) -> str:
        """Its name in English."""
        return NAMES[self.month][1] if self.month in NAMES else MONTHS[self.month - 1]

    @property
    def starts_on(self) -> date:
        """The first day of the stretch its name speaks of: of the year for 上半年 and 全年, else quarter or month."""
        return date(self.year, FIRST_MONTH.get(self.month, self.month), 1)

    @property
    def ends_on(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @property
    def as_of(self) -> date:
        """The day for which reported values stand: the last of the period."""
        return self.ends_on

    def due_on(self, calendar: WorkCalendar, nth: int = DUE_DAY) -> date:
        """The day sheets are due: the `nth` working day of the following month. Raises Invalid without its year."""
        return calendar.add_working(self.ends_on, nth)

    def lock_on(self, calendar: WorkCalendar, nth: int = DUE_DAY, later: int = LOCK_DAYS) -> date:
        """The day the period is locked: `later` working days after the day sheets are due."""
        return calendar.add_working(self.due_on(calendar, nth), later)


def period(year: int, month: int) -> PeriodSpec:
    """The period that ends with this month."""
    return PeriodSpec(f"{year:04d}-{month:02d}", year, month)


def period_of(key: str) -> PeriodSpec:
    """The period with this key; raises Invalid when it is none."""
    year, _, month = key.partition("-")
    if not (year.isdecimal() and month.isdecimal()):
        raise Invalid(Message("periods.not_a_period", {"key": key}))
    return PeriodSpec(key, int(year), int(month))


def named(key: str) -> dict[str, str]:
    """A period as sentences name it: `period` in Chinese, with its year, and `period_en`; what is no key stays as it is."""
    try:
        spec = period_of(key)
    except Invalid:
        return {"period": key, "period_en": key}
    return {"period": f"{spec.year}年{spec.name}", "period_en": f"{spec.name_en} {spec.year}"}


def asks(rhythm: Rhythm, *, at_date: date | None, lagging_or_key: bool, month: int) -> bool:
    """Whether a task of this rhythm is asked in the period of `month`.

    Lagging and key tasks are asked every month; a task with a date of its own in the month of that date, in December
    when the date is not set. `at_date` is a day of the year in question; the caller leaves out other years.
    """
    if lagging_or_key:
        return True
    match rhythm:
        case Rhythm.MONTHLY:
            return True
        case Rhythm.QUARTERLY:
            return month in QUARTER_ENDS
        case Rhythm.YEARLY:
            return month == YEAR_END
        case _:
            return month == (at_date.month if at_date else YEAR_END)


def spoken(day: date, today: date) -> tuple[str, str]:
    """A day as a sentence names it, Chinese and English: 三季度 for a quarter's last day, 年底 for the year's.

    The year is said only when it is not that of `today`.
    """
    ends = day.month in NAMES and day == period(day.year, day.month).ends_on
    if not ends:
        return spoken_date(day, today)
    zh, en = ("年底", "the end of the year") if day.month == YEAR_END else NAMES[day.month]
    en = en if day.month == YEAR_END else f"the {en[0].lower()}{en[1:]}"
    return (zh, en) if day.year == today.year else (f"{day.year}年{zh}", f"{en} of {day.year}")


def spoken_date(day: date, today: date) -> tuple[str, str]:
    """A day of the calendar, Chinese and English, with its year when that is not the year of `today`."""
    zh, en = f"{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]}"
    return (zh, en) if day.year == today.year else (f"{day.year}年{zh}", f"{en} {day.year}")
