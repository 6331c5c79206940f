"""批示事项: breaking an instruction down for its units, closing one that needs none, and the steps of an item."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from duban.coordination.items import add_items, close_instruction, move_item
from duban.coordination.models import InstructionItem, UpwardPaper
from duban.coordination.policies import refusal_to_divide
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.workflow import INSTRUCTION_ITEM
from duban.register.models import TaskList
from duban.web.dividing import item_entries, typed_lines
from duban.web.office import done, query_without
from duban.web.request import Request, number
from duban.web.shown import seen_list
from duban.web.views.problems import letters_page


@require_POST
def divide(request: Request, list_key: str, paper_id: int) -> HttpResponse:
    """Add the items that were typed, or close an instruction that has none (办结)."""
    chosen = _office_list(request, list_key)
    paper = get_object_or_404(UpwardPaper, list=chosen, pk=paper_id)
    act = {"paper": paper, "revision": number(request.POST.get("revision", "")), **_act(request)}
    if request.POST.get("do") == "close":
        result = request.POST.get("result", "")
        try:
            close_instruction(**act, result=result)
        except (Conflict, Invalid) as refused:
            return letters_page(request, chosen, refused, closing=paper.pk, result=result)
        return done(_back(request, list_key), "instruction_closed", anchor=f"letter-{paper.pk}")
    try:
        added = add_items(**act, entries=item_entries(request, chosen))
    except (Conflict, Invalid) as refused:
        return letters_page(request, chosen, refused, lines=typed_lines(request))
    return done(_back(request, list_key), "divided", len(added), anchor=f"letter-{paper.pk}")


@require_POST
def step(request: Request, list_key: str, item_id: int) -> HttpResponse:
    """One step of an item by the office."""
    chosen = _office_list(request, list_key)
    items = InstructionItem.objects.visible_to(request.acting).filter(paper__list=chosen)
    item = get_object_or_404(items, pk=item_id)
    action, text = request.POST.get("do", ""), request.POST.get("text", "")
    if action not in INSTRUCTION_ITEM.actions:
        raise Http404
    try:
        revision = number(request.POST.get("revision", ""))
        move_item(item=item, revision=revision, action=action, text=text, **_act(request))
    except (Conflict, Invalid) as refused:
        return letters_page(request, chosen, refused, at_item=item.pk, text=text)
    return done(_back(request, list_key), f"item_{action}", anchor=f"item-{item.pk}")


def _office_list(request: Request, list_key: str) -> TaskList:
    chosen = seen_list(request, list_key)
    if refused := refusal_to_divide(request.acting):
        raise NotAllowed(refused)
    return chosen


def _act(request: Request) -> dict[str, Any]:
    return {"by": request.acting, "now": timezone.now()}


def _back(request: Request, list_key: str) -> str:
    """The page of the papers with its filters, without an open form."""
    query = query_without(request, "done", "n", "split")
    return reverse("letters", args=[list_key]) + (f"?{query}" if query else "")
