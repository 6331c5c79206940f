"""Changing the problem ledger and the register of papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from duban.coordination.models import LEVELS, PAPER_KINDS, InstructionItem, Problem, UpwardPaper
from duban.coordination.policies import refusal_to_correct, refusal_to_keep_ledger, refusal_to_register
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.history.operations import Happening, append
from duban.progress.models import Period, Report
from duban.register.models import Task, TaskList


@transaction.atomic
def take_up_problems(*, period: Period, by: Acting, now: datetime) -> int:
    """Put every problem that a report of the period names into the ledger. Returns how many lines were added.

    A report is taken up once, and a problem that the unit names again while its line is open adds none.
    """
    if refused := refusal_to_keep_ledger(by):
        raise NotAllowed(refused)
    same = Problem.objects.filter(
        state="open",
        task=OuterRef("obligation__task"),
        unit=OuterRef("obligation__unit"),
        text=OuterRef("problem"),
    )
    reports = list(
        Report.objects.filter(
            obligation__period=period, problem_row__isnull=True, obligation__state="accepted"
        )
        .exclude(problem="")
        .exclude(Exists(same))
        .select_related("obligation__task")
        .order_by("pk")
    )
    happenings = [
        Happening(
            "problem.raised", {"problem": report.problem, "period": period.key}, by.government, period.list_id,
            report.obligation.task_id, f"task:{report.obligation.task.key}",
        )
        for report in reports
    ]  # fmt: skip
    Problem.objects.bulk_create(
        [
            Problem(
                task_id=report.obligation.task_id, unit_id=report.obligation.unit_id, report=report,
                text=report.problem, raised_on=timezone.localdate(report.at), seq=seq,
            )
            for report, seq in zip(reports, append(happenings, by=by, now=now), strict=True)
        ]
    )  # fmt: skip
    return len(reports)


@dataclass(frozen=True, slots=True)
class Settling:
    """What the office says of a problem: its cause, who must help and at which level, and its result once it is over."""

    cause: str = ""
    helper: str = ""
    level: str = "office"
    state: str = "open"
    result: str = ""


@transaction.atomic
def settle_problem(
    *, problem: Problem, revision: int, settling: Settling, by: Acting, now: datetime
) -> Problem:
    """Write down who must help, or close the line (销号) with its result."""
    if refused := refusal_to_keep_ledger(by):
        raise NotAllowed(refused)
    row = Problem.objects.select_for_update(of=("self",)).select_related("task").get(pk=problem.pk)
    if row.revision != revision:
        raise Conflict(Message("coordination.changed_meanwhile"))
    if settling.level not in LEVELS:
        raise Invalid(Message("coordination.no_such_level"))
    if settling.state != "open" and not settling.result.strip():
        raise Invalid(Message("coordination.result_needed"))
    row.cause, row.helper, row.level = settling.cause[:200], settling.helper[:120], settling.level
    row.state, row.result = settling.state, settling.result.strip()[:300]
    row.closed_on = None if settling.state == "open" else timezone.localdate(now)
    row.revision += 1
    body = {"state": row.state, "level": row.level, "helper": row.helper, "result": row.result}
    body["row"] = f"problem:{row.pk}"
    happening = Happening(
        "problem.settled", body, by.government, row.task.list_id, row.task_id, f"task:{row.task.key}"
    )
    [row.seq] = append([happening], by=by, now=now)
    row.save()
    return row


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A paper to register: 请示 (request), 报告 (report) or 批示 (instruction), by its own number and date."""

    kind: str
    number: str
    dated: date
    sender: str
    subject: str
    task: Task | None = None
    answers: UpwardPaper | None = None
    due_on: date | None = None


@transaction.atomic
def register_paper(*, task_list: TaskList, entry: PaperEntry, by: Acting, now: datetime) -> UpwardPaper:
    """Register a paper; a 报告 carries no question and gets no clock, an instruction to a request stops its clock."""
    if refused := refusal_to_register(by):
        raise NotAllowed(refused)
    _check(task_list.pk, entry)
    body = {"kind": entry.kind, "number": entry.number, "subject": entry.subject}
    task = entry.task.pk if entry.task else None
    happening = Happening("paper.registered", body, task_list.government_id, task_list.pk, task, entry.number)
    [seq] = append([happening], by=by, now=now)
    paper = UpwardPaper.objects.create(
        list=task_list, kind=entry.kind, number=entry.number, dated=entry.dated, sender=entry.sender,
        subject=entry.subject, task=entry.task, answers=entry.answers, due_on=entry.due_on, seq=seq,
    )  # fmt: skip
    _keep_clocks(paper.answers_id)
    return paper


