from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.calendar import LimitUnit, TimeLimit, WorkCalendar, calendar_from
from duban.domain.calendar_data import CALENDAR, NOTICES
from duban.domain.errors import Invalid
from duban.domain.messages import Message

DAYS = st.dates(date(2023, 6, 1), date(2026, 6, 30))
SHORT = st.integers(1, 60)


def test_working_days_of_every_month_are_those_of_the_notices():
    def count(year, month):
        days = (date(year, month, 1) + timedelta(days=i) for i in range(31))
        return sum(CALENDAR.is_working(day) for day in days if day.month == month)

    assert {year: [count(year, month) for month in range(1, 13)] for year in NOTICES} == {
        2023: [18, 20, 23, 20, 21, 21, 21, 23, 20, 19, 22, 21],
        2024: [22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22],
        2025: [19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23],
        2026: [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23],
    }


def test_days_off_are_weekdays_or_weekend_inside_a_holiday_and_days_worked_are_weekend():
    assert {
        "both": CALENDAR.off & CALENDAR.work,
        "worked on a weekday": {day for day in CALENDAR.work if day.weekday() < 5},
        "years": CALENDAR.years,
        "days off, days worked": {
            year: (sum(d.year == year for d in CALENDAR.off), sum(d.year == year for d in CALENDAR.work))
            for year in NOTICES
        },
    } == {
        "both": set(),
        "worked on a weekday": set(),
        "years": {2023, 2024, 2025, 2026},
        "days off, days worked": {2023: (28, 7), 2024: (28, 8), 2025: (28, 5), 2026: (33, 6)},
    }


@pytest.mark.parametrize(
    "look",
    [
        lambda: CALENDAR.is_working(date(2027, 1, 4)),
        lambda: CALENDAR.add_working(date(2026, 12, 30), 3),
        lambda: CALENDAR.next_working(date(2027, 1, 4)),
        lambda: CALENDAR.working_between(date(2026, 12, 30), date(2027, 1, 4)),
    ],
)
def test_a_year_without_notice_is_refused(look):
    with pytest.raises(Invalid) as refused:
        look()

    assert refused.value.message == Message("calendar.year_missing", {"year": 2027})


def test_steps_around_the_national_holiday():
    friday = date(2023, 9, 28)

    assert [
        CALENDAR.add_working(friday, 0),
        CALENDAR.add_working(friday, 1),
        CALENDAR.add_working(friday, 3),
        CALENDAR.add_working(date(2023, 10, 7), -1),
        CALENDAR.next_working(friday),
        CALENDAR.next_working(date(2023, 9, 29)),
        CALENDAR.working_between(friday, date(2023, 10, 9)),
        CALENDAR.working_between(date(2023, 10, 9), friday),
        CALENDAR.working_between(friday, friday),
    ] == [friday, date(2023, 10, 7), date(2023, 10, 9), friday, friday, date(2023, 10, 7), 3, -3, 0]


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_counting_is_the_inverse_of_adding(day, n):
    there = CALENDAR.add_working(day, n)

    assert (CALENDAR.is_working(there), CALENDAR.working_between(day, there)) == (
        True,
        n if n > 0 or CALENDAR.is_working(day) else n + 1,
    )


@given(DAYS, SHORT, SHORT)
def test_adding_in_two_steps_is_adding_at_once(day, a, b):
    assert CALENDAR.add_working(CALENDAR.add_working(day, a), b) == CALENDAR.add_working(day, a + b)


@given(DAYS, st.integers(0, 20), SHORT, st.sampled_from(LimitUnit))
def test_a_limit_ends_on_a_working_day_after_its_start_and_never_earlier_for_a_later_start(
    day, more, n, unit
):
    limit = TimeLimit(min(n, 5), unit)
    due = limit.due(day, CALENDAR)

    assert CALENDAR.is_working(due)
    assert day < due <= limit.due(day + timedelta(days=more), CALENDAR)


@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        (TimeLimit(5, LimitUnit.WORKING_DAY), date(2023, 9, 28), date(2023, 10, 11)),
        (TimeLimit(30, LimitUnit.CALENDAR_DAY), date(2023, 3, 1), date(2023, 3, 31)),
        (TimeLimit(30, LimitUnit.CALENDAR_DAY), date(2023, 8, 31), date(2023, 10, 7)),
        (TimeLimit(1, LimitUnit.MONTH), date(2024, 1, 31), date(2024, 2, 29)),
        (TimeLimit(1, LimitUnit.MONTH), date(2023, 11, 30), date(2024, 1, 2)),
        (TimeLimit(13, LimitUnit.MONTH), date(2024, 11, 5), date(2025, 12, 5)),
    ],
)
def test_limits_count_from_the_day_after_and_roll_to_a_working_day(limit, start, due):
    assert limit.due(start, CALENDAR) == due


@pytest.mark.parametrize(("hour", "due"), [(16, date(2023, 9, 28)), (17, date(2023, 10, 7))])
def test_after_the_cut_off_hour_the_next_working_day_is_the_start(hour, due):
    limit = TimeLimit(1, LimitUnit.WORKING_DAY, cut_off=17)

    assert limit.due_from(datetime(2023, 9, 27, hour, 0), CALENDAR) == due


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(Invalid) as refused:
        TimeLimit(0, LimitUnit.MONTH)

    assert refused.value.message == Message("calendar.limit_not_positive", {"n": 0})


NEW_YEAR = {
    "year": 2030,
    "days": [
        {"name": "元旦", "date": "2030-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2029-12-31", "isOffDay": True},
        {"name": "春节", "date": "2030-02-09", "isOffDay": False},
        {"name": "元旦", "date": "2029-12-29", "isOffDay": False},
    ],
}


def test_a_further_year_comes_as_data_and_replaces_what_was_known_of_it():
    first, second = date(2030, 1, 1), date(2030, 1, 2)
    known = WorkCalendar(frozenset({second}), frozenset(), frozenset({2029, 2030}))
    joined = known.joined(calendar_from(NEW_YEAR))

    assert joined == WorkCalendar(frozenset({first}), frozenset({date(2030, 2, 9)}), frozenset({2029, 2030}))
    assert [joined.is_working(day) for day in (first, second, date(2030, 2, 9))] == [False, True, True]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"year": 2030},
        {"year": "x", "days": []},
        {"year": 2030, "days": []},
        {"year": 2030, "days": [{"date": "1月1日", "isOffDay": True}]},
        {"year": 2030, "days": [{"date": "2029-12-31", "isOffDay": True}]},
        {"year": 2030, "days": ["2030-01-01"]},
    ],
)
def test_unreadable_holiday_data_is_refused(data):
    with pytest.raises(Invalid) as refused:
        calendar_from(data)

    assert refused.value.message == Message("calendar.bad_data")
