"""Sentences about the parts that a lead asks of supporting units. Ordered by room, then by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "event.part.asked": (
        "{period} 请{to}提供配合情况，{due} 前：{question}",
        "Part of {to} for {period_en} asked for by {due}: {question}",
    ),
    "event.part.give": (
        "{period} {to}提供配合情况：{text}",
        "{to} gave its part for {period_en}: {text}",
    ),
    "event.part.return": (
        "{period} {to}的配合情况退回补充：{text}",
        "Part of {to} for {period_en} returned: {text}",
    ),
    "event.part.withdraw": (
        "{period} 不再请{to}提供配合情况",
        "Part of {to} for {period_en} no longer asked for",
    ),
    "parts.asked_already": (
        "所选单位中有的已经请过，请勿重复。",
        "One of these units has been asked already.",
    ),
    "parts.changed_meanwhile": (
        "这一配合情况已有变动，请看过现在的内容后再办，您填写的内容未保存。",
        "This part has changed. Look at it again; what you entered has not been saved.",
    ),
    "parts.due_outside": (
        "提供时限应在今日至本期截止日之间。",
        "The day must lie between today and the day on which the period closes.",
    ),
    "parts.lead_asks": (
        "配合情况由牵头单位征集，督查室可以代办。",
        "The lead asks for the parts of other units; the supervision office may do it on its behalf.",
    ),
    "parts.no_unit": (
        "第 {number} 项：请勾选要请其提供情况的单位。",
        "Task {number}: tick the units to be asked.",
    ),
    "parts.offline": (
        "这项任务线下报送，配合情况请线下了解。",
        "This task is reported off line. Ask the other units off line too.",
    ),
    "parts.owes_nothing": (
        "只能请本项任务的其他责任单位提供情况。",
        "Only other units responsible for this task can be asked.",
    ),
    "parts.question_needed": (
        "第 {number} 项：请写明需要提供什么情况，120 字以内。",
        "Task {number}: write what they are to tell, in up to 120 characters.",
    ),
    "parts.question_too_long": (
        "第 {number} 项：需提供的情况共 {n} 字，最多 {limit} 字，请精简。",
        "Task {number}: what they are to tell has {n} characters; {limit} are allowed.",
    ),
    "parts.reason_needed": (
        "第 {number} 项：请写明退回补充的理由，120 字以内。",
        "Task {number}: write why the part is returned, in up to 120 characters.",
    ),
    "parts.reason_too_long": (
        "第 {number} 项：退回理由共 {n} 字，最多 {limit} 字，请精简。",
        "Task {number}: the reason has {n} characters; {limit} are allowed.",
    ),
    "parts.row_sent": (
        "本项已报送或者免报，不再征集配合情况。",
        "This row has been sent or is exempt; no parts are collected for it.",
    ),
    "parts.text_needed": (
        "请填写配合情况，150 字以内。",
        "Write your part, in up to 150 characters.",
    ),
    "parts.text_too_long": (
        "配合情况共 {n} 字，最多 {limit} 字，请精简。",
        "Your part has {n} characters; {limit} are allowed.",
    ),
    "parts.unit_gives": (
        "配合情况由所请单位提供，督查室可以代录。",
        "The unit that was asked gives its part; the supervision office may enter it on its behalf.",
    ),
}
