"""Changing what is owed and reported: one function for each change of state, the states from one table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from duban.directory.queries import answering_unit_ids
from duban.documents.operations import Scan, keep_scan
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.natures import Nature, Rhythm
from duban.domain.periods import PeriodSpec, asks, named
from duban.domain.posts import Acting
from duban.domain.secrecy import refuse_marked
from duban.domain.workflow import OBLIGATION, PERIOD, decide
from duban.history.operations import Happening, append
from duban.plans.adjustment import paused_tasks
from duban.plans.milestones import amount
from duban.plans.models import Assignment
from duban.progress.models import LONGEST_PROGRESS, Draft, Obligation, Period, Report, SignOff
from duban.progress.policies import (
    refusal_to_report,
    refusal_to_run_periods,
    refusal_to_sign,
    refuse_sealed,
)
from duban.progress.values import refuse_value, valued_tasks, word_of
from duban.register.models import TaskList

REPORT_LIMITS: Final = {"progress": LONGEST_PROGRESS, "value": 60, "problem": 200, "next_step": 200}
OPEN: Final = ("owed", "returned")
REASONED: Final = ("return", "reopen", "exempt")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a unit's sheet as filled in. `revision` is that of the draft it was made from, 0 for none."""

    obligation: int
    revision: int
    values: Mapping[str, str]
    no_change: bool = False


@transaction.atomic
def open_period(
    *,
    task_list: TaskList,
    spec: PeriodSpec,
    days: tuple[date, date, date],
    lagging: frozenset[int],
    by: Acting,
    now: datetime,
) -> Period:
    """Open a period and list what is owed in it: one row for each task whose rhythm asks, owed by its lead.

    Where another unit took the place of the lead by the last day of the period, that unit owes the row.
    `days` are the day it opens, the day by which a report is on time, and the day it closes. `lagging` tasks are
    asked monthly like key ones. Off-line tasks (线下报送) are owed too: they report status and file number only.
    A second call for the same period returns it unchanged.
    """
    if refused := refusal_to_run_periods(by):
        raise NotAllowed(refused)
    TaskList.objects.select_for_update().get(pk=task_list.pk)
    known = Period.objects.filter(list=task_list, key=spec.key).first()
    if known is not None:
        return known
    asked = _asked(task_list, spec, lagging)
    if not asked:
        raise Conflict(Message("progress.nothing_to_ask", named(spec.key)))
    body = {"period": spec.key, "asked": len(asked), "due": days[1].isoformat(), "lock": days[2].isoformat()}
    [seq] = append(
        [Happening("period.opened", body, task_list.government_id, task_list.pk, None, f"period:{spec.key}")],
        by=by,
        now=now,
    )
    period = Period.objects.create(
        list=task_list, key=spec.key, opens_on=days[0], due_on=days[1], lock_on=days[2], state="open", seq=seq
    )
    Obligation.objects.bulk_create(_owed(period, asked, spec.ends_on), batch_size=500)
    return period


def _owed(period: Period, asked: Sequence[Assignment], on: date) -> list[Obligation]:
    leads = {row.task_id: row.lead_id for row in asked if row.lead_id}
    answering = answering_unit_ids(leads.values(), on)
    return [Obligation(period=period, task_id=task, unit_id=answering[lead]) for task, lead in leads.items()]


def _asked(task_list: TaskList, spec: PeriodSpec, lagging: frozenset[int]) -> list[Assignment]:
    """The issued tasks whose rhythm asks in a period; parked and discontinued ones are not asked."""
    paused = paused_tasks(task_list, spec.ends_on)
    issued = Assignment.objects.filter(task__list=task_list, issued_at__isnull=False).exclude(task__in=paused)
    return [
        row
        for row in issued.order_by("task__ordinal")
        if asks(
            Rhythm(row.rhythm),
            at_date=row.deadline,
            lagging_or_key=row.key_task or row.task_id in lagging,
            month=spec.month,
        )
    ]


