from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from duban.domain.messages import Message
from duban.domain.phrases_sheets import PHRASES
from duban.domain.sheets import (
    PLAN_COLUMNS,
    REPORT_COLUMNS,
    CellConflict,
    CellProblem,
    Expected,
    Merge,
    RowChange,
    merge,
)
from duban.domain.sheets_cells import Grid, Reading, clean, printed, read_day, read_value, same, task_number
from duban.domain.sheets_header import KEY_TITLE, header_of
from duban.domain.sheets_stamp import (
    Choice,
    Stamp,
    check_code,
    fitted,
    sheet_for,
    stamp_lines,
    stamp_of,
    stamp_refusal,
)

TITLES = (*(column.title for column in REPORT_COLUMNS), KEY_TITLE)
CODES = tuple(column.code for column in REPORT_COLUMNS)
ASKED = ("progress", "value", "problem", "next")
ROADS = Expected("a", "18", "建设三十条城市道路", {"year_target": "30条", "last": "开工12条"}, revision=4)
SCHOOLS = Expected(
    "b", "22", "新增学位一万个", {"year_target": "1万个", "progress": "新增6000个", "value": "6,000"}
)
PARKS = Expected("c", "46", "建成口袋公园20处", {"progress": "无变化"})
LINES = (ROADS, SCHOOLS, PARKS)
BASE = {line.key: {code: line.values.get(code, "") for code in ASKED} for line in LINES}


def cells(line: Expected, **edits) -> tuple:
    known = {"number": line.number, "task": line.text} | dict(line.values) | edits
    return (*(known.get(code) or None for code in CODES), line.key)


def ours(*rows: tuple) -> Grid:
    return Grid("报送表", (("市城管局报送表",), ("只填黄色格",), TITLES, *rows))


def pasted(*rows: tuple) -> Grid:
    return Grid("Sheet1", (("编号", "任务", "进展", "数值", "问题", "下步"), *rows))


def merged(grid: Grid, lines=LINES, base=BASE) -> Merge:
    found = merge(grid, lines, REPORT_COLUMNS, base=base)
    for problem in (*found.problems, *found.unknown_rows, *found.conflicts):
        chinese, english = (text.format(**problem.message.params) for text in PHRASES[problem.message.code])
        assert (chinese[-1], english[-1]) == ("。", ".")
    return found


def test_an_untouched_sheet_changes_nothing_and_reports_nothing():
    assert merged(ours(*map(cells, LINES))) == Merge(unchanged=3)


def test_three_edited_cells_are_three_changes():
    grid = ours(
        cells(ROADS, progress="开工20条，完工8条", value=Decimal(8)),
        cells(SCHOOLS),
        cells(PARKS, problem="征地滞后"),
    )

    assert merged(grid) == Merge(
        changes=(
            RowChange("a", "18", "progress", "", "开工20条，完工8条"),
            RowChange("a", "18", "value", "", "8"),
            RowChange("c", "46", "problem", "", "征地滞后"),
        ),
        unchanged=1,
    )


@pytest.mark.parametrize("words", ["无变化", " 按计划推进。", "同上", "无变化，按计划推进", "无 变 化"])
def test_no_change_is_said_in_words_and_said_once(words):
    grid = ours(cells(ROADS, progress=words), cells(SCHOOLS), cells(PARKS, progress=words))

    assert merged(grid) == Merge(no_change=("a",), unchanged=2)


def test_no_change_counts_only_when_the_cell_says_nothing_else():
    assert merged(ours(cells(ROADS, progress="同上，另完工2条"))).changes[0].after == "同上，另完工2条"


def test_a_cell_made_blank_is_a_deletion_only_where_it_is_known_what_stood_there():
    grid = ours(cells(SCHOOLS, value=None))

    assert merged(grid) == Merge(changes=(RowChange("b", "22", "value", "6,000", ""),), absent=("a", "c"))
    assert merged(grid, base=None) == Merge(unchanged=1, absent=("a", "c"))


def test_only_a_cell_that_both_sides_changed_is_a_conflict():
    server = SCHOOLS._replace(
        values={"year_target": "1万个", "progress": "新增7000个", "value": "7000", "next": "加快验收"},
        revision=9,
    )
    grid = ours(cells(SCHOOLS, progress="新增8000个", value="7,000", problem="缺教师"))

    assert merged(grid, (server,)) == Merge(
        changes=(RowChange("b", "22", "problem", "", "缺教师"),),
        conflicts=(
            CellConflict(
                "报送表", "F4", "b", "22", "progress", "新增6000个", "新增7000个", "新增8000个", 9,
                Message("sheet.conflict", {"number": "22", "column": "进展"}),
            ),
        ),
    )  # fmt: skip


