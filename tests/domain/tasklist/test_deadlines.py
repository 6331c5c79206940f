"""Printed time limits: which are the issuer's own, and the day that keeps them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.source import Span
from duban.domain.tasklist.deadlines import extract_deadline
from duban.domain.tasklist.records import Deadline


def limit(text, year=2023):
    return extract_deadline(text, Span(0, len(text)), year)


@pytest.mark.parametrize(
    ("text", "printed", "day"),
    [
        ("2023年底前建成车站。", "2023年底前", date(2023, 12, 31)),
        ("车站2024年年底建成。", "2024年年底", date(2024, 12, 31)),
        ("2025年前建成车站。", "2025年前", date(2024, 12, 31)),
        ("10月底前印发方案。", "10月底前", date(2023, 10, 31)),
        ("2月底前印发方案。", "2月底前", date(2023, 2, 28)),
        ("方案于2024年2月底前印发。", "2024年2月底前", date(2024, 2, 29)),
        ("9月30日前完成验收。", "9月30日前", date(2023, 9, 30)),
        ("2月30日前完成验收。", "2月30日前", None),
        ("6月前公布规划。", "6月前", date(2023, 5, 31)),
        ("1月前公布规划。", "1月前", date(2022, 12, 31)),
        ("8月上旬启动。", "8月上旬", date(2023, 8, 10)),
        ("8月中旬前启动。", "8月中旬前", date(2023, 8, 20)),
        ("8月下旬启动。", "8月下旬", date(2023, 8, 31)),
        ("12月初报送总结。", "12月初", date(2023, 12, 10)),
        ("年内基本完成。", "年内", date(2023, 12, 31)),
        ("今年底达到要求。", "今年底", date(2023, 12, 31)),
        ("明年6月底前投用。", "明年6月底前", date(2024, 6, 30)),
        ("上半年完成选址。", "上半年", date(2023, 6, 30)),
        ("下半年开工。", "下半年", date(2023, 12, 31)),
        ("第三季度末前完成招标。", "第三季度末前", date(2023, 9, 30)),
        ("2024年一季度前上线。", "2024年一季度前", date(2024, 3, 31)),
        ("到2025年，基本建成。", "到2025年", date(2025, 12, 31)),
        ("汛期前完成清淤。", "汛期前", None),
        ("手续在疫情解除后三个月内办结。", "疫情解除后三个月内", None),
        ("10 月\n底前印发方案。", "10月底前", date(2023, 10, 31)),
    ],
)
def test_a_limit_and_its_day(text, printed, day):
    start = 0 if text.startswith(printed[0]) else text.index(printed[:2])

    found = limit(text)

    assert (found.text, found.date, found.span.start) == (printed, day, start)


def test_several_limits_are_joined_and_end_with_the_last():
    text = "年内公布名录，2024年3月底前上线，6月底前验收，年内复核。"

    assert limit(text) == Deadline("年内；2024年3月底前；6月底前", Span(0, 28), date(2024, 12, 31))


def test_two_days_share_one_word():
    text = "分别于2023年4月15日和11月30日前报送。"

    assert limit(text) == Deadline("2023年4月15日；11月30日前", Span(3, 21), date(2023, 11, 30))


def test_one_unknown_day_leaves_no_date():
    assert limit("年内公布，汛期前完工。").date is None


def test_without_a_year_only_a_printed_one_gives_a_day():
    assert (limit("10月底前印发。", None).date, limit("2023年10月底前印发。", None).date) == (
        None,
        date(2023, 10, 31),
    )


@pytest.mark.parametrize(
    "text",
    [
        "加强街面巡查。",
        "申报期限延长至6月底。",
        "企业可在6月底前缴纳。",
        "对3月底前到期的贷款予以续贷。",
        "自2023年底起执行。",
        "截至4月底在岗人数持平。",
        "2022年底前已建成的设施。",
        "到2020年建成的设施。",
        "毕业2年内的青年。",
        "提高国内市场份额，巩固当前成果。",
        "每年底总结一次。",
        "开展2022年度评估。",
        "四月的活动。",
    ],
)
def test_what_is_no_limit_of_the_work(text):
    assert limit(text) is None


def test_the_span_is_in_the_source():
    source = "甲。乙在10 月底前完成。丙。"

    assert extract_deadline(source, Span(2, 14), 2023) == Deadline(
        "10月底前", Span(4, 10), date(2023, 10, 31)
    )


@given(
    st.text(alphabet="2023年今明本到第一三四季度上下半月日底末前内旬中初汛期，。；自 \n甲", max_size=60),
    st.sampled_from([None, 2023]),
)
def test_any_text_gives_a_limit_inside_the_span_or_none(text, year):
    found = extract_deadline("甲" + text, Span(1, len(text) + 1), year)

    assert found is None or (1 <= found.span.start < found.span.end <= len(text) + 1 and found.text)
