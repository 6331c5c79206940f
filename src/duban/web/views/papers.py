"""本期文书: what can be written and what it will say, the frozen data sheets, downloads, and the verification of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.history.models import Event
from duban.progress.models import Period
from duban.progress.queries import period_at
from duban.publishing.archives import zipped
from duban.publishing.assembly import Planned
from duban.publishing.assembly_units import plan_papers, write_paper
from duban.publishing.contents import PaperKind
from duban.publishing.models import Snapshot
from duban.publishing.operations import freeze, record_papers
from duban.publishing.policies import refusal_to_read, refusal_to_write
from duban.publishing.queries import SnapshotRow, figures_of, sheet_at, sheet_of, snapshots_of
from duban.publishing.snapshots import Figures, Sheet
from duban.publishing.verifying import Verified, is_purged, verify
from duban.web.office import done
from duban.web.paper_pages import answer, kept
from duban.web.request import Request
from duban.web.shown import seen_list

BIGGEST: Final = 20_000_000
OF_UNITS: Final = (PaperKind.UNIT_TASKS, PaperKind.REPORT_FORM, PaperKind.SIGN_OFF)
OURS: Final = ("snapshot.frozen", "paper.written")


def _period(request: Request, list_key: str, period_key: str) -> Period:
    """The period for those who read its papers: 404 when there is none or its list is not theirs to see, 403 for units."""
    chosen = seen_list(request, list_key)
    if refused := refusal_to_read(request.acting):
        raise NotAllowed(refused)
    period = period_at(chosen, period_key)
    if period is None:
        raise Http404
    period.list = chosen
    return period


@require_safe
def papers(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """The papers of a period from its newest data sheet, or from the one named in the address."""
    return _papers(request, _period(request, list_key, period_key))


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit and its papers."""

    name: str
    which: str
    line: str
    papers: tuple[Planned, ...]


def _papers(
    request: Request,
    period: Period,
    refused: DomainError | None = None,
    verified: Verified | None = None,
) -> HttpResponse:
    rows = snapshots_of(period, request.acting)
    shown = _shown(request, rows)
    sheet = sheet_at(shown.sha256, request.acting) if shown else None
    figures = sheet.figures if sheet else figures_of(period, timezone.localdate())
    planned = plan_papers(figures)
    context: dict[str, Any] = {
        "list": period.list,
        "period": period,
        "snapshots": rows,
        "shown": shown if sheet else None,
        "newest": rows[0] if rows else None,
        "later": _later(period, request) if rows else 0,
        "main": [paper for paper in planned if paper.kind not in OF_UNITS],
        "units": _units(figures, planned),
        "total": len(planned),
        "writes": refusal_to_write(request.acting) is None,
        "verified": verified,
    }
    return answer(request, "papers/page.html", context, refused)


def _shown(request: Request, rows: Sequence[SnapshotRow]) -> SnapshotRow | None:
    wanted = request.GET.get("sheet", "")
    named = next((row for row in rows if row.sha256 == wanted), None)
    if wanted and named is None:
        raise Http404
    return named or (rows[0] if rows else None)


def _later(period: Period, request: Request) -> int:
    """How many things have been recorded about the list since the newest data sheet; of a sealed period only orders count."""
    newest = Snapshot.objects.visible_to(request.acting).filter(period=period).order_by("-seq").first()
    events = Event.objects.filter(list_id=period.list_id, seq__gt=newest.seq if newest else 0)
    if period.state == "sealed":
        return events.filter(kind__startswith="order.").count()
    return events.exclude(kind__in=OURS).count()


def _units(figures: Figures, planned: Sequence[Planned]) -> list[UnitRow]:
    found: dict[str, list[Planned]] = {}
    for paper in planned:
        if paper.kind in OF_UNITS:
            found.setdefault(paper.which, []).append(paper)
    names = {str(unit.unit): unit.name for unit in figures.units}
    return [
        UnitRow(names[which], which, "；".join(paper.line for paper in own), tuple(own))
        for which, own in found.items()
    ]


@require_POST
def freeze_now(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """Freeze the data sheet of the period."""
    period = _period(request, list_key, period_key)
    freeze(period=period, by=request.acting, now=timezone.now())
    return done(reverse("papers", args=[list_key, period_key]), "frozen")


@require_safe
def paper(request: Request, list_key: str, period_key: str, sheet: str, kind: str) -> HttpResponse:
    """One paper from one data sheet; `?of=` says which of its kind."""
    _, found = _sheet(request, list_key, period_key, sheet)
    which = request.GET.get("of", "")
    planned = next((p for p in plan_papers(found.figures) if (p.kind, p.which) == (kind, which)), None)
    if planned is None:
        raise Http404
    name = f"{period_key} {planned.path.removeprefix('单位/').replace('/', ' ')}"
    return kept(write_paper(found, planned.kind, which), name)


def _sheet(request: Request, list_key: str, period_key: str, sha256: str) -> tuple[Period, Sheet]:
    period = _period(request, list_key, period_key)
    found = sheet_at(sha256, request.acting)
    if found is None and is_purged(sha256, request.acting):
        raise Conflict(Message("papers.sheet_purged"))
    if found is None or (found.figures.head.list_key, found.figures.head.period) != (list_key, period_key):
        raise Http404
    return period, found


@require_POST
def everything(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """Freeze, write every paper, record it, and hand them over in one archive."""
    period = _period(request, list_key, period_key)
    if refused := refusal_to_write(request.acting):
        raise NotAllowed(refused)
    now = timezone.now()
    snapshot = freeze(period=period, by=request.acting, now=now)
    sheet = sheet_of(snapshot)
    planned = plan_papers(sheet.figures)
    content = zipped(sheet, planned)
    record_papers(snapshot=snapshot, papers=[p.path for p in planned], by=request.acting, now=now)
    return kept(content, f"{period_key} {period.list.title}文书.zip")


@require_POST
def verification(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """Whether an uploaded paper still says what its data sheet says."""
    period = _period(request, list_key, period_key)
    try:
        found = verify(_uploaded(request), request.acting)
    except (Conflict, Invalid) as refused:
        return _papers(request, period, refused)
    return _papers(request, period, verified=found)


def _uploaded(request: Request) -> bytes:
    given = request.FILES.get("file")
    if given is None or not given.size:
        raise Invalid(Message("papers.no_upload"))
    if given.size > BIGGEST:
        raise Invalid(Message("papers.too_big"))
    content: bytes = given.read()
    return content
