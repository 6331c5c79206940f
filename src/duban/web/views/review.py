"""审核 and 核定: what units sent, row by row against last time; then the light that leaves the office."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Max, QuerySet
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from duban.domain.errors import Conflict, Invalid
from duban.domain.lights import LIGHTS, Light
from duban.domain.lights_facts import LEFT_TO_OFFICE
from duban.domain.messages import Message
from duban.progress.models import Obligation, Period
from duban.progress.operations import review
from duban.progress.queries import SheetRow, sheet_rows
from duban.register.queries import units_of
from duban.shared.form_json import read_json
from duban.supervision.models import Determination, Standing, Verdict
from duban.supervision.operations import Ruling, determine, patrol
from duban.web.exporting import page_size
from duban.web.forms import day_in
from duban.web.forms_office import ReviewFilterForm, joined
from duban.web.office import Shown, back_to, done, keys_in, needed, next_row, office_period, sentence
from duban.web.request import Request, number
from duban.web.templatetags.year_words import pair, picks

SIZE: Final = 50
REVIEWED: Final = 30
PHRASES: Final = (
    ("数字不实", "The figure is not right"),
    ("与目标不对应", "It does not answer the target"),
    ("未写明问题原因", "The reason of the problem is missing"),
    ("照抄上期", "Copied from the last period"),
    ("只写工作安排，没有进展", "Plans only, no progress"),
    ("缺少数据来源", "The source of the figure is missing"),
    ("未写明下步措施和时限", "Next step and its time limit are missing"),
)
"""Standard reasons of a return; what is kept is the Chinese one."""
DONE: Final = {"accept": "accepted", "return": "returned", "exempt": "exempted", "restore": "restored"}
STATE_WORDS: Final = {
    "sent": ("待审核", "To review"),
    "returned": ("已退回", "Returned"),
    "accepted": ("已通过", "Accepted"),
    "owed": ("未报", "Not sent"),
    "exempt": ("免报", "Exempt"),
    "all": ("全部", "All"),
}
RULED_WORDS: Final = {
    "todo": ("待核定", "To determine"),
    "done": ("已核定", "Determined"),
    "differs": ("与系统研判不同", "Unlike the system's view"),
}


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A row under review: what is asked, what was said last time and now, how the system sees the task, what was typed."""

    row: SheetRow
    standing: Standing | None
    phrase: str = ""
    why: str = ""
    ticked: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """审核: the rows sent, narrowed by unit, state, problem or no change; POST accepts or returns some of them."""
    chosen = office_period(request, list_key, period_key)
    if request.method != "POST":
        return _reports(request, chosen).answer(request)
    try:
        action, rows, reason = _asked(request)
        rows, skipped = _unchanged(chosen, needed(rows))
        act: dict[str, Any] = {"rows": rows, "action": action, "reason": reason}
        moved = review(period=chosen, **act, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _reports(request, chosen).answer(request, refused)
    code = f"{DONE[action]}_some" if skipped else DONE[action]
    at = next_row(rows, list(_revisions(request.POST)))
    if _still_typed(request.POST, rows):
        shown = _reports(request, chosen)
        return replace(shown, context={**shown.context, "at": at}).answer(request, told=sentence(code, moved))
    return done(back_to(request, "review", list_key, period_key), code, moved, anchor=at and f"row-{at}")


def _unchanged(chosen: Period, rows: dict[int, int]) -> tuple[dict[int, int], bool]:
    """Of several rows those that nobody has moved since they were shown, and whether others are left out.

    One row alone, or none unchanged, goes on as it came, so that the refusal is said.
    """
    now = dict(Obligation.objects.filter(period=chosen, pk__in=rows).values_list("pk", "revision"))
    fresh = {row: revision for row, revision in rows.items() if now.get(row) == revision}
    return (fresh, len(fresh) < len(rows)) if fresh else (rows, False)


def _still_typed(post: QueryDict, rows: Collection[int]) -> bool:
    """Whether reasons were typed for rows that are not done yet: the page then stays, with them."""
    names = [
        name.partition("-") for name, text in post.items() if text and name.startswith(("why-", "phrase-"))
    ]
    return any(key.isdigit() and int(key) not in rows for _, _, key in names)


def _asked(request: Request) -> tuple[str, dict[int, int], str]:
    """What the pressed button asks: the action, the rows with their revisions as shown, the reason."""
    post = request.POST
    action, _, which = post.get("do", "").partition(":")
    shown = _revisions(post)
    if action not in DONE:
        return "accept", {}, ""
    named = {"ticked": keys_in(request, "tick"), "shown": keys_in(request, "open")}
    reason = joined([post.get(f"phrase-{which}", ""), post.get(f"why-{which}", "")])
    return action, {key: shown[key] for key in named.get(which, [number(which)]) if key in shown}, reason


def _revisions(post: QueryDict) -> dict[int, int]:
    try:
        raw = read_json(post.get("seen", ""))
        return {int(key): int(revision) for key, revision in raw.items()}
    except (ValueError, TypeError, AttributeError) as problem:
        raise Invalid(Message("office.bad_seen")) from problem


def _reports(request: Request, chosen: Period) -> Shown:
    values = ReviewFilterForm(request.GET).clean_values
    state = values.get("state") if values.get("state") in STATE_WORDS else "sent"
    units = [values["unit"]] if values.get("unit") else []
    rows = sheet_rows(chosen, request.acting, units=units, states=() if state == "all" else (str(state),))
    rows = [row for row in rows if _kept(row, values)]
    page = Paginator(rows, page_size(request, REVIEWED)).get_page(values.get("page") or 1)
    lines = _lines(list(page.object_list), request.POST)
    phrases = [(zh, pair((zh, en))) for zh, en in PHRASES]
    context = {
        "list": chosen.list,
        "period": chosen,
        "counts": _counts(request, chosen),
        "lines": lines,
        "seen": json.dumps({line.row.obligation: line.row.revision for line in lines}),
        "page": page,
        "state": state,
        "state_choices": [(key, pair(words)) for key, words in STATE_WORDS.items()],
        "values": values,
        "units": units_of(chosen.list_id, request.acting),
        "phrases": phrases,
        "no_phrase": picks(phrases, ""),
        "typed": request.POST,
    }
    return Shown("review/reports.html", context)


def _kept(row: SheetRow, values: dict[str, Any]) -> bool:
    return (not values.get("problem") or bool(row.now.problem)) and (
        not values.get("no_change") or row.now.no_change
    )


def _counts(request: Request, chosen: Period) -> dict[str, int]:
    rows = Obligation.objects.visible_to(request.acting).filter(period=chosen).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def _lines(rows: list[SheetRow], post: QueryDict) -> list[ReviewLine]:
    tasks = [row.task for row in rows]
    standings = {
        row.task_id: row
        for row in Standing.objects.filter(task__in=tasks, verdict__isnull=False).select_related("verdict")
    }
    ticked = set(post.getlist("tick"))
    return [
        ReviewLine(
            row=row,
            standing=standings.get(row.task),
            phrase=post.get(f"phrase-{row.obligation}", ""),
            why=post.get(f"why-{row.obligation}", ""),
            ticked=str(row.obligation) in ticked,
        )
        for row in rows
    ]


class Glance(NamedTuple):
    """One judged task as counts and filters look at it."""

    task: int
    light: str
    sentence: str
    on: date
    lead: int | None
    stands: int | None
    code: str
    ruled: bool
    differs: bool

    @property
    def agrees(self) -> bool:
        """Whether the office may take the view over as it is: one that asks the office is answered by hand."""
        return not self.ruled and self.code not in LEFT_TO_OFFICE


@dataclass(frozen=True, slots=True)
class Judged:
    """One task under 核定: the system's view, what the office has determined in this period, what was typed."""

    standing: Standing
    ruled: Determination | None
    light: str
    sentence: str
    reason: str
    seen: int = 0
    ticked: bool = False

    @property
    def verdict(self) -> Verdict:
        """The system's newest view."""
        assert self.standing.verdict is not None
        return self.standing.verdict


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
        todo = [glance for glance in _glances(request, chosen) if glance.agrees and _fits(glance, values)]
        if not todo:
            raise Conflict(Message("office.none_left"))
        return [
            Ruling(glance.task, Light(glance.light), glance.sentence, seen=glance.stands or 0)
            for glance in todo
        ]
    keys = keys_in(request, "tick") if asked == "ticked" else [number(asked)]
    return [_ruling(line) for line in _judged(request, chosen, keys) if _was_shown(line, post)]


def _was_shown(line: Judged, post: QueryDict) -> bool:
    return f"light-{line.standing.task_id}" in post


def _ruling(line: Judged) -> Ruling:
    if line.light not in set(Light):
        raise Invalid(Message("office.bad_seen"))
    return Ruling(line.standing.task_id, Light(line.light), line.sentence, line.reason, line.seen)


def _determination(request: Request, chosen: Period) -> Shown:
    values = ReviewFilterForm(request.GET).clean_values
    every = _glances(request, chosen)
    fitting = [glance for glance in every if _fits(glance, values)]
    page = Paginator(fitting, page_size(request, SIZE)).get_page(values.get("page") or 1)
    context = {
        "list": chosen.list,
        "period": chosen,
        "total": len(every),
        "todo": sum(not glance.ruled for glance in every),
        "differing": sum(glance.differs for glance in every),
        "agreeing": sum(glance.agrees for glance in fitting),
        "lights": _light_counts(every),
        **_light_choices(),
        "page": page,
        "lines": _judged(request, chosen, [glance.task for glance in page.object_list]),
        "upto": _newest(chosen),
        "judged_on": max((glance.on for glance in every), default=None),
        "proposed_on": _patrol_day(chosen),
        "units": units_of(chosen.list_id, request.acting),
        "values": values,
    }
    return Shown("review/determination.html", context)


def _light_choices() -> dict[str, Any]:
    options = [(light.value, pair(words[1:])) for light, words in LIGHTS.items()]
    return {
        "options": options,
        "light_options": {value: picks(options, value) for value, _ in options},
        "state_choices": [(key, pair(words)) for key, words in RULED_WORDS.items()],
    }


def _light_counts(glances: list[Glance]) -> list[tuple[str, int]]:
    counts = Counter(glance.light for glance in glances)
    return [(light.value, counts[light]) for light in LIGHTS if counts[light]]


def _standings(request: Request, chosen: Period) -> QuerySet[Standing]:
    visible = Standing.objects.visible_to(request.acting)
    return visible.filter(task__list=chosen.list_id, verdict__isnull=False).order_by("task__ordinal")


def _glances(request: Request, chosen: Period) -> list[Glance]:
    """Every task that the system has judged, in printed order. Two queries."""
    ruled = dict(
        Determination.objects.filter(period=chosen).order_by("seq").values_list("task_id", "differs")
    )
    rows = _standings(request, chosen).values_list(
        "task_id", "verdict__light", "verdict__sentence", "verdict__on", "task__assignment__lead_id",
        "determination_id", "verdict__code",
    )  # fmt: skip
    return [Glance(*row, row[0] in ruled, ruled.get(row[0], False)) for row in rows]


def _judged(request: Request, chosen: Period, tasks: list[int]) -> list[Judged]:
    """These tasks in full, in printed order, with what was typed about them. Two queries."""
    rows = (
        _standings(request, chosen)
        .filter(task__in=tasks)
        .select_related("task__current", "task__assignment__lead", "verdict", "report")
    )
    own = Determination.objects.filter(period=chosen, task__in=tasks).order_by("seq")
    ruled = {row.task_id: row for row in own}
    post, ticked = request.POST, set(keys_in(request, "tick"))
    return [_line(row, ruled.get(row.task_id), post, ticked) for row in rows]


def _line(row: Standing, ruled: Determination | None, post: QueryDict, ticked: set[int]) -> Judged:
    assert row.verdict is not None
    shown = ruled or row.verdict
    return Judged(
        standing=row,
        ruled=ruled,
        light=post.get(f"light-{row.task_id}", shown.light),
        sentence=post.get(f"sentence-{row.task_id}", ruled.sentence if ruled else row.verdict.as_ruling),
        reason=post.get(f"reason-{row.task_id}", ruled.reason if ruled else ""),
        seen=number(post.get(f"seen-{row.task_id}", "")),
        ticked=row.task_id in ticked,
    )


def _fits(glance: Glance, values: dict[str, Any]) -> bool:
    state = values.get("state") or ""
    return (
        values.get("unit") in (None, glance.lead)
        and values.get("light") in (None, "", glance.light)
        and (state != "todo" or not glance.ruled)
        and (state != "done" or glance.ruled)
        and (state != "differs" or glance.differs)
    )


def _newest(chosen: Period) -> int:
    """The number of the newest view of the list: what a page was made from."""
    return Verdict.objects.filter(task__list=chosen.list_id).aggregate(n=Max("seq"))["n"] or 0


def _patrol_day(chosen: Period) -> date:
    """The day of which the system would judge: today, not after the period's lock day, nor before what it judged last."""
    judged = Verdict.objects.filter(task__list=chosen.list_id).aggregate(n=Max("on"))["n"]
    day = min(timezone.localdate(), chosen.lock_on)
    return max(day, judged) if judged else day


@require_POST
def judging(request: Request, list_key: str, period_key: str) -> HttpResponse:
    """系统研判 of the whole list for this period, as of a day."""
    chosen = office_period(request, list_key, period_key)
    try:
        on = day_in(request.POST.get("on", "")) if request.POST.get("on") else _patrol_day(chosen)
    except ValueError:
        on = _patrol_day(chosen)
    try:
        written = patrol(task_list=chosen.list, on=on, period=chosen, by=request.acting, now=timezone.now())
    except (Conflict, Invalid) as refused:
        return _determination(request, chosen).answer(request, refused)
    return done(reverse("determination", args=[list_key, period_key]), "patrolled", written)
