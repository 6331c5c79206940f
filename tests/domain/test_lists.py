from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.lists import alike, list_key, list_title, task_keys, year_of


@pytest.mark.parametrize(
    ("title", "issued_on", "year"),
    [
        ("2026年重点任务清单", date(2025, 12, 30), 2026),
        ("2026 年重点任务清单", None, 2026),
        ("重点任务清单", date(2025, 12, 30), 2025),
        ("重点任务清单", None, None),
        ("第12026年", None, None),
    ],
)
def test_year_of(title, issued_on, year):
    assert year_of(title, issued_on) == year


@pytest.mark.parametrize(
    ("taken", "key"),
    [([], "x-2026"), (["y-2026"], "x-2026"), (["x-2026"], "x-2026-2"), (["x-2026", "x-2026-3"], "x-2026-2")],
)
def test_list_key(taken, key):
    assert list_key("x", 2026, taken) == key


@pytest.mark.parametrize(
    ("numbers", "keys"),
    [
        ([], ()),
        (["1", "2"], ("1", "2")),
        (["1", "1", "2"], ("n-1", "n-2", "2")),
        (["一", "3"], ("n-1", "3")),
        (["", "1.2", "A1", "1" * 13], ("n-1", "n-2", "A1", "n-4")),
    ],
)
def test_task_keys(numbers, keys):
    assert task_keys(numbers) == keys


@given(st.lists(st.text(max_size=14)))
def test_task_keys_are_never_repeated(numbers):
    keys = task_keys(numbers)

    assert len(set(keys)) == len(keys) == len(numbers)


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("甲市人民政府关于印发《2026年重点任务清单》的通知", "2026年重点任务清单"),
        ("2026年重点任务清单", "2026年重点任务清单"),
        ("", ""),
    ],
)
def test_list_title_is_that_of_what_a_notice_issues(printed, title):
    assert list_title(printed) == title


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("2027年重点工作任务分解表", "2027年度重点工作任务分解表（修订）", True),
        ("2026年市政府工作报告重点任务清单", "市政府工作报告 重点任务清单（工作台账）", True),
        ("2026年重点任务清单", "2026年民生实事", False),
        ("2026年", "2026年民生实事", False),
    ],
)
def test_titles_are_alike_but_for_year_marks_and_remarks(one, other, wanted):
    assert alike(one, other) is wanted
