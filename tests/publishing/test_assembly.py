from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from shutil import which
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document
from tests.building import someone
from tests.building_papers import drafted, moved, problem_of, year_of_papers
from tests.building_year import moment

from duban.domain.due import in_words
from duban.domain.errors import Invalid
from duban.domain.lights import Light as Light_
from duban.domain.posts import CONSOLE, PostRole
from duban.publishing import assembly_laggards
from duban.publishing.archives import zipped
from duban.publishing.assembly import (
    ledger_content,
    order_content,
    ruled,
    said_words,
    tallies_of,
    tight,
    topic,
)
from duban.publishing.assembly_laggards import clipped
from duban.publishing.assembly_report import special_report_content
from duban.publishing.assembly_units import (
    leader_brief_content,
    plan_papers,
    report_form_content,
    sign_off_content,
    unit_tasks_content,
    urging_content,
    write_paper,
)
from duban.publishing.contents import (
    AnnexRow,
    DecisionLine,
    Laggard,
    LateLine,
    Light,
    PaperKind,
    ReportRow,
    Tally,
)
from duban.publishing.operations import freeze
from duban.publishing.paper_marks import FORM
from duban.publishing.paper_words import source_line
from duban.publishing.queries import sheet_of
from duban.publishing.verifying import OTHER_FORM, Outcome, verify
from duban.supervision.operations import Ruling, determine

pytestmark = pytest.mark.django_db
NO_ORDER = "由牵头单位提出赶进度措施，下期重点核查。"
SENTENCE = "到一季度应完成25家，实际20家，少5家，相当于全年目标的5%。"


@pytest.fixture
def year():
    year = year_of_papers()
    moved(drafted(year), "approve")
    problem_of(year)
    return year


@pytest.fixture
def sheet(year):
    return sheet_of(freeze(period=year.period, by=CONSOLE, now=moment(4, 20)))


def unit_key(year, name):
    return str(year.unit(name).pk)


def test_special_report_says_what_the_record_says_and_nothing_else(sheet):
    content = special_report_content(sheet)

    assert content.summary == (
        "《2026年重点任务清单》共3项。2026年一季度应报送3项，已报送1项，未报送2项，涉及2个单位。",
        "数据截至2026年3月31日，按2026年4月13日研判，经督查核定，滞后1项，应报未报2项。",
    )
    assert content.laggards == (
        Laggard(
            number=3,
            title="办好食堂",
            lead="市民政局",
            city_leader="林某某",
            target="全年100家，一季度25家。",
            state="实际20家，少5家，相当于全年目标的5%。",
            cause="用地尚未落实。",
            measure="二季度开工。",
            advice="已下达督办单（云政督〔2026〕1号），按督办单要求限期整改，4月30日前书面回复。",
        ),
    )
    assert content.advice == (
        "本期已下达督办单1件（云政督〔2026〕1号第3项），请承办单位在规定时限内书面回复办理情况。",
        "2个单位2项任务未报送本期进展，请下期一并报送。",
    )
    assert content.annex == (
        AnnexRow(3, "办好食堂", "市民政局", "林某某", Decimal(20), Decimal(25), Light("■", "滞后")),
    )
    assert (content.issue, content.total_before, content.signed_by, content.left_out) == (1, None, "", ())


def test_what_was_not_reported_is_said_to_be_missing(sheet):
    line = sheet.figures.lines[2]
    bare = replace(
        line,
        said_in="",
        progress="",
        problem="",
        next_step="",
        value="",
        value_text="",
        year_target="",
        q1="",
    )
    figures = replace(sheet.figures, lines=(bare,), problems=(), orders=())

    (laggard,) = special_report_content(replace(sheet, figures=figures)).laggards

    assert laggard[4:] == ("未明确。", f"{SENTENCE}牵头单位未报送进展。", "未报送。", "未报送。", NO_ORDER)


def laggards_of(sheet, *lines):
    """The report over these lines alone."""
    figures = replace(sheet.figures, lines=lines, problems=(), orders=())
    return special_report_content(replace(sheet, figures=figures))


