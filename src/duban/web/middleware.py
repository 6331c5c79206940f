"""What stands around every page: the acting post, the language, and refusals turned into a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from duban.directory.queries import seats_of
from duban.domain.errors import DomainError
from duban.domain.posts import Acting
from duban.shared.statuses import status_of
from duban.web.request import Request

Next = Callable[[HttpRequest], HttpResponse]

NOBODY = Acting(label="")


class ActingPost:
    """Gives a signed-in request its acting post: the one chosen in this session, else the person's first."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ours = cast("Request", request)
        ours.seats, ours.acting, ours.language = (), NOBODY, request.session.get("language", "zh-hans")
        if ours.user.is_authenticated:
            ours.seats = seats_of(ours.user, timezone.localdate())
            chosen = request.session.get("post")
            ours.acting = next((s for s in ours.seats if s.post == chosen), (*ours.seats, NOBODY)[0])
            ours.language = ours.user.language
        with translation.override(ours.language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", ours.language)
        return response


class Refusals:
    """An expected failure inside a view becomes a page with its sentence and status; nothing else is caught."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django for an exception of a view."""
        if isinstance(exception, DomainError):
            context = {"sentence": exception.message}
            return render(request, "faults/refused.html", context, status=status_of(exception))
        return None
