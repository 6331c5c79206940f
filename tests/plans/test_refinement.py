from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import HEAD, another_city, kinds_since, last_seq, someone
from tests.building_year import moment, small_year

from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, PostRole
from duban.domain.tasklist.records import Comparator
from duban.history.models import Event
from duban.history.presenters import lines
from duban.plans.models import Assignment, CompletionContract, DistrictShare, Plan
from duban.plans.operations import Edit
from duban.plans.refinement import (
    Headline,
    contract_candidates,
    contract_rows,
    decide_contracts,
    headline_of,
    propose_contracts,
    share_out,
    share_table,
    sum_of,
)
from duban.register.models import Clause

pytestmark = pytest.mark.django_db
NOW = moment(3, 5)
FULL = {
    "deliverable": "食堂",
    "standard": "建成8所",
    "evidence": "验收单",
    "verifier": "市教育局",
    "due_on": date(2026, 6, 30),
}


def clause(year, key, ordinal=1) -> Clause:
    return Clause.objects.get(version__task=year.task(key), ordinal=ordinal)


def propose(year, *, key="2", revision=0, by=CONSOLE, unit="市教育局", ordinal=1, **values) -> int:
    edit = Edit(clause(year, key, ordinal).pk, revision, FULL | values)
    return propose_contracts(task_list=year.list, unit=year.unit(unit).pk, edits=[edit], by=by, now=NOW)


def decide_one(year, action, revision=1, reason="", by=CONSOLE) -> int:
    rows = {clause(year, "2").pk: revision}
    return decide_contracts(task_list=year.list, rows=rows, action=action, reason=reason, by=by, now=NOW)


def contract() -> tuple:
    return CompletionContract.objects.values_list("state", "reason", "revision", "on_behalf").get()


def test_contracts_are_for_sub_items_with_a_goal_and_for_key_tasks_alone():
    year = small_year("issued")
    before = [(c.version.task.key, c.ordinal) for c in contract_candidates(year.list)]
    Assignment.objects.filter(task__key="3").update(key_task=True)

    after = [
        (row.key, row.ordinal, row.key_task, row.lead_name)
        for row in contract_rows(contract_candidates(year.list))
    ]

    goals = (
        Clause.objects.filter(targets__kind="goal").distinct().order_by("version__task__ordinal", "ordinal")
    )
    assert before == [(c.version.task.key, c.ordinal) for c in goals]
    assert {key for key, _ in before} == {"1", "2"}
    assert [row[:3] for row in after] == [(key, n, False) for key, n in before] + [
        ("3", one.ordinal, True) for one in year.task("3").current.clauses.all()
    ]
    assert {row[3] for row in after} == {"市工业和信息化局", "市教育局", "市民政局"}


def test_what_the_list_says_is_suggested_and_not_asked_again():
    year = small_year("issued")

    [row] = [r for r in contract_rows(contract_candidates(year.list)) if r.key == "2"]

    assert (row.state, row.revision, row.open, row.targets) == ("", 0, True, tuple(row.targets))
    assert dict(row.values) == {
        "deliverable": "",
        "standard": "；".join(row.targets),
        "evidence": "",
        "verifier": "",
        "due_on": date(2026, 6, 30),
    }
    assert row.targets


def test_a_sub_item_without_a_number_is_itself_what_is_delivered():
    year = small_year("issued")
    Assignment.objects.filter(task__key="3").update(key_task=True)

    plain = [
        row for row in contract_rows(contract_candidates(year.list)) if row.key == "3" and not row.targets
    ]

    assert plain
    assert [(row.values["deliverable"], row.values["standard"]) for row in plain] == [
        (row.text.rstrip("。；，"), "") for row in plain
    ]


def test_candidates_of_all_lists_are_those_of_each():
    year = small_year("issued")

    assert list(contract_candidates()) == list(contract_candidates(year.list))


