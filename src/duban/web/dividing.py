"""批示事项 on the page of the registered papers: what it shows of them, and the form that breaks an instruction down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from duban.coordination.items import ItemEntry
from duban.coordination.models import UpwardPaper
from duban.coordination.policies import refusal_to_divide
from duban.coordination.queries import LetterRow, items_of_list, units_to_ask
from duban.directory.models import Unit
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.register.models import TaskList
from duban.web.forms_papers import ItemForm
from duban.web.office import query_without
from duban.web.request import Request, number

LINES: Final = 3
BLANK: Final = {"what": "", "unit": "", "due_on": ""}


def items_shown(request: Request, chosen: TaskList, rows: Sequence[LetterRow], today: date) -> dict[str, Any]:
    """The items by instruction with their figures, which papers `items` narrows to, and the form of the one to be divided."""
    items = items_of_list(chosen.pk, request.acting, today)
    running = {
        row.pk: [item for item in items.get(row.pk, ()) if item.runs] for row in rows if not row.void_on
    }
    late = {pk: [item for item in found if item.late] for pk, found in running.items()}
    narrowed = {"open": running, "late": late}.get(request.GET.get("items", ""))
    divides = refusal_to_divide(request.acting) is None
    return {
        "items": items,
        "open_items": sum(map(len, running.values())),
        "late_items": sum(map(len, late.values())),
        "last_days": {
            pk: max(due)
            for pk, found in running.items()
            if (due := [item.due_on for item in found if item.open])
        },
        "listed": {row.pk for row in rows if narrowed is None or narrowed.get(row.pk)},
        "narrowed": request.GET.get("items", "") if narrowed is not None else "",
        "divides": divides,
        "plain": query_without(request, "page", "done", "n", "split"),
        **(_split(chosen, number(request.GET.get("split", "")), today) if divides else {}),
    }


def _split(chosen: TaskList, pk: int, today: date) -> dict[str, Any]:
    """The form of the instruction that is being divided; nothing where none is."""
    papers = UpwardPaper.objects.in_force().filter(list=chosen, kind="instruction").select_related("list")
    paper = papers.filter(pk=pk).first() if pk else None
    if paper is None:
        return {}
    return {"split": paper.pk, "units": units_to_ask(paper, today), "lines": [BLANK] * LINES}


def typed_lines(request: Request) -> list[dict[str, str]]:
    """The lines of the form as they were typed, blank ones last."""
    columns = (request.POST.getlist(name) for name in BLANK)
    return [dict(zip(BLANK, line, strict=True)) for line in zip(*columns, strict=False)]


def item_entries(request: Request, chosen: TaskList) -> list[ItemEntry]:
    """What was typed, without lines left blank; Invalid where one is incomplete."""
    found = [ItemForm(line).values() for line in typed_lines(request) if any(line.values())]
    units = Unit.objects.filter(government=chosen.government_id).in_bulk([values["unit"] for values in found])
    if {values["unit"] for values in found} - set(units):
        raise Invalid(Message("items.incomplete"))
    return [ItemEntry(values["what"], units[values["unit"]], values["due_on"]) for values in found]
