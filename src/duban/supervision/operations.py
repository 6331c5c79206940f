"""Judging, determining, urging and ordering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from duban.directory.models import Unit
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.lights import PRESET, Light, Rule, judge
from duban.domain.messages import Message, render
from duban.domain.periods import named
from duban.domain.posts import Acting
from duban.domain.secrecy import refuse_marked
from duban.domain.units import AddressManner
from duban.domain.workflow import ORDER, decide
from duban.history.operations import Happening, append
from duban.progress.models import Period
from duban.register.models import Task, TaskList
from duban.supervision.facts import Known, known_facts
from duban.supervision.models import Contact, Determination, Standing, SupervisionOrder, Verdict
from duban.supervision.policies import refusal_to_answer, refusal_to_approve, refusal_to_judge

BATCH: Final = 500


@transaction.atomic
def patrol(
    *,
    task_list: TaskList,
    on: date,
    period: Period | None = None,
    rule: Rule = PRESET,
    by: Acting,
    now: datetime,
) -> int:
    """系统研判 of every issued task as of a day; a view is written where it differs from the newest one. Returns how many.

    Idempotent: a second run on the same day with the same facts writes nothing. One event for the whole run.
    """
    facts = known_facts(task_list, on)
    standings = {
        row.task_id: row for row in Standing.objects.filter(task__list=task_list).select_related("verdict")
    }
    fresh = []
    for task, known in facts.items():
        verdict = judge(known.facts, rule)
        before = standings[task].verdict if task in standings else None
        sentence = render(verdict.message)
        same = before is not None and (before.light, before.sentence, before.period_id) == (
            verdict.light,
            sentence,
            period.pk if period else None,
        )
        if not same:
            fresh.append(
                Verdict(
                    task_id=task, period=period, on=on, light=verdict.light, code=verdict.message.code,
                    params=dict(verdict.message.params), sentence=sentence, inputs=dict(verdict.inputs),
                    due_value=known.due_value, rule_version=rule.version,
                )
            )  # fmt: skip
    _move_standings(task_list, facts, fresh, standings, on, by=by, now=now)
    return len(fresh)


def _move_standings(
    task_list: TaskList,
    facts: Mapping[int, Known],
    fresh: Sequence[Verdict],
    standings: dict[int, Standing],
    on: date,
    *,
    by: Acting,
    now: datetime,
) -> None:
    counts: dict[str, int] = {}
    for verdict in fresh:
        counts[verdict.light] = counts.get(verdict.light, 0) + 1
    body = {"on": on.isoformat(), "written": counts}
    happening = Happening("list.patrolled", body, task_list.government_id, task_list.pk, None, task_list.key)
    [seq] = append([happening], by=by, now=now)
    for verdict in fresh:
        verdict.seq = seq
    newest = {verdict.task_id: verdict for verdict in Verdict.objects.bulk_create(fresh, batch_size=BATCH)}
    Standing.objects.bulk_create(
        [Standing(task_id=task) for task in facts if task not in standings], ignore_conflicts=True
    )
    rows = list(Standing.objects.filter(task__in=facts))
    for row in rows:
        row.verdict_id = newest[row.task_id].pk if row.task_id in newest else row.verdict_id
        row.report_id = facts[row.task_id].report
    Standing.objects.bulk_update(rows, ["verdict", "report"], batch_size=BATCH)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The office's determination of one task: the light, the sentence that leaves the office, the reason if it differs."""

    task: int
    light: Light
    sentence: str
    reason: str = ""


@transaction.atomic
def determine(*, period: Period, rulings: Sequence[Ruling], by: Acting, now: datetime) -> int:
    """督查核定; all or none. A light other than the system's newest needs its reason. Returns how many were written."""
    if refused := refusal_to_judge(by):
        raise NotAllowed(refused)
    if period.state == "sealed":
        raise Conflict(Message("supervision.period_sealed", named(period.key)))
    keys = [ruling.task for ruling in rulings]
    standings = {
        row.task_id: row
        for row in Standing.objects.select_for_update(of=("self",))
        .filter(task__in=keys, task__list=period.list_id)
        .select_related("verdict", "task", "determination")
    }
    rows = [_ruled(ruling, standings.get(ruling.task), period, by, now) for ruling in rulings]
    fresh = [row for row in rows if row is not None]
    happenings = [
        Happening(
            "task.determined",
            {"period": period.key, "light": row.light, "sentence": row.sentence, "reason": row.reason},
            by.government, period.list_id, row.task_id, f"task:{standings[row.task_id].task.key}",
        )
        for row in fresh
    ]  # fmt: skip
    for row, seq in zip(fresh, append(happenings, by=by, now=now), strict=True):
        row.seq = seq
    moved = []
    for row in Determination.objects.bulk_create(fresh, batch_size=BATCH):
        standings[row.task_id].determination = row
        moved.append(standings[row.task_id])
    Standing.objects.bulk_update(moved, ["determination"], batch_size=BATCH)
    return len(fresh)