@transaction.atomic
def move_period(*, period: Period, action: str, by: Acting, now: datetime) -> Period:
    """Close, reopen or seal a period, as the table of its states allows."""
    if refused := refusal_to_run_periods(by):
        raise NotAllowed(refused)
    period = Period.objects.select_for_update().select_related("list").get(pk=period.pk)
    period.state = decide(PERIOD, period.state, action)
    [period.seq] = append([of_period(period, f"period.{action}", {})], by=by, now=now)
    period.save(update_fields=["state", "seq"])
    return period


def of_period(period: Period, kind: str, body: Mapping[str, object], subject: str = "") -> Happening:
    """An event about a period, which its body names."""
    full = {"period": period.key, **body}
    return Happening(
        kind, full, period.list.government_id, period.list_id, None, subject or f"period:{period.key}"
    )


def _of_obligation(row: Obligation, kind: str, body: Mapping[str, object]) -> Happening:
    full = {"period": row.period.key, "unit": str(row.unit_id), **body}
    task_list = row.period.list
    return Happening(kind, full, task_list.government_id, task_list.pk, row.task_id, f"task:{row.task.key}")


@transaction.atomic
def save_drafts(*, period: Period, unit: int, entries: Sequence[Entry], by: Acting, now: datetime) -> int:
    """Keep what a unit has filled in, nothing sent yet; all or none. Returns how many rows really changed.

    Refused: a closed period, a row of another unit, a row already sent, a draft changed since the editor saw it.
    """
    rows = _open_rows(period, unit, [entry.obligation for entry in entries], by)
    drafts = {
        draft.obligation_id: draft for draft in Draft.objects.select_for_update().filter(obligation__in=rows)
    }
    valued = valued_tasks(row.task_id for row in rows.values())
    changed = 0
    for entry in entries:
        row = rows.get(entry.obligation)
        if row is None:
            raise Invalid(Message("progress.not_yours"))
        draft = drafts.get(row.pk) or Draft(obligation=row, revision=0)
        values = _checked(row, entry, valued=row.task_id in valued)
        if draft.pk and all(getattr(draft, field) == value for field, value in values.items()):
            continue
        if not draft.pk and not any(values.values()):
            continue
        if row.state not in OPEN:
            raise Conflict(Message("progress.sent_already", {"task": row.task.key}))
        if draft.revision != entry.revision:
            raise Conflict(Message("progress.changed_meanwhile", {"task": row.task.key}))
        for field, value in values.items():
            setattr(draft, field, value)
        draft.revision, draft.changed_at, draft.actor = draft.revision + 1, now, by.label
        draft.save()
        changed += 1
    return changed


def _open_rows(period: Period, unit: int, keys: Sequence[int], by: Acting) -> dict[int, Obligation]:
    """The rows of a unit in an open period, locked."""
    if refused := refusal_to_report(by, unit):
        raise NotAllowed(refused)
    state = Period.objects.filter(pk=period.pk).values_list("state", flat=True).get()
    if state != "open":
        raise Conflict(Message("progress.period_closed", named(period.key)))
    found = (
        Obligation.objects.select_for_update(of=("self",))
        .filter(period=period, unit_id=unit, pk__in=keys)
        .select_related("task__assignment", "period__list", "current")
    )
    return {row.pk: row for row in found}


def _checked(row: Obligation, entry: Entry, *, valued: bool) -> dict[str, str | bool]:
    values: dict[str, str | bool] = {"no_change": entry.no_change}
    for field, limit in REPORT_LIMITS.items():
        text = entry.values.get(field, "").strip()
        if len(text) > limit:
            raise Invalid(
                Message("progress.too_long", {"task": row.task.key, "limit": limit, "length": len(text)})
            )
        values[field] = text
    refuse_marked(*(str(value) for value in values.values()))
    refuse_value(row, str(values["value"]), valued=valued)
    if entry.no_change:
        values["progress"] = ""
    return values


