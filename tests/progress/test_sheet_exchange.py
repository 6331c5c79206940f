"""A unit's workbook back into drafts, reports and plans."""

from __future__ import annotations

import io

import openpyxl
import pytest
from tests.building import kinds_since, last_seq
from tests.building_year import PROGRESS, Year, drafted, moment, small_year

from duban.documents.readers.grid import read_grids
from duban.domain.errors import Conflict, Invalid
from duban.domain.posts import CONSOLE
from duban.domain.sheets import SheetKind
from duban.domain.sheets_cells import Grid
from duban.plans.models import Milestone, Plan
from duban.plans.operations import Edit, refine
from duban.plans.sheet import plan_rows, proposal
from duban.progress.exchange import (
    Incoming,
    Kept,
    compare_plan,
    compare_report,
    fill,
    incoming,
    merge_plan,
    merge_report,
    pack,
    rows_of,
    unpack,
)
from duban.progress.models import Draft, Report
from duban.progress.operations import Entry, review
from duban.publishing.unit_contents import Sheet, plan_workbook, report_workbook, wanted
from duban.publishing.unit_workbook import write_unit_workbook

pytestmark = pytest.mark.django_db
UNIT = "市民政局"


def sheet_of(year: Year, name: str = UNIT, *, plan: bool = False) -> Sheet:
    return Sheet(year.list, year.unit(name), moment(4, 1).date(), None if plan else year.period)


def workbook(sheet: Sheet) -> openpyxl.Workbook:
    content = (
        report_workbook(sheet, rows_of(sheet.period, sheet.unit.pk))
        if sheet.period
        else plan_workbook(sheet, plan_rows(sheet.task_list, sheet.unit.pk))
    )
    return openpyxl.load_workbook(io.BytesIO(write_unit_workbook(content)))


def back(book: openpyxl.Workbook, sheet: Sheet) -> Incoming:
    file = io.BytesIO()
    book.save(file)
    kind = SheetKind.REPORT if sheet.period else SheetKind.PLAN
    return incoming(read_grids("报送表.xlsx", file.getvalue()), kind, wanted(sheet))


def take(year: Year, sheet: Incoming, *, send: bool = False, **choices: str) -> Kept:
    named = {key.replace("__", "/"): value for key, value in choices.items()}
    return merge_report(
        period=year.period,
        unit=year.unit(UNIT).pk,
        sheet=sheet,
        choices=named,
        send=send,
        by=CONSOLE,
        now=moment(4, 1),
    )


def take_plan(year: Year, sheet: Incoming, name: str = UNIT) -> Kept:
    unit = year.unit(name).pk
    return merge_plan(task_list=year.list, unit=unit, sheet=sheet, choices={}, by=CONSOLE, now=moment(3, 2))


def said(year: Year, key: str = "3") -> tuple[str, str, str, str, bool, int]:
    draft = Draft.objects.get(obligation=year.row(key))
    return draft.progress, draft.value, draft.problem, draft.next_step, draft.no_change, draft.revision


def test_a_filled_workbook_becomes_a_draft_and_the_same_file_again_changes_nothing():
    year = small_year("opened")
    sheet = sheet_of(year)
    book = workbook(sheet)
    book["报送表"]["F4"], book["报送表"]["G4"], book["报送表"]["I4"] = PROGRESS, 12000, " 二季度开工 "

    returned = back(book, sheet)

    assert take(year, returned) == Kept(1)
    assert said(year) == (PROGRESS, "12000", "", "二季度开工", False, 1)
    before = last_seq()
    assert take(year, returned) == Kept(0)
    assert (said(year)[-1], kinds_since(before)) == (1, [])


def test_a_merged_workbook_can_be_sent_at_once_and_sent_again_is_nothing():
    year = small_year("opened")
    sheet = sheet_of(year)
    book = workbook(sheet)
    book["报送表"]["F4"] = "无变化"
    returned = back(book, sheet)

    assert take(year, returned, send=True) == Kept(1, 1)
    report = Report.objects.get()
    assert (report.no_change, report.progress, report.channel, report.on_behalf) == (
        True,
        "",
        "workbook",
        True,
    )
    assert take(year, returned, send=True) == Kept(0)


def test_words_written_over_no_change_take_it_back():
    year = small_year("opened")
    sheet = sheet_of(year)
    book = workbook(sheet)
    book["报送表"]["F4"] = "无变化"
    take(year, back(book, sheet))
    book = workbook(sheet)
    book["报送表"]["F4"] = PROGRESS

    take(year, back(book, sheet))

    assert said(year) == (PROGRESS, "", "", "", False, 2)


