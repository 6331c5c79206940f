from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.building import another_city, kinds_since, last_seq, someone
from tests.building_year import moment, small_year

from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, Acting, PostRole
from duban.history.models import Event
from duban.history.presenters import lines
from duban.plans.adjustment import (
    Approval,
    Basis,
    Change,
    Kept,
    Wish,
    adjust,
    ask,
    current_values,
    extensions_of,
    kept_values,
    paused_tasks,
    refusal_to_adjust,
    refuse_request,
    wanted_words,
)
from duban.plans.models import Adjustment, ChangeRequest, Milestone, Plan
from duban.plans.models_refinement import MOVES
from duban.plans.operations import Edit, assign

pytestmark = pytest.mark.django_db
NOW = moment(5, 10)
BASIS = Basis("minutes", "云政阅〔2026〕8号", date(2026, 5, 8), "用地手续调整")
DIRECTOR = Approval("paper", "周某某", PostRole.OFFICE_DIRECTOR, date(2026, 5, 9))
SECRETARY = Approval("paper", "秦某某", PostRole.SECRETARY_GENERAL, date(2026, 5, 9))
CLICK = Approval("click")


def change(year, kind, value=None, **more):
    """One adjustment of task 2 (deadline 30 June) as the office makes it."""
    task = year.task("2")
    seen = current_values(task)
    given = {"change": Change(kind, value, seen.get(kind, seen["state"])), "basis": BASIS, "approval": DIRECTOR,
             "by": CONSOLE, "now": NOW}  # fmt: skip
    return adjust(task=task, **(given | more))


def wish(
    year, *, kind="deadline", wanted="2026-09-30", by=CONSOLE, unit="市教育局", now=NOW, **more
) -> ChangeRequest:
    said = Wish(
        kind, wanted, more.get("reason", "用地手续调整"), more.get("progress", "已建成5所"), more.get("on")
    )
    return ask(task=year.task("2"), unit=year.unit(unit).pk, wish=said, by=by, now=now)


def tried(act) -> str:
    try:
        act()
    except DomainError as refused:
        return refused.message.code
    return "ok"


def test_an_extension_keeps_first_previous_and_current_dates_and_moves_the_assignment():
    year = small_year("planned")
    before = last_seq()

    change(year, "deadline", date(2026, 9, 30))
    change(year, "deadline", date(2026, 11, 30), approval=SECRETARY)

    rows = list(Adjustment.objects.order_by("seq"))
    assert [(r.before, r.after, r.ordinal, r.extension, r.approved_by, r.approver_role) for r in rows] == [
        ("2026-06-30", "2026-09-30", 1, 1, "周某某", "office_director"),
        ("2026-09-30", "2026-11-30", 2, 2, "秦某某", "secretary_general"),
    ]
    assert kept_values(year.task("2"), rows) == [
        Kept("deadline", "2026-06-30", "2026-09-30", "2026-11-30", 2)
    ]
    assert year.assignment("2").deadline == date(2026, 11, 30)
    assert kinds_since(before) == ["task.assigned", "task.adjusted_deadline"] * 2
    assert [str(line.sentence) for line in lines(Event.objects.filter(seq__gt=before).order_by("seq"))][
        1::2
    ] == [
        "时限调整：2026-06-30 → 2026-09-30（云政阅〔2026〕8号）",
        "时限调整：2026-09-30 → 2026-11-30（云政阅〔2026〕8号）",
    ]


def test_a_date_brought_forward_is_no_extension():
    year = small_year("planned")

    change(year, "deadline", date(2026, 6, 1))
    change(year, "deadline", date(2026, 6, 20))

    assert list(Adjustment.objects.order_by("seq").values_list("extension", flat=True)) == [0, 1]
    assert extensions_of(year.task("2")) == 1


