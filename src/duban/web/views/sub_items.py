"""任务分项 of one task and their types: proposed from the words, decided by the office where a task mixes types."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from duban.domain.errors import Conflict, DomainError, Invalid
from duban.domain.natures import NATURE_LABELS, Nature
from duban.plans.sub_items import counted_items, decide_natures, items_of
from duban.register.models import Task
from duban.web.office import Shown, done, office_list
from duban.web.request import Request, number
from duban.web.templatetags.year_words import pair


@require_http_methods(["GET", "HEAD", "POST"])
def sub_items(request: Request, list_key: str, task_key: str) -> HttpResponse:
    """The sub-items of a task with their types; POST decides them."""
    task_list = office_list(request, list_key)
    seen = Task.objects.visible_to(request.acting).select_related("list", "current")
    task = get_object_or_404(seen.filter(list=task_list), key=task_key)
    if request.method != "POST":
        return _page(request, task)
    try:
        natures, shown = _typed(request, "nature-"), _typed(request, "seen-")
        act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
        count = decide_natures(task=task, seen=shown, natures=natures, **act)
    except (Conflict, Invalid) as refused:
        return _page(request, task, refused)
    return done(reverse("sub-items", args=[list_key, task_key]), "typed" if count else "unchanged", count)


def _typed(request: Request, prefix: str) -> dict[int, str]:
    """The fields of the form that begin so, by the number of their sub-item."""
    return {
        number(name.removeprefix(prefix)): str(value)
        for name, value in request.POST.items()
        if name.startswith(prefix)
    }


def _page(request: Request, task: Task, refused: DomainError | None = None) -> HttpResponse:
    items = items_of([task.pk]).get(task.pk, ())
    typed = _typed(request, "nature-") if refused else {}
    context = {
        "list": task.list,
        "task": task,
        "lines": [(item, typed.get(item.clause, item.nature)) for item in items],
        "counted": len(counted_items(items)),
        "natures": [(nature.value, pair(NATURE_LABELS[nature])) for nature in Nature],
    }
    return Shown("refinement/sub_items.html", context).answer(request, refused)
