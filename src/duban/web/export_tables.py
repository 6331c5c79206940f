"""What each page exports: its tables, written once beside the names of their columns, from the context of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from duban.domain.words import WORDS
from duban.supervision.models import Contact
from duban.supervision.models_consultation import Objection
from duban.web.export_overview import Column, Context, Export, Part, leader, overview, people, search
from duban.web.templatetags import refinement_words, standing, year_words
from duban.web.templatetags.duban import say
from duban.web.templatetags.standing import light_name, problem_level, problem_state, reason
from duban.web.templatetags.year_words import pair, period_word

words: Final = year_words.register.filters


def _one(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> Export:
    """A page with one table, called as the page is."""
    return Export(title, [Part(title, columns, rows)])


def _yes(told: object) -> str:
    return _("是") if told else ""


def _day(at: datetime | None) -> date | None:
    return timezone.localtime(at).date() if at else None


def _light(light: str) -> str:
    return light_name(light) if light else ""


def _said(report: Any) -> str:
    """What a report says of the progress; nothing without one."""
    return (_("无变化") if report.no_change else str(report.progress)) if report else ""


def _view(line: Any) -> str:
    """The system's light beside a report; nothing where there is none, or the report came after it."""
    return _light(line.view.light) if line.view and not line.late else ""


def _why(line: Any) -> str:
    """The reason of that light, or that it is older than the report."""
    if line.view and line.late:
        return _("研判早于本次报送")
    return reason(line.view) if line.view else ""


def _told(last: Contact | None) -> str:
    """What was said at the last contact, with its kind."""
    kind = words["contact_kind"](last.kind) if last else ""
    return f"{kind}（{words['contact_channel'](last.channel)}）{last.note}" if last else ""


def _contacted(contacts: Mapping[int, Contact]) -> list[Column]:
    """The two columns of whoever was called last."""
    return [
        (_("最近联系"), 12, lambda row: _day(getattr(contacts.get(row.unit), "at", None))),
        (_("联系情况"), 40, lambda row: _told(contacts.get(row.unit))),
    ]


def _period(c: Context) -> Export:
    title = _("%(period)s报送一览") % {"period": period_word(c["period"].key)}
    return _one(title, [
        (_("单位"), 22, lambda row: row.name),
        (_("状态"), 10, lambda row: words["unit_state"](row.state)),
        (_("应报"), 7, lambda row: row.asked),
        (_("已报"), 7, lambda row: row.reported),
        (_("退回"), 7, lambda row: row.returned),
        (_("未报"), 7, lambda row: row.owed),
        (_("迟报"), 7, lambda row: row.late),
        (_("代录"), 7, lambda row: row.on_behalf),
        *people(),
        *_contacted(c["contacts"]),
        (_("审签"), 14, lambda row: row.signed_by),
    ], c["rows"])  # fmt: skip


def _numbers(own: Iterable[tuple[str, str]]) -> str:
    return _("、").join(n + (_("（退回）") if state == "returned" else "") for n, state in own)


def _urging(c: Context) -> Export:
    title = _("%(period)s催报名单") % {"period": period_word(c["period"].key)}
    numbers = {row.unit: own for row, own in c["rows"]}
    return _one(title, [
        (_("单位"), 22, lambda row: row.name),
        (_("未报"), 7, lambda row: row.owed),
        (_("退回"), 7, lambda row: row.returned),
        (_("任务序号"), 40, lambda row: _numbers(numbers[row.unit])),
        *people(),
        *_contacted(c["contacts"]),
    ], [row for row, _own in c["rows"]])  # fmt: skip


