"""交办: the table of what the office decides about every task, rows pasted from Excel, receipts, the coverage checks."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duban.domain.coverage_checks import CHECKS, Check, check
from duban.domain.errors import Conflict, Invalid
from duban.domain.messages import Message
from duban.domain.natures import NATURE_LABELS, RHYTHM_LABELS
from duban.plans import operations
from duban.plans.models import Assignment
from duban.plans.queries import (
    IssueFilters,
    ReceiptRow,
    assignments_of,
    city_leaders,
    duties,
    gap_rows,
    issue_figures,
    issue_reach,
    issue_rows,
    missing,
    receipt_rows,
    unit_names_to_pk,
)
from duban.register.models import Task, TaskList
from duban.register.queries import chapters_of, units_of
from duban.shared.form_json import read_json
from duban.web.exporting import page_size
from duban.web.forms_office import BIG, FIELDS, IssueFilterForm, IssueSheet, ReviewFilterForm, seen_json
from duban.web.office import Shown, back_to, done, keys_in, needed, office_list
from duban.web.pasting import CellChange, Pasted, read_pasted
from duban.web.request import Request
from duban.web.templatetags.year_words import (
    RECEIPT_MANNERS,
    RECEIPT_STATES,
    nature_word,
    pair,
    picks,
    rhythm_word,
)

SIZE: Final = 100
RESEND: Final = re.compile(r"resend-(?P<unit>[0-9]{1,12})")


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: Request, list_key: str) -> HttpResponse:
    """The table of 交办 for all tasks, 100 to a page or all; POST saves touched rows and a field set in bulk."""
    chosen = office_list(request, list_key)
    if request.method != "POST":
        return _table(request, chosen).answer(request)
    sheet = None
    try:
        sheet = IssueSheet(request.POST)
        keys = dict(Task.objects.filter(list=chosen).values_list("pk", "key"))
        edits = sheet.edits(keys, bulk=_bulk(request))
        saved = operations.assign(task_list=chosen, edits=edits, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _table(request, chosen, sheet).answer(request, refused)
    return done(back_to(request, "issue", list_key), "saved" if saved else "unchanged", saved)


def _bulk(request: Request) -> tuple[str, str] | None:
    field = request.POST.get("bulk", "")
    return (field, request.POST.get(f"bulk-{field}", "").strip()) if field in FIELDS else None


def _table(request: Request, chosen: TaskList, sheet: IssueSheet | None = None) -> Shown:
    form = IssueFilterForm(request.GET)
    filters = form.filters
    found = assignments_of(chosen.pk, request.acting, filters)
    figures = issue_figures(chosen.pk)
    size = (form.cleaned_data.get("size") or "") if _roomy(figures.tasks) else ""
    page = Paginator(found, BIG if size else SIZE).get_page(form.cleaned_data.get("page") or 1)
    rows = issue_rows(
        _kept(request, chosen, sheet) if sheet else found[max(0, page.start_index() - 1) : page.end_index()],
        timezone.localdate(),
    )
    context = {
        "list": chosen,
        "figures": figures,
        "roomy": _roomy(figures.tasks),
        "lines": sheet.lines(rows) if sheet else IssueSheet.fresh(rows),
        "seen": seen_json(rows),
        "page": page,
        "size": size,
        "filters": filters,
        **_choices(request, chosen),
    }
    return Shown("issue/table.html", context)


def _roomy(tasks: int) -> bool:
    """Whether a form with every task of a list would be taken back: ten fields for a row, some for the rest."""
    most: int | None = getattr(settings, "DATA_UPLOAD_MAX_NUMBER_FIELDS")  # noqa: B009 (the stubs know no None)
    return most is None or most >= 10 * tasks + 20


def _kept(request: Request, chosen: TaskList, sheet: IssueSheet) -> QuerySet[Assignment]:
    """The rows that were typed into, also those that no longer fit the filters."""
    return assignments_of(chosen.pk, request.acting, IssueFilters()).filter(task__in=sheet.shown)


def _choices(request: Request, chosen: TaskList) -> dict[str, Any]:
    """What the selects of the table offer."""
    natures = [(nature.value, pair(words)) for nature, words in NATURE_LABELS.items()]
    rhythms = [(rhythm.value, pair(words)) for rhythm, words in RHYTHM_LABELS.items()]
    return {
        "chapters": chapters_of(chosen.pk),
        "units": units_of(chosen.pk, request.acting),
        "leader_choices": [(name, name) for name in city_leaders(chosen.pk, chosen.government_id)],
        "natures": natures,
        "rhythms": rhythms,
        "nature_options": {value: picks(natures, value) for value, _ in natures},
        "rhythm_options": {value: picks(rhythms, value) for value, _ in rhythms},
        "fields": FIELDS,
    }


@require_POST
def prepare(request: Request, list_key: str) -> HttpResponse:
    """准备交办: types and rhythms proposed, a lead only where the list names one."""
    chosen = office_list(request, list_key)
    made = operations.prepare_list(task_list=chosen, by=request.acting, now=timezone.now())
    return done(reverse("issue", args=[list_key]), "prepared", made)


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Request, list_key: str) -> HttpResponse:
    """交办下达: receipts for every unit, asked once with the name of the list; refused while a task has no lead."""
    chosen = office_list(request, list_key)
    figures = issue_figures(chosen.pk)
    ready = figures.tasks == figures.prepared and not figures.unled
    if request.method != "POST" and not (ready and figures.issued < figures.tasks):
        return redirect("issue", list_key)
    if ready and request.POST.get("sure") != "yes":
        context = {"list": chosen, "figures": figures, "reach": issue_reach(chosen)}
        return Shown("issue/confirm.html", context).answer(request)
    try:
        made = operations.issue_list(task_list=chosen, by=request.acting, now=timezone.now())
    except Conflict as refused:
        return _table(request, chosen).answer(request, refused)
    return done(reverse("receipts", args=[list_key]), "issued", made)


@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: Request, list_key: str) -> HttpResponse:
    """Rows pasted from Excel: first what they would change, then, when confirmed, the change."""
    chosen = office_list(request, list_key)
    text = request.POST.get("text", "")
    if request.method != "POST":
        return _pasted(chosen, text, None).answer(request)
    pasted = None
    try:
        rows = issue_rows(assignments_of(chosen.pk, request.acting, IssueFilters()), timezone.localdate())
        pasted = read_pasted(text, rows, unit_names_to_pk(chosen.government_id))
        pasted.require_clean()
        if request.POST.get("step") != "apply":
            return _pasted(chosen, text, pasted).answer(request)
        edits = pasted.edits(_revisions(request))
        saved = operations.assign(task_list=chosen, edits=edits, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _pasted(chosen, text, pasted).answer(request, refused)
    return done(reverse("issue", args=[list_key]), "pasted", saved)


def _revisions(request: Request) -> dict[int, int]:
    try:
        raw = read_json(request.POST.get("seen", "{}"))
        return {int(task): int(revision) for task, revision in raw.items()}
    except (ValueError, TypeError, AttributeError) as problem:
        raise Invalid(Message("office.bad_seen")) from problem


def _pasted(chosen: TaskList, text: str, pasted: Pasted | None) -> Shown:
    changes = pasted.changes if pasted else ()
    context = {
        "list": chosen,
        "text": text,
        "pasted": pasted,
        "changes": [(c.row, FIELDS[c.field], _said(c, c.before), _said(c, c.after)) for c in changes],
        "seen": json.dumps({change.row.task: change.row.revision for change in changes}),
        "prepared": Assignment.objects.filter(task__list=chosen).exists(),
    }
    return Shown("issue/paste.html", context)


def _said(change: CellChange, value: Any) -> str:
    """A value as the page names it."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return pair(("是", "yes") if value else ("否", "no"))
    if isinstance(value, date):
        return value.isoformat()
    if change.field == "lead":
        return next((part.name for part in change.row.parts if part.unit == value), "")
    words = {"nature": nature_word, "rhythm": rhythm_word}.get(change.field)
    return words(value) if words else str(value)


