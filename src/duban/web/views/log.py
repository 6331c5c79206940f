"""The record's envelopes, for the audit administrator."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from duban.history.models import Event
from duban.history.policies import may_read_envelopes
from duban.web.request import Request


@require_safe
def envelopes(request: Request) -> HttpResponse:
    """Who did what kind of thing when; never the values."""
    if not may_read_envelopes(request.acting):
        raise Http404
    events = Event.objects.of_government(request.acting.government).defer("body").order_by("-seq")
    page = Paginator(events, 100).get_page(request.GET.get("page"))
    return render(request, "history/envelopes.html", {"page": page})