def test_a_cell_changed_on_both_sides_waits_for_a_choice_and_nothing_is_written_before():
    year = small_year("opened")
    sheet = sheet_of(year)
    book = workbook(sheet)
    book["报送表"]["F4"], book["报送表"]["H4"] = "表格里的进展", "表格里的问题"
    returned = back(book, sheet)
    drafted(year, problem="", value="", next_step="")

    with pytest.raises(Conflict) as refused:
        take(year, returned)

    assert (refused.value.message.code, said(year)[0]) == ("units.choose_first", PROGRESS)
    take(year, returned, **{"3__progress": "server"})
    assert said(year)[:4] == (PROGRESS, "", "表格里的问题", "")
    take(year, returned, **{"3__progress": "workbook"})
    assert said(year)[0] == "表格里的进展"


def test_what_cannot_be_read_is_left_out_and_the_rest_is_written():
    year = small_year("opened")
    sheet = sheet_of(year)
    book = workbook(sheet)
    book["报送表"]["F4"], book["报送表"]["G4"] = "长" * 151, "20家"
    returned = back(book, sheet)

    found = compare_report(returned, rows_of(year.period, year.unit(UNIT).pk), is_open=True)
    take(year, returned)

    assert [(p.sheet, p.cell, p.message.code, len(p.suggestion)) for p in found.problems] == [
        ("报送表", "F4", "sheet.too_long", 150)
    ]
    assert said(year)[:2] == ("", "20家")


def test_a_copied_table_without_marks_is_matched_by_number():
    year = small_year("opened")
    rows = (("序号", "工作进展情况", "存在问题"), ("3、", PROGRESS, None), ("99", "别的任务", None))

    returned = incoming([Grid("Sheet1", rows)], SheetKind.REPORT, wanted(sheet_of(year)))
    found = compare_report(returned, rows_of(year.period, year.unit(UNIT).pk), is_open=True)

    assert [p.message.code for p in found.unknown_rows] == ["sheet.number_unknown"]
    assert take(year, returned) == Kept(1)
    assert said(year)[:4] == (PROGRESS, "", "", "")


def test_a_workbook_made_for_another_unit_is_refused():
    year = small_year("opened")
    book = workbook(sheet_of(year))

    with pytest.raises(Invalid) as refused:
        back(book, sheet_of(year, "市教育局"))

    assert refused.value.message.code == "sheet.other_unit"


def test_rows_that_are_sent_or_reported_off_line_take_no_edits():
    year = small_year("sent")
    sheet = sheet_of(year)
    book = workbook(sheet)
    book["报送表"]["F4"] = "改了"

    found = compare_report(back(book, sheet), rows_of(year.period, sheet.unit.pk), is_open=True)

    assert ([p.message.code for p in found.problems], found.changes) == (["sheet.row_locked"], ())
    year = year.assignment("2")
    year.offline = True
    year.save()
    row = next(row for row in rows_of(sheet.period, year.lead_id) if row.offline)
    assert row.fillable


def test_a_returned_row_comes_out_with_what_was_sent_and_only_a_change_makes_a_draft():
    year = small_year("sent")
    row = year.row("3")
    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="return",
        reason="请补充",
        by=CONSOLE,
        now=moment(4, 3),
    )
    sheet = sheet_of(year)
    book = workbook(sheet)

    assert book["报送表"]["F4"].value == PROGRESS
    assert take(year, back(book, sheet)) == Kept(0)
    book["报送表"]["G4"] = "25家"
    assert take(year, back(book, sheet)) == Kept(1)
    assert said(year)[:3] == (PROGRESS, "25家", "用地尚未落实")


def test_the_sheet_travels_through_a_page_and_a_damaged_one_is_refused():
    year = small_year("opened")
    sheet = sheet_of(year)
    book = workbook(sheet)
    book["报送表"]["F4"], book["报送表"]["G4"] = PROGRESS, 1.5
    returned = back(book, sheet)

    carried = unpack(pack(returned))

    rows = rows_of(year.period, sheet.unit.pk)
    assert compare_report(carried, rows, is_open=True) == compare_report(returned, rows, is_open=True)
    for damaged in ("", "[]", "{}", '["a",1,1,[[1]],[1],[]]', '["a","x",1,[],null,[]]'):
        with pytest.raises(Invalid) as refused:
            unpack(damaged)
        assert refused.value.message.code == "units.workbook_lost"


