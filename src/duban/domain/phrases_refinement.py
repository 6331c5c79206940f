"""Sentences about completion contracts, the shares of districts, and changes of a single task. Ordered by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "adjust.asked_already": (
        "这一事项已有一份申请待批，请等待答复。",
        "A request of this kind is still open. Wait for the answer.",
    ),
    "adjust.basis_to_come": (
        "依据文件的日期不能晚于今天。",
        "The basis document cannot be dated after today.",
    ),
    "adjust.director_approves": (
        "单项调整须由督查室主任或以上领导批准。",
        "A change of a single task is approved by the director of supervision or above.",
    ),
    "adjust.higher_approves": (
        "再次延期须报副秘书长、秘书长或市领导批准。",
        "A second extension is approved by a deputy secretary-general, the secretary-general or a city leader.",
    ),
    "adjust.answer_needed": (
        "请写明不同意调整的理由。",
        "Say why the change is not agreed to.",
    ),
    "adjust.wish_incomplete": (
        "请填写调整后的内容、理由和目前进展。",
        "Fill in what it should become, the reason and where things stand.",
    ),
    "adjust.incomplete": (
        "请填写完整：依据文件、文号、日期、事由和批准情况。",
        "Fill in everything: the basis with its number and day, the reason, and who approved.",
    ),
    "adjust.lead_asks": (
        "调整由牵头单位申请，配合单位请与牵头单位商定。",
        "The lead unit asks for changes. Other units agree on them with the lead.",
    ),
    "adjust.limit_passed": (
        "时限（{deadline}）已过，不能再申请延期；延期须在到期前提出。",
        "The time limit ({deadline}) has passed. An extension has to be asked for before it runs out.",
    ),
    "adjust.no_change": ("调整前后相同，没有可登记的内容。", "Nothing would change."),
    "adjust.no_lead": (
        "任务还没有牵头单位，不能调整目标。",
        "The task has no lead yet, so its target cannot be changed.",
    ),
    "adjust.no_such_kind": ("没有这一调整事项。", "There is no such kind of change."),
    "adjust.not_issued": (
        "任务 {task} 尚未交办，请直接在“交办下达”中修改。",
        "Task {task} has not been issued. Change it on the page of assignments.",
    ),
    "adjust.not_now": (
        "任务当前状态不能这样调整，请刷新后查看。",
        "The task is not in a state that allows this. Reload the page.",
    ),
    "adjust.office_registers": (
        "纸质批件由督查室登记。",
        "The supervision office registers approvals on paper.",
    ),
    "adjust.other_request": (
        "所选申请与调整事项不一致。",
        "The request chosen is about something else.",
    ),
    "adjust.too_long": (
        "最多 {limit} 字，现有 {length} 字。",
        "At most {limit} characters, there are {length}.",
    ),
    "adjust.value_needed": (
        "请填写调整后的内容，日期按 2026-09-30 填写。",
        "Say what it is to become. A date is written 2026-09-30.",
    ),
    "contracts.incomplete": (
        "任务 {task}：成果、标准、佐证材料、核验单位、完成时间都要填写。",
        "Task {task}: deliverable, standard, evidence, verifier and date are all needed.",
    ),
    "contracts.not_needed": (
        "只有带目标数值的分项或重点任务需定完成标准，且由牵头单位提出。",
        "Only sub-items with a number and key tasks need a contract, and their lead proposes it.",
    ),
    "contracts.not_proposed": (
        "勾选的分项中有的还没有提出完成标准。",
        "Some of the ticked sub-items have no contract yet.",
    ),
    "contracts.reason_needed": ("退回须写明原因。", "A return needs its reason."),
    "event.change.asked": ("申请调整：{reason}", "Change asked for: {reason}"),
    "event.change.refused": ("不同意调整申请：{answer}", "Request refused: {answer}"),
    "event.contract.agreed": ("审定分项 {clause} 的完成标准", "Contract of sub-item {clause} agreed"),
    "event.contract.proposed": (
        "提出分项 {clause} 的完成标准：{standard}",
        "Contract of sub-item {clause} proposed: {standard}",
    ),
    "event.contract.returned": (
        "退回分项 {clause} 的完成标准：{reason}",
        "Contract of sub-item {clause} returned: {reason}",
    ),
    "event.task.adjusted_city_leader": (
        "市领导调整：{before} → {after}（{basis}）",
        "City leader changed: {before} → {after} ({basis})",
    ),
    "event.task.adjusted_deadline": (
        "时限调整：{before} → {after}（{basis}）",
        "Time limit changed: {before} → {after} ({basis})",
    ),
    "event.task.adjusted_discontinued": (
        "终止，不再实施：{reason}（{basis}）",
        "Discontinued: {reason} ({basis})",
    ),
    "event.task.adjusted_lead": (
        "牵头单位调整：{before} → {after}（{basis}）",
        "Lead changed: {before} → {after} ({basis})",
    ),
    "event.task.adjusted_parked": ("暂缓（挂账）：{reason}（{basis}）", "Parked: {reason} ({basis})"),
    "event.task.adjusted_resumed": ("恢复办理：{reason}（{basis}）", "Taken up again: {reason} ({basis})"),
    "event.task.adjusted_target": (
        "年度目标调整：{before} → {after}（{basis}）",
        "Year target changed: {before} → {after} ({basis})",
    ),
    "event.task.shared": ("分解到区县，{after} 处", "Shared out among districts, {after} lines"),
    "shares.bad_cell": (
        "{unit}：“{value}”不能作为分解数。",
        "{unit}: “{value}” is no share of the target.",
    ),
    "shares.bad_value": (
        "{unit}：分解数“{value}”超出范围。",
        "{unit}: the share “{value}” is out of range.",
    ),
    "shares.changed_meanwhile": (
        "{unit}一行刚被他人修改，本次没有保存。您填的还在页面上：看过他人的内容后再按一次保存，即以您填的为准。",
        "Somebody else has just changed the line of {unit}; nothing was saved. Yours is still on the page: look at theirs, then save once more to keep yours.",
    ),
    "shares.exact": ("分解合计 {total}，与目标相符。", "The shares come to {total}, as the target asks."),
    "shares.lead_shares": (
        "任务由牵头单位分解，其他单位可查看。",
        "The lead unit shares its task out; others may look.",
    ),
    "shares.missing": (
        "分解合计 {total}，比目标 {target} 少 {difference}，差额尚无区县承担。",
        "The shares come to {total}, {difference} short of the target {target}; no district carries the rest.",
    ),
    "shares.no_districts": (
        "任务 {task} 的责任单位中没有两个以上的区县，不需分解。",
        "Task {task} has fewer than two districts, so there is nothing to share out.",
    ),
    "shares.none": ("尚未分解。", "Nothing has been shared out yet."),
    "shares.not_a_district": (
        "任务 {task}：只能分解到承担这项任务的区县。",
        "Task {task}: shares go to districts that carry the task.",
    ),
    "shares.over_limit": (
        "分解合计 {total}，超过限额 {target}，多出 {difference}，限额守不住。",
        "The shares come to {total}, {difference} over the limit {target}: it cannot be kept.",
    ),
    "shares.raised": (
        "分解合计 {total}，比目标 {target} 多 {difference}，请核对是否层层加码。",
        "The shares come to {total}, {difference} above the target {target}. Check that targets are not raised level by level.",
    ),
    "shares.rates_exact": (
        "比率不相加：各区县均与目标 {target} 相同。",
        "Rates do not add up: every district has the target {target}.",
    ),
    "shares.rates_missing": (
        "比率不相加：{below} 个区县的要求都低于目标 {target}。",
        "Rates do not add up: all {below} districts are asked for less than the target {target}.",
    ),
    "shares.rates_mixed": (
        "比率不相加：{above} 个区县的要求高于目标 {target}，{below} 个低于目标。",
        "Rates do not add up: {above} districts are asked for more than the target {target}, {below} for less.",
    ),
    "shares.rates_raised": (
        "比率不相加：{above} 个区县的要求都高于目标 {target}，请核对是否层层加码。",
        "Rates do not add up: all {above} districts are asked for more than the target {target}. Check that targets are not raised level by level.",
    ),
    "shares.tightened": (
        "分解合计 {total}，比限额 {target} 紧 {difference}，请核对是否层层加码。",
        "The shares come to {total}, {difference} tighter than the limit {target}. Check that targets are not raised level by level.",
    ),
    "shares.too_long": ("{unit}：最多 {limit} 字。", "{unit}: at most {limit} characters."),
}