def test_a_contract_is_proposed_returned_proposed_again_and_agreed():
    year = small_year("issued")
    unit = someone(PostRole.LIAISON, year.unit("市教育局"))
    before = last_seq()

    first = propose(year, by=unit)
    decide_one(year, "return", 1, "标准不明确")
    returned = contract()
    again = propose(year, revision=2, by=unit, standard="建成8所并投用")
    decide_one(year, "agree", 3)

    assert (first, again, returned) == (1, 1, ("returned", "标准不明确", 2, False))
    assert contract() == ("agreed", "", 4, False)
    assert kinds_since(before) == [
        f"contract.{what}" for what in ("proposed", "returned", "proposed", "agreed")
    ]
    said = [str(line.sentence) for line in lines(Event.objects.filter(seq__gt=before).order_by("seq"))]
    assert said == [
        "提出分项 1 的完成标准：建成8所",
        "退回分项 1 的完成标准：标准不明确",
        "提出分项 1 的完成标准：建成8所并投用",
        "审定分项 1 的完成标准",
    ]


def test_the_office_enters_a_contract_on_behalf_and_the_same_again_changes_nothing():
    year = small_year("issued")

    assert (propose(year), propose(year, revision=1)) == (1, 0)
    assert contract() == ("proposed", "", 1, True)


@pytest.mark.parametrize(
    ("case", "error", "code"),
    [
        ({"key": "3", "unit": "市民政局"}, Invalid, "contracts.not_needed"),
        ({"unit": "市财政局"}, Invalid, "contracts.not_needed"),
        ({"evidence": " "}, Invalid, "contracts.incomplete"),
        ({"due_on": None}, Invalid, "contracts.incomplete"),
        ({"verifier": "长" * 61}, Invalid, "plans.too_long"),
        ({"standard": "机密★1年"}, Invalid, None),
        ({"revision": 5}, Conflict, "plans.changed_meanwhile"),
    ],
    ids=["no number", "not the lead", "empty", "no date", "too long", "classified", "stale"],
)
def test_a_contract_that_cannot_be_is_refused(case, error, code):
    year = small_year("issued")

    with pytest.raises(error) as refused:
        propose(year, **case)

    assert code in (None, refused.value.message.code)
    assert not CompletionContract.objects.exists()


def test_one_bad_contract_keeps_the_good_ones_out():
    year = small_year("issued")
    good, bad = Edit(clause(year, "2").pk, 0, FULL), Edit(clause(year, "3").pk, 0, FULL)

    with pytest.raises(Invalid):
        propose_contracts(
            task_list=year.list, unit=year.unit("市教育局").pk, edits=[good, bad], by=CONSOLE, now=NOW
        )

    assert not CompletionContract.objects.exists()


def test_an_agreed_contract_is_not_rewritten_but_may_be_returned():
    year = small_year("issued")
    propose(year)
    decide_one(year, "agree")

    with pytest.raises(Conflict) as rewritten:
        propose(year, revision=2, standard="另一标准")
    with pytest.raises(Conflict):
        decide_one(year, "agree", 2)
    decide_one(year, "return", 2, "须重新约定")

    assert rewritten.value.message.code == "workflow.not_now"
    assert contract() == ("returned", "须重新约定", 3, True)


@pytest.mark.parametrize(
    ("case", "error"),
    [
        ({"action": "return"}, Invalid),
        ({"action": "agree", "revision": 7}, Conflict),
    ],
    ids=["no reason", "stale"],
)
def test_a_decision_needs_its_reason_and_the_newest_text(case, error):
    year = small_year("issued")
    propose(year)

    with pytest.raises(error):
        decide_one(year, **case)

    assert contract() == ("proposed", "", 1, True)


def test_nothing_is_agreed_that_was_never_proposed():
    year = small_year("issued")

    with pytest.raises(Conflict) as refused:
        decide_one(year, "agree")

    assert refused.value.message.code == "contracts.not_proposed"