@require_GET
def receipts(request: Request, list_key: str) -> HttpResponse:
    """签收一览: every unit with its receipt, narrowed by state or manner."""
    return _receipts(request, office_list(request, list_key)).answer(request)


def _receipts(request: Request, chosen: TaskList) -> Shown:
    rows = receipt_rows(chosen.pk, request.acting)
    state, manner = request.GET.get("state", ""), request.GET.get("manner", "")
    shown = [row for row in rows if state in ("", row.state) and manner in ("", row.manner)]
    context = {
        "list": chosen,
        "units": len(rows),
        "counts": Counter(row.state for row in rows),
        "manners": Counter(row.manner for row in rows),
        "rows": shown,
        "pending": any(row.state == "pending" for row in shown),
        "state": state,
        "manner": manner,
        "states": [(key, pair(words)) for key, words in RECEIPT_STATES.items()],
        "manner_choices": [(key, pair(words)) for key, words in RECEIPT_MANNERS.items()],
        "ticked": frozenset(keys_in(request, "unit")),
        "typed": request.POST,
    }
    return Shown("issue/receipts.html", context)


@require_POST
def sign(request: Request, list_key: str) -> HttpResponse:
    """Ticked units signed by telephone or on paper, or one sent the issue back, or what it proposed is answered."""
    chosen = office_list(request, list_key)
    units, note = keys_in(request, "unit"), request.POST.get("note", "").strip()
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    back = back_to(request, "receipts", list_key)
    try:
        if again := RESEND.fullmatch(request.POST.get("do", "")):
            reply = request.POST.get(f"reply-{again['unit']}", "")
            operations.resend_receipt(task_list=chosen, unit=int(again["unit"]), reply=reply, **act)
            return done(back, "resent")
        units = _known(units, receipt_rows(chosen.pk, request.acting))
        if request.POST.get("do") == "return":
            _only_one(units)
            operations.return_receipt(task_list=chosen, unit=units[0], proposal=note, **act)
            return done(back, "returned_receipt")
        how = "paper" if request.POST.get("how") == "paper" else "phone"
        signed = operations.sign_for(task_list=chosen, units=units, how=how, note=note, **act)
    except (Conflict, Invalid) as refused:
        return _receipts(request, chosen).answer(request, refused)
    return done(back, "signed", signed)


