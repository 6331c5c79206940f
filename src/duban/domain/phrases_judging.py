"""Sentences of the judging rules: calendar, periods, lights, coverage checks, workflow. Ordered by code."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "calendar.bad_data": (
        "节假日数据无法识别，应有年份和每一天的日期、是否放假。",
        "The holiday data cannot be read. It needs the year, and for each day its date and whether it is off.",
    ),
    "calendar.limit_not_positive": (
        "时限至少为 1，现为 {n}。",
        "A time limit is at least 1, not {n}.",
    ),
    "calendar.year_missing": (
        "没有 {year} 年的节假日安排，请先录入国务院办公厅当年的放假通知。",
        "The public holidays of {year} are not known. Enter the State Council notice of that year first.",
    ),
    "coverage.no_contact": (
        "没有联系人和电话。",
        "No contact with a telephone number.",
    ),
    "coverage.no_deputy": (
        "没有分管负责同志。",
        "No deputy in charge.",
    ),
    "coverage.no_handler": (
        "没有承办人。",
        "No handler.",
    ),
    "coverage.no_lead": (
        "没有牵头单位。",
        "No lead unit.",
    ),
    "coverage.no_nodes": (
        "没有节点，至少填写全年节点。",
        "No nodes; that of the year at least is needed.",
    ),
    "coverage.no_phone": (
        "没有联系电话。",
        "No telephone number.",
    ),
    "coverage.no_target": (
        "没有年度目标。",
        "No target for the year.",
    ),
    "coverage.no_target_no_nodes": (
        "没有年度目标和节点。",
        "No target for the year and no nodes.",
    ),
    "lights.breached": (
        "已发生突破底线的情况。",
        "The floor has been breached.",
    ),
    "lights.deadline_ahead": (
        "时限为{when}，目前未到节点。",
        "The deadline is {when_en}; nothing is due yet.",
    ),
    "lights.deadline_late": (
        "时限为{when}，已逾期 {days} 天，尚未完成{grace}。",
        "The deadline was {when_en}, {days} days ago, and the task is not completed{grace_en}.",
    ),
    "lights.done": (
        "已于{when}完成。",
        "Completed on {when_en}.",
    ),
    "lights.event_awaited": (
        "定于{when}举办，时间已过，举办情况待报。",
        "Planned for {when_en}, which has passed; a report is awaited.",
    ),
    "lights.event_late": (
        "应于{when}前举办，已逾期 {days} 天，尚未举办。",
        "It was to be held by {when_en}, {days} days ago, and has not been held.",
    ),
    "lights.event_no_date": (
        "举办时间未定。",
        "No date is set yet.",
    ),
    "lights.event_not_yet": (
        "定于{when}举办，时间未到。",
        "Planned for {when_en}; the day has not come yet.",
    ),
    "lights.floor_kept": (
        "未发生突破底线的情况。",
        "The floor has not been breached.",
    ),
    "lights.goal_behind": (
        "{what}到{when}应完成 {due}，实际 {actual}，少 {gap}，相当于全年目标的 {points}%。",
        "{what_en}By {when_en} {due} were due, {actual} reached: {gap} short, {points}% of the year’s target.",
    ),
    "lights.goal_met": (
        "{what}到{when}应完成 {due}，实际 {actual}，达到序时要求。",
        "{what_en}By {when_en} {due} were due, {actual} reached: on pace.",
    ),
    "lights.held": (
        "已于{when}举办。",
        "Held on {when_en}.",
    ),
    "lights.last_stage": (
        "已到“{stage}”，各环节全部完成。",
        "Every stage is completed, the last being “{stage_en}”.",
    ),
    "lights.limit_behind": (
        "{what}到{when}应控制在 {due}以内，实际 {actual}，超出 {gap}，相当于全年目标的 {points}%。",
        "{what_en}By {when_en} the limit was {due}, the actual figure {actual}: over by {gap}, {points}% of the year’s target.",
    ),
    "lights.limit_behind_of_year": (
        "{what}到{when}应控制在 {due}以内，实际 {actual}，超出部分相当于全年目标的 {points}%。",
        "{what_en}By {when_en} the limit was {due}, the actual figure {actual}: over by {points}% of the year's target.",
    ),
    "lights.limit_met": (
        "{what}到{when}应控制在 {due}以内，实际 {actual}，符合要求。",
        "{what_en}By {when_en} the limit was {due}, the actual figure {actual}: kept.",
    ),
    "lights.limit_over": (
        "{what}到{when}应控制在 {due}以内，实际 {actual}，超出 {gap}。",
        "{what_en}By {when_en} the limit was {due}, the actual figure {actual}: over by {gap}.",
    ),
    "lights.no_node": (
        "尚未设定节点。",
        "No nodes are set yet.",
    ),
    "lights.node_met": (
        "{when}节点已到，经核定达到节点要求。",
        "The node at {when_en} has come and was met, as the office determines.",
    ),
    "lights.not_yet": (
        "下一节点为{when}（{text}），目前未到节点。",
        "The next node is {when_en} ({text}); nothing is due yet.",
    ),
    "lights.not_yet_bare": (
        "下一节点为{when}，目前未到节点。",
        "The next node is {when_en}; nothing is due yet.",
    ),
    "lights.occurrence_met": (
        "累计应开展 {due} 次，实际 {done} 次，按期开展。",
        "Due so far {due} times, carried out {done} times: on pace.",
    ),
    "lights.occurrence_not_yet": (
        "首次开展的时间未到。",
        "The first occurrence is not due yet.",
    ),
    "lights.occurrence_short": (
        "累计应开展 {due} 次，实际 {done} 次，少 {short} 次。",
        "Due so far {due} times, carried out {done} times: {short} short.",
    ),
    "lights.own_acts_done": (
        "自身工作已完成，待上级批复。",
        "The unit's own part is done; the answer of the higher level is awaited.",
    ),
    "lights.own_acts_late": (
        "自身工作应于{when}前完成，已逾期 {days} 天，尚未完成{grace}。",
        "The unit's own part was due by {when_en}, {days} days ago, and is not done{grace_en}.",
    ),
    "lights.paused": (
        "已按依据文件暂缓或终止，不作研判。",
        "Parked or discontinued on its basis document; not judged.",
    ),
    "lights.pending": (
        "官方统计数据尚未发布，待核定。",
        "The official statistic is not published yet.",
    ),
    "lights.report_missing": (
        "应于{when}前报送，已逾期 {days} 天，尚未报送。",
        "A report was due by {when_en}, {days} days ago, and has not come.",
    ),
    "lights.report_returned": (
        "应于{when}前报送，报送内容已退回，已逾期 {days} 天，尚未重报。",
        "A report was due by {when_en}, {days} days ago; what came was returned and has not come again.",
    ),
    "lights.share_behind": (
        "{what}到{when}应达到 {due}，实际 {actual}，差距相当于全年目标的 {points}%。",
        "{what_en}By {when_en} {due} was due, {actual} reached: behind by {points}% of the year's target.",
    ),
    "lights.share_met": (
        "{what}到{when}应达到 {due}，实际 {actual}，达到序时要求。",
        "{what_en}By {when_en} {due} was due, {actual} reached: on pace.",
    ),
    "lights.stage_late": (
        "到{when}应到“{due}”阶段，实际“{stage}”，节点已过 {days} 天{grace}。",
        "By {when_en} “{due_en}” was due, the actual stage is “{stage_en}”: {days} days past the node{grace_en}.",
    ),
    "lights.stage_met": (
        "到{when}应到“{due}”阶段，实际“{stage}”，达到节点要求。",
        "By {when_en} “{due_en}” was due, the actual stage is “{stage_en}”: on pace.",
    ),
    "lights.stale": (
        "最近一次报送为{when}，已 {days} 天未更新。",
        "The latest report is of {when_en}, {days} days old.",
    ),
    "lights.standing": (
        "长期坚持事项，不亮灯。",
        "A standing duty, without a light.",
    ),
    "lights.sub_items": (
        "{said}（{total} 个分项，{on_pace} 项达序时，分项{late}未达序时）。",
        "{said_en} ({total} sub-items, {on_pace} on pace, behind: {late_en}).",
    ),
    "lights.text_awaited": (
        "{when}节点已到，进展待报。",
        "The node at {when_en} has come; a report is awaited.",
    ),
    "lights.text_reported": (
        "{when}节点已到，进展已报，是否达到由督查核定。",
        "The node at {when_en} has come and was reported on; the office determines whether it was met.",
    ),
    "lights.value_awaited": (
        "{what}到{when}应完成 {due}，数值待报。",
        "{what_en}By {when_en} {due} were due; the figure is awaited.",
    ),
    "lights.value_missing": (
        "{what}到{when}应完成 {due}，已报进展，未报数值。",
        "{what_en}By {when_en} {due} were due; the report gives no figure.",
    ),
    "periods.not_a_period": (
        "“{key}”不是报送周期，应如“2023-03”。",
        "“{key}” is no reporting period; write it as “2023-03”.",
    ),
    "workflow.not_now": (
        "当前为“{state}”，不能“{action}”。",
        "It is “{state_en}” now, so “{action_en}” is not possible.",
    ),
}