def test_who_may_propose_and_decide():
    year = small_year("issued")
    people = {
        role: someone(PostRole(role), year.government) for role in ("supervisor", "city_leader", "appraiser")
    }
    people |= {"lead": someone(PostRole.HANDLER, year.unit("市教育局"))}
    people |= {"shares": someone(PostRole.LIAISON, year.unit("市统计局"))}

    found = {}
    for name, by in people.items():
        CompletionContract.objects.all().delete()
        proposed = tried(lambda by=by: propose(year, by=by))
        if proposed != "ok":
            propose(year)
        found[name] = (proposed, tried(lambda by=by: decide_one(year, "agree", by=by)))

    assert found == {
        "supervisor": ("ok", "ok"),
        "city_leader": ("NotAllowed", "NotAllowed"),
        "appraiser": ("NotAllowed", "NotAllowed"),
        "lead": ("ok", "NotAllowed"),
        "shares": ("NotAllowed", "NotAllowed"),
    }


def tried(act) -> str:
    try:
        act()
    except DomainError as refused:
        return type(refused).__name__
    return "ok"


def test_contracts_and_shares_are_seen_where_their_task_is():
    year = small_year("issued")
    propose(year)
    share(year, {"澜桥区政府": "3"})
    people = {
        "office": someone(PostRole.SUPERVISOR, year.government),
        "owes": someone(PostRole.LIAISON, year.unit("望川区政府")),
        "owes nothing": someone(PostRole.LIAISON, year.unit("市统计局")),
        "auditor": someone(PostRole.AUDITOR, year.government),
        "elsewhere": someone(PostRole.SUPERVISOR, another_city()),
    }

    seen = {
        name: (
            CompletionContract.objects.visible_to(by).count(),
            DistrictShare.objects.visible_to(by).count(),
        )
        for name, by in people.items()
    }

    assert seen == {"office": (1, 1), "owes": (1, 1)} | dict.fromkeys(
        ("owes nothing", "auditor", "elsewhere"), (0, 0)
    )


