"""Orders and letters: drafted, revised, moved through their table, numbered when approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from duban.directory.models import Unit
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.secrecy import refuse_marked
from duban.domain.units import AddressManner
from duban.domain.workflow import ORDER, decide
from duban.history.operations import Happening, append
from duban.progress.models import Period
from duban.register.models import Task, TaskList
from duban.supervision.models import SupervisionOrder
from duban.supervision.order_queries import refusal_to_revise
from duban.supervision.policies import refusal_to_answer, refusal_to_approve, refusal_to_judge

LIMITS: Final = {"by": 60, "text": 500, "result": 300}


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """What an order says: one matter, why, what is required, by when."""

    task: Task
    unit: Unit
    matter: str
    basis: str
    requirement: str
    due_on: date


@transaction.atomic
def draft_order(
    *, task_list: TaskList, draft: OrderDraft, period: Period | None, by: Acting, now: datetime
) -> SupervisionOrder:
    """Draft an order about one task to one unit; refused while an earlier one about the same matter is open."""
    if refused := refusal_to_judge(by):
        raise NotAllowed(refused)
    refuse_marked(draft.matter, draft.basis, draft.requirement)
    _one_after_another(task_list.government_id)
    _refuse_second(draft)
    row = SupervisionOrder(
        government_id=task_list.government_id, list=task_list, task=draft.task, period=period, **_words(draft)
    )
    [row.seq] = append([_of_order(task_list, draft.task, "order.drafted", _summary(row))], by=by, now=now)
    row.save()
    return row


@transaction.atomic
def revise_order(
    *, order: SupervisionOrder, revision: int, draft: OrderDraft, by: Acting, now: datetime
) -> SupervisionOrder:
    """Change the words of an order before it is submitted, or after it was returned; its task stays.

    Nothing is written where nothing changed. Refused: a revision that is not the newest, an order already submitted,
    another unit that has an open order about the matter.
    """
    if refused := refusal_to_judge(by):
        raise NotAllowed(refused)
    _one_after_another(order.government_id)
    row = _held(order, revision)
    if closed := refusal_to_revise(row.state):
        raise Conflict(closed)
    if draft.task.pk != row.task_id:
        raise Invalid(Message("supervision.order_keeps_task"))
    refuse_marked(draft.matter, draft.basis, draft.requirement)
    words = _words(draft)
    changed = sorted(name for name, value in words.items() if getattr(row, name) != value)
    if not changed:
        return row
    _refuse_second(draft, but=row.pk)
    for name, value in words.items():
        setattr(row, name, value)
    row.revision += 1
    body = {**_summary(row), "changed": changed, "row": f"order:{row.pk}"}
    [row.seq] = append([_of_order(row.list, row.task, "order.revised", body)], by=by, now=now)
    row.save()
    return row


def _one_after_another(government: int) -> None:
    """Orders of a government are drafted and numbered one after another; no_key lets rows that point to it be written."""
    Unit.objects.select_for_update(no_key=True).get(pk=government)


def _held(order: SupervisionOrder, revision: int) -> SupervisionOrder:
    """The order as it stands, locked; Conflict where it is not as it was seen."""
    rows = SupervisionOrder.objects.select_for_update(of=("self",)).select_related("list", "task", "unit")
    row = rows.get(pk=order.pk)
    if row.revision != revision:
        raise Conflict(Message("orders.changed_meanwhile"))
    return row


def _refuse_second(draft: OrderDraft, but: int = 0) -> None:
    """One matter, one order."""
    same = SupervisionOrder.objects.filter(task=draft.task, unit=draft.unit)
    if same.exclude(state__in=["closed", "withdrawn"]).exclude(pk=but).exists():
        raise Conflict(Message("supervision.order_open", {"unit": draft.unit.name}))


def _words(draft: OrderDraft) -> dict[str, Any]:
    """What a draft says, by the fields of an order; a letter goes to bodies outside the government's command."""
    return {
        "kind": "order" if draft.unit.address_manner == AddressManner.NOTICE else "letter",
        "year": draft.due_on.year,
        "unit": draft.unit,
        "matter": draft.matter[:200],
        "basis": draft.basis[:300],
        "requirement": draft.requirement[:500],
        "due_on": draft.due_on,
    }


