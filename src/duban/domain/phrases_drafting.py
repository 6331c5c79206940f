"""Sentences about bringing a document in and checking it before publication. Ordered by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "draft.bad_column": (
        "“{kind}”不是可以选择的列含义。",
        "“{kind}” is no meaning a column can have.",
    ),
    "draft.bad_number": (
        "编号不能为空，也不能超过 {most} 个字。",
        "A number may not be empty, nor longer than {most} characters.",
    ),
    "draft.bad_title": (
        "清单名称不能为空，也不能超过 {most} 个字。",
        "The title may not be empty, nor longer than {most} characters.",
    ),
    "draft.bad_year": (
        "年份须填四位数字，在 {first} 至 {last} 之间。",
        "Give the year in four digits, from {first} to {last}.",
    ),
    "draft.built_upon": (
        "{who}已在您这处修改之后作了改动，不能撤销，请直接修改。",
        "Others have built upon this edit ({who}); it cannot be undone. Change it directly.",
    ),
    "draft.changed_meanwhile": (
        "{who}刚才已改为“{theirs}”，您填的是“{yours}”，未保存。请看过现在的内容后再定。",
        "{who} has just changed this to “{theirs}”; yours, “{yours}”, was not saved. Look at it as it is now, then decide.",
    ),
    "draft.columns_first": (
        "已有核对记录，不能再改各列含义；确需更改，请放弃这份草稿后重新导入。",
        "Edits have been made; the columns can no longer be changed. Discard the draft and import again if they must.",
    ),
    "draft.doubts_open": (
        "还有 {count} 处待核对，处理完毕后才能确认入库。",
        "{count} doubts are still open; settle them before the list goes in.",
    ),
    "draft.file_needed": ("请选择要导入的文件。", "Choose the file to import."),
    "draft.half_empty": (
        "这样划分后有一部分没有文字，未保存。",
        "One part would be left without text; nothing was saved.",
    ),
    "draft.heading_after": (
        "所选篇章在这项任务之后，请选任务之前的篇章。",
        "That chapter begins after the task. Choose one that stands before it.",
    ),
    "draft.last_task": ("清单至少要有一项任务。", "A list holds at least one task."),
    "draft.marked_secret": (
        "文件中有疑似密级标志“{mark}”（{count} 处），未予导入，也未保存。请核实，涉密文件不得导入本系统。",
        "The file seems to bear a mark of classification, “{mark}” ({count} places). It was neither imported nor stored. Check it; classified matter may not enter this system.",
    ),
    "draft.moved_on": (
        "这份草稿刚才又有改动，请看过现在的内容后再确认入库。",
        "The draft has changed since. Look at it as it is now, then publish.",
    ),
    "draft.name_needed": (
        "文件中没有读到清单名称或年份，请填写并保存后再确认入库。",
        "The document gives no title or no year of the list. Fill both in and save before the list goes in.",
    ),
    "draft.not_inside": (
        "所选位置不在这项任务的文字之内。",
        "The place chosen is not inside the text of this task.",
    ),
    "draft.not_open": (
        "这份草稿已经入库或放弃，不能再改。",
        "This draft has been published or discarded and can no longer be changed.",
    ),
    "draft.nothing_follows": ("这是最后一项任务。", "This is the last task."),
    "draft.nothing_to_undo": ("没有可以撤销的修改。", "There is nothing of yours to undo."),
    "draft.office_only": (
        "只有督查室可以导入和核对文件。",
        "Only the supervision office brings documents in and checks them.",
    ),
    "draft.purged": (
        "这份文件已按涉密误传处置，不能再核对。",
        "This document was purged as classified matter and can no longer be checked.",
    ),
    "draft.range_taken": (
        "所选文字已属于其他任务、篇章标题或责任栏目，请先从那里移出。",
        "Those words belong to another task, a heading or a label. Take them out there first.",
    ),
    "draft.several_pieces": (
        "这项任务的文字由几段合成，请用“拆分”或“移动分界”调整。",
        "The text of this task is made of several pieces; split it or move a boundary instead.",
    ),
    "draft.task_gone": (
        "这项任务已被他人合并或移出，请看过现在的内容。",
        "This task has meanwhile been merged or set aside. Look at the list as it is now.",
    ),
    "draft.unit_gone": (
        "这个单位已从任务中移出，请看过现在的内容。",
        "This unit has meanwhile been taken out of the task. Look at it as it is now.",
    ),
    "draft.unit_not_listed": (
        "单位名录中没有所选的单位。",
        "The directory does not hold the unit chosen.",
    ),
    "draft.unreadable": (
        "提交的内容不完整，请刷新后重试。",
        "What came back is incomplete. Reload the page and try again.",
    ),
    "event.draft.discarded": ("放弃核对草稿", "Draft discarded"),
    "event.draft.edited": ("核对修改 {edits} 处", "{edits} edits while checking"),
    "event.draft.mapped": ("指定表格各列含义 {columns} 列", "Meaning of {columns} columns settled"),
    "event.draft.opened": (
        "导入文件，开始核对：识别任务 {tasks} 项，疑点 {doubts} 处",
        "Document brought in for checking: {tasks} tasks, {doubts} doubts",
    ),
    "event.draft.published": (
        "核对完毕，确认入库：核对修改 {edits} 处，记住单位名称 {aliases} 个",
        "Checked and published: {edits} edits, {aliases} names of units remembered",
    ),
    "event.draft.reopened": ("重新开始核对", "Checking taken up again"),
}
