"""One unit in one list: what it leads and shares, where that stands, its sheets, its orders, items and parts, its receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from duban.coordination.items import move_item
from duban.coordination.models import InstructionItem
from duban.coordination.policies import refusal_to_answer_item
from duban.coordination.queries import ItemRow, items_of_unit
from duban.directory.queries import Mergers, mergers_on
from duban.domain.errors import Conflict, Invalid
from duban.domain.periods import period_of
from duban.domain.sheets_cells import clean
from duban.overview.units import (
    SheetSummary,
    UnitTaskRow,
    sheets_of,
    unit_burden,
    unit_lines,
    unit_orders,
    unit_receipt,
    unit_task_rows,
)
from duban.plans.operations import return_receipt, sign_for
from duban.plans.people import hands_of
from duban.plans.policies import refusal_to_fill
from duban.progress.models import Part
from duban.progress.part_queries import PartRow, parts_of_unit
from duban.progress.parts import give_part
from duban.progress.policies import refusal_to_report
from duban.publishing.unit_contents import Sheet, unit_tasks_content
from duban.publishing.unit_papers import write_unit_tasks
from duban.supervision.models import SupervisionOrder
from duban.supervision.operations import move_order
from duban.web.office import done
from duban.web.posting import post_from
from duban.web.request import Request
from duban.web.request import number as number_of
from duban.web.shown import newest_period
from duban.web.templatetags.year_words import pair
from duban.web.unit_pages import DOCX, about, answer, file, seen_unit, unit_sheet


@require_safe
def unit(request: Request, list_key: str, number: int) -> HttpResponse:
    """The page of a unit, narrowed by its part or to what lags."""
    return _unit(request, seen_unit(request, list_key, number))


class Came(NamedTuple):
    """The words of a refused form, and the one row they were typed for: the page shows them again, whatever became of the row."""

    text: str = ""
    part: int = 0
    item: int = 0
    order: int = 0


NOTHING_CAME: Final = Came()


def _unit(
    request: Request, sheet: Sheet, refused: Conflict | Invalid | None = None, came: Came = NOTHING_CAME
) -> HttpResponse:
    list_id, number = sheet.task_list.pk, sheet.unit.pk
    summaries = sheets_of(list_id, number)
    mergers = mergers_on(sheet.today)
    parts = parts_of_unit(list_id, number, request.acting, sheet.today)
    items = items_of_unit(list_id, number, request.acting, sheet.today)
    context: dict[str, Any] = {
        **about(request, sheet),
        **_tasks(request, sheet, mergers),
        **_asked_now(request, sheet, summaries),
        **_burden(sheet, summaries, parts),
        "ending": mergers.endings.get(number),
        "inherits": mergers.predecessors(number),
        "sheets": summaries,
        "orders": unit_orders(list_id, number, request.acting),
        **_items(request, sheet, items),
        **_kept(came, parts, items),
        "receipt": unit_receipt(list_id, number),
        "fills": not refusal_to_fill(request.acting, number),
        "own": request.acting.answers(number),
        "typed": request.POST,
    }
    return answer(request, "units/page.html", context, refused)


def _kept(came: Came, parts: Sequence[PartRow], items: Sequence[ItemRow]) -> dict[str, Any]:
    """What was typed, and whether the row it was typed for is still on the page."""
    rows = {row.pk for row in parts} if came.part else {row.pk for row in items}
    return {"came": came, "listed": came.order or (came.part or came.item) in rows}


def _asked_now(request: Request, sheet: Sheet, summaries: Sequence[SheetSummary]) -> dict[str, Any]:
    """What the unit's newest sheet asks and where it is filled in."""
    newest = summaries[0] if summaries else None
    fills = newest and not refusal_to_report(request.acting, sheet.unit.pk)
    args = [sheet.task_list.key, newest.key if newest else "", sheet.unit.pk]
    return {
        "newest": newest,
        "sheet_at": reverse("unit-sheet", args=args) if fills else "#sheets",
    }


def _burden(sheet: Sheet, summaries: Sequence[SheetSummary], parts: Sequence[PartRow]) -> dict[str, Any]:
    """The parts asked of the unit, and how much it was asked to fill in, in the quarter of its newest sheet."""
    burden = unit_burden(sheet.task_list.pk, sheet.unit.pk, summaries, parts)
    return {"parts": parts, "burden": burden, "quarter": pair(burden.named) if burden else ""}


def _tasks(request: Request, sheet: Sheet, mergers: Mergers) -> dict[str, Any]:
    """The tasks of the unit with their nodes of the newest period, narrowed, and how many there are of each kind."""
    newest, show = newest_period(request), request.GET.get("show", "")
    month = period_of(newest).month if newest else sheet.today.month
    lines = unit_task_rows(sheet.task_list.pk, sheet.unit.pk, request.acting, month=month, mergers=mergers)
    leads = sum(line.leads for line in lines)
    return {
        "lines": [line for line in lines if _shown(line, show)],
        "show": show,
        "total": len(lines),
        "leads": leads,
        "shares": len(lines) - leads,
        "mains": any(line.role == "main" for line in lines),
        "behind": sum(line.behind for line in lines),
        "warned": sum(line.warned for line in lines),
    }


