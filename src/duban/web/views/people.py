"""人员与账号: who fills the posts, what is vacant, accounts and their slips, rosters in and out, renames and mergers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from duban.directory import operations, queries
from duban.directory.models import Unit, User
from duban.directory.policies import may_open_people, refusal_to_give_account, refusal_to_keep_roster
from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import PostRole
from duban.domain.roster import RosterPlan, roster_plan
from duban.domain.roster_people import PeoplePlan, people_plan
from duban.domain.roster_table import Rows
from duban.publishing.roster_workbooks import people_workbook, roster_workbook, rows_of
from duban.shared.form_json import read_json
from duban.shared.statuses import status_of
from duban.web.forms import DayField
from duban.web.posting import post_from
from duban.web.request import Request, number

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE: Final = 500  # accounts opened by one press; more are a second press


class FileForm(forms.Form):
    """A workbook and the day from which it holds."""

    file = forms.FileField(
        label=_("Excel 文件"), widget=forms.ClearableFileInput({"accept": ".xlsx,.xls,.et"})
    )
    day = DayField(label=_("生效日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class AgreedForm(forms.Form):
    """What a preview hands back: the rows it read, the day, and the changes that were shown."""

    rows = forms.CharField()
    day = DayField()
    shown = forms.CharField(max_length=64)

    def clean_rows(self) -> dict[str, Any]:
        """Sheets by name: rows of pairs of cell and text, as `_preview` wrote them."""
        try:
            sheets = read_json(self.cleaned_data["rows"])
            return {
                str(name): [[(str(cell), str(text)) for cell, text in row] for row in rows]
                for name, rows in sheets.items()
            }
        except (ValueError, TypeError, AttributeError) as error:
            raise forms.ValidationError("damaged") from error


class RenameForm(forms.Form):
    """A unit's new names, the day and the document."""

    name = forms.CharField(label=_("新简称"), max_length=80)
    full_name = forms.CharField(label=_("新全称"), max_length=120)
    on = DayField(label=_("启用日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    basis = forms.CharField(label=_("依据文件"), max_length=200)


class MergeForm(forms.Form):
    """Into which unit, the day and the document."""

    into = forms.IntegerField(label=_("并入单位"))
    on = DayField(label=_("撤并日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    basis = forms.CharField(label=_("依据文件"), max_length=200)


@require_safe
def page(request: Request) -> HttpResponse:
    """Units with vacant posts first, then the rest: who fills which post, and the state of accounts."""
    government = _government(request)
    today = timezone.localdate()
    figures, rows = queries.people_page(government, today)
    endings = queries.endings_of(government, today)
    gone = Unit.objects.of_government(government).filter(pk__in=endings)
    if request.GET.get("show") == "vacant":
        rows = [row for row in rows if row.vacant]
    keeps = refusal_to_keep_roster(request.acting, government.pk) is None
    ended = [(unit, endings[unit.pk]) for unit in gone]
    context = {
        "figures": figures, "rows": rows, "ended": ended, "keeps": keeps, "show": request.GET.get("show", ""),
    }  # fmt: skip
    return render(request, "directory/people.html", context)


@require_safe
def unit(request: Request, number: int) -> HttpResponse:
    """One unit: its people with account and telephone, vacant posts, and its rename or merger."""
    return _unit_page(request, _unit(request, number))


def _unit_page(request: Request, chosen: Unit, refused: DomainError | None = None) -> HttpResponse:
    """The page of a unit; where an act was refused, with the sentence and what was typed into its form."""
    government = _government(request)
    today = timezone.localdate()
    others = Unit.objects.of_government(government).in_force(today).exclude(pk=chosen.pk)
    row = queries.people_of(chosen, today)
    ending = queries.endings_of(government, today).get(chosen.pk)
    keeps = refusal_to_keep_roster(request.acting, government.pk) is None
    context = {
        "unit": chosen,
        "ending": ending,
        "row": row,
        "without": any(person.account is None for person in row.people),
        "keeps": keeps and chosen.government_id and ending is None,
        "others": others,
        "names": chosen.dated_names.order_by("-pk"),
        "today": today,
        "refused": refused and refused.message,
        "typed": {"merge" if "into" in request.POST else "rename": request.POST},
    }
    status = status_of(refused) if refused else 200
    return render(request, "directory/people_unit.html", context, status=status)


@post_from("people")
def accounts(request: Request) -> HttpResponse:
    """Open accounts for a unit's people, or for everybody this post may, and print the slips once."""
    government, today = _government(request), timezone.localdate()
    if unit := number(request.POST.get("unit", "")):
        rows = [queries.people_of(_unit(request, unit), today)]
    else:
        rows = queries.people_page(government, today)[1]
    people = _manageable(request, government.pk, rows)
    slips = operations.give_accounts(people=people[:AT_ONCE], by=request.acting, now=timezone.now())
    return _slips(request, slips, left=len(people) - len(slips))


def _manageable(request: Request, government: int, rows: list[queries.UnitRow]) -> list[int]:
    roles: dict[int, set[PostRole]] = {}
    for person in (person for row in rows for person in row.people if person.account is None):
        roles.setdefault(person.person, set()).add(person.role)
    return [
        person
        for person, held in roles.items()
        if refusal_to_give_account(request.acting, government, held) is None
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: Request) -> HttpResponse:
    """A new one-time password for somebody who forgot theirs, asked once; it also ends a wait after failed attempts.

    Whoever comes back to this address, which showed the slip, is taken to the page of the unit.
    """
    _government(request)
    unit = number(request.GET.get("unit", ""))
    if request.method != "POST":
        return redirect("people-unit", unit) if unit else redirect("people")
    user = get_object_or_404(
        User.objects.select_related("person"), pk=number(request.POST.get("account", ""))
    )
    if request.POST.get("sure") != "yes":
        return render(request, "directory/reset.html", {"user": user, "unit": unit})
    slip = operations.reset_password(user=user, by=request.acting, now=timezone.now())
    operations.forgive_attempts(username=user.username)
    return _slips(request, (slip,), left=0)


def _slips(request: Request, slips: tuple[operations.Slip, ...], *, left: int) -> HttpResponse:
    context = {"slips": slips, "left": left, "site": request.build_absolute_uri("/")}
    response = render(request, "directory/slips.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def roster_out(request: Request) -> HttpResponse:
    """The roster as an Excel workbook."""
    roster = queries.roster_of(_government(request), timezone.localdate())
    return _file(roster_workbook(roster), "单位名录")


@require_safe
def register_out(request: Request) -> HttpResponse:
    """The liaison register as an Excel workbook, of one unit or all."""
    register = queries.register_of(_government(request), timezone.localdate())
    unit = number(request.GET.get("unit", ""))
    chosen = _unit(request, unit) if unit else None
    name = f"联络员登记表（{chosen.name}）" if chosen else "联络员登记表"
    return _file(people_workbook(register, chosen.key if chosen else ""), name)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    header = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    response["Content-Disposition"] = header or "attachment"
    return response


Plan = RosterPlan | PeoplePlan


@dataclass(frozen=True, slots=True)
class Exchange:
    """One of the two workbooks that come in: how a plan is made, shown and taken over."""

    title: str | Promise
    here: str
    plan: Callable[[Unit, Mapping[str, Rows], date], Plan]
    take: Callable[..., Plan]


ROSTER: Final = Exchange(
    _("导入单位名录"),
    "people-roster-in",
    lambda government, sheets, day: roster_plan(sheets, queries.roster_of(government, day)),
    operations.take_roster,
)
REGISTER: Final = Exchange(
    _("导入联络员登记表"),
    "people-register-in",
    lambda government, sheets, day: people_plan(sheets, queries.register_of(government, day)),
    operations.take_people,
)


@require_http_methods(["GET", "HEAD", "POST"])
def roster_in(request: Request) -> HttpResponse:
    """The roster comes in: choose a file, look at its changes and problems, confirm."""
    return _exchange(request, ROSTER)


@require_http_methods(["GET", "HEAD", "POST"])
def register_in(request: Request) -> HttpResponse:
    """The liaison register comes in: choose a file, look at its changes and problems, confirm."""
    return _exchange(request, REGISTER)


def _exchange(request: Request, exchange: Exchange) -> HttpResponse:
    government = _keeper(request)
    if "shown" in request.POST:
        return _take(request, exchange, government)
    form = FileForm(request.POST or None, request.FILES or None, initial={"day": timezone.localdate()})
    context: dict[str, Any] = {"exchange": exchange, "form": form}
    if not form.is_valid():
        return render(request, "directory/exchange.html", context, status=422 if request.POST else 200)
    try:
        sheets = _sheets(form.cleaned_data["file"])
    except DomainError as error:
        return render(request, "directory/exchange.html", context | {"refused": error.message}, status=422)
    day = form.cleaned_data["day"]
    plan = exchange.plan(government, sheets, day)
    context |= {"plan": plan, "day": day, "rows": json.dumps(sheets, ensure_ascii=False)}
    return render(request, "directory/exchange.html", context, status=422 if plan.problems else 200)


def _take(request: Request, exchange: Exchange, government: Unit) -> HttpResponse:
    form = AgreedForm(request.POST)
    if not form.is_valid():
        raise Conflict(Message("roster.moved_on"))
    words = form.cleaned_data
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    try:
        plan = exchange.take(government=government, sheets=words["rows"], day=words["day"],
                             shown=words["shown"], **act)  # fmt: skip
    except Invalid as refused:
        again = {
            "exchange": exchange,
            "form": FileForm(initial={"day": words["day"]}),
            "refused": refused.message,
        }
        return render(request, "directory/exchange.html", again, status=422)
    return redirect(f"{reverse('people')}?taken={len(plan.changes)}")


def _sheets(upload: Any) -> dict[str, Rows]:
    from duban.documents.readers.grid import read_grids

    return rows_of(read_grids(upload.name, upload.read()))


@post_from("people")
def rename(request: Request) -> HttpResponse:
    """A unit is called otherwise from a day on."""
    _keeper(request)
    chosen, form = _unit(request, number(request.POST.get("unit", ""))), RenameForm(request.POST)
    if not form.is_valid():
        return _unit_page(request, chosen, Invalid(Message("succession.rename_incomplete")))
    try:
        operations.rename_unit(unit=chosen, **form.cleaned_data, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _unit_page(request, chosen, refused)
    return redirect("people-unit", chosen.pk)


@post_from("people")
def merge(request: Request) -> HttpResponse:
    """A unit goes into another from a day on."""
    _keeper(request)
    chosen, form = _unit(request, number(request.POST.get("unit", ""))), MergeForm(request.POST)
    if not form.is_valid():
        return _unit_page(request, chosen, Invalid(Message("succession.merge_incomplete")))
    act: dict[str, Any] = {"by": request.acting, "now": timezone.now()}
    words = form.cleaned_data
    into = _unit(request, words["into"])
    try:
        operations.merge_units(froms=[chosen], into=into, on=words["on"], basis=words["basis"], **act)
    except (Conflict, Invalid) as refused:
        return _unit_page(request, chosen, refused)
    return redirect("people-unit", into.pk)


def _government(request: Request) -> Unit:
    """The government one acts in; 404 for a post that does not open these pages."""
    if not may_open_people(request.acting):
        raise Http404
    return get_object_or_404(Unit, pk=request.acting.government)


def _keeper(request: Request) -> Unit:
    government = _government(request)
    if refused := refusal_to_keep_roster(request.acting, government.pk):
        raise NotAllowed(refused)
    return government


def _unit(request: Request, unit: int) -> Unit:
    """A unit of the government one acts in, or that government itself."""
    government = _government(request)
    if unit == government.pk:
        return government
    found = Unit.objects.of_government(government)
    return get_object_or_404(found, pk=unit)
