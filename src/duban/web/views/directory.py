"""The units of the government one acts in."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from duban.directory.models import Unit
from duban.web.exporting import page_or_workbook
from duban.web.request import Request


@require_safe
def units(request: Request) -> HttpResponse:
    """Every unit with its kind, manner of address and whether it is appraised."""
    rows = Unit.objects.visible_to(request.acting).order_by("position")
    return page_or_workbook(request, "directory/units.html", {"units": rows})