def _items(request: Request, sheet: Sheet, items: Sequence[ItemRow]) -> dict[str, Any]:
    """The items of instructions given to the unit."""
    return {
        "items": items,
        "open_items": sum(item.state == "open" for item in items),
        "late_items": sum(item.late for item in items),
        "answers": refusal_to_answer_item(request.acting, sheet.unit.pk) is None,
    }


def _shown(line: UnitTaskRow, show: str) -> bool:
    match show:
        case "lead":
            return line.leads
        case "share":
            return not line.leads
        case "behind":
            return line.behind
        case "warned":
            return line.warned
        case _:
            return True


@require_safe
def tasks_paper(request: Request, list_key: str, number: int) -> HttpResponse:
    """单位任务单 as Word."""
    sheet = seen_unit(request, list_key, number)
    lines = unit_lines(sheet.task_list.pk, number, request.acting, sheet.today)
    content = unit_tasks_content(sheet, lines, hands_of(sheet.task_list, sheet.today))
    return file(write_unit_tasks(content), f"{sheet.unit.name}{sheet.task_list.year}年任务单.docx", DOCX)


@post_from("unit-page", "list_key", "number")
def receipt(request: Request, list_key: str, number: int) -> HttpResponse:
    """The unit signs for the list by click, or sends it back with what it proposes instead."""
    sheet = unit_sheet(request, list_key, number)
    act: dict[str, Any] = {"task_list": sheet.task_list, "by": request.acting, "now": timezone.now()}
    back = reverse("unit-page", args=[list_key, number])
    try:
        if request.POST.get("do") == "return":
            return_receipt(unit=number, proposal=request.POST.get("note", ""), **act)
            return done(back, "returned")
        sign_for(units=[number], how="click", **act)
    except (Conflict, Invalid) as refused:
        return _unit(request, sheet, refused)
    return done(back, "received")


@post_from("unit-page", "list_key", "number")
def order(request: Request, list_key: str, number: int, order_id: int) -> HttpResponse:
    """The unit signs for an order that was served on it, or answers it."""
    sheet = unit_sheet(request, list_key, number)
    orders = SupervisionOrder.objects.visible_to(request.acting)
    chosen = get_object_or_404(
        orders, pk=order_id, list=sheet.task_list, unit=number, served_on__isnull=False
    )
    action = "answer" if request.POST.get("do") == "answer" else "sign_for"
    values = {"by": request.POST.get("by", ""), "text": request.POST.get("text", ""), "on": sheet.today}
    values.pop("by" if action == "answer" else "text")
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    try:
        revision = number_of(request.POST.get("revision", ""))
        move_order(order=chosen, revision=revision, action=action, values=values, **act)
    except (Conflict, Invalid) as refused:
        typed = request.POST.get("text", "") if action == "answer" else ""
        return _unit(request, sheet, refused, Came(typed, order=chosen.pk))
    return done(reverse("unit-page", args=[list_key, number]), f"order_{action}")


@post_from("unit-page", "list_key", "number")
def item(request: Request, list_key: str, number: int, item_id: int) -> HttpResponse:
    """The unit answers an item of an instruction, or the office does on its behalf."""
    sheet = unit_sheet(request, list_key, number)
    items = InstructionItem.objects.visible_to(request.acting)
    chosen = get_object_or_404(items, pk=item_id, paper__list=sheet.task_list, unit=number)
    act: dict[str, Any] = {
        "text": request.POST.get("answer", ""),
        "by": request.acting,
        "now": timezone.now(),
    }
    try:
        revision = number_of(request.POST.get("revision", ""))
        move_item(item=chosen, revision=revision, action="answer", **act)
    except (Conflict, Invalid) as refused:
        return _unit(request, sheet, refused, Came(act["text"], item=chosen.pk))
    return done(reverse("unit-page", args=[list_key, number]), "item_answer", anchor=f"item-{chosen.pk}")


@post_from("unit-page", "list_key", "number")
def part(request: Request, list_key: str, number: int, part_id: int) -> HttpResponse:
    """The unit tells the lead of a row its part, or the office does on its behalf."""
    sheet = unit_sheet(request, list_key, number)
    parts = Part.objects.visible_to(request.acting)
    chosen = get_object_or_404(parts, pk=part_id, obligation__period__list=sheet.task_list, unit=number)
    act: dict[str, Any] = {
        "text": clean(request.POST.get("part", "")),
        "by": request.acting,
        "now": timezone.now(),
    }
    try:
        give_part(part=chosen, revision=number_of(request.POST.get("revision", "")), **act)
    except (Conflict, Invalid) as refused:
        return _unit(request, sheet, refused, Came(act["text"], part=chosen.pk))
    return done(reverse("unit-page", args=[list_key, number]), "part_given", anchor=f"part-{chosen.pk}")
