"""What refines and changes a task: 完成标准 of sub-items, 区县分解, 单项调整 with its requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duban.directory.models import Unit
from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.posts import POST_LABELS, Acting
from duban.plans import adjustment, refinement
from duban.plans.adjustment import APPROVERS, ASKABLE, Approval
from duban.plans.models import Adjustment, ChangeRequest
from duban.plans.models_refinement import (
    ADJUSTMENT_KINDS,
    CONTRACT_STATES,
    MOVES,
    REQUEST_STATES,
    STATES,
    STILL_TO_PROPOSE,
)
from duban.plans.people import contacts_of
from duban.plans.policies import refusal_to_fill
from duban.progress.handover import adjust_and_hand_over
from duban.register.models import Clause, Responsibility, Task, TaskList
from duban.shared.statuses import status_of
from duban.web.exporting import page_or_workbook, page_size
from duban.web.forms_refinement import (
    NONE,
    AdjustForm,
    ChangesFilterForm,
    ContractFilterForm,
    contract_edits,
    fresh_contracts,
    share_edits,
    share_lines,
    typed_contracts,
    wish_of,
)
from duban.web.office import MOST, back_to, done, needed, office_list, query_without
from duban.web.paging import paged
from duban.web.request import Request, number
from duban.web.shown import list_of
from duban.web.templatetags.refinement_words import BASES, change_kind, change_word, contract_word
from duban.web.templatetags.year_words import pair

TICKED: Final = ("proposed", "agreed")  # agreed ones too: they may be opened again
FIELDS: Final = (*AdjustForm.base_fields, "progress", "asked_on")
DONE: Final[dict[str, str | Promise]] = {
    "proposed": _("已提出 {n} 个分项的完成标准。"),
    "agreed": _("已审定 {n} 个分项的完成标准。"),
    "returned": _("已退回 {n} 个分项的完成标准。"),
    "shared": _("已保存 {n} 个区县的分解数。"),
    "unchanged": _("没有改动，未作保存。"),
    "adjusted": _("已登记调整，原来的内容保留在下面。"),
    "asked": _("已提出申请，等待答复。"),
    "refused": _("已答复：不同意调整。"),
}


def _answer(
    request: Request, template: str, context: dict[str, Any], refused: DomainError | None = None
) -> HttpResponse:
    """A page; with the sentence of a refusal on top and its status, or with what was just done."""
    sentence, count = DONE.get(request.GET.get("done", "")), number(request.GET.get("n", "0"))
    said = "" if refused or sentence is None or count > MOST else str(sentence).format(n=count)
    more = {
        "refused": refused.message if refused else None,
        "said": said,
        "query": query_without(request, "page", "done", "n"),
        "given_reason": request.POST.get("reason", ""),
    }
    return page_or_workbook(request, template, {**context, **more}, status_of(refused) if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contracts(request: Request, list_key: str) -> HttpResponse:
    """完成标准: for the office all of a list by state, for a unit those it leads, to be filled in; POST proposes."""
    list_of(request, list_key)
    filling = _filling(request)
    if request.method != "POST":
        return _contracts(request, filling)
    unit = filling or request.acting.unit or 0
    if refused := refusal_to_fill(request.acting, unit):
        raise NotAllowed(refused)
    rows = refinement.contract_rows(_candidates(request, unit))
    task_list = TaskList.objects.get(pk=request.shown_list.pk)
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    try:
        edits = contract_edits(request.POST, rows)
        made = refinement.propose_contracts(task_list=task_list, unit=unit, edits=edits, **act)
    except (Conflict, Invalid) as problem:
        return _contracts(request, filling, problem)
    return done(back_to(request, "contracts", list_key), "proposed" if made else "unchanged", made)


def _filling(request: Request) -> int:
    """The unit whose contracts are filled in: one's own, or one that is entered for (a predecessor, by the office any); else 0."""
    asked = ContractFilterForm(request.GET).clean_values.get("fill") or 0
    if asked and not refusal_to_fill(request.acting, asked):
        return asked
    return (request.acting.unit or 0) if request.acting.sees_own_unit else 0


def _candidates(request: Request, lead: int = 0) -> QuerySet[Clause]:
    seen = Task.objects.visible_to(request.acting).filter(list=request.shown_list.pk)
    found = refinement.contract_candidates(request.shown_list.pk).filter(version__task__in=seen)
    return found.filter(version__task__assignment__lead=lead) if lead else found


