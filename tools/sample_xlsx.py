"""The sample as two workbooks: the list as a plain table, and the form the office itself works in."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from sample_data import SEPARATOR, Chance, Sample, SampleTask
from sample_package import repacked

if TYPE_CHECKING:
    from collections.abc import Sequence

LIST_HEAD: Final = ("序号", "任务", "主责单位")
WORKING_HEAD: Final = (
    "序号", "篇章", "任务内容", "牵头单位", "配合单位", "市领导", "责任处室", "联系人电话",
    "年度目标", "一季度", "上半年", "三季度", "全年", "备注",
)  # fmt: skip
WORKING_WIDTHS: Final = (6, 14, 46, 18, 26, 16, 14, 12, 24, 18, 18, 18, 18, 16)
WORKING_SHEETS: Final = (("第一至四部分", 4), ("第五至八部分", 8))


def list_workbook(sample: Sample) -> bytes:
    """序号 / 任务 / 主责单位, with chapters and sections as merged rows."""
    buffer = BytesIO()
    chance = Chance(f"{sample.document_number} xlsx")
    with _workbook(buffer, sample) as book:
        looks = _Looks(book)
        sheet = book.add_worksheet("重点任务清单")
        for column, width in enumerate((6, 80, 44)):
            sheet.set_column(column, column, width)
        sheet.merge_range(0, 0, 0, 2, sample.title, looks.title)
        sheet.merge_range(1, 0, 1, 2, f"{sample.issuer}　{sample.document_number}", looks.centred)
        sheet.write_row(2, 0, LIST_HEAD, looks.head)
        sheet.repeat_rows(2)
        row = 3
        for chapter, in_chapter in groupby(sample.tasks, key=lambda task: task.path[0]):
            sheet.merge_range(row, 0, row, 2, chapter, looks.chapter)
            row += 1
            for section, tasks in groupby(in_chapter, key=lambda task: task.path[1]):
                sheet.merge_range(row, 0, row, 2, section, looks.section)
                row += 1
                for task in tasks:
                    cells = (task.number, _in_cell(task.text, chance), SEPARATOR.join(task.units))
                    sheet.write_row(row, 0, cells, looks.cell)
                    row += 1
    return repacked(buffer.getvalue())


def _in_cell(text: str, chance: Chance) -> str:
    """Break a cell between sentences, as people do with Alt+Enter."""
    return text.replace("。", "。\n", text.count("。") - 1) if chance.happens(0.5) else text


def working_workbook(sample: Sample) -> bytes:
    """Make the office's own form, in two sheets, with the chapter merged over its tasks."""
    buffer = BytesIO()
    chapters = [list(tasks) for _, tasks in groupby(sample.tasks, key=lambda task: task.path[0])]
    with _workbook(buffer, sample) as book:
        looks = _Looks(book)
        start = 0
        for name, end in WORKING_SHEETS:
            _working_sheet(book.add_worksheet(name), looks, sample, chapters[start:end])
            start = end
    return repacked(buffer.getvalue())


def _working_sheet(
    sheet: Any, looks: _Looks, sample: Sample, chapters: Sequence[Sequence[SampleTask]]
) -> None:
    for column, width in enumerate(WORKING_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.merge_range(0, 0, 0, len(WORKING_HEAD) - 1, f"{sample.title}（工作台账）", looks.title)
    sheet.write_row(1, 0, WORKING_HEAD, looks.head)
    sheet.freeze_panes(2, 3)
    row = 2
    for tasks in chapters:
        sheet.merge_range(row, 1, row + len(tasks) - 1, 1, tasks[0].path[0], looks.cell)
        for task in tasks:
            sheet.write_number(row, 0, task.number, looks.cell)
            sheet.write_row(row, 2, _working_cells(task), looks.cell)
            row += 1


def _working_cells(task: SampleTask) -> tuple[str, ...]:
    return (
        task.text,
        task.lead,
        SEPARATOR.join(task.support),
        task.city_leader,
        task.division,
        task.phone,
        task.year_target,
        *task.nodes,
        task.remarks,
    )


def _workbook(buffer: BytesIO, sample: Sample) -> Any:
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    created = datetime.combine(sample.issued_on, time(9))
    book.set_properties({"title": sample.title, "author": sample.issuer, "created": created})
    return book


class _Looks:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "宋体", "valign": "vcenter", "text_wrap": True}
        grid = {**base, "font_size": 11, "border": 1}
        self.title = book.add_format({**base, "font_size": 18, "bold": True, "align": "center"})
        self.centred = book.add_format({**base, "font_size": 12, "align": "center"})
        self.head = book.add_format({**grid, "bold": True, "align": "center"})
        self.chapter = book.add_format({**grid, "bold": True, "bg_color": "#E7ECF2"})
        self.section = book.add_format({**grid, "bold": True})
        self.cell = book.add_format(grid)
