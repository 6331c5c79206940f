"""Public holidays and the weekend days worked instead, mainland China, from the yearly notices of the State Council.

A further year is added here, or at run time with `CALENDAR.joined(calendar_from(…))`, once its notice is out (usually in
November). The notice for 2027 was not known when this was written.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

from duban.domain.calendar import WorkCalendar


class Notice(NamedTuple):
    """One year: holiday stretches (`MMDD` or `MMDD-MMDD`, with any weekend inside) and weekend days worked."""

    number: str
    off: str
    work: str


NOTICES: Final[dict[int, Notice]] = {
    2023: Notice(
        "国办发明电〔2022〕16号",
        "0101-0102 0121-0127 0405 0429-0503 0622-0624 0929-1006 1230-1231",
        "0128 0129 0423 0506 0625 1007 1008",
    ),
    2024: Notice(
        "国办发明电〔2023〕7号",
        "0101 0210-0217 0404-0406 0501-0505 0610 0915-0917 1001-1007",
        "0204 0218 0407 0428 0511 0914 0929 1012",
    ),
    2025: Notice(
        "国办发明电〔2024〕12号",
        "0101 0128-0204 0404-0406 0501-0505 0531-0602 1001-1008",
        "0126 0208 0427 0928 1011",
    ),
    2026: Notice(
        "国办发明电〔2025〕7号",
        "0101-0103 0215-0223 0404-0406 0501-0505 0619-0621 0925-0927 1001-1007",
        "0104 0214 0228 0509 0920 1010",
    ),
}


def _days(year: int, stretches: str) -> frozenset[date]:
    found = set()
    for stretch in stretches.split():
        first, _, last = stretch.partition("-")
        begin, end = _day(year, first), _day(year, last or first)
        found |= {begin + timedelta(days=i) for i in range((end - begin).days + 1)}
    return frozenset(found)


def _day(year: int, printed: str) -> date:
    return date(year, int(printed[:2]), int(printed[2:]))


CALENDAR: Final = WorkCalendar(
    off=frozenset().union(*(_days(year, notice.off) for year, notice in NOTICES.items())),
    work=frozenset().union(*(_days(year, notice.work) for year, notice in NOTICES.items())),
    years=frozenset(NOTICES),
)