def _known(units: list[int], rows: list[ReceiptRow]) -> list[int]:
    return needed([row.unit for row in rows if row.unit in set(units)])


def _only_one(units: list[int]) -> None:
    if len(units) > 1:
        raise Invalid(Message("office.one_unit"))


@require_GET
def coverage(request: Request, list_key: str) -> HttpResponse:
    """层层有人抓、事事有人管、件件能落实: the figures, and the gaps of one of them, 100 to a page."""
    chosen = office_list(request, list_key)
    form = ReviewFilterForm(request.GET)
    values = form.clean_values
    outcomes = check(duties(chosen.pk))
    which = next((c for c in Check if c == request.GET.get("check")), None) or _first_gap(outcomes)
    places = missing(g for g in outcomes[which].gaps if values.get("unit") in (None, g.unit))
    page = Paginator(places, page_size(request, SIZE)).get_page(values.get("page") or 1)
    context = {
        "list": chosen,
        "checks": [(c.value, CHECKS[c], outcomes[c].figures, len(outcomes[c].gaps)) for c in Check],
        "which": which.value,
        "label": CHECKS[which],
        "rows": gap_rows(list(page.object_list)),
        "page": page,
        "unit": values.get("unit"),
        "units": units_of(chosen.pk, request.acting),
    }
    return Shown("issue/coverage.html", context).answer(request)


def _first_gap(outcomes: dict[Check, Any]) -> Check:
    return next((c for c in Check if outcomes[c].gaps), Check.LAYERS)