def _review(c: Context) -> Export:
    title = _("%(period)s审核") % {"period": period_word(c["period"].key)}
    return _one(title, [
        (_("序号"), 7, lambda line: line.row.number),
        (_("任务"), 50, lambda line: line.row.text),
        (_("单位"), 18, lambda line: line.row.unit_name),
        (_("年度目标"), 20, lambda line: line.row.year_target),
        (_("本期节点"), 20, lambda line: line.row.node),
        (_("上次报送"), 40, lambda line: _said(line.row.last)),
        (_("本期报送"), 40, lambda line: _said(line.row.now)),
        (_("问题"), 30, lambda line: line.row.now.problem),
        (_("下一步"), 30, lambda line: line.row.now.next_step),
        (_("数值"), 14, lambda line: line.row.now.value),
        (_("上次数值"), 14, lambda line: line.row.last.value),
        (_("应达"), 10, lambda line: line.view and line.view.due_value),
        (_("系统研判"), 10, _view),
        (_("原因"), 36, _why),
        (_("状态"), 10, lambda line: words["obligation_word"](line.row.state)),
        (_("理由"), 30, lambda line: line.row.reason),
    ], c["lines"])  # fmt: skip


def _determination(c: Context) -> Export:
    title = _("%(period)s核定") % {"period": period_word(c["period"].key)}
    return _one(title, [
        (_("序号"), 7, lambda line: line.task.current.number),
        (_("任务"), 50, lambda line: line.task.current.text),
        (_("牵头单位"), 18, lambda line: line.lead),
        (_("最新进展"), 40, lambda line: _said(line.said)),
        (_("数值"), 14, lambda line: line.said.value),
        (_("问题"), 30, lambda line: line.said.problem),
        (_("系统研判"), 10, _view),
        (_("原因"), 36, _why),
        (_("督查核定"), 10, lambda line: _light(getattr(line.ruled, "light", ""))),
        (_("核定说明"), 36, lambda line: getattr(line.ruled, "sentence", "")),
        (_("理由"), 30, lambda line: getattr(line.ruled, "reason", "")),
    ], c["lines"])  # fmt: skip


def _objected(one: Objection | None) -> date | None:
    return (one.signed_on or _day(one.at)) if one else None


def _consultation(c: Context) -> Export:
    title = _("%(period)s核对稿") % {"period": period_word(c["period"].key)}
    states = {"open": _("待答复"), "upheld": _("已采纳"), "dismissed": _("不采纳"), "none": ""}
    rows = Part(_("核定结果和意见"), [
        (_("序号"), 7, lambda line: line.row.task.current.number),
        (_("任务"), 50, lambda line: line.row.task.current.text),
        (_("牵头单位"), 18, lambda line: line.row.unit.name),
        (_("核定"), 10, lambda line: _light(line.row.light)),
        (_("核定意见"), 40, lambda line: line.row.sentence),
        (_("送核对后改核为"), 12, lambda line: _light(line.since.light) if line.since else ""),
        (_("改核意见"), 36, lambda line: line.since.sentence if line.since else ""),
        (_("异议"), 36, lambda line: getattr(line.objection, "text", "")),
        (_("提出人"), 14, lambda line: getattr(line.objection, "signer", "") or getattr(line.objection, "actor", "")),
        (_("日期"), 12, lambda line: _objected(line.objection)),
        (_("文号"), 18, lambda line: getattr(line.objection, "number", "")),
        (_("办理"), 10, lambda line: states[line.state]),
        (_("答复理由"), 36, lambda line: getattr(line.objection, "answer", "")),
    ], c["lines"])  # fmt: skip
    units = Part(_("各单位"), [
        (_("单位"), 22, lambda part: part.unit.name),
        (_("项数"), 8, lambda part: part.rows),
        (_("异议"), 8, lambda part: part.objections),
        (_("待答复"), 8, lambda part: part.waiting),
    ], c["units"])  # fmt: skip
    return Export(title, [rows, units] if c["units"] else [rows])


def _orders(c: Context) -> Export:
    return _one(_("督办台账"), [
        (_("编号"), 22, lambda row: row.number if row.numbered else _("未编号")),
        (_("督办事项"), 50, lambda row: row.matter),
        (_("任务序号"), 9, lambda row: row.task_number),
        (_("承办单位"), 18, lambda row: row.unit_name),
        (_("状态"), 12, lambda row: words["order_word"](row.state)),
        (_("送达"), 12, lambda row: row.served_on),
        (_("已过天数"), 9, lambda row: row.age),
        (_("回复时限"), 12, lambda row: row.due_on),
        (_("逾期天数"), 9, lambda row: row.late or None),
    ], c["rows"])  # fmt: skip


