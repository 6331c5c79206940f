"""What every page's frame shows: as whom one acts, the list at hand, what this post may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest

from duban.register.queries import ListSummary, newest_list
from duban.web.navigation import Link, links, readers
from duban.web.request import Request
from duban.web.shown import newest_period


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts around a page."""

    language: str
    list: ListSummary | None = None
    groups: Sequence[tuple[object, Sequence[Link]]] = ()


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template; two queries, none before sign-in or while a password has to be changed."""
    ours = cast("Request", request)
    acting = getattr(ours, "acting", None)
    language = getattr(ours, "language", "zh-hans")
    if acting is None or acting.role is None or ours.user.must_change_password:
        return {"frame": Frame(language), "acting": acting if acting and acting.role else None}
    match = request.resolver_match
    reads = not acting.administers
    key = match.kwargs.get("list_key", "") if match else ""
    shown = (getattr(ours, "shown_list", None) or newest_list(acting, key)) if reads else None
    here = (match.url_name or "") if match else ""
    period = _newest(ours, shown) if shown and readers(acting) else None
    return {"frame": Frame(language, shown, links(acting, shown, period, here)), "acting": acting}


def _newest(request: Request, shown: ListSummary) -> str | None:
    """The newest period of the list in the frame, which the page may have asked for."""
    if not hasattr(request, "shown_list"):
        request.shown_list = shown
    return newest_period(request)
