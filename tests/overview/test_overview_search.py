from __future__ import annotations

import pytest
from tests.building import CONSOLE, SMALL, someone
from tests.building_year import moment, small_year

from duban.domain.posts import PostRole
from duban.overview.search import MOST, pieces, search
from duban.supervision.operations import OrderDraft, draft_order, move_order

pytestmark = pytest.mark.django_db


def found(year, acting, asked):
    return {
        group.kind: [(hit.number or hit.text) for hit in group.hits]
        for group in search(year.list.pk, acting, asked).groups
    }


def an_order(year, key="3"):
    task, unit = year.task(key), year.unit("市民政局")
    draft = OrderDraft(task, unit, "加快食堂选址", "一季度滞后", "十日内报告", moment(5, 1).date())
    return draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 15))


def approved(order):
    for action, values in (
        ("submit", {}),
        ("approve", {"by": "主任", "on": moment(4, 16).date(), "approval": "paper"}),
    ):
        order = move_order(
            order=order, revision=order.revision, action=action, values=values, by=CONSOLE, now=moment(4, 16)
        )
    return order


def test_everything_is_found_from_two_characters():
    year = small_year()
    approved(an_order(year))
    supervisor = someone(PostRole.SUPERVISOR, year.government)

    assert {asked: found(year, supervisor, asked) for asked in ("食堂", "学校", "用地", "二季度", "市教育", "2026 食堂")} == {
        "食堂": {"task": ["3"], "clause": ["3"], "report": ["3"], "order": ["3"]},
        "学校": {"task": ["2"], "clause": ["2"]},
        "用地": {},
        "二季度": {"report": ["3"]},
        "市教育": {"unit": ["市教育局"]},
        "2026 食堂": {},
    }  # fmt: skip


def test_task_and_order_are_found_by_their_number():
    year = small_year()
    approved(an_order(year))
    supervisor = someone(PostRole.SUPERVISOR, year.government)

    assert found(year, supervisor, "2") == {"task": ["2"]}
    assert found(year, supervisor, "1") == {"task": ["1"], "order": ["3"]}
    assert found(year, supervisor, "〔2026〕1号") == {"order": ["3"]}


@pytest.mark.parametrize("asked", ["", "食", "  ", "食 堂"])
def test_single_characters_are_not_searched(asked):
    year = small_year("issued")

    outcome = search(year.list.pk, someone(PostRole.SUPERVISOR, year.government), asked)

    assert (outcome.groups, outcome.short) == ((), bool(asked.strip()))


def test_unit_finds_only_what_it_may_see():
    """市教育局 shares task 3 and leads task 2: it sees the text of both, but no report, order or problem of 市民政局."""
    year = small_year()
    an_order(year)
    sharing = someone(PostRole.LIAISON, year.unit("市教育局"))
    leading = someone(PostRole.LIAISON, year.unit("市民政局"))
    outside = someone(PostRole.LIAISON, year.unit("市公安局"))

    assert [found(year, acting, "食堂") for acting in (sharing, leading, outside)] == [
        {"task": ["3"], "clause": ["3"]},
        {"task": ["3"], "clause": ["3"], "report": ["3"]},
        {},
    ]
    assert found(year, sharing, "工业") == {}


def test_served_order_is_found_by_its_unit():
    year = small_year()
    order = approved(an_order(year))
    move_order(
        order=order,
        revision=order.revision,
        action="serve",
        values={"on": moment(4, 17).date()},
        by=CONSOLE,
        now=moment(4, 17),
    )

    assert found(year, someone(PostRole.LIAISON, year.unit("市民政局")), "选址") == {"order": ["3"]}


def test_search_costs_six_queries_and_cuts_its_groups(django_assert_num_queries):
    more = "".join(f"{n}.办好食堂第{n}处。\n主责单位：市民政局\n" for n in range(4, 40))
    year = small_year("issued", SMALL + more)
    supervisor = someone(PostRole.SUPERVISOR, year.government)

    with django_assert_num_queries(6):
        outcome = search(year.list.pk, supervisor, "食堂")

    assert next((group.kind, len(group.hits), group.more) for group in outcome.groups) == ("task", MOST, True)


@pytest.mark.parametrize(
    ("text", "terms", "expected"),
    [
        ("办好食堂", ("食堂",), [("办好", False), ("食堂", True)]),
        ("a.b", (".",), [("a", False), (".", True), ("b", False)]),
        ("没有", ("食堂",), [("没有", False)]),
        ("ABab", ("ab",), [("AB", True), ("ab", True)]),
    ],
)
def test_hits_are_told_apart(text, terms, expected):
    assert list(pieces(text, terms)) == expected


def test_long_text_is_cut_around_its_first_hit():
    parts = list(pieces("前" * 200 + "食堂" + "后" * 200, ("食堂",)))

    assert [(text[:1], len(text), hit) for text, hit in parts] == [
        ("…", 1, False),
        ("前", 30, False),
        ("食", 2, True),
        ("后", 88, False),
        ("…", 1, False),
    ]