@transaction.atomic
def send_sheet(
    *, period: Period, unit: int, channel: str, only: frozenset[int] | None = None, by: Acting, now: datetime
) -> int:
    """Send every row of a unit that has a draft (or the rows of `only`): each draft becomes a report. Returns how many.

    A draft without progress and without “no change” is refused, naming the task; nothing is sent then.
    """
    drafts = list(
        Draft.objects.filter(obligation__period=period, obligation__unit_id=unit).order_by(
            "obligation__task__ordinal"
        )
    )
    drafts = [draft for draft in drafts if only is None or draft.obligation_id in only]
    rows = _open_rows(period, unit, [draft.obligation_id for draft in drafts], by)
    if not drafts:
        raise Invalid(Message("progress.nothing_filled"))
    for draft in drafts:
        if not (draft.no_change or draft.progress):
            raise Invalid(Message("progress.row_is_empty", {"task": rows[draft.obligation_id].task.key}))
    moves = [(rows[draft.obligation_id], draft) for draft in drafts]
    states = [decide(OBLIGATION, row.state, "send") for row, _ in moves]
    made = Report.objects.filter(obligation__in=rows).values_list("obligation").annotate(n=Count("pk"))
    ordinals = dict.fromkeys(rows, 1) | {row: count + 1 for row, count in made.order_by()}
    happenings = [_of_obligation(row, "report.sent", _said(draft, channel)) for row, draft in moves]
    reports = [
        _report(row, draft, ordinals[row.pk], (channel, seq), by=by, now=now)
        for (row, draft), seq in zip(moves, append(happenings, by=by, now=now), strict=True)
    ]
    Report.objects.bulk_create(reports)
    for (row, _), state, report in zip(moves, states, reports, strict=True):
        row.state, row.reason, row.current = state, "", report
        row.sent_on = row.sent_on or timezone.localdate(now)
        row.revision += 1
    Obligation.objects.bulk_update(
        [row for row, _ in moves], ["state", "reason", "current", "sent_on", "revision"]
    )
    Draft.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    return len(reports)


def _said(draft: Draft, channel: str) -> dict[str, object]:
    fields = ("progress", "value", "problem", "next_step")
    return {"channel": channel, "no_change": draft.no_change, **{f: getattr(draft, f) for f in fields}}


def _report(
    row: Obligation, draft: Draft, ordinal: int, sent: tuple[str, int], *, by: Acting, now: datetime
) -> Report:
    channel, seq = sent
    return Report(
        obligation=row,
        ordinal=ordinal,
        no_change=draft.no_change,
        progress=draft.progress,
        value_text=draft.value,
        value=amount(draft.value),
        stage=word_of(draft, Nature(row.task.assignment.nature)),
        problem=draft.problem,
        next_step=draft.next_step,
        on_behalf=by.runs_office,
        channel=channel,
        actor=by.label,
        at=now,
        seq=seq,
    )


@transaction.atomic
def withdraw(*, period: Period, unit: int, rows: Mapping[int, int], by: Acting, now: datetime) -> int:
    """Take back what a unit has sent and nobody has judged yet; what it said is its draft again. Returns how many rows.

    The report stays among the row's reports, and is its current one no longer.

    `rows` maps obligation to the revision seen. The day of sending goes with it: what comes later counts as later.
    """
    found = _open_rows(period, unit, list(rows), by)
    if len(found) != len(rows):
        raise Invalid(Message("progress.not_yours"))
    for row in found.values():
        if row.revision != rows[row.pk]:
            raise Conflict(Message("progress.changed_meanwhile", {"task": row.task.key}))
        row.state, row.sent_on = decide(OBLIGATION, row.state, "withdraw"), None
        row.revision += 1
    drafts = [_taken_back(row, by=by, now=now) for row in found.values()]
    for row in found.values():
        row.current = None
    append([_of_obligation(row, "report.withdraw", {}) for row in found.values()], by=by, now=now)
    Obligation.objects.bulk_update(found.values(), ["state", "current", "sent_on", "revision"])
    Draft.objects.bulk_create(drafts)
    return len(found)


def _taken_back(row: Obligation, *, by: Acting, now: datetime) -> Draft:
    report = row.current
    assert report is not None
    return Draft(
        obligation=row, no_change=report.no_change, progress=report.progress, value=report.value_text,
        problem=report.problem, next_step=report.next_step, changed_at=now, actor=by.label,
    )  # fmt: skip


