from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter
from tests.documents.readers.files import xls

from duban.documents.readers import UnreadableFile, read_bytes
from duban.documents.readers.limits import Limits
from duban.documents.readers.sheets import read_sheets, shown, shown_percent
from duban.domain.source import Block, BlockKind, SourceText


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_working_table_with_merges_and_several_sheets_through_the_child():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "重点任务"
    sheet["B2"], sheet["C2"] = "年度清单", None
    sheet.merge_cells("B2:C2")
    sheet["B3"], sheet["C3"] = 1, "建设\n三十条道路"
    sheet["B4"] = 2
    sheet.merge_cells("C3:C4")
    hidden = book.create_sheet("底稿")
    hidden.sheet_state, hidden["A1"] = "hidden", "秘"
    deep = book.create_sheet("字典")
    deep.sheet_state, deep["A1"] = "veryHidden", "秘"
    book.create_sheet("空表")
    book.create_sheet("区县")["A1"] = "各区政府"

    source = read_bytes("台账.xlsx", saved(book))

    text = "年度清单\n1\t建设\n三十条道路\n2\n各区政府\n〔隐藏的工作表未读入：底稿、字典〕\n"
    assert source == SourceText(
        text,
        (
            Block(BlockKind.CELL, 0, 4, 1, "重点任务", 2, 2, 1, 2),
            Block(BlockKind.CELL, 5, 6, 1, "重点任务", 3, 2),
            Block(BlockKind.CELL, 7, 15, 1, "重点任务", 3, 3, 2, 1),
            Block(BlockKind.CELL, 16, 17, 1, "重点任务", 4, 2),
            Block(BlockKind.CELL, 18, 22, 3, "区县", 1, 1),
            Block(BlockKind.PARAGRAPH, 23, len(text) - 1, furniture=True),
        ),
        "sheets",
        "1",
    )


def test_values_are_written_as_the_cells_show_them():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        percent, own = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": '0"%"'})
        date, moment = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        )
        sheet.write_row(0, 0, [3, 2.5, 0.1 + 0.2, 1e20, -7, "007", "=1+1"])
        sheet.write_formula(0, 6, "=1+1", None, 2)
        sheet.write(1, 0, 0.055, percent)
        sheet.write(1, 1, 0.28, book.add_format({"num_format": 9}))
        sheet.write(1, 2, 5, own)
        sheet.write(1, 3, "5%", percent)
        sheet.write(2, 0, dt.datetime(2026, 2, 3), date)
        sheet.write(2, 1, dt.datetime(2026, 2, 3, 8, 30), moment)
        sheet.write_boolean(2, 2, True)  # noqa: FBT003

    assert read_sheets(file.getvalue(), Limits()).text == (
        "3\t2.5\t0.3\t1e+20\t-7\t007\t2\n5.5%\t28%\t5\t5%\t\t\t\n2026-02-03\t2026-02-03 08:30:00\tTRUE\t\t\t\t\n"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "TRUE"), (False, "FALSE"), (1.0, "1"), (0.5, "0.5"), (12345678901234567.0, "1.23456789012346e+16"),
        (7, "7"), (dt.date(2026, 1, 2), "2026-01-02"), (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(hours=1), "1:00:00"), ("文", "文"),
    ],
)  # fmt: skip
def test_shown(value, text):
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.07, "7%"), (1, "100%"), (0.29, "29%"), ("无", "无"), (True, "TRUE")]
)
def test_shown_percent(value, text):
    assert shown_percent(value) == text


def test_old_excel_with_merge_and_hidden_sheet_through_the_child():
    data = xls({"表": [["合并", "", 1.0], ["乙", 2.5, "x"]], "隐": [["秘"]]}, hidden=("隐",))

    assert read_bytes("台账.xls", data) == SourceText(
        "合并\t1\n乙\t2.5\tx\n〔隐藏的工作表未读入：隐〕\n",
        (
            Block(BlockKind.CELL, 0, 2, 1, "表", 1, 1, 1, 2),
            Block(BlockKind.CELL, 3, 4, 1, "表", 1, 3),
            Block(BlockKind.CELL, 5, 6, 1, "表", 2, 1),
            Block(BlockKind.CELL, 7, 10, 1, "表", 2, 2),
            Block(BlockKind.CELL, 11, 12, 1, "表", 2, 3),
            Block(BlockKind.PARAGRAPH, 13, 26, furniture=True),
        ),
        "sheets",
        "1",
    )


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx"])
def test_old_and_new_excel_are_told_apart_by_content(name):
    book = openpyxl.Workbook()
    book.active["A1"] = "任务"

    assert [read_bytes(name, data).text for data in (saved(book), xls({"表": [["任务"]]}))] == ["任务\n"] * 2


def test_a_workbook_with_only_hidden_or_empty_sheets_is_refused():
    book = openpyxl.Workbook()
    book.create_sheet("隐")["A1"] = "秘"
    book["隐"].sheet_state = "hidden"

    with pytest.raises(UnreadableFile, match="文件中没有文字"):
        read_sheets(saved(book), Limits())


def test_too_many_cells_are_refused_also_when_they_are_empty():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["J10"] = "甲", "乙"

    with pytest.raises(UnreadableFile, match="表格超过 99 个单元格"):
        read_sheets(saved(book), Limits(cells=99))
    assert read_sheets(saved(book), Limits(cells=100)).text.count("甲") == 1


def test_a_cell_in_the_far_corner_does_not_exhaust_memory():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "甲", "乙"

    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("a.xlsx", saved(book))

    assert refusal.value.message.code in {"reader.too_many_cells", "reader.too_much_memory", "reader.damaged"}
