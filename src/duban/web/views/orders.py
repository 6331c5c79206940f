"""督办台账: what is outstanding by age, a new order from the record, and one order with the steps it may take."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duban.directory.models import Unit
from duban.domain.calendar_data import CALENDAR
from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.workflow import ORDER
from duban.progress.queries import newest_period
from duban.publishing.assembly_units import write_paper
from duban.publishing.contents import PaperKind
from duban.publishing.operations import freeze
from duban.publishing.policies import refusal_to_write
from duban.publishing.queries import sheet_for_order
from duban.publishing.snapshots import Sheet
from duban.register.models import Task, TaskList
from duban.supervision.models import SupervisionOrder
from duban.supervision.operations import OrderDraft, draft_order, move_order, revise_order
from duban.supervision.order_queries import (
    OrderSeed,
    actions_for,
    approvals_for,
    behind_rows,
    days_late,
    order_counts,
    order_number,
    order_rows,
    order_seed,
    orders_shown,
    parts_of,
    refusal_to_revise,
    units_with_orders,
)
from duban.supervision.policies import refusal_to_judge
from duban.web.exporting import page_size
from duban.web.forms_papers import OrderFilterForm, OrderForm, RevisionForm, StepForm
from duban.web.office import done
from duban.web.paging import paged
from duban.web.paper_pages import answer, kept, typed_into
from duban.web.request import Request
from duban.web.shown import seen_list
from duban.web.templatetags.year_words import pair

SHOWS: Final = {
    "open": ("在办", "Outstanding"),
    "late": ("逾期未回复", "Late"),
    "answered": ("已回复待办结", "Answered, to be closed"),
    "prepared": ("拟稿、送审和待送达", "In preparation"),
    "ended": ("已办结和已撤销", "Ended"),
    "all": ("全部", "All"),
}


@require_safe
def orders(request: Request, list_key: str) -> HttpResponse:
    """The orders of a list that this post sees, outstanding ones by age first."""
    chosen, today = seen_list(request, list_key), timezone.localdate()
    form = OrderFilterForm(request.GET)
    form.is_valid()
    values = form.cleaned_data
    show = values.get("show") if values.get("show") in SHOWS else "open"
    found = orders_shown(chosen.pk, request.acting, show or "open", values.get("unit"), today)
    page, rows = paged(found, values.get("page"), size=page_size(request))
    context = {
        "list": chosen,
        "figures": order_counts(chosen.pk, request.acting, today),
        "rows": order_rows(rows, chosen.document_number, today),  # type: ignore[arg-type]  # the same query set, sliced
        "page": page,
        "show": show,
        "shows": [(name, pair(words)) for name, words in SHOWS.items()],
        "unit": values.get("unit"),
        "units": units_with_orders(chosen.pk, request.acting),
        "drafts": refusal_to_judge(request.acting) is None,
        "today": today,
    }
    return answer(request, "orders/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, list_key: str) -> HttpResponse:
    """Choose a task that lags, then a draft made from the record, to be edited; POST drafts the order."""
    chosen = seen_list(request, list_key)
    if refused := refusal_to_judge(request.acting):
        raise NotAllowed(refused)
    task = _task(request, chosen)
    if request.method != "POST":
        return _new(request, chosen, task)
    if task is None:
        raise Invalid(Message("orders.no_such_task"))
    try:
        drafted = _draft(request, chosen, task)
    except (Conflict, Invalid) as refused_act:
        return _new(request, chosen, task, refused_act)
    return done(reverse("orders-one", args=[list_key, drafted.pk]), "drafted")


def _task(request: Request, chosen: TaskList) -> Task | None:
    key = request.POST.get("task") or request.GET.get("task")
    if not key:
        return None
    tasks = Task.objects.visible_to(request.acting).filter(list=chosen).select_related("current")
    return get_object_or_404(tasks, key=key)


def _draft(request: Request, chosen: TaskList, task: Task) -> SupervisionOrder:
    values = OrderForm(request.POST).values(timezone.localdate())
    draft = OrderDraft(task=task, unit=_part(task, values.pop("unit")), **values)
    period = newest_period(chosen.pk)
    return draft_order(task_list=chosen, draft=draft, period=period, by=request.acting, now=timezone.now())


def _part(task: Task, unit: int) -> Unit:
    if unit not in dict(parts_of(task.pk, timezone.localdate())):
        raise Invalid(Message("orders.no_such_task"))
    return Unit.objects.get(pk=unit)


def _new(
    request: Request, chosen: TaskList, task: Task | None, refused: DomainError | None = None
) -> HttpResponse:
    seed = order_seed(task, timezone.localdate(), CALENDAR) if task else None
    context = {
        "list": chosen,
        "task": task,
        "units": seed.units if seed else (),
        "values": typed_into(request, OrderForm) if refused else _shown(seed),
        "behind": [] if task else behind_rows(chosen.pk, request.acting, timezone.localdate()),
    }
    return answer(request, "orders/new.html", context, refused)


def _shown(said: OrderSeed | SupervisionOrder | None) -> dict[str, Any]:
    """A fresh draft, or an order as it stands, in the form's own names."""
    if said is None:
        return {}
    unit = said.unit_id if isinstance(said, SupervisionOrder) else said.unit
    names = ("matter", "basis", "requirement")
    return {**{name: getattr(said, name) for name in names}, "unit": unit, "due_on": said.due_on.isoformat()}


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: Request, list_key: str, order_id: int) -> HttpResponse:
    """The words of an order that is not submitted yet, in the form of a new one; POST keeps them."""
    chosen = _order(request, list_key, order_id)
    if refused := refusal_to_judge(request.acting):
        raise NotAllowed(refused)
    if request.method != "POST":
        closed = refusal_to_revise(chosen.state)
        return _one(request, chosen, Conflict(closed)) if closed else _revise(request, chosen)
    try:
        values = RevisionForm(request.POST).values(timezone.localdate())
        unit, revision = values.pop("unit"), values.pop("revision")
        part = chosen.unit if unit == chosen.unit_id else _part(chosen.task, unit)
        draft = OrderDraft(task=chosen.task, unit=part, **values)
        kept_now = revise_order(
            order=chosen, revision=revision, draft=draft, by=request.acting, now=timezone.now()
        )
    except (Conflict, Invalid) as refused_act:
        return _revise(request, _order(request, list_key, order_id), refused_act)
    word = "same" if kept_now.revision == revision else "revised"
    return done(reverse("orders-one", args=[list_key, order_id]), word)


