"""涉密误传处置: one person asks that a row or a document be removed for good, another one confirms."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from duban.documents.models import SourceDocument
from duban.domain.errors import DomainError
from duban.history.models import Purge
from duban.history.policies import refusal_to_purge
from duban.purging.operations import purge_document, purge_thing
from duban.purging.queries import done, found, thing_at, waiting
from duban.shared.statuses import status_of
from duban.web.office import done as done_with
from duban.web.request import Request, number

NEWEST: Final = 100
LONGEST: Final = 60
DONE: Final = {
    "purge_asked": _("已提出处置，待另一人确认后删除；确认前各处文字不变。"),
    "purge_done": _("已处置：文字、先前的文字和相同的文字已永久删除，记录和校验值保留。"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request) -> HttpResponse:
    """What waits for a second person, a search for rows, and the documents; a POST asks or confirms."""
    if refusal_to_purge(request.acting) is not None:
        raise Http404
    documents = SourceDocument.objects.filter(government=request.acting.government).select_related("file")
    refused: DomainError | None = None
    if request.method == "POST":
        try:
            return done_with(reverse("purge"), "purge_done" if _act(request, documents) else "purge_asked")
        except DomainError as error:
            refused = error
    context = {
        **_rows(request),
        **_documents(documents),
        "refused": refused and refused.message,
        "said": DONE.get(request.GET.get("done", "")) if refused is None else None,
        "reason": request.POST.get("reason", ""),
        "touched": request.POST.get("thing", "") or number(request.POST.get("document", "")),
    }
    return render(request, "purge/page.html", context, status=status_of(refused) if refused else 200)


def _rows(request: Request) -> dict[str, Any]:
    """The rows: those asked for, those found for the words of the address, those done."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    return {
        "words": words,
        "found": found(words, request.acting),
        "waiting": waiting(request.acting),
        "done": done(request.acting),
        "searches": request.acting.runs_office,
    }


def _documents(documents: QuerySet[SourceDocument]) -> dict[str, Any]:
    rows = list(documents.order_by("-pk")[:NEWEST])
    open_purges = Purge.objects.filter(payload__in=[row.file_id for row in rows], confirmed_at__isnull=True)
    asked = {purge.payload_id: purge for purge in open_purges}
    return {"rows": [(row, asked.get(row.file_id)) for row in rows], "asked": len(asked)}


def _act(request: Request, documents: QuerySet[SourceDocument]) -> bool:
    """Ask (False), or confirm as the second person (True)."""
    act: dict[str, Any] = {
        "reason": request.POST.get("reason", ""),
        "by": request.acting,
        "now": timezone.now(),
    }
    subject = request.POST.get("thing", "")
    thing = thing_at(subject, request.acting.government) if subject else None
    if subject and thing is None:
        raise Http404
    if thing is not None:
        return purge_thing(thing=thing, **act)
    document = get_object_or_404(documents, pk=number(request.POST.get("document", "")))
    return purge_document(document=document, **act)
