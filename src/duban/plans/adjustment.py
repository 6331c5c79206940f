"""单项调整: a task changed on a basis document, the requests of units, and which tasks are paused.

Rules: a unit asks before the limit runs out, with reason and progress; the reply fixes a date; a second extension goes
to a higher approver (rules.md §2, 延期).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from duban.directory.models import Unit
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting, PostRole
from duban.domain.workflow import CHANGE, decide
from duban.history.operations import Happening, append
from duban.plans.days import refuse_day
from duban.plans.models import Adjustment, Assignment, ChangeRequest, Plan
from duban.plans.models_refinement import ACTIVE, ADJUSTMENT_KINDS, BASIS_KINDS, MOVES, PAUSES, STATES
from duban.plans.operations import NODE_FIELDS, Edit, assign, refine
from duban.plans.policies import refusal_to_fill, refusal_to_issue
from duban.register.models import Responsibility, Task, TaskList

HIGHER: Final = frozenset({PostRole.SECRETARY_GENERAL, PostRole.DEPUTY_SECRETARY, PostRole.CITY_LEADER})
APPROVERS: Final = HIGHER | {PostRole.OFFICE_DIRECTOR}
ASKABLE: Final = tuple(kind for kind in ADJUSTMENT_KINDS if kind != "city_leader")
TEXT: Final = 200


class Change(NamedTuple):
    """What is to become of a task: a date, a unit's number or a text by kind, None for a pause.

    `seen` is the value that the editor saw, as `current_values` gives it: a change made from an older page is refused.
    """

    kind: str
    value: Any = None
    seen: str = ""


class Basis(NamedTuple):
    """The document a change rests on: instruction (批示), minutes (会议纪要) or document (文件)."""

    kind: str
    number: str
    on: date
    reason: str


class Approval(NamedTuple):
    """Who approved: by click it is the acting post on this day; of a paper its signer, that signer's post and its day."""

    kind: str
    by: str = ""
    role: PostRole | None = None
    on: date | None = None


class Wish(NamedTuple):
    """What a unit asks for; `on` is the day of its paper where the office enters it, else today."""

    kind: str
    wanted: str
    reason: str
    progress: str
    on: date | None = None


def refusal_to_adjust(by: Acting, approval: Approval, extension: int) -> Message | None:
    """Who may change a task: `extension` is 0 for no extension, 1 for the first, more for a further one.

    By click an approver himself; on paper the supervision office registers what an approver signed.
    """
    allowed = HIGHER if extension > 1 else APPROVERS
    short = Message("adjust.higher_approves") if extension > 1 else Message("adjust.director_approves")
    if approval.kind == "paper":
        if not by.runs_office:
            return Message("adjust.office_registers")
        return None if approval.role in allowed else short
    return None if by.role in allowed else short


def may_open_adjusting(by: Acting) -> bool:
    """Whether a post has anything to do on the office's side of the page."""
    return by.runs_office or by.role in APPROVERS


def refusal_to_ask(by: Acting, unit: int, lead: int | None) -> Message | None:
    """The lead asks for changes of its task; the office may enter its paper (代录)."""
    return refusal_to_fill(by, unit) or (None if unit == lead else Message("adjust.lead_asks"))


def current_values(task: Task) -> dict[str, str]:
    """What stands now, by kind: ISO date, target, number of the lead, name of the leader; `state` of the task. Three queries."""
    row = Assignment.objects.filter(task=task).first()
    plans = Plan.objects.filter(task=task, unit=row.lead_id if row else None)
    target = plans.values_list("year_target", flat=True).first() or ""
    states = Adjustment.objects.filter(task=task, kind__in=STATES).order_by("-seq")
    state = states.values_list("kind", flat=True).first() or ACTIVE
    return {
        "deadline": row.deadline.isoformat() if row and row.deadline else "",
        "target": target,
        "lead": str(row.lead_id or "") if row else "",
        "city_leader": row.city_leader if row else "",
        "state": ACTIVE if state == "resumed" else state,
    }


def extensions_of(task: Task) -> int:
    """How often the limit of a task was moved back so far. One query."""
    return Adjustment.objects.filter(task=task).aggregate(most=Max("extension"))["most"] or 0