def _check(task_list: int, entry: PaperEntry, known: int = 0) -> None:
    """What holds for every paper of a list, one already `known` or new."""
    if entry.kind not in PAPER_KINDS or not entry.number.strip() or not entry.subject.strip():
        raise Invalid(Message("coordination.paper_incomplete"))
    if entry.kind == "report" and entry.due_on:
        raise Invalid(Message("coordination.report_has_no_clock"))
    if entry.due_on and entry.due_on <= entry.dated:
        raise Invalid(Message("coordination.due_before_dated"))
    same = UpwardPaper.objects.in_force().filter(list=task_list, kind=entry.kind, number=entry.number)
    if same.exclude(pk=known).exists():
        raise Conflict(Message("coordination.paper_known", {"number": entry.number}))


def _keep_clocks(*requests: int | None) -> None:
    """The clock of a request stops with the first answer to it that is in force, and runs while there is none."""
    for request in filter(None, requests):
        first = UpwardPaper.objects.in_force().filter(answers=request).order_by("pk").first()
        UpwardPaper.objects.filter(pk=request).update(
            done_on=first.dated if first else None, result=first.number if first else ""
        )


@transaction.atomic
def correct_paper(
    *, paper: UpwardPaper, revision: int, entry: PaperEntry, by: Acting, now: datetime
) -> UpwardPaper:
    """更正: write the fields of a registered paper anew; its event keeps the old values beside the new ones.

    The items of an instruction go along to another task.

    Refused: another kind (strike the paper out and register it again), an older revision, a paper struck out. Nothing
    is recorded where nothing changed.
    """
    row = _standing_paper(paper, revision, by)
    if entry.kind != row.kind:
        raise Invalid(Message("coordination.kind_stays"))
    _check(row.list_id, entry, known=row.pk)
    before, answered, task = _spoken(row), row.answers_id, row.task_id
    row.number, row.dated, row.sender, row.subject = entry.number, entry.dated, entry.sender, entry.subject
    row.task, row.answers, row.due_on = entry.task, entry.answers, entry.due_on
    after = _spoken(row)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return row
    body = {
        "number": before["number"],
        "change": "；".join(f"{before[name] or '–'} → {after[name] or '–'}" for name in changed),
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }
    _keep_paper(row, "paper.corrected", body, task=row.task_id or task, by=by, now=now)
    _keep_clocks(answered, row.answers_id)
    InstructionItem.objects.filter(paper=row).update(task=row.task_id)
    return row


@transaction.atomic
def void_paper(*, paper: UpwardPaper, revision: int, reason: str, by: Acting, now: datetime) -> UpwardPaper:
    """作废: strike out a paper with its reason; a request that it answered runs again.

    Refused: no reason, an older revision, a paper struck out already.
    """
    row = _standing_paper(paper, revision, by)
    if not reason.strip():
        raise Invalid(Message("coordination.void_reason_needed"))
    row.void_on, row.void_reason = timezone.localdate(now), reason.strip()[:200]
    body = {"number": row.number, "subject": row.subject, "reason": row.void_reason}
    _keep_paper(row, "paper.voided", body, task=row.task_id, by=by, now=now)
    _keep_clocks(row.answers_id)
    return row


def _standing_paper(paper: UpwardPaper, revision: int, by: Acting) -> UpwardPaper:
    """The paper under lock, for somebody who may correct it and saw it as it is."""
    if refused := refusal_to_correct(by):
        raise NotAllowed(refused)
    rows = UpwardPaper.objects.select_for_update(of=("self",)).select_related("list", "task", "answers")
    row = rows.get(pk=paper.pk)
    if row.void_on is not None:
        raise Conflict(Message("coordination.paper_void", {"number": row.number}))
    if row.revision != revision:
        raise Conflict(Message("coordination.changed_meanwhile"))
    return row


def _spoken(row: UpwardPaper) -> dict[str, str]:
    """The fields that can be corrected, as text."""
    return {
        "number": row.number,
        "dated": row.dated.isoformat(),
        "sender": row.sender,
        "subject": row.subject,
        "task": row.task.key if row.task else "",
        "answers": row.answers.number if row.answers else "",
        "due_on": row.due_on.isoformat() if row.due_on else "",
    }


def _keep_paper(
    row: UpwardPaper, kind: str, body: dict[str, Any], *, task: int | None, by: Acting, now: datetime
) -> None:
    happening = Happening(kind, body, row.list.government_id, row.list_id, task, row.number)
    [row.seq] = append([happening], by=by, now=now)
    row.revision += 1
    row.save()