def test_a_plain_paste_is_matched_by_number_whatever_stands_around_it():
    grid = Grid(
        "工作表1",
        (
            ("市城管局三季度重点任务进展情况",),
            (None, "报送日期：9月28日"),
            ("存在问题", "备 注", "工作进展（150字以内）", "序号", None, "下一步工作", "完成数值"),
            (None, "x", "开工２０条", Decimal(18), None, None, "20条"),
            (" ", "", "　", "\u200b"),
            ("存在问题", "备注", "工作进展（150字以内）", "序号", None, "下一步工作", "完成数值"),
            ("无", None, None, "第４６项", None, "10月验收\r\n 并移交 ", None),
            ("填报人：林小溪",),
            (None, None, None, "注：数值为累计数"),
        ),
        top=3,
        left=2,
    )

    assert merged(grid, base=None) == Merge(
        changes=(
            RowChange("a", "18", "progress", "", "开工２０条"),
            RowChange("a", "18", "value", "", "20条"),
            RowChange("c", "46", "problem", "", "无"),
            RowChange("c", "46", "next", "", "10月验收\n 并移交"),
        ),
        unknown_rows=(
            CellProblem("工作表1", "E10", "", Message("sheet.number_missing")),
        ),
        absent=("b",),
    )  # fmt: skip


def test_a_head_of_two_rows_is_read_as_one():
    grid = Grid("表", (
        ("编号", "任务", "季度节点", None, None, None, "责任处室"),
        (None, None, "一季度", "上半年", "三季度", "全年", None),
        ("18", "建设三十条城市道路", "开工5条", None, None, "30条", "道路处"),
    ))  # fmt: skip

    assert [(c.column, c.after) for c in merge(grid, LINES, PLAN_COLUMNS, base=None).changes] == [
        ("q1", "开工5条"), ("year", "30条"), ("division", "道路处"),
    ]  # fmt: skip


def test_every_problem_names_its_cell_once():
    grid = pasted(
        ("18", "建设三十条城市道路", "长" * 153, "#REF!", None, None),
        ("22", "新增学位一万个", "甲", None, None, None),
        ("22", "新增学位一万个", "乙", None, None, None),
        ("64", "建成口袋公园二十处", "丙", None, None, None),
        ("640", None, None, None, None, None),
        ("46", "开展全民阅读活动", "丁", None, None, None),
    )

    assert merged(grid, base=None) == Merge(
        problems=(
            CellProblem("Sheet1", "A4", "22", Message("sheet.number_repeated", {"number": "22", "cells": "A3、A4"})),
            CellProblem(
                "Sheet1", "C2", "长" * 153,
                Message("sheet.too_long", {"column": "进展", "limit": 150, "count": 153, "excess": 3}), "长" * 150,
            ),
            CellProblem("Sheet1", "D2", "#REF!", Message("sheet.cell_error")),
        ),
        unknown_rows=(
            CellProblem("Sheet1", "A5", "64", Message("sheet.number_unknown", {"number": "64"}), "编号 46：建成口袋公园20处"),
            CellProblem("Sheet1", "A6", "640", Message("sheet.number_unknown", {"number": "640"})),
            CellProblem("Sheet1", "A7", "46", Message("sheet.task_differs", {"number": "46"}), "编号 46：建成口袋公园20处"),
        ),
        absent=("c",),
    )  # fmt: skip


def test_a_changed_prefilled_cell_is_noted_and_ignored():
    grid = ours(cells(ROADS, number="19", year_target="20条", last="开工12…", progress="完工9条"))

    assert merged(grid) == Merge(
        changes=(RowChange("a", "18", "progress", "", "完工9条"),),
        problems=(
            CellProblem("报送表", "A4", "19", Message("sheet.prefilled_changed", {"column": "编号"}), "18", note=True),
            CellProblem(
                "报送表", "C4", "20条", Message("sheet.prefilled_changed", {"column": "年度目标"}), "30条", note=True
            ),
        ),
        absent=("b", "c"),
    )  # fmt: skip


def test_a_prefilled_cell_as_it_went_out_is_no_change_even_when_the_server_went_on():
    server = ROADS._replace(values={"year_target": "32条", "last": "开工12条"})

    base = {"a": BASE["a"] | {"year_target": "30条"}}
    assert merged(ours(cells(ROADS)), (server,), base) == Merge(unchanged=1)


