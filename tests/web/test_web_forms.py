from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from duban.shared.form_json import read_json
from duban.web.forms import DayField, day_in
from duban.web.forms_sheets import taken
from duban.web.request import number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 100_000,
        '{"1": Infinity}',
        "NaN",
        "1e400",
        "[1.5]",
        "9" * 19,
        '{"1": ' + "9" * 5000 + "}",
        "{",
    ],
)
def test_damaged_json_is_one_kind_of_error(text):
    with pytest.raises(ValueError):
        read_json(text)


def test_json_of_a_page_is_read_as_it_was_written():
    assert read_json('{"12": [3, "甲", null, true]}') == {"12": [3, "甲", None, True]}


@pytest.mark.parametrize(
    ("raw", "key"),
    [("12", 12), ("", 0), ("²", 0), ("-1", 0), ("1.5", 0), ("9" * 19, 0), ("9" * 5000, 0), ("１", 0)],
)
def test_number_of_an_address_is_a_key_or_none(raw, key):
    assert number(raw) == key


@pytest.mark.parametrize(
    "raw", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31", "2026-02-30", "昨天"]
)
def test_day_that_nobody_can_mean_is_refused(raw):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        DayField().clean(raw)
    with pytest.raises(ValueError):
        day_in(raw)


def test_day_of_something_done_is_not_to_come():
    from django.core.exceptions import ValidationError

    today = timezone.localdate()

    assert DayField(done=True).clean(today) == today
    assert DayField().clean("2027-01-31") == date(2027, 1, 31)
    with pytest.raises(ValidationError):
        DayField(done=True).clean(today + timedelta(days=1))


@pytest.mark.parametrize(
    ("do", "rows"),
    [("withdraw-12-3", {12: 3}), ("send", {}), ("withdraw-12", {}), ("withdraw-²-3", {}), ("", {})],
)
def test_button_that_takes_back_names_its_row(do, rows):
    assert taken(do) == rows
