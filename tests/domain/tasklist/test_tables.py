"""Tables by their headers: lines with tabs, merged cells, repeated headers, and tables flattened into text."""

from duban.domain.source import Block, BlockKind, SourceText
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import ColumnKind


def document(*rows):
    """A table by the readers' rule; a cell is a text, or a text with the rows and columns it covers."""
    text, blocks = "", []
    for number, row in enumerate(rows, 1):
        column = 1
        for position, cell in enumerate(row):
            shown, down, across = cell if isinstance(cell, tuple) else (cell, 1, 1)
            text += "\t" if position else ""
            if shown is not None:
                place = (1, "", number, column, down, across)
                blocks.append(Block(BlockKind.CELL, len(text), len(text) + len(shown), *place))
                text += shown
            column += across
        text += "\n"
    return SourceText(text, tuple(blocks))


def brief(parsed):
    return [
        (t.number, *t.path, t.text, " ".join(f"{u.role.value[0]}:{u.name}" for u in t.units))
        for t in parsed.tasks
    ]


def codes(parsed):
    return [finding.code for finding in parsed.findings]


def test_lines_with_tabs_are_a_table():
    text = "序号\t工作任务\t牵头单位\t配合单位\t完成时限\n1\t修路10公里\t市交通局\t市财政局、发改委\t2025年6月底\n2\t架桥\t市交通局\t\t12月底\n"
    parsed = parse(SourceText(text))
    assert brief(parsed) == [
        ("1", "修路10公里", "l:市交通局 s:市财政局 s:发改委"),
        ("2", "架桥", "l:市交通局"),
    ]
    assert [task.deadline.text for task in parsed.tasks] == ["2025年6月底", "12月底"]
    assert codes(parsed) == ["prefix_restored"]


def test_heading_rows_repeated_headers_and_merged_groups():
    parsed = parse(
        document(
            [("任务分解表", 1, 4)],
            ["序号", "任务类别", "任务内容", "责任单位"],
            [("一、城建", 1, 4)],
            ["1", ("交通", 2, 1), "修路。", "市交通局\n市财政局"],
            ["2", None, "架桥。", "市水务局"],
            ["序号", "任务类别", "任务内容", "责任单位"],
            [("二、民生", 1, 4)],
            ["3", "养老", "建站。", "市民政局，各区政府"],
        )
    )
    assert brief(parsed) == [
        ("1", "交通", "修路。", "m:市交通局 m:市财政局"),
        ("2", "交通", "架桥。", "m:市水务局"),
        ("3", "养老", "建站。", "m:市民政局 m:各区政府"),
    ]
    assert codes(parsed) == []


def test_a_header_of_two_rows():
    parsed = parse(
        document(
            [("序号", 2, 1), ("工作任务", 2, 1), ("责任单位", 1, 2), ("市领导", 2, 1)],
            [None, None, "牵头", "配合", None],
            ["1", "修路。", "市交通局", "市财政局", "张三"],
        )
    )
    assert brief(parsed) == [("1", "修路。", "l:市交通局 s:市财政局")]
    assert [leader.text for leader in parsed.tasks[0].leaders] == ["张三"]


def test_own_columns_become_fields_and_unknown_ones_a_question():
    parsed = parse(
        document(
            ["序号", "任务", "主责单位", "一季度", "联系人电话", "神秘栏"],
            ["1", "修路。", "市交通局", "开工", "内线0001", "某值"],
        )
    )
    assert [(f.kind, f.text) for f in parsed.tasks[0].fields] == [
        (ColumnKind.NODE_Q1, "开工"),
        (ColumnKind.PHONE, "内线0001"),
    ]
    assert codes(parsed) == ["columns_unknown", "unconsumed"]


def test_a_person_names_the_columns():
    source = document(
        ["甲", "修路。", "市交通局"], ["乙", "架桥。", "市水务局"], ["丙", "建站。", "市民政局"]
    )
    assert "table_without_header" in codes(parse(source))
    kinds = {1: ColumnKind.NUMBER, 2: ColumnKind.TASK, 3: ColumnKind.LEAD}
    parsed = parse(source, columns=kinds)
    assert brief(parsed) == [
        ("甲", "修路。", "l:市交通局"),
        ("乙", "架桥。", "l:市水务局"),
        ("丙", "建站。", "l:市民政局"),
    ]
    assert codes(parsed) == []


