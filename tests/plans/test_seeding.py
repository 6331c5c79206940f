"""What the office's own table prints stands in the plan from the start, and is never written over what was typed."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from tests.building import city
from tests.building_year import Year, moment

from duban.documents.operations import keep_document, read_for_draft
from duban.domain.coverage_checks import Check, check
from duban.domain.posts import CONSOLE
from duban.plans.models import Assignment, Milestone, Plan
from duban.plans.operations import Edit, assign, issue_list, prepare_list, refine
from duban.plans.queries import duties
from duban.plans.sheet import plan_rows
from duban.register.operations import publish_list

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "yunjiang-2026-working.xlsx"
NOW = moment(2, 11)
HEADER = ("序号", "工作任务", "责任单位", "分管领导", "责任处室", "联系人及电话", "年度目标", "上半年", "全年", "完成时限", "推进机制", "数据来源", "备注")  # fmt: skip
TITLE = ("2026年重点工作任务分解表",)


def table(*rows: tuple) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def year_of(data: bytes) -> Year:
    government = city()
    reading = read_for_draft(name="表.xlsx", data=data, government=government, now=NOW)
    run = keep_document(reading=reading, government=government, by=CONSOLE, now=NOW)
    return Year(government, publish_list(run=run, reading=reading, by=CONSOLE, now=NOW).list)


def one(**cells: str) -> Year:
    row = {
        "序号": "1", "工作任务": "建成学校8所。", "责任单位": "市教育局", "分管领导": "周某某", "责任处室": "一处",
        "联系人及电话": "孙某某 0000-100123", "年度目标": "8所", "上半年": "4所", "全年": "8所",
    }  # fmt: skip
    return year_of(table(TITLE, HEADER, [(row | cells).get(name) for name in HEADER]))


def prepare(year: Year) -> int:
    return prepare_list(task_list=year.list, by=CONSOLE, now=NOW)


def plans(year: Year, name: str, *fields: str) -> list[tuple]:
    return list(Plan.objects.filter(unit=year.unit(name), task__list=year.list).values_list(*fields))


def test_the_sample_s_own_table_fills_the_plans_its_milestones_and_sources():
    year = year_of(SAMPLE.read_bytes())

    made = prepare(year)

    row = Plan.objects.select_related("unit").get(task=year.task("1"))
    assert made == 91
    assert (row.unit.name, row.division, row.phone, row.node_half, row.year_target) == (
        "市工业和信息化局", "运行监测处", "内线0001", "增加值增长6%，新增规上企业40家",
        "规上工业增加值增长6.5%左右，新增规上企业120家以上",
    )  # fmt: skip
    assert list(Milestone.objects.filter(task=year.task("1")).values_list("on", "text")) == [
        (date(2026, 3, 31), "建立培育库，入库企业200家"),
        (date(2026, 6, 30), row.node_half),
        (date(2026, 9, 30), row.node_q3),
        (date(2026, 12, 31), row.node_year),
    ]
    assert year.assignment("1").data_source == "统计部门月报"
    landed = check(duties(year.list.pk))[Check.LANDED].figures
    assert landed.total - landed.kept == 0
    assert prepare(year) == 0


def test_a_row_printed_in_full_counts_as_filled_and_is_not_asked_again():
    year = one(推进机制="学校建设专班", 数据来源="教育事业统计")
    prepare(year)

    (row,) = plan_rows(year.list, year.unit("市教育局").pk)

    assert (row.gaps, row.revision) == ((), 1)
    assert {name: value for name, value in row.values.items() if value} == {
        "year_target": "8所", "node_half": "4所", "node_year": "8所", "deputy": "周某某",
        "division": "一处", "contact": "孙某某", "phone": "0000-100123",
    }  # fmt: skip
    assert (year.assignment("1").mechanism, year.assignment("1").data_source) == (
        "学校建设专班",
        "教育事业统计",
    )


def test_a_second_preparation_overwrites_nothing_that_was_typed():
    year = one()
    prepare(year)
    unit, task = year.unit("市教育局").pk, year.task("1").pk
    refine(task_list=year.list, unit=unit, edits=[Edit(task, 1, {"node_half": "5所"})], by=CONSOLE, now=NOW)

    prepare(year)

    assert plans(year, "市教育局", "node_half", "revision") == [("5所", 2)]
    assert list(Milestone.objects.values_list("text", flat=True)) == ["5所", "8所"]


def test_what_is_printed_waits_for_the_lead_that_the_office_names():
    year = one(责任单位="市教育局，市财政局")
    prepare(year)
    before = Plan.objects.count()
    row, finance, school = year.assignment("1"), year.unit("市财政局").pk, year.unit("市教育局").pk

    assign(task_list=year.list, edits=[Edit(row.task_id, 1, {"lead": school})], by=CONSOLE, now=NOW)
    assign(task_list=year.list, edits=[Edit(row.task_id, 2, {"lead": finance})], by=CONSOLE, now=NOW)

    assert before == 0
    assert plans(year, "市教育局", "node_half", "contact") == [("4所", "孙某某")]
    assert plans(year, "市财政局", "node_half", "contact") == [("4所", "")]


def test_a_plan_typed_by_hand_is_not_replaced_when_the_lead_changes_later():
    year = one(责任单位="市教育局，市财政局")
    prepare(year)
    row, finance, school = year.assignment("1"), year.unit("市财政局").pk, year.unit("市教育局").pk
    assign(task_list=year.list, edits=[Edit(row.task_id, 1, {"lead": school})], by=CONSOLE, now=NOW)
    refine(
        task_list=year.list,
        unit=school,
        edits=[Edit(row.task_id, 1, {"node_half": "5所"})],
        by=CONSOLE,
        now=NOW,
    )

    assign(task_list=year.list, edits=[Edit(row.task_id, 2, {"lead": finance})], by=CONSOLE, now=NOW)

    assert plans(year, "市财政局", "pk") == []
    assert list(Milestone.objects.values_list("text", flat=True)) == ["5所", "8所"]


def test_an_issued_list_seeds_nothing_more():
    year = one(责任单位="市教育局，市财政局")
    prepare(year)
    row = year.assignment("1")
    Assignment.objects.update(lead=year.unit("市教育局"))
    issue_list(task_list=year.list, by=CONSOLE, now=NOW)

    lead = year.unit("市财政局").pk
    assign(
        task_list=year.list, edits=[Edit(row.task_id, 2, {"lead": lead})], on_basis=True, by=CONSOLE, now=NOW
    )

    assert Plan.objects.count() == 0


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        ("", date(2026, 12, 31)),
        ("9月底", date(2026, 9, 30)),
        ("三季度", date(2026, 9, 30)),
        ("上半年", date(2026, 6, 30)),
        ("2026-13-40", None),
        ("长期坚持", None),
    ],
)
def test_a_printed_limit_is_never_replaced_by_the_end_of_the_year(printed, wanted):
    year = one(完成时限=printed)

    prepare(year)

    assert year.assignment("1").deadline == wanted


def test_what_is_too_long_for_its_field_is_cut_visibly():
    year = one(上半年="长" * 130, 备注="数据取自" + "源" * 90 + "。")

    prepare(year)

    assert plans(year, "市教育局", "node_half") == [("长" * 119 + "…",)]
    assert year.assignment("1").data_source == "源" * 80


@pytest.mark.parametrize(
    ("cell", "contact", "phone"),
    [
        ("孙某某，0000-100123", "孙某某", "0000-100123"),
        ("孙某某（13000000000）", "孙某某", "13000000000"),
        ("内线0001", "", "内线0001"),
        ("0000-100123", "", "0000-100123"),
    ],
)
def test_a_name_and_a_number_in_one_cell_are_told_apart(cell, contact, phone):
    year = one(联系人及电话=cell)

    prepare(year)

    assert plans(year, "市教育局", "contact", "phone") == [(contact, phone)]
