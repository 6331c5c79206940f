"""The register: the lists, one list, one task, and the workbook of what is shown."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from duban.history.models import Event
from duban.history.presenters import lines
from duban.publishing.register_workbook import register_workbook
from duban.register.models import Task, TaskList
from duban.register.queries import (
    Filters,
    ListSummary,
    chapters_of,
    list_figures,
    list_summaries,
    newest_list,
    task_detail,
    task_rows,
    tasks_of,
    units_of,
)
from duban.web.forms import FilterForm
from duban.web.paging import paged
from duban.web.request import Request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def home(request: Request) -> HttpResponse:
    """The newest list this post may see; an administrator's own page; else what will appear here."""
    if request.acting.administers:
        return redirect("log" if request.acting.role == "auditor" else "units")
    newest = newest_list(request.acting)
    return redirect("register", newest.key) if newest else render(request, "register/none.html")


@require_safe
def lists(request: Request) -> HttpResponse:
    """Every list this post may see."""
    found = TaskList.objects.visible_to(request.acting).order_by("-year", "key")
    page, shown = paged(found, request.GET.get("page"))
    rows = list_summaries(shown, request.acting)
    return render(request, "register/lists.html", {"page": page, "rows": rows})


@require_safe
def task_list(request: Request, list_key: str) -> HttpResponse:
    """One list: what it holds and its tasks, 50 to a page, filters in the address."""
    chosen = _list(request, list_key)
    filters, page_number = _filters(request)
    units = units_of(chosen.pk, request.acting)
    page, shown = paged(
        tasks_of(chosen.pk, request.acting, filters), page_number, known=None if filters.any else chosen.tasks
    )
    context = {
        "list": chosen,
        "summary": list_figures(chosen.pk, request.acting, units),
        "narrowed": filters.any,
        "base": f"/l/{chosen.key}/t/",
        "rows": task_rows(shown),
        "page": page,
        "filters": filters,
        "chapters": chapters_of(chosen.pk),
        "units": units,
        "query": _query_without_page(request),
    }
    return render(request, "register/list.html", context)


@require_safe
def export(request: Request, list_key: str) -> HttpResponse:
    """The tasks now shown, all pages, as an Excel workbook."""
    chosen = _list(request, list_key)
    filters, _ = _filters(request)
    rows = task_rows(tasks_of(chosen.pk, request.acting, filters))
    content = register_workbook(chosen.title, chosen.document_number, rows, timezone.localdate())
    response = HttpResponse(content, content_type=XLSX)
    name = content_disposition_header(as_attachment=True, filename=f"{chosen.title}.xlsx")
    response["Content-Disposition"] = name or "attachment"
    return response


@require_safe
def task(request: Request, list_key: str, task_key: str) -> HttpResponse:
    """One task: the official text with its marks, what was found in it, who owes what, what happened."""
    tasks = Task.objects.visible_to(request.acting)
    chosen = get_object_or_404(tasks, list__key=list_key, key=task_key)
    events = Event.objects.of_task(chosen.list_id, chosen.pk).order_by("-seq")[:50]
    context = {"task": task_detail(chosen, request.acting), "events": lines(events)}
    return render(request, "register/task.html", context)


@require_safe
def by_number(request: Request, year: int, number: str) -> HttpResponse:
    """A task by year and printed number; asks when several lists of the year have that number."""
    tasks = Task.objects.visible_to(request.acting).filter(list__year=year, current__number=number)
    found = list(tasks.select_related("list", "current").order_by("list__key", "ordinal")[:50])
    if len(found) == 1:
        return redirect(reverse("register-task", args=[found[0].list.key, found[0].key]))
    context = {"found": found, "year": year, "number": number}
    return render(request, "register/by_number.html", context, status=200 if found else 404)


def _list(request: Request, key: str) -> ListSummary:
    """The list of that key, kept for the frame, which shows it too; 404 when this post does not see it."""
    found = newest_list(request.acting, key)
    if found is None:
        raise Http404
    request.shown_list = found
    return found


def _filters(request: Request) -> tuple[Filters, int]:
    form = FilterForm(request.GET)
    form.is_valid()
    clean = form.cleaned_data
    filters = Filters(
        chapter=clean.get("chapter"),
        unit=clean.get("unit"),
        role=clean.get("role") or "",
        text=clean.get("q") or "",
        targets=bool(clean.get("targets")),
    )
    return filters, clean.get("page") or 1


def _query_without_page(request: Request) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
