"""A unit's sheets: the report of a period and the plan for the year, on the page, as Word papers, and signed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from duban.documents.operations import read_scan
from duban.domain.errors import Conflict, Invalid
from duban.history.models import Payload
from duban.plans.operations import refine
from duban.plans.people import contacts_of
from duban.plans.sheet import PEOPLE_FIELDS, plan_rows
from duban.plans.sub_items import counted_items, items_of
from duban.progress.exchange import fill, rows_of
from duban.progress.models import Obligation, SignOff
from duban.progress.operations import Signature, check_code, sign_off, withdraw
from duban.progress.policies import refusal_to_sign
from duban.progress.sheet_queries import SheetRow
from duban.publishing.unit_contents import Sheet, report_form_content, sign_off_content
from duban.publishing.unit_papers import write_report_form, write_sign_off
from duban.web.asking import Acted, act_on_parts, askings, part_to_withdraw
from duban.web.forms_sheets import (
    STATUSES,
    Line,
    PlanSheet,
    ReportSheet,
    fresh_lines,
    fresh_plan,
    is_filled,
    taken,
)
from duban.web.forms_sign import PaperForm, scan_kind
from duban.web.office import done
from duban.web.posting import post_from
from duban.web.request import Request
from duban.web.templatetags.year_words import pair
from duban.web.unit_pages import DOCX, about, answer, file, said_of, unit_sheet

SHOWS: Final = ("", "missing", "returned", "filled", "sent")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, list_key: str, period_key: str, number: int) -> HttpResponse:
    """The report sheet of a unit; POST saves the touched rows and, when asked, sends every filled one."""
    sheet = unit_sheet(request, list_key, number, period_key)
    assert sheet.period is not None
    rows = rows_of(sheet.period, number)
    if request.method != "POST":
        return _report(request, sheet, rows)
    form = ReportSheet(request.POST, rows)
    try:
        code, n, anchor = _taken_in(request, sheet, form)
    except (Conflict, Invalid) as refused:
        return _report(request, sheet, rows, Came(form, refused=refused))
    if code == "part_sure":
        return _report(request, sheet, rows_of(sheet.period, number), Came(sure=n))
    if code in ("kept", "unchanged", "sent") and _still_asking(request, sheet, rows):
        return _report(request, sheet, rows_of(sheet.period, number), Came(told=said_of(code, n)))
    show = request.GET.get("show", "") if code in ("kept", "unchanged") else ""
    return done(reverse("unit-sheet", args=[list_key, period_key, number]), code, n, show=show, anchor=anchor)


def _taken_in(request: Request, sheet: Sheet, form: ReportSheet) -> Acted:
    """Keep the touched rows and do what the button says, all or nothing."""
    assert sheet.period is not None
    do, unit = request.POST.get("do", ""), sheet.unit.pk
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    channel = ("paper" if request.acting.runs_office else "page") if do == "send" else ""
    with transaction.atomic():
        kept = fill(period=sheet.period, unit=unit, entries=form.entries, channel=channel, **act)
        if taken_back := taken(do):
            return Acted("withdrawn", withdraw(period=sheet.period, unit=unit, rows=taken_back, **act))
        if parts := act_on_parts(request, sheet, act["now"]):
            return parts
    if channel:
        return Acted("sent", kept.sent)
    return Acted("kept" if kept.saved else "unchanged", kept.saved)


def _still_asking(request: Request, sheet: Sheet, rows: list[SheetRow]) -> bool:
    """Whether a question to supporting units was typed and not asked: the page then stays, with it."""
    return any(asking.begun for asking in askings(request, sheet, rows).values())


class Came(NamedTuple):
    """What came back of the page, and why it was refused, or what was done where the page stays; `sure` is a part to be asked about once more."""

    form: ReportSheet | None = None
    paper: PaperForm | None = None
    refused: Conflict | Invalid | None = None
    told: str = ""
    sure: int = 0


FRESH: Final = Came()


def _report(request: Request, sheet: Sheet, rows: list[SheetRow], came: Came = FRESH) -> HttpResponse:
    assert sheet.period is not None
    show = request.GET.get("show", "")
    fresh = [line for line in fresh_lines(rows) if _shown(line.row, show)]
    lines = came.form.lines if came.form else fresh
    context = {
        **about(request, sheet),
        "period": sheet.period,
        "lines": _with_parts(
            request, sheet, _with_items(sorted(lines, key=lambda line: line.row.state != "returned"))
        ),
        "show": show if show in SHOWS else "",
        "counts": _counts(rows),
        "is_open": sheet.period.state == "open",
        "overdue": sheet.period.overdue(sheet.today) if any(row.fillable for row in rows) else 0,
        "on_behalf": request.acting.runs_office,
        "told": came.told,
        "sure": part_to_withdraw(request, came.sure) if came.sure else None,
        "statuses": [(words[0], pair(words)) for words in STATUSES],
        "paper": came.paper or PaperForm(sheet.today),
        "following": _following(request, sheet) if request.acting.runs_office else None,
        **_signed(request, sheet),
    }
    status = 422 if came.paper and came.paper.errors else 200
    return answer(request, "sheets/report.html", context, came.refused, status)


def _with_items(lines: list[Line]) -> list[Line]:
    """The rows that may still be filled in, with the sub-items that the unit may name as behind. One query."""
    items = items_of(line.row.task for line in lines if line.row.fillable)
    return [replace(line, items=counted_items(items.get(line.row.task, ()))) for line in lines]


def _with_parts(request: Request, sheet: Sheet, lines: list[Line]) -> list[Line]:
    """The rows with what their unit may ask of the units that share the task, and what these have said."""
    found = askings(request, sheet, (line.row for line in lines))
    return [replace(line, asking=found.get(line.row.obligation)) for line in lines]


def _following(request: Request, sheet: Sheet) -> tuple[int, str] | None:
    """The next unit of the period that owes rows, in the order of the directory and then from its top; None when no other does."""
    missing = Obligation.objects.visible_to(request.acting).filter(
        period=sheet.period, state__in=["owed", "returned"]
    )
    units = missing.order_by("unit__position", "unit_id").values_list(
        "unit__position", "unit_id", "unit__name"
    )
    others = [row for row in units.distinct() if row[1] != sheet.unit.pk]
    here = (sheet.unit.position, sheet.unit.pk)
    _, unit, name = next((row for row in others if row[:2] > here), others[0] if others else (0, 0, ""))
    return (unit, name) if unit else None


def _signed(request: Request, sheet: Sheet) -> dict[str, Any]:
    """The signatures under a sheet, whether the newest still stands, and whether this post signs by click."""
    assert sheet.period is not None
    code, sent = check_code(sheet.period, sheet.unit.pk)
    signatures = list(SignOff.objects.filter(period=sheet.period, unit=sheet.unit).order_by("-seq"))
    return {
        "code": code if sent else "",
        "signatures": signatures,
        "stands": bool(signatures) and signatures[0].check_code == code,
        "clicks": not refusal_to_sign(request.acting, sheet.unit.pk, "click"),
    }


def _shown(row: SheetRow, show: str) -> bool:
    match show:
        case "returned":
            return row.state == "returned"
        case "missing":
            return row.state != "exempt" and not is_filled(row)
        case "filled":
            return row.state != "exempt" and is_filled(row)
        case "sent":
            return row.state in ("sent", "accepted")
        case _:
            return True


def _counts(rows: list[SheetRow]) -> dict[str, int]:
    """Asked, filled (drafted or sent), still missing, sent, returned, entered by the office."""
    states = Counter(row.state for row in rows)
    filled = sum(is_filled(row) for row in rows if row.state != "exempt")
    asked = len(rows) - states["exempt"]
    return {
        "asked": asked,
        "filled": filled,
        "missing": asked - filled,
        "sent": states["sent"] + states["accepted"],
        "returned": states["returned"],
        "exempt": states["exempt"],
        "drafts": sum(row.fillable and is_filled(row) for row in rows),
        "on_behalf": sum(row.now.on_behalf for row in rows),
    }


@post_from("unit-sheet", "list_key", "period_key", "number")
def sign(request: Request, list_key: str, period_key: str, number: int) -> HttpResponse:
    """审签: by click of principal or deputy, or a signed paper registered with its scan."""
    sheet = unit_sheet(request, list_key, number, period_key)
    assert sheet.period is not None
    paper = None
    if request.POST.get("kind") == "click":
        code = request.POST.get("check_code", "")
        signature = Signature("click", request.user.person.name, sheet.today, check_code=code)
    else:
        paper = PaperForm(sheet.today, request.POST, request.FILES)
        if not paper.is_valid():
            return _report(request, sheet, rows_of(sheet.period, number), Came(paper=paper))
        signature = _signature(paper)
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    try:
        signed = sign_off(period=sheet.period, unit=number, signature=signature, **act)
    except (Conflict, Invalid) as refused:
        return _report(request, sheet, rows_of(sheet.period, number), Came(None, paper, refused))
    return done(reverse("unit-sheet", args=[list_key, period_key, number]), "signed", signed.rows)


def _signature(paper: PaperForm) -> Signature:
    clean = paper.cleaned_data
    came = clean["scan"]
    scan = read_scan(came.name, came.read()) if came else None
    return Signature("paper", clean["signer"], clean["signed_on"], clean["number"], scan, clean["check_code"])


@require_safe
def scan(request: Request, list_key: str, period_key: str, number: int, signature: int) -> HttpResponse:
    """The scan of a signed paper."""
    sheet = unit_sheet(request, list_key, number, period_key)
    rows = Payload.objects.filter(
        pk__in=SignOff.objects.filter(pk=signature, period=sheet.period, unit=sheet.unit).values("scan")
    )
    content = rows.values_list("content", flat=True).first()
    if content is None or (kind := scan_kind(bytes(content[:8]))) is None:
        raise Http404
    return file(bytes(content), f"{sheet.unit.name}{sheet.period_words}审签单扫描件.{kind[1]}", kind[0])


@require_safe
def form_paper(request: Request, list_key: str, period_key: str, number: int) -> HttpResponse:
    """报送表 as Word: what is filled in, or blank for the pen."""
    sheet = unit_sheet(request, list_key, number, period_key)
    assert sheet.period is not None
    contact = contacts_of(sheet.task_list.pk, sheet.today).get(number, ("", ""))
    blank = "blank" in request.GET
    content = report_form_content(sheet, rows_of(sheet.period, number), contact, blank=blank)
    name = f"{sheet.unit.name}{sheet.period_words}报送表{'（空白）' if blank else ''}.docx"
    return file(write_report_form(content), name, DOCX)


@require_safe
def slip(request: Request, list_key: str, period_key: str, number: int) -> HttpResponse:
    """审签单 as Word; 404 while nothing has been sent."""
    sheet = unit_sheet(request, list_key, number, period_key)
    assert sheet.period is not None
    code, sent = check_code(sheet.period, number)
    if not sent:
        raise Http404
    content = sign_off_content(sheet, rows_of(sheet.period, number), code)
    return file(write_sign_off(content), f"{sheet.unit.name}{sheet.period_words}审签单.docx", DOCX)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request, list_key: str, number: int) -> HttpResponse:
    """细化: the plan of a unit; POST saves the touched rows, with the four usual cells applied to all."""
    sheet = unit_sheet(request, list_key, number)
    rows = plan_rows(sheet.task_list, number)
    if request.method != "POST":
        return _plan(request, sheet, None, PlanSheet(request.POST, []))
    form = PlanSheet(request.POST, rows)
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    try:
        saved = refine(task_list=sheet.task_list, unit=number, edits=form.edits, **act)
    except (Conflict, Invalid) as refused:
        return _plan(request, sheet, form, form, refused)
    here = reverse("plan-sheet", args=[list_key, number])
    return done(here, "planned" if saved else "unchanged", saved)


def _plan(
    request: Request,
    sheet: Sheet,
    form: PlanSheet | None,
    usual: PlanSheet,
    refused: Conflict | Invalid | None = None,
) -> HttpResponse:
    lines = form.lines if form else fresh_plan(plan_rows(sheet.task_list, sheet.unit.pk))
    show = request.GET.get("show", "")
    shown = lines if form or show != "gaps" else [line for line in lines if line.row.gaps]
    leads = sum(line.row.leads for line in lines)
    context: dict[str, Any] = {
        **about(request, sheet),
        "lines": shown,
        "show": show,
        "leads": leads,
        "shares": len(lines) - leads,
        "gaps": sum(bool(line.row.gaps) for line in lines),
        "usual": [(field, usual.usual.get(field, "")) for field in PEOPLE_FIELDS],
        "replaces": usual.replaces,
        "on_behalf": request.acting.runs_office,
    }
    return answer(request, "sheets/plan.html", context, refused)
