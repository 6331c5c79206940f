"""Addresses that only take what a form sends: whoever lands there by “Back” or by loading anew is shown the page of the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from duban.web.request import Request

View = Callable[..., HttpResponse]


def post_from(page: str, *kept: str) -> Callable[[View], View]:
    """A view for POST alone; a GET goes to `page`, whose address takes the parts `kept` of this one."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: Request, **parts: Any) -> HttpResponse:
            if request.method == "POST":
                return view(request, **parts)
            if request.method in ("GET", "HEAD"):
                return redirect(page, *(parts[name] for name in kept))
            return HttpResponseNotAllowed(["POST"])

        return answered

    return decorate
