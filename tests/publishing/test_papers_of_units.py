"""What a unit, the one who phones it, and a city leader get to read."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime

import docx
import openpyxl
from tests.publishing import paper_samples as samples

from duban.publishing import contents as c
from duban.publishing.leader_brief import write_leader_brief
from duban.publishing.unit_papers import write_report_form, write_sign_off, write_unit_tasks
from duban.publishing.urging import write_urging, write_urging_sheet

SOURCE = "数据底稿 3f9a 1c20 7be4 55d1　数据截至 2026年9月30日"


def paragraphs(data: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs if p.text]


def tables(data: bytes) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in docx.Document(io.BytesIO(data)).tables
    ]


def test_the_task_sheet_says_role_nodes_and_hands():
    content = samples.unit_tasks()
    data = write_unit_tasks(replace(content, rows=content.rows[2:3] + content.rows[-1:]))

    assert paragraphs(data) == [
        "2026年市政府重点任务单",
        "单位：市交通运输局　　牵头1项，参与11项，共12项",
        SOURCE,
    ]
    assert tables(data) == [
        [
            ["序号", "任务内容", "职责", "牵头单位", "市领导", "年度目标", "节点目标", "承办与联系"],
            [
                "27", samples.ROWS[2].text, "牵头", "市交通运输局", "郑国平", "完成投资18.6亿元，主体结构封顶，配套道路通车",
                "一季度：完成投资3亿元\n上半年：完成投资8亿元，广场基础完工\n前三季度：完成投资13.9亿元，主体结构完成70%\n全年：完成投资18.6亿元，主体结构封顶",
                "分管：刘建国\n综合规划处\n吴凯　0599-5550127",
            ],
            ["259", "坚决防范遏制重特大生产安全事故。", "配合", "市应急局", "马俊", "", "", ""],
        ]
    ]  # fmt: skip


def test_the_form_is_blank_for_the_pen_or_filled_for_the_record():
    blank, filled = (samples.report_form(filled=filled) for filled in (False, True))
    head = [
        "序号",
        "任务",
        "年度目标",
        "本期节点",
        "上期进展",
        "本期进展\n（150字以内）",
        "数值",
        "存在问题",
        "下步安排",
    ]
    known = ["18", samples.ROWS[1].text, "新增城镇就业6.5万人", "4.88万人", samples.ROWS[1].progress]

    assert [tables(write_report_form(replace(form, rows=form.rows[1:2]))) for form in (blank, filled)] == [
        [[head, [*known, "", "", "", ""]]],
        [[head, [*known, samples.ROWS[1].progress, "5.83", "", ""]]],
    ]
    assert paragraphs(write_report_form(blank)) == [
        "2026年市政府重点任务进展情况报送表",
        "单位：市交通运输局　　2026年第三季度　　2026年10月8日前报送　　联系人：吴凯　0599-5550127",
        "没有变化的任务填“无变化”即可。　　填表人：　　　　　　联系电话：　　　　　　　　填表日期：　　　年　　月　　日",
        SOURCE,
    ]


def test_a_row_of_the_form_leaves_room_to_write():
    table = docx.Document(io.BytesIO(write_report_form(samples.report_form()))).tables[0]

    assert [round(row.height.mm) if row.height else None for row in table.rows] == [None] + [22] * 7


def test_the_sign_off_slip_counts_rows_and_leaves_room_for_signer_seal_and_date():
    data = write_sign_off(samples.sign_off())

    assert paragraphs(data)[0] == "重点任务进展情况审签单"
    assert tables(data) == [
        [
            ["报送单位", *["市交通运输局"] * 3],
            ["报送周期", *["2026年第三季度"] * 3],
            ["报送任务数", "12项", "其中：无变化", "3项"],
            ["反映问题数", "4项", "按时报送日", "2026年10月8日"],
            ["校验码", *["7KQM-2D9F-XH41"] * 3],
            ["审签意见", *["本单位已对所报进展、数值、问题逐项核实，内容真实、准确，同意报送。"] * 3],
            ["填报人\n（联络员）", "", "联系电话", ""],
            ["审签人\n（负责同志）", "刘建国", "签字", ""],
            ["单位盖章", *["\n\n\n（单位盖章）\n　　　　年　　月　　日"] * 3],
            ["登记（督查室）", *["收件人：　　　　　　收件日期：　　　年　　月　　日"] * 3],
        ]
    ]


URGED = [
    ["1", "市应急局", "6", "2026年9月30日", "蒋伟", "0599-5550259", "10月8日16时电话，答复9日中午前报送"],
    ["2", "临江县政府", "5", "2026年10月8日", "苏萍", "0599-5550302", ""],
    ["3", "国网云江供电公司", "3", "2026年10月8日", "", "", "无联络员，函询"],
    ["4", "中国（云江）跨境电子商务综合试验区建设工作领导小组办公室", "1", "", "任远", "0599-5550377", ""],
]


def test_the_urging_list_says_whom_to_phone():
    data = write_urging(samples.urging())

    assert paragraphs(data) == [
        "2026年第三季度重点任务报送催报名单",
        "2026年第三季度　按时报送：2026年10月8日前",
        "应报412项，已报397项，15项逾期未报，涉及4个单位。",
        SOURCE,
    ]
    heads = ["序号", "单位", "应报\n未报", "最早应报日", "联络员", "电话", "上次联系"]
    assert tables(data) == [[heads, *URGED]]


def test_the_urging_workbook_has_the_same_rows_and_room_for_the_answer():
    book = openpyxl.load_workbook(io.BytesIO(write_urging_sheet(samples.urging())))
    rows = [tuple(cell.value for cell in row) for row in book["催报名单"].iter_rows()]

    assert rows[2:] == [
        ("序号", "单位", "应报未报", "最早应报日", "联络员", "电话", "上次联系", "本次联系"),
        *((int(n), unit, int(owed), *more, "") for n, unit, owed, *more in URGED),
    ]
    assert rows[1][0] == f"应报412项，已报397项，15项逾期未报，涉及4个单位。　{SOURCE}"
    assert [book["催报名单"].row_dimensions[line].height for line in range(4, 8)] == [21, 21, 21, 51]
    assert book.properties.created == datetime(2026, 10, 9)


def test_the_leaders_page_gives_the_answer_first():
    data = write_leader_brief(samples.leader_brief())

    assert paragraphs(data) == [
        "分管重点任务一页通",
        "呈：郑国平副市长　　2026年第三季度　　2026年10月9日",
        "您分管的74项任务，正常54项，滞后5项，比上期多2项；2件事等您定夺。",
        "滞后和预警事项（3项）",
        "请您定夺的事项（2项）",
        "详见总台账。　督查室电话：0599-5550190",
        SOURCE,
    ]
    assert tables(data) == [
        [
            ["合计", "● 正常", "▲ 预警", "■ 滞后", "◇ 未到节点", "✓ 完成"],
            ["74", "54", "8", "5", "6", "1"],
            ["较上期", "-2", "持平", "+2", "-1", "+1"],
        ],
        [
            ["序号", "任务", "牵头单位", "状态", "情况"],
            ["27", "云江东站综合交通枢纽建设", "市交通运输局", "■ 滞后", "完成投资9.7亿元，三季度节点13.9亿元，搬迁36户未签约。"],
            ["33", "城市更新和老旧小区改造", "市住房城乡建设局", "▲ 预警", "完工66个，节点68个，5个小区加装电梯意见不统一。"],
            ["116", "高铁云江至临海段纳入国家规划", "市发展改革委", "○ 久未更新", "连续两期无变化。"],
        ],
        [
            ["", "请您定夺的事项", "提请单位"],
            ["1", "220千伏云东线迁改方案审批时间，需与供电公司协调，是否召开专题会议。", "市交通运输局"],
            ["2", "第33项完工时限由11月底延至12月20日的申请。", "市住房城乡建设局"],
        ],
    ]  # fmt: skip


def test_what_does_not_fit_on_the_leaders_page_is_counted():
    data = write_leader_brief(samples.leader_brief(9))
    rows = [len(table) - 1 for table in tables(data)[1:]]
    left_out = [text for text in paragraphs(data) if "未列" in text]

    assert rows == [4, 4]
    assert left_out == ["本页未列23项。", "本页未列14项。"]


def test_a_leader_with_nothing_late_reads_so():
    brief = replace(samples.leader_brief(), late=(), decisions=())

    assert paragraphs(write_leader_brief(brief))[3:5] == ["滞后和预警事项：无", "请您定夺的事项：无"]


def test_a_unit_without_tasks_gets_a_sheet_that_says_so():
    content = replace(samples.unit_tasks(), rows=(), summary="本年度无承担任务")

    assert [len(table) for table in tables(write_unit_tasks(content))] == [1]
    assert isinstance(content, c.UnitTasksContent)
