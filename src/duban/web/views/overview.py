"""Where everything stands: the overview, a city leader's page, and the search in one list."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from duban.domain.posts import PostRole
from duban.overview.dashboard import overview_of
from duban.overview.leader_page import leader_page, leaders_of, own_name
from duban.overview.pages import named
from duban.overview.search import MOST, search
from duban.register.queries import ListSummary
from duban.supervision.policies import sees_system_view
from duban.web.exporting import page_or_workbook, page_size
from duban.web.request import Request
from duban.web.shown import list_of

EACH: Final = 500  # hits of one kind, where a reader asks for them all


@require_safe
def overview(request: Request, list_key: str) -> HttpResponse:
    """The list on one page, for posts that see the whole government; 404 for all others."""
    chosen = _whole_list(request, list_key)
    shown = overview_of(chosen.pk, request.acting, timezone.localdate())
    context = {
        "list": chosen,
        "shown": shown,
        "base": f"/l/{chosen.key}/t/",
        "tally_at": f"/l/{chosen.key}/?",
        "two_voices": sees_system_view(request.acting),
    }
    return page_or_workbook(request, "overview/overview.html", context)


LEADERS: Final = frozenset({PostRole.CITY_LEADER, PostRole.LEADER_SECRETARY})


@require_safe
def leader(request: Request, list_key: str) -> HttpResponse:
    """One city leader's tasks and decisions; 404 for no such name. Without a name the acting leader's own.

    Whoever is no leader of the list, the first one; a leader or a leader's secretary under whose name no task stands is asked whose.
    """
    chosen = _whole_list(request, list_key)
    leaders = leaders_of(chosen.pk, request.acting)
    asked = request.acting.role in LEADERS and len(leaders) > 1
    usual = "" if asked else next(iter(leaders), "")
    name = request.GET.get("name") or own_name(request.acting, leaders) or usual
    if name and name not in leaders:
        raise Http404
    context = {
        "list": chosen,
        "shown": leader_page(chosen.pk, request.acting, name, timezone.localdate()) if name else None,
        "leaders": named(leaders.items()),
        "base": f"/l/{chosen.key}/t/",
        "tally_at": f"/l/{chosen.key}/?{urlencode({'leader': name, 'voice': 'office'})}&",
    }
    return page_or_workbook(request, "overview/leader.html", context)


@require_safe
def find(request: Request, list_key: str) -> HttpResponse:
    """What the list holds about some words, as far as this post may see it."""
    chosen = list_of(request, list_key)
    asked, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    most = page_size(request, EACH if kind else MOST)
    context = {
        "list": chosen,
        "asked": asked,
        "searched": asked,
        "kind": kind,
        "found": search(chosen.pk, request.acting, asked, kind=kind, most=most),
        "base": f"/l/{chosen.key}/t/",
    }
    return page_or_workbook(request, "overview/search.html", context)


def _whole_list(request: Request, key: str) -> ListSummary:
    """The list of that key for a post that sees the whole government; for others the page does not exist."""
    if not request.acting.sees_whole_government:
        raise Http404
    return list_of(request, key)
