"""Reads the cell or label that prints nothing but a time limit: 9月底, 三季度, 上半年, 2027-09-30."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from duban.domain.tasklist.deadlines import extract_deadline
from duban.domain.tasklist.normalise import fold

if TYPE_CHECKING:
    from duban.domain.source import Span

_QUARTERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_BEFORE: Final = "(?:于|至|到|截至|力争)?"
_DONE: Final = "(?:完成|办结|建成|完工)?"
_AFTER: Final = f"(?:底|末)?(?:之前|以前|前)?{_DONE}"
_YEAR: Final = r"(?:(?P<year>20\d\d)年|今年|本年|当年)?"
_FORMS: Final = (
    re.compile(rf"{_BEFORE}(?P<year>20\d\d)[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}}))?{_AFTER}"),
    re.compile(r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)"),
    re.compile(rf"{_BEFORE}{_YEAR}(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})[日号]{_AFTER}|份?{_DONE}|[底末](?:之前|以前|前)?{_DONE})"),
    re.compile(rf"{_BEFORE}{_YEAR}第?(?P<quarter>[一二三四1234])季度{_AFTER}"),
    re.compile(rf"{_BEFORE}{_YEAR}(?P<half>[上下])半年{_AFTER}"),
    re.compile(rf"{_BEFORE}(?:(?P<year>20\d\d)年?|今年|本年|当年|全年|年)(?:度|[底末内终](?:之前|以前|前)?)?{_DONE}"),
)  # fmt: skip
_NO_DAY: Final = re.compile("(?:长期|持续|常年|常态化?|常抓)(?:坚持|推进|开展|实施|不懈)?")


def limit_day(source: str, span: Span, year: int | None) -> date | None:
    """The last day that keeps the limit which a cell or a label prints; None where it gives no date."""
    if day := read_limit("".join(fold(span.of(source)).split()), year):
        return day
    found = extract_deadline(source, span, year)
    return found.date if found else None


def read_limit(text: str, year: int | None) -> date | None:
    """The last day that keeps a limit printed alone, in the year printed or else in `year`; None where it is no date.

    A month, quarter or half year alone ends with its last day. `text` is without blanks, its digits plain.
    """
    for form in _FORMS:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            when = int(parts["year"]) if parts.get("year") else year
            return None if when is None else _day(when, parts)
    return None


def names_no_day(text: str) -> bool:
    """Whether the words say that the matter goes on, and so want no date (长期坚持)."""
    return _NO_DAY.fullmatch(text) is not None


def _day(year: int, parts: dict[str, str | None]) -> date | None:
    month = int(parts.get("month") or 12)
    if quarter := parts.get("quarter"):
        month = 3 * _QUARTERS[quarter]
    elif parts.get("half") == "上":
        month = 6
    if not 1 <= month <= 12:
        return None
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    if not (day := parts.get("day")):
        return last
    return last.replace(day=int(day)) if 1 <= int(day) <= last.day else None
