from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.building import account_of, another_city, kinds_since, last_seq, someone, unit_of
from tests.directory.conftest import TODAY, rows

from duban.directory.models import Appointment, Person, Post
from duban.directory.queries import people_of, people_page, register_of
from duban.domain.errors import Conflict, Invalid
from duban.domain.posts import PostRole
from duban.domain.roster_people import SeatName, people_plan
from duban.domain.roster_table import Change
from duban.history.models import Event

pytestmark = pytest.mark.django_db
SHEET = "联络员登记表"
LATER = TODAY + timedelta(days=30)


def filled(office, number: int = 0) -> bytes:
    """The register with the first unit's four posts filled; `number` tells telephones apart."""
    return office.people(
        {
            SHEET: {
                "C2": "张三", "D2": "办公室", "E2": f"0999-800000{number}",
                "C3": "李四", "D3": "办公室", "E3": 13900000000,
                "C4": "王 五", "D4": "督查科", "E4": "１３８００００００００",
                "C5": "李四", "D5": "办公室", "E5": "13900000000",
            }
        }
    )  # fmt: skip


def holders(office, day=TODAY) -> dict[str, list[str]]:
    unit = office.government.units.order_by("position").first()
    return {seat.value: [row.name for row in people] for seat, people in people_of(unit, day).seats if people}


def test_people_come_in_with_numbers_as_text_and_blanks_and_one_person_in_two_posts(office):
    before = last_seq()

    plan = office.take_people(filled(office))

    assert [(change.cell, change.column, change.after) for change in plan.changes] == [
        ("C2", "姓名", "张三"),
        ("C3", "姓名", "李四"),
        ("C4", "姓名", "王五"),
        ("C5", "姓名", "李四"),
    ]
    assert sorted(Person.objects.values_list("name", "division", "phone")) == [
        ("张三", "办公室", "0999-8000000"),
        ("李四", "办公室", "13900000000"),
        ("王五", "督查科", "13800000000"),
    ]
    assert sorted(Post.objects.values_list("role", "title")) == [
        ("deputy", "分管负责同志"),
        ("liaison", "联络员A角"),
        ("liaison", "联络员B角"),
        ("principal", "主要负责同志"),
    ]
    assert kinds_since(before) == ["post.filled"] * 4
    assert not Event.objects.filter(seq__gt=before, body__contains="139").exists()


def test_register_that_went_out_changes_nothing_and_three_cells_are_three_changes(office):
    office.take_people(filled(office))
    same = office.take_people(office.people())

    content = office.people({SHEET: {"E2": "0999-8111111", "D4": "综合科", "C5": "赵六"}}, LATER)
    first, again = office.take_people(content, LATER), office.take_people(content, LATER)

    assert same.changes == ()
    unit = office.government.units.order_by("position").first().name
    assert set(first.changes) == {
        Change(SHEET, "E2", "张三", "电话", "0999-8000000", "0999-8111111"),
        Change(SHEET, "D4", "王五", "处室", "督查科", "综合科"),
        Change(SHEET, "C5", f"{unit} 联络员B角", "姓名", "李四", "赵六"),
    }
    assert len(first.changes) == 3
    assert again.changes == ()
    assert [holders(office, day)["联络员B角"] for day in (TODAY, LATER)] == [["李四"], ["赵六"]]
    assert office.take_people(office.people(day=LATER), LATER).changes == ()


def test_blank_name_empties_a_post_and_a_post_not_named_stays(office):
    office.take_people(filled(office))

    office.take_people(
        office.people({SHEET: {"C2": "", "A5": "", "B5": "", "C5": "", "D5": "", "E5": ""}}, LATER), LATER
    )
    assert holders(office, LATER) == {"分管负责同志": ["李四"], "联络员A角": ["王五"], "联络员B角": ["李四"]}
    assert Appointment.objects.get(person__name="张三").to_on == LATER


def test_several_handlers_fill_one_post_and_one_leaves(office):
    unit = office.government.units.order_by("position").first().name
    more = {"A500": unit, "B500": "承办人", "C500": "甲", "A501": unit, "B501": "承办人", "C501": "乙"}
    office.take_people(office.people({SHEET: more}))

    plan = office.take_people(office.people({SHEET: {"C6": "丙"}}, LATER), LATER)

    assert [(change.before, change.after) for change in plan.changes] == [("甲", "丙")]
    assert holders(office, LATER) == {"承办人": ["乙", "丙"]}
    assert Post.objects.count() == 1


