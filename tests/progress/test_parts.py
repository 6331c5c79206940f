"""配合情况: asked by the lead, said by the supporting unit, returned or withdrawn; nothing waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone
from tests.building import NOW, someone
from tests.building_year import drafted, moment, sent, small_year

from duban.directory.operations import merge_units
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Event
from duban.history.presenters import lines
from duban.plans.models import Assignment
from duban.progress.burden import burden
from duban.progress.models import Part
from duban.progress.operations import move_period
from duban.progress.part_queries import parts_of_rows, parts_wanted, supporting_units
from duban.progress.parts import ask_parts, due_of_parts, give_part, return_part, withdraw_part

pytestmark = pytest.mark.django_db
LEAD, HELPER, OTHER, STRANGER = "市民政局", "市财政局", "市教育局", "市审计局"
DAY = date(2026, 4, 1)


@pytest.fixture
def year():
    return small_year("opened")


@pytest.fixture
def lead(year):
    return someone(PostRole.LIAISON, year.unit(LEAD))


@pytest.fixture
def helper(year):
    return someone(PostRole.LIAISON, year.unit(HELPER))


def ask(year, *names: str, by=CONSOLE, question: str = "资金拨付情况", **more) -> list[Part]:
    units = [year.unit(name).pk for name in names or (HELPER,)]
    given = {"obligation": year.row("3"), "units": units, "question": question, **more}
    return ask_parts(**given, by=by, now=moment(4, 1))


def give(part: Part, by=CONSOLE, text: str = "已拨付1200万元", revision: int = 0) -> Part:
    return give_part(part=part, revision=revision or part.revision, text=text, by=by, now=moment(4, 2))


def test_the_whole_walk_of_a_part(year, lead, helper):
    seq = Event.objects.order_by("-seq")[0].seq
    one, two = ask(year, HELPER, OTHER, by=lead)
    first = (one.unit.name, one.state, one.question, one.asked_on, one.due_on, one.revision)
    given = give(one, helper, " 已拨付1200万元 ")
    said = (given.state, given.text, given.given_on, given.on_behalf, given.revision)
    back = return_part(part=given, revision=2, reason="请补充时间", by=lead, now=moment(4, 3))
    returned = (back.state, back.text, back.reason, back.given_on, back.revision)
    again = give(back, CONSOLE, "3月已拨付1200万元")
    withdraw_part(part=two, revision=1, by=lead, now=moment(4, 3))
    events = Event.objects.filter(seq__gt=seq).order_by("seq")

    due = year.period.due_on
    assert first == (HELPER, "asked", "资金拨付情况", DAY, one.due_on, 1)
    assert (one.due_on < due, (due - one.due_on).days <= 9) == (True, True)
    assert said == ("given", "已拨付1200万元", date(2026, 4, 2), False, 2)
    assert returned == ("asked", "已拨付1200万元", "请补充时间", None, 3)
    assert (again.state, again.reason, again.on_behalf) == ("given", "", True)
    assert [event.kind for event in events] == [
        "part.asked", "part.asked", "part.give", "part.return", "part.give", "part.withdraw",
    ]  # fmt: skip
    told = [str(line.sentence) for line in lines(events)]
    assert told[0].endswith(f"请{HELPER}提供配合情况，{one.due_on} 前：资金拨付情况")
    assert told[2].endswith(f"{HELPER}提供配合情况：已拨付1200万元")
    assert told[3].endswith(f"{HELPER}的配合情况退回补充：请补充时间")
    assert told[5].endswith(f"不再请{OTHER}提供配合情况")
    assert {event.task_id for event in events} == {year.task("3").pk}


def test_a_withdrawn_part_may_be_asked_for_again_a_standing_one_may_not(year, lead):
    [one] = ask(year, by=lead)
    with pytest.raises(Conflict) as twice:
        ask(year, HELPER, OTHER, by=lead)
    withdraw_part(part=one, revision=1, by=lead, now=moment(4, 1))
    ask(year, by=lead)

    assert twice.value.message.code == "parts.asked_already"
    assert sorted(Part.objects.values_list("state", flat=True)) == ["asked", "withdrawn"]


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("parts.no_unit", {"units": []}),
        ("parts.question_needed", {"question": "  "}),
        ("parts.question_too_long", {"question": "问" * 121}),
        ("parts.due_outside", {"due_on": date(2026, 3, 31)}),
        ("parts.due_outside", {"due_on": date(2026, 12, 1)}),
    ],
)
def test_what_cannot_be_asked(year, lead, code, given):
    with pytest.raises(Invalid) as refused:
        ask(year, by=lead, **given)

    assert (refused.value.message.code, Part.objects.count()) == (code, 0)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 4, 1), date(2026, 4, 9)),  # the working day before the row is due
        (date(2026, 4, 9), date(2026, 4, 13)),
        (date(2026, 4, 10), date(2026, 4, 14)),
        (date(2026, 4, 14), date(2026, 4, 15)),  # the period closes
        (date(2026, 4, 16), date(2026, 4, 20)),
        (date(2026, 12, 31), date(2027, 1, 4)),  # no notice for the year yet
    ],
)
def test_a_unit_has_time_to_give_its_part(year, today, due):
    year.period.due_on, year.period.lock_on = date(2026, 4, 10), date(2026, 4, 15)
    year.period.save()
    now = datetime.combine(today, time(12), tzinfo=get_current_timezone())
    units = [year.unit(HELPER).pk]
    [part] = ask_parts(obligation=year.row("3"), units=units, question="进度", by=CONSOLE, now=now)

    assert (part.due_on, due_of_parts(year.period, today)) == (due, due)


def test_too_many_words_are_counted(year, helper):
    [part] = ask(year)
    with pytest.raises(Invalid) as refused:
        give(part, helper, "字" * 153)

    assert str(refused.value.message) == "配合情况共 153 字，最多 150 字，请精简。"


@pytest.mark.parametrize("name", [STRANGER, LEAD])
def test_only_the_other_units_of_the_task_are_asked(year, lead, name):
    with pytest.raises(Invalid) as refused:
        ask(year, HELPER, name, by=lead)

    assert (refused.value.message.code, Part.objects.count()) == ("parts.owes_nothing", 0)


def test_nothing_is_asked_for_a_task_off_line(year, lead):
    Assignment.objects.filter(task=year.task("3")).update(offline=True)

    with pytest.raises(Invalid) as refused:
        ask(year, by=lead)

    assert refused.value.message.code == "parts.offline"


def test_a_row_sent_and_a_period_closed_end_it(year, lead, helper):
    [one] = ask(year, by=lead)
    drafted(year)
    sent(year)
    steps = [
        lambda: ask(year, OTHER, by=lead),
        lambda: give(one, helper),
        lambda: withdraw_part(part=one, revision=1, by=lead, now=moment(4, 2)),
    ]
    codes = []
    for state in ("sent", "closed"):
        if state == "closed":
            move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 3))
        for step in steps:
            with pytest.raises(Conflict) as refused:
                step()
            codes.append(refused.value.message.code)

    assert codes == ["parts.row_sent"] * 3 + ["progress.period_closed"] * 3
    assert year.row("3").state == "sent"  # a part not given held nothing up


def test_who_may_ask_and_who_may_say(year, lead, helper):
    stranger = someone(PostRole.LIAISON, year.unit(STRANGER))
    leader = someone(PostRole.CITY_LEADER, year.government)
    office = someone(PostRole.SUPERVISOR, year.government)
    for by in (stranger, leader, helper):
        with pytest.raises(NotAllowed):
            ask(year, by=by)
    [one] = ask(year, by=office)
    for by in (stranger, leader, lead):
        with pytest.raises(NotAllowed):
            give(one, by)
    one = give(one, office)
    for by in (stranger, leader, helper):
        with pytest.raises(NotAllowed):
            return_part(part=one, revision=2, reason="补充", by=by, now=moment(4, 3))
        with pytest.raises(NotAllowed):
            withdraw_part(part=one, revision=2, by=by, now=moment(4, 3))

    one.refresh_from_db()
    assert (one.state, one.on_behalf, one.revision) == ("given", True, 2)


def test_the_second_of_two_people_is_told(year, lead, helper):
    [one] = ask(year, by=lead)
    give(one, helper)
    steps = [
        lambda: give(one, helper, "另一说法", revision=1),
        lambda: withdraw_part(part=one, revision=1, by=lead, now=moment(4, 3)),
        lambda: return_part(part=one, revision=1, reason="补充", by=lead, now=moment(4, 3)),
    ]
    for step in steps:
        with pytest.raises(Conflict) as refused:
            step()
        assert refused.value.message.code == "parts.changed_meanwhile"
    with pytest.raises(Conflict) as not_now:
        give(one, helper, revision=2)

    one.refresh_from_db()
    assert not_now.value.message.code == "workflow.not_now"
    assert one.text == "已拨付1200万元"


@pytest.mark.parametrize("text", ["", " ", "字" * 151])
def test_words_and_reasons_are_needed(year, lead, helper, text):
    [one] = ask(year, by=lead)
    with pytest.raises(Invalid):
        give(one, helper, text)
    one = give(one, helper)
    with pytest.raises(Invalid):
        return_part(part=one, revision=2, reason=text, by=lead, now=moment(4, 3))


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lost"},
        {"state": "given"},
        {"state": "given", "given_on": DAY},
        {"given_on": DAY, "text": "已拨付"},
        {"question": ""},
        {"due_on": date(2026, 3, 1)},
    ],
)
def test_the_database_refuses_what_cannot_be(year, fields):
    [one] = ask(year)

    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.filter(pk=one.pk).update(**fields)


def test_the_database_knows_a_unit_once_for_a_row_while_it_stands(year):
    one, two = ask(year, HELPER, OTHER)

    with pytest.raises(IntegrityError), transaction.atomic():
        Part.objects.filter(pk=two.pk).update(unit=one.unit)


def test_who_sees_which_parts(year, lead):
    ask(year, HELPER, OTHER, by=lead)
    seen = {}
    for role in PostRole:
        for name in (LEAD, HELPER, STRANGER):
            own = role in (PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER)
            by = someone(role, year.unit(name) if own else year.government)
            units = Part.objects.visible_to(by).values_list("unit__name", flat=True)
            seen[role, name] = sorted(units)

    both, none = sorted([HELPER, OTHER]), []
    admins = (PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN, PostRole.AUDITOR)
    for (role, name), units in seen.items():
        if role in admins:
            assert units == none
        elif role in (PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER):
            assert units == {LEAD: both, HELPER: [HELPER], STRANGER: none}[name]
        else:
            assert units == both


def test_the_successor_is_asked_and_answers(year, lead):
    [one] = ask(year, by=lead)
    merge_units(
        froms=[year.unit(HELPER), year.unit(OTHER)],
        into=year.unit(STRANGER),
        on=DAY,
        basis="3号",
        by=CONSOLE,
        now=NOW,
    )
    heir = someone(PostRole.LIAISON, year.unit(STRANGER))
    heir = replace(heir, predecessors=frozenset({year.unit(HELPER).pk, year.unit(OTHER).pk}))
    row = year.row("3")
    offered = [name for _, name in supporting_units([row], DAY)[row.pk]]
    [two] = ask(year, OTHER, by=lead)
    give(one, heir)

    assert (STRANGER in offered, HELPER in offered, OTHER in offered) == (True, False, False)
    assert offered.count(STRANGER) == 1
    assert two.unit == year.unit(STRANGER)
    assert Part.objects.get(pk=one.pk).state == "given"


def test_a_lead_that_merged_is_not_asked_by_itself(year):
    merge_units(froms=[year.unit(LEAD)], into=year.unit(HELPER), on=DAY, basis="3号", by=CONSOLE, now=NOW)
    row = year.row("3")

    offered = [name for _, name in supporting_units([row], DAY)[row.pk]]

    assert (HELPER in offered, OTHER in offered) == (False, True)


def test_rows_show_what_is_late_and_wanted(year, lead, helper):
    one, _ = ask(year, HELPER, OTHER, by=lead)
    give(one, helper)
    row = year.row("3").pk
    after = date(2026, 4, 30)

    shown = {part.unit_name: (part.open, part.late > 0) for part in parts_of_rows([row], lead, after)[row]}
    wanted = list(parts_wanted([year.unit(HELPER).pk, year.unit(OTHER).pk]))
    drafted(year)
    sent(year)

    assert shown == {HELPER: (False, False), OTHER: (True, True)}
    assert [part.unit.name for part in wanted] == [OTHER]
    assert list(parts_wanted([year.unit(OTHER).pk])) == []
    assert [part.late for part in parts_of_rows([row], lead, after)[row]] == [0, 0]
    assert parts_of_rows([row], someone(PostRole.LIAISON, year.unit(STRANGER)), after) == {}


def test_a_part_asked_is_one_cell_a_withdrawn_one_none(year, lead):
    helper = year.unit(HELPER).pk
    before = burden(year.list.pk, helper).get(helper, {})
    one, _ = ask(year, HELPER, OTHER, by=lead)
    asked = burden(year.list.pk, helper)[helper][2026, 1]
    withdraw_part(part=one, revision=1, by=lead, now=moment(4, 1))
    after = burden(year.list.pk, helper).get(helper, {})

    cells = before[2026, 1].cells if (2026, 1) in before else 0
    assert (asked.parts, asked.cells) == (1, cells + 1)
    assert after == before