def test_the_worst_laggards_come_first_and_warnings_after_them(sheet):
    line = sheet.figures.lines[2]
    lines = (
        replace(line, number=4, light="warning"),
        replace(line, number=5, value="24"),
        replace(line, number=6),
        replace(line, number=7, value="", due_value=""),
        replace(line, number=8, value="24", before="lagging"),
        replace(line, number=9, value="24"),
    )

    content = laggards_of(sheet, *lines)

    assert [row.number for row in content.laggards] == [8, 7, 6, 5, 9]
    assert [row.number for row in content.annex] == [8, 7, 6, 5, 9, 4]


@pytest.mark.parametrize(("count", "told"), [(1, 1), (8, 8), (15, 15), (40, 15)])
def test_every_laggard_has_a_paragraph_up_to_fifteen(sheet, count, told):
    lines = [replace(sheet.figures.lines[2], number=number) for number in range(1, count + 1)]

    content = laggards_of(sheet, *lines)

    assert [row.number for row in content.laggards] == list(range(1, told + 1))
    assert (content.left_out, len(content.annex)) == (tuple(range(told + 1, count + 1)), count)
    report = next(p for p in plan_papers(replace(sheet.figures, lines=tuple(lines))) if "专报" in p.path)
    assert report.line.endswith(f"逐项说明滞后事项{told}项")


def test_with_many_laggards_the_worst_have_the_longest_paragraphs(sheet):
    line = replace(sheet.figures.lines[2], problem="用地尚未落实，搬迁仍有36户未签约。" * 4)

    rows = laggards_of(sheet, *[replace(line, number=number) for number in range(11, 23)]).laggards

    lengths = [len("".join(map(str, row))) for row in rows]
    assert sorted(lengths, reverse=True) == lengths
    assert rows[0].target == "全年100家，一季度25家。"
    assert rows[-1][3:] == (
        "", "一季度25家。", "实际20家，少5家，相当于全年目标的5%。", "搬迁仍有36户未签约。", "二季度开工。", "下期重点核查。",
    )  # fmt: skip


def test_long_laggards_have_a_paragraph_as_far_as_there_is_room(sheet):
    long = replace(
        sheet.figures.lines[2], year_target="长" * 200, q1="节" * 120, problem="因" * 200, next_step="措" * 200,
        progress="展" * 150, lead="单" * 40, city_leader="领" * 20, sentence="定" * 100,
    )  # fmt: skip

    content = laggards_of(sheet, *[replace(long, number=number) for number in range(1, 15)])

    assert (len(content.laggards), content.left_out) == (9, (10, 11, 12, 13, 14))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        (" 用地未落实 ", "用地未落实。"),
        ("居民搬迁未完成，线路迁改方案未批。", "居民搬迁未完成……"),
        ("居民搬迁仍有36户未完成签约也未搬出", "居民搬迁仍有……"),
        ("前，居民搬迁仍有户未完成签约也未搬出", "前，居民搬迁仍……"),
        ("居民搬少15万吨未完成签约也未搬出", "居民搬少……"),
        ("开工率达到九成以上，完成1万个", "完成1万个。"),
        ("完成3个，余下的正在按月调度", "完成3个……"),
        ("开工率达到九成，完成3个，完成3个，少5个", "完成3个，少5个。"),
    ],
)
def test_a_long_text_is_cut_at_a_stop_and_never_inside_a_figure(text, said):
    assert clipped(text, 9) == said