def test_a_locked_row_takes_no_edits_and_says_so_once():
    locked = SCHOOLS._replace(locked=True)

    assert merged(ours(cells(locked)), (locked,)) == Merge(unchanged=1)
    assert merged(ours(cells(locked, progress="甲", problem="乙")), (locked,)) == Merge(
        problems=(CellProblem("报送表", "F4", "甲", Message("sheet.row_locked", {"number": "22"})),)
    )


def test_rows_of_one_number_are_told_apart_by_key_or_text():
    twins = (ROADS, ROADS._replace(key="d", text="维修三十座桥梁"))
    by_text = pasted(
        (Decimal(18), "维修三十座桥梁", "完工3座"), ("18", None, "完工"), ("18", "其他的事情", "完工")
    )

    assert [c.key for c in merged(by_text, twins, None).changes] == ["d"]
    assert [(p.cell, p.message.code) for p in merged(by_text, twins, None).unknown_rows] == [
        ("A3", "sheet.number_ambiguous"), ("A4", "sheet.number_ambiguous"),
    ]  # fmt: skip
    assert [
        c.key for c in merged(ours(cells(twins[1], task="", number="", progress="完工3座")), twins).changes
    ] == ["d"]


def test_a_text_that_was_edited_or_shortened_still_fits_its_number():
    grid = pasted(("18", "建设三十条城市主干道路", "甲"), ("22", "新增…", "乙"), ("46", "建成口袋公园", "丙"))
    twins = (ROADS, ROADS._replace(key="d", text="建设三十条城市道路的照明"))

    assert [c.key for c in merged(grid, base=None).changes] == ["a", "b", "c"]
    assert [c.key for c in merged(pasted(("18", twins[1].text, "完工")), twins, None).changes] == ["d"]


def test_a_table_pasted_over_ours_counts_by_what_can_be_seen():
    swapped = ours(
        (*cells(SCHOOLS, progress="新增9000个")[:-1], "a"),
        (*cells(ROADS, progress="完工9条")[:-1], "b"),
        (*cells(ROADS, task="另一件事")[:-1], "c"),
    )

    assert merged(swapped) == Merge(
        changes=(
            RowChange("b", "22", "progress", "新增6000个", "新增9000个"),
            RowChange("a", "18", "progress", "", "完工9条"),
        ),
        unknown_rows=(
            CellProblem("报送表", "A6", "18", Message("sheet.task_differs", {"number": "18"}), "编号 18：建设三十条城市道路"),
        ),
        absent=("c",),
    )  # fmt: skip
    typed_over = ours(cells(ROADS, number="22", progress="完工9条"))
    assert [c.key for c in merged(typed_over).changes] == ["a"]


def test_a_column_that_stands_twice_is_read_once_and_said():
    grid = Grid("表", (("编号", "进展", "工作进展"), ("18", "甲", "乙")))

    assert merged(grid, base=None) == Merge(
        changes=(RowChange("a", "18", "progress", "", "甲"),),
        problems=(
            CellProblem(
                "表", "C1", "工作进展", Message("sheet.column_repeated", {"column": "进展", "first": "B1"})
            ),
        ),
        absent=("b", "c"),
    )


@pytest.mark.parametrize("rows", [(), ((),), (("编号", "任务"), ("18", "进展")), (("进展", "问题"),)])
def test_a_sheet_without_a_heading_row_is_one_sentence(rows):
    assert merged(Grid("表", rows)) == Merge(
        problems=(CellProblem("表", "", "", Message("sheet.no_header", {"column": "进展"})),),
        absent=("a", "b", "c"),
    )


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("1.2万", Reading(Decimal(12000))),
        ("１，２００", Reading(Decimal(1200))),
        ("12%", Reading(Decimal(12), percent=True)),
        ("百分之五", Reading(Decimal(5), percent=True)),
        ("约 300", Reading(Decimal(300), about=True)),
        ("300余户", Reading(Decimal(300), about=True, unit="户")),
        ("1711万平方米", Reading(Decimal(17_110_000), unit="平方米")),
        ("-3.5", Reading(Decimal("-3.5"))),
        ("三十条", Reading(Decimal(30), unit="条")),
        ("", None),
        ("未突破", None),
        ("1,20", None),
        ("1711万平方米；1204公顷", None),
        ("96/183", None),
        ("2026年6月30日", None),
    ],
)
def test_a_printed_quantity_is_understood_or_left_alone(text, reading):
    assert read_value(text) == reading


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (dt.date(2026, 6, 30), dt.date(2026, 6, 30)),
        (Decimal(46203), dt.date(2026, 6, 30)),
        ("2026年6月30日", dt.date(2026, 6, 30)),
        ("2026-06-30", dt.date(2026, 6, 30)),
        ("２０２６/6/30", dt.date(2026, 6, 30)),
        ("2026.6.30", dt.date(2026, 6, 30)),
        ("2026-02-30", None),
        ("6月30日", None),
        (Decimal("0.5"), None),
        (None, None),
    ],
)
def test_a_day_is_understood_in_every_form_it_is_written(value, day):
    assert read_day(value) == day
    assert day is None or same(value, "2026年6月30日")


