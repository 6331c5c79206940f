from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.natures import Nature
from duban.domain.reported import (
    CHOICES,
    chosen,
    late_items,
    refusal_of_value,
    stage_said,
    with_late_items,
    without_late_items,
)


@pytest.mark.parametrize(
    ("progress", "stage"),
    [
        ("已开工", "started"),
        ("已开工，年底前投用", "started"),
        ("正在规划；计划9月开工，力争年内竣工。", "planning"),
        ("主体完工。下一步竣工验收", "main_works"),
        ("尚未开工", ""),
        ("待立项", ""),
        ("两个地块分别到规划和可研", "planning"),
        ("", ""),
    ],
)
def test_a_stage_counts_only_where_the_words_say_it_is_reached(progress, stage):
    assert stage_said(progress, Nature.PROJECT) == stage


def test_every_word_of_every_list_is_read_back_alone():
    assert {
        (nature, code): chosen(zh, nature) for nature, words in CHOICES.items() for code, zh, _ in words
    } == {(nature, code): code for nature, words in CHOICES.items() for code, _, _ in words}


@pytest.mark.parametrize(
    ("text", "nature", "valued", "code"),
    [
        ("", Nature.PROJECT, False, None),
        ("主体", Nature.PROJECT, False, None),
        ("完成投资3.2亿元", Nature.PROJECT, False, None),
        ("很多", Nature.PROJECT, False, "sheet.value_not_listed"),
        ("已突破底线", Nature.FLOOR, False, None),
        ("没问题", Nature.FLOOR, False, "sheet.value_not_listed"),
        ("1.2万", Nature.QUANTIFIED, True, None),
        ("很多", Nature.QUANTIFIED, True, "sheet.value_not_a_number"),
        ("2026年6月30日", Nature.QUANTIFIED, True, "sheet.value_not_a_number"),
        ("1/2", Nature.QUANTIFIED, True, "sheet.value_not_a_number"),
        ("9" * 26, Nature.QUANTIFIED, True, "sheet.value_not_a_number"),
        ("很多", Nature.QUANTIFIED, False, None),
        ("方案已印发", Nature.STANDING, False, None),
    ],
)
def test_a_value_is_refused_where_it_says_nothing_of_its_kind(text, nature, valued, code):
    refused = refusal_of_value(text, nature, valued=valued)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize(
    ("problem", "items", "rest"),
    [
        ("分项2、4未达序时。用地未落实", (2, 4), "用地未落实"),
        ("用地未落实；分项3未达序时", (3,), "用地未落实；"),
        ("分项12和3未达时序。", (3, 12), ""),
        ("分项2达序时", (), "分项2达序时"),
        ("", (), ""),
    ],
)
def test_the_problem_cell_names_the_sub_items_that_are_behind(problem, items, rest):
    assert (late_items(problem), without_late_items(problem)) == (items, rest)


@given(st.sets(st.integers(1, 30), max_size=6), st.text(st.characters(exclude_characters="分"), max_size=30))
def test_named_sub_items_are_read_back_and_leave_the_rest(items, rest):
    told = with_late_items(items, rest)

    assert late_items(told) == tuple(sorted(items))
    assert without_late_items(told) == rest.strip()
    assert with_late_items(items, told) == told
