"""核定: the system's view of each task and the office's own word beside it, as the period has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duban.domain.errors import Conflict, Invalid
from duban.domain.lights import LIGHTS, Light
from duban.domain.messages import Message
from duban.overview.pages import NONE
from duban.progress.models import Obligation, Period
from duban.register.queries import units_of
from duban.supervision.models import Verdict
from duban.supervision.operations import Ruling, determine, patrol
from duban.web.determining import Glance, Judged, fits, glances, judged, light_counts
from duban.web.exporting import page_size
from duban.web.forms import day_in
from duban.web.forms_office import ReviewFilterForm
from duban.web.office import Shown, back_to, done, keys_in, needed, next_row, office_period
from duban.web.request import Request, number
from duban.web.templatetags.year_words import pair, picks

SIZE: Final = 50
RULED_WORDS: Final = {
    "todo": ("待核定", "To determine"),
    "done": ("已核定", "Determined"),
    "differs": ("与系统研判不同", "Unlike the system's view"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def determination(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """核定: the system's light filled in, the office's light and sentence beside it; POST determines some tasks."""
    chosen = office_period(request, list_key, period_key)
    if request.method != "POST":
        return _determination(request, chosen).answer(request)
    try:
        rulings = needed(_rulings(request, chosen))
        ruled = determine(period=chosen, rulings=rulings, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _determination(request, chosen).answer(request, refused)
    back = back_to(request, "determination", list_key, period_key)
    shown = [number(name.removeprefix("light-")) for name in request.POST if name.startswith("light-")]
    at = next_row([ruling.task for ruling in rulings], shown)
    return done(back, "determined" if ruled else "unchanged", ruled, anchor=at and f"row-{at}")


def _rulings(request: Request, chosen: Period) -> list[Ruling]:
    """What the pressed button asks to determine; Conflict when the system has judged again since the page was shown."""
    post = request.POST
    asked = post.get("do", "")
    if post.get("upto") != str(_newest(chosen)):
        raise Conflict(Message("office.all_not_shown"))
    if asked == "agree":
        values = ReviewFilterForm(request.GET).clean_values
        todo = [row for row in glances(chosen, request.acting) if row.agrees and fits(row, values)]
        if not todo:
            raise Conflict(Message("office.none_left"))
        return [Ruling(row.task, Light(row.light), row.sentence, seen=row.seen) for row in todo]
    keys = keys_in(request, "tick") if asked == "ticked" else [number(asked)]
    lines = judged(chosen, request.acting, keys, post)
    return [_ruling(line) for line in lines if f"light-{line.task.pk}" in post]


def _ruling(line: Judged) -> Ruling:
    if line.light not in set(Light):
        raise Invalid(Message("office.bad_seen"))
    return Ruling(line.task.pk, Light(line.light), line.sentence, line.reason, line.seen, line.value)


def _determination(request: Request, chosen: Period) -> Shown:
    values = ReviewFilterForm(request.GET).clean_values
    every = glances(chosen, request.acting)
    fitting = [glance for glance in every if fits(glance, values)]
    page = Paginator(fitting, page_size(request, SIZE)).get_page(values.get("page") or 1)
    shown = [glance.task for glance in page.object_list]
    past = bool(every) and every[0].past
    context = {
        "list": chosen.list,
        "period": chosen,
        "agreeing": sum(glance.agrees for glance in fitting),
        **_counts(every),
        **_choices(past=past),
        "past": past,
        "page": page,
        "lines": judged(chosen, request.acting, shown, request.POST),
        "upto": _newest(chosen),
        "proposed_on": _patrol_day(chosen),
        "units": units_of(chosen.list_id, request.acting),
        "unreviewed": Obligation.objects.filter(period=chosen, state="sent").count(),
        "values": values,
    }
    return Shown("review/determination.html", context)


def _counts(every: Sequence[Glance]) -> dict[str, Any]:
    return {
        "total": len(every),
        "todo": sum(not glance.ruled for glance in every),
        "differing": sum(glance.differs for glance in every),
        "late": sum(glance.late for glance in every),
        "lights": light_counts(every),
        "judged_on": max((glance.on for glance in every if glance.on), default=None),
    }


def _choices(*, past: bool) -> dict[str, Any]:
    """What rows and filters offer; of a past period also the tasks that were not determined."""
    options = [(light.value, pair(words[1:])) for light, words in LIGHTS.items()]
    return {
        "options": [*options, (NONE, _("未核定"))] if past else options,
        "light_options": {value: picks(options, value) for value, _word in options},
        "state_choices": [(key, pair(words)) for key, words in RULED_WORDS.items()],
    }


def _newest(chosen: Period) -> int:
    """The number of the newest view of the list: what a page was made from."""
    return Verdict.objects.filter(task__list=chosen.list_id).aggregate(n=Max("seq"))["n"] or 0


def _patrol_day(chosen: Period) -> date:
    """The day of which the system would judge: today, so that late reports count, and not before what it judged last."""
    judged = Verdict.objects.filter(task__list=chosen.list_id).aggregate(n=Max("on"))["n"]
    return max(timezone.localdate(), judged or date.min)


def _day_asked(request: Request, chosen: Period) -> date:
    """The day typed, else the usual one; Invalid (office.not_a_day) for what is none that somebody can mean."""
    raw = request.POST.get("on", "").strip()
    try:
        return day_in(raw) if raw else _patrol_day(chosen)
    except ValueError as error:
        raise Invalid(Message("office.not_a_day", {"value": raw})) from error


@require_POST
def judging(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """系统研判 of the whole list for this period, as of a day."""
    chosen = office_period(request, list_key, period_key)
    try:
        found = patrol(
            task_list=chosen.list,
            on=_day_asked(request, chosen),
            period=chosen,
            by=request.acting,
            now=timezone.now(),
        )
    except (Conflict, Invalid) as refused:
        return _determination(request, chosen).answer(request, refused)
    code = "patrolled" if found.lights or found.sentences else "patrolled_same"
    back = reverse("determination", args=[list_key, period_key])
    return done(back, code, found.lights, m=found.sentences)