@pytest.mark.parametrize(
    ("value", "number"),
    [("第０18项", "18"), (Decimal("18.0"), "18"), ("（18）", "18"), ("18、", "18"), ("十八", "18"), ("3—2", "3-2"),
     (Decimal("18.1"), "18.1"), ("合计", "合计"), (None, "")],
)  # fmt: skip
def test_a_printed_number_is_compared_by_what_it_says(value, number):
    assert task_number(value) == number


def test_texts_are_stored_clean():
    assert clean(" 甲\u200b \r\n　乙_x000D_\n\x07丙\u00a0") == "甲\n　乙\n丙"
    assert [printed(v) for v in (Decimal("1E+3"), Decimal("0.50"), dt.date(2026, 6, 30), None)] == [
        "1000", "0.5", "2026年6月30日", "",
    ]  # fmt: skip


def test_addresses_are_those_of_the_program():
    grid = Grid("表", (), top=3, left=2)

    assert [grid.address(*place) for place in ((0, 0), (4, 24), (0, 25), (0, 700))] == [
        "B3",
        "Z7",
        "AA3",
        "ZZ3",
    ]


STAMP = Stamp("L1", "2026Q3", "U7", 4, {"report": BASE})


def test_a_stamp_comes_back_whole_or_not_at_all():
    lines = tuple(stamp_lines(STAMP))
    torn = tuple(("revision", "5") if line[0] == "revision" else line for line in lines)

    assert stamp_of((ours(), Grid("duban", (*lines, ()), hidden=True))) == STAMP
    assert [
        stamp_of(grids) for grids in ((), (ours(),), (Grid("duban", torn),), (Grid("x", lines[:3]),))
    ] == [None] * 4
    assert stamp_of((Grid("x", (*lines[:-1], ("report", "c", "[1]"))),)) is None
    assert check_code(STAMP) == check_code(STAMP._replace()) != check_code(STAMP._replace(revision=5))


def test_a_stamp_fits_into_cells():
    bases = fitted({"plan": {"a": {"task": "长" * 9000, "q1": "一"}}})

    assert bases == {"plan": {"a": {"q1": "一"}}}
    assert fitted(STAMP.bases) == STAMP.bases


def test_a_workbook_of_another_list_period_or_unit_is_told():
    wanted = ("L1", "2026Q3", "U7")
    others = [STAMP, *(STAMP._replace(**{field: "?"}) for field in ("list", "period", "unit"))]

    codes = [refusal and refusal.code for refusal in (stamp_refusal(stamp, wanted) for stamp in others)]
    assert codes == [None, "sheet.other_list", "sheet.other_period", "sheet.other_unit"]
    assert set(codes[1:]) <= set(PHRASES)


def test_the_sheet_that_fits_is_read_and_its_doubles_are_named():
    plan = Grid("细化表", (tuple(column.title for column in PLAN_COLUMNS),))
    report, copy = ours(), ours()._replace(name="报送表 (2)")
    hidden = ours()._replace(hidden=True)

    assert sheet_for((plan, copy, report), REPORT_COLUMNS, "报送表") == Choice(report, ("报送表 (2)",))
    assert sheet_for((hidden, plan, copy), REPORT_COLUMNS, "报送表") == Choice(copy)
    assert sheet_for((hidden, plan), REPORT_COLUMNS, "报送表") == Choice(None)


def test_a_reports_target_for_the_whole_year_is_not_a_node():
    header = header_of(Grid("表", (("编号", "全年目标", "全年", "进展"),)), REPORT_COLUMNS)

    assert header is not None
    assert dict(header.places) == {"number": 0, "year_target": 1, "progress": 3}


