"""The rows behind the orders' pages (督办台账): what is outstanding, who may do what next, and a draft from the record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from duban.directory.queries import taken_over
from duban.domain.calendar import WorkCalendar
from duban.domain.errors import Invalid
from duban.domain.lights import Light
from duban.domain.messages import Message
from duban.domain.periods import period_of
from duban.domain.posts import Acting
from duban.domain.topic import topic
from duban.domain.workflow import ORDER
from duban.plans.models import Plan
from duban.register.models import Responsibility, Task
from duban.supervision.models import Determination, OrderQuerySet, Standing, SupervisionOrder, Verdict
from duban.supervision.policies import refusal_to_answer, refusal_to_approve, refusal_to_judge

OUTSTANDING: Final = ("served", "signed_for", "answered")
PREPARED: Final = ("drafted", "submitted", "approved")
SHOWS: Final[Mapping[str, Q]] = {
    "open": Q(state__in=OUTSTANDING),
    "late": Q(state__in=("served", "signed_for")),
    "answered": Q(state="answered"),
    "prepared": Q(state__in=PREPARED),
    "ended": Q(state__in=("closed", "withdrawn")),
    "all": Q(),
}
ANSWER_DAYS: Final = 5
TITLE: Final = 24
BASIS: Final = 300
MATTERS: Final = {
    Light.LAGGING: "滞后于节点",
    Light.WARNING: "进度偏慢",
    Light.MISSING: "未按期报送进展",
    Light.STALE: "进展久未更新",
}
_PREFIX: Final = re.compile(r"^(.*?)(?:办?发|办?字|办?函)?〔")


def order_number(document_number: str, kind: str, year: int, serial: int | None) -> str:
    """The number in the style of the list's own: 云政发〔2026〕9号 gives 云政督〔2026〕3号; blank before it is approved."""
    found = _PREFIX.match(document_number)
    prefix = f"{found[1] if found else ''}督{'' if kind == 'order' else '函'}"
    return f"{prefix}〔{year}〕{serial or '　　'}号"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order in the list. `age` is days since it was served, `late` days past its time limit while it is unanswered."""

    pk: int
    number: str
    numbered: bool
    state: str
    task_key: str
    task_number: str
    matter: str
    unit: int
    unit_name: str
    served_on: date | None
    due_on: date
    age: int | None
    late: int


def orders_shown(list_id: int, acting: Acting, show: str, unit: int | None, today: date) -> OrderQuerySet:
    """The orders of a list that a post sees, narrowed: outstanding ones first, the oldest on top."""
    rows = SupervisionOrder.objects.visible_to(acting).filter(SHOWS.get(show, Q()), list=list_id)
    if show == "late":
        rows = rows.filter(due_on__lt=today)
    if unit:
        rows = rows.filter(unit=unit)
    return rows.order_by(F("closed_on").desc(nulls_first=True), F("served_on").asc(nulls_last=True), "pk")


def order_rows(orders: OrderQuerySet, document_number: str, today: date) -> list[OrderRow]:
    """The lines of a page of orders. One query."""
    rows = orders.select_related("unit", "task__current")
    return [_row(row, document_number, today) for row in rows]


def _row(row: SupervisionOrder, document_number: str, today: date) -> OrderRow:
    version = row.task.current
    waits = row.state in OUTSTANDING
    return OrderRow(
        pk=row.pk,
        number=order_number(document_number, row.kind, row.year, row.serial),
        numbered=row.serial is not None,
        state=row.state,
        task_key=row.task.key,
        task_number=version.number if version else row.task.key,
        matter=row.matter,
        unit=row.unit_id,
        unit_name=row.unit.name,
        served_on=row.served_on,
        due_on=row.due_on,
        age=max(0, (today - row.served_on).days) if waits and row.served_on else None,
        late=days_late(row, today),
    )


def days_late(row: SupervisionOrder, today: date) -> int:
    """Days past the time limit of an order that was served and has no answer yet."""
    return max(0, (today - row.due_on).days) if row.state in ("served", "signed_for") else 0


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """How many orders a post sees: outstanding, of which late and answered; in preparation; ended."""

    open: int
    late: int
    answered: int
    prepared: int
    ended: int


def order_counts(list_id: int, acting: Acting, today: date) -> OrderFigures:
    """The figures of the first line. One query."""
    rows = SupervisionOrder.objects.visible_to(acting).filter(list=list_id).order_by()
    counts = {name: Count("pk", filter=SHOWS[name]) for name in ("open", "answered", "prepared", "ended")}
    counts["late"] = Count("pk", filter=SHOWS["late"] & Q(due_on__lt=today))
    return OrderFigures(**rows.aggregate(**counts))


def units_with_orders(list_id: int, acting: Acting) -> list[tuple[int, str]]:
    """The units on which a post sees orders, in the order of the directory. One query."""
    rows = SupervisionOrder.objects.visible_to(acting).filter(list=list_id).order_by("unit__position")
    return list(dict.fromkeys(rows.values_list("unit_id", "unit__name")))


def actions_for(order: SupervisionOrder, acting: Acting) -> tuple[str, ...]:
    """What this post may do with an order now, in the order of the workflow table."""
    return tuple(action for action in ORDER.open_to(order.state) if _may(action, order, acting))


def refusal_to_revise(state: str) -> Message | None:
    """The words of an order may be changed as long as it waits to be submitted: drafted, or returned to its drafter."""
    if "submit" in ORDER.open_to(state):
        return None
    state_zh, state_en = ORDER.states[state]
    return Message("supervision.order_past_draft", {"state": state_zh, "state_en": state_en})


def approvals_for(acting: Acting) -> tuple[str, ...]:
    """How this post may approve: by click, by registering a signed paper, both, or not at all."""
    kinds = (("click", False), ("paper", True))
    return tuple(kind for kind, paper in kinds if refusal_to_approve(acting, on_paper=paper) is None)


def _may(action: str, order: SupervisionOrder, acting: Acting) -> bool:
    if action == "approve":
        return bool(approvals_for(acting))
    if action in ("sign_for", "answer"):
        return refusal_to_answer(acting, order.unit_id) is None
    return refusal_to_judge(acting) is None


@dataclass(frozen=True, slots=True)
class Behind:
    """A task behind its node for which an order may be drafted; `ordered` when its lead has an open one."""

    key: str
    number: str
    text: str
    lead: str
    light: str
    sentence: str
    ordered: bool


def behind_rows(list_id: int, acting: Acting, today: date) -> list[Behind]:
    """The tasks that lag or are warned, lagging first, by the office's determination or else the system's view.

    A lead that has ended is named by the unit in its place. Three queries.
    """
    tasks = Task.objects.visible_to(acting).filter(list=list_id)
    rows = (
        Standing.objects.filter(task__in=tasks, task__assignment__lead__isnull=False)
        .annotate(
            shown=Coalesce("determination__light", "verdict__light"),
            said=Coalesce("determination__sentence", "verdict__sentence"),
        )
        .filter(shown__in=["lagging", "warning"])
        .order_by("shown", "task__ordinal")
        .values_list(
            "task_id", "task__key", "task__current__number", "task__current__text",
            "task__assignment__lead_id", "task__assignment__lead__name", "shown", "said",
        )
    )  # fmt: skip
    taken = set(
        SupervisionOrder.objects.filter(list=list_id)
        .exclude(state__in=["closed", "withdrawn"])
        .values_list("task_id", "unit_id")
    )
    heirs = taken_over(today)
    found = []
    for task, key, number, text, lead, name, shown, said in rows:
        heir = heirs.get(lead)
        ordered = (task, lead) in taken or bool(heir and (task, heir.pk) in taken)
        label = f"{heir.name}（原{name}）" if heir else name
        found.append(Behind(key, number or key, text or "", label, shown, said, ordered))
    return found


@dataclass(frozen=True, slots=True)
class OrderSeed:
    """What a new order about a task starts from: the record's own words, to be edited; and the units it may go to."""

    task: Task
    unit: int
    matter: str
    basis: str
    requirement: str
    due_on: date
    units: tuple[tuple[int, str], ...]


