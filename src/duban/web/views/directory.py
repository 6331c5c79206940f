"""The units of the government one acts in."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from duban.directory.models import Unit
from duban.directory.queries import endings_of
from duban.web.exporting import page_or_workbook
from duban.web.request import Request


@require_safe
def units(request: Request) -> HttpResponse:
    """Every unit with its kind, manner of address and whether it is appraised; what became of one that has ended."""
    rows = Unit.objects.visible_to(request.acting).order_by("position").select_related("government")
    government = next((row.government for row in rows if row.government), None)
    ended = endings_of(government, timezone.localdate()) if government else {}
    context = {"units": rows, "n": len(rows) - len(ended), "ended": ended}
    return page_or_workbook(request, "directory/units.html", context)