TEXT = st.text("建设完成道路问题验收第一二三，。；、123456789%ABc", min_size=1, max_size=20).filter(str.strip)
ROWS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(ASKED, TEXT)), min_size=1, max_size=8).map(
    lambda rows: tuple(
        Expected(f"k{at}", str(3 * at + 1), f"第{at}件事情{'甲乙丙丁戊己庚辛'[at] * 6}", values)
        for at, values in enumerate(rows)
    )
)


def base_of(lines):
    return {line.key: {code: line.values.get(code, "") for code in ASKED} for line in lines}


def applied(lines, found: Merge):
    values = {line.key: dict(line.values) for line in lines}
    for change in found.changes:
        values[change.key][change.column] = change.after
    for key in found.no_change:
        values[key]["progress"] = "无变化"
    return tuple(line._replace(values=values[line.key]) for line in lines)


@given(ROWS, st.data())
@settings(max_examples=60, deadline=None)
def test_random_edits_merged_are_those_edits_and_merging_them_again_is_nothing(lines, data):
    places = st.tuples(st.sampled_from(lines), st.sampled_from(ASKED))
    drawn = data.draw(st.lists(st.tuples(places, TEXT | st.sampled_from(["", "无变化"])), max_size=6))
    edits = {(line.key, code): text for (line, code), text in drawn}
    for line in lines:
        for code in ASKED:
            new = edits.get((line.key, code))
            assume(new is None or not same(new, line.values.get(code, ""), quantity=True))
    grid = ours(*(cells(line, **{c: t for (k, c), t in edits.items() if k == line.key}) for line in lines))

    found = merged(grid, lines, base_of(lines))

    told = {(change.key, change.column): change.after for change in found.changes}
    told |= {(key, "progress"): "无变化" for key in found.no_change}
    assert told == edits
    assert len(found.changes) + len(found.no_change) == len(edits)
    later = applied(lines, found)
    assert merged(grid, later, base_of(lines)) == Merge(unchanged=len(lines))
    assert merged(ours(*map(cells, later)), later, base_of(later)) == Merge(unchanged=len(lines))


NOISE = st.sampled_from([" ", "\u3000", "\r\n", "\u00a0", "\u200b", "\t"])
WIDE = str.maketrans("0123456789%ABc，；", "０１２３４５６７８９％ＡＢｃ,;")


@given(ROWS, st.randoms(use_true_random=False), st.data())
@settings(max_examples=60, deadline=None)
def test_random_noise_of_format_is_no_change(lines, random, data):
    def noisy(text):
        if not text:
            return data.draw(st.sampled_from([None, "", " ", "\u3000\n"]))
        at = random.randrange(len(text) + 1)
        text = text.translate(WIDE) if random.random() < 0.5 else text
        return data.draw(NOISE) + text[:at] + data.draw(NOISE) + text[at:] + data.draw(NOISE)

    order = list(range(len(TITLES) - 1))
    random.shuffle(order)
    table = [TITLES, *(cells(line) for line in lines)]
    rows = [(*(noisy(row[place]) for place in order), None, "备注") for row in table]
    blank = (None, "", "\u3000")
    shuffled = random.sample(rows[1:], len(rows) - 1)
    rows = [("标题",), blank, rows[0], *(piece for row in shuffled for piece in (row, blank))]

    assert merged(Grid("表", tuple(rows)), lines, base_of(lines)) == Merge(unchanged=len(lines))


@given(
    st.lists(st.lists(st.none() | st.text(max_size=8) | st.decimals(allow_nan=False, allow_infinity=False)
             | st.dates() | st.sampled_from([*TITLES, "18", "a"]), max_size=6), max_size=8)
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_table_whatever_breaks_the_merge(rows):
    merged(Grid("表", tuple(map(tuple, rows))))


def test_a_value_that_cannot_be_read_is_named_by_its_cell_and_not_taken():
    roads = ROADS._replace(nature="quantified", valued=True)
    floor = PARKS._replace(nature="floor")
    grid = ours(cells(roads, value="很多"), cells(SCHOOLS), cells(floor, value="还好", problem="征地滞后"))

    found = merged(grid, (roads, SCHOOLS, floor))

    assert found.changes == (RowChange("c", "46", "problem", "", "征地滞后"),)
    assert [(problem.cell, problem.value, problem.message.code) for problem in found.problems] == [
        ("G4", "很多", "sheet.value_not_a_number"),
        ("G6", "还好", "sheet.value_not_listed"),
    ]