def test_the_database_itself_refuses_a_contract_returned_without_a_reason():
    year = small_year("issued")
    propose(year)

    for wrong in ({"state": "returned"}, {"state": "gone"}, {"evidence": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CompletionContract.objects.update(**wrong)


def share(year, values, *, by=CONSOLE, revisions=None, key="2", texts=None) -> int:
    edits = [
        Edit(
            year.unit(name).pk,
            (revisions or {}).get(name, 0),
            {"value": None if value is None else Decimal(value), "text": (texts or {}).get(name, "")},
        )
        for name, value in values.items()
    ]
    return share_out(task=year.task(key), edits=edits, by=by, now=NOW)


def test_a_table_of_shares_is_kept_with_its_sum_and_one_event():
    year = small_year("issued")
    before = last_seq()

    saved = share(year, {"澜桥区政府": "3", "望川区政府": "6"}, texts={"澜桥区政府": "含改扩建1所"})

    table = share_table(year.task("2"))
    assert saved == 2
    assert (table.headline.text, table.headline.value, table.headline.measure) == ("建成学校8所", 8, "所")
    assert [(row.name, row.value, row.text, row.revision) for row in table.rows][:3] == [
        ("澜桥区政府", 3, "含改扩建1所", 1), ("望川区政府", 6, "", 1), ("锦渡区政府", None, "", 0),
    ]  # fmt: skip
    assert len(table.rows) == 8
    assert (table.sum.total, table.sum.difference, table.sum.message.code) == (9, 1, "shares.raised")
    assert kinds_since(before) == ["task.shared"]
    assert [str(line.sentence) for line in lines(Event.objects.filter(seq__gt=before))] == [
        "分解到区县，2 处"
    ]


def test_a_share_taken_back_keeps_its_revision_and_no_longer_counts():
    year = small_year("issued")
    share(year, {"澜桥区政府": "3"})

    share(year, {"澜桥区政府": None}, revisions={"澜桥区政府": 1})
    unchanged = share(year, {"澜桥区政府": None}, revisions={"澜桥区政府": 0})

    row = DistrictShare.objects.get()
    assert (row.value, row.revision, unchanged) == (None, 2, 0)
    assert share_table(year.task("2")).sum.message.code == "shares.none"


@pytest.mark.parametrize(
    ("values", "error", "code"),
    [
        ({"澜桥区政府": "3", "市财政局": "3"}, Invalid, "shares.not_a_district"),
        ({"澜桥区政府": "3", "望川区政府": "-1"}, Invalid, "shares.bad_value"),
        ({"澜桥区政府": "3", "望川区政府": "1E18"}, Invalid, "shares.bad_value"),
    ],
    ids=["no district", "negative", "huge"],
)
def test_a_table_is_kept_whole_or_not_at_all(values, error, code):
    year = small_year("issued")

    with pytest.raises(error) as refused:
        share(year, values)

    assert (refused.value.message.code, DistrictShare.objects.count()) == (code, 0)


def test_a_line_changed_meanwhile_keeps_the_whole_table_out():
    year = small_year("issued")
    share(year, {"望川区政府": "2"})

    with pytest.raises(Conflict):
        share(year, {"澜桥区政府": "3", "望川区政府": "4"})

    assert list(DistrictShare.objects.values_list("unit__name", "value")) == [("望川区政府", 2)]


def test_a_task_without_districts_is_not_shared_out():
    year = small_year("issued")

    with pytest.raises(Conflict) as refused:
        share(year, {"市财政局": "3"}, key="3")

    assert refused.value.message.code == "shares.no_districts"


def test_the_lead_shares_out_and_a_district_does_not():
    year = small_year("issued")
    people = {
        "lead": someone(PostRole.LIAISON, year.unit("市教育局")),
        "director": someone(PostRole.OFFICE_DIRECTOR, year.government),
        "district": someone(PostRole.PRINCIPAL, year.unit("澜桥区政府")),
        "mayor": someone(PostRole.CITY_LEADER, year.government),
        "nobody": someone(PostRole.SYSTEM_ADMIN, year.unit("市教育局")),
    }

    found = {name: tried(lambda by=by: share(year, {}, by=by)) for name, by in people.items()}

    assert found == {"lead": "ok", "director": "ok"} | dict.fromkeys(
        ("district", "mayor", "nobody"), "NotAllowed"
    )


TWO = (
    HEAD
    + """2.城镇调查失业率控制在5%以内，新增公园3处，其中口袋公园1处。
主责单位：市林业园林局，各县（市、区）政府
3.办好食堂，健全体系。
牵头单位：市民政局；配合单位：各县（市、区）政府
"""
)


def test_the_headline_is_the_first_goal_that_adds_up_else_the_year_target_of_the_lead():
    year = small_year("issued", TWO)
    named = headline_of(year.task("2"))
    unnamed = headline_of(year.task("3"))
    Plan.objects.create(task=year.task("3"), unit=year.unit("市民政局"), year_target="建成食堂30家", seq=1)

    planned = headline_of(year.task("3"))

    assert (named.value, named.measure) == (3, "处")
    assert unnamed is None
    assert (planned.text, planned.value, planned.measure) == ("建成食堂30家", 30, "家")
    assert share_table(year.task("3")).sum.message.code == "shares.none"


counts = st.decimals(min_value=0, max_value=1000, places=1, allow_nan=False)


@given(low=counts, high=counts, values=st.lists(st.none() | counts, max_size=8))
@settings(max_examples=200)
def test_any_sum_inside_a_range_carries_its_target(low, high, values):
    low, high = sorted((low, high))
    headline = Headline("", low, "家", Comparator.GE, high)
    total = sum(value for value in values if value is not None)
    given_any = any(value is not None for value in values)

    found = sum_of(headline, values)

    assert (found.total, found.raised, found.short) == (
        total, given_any and total > high, given_any and total < low,
    )  # fmt: skip


def test_refusals_are_not_allowed_errors():
    year = small_year("issued")

    with pytest.raises(NotAllowed) as refused:
        share(year, {}, by=someone(PostRole.LIAISON, year.unit("澜桥区政府")))

    assert str(refused.value) == "任务由牵头单位分解，其他单位可查看。"