def order_seed(task: Task, today: date, calendar: WorkCalendar) -> OrderSeed:
    """A draft from the task's determination, what was reported since, the problem and the lead. Four queries.

    `task` comes with its current version. What is said of the matter follows the light: only what lags is called late.
    """
    version = task.current
    number, text = (version.number, version.text) if version else (task.key, "")
    standing = (
        Standing.objects.filter(task=task)
        .select_related("determination__period", "verdict", "report__obligation__period")
        .first()
    )
    judged = (standing.determination or standing.verdict) if standing else None
    report = standing.report if standing else None
    problem = report.problem if report else ""
    due = answer_due(today, calendar)
    lead = Task.objects.filter(pk=task.pk).values_list("assignment__lead_id", flat=True).first()
    target = Plan.objects.filter(task=task.pk, unit=lead).values_list("year_target", flat=True).first()
    title = topic(text, target or "", TITLE)
    parts, heirs = parts_of(task.pk, today), taken_over(today)
    said = judged.sentence.replace(" ", "") if judged else ""
    trouble = f"牵头单位反映的问题：{problem.rstrip('。')}。" if problem else ""
    return OrderSeed(
        task=task,
        unit=heirs[lead].pk if lead in heirs else lead or next((unit for unit, _ in parts), 0),
        matter=f"第{number}项“{_quoted(title)}”{MATTERS.get(Light(judged.light), '') if judged else ''}",
        basis=f"{_by_whom(standing)}{said}{_since(standing)}{trouble}"[:BASIS],
        requirement=f"{_asked(judged)}，于{due.month}月{due.day}日前书面回复。",
        due_on=due,
        units=parts,
    )


