"""What stands around every page: the acting post, the language, and refusals turned into a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from duban.directory.queries import has_second_factor, seats_of
from duban.domain.errors import DomainError
from duban.domain.posts import Acting
from duban.shared.statuses import status_of
from duban.web.portal import taken_over
from duban.web.request import Request, needs_second_factor

Next = Callable[[HttpRequest], HttpResponse]

NOBODY = Acting(label="")
ALWAYS_OPEN: Final = frozenset({"sign-in", "sign-out", "choose-language", "livez", "readyz"})
MINUTE: Final = 60


class ActingPost:
    """Gives a signed-in request its acting post: the one chosen in this session, else the person's first."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ours = cast("Request", request)
        ours.seats, ours.acting, ours.language = (), NOBODY, request.session.get("language", "zh-hans")
        if request.user.is_authenticated and (taken_over(request) or left_alone(request)):
            logout(request)
            return redirect_to_login(request.get_full_path())
        if ours.user.is_authenticated:
            ours.seats = seats_of(ours.user, timezone.localdate())
            chosen = request.session.get("post")
            ours.acting = next(
                (s for s in ours.seats if s.post == chosen), (*ours.seats, _without_a_post(ours))[0]
            )
            ours.language = ours.user.language
        with translation.override(ours.language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", ours.language)
        if ours.user.is_authenticated:  # a shared machine shows nothing after signing out, not even by “Back”
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Called by Django once the page is known: what must be done first is done first."""
        onward = must_go_first(request)
        return redirect(onward) if onward else None


def _without_a_post(request: Request) -> Acting:
    """Somebody signed in who fills no post: a person without rights, never mistaken for the console."""
    return Acting(label=request.user.username, person=request.user.person_id)


def must_go_first(request: HttpRequest) -> str | None:
    """The page that a signed-in person must deal with before any other: a password of one's own, then the second factor.

    The address, or None. Signing out and the language are always open. Whoever has a second factor shows it first of
    all, so that a password alone opens nothing, not even the change of the password.
    """
    ours = cast("Request", request)
    here = request.resolver_match.url_name if request.resolver_match else None
    if not request.user.is_authenticated or here in ALWAYS_OPEN:
        return None
    first: str | None = None
    owed = needs_second_factor(ours) and request.session.get("second_factor") != ours.user.pk
    if owed and (not ours.user.must_change_password or has_second_factor(ours.user)):
        first = "second-factor"
    elif ours.user.must_change_password:
        first = "password"
    return reverse(first) if first and here != first else None


def left_alone(request: HttpRequest) -> bool:
    """Whether nobody has touched this session for longer than is allowed; else notes, once a minute, that somebody did."""
    now = int(timezone.now().timestamp())
    seen = request.session.get("seen", 0)
    if seen and now - seen > getattr(settings, "SESSION_IDLE_MINUTES", 30) * MINUTE:
        return True
    if now - seen >= MINUTE:
        request.session["seen"] = now
    return False


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
