"""Finds the time limit a task prints for its own work, because most lists print none and a printed one must not be missed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from duban.domain.tasklist import targets_vocabulary as words
from duban.domain.tasklist.records import Deadline
from duban.domain.tasklist.targets_segments import squash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duban.domain.source import Span

_JOINT = "；"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_TENTHS = {"上旬": 10, "中旬": 20, "初": 10}
_THIS, _NEXT = ("今年", "本年", "当年"), "明年"
_LOOK_BACK = 6
# No limit is printed without one of the first and one of the second: most tasks need no search (speed only).
_UNITS = ("年", "月", "季", "印发之日", "节", "汛", "冬", "开学")
_ENDS = ("前", "底", "末", "终", "内", "半年", "旬", "初", "到20")


def extract_deadline(source: str, span: Span, year: int | None, /) -> Deadline | None:
    """Find the limit of the issuer's own work, as printed; several are joined with ；.

    `date` is the last day on which the last of them is kept, in the year printed or in `year`, the year of the list;
    None where neither is known or the text gives an event (汛期前). N月前 ends with the day before that month,
    第N季度前 with the quarter. Limits on taxpayers, validity periods and years before `year` are left out.
    """
    squashed = squash(source, span)
    text = squashed.text
    found = [limit for limit in _limits(text) if not _is_past(limit, year)]
    if not found:
        return None
    printed = dict.fromkeys(squashed.printed[limit.start() : limit.end()] for limit in found)
    days = list(_days(found, year))
    known = [day for day in days if day is not None]
    return Deadline(
        text=_JOINT.join(printed),
        span=squashed.span(found[0].start(), found[-1].end()),
        date=max(known) if known and len(known) == len(days) else None,
    )


def _limits(text: str) -> Iterator[re.Match[str]]:
    if not (any(sign in text for sign in _UNITS) and any(sign in text for sign in _ENDS)):
        return
    for found in _pattern().finditer(text):
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        if not before.endswith(words.NO_LIMIT_AFTER) and not _others().match(text, found.end()):
            yield found


def _is_past(limit: re.Match[str], year: int | None) -> bool:
    printed = limit["reach"] or limit["year"] or ""
    return year is not None and printed[:1].isdigit() and int(printed[:4]) < year


def _days(found: list[re.Match[str]], year: int | None) -> Iterator[date | None]:
    """Give each limit its day; one without a year belongs to the year printed last before it, else to the year of the list."""
    for limit in found:
        yield _day(limit, year)
        if limit["year"] and limit["year"][0].isdigit():
            year = int(limit["year"][:4])


def _day(limit: re.Match[str], year: int | None) -> date | None:
    """Compute the last day that keeps the limit."""
    printed = limit["year"]
    if printed and printed[0].isdigit():
        year = int(printed[:4])
    elif printed == _NEXT and year is not None:
        year += 1
    elif limit["reach"]:
        year = int(limit["reach"])
    if year is None or limit["event"]:
        return None
    if limit["bare"] is not None:
        return date(year - 1, 12, 31)
    if limit["quarter"]:
        return _end_of_month(year, 3 * _QUARTERS[limit["quarter"]])
    if limit["half"]:
        return date(year, 6, 30) if limit["half"] == "上" else date(year, 12, 31)
    if not limit["month"]:
        return date(year, 12, 31)
    return _day_of_month(year, int(limit["month"]), limit)


def _day_of_month(year: int, month: int, limit: re.Match[str]) -> date | None:
    if limit["day"]:
        day = int(limit["day"])
        return date(year, month, day) if 1 <= day <= _end_of_month(year, month).day else None
    part = limit["part"]
    if part in _TENTHS:
        return date(year, month, _TENTHS[part])
    if part:
        return _end_of_month(year, month)
    return _end_of_month(year, month - 1) if month > 1 else date(year - 1, 12, 31)


def _end_of_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


@cache
def _others() -> re.Pattern[str]:
    return re.compile(rf"[^。；，]{{0,24}}?(?:{'|'.join(words.LIMITS_OF_OTHERS)})")


@cache
def _pattern() -> re.Pattern[str]:
    """Every form of a printed limit; all repeats are bounded, so hostile text costs linear time."""
    until = "(?:之前|以前|前)"
    return re.compile(
        r"(?P<year>20[0-9]{2}年|今年|本年|当年|明年)?(?:"
        rf"(?P<month>(?<![0-9])(?:1[0-2]|0?[1-9]))月(?:(?P<day>[0-3]?[0-9])日(?:{until}|(?=[和、][0-9]{{1,2}}月[0-9]{{1,2}}日前))|(?P<part>上旬|中旬|下旬|[底末初]){until}?|份?{until})"
        rf"|第?(?P<quarter>[一二三四1234])季度(?:[末底]{until}?|{until}|内)"
        rf"|(?P<half>[上下])半年(?:[末底]?{until}|[末底内])?(?!度)"
        rf"|(?(year)年?|年)(?:[底末终]{until}?|(?P<within>内))"
        rf"|(?(year){until}(?P<bare>)|(?!)))"
        r"|到(?P<reach>20[0-9]{2})年[底末]?"
        rf"|(?P<event>(?:春节|国庆节?|主汛期|汛期|入汛|采暖季|供暖季|入冬|开学){until}"
        r"|疫情解除[后後][0-9一二三四五六七八九十]{1,2}个月内|印发之日起[0-9一二三四五六七八九十]{1,3}(?:个月|个工作日|日)内)"
    )