def test_a_laggard_says_when_its_progress_is_from_and_that_nothing_changed(sheet):
    line = sheet.figures.lines[2]
    rows = (
        line,
        replace(line, progress="已动工建设21家"),
        replace(line, progress="方案已印发"),
        replace(line, no_change=True),
        replace(line, no_change=True, progress="方案已印发"),
        replace(line, no_change=True, progress="", value_text=""),
        replace(line, said_in="2025-12"),
        replace(line, said_in="2025-12", progress=""),
        replace(line, sentence=f"社区食堂：{SENTENCE}"),
        replace(line, sentence=f"{'长' * 30}：{SENTENCE}"),
        replace(line, sentence="节点未完成，列为滞后。", progress="累计完成20家", value_text="20家"),
        replace(line, q1="30家"),
    )

    said = [laggards_of(sheet, row).laggards[0].state for row in rows]

    judged, progress = "实际20家，少5家，相当于全年目标的5%。", "食堂已建成20家，服务体系方案已印发"
    assert said == [
        judged,
        f"{judged}牵头单位报送：已动工建设21家。",
        f"{judged}牵头单位报送：方案已印发。",
        f"{judged}牵头单位报送：本期无变化。",
        f"{judged}牵头单位报送：方案已印发（本期无变化）。",
        f"{judged}牵头单位报送：本期无变化。",
        f"{judged}全年报送：{progress}。本期未报。",
        f"{judged}全年报送：无变化。本期未报。",
        f"社区食堂：{judged}",
        judged,
        "节点未完成，列为滞后。牵头单位报送：累计完成20家。",
        SENTENCE,
    ]


def test_what_the_office_acted_on_comes_before_what_is_worse(sheet):
    line, (order,) = sheet.figures.lines[2], sheet.figures.orders
    lines = (
        replace(line, task=91, number=5),
        replace(line, task=92, number=6, value="24", sentence="节点未完成，差距较大，列为滞后。"),
        replace(line, task=93, number=7, value="24"),
        replace(line, task=94, number=8, value="24"),
    )
    orders = (replace(order, task=93), replace(order, task=94, serial=0))
    figures = replace(sheet.figures, lines=lines, orders=orders, problems=())

    content = special_report_content(replace(sheet, figures=figures))

    assert [row.number for row in content.laggards] == [6, 7, 5, 8]
    assert [row.number for row in content.annex] == [6, 7, 5, 8]


def test_every_laggard_has_advice_from_the_record(sheet):
    line, (order,), (problem,) = sheet.figures.lines[2], sheet.figures.orders, sheet.figures.problems

    def advice(*, orders=(), problems=()):
        figures = replace(sheet.figures, lines=(line,), orders=orders, problems=problems)
        return special_report_content(replace(sheet, figures=figures)).laggards[0].advice

    bare = replace(problem, helper="")
    assert [
        advice(orders=(replace(order, kind="letter"),), problems=(problem,)),
        advice(problems=(problem,)),
        advice(problems=(replace(bare, level="office"), replace(bare, level="city"))),
        advice(problems=(replace(bare, level="office"), replace(bare, level="unit"))),
        advice(problems=(replace(bare, level="unit"),)),
        advice(orders=(replace(order, serial=0),)),
    ] == [
        "已下达督查函（云政督函〔2026〕1号），请于4月30日前书面回复。",
        "请省自然资源厅协调解决。",
        "提请分管市领导协调。",
        "由督查室协调。",
        NO_ORDER,
        NO_ORDER,
    ]


def test_a_closed_order_is_said_to_be_closed_and_asked_of_nobody(sheet):
    (order,) = sheet.figures.orders
    figures = replace(sheet.figures, orders=(replace(order, closed=True),))

    content = special_report_content(replace(sheet, figures=figures))

    assert content.laggards[0].advice == "督办单（云政督〔2026〕1号）已回复办结，继续跟踪落实。"
    assert not any("督办单" in advice for advice in content.advice)


def test_an_order_that_was_answered_is_asked_of_nobody_again(sheet):
    (order,) = sheet.figures.orders
    figures = replace(sheet.figures, orders=(replace(order, answered=True),))

    content = special_report_content(replace(sheet, figures=figures))

    assert content.laggards[0].advice == "督办单（云政督〔2026〕1号）已回复，正在核查。"
    assert not any("书面回复" in advice for advice in content.advice)


