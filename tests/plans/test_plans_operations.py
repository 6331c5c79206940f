from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.building import kinds_since, last_seq, someone
from tests.building_year import moment, small_year

from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, PostRole
from duban.plans.models import Assignment, Milestone, Plan, Receipt
from duban.plans.operations import (
    Edit,
    assign,
    issue_list,
    prepare_list,
    refine,
    resend_receipt,
    return_receipt,
    sign_for,
)

pytestmark = pytest.mark.django_db
NOW = moment(2, 20)


def edit_of(year, key, **values) -> Edit:
    row = year.assignment(key)
    return Edit(row.task_id, row.revision, values)


def test_prepare_names_a_lead_only_where_the_list_does_and_is_repeatable():
    year = small_year("prepared")

    again = prepare_list(task_list=year.list, by=CONSOLE, now=NOW)

    rows = Assignment.objects.order_by("task__ordinal").values_list(
        "lead__name", "nature", "deadline", "revision"
    )
    assert again == 0
    assert list(rows) == [
        (None, "statistic", date(2026, 12, 31), 1),
        (None, "project", date(2026, 6, 30), 1),
        ("市民政局", "standing", date(2026, 12, 31), 1),
    ]


def test_assign_changes_only_what_differs_and_keeps_both_values_in_the_record():
    year = small_year("prepared")
    before = last_seq()
    lead = year.unit("市统计局").pk

    found = assign(
        task_list=year.list,
        edits=[edit_of(year, "1", lead=lead, offline=False), edit_of(year, "2", offline=False)],
        by=CONSOLE,
        now=NOW,
    )

    row = year.assignment("1")
    assert (found, row.lead_id, row.revision, year.assignment("2").revision) == (1, lead, 2, 1)
    assert kinds_since(before) == ["task.assigned"]


def test_assign_from_an_older_page_changes_nothing_at_all():
    year = small_year("prepared")
    stale, fresh = edit_of(year, "1", city_leader="甲"), edit_of(year, "2", city_leader="甲")
    assign(task_list=year.list, edits=[edit_of(year, "1", city_leader="乙")], by=CONSOLE, now=NOW)

    with pytest.raises(Conflict):
        assign(task_list=year.list, edits=[fresh, stale], by=CONSOLE, now=NOW)

    assert [year.assignment(key).city_leader for key in "12"] == ["乙", ""]


@pytest.mark.parametrize(
    "values",
    [{"lead": "市公安局"}, {"nature": "nonsense"}, {"rhythm": "daily"}, {"seq": 1}],
    ids=["owes nothing", "nature", "rhythm", "field"],
)
def test_assign_refuses_what_cannot_be(values):
    year = small_year("prepared")
    if "lead" in values:
        values = {"lead": year.unit(values["lead"]).pk}

    with pytest.raises(Invalid):
        assign(task_list=year.list, edits=[edit_of(year, "1", **values)], by=CONSOLE, now=NOW)


def test_issue_waits_for_every_lead_and_opens_a_receipt_for_every_unit_once():
    year = small_year("prepared")
    with pytest.raises(Conflict) as refused:
        issue_list(task_list=year.list, by=CONSOLE, now=NOW)
    year = small_year_from(year)

    first = issue_list(task_list=year.list, by=CONSOLE, now=NOW)
    second = issue_list(task_list=year.list, by=CONSOLE, now=NOW)

    manners = dict.fromkeys(Receipt.objects.values_list("manner", flat=True))
    assert refused.value.message.params == {"count": 2}
    assert (first, second) == (year.government.units.count(), 0)
    assert set(manners) >= {"notice", "information"}


def small_year_from(year):
    """The same year with its leads."""
    from tests.building_year import assigned

    assigned(year)
    return year


def test_receipts_are_signed_in_bulk_by_telephone_with_a_note_and_returned_with_a_proposal():
    year = small_year("issued")
    school, police = year.unit("市教育局").pk, year.unit("市公安局").pk
    liaison = someone(PostRole.LIAISON, year.unit("市教育局"))

    with pytest.raises(Invalid):
        sign_for(task_list=year.list, units=[school, police], how="phone", by=CONSOLE, now=NOW)
    with pytest.raises(NotAllowed):
        sign_for(task_list=year.list, units=[police], how="click", by=liaison, now=NOW)
    with pytest.raises(Invalid):
        return_receipt(task_list=year.list, unit=school, proposal=" ", by=liaison, now=NOW)
    return_receipt(task_list=year.list, unit=school, proposal="建议由市体育局牵头", by=liaison, now=NOW)
    signed = sign_for(
        task_list=year.list, units=[school, police], how="phone", note="值班室", by=CONSOLE, now=NOW
    )

    states = Receipt.objects.filter(unit__in=[school, police]).order_by("unit__position")
    assert signed == 1
    assert sorted(states.values_list("state", "note")) == [
        ("returned", "建议由市体育局牵头"),
        ("signed", "值班室"),
    ]
    with pytest.raises(Conflict):
        return_receipt(task_list=year.list, unit=school, proposal="再议", by=liaison, now=NOW)


