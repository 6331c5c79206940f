from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.due import (
    Direction,
    Node,
    Number,
    completion,
    completion_from,
    direction_of,
    due_value,
    next_node,
    parse_number,
    points_behind,
    read_number,
    year_target,
)

D = Decimal
YEAR = [
    Node(date(2023, 12, 31), D(100), "全部完成"),
    Node(date(2023, 3, 31), D(10), ""),
    Node(date(2023, 6, 30), None, "开工", "started"),
    Node(date(2023, 9, 30), D(75), ""),
]
AMOUNTS = st.decimals(0, 10**9, places=2, allow_nan=False)
POSITIVE = st.decimals("0.01", 10**9, places=2, allow_nan=False)
NODES = st.lists(
    st.builds(Node, st.dates(date(2023, 1, 1), date(2023, 12, 31)), AMOUNTS, st.just("")),
    unique_by=lambda n: n.on,
)
DAYS = st.dates(date(2023, 1, 1), date(2023, 12, 31))


def test_value_due_is_that_of_the_last_node_reached_never_a_line_between():
    days = [
        date(2023, 3, 30),
        date(2023, 3, 31),
        date(2023, 7, 1),
        date(2023, 9, 29),
        date(2023, 9, 30),
        date(2024, 1, 1),
    ]

    assert [due_value(YEAR, day) for day in days] == [None, D(10), D(10), D(10), D(75), D(100)]
    assert (year_target(YEAR), year_target([]), year_target(YEAR[2:3])) == (D(100), None, None)


def test_next_node_is_the_first_after_the_day():
    days = [date(2023, 1, 1), date(2023, 3, 31), date(2023, 12, 30), date(2023, 12, 31)]

    assert [next_node(YEAR, day) for day in days] == [YEAR[1], YEAR[2], YEAR[0], None]


@given(NODES, DAYS)
def test_value_due_is_one_of_the_values_reached(nodes, day):
    assert due_value(nodes, day) in ({n.value for n in nodes if n.on <= day} or {None})


@given(st.lists(AMOUNTS, min_size=1, max_size=12), DAYS, st.integers(0, 300))
def test_value_due_of_growing_nodes_never_falls(values, day, later):
    nodes = [Node(date(2023, month, 1), value, "") for month, value in enumerate(sorted(values), start=1)]

    assert (due_value(nodes, day) or D(0)) <= (due_value(nodes, day + timedelta(days=later)) or D(0))


def test_numbers_are_read_as_people_write_them():
    printed = {
        "1.2万": Number(D("1.2"), "万", ""),
        "１２００": Number(D(1200), "", ""),
        "1,200": Number(D(1200), "", ""),
        "１，２００家": Number(D(1200), "", "家"),
        "约34%": Number(D(34), "", "%"),
        " 75 家 ": Number(D(75), "", "家"),
        "累计完成 75 家": Number(D(75), "", "家"),
        "不低于1.5万亿元": Number(D("1.5"), "万亿", "元"),
        "120万千瓦": Number(D(120), "万", "千瓦"),
        "3百万人": Number(D(3), "百万", "人"),
        "40家以上": Number(D(40), "", "家"),
        "6%左右": Number(D(6), "", "%"),
        "10余家": Number(D(10), "", "家"),
        "-2.3%": Number(D("-2.3"), "", "%"),
        "−2.3%": Number(D("-2.3"), "", "%"),
        "三十家": Number(D(30), "", "家"),
        "两千": Number(D(2000), "", ""),
        "百分之五": Number(D(5), "", "%"),
        "0": Number(D(0), "", ""),
    }

    assert {text: read_number(text) for text in printed} == printed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无",
        "近40家",
        "不足3%",
        "下降3.1%",
        "尚未完成30家",
        "第3批",
        "2023-09-30",
        "9月底前完成",
        "2023年",
        "8:30",
        "30-40",
        "3/4",
        "1.2.3",
        "A-1",
        "十几",
        "一批",
        "一季度",
        "两区",
        "新增10个、提升5个",
        "9" * 19,
        "九千亿亿",
        "1" + "字" * 200,
    ],
)
def test_what_is_no_exact_number_is_none(text):
    assert (read_number(text), parse_number(text), parse_number(text, "家")) == (None, None, None)