def test_a_paragraph_is_named_after_what_is_measured_and_never_cut_inside_brackets(sheet):
    line = replace(
        sheet.figures.lines[2],
        text="编制完成应急避难场所规划，完善设施体系，维护防空地下室300万平方米。",
        year_target="300万平方米",
        sentence="防空地下室维护：到一季度应完成 90 万平方米，实际 40 万平方米，少 50 万平方米，相当于全年目标的 16.7%"
        "（2 个分项，1 项达序时，分项3未达序时）。",
    )

    (row,) = laggards_of(sheet, line).laggards
    shortest = assembly_laggards._clauses(line.sentence.partition("，")[2], 40)

    assert row.title == "维护防空地下室300万平方米"
    assert topic(replace(line, year_target="完成规划"), 9) == "编制完成应急避难…"
    assert row.state.count("（") == row.state.count("）")
    assert shortest == "实际 40 万平方米，少 50 万平方米，相当于全年目标的 16.7%。"


def test_the_annex_names_stages_where_the_determination_does(sheet):
    line = replace(
        sheet.figures.lines[2],
        sentence="到一季度应到“主体”阶段，实际“规划”，节点已过 20 天。",
        value="",
        due_value="",
    )

    (row,) = [row for row in laggards_of(sheet, line).annex if row.number == line.number]

    assert (row.value, row.due_value) == ("规划", "主体")


def test_a_stage_is_something_to_come_to_and_a_silent_unit_did_not_say(sheet):
    line = replace(sheet.figures.lines[2], year_target="投用", q1="开工", problem="", next_step="")

    (row,) = laggards_of(sheet, line).laggards

    assert (row.target, row.cause, row.measure) == (
        "全年到“投用”阶段，一季度到“开工”阶段。", "单位未说明。", "单位未说明。",
    )  # fmt: skip


def test_missing_reports_and_missing_lights_are_reconciled(sheet):
    first, second, third = sheet.figures.lines
    rows = tuple(replace(row, sent=row.task == third.task) for row in sheet.figures.form_rows)
    figures = replace(
        sheet.figures,
        lines=(replace(first, light="standing"), second, replace(third, light="missing")),
        form_rows=rows,
    )

    said = special_report_content(replace(sheet, figures=figures)).summary[0]

    assert said.endswith(
        "未报送2项，涉及2个单位（其中1项为长期坚持等不列“应报未报”的事项，另有1项“应报未报”为以前各期未报）。"
    )


def test_a_determined_value_goes_before_the_reported_one_and_says_so(year):
    ruling = Ruling(year.task("3").pk, Light_.WARNING, "实际24家，少1家。", "更正", value="24家")
    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=moment(4, 16))
    sheet = sheet_of(freeze(period=year.period, by=CONSOLE, now=moment(4, 20)))

    row = next(
        row for group in ledger_content(sheet).sheets[0].groups for row in group.rows if row.number == 3
    )

    assert (row.value, row.remarks) == (Decimal(24), "完成值为督查核定数")
    with pytest.raises(Invalid):
        determine(period=year.period, rulings=[replace(ruling, value="很多")], by=CONSOLE, now=moment(4, 17))


def test_a_paper_of_a_period_that_may_still_change_says_so(sheet):
    sealed = replace(sheet.figures, head=replace(sheet.figures.head, state="sealed"))

    said = [
        source_line(special_report_content(replace(sheet, figures=figures)).basis)[-6:]
        for figures in (sheet.figures, sealed)
    ]

    assert said == ["本期尚未封存", "年3月31日"]


def test_orders_are_named_with_their_tasks_and_many_end_in_a_word(sheet):
    (order,) = sheet.figures.orders

    def said(*orders):
        figures = replace(sheet.figures, orders=orders)
        return special_report_content(replace(sheet, figures=figures)).advice[0]

    two = said(order, replace(order, serial=2, task=0), replace(order, kind="letter"))
    many = said(*[replace(order, serial=serial) for serial in range(1, 14)])

    assert two == (
        "本期已下达督办单2件（云政督〔2026〕1号第3项、2号）、督查函1件（云政督函〔2026〕1号第3项），"
        "请承办单位在规定时限内书面回复办理情况。"
    )
    assert many.startswith("本期已下达督办单13件（云政督〔2026〕1号第3项、2号第3项、")
    assert "、12号第3项等），" in many


