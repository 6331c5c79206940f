"""Sentences about the items into which an instruction is broken down. Ordered by room, then by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "event.item.added": (
        "分解批示事项（{number}）：{what}，由{unit}办理，{due} 前回复",
        "Item of instruction {number} for {unit}, to be answered by {due}: {what}",
    ),
    "event.item.answer": (
        "回复批示事项（{number}）：{text}",
        "Item of instruction {number} answered: {text}",
    ),
    "event.item.close": ("批示事项办结（{number}）：{text}", "Item of instruction {number} closed: {text}"),
    "event.item.drop": (
        "批示事项不再办理（{number}）：{text}",
        "Item of instruction {number} dropped: {text}",
    ),
    "event.item.reopen": (
        "批示事项恢复办理（{number}）：{text}",
        "Item of instruction {number} reopened: {text}",
    ),
    "event.item.return": (
        "批示事项退回重办（{number}）：{text}",
        "Item of instruction {number} returned: {text}",
    ),
    "event.paper.closed": ("批示 {number} 办结：{result}", "Instruction {number} closed: {result}"),
    "items.answer_needed": ("请填写回复，300 字以内。", "Write the answer, in up to 300 characters."),
    "items.changed_meanwhile": (
        "这一事项已被他人办理，请看过现在的情况后再办，您填写的内容未保存。",
        "Somebody else has dealt with this item. Look at it again; what you entered has not been saved.",
    ),
    "items.day_wrong": (
        "回复时限“{day}”有误，应为 2000 年至 2099 年之间的日期。",
        "“{day}” cannot be the day of an answer. Give a day between 2000 and 2099.",
    ),
    "items.due_before_dated": (
        "事项的回复时限不能早于批示的成文日期。",
        "An item cannot be due before the date of its instruction.",
    ),
    "items.has_items": (
        "这件批示已分解事项，请逐项办结；全部办结后时限即停。",
        "This instruction has items. Close them one by one; its clock stops with the last.",
    ),
    "items.incomplete": (
        "每个事项须写明内容（200 字以内）、承办单位和回复时限。",
        "Every item needs what is to be done (up to 200 characters), its unit and the day of its answer.",
    ),
    "items.instruction_done": ("这件批示已办结。", "This instruction is closed already."),
    "items.instruction_void": (
        "批示“{number}”已作废，不能再办理。",
        "Instruction “{number}” was struck out; nothing can be done about it.",
    ),
    "items.none_written": ("请至少填写一个事项。", "Write at least one item."),
    "items.of_instructions": (
        "只有批示可以分解事项或者办结。",
        "Only an instruction is broken down into items or closed.",
    ),
    "items.office_decides": (
        "批示事项由督查室分解、办结、退回。",
        "The supervision office breaks instructions down and closes or returns their items.",
    ),
    "items.text_needed": (
        "请写明办结结果或者原因，300 字以内。",
        "Write the result or the reason, in up to 300 characters.",
    ),
    "items.unit_answers": (
        "批示事项由承办单位回复，督查室可以代录。",
        "The unit answers its items; the supervision office may enter the answer on its behalf.",
    ),
}
