"""Sentences about the year after publication: code -> (Chinese, English). Ordered by room, then by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "coordination.changed_meanwhile": (
        "这一条已被他人修改，请刷新后再改。",
        "Somebody else has changed this line. Reload it and try again.",
    ),
    "coordination.due_before_dated": (
        "办理时限须晚于成文日期。",
        "The time limit must be later than the date of the paper.",
    ),
    "coordination.kind_stays": (
        "种类不能更正，请作废后重新登记。",
        "The kind cannot be corrected: strike the paper out and register it again.",
    ),
    "coordination.no_such_level": ("没有这个协调层级。", "There is no such level."),
    "coordination.office_keeps": (
        "问题台账和文件登记由督查室办理。",
        "The supervision office keeps the problem ledger and registers papers.",
    ),
    "coordination.office_corrects": (
        "公文登记由督查室更正或作废。",
        "The supervision office corrects the register of papers.",
    ),
    "coordination.paper_incomplete": (
        "登记文件须写明种类、文号和标题。",
        "A paper needs its kind, number and subject.",
    ),
    "coordination.paper_known": ("文号“{number}”已登记。", "The paper “{number}” is registered already."),
    "coordination.paper_void": (
        "文号“{number}”已作废，不能再更正。",
        "The paper “{number}” was struck out; it can no longer be corrected.",
    ),
    "coordination.report_has_no_clock": (
        "“报告”不需答复，不设办理时限；需要答复的请登记为“请示”。",
        "A report needs no answer and has no time limit. Register it as a request if it does.",
    ),
    "coordination.result_needed": ("销号须写明解决结果。", "A line is closed with its result."),
    "coordination.void_reason_needed": ("作废须写明原因。", "A paper is struck out with a reason."),
    "plans.adjust_on_basis": (
        "任务 {task} 已交办，牵头单位和时限须凭批示、会议纪要或文件，在任务的“调整”页办理。",
        "Task {task} has been issued. Its lead and time limit change on a basis document, on the task's adjustment page.",
    ),
    "plans.changed_meanwhile": (
        "任务 {task} 刚被他人修改，本次没有保存。您填的还在页面上：看过他人的内容后再按一次保存，即以您填的为准。",
        "Somebody else has just changed task {task}; nothing was saved. Yours is still on the page: look at theirs, then save once more to keep yours.",
    ),
    "plans.lead_needed": (
        "还有 {count} 项任务没有确定牵头单位，不能交办。",
        "{count} tasks have no lead yet, so the list cannot be issued.",
    ),
    "plans.lead_owes_nothing": (
        "任务 {task}：牵头单位须是文件列明的责任单位。",
        "Task {task}: the lead must be one of the units that the document names.",
    ),
    "plans.day_outside": (
        "第 {task} 项的时限 {day} 应在 {first} 至 {last} 之间，请核对年份。",
        "The limit {day} of task {task} must lie between {first} and {last}; check the year.",
    ),
    "plans.no_such_sub_item": (
        "没有这个分项，或没有这个类型。",
        "There is no such sub-item, or no such type.",
    ),
    "plans.no_such_field": ("没有“{field}”这一项。", "There is no “{field}”."),
    "plans.no_such_task": (
        "清单中没有这项任务，或本单位不承担。",
        "The list has no such task, or the unit owes it nothing.",
    ),
    "plans.nodes_are_the_lead_s": (
        "任务 {task}：年度目标和节点由牵头单位填写，本单位只填联系人。",
        "Task {task}: the lead sets the year target and the nodes; other units give their contact only.",
    ),
    "plans.office_issues": ("交办由督查室办理。", "The supervision office issues the list."),
    "plans.own_unit_only": ("只能填写本单位的内容。", "You can fill in your own unit's rows only."),
    "plans.phone_needs_note": (
        "电话签收须写明接听人。",
        "When a unit signs for it by telephone, say who answered.",
    ),
    "plans.receipt_answered": ("该单位已签收或已退回。", "The unit has answered already."),
    "plans.receipt_not_returned": (
        "该单位没有退回，不需要重新送达。",
        "The unit has not returned the issue.",
    ),
    "plans.resend_needs_reply": (
        "请写明对改派建议的答复。",
        "Say what became of the unit’s proposal.",
    ),
    "plans.units_click": (
        "点击签收由单位自己办理，督查室请登记电话签收或纸质签收。",
        "A unit signs by click for itself; the office records a signature by telephone or on paper.",
    ),
    "plans.return_needs_proposal": (
        "退回须写明改派建议。",
        "A return must say what is proposed instead.",
    ),
    "plans.too_long": (
        "任务 {task}：最多 {limit} 字，现有 {length} 字。",
        "Task {task}: at most {limit} characters, there are {length}.",
    ),
    "progress.changed_meanwhile": (
        "任务 {task} 刚被他人修改，本次没有保存。您填的还在页面上：看过他人的内容后再按一次保存，即以您填的为准。",
        "Somebody else has just changed task {task}; nothing was saved. Yours is still on the page: look at theirs, then save once more to keep yours.",
    ),
    "progress.reviewed_meanwhile": (
        "任务 {task} 刚由他人办理或修改，本次没有办理，请看现在的内容后再定。",
        "Somebody else has just dealt with task {task} or changed it; nothing was done. Look at it as it is now.",
    ),
    "progress.fault_current": (
        "待报事项 {obligation}：当前报告不是最新一次",
        "Obligation {obligation}: the current report is not its newest one",
    ),
    "progress.not_yours": (
        "其中有不属于本单位本期的事项。",
        "There is a row that this unit does not owe in this period.",
    ),
    "progress.nothing_filled": ("还没有填写任何一项，没有可报送的内容。", "Nothing has been filled in yet."),
    "progress.nothing_sent": (
        "本期还没有报送，不能审签。",
        "Nothing has been sent in this period, so there is nothing to sign.",
    ),
    "progress.nothing_to_ask": (
        "{period} 没有需要报送的任务；请先交办清单。",
        "Nothing is asked in {period_en}. Issue the list first.",
    ),
    "progress.office_runs_periods": (
        "报送期次和审核由督查室办理。",
        "The supervision office runs periods and reviews reports.",
    ),
    "progress.other_code": (
        "审签单的校验码与现在报送的内容不符，请核对是否为旧版；内容有改动的，请重新打印审签单。",
        "The sheet's check code does not match what has been sent now. It may be an older print: print it again after a change.",
    ),
    "progress.own_unit_only": ("只能报送本单位的内容。", "You can report for your own unit only."),
    "progress.period_closed": (
        "{period} 已截止报送；确需补报请与督查室联系。",
        "{period_en} is closed. Ask the supervision office if you must report late.",
    ),
    "progress.period_sealed": (
        "{period} 已封存，内容不再变动。",
        "{period_en} is sealed; nothing in it changes any more.",
    ),
    "progress.reason_needed": ("请写明理由。", "Give the reason."),
    "progress.row_is_empty": (
        "任务 {task} 没有填写进展；没有变化请填“无变化”。",
        "Task {task} has no progress. Say “no change” if nothing changed.",
    ),
    "progress.seal_unfinished": (
        "仍有 {owed} 项未报，{unsigned} 个单位未审签。封存后内容不再变动，确认请按“确认封存”。",
        "{owed} rows have not come and {unsigned} units have not signed. Nothing changes after the seal: confirm it below.",
    ),
    "progress.sent_already": (
        "任务 {task} 已经报送，不能再改；需要修改请先撤回或由督查室退回。",
        "Task {task} has been sent. Withdraw it first, or ask the office to return it.",
    ),
    "progress.signed_by_the_principal": (
        "审签由单位主要负责同志或分管负责同志办理；纸质审签单可由联络员登记。",
        "The principal or the deputy in charge signs; a liaison may register a paper sheet.",
    ),
    "progress.signer_needed": ("请写明审签人。", "Say who signed."),
    "progress.value_refused": (
        "第 {task} 项的数值“{value}”不能识别。{why}",
        "The value “{value}” of task {task} cannot be read. {why_en}",
    ),
    "progress.too_long": (
        "任务 {task}：最多 {limit} 字，现有 {length} 字。",
        "Task {task}: at most {limit} characters, there are {length}.",
    ),
    "rehearsal.no_such_list": ("没有短名为“{key}”的清单。", "There is no list “{key}”."),
    "rehearsal.year_begun": (
        "清单“{key}”已经交办，不能在上面演练；请用另一份清单或另一个数据目录。",
        "The year of “{key}” has begun; rehearse on another list or in another data folder.",
    ),
    "supervision.chain_approves": (
        "督办单由有签发权的领导签发；纸质签发可由督查室登记。",
        "A leader of the approval chain approves orders; the office may register an approval on paper.",
    ),
    "supervision.fault_standing": (
        "任务 {task}：现状与最新研判或核定不符",
        "Task {task}: its standing does not show the newest view or determination",
    ),
    "supervision.not_judged_yet": (
        "该任务还没有系统研判，请先运行研判。",
        "The task has not been judged yet.",
    ),
    "supervision.office_judges": (
        "核定、催报和督办由督查室办理。",
        "The supervision office determines, urges and orders.",
    ),
    "supervision.order_keeps_task": (
        "一事一单，已拟的督办不能改为另一项任务；请撤销后另拟。",
        "One matter, one order: it cannot turn to another task. Withdraw it and draft another.",
    ),
    "supervision.order_open": (
        "{unit} 的同一事项已有在办的督办单，一事一单。",
        "An order to {unit} about this matter is open: one matter, one order.",
    ),
    "supervision.order_past_draft": (
        "这件督办的状态是“{state}”，只有拟稿或退回修改的督办可以修改。",
        "This order is “{state_en}”. Only one that is drafted, or was returned to its drafter, can be changed.",
    ),
    "supervision.value_not_a_number": (
        "第 {task} 项的核定数值“{value}”应为一个数。",
        "The determined value “{value}” of task {task} is not one number.",
    ),
    "supervision.office_must_say": (
        "第 {task} 项的系统研判没有结论，请写明是否达到节点要求后再核定。",
        "The system's view of task {task} gives no answer. Say whether the node was met, then determine.",
    ),
    "supervision.bad_sentence": (
        "任务 {task} 的核定说明须有内容，且不超过 {limit} 字；理由不超过 {reason} 字。",
        "Task {task}: the sentence must not be empty nor longer than {limit} characters, the reason not longer than {reason}.",
    ),
    "supervision.day_to_come": ("{on} 还没有到，不能按这一天研判。", "{on} is still to come."),
    "supervision.determined_meanwhile": (
        "任务 {task} 刚由他人核定，请核对后再核。",
        "Task {task} was determined by somebody else meanwhile. Check it and try again.",
    ),
    "supervision.judged_later": (
        "已按 {newest} 研判，不能退回到 {on}。",
        "The tasks were judged as of {newest}; an older day, {on}, would turn that back.",
    ),
    "supervision.reason_needed": (
        "任务 {task} 的核定与系统研判不同，请写明理由。",
        "Task {task}: say why the determination differs from the system's view.",
    ),
    "supervision.step_before": (
        "上一步的日期是 {last}，这一步不能早于它。",
        "The step before is of {last}; this one cannot be earlier.",
    ),
    "supervision.step_too_long": (
        "填写的内容过长，最多 {limit} 字。",
        "Too long: {limit} characters at most.",
    ),
    "supervision.step_needs": ("请把这一步需要的内容填写完整。", "Fill in what this step needs."),
    "supervision.undetermined": (
        "还有 {count} 项任务没有核定，核定后再封存。",
        "{count} tasks have no determination yet. Determine them before you seal.",
    ),
    "supervision.unreviewed": (
        "还有 {count} 项报送没有审核，审核后再封存。",
        "{count} reports have not been reviewed yet. Review them before you seal.",
    ),
    "supervision.unit_answers": (
        "由被督办单位签收和回复。",
        "The unit on which it was served signs for it and answers.",
    ),
    "event.list.issued": ("交办下达：{owing} 个责任单位", "Issued to {owing} responsible units"),
    "event.list.patrolled": ("系统研判", "Judged by the system"),
    "event.order.answer": ("回复督办：{text}", "Order answered: {text}"),
    "event.order.approve": ("签发督办单第 {number} 号，{by}", "Order {number} approved by {by}"),
    "event.order.close": ("督办办结：{result}", "Order closed: {result}"),
    "event.order.drafted": ("拟督办：{matter}", "Order drafted: {matter}"),
    "event.order.reject": ("督办回复退回重办", "Answer to the order rejected"),
    "event.order.return": ("督办单退回修改", "Order returned to its drafter"),
    "event.order.revised": ("修改督办：{matter}", "Order changed: {matter}"),
    "event.order.serve": ("督办单送达", "Order served"),
    "event.order.sign_for": ("督办单签收：{by}", "Order signed for by {by}"),
    "event.order.submit": ("督办单送审", "Order submitted"),
    "event.order.withdraw": ("督办单撤销：{result}", "Order withdrawn: {result}"),
    "event.paper.corrected": (
        "更正文件 {number} 的登记：{change}",
        "Registration of paper {number} corrected: {change}",
    ),
    "event.paper.registered": ("登记文件 {number}：{subject}", "Paper {number} registered: {subject}"),
    "event.paper.voided": ("文件 {number} 作废：{reason}", "Paper {number} struck out: {reason}"),
    "event.paper.written": (
        "生成 {period} 文书 {papers} 件，底稿 {snapshot}",
        "{papers} papers of {period_en} written from data sheet {snapshot}",
    ),
    "event.period.close": ("{period} 截止报送", "{period_en} closed"),
    "event.period.open": ("{period} 开始报送", "{period_en} opened"),
    "event.period.opened": (
        "{period} 开始报送：应报 {asked} 项，{due} 前报送",
        "{period_en} opened: {asked} reports due by {due}",
    ),
    "event.period.reopen": ("{period} 重新开放报送", "{period_en} reopened"),
    "event.period.seal": ("{period} 封存", "{period_en} sealed"),
    "event.plan.refined": ("填写细化方案，{after} 处", "Plan refined, {after} fields"),
    "event.problem.raised": ("列入问题台账：{problem}", "Entered in the problem ledger: {problem}"),
    "event.problem.settled": ("问题办理：{result}", "Problem settled: {result}"),
    "event.receipt.returned": ("退回交办：{proposal}", "Issue returned: {proposal}"),
    "event.receipt.resent": ("答复后重新送达：{reply}", "Answered and sent again: {reply}"),
    "event.receipt.signed": ("签收", "Signed for"),
    "event.report.accept": ("{period} 报送通过", "Report of {period_en} accepted"),
    "event.report.exempt": ("{period} 免报：{reason}", "Exempt in {period_en}: {reason}"),
    "event.report.reopen": ("{period} 报送重新退回", "Report of {period_en} reopened"),
    "event.report.restore": ("{period} 恢复应报", "Owed again in {period_en}"),
    "event.report.return": ("{period} 报送退回：{reason}", "Report of {period_en} returned: {reason}"),
    "event.report.handed_over": (
        "{period} 待报事项转由新牵头单位报送",
        "What was owed for {period_en} goes to the new lead",
    ),
    "event.report.sent": ("报送 {period} 进展：{progress}", "Progress of {period_en} reported: {progress}"),
    "event.report.withdraw": ("撤回 {period} 报送", "Report of {period_en} withdrawn"),
    "event.sheet.signed": ("{period} 审签：{signer}", "{period_en} signed off by {signer}"),
    "event.task.assigned": ("调整交办信息，{after} 处", "Assignment changed, {after} fields"),
    "event.task.determined": ("{period} 核定：{sentence}", "Determined for {period_en}: {sentence}"),
    "event.task.prepared": ("准备交办", "Prepared for issue"),
    "event.unit.remind": ("{period} 提醒", "Reminded for {period_en}"),
    "event.unit.urge_matter": ("{period} 催办：{note}", "Urged about the matter in {period_en}: {note}"),
    "event.unit.urge_report": ("{period} 催报：{note}", "Urged to report for {period_en}: {note}"),
}