def test_the_annex_says_large_round_figures_in_ten_thousands(sheet):
    line = replace(sheet.figures.lines[2], value="120000", due_value="12345", text="长" * 40)

    (row,) = laggards_of(sheet, line).annex

    assert (row.value, row.due_value, row.title) == ("12万", "12345", "长" * 17 + "…")


def test_a_task_behind_twice_is_named_and_a_helper_asked(sheet):
    lines = tuple(replace(line, before="lagging") for line in sheet.figures.lines)
    head = replace(sheet.figures.head, earlier="2025-12")
    content = special_report_content(
        replace(sheet, figures=replace(sheet.figures, lines=lines, head=head, orders=()))
    )

    assert content.advice[0] == "第3项连续两期滞后，建议由分管市领导专题调度。"
    assert content.laggards[0].advice == "请省自然资源厅协调解决。"


def test_totals_are_compared_only_with_an_earlier_period(sheet):
    totals = replace(sheet.figures.totals, before={"normal": 2, "missing": 1})
    later = replace(sheet.figures, totals=totals, head=replace(sheet.figures.head, earlier="2025-12"))

    assert tallies_of(sheet.figures.totals, sheet.figures) == (Tally("■ 滞后", 1), Tally("！ 应报未报", 2))
    assert tallies_of(totals, later) == (
        Tally("● 正常", 0, 2), Tally("■ 滞后", 1, 0), Tally("！ 应报未报", 2, 1),
    )  # fmt: skip
    assert (
        special_report_content(replace(sheet, figures=later))
        .summary[1]
        .endswith("与2025年全年相比，正常减少2项，滞后增加1项，应报未报增加1项。")
    )


def test_ledger_stands_in_three_orders_with_every_task_once_in_each(sheet):
    content = ledger_content(sheet)

    assert [
        (part.name, [(g.heading, [r.number for r in g.rows]) for g in part.groups]) for part in content.sheets
    ] == [
        ("按篇章", [("一、加快发展", [1, 2]), ("二、改善民生", [3])]),
        ("按市领导", [("林某某", [1, 2, 3])]),
        ("按牵头单位", [("市教育局", [2]), ("市工业和信息化局", [1]), ("市民政局", [3])]),
    ]
    row = content.sheets[0].groups[1].rows[0]
    assert (row.progress, row.value, row.due_value, row.light, row.determination, row.problem) == (
        "食堂已建成20家，服务体系方案已印发。", Decimal(20), Decimal(25), Light("■", "滞后"), SENTENCE, "用地尚未落实",
    )  # fmt: skip
    assert content.sheets[0].groups[0].rows[0].progress == "（未报）"


def test_progress_says_from_when_it_is(sheet):
    line = sheet.figures.lines[2]

    assert [
        said_words(replace(line, no_change=True), "2026-03"),
        said_words(replace(line, no_change=True, progress=""), "2026-03"),
        said_words(line, "2026-06"),
        said_words(replace(line, said_in=""), "2026-03"),
    ] == [
        "食堂已建成20家，服务体系方案已印发。（本期无变化）", "无变化", "（一季度报）食堂已建成20家，服务体系方案已印发。", "",
    ]  # fmt: skip


def test_order_is_dated_by_its_approval_and_numbered_like_the_list(sheet):
    (row,) = sheet.figures.orders
    content = order_content(sheet, str(row.order))

    assert (content.number, content.basis.on, content.due_on) == (
        "云政督〔2026〕1号",
        date(2026, 4, 17),
        date(2026, 4, 30),
    )
    assert content.matter == ("第3项滞后于节点。", "重点任务第3项：办好食堂，健全服务体系。")
    assert content.grounds == (
        "《2026年重点任务清单》（云政发〔2026〕9号）第3项。",
        f"经督查核定：{SENTENCE}",
    )
    letter = replace(
        sheet, figures=sheet.figures.with_orders((replace(row, kind="letter", serial=0, approved_on=""),))
    )
    other = order_content(letter, str(row.order))
    assert (other.number, other.basis.on, other.form.value, other.head) == (
        "云政督函〔2026〕　　号", sheet.on, "letter", "云江市人民政府督查室",
    )  # fmt: skip


