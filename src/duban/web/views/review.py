"""审核: what units sent, row by row against last time."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from duban.domain.errors import Conflict, Invalid
from duban.domain.messages import Message
from duban.progress.models import Obligation, Period
from duban.progress.operations import review
from duban.shared.form_json import read_json
from duban.web.exporting import page_size
from duban.web.forms_office import ReviewFilterForm, joined
from duban.web.office import Shown, back_to, done, keys_in, needed, next_row, office_period, sentence
from duban.web.request import Request, number
from duban.web.reviewing import period_index, review_lines, state_counts, unit_counts
from duban.web.templatetags.year_words import pair

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
    index = period_index(chosen, request.acting)
    found = [row for row in index if row.fits({**values, "state": state})]
    page = Paginator(found, page_size(request, REVIEWED)).get_page(values.get("page") or 1)
    lines = review_lines(chosen, request.acting, list(page.object_list), request.POST)
    phrases = [(zh, pair((zh, en))) for zh, en in PHRASES]
    context = {
        "list": chosen.list,
        "period": chosen,
        "counts": state_counts(index),
        "lines": lines,
        "seen": json.dumps({line.row.obligation: line.row.revision for line in lines}),
        "page": page,
        "state": state,
        "state_choices": [(key, pair(words)) for key, words in STATE_WORDS.items()],
        "values": values,
        "units": unit_counts(index),
        "phrases": phrases,
        "typed": request.POST,
    }
    return Shown("review/reports.html", context)