def _quoted(text: str) -> str:
    """A text as it stands inside quotation marks: its own become single ones (GB/T 15834)."""
    return text.replace("“", "‘").replace("”", "’")


def _asked(judged: Determination | Verdict | None) -> str:
    """What is required by the light: only what is behind has a reason to find and time to make up."""
    behind = judged is not None and Light(judged.light) in MATTERS
    return "请查明原因，提出赶上进度的措施和完成时限" if behind else "请报告办理情况和下一步安排"


def _by_whom(standing: Standing | None) -> str:
    ruled = standing.determination if standing else None
    return f"经督查核定（{period_of(ruled.period.key).name}）：" if ruled else ""


def _since(standing: Standing | None) -> str:
    """What the lead reported after the period that was determined."""
    ruled, report = (standing.determination, standing.report) if standing else (None, None)
    if ruled is None or report is None or not report.progress:
        return ""
    period = report.obligation.period
    if period.key <= ruled.period.key:
        return ""
    return f"{period_of(period.key).name}报送：{report.progress.rstrip('。')}。"


def parts_of(task: int, today: date) -> tuple[tuple[int, str], ...]:
    """The units that owe something to a task, to which an order about it may go; those that ended by their successors.

    Two queries.
    """
    heirs = taken_over(today)
    rows = Responsibility.objects.filter(task=task).order_by("ordinal").values_list("unit_id", "unit__name")
    found = [(heirs[unit].pk, heirs[unit].name) if unit in heirs else (unit, name) for unit, name in rows]
    return tuple(dict.fromkeys(found))


def answer_due(today: date, calendar: WorkCalendar, days: int = ANSWER_DAYS) -> date:
    """The day by which an order is to be answered: so many working days on; plain days where the calendar has no notice yet."""
    try:
        return calendar.add_working(today, days)
    except Invalid:
        return date.fromordinal(today.toordinal() + days + 2)
