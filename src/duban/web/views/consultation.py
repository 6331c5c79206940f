"""核对稿: the office sends each unit its determinations and answers objections; a unit reads its own and objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from duban.directory.models import Unit
from duban.domain.errors import Conflict, DomainError, Invalid
from duban.domain.lights import LIGHTS
from duban.domain.messages import Message
from duban.domain.units import AddressManner
from duban.progress.models import Period
from duban.progress.queries import period_at
from duban.shared.statuses import status_of
from duban.supervision.consultation import (
    Answer,
    Protest,
    ShownRow,
    answer_objection,
    consultation_of,
    consultation_rows,
    object_to,
    open_consultation,
    undetermined,
)
from duban.supervision.models_consultation import ConsultationDraft, ConsultationRow, Objection
from duban.web.exporting import page_or_workbook
from duban.web.forms import day_in
from duban.web.office import back_to, done, office_period
from duban.web.request import Request, number
from duban.web.shown import list_of
from duban.web.templatetags.year_words import pair

SAID: Final[dict[str, str | Promise]] = {
    "sent": _("核对稿已送 {n} 个单位核对。"),
    "objected": _("异议已提交，由督查室答复。"),
    "registered": _("已登记异议。"),
    "upheld": _("已采纳异议，并重新核定。"),
    "dismissed": _("已答复异议，维持原核定。"),
}
SHOWS: Final = ("open", "upheld", "dismissed", "objected", "changed")


@dataclass(frozen=True, slots=True)
class UnitPart:
    """One unit in the consultation: its rows in all, objections, those waiting for an answer."""

    unit: Unit
    rows: int
    objections: int
    waiting: int


@dataclass(frozen=True, slots=True)
class PrintSheet:
    """The sheet of one unit for print, addressed as the unit is addressed: 通知 or 函."""

    unit: Unit
    rows: Sequence[ShownRow]

    @property
    def by_letter(self) -> bool:
        """Whether the unit stands outside the government's command."""
        return self.unit.address_manner != AddressManner.NOTICE


