"""The master ledger: three orders, whole rows, figures as numbers, A3 landscape with repeated heads."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
from tests.publishing import paper_samples as samples

from duban.publishing import contents as c
from duban.publishing.ledger import write_ledger


def book_of(ledger: c.LedgerContent):
    return openpyxl.load_workbook(io.BytesIO(write_ledger(ledger)))


def values(sheet) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_a_sheet_holds_title_head_groups_and_every_field_of_a_row():
    ledger = samples.ledger()
    one = replace(ledger, sheets=(c.LedgerSheet("按篇章", (c.LedgerGroup("二、城市", samples.ROWS[2:3]),)),))
    blank = (None,) * 21

    assert values(book_of(one)["按篇章"]) == [
        ("云江市2026年市政府重点任务总台账", *blank),
        (
            ("2026年第三季度　按篇章　1行　云江市人民政府督查室　2026年10月9日制　"
            "数据底稿 3f9a 1c20 7be4 55d1　数据截至 2026年9月30日"),
            *blank,
        ),
        (
            "序号", "任务内容", "牵头单位", "主责单位", "配合单位", "市领导", "年度目标", "节点目标", None, None, None,
            "最新进展", "完成值", "序时目标", "状态", "督查核定", "存在问题", "下步安排", "责任处室", "联系人", "联系电话", "备注",
        ),
        (*(None,) * 7, "一季度", "上半年", "前三季度", "全年", *(None,) * 11),
        ("二、城市（1项）", *blank),
        (
            27, samples.ROWS[2].text, "市交通运输局", "市交通运输局、市住房城乡建设局、市自然资源和规划局", "东城区政府、市轨道集团",
            "郑国平", "完成投资18.6亿元，主体结构封顶，配套道路通车", "完成投资3亿元", "完成投资8亿元，广场基础完工",
            "完成投资13.9亿元，主体结构完成70%", "完成投资18.6亿元，主体结构封顶", samples.ROWS[2].progress, 9.7, 13.9, "■\n滞后",
            "滞后", "东侧36户居民未完成搬迁，220千伏线路迁改方案未批。", "10月底前完成搬迁签约，会同供电公司11月启动线路迁改。",
            "综合规划处", "吴凯", "0599-5550127", "市政府第23次常务会议研究",
        ),
    ]  # fmt: skip


def test_each_order_is_a_worksheet_with_the_same_tasks():
    book = book_of(samples.ledger())
    numbers = {sheet.title: [row[0] for row in values(sheet)[4:]] for sheet in book.worksheets}

    assert numbers == {
        "按篇章": [
            "一、推动经济持续回升向好（2项）", 1, 18, "二、提升城市建设治理水平（3项）", 27, 33, 41,
            "三、保障和改善民生（7项）", 65, 80, 116, 162, 190, 241, 259,
        ],
        "按市领导": [
            "陈志远（4项）", 1, 41, 80, 190, "何静（3项）", 18, 65, 162, "郑国平（3项）", 27, 33, 116, "马俊（2项）", 241, 259,
        ],
        "按单位": ["市发展改革委（2项）", 1, 116],
    }  # fmt: skip


def test_a_figure_shows_the_decimals_it_was_reported_with():
    sheet = book_of(samples.ledger())["按篇章"]
    shown = {
        sheet.cell(line, 1).value: (sheet.cell(line, 13).value, sheet.cell(line, 13).number_format)
        for line in (6, 7, 11, 18)
    }

    assert shown == {1: (964, "0"), 18: (5.83, "0.00"), 41: ("合法性审查", "General"), 241: (12.8, "0.00")}


def test_figures_stand_at_the_right_as_numbers_and_as_words():
    rows = (samples.ROWS[0], replace(samples.ROWS[1], value="945万", due_value="900万"))
    ledger = replace(samples.ledger(), sheets=(c.LedgerSheet("按篇章", (c.LedgerGroup("甲", rows),)),))
    sheet = book_of(ledger)["按篇章"]

    assert [[cell.alignment.horizontal for cell in row] for row in sheet["M6:N7"]] == [["right"] * 2] * 2


def test_it_prints_on_a3_landscape_one_page_wide_with_repeated_heads():
    sheet = book_of(samples.ledger())["按篇章"]
    setup = sheet.page_setup

    # openpyxl reads the default width of one page as None
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (
        8,
        "landscape",
        None,
        0,
    )
    assert (sheet.print_title_rows, sheet.print_area, sheet.freeze_panes) == (
        "$3:$4",
        "'按篇章'!$A$1:$V$19",
        "C5",
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_row_is_as_high_as_its_longest_text_and_never_higher_than_a_sheet_allows():
    row = samples.ROWS[2]
    rows = (replace(samples.ROWS[7]), row, replace(row, text="任务" * 2000))
    ledger = replace(samples.ledger(), sheets=(c.LedgerSheet("按篇章", (c.LedgerGroup("甲", rows),)),))
    sheet = book_of(ledger)["按篇章"]

    # two lines: shape and word of the light; seven lines of the task's text
    assert [sheet.row_dimensions[line].height for line in (6, 7, 8)] == [33, 100.5, 408.75]


def test_a_text_is_never_a_formula_or_a_link():
    row = replace(samples.ROWS[0], progress="=1+1", remarks="https://example.invalid/")
    ledger = replace(samples.ledger(), sheets=(c.LedgerSheet("按篇章", (c.LedgerGroup("甲", (row,)),)),))
    sheet = book_of(ledger)["按篇章"]

    assert (sheet["L6"].value, sheet["L6"].data_type, sheet["V6"].hyperlink) == ("=1+1", "s", None)


def test_a_light_has_its_colour_besides_shape_and_word():
    row = samples.ROWS[0]
    rows = tuple(
        replace(row, light=light)
        for light in (samples.NORMAL, samples.WARNING, samples.LATE, c.Light("□", "另议"))
    )
    ledger = replace(samples.ledger(), sheets=(c.LedgerSheet("按篇章", (c.LedgerGroup("甲", rows),)),))
    sheet = book_of(ledger)["按篇章"]

    assert [(cell.value, cell.font.color.rgb) for (cell,) in sheet["O6:O9"]] == [
        ("●\n正常", "FF1B7F3B"),
        ("▲\n预警", "FF9A6700"),
        ("■\n滞后", "FFB42318"),
        ("□\n另议", "FF000000"),
    ]