def test_leader_has_what_is_late_and_what_waits_for_him(sheet):
    content = leader_brief_content(sheet, "林某某")

    assert content.answer == "您分管的3项任务，滞后1项，应报未报2项；有1件事等您定夺。"
    assert content.late == (LateLine(3, "办好食堂", "市民政局", Light("■", "滞后"), SENTENCE),)
    assert content.decisions == (DecisionLine("第3项：用地尚未落实，需省自然资源厅协调。", "市民政局"),)


def test_unit_gets_its_tasks_its_form_and_its_slip(year, sheet):
    education, civil = unit_key(year, "市教育局"), unit_key(year, "市民政局")
    tasks = unit_tasks_content(sheet, education)
    slip = sign_off_content(sheet, civil)

    assert (tasks.summary, [(row.number, row.role, row.contact) for row in tasks.rows]) == (
        "牵头1项，配合1项，共2项", [(2, "牵头", "孙某某"), (3, "配合", "")],
    )  # fmt: skip
    assert report_form_content(sheet, civil).rows == (
        ReportRow(
            3, "办好食堂，健全服务体系。", "100家", "25家", "", "食堂已建成20家，服务体系方案已印发。", "20家",
            "用地尚未落实", "二季度开工",
        ),
    )  # fmt: skip
    assert (slip.row_count, slip.unchanged_count, slip.problem_count, len(slip.check_code)) == (1, 0, 1, 8)


def test_urging_list_names_who_owes(sheet):
    content = urging_content(sheet)

    assert content.summary == "应报3项，已报1项，未报2项，涉及2个单位。"
    assert [(row.unit, row.owed, row.oldest_due) for row in content.rows] == [
        ("市教育局", 1, date(2026, 4, 8)), ("市工业和信息化局", 1, date(2026, 4, 8)),
    ]  # fmt: skip


def test_every_paper_is_written_and_verifies_and_a_changed_one_is_caught(sheet):
    for paper in plan_papers(sheet.figures):
        found = verify(write_paper(sheet, paper.kind, paper.which))
        assert (paper.path, found.outcome, found.differences) == (paper.path, Outcome.SAME, ())
    book = openpyxl.load_workbook(BytesIO(write_paper(sheet, PaperKind.LEDGER, "")))
    book.worksheets[0]["L9"] = "已完成"
    changed = BytesIO()
    book.save(changed)
    found = verify(changed.getvalue())

    assert (found.outcome, len(found.differences)) == (Outcome.DIFFERS, 1)
    assert "已完成" in found.differences[0]


def test_a_paper_of_another_form_says_so_before_its_differences(sheet):
    paper = Document(BytesIO(write_paper(sheet, PaperKind.URGING, "")))
    paper.core_properties.keywords = paper.core_properties.keywords.replace(f"duban:{FORM}:", "duban:1:")
    paper.paragraphs[0].runs[0].text = "催报的名单"
    changed = BytesIO()
    paper.save(changed)

    found = verify(changed.getvalue())

    assert found.outcome is Outcome.DIFFERS
    assert found.differences[0] == OTHER_FORM.format(then=1, now=FORM)
    assert "催报的名单" in found.differences[1]


def test_the_same_sheet_gives_the_same_archive_with_every_planned_path(sheet):
    planned = plan_papers(sheet.figures)
    first = zipped(sheet, planned)

    assert zipped(sheet, planned) == first
    with ZipFile(BytesIO(first)) as archive:
        assert archive.namelist() == [paper.path for paper in planned]
    assert len({paper.path for paper in planned}) == len(planned) == 23