def test_an_extension_is_asked_for_before_the_limit_runs_out():
    year = small_year("planned")
    late, day_itself = moment(7, 10), moment(6, 30)
    asked = wish(year, now=day_itself)
    with pytest.raises(Conflict) as refused:
        change(year, "deadline", date(2026, 9, 30), basis=BASIS._replace(on=date(2026, 7, 1)), now=late)

    granted = change(
        year,
        "deadline",
        date(2026, 8, 31),
        basis=BASIS._replace(on=date(2026, 7, 6)),
        request=asked,
        now=late,
    )

    assert refused.value.message.code == "adjust.limit_passed"
    assert granted.after == "2026-08-31"
    assert ChangeRequest.objects.values_list("state", "decided_by", "answer", "revision").get() == (
        "granted", "周某某", "2026-08-31", 2,
    )  # fmt: skip


def test_asking_comes_too_late_after_the_limit_unless_the_paper_was_dated_before():
    year = small_year("planned")
    unit, late = someone(PostRole.LIAISON, year.unit("市教育局")), moment(7, 1)

    by_unit = tried(lambda: wish(year, by=unit, now=late, on=date(2026, 6, 20)))
    by_office = tried(lambda: wish(year, now=late, on=date(2026, 7, 1)))
    earlier = wish(year, now=late, on=date(2026, 6, 20))

    assert (by_unit, by_office) == ("adjust.limit_passed", "adjust.limit_passed")
    assert (earlier.asked_on, earlier.on_behalf) == (date(2026, 6, 20), True)


def test_who_approves_what():
    roles = {role: Acting("x", person=1, post=1, unit=1, government=1, role=role) for role in PostRole}
    higher = {"secretary_general", "deputy_secretary", "city_leader"}

    clicks = {
        extension: {role.value for role, by in roles.items() if not refusal_to_adjust(by, CLICK, extension)}
        for extension in (0, 1, 2, 3)
    }
    papers = {
        extension: {
            (by.value, signed.value)
            for by, signed in product(PostRole, PostRole)
            if not refusal_to_adjust(roles[by], Approval("paper", "某", signed), extension)
        }
        for extension in (1, 2)
    }
    reasons = {
        refusal_to_adjust(roles[PostRole.OFFICE_DIRECTOR], CLICK, 2).code,
        refusal_to_adjust(roles[PostRole.SUPERVISOR], CLICK, 1).code,
        refusal_to_adjust(roles[PostRole.CITY_LEADER], DIRECTOR, 1).code,
    }

    every = higher | {"office_director"}
    office = ("supervisor", "office_director")
    assert clicks == {0: every, 1: every, 2: higher, 3: higher}
    assert papers == {1: set(product(office, every)), 2: set(product(office, higher))}
    assert reasons == {"adjust.higher_approves", "adjust.director_approves", "adjust.office_registers"}


def test_a_second_extension_needs_the_higher_approver_and_changes_nothing_without_him():
    year = small_year("planned")
    director = someone(PostRole.OFFICE_DIRECTOR, year.government)
    mayor = someone(PostRole.CITY_LEADER, year.government)
    change(year, "deadline", date(2026, 9, 30), approval=CLICK, by=director)

    with pytest.raises(NotAllowed) as refused:
        change(year, "deadline", date(2026, 11, 30), approval=CLICK, by=director)
    between = year.assignment("2").deadline
    change(year, "deadline", date(2026, 11, 30), approval=CLICK, by=mayor)

    row = Adjustment.objects.order_by("-seq")[0]
    assert refused.value.message.code == "adjust.higher_approves"
    assert between == date(2026, 9, 30)
    assert (row.approval, row.approved_by, row.approver_role, row.approved_on) == (
        "click", mayor.label, "city_leader", date(2026, 5, 10),
    )  # fmt: skip
    assert set(Event.objects.order_by("-seq")[:2].values_list("actor", "post_id")) == {
        (mayor.label, mayor.post)
    }


def test_a_new_lead_takes_over_target_and_nodes_but_not_people():
    year = small_year("planned")
    bureau = year.unit("澜桥区政府")

    row = change(year, "lead", bureau.pk)

    plan = Plan.objects.get(task=year.task("2"), unit=bureau)
    assert (row.before, row.after) == ("市教育局", "澜桥区政府")
    assert year.assignment("2").lead_id == bureau.pk
    assert (plan.year_target, plan.node_q1, plan.node_year, plan.contact) == ("100家", "25家", "100家", "")
    assert Milestone.objects.filter(task=year.task("2")).count() == 2
    assert kept_values(year.task("2"), [row]) == [Kept("lead", "市教育局", "市教育局", "澜桥区政府", 1)]