def check_code(period: Period, unit: int) -> tuple[str, int]:
    """The code printed on the sign-off sheet, and the number of rows it stands for: it follows from the reports sent."""
    sent = list(
        Obligation.objects.filter(period=period, unit_id=unit, current__isnull=False)
        .order_by("pk")
        .values_list("pk", "current_id")
    )
    text = f"{period.pk}/{unit}/" + ",".join(f"{row}:{report}" for row, report in sent)
    return hashlib.sha256(text.encode()).hexdigest()[:8].upper(), len(sent)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature under a unit's sheet: by click, or on paper with its number and, if there is one, its scan."""

    kind: str
    signer: str
    signed_on: date
    number: str = ""
    scan: Scan | None = None
    check_code: str = ""


@transaction.atomic
def sign_off(*, period: Period, unit: int, signature: Signature, by: Acting, now: datetime) -> SignOff:
    """Put the signature under what the unit has sent. Its code must be that of the rows sent now.

    A paper signed before the rows were entered may come without a code, a click may not. The same signature again
    is the one that stands.
    """
    if refused := refusal_to_sign(by, unit, signature.kind):
        raise NotAllowed(refused)
    refuse_sealed(period)
    if not signature.signer.strip():
        raise Invalid(Message("progress.signer_needed"))
    code, rows = check_code(period, unit)
    if not rows:
        raise Conflict(Message("progress.nothing_sent"))
    given = signature.check_code.strip().upper()
    if (given or signature.kind == "click") and given != code:
        raise Conflict(Message("progress.other_code"))
    scan = keep_scan(signature.scan, now=now) if signature.scan else None
    newest = SignOff.objects.filter(period=period, unit_id=unit).order_by("seq").last()
    if newest is not None and _is_again(newest, signature, code) and newest.scan == scan:
        return newest
    body = {
        "unit": str(unit), "kind": signature.kind, "signer": signature.signer, "rows": rows, "code": code,
        "on": signature.signed_on.isoformat(), "number": signature.number, "scan": scan.pk if scan else "",
    }  # fmt: skip
    [seq] = append([of_period(period, "sheet.signed", body, f"unit:{unit}")], by=by, now=now)
    return SignOff.objects.create(
        period=period, unit_id=unit, kind=signature.kind, signer=signature.signer, signed_on=signature.signed_on,
        number=signature.number, scan=scan, check_code=code, rows=rows, actor=by.label, at=now, seq=seq,
    )  # fmt: skip


def _is_again(row: SignOff, signature: Signature, code: str) -> bool:
    """Whether a signature stands already: the same person, day and number under the same rows."""
    stands = (row.kind, row.signer, row.signed_on, row.number, row.check_code)
    return stands == (signature.kind, signature.signer, signature.signed_on, signature.number, code)


@transaction.atomic
def review(
    *, period: Period, rows: Mapping[int, int], action: str, reason: str = "", by: Acting, now: datetime
) -> int:
    """Accept or return reports, exempt a row, or take any of this back: `rows` maps obligation to the revision seen.

    All or none; a return, a reopening and an exemption need their reason. Returns how many rows moved.
    """
    if refused := refusal_to_run_periods(by):
        raise NotAllowed(refused)
    refuse_sealed(period)
    if action in REASONED and not reason.strip():
        raise Invalid(Message("progress.reason_needed"))
    found = list(
        Obligation.objects.select_for_update(of=("self",))
        .filter(period=period, pk__in=rows)
        .select_related("task", "period__list")
    )
    if len(found) != len(rows):
        raise Invalid(Message("progress.not_yours"))
    for row in found:
        if row.revision != rows[row.pk]:
            raise Conflict(Message("progress.reviewed_meanwhile", {"task": row.task.key}))
        row.state = decide(OBLIGATION, row.state, action)
        row.reason = reason.strip()[:200] if action in REASONED else ""
        row.revision += 1
    append([_of_obligation(row, f"report.{action}", {"reason": reason}) for row in found], by=by, now=now)
    Obligation.objects.bulk_update(found, ["state", "reason", "revision"], batch_size=500)
    return len(found)