def test_strange_files_and_sheets_of_others_are_told_apart(year, sheet):
    ours = write_paper(sheet, PaperKind.SPECIAL_REPORT, "")
    strange = BytesIO()
    Document().save(strange)

    outcomes = [
        verify(strange.getvalue()).outcome,
        verify("不是文书".encode()).outcome,
        verify(ours, someone(PostRole.LIAISON, year.unit("市教育局"))).outcome,
        verify(ours, someone(PostRole.SUPERVISOR, year.government)).outcome,
    ]

    assert outcomes == [Outcome.NOT_OURS, Outcome.NOT_OURS, Outcome.NO_SHEET, Outcome.SAME]


def converted(path, kind, out):
    command = [
        "soffice",
        f"-env:UserInstallation=file://{path.parent}/profile",
        "--headless",
        "--convert-to",
    ]
    subprocess.run([*command, kind, "--outdir", out, path], check=True, capture_output=True)


@pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.parametrize(("late", "near", "main"), [(2, 15, 3), (10, 22, 4), (14, 0, 4)])
def test_a_report_has_four_pages_of_main_text_at_most_and_one_of_annex(sheet, tmp_path, late, near, main):
    from pypdfium2 import PdfDocument

    line = replace(
        sheet.figures.lines[2], problem="用地尚未落实，搬迁仍有36户未签约。" * 4, progress="主体封顶，" * 20
    )
    leaders = tuple(replace(sheet.figures.leaders[0], leader=f"副市长{name}") for name in "甲乙丙丁戊己庚辛")
    lights = ["lagging"] * late + ["warning"] * near
    lines = tuple(replace(line, number=number, light=light) for number, light in enumerate(lights, 1))
    head = replace(sheet.figures.head, earlier="2025-12")
    orders = tuple(replace(sheet.figures.orders[0], serial=serial) for serial in range(1, late + 1))
    figures = replace(sheet.figures, head=head, lines=lines, leaders=leaders, orders=orders)
    (tmp_path / "a.docx").write_bytes(
        write_paper(replace(sheet, figures=figures), PaperKind.SPECIAL_REPORT, "")
    )

    converted(tmp_path / "a.docx", "pdf", tmp_path)

    pages = [page.get_textpage().get_text_bounded() for page in PdfDocument(tmp_path / "a.pdf")]
    annex = next(place for place, text in enumerate(pages) if text.startswith("附件"))
    assert "附件：滞后和预警事项明细表" in pages[annex - 1]
    assert (annex, len(pages)) == (main, main + 1)
    assert "日印发" in pages[annex].replace(" ", "")


@pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice")
def test_a_paper_saved_again_by_libreoffice_still_verifies(sheet, tmp_path):
    for name, kind in (("a.docx", PaperKind.SPECIAL_REPORT), ("b.xlsx", PaperKind.LEDGER)):
        (tmp_path / name).write_bytes(write_paper(sheet, kind, ""))
        out = tmp_path / "again"
        converted(tmp_path / name, name.split(".")[1], out)

        assert verify((out / name).read_bytes()).outcome is Outcome.SAME


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("到三季度应完成 4500 个，差 41.3 个百分点。", "到三季度应完成4500个，差41.3个百分点。"),
        ("到上半年应到“规划”，节点已过 75 天。", "到上半年应到“规划”，节点已过75天。"),
        ("the end", "the end"),
    ],
)
def test_blanks_between_chinese_and_figures_go(text, said):
    assert tight(text) == said


def test_large_round_figures_are_said_in_ten_thousands_without_loss(sheet):
    line = replace(
        sheet.figures.lines[2], sentence="应完成 15750000 平方米，实际 270000 吨、12345 个，电话55912300。"
    )

    assert ruled(line) == "应完成1575万平方米，实际27万吨、12345个，电话55912300。"
    assert [in_words(Decimal(n)) for n in ("150000000", "340000", "12345", "9.70")] == [
        "1.5亿", "34万", "12345", "9.7",
    ]  # fmt: skip
