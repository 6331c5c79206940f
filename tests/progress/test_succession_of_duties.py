"""A lead that merged into another unit: who owes the next period, whom one calls, what its rows are marked with."""

from __future__ import annotations

from datetime import date

import pytest
from tests.building import NOW, someone
from tests.building_year import Year, moment, opened, small_year

from duban.directory.models import Person, UnitSuccession
from duban.directory.operations import Seat, appoint, merge_units
from duban.directory.queries import mergers_on
from duban.domain.calendar_data import CALENDAR
from duban.domain.digests import NoticeKind
from duban.domain.lights import Light
from duban.domain.posts import CONSOLE, PostRole
from duban.notices.digests import plan_notices
from duban.overview.dashboard import overview_of
from duban.overview.units import sheets_of, unit_lines, unit_task_rows
from duban.plans.adjustment import Approval, Basis, Change, current_values
from duban.plans.operations import Edit, refine
from duban.plans.people import Hands, contacts_of, hands_of
from duban.progress.exchange import rows_of
from duban.progress.handover import adjust_and_hand_over
from duban.progress.queries import unit_rows
from duban.supervision.consultation import open_consultation
from duban.supervision.models_consultation import ConsultationRow
from duban.supervision.operations import OrderDraft, Ruling, determine, draft_order
from duban.supervision.order_queries import behind_rows, order_seed

pytestmark = pytest.mark.django_db
OLD, NEW = "市民政局", "市司法局"  # the second owes nothing on the small list
BEFORE, INSIDE, LATER = date(2026, 3, 5), date(2026, 3, 31), date(2026, 4, 1)
DAY = date(2026, 4, 8)


def merge(year: Year, on: date = BEFORE, old: str = OLD, into: str = NEW) -> None:
    merge_units(froms=[year.unit(old)], into=year.unit(into), on=on, basis="3号", by=CONSOLE, now=NOW)


def merged(on: date = BEFORE) -> Year:
    """The first quarter opened after a merger on that day."""
    year = small_year("planned")
    merge(year, on)
    opened(year)
    return year


def seated(year: Year, name: str, phone: str, role: PostRole = PostRole.LIAISON, unit: str = NEW) -> Person:
    person = Person.objects.create(name=name, phone=phone)
    appoint(seat=Seat(year.unit(unit), role, "岗位"), person=person, by=CONSOLE, now=NOW)
    return person


@pytest.mark.parametrize(("on", "owes"), [(BEFORE, NEW), (INSIDE, NEW), (LATER, OLD)])
def test_the_unit_that_answers_on_the_last_day_of_a_period_owes_its_rows(on, owes):
    year = merged(on)

    assert year.row("3").unit == year.unit(owes)
    assert {year.row(key).unit.name for key in ("1", "2")} == {"市工业和信息化局", "市教育局"}


def test_the_end_of_a_chain_of_mergers_owes():
    year = small_year("planned")
    merge(year)
    merge(year, INSIDE, NEW, "市审计局")
    opened(year)

    assert year.row("3").unit == year.unit("市审计局")


def test_a_unit_abolished_without_a_receiver_still_owes():
    year = small_year("planned")
    UnitSuccession.objects.create(from_unit=year.unit(OLD), on=BEFORE, kind="abolish", basis="3号")
    opened(year)

    assert year.row("3").unit == year.unit(OLD)


def test_rows_of_the_successor_name_the_lead_whose_place_it_took():
    year = merged()

    [row] = rows_of(year.period, year.unit(NEW).pk)

    assert (row.key, row.unit_name, row.formerly, row.year_target, row.node) == (
        "3",
        NEW,
        OLD,
        "100家",
        "25家",
    )
    assert [row.formerly for row in rows_of(year.period, year.unit("市教育局").pk)] == [""]


def test_one_calls_a_post_of_the_successor_never_the_person_the_old_plan_names():
    year = merged()
    seated(year, "吴某某", "0000-2002", PostRole.HANDLER)
    seated(year, "郑某某", "", PostRole.LIAISON)
    old, new = year.unit(OLD).pk, year.unit(NEW).pk

    assert contacts_of(year.list.pk, BEFORE.replace(day=4))[old] == ("孙某某", "0000-1001")
    found = contacts_of(year.list.pk, DAY)
    assert (found[old], found[new]) == (("吴某某", "0000-2002"),) * 2
    assert hands_of(year.list, DAY)[new, year.task("3").pk] == Hands("", "", "吴某某", "0000-2002")


