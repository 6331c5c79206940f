"""The record's envelopes, for the audit administrator."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from duban.history.policies import may_read_envelopes
from duban.overview.envelopes import envelopes_of, kinds_of_log, named_envelopes
from duban.web.forms_log import LogForm
from duban.web.office import query_without
from duban.web.request import Request
from duban.web.templatetags.year_words import pair


@require_safe
def envelopes(request: Request) -> HttpResponse:
    """Who did what kind of thing when, narrowed by the address; never the values."""
    if not may_read_envelopes(request.acting):
        raise Http404
    filters = LogForm(request.GET).filters()
    events = envelopes_of(request.acting.government, filters)
    page = Paginator(events, 100).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": named_envelopes(list(page)),
        "filters": filters,
        "kinds": [(kind, pair(words)) for kind, words in kinds_of_log().items()],
        "query": query_without(request, "page"),
    }
    return render(request, "history/envelopes.html", context)
