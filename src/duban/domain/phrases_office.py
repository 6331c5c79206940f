"""Sentences of the supervision office's pages: cells that cannot be read. Ordered by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "office.all_not_shown": (
        "系统研判已更新，请看过新的研判后再核定。",
        "The system has judged again since this page was shown. Look at it before you determine.",
    ),
    "office.bad_cell": (
        "任务 {task}：“{value}”不能填入“{field}”。",
        "Task {task}: “{value}” does not fit “{field_en}”.",
    ),
    "office.bad_seen": (
        "页面内容不完整，请刷新后重新填写。",
        "The page came back incomplete. Reload it and try again.",
    ),
    "office.dates_needed": (
        "请填写三个日期，按起报、按时报送、截止的先后排列。",
        "Give all three days, in their order: from, on time until, closed after.",
    ),
    "office.none_left": (
        "没有可以一并核定的任务，可能已由他人核定。",
        "Nothing is left to be taken over; somebody may have determined it meanwhile.",
    ),
    "office.not_a_day": (
        "“{value}”不能作为日期，请按 2026-09-30 的写法填写。",
        "“{value}” cannot be a day here. Write it like 2026-09-30.",
    ),
    "office.nothing_ticked": ("请先勾选。", "Tick something first."),
    "office.one_unit": (
        "登记退回一次只选一个单位，并写明改派建议。",
        "Register one return at a time, with its proposal.",
    ),
    "office.paste_cells": (
        "有 {count} 处不能识别，请改正后重新核对。",
        "{count} cells cannot be read. Mend them and check again.",
    ),
    "office.paste_empty": (
        "没有可导入的内容：第一行为表头，第一列为编号。",
        "There is nothing to take over: the first line holds the headings, the first column the number.",
    ),
    "office.paste_many": (
        "一次最多粘贴 {limit} 行。",
        "At most {limit} lines at once.",
    ),
    "office.period_open": ("这一期已经开始报送。", "This period is open already."),
    "paste.no_date": (
        "“{value}”不是日期，可写 2026-06-30、6月30日或6月底。",
        "“{value}” is no date. Write 2026-06-30.",
    ),
    "paste.no_nature": ("没有“{value}”这一任务类型。", "There is no task type “{value}”."),
    "paste.no_rhythm": ("没有“{value}”这一报送周期。", "There is no rhythm “{value}”."),
    "paste.no_task": ("清单中没有编号“{value}”。", "The list has no task “{value}”."),
    "paste.no_unit": ("名录中没有“{value}”。", "The directory has no “{value}”."),
    "paste.no_yes": ("请写“是”或“否”，不能写“{value}”。", "Write 是 or 否, not “{value}”."),
    "paste.not_a_part": ("“{value}”不是这项任务的责任单位。", "“{value}” is no unit of this task."),
    "paste.too_long": ("最多 {limit} 字。", "At most {limit} characters."),
    "paste.twice": ("编号“{value}”出现两次。", "The number “{value}” appears twice."),
    "web.form_expired": (
        "页面已过期，刚才填写的内容没有保存。请返回上一页，复制所填内容，刷新后再提交。",
        "The page has expired and what you just typed was not saved. Go back, copy it, reload the page and try again.",
    ),
    "web.request_damaged": (
        "提交的内容过大或不完整，没有保存。请返回上一页，减少内容后再试。",
        "What was sent is too large or incomplete and was not saved. Go back and send less.",
    ),
}
