"""Signing in and out, choosing the acting post and the language, changing one's password."""

from __future__ import annotations

import unicodedata

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
from duban.directory.models import User
from duban.domain.errors import DomainError, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.web.forms import PasswordForm, SignInForm
from duban.web.portal import OPENED, client_address, from_proxy, portal_name
from duban.web.request import Request, needs_second_factor


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password; a wrong pair is refused without saying which was wrong, and recorded.

    The language switch of this page posts here too, so that nothing else is open to strangers.
    """
    if "language" in request.POST:
        _keep_language(request)
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.POST.get('next', '')})}")
    if request.method != "POST" and (answer := _from_portal(request)):
        return answer
    form = SignInForm(request.POST or None)
    refused = None
    if form.is_valid():
        refused = _try(request, **form.cleaned_data)
        if refused is None:
            return redirect(_onward(request))
    context = {"form": form, "refused": refused, "next": request.GET.get("next", "")}
    return render(request, "session/sign_in.html", context, status=422 if request.POST else 200)


def _try(request: HttpRequest, username: str, password: str) -> Message | None:
    """Sign in with a name and a password; the reason of a refusal. A locked account's password is not looked at."""
    now, address = timezone.now(), client_address(request)
    refused = operations.admit_attempt(username=username, address=address, rule=lock_rule(), now=now)
    if refused:
        return refused
    user = authenticate(request, username=username, password=password)
    operations.record_sign_in(user=user, username=username, now=now)
    if user is None:
        return Message("directory.wrong_credentials")
    operations.forgive_attempts(username=username, address=address)
    login(request, user)
    return None


def _from_portal(request: HttpRequest) -> HttpResponse | None:
    """Sign in whom the portal in front of us names in its header; None when there is no portal or it names nobody.

    Anybody can send a header, so one that comes from another address than the portal's is refused and recorded.
    """
    username = portal_name(request)
    if not username or "out" in request.GET:
        return None
    user = User.objects.filter(username=username, is_active=True).first() if from_proxy(request) else None
    operations.record_sign_in(user=user, username=username, now=timezone.now())
    if user is None:
        raise NotAllowed(Message("session.not_from_portal"))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[OPENED] = True
    return redirect(_onward(request))


def lock_rule() -> operations.LockRule:
    """How many attempts may fail, from the settings."""
    usual = operations.LockRule()
    return operations.LockRule(
        getattr(settings, "SIGN_IN_ATTEMPTS", usual.per_account),
        getattr(settings, "SIGN_IN_ATTEMPTS_PER_ADDRESS", usual.per_address),
        getattr(settings, "SIGN_IN_LOCK_MINUTES", usual.minutes),
    )


def _onward(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    operations.record_sign_out(by=request.acting, now=timezone.now())
    logout(request)
    portal = getattr(settings, "PORTAL_HEADER", "")
    return redirect(f"{reverse('sign-in')}?out" if portal else reverse("sign-in"))


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
    name, address = f"{request.user.username} 改密", client_address(request)
    refused = _admitted(name, address) if request.method == "POST" else None
    if refused is None and form.is_valid():
        operations.forgive_attempts(username=name, address=address)
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


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: Request) -> HttpResponse:
    """The code of one's authenticator; the secret is shown until the first right code confirms it.

    For posts that need one; others are told so, and no secret is made for them.
    """
    if not needs_second_factor(request):
        return render(request, "session/second_factor.html", {"needed": False})
    factor, refused = operations.second_factor_of(request.user), None
    if request.method == "POST":
        refused = _try_code(request)
        if refused is None:
            request.session.cycle_key()
            request.session["second_factor"] = request.user.pk
            return redirect("home")
    secret = "" if factor.confirmed_at else factor.secret
    groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    context = {"needed": True, "secret": groups, "refused": refused}
    response = render(request, "session/second_factor.html", context, status=422 if refused else 200)
    response["Cache-Control"] = "no-store"
    return response


def _try_code(request: Request) -> Message | None:
    code, now = "".join(unicodedata.normalize("NFKC", request.POST.get("code", "")).split()), timezone.now()
    if not code:
        return Message("session.code_needed")
    name, address = f"{request.user.username} 口令", client_address(request)
    if refused := _admitted(name, address):
        return refused
    if not code.isascii():
        return Message("session.wrong_code")
    if not operations.accept_code(user=request.user, code=code, by=_self(request), now=now):
        return Message("session.wrong_code")
    operations.forgive_attempts(username=name, address=address)
    return None


def _admitted(name: str, address: str) -> Message | None:
    """Count an attempt at a secret; the sentence when there were too many."""
    return operations.admit_attempt(username=name, address=address, rule=lock_rule(), now=timezone.now())


def _self(request: Request) -> Acting:
    return (
        request.acting
        if request.acting.person
        else Acting(label=request.user.username, person=request.user.person_id)
    )
