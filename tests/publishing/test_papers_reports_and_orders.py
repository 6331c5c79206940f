"""What the special report, the orders and the letters say, from first line to imprint."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from tests.publishing import paper_samples as samples

from duban.publishing import contents as c
from duban.publishing.orders import write_order
from duban.publishing.special_report import write_special_report


def paragraphs(data: bytes) -> list[str]:
    return [p.text for p in docx.Document(io.BytesIO(data)).paragraphs if p.text]


def tables(data: bytes) -> list[list[list[str]]]:
    """Tables with each cell once, also where it spans columns."""
    return [
        [
            ["\n".join(p.text for p in cell.paragraphs) for cell in map(_cell_of(table), row._tr.tc_lst)]
            for row in table.rows
        ]
        for table in docx.Document(io.BytesIO(data)).tables
    ]


def _cell_of(table):
    from docx.table import _Cell

    return lambda element: _Cell(element, table)


def test_the_report_runs_from_totals_to_advice():
    report = samples.special_report()

    assert paragraphs(write_special_report(report)) == [
        "政务督查专报",
        "第12期",
        "云江市人民政府督查室\t2026年10月9日",
        "关于2026年第三季度市政府\n重点任务落实情况的报告",
        "一、总体情况",
        *report.summary,
        "二、按分管市领导分布",
        "三、滞后事项",
        ("（一）第27项：云江东站综合交通枢纽建设（市交通运输局牵头，郑国平副市长分管）。"
        "目标：年内完成投资18.6亿元，主体结构封顶、配套道路通车；三季度末应完成投资13.9亿元、主体结构70%。"
        "现状：累计完成投资9.7亿元，为三季度节点的69.8%；地下空间主体结构完成41%，落后节点29个百分点。"
        "原因：东侧36户居民搬迁未完成，220千伏线路迁改方案尚未批复，影响东侧基坑开挖约2.3万平方米。"
        "措施：市交通运输局会同东城区政府成立搬迁专班，10月底前完成签约；线路迁改方案已报供电公司，11月启动迁改。"
        "建议：请郑国平副市长召集专题会议，协调供电公司压缩方案审批时间；由东城区政府于10月31日前报送搬迁结果。"),
        ("（二）第41项：数据要素市场化配置改革实施方案（市数据局牵头，陈志远副市长分管）。"
        "目标：三季度印发实施方案。现状：两轮征求意见已完成，正在合法性审查。"
        "原因：授权运营收益分配条款，市财政局、市数据局意见不一致。措施：市数据局10月20日前提请专题会研究。"
        "建议：请市司法局同步完成审查，10月底前提请审议。"),
        ("（三）第162项：新建改扩建中小学幼儿园（市教育局牵头，何静副市长分管）。"
        "目标：全年24所、学位2.3万个；三季度末应新增学位1.7万个。现状：投用11所，新增学位1.1万个，占三季度节点的64.7%；8所在建，5所未开工。"
        "原因：5所学校用地指标未落实，涉及北山区3所、临江县2所。措施：市自然资源和规划局10月完成指标调剂。"),
        "四、下一步工作建议",
        *report.advice,
        "附件：滞后和预警事项明细表",
        "附件",
        "滞后和预警事项明细表",
    ]  # fmt: skip


def test_the_report_counts_against_last_period_by_leader_and_in_the_annex():
    heads = ["●\n正常", "▲\n预警", "■\n滞后", "◇\n未到节点", "✓\n完成"]

    assert tables(write_special_report(samples.special_report())) == [
        [
            ["", "合计", *heads],
            ["本期", "300", "231", "28", "13", "22", "6"],
            ["上期", "300", "224", "33", "9", "34", "0"],
            ["增减", "持平", "+7", "-5", "+4", "-12", "+6"],
        ],
        [
            ["市领导", "分管领域", "任务\n数", *heads],
            ["陈志远", "发展改革、工业、数据、营商环境", "96", "77", "8", "4", "5", "2"],
            ["何静", "教育、卫生、人社、民政", "81", "62", "9", "3", "6", "1"],
            ["郑国平", "交通、住建、自然资源", "74", "54", "8", "5", "6", "1"],
            ["马俊", "农业农村、水利、应急", "49", "38", "3", "1", "5", "2"],
        ],
        [
            ["序号", "任务", "牵头单位", "市领导", "完成值", "序时\n目标", "状态"],
            ["27", "加快推进云江东站综合交通枢纽建设，完…", "市交通运输局", "郑国平", "9.7", "13.9", "■ 滞后"],
            ["33", "建成城市更新示范片区2个，改造老旧小…", "市住房城乡建设局", "郑国平", "66", "68", "▲ 预警"],
            ["41", "制定《云江市数据要素市场化配置改革实…", "市数据局", "陈志远", "合法性审查", "印发", "■ 滞后"],
            ["162", "新建改扩建中小学幼儿园24所，新增学…", "市教育局", "何静", "1.10", "1.70", "■ 滞后"],
        ],
        [
            ["　签发：　　　　　　核稿：李然　　拟稿：王敏"],
            ["　报：市长，各副市长，市政府秘书长。"],
            ["　送：各县（市、区）政府，市政府各部门。"],
            ["　云江市人民政府督查室", "2026年10月9日印发　"],
            ["数据底稿 3f9a 1c20 7be4 55d1　数据截至 2026年9月30日"],
        ],
    ]  # fmt: skip


def test_a_first_report_without_laggards_has_no_empty_section():
    report = replace(
        samples.special_report(),
        total_before=None,
        tallies=(c.Tally("● 正常", 300),),
        leaders=(),
        laggards=(),
        annex=(),
        submitted_to="",
        sent_to="",
    )
    data = write_special_report(report)

    assert [text for text in paragraphs(data) if text[1:2] == "、"] == [
        "一、总体情况",
        "二、按分管市领导分布",
        "三、下一步工作建议",
    ]
    assert tables(data)[0] == [
        ["", "合计", "●\n正常"],
        ["本期", "300", "300"],
        ["上期", "—", "—"],
        ["增减", "—", "—"],
    ]
    assert [row[0] for row in tables(data)[-1]][:2] == [
        "　签发：　　　　　　核稿：李然　　拟稿：王敏",
        "　云江市人民政府督查室",
    ]
    assert "附件" not in paragraphs(data)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((7, 12), "其余2项滞后事项（第7、12项）见附件。"),
        (tuple(range(1, 22)), f"其余21项滞后事项（第{'、'.join(map(str, range(1, 21)))}等项）见附件。"),
    ],
)
def test_laggards_without_a_paragraph_are_named_after_the_others(numbers, said):
    data = write_special_report(replace(samples.special_report(), left_out=numbers))

    texts = paragraphs(data)
    assert texts[texts.index("四、下一步工作建议") - 1] == said


def test_columns_are_as_wide_as_their_names_need():
    report = samples.special_report()
    row = report.annex[0]._replace(lead="市人力资源社会保障局", city_leader="常务副市长陈志远")
    tables = docx.Document(io.BytesIO(write_special_report(replace(report, annex=(row,))))).tables

    assert [round(column.width.mm) for column in tables[1].columns][:2] == [18, 38]
    assert [round(column.width.mm) for column in tables[2].columns] == [9, 47, 34, 28, 13, 11, 15]


def test_the_names_of_leaders_break_before_a_title_has_no_room():
    report = samples.special_report()
    row = report.annex[0]._replace(
        lead="市人力资源社会保障局",
        city_leader="市委常委、常务副市长陈志远",
        value="合法性审查",
        due_value="正式印发",
    )
    table = docx.Document(io.BytesIO(write_special_report(replace(report, annex=(row,))))).tables[2]

    assert [round(column.width.mm) for column in table.columns] == [9, 40, 34, 24, 18, 15, 15]


def test_an_order_states_one_matter_and_brings_its_slip_on_a_new_page():
    order = samples.order()
    data = write_order(order)

    assert paragraphs(data) == [
        "特急",
        "云江市人民政府督办通知",
        "云政督〔2026〕3号",
        "关于加快云江东站\n综合交通枢纽建设的督办通知",
        "市交通运输局：",
        f"督办事项：{order.matter[0]}",
        f"督办依据：{order.grounds[0]}",
        f"办理要求：{order.requirement[0]}",
        order.requirement[1],
        "请于2026年10月31日前将办理情况连同回执送云江市人民政府督查室。联系人：李然，联系电话：0599-5550190。",
        "云江市人民政府督查室",
        "2026年10月9日",
        "回　　执",
        "云江市人民政府督查室：",
        "云政督〔2026〕3号《关于加快云江东站综合交通枢纽建设的督办通知》收悉，现将办理情况回复如下。",
    ]
    slip = next(p for p in docx.Document(io.BytesIO(data)).paragraphs if p.text == "回　　执")
    assert slip._p.pPr.find(qn("w:pageBreakBefore")) is not None


def test_the_slip_leaves_room_for_result_signature_and_seal():
    assert tables(write_order(samples.order())) == [
        [
            ["承办单位", "市交通运输局", "回复时限", "2026年10月31日"],
            ["签收人", "", "签收日期", "　　　年　　月　　日"],
            ["办理结果", ""],
            ["存在问题及\n下一步安排", ""],
            ["填报人", "", "联系电话", ""],
            ["单位负责同志\n签字、盖章", "\n（盖章）　　　　年　　月　　日"],
        ],
        [
            ["　抄送：市住房城乡建设局，东城区政府。"],
            ["　云江市人民政府督查室", "2026年10月9日印发　"],
            ["数据底稿 3f9a 1c20 7be4 55d1　数据截至 2026年9月30日"],
        ],
    ]


def test_a_letter_asks_where_an_order_requires_and_has_no_printer_in_its_imprint():
    data = write_order(samples.order(c.OrderForm.LETTER))

    assert paragraphs(data)[:4] == [
        "云江市人民政府办公厅",
        "特急\t云政督函〔2026〕5号",
        "关于商请加快220千伏云东线迁改\n工作的督查函",
        "国网云江供电公司：",
    ]
    assert [text[:4] for text in paragraphs(data)[4:7]] == ["督办事项", "督办依据", "商请事项"]
    assert tables(data)[1] == [["数据底稿 3f9a 1c20 7be4 55d1　数据截至 2026年9月30日"]]


def test_an_order_without_urgency_begins_with_its_red_head():
    assert paragraphs(write_order(replace(samples.order(), urgency="")))[0] == "云江市人民政府督办通知"


@pytest.mark.parametrize(
    ("contact", "phone", "said"),
    [
        ("李然", "0599-5550190", "联系人：李然，联系电话：0599-5550190。"),
        ("李然", "", "联系人：李然。"),
        ("", "0599-5550190", "联系电话：0599-5550190。"),
        ("　　　　", "　　　　", ""),
    ],
)
def test_an_order_names_only_the_contact_that_is_known(contact, phone, said):
    texts = paragraphs(write_order(replace(samples.order(), contact=contact, phone=phone)))

    last = texts[texts.index("回　　执") - 3]
    assert last == f"请于2026年10月31日前将办理情况连同回执送云江市人民政府督查室。{said}"


@pytest.mark.parametrize("form", c.OrderForm)
@pytest.mark.parametrize("lines", [1, 12])
def test_an_order_keeps_the_pitch_of_the_standard_however_long_it_is(form, lines):
    order = replace(samples.order(form), matter=("搬迁签约两周内完成，按月报送进展情况，不再延期。" * lines,))
    body = [p for p in docx.Document(io.BytesIO(write_order(order))).paragraphs if p.style.name == "公文正文"]

    assert [p.paragraph_format.line_spacing for p in body] == [None] * len(body)


@pytest.mark.parametrize(("issuer", "held"), [(samples.OFFICE, 1), ("市督查室", 2)])
def test_a_signature_holds_two_lines_of_the_body(issuer, held):
    order = samples.order()
    order = replace(order, contact="", phone="", basis=replace(order.basis, issuer=issuer))
    texts = docx.Document(io.BytesIO(write_order(order))).paragraphs
    signed = next(place for place, p in enumerate(texts) if p.text == issuer)

    kept = [bool(p.paragraph_format.keep_with_next) for p in texts[signed - 5 : signed + 1]]
    assert kept == [False] * (4 - held) + [True] * (held + 2)


def test_the_number_of_an_order_stands_below_two_empty_lines():
    texts = [p.text for p in docx.Document(io.BytesIO(write_order(samples.order()))).paragraphs]

    mark = texts.index("云江市人民政府督办通知")
    assert texts[mark + 1 : mark + 4] == ["", "", "云政督〔2026〕3号"]