def test_a_lead_with_nodes_of_its_own_keeps_them():
    year = small_year("planned")
    bureau = year.unit("澜桥区政府")
    Plan.objects.create(task=year.task("2"), unit=bureau, year_target="9所", seq=1)

    change(year, "lead", bureau.pk)

    assert Plan.objects.get(task=year.task("2"), unit=bureau).year_target == "9所"


def test_target_and_city_leader_are_changed_where_they_live():
    year = small_year("planned")
    mayor = someone(PostRole.CITY_LEADER, year.government)

    target = change(year, "target", "90家", approval=CLICK, by=mayor)
    leader = change(year, "city_leader", "秦某某")

    plan = Plan.objects.get(task=year.task("2"), unit=year.assignment("2").lead_id)
    assert (target.before, target.after, plan.year_target) == ("100家", "90家", "90家")
    assert (leader.before, leader.after, year.assignment("2").city_leader) == ("林某某", "秦某某", "秦某某")


def test_paused_tasks_are_those_parked_or_discontinued_on_the_day():
    year = small_year("planned")
    task = year.task("2").pk
    on = [date(2026, month, 1) for month in (3, 4, 5)]

    change(year, "parked", approval=DIRECTOR._replace(on=on[0]))
    change(year, "resumed", approval=DIRECTOR._replace(on=on[1]))
    change(year, "discontinued", approval=DIRECTOR._replace(on=on[2]))

    days = (date(2026, 2, 28), *on, date(2026, 12, 31))
    assert [paused_tasks(year.list, day) for day in days] == [set(), {task}, set(), {task}, {task}]
    assert [(r.before, r.after) for r in Adjustment.objects.order_by("seq")] == [
        ("active", "parked"), ("parked", "active"), ("active", "discontinued"),
    ]  # fmt: skip
    assert kept_values(year.task("2"), list(Adjustment.objects.order_by("seq"))) == [
        Kept("state", "active", "active", "discontinued", 3)
    ]


def test_exactly_these_pauses_are_possible():
    year, found = small_year("issued"), set()
    for path, kind in product(((), ("parked",), ("discontinued",)), ("parked", "discontinued", "resumed")):
        with transaction.atomic():
            for step in path:
                change(year, step)
            state = current_values(year.task("2"))["state"]
            if tried(lambda kind=kind: change(year, kind)) == "ok":
                found.add((state, kind))
            transaction.set_rollback(True)

    assert found == set(MOVES) == {
        ("active", "parked"), ("active", "discontinued"), ("parked", "discontinued"),
        ("parked", "resumed"), ("discontinued", "resumed"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value", "more", "code"),
    [
        ("deadline", date(2026, 6, 30), {}, "adjust.no_change"),
        ("deadline", "2026-09-30", {}, "adjust.value_needed"),
        ("deadline", None, {}, "adjust.value_needed"),
        ("target", " ", {}, "adjust.value_needed"),
        ("target", date(2026, 9, 30), {}, "adjust.value_needed"),
        ("target", "长" * 201, {}, "adjust.value_needed"),
        ("dance", "x", {}, "adjust.no_such_kind"),
        ("deadline", date(2026, 9, 30), {"basis": BASIS._replace(number=" ")}, "adjust.incomplete"),
        ("deadline", date(2026, 9, 30), {"basis": BASIS._replace(reason="")}, "adjust.incomplete"),
        ("deadline", date(2026, 9, 30), {"basis": BASIS._replace(kind="rumour")}, "adjust.incomplete"),
        ("deadline", date(2026, 9, 30), {"basis": BASIS._replace(reason="长" * 201)}, "adjust.too_long"),
        ("deadline", date(2026, 9, 30), {"basis": BASIS._replace(on=date(2026, 5, 11))}, "adjust.basis_to_come"),
        ("deadline", date(2026, 9, 30), {"approval": DIRECTOR._replace(by="")}, "adjust.incomplete"),
        ("deadline", date(2026, 9, 30), {"approval": DIRECTOR._replace(on=None)}, "adjust.incomplete"),
        ("deadline", date(2026, 9, 30), {"approval": DIRECTOR._replace(on=date(2026, 5, 11))}, "adjust.incomplete"),
        ("deadline", date(2026, 9, 30), {"change": Change("deadline", date(2026, 9, 30), "2026-06-01")},
         "plans.changed_meanwhile"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused_whole(kind, value, more, code):
    year = small_year("planned")
    before = last_seq()

    found = tried(lambda: change(year, kind, value, **more))

    assert (found, last_seq(), Adjustment.objects.count()) == (code, before, 0)
    assert year.assignment("2").deadline == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2025, 12, 31), "plans.day_outside"),
        (date(2032, 1, 1), "plans.day_outside"),
        (date(2031, 12, 31), "ok"),
        (date(2026, 7, 31), "ok"),
    ],
)
def test_a_limit_in_another_age_is_a_slip_of_the_pen(day, code):
    year = small_year("planned")

    assert tried(lambda: change(year, "deadline", day)) == code


