"""Signing in and out, choosing the acting post and the language, changing one's password."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods, require_POST

from duban.directory import operations
from duban.domain.errors import DomainError
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.web.forms import PasswordForm, SignInForm
from duban.web.request import Request


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password; a wrong pair is refused without saying which was wrong, and recorded.

    The language switch of this page posts here too, so that nothing else is open to strangers.
    """
    if "language" in request.POST:
        _keep_language(request)
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.POST.get('next', '')})}")
    form = SignInForm(request.POST or None)
    refused = None
    if form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        operations.record_sign_in(user=user, username=form.cleaned_data["username"], now=timezone.now())
        if user is not None:
            login(request, user)
            return redirect(_onward(request))
        refused = Message("directory.wrong_credentials")
    context = {"form": form, "refused": refused, "next": request.GET.get("next", "")}
    return render(request, "session/sign_in.html", context, status=422 if request.POST else 200)


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    operations.record_sign_out(by=request.acting, now=timezone.now())
    logout(request)
    return redirect("sign-in")


@require_POST
def choose_post(request: Request) -> HttpResponse:
    """Act from another of one's own posts; rights never add up, so everything shown changes with it."""
    chosen = request.POST.get("post", "")
    if any(str(seat.post) == chosen for seat in request.seats):
        request.session["post"] = int(chosen)
    return redirect("home")


@require_POST
def choose_language(request: Request) -> HttpResponse:
    """Read the pages in the other language from now on, here and wherever one signs in next."""
    if language := _keep_language(request):
        operations.set_language(user=request.user, language=language)
    return redirect(_onward(request))


def _keep_language(request: HttpRequest) -> str:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return ""
    request.session["language"] = language
    return language


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request) -> HttpResponse:
    """Change one's own password; the old one is asked, the reasons of a refusal are shown."""
    form = PasswordForm(request.user, request.POST or None)
    refused: Message | None = None
    if form.is_valid():
        try:
            operations.change_password(
                user=request.user, password=form.cleaned_data["new"], by=_self(request), now=timezone.now()
            )
        except DomainError as error:
            refused = error.message
        else:
            update_session_auth_hash(request, request.user)
            return redirect("home")
    context = {"form": form, "refused": refused}
    return render(request, "session/password.html", context, status=422 if request.POST else 200)


def _self(request: Request) -> Acting:
    return (
        request.acting
        if request.acting.person
        else Acting(label=request.user.username, person=request.user.person_id)
    )