def test_a_row_without_a_number_is_counted():
    parsed = parse(document(["工作任务", "责任单位"], ["修路。", "市交通局"], ["架桥。", "市水务局"]))
    assert brief(parsed) == [("1", "修路。", "m:市交通局"), ("2", "架桥。", "m:市水务局")]
    assert codes(parsed) == ["number_inferred", "number_inferred"]


def test_a_flattened_table_is_read_with_doubts():
    text = (
        "任务分解表工作任务工作要求牵头单位配合/责任单位一、城建1.修一条路。市交通局市财政局各区政府，各街道2.架一座桥。 各区政府"
        "一、城建3.建站。市民政局各区政府二、民生4.助老。市民政局各街道"
    )
    parsed = parse(SourceText(text))
    assert brief(parsed) == [
        ("1", "一、城建", "修一条路。", "l:市交通局 l:市财政局 s:各区政府 s:各街道"),
        ("2", "一、城建", "架一座桥。", "m:各区政府"),
        ("3", "一、城建", "建站。", "l:市民政局 s:各区政府"),
        ("4", "二、民生", "助老。", "l:市民政局 s:各街道"),
    ]
    assert codes(parsed).count("columns_unclear") == 4
    assert {"table_flattened", "heading_repeated"} <= set(codes(parsed))


def test_a_title_above_a_header_a_person_named_is_the_title_and_no_chapter():
    source = document(
        [("2027年重点工作任务分解表", 1, 4)],
        ["号", "要办的事", "谁办", "何时"],
        ["1", "修路。", "市交通局", "9月底"],
        ["2", "架桥。", "市水务局", "三季度"],
    )
    kinds = {1: ColumnKind.NUMBER, 2: ColumnKind.TASK, 3: ColumnKind.LEAD, 4: ColumnKind.DEADLINE}

    parsed = parse(source, columns=kinds)

    assert parsed.title == "2027年重点工作任务分解表"
    assert brief(parsed) == [("1", "修路。", "l:市交通局"), ("2", "架桥。", "l:市水务局")]
    assert [task.deadline.date.isoformat() for task in parsed.tasks] == ["2027-09-30", "2027-09-30"]


def test_a_row_of_totals_is_set_aside_wherever_it_says_so():
    parsed = parse(
        document(
            ["序号", "工作任务", "责任单位"],
            ["1", "修路。", "市交通局"],
            ["小计", "", "1项"],
            ["2", "架桥。", "市水务局"],
            ["", "合计：2项", ""],
            [("总计", 1, 3)],
        )
    )

    assert [task.text for task in parsed.tasks] == ["修路。", "架桥。"]
    assert codes(parsed) == ["total_row"] * 3
    assert {s.reason for s in parsed.stretches if s.matter.value == "matter"} >= {"total_row"}


def test_a_printed_limit_that_is_no_date_is_doubted_and_stays_as_printed():
    parsed = parse(
        document(
            [("2027年重点工作任务分解表", 1, 4)],
            ["序号", "工作任务", "责任单位", "完成时限"],
            ["1", "修路。", "市交通局", "2027-13-40"],
            ["2", "架桥。", "市水务局", "长期坚持"],
            ["3", "建站。", "市民政局", "全年"],
        )
    )

    assert [(f.code, f.params) for f in parsed.findings] == [
        ("deadline_unread", {"number": "1", "text": "2027-13-40"})
    ]
    assert [(t.deadline.text, str(t.deadline.date)) for t in parsed.tasks] == [
        ("2027-13-40", "None"),
        ("长期坚持", "None"),
        ("全年", "2027-12-31"),
    ]


def test_a_limit_without_the_year_of_the_list_is_not_doubted_for_itself():
    rows = (
        ["序号", "工作任务", "责任单位", "时限"],
        ["1", "修路。", "市交通局", "9月底"],
        ["2", "架桥。", "市水务局", "适时"],
    )

    parsed = parse(document(*rows))

    assert [f.params["text"] for f in parsed.findings if f.code == "deadline_unread"] == ["适时"]
