"""Pages for what is not there and for what broke."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from duban.domain.messages import Message


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Nothing at this address that this post may see."""
    return render(request, "faults/not_found.html", status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """A request that cannot be read: too large, or damaged on the way."""
    return render(request, "faults/refused.html", {"sentence": Message("web.request_damaged")}, status=400)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """A form without the sign that it came from a page of ours: the page is too old, or another site sent it."""
    return render(request, "faults/refused.html", {"sentence": Message("web.form_expired")}, status=403)


def broken(_: HttpRequest) -> HttpResponse:
    """A bug: said plainly, without context processors that could fail again."""
    return HttpResponse(
        "<!doctype html><meta charset=utf-8><title>500</title><p>系统出错，您刚才的操作没有保存。请稍后再试，或告知系统管理员。"
        "<p>The system failed; what you just did was not saved. Try again later or tell the administrator.",
        status=500,
    )