def test_nobody_is_called_where_the_successor_has_no_one():
    year = merged()

    found = contacts_of(year.list.pk, DAY)

    assert found.keys() == {year.unit("市工业和信息化局").pk, year.unit("市教育局").pk}
    assert hands_of(year.list, DAY)[year.unit(NEW).pk, year.task("3").pk] == Hands()


def test_a_plan_of_the_successor_comes_before_its_posts():
    year = small_year("planned")
    merge(year, into="市教育局")
    seated(year, "吴某某", "0000-2002", unit="市教育局")

    assert contacts_of(year.list.pk, DAY)[year.unit(OLD).pk] == ("孙某某", "0000-1001")


def test_what_the_successor_fills_in_on_the_old_plan_counts_and_survives_a_new_target():
    year = merged()
    old, task = year.unit(OLD), year.task("3")
    seated(year, "吴某某", "0000-2002")
    reader = someone(PostRole.SUPERVISOR, year.government)

    def fill(revision, when, **values):
        edits = [Edit(task.pk, revision, values)]
        refine(task_list=year.list, unit=old.pk, edits=edits, by=reader, now=when)

    fill(1, moment(4, 1), year_target="120家")
    assert contacts_of(year.list.pk, DAY)[old.pk] == ("吴某某", "0000-2002")
    fill(2, moment(4, 2), contact="新某某", phone="0000-3003")
    fill(3, moment(4, 3), year_target="130家")

    assert contacts_of(year.list.pk, DAY)[old.pk] == ("新某某", "0000-3003")
    assert hands_of(year.list, DAY)[year.unit(NEW).pk, task.pk][2:] == ("新某某", "0000-3003")


def test_what_was_filled_in_before_the_merger_was_recorded_counts_no_more():
    year = small_year("planned")
    edits = [Edit(year.task("3").pk, 1, {"contact": "旧某某", "phone": "0000-5005"})]
    refine(task_list=year.list, unit=year.unit(OLD).pk, edits=edits, by=CONSOLE, now=moment(4, 1))
    merge(year)

    assert year.unit(OLD).pk not in contacts_of(year.list.pk, DAY)


def test_a_post_of_the_unit_that_ended_names_nobody_for_the_successor():
    year = small_year("planned")
    liaison = someone(PostRole.LIAISON, year.unit(OLD))
    merge(year)
    edits = [Edit(year.task("3").pk, 1, {"phone": "0000-4004"})]
    refine(task_list=year.list, unit=year.unit(OLD).pk, edits=edits, by=liaison, now=moment(3, 10))

    assert year.unit(OLD).pk not in contacts_of(year.list.pk, DAY)


def test_period_overview_and_notices_name_the_successor_and_its_people():
    year = merged()
    seated(year, "吴某某", "0000-2002")
    office = someone(PostRole.SUPERVISOR, year.government)
    day = date(2026, 4, 13)

    rows = {row.name: (row.contact, row.phone, row.heir) for row in unit_rows(year.period, office, day)}
    owing = {row.name: (row.contact, row.phone) for row in overview_of(year.list.pk, office, day).owing}
    notices = plan_notices(task_list=year.list, kind=NoticeKind.URGE_REPORT, on=day, needs_phone=True)

    assert rows[NEW] == ("吴某某", "0000-2002", "")
    assert owing[NEW] == ("吴某某", "0000-2002")
    assert OLD not in rows | owing
    told = {digest.name: digest.units for digest in notices.going}
    assert told["吴某某"] == (NEW,)
    assert OLD not in {unit for units in told.values() for unit in units}


def test_a_row_opened_before_the_merger_keeps_its_unit_and_says_who_answers():
    year = merged(LATER)
    seated(year, "吴某某", "0000-2002")
    office = someone(PostRole.SUPERVISOR, year.government)

    rows = {row.name: (row.contact, row.heir) for row in unit_rows(year.period, office, DAY)}
    owing = {row.name: (row.contact, row.heir) for row in overview_of(year.list.pk, office, DAY).owing}

    assert rows[OLD] == owing[OLD] == ("吴某某", NEW)
    assert {row.name: row.heir for row in unit_rows(year.period, office)}[OLD] == ""


