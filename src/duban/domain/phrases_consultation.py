"""Sentences of 核对稿 and of outbound notices: code -> (Chinese, English). Ordered by room, then by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "consultation.already_answered": (
        "这条异议已经答复，请刷新后查看。",
        "This objection has been answered already. Reload the page.",
    ),
    "consultation.answer_needed": (
        "答复异议须写明理由。",
        "Give the reason when you answer an objection.",
    ),
    "consultation.changed_meanwhile": (
        "这条异议已被他人处理，请看过现在的答复。",
        "Somebody else has dealt with this objection. Reload the page.",
    ),
    "consultation.closed": (
        "核对截止日为{day}，已过期，不再受理异议。",
        "Objections were taken until {day_en}.",
    ),
    "consultation.no_date": ("请按 2026-10-18 的写法填写日期。", "Write the date like 2026-10-18."),
    "consultation.no_light": ("请选择核定结果。", "Choose the determination."),
    "consultation.no_task_led": (
        "没有已确定牵头单位的核定结果，无法送核对。",
        "No determined task has a lead, so there is nothing to send.",
    ),
    "consultation.not_determined": (
        "还有 {count} 项没有核定，全部核定后才能送单位核对。",
        "{count} tasks are not determined yet. Determine them all before the units are asked.",
    ),
    "consultation.nothing_changed": (
        "采纳异议须改动核定结果或核定意见；不改动的，请选“不采纳”。",
        "To uphold an objection, change the light or the sentence. Otherwise dismiss it.",
    ),
    "consultation.objected_already": (
        "任务 {task} 已提出过异议。",
        "There is an objection about task {task} already.",
    ),
    "consultation.objections_open": (
        "还有 {count} 条异议没有答复，不能封存。",
        "{count} objections are not answered, so the period cannot be sealed.",
    ),
    "consultation.office_only": ("送核对和答复异议由督查室办理。", "The supervision office does this."),
    "consultation.office_registers": (
        "纸质异议由督查室登记。",
        "The supervision office registers objections on paper.",
    ),
    "consultation.paper_day": (
        "纸质异议的日期应在{start}至{day}之间。",
        "A paper must be dated between {start_en} and {day_en}.",
    ),
    "consultation.paper_incomplete": (
        "登记纸质异议须填写签字人和日期。",
        "A paper needs its signer and its date.",
    ),
    "consultation.period_sealed": (
        "{period} 已封存，不再受理异议。",
        "{period_en} is sealed. Objections are no longer taken.",
    ),
    "consultation.text_needed": ("请写明异议内容和理由。", "Say what you object to, and why."),
    "consultation.too_long": (
        "最多 {limit} 字，现有 {length} 字。",
        "At most {limit} characters, there are {length}.",
    ),
    "consultation.under_way": (
        "核对稿送核对到{day}，期满后才能封存。",
        "The units may object until {day_en}; the period can be sealed after that.",
    ),
    "consultation.unit_objects": ("只能对本单位的核对稿提出异议。", "A unit objects to its own rows only."),
    "notices.bad_url": (
        "“{url}”不是可用的接口地址，应为 http 或 https 地址，且不带用户名和密码。",
        "“{url}” cannot be used: give an http or https address without user name and password.",
    ),
    "notices.host_not_allowed": (
        "没有允许向“{host}”发送通知。请先由系统管理员在 DUBAN_NOTICE_HOSTS 中登记这个地址。",
        "Notices may not be sent to “{host}”. List it in DUBAN_NOTICE_HOSTS first.",
    ),
    "notices.no_period": (
        "这份清单还没有报送期次，无法记录催办。",
        "The list has no period yet, so there is nowhere to record the notice.",
    ),
    "notices.no_such_list": ("没有“{key}”这份清单，见 duban lists。", "There is no list “{key}”."),
    "notices.not_delivered": (
        "接口没有收下通知（{reason}），未作记录，可以重发。",
        "The notices were not taken ({reason}); nothing was recorded, so you can send them again.",
    ),
    "notices.office_only": ("发送通知由督查室办理。", "The supervision office sends notices."),
    "notices.out_in_use": (
        "“{path}”已存在，请先取走或换一个名称。",
        "“{path}” exists already. Take it away first or choose another name.",
    ),
    "event.consultation.answered": ("答复 {period} 核对稿异议", "Objection of {period_en} answered"),
    "event.consultation.objected": ("对 {period} 核对稿提出异议", "Objection to the draft of {period_en}"),
    "event.consultation.opened": (
        "{period} 核对稿送 {units} 个单位核对：{rows} 项，{until} 截止",
        "Draft of {period_en} sent to {units} units: {rows} rows, objections until {until}",
    ),
}