def _problems(c: Context) -> Export:
    return _one(_("问题台账"), [
        (_("序号"), 7, lambda row: row.task.current.number),
        (_("任务"), 50, lambda row: row.task.current.text),
        (_("问题"), 40, lambda row: row.text),
        (_("原因"), 30, lambda row: row.cause),
        (_("反映单位"), 18, lambda row: row.unit.name),
        (_("提出日期"), 12, lambda row: row.raised_on),
        (_("协调层级"), 18, lambda row: problem_level(row.level)),
        (_("需协调的单位"), 20, lambda row: row.helper),
        (_("状态"), 10, lambda row: problem_state(row.state)),
        (_("销号日期"), 12, lambda row: row.closed_on),
        (_("结果"), 36, lambda row: row.result),
    ], c["rows"])  # fmt: skip


def _letters(c: Context) -> Export:
    title, items = _("请示、报告、批示"), [item for row in c["rows"] for item in c["items"].get(row.pk, ())]
    return Export(title, [_papers(title, c["rows"]), *([_items(items)] if items else [])])


def _items(rows: Sequence[Any]) -> Part:
    return Part(_("批示事项"), [
        (_("批示文号"), 22, lambda row: row.number),
        (_("来文单位或批示人"), 20, lambda row: row.sender),
        (_("任务序号"), 9, lambda row: row.task_number),
        (_("事项"), 50, lambda row: row.what),
        (_("承办单位"), 20, lambda row: row.unit_name),
        (_("回复时限"), 12, lambda row: row.due_on),
        (_("剩余天数"), 9, lambda row: row.days),
        (_("状态"), 10, words["item_state"]),
        (_("回复日期"), 12, lambda row: row.answered_on),
        (_("代录"), 6, lambda row: _yes(row.on_behalf)),
        (_("回复"), 40, lambda row: row.answer),
        (_("办结日期"), 12, lambda row: row.closed_on),
        (_("结果"), 40, lambda row: row.result),
    ], rows)  # fmt: skip


def _papers(title: str, rows: Sequence[Any]) -> Part:
    return Part(title, [
        (_("种类"), 8, lambda row: standing.paper_kind(row.kind)),
        (_("文号"), 22, lambda row: row.number),
        (_("标题"), 50, lambda row: row.subject),
        (_("任务序号"), 9, lambda row: row.task_number),
        (_("所答复的请示"), 22, lambda row: row.answers),
        (_("来文单位或批示人"), 20, lambda row: row.sender),
        (_("成文日期"), 12, lambda row: row.dated),
        (_("时限"), 12, lambda row: row.due_on),
        (_("剩余天数"), 9, lambda row: row.days),
        (_("办结日期"), 12, lambda row: row.done_on),
        (_("结果"), 30, lambda row: row.result),
        (_("作废日期"), 12, lambda row: row.void_on),
        (_("作废原因"), 30, lambda row: row.void_reason),
    ], rows)  # fmt: skip


def _receipts(c: Context) -> Export:
    return _one(_("签收一览"), [
        (_("单位"), 22, lambda row: row.name),
        (_("方式"), 10, lambda row: words["receipt_manner"](row.manner)),
        (_("任务"), 8, lambda row: row.tasks),
        (_("牵头"), 8, lambda row: row.leads),
        (_("状态"), 10, lambda row: words["receipt_word"](row.state)),
        (_("签收方式"), 12, lambda row: words["receipt_way"](row.how) if row.state == "signed" else ""),
        (_("说明"), 40, lambda row: row.note),
        (_("日期"), 12, lambda row: _day(row.answered_at)),
        (_("经办"), 18, lambda row: row.actor),
    ], c["rows"])  # fmt: skip