def _summary(row: SupervisionOrder) -> dict[str, Any]:
    due = row.due_on.isoformat()
    return {"kind": row.kind, "unit": str(row.unit_id), "matter": row.matter, "due": due}


def _of_order(task_list: TaskList, task: Task, kind: str, body: Mapping[str, Any]) -> Happening:
    return Happening(kind, body, task_list.government_id, task_list.pk, task.pk, f"task:{task.key}")


@transaction.atomic
def move_order(
    *,
    order: SupervisionOrder,
    revision: int,
    action: str,
    values: Mapping[str, Any],
    by: Acting,
    now: datetime,
) -> SupervisionOrder:
    """One step of an order, as the table of its states allows; Conflict where it moved on since this revision.

    `values` by action: approve {by, on, approval: click|paper}; serve {on}; sign_for {by, on}; answer {text, on};
    close {result, on}; reject, return and withdraw {result}. Approving gives the number: the next of its kind in the
    government and the year of the approval.
    """
    if refused := _refusal_to_move(order, action, values, by):
        raise NotAllowed(refused)
    if action == "approve":
        _one_after_another(order.government_id)
    row = _held(order, revision)
    _require_values(action, values)
    _require_order_of_days(row, values)
    row.state = decide(ORDER, row.state, action)
    _set_step(row, action, values)
    row.revision += 1
    said = {key: str(value) for key, value in values.items()}
    body = {"number": row.serial or 0, "row": f"order:{row.pk}", **said}
    [row.seq] = append([_of_order(row.list, row.task, f"order.{action}", body)], by=by, now=now)
    row.save()
    return row


def _refusal_to_move(
    order: SupervisionOrder, action: str, values: Mapping[str, Any], by: Acting
) -> Message | None:
    if action == "approve":
        return refusal_to_approve(by, on_paper=values.get("approval") == "paper")
    if action in ("sign_for", "answer"):
        return refusal_to_answer(by, order.unit_id)
    return refusal_to_judge(by)


def _require_values(action: str, values: Mapping[str, Any]) -> None:
    for name, limit in LIMITS.items():
        if len(str(values.get(name, ""))) > limit:
            raise Invalid(Message("supervision.step_too_long", {"limit": limit}))
    needed = {
        "approve": "by",
        "sign_for": "by",
        "answer": "text",
        "close": "result",
        "withdraw": "result",
    }.get(action)
    if needed and not str(values.get(needed, "")).strip():
        raise Invalid(Message("supervision.step_needs", {"action": action}))


def _require_order_of_days(row: SupervisionOrder, values: Mapping[str, Any]) -> None:
    steps = (row.approved_on, row.served_on, row.signed_for_on, row.answered_on)
    last = max((day for day in steps if day), default=None)
    if last and "on" in values and values["on"] < last:
        raise Invalid(Message("supervision.step_before", {"last": last.isoformat()}))


def _set_step(row: SupervisionOrder, action: str, values: Mapping[str, Any]) -> None:
    if action == "approve":
        row.year = values["on"].year
        taken = SupervisionOrder.objects.filter(government=row.government_id, kind=row.kind, year=row.year)
        row.serial = (taken.aggregate(last=Max("serial"))["last"] or 0) + 1
        row.approved_by, row.approved_on, row.approval = values["by"], values["on"], values["approval"]
    elif action == "serve":
        row.served_on = values["on"]
    elif action == "sign_for":
        row.signed_for_by, row.signed_for_on = values["by"], values["on"]
    elif action == "answer":
        row.answer, row.answered_on = values["text"], values["on"]
    elif action == "close":
        row.result, row.closed_on = values["result"], values["on"]
    elif action in ("withdraw", "reject", "return"):
        row.result = values.get("result", "")
