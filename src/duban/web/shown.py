"""The list that a page is about: found by its key, kept for the frame, which shows it too."""

from __future__ import annotations

from django.http import Http404

from duban.progress.queries import newest_period_key
from duban.register.models import TaskList
from duban.register.queries import ListSummary, list_at, newest_list
from duban.web.request import Request


def list_of(request: Request, key: str) -> ListSummary:
    """The list of that key; 404 when this post does not see it. Two queries."""
    found = newest_list(request.acting, key)
    if found is None:
        raise Http404
    request.shown_list = found
    return found


def newest_period(request: Request) -> str | None:
    """The key of the newest period of the list at hand, for the page and its frame. One query, however often it is asked."""
    if not hasattr(request, "newest_period"):
        request.newest_period = newest_period_key(request.shown_list.pk)
    return request.newest_period


def seen_list(request: Request, key: str) -> TaskList:
    """The same with its government, for pages that act on it. Two queries."""
    found = list_at(request.acting, key)
    if found is None:
        raise Http404
    task_list, request.shown_list = found
    return task_list