def test_the_page_and_papers_of_the_successor_hold_what_it_took_over():
    year = merged()
    seated(year, "吴某某", "0000-2002")
    office = someone(PostRole.SUPERVISOR, year.government)
    old, new = year.unit(OLD).pk, year.unit(NEW).pk

    for unit in (old, new):
        [row] = unit_task_rows(year.list.pk, unit, office, month=3, mergers=mergers_on(DAY))
        assert (row.key, row.role, row.lead) == ("3", "lead", f"{NEW}（原{OLD}）")
        assert (row.division, row.contact, row.phone) == ("", "吴某某", "0000-2002")
        [line] = unit_lines(year.list.pk, unit, office, DAY)
        assert (line.line.row.key, line.role, line.line.lead) == ("3", "lead", f"{NEW}（原{OLD}）")
        assert (line.line.planned.year_target, line.line.planned.contact) == ("100家", "吴某某")
    assert unit_task_rows(year.list.pk, new, office, month=3, mergers=mergers_on(BEFORE.replace(day=4))) == []
    assert [sheet.asked for sheet in sheets_of(year.list.pk, new)] == [1]


def adjusted(year: Year, kind: str, value: str | int) -> None:
    """Task 2 changed on a basis document."""
    task = year.task("2")
    adjust_and_hand_over(
        task=task,
        change=Change(kind, value, current_values(task)[kind]),
        basis=Basis("minutes", "8号", date(2026, 4, 2), "职责调整"),
        approval=Approval("paper", "周某某", PostRole.OFFICE_DIRECTOR, date(2026, 4, 2)),
        by=CONSOLE,
        now=moment(4, 3),
    )


def test_a_change_of_the_task_leaves_the_row_with_the_successor():
    year = small_year("planned")
    merge(year, old="市教育局")
    opened(year)

    adjusted(year, "target", "9所")

    assert (year.row("2").unit.name, year.row("2").revision) == (NEW, 1)


def test_a_new_lead_that_merged_is_answered_for_by_its_successor():
    year = small_year("opened")
    merge(year, old="澜桥区政府")

    adjusted(year, "lead", year.unit("澜桥区政府").pk)

    assert year.row("2").unit.name == NEW


def test_a_row_opened_before_the_merger_stays_when_the_task_changes():
    year = small_year("opened")
    merge(year, old="市教育局")

    adjusted(year, "target", "9所")

    assert year.row("2").unit.name == "市教育局"


@pytest.mark.parametrize(("on", "asked"), [(LATER, NEW), (date(2026, 5, 1), OLD)])
def test_the_consultation_goes_to_the_unit_that_answers_on_its_day(on, asked):
    year = small_year("determined")
    merge(year, on)

    open_consultation(period=year.period, by=CONSOLE, now=moment(4, 15))

    assert ConsultationRow.objects.get(task__key="3").unit.name == asked


def test_an_order_is_drafted_to_the_successor_once():
    year = small_year("determined")
    office = someone(PostRole.SUPERVISOR, year.government)
    determine(
        period=year.period,
        rulings=[Ruling(year.task("3").pk, Light.LAGGING, "少5家。", "用地未落实")],
        by=CONSOLE,
        now=moment(4, 15),
    )
    merge(year, LATER)
    new = year.unit(NEW)

    seed = order_seed(year.task("3"), DAY, CALENDAR)
    first = behind_rows(year.list.pk, office, DAY)
    draft = OrderDraft(year.task("3"), new, "滞后", "清单", "请答复", date(2026, 4, 30))
    draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 16))

    assert (seed.unit, seed.units[0]) == (new.pk, (new.pk, NEW))
    assert OLD not in dict(seed.units).values()
    assert order_seed(year.task("3"), BEFORE, CALENDAR).unit == year.unit(OLD).pk
    [before], [after] = first, behind_rows(year.list.pk, office, DAY)
    assert (before.lead, before.ordered, after.ordered) == (f"{NEW}（原{OLD}）", False, True)
