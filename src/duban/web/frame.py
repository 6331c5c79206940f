"""What every page's frame shows: as whom one acts, the list at hand, what this post may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest

from duban.domain.posts import PostRole
from duban.register.queries import ListSummary, newest_list
from duban.web.request import Request


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts around a page."""

    language: str
    list: ListSummary | None
    section: str
    reads_register: bool
    reads_log: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template; one query, none before sign-in."""
    ours = cast("Request", request)
    acting = getattr(ours, "acting", None)
    language = getattr(ours, "language", "zh-hans")
    if acting is None or acting.role is None:
        return {"frame": Frame(language, None, "", reads_register=False, reads_log=False), "acting": None}
    match = request.resolver_match
    reads = not acting.administers
    key = match.kwargs.get("list_key", "") if match else ""
    parts = Frame(
        language=language,
        list=(getattr(ours, "shown_list", None) or newest_list(acting, key)) if reads else None,
        section=(match.url_name or "").split("-")[0] if match else "",
        reads_register=reads,
        reads_log=acting.role == PostRole.AUDITOR,
    )
    return {"frame": parts, "acting": acting}