def paused_tasks(task_list: TaskList | int, on: date) -> set[int]:
    """The tasks parked (暂缓) or discontinued (终止) on a day: nothing is asked about them. One query."""
    rows = Adjustment.objects.filter(task__list=task_list, kind__in=STATES, approved_on__lte=on)
    newest = dict(rows.order_by("seq").values_list("task_id", "kind"))
    return {task for task, kind in newest.items() if kind in PAUSES}


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of value of a task that was changed: the first, the previous and the current one as people read them."""

    kind: str
    first: str
    previous: str
    current: str
    times: int


def kept_values(task: Task, rows: Sequence[Adjustment]) -> list[Kept]:
    """First, previous and current values of every kind that was changed; `rows` are the adjustments, oldest first."""
    now = current_values(task)
    now["lead"] = _name(now["lead"])
    by_kind: dict[str, list[Adjustment]] = {}
    for row in rows:
        by_kind.setdefault("state" if row.kind in STATES else row.kind, []).append(row)
    return [
        Kept(kind, changes[0].before, changes[-1].before, now[kind], len(changes))
        for kind, changes in by_kind.items()
    ]


def _name(unit: str) -> str:
    return Unit.objects.filter(pk=unit).values_list("name", flat=True).first() or "" if unit else ""


def wanted_words(requests: Sequence[ChangeRequest]) -> dict[int, str]:
    """What each request asks for as people read it: the name of a unit for its number. One query."""
    wanted = {row.pk: row.wanted for row in requests if row.kind == "lead" and row.wanted.isdigit()}
    names = dict(Unit.objects.filter(pk__in=wanted.values()).values_list("pk", "name"))
    return {
        row.pk: names.get(int(wanted[row.pk]), "") if row.pk in wanted else row.wanted for row in requests
    }


@transaction.atomic
def ask(*, task: Task, unit: int, wish: Wish, by: Acting, now: datetime) -> ChangeRequest:
    """调整申请 of the lead, with reason and progress. An extension is asked for while the limit still runs.

    Refused: a second open request of the same kind, a date that is no later one, a lead that owes nothing.
    """
    row = _issued(task)
    if refused := refusal_to_ask(by, unit, row.lead_id):
        raise NotAllowed(refused)
    if wish.kind not in ASKABLE:
        raise Invalid(Message("adjust.no_such_kind"))
    reason, progress = (_needed(text, "adjust.wish_incomplete") for text in (wish.reason, wish.progress))
    today = timezone.localdate(now)
    on = min(wish.on or today, today) if by.runs_office else today
    seen = current_values(task)
    value = _value(task, Change(wish.kind, _read(wish), seen.get(wish.kind, seen["state"])), seen)
    if wish.kind == "deadline" and _moves_back(seen["deadline"], value):
        _in_time(seen["deadline"], on)
    if ChangeRequest.objects.filter(task=task, kind=wish.kind, state="asked").exists():
        raise Conflict(Message("adjust.asked_already"))
    body = {"kind": wish.kind, "wanted": value, "reason": reason, "progress": progress, "unit": str(unit)}
    [seq] = append([_of_task(task, "change.asked", body)], by=by, now=now)
    return ChangeRequest.objects.create(
        task=task, unit_id=unit, kind=wish.kind, wanted=value, reason=reason, progress=progress,
        asked_on=on, on_behalf=by.runs_office, actor=by.label, state=CHANGE.start, seq=seq,
    )  # fmt: skip


def _read(wish: Wish) -> Any:
    """The wanted text as the value of its kind; Invalid where it is none."""
    text = wish.wanted.strip()
    try:
        if wish.kind == "deadline":
            return date.fromisoformat(text)
        return int(text[:18]) if wish.kind == "lead" else text
    except ValueError as problem:
        raise Invalid(Message("adjust.value_needed")) from problem


@transaction.atomic
def refuse_request(
    *, request: ChangeRequest, revision: int, answer: str, by: Acting, now: datetime
) -> ChangeRequest:
    """不同意: the office (or an approver) answers a request with its reason."""
    if not may_open_adjusting(by):
        raise NotAllowed(refusal_to_issue(by) or Message("adjust.director_approves"))
    request = _locked(request, revision)
    request.state = decide(CHANGE, request.state, "refuse")
    request.answer, request.decided_by = _needed(answer, "adjust.answer_needed"), by.label
    body = {"kind": request.kind, "answer": request.answer, "request": str(request.pk)}
    [request.seq] = append([_of_task(request.task, "change.refused", body)], by=by, now=now)
    request.revision += 1
    request.save()
    return request


def _locked(request: ChangeRequest, revision: int | None = None) -> ChangeRequest:
    rows = ChangeRequest.objects.select_for_update(of=("self",)).select_related("task__list")
    found = rows.get(pk=request.pk)
    if revision is not None and found.revision != revision:
        raise Conflict(Message("plans.changed_meanwhile", {"task": found.task.key}))
    return found


@transaction.atomic
def adjust(
    *,
    task: Task,
    change: Change,
    basis: Basis,
    approval: Approval,
    request: ChangeRequest | None = None,
    by: Acting,
    now: datetime,
) -> Adjustment:
    """Change one task on its basis document; a request that led to it is granted, perhaps with another value.

    Deadline, lead and leader go through `operations.assign`, a target through `operations.refine`, here and now; a new
    lead takes over the target and the nodes. Refused: no approver of the rank needed, an extension asked for (or whose
    basis is dated) after the limit, nothing changed, a value changed since the page was shown.
    """
    assignment = _issued(task)
    task, seen = assignment.task, current_values(task)
    value = _value(task, change, seen)
    asked = _locked(request) if request else None
    moved_back = change.kind == "deadline" and _moves_back(seen["deadline"], value)
    extension = extensions_of(task) + 1 if moved_back else 0
    if refused := refusal_to_adjust(by, approval, extension):
        raise NotAllowed(refused)
    today = timezone.localdate(now)
    basis, approval = _complete(basis, today), _signed(approval, by, today)
    if moved_back:
        _in_time(seen["deadline"], asked.asked_on if asked else basis.on)
    if asked and (asked.task_id, asked.kind) != (task.pk, change.kind):
        raise Invalid(Message("adjust.other_request"))
    if asked:
        asked.state = decide(CHANGE, asked.state, "grant")
    _carry_out(assignment, change.kind, value, by=by, now=now)
    return _register(_row(task, change.kind, seen, value, extension), basis, approval, asked, by=by, now=now)


def _issued(task: Task) -> Assignment:
    """The row of a task, locked; before it is issued the office simply changes it on the page of 交办."""
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("task__list")
    found = rows.filter(task=task, issued_at__isnull=False).first()
    if found is None:
        raise Conflict(Message("adjust.not_issued", {"task": task.key}))
    return found


def _value(task: Task, change: Change, seen: dict[str, str]) -> str:
    """The new value as it is kept; Invalid when it is none of its kind, Conflict when it is no change from what stands."""
    if change.kind not in ADJUSTMENT_KINDS:
        raise Invalid(Message("adjust.no_such_kind"))
    before = seen["state" if change.kind in STATES else change.kind]
    if change.seen != before:
        raise Conflict(Message("plans.changed_meanwhile", {"task": task.key}))
    if change.kind in STATES:
        if (before, change.kind) not in MOVES:
            raise Conflict(Message("adjust.not_now"))
        return ""
    value = change.value.isoformat() if isinstance(change.value, date) else str(change.value or "").strip()
    if not value or len(value) > TEXT or (change.kind == "deadline") != isinstance(change.value, date):
        raise Invalid(Message("adjust.value_needed"))
    if value == before:
        raise Invalid(Message("adjust.no_change"))
    if isinstance(change.value, date):
        refuse_day(task.key, task.list.year, change.value)
    if change.kind == "lead" and not Responsibility.objects.filter(task=task, unit_id=int(value)).exists():
        raise Invalid(Message("plans.lead_owes_nothing", {"task": task.key}))
    return value


def _moves_back(before: str, after: str) -> bool:
    return bool(before) and after > before


def _in_time(deadline: str, on: date) -> None:
    if on.isoformat() > deadline:
        raise Conflict(Message("adjust.limit_passed", {"deadline": deadline}))


def _needed(text: str, code: str = "adjust.incomplete") -> str:
    clean = text.strip()
    if not clean:
        raise Invalid(Message(code))
    if len(clean) > TEXT:
        raise Invalid(Message("adjust.too_long", {"limit": TEXT, "length": len(clean)}))
    return clean


def _complete(basis: Basis, today: date) -> Basis:
    if basis.kind not in BASIS_KINDS:
        raise Invalid(Message("adjust.incomplete"))
    if basis.on > today:
        raise Invalid(Message("adjust.basis_to_come"))
    return Basis(basis.kind, _needed(basis.number)[:80], basis.on, _needed(basis.reason))


def _signed(approval: Approval, by: Acting, today: date) -> Approval:
    if approval.kind == "click":
        return Approval("click", by.label[:120], by.role, today)
    if approval.kind != "paper" or approval.on is None or approval.on > today:
        raise Invalid(Message("adjust.incomplete"))
    return approval._replace(by=_needed(approval.by)[:120])


def _carry_out(row: Assignment, kind: str, value: str, *, by: Acting, now: datetime) -> None:
    """The change itself, by the operations that own the value, in the name of whoever approved: the approval carries it."""
    if kind in STATES:
        return
    hand = by if by.runs_office else replace(by, role=PostRole.OFFICE_DIRECTOR)
    task_list, lead = row.task.list, row.lead_id
    if kind == "target":
        if lead is None:
            raise Conflict(Message("adjust.no_lead"))
        _refine(row.task, lead, {"year_target": value}, by=hand, now=now)
        return
    new: Any = date.fromisoformat(value) if kind == "deadline" else int(value) if kind == "lead" else value
    edit = Edit(row.task_id, row.revision, {kind: new})
    assign(task_list=task_list, edits=[edit], on_basis=True, by=hand, now=now)
    if kind == "lead" and lead is not None:
        _hand_over(row.task, lead, new, by=hand, now=now)


def _hand_over(task: Task, old: int, new: int, *, by: Acting, now: datetime) -> None:
    """A new lead takes over target and nodes where it has none of its own: they are not asked for again."""
    plans = {row.unit_id: row for row in Plan.objects.filter(task=task, unit__in=(old, new))}
    if old not in plans or (new in plans and any(getattr(plans[new], field) for field in NODE_FIELDS)):
        return
    _refine(task, new, {field: getattr(plans[old], field) for field in NODE_FIELDS}, by=by, now=now)


def _refine(task: Task, unit: int, values: dict[str, str], *, by: Acting, now: datetime) -> None:
    revision = Plan.objects.filter(task=task, unit=unit).values_list("revision", flat=True).first() or 0
    refine(task_list=task.list, unit=unit, edits=[Edit(task.pk, revision, values)], by=by, now=now)


def _row(task: Task, kind: str, seen: dict[str, str], value: str, extension: int) -> Adjustment:
    before = seen["state" if kind in STATES else kind]
    after = kind if kind in PAUSES else ACTIVE if kind == "resumed" else value
    if kind == "lead":
        before, after = _name(before), _name(value)
    same = Adjustment.objects.filter(task=task, kind=kind).count()
    return Adjustment(task=task, kind=kind, before=before, after=after, ordinal=same + 1, extension=extension)


def _register(
    row: Adjustment,
    basis: Basis,
    approval: Approval,
    asked: ChangeRequest | None,
    *,
    by: Acting,
    now: datetime,
) -> Adjustment:
    row.basis_kind, row.basis_number, row.basis_date, row.reason = basis
    row.approval, row.approved_by, row.approver_role, row.approved_on = approval  # type: ignore[assignment]  # _signed filled them in
    row.actor, row.at, row.request = by.label, now, asked
    body = {
        "kind": row.kind, "before": row.before, "after": row.after, "basis": row.basis_number,
        "basis_kind": row.basis_kind, "basis_date": row.basis_date.isoformat(), "reason": row.reason,
        "approval": row.approval, "approved_by": row.approved_by, "approved_on": row.approved_on.isoformat(),
        "request": str(asked.pk) if asked else "",
    }  # fmt: skip
    [row.seq] = append([_of_task(row.task, f"task.adjusted_{row.kind}", body)], by=by, now=now)
    row.save()
    if asked:
        asked.decided_by, asked.answer = approval.by, row.after
        asked.revision, asked.seq = asked.revision + 1, row.seq
        asked.save()
    return row


def _of_task(task: Task, kind: str, body: dict[str, Any]) -> Happening:
    return Happening(kind, body, task.list.government_id, task.list_id, task.pk, f"task:{task.key}")
