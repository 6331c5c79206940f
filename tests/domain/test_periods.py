from __future__ import annotations

from datetime import date

import pytest

from duban.domain.calendar_data import CALENDAR
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.natures import Rhythm
from duban.domain.periods import PeriodSpec, asks, period, period_of, spoken, spoken_date

TODAY = date(2023, 10, 20)


def test_names_and_days_of_every_period_of_a_year():
    year = [period(2024, month) for month in range(1, 13)]

    assert [(p.key, p.name, p.name_en, p.starts_on.isoformat(), p.as_of.isoformat()) for p in year] == [
        ("2024-01", "1月", "January", "2024-01-01", "2024-01-31"),
        ("2024-02", "2月", "February", "2024-02-01", "2024-02-29"),
        ("2024-03", "一季度", "First quarter", "2024-01-01", "2024-03-31"),
        ("2024-04", "4月", "April", "2024-04-01", "2024-04-30"),
        ("2024-05", "5月", "May", "2024-05-01", "2024-05-31"),
        ("2024-06", "上半年", "First half-year", "2024-01-01", "2024-06-30"),
        ("2024-07", "7月", "July", "2024-07-01", "2024-07-31"),
        ("2024-08", "8月", "August", "2024-08-01", "2024-08-31"),
        ("2024-09", "三季度", "Third quarter", "2024-07-01", "2024-09-30"),
        ("2024-10", "10月", "October", "2024-10-01", "2024-10-31"),
        ("2024-11", "11月", "November", "2024-11-01", "2024-11-30"),
        ("2024-12", "全年", "Whole year", "2024-01-01", "2024-12-31"),
    ]


def test_due_and_lock_days_are_working_days_of_the_following_month():
    spring, autumn = period(2023, 3), period(2023, 9)

    assert [
        (spring.due_on(CALENDAR), spring.lock_on(CALENDAR)),
        (autumn.due_on(CALENDAR), autumn.lock_on(CALENDAR)),
        (autumn.due_on(CALENDAR, 1), autumn.lock_on(CALENDAR, 1, 1)),
        (period(2023, 12).due_on(CALENDAR), period(2023, 12).lock_on(CALENDAR, later=5)),
    ] == [
        (date(2023, 4, 10), date(2023, 4, 13)),
        (date(2023, 10, 11), date(2023, 10, 16)),
        (date(2023, 10, 7), date(2023, 10, 8)),
        (date(2024, 1, 8), date(2024, 1, 15)),
    ]


def test_a_due_day_in_a_year_without_notice_is_refused():
    with pytest.raises(Invalid):
        period(2026, 12).due_on(CALENDAR)


def test_a_key_names_its_period():
    assert period_of("2023-03") == PeriodSpec("2023-03", 2023, 3) == period(2023, 3)


@pytest.mark.parametrize("key", ["", "2023", "2023-3", "2023-13", "2023-00", "一季度", "2023-03-01"])
def test_another_text_is_no_period(key):
    with pytest.raises(Invalid) as refused:
        period_of(key)

    assert refused.value.message == Message("periods.not_a_period", {"key": key})


def test_key_and_month_must_agree():
    with pytest.raises(Invalid):
        PeriodSpec("2023-03", 2023, 4)


def test_months_in_which_each_rhythm_asks():
    def months(rhythm, at_date=None, *, urgent=False):
        return [m for m in range(1, 13) if asks(rhythm, at_date=at_date, lagging_or_key=urgent, month=m)]

    every = list(range(1, 13))
    assert {
        "monthly": months(Rhythm.MONTHLY),
        "quarterly": months(Rhythm.QUARTERLY),
        "yearly": months(Rhythm.YEARLY),
        "at its date": months(Rhythm.AT_DATE, date(2023, 9, 20)),
        "date not set": months(Rhythm.AT_DATE),
        "lagging or key": [months(rhythm, urgent=True) for rhythm in Rhythm],
    } == {
        "monthly": every,
        "quarterly": [3, 6, 9, 12],
        "yearly": [12],
        "at its date": [9],
        "date not set": [12],
        "lagging or key": [every] * 4,
    }


def test_days_are_spoken_as_quarters_or_dates():
    days = [date(2023, 3, 31), date(2023, 6, 30), date(2023, 12, 31), date(2022, 9, 30), date(2022, 12, 31)]

    assert [spoken(day, TODAY) for day in days] == [
        ("一季度", "the first quarter"),
        ("上半年", "the first half-year"),
        ("年底", "the end of the year"),
        ("2022年三季度", "the third quarter of 2022"),
        ("2022年年底", "the end of the year of 2022"),
    ]
    assert [spoken(date(2023, 9, 29), TODAY), spoken_date(date(2022, 9, 30), TODAY)] == [
        ("9月29日", "29 September"),
        ("2022年9月30日", "30 September 2022"),
    ]
