"""审核: what units sent, row by row against last time."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from duban.domain.errors import Conflict, Invalid
from duban.domain.messages import Message
from duban.progress.models import Obligation, Period
from duban.progress.operations import review
from duban.progress.part_queries import PartRow, parts_of_rows
from duban.progress.queries import SheetRow, sheet_rows
from duban.register.queries import units_of
from duban.shared.form_json import read_json
from duban.supervision.models import Verdict
from duban.supervision.queries import overtaken, views_of
from duban.web.exporting import page_size
from duban.web.forms_office import ReviewFilterForm, joined
from duban.web.office import Shown, back_to, done, keys_in, needed, next_row, office_period, sentence
from duban.web.request import Request, number
from duban.web.templatetags.year_words import pair, picks

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


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A row under review: what is asked, what was said last time and now, how the system sees the task, what was typed.

    `late` says that the report came after that view; `parts` are what supporting units were asked and said.
    """

    row: SheetRow
    view: Verdict | None
    late: bool
    phrase: str = ""
    why: str = ""
    ticked: bool = False
    parts: tuple[PartRow, ...] = ()


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
    found = _found(request, chosen, {**values, "state": state})
    page = Paginator(found, page_size(request, REVIEWED)).get_page(values.get("page") or 1)
    lines = _lines(request, chosen, sheet_rows(chosen, request.acting, only=list(page.object_list)))
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


def _found(request: Request, chosen: Period, values: dict[str, Any]) -> list[int]:
    """The rows that the address asks for, by unit and in the order of the list. One query."""
    rows = Obligation.objects.visible_to(request.acting).filter(period=chosen)
    if values.get("unit"):
        rows = rows.filter(unit=values["unit"])
    if values["state"] != "all":
        rows = rows.filter(state=values["state"])
    if values.get("problem"):
        rows = rows.filter(current__isnull=False).exclude(current__problem="")
    if values.get("no_change"):
        rows = rows.filter(current__no_change=True)
    return list(rows.order_by("unit__position", "task__ordinal").values_list("pk", flat=True))


def _counts(request: Request, chosen: Period) -> dict[str, int]:
    rows = Obligation.objects.visible_to(request.acting).filter(period=chosen).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def _lines(request: Request, chosen: Period, rows: list[SheetRow]) -> list[ReviewLine]:
    post, tasks = request.POST, [row.task for row in rows]
    parts = parts_of_rows([row.obligation for row in rows], request.acting, timezone.localdate())
    views = {view.task_id: view for view in views_of(chosen).filter(task__in=tasks)}
    late = set(overtaken(chosen).filter(task__in=tasks).values_list("task_id", flat=True))
    ticked = set(post.getlist("tick"))
    return [
        ReviewLine(
            row=row,
            view=views.get(row.task),
            late=row.task in late,
            phrase=post.get(f"phrase-{row.obligation}", ""),
            why=post.get(f"why-{row.obligation}", ""),
            ticked=str(row.obligation) in ticked,
            parts=parts.get(row.obligation, ()),
        )
        for row in rows
    ]