def _contracts(request: Request, filling: int, refused: DomainError | None = None) -> HttpResponse:
    filters = ContractFilterForm(request.GET).clean_values
    state, unit = filters.get("state") or "", filters.get("unit") or 0
    found = _candidates(request, filling or unit)
    counts = _counted(found)
    if state:
        found = found.filter(contract__isnull=True) if state == NONE else found.filter(contract__state=state)
    page, shown = paged(found, filters.get("page") or 1, size=page_size(request))
    typed = refused is not None and filling
    rows = refinement.contract_rows(_candidates(request, filling) if typed else shown)
    context = {
        **_for_office(request, found, rows, filling),
        "list": request.shown_list,
        "counts": counts,
        "states": [(NONE, contract_word("")), *((name, contract_word(name)) for name in CONTRACT_STATES)],
        "state": state,
        "unit": unit,
        "page": page,
        "lines": typed_contracts(request.POST, rows) if typed else fresh_contracts(rows),
        "fill_query": f"fill={filling}" if filling not in (0, request.acting.unit) else "",
        "filling": Unit.objects.filter(pk=filling).first() if filling else None,
    }
    return _answer(request, f"refinement/contracts{'_fill' if filling else ''}.html", context, refused)


def _for_office(
    request: Request, found: QuerySet[Clause], rows: Sequence[refinement.ContractRow], filling: int
) -> dict[str, Any]:
    """What the page of the whole list shows besides its rows: what can be ticked, how many leads are asked, whom to call."""
    decides = request.acting.runs_office
    asks = decides and not filling
    waiting = found.filter(STILL_TO_PROPOSE).order_by().values("version__task__assignment__lead")
    return {
        "decides": decides,
        "units": [] if filling else _leads(request),
        "picked": request.POST.getlist("pick"),
        "proposed": any(row.state for row in rows),
        "tickable": decides and any(row.state in TICKED for row in rows),
        "leads_asked": waiting.distinct().count() if asks else 0,
        "contacts": contacts_of(request.shown_list.pk, timezone.localdate()) if asks else {},
    }


def _counted(found: QuerySet[Clause]) -> dict[str, int]:
    """How many sub-items there are, and how many in each state; `none` for those not yet proposed."""
    states = {name: Count("pk", filter=Q(contract__state=name)) for name in CONTRACT_STATES}
    none = Count("pk", filter=Q(contract__isnull=True))
    return found.order_by().aggregate(total=Count("pk"), none=none, **states)


def _leads(request: Request) -> list[tuple[int, str]]:
    """The units that lead a task with sub-items to agree on, for the filter."""
    leads = _candidates(request).order_by().values("version__task__assignment__lead")
    return list(Unit.objects.filter(pk__in=leads).order_by("position").values_list("pk", "name"))


@require_POST
def decide(request: Request, list_key: str) -> HttpResponse:
    """The office agrees to the ticked contracts, or returns them with a reason."""
    task_list = office_list(request, list_key)
    action = "return" if request.POST.get("do") == "return" else "agree"
    act: dict[str, Any] = {"action": action, "reason": request.POST.get("reason", ""), "by": request.acting}
    try:
        rows = needed(_picked(request))
        moved = refinement.decide_contracts(task_list=task_list, rows=rows, now=timezone.now(), **act)
    except (Conflict, Invalid) as refused:
        return _contracts(request, 0, refused)
    code = {"agree": "agreed", "return": "returned"}[action]
    return done(back_to(request, "contracts", list_key), code, moved)


def _picked(request: Request) -> dict[int, int]:
    """The ticked sub-items with the revision that the page showed, posted as `12:3`."""
    pairs = (raw.partition(":") for raw in request.POST.getlist("pick"))
    return {number(clause): number(revision) for clause, _, revision in pairs if number(clause)}


def _task(request: Request, list_key: str, task_key: str) -> Task:
    """A task that this post sees, its list kept for the frame; 404 otherwise."""
    list_of(request, list_key)
    tasks = Task.objects.visible_to(request.acting).select_related("list", "current", "assignment__lead")
    return get_object_or_404(tasks, list__key=list_key, key=task_key)


