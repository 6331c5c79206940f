from __future__ import annotations

import pytest

from duban.domain.source import Span
from duban.domain.tasklist.limits import limit_day, names_no_day


def day(text: str, year: int | None = 2027) -> str:
    return str(limit_day(text, Span(0, len(text)), year))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("9月底", "2027-09-30"),
        ("９月 底前", "2027-09-30"),
        ("9月", "2027-09-30"),
        ("9月份完成", "2027-09-30"),
        ("9月前", "2027-08-31"),
        ("9月15日", "2027-09-15"),
        ("2028年2月", "2028-02-29"),
        ("一季度", "2027-03-31"),
        ("第三季度末前完成", "2027-09-30"),
        ("上半年", "2027-06-30"),
        ("下半年", "2027-12-31"),
        ("全年", "2027-12-31"),
        ("2028年", "2028-12-31"),
        ("2028年前", "2027-12-31"),
        ("年底前", "2027-12-31"),
        ("2027-06-15", "2027-06-15"),
        ("2027.6.15前", "2027-06-15"),
        ("20270615", "2027-06-15"),
        ("2027/6", "2027-06-30"),
        ("6月底完成方案，11月底完成建设", "2027-11-30"),
        ("2027-13-40", "None"),
        ("20270931", "None"),
        ("9月31日", "None"),
        ("0月", "None"),
        ("13月底", "None"),
        ("适时", "None"),
        ("", "None"),
    ],
)
def test_a_limit_printed_alone_gives_its_last_day(text, wanted):
    assert day(text) == wanted


def test_without_a_year_only_a_printed_one_counts():
    assert [day(text, None) for text in ("9月底", "三季度", "全年", "2027-09-30")] == [
        "None", "None", "None", "2027-09-30",
    ]  # fmt: skip


def test_what_goes_on_wants_no_date():
    assert [names_no_day(text) for text in ("长期坚持", "持续推进", "常态化", "长期规划6月底完成")] == [
        True, True, True, False,
    ]  # fmt: skip