@require_safe
def page(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """The office: progress of the objections, rows to answer, units. A unit: its own rows, each with a small form."""
    return _page(request, _period(request, list_key, period_key))


def _period(request: Request, list_key: str, period_key: str) -> Period:
    """The period for the office and for unit posts; 404 for everybody else."""
    acting = request.acting
    if not (acting.runs_office or acting.sees_own_unit):
        raise Http404
    period = period_at(list_of(request, list_key).pk, period_key)
    if period is None:
        raise Http404
    return period


def _page(request: Request, period: Period, refused: DomainError | None = None, row: int = 0) -> HttpResponse:
    """`row` is the row whose form was refused: it keeps what was typed."""
    draft, office = consultation_of(period), request.acting.runs_office
    every = consultation_rows(draft, request.acting) if draft else []
    context = {
        "list": request.shown_list,
        "period": period,
        "draft": draft,
        "office": office,
        "waiting": undetermined(period) if office and draft is None else 0,
        "lights": [(light.value, pair(words[1:])) for light, words in LIGHTS.items()],
        "typed": request.POST,
        "typed_row": row,
        "typed_light": request.POST.get("light", ""),
        "refused": refused.message if refused else None,
        "said": "" if refused else _said(request),
        **_days(period, draft),
        **_rows(request, every, row, office=office),
    }
    status = status_of(refused) if refused else 200
    return page_or_workbook(request, "consultation/page.html", context, status)


def _days(period: Period, draft: ConsultationDraft | None) -> dict[str, bool]:
    """Whether objections are taken today, and whether papers still are."""
    takes = draft is not None and period.state != "sealed"
    today = timezone.localdate()
    return {
        "takes_paper": takes,
        "is_open": takes and draft is not None and today <= draft.until_on,
    }


def _rows(request: Request, every: Sequence[ShownRow], row: int, *, office: bool) -> dict[str, Any]:
    """The rows that the address asks for, with the refused one; the units where it asks for nothing."""
    show, unit = request.GET.get("show", ""), number(request.GET.get("unit", ""))
    lines = [line for line in every if _kept(line, show, unit, office=office) or line.row.pk == row]
    return {
        "show": show if show in SHOWS else "",
        "chosen": next((line.row.unit for line in every if line.row.unit_id == unit), None),
        "lines": lines,
        "counts": _counts(every),
        "units": _parts(every) if office and not show and not unit else [],
    }


def _kept(line: ShownRow, show: str, unit: int, *, office: bool) -> bool:
    """Which rows the address asks for; the office sees open objections first, a unit all its rows."""
    if unit and line.row.unit_id != unit:
        return False
    if show == "objected":
        return line.objection is not None
    if show == "changed":
        return line.since is not None
    if show in SHOWS:
        return line.state == show
    return bool(unit) or not office or line.state == "open"


def _counts(rows: Sequence[ShownRow]) -> dict[str, int]:
    states = Counter(line.state for line in rows)
    return {
        "rows": len(rows),
        "units": len({line.row.unit_id for line in rows}),
        "objections": len(rows) - states["none"],
        "open": states["open"],
        "upheld": states["upheld"],
        "dismissed": states["dismissed"],
        "changed": sum(line.since is not None for line in rows),
    }


def _parts(rows: Sequence[ShownRow]) -> list[UnitPart]:
    return [
        UnitPart(
            unit=own[0].row.unit,
            rows=len(own),
            objections=sum(line.objection is not None for line in own),
            waiting=sum(line.state == "open" for line in own),
        )
        for own in (list(group) for _, group in groupby(rows, key=lambda line: line.row.unit_id))
    ]


def _said(request: Request) -> str:
    sentence = SAID.get(request.GET.get("done", ""), "")
    return str(sentence).format(n=min(number(request.GET.get("n", "")), 100_000))


@require_POST
def opening(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """Send the rows to the units."""
    period = office_period(request, list_key, period_key)
    try:
        draft = open_consultation(period=period, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _page(request, period, refused)
    units = draft.rows.values("unit").distinct().count()
    return done(back_to(request, "consultation", list_key, period_key), "sent", units)


@require_POST
def objection(request: Request, list_key: str, period_key: str, row: int) -> HttpResponse:
    """A unit objects to one of its rows; the office registers an objection that came on paper."""
    period = _period(request, list_key, period_key)
    chosen = _row(request, period, row)
    try:
        object_to(row=chosen, protest=_protest(request), by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _page(request, period, refused, row)
    code = "registered" if request.acting.runs_office else "objected"
    return done(back_to(request, "consultation", list_key, period_key), code)


def _row(request: Request, period: Period, row: int) -> ConsultationRow:
    rows = ConsultationRow.objects.visible_to(request.acting).select_related("draft")
    return get_object_or_404(rows, pk=row, draft__period=period)


def _protest(request: Request) -> Protest:
    post = request.POST
    if not request.acting.runs_office:
        return Protest(post.get("text", ""))
    raw = post.get("signed_on", "").strip()
    try:
        signed_on = day_in(raw) if raw else None
    except ValueError as problem:
        raise Invalid(Message("consultation.no_date")) from problem
    return Protest(post.get("text", ""), "paper", post.get("signer", ""), signed_on, post.get("number", ""))


@require_POST
def answer(request: Request, list_key: str, period_key: str, row: int) -> HttpResponse:
    """Uphold an objection and determine anew, or dismiss it; with the reason."""
    period = office_period(request, list_key, period_key)
    chosen = get_object_or_404(Objection, row=_row(request, period, row))
    post, upheld = request.POST, request.POST.get("do") == "uphold"
    said = Answer(
        upheld, post.get("reason", ""), post.get("light", ""), post.get("sentence", ""), post.get("value", "")
    )
    revision = number(post.get("revision", ""))
    try:
        kept = answer_objection(
            objection=chosen, revision=revision, answer=said, by=request.acting, now=timezone.now()
        )
    except (Conflict, Invalid) as refused:
        return _page(request, period, refused, row)
    return done(back_to(request, "consultation", list_key, period_key), kept.state)


@require_safe
def sheets(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """The sheets for print, one for each unit on a page of its own: a unit's own, for the office one or all."""
    period = _period(request, list_key, period_key)
    draft = consultation_of(period)
    rows = _own(request, draft)
    if draft is None or not rows:
        raise Http404
    own = [list(group) for _, group in groupby(rows, key=lambda line: line.row.unit_id)]
    context: dict[str, Any] = {
        "list": request.shown_list,
        "period": period,
        "draft": draft,
        "sheets": [PrintSheet(each[0].row.unit, each) for each in own],
    }
    return render(request, "consultation/print.html", context)


def _own(request: Request, draft: ConsultationDraft | None) -> list[ShownRow]:
    unit = number(request.GET.get("unit", "")) or None
    return consultation_rows(draft, request.acting, unit) if draft else []