def test_a_limit_before_the_year_is_refused_on_the_page_of_issue_too():
    year = small_year("prepared")
    row = year.assignment("2")
    edit = Edit(row.task_id, row.revision, {"deadline": date(2019, 1, 1)})

    assert (
        tried(lambda: assign(task_list=year.list, edits=[edit], by=CONSOLE, now=NOW)) == "plans.day_outside"
    )


def test_a_lead_that_owes_nothing_is_refused():
    year = small_year("planned")

    assert tried(lambda: change(year, "lead", year.unit("市公安局").pk)) == "plans.lead_owes_nothing"


def test_before_the_issue_the_office_changes_the_table_instead():
    year = small_year("assigned")

    assert tried(lambda: change(year, "deadline", date(2026, 9, 30))) == "adjust.not_issued"
    assert tried(lambda: wish(year)) == "adjust.not_issued"


def test_a_request_is_asked_once_and_refused_with_its_reason():
    year = small_year("planned")
    unit = someone(PostRole.LIAISON, year.unit("市教育局"))
    officer = someone(PostRole.SUPERVISOR, year.government)
    before = last_seq()
    asked = wish(year, by=unit)

    again = tried(lambda: wish(year, by=unit))
    silent = tried(lambda: refuse_request(request=asked, revision=1, answer=" ", by=officer, now=NOW))
    stale = tried(lambda: refuse_request(request=asked, revision=9, answer="理由", by=officer, now=NOW))
    refuse_request(request=asked, revision=1, answer="仍按原定时限办理", by=officer, now=NOW)
    twice = tried(lambda: refuse_request(request=asked, revision=2, answer="理由", by=officer, now=NOW))
    anew = wish(year, by=unit, wanted="2026-07-31")

    asked.refresh_from_db()
    assert (again, silent, stale, twice) == (
        "adjust.asked_already", "adjust.answer_needed", "plans.changed_meanwhile", "workflow.not_now",
    )  # fmt: skip
    assert (asked.state, asked.answer, asked.decided_by, anew.state) == (
        "refused", "仍按原定时限办理", officer.label, "asked",
    )  # fmt: skip
    assert kinds_since(before) == ["change.asked", "change.refused", "change.asked"]


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ({"reason": " "}, "adjust.wish_incomplete"),
        ({"progress": ""}, "adjust.wish_incomplete"),
        ({"wanted": "月底"}, "adjust.value_needed"),
        ({"kind": "lead", "wanted": "市财政局"}, "adjust.value_needed"),
        ({"kind": "lead", "wanted": "9" * 40}, "plans.lead_owes_nothing"),
        ({"kind": "city_leader", "wanted": "秦某某"}, "adjust.no_such_kind"),
        ({"kind": "resumed", "wanted": ""}, "adjust.not_now"),
        ({"unit": "澜桥区政府"}, "adjust.lead_asks"),
    ],
)
def test_a_request_that_cannot_be_is_refused(case, code):
    year = small_year("planned")

    assert tried(lambda: wish(year, **case)) == code


