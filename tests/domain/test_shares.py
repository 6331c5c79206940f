from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.phrases_refinement import PHRASES
from duban.domain.shares import additive, check, check_rates, plain
from duban.domain.tasklist.records import Comparator

GE, EQ, LE = Comparator.GE, Comparator.EQ, Comparator.LE
UPWARD = [one for one in Comparator if one is not LE]
values = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False)


def numbers(*raw: str) -> list[Decimal]:
    return [Decimal(one) for one in raw]


@pytest.mark.parametrize(
    ("comparator", "shares", "expected"),
    [
        (GE, (), ("0", "-8", "shares.none", False, False)),
        (GE, ("5", "3"), ("8", "0", "shares.exact", False, False)),
        (GE, ("5", "4"), ("9", "1", "shares.raised", True, False)),
        (GE, ("5", "2.5"), ("7.5", "-0.5", "shares.missing", False, True)),
        (EQ, ("9",), ("9", "1", "shares.raised", True, False)),
        (LE, ("5", "3"), ("8", "0", "shares.exact", False, False)),
        (LE, ("5", "4"), ("9", "1", "shares.over_limit", False, True)),
        (LE, ("5", "2"), ("7", "-1", "shares.tightened", True, False)),
    ],
)
def test_a_sum_says_whether_it_carries_raises_or_misses_the_target(comparator, shares, expected):
    found = check(Decimal(8), comparator, numbers(*shares))

    said = (str(found.total), str(found.difference), found.message.code, found.raised, found.short)
    assert said == expected


@pytest.mark.parametrize(
    ("comparator", "shares", "expected"),
    [
        (GE, (), ("0", "shares.none", False, False)),
        (GE, ("7", "8"), ("8", "shares.rates_raised", True, False)),
        (GE, ("6", "5"), ("6", "shares.rates_missing", False, True)),
        (GE, ("6", "7"), ("7", "shares.rates_mixed", False, False)),
        (GE, ("6.5", "6.5"), ("6.5", "shares.rates_exact", False, False)),
        (GE, ("6.5", "7"), ("7", "shares.rates_mixed", False, False)),
        (LE, ("6", "5"), ("5", "shares.rates_raised", True, False)),
        (LE, ("7", "8"), ("7", "shares.rates_missing", False, True)),
    ],
)
def test_rates_are_held_beside_the_target_one_by_one(comparator, shares, expected):
    found = check_rates(Decimal("6.5"), comparator, numbers(*shares))

    assert (str(found.total), found.message.code, found.raised, found.short) == expected


@given(target=values, shares=st.lists(values, max_size=20), comparator=st.sampled_from(UPWARD))
def test_total_difference_and_direction_agree_for_targets_to_reach(target, shares, comparator):
    found = check(target, comparator, shares)

    assert found.total == sum(shares)
    assert found.total - found.difference == target
    assert found.raised == (bool(shares) and found.total > target)
    assert found.short == (bool(shares) and found.total < target)


@given(target=values, shares=st.lists(values, min_size=1, max_size=20))
def test_a_limit_is_a_target_turned_round(target, shares):
    limit, goal = check(target, LE, shares), check(target, GE, shares)

    assert (limit.total, limit.difference) == (goal.total, goal.difference)
    assert (limit.raised, limit.short) == (goal.short, goal.raised)


@given(
    target=values, shares=st.lists(values, min_size=1, max_size=20), comparator=st.sampled_from(Comparator)
)
def test_the_order_of_the_districts_does_not_matter(target, shares, comparator):
    for rule in (check, check_rates):
        assert rule(target, comparator, shares) == rule(target, comparator, sorted(shares))


@given(target=values, shares=st.lists(values, min_size=1, max_size=8, unique=True))
def test_more_is_never_called_less(target, shares):
    totals = sorted(shares)
    order = {"shares.missing": 0, "shares.exact": 1, "shares.raised": 2}

    ranks = [order[check(target, GE, [total]).message.code] for total in totals]

    assert all(low <= high for low, high in pairwise(ranks))


@given(target=values, shares=st.lists(values, max_size=6), comparator=st.sampled_from(Comparator))
def test_every_outcome_has_its_sentence_in_both_languages(target, shares, comparator):
    for message in (
        check(target, comparator, shares).message,
        check_rates(target, comparator, shares).message,
    ):
        spoken = [words.format(**message.params) for words in PHRASES[message.code]]
        assert all(spoken)


def test_sentences_name_the_figures():
    message = check(Decimal(8), GE, numbers("5", "4.50")).message

    assert PHRASES[message.code][0].format(**message.params) == (
        "分解合计 9.5，比目标 8 多 1.5，请核对是否层层加码。"
    )


@pytest.mark.parametrize(
    ("measure", "adds"),
    [
        ("家", True),
        ("万亩", True),
        ("", True),
        ("%", False),
        ("个百分点", False),
        ("％ ", False),
        ("个基点", False),
    ],
)
def test_counts_add_up_and_rates_do_not(measure, adds):
    assert additive(measure) is adds


@given(value=values)
def test_plain_numbers_lose_nothing(value):
    assert Decimal(plain(value)) == value
    assert not plain(value).endswith(".")


def test_plain_numbers_have_no_exponent():
    assert [plain(Decimal(raw)) for raw in ("1E+3", "0.500", "0", "2000", "0E-6")] == [
        "1000",
        "0.5",
        "0",
        "2000",
        "0",
    ]
