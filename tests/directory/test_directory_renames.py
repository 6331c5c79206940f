"""A rename in the roster workbook: asked about, resolved in the column 原名称, never a second unit by mistake."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date

import pytest
from tests.building import kinds_since, last_seq, unit_of
from tests.directory.conftest import TODAY, rows
from tests.directory.test_directory_roster import cell_of
from tests.directory.test_directory_successions import merge, rename

from duban.directory.models import Unit, UnitName, UnitSuccession
from duban.directory.queries import register_of, roster_of
from duban.domain.messages import render
from duban.domain.roster import roster_plan
from duban.domain.roster_people import people_plan

pytestmark = pytest.mark.django_db
SHEET, MARCH, JULY = "单位名录", date(2026, 3, 1), date(2026, 7, 1)


def plan_of(office, content, day=TODAY):
    return roster_plan(rows(content), roster_of(office.government, day))


def renamed(office, edits=None, **more) -> tuple[bytes, str]:
    """The roster with both names of 市公安局 written over, and its row."""
    row = cell_of(office.roster(), "市公安局")
    cells = {f"A{row}": "云江市警务局", f"B{row}": "市警务局", f"G{row}": "2026-03-01"}
    cells |= {f"{column}{row}": value for column, value in more.items()}
    return office.roster({SHEET: cells | (edits or {})}), row


def found(plan):
    return [(p.cell, p.value, p.reason.code, p.suggestion) for p in plan.problems]


def test_a_row_that_matches_no_unit_asks_whether_it_is_the_one_without_a_row(office):
    content, row = renamed(office)
    before = Unit.objects.count()

    plan = plan_of(office, content)

    assert found(plan) == [(f"B{row}", "市警务局", "roster.rename_or_new", "")]
    assert "更名还是新单位？名录中的“市公安局”在表中没有对应的行" in render(plan.problems[0].reason)
    assert Unit.objects.count() == before


def test_the_unit_that_is_missing_is_named_though_its_name_is_not_like(office):
    content, _ = renamed(office, A="云江市甲乙丙丁办", B="甲乙丙丁办")

    [problem] = plan_of(office, content).problems

    assert "“市公安局”" in problem.reason.params["missing"]


def test_an_alias_of_a_unit_without_a_row_asks_for_that_unit(office):
    row = cell_of(office.roster(), "市公安局")
    office.take(office.roster({SHEET: {f"F{row}": "警卫厅"}}))
    other = cell_of(office.roster(), "市司法局")
    content, row = renamed(
        office, {f"{c}{other}": None for c in "ABCDEFGH"}, A="云江市警卫厅", B="警卫厅", F=""
    )

    [problem] = plan_of(office, content).problems

    assert (problem.reason.code, problem.reason.params["missing"]) == ("roster.rename_or_new", "“市公安局”")


def test_the_former_name_in_its_column_is_a_rename_on_that_day_and_the_second_time_nothing(office):
    content, row = renamed(office, H="市公安局")
    unit, before = unit_of(office.government, "市公安局"), last_seq()

    first, again = office.take(content), office.take(content)

    assert [(c.cell, c.subject, c.before, c.after) for c in first.changes] == [
        (f"A{row}", "市公安局", "云江市公安局", "云江市警务局"),
        (f"B{row}", "市公安局", "市公安局", "市警务局"),
        (f"G{row}", "市公安局", "", "2026-03-01"),
    ]
    assert again.changes == ()
    assert list(
        UnitName.objects.filter(unit=unit).order_by("pk").values_list("name", "from_on", "to_on")
    ) == [
        ("市公安局", None, MARCH),
        ("市警务局", MARCH, None),
    ]
    succession = UnitSuccession.objects.get()
    assert (succession.kind, succession.seq) == ("rename", before + 1)
    assert kinds_since(before) == ["unit.renamed", "directory.roster_taken"]
    assert office.take(office.roster(day=JULY), day=JULY).changes == ()


@pytest.mark.parametrize("word", ["新设", "新单位", "无"])
def test_a_new_unit_says_so(office, word):
    content, _ = renamed(office, H=word)
    before = Unit.objects.count()

    office.take(content)

    assert Unit.objects.count() == before + 1
    assert UnitSuccession.objects.count() == 0
    assert unit_of(office.government, "市公安局").dated_names.get().to_on is None


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({"H": "市公安居"}, ("H", "市公安居", "roster.no_such_unit", "市公安局")),
        ({"H": "市公安局", "G": ""}, ("G", "", "roster.rename_needs_a_day", "")),
        ({"H": "市公安局", "A": "云江市公安局", "G": ""}, ("G", "", "roster.rename_needs_a_day", "")),
        ({"H": "市司法局", "A": "云江市公安局"}, ("H", "市司法局", "roster.origin_is_other", "")),
    ],
)
def test_a_rename_that_cannot_be_is_named_at_its_cell(office, more, wanted):
    content, row = renamed(office, **more)

    cell, *rest = wanted
    assert found(plan_of(office, content)) == [(f"{cell}{row}", *rest)]


def test_an_old_workbook_names_the_present_name_of_a_renamed_unit(office):
    old = office.roster()
    row = cell_of(old, "市公安局")
    rename(unit_of(office.government, "市公安局"))

    plan = plan_of(office, old, MARCH)

    assert found(plan) == [(f"A{row}", "云江市公安局", "roster.former_name", "市警务局")]


def test_an_old_workbook_says_which_unit_took_the_place_of_an_ended_one(office):
    old, register = office.roster(), office.people()
    row, member = cell_of(old, "岭阳县政府"), cell_of(old, "岭阳县政府", "统称成员")
    person = cell_of(register, "岭阳县政府", "联络员登记表")
    rename(unit_of(office.government, "岭阳县政府"), "岭阳区政府", on=date(2026, 6, 1))
    Unit.objects.filter(key="岭阳县政府").update(name="岭阳县政府")
    merge(office.government, "岭阳县政府", into="澜桥区政府")

    problems = plan_of(office, old, JULY).problems
    people = people_plan(rows(register), register_of(office.government, JULY)).problems

    assert [(p.cell, p.reason.code, p.suggestion) for p in problems] == [
        (f"A{row}", "roster.ended_into", "澜桥区政府"),
        (f"B{member}", "roster.ended_into", "澜桥区政府"),
    ]
    assert "已于 2026-07-01 并入“澜桥区政府”" in render(problems[0].reason)
    assert (people[0].cell, people[0].reason.code, people[0].suggestion) == (
        f"A{person}",
        "roster.ended_into",
        "澜桥区政府",
    )
    assert plan_of(office, office.roster(day=JULY), JULY).changes == ()


def test_a_sheet_without_the_column_of_former_names_changes_nothing(office):
    cut = {name: [row[:7] for row in found] for name, found in rows(office.roster()).items()}

    plan = roster_plan(cut, roster_of(office.government, TODAY))

    assert (plan.changes, plan.problems) == ((), ())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_a_roster_saved_by_libreoffice_changes_nothing(office, tmp_path):
    source, out = tmp_path / "roster.xlsx", tmp_path / "out"
    source.write_bytes(office.roster())
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "xlsx", "--outdir", str(out), str(source)], check=True, capture_output=True, timeout=120
    )

    plan = office.take((out / "roster.xlsx").read_bytes())

    assert (plan.changes, plan.problems) == ((), ())
