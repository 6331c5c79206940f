"""The register: the lists, one list, one task, and the workbook of what is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duban.domain.lights import LIGHTS
from duban.domain.natures import NATURE_LABELS
from duban.domain.words import WORDS
from duban.overview.pages import (
    NONE,
    Narrowing,
    Standings,
    exported_rows,
    named,
    stand_rows,
    standing_tasks,
    standings_of,
)
from duban.overview.task_page import task_standing
from duban.publishing.register_workbook import register_workbook, standing_workbook
from duban.register.models import Task, TaskList
from duban.register.queries import (
    ListSummary,
    chapters_of,
    list_figures,
    list_summaries,
    newest_list,
    task_detail,
    task_rows,
    tasks_of,
    uncounted_list,
    unit_choices,
    units_of,
)
from duban.web.exporting import workbook
from duban.web.forms_overview import NarrowingForm
from duban.web.office import query_without
from duban.web.paging import SIZE, paged
from duban.web.request import Request
from duban.web.templatetags.year_words import pair

ROLES = ("lead", "main", "support")


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
    """One list, 50 tasks to a page, filters in the address: what it holds, and once it is issued where it stands."""
    form = NarrowingForm(request.GET)
    narrowing = form.narrowing()
    chosen, standings = _counted_list(request, list_key, narrowing)
    page_number = form.cleaned_data.get("page") or 1
    if not standings.issued:
        context = _document_page(request, chosen, narrowing, page_number)
        return render(request, "register/list.html", context)
    everything = bool(form.cleaned_data.get("all"))
    context = _standing_page(request, chosen, narrowing, standings, None if everything else page_number)
    return render(request, "register/standing.html", context)


def _counted_list(request: Request, key: str, narrowing: Narrowing) -> tuple[ListSummary, Standings]:
    """The list of that key and where it stands, counted in one query; 404 when this post does not see it."""
    found = uncounted_list(request.acting, key)
    if found is None:
        raise Http404
    standings = standings_of(found.pk, request.acting, office_only=narrowing.office_only)
    request.shown_list = replace(found, tasks=standings.tasks)
    return request.shown_list, standings


def _document_page(
    request: Request, chosen: ListSummary, narrowing: Narrowing, page_number: int
) -> dict[str, Any]:
    filters = narrowing.document
    units = units_of(chosen.pk, request.acting)
    page, shown = paged(
        tasks_of(chosen.pk, request.acting, filters), page_number, known=None if filters.any else chosen.tasks
    )
    return {
        "list": chosen,
        "summary": list_figures(chosen.pk, request.acting, units),
        "narrowed": filters.any,
        "base": f"/l/{chosen.key}/t/",
        "rows": task_rows(shown),
        "page": page,
        "filters": filters,
        "chapters": chapters_of(chosen.pk),
        "units": units,
        "query": (query := query_without(request, "page")),
        "tail": f"?{query}" if query else "",
    }


def _standing_page(
    request: Request,
    chosen: ListSummary,
    narrowing: Narrowing,
    standings: Standings,
    page_number: int | None,
) -> dict[str, Any]:
    """The context of an issued list; without a page number all its tasks, for the printer."""
    acting, day = request.acting, standings.on or timezone.localdate()
    tasks = standing_tasks(chosen.pk, acting, narrowing)
    page, shown = paged(tasks, page_number or 1, known=None if narrowing.any else chosen.tasks)
    rows = tasks if page_number is None else shown
    return _choices(chosen, standings, request) | {
        "list": chosen,
        "standings": standings,
        "narrowing": narrowing,
        "filters": narrowing.document,
        "base": f"/l/{chosen.key}/t/",
        "rows": stand_rows(rows, acting, day, office_only=narrowing.office_only),
        "page": page,
        "everything": page_number is None,
        "query": (query := query_without(request, "page", "all")),
        "tail": f"?{query}" if query else "",
        "tally_at": "?voice=office&" if narrowing.office_only else "?",
    }


def _choices(chosen: ListSummary, standings: Standings, request: Request) -> dict[str, Any]:
    """What the filters of an issued list offer."""
    roles = WORDS["role"]
    lights = [(light.value, pair(words[1:])) for light, words in LIGHTS.items()]
    return {
        "chapters": chapters_of(chosen.pk),
        "units": unit_choices(chosen.pk, request.acting),
        "leaders": named(standings.leaders.items()),
        "natures": [(nature.value, pair(words)) for nature, words in NATURE_LABELS.items()],
        "role_choices": [("", _("任何角色")), *((role, pair(roles[role])) for role in ROLES)],
        "light_choices": [*lights, (NONE, _("未核定"))],
    }


@require_safe
def export(request: Request, list_key: str) -> HttpResponse:
    """The tasks now shown, all pages, as an Excel workbook with the columns of the page."""
    narrowing = NarrowingForm(request.GET).narrowing()
    acting, today = request.acting, timezone.localdate()
    chosen, standings = _counted_list(request, list_key, narrowing)
    if standings.issued:
        day: date = standings.on or today
        tasks = standing_tasks(chosen.pk, acting, narrowing)
        lines = exported_rows(tasks, acting, day, office_only=narrowing.office_only)
        content = standing_workbook(chosen.title, chosen.document_number, lines, today)
    else:
        rows = task_rows(tasks_of(chosen.pk, acting, narrowing.document))
        content = register_workbook(chosen.title, chosen.document_number, rows, today)
    return workbook(content, chosen.title)


@require_safe
def task(request: Request, list_key: str, task_key: str) -> HttpResponse:
    """One task: where it stands and why, the official text with its marks, who owes what, what was reported and done."""
    visible = Task.objects.visible_to(request.acting).select_related("assignment__lead")
    chosen = get_object_or_404(visible, list__key=list_key, key=task_key)
    detail = task_detail(chosen, request.acting, _among(request, chosen))
    request.shown_list = ListSummary(
        chosen.list_id, detail.list_key, detail.list_year, detail.list_title, detail.document_number,
        detail.of_tasks,
    )  # fmt: skip
    everything = request.GET.get("events") == "all"
    query = query_without(request, "events", "page", "all")
    context = {
        "task": detail,
        "query": query,
        "tail": f"?{query}" if query else "",
        "page_number": (detail.position - 1) // SIZE + 1,
        "stand": task_standing(
            chosen, detail.owed, request.acting, timezone.localdate(), everything=everything
        ),
    }
    return render(request, "register/task.html", context)


def _among(request: Request, chosen: Task) -> QuerySet[Task] | None:
    """The tasks of the list as the address narrows it, which the page then leads through; None for all of them."""
    narrowing = NarrowingForm(request.GET).narrowing() if request.GET else Narrowing()
    return standing_tasks(chosen.list_id, request.acting, narrowing) if narrowing.any else None


@require_safe
def by_number(request: Request, year: int, number: str) -> HttpResponse:
    """A task by year and printed number; asks when several lists of the year have that number."""
    tasks = Task.objects.visible_to(request.acting).filter(list__year=year, current__number=number)
    found = list(tasks.select_related("list", "current").order_by("list__key", "ordinal")[:50])
    if len(found) == 1:
        return redirect(reverse("register-task", args=[found[0].list.key, found[0].key]))
    context = {"found": found, "year": year, "number": number}
    return render(request, "register/by_number.html", context, status=200 if found else 404)
