"""导入与核对: a file comes in, its columns are named, its doubts are settled, and the list goes into the register."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from duban.directory.models import Unit
from duban.directory.queries import unit_directory
from duban.documents import operations
from duban.documents.models import Draft
from duban.documents.policies import refusal_to_check
from duban.documents.queries import Checking, checking, drafts_of, remembered_columns, source_of
from duban.documents.readers.limits import DEFAULTS
from duban.domain.drafting_columns import Layout, layout_of
from duban.domain.drafting_edits import KINDS, EditKind, effective
from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.tasklist.records import ColumnKind, Role, Severity
from duban.domain.units import UnitDirectory
from duban.domain.words import WORDS
from duban.register.operations import publish_draft
from duban.register.queries import like_lists
from duban.shared.statuses import status_of
from duban.web.checking import (
    DOUBTS,
    MOST_DOUBTS,
    Window,
    blocks_of,
    chapters_of,
    cuts_of,
    doubt_rows,
    figures_of,
    labels_of,
    records_of,
    window_of,
)
from duban.web.forms_check import PlaceForm, columns_from_post, edit_from_post
from duban.web.office import done, query_without
from duban.web.paging import paged
from duban.web.request import Request, number

SHEETS: Final = "sheets"  # the reader of workbooks

SAID: Final[dict[str, str | Promise]] = {
    "opened": _("文件已读入，请核对。"),
    "known": _("这份文件此前已经导入。"),
    "edited": _("已保存。"),
    "undone": _("已撤销您最近一处修改。"),
    "mapped": _("已按所选列含义重新读取，并已记住，下次同样表头的表格自动套用。"),
    "discarded": _("已放弃这份草稿；再次导入同一文件可以继续核对。"),
    "published": _("已确认入库。"),
}


def _answer(
    request: Request, template: str, context: dict[str, Any], refused: DomainError | None = None
) -> HttpResponse:
    more = {
        "refused": refused.message if refused else None,
        "said": "" if refused else SAID.get(request.GET.get("done", ""), ""),
        "typed": request.POST if refused else {},
        "query": query_without(request, "page", "done", "n"),
    }
    return render(request, template, {**context, **more}, status=status_of(refused) if refused else 200)


def _government(request: Request) -> Unit:
    """The government whose office this is; 403 for everybody else."""
    if refused := refusal_to_check(request.acting, request.acting.government):
        raise NotAllowed(refused)
    return Unit.objects.get(pk=request.acting.government or 0)


def _draft(request: Request, key: int) -> Draft:
    """One draft of this office; 404 when this post does not see it."""
    held = Draft.objects.visible_to(request.acting)
    held = held.select_related("records", "government", "run__document__text")
    return get_object_or_404(held, pk=key)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: Request) -> HttpResponse:
    """The drafts with who, when and state; POST takes a file in."""
    government = _government(request)
    if request.method != "POST":
        return _imports(request)
    try:
        name, data = _uploaded(request)
        now = timezone.now()
        reading = operations.read_for_draft(name=name, data=data, government=government, now=now)
        draft = operations.open_draft(reading=reading, government=government, by=request.acting, now=now)
    except (Conflict, Invalid) as refused:
        return _imports(request, refused)
    sheet = reading.source.reader == SHEETS and not draft.revision and draft.state == Draft.OPEN
    back = reverse("import-map" if sheet else "import-check", args=[draft.pk])
    return done(back, "opened" if draft.opened_at == now else "known")


def _uploaded(request: Request) -> tuple[str, bytes]:
    """Name and bytes of the file sent; Invalid when there is none or it is larger than any list."""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(Message("draft.file_needed"))
    if (file.size or 0) > DEFAULTS.bytes:
        raise Invalid(Message("reader.too_big", {"limit": DEFAULTS.megabytes}))
    return file.name or "", file.read()


def _imports(request: Request, refused: DomainError | None = None) -> HttpResponse:
    page, shown = paged(drafts_of(request.acting), request.GET.get("page"))
    waiting = Draft.objects.visible_to(request.acting).filter(state=Draft.OPEN).count()
    context = {"page": page, "drafts": shown, "waiting": waiting, "limits": DEFAULTS}
    return _answer(request, "check/imports.html", context, refused)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: Request, draft: int) -> HttpResponse:
    """What each column of the office's own table holds: recognised, changed by a person, remembered."""
    chosen = _draft(request, draft)
    layout = layout_of(source_of(chosen.run.document))
    if layout is None or chosen.state != Draft.OPEN:
        return done(reverse("import-check", args=[draft]), "")
    if request.method != "POST":
        return _columns(request, chosen, layout)
    try:
        kinds = columns_from_post(request.POST, [column.number for column in layout.columns])
        operations.map_columns(draft=chosen, columns=kinds, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _columns(request, chosen, layout, refused)
    return done(reverse("import-check", args=[draft]), "mapped")


def _columns(
    request: Request, draft: Draft, layout: Layout, refused: DomainError | None = None
) -> HttpResponse:
    known = remembered_columns(draft.government_id, layout)
    posted = request.POST if refused else {}
    rows = [
        (column, posted.get(f"column-{column.number}") or known.get(column.number) or column.kind or "")
        for column in layout.columns
    ]
    context = {
        "draft": draft,
        "rows": rows,
        "remembered": bool(known),
        "unknown": sum(not kind for _, kind in rows),
        "figures": figures_of(checking(draft)),
        "kinds": [(kind.value, WORDS["field"][kind.value]) for kind in ColumnKind],
        "samples": list(zip(*(column.samples for column in layout.columns), strict=True)),
    }
    return _answer(request, "check/columns.html", context, refused)


@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: Request, draft: int) -> HttpResponse:
    """The check screen; POST adds one edit and comes back to the same place."""
    chosen = _draft(request, draft)
    if chosen.state == Draft.PUBLISHED:
        return _answer(request, "check/published.html", {"draft": chosen})
    directory = unit_directory(chosen.government, timezone.localdate())
    if request.method != "POST":
        return _screen(request, chosen, directory)
    try:
        edit = edit_from_post(request.POST, directory)
        operations.edit_draft(draft=chosen, edits=[edit], by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _screen(request, _draft(request, draft), directory, refused)
    query = query_without(request, "done", "n")
    back = reverse("import-check", args=[draft]) + (f"?{query}" if query else "")
    return done(back, "undone" if edit.kind is EditKind.UNDO else "edited")


def _screen(
    request: Request, draft: Draft, directory: UnitDirectory, refused: DomainError | None = None
) -> HttpResponse:
    form = PlaceForm(request.GET)
    form.is_valid()
    place, state = form.cleaned_data, checking(draft)
    task, page = place.get("task") or "", place.get("page") or 1
    window = window_of(state, chapter=place.get("chapter") or "", page=page, task=task)
    context = {
        "draft": draft,
        "figures": figures_of(state),
        "state": state.draft,
        "window": window,
        "blocks": blocks_of(state, window),
        "records": records_of(state, window, directory),
        "chapters": chapters_of(state),
        "labels": labels_of(state),
        "roles": [(role.value, WORDS["role"][role.value]) for role in Role],
        "directory": directory,
        "table": any(block.table for block in state.source.blocks) and not draft.revision,
        **_doubts(state, directory, place.get("code") or ""),
        **_open_task(state, window, task),
        **_trail(request, state),
    }
    return _answer(request, "check/screen.html", context, refused)


def _doubts(state: Checking, directory: UnitDirectory, code: str) -> dict[str, Any]:
    """The work list: what is open, narrowed by its code; with `notes` what is only for information."""
    notes = [d for d in state.draft.doubts if d.finding.severity is Severity.NOTE]
    waiting = notes if code == "notes" else state.draft.open_doubts
    counts: dict[str, int] = {}
    for doubt in state.draft.open_doubts:
        counts[doubt.finding.code] = counts.get(doubt.finding.code, 0) + 1
    chosen = [d for d in waiting if code in ("", "notes", d.finding.code)]
    lookable = [d.key for d in chosen if d.finding.severity is Severity.CONFIRM]
    return {
        "doubts": doubt_rows(state, chosen[:MOST_DOUBTS], directory),
        "further": max(0, len(chosen) - MOST_DOUBTS),
        "codes": [(key, DOUBTS[key], count) for key, count in counts.items()],
        "code": code,
        "notes": len(notes),
        "lookable": lookable if code in counts and len(lookable) > 1 else [],
        "settled": sum(bool(doubt.settled_by) for doubt in state.draft.doubts),
    }


def _open_task(state: Checking, window: Window, task: str) -> dict[str, Any]:
    """The task whose forms are open, with the places where its text may be cut and its neighbours."""
    every = state.draft.tasks
    place = next((n for n, each in enumerate(every) if each.id == task), -1)
    if place < 0 or all(each.id != task for each in window.tasks):
        return {"open": None}
    each = every[place]
    headings = state.draft.parsed.headings
    names = [(n, h) for n, h in enumerate(headings, 1) if h.span.start <= each.task.span.start]
    return {
        "open": each,
        "cuts": cuts_of(state, each),
        "before": every[place - 1] if place else None,
        "after": every[place + 1] if place + 1 < len(every) else None,
        "headings": [(n, "　" * (h.level - 1) + h.text) for n, h in names],
        "heading": next(
            (n for n, h in reversed(names) if each.task.path and h.text == each.task.path[-1]), 0
        ),
    }


def _trail(request: Request, state: Checking) -> dict[str, Any]:
    """The last edits, and the one that this person may undo."""
    counted, actor = effective(state.log), operations.actor_of(request.acting)
    own = next((edit for edit in reversed(counted) if edit.actor == actor), None)
    numbers = {each.id: each.task.number for each in state.draft.tasks}
    last = [
        (KINDS[edit.kind], numbers.get(str(edit.values.get("task", "")), ""), edit.said, edit.label)
        for edit in reversed(counted[-8:])
    ]
    return {"own": own, "own_word": KINDS[own.kind] if own else None, "trail": last, "edits": len(counted)}


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: Request, draft: int) -> HttpResponse:
    """确认入库: asked once, with the name of the list; POST of the page that asks does it."""
    chosen = _draft(request, draft)
    back = reverse("import-check", args=[draft])
    if request.method != "POST" and chosen.state != Draft.OPEN:
        return redirect(back)
    if request.POST.get("sure") != "yes":
        return _confirm(request, chosen)
    seen, beside = number(request.POST.get("seen", "0")), "beside" in request.POST
    try:
        publish_draft(draft=chosen, seen=seen, beside=beside, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        if chosen.state != Draft.OPEN:
            raise
        return _confirm(request, chosen, refused)
    return done(back, "published")


def _confirm(request: Request, draft: Draft, refused: DomainError | None = None) -> HttpResponse:
    """The page that asks; while the draft cannot be published, the check screen with the reason."""
    state = checking(draft)
    if reason := state.draft.refusal:
        directory = unit_directory(draft.government, timezone.localdate())
        return _screen(request, draft, directory, Conflict(reason))
    context = {
        "draft": draft,
        "state": state.draft,
        "figures": figures_of(state),
        "alike": like_lists(draft.government_id, state.draft.title, state.draft.year),
    }
    return _answer(request, "check/confirm.html", context, refused)


@require_POST
def discard(request: Request, draft: int) -> HttpResponse:
    """放弃核对: the draft is put away, the document stays."""
    operations.discard_draft(draft=_draft(request, draft), by=request.acting, now=timezone.now())
    return done(reverse("import"), "discarded")
