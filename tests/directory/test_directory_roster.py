from __future__ import annotations

from datetime import date

import pytest
from tests.building import NOW, kinds_since, last_seq, someone, unit_of
from tests.directory.conftest import TODAY, rows

from duban.directory.models import GroupMembership, Unit, UnitAlias, UnitName, UnitSuccession
from duban.directory.operations import take_roster
from duban.directory.queries import group_members, roster_of, unit_directory, unit_names
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE, PostRole
from duban.domain.roster import roster_plan
from duban.domain.roster_table import Change, Problem

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


def cell_of(content: bytes, text: str, sheet: str = "单位名录") -> str:
    """The row number where a text stands first."""
    for row in rows(content)[sheet]:
        for address, found in row:
            if found == text:
                return "".join(filter(str.isdigit, address))
    raise LookupError(text)


def test_roster_that_went_out_changes_nothing_when_it_comes_back(office):
    before = last_seq()

    plan = office.take(office.roster())

    assert (plan.changes, plan.problems) == ((), ())
    assert kinds_since(before) == []


def test_three_cells_are_three_changes_and_the_second_time_none(office):
    content = office.roster()
    row = cell_of(content, "市公安局")
    content = office.roster(
        {"单位名录": {f"C{row}": " 中央垂直管理单位 ", f"D{row}": "否", f"F{row}": "市局 ；云江 市警局"}}
    )

    first, again = office.take(content), office.take(content)

    assert first.changes == (
        Change("单位名录", f"C{row}", "市公安局", "类别", "政府部门", "中央垂直管理单位"),
        Change("单位名录", f"D{row}", "市公安局", "是否考核", "是", "否"),
        Change("单位名录", f"F{row}", "市公安局", "别名", "", "市局；云江市警局"),
    )
    assert again.changes == ()
    stored = unit_directory(office.government, TODAY)
    unit = next(unit for unit in stored.units if unit.key == "市公安局")
    assert (unit.kind, unit.appraised, set(unit.aliases)) == (
        "vertical",
        False,
        {"市公安局", "云江市公安局", "市局", "云江市警局"},
    )


def test_alias_may_move_from_one_unit_to_another_in_one_sheet(office):
    content = office.roster()
    one, two = cell_of(content, "市发展改革委"), cell_of(content, "市公安局")
    content = office.roster({"单位名录": {f"F{one}": "市发展和改革委员会", f"F{two}": "市发改委"}})

    office.take(content)

    assert UnitAlias.objects.get(text="市发改委").unit == unit_of(office.government, "市公安局")


def test_new_unit_and_collective_come_in_and_blank_rows_do_not_matter(office):
    content = office.roster(
        {
            "单位名录": {
                "A200": "云江市算力局",
                "B200": "市算力局",
                "C200": "政府部门",
                "E200": "通知",
                "G200": "2026年3月1日",
            },
            "统称成员": {"A300": "各试点单位", "B300": "市算力局", "B301": "市公安局；市教育局"},
        }
    )

    plan = office.take(content, day=MARCH)

    assert [(change.column, change.after) for change in plan.changes] == [
        ("全称", "云江市算力局"),
        ("成员", "市算力局"),
        ("成员", "市公安局"),
        ("成员", "市教育局"),
    ]
    unit = Unit.objects.get(key="市算力局")
    assert (unit.appraised, unit.dated_names.get().from_on) == (True, MARCH)
    assert group_members(office.government, MARCH)["各试点单位"] == ("市教育局", "市公安局", "市算力局")
    assert group_members(office.government, TODAY)["各试点单位"] == ()
    assert office.take(content, day=MARCH).changes == ()


def test_member_replaced_is_one_change_from_a_day_on(office):
    content = office.roster()
    row = cell_of(content, "岭阳县政府", "统称成员")
    content = office.roster({"统称成员": {f"B{row}": "市公安局"}})

    plan = office.take(content, day=MARCH)

    group = "各县（市、区）政府"
    assert plan.changes == (Change("统称成员", f"B{row}", group, "成员", "岭阳县政府", "市公安局"),)
    assert ["岭阳县政府" in group_members(office.government, day)[group] for day in (TODAY, MARCH)] == [
        True,
        False,
    ]
    assert ["市公安局" in group_members(office.government, day)[group] for day in (TODAY, MARCH)] == [
        False,
        True,
    ]


def test_changed_name_with_a_new_date_is_a_rename_and_without_one_a_correction(office):
    content = office.roster()
    one, two = cell_of(content, "市公安局"), cell_of(content, "市民政局")
    office.take(
        office.roster(
            {
                "单位名录": {
                    f"B{one}": "市警务局",
                    f"G{one}": date(2026, 2, 1),
                    f"B{two}": "市民政厅",
                }
            }
        )
    )

    police, civil = Unit.objects.get(key="市公安局"), Unit.objects.get(key="市民政局")
    assert (police.name, civil.name) == ("市警务局", "市民政厅")
    assert list(
        UnitName.objects.filter(unit=police).order_by("pk").values_list("name", "from_on", "to_on")
    ) == [
        ("市公安局", None, date(2026, 2, 1)),
        ("市警务局", date(2026, 2, 1), None),
    ]
    assert list(UnitName.objects.filter(unit=civil).values_list("name", "to_on")) == [("市民政厅", None)]
    assert UnitSuccession.objects.get().from_unit == police
    texts = set(UnitAlias.objects.filter(unit__in=[police, civil]).values_list("text", flat=True))
    assert texts == {"市公安局", "云江市公安局", "市警务局", "市民政厅", "云江市民政局"}
    assert unit_names(date(2026, 1, 31))[police.pk] == "市公安局"
    assert office.take(office.roster()).changes == ()


