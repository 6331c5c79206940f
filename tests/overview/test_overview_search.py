from __future__ import annotations

import pytest
from tests.building import CONSOLE, NOW, SMALL, someone
from tests.building_papers import items_given
from tests.building_year import moment, small_year

from duban.coordination.models import UpwardPaper
from duban.directory.models import Unit
from duban.domain.posts import PostRole
from duban.overview.search import MOST, pieces, search
from duban.plans.models import Assignment
from duban.supervision.models import SupervisionOrder
from duban.supervision.operations import OrderDraft, draft_order, move_order

pytestmark = pytest.mark.django_db


def found(year, acting, asked):
    return {
        group.kind: [(hit.number or hit.text) for hit in group.hits]
        for group in search(year.list.pk, acting, asked).groups
    }


def an_order(year, key="3", unit="市民政局"):
    task, unit = year.task(key), year.unit(unit)
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
    for asked in ("〔2026〕1号", "云政督〔2026〕1号", "京政督〔2026〕 1 号", "云政督[2026]1号", "第1号"):
        assert found(year, supervisor, asked) == {"order": ["3"]}, asked
    for asked in ("〔2025〕1号", "云政督〔2026〕2号", "云政督函〔2026〕1号", "云政督1号"):
        assert found(year, supervisor, asked) == {}, asked


def test_letter_is_found_by_its_number_and_no_order_of_the_same():
    year = small_year()
    order = approved(an_order(year))
    letter = an_order(year, "2", "市教育局")
    SupervisionOrder.objects.filter(pk=letter.pk).update(kind="letter", matter="函")
    approved(SupervisionOrder.objects.get(pk=letter.pk))
    supervisor = someone(PostRole.SUPERVISOR, year.government)

    def matters(asked):
        return [hit.text for group in search(year.list.pk, supervisor, asked).groups for hit in group.hits]

    assert matters("云政督函〔2026〕1号") == ["函"]
    assert matters("云政督〔2026〕1号") == [order.matter]
    assert len(matters("〔2026〕1号")) == 2


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


def test_unit_named_lists_its_tasks_those_it_leads_first():
    year = small_year()
    supervisor = someone(PostRole.SUPERVISOR, year.government)

    def owed(acting, asked):
        groups = search(year.list.pk, acting, asked).groups
        return [(hit.number, hit.about) for group in groups if group.kind == "owed" for hit in group.hits]

    expected = [("2", "lead"), ("3", "support")]
    for asked in ("市教育局", "教育局", Unit.objects.get(name="市教育局").full_name):
        assert owed(supervisor, asked) == expected, asked
    assert owed(supervisor, "育局") == []
    assert owed(someone(PostRole.LIAISON, year.unit("市财政局")), "市教育局") == [("3", "support")]
    Assignment.objects.filter(task__key="3").update(lead=year.unit("市教育局"))
    Assignment.objects.filter(task__key="2").update(lead=year.unit("澜桥区政府"))
    assert owed(supervisor, "市教育局") == [("3", "lead"), ("2", "main")]


def test_people_of_plans_are_found_by_whoever_may_call_them():
    """The leads' rows name 周某某, deputy, and 孙某某, contact, 0000-1001."""
    year = small_year()
    supervisor = someone(PostRole.SUPERVISOR, year.government)
    leading = someone(PostRole.LIAISON, year.unit("市民政局"))
    sharing = someone(PostRole.LIAISON, year.unit("市财政局"))

    def people(acting, asked):
        groups = search(year.list.pk, acting, asked).groups
        return [hit.about for group in groups if group.kind == "person" for hit in group.hits]

    for asked in ("孙某", "周某某", "0000-1001", "1001"):
        assert people(supervisor, asked) == ["市教育局", "市工业和信息化局", "市民政局"], asked
        assert people(leading, asked) == ["市民政局"], asked
        assert people(sharing, asked) == [], asked
    assert people(supervisor, "00") == []
    hit = search(year.list.pk, leading, "孙某").groups[0].hits[0]
    assert (hit.text, hit.name, hit.unit) == ("孙某某 0000-1001", "周某某", year.unit("市民政局").pk)


def test_person_of_many_plans_is_found_once():
    more = "".join(f"{n}.办好食堂第{n}处。\n主责单位：市民政局\n" for n in range(4, 8))
    year = small_year("planned", SMALL + more)

    groups = search(year.list.pk, someone(PostRole.SUPERVISOR, year.government), "孙某某").groups

    assert [(group.kind, group.total, len(group.hits)) for group in groups] == [("person", 3, 3)]


def test_papers_are_found_by_number_and_items_by_their_words_each_by_whom_they_concern():
    year = small_year("assigned")
    instruction = items_given(year)[0].paper
    office, own, other = (
        someone(role, unit)
        for role, unit in (
            (PostRole.SUPERVISOR, year.government),
            (PostRole.LIAISON, year.unit("市民政局")),
            (PostRole.LIAISON, year.unit("市教育局")),
        )
    )

    def hits(seat, asked):
        groups = search(year.list.pk, seat, asked).groups
        return {
            g.kind: [(h.about, h.text.strip(), h.name) for h in g.hits]
            for g in groups
            if g.kind in ("letter", "item")
        }

    items = [("批示第8号", "落实选址", "市民政局"), ("批示第8号", "安排资金", "市财政局")]
    assert hits(office, "批示第8号") == {
        "letter": [("批示第8号", "关于食堂建设的批示", "林某某")],
        "item": items,
    }
    assert hits(office, "选址") == {"item": items[:1]}
    assert hits(own, "批示第8号") == {"item": items[:1]}
    assert hits(other, "批示第8号") == {}
    UpwardPaper.objects.filter(pk=instruction.pk).update(void_on=NOW.date(), void_reason="重复登记")
    assert hits(office, "批示第8号") == {}


def test_search_costs_ten_queries_and_counts_what_it_cuts(django_assert_num_queries):
    more = "".join(f"{n}.办好食堂第{n}处。\n主责单位：市民政局\n" for n in range(4, 40))
    year = small_year("issued", SMALL + more)
    supervisor = someone(PostRole.SUPERVISOR, year.government)

    with django_assert_num_queries(10):
        outcome = search(year.list.pk, supervisor, "食堂")
    with django_assert_num_queries(1):
        one = search(year.list.pk, supervisor, "食堂", kind="task", most=500)

    first = outcome.groups[0]
    assert (first.kind, len(first.hits), first.total, first.more) == ("task", MOST, 37, True)
    assert first.listed == "q=%E9%A3%9F%E5%A0%82"
    assert outcome.hits == sum(group.total for group in outcome.groups) > 37
    assert [(group.kind, len(group.hits), group.more) for group in one.groups] == [("task", 37, False)]


def test_list_page_shows_the_same_only_for_one_word_or_one_unit():
    year = small_year()
    supervisor = someone(PostRole.SUPERVISOR, year.government)

    def listed(asked):
        return {group.kind: group.listed for group in search(year.list.pk, supervisor, asked).groups}

    unit = year.unit("市教育局").pk
    assert listed("食堂 体系")["task"] == ""
    assert listed("市教育局") == {"unit": "", "owed": f"unit={unit}"}
    assert listed("20")["report"] == ""


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