@require_http_methods(["GET", "HEAD", "POST"])
def shares(request: Request, list_key: str, task_key: str) -> HttpResponse:
    """区县分解 of a task: whoever sees the task may look, its lead and the office fill it in."""
    task = _task(request, list_key, task_key)
    if request.method != "POST":
        return _shares(request, task)
    if refused := refinement.refusal_to_share(request.acting, _lead(task)):
        raise NotAllowed(refused)
    table = refinement.share_table(task)
    try:
        edits = share_edits(request.POST, table.rows, table.headline)
        saved = refinement.share_out(task=task, edits=edits, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as problem:
        return _shares(request, task, problem)
    here = reverse("shares", args=[list_key, task_key])
    return done(here, "shared" if saved else "unchanged", saved)


def _lead(task: Task) -> int | None:
    return task.assignment.lead_id if hasattr(task, "assignment") else None


def _shares(request: Request, task: Task, refused: DomainError | None = None) -> HttpResponse:
    table = refinement.share_table(task)
    lead = _lead(task)
    context = {
        "list": request.shown_list,
        "task": task,
        "table": table,
        "lines": share_lines(table.rows, request.POST if refused else None),
        "enough": len(table.rows) >= refinement.FEWEST_DISTRICTS,
        "given": sum(row.value is not None for row in table.rows),
        "fills": refinement.refusal_to_share(request.acting, lead) is None,
        "on_behalf": request.acting.runs_office,
    }
    return _answer(request, "refinement/shares.html", context, refused)


@require_http_methods(["GET", "HEAD", "POST"])
def adjusting(request: Request, list_key: str, task_key: str) -> HttpResponse:
    """单项调整 of a task: what was changed so far, what is asked for; POST changes it on its basis document."""
    task = _task(request, list_key, task_key)
    if request.method != "POST":
        return _adjusting(request, task)
    refusal = adjustment.refusal_to_adjust(request.acting, Approval("click"), 1)
    if refusal and not adjustment.may_open_adjusting(request.acting):
        raise NotAllowed(refusal)
    form = AdjustForm(request.POST)
    asked = task.change_requests.filter(pk=number(request.POST.get("request", ""))).first()
    act: dict[str, Any] = {"request": asked, "by": request.acting, "now": timezone.now()}
    try:
        given: dict[str, Any] = {"change": form.change(), "basis": form.basis(), "approval": form.approval()}
        adjust_and_hand_over(task=task, **given, **act)
    except (Conflict, Invalid) as refused:
        return _adjusting(request, task, refused)
    return done(reverse("adjust", args=[list_key, task_key]), "adjusted", 1)


@require_POST
def asking(request: Request, list_key: str, task_key: str) -> HttpResponse:
    """The lead asks for a change of its task; the office enters its paper."""
    task = _task(request, list_key, task_key)
    unit = _asking_unit(request.acting, _lead(task)) or 0
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    try:
        adjustment.ask(task=task, unit=unit, wish=wish_of(request.POST), **act)
    except (Conflict, Invalid) as refused:
        return _adjusting(request, task, refused)
    return done(reverse("adjust", args=[list_key, task_key]), "asked", 1)


def _asking_unit(acting: Acting, lead: int | None) -> int | None:
    """In whose name a post asks: the lead's where it answers for the lead or enters its paper, else its own unit's."""
    return lead if acting.runs_office or acting.answers(lead) else acting.unit


def _adjusting(request: Request, task: Task, refused: DomainError | None = None) -> HttpResponse:
    now = adjustment.current_values(task)
    rows = list(Adjustment.objects.filter(task=task).order_by("seq"))
    asked = list(ChangeRequest.objects.visible_to(request.acting).filter(task=task).order_by("-seq"))
    wanted = adjustment.wanted_words(asked)
    chosen = next((row for row in asked if str(row.pk) == _typed(request, "request")), None)
    kind, office = _kind(request, chosen, now["state"]), adjustment.may_open_adjusting(request.acting)
    context = {
        "list": request.shown_list,
        "task": task,
        "lead": task.assignment.lead if hasattr(task, "assignment") else None,
        "now": now,
        "rows": rows,
        "kept": adjustment.kept_values(task, rows),
        "asked": [(row, wanted[row.pk]) for row in asked],
        "chosen": chosen,
        "kind": kind,
        "pause": kind in STATES,
        "seen": now["state" if kind in STATES else kind],
        "kinds": [(name, change_kind(name)) for name in _possible(now["state"]) if office or name in ASKABLE],
        "typed": _filled(request, chosen),
        **_rights(request, task, kind),
    }
    return _answer(request, "refinement/adjust.html", context, refused)


def _typed(request: Request, name: str) -> str:
    return request.POST.get(name, "") or request.GET.get(name, "")


def _possible(state: str) -> list[str]:
    return [kind for kind in ADJUSTMENT_KINDS if kind not in STATES or (state, kind) in MOVES]


def _kind(request: Request, chosen: ChangeRequest | None, state: str) -> str:
    """What the page is about: what was typed, the request at hand, what the address says, else the time limit."""
    wanted = request.POST.get("kind") or (chosen.kind if chosen else request.GET.get("kind", ""))
    return wanted if wanted in _possible(state) else "deadline"


def _filled(request: Request, chosen: ChangeRequest | None) -> dict[str, Any]:
    """What stands in the fields: what was typed, else what the request at hand asks for."""
    blank = dict.fromkeys(FIELDS, "")
    if request.method == "POST":
        return blank | request.POST.dict()
    return blank | ({"value": chosen.wanted, "reason": chosen.reason} if chosen else {})


def _rights(request: Request, task: Task, kind: str) -> dict[str, Any]:
    """Which forms and buttons of the page this post may use, and why not; what their selects offer."""
    acting, lead = request.acting, _lead(task)
    times = adjustment.extensions_of(task) + 1 if kind == "deadline" else 0
    unit = _asking_unit(acting, lead)
    issued = hasattr(task, "assignment") and task.assignment.issued_at is not None
    asks = kind in ASKABLE and unit is not None and not adjustment.refusal_to_ask(acting, unit, lead)
    parts = Responsibility.objects.filter(task=task).order_by("ordinal")
    roles = adjustment.HIGHER if times > 1 else APPROVERS
    return {
        "issued": issued,
        "adjusts": issued and adjustment.may_open_adjusting(acting),
        "asks": issued and asks,
        "click_refused": adjustment.refusal_to_adjust(acting, Approval("click"), times),
        "registers": acting.runs_office,
        "times": times,
        "parts": list(parts.values_list("unit_id", "unit__name")) if kind == "lead" else [],
        "bases": [(name, pair(words)) for name, words in BASES.items()],
        "roles": [(role.value, pair(words)) for role, words in POST_LABELS.items() if role in roles],
    }


@require_safe
def changes(request: Request, list_key: str) -> HttpResponse:
    """调整申请 of a list by state: for the office all, for a unit its own."""
    list_of(request, list_key)
    return _changes(request)


def _changes(request: Request, refused: DomainError | None = None) -> HttpResponse:
    filters = ChangesFilterForm(request.GET).clean_values
    state = filters.get("state") or ""
    seen = ChangeRequest.objects.visible_to(request.acting).filter(task__list=request.shown_list.pk)
    found = seen.filter(state=state) if state else seen
    page, shown = paged(found.order_by("-seq"), filters.get("page") or 1, size=page_size(request))
    rows = list(shown.select_related("task__current", "task__assignment", "unit"))
    wanted = adjustment.wanted_words(rows)
    context = {
        "list": request.shown_list,
        "counts": {name: seen.filter(state=name).count() for name in REQUEST_STATES},
        "states": [(name, change_word(name)) for name in REQUEST_STATES],
        "state": state,
        "page": page,
        "rows": [(row, wanted[row.pk]) for row in rows],
        "decides": adjustment.may_open_adjusting(request.acting),
        "answer": request.POST.get("answer", ""),
    }
    return _answer(request, "refinement/changes.html", context, refused)


@require_POST
def refuse(request: Request, list_key: str, number: int) -> HttpResponse:
    """不同意 a request, with the reason."""
    list_of(request, list_key)
    seen = ChangeRequest.objects.visible_to(request.acting).filter(task__list=request.shown_list.pk)
    asked = get_object_or_404(seen, pk=number)
    given: dict[str, Any] = {"revision": _revision(request), "answer": request.POST.get("answer", "")}
    try:
        adjustment.refuse_request(request=asked, **given, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _changes(request, refused)
    return done(back_to(request, "changes", list_key), "refused", 1)


def _revision(request: Request) -> int:
    return number(request.POST.get("revision", ""))