def test_every_wrong_cell_is_named_with_its_reason_and_the_nearest_word(office):
    content = office.roster()
    one, two, three = (cell_of(content, name) for name in ("市公安局", "市民政局", "市司法局"))
    content = office.roster(
        {
            "单位名录": {
                f"C{one}": "政府部们", f"D{one}": "大概", f"G{one}": "三月",
                f"B{two}": "", f"E{two}": "电话",
                f"F{three}": "市教育局",
                "A200": "云江市公安局", "B200": "市公安局",
                "A201": "云江市教育局", "B201": "市财政局",
            },
            "统称成员": {"A300": "各试点单位", "B300": "市教育居"},
        }
    )  # fmt: skip
    units_before, aliases_before = Unit.objects.count(), UnitAlias.objects.count()

    plan = roster_plan(rows(content), roster_of(office.government, TODAY))
    with pytest.raises(Invalid) as refused:
        office.take(content)

    found = {(p.sheet, p.cell, p.value, p.reason.code, p.suggestion) for p in plan.problems}
    assert found == {
        ("单位名录", f"C{one}", "政府部们", "roster.not_a_word", "政府部门"),
        ("单位名录", f"D{one}", "大概", "roster.yes_or_no", ""),
        ("单位名录", f"G{one}", "三月", "roster.not_a_date", ""),
        ("单位名录", f"B{two}", "", "roster.blank", ""),
        ("单位名录", f"E{two}", "电话", "roster.not_a_word", ""),
        ("单位名录", f"F{three}", "市教育局", "roster.name_taken", ""),
        ("单位名录", "A200", "云江市公安局", "roster.twice", ""),
        ("单位名录", "B201", "市财政局", "roster.two_units", ""),
        ("统称成员", "B300", "市教育居", "roster.no_such_unit", "市教育局"),
    }
    assert refused.value.message == Message("roster.problems", {"count": 9})
    assert (Unit.objects.count(), UnitAlias.objects.count()) == (units_before, aliases_before)


def test_workbook_without_the_heading_is_a_problem_and_not_an_empty_success(office):
    plan = roster_plan({"表1": [[("A1", "甲"), ("B1", "乙")]]}, roster_of(office.government, TODAY))

    assert plan.problems == (
        Problem("单位名录", "", "", Message("roster.no_heading", {"columns": "全称、简称"})),
    )


def test_changes_agreed_to_are_refused_when_somebody_else_was_quicker(office):
    row = cell_of(office.roster(), "市公安局")
    content = office.roster({"单位名录": {f"D{row}": "否", f"C{row}": "党委部门"}})
    shown = roster_plan(rows(content), roster_of(office.government, TODAY)).fingerprint
    office.take(office.roster({"单位名录": {f"D{row}": "否"}}))

    with pytest.raises(Conflict) as refused:
        office.take(content, shown=shown)

    assert refused.value.message.code == "roster.moved_on"
    assert Unit.objects.get(key="市公安局").kind == "department"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(role, role in {"supervisor", "office_director", "system_admin"}) for role in PostRole],
)
def test_roster_is_kept_by_these_roles_alone(office, role, allowed):
    by = someone(role, office.government)
    empty = {"单位名录": [[("A1", "全称"), ("B1", "简称")]]}
    words = {"government": office.government, "sheets": empty, "day": TODAY, "by": by, "now": NOW}

    if allowed:
        assert take_roster(**words).changes == ()
    else:
        with pytest.raises(NotAllowed):
            take_roster(**words)


def test_somebody_without_a_post_is_not_the_console(office):
    from duban.directory.policies import refusal_to_keep_roster
    from duban.domain.posts import Acting

    pk = office.government.pk
    found = [
        refusal_to_keep_roster(by, pk) for by in (Acting(label=""), Acting(label="甲", person=1), CONSOLE)
    ]

    assert found == [Message("roster.not_yours"), Message("roster.not_yours"), None]


def test_roster_is_read_in_a_constant_number_of_queries(office, django_assert_num_queries):
    with django_assert_num_queries(8):
        roster_of(office.government, TODAY)


def test_membership_begun_and_ended_on_one_day_never_was(office):
    row = cell_of(office.roster(), "岭阳县政府", "统称成员")
    office.take(office.roster({"统称成员": {f"B{row}": "市公安局"}}), day=MARCH)
    back = office.roster({"统称成员": {"A300": "各县（市、区）政府", "B300": "岭阳县政府"}}, day=MARCH)
    police = next(
        line[1][0]
        for line in rows(back)["统称成员"]
        if [t for _, t in line] == ["各县（市、区）政府", "市公安局"]
    )

    from tests.directory.conftest import edited

    office.take(edited(back, {"统称成员": {police: ""}}), day=MARCH)

    group = office.government.groups.get(key="各县（市、区）政府")
    memberships = GroupMembership.objects.filter(group=group, unit__key__in=["市公安局", "岭阳县政府"])
    assert sorted(memberships.values_list("unit__key", "from_on", "to_on"), key=str) == [
        ("岭阳县政府", None, MARCH),
        ("岭阳县政府", MARCH, None),
    ]