@given(st.text())
def test_no_text_breaks_the_reader(text):
    number = read_number(text)

    assert number is None or number.value.is_finite()


@given(st.decimals(-(10**12), 10**12, places=3, allow_nan=False))
def test_a_printed_decimal_is_read_back(value):
    assert parse_number(f"{value:f}") == value


@given(st.integers(0, 10**12))
def test_thousands_separators_change_nothing(value):
    assert parse_number(f"{value:,}") == value


def test_a_number_is_brought_into_the_measure_asked():
    asked = {
        ("1.2万", None): D("1.2"),
        ("1.2万", ""): D(12000),
        ("1.2万", "家"): D(12000),
        ("1.2万人", "万人"): D("1.2"),
        ("12000人", "万人"): D("1.2"),
        ("1.2", "万人"): D("1.2"),
        ("3500万元", "亿元"): D("0.35"),
        ("0.35亿", "万元"): D(3500),
        ("75个", "家"): D(75),
        ("75家", "个"): D(75),
        ("75家企业", "家"): D(75),
        ("120万千瓦", "万千瓦"): D(120),
        ("34％", "%"): D(34),
        ("34", "%"): D(34),
        ("2个百分点", "%"): D(2),
        ("5%", "个百分点"): D(5),
        ("34%", "家"): None,
        ("34家", "%"): None,
        ("34亩", "家"): None,
        ("34个", "%"): None,
        ("34%", "个"): None,
        ("34%", ""): D(34),
    }

    assert {given: parse_number(*given) for given in asked} == asked


def test_only_a_limit_goes_down():
    assert {c: direction_of(c) for c in ("ge", "eq", "approx", "strive", "le")} == {
        "ge": Direction.UP,
        "eq": Direction.UP,
        "approx": Direction.UP,
        "strive": Direction.UP,
        "le": Direction.DOWN,
    }


def test_completion_in_both_directions():
    up, down = Direction.UP, Direction.DOWN

    assert [
        completion(D(60), D(75), up),
        completion(D(90), D(75), up),
        completion(D(-5), D(75), up),
        completion(D(5), D(0), up),
        completion(D(30), D(32), down),
        completion(D(40), D(32), down),
        completion(D(0), D(0), down),
        completion(D(1), D(0), down),
        completion_from(D(10), D(15), D(20)),
        completion_from(D(40), D(35), D(30)),
        completion_from(D(10), D(5), D(10)),
    ] == [D("0.8"), D("1.2"), D(0), None, D(1), D("0.8"), D(1), None, D("0.5"), D("0.5"), None]


@given(AMOUNTS, AMOUNTS, POSITIVE)
def test_completion_grows_with_the_value_and_shrinks_for_a_limit(a, b, target):
    less, more = sorted((a, b))

    assert completion(less, target, Direction.UP) <= completion(more, target, Direction.UP)
    assert completion(less, target, Direction.DOWN) >= completion(more, target, Direction.DOWN)


def test_points_behind_the_node():
    up, down = Direction.UP, Direction.DOWN

    assert [
        points_behind(D(75), D(60), D(75), up),
        points_behind(D(75), D(60), D(100), up),
        points_behind(D(75), D(80), D(100), up),
        points_behind(D(32), D(40), D(32), down),
        points_behind(D(32), D(24), D(32), down),
        points_behind(D(-2), D(-3), D(-4), up),
        points_behind(D(0), D(1), D(0), down),
        points_behind(D(0), D(0), D(0), down),
    ] == [D(20), D(15), D(-5), D(25), D(-25), D(25), D(100), D(0)]


@given(AMOUNTS, AMOUNTS, AMOUNTS, POSITIVE, st.sampled_from(Direction))
def test_a_better_value_is_never_further_behind(due, a, b, target, direction):
    worse, better = sorted((a, b), reverse=direction is Direction.DOWN)

    assert points_behind(due, better, target, direction) <= points_behind(due, worse, target, direction)
