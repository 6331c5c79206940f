from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.lists import list_key, list_title, task_keys, year_of


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
