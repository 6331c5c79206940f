"""Sentences about papers, orders, problems and letters on their pages and commands. Ordered by room, then by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "event.snapshot.frozen": (
        "形成 {period} 数据底稿 {snapshot}",
        "Data sheet {snapshot} of {period_en} frozen",
    ),
    "letters.day_needed": (
        "日期须填写，按 2026-10-18 的写法，不早于 2000 年。",
        "Give the dates, like 2026-10-18 and not before 2000.",
    ),
    "letters.incomplete": (
        "请写明种类、文号、来文单位和标题。",
        "Give the kind, the number, the sender and the subject.",
    ),
    "letters.no_such_request": (
        "没有这件待批复的请示。",
        "There is no such request waiting for an answer.",
    ),
    "letters.no_such_task": ("清单中没有第 {number} 项任务。", "The list has no task {number}."),
    "letters.office_reads": (
        "请示、报告、批示登记簿由督查室和市领导秘书使用。",
        "The register of requests, reports and instructions is for the whole-government posts.",
    ),
    "log.document": ("来源文件第 {number} 号", "Source document {number}"),
    "log.draft": ("导入核对稿第 {number} 号", "Checked draft {number}"),
    "log.period": ("{period}报送", "Reports of {period_en}"),
    "log.task": ("任务第 {number} 项", "Task {number}"),
    "orders.changed_meanwhile": (
        "这件督办已被他人办理，请看过现在的情况后再办，您填写的内容未保存。",
        "Somebody else has moved this order. Look at it again; what you entered has not been saved.",
    ),
    "orders.day_needed": ("请填写日期。", "Give the date."),
    "orders.due_in_past": ("回复时限不能早于今天。", "The time limit cannot be earlier than today."),
    "orders.incomplete": (
        "督办事项、依据、要求和回复时限都要填写。",
        "Fill in the matter, its basis, what is required and the time limit.",
    ),
    "orders.no_such_task": (
        "清单中没有这项任务，或者还没有确定牵头单位。",
        "The list has no such task, or it has no lead yet.",
    ),
    "orders.not_written": (
        "督办单文书还没有形成，请与督查室联系。",
        "The paper of this order has not been written yet. Ask the supervision office.",
    ),
    "papers.frozen_first": (
        "请先形成数据底稿，再生成文书。",
        "Freeze the data sheet first, then write the papers.",
    ),
    "papers.no_period": (
        "清单还没有报送期次，不能形成数据底稿。",
        "The list has no reporting period yet, so there is no data sheet.",
    ),
    "papers.no_such_list": ("没有短名为“{key}”的清单。", "There is no list “{key}”."),
    "papers.no_such_period": (
        "清单“{key}”没有 {period} 这一期。",
        "The list “{key}” has no period {period}.",
    ),
    "papers.no_upload": ("请选择要核验的文件。", "Choose the file to verify."),
    "papers.office_reads": (
        "本期文书由督查室和市领导查阅。",
        "The papers of a period are for the whole-government posts.",
    ),
    "papers.office_writes": (
        "数据底稿和文书由督查室形成。",
        "The supervision office freezes the data sheet and writes the papers.",
    ),
    "papers.out_in_use": (
        "“{path}”已存在且不是空的，请换一个目录。",
        "“{path}” exists and is not empty. Choose another folder.",
    ),
    "papers.too_big": (
        "文件超过 20 MB，不是本系统的文书。",
        "The file is larger than 20 MB: not one of our papers.",
    ),
    "problems.too_long": (
        "填写内容不完整或者过长：原因 200 字、协调单位 120 字、结果 300 字以内。",
        "Incomplete or too long: cause up to 200, helper 120, result 300 characters.",
    ),
}
