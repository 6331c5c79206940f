"""A unit that took another's place in mid-year sees, fills and signs what the other owed, from the day on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import NOW, account_of, someone
from tests.building_year import PROGRESS, moment, small_year

from duban.coordination.models import Problem
from duban.coordination.operations import take_up_problems
from duban.directory.models import UnitSuccession, User
from duban.directory.operations import merge_units
from duban.directory.queries import mergers_on, seats_of
from duban.domain.errors import NotAllowed
from duban.domain.posts import CONSOLE, OWN_UNIT, Acting, PostRole
from duban.overview.queries import ledger
from duban.overview.todo import todo
from duban.overview.units import unit_lines, unit_orders, unit_task_rows
from duban.plans.adjustment import Wish, ask
from duban.plans.models import Plan, Receipt
from duban.plans.models_refinement import ChangeRequest
from duban.plans.operations import Edit, refine, sign_for
from duban.progress.models import Obligation, SignOff
from duban.progress.operations import Entry, Signature, check_code, save_drafts, send_sheet, sign_off
from duban.register.models import Task, TaskList
from duban.supervision.consultation import open_consultation
from duban.supervision.models import SupervisionOrder
from duban.supervision.models_consultation import ConsultationRow
from duban.supervision.operations import OrderDraft, draft_order, move_order

pytestmark = pytest.mark.django_db
OLD, NEW, LATER = "市民政局", "市司法局", "市审计局"  # the two last owe nothing on the small list
ON = date(2026, 4, 6)
EVE = ON - timedelta(days=1)
AFTER = moment(4, 7)
BASIS = "云编办发〔2026〕3号"


def merge(year, old=OLD, new=NEW, on=ON):
    merge_units(froms=[year.unit(old)], into=year.unit(new), on=on, basis=BASIS, by=CONSOLE, now=NOW)


def sitting(year, role=PostRole.LIAISON, name=NEW, day=ON) -> Acting:
    """A new person in a post of a unit, as the directory knows them on a day."""
    [seat] = seats_of(account_of(someone(role, year.unit(name))), day)
    return seat


def merged(until: str = "opened"):
    year = small_year(until)
    merge(year)
    return year


def keys(rows):
    return sorted(rows.values_list("task__key", flat=True))


def served(year):
    """An order about task 3, served on its lead."""
    draft = OrderDraft(
        year.task("3"), year.unit(OLD), "食堂建设滞后", "清单第3项", "请加快办理。", date(2026, 4, 20)
    )
    order = draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 3))
    steps = (
        ("submit", {}),
        ("approve", {"by": "主任", "on": date(2026, 4, 3), "approval": "paper"}),
        ("serve", {"on": date(2026, 4, 3)}),
    )
    for action, values in steps:
        order = move_order(
            order=order, revision=order.revision, action=action, values=values, by=CONSOLE, now=moment(4, 3)
        )
    return order


# What a post answers for


@pytest.mark.parametrize("role", PostRole)
def test_only_posts_of_a_unit_answer_for_it_and_its_predecessors(role):
    acting = Acting(label="某人", unit=1, role=role, predecessors=frozenset({2, 3}))

    assert [acting.answers(unit) for unit in (1, 2, 3, 4, None)] == [role in OWN_UNIT] * 3 + [False] * 2
    assert acting.answers_for == ({1, 2, 3} if role in OWN_UNIT else frozenset())


def test_a_post_without_a_unit_answers_for_nothing():
    acting = Acting(label="某人", role=PostRole.LIAISON, predecessors=frozenset({2}))

    assert (acting.answers_for, acting.answers(2), CONSOLE.answers_for) == (frozenset(), False, frozenset())


def test_seats_carry_predecessors_from_the_day_on_to_the_end_of_the_mergers():
    year = merged("published")
    merge(year, NEW, LATER, on=date(2026, 9, 1))
    users = [account_of(someone(PostRole.LIAISON, year.unit(name))) for name in (LATER, "市财政局")]
    middle = sitting(year)
    old, new = year.unit(OLD).pk, year.unit(NEW).pk

    found = [[seats_of(user, day)[0].predecessors for user in users] for day in (EVE, ON, date(2026, 9, 1))]

    assert found == [[set(), set()], [set(), set()], [{old, new}, set()]]
    assert middle.predecessors == {old}


def test_a_post_left_open_in_the_unit_that_ended_keeps_its_own_and_takes_nothing_more():
    year = small_year("opened")
    kept = sitting(year, name=OLD)
    UnitSuccession.objects.create(
        from_unit=year.unit("市教育局"), to_unit=year.unit(OLD), on=EVE, kind="abolish", basis=BASIS
    )
    UnitSuccession.objects.create(
        from_unit=year.unit(OLD), to_unit=year.unit(NEW), on=ON, kind="abolish", basis=BASIS
    )

    [seat] = seats_of(User.objects.get(person=kept.person), ON)

    assert (seat, seat.answers_for) == (kept, {year.unit(OLD).pk})
    assert keys(Obligation.objects.visible_to(seat)) == ["3"]


def test_seats_cost_one_query_and_a_second_where_a_unit_took_over(django_assert_num_queries):
    year = merged("published")
    for name in ("市公安局", "市审计局"):
        merge(year, name)
    users = [account_of(someone(PostRole.LIAISON, year.unit(name))) for name in ("市财政局", NEW)]

    for user, queries in zip(users, (1, 2), strict=True):
        with django_assert_num_queries(queries):
            seats_of(user, ON)


# What it sees


def test_the_successor_sees_what_was_owed_and_nobody_elses():
    year = small_year("reviewed")
    served(year)
    take_up_problems(period=year.period, by=CONSOLE, now=moment(4, 3))
    wish = Wish("deadline", "2026-11-30", "用地手续调整", "已建成5所")
    lead = someone(PostRole.LIAISON, year.unit(OLD))
    ask(task=year.task("3"), unit=year.unit(OLD).pk, wish=wish, by=lead, now=moment(4, 3))
    merge(year)
    scopes = {
        "lists": TaskList.objects,
        "tasks": Task.objects,
        "rows": Obligation.objects,
        "receipts": Receipt.objects,
        "orders": SupervisionOrder.objects,
        "problems": Problem.objects,
        "requests": ChangeRequest.objects,
    }
    seats = [sitting(year), sitting(year, name=LATER), sitting(year, day=EVE)]

    found = {name: [rows.visible_to(seat).count() for seat in seats] for name, rows in scopes.items()}

    own = Receipt.objects.filter(unit=year.unit(NEW)).count()
    assert found == {name: [1, 0, 0] for name in scopes} | {"receipts": [1 + own, own, own]}
    assert Task.objects.visible_to(seats[0]).get() == year.task("3")


def test_the_rows_to_be_checked_before_sealing_are_seen_by_the_successor():
    year = small_year("determined")
    open_consultation(period=year.period, by=CONSOLE, now=moment(4, 15))
    merge(year)

    rows = [ConsultationRow.objects.visible_to(sitting(year, day=day)) for day in (EVE, ON)]

    assert [keys(each) for each in rows] == [[], ["3"]]


def test_lines_of_the_predecessor_are_the_successors_to_read():
    year = small_year("opened")
    order = served(year)
    merge(year)
    seat, old = sitting(year), year.unit(OLD)

    assert [
        (row.key, row.lead, row.leads)
        for row in unit_task_rows(year.list.pk, old.pk, seat, month=3, mergers=mergers_on(ON))
    ] == [("3", f"{NEW}（原{OLD}）", True)]
    assert [(line.line.task, line.role) for line in unit_lines(year.list.pk, old.pk, seat, ON)] == [
        (year.task("3").pk, "lead")
    ]
    assert [each.pk for each in unit_orders(year.list.pk, old.pk, seat)] == [order.pk]


def test_the_ledger_goes_on_naming_the_unit_that_was_printed():
    year = small_year("opened")
    reader = someone(PostRole.SUPERVISOR, year.government)
    before = ledger(year.list, reader)

    merge(year)

    assert ledger(year.list, reader) == before
    [line] = ledger(year.list, sitting(year))
    assert (line.lead, line.row.first) == (OLD, OLD)


# What it does


def acts(year):
    """What a unit does about task 3, by name; each takes who acts."""
    unit, row = year.unit(OLD).pk, year.row("3")
    said = {"progress": PROGRESS, "value": "20家", "problem": "", "next_step": "二季度开工"}
    sheet = {"period": year.period, "unit": unit, "now": AFTER}
    plan = Plan.objects.get(task=row.task_id, unit=unit)
    order = SupervisionOrder.objects.get()
    return {
        "sign for the list": lambda by: sign_for(
            task_list=year.list, units=[unit], how="click", by=by, now=AFTER
        ),
        "fill the plan": lambda by: refine(
            task_list=year.list,
            unit=unit,
            edits=[Edit(row.task_id, plan.revision, {"contact": "钱某某"})],
            by=by,
            now=AFTER,
        ),
        "keep a row": lambda by: save_drafts(**sheet, entries=[Entry(row.pk, 0, said)], by=by),
        "send the sheet": lambda by: send_sheet(**sheet, channel="page", by=by),
        "sign on paper": lambda by: sign_off(
            **sheet, signature=Signature("paper", "赵某某", date(2026, 4, 7), "1号"), by=by
        ),
        "sign for an order": lambda by: move_order(
            order=order,
            revision=order.revision,
            action="sign_for",
            values={"by": "钱某某", "on": AFTER.date()},
            by=by,
            now=AFTER,
        ),
    }


def test_the_successor_does_what_the_predecessor_owed():
    year = merged()
    served(year)
    liaison = sitting(year)

    for act in acts(year).values():
        act(liaison)

    row = year.row("3")
    assert (row.state, row.unit.name, row.current.actor) == ("sent", OLD, liaison.label)
    assert Plan.objects.get(task=row.task, unit=year.unit(OLD)).contact == "钱某某"
    assert Receipt.objects.get(unit=year.unit(OLD)).state == "signed"
    assert SignOff.objects.values_list("unit__name", "kind").get() == (OLD, "paper")
    assert SupervisionOrder.objects.get().state == "signed_for"


def test_nobody_does_it_before_the_day_or_from_another_unit():
    year = merged()
    served(year)

    for by in (sitting(year, day=EVE), sitting(year, name=LATER)):
        for act in acts(year).values():
            with pytest.raises(NotAllowed):
                act(by)

    assert year.row("3").state == "owed"


def test_the_successors_principal_signs_by_click_its_liaison_does_not():
    year = small_year("sent")
    merge(year)
    principal, liaison = (sitting(year, role) for role in (PostRole.PRINCIPAL, PostRole.LIAISON))
    sheet = {"period": year.period, "unit": year.unit(OLD).pk}
    signature = Signature("click", principal.label, AFTER.date(), check_code=check_code(**sheet)[0])
    act = {**sheet, "signature": signature, "now": AFTER}

    with pytest.raises(NotAllowed):
        sign_off(**act, by=liaison)
    sign_off(**act, by=principal)

    assert SignOff.objects.get().unit == year.unit(OLD)


# What waits for it


def test_to_do_lists_what_the_predecessor_owes_under_its_name():
    year = merged()
    served(year)
    Plan.objects.filter(unit=year.unit(OLD)).update(contact="")
    title, old = f"{OLD} · {year.list.title}", year.unit(OLD).pk

    found = todo([sitting(year)], AFTER.date())

    theirs = [(row.kind, row.list_title, row.unit) for row in found if row.unit == old]
    assert theirs == [(kind, title, old) for kind in ("report", "order", "receipt", "plan")]
    own = [(row.kind, row.list_title) for row in found if row.unit != old]
    assert own == [("receipt", year.list.title)] * Receipt.objects.filter(unit=year.unit(NEW)).count()


def test_to_do_of_others_and_of_the_day_before_says_nothing_of_it():
    year = merged()
    seats = [sitting(year, day=EVE), sitting(year, name=LATER)]

    assert {row.unit for seat in seats for row in todo([seat], AFTER.date())} & {year.unit(OLD).pk} == set()


def test_to_do_costs_one_query_more_however_many_units_were_taken_over():
    year = small_year("opened")
    seats = [sitting(year)]
    merge(year)
    seats.append(sitting(year))
    for name in ("市教育局", "市工业和信息化局"):
        merge(year, name)
    seats.append(sitting(year))

    costs = []
    for seat in seats:
        with CaptureQueriesContext(connection) as queries:
            todo([seat], AFTER.date())
        costs.append(len(queries))

    assert [cost - costs[0] for cost in costs] == [0, 1, 1]
