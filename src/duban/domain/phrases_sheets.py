"""The sentences about a unit's sheet that came back as a workbook, code -> (Chinese, English)."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "sheet.cell_error": (
        "这一格是公式错误，没有读入，请改为文字或数字。",
        "This cell holds a formula error and was not read. Write text or a number instead.",
    ),
    "sheet.column_repeated": (
        "“{column}”一栏出现两次，只读了 {first} 一栏，请删去多余的一栏。",
        "The column “{column}” appears twice; only the one at {first} was read. Remove the other.",
    ),
    "sheet.conflict": (
        "编号 {number} 的“{column}”在这份表导出以后又有改动，与表中填的不一致，请选定用哪一个。",
        "“{column}” of number {number} was changed after this workbook was made and differs from it. Choose one.",
    ),
    "sheet.no_header": (
        "没有找到表头，表中要有一行写明“编号”和要填的栏目，如“{column}”。",
        "No heading row was found. One row must name the number and a column to fill in, such as “{column}”.",
    ),
    "sheet.not_a_workbook": (
        "这里只收 Excel 或 WPS 表格，请另存为 .xlsx 后再上传。",
        "Only workbooks are taken here. Save the file as .xlsx, then upload it.",
    ),
    "sheet.number_ambiguous": (
        "编号 {number} 有几行，分不清是哪一行，没有读入，请保留任务一栏的原文。",
        "Several rows have the number {number}; this one was not read. Keep the task column as it was.",
    ),
    "sheet.number_missing": (
        "这一行填了内容，但没有编号，没有读入。",
        "This row was filled in but has no number, and was not read.",
    ),
    "sheet.number_repeated": (
        "编号 {number} 在 {cells} 重复出现，都没有读入，请只留一行。",
        "The number {number} appears at {cells}; none of these rows was read. Keep one.",
    ),
    "sheet.number_unknown": (
        "编号 {number} 不在这张表应填的任务里，没有读入。",
        "The number {number} is not among the tasks of this sheet; the row was not read.",
    ),
    "sheet.other_list": (
        "这份表属于另一份任务清单，不能在这里合并。",
        "This workbook belongs to another list and cannot be merged here.",
    ),
    "sheet.other_period": (
        "这份表是另一个报送期的，不能合并到本期。",
        "This workbook is of another period and cannot be merged into this one.",
    ),
    "sheet.other_unit": (
        "这份表是另一个单位的，不能在这里合并。",
        "This workbook belongs to another unit and cannot be merged here.",
    ),
    "sheet.prefilled_changed": (
        "“{column}”是系统带出的内容，不在这里修改，这处改动没有采用。",
        "“{column}” was filled in beforehand and is not changed here; this edit was not taken.",
    ),
    "sheet.row_locked": (
        "编号 {number} 已经锁定，这一行的改动没有采用。",
        "Number {number} is locked; the edits in this row were not taken.",
    ),
    "sheet.task_differs": (
        "编号 {number} 与任务文字对不上，没有读入，请核对编号。",
        "The number {number} and the text of the task do not belong together; the row was not read.",
    ),
    "sheet.value_not_a_number": (
        "应填一个数，如 120、1.2万、35%。",
        "Enter one number, such as 120, 1.2万 or 35%.",
    ),
    "sheet.value_not_listed": (
        "请从“{words}”中选一个。",
        "Choose one of {words}.",
    ),
    "sheet.too_long": (
        "“{column}”最多 {limit} 字，这一格有 {count} 字，请删去 {excess} 字。",
        "“{column}” takes at most {limit} characters; this cell has {count}, {excess} too many.",
    ),
}