def _coverage(c: Context) -> Export:
    return Export(_("三项检查"), [Part(pair(c["label"]), [
        (_("序号"), 7, lambda row: row.number),
        (_("任务"), 60, lambda row: row.text),
        (_("单位"), 18, lambda row: row.unit_name),
        (_("缺什么"), 60, lambda row: "".join(say(message) for message in row.messages)),
    ], c["rows"])])  # fmt: skip


def _contracts(c: Context) -> Export:
    people = c["contacts"]
    return _one(_("完成标准"), [
        (_("序号"), 9, lambda row: f"{row.number}-{row.ordinal}"),
        (_("分项"), 50, lambda row: row.text),
        (_("牵头单位"), 18, lambda row: row.lead_name),
        (_("重点"), 6, lambda row: _yes(row.key_task)),
        (_("文件写明的数值"), 30, lambda row: "；".join(row.targets)),
        (_("成果"), 30, lambda row: row.values["deliverable"] if row.state else ""),
        (_("标准"), 30, lambda row: row.values["standard"] if row.state else ""),
        (_("佐证材料"), 24, lambda row: row.values["evidence"] if row.state else ""),
        (_("核验单位"), 16, lambda row: row.values["verifier"] if row.state else ""),
        (_("完成时间"), 12, lambda row: row.values["due_on"] if row.state else ""),
        (_("状态"), 10, lambda row: refinement_words.contract_word(row.state)),
        (_("退回原因"), 30, lambda row: row.reason),
        (_("联系人"), 12, lambda row: people.get(row.lead, ("", ""))[0]),
        (_("电话"), 16, lambda row: people.get(row.lead, ("", ""))[1]),
    ], [line.row for line in c["lines"]])  # fmt: skip


def _changes(c: Context) -> Export:
    wanted = {row.pk: said for row, said in c["rows"]}
    return _one(_("调整申请"), [
        (_("日期"), 12, lambda row: row.asked_on),
        (_("代录"), 6, lambda row: _yes(row.on_behalf)),
        (_("序号"), 7, lambda row: row.task.current.number),
        (_("任务"), 50, lambda row: row.task.current.text),
        (_("单位"), 18, lambda row: row.unit.name),
        (_("事项"), 12, lambda row: refinement_words.change_kind(row.kind)),
        (_("申请"), 24, lambda row: wanted[row.pk]),
        (_("现时限"), 12, lambda row: row.task.assignment.deadline),
        (_("理由"), 36, lambda row: row.reason),
        (_("进展"), 36, lambda row: row.progress),
        (_("状态"), 10, lambda row: refinement_words.change_word(row.state)),
        (_("答复"), 30, lambda row: row.answer),
        (_("批准人"), 18, lambda row: row.decided_by),
    ], [row for row, _said in c["rows"]])  # fmt: skip


def _units(c: Context) -> Export:
    return _one(_("单位名录"), [
        (_("简称"), 22, lambda unit: unit.name),
        (_("全称"), 40, lambda unit: unit.full_name),
        (_("类别"), 16, lambda unit: pair(WORDS["unit"][unit.kind])),
        (_("行文方式"), 12, lambda unit: pair(WORDS["manner"][unit.address_manner])),
        (_("考核对象"), 10, lambda unit: _("是") if unit.appraised else _("否")),
        (_("行政区划代码"), 14, lambda unit: unit.area_code),
    ], c["units"])  # fmt: skip


EXPORTS: Final[Mapping[str, Callable[[Context], Export]]] = {
    "periods/period.html": _period,
    "periods/urging.html": _urging,
    "review/reports.html": _review,
    "review/determination.html": _determination,
    "consultation/page.html": _consultation,
    "orders/list.html": _orders,
    "problems/list.html": _problems,
    "problems/letters.html": _letters,
    "issue/receipts.html": _receipts,
    "issue/coverage.html": _coverage,
    "refinement/contracts.html": _contracts,
    "refinement/contracts_fill.html": _contracts,
    "refinement/changes.html": _changes,
    "directory/units.html": _units,
    "overview/search.html": search,
    "overview/overview.html": overview,
    "overview/leader.html": leader,
}