def test_refine_makes_milestones_of_the_lead_s_nodes_and_contacts_of_the_others():
    year = small_year("issued")
    lead, other = year.unit("市民政局").pk, year.unit("市财政局").pk
    task = year.task("3").pk

    refine(
        task_list=year.list,
        unit=lead,
        edits=[
            Edit(
                task, 0, {"node_q1": "25家", "node_half": "50家以上", "node_year": "1.2万家", "contact": "甲"}
            )
        ],
        by=CONSOLE,
        now=NOW,
    )
    refine(task_list=year.list, unit=other, edits=[Edit(task, 0, {"contact": "乙"})], by=CONSOLE, now=NOW)

    assert list(Milestone.objects.values_list("on", "text", "value")) == [
        (date(2026, 3, 31), "25家", Decimal(25)),
        (date(2026, 6, 30), "50家以上", Decimal(50)),
        (date(2026, 12, 31), "1.2万家", Decimal(12000)),
    ]
    assert dict(Plan.objects.values_list("unit__name", "contact")) == {"市民政局": "甲", "市财政局": "乙"}


@pytest.mark.parametrize(
    ("unit", "revision", "values", "refusal"),
    [
        ("市财政局", 0, {"node_q1": "25家"}, Invalid),
        ("市公安局", 0, {"contact": "丙"}, Invalid),
        ("市民政局", 3, {"contact": "丙"}, Conflict),
        ("市民政局", 0, {"phone": "1" * 41}, Invalid),
        ("市民政局", 0, {"revision": "7"}, Invalid),
    ],
    ids=["not the lead", "owes nothing", "stale", "too long", "field"],
)
def test_refine_refuses_what_cannot_be(unit, revision, values, refusal):
    year = small_year("issued")

    with pytest.raises(refusal):
        refine(
            task_list=year.list,
            unit=year.unit(unit).pk,
            edits=[Edit(year.task("3").pk, revision, values)],
            by=CONSOLE,
            now=NOW,
        )

    assert Plan.objects.count() == 0


def test_only_the_office_issues_and_a_unit_fills_its_own_rows():
    year = small_year("issued")
    liaison = someone(PostRole.LIAISON, year.unit("市民政局"))
    leader = someone(PostRole.CITY_LEADER, year.government)

    for by in (liaison, leader):
        with pytest.raises(NotAllowed):
            assign(task_list=year.list, edits=[], by=by, now=NOW)
        with pytest.raises(NotAllowed):
            issue_list(task_list=year.list, by=by, now=NOW)
        with pytest.raises(NotAllowed):
            refine(task_list=year.list, unit=year.unit("市财政局").pk, edits=[], by=by, now=NOW)
    mine = [Edit(year.task("3").pk, 0, {"contact": "甲"})]
    assert refine(task_list=year.list, unit=year.unit("市民政局").pk, edits=mine, by=liaison, now=NOW) == 1
    assert Plan.objects.get().on_behalf is False


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"deadline": date(2026, 10, 1)}, True),
        ({"lead": "市财政局"}, True),
        ({"data_source": "统计局"}, False),
    ],
    ids=["time limit", "lead", "source"],
)
def test_issued_task_changes_its_lead_and_limit_only_on_a_basis_document(values, refused):
    year = small_year("issued")
    if "lead" in values:
        values = {"lead": year.unit(values["lead"]).pk}
    edits = [edit_of(year, "3", **values)]

    if refused:
        with pytest.raises(Conflict):
            assign(task_list=year.list, edits=edits, by=CONSOLE, now=NOW)
    changed = assign(task_list=year.list, edits=edits, on_basis=True, by=CONSOLE, now=NOW)

    assert changed == 1


def test_returned_issue_is_answered_and_sent_again_by_the_office_alone():
    year = small_year("issued")
    unit = year.unit("市教育局").pk
    liaison = someone(PostRole.LIAISON, year.unit("市教育局"))
    return_receipt(task_list=year.list, unit=unit, proposal="建议由市体育局牵头", by=liaison, now=NOW)
    act = {"task_list": year.list, "unit": unit, "now": NOW}

    with pytest.raises(NotAllowed):
        resend_receipt(reply="仍由你局牵头", by=liaison, **act)
    with pytest.raises(Invalid):
        resend_receipt(reply=" ", by=CONSOLE, **act)
    resend_receipt(reply="已商市体育局，仍由你局牵头", by=CONSOLE, **act)
    with pytest.raises(Conflict):
        resend_receipt(reply="再送", by=CONSOLE, **act)
    row = Receipt.objects.get(list=year.list, unit=unit)
    answered = (row.state, row.note, row.answered_at)
    sign_for(task_list=year.list, units=[unit], how="click", by=liaison, now=NOW)

    assert answered == ("pending", "已商市体育局，仍由你局牵头", None)
    assert Receipt.objects.get(pk=row.pk).state == "signed"


def test_a_unit_clicks_for_itself_and_an_answered_receipt_is_not_signed_again():
    year = small_year("issued")
    unit = year.unit("市教育局").pk
    liaison = someone(PostRole.LIAISON, year.unit("市教育局"))
    office = someone(PostRole.SUPERVISOR, year.government)
    act = {"task_list": year.list, "units": [unit], "how": "click", "now": NOW}

    with pytest.raises(NotAllowed):
        sign_for(by=office, **act)
    sign_for(by=liaison, **act)
    with pytest.raises(Conflict):
        sign_for(by=liaison, **act)

    assert Receipt.objects.get(unit=unit).how == "click"
