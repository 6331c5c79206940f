"""待办: what waits for a person in all their posts, and the way there as the right one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from duban.domain.posts import Acting
from duban.overview.todo import Todo, todo
from duban.web.request import Request


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thing to do and where it is done."""

    todo: Todo
    address: str


@require_safe
def page(request: Request) -> HttpResponse:
    """Everything that waits, by post; the post that acts comes first."""
    seats = sorted(request.seats, key=lambda seat: seat.post != request.acting.post)
    found = [Waiting(row, address(row)) for row in todo(seats, timezone.localdate())]
    groups: list[tuple[Acting, list[Waiting]]] = [
        (seat, list(rows)) for seat, rows in groupby(found, key=lambda waiting: waiting.todo.seat)
    ]
    late = sum(bool(waiting.todo.late) for waiting in found)
    context = {"groups": groups, "total": len(found), "late": late, "posts": len(request.seats)}
    return render(request, "todo/page.html", context)


@require_POST
def go(request: Request) -> HttpResponse:
    """To the page where something is done, in the post for which it waits."""
    chosen, onward = request.POST.get("post", ""), request.POST.get("next", "")
    if any(str(seat.post) == chosen for seat in request.seats):
        request.session["post"] = int(chosen)
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    return redirect(onward if safe else "todo")


def address(row: Todo) -> str:
    """Where it is done."""
    key, unit, period = row.list_key, row.unit, row.period
    match row.kind:
        case "report" | "behind" | "sign":
            return reverse("unit-sheet", args=[key, period, unit]) + ("#sign" if row.kind == "sign" else "")
        case "returned":
            return reverse("unit-sheet", args=[key, period, unit]) + "?show=returned"
        case "plan":
            return reverse("plan-sheet", args=[key, unit]) + "?show=gaps"
        case "contract":
            return reverse("contracts", args=[key]) + (f"?fill={unit}" if unit != row.seat.unit else "")
        case "order" | "item" | "part" | "receipt":
            place = f"#{row.kind}-{row.key}" if row.key else ""
            return reverse("unit-page", args=[key, unit]) + place
        case _:
            return _shared_address(row)


def _shared_address(row: Todo) -> str:
    """A page of a whole list or period, not of one unit."""
    names: dict[str, tuple[str, list[Any], str]] = {
        "review": ("review", [row.list_key, row.period], ""),
        "consultation": ("consultation", [row.list_key, row.period], ""),
        "objections": ("consultation", [row.list_key, row.period], "?show=open"),
        "receipts_returned": ("receipts", [row.list_key], "?state=returned"),
        "orders": ("orders", [row.list_key], ""),
        "papers": ("letters", [row.list_key], ""),
        "contracts": ("contracts", [row.list_key], "?state=proposed"),
        "lock": ("period", [row.list_key, row.period], ""),
        "purge": ("purge", [], ""),
        "items": ("letters", [row.list_key], "?items=open"),
        "approve": ("orders", [row.list_key], "?show=prepared"),
        "serve": ("orders", [row.list_key], "?show=prepared"),
        "open": ("periods", [row.list_key], ""),
        "draft": ("import-check", [row.key], ""),
    }
    name, args, query = names[row.kind]
    return reverse(name, args=args) + query
