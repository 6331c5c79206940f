"""问题台账: what waits for whose help, settled and closed by the office; and the register of 请示, 报告 and 批示."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duban.coordination.models import LEVELS, PAPER_KINDS, PROBLEM_STATES, Problem, UpwardPaper
from duban.coordination.operations import (
    PaperEntry,
    correct_paper,
    register_paper,
    settle_problem,
    take_up_problems,
    void_paper,
)
from duban.coordination.policies import refusal_to_correct, refusal_to_keep_ledger, refusal_to_register
from duban.coordination.queries import (
    LetterRow,
    ProblemFilters,
    helpers_of,
    letter_rows,
    open_requests,
    problem_counts,
    problems_shown,
    units_with_problems,
)
from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.progress.queries import newest_period
from duban.register.models import Task, TaskList
from duban.web.dividing import items_shown
from duban.web.exporting import page_size
from duban.web.forms_papers import LetterForm, ProblemFilterForm, SettleForm
from duban.web.office import back_to, done
from duban.web.paging import paged
from duban.web.paper_pages import answer, typed_into
from duban.web.request import Request, number
from duban.web.shown import seen_list
from duban.web.templatetags.standing import LEVELS as LEVEL_WORDS
from duban.web.templatetags.standing import PAPER_KINDS as KIND_WORDS
from duban.web.templatetags.standing import PROBLEM_STATES as STATE_WORDS
from duban.web.templatetags.year_words import pair


@require_safe
def problems(request: Request, list_key: str) -> HttpResponse:
    """The problem ledger of a list as this post sees it, open lines first."""
    return _problems(request, seen_list(request, list_key))


def _problems(
    request: Request, chosen: TaskList, refused: DomainError | None = None, at: int | None = None
) -> HttpResponse:
    filters, page_number = _filters(request)
    page, rows = paged(
        problems_shown(chosen.pk, request.acting, filters), page_number, size=page_size(request)
    )
    keeps = refusal_to_keep_ledger(request.acting) is None
    context = {
        "list": chosen,
        "figures": problem_counts(chosen.pk, request.acting),
        "rows": rows.select_related("task__current", "unit"),
        "page": page,
        "filters": filters,
        "units": units_with_problems(chosen.pk, request.acting),
        "levels": [(name, pair(LEVEL_WORDS[name])) for name in LEVELS],
        "states": [(name, pair(STATE_WORDS[name])) for name in PROBLEM_STATES],
        "keeps": keeps,
        "helpers": helpers_of(chosen.pk) if keeps else [],
        "period": newest_period(chosen.pk) if keeps else None,
        "at": at,
        "typed": typed_into(request, SettleForm),
        "today": timezone.localdate(),
    }
    return answer(request, "problems/list.html", context, refused)


def _filters(request: Request) -> tuple[ProblemFilters, int | None]:
    form = ProblemFilterForm(request.GET)
    form.is_valid()
    values = form.cleaned_data
    filters = ProblemFilters(values.get("state") or "", values.get("level") or "", values.get("unit"))
    return filters, values.get("page")


@require_POST
def settle(request: Request, list_key: str, problem_id: int) -> HttpResponse:
    """Write down who must help and at which level, or close the line with its result (销号)."""
    chosen = seen_list(request, list_key)
    seen = Problem.objects.visible_to(request.acting).filter(task__list=chosen)
    problem = get_object_or_404(seen, pk=problem_id)
    if not_mine := refusal_to_keep_ledger(request.acting):
        raise NotAllowed(not_mine)
    try:
        revision, settling = SettleForm(request.POST).settling()
        act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
        settle_problem(problem=problem, revision=revision, settling=settling, **act)
    except (Conflict, Invalid) as refused:
        return _problems(request, chosen, refused, at=problem.pk)
    code = "settled" if settling.state == "open" else "closed_problem"
    return done(back_to(request, "problems", list_key), code)


@require_POST
def take(request: Request, list_key: str) -> HttpResponse:
    """Put the problems named in the accepted reports of the newest period into the ledger."""
    chosen = seen_list(request, list_key)
    if refused := refusal_to_keep_ledger(request.acting):
        raise NotAllowed(refused)
    period = newest_period(chosen.pk)
    taken = take_up_problems(period=period, by=request.acting, now=timezone.now()) if period else 0
    return done(reverse("problems", args=[list_key]), "taken", taken)


@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: Request, list_key: str) -> HttpResponse:
    """请示, 报告 and 批示 by number with their clocks; POST registers one."""
    chosen = seen_list(request, list_key)
    if not (request.acting.sees_whole_government or request.acting.runs_office):
        raise NotAllowed(Message("letters.office_reads"))
    if request.method != "POST":
        return letters_page(request, chosen)
    if not_mine := refusal_to_register(request.acting):
        raise NotAllowed(not_mine)
    try:
        act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
        register_paper(task_list=chosen, entry=_entry(request, chosen), **act)
    except (Conflict, Invalid) as refused:
        return letters_page(request, chosen, refused)
    return done(reverse("letters", args=[list_key]), "registered")


@require_POST
def letter(request: Request, list_key: str, paper_id: int) -> HttpResponse:
    """更正 or 作废 of one registered paper."""
    chosen = seen_list(request, list_key)
    if not_mine := refusal_to_correct(request.acting):
        raise NotAllowed(not_mine)
    paper = get_object_or_404(UpwardPaper, list=chosen, pk=paper_id)
    act: dict[str, Any] = {"revision": number(request.POST.get("revision", "")), "by": request.acting}
    try:
        if request.POST.get("do") == "void":
            reason = request.POST.get("reason", "")
            void_paper(paper=paper, reason=reason, **act, now=timezone.now())
            return done(back_to(request, "letters", list_key), "voided")
        row = correct_paper(paper=paper, entry=_entry(request, chosen, paper), **act, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return letters_page(request, chosen, refused, at=paper.pk)
    code = "same" if row.revision == act["revision"] else "corrected"
    return done(back_to(request, "letters", list_key), code)


def _entry(request: Request, chosen: TaskList, paper: UpwardPaper | None = None) -> PaperEntry:
    """What was typed, for a new paper or for a known one, which keeps its kind and may keep the request it answers."""
    form = LetterForm({**request.POST.dict(), "kind": paper.kind} if paper else request.POST)
    values = form.values()
    key, answers = values.pop("task"), values.pop("answers")
    task = Task.objects.visible_to(request.acting).filter(list=chosen, current__number=key).first()
    if key and task is None:
        raise Invalid(Message("letters.no_such_task", {"number": key}))
    waiting = Q(done_on__isnull=True, void_on__isnull=True) | Q(pk=paper.answers_id if paper else None)
    asked = UpwardPaper.objects.filter(waiting, list=chosen, kind="request")
    request_paper = asked.filter(pk=answers).first() if answers else None
    if answers and (request_paper is None or values["kind"] != "instruction"):
        raise Invalid(Message("letters.no_such_request"))
    return PaperEntry(**values, task=task, answers=request_paper)


def letters_page(
    request: Request, chosen: TaskList, refused: DomainError | None = None, at: int | None = None, **kept: Any
) -> HttpResponse:
    """The register of papers; `at` is the one whose correction was refused, `kept` what was typed about items."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in PAPER_KINDS else ""
    today = timezone.localdate()
    rows = letter_rows(chosen.pk, "", today)
    items = items_shown(request, chosen, rows, today)
    typed = typed_into(request, LetterForm)
    again = refused and at is None and not kept
    context = {
        "list": chosen,
        "rows": [row for row in rows if row.pk in items["listed"] and kind in ("", row.kind)],
        **_figures(rows),
        "kind": kind,
        **_may(request, chosen),
        "at": at,
        "typed": typed,
        "fresh": typed if again else dict.fromkeys(typed, "") | {"dated": today.isoformat()},
        "reason": request.POST.get("reason", ""),
    }
    return answer(request, "problems/letters.html", {**context, **items, **kept}, refused)


def _may(request: Request, chosen: TaskList) -> dict[str, Any]:
    """What this post may do with papers, and what its forms offer."""
    return {
        "kinds": [(name, pair(KIND_WORDS[name])) for name in PAPER_KINDS],
        "requests": open_requests(chosen.pk),
        "registers": refusal_to_register(request.acting) is None,
        "corrects": refusal_to_correct(request.acting) is None,
    }


def _figures(rows: Sequence[LetterRow]) -> dict[str, int]:
    """The figures of the first line; what was struck out counts apart."""
    return {
        "total": sum(row.void_on is None for row in rows),
        "running": sum(row.days is not None for row in rows),
        "late": sum(row.days is not None and row.days < 0 for row in rows),
        "void": sum(row.void_on is not None for row in rows),
    }
