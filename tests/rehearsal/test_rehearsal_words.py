from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from duban.domain.natures import Nature
from duban.domain.reported import refusal_of_value
from duban.domain.tasklist.records import Comparator
from duban.plans.refinement import Headline as Target
from duban.rehearsal.matters import parts_of
from duban.rehearsal.words import Headline, headline_of, plan_words, report_words

D = Decimal


@pytest.mark.parametrize(
    ("value", "measure", "comparator", "period", "expected"),
    [
        (D(1), "次", "ge", "每月", Headline(D(12), "次", downward=False, even=True)),
        (D(1), "次", "ge", "每季度", Headline(D(4), "次", downward=False, even=True)),
        (D(2), "场", "ge", "每半年", Headline(D(4), "场", downward=False, even=True)),
        (D(1), "次", "ge", "每年", Headline(D(1), "次", downward=False)),
        (D(2), "%", "le", "", Headline(D(2), "%", downward=True)),
        (D(20), "元", "ge", "每月", None),
        (D(20), "元", "ge", "每人每月", None),
    ],
)
def test_what_a_year_comes_to(value, measure, comparator, period, expected):
    assert headline_of((value, measure, comparator, period)) == expected


@pytest.mark.parametrize(
    ("times", "nodes"),
    [
        (12, ("3次", "6次", "9次", "12次")),
        (4, ("1次", "2次", "3次", "4次")),
        (2, ("0次", "1次", "1次", "2次")),
    ],
)
def test_what_recurs_falls_due_evenly(times, nodes):
    words = plan_words(Nature.RECURRING, Headline(D(times), "次", downward=False, even=True))

    assert (words.year_target, words.nodes) == (nodes[3], nodes)


def test_reports_of_what_recurs_keep_its_pace():
    monthly = Headline(D(12), "次", downward=False, even=True)

    said = [report_words(Nature.RECURRING, monthly, 9, pace, Random(1)).value for pace in (D(1), D("0.5"))]

    assert said == ["9次", "5次"]


def test_large_measures_keep_two_decimals():
    words = plan_words(Nature.QUANTIFIED, Headline(D(2), "万人次", downward=False))
    small = plan_words(Nature.QUANTIFIED, Headline(D(90), "个", downward=False))

    assert words.nodes == ("0.4万人次", "0.9万人次", "1.5万人次", "2万人次")
    assert small.nodes == ("18个", "41个", "68个", "90个")


def test_every_type_has_words_of_its_own_and_a_standing_duty_no_nodes():
    words = {nature: plan_words(nature, None) for nature in Nature}

    targets = [words[nature].year_target for nature in Nature]
    assert words[Nature.EVENT] == ("按期举办活动", ("确定活动方案", "落实筹备工作", "筹备就绪", "活动已举办"))
    assert words[Nature.STANDING].nodes == ("", "", "", "")
    assert [target for target in targets if "已举办" in target] == []


@pytest.mark.parametrize(
    ("nature", "value"),
    [
        (Nature.PROJECT, "投用"),
        (Nature.RULE, "印发"),
        (Nature.EVENT, "已举办"),
        (Nature.FLOOR, "未突破底线"),
        (Nature.STANDING, ""),
    ],
)
def test_the_year_ends_with_the_word_of_the_type(nature, value):
    said = report_words(nature, None, 12, D(1), Random(1))

    assert (said.value, refusal_of_value(said.value, nature, valued=False)) == (value, None)
    assert said.progress


@pytest.mark.parametrize(
    ("value", "count", "parts"),
    [
        (D(22), 9, ["3", "3", "3", "3", "2", "2", "2", "2", "2"]),
        (D(2), 4, ["0.50", "0.50", "0.50", "0.50"]),
        (D("1.237"), 2, ["0.62", "0.617"]),
    ],
)
def test_a_target_is_shared_out_to_its_last_part(value, count, parts):
    headline = Target("22个", value, "个", Comparator.GE)

    assert parts_of(headline, count) == [D(part) for part in parts]
