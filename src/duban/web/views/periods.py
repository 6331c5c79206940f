"""报送期次: opening, closing and sealing periods, who has reported in one, and whom to urge."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final, NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from duban.domain.calendar_data import CALENDAR
from duban.domain.errors import Conflict, Invalid
from duban.domain.lights import Light
from duban.domain.messages import Message
from duban.domain.periods import PeriodSpec
from duban.domain.periods import period as spec_of
from duban.domain.workflow import PERIOD
from duban.plans.queries import asked_by_month
from duban.progress.models import Obligation, Period
from duban.progress.operations import move_period, open_period
from duban.progress.queries import PeriodRow, UnitRow, periods_of, unit_rows
from duban.publishing.operations import seal
from duban.register.models import TaskList
from duban.supervision.models import Contact, Standing
from duban.supervision.operations import note_contact
from duban.web.forms_office import ContactForm, PeriodDaysForm
from duban.web.office import Shown, back_to, done, keys_in, needed, office_list, office_period
from duban.web.request import Request, number
from duban.web.templatetags.year_words import CONTACT_CHANNELS, pair

MOVES: Final = {"close": "closed", "reopen": "reopened", "seal": "sealed"}
KEEPS: Final[dict[str, Callable[[UnitRow], bool]]] = {
    "owed": lambda row: row.owed > 0,
    "returned": lambda row: row.returned > 0,
    "missing": lambda row: row.missing > 0,
    "sent": lambda row: row.sent > 0,
    "done": lambda row: row.missing == 0,
    "late": lambda row: row.late > 0,
    "unsigned": lambda row: row.reported > 0 and not row.signed_by,
}
KEEP_WORDS: Final = {
    "missing": ("有未报或退回", "Something missing"),
    "owed": ("有未报", "Something owed"),
    "returned": ("有退回", "Rows returned"),
    "sent": ("有待审核", "Rows to review"),
    "done": ("已报齐", "Complete"),
    "late": ("有迟报", "Some late"),
    "unsigned": ("已报未审签", "Sent, not signed"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def periods(request: Request, list_key: str) -> HttpResponse:
    """The periods of a list, and the form that opens the next one; POST opens it."""
    chosen = office_list(request, list_key)
    if request.method != "POST":
        return _periods(request, chosen).answer(request)
    form = PeriodDaysForm(request.POST)
    try:
        days = form.days()
        spec = spec_of(chosen.year, form.cleaned_data["month"])
        _require_new(chosen, spec)
        act: dict[str, Any] = {"lagging": _lagging(chosen.pk), "by": request.acting, "now": timezone.now()}
        opened = open_period(task_list=chosen, spec=spec, days=days, **act)
    except (Conflict, Invalid) as refused:
        return _periods(request, chosen).answer(request, refused)
    back = reverse("period", args=[list_key, opened.key])
    return done(back, "opened", opened.obligations.count())


def _require_new(chosen: TaskList, spec: PeriodSpec) -> None:
    if Period.objects.filter(list=chosen, key=spec.key).exists():
        raise Conflict(Message("office.period_open"))


class Proposal(NamedTuple):
    """A period that could open: how many rows it asks, and its three days where the calendar knows them."""

    spec: PeriodSpec
    asked: int
    days: tuple[date, date, date] | None


def _periods(request: Request, chosen: TaskList) -> Shown:
    rows = periods_of(chosen.pk, request.acting)
    asked = asked_by_month(chosen.pk, _lagging(chosen.pk))
    opened = {row.key for row in rows}
    free = [m for m, n in asked.items() if n and spec_of(chosen.year, m).key not in opened]
    month = _month(request, free, rows)
    context = {
        "list": chosen,
        "rows": rows,
        "months": [(m, _counted(spec_of(chosen.year, m), asked[m])) for m in free],
        "proposal": _proposal(chosen.year, month, asked[month]) if month else None,
        "issued": any(asked.values()),
        "typed": request.POST,
    }
    return Shown("periods/list.html", context)


def _counted(spec: PeriodSpec, rows: int) -> str:
    return pair((f"{spec.name}（{rows}）", f"{spec.name_en} ({rows})"))


def _month(request: Request, free: list[int], rows: list[PeriodRow]) -> int | None:
    """The month asked for, else the first one after the newest period."""
    raw = request.POST.get("month") or request.GET.get("month") or ""
    if number(raw) in free:
        return number(raw)
    last = rows[0].spec.month if rows else 0
    return next((m for m in free if m > last), None)


def _proposal(year: int, month: int, asked: int) -> Proposal:
    spec = spec_of(year, month)
    try:
        days = (spec.ends_on, spec.due_on(CALENDAR), spec.lock_on(CALENDAR))
    except Invalid:
        return Proposal(spec, asked, None)
    return Proposal(spec, asked, days)


def _lagging(list_id: int) -> frozenset[int]:
    """The tasks that the office determined to lag: they are asked every month."""
    rows = Standing.objects.filter(task__list=list_id, determination__light=Light.LAGGING)
    return frozenset(rows.values_list("task_id", flat=True))


@require_GET
def period(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """本期报送一览: every unit that owes something, narrowed by its state."""
    return _period(request, office_period(request, list_key, period_key)).answer(request)


def _period(request: Request, chosen: Period) -> Shown:
    rows = unit_rows(chosen, request.acting, timezone.localdate())
    keep = request.GET.get("state", "")
    every = [row.unit for row in rows if row.missing] if request.GET.get("all") == "on" else []
    totals = _totals(rows)
    context = {
        "list": chosen.list,
        "period": chosen,
        "totals": totals,
        "overdue": chosen.overdue(timezone.localdate()) if totals["missing_units"] else 0,
        "rows": [row for row in rows if keep not in KEEPS or KEEPS[keep](row)],
        "units": len(rows),
        "state": keep if keep in KEEPS else "",
        "states": [(key, pair(words)) for key, words in KEEP_WORDS.items()],
        "contacts": _last_contacts(chosen),
        "channels": [(key, pair(words)) for key, words in CONTACT_CHANNELS.items()],
        "channel": request.POST.get("channel", "phone"),
        "actions": [a for a in PERIOD.open_to(chosen.state) if a in MOVES],
        "every": every,
        "ticked": frozenset(every or keys_in(request, "unit")),
        "kind": request.POST.get("kind") or _kind(chosen),
        "typed": request.POST,
    }
    return Shown("periods/period.html", context)


def _kind(chosen: Period) -> str:
    """提醒 until the day on which reports are due, 催报 after it."""
    return "remind" if timezone.localdate() <= chosen.due_on else "urge_report"


def _totals(rows: list[UnitRow]) -> dict[str, int]:
    """The figures of the first line: rows, without those exempt, and units that still owe."""
    names = ("asked", "sent", "accepted", "returned", "owed", "exempt", "late", "on_behalf")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    sums["asked"] -= sums["exempt"]
    sums["reported"] = sums["sent"] + sums["accepted"]
    sums["owing_units"] = sum(row.owed > 0 for row in rows)
    sums["missing_units"] = sum(row.missing > 0 for row in rows)
    return sums


def _last_contacts(chosen: Period) -> dict[int, Contact]:
    rows = Contact.objects.filter(period=chosen).order_by("seq")
    return {row.unit_id: row for row in rows}


@require_POST
def move(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """Close, reopen or seal a period."""
    chosen = office_period(request, list_key, period_key)
    action = request.POST.get("action", "")
    if action not in MOVES:
        raise Http404
    try:
        if action == "seal":
            sure = request.POST.get("sure") == "on"
            seal(period=chosen, sure=sure, by=request.acting, now=timezone.now())
        else:
            move_period(period=chosen, action=action, by=request.acting, now=timezone.now())
    except Conflict as refused:
        shown = _period(request, chosen)
        asks = refused.message.code == "progress.seal_unfinished"
        return replace(shown, context={**shown.context, "sure": asks}).answer(request, refused)
    page = reverse("period", args=[list_key, period_key])
    if action == "close":
        states = Obligation.objects.filter(period=chosen).values_list("state", flat=True)
        left = Counter(states)
        return done(page, "closed", left["owed"] + left["returned"], m=left["sent"])
    return done(page, MOVES[action])


@require_POST
def contact(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """提醒 or 催报 of the ticked units, with what was said."""
    chosen = office_period(request, list_key, period_key)
    form = ContactForm(request.POST)
    owing = {row.unit for row in unit_rows(chosen, request.acting)}
    units = [unit for unit in keys_in(request, "unit") if unit in owing]
    try:
        needed(units if form.is_valid() else [])
        said: dict[str, Any] = form.cleaned_data
        number = note_contact(period=chosen, units=units, **said, by=request.acting, now=timezone.now())
    except Invalid as refused:
        return _period(request, chosen).answer(request, refused)
    return done(back_to(request, "period", list_key, period_key), "contacted", number)


@require_GET
def urging(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """催报名单, for print: the units that still owe, with the numbers of the tasks and whom to phone."""
    chosen = office_period(request, list_key, period_key)
    numbers: dict[int, list[tuple[str, str]]] = defaultdict(list)
    missing = Obligation.objects.visible_to(request.acting).filter(
        period=chosen, state__in=["owed", "returned"]
    )
    for unit, printed, state in missing.order_by("task__ordinal").values_list(
        "unit_id", "task__current__number", "state"
    ):
        numbers[unit].append((printed or "", state))
    rows = [row for row in unit_rows(chosen, request.acting, timezone.localdate()) if row.missing]
    context = {
        "list": chosen.list,
        "period": chosen,
        "rows": [(row, numbers[row.unit]) for row in rows],
        "missing": sum(row.missing for row in rows),
        "contacts": _last_contacts(chosen),
        "today": timezone.localdate(),
    }
    return Shown("periods/urging.html", context).answer(request)