def _revise(request: Request, chosen: SupervisionOrder, refused: DomainError | None = None) -> HttpResponse:
    parts = parts_of(chosen.task_id, timezone.localdate())
    own = (chosen.unit_id, chosen.unit.name)
    context = {
        "list": chosen.list,
        "order": chosen,
        "task": chosen.task,
        "units": parts if own in parts else (own, *parts),
        "values": typed_into(request, RevisionForm) if refused else _shown(chosen),
    }
    return answer(request, "orders/revise.html", context, refused)


def _order(request: Request, list_key: str, order_id: int) -> SupervisionOrder:
    chosen = seen_list(request, list_key)
    seen = SupervisionOrder.objects.visible_to(request.acting).filter(list=chosen)
    return get_object_or_404(seen.select_related("list", "unit", "task__current", "period"), pk=order_id)


@require_safe
def order(request: Request, list_key: str, order_id: int) -> HttpResponse:
    """One order: what it says, how far it has come, and the steps this post may take."""
    return _one(request, _order(request, list_key, order_id))


def _one(request: Request, chosen: SupervisionOrder, refused: DomainError | None = None) -> HttpResponse:
    today = timezone.localdate()
    typed = typed_into(request, StepForm) if refused else {}
    context = {
        "list": chosen.list,
        "order": chosen,
        "number": order_number(chosen.list.document_number, chosen.kind, chosen.year, chosen.serial),
        "late": days_late(chosen, today),
        "age": (today - chosen.served_on).days if chosen.served_on else None,
        "actions": [(name, pair(ORDER.actions[name])) for name in actions_for(chosen, request.acting)],
        "approvals": approvals_for(request.acting),
        "typed": typed,
        "typed_action": typed.get("action", ""),
        "revises": not (refusal_to_judge(request.acting) or refusal_to_revise(chosen.state)),
        "writes": refusal_to_write(request.acting) is None,
        "today": today,
    }
    return answer(request, "orders/one.html", context, refused)


@require_POST
def move(request: Request, list_key: str, order_id: int) -> HttpResponse:
    """One step of an order."""
    chosen = _order(request, list_key, order_id)
    form = StepForm(request.POST)
    action = request.POST.get("action", "")
    if action not in ORDER.actions:
        raise Http404
    try:
        step = _signed(request, action, form.values())
        revision = form.cleaned_data["revision"]
        act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
        move_order(order=chosen, revision=revision, action=action, values=step, **act)
    except (Conflict, Invalid) as refused:
        return _one(request, _order(request, list_key, order_id), refused)
    return done(_after(chosen, request), action)


def _signed(request: Request, action: str, values: dict[str, Any]) -> dict[str, Any]:
    """A click is signed by whoever clicks; on paper the signer is typed."""
    if action == "approve" and values.get("approval") != "paper":
        return {**values, "approval": "click", "by": request.acting.label[:60]}
    return values


def _after(chosen: SupervisionOrder, request: Request) -> str:
    """Back to the order, or to the list where this post does not see the order any more."""
    seen = SupervisionOrder.objects.visible_to(request.acting).filter(pk=chosen.pk).exists()
    key = chosen.list.key
    return reverse("orders-one", args=[key, chosen.pk]) if seen else reverse("orders", args=[key])


@require_POST
def paper(request: Request, list_key: str, order_id: int) -> HttpResponse:
    """The order as Word: the office freezes its data sheet where that is needed; others get what the office wrote."""
    chosen = _order(request, list_key, order_id)
    try:
        sheet = sheet_for_order(chosen) or _frozen(request, chosen)
    except (Conflict, Invalid) as refused:
        return _one(request, chosen, refused)
    number = order_number(chosen.list.document_number, chosen.kind, chosen.year, chosen.serial)
    name = f"{'督办单' if chosen.kind == 'order' else '督查函'} {number if chosen.serial else '拟稿'}.docx"
    return kept(write_paper(sheet, PaperKind.ORDER, str(chosen.pk)), name)


def _frozen(request: Request, chosen: SupervisionOrder) -> Sheet:
    if refusal_to_write(request.acting):
        raise Conflict(Message("orders.not_written"))
    if chosen.period is None:
        raise Conflict(Message("papers.no_period"))
    freeze(period=chosen.period, by=request.acting, now=timezone.now())
    sheet = sheet_for_order(chosen)
    if sheet is None:
        raise Conflict(Message("orders.not_written"))
    return sheet
