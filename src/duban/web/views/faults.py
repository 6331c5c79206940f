"""Pages for what is not there and for what broke."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Nothing at this address that this post may see."""
    return render(request, "faults/not_found.html", status=404)


def broken(_: HttpRequest) -> HttpResponse:
    """A bug: said plainly, without context processors that could fail again."""
    return HttpResponse(
        "<!doctype html><meta charset=utf-8><title>500</title><p>系统出错，您刚才的操作没有保存。请稍后再试，或告知系统管理员。"
        "<p>The system failed; what you just did was not saved. Try again later or tell the administrator.",
        status=500,
    )
