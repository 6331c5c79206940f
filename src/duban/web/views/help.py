"""What the pages are for, on one page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from duban.web.request import Request


@require_safe
def page(request: Request) -> HttpResponse:
    """Help for the person at the desk."""
    return render(request, "help/page.html")
