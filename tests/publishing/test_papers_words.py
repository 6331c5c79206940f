"""How figures, dates, lengths and titles are put on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.publishing import paper_samples as samples

from duban.publishing.paper_words import (
    balanced,
    change_words,
    cut_to,
    day_words,
    lines_of,
    shown,
    source_line,
)


def test_figures_keep_their_digits():
    figures = ("", "印发", 0, 1200, Decimal("12.80"), Decimal("1E+3"))

    assert [shown(figure) for figure in figures] == ["", "印发", "0", "1200", "12.80", "1000"]


def test_dates_are_not_padded():
    assert [day_words(day) for day in (date(2026, 3, 5), None)] == ["2026年3月5日", ""]


def test_changes_say_their_direction():
    assert [change_words(*pair) for pair in ((5, 3), (3, 5), (4, 4), (4, None))] == ["+2", "-2", "持平", "—"]


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("一二三四", 1), ("一二三四五", 2), ("12345678", 1), ("一\n二三四五六", 3)]
)
def test_lines_are_counted_in_characters(text, lines):
    assert lines_of(text, 4) == lines


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("改造老旧小区九十个", "改造老旧小区九十个"),
        ("改造老旧小区一百九十个", "改造老旧小区一百…"),
        ("改造老旧小区，一百九十个", "改造老旧小区，一…"),
        ("推进科技教育、医疗卫生、交通", "推进科技教育、医…"),
        ("深入推进医养、结合、落实落细", "深入推进医养、结…"),
        ("深入推进医养结“合”、落实落细", "深入推进医养结…"),
        ("完成城市道路1000万平方米大修", "完成城市道路…"),
        ("加快推进云江东站综……", "加快推进云江东站…"),
    ],
)
def test_a_text_is_cut_to_a_width_and_never_inside_a_figure(text, cut):
    assert cut_to(text, 9) == cut


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("滞后和预警事项明细表", ["滞后和预警事项明细表"]),
        (
            "关于2026年第三季度市政府重点任务落实情况的报告",
            ["关于2026年第三季度市政府", "重点任务落实情况的报告"],
        ),
        ("关于加快云江东站综合交通枢纽建设的督办通知", ["关于加快云江东站", "综合交通枢纽建设的督办通知"]),
        (
            "由办公室\n自己断行的一个特别特别特别特别特别长的标题",
            ["由办公室", "自己断行的一个特别特别特别特别特别长的标题"],
        ),
        ("A" * 60, ["A" * 60]),
    ],
)
def test_a_long_title_breaks_between_words(title, lines):
    assert balanced(title, 19).split("\n") == lines


def test_the_small_print_names_data_sheet_and_day():
    assert source_line(samples.basis("x")) == "数据底稿 3f9a 1c20 7be4 55d1　数据截至 2026年9月30日"