def test_every_wrong_cell_is_named(office):
    office.take_people(filled(office))
    first, second = (unit.name for unit in office.government.units.order_by("position")[:2])
    content = office.people(
        {
            SHEET: {
                "A500": "市教育居", "B500": "承办人", "C500": "甲",
                "A501": second, "B501": "联络员C角", "C501": "甲",
                "A502": first, "B502": "主要负责同志", "C502": "钱七",
                "A503": second, "B503": "承办人", "C503": "孙八", "E503": "801",
                "A504": second, "B504": "承办人", "C504": "孙八", "E504": "802",
            }
        }
    )  # fmt: skip
    before = Person.objects.count()

    plan = people_plan(rows(content), register_of(office.government, TODAY))
    with pytest.raises(Invalid):
        office.take_people(content)

    assert {(p.cell, p.value, p.reason.code, p.suggestion) for p in plan.problems} == {
        ("A500", "市教育居", "roster.no_such_unit", "市教育局"),
        ("B501", "联络员C角", "roster.not_a_word", "联络员B角"),
        ("C502", "钱七", "roster.one_person", ""),
        ("E504", "802", "roster.differs", "801"),
        ("C504", "孙八", "roster.person_twice", ""),
    }
    assert Person.objects.count() == before


def test_same_name_and_telephone_in_another_unit_is_the_same_person(office):
    office.take_people(filled(office))

    office.take_people(office.people({SHEET: {"C7": "李四", "E7": "139 0000 0000", "C8": ""}}), LATER)

    assert sorted(Person.objects.filter(name="李四").values_list("phone", flat=True)) == ["13900000000"]


def test_people_agreed_to_are_refused_when_somebody_else_was_quicker(office):
    content = filled(office, 1)
    shown = people_plan(rows(content), register_of(office.government, TODAY)).fingerprint
    office.take_people(filled(office, 2))

    with pytest.raises(Conflict):
        office.take_people(content, shown=shown)

    assert Person.objects.get(name="张三").phone == "0999-8000002"


def test_vacant_posts_are_counted_and_units_that_have_them_stand_first(office):
    office.take_people(filled(office))

    figures, units = people_page(office.government, TODAY)

    assert (figures.units, figures.vacant, figures.people, len(figures.without)) == (
        len(units),
        4 * (len(units) - 1),
        3,
        3,
    )
    assert units[-1].name == office.government.units.order_by("position").first().name
    assert (units[-1].vacant, units[0].vacant) == ((), tuple(SeatName)[:4])
    assert (units[-1].headcount, units[-1].with_account) == (3, 0)


def test_people_page_costs_three_queries_however_many_there_are(office, django_assert_num_queries):
    someone(PostRole.SUPERVISOR, office.government)
    with django_assert_num_queries(3):
        people_page(office.government, TODAY)
    office.take_people(filled(office))
    someone(PostRole.SUPERVISOR, office.government)
    with django_assert_num_queries(3):
        people_page(office.government, TODAY)


def test_people_of_another_government_are_not_on_the_page(office):
    elsewhere = another_city()
    account_of(someone(PostRole.LIAISON, unit_of(elsewhere, "市教育局")))
    account_of(someone(PostRole.SUPERVISOR, elsewhere))

    figures, _ = people_page(office.government, TODAY)

    assert figures.people == 0
    assert register_of(office.government, date(2026, 1, 1)).elsewhere == ()


def test_telephones_that_are_none_are_named_and_nothing_is_written(office):
    content = office.people(
        {SHEET: {"C2": "张三", "E2": "abc电话", "C3": "李四", "E3": 1380013, "E4": "内线"}}
    )

    plan = people_plan(rows(content), register_of(office.government, TODAY))

    assert [(p.sheet, p.cell, p.value, p.reason.code) for p in plan.problems] == [
        (SHEET, "E2", "abc电话", "roster.not_a_phone"),
        (SHEET, "E3", "1380013", "roster.not_a_phone"),
    ]
    with pytest.raises(Invalid):
        office.take_people(content)
    assert Person.objects.count() == 0


def test_a_telephone_that_is_stored_already_is_not_asked_again(office):
    office.take_people(filled(office))
    Person.objects.filter(name="张三").update(phone="见通讯录")

    plan = office.take_people(office.people())
    moved = people_plan(
        rows(office.people({SHEET: {"C3": "赵六", "E3": "见通讯录"}})), register_of(office.government, TODAY)
    )

    assert (plan.changes, plan.problems) == ((), ())
    assert [problem.cell for problem in moved.problems] == ["E3"]