def test_sending_refuses_as_a_whole_when_one_row_says_nothing():
    year = small_year("opened")
    row = year.row("3")

    with pytest.raises(Invalid) as refused:
        fill(
            period=year.period, unit=row.unit_id, entries=[Entry(row.pk, 0, {"problem": "缺地"})], channel="page",
            by=CONSOLE, now=moment(4, 1),
        )  # fmt: skip

    assert (refused.value.message.code, Draft.objects.count()) == ("progress.row_is_empty", 0)


def test_the_plan_comes_back_with_nodes_of_the_lead_alone():
    year = small_year("issued")
    sheet = sheet_of(year, "市教育局", plan=True)
    book = workbook(sheet)
    plan = book["细化表"]
    numbers = {plan.cell(row, 1).value: row for row in range(4, plan.max_row + 1)}
    plan.cell(numbers["2"], 4).value, plan.cell(numbers["2"], 10).value = "2所", "孙某某"
    plan.cell(numbers["3"], 4).value, plan.cell(numbers["3"], 10).value = "5家", "李某某"
    returned = back(book, sheet)

    found = compare_plan(returned, plan_rows(year.list, sheet.unit.pk))

    assert [(p.message.code, p.message.params["number"], p.note) for p in found.problems] == [
        ("units.nodes_of_the_lead", "3", True)
    ]
    assert take_plan(year, returned, "市教育局") == Kept(2)
    suggested = plan.cell(numbers["2"], 3).value
    assert sorted(
        Plan.objects.values_list("task__key", "node_q1", "contact", "year_target", "node_year")
    ) == [
        ("2", "2所", "孙某某", suggested, suggested),
        ("3", "", "李某某", "", ""),
    ]
    assert list(Milestone.objects.values_list("task__key", "text")) == [("2", "2所"), ("2", suggested)]
    assert take_plan(year, returned, "市教育局") == Kept(0)


def test_a_plan_workbook_asks_the_lead_alone_for_target_and_nodes_and_suggests_them():
    year = small_year("issued")
    sheet = sheet_of(year, "市教育局", plan=True)
    plan = workbook(sheet)["细化表"]
    numbers = {plan.cell(row, 1).value: row for row in range(4, plan.max_row + 1)}
    locked = {
        key: [plan.cell(row, column).protection.locked for column in range(3, 12)]
        for key, row in numbers.items()
    }
    assert locked == {"2": [False] * 9, "3": [True] * 5 + [False] * 4}
    suggested = plan_rows(year.list, sheet.unit.pk)[0].proposal
    assert [plan.cell(numbers["2"], column).value for column in (3, 7)] == [suggested, suggested]
    assert [plan.cell(numbers["3"], column).value for column in (3, 7)] == [None, None]


def test_a_target_mended_in_the_workbook_is_kept_and_one_made_blank_is_not_suggested_again():
    year = small_year("issued")
    sheet = sheet_of(year, "市教育局", plan=True)
    book = workbook(sheet)
    row = {book["细化表"].cell(row, 1).value: row for row in range(4, book["细化表"].max_row + 1)}["2"]
    book["细化表"].cell(row, 3).value, book["细化表"].cell(row, 7).value = "新建学校9所", None

    assert take_plan(year, back(book, sheet), "市教育局") == Kept(1)
    kept = Plan.objects.get(task__key="2")
    again = workbook(sheet)["细化表"]
    assert (kept.year_target, kept.node_year) == ("新建学校9所", "")
    assert [again.cell(row, column).value for column in (3, 7)] == ["新建学校9所", None]


def test_a_plan_row_says_what_is_missing_and_what_the_list_suggests():
    year = small_year("issued")
    unit = year.unit("市教育局").pk

    rows = plan_rows(year.list, unit)

    shown = [(r.key, r.role.value, r.leads, r.proposal, [g.code for g in r.gaps]) for r in rows]
    assert shown[0][:3] == ("2", "lead", True)
    assert shown[0][4] == ["coverage.no_deputy", "coverage.no_contact", "coverage.no_target_no_nodes"]
    assert (shown[1][:3], shown[1][4]) == (("3", "support", False), ["coverage.no_contact"])
    edit = Edit(
        rows[0].task,
        0,
        {"year_target": "8所", "node_year": "8所", "deputy": "周", "contact": "孙", "phone": "1"},
    )
    refine(task_list=year.list, unit=unit, edits=[edit], by=CONSOLE, now=moment(3, 1))
    assert plan_rows(year.list, unit)[0].gaps == ()


def test_the_suggested_target_is_the_number_or_the_first_sentence():
    assert proposal("新增企业120家", "长文") == "新增企业120家"
    assert proposal("", "办好食堂。") == "办好食堂"
    assert proposal("", "甲" * 150 + "。" + "乙" * 100) == "甲" * 150
    assert len(proposal("", "丙" * 400)) == 200
