"""涉密误传处置: one person asks that a document be removed for good, another one confirms."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from duban.documents.models import SourceDocument
from duban.domain.errors import DomainError
from duban.domain.messages import Message
from duban.history.models import Purge
from duban.history.policies import refusal_to_purge
from duban.register.operations import purge_document
from duban.web.request import Request, number

NEWEST = 100


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request) -> HttpResponse:
    """The documents of this government and what is under way; a POST asks or confirms."""
    if refusal_to_purge(request.acting) is not None:
        raise Http404
    documents = SourceDocument.objects.filter(government=request.acting.government).select_related("file")
    refused = _asked(request, documents) if request.method == "POST" else None
    if request.method == "POST" and refused is None:
        return redirect("purge")
    rows = list(documents.order_by("-pk")[:NEWEST])
    asked = {
        purge.payload_id: purge
        for purge in Purge.objects.filter(
            payload__in=[row.file_id for row in rows], confirmed_at__isnull=True
        )
    }
    context = {
        "rows": [(row, asked.get(row.file_id)) for row in rows],
        "asked": len(asked),
        "refused": refused,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "purge/page.html", context, status=422 if refused else 200)


def _asked(request: Request, documents: QuerySet[SourceDocument]) -> Message | None:
    """Ask or confirm; the refusal, if there is one."""
    document = get_object_or_404(documents, pk=number(request.POST.get("document", "")))
    reason = request.POST.get("reason", "")
    try:
        purge_document(document=document, reason=reason, by=request.acting, now=timezone.now())
    except DomainError as error:
        return error.message
    return None
