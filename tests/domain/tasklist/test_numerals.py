"""Numbers of official prose, as people print them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.tasklist.numerals import to_decimal


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("12", "12"),
        ("0.5", "0.5"),
        ("１２．５", "12.5"),
        ("1,234,567.8", "1234567.8"),
        ("3，200", "3200"),
        ("5.5万", "55000"),
        ("2千万", "20000000"),
        ("1.2万亿", "1200000000000"),
        ("97.3%", "97.3"),
        ("一 百", "100"),
        ("十", "10"),
        ("二十", "20"),
        ("一百零五", "105"),
        ("两千", "2000"),
        ("一百二十三万", "1230000"),
        ("三万五千", "35000"),
        ("一亿二千万", "120000000"),
        ("一万亿", "1000000000000"),
        ("万", "10000"),
        ("千亿", "100000000000"),
        ("零", "0"),
        ("三点一四", "3.14"),
        ("百分之五", "5"),
        ("百分之九十五点五", "95.5"),
        ("四分之三", "0.75"),
    ],
)
def test_to_decimal_reads(printed, value):
    assert to_decimal(printed) == Decimal(value)


@pytest.mark.parametrize(
    "printed",
    [
        "",
        " ",
        "十几",
        "数百",
        "二三",
        "零分之一",
        "三分之",
        "一点",
        "一点甲",
        "1,23",
        "12a",
        "-5",
        "九" * 41,
        "1" * 41,
    ],
)
def test_to_decimal_refuses_what_is_no_exact_number(printed):
    assert to_decimal(printed) is None


@given(st.integers(0, 10**12 - 1))
def test_to_decimal_reads_every_whole_number_written_in_chinese(number):
    assert to_decimal(_in_chinese(number)) == number


@given(st.text(alphabet="〇零一二两三四五六七八九十百千万亿点分之0123456789.,%１ a", max_size=60))
def test_to_decimal_never_raises_and_is_never_negative(text):
    value = to_decimal(text)

    assert value is None or value >= 0


def _in_chinese(number):
    if number >= 10**8:
        return _in_chinese(number // 10**8) + "亿" + _rest(number % 10**8, 10**7)
    if number >= 10**4:
        return _in_chinese(number // 10**4) + "万" + _rest(number % 10**4, 10**3)
    for size, name in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            return "零一二三四五六七八九"[number // size] + name + _rest(number % size, size // 10)
    return "零一二三四五六七八九"[number]


def _rest(number, size):
    if not number:
        return ""
    return ("零" if number < size else "") + _in_chinese(number)