def test_who_may_ask_and_who_may_refuse():
    year = small_year("planned")
    people = {
        role: someone(PostRole(role), year.government) for role in ("supervisor", "city_leader", "appraiser")
    }
    people |= {"lead": someone(PostRole.PRINCIPAL, year.unit("市教育局"))}
    people |= {"shares": someone(PostRole.LIAISON, year.unit("澜桥区政府"))}

    found = {}
    for name, by in people.items():
        ChangeRequest.objects.all().delete()
        asked = tried(lambda by=by: wish(year, by=by))
        row = ChangeRequest.objects.first() or wish(year)
        refused = tried(
            lambda by=by, row=row: refuse_request(request=row, revision=1, answer="x", by=by, now=NOW)
        )
        found[name] = (asked, refused)

    assert found == {
        "supervisor": ("ok", "ok"),
        "city_leader": ("plans.own_unit_only", "ok"),
        "appraiser": ("plans.own_unit_only", "plans.office_issues"),
        "lead": ("ok", "plans.office_issues"),
        "shares": ("plans.own_unit_only", "plans.office_issues"),
    }


def test_a_request_is_granted_once_and_only_for_what_it_asks():
    year = small_year("planned")
    asked = wish(year)

    other = tried(lambda: change(year, "target", "90家", request=asked))
    change(year, "deadline", date(2026, 9, 30), request=asked)
    twice = tried(lambda: change(year, "deadline", date(2026, 10, 31), request=asked, approval=SECRETARY))

    assert (other, twice) == ("adjust.other_request", "workflow.not_now")
    assert asked.adjustment.after == "2026-09-30"
    assert Plan.objects.get(task=year.task("2")).year_target == "100家"


def test_a_wanted_lead_is_read_by_its_name():
    year = small_year("planned")
    rows = [wish(year, kind="lead", wanted=str(year.unit("澜桥区政府").pk)), wish(year)]

    assert wanted_words(rows) == {rows[0].pk: "澜桥区政府", rows[1].pk: "2026-09-30"}


def test_adjustments_are_seen_with_the_task_and_requests_by_who_asked():
    year = small_year("planned")
    change(year, "target", "90家")
    wish(year)
    people = {
        "office": someone(PostRole.SUPERVISOR, year.government),
        "lead": someone(PostRole.LIAISON, year.unit("市教育局")),
        "shares": someone(PostRole.LIAISON, year.unit("澜桥区政府")),
        "owes nothing": someone(PostRole.LIAISON, year.unit("市公安局")),
        "auditor": someone(PostRole.AUDITOR, year.government),
        "elsewhere": someone(PostRole.SUPERVISOR, another_city()),
    }

    seen = {
        name: (Adjustment.objects.visible_to(by).count(), ChangeRequest.objects.visible_to(by).count())
        for name, by in people.items()
    }

    assert seen == {
        "office": (1, 1), "lead": (1, 1), "shares": (1, 0), "owes nothing": (0, 0), "auditor": (0, 0), "elsewhere": (0, 0),
    }  # fmt: skip


def test_the_database_keeps_adjustments_as_they_were():
    year = small_year("planned")
    change(year, "target", "90家")

    for act in (lambda: Adjustment.objects.update(after="1家"), lambda: Adjustment.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_database_itself_refuses_an_answer_without_words():
    year = small_year("planned")
    wish(year)

    for wrong in (
        {"state": "refused", "decided_by": "x"},
        {"state": "granted"},
        {"reason": ""},
        {"kind": "dance"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChangeRequest.objects.update(**wrong)


def test_marked_text_is_refused():
    year = small_year("planned")

    with pytest.raises(Invalid):
        change(year, "deadline", date(2026, 9, 30), basis=BASIS._replace(reason="机密★1年"))
