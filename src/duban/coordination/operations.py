"""Changing the problem ledger and the register of papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from duban.coordination.models import LEVELS, PAPER_KINDS, Problem, UpwardPaper
from duban.coordination.policies import refusal_to_keep_ledger, refusal_to_register
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.history.operations import Happening, append
from duban.progress.models import Period, Report
from duban.register.models import Task, TaskList


@transaction.atomic
def take_up_problems(*, period: Period, by: Acting, now: datetime) -> int:
    """Put every problem that a report of the period names into the ledger; a report is taken up once. Returns how many."""
    if refused := refusal_to_keep_ledger(by):
        raise NotAllowed(refused)
    reports = list(
        Report.objects.filter(
            obligation__period=period, problem_row__isnull=True, obligation__state="accepted"
        )
        .exclude(problem="")
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
    if entry.kind not in PAPER_KINDS or not entry.number.strip() or not entry.subject.strip():
        raise Invalid(Message("coordination.paper_incomplete"))
    if entry.kind == "report" and entry.due_on:
        raise Invalid(Message("coordination.report_has_no_clock"))
    if UpwardPaper.objects.filter(list=task_list, kind=entry.kind, number=entry.number).exists():
        raise Conflict(Message("coordination.paper_known", {"number": entry.number}))
    body = {"kind": entry.kind, "number": entry.number, "subject": entry.subject}
    task = entry.task.pk if entry.task else None
    [seq] = append(
        [Happening("paper.registered", body, task_list.government_id, task_list.pk, task, entry.number)],
        by=by,
        now=now,
    )
    if entry.answers:
        UpwardPaper.objects.filter(pk=entry.answers.pk, done_on__isnull=True).update(
            done_on=entry.dated, result=f"{entry.number}"
        )
    return UpwardPaper.objects.create(
        list=task_list, kind=entry.kind, number=entry.number, dated=entry.dated, sender=entry.sender,
        subject=entry.subject, task=entry.task, answers=entry.answers, due_on=entry.due_on, seq=seq,
    )  # fmt: skip