def _ruled(
    ruling: Ruling, standing: Standing | None, period: Period, by: Acting, now: datetime
) -> Determination | None:
    if standing is None or standing.verdict is None:
        raise Invalid(Message("supervision.not_judged_yet"))
    before = standing.determination
    same = before is not None and (before.period_id, before.light, before.sentence, before.reason) == (
        period.pk,
        ruling.light,
        ruling.sentence,
        ruling.reason,
    )
    if same:
        return None
    differs = standing.verdict.light != ruling.light
    if differs and not ruling.reason.strip():
        raise Invalid(Message("supervision.reason_needed", {"task": standing.task.key}))
    return Determination(
        task_id=ruling.task, period=period, light=ruling.light, sentence=ruling.sentence[:300],
        reason=ruling.reason.strip()[:200], differs=differs, actor=by.label, at=now,
    )  # fmt: skip


@transaction.atomic
def note_contact(
    *,
    period: Period,
    units: Sequence[int],
    kind: str,
    channel: str,
    note: str = "",
    by: Acting,
    now: datetime,
) -> int:
    """Record that units were reminded (提醒), urged to report (催报) or urged about a matter (催办)."""
    if refused := refusal_to_judge(by):
        raise NotAllowed(refused)
    happenings = [
        Happening(
            f"unit.{kind}", {"period": period.key, "channel": channel, "note": note},
            by.government, period.list_id, None, f"unit:{unit}",
        )
        for unit in units
    ]  # fmt: skip
    Contact.objects.bulk_create(
        [
            Contact(
                period=period,
                unit_id=unit,
                kind=kind,
                channel=channel,
                note=note[:200],
                actor=by.label,
                at=now,
                seq=seq,
            )
            for unit, seq in zip(units, append(happenings, by=by, now=now), strict=True)
        ]
    )
    return len(units)


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
    open_ones = SupervisionOrder.objects.filter(task=draft.task, unit=draft.unit).exclude(
        state__in=["closed", "withdrawn"]
    )
    if open_ones.exists():
        raise Conflict(Message("supervision.order_open", {"unit": draft.unit.name}))
    kind = "order" if draft.unit.address_manner == AddressManner.NOTICE else "letter"
    body = {"kind": kind, "unit": str(draft.unit.pk), "matter": draft.matter, "due": draft.due_on.isoformat()}
    [seq] = append([_of_order(task_list, draft.task, "order.drafted", body)], by=by, now=now)
    return SupervisionOrder.objects.create(
        list=task_list, kind=kind, year=draft.due_on.year, task=draft.task, unit=draft.unit, period=period,
        matter=draft.matter[:200], basis=draft.basis[:300], requirement=draft.requirement[:500],
        due_on=draft.due_on, seq=seq,
    )  # fmt: skip


def _of_order(task_list: TaskList, task: Task, kind: str, body: Mapping[str, Any]) -> Happening:
    return Happening(kind, body, task_list.government_id, task_list.pk, task.pk, f"task:{task.key}")


@transaction.atomic
def move_order(
    *, order: SupervisionOrder, action: str, values: Mapping[str, Any], by: Acting, now: datetime
) -> SupervisionOrder:
    """One step of an order, as the table of its states allows.

    `values` by action: approve {by, on, approval: click|paper}; serve {on}; sign_for {by, on}; answer {text, on};
    close {result, on}; reject, return and withdraw {result}. Approving gives the number: the next of its kind, list and year.
    """
    row = (
        SupervisionOrder.objects.select_for_update(of=("self",))
        .select_related("list", "task")
        .get(pk=order.pk)
    )
    TaskList.objects.select_for_update().get(pk=row.list_id)
    _may_move(row, action, values, by)
    row.state = decide(ORDER, row.state, action)
    _set_step(row, action, values)
    row.revision += 1
    body = {"number": row.serial or 0, **{key: str(value) for key, value in values.items()}}
    [row.seq] = append([_of_order(row.list, row.task, f"order.{action}", body)], by=by, now=now)
    row.save()
    return row


def _may_move(row: SupervisionOrder, action: str, values: Mapping[str, Any], by: Acting) -> None:
    if action == "approve":
        refused = refusal_to_approve(by, on_paper=values.get("approval") == "paper")
    elif action in ("sign_for", "answer"):
        refused = refusal_to_answer(by, row.unit_id)
    else:
        refused = refusal_to_judge(by)
    if refused:
        raise NotAllowed(refused)
    needed = {
        "approve": "by",
        "sign_for": "by",
        "answer": "text",
        "close": "result",
        "withdraw": "result",
    }.get(action)
    if needed and not str(values.get(needed, "")).strip():
        raise Invalid(Message("supervision.step_needs", {"action": action}))


def _set_step(row: SupervisionOrder, action: str, values: Mapping[str, Any]) -> None:
    if action == "approve":
        taken = SupervisionOrder.objects.filter(list=row.list_id, kind=row.kind, year=row.year)
        row.serial = (taken.aggregate(last=Max("serial"))["last"] or 0) + 1
        row.approved_by, row.approved_on, row.approval = values["by"], values["on"], values["approval"]
    elif action == "serve":
        row.served_on = values["on"]
    elif action == "sign_for":
        row.signed_for_by, row.signed_for_on = values["by"], values["on"]
    elif action == "answer":
        row.answer, row.answered_on = str(values["text"])[:500], values["on"]
    elif action == "close":
        row.result, row.closed_on = str(values["result"])[:300], values["on"]
    elif action in ("withdraw", "reject", "return"):
        row.result = str(values.get("result", ""))[:300]
