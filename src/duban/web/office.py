"""What the pages of the supervision office share: who may open them, one line after an act, refusals kept on the page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duban.domain.errors import DomainError, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.plans.policies import refusal_to_issue
from duban.progress.models import Period
from duban.progress.queries import period_at
from duban.register.models import TaskList
from duban.shared.statuses import status_of
from duban.web.exporting import page_or_workbook
from duban.web.request import Request, number
from duban.web.shown import seen_list

R = TypeVar("R", bound=Sized)
MOST: Final = 1_000_000
DONE: Final[dict[str, str | Promise]] = {
    "prepared": _("已准备 {n} 项任务，请逐项核对牵头单位。"),
    "saved": _("已保存 {n} 项任务的改动。"),
    "pasted": _("已按粘贴内容更新 {n} 项任务。"),
    "typed": _("已确定 {n} 个分项的类型。"),
    "unchanged": _("没有改动，未作保存。"),
    "issued": _("已交办下达，生成 {n} 份签收单。"),
    "signed": _("已登记 {n} 个单位签收。"),
    "returned_receipt": _("已登记退回。"),
    "resent": _("已答复并重新送达，待单位签收。"),
    "opened": _("已开始报送，应报 {n} 项。"),
    "closed": _("已截止报送：未报和退回 {n} 项，待审核 {m} 项。如需补报，可重新开放。"),
    "reopened": _("已重新开放报送。"),
    "sealed": _("已封存，本期内容不再变动。"),
    "contacted": _("已记录联系 {n} 个单位。"),
    "accepted": _("已通过 {n} 项。"),
    "accepted_some": _("已通过 {n} 项；其余已由他人办理，未作改动。"),
    "returned": _("已退回 {n} 项。"),
    "returned_some": _("已退回 {n} 项；其余已由他人办理，未作改动。"),
    "exempted": _("已免报 {n} 项。"),
    "restored": _("已恢复应报 {n} 项。"),
    "patrolled": _("研判完成：{n} 项任务的状态有变化，{m} 项的说明有更新。"),
    "patrolled_same": _("研判完成，各项任务的状态和说明没有变化。"),
    "determined": _("已核定 {n} 项。"),
}


def office_list(request: Request, key: str) -> TaskList:
    """The list of that key, for the supervision office: 404 when this post does not see it, 403 when it is another's work."""
    task_list = seen_list(request, key)
    if refused := refusal_to_issue(request.acting):
        raise NotAllowed(refused)
    return task_list


def office_period(request: Request, list_key: str, period_key: str) -> Period:
    """One period of a list, for the supervision office; 404 as well when there is no such period."""
    task_list = office_list(request, list_key)
    period = period_at(task_list, period_key)
    if period is None:
        raise Http404
    return period


def done(to: str, code: str, n: int = 0, *, anchor: object = "", **query: object) -> HttpResponse:
    """Back to a page after an act, with the sentence that says what was done, at a row of it where one is named."""
    words = {key: value for key, value in query.items() if value not in (None, "", False)}
    joint = "&" if "?" in to else "?"
    response = HttpResponseRedirect(
        f"{to}{joint}{urlencode({**words, 'done': code, 'n': n})}{f'#{anchor}' if anchor else ''}"
    )
    response.status_code = 303
    return response


def next_row(acted: Collection[int], shown: Sequence[int]) -> int:
    """Where a reviewer goes on after acting on one row of those shown: the next one, after the last the one before it.

    0 when several were acted on at once, or there is no other.
    """
    here = shown.index(next(iter(acted))) if len(acted) == 1 and not {*acted} - {*shown} else -1
    beside = [*shown[here + 1 : here + 2], *shown[max(0, here - 1) : here]] if here >= 0 else []
    return beside[0] if beside else 0


def back_to(request: HttpRequest, name: str, *args: str) -> str:
    """The page that an act came from, with its filters: they travel in the address of the form."""
    query = query_without(request, "done", "n", "m")
    return reverse(name, args=args) + (f"?{query}" if query else "")


def said(request: HttpRequest) -> str:
    """The sentence of `done` that the address carries, or nothing."""
    counts = [number(request.GET.get(name, "0")) for name in ("n", "m")]
    return sentence(request.GET.get("done", ""), *counts)


def sentence(code: str, count: int, further: int = 0) -> str:
    """What was done, in a sentence with one count or two; "" for a code that is none."""
    known = DONE.get(code)
    return "" if known is None or max(count, further) > MOST else str(known).format(n=count, m=further)


@dataclass(frozen=True, slots=True)
class Shown:
    """A template with what it needs: the page that an act came from, and comes back to when it is refused."""

    template: str
    context: Mapping[str, Any]

    def answer(self, request: Request, refused: DomainError | None = None, told: str = "") -> HttpResponse:
        """The page; with the sentence of a refusal on top and its status when there is one, else with what was done."""
        more = {
            "refused": refused.message if refused else None,
            "said": "" if refused else told or said(request),
            "query": query_without(request, "page", "done", "n", "m"),
        }
        status = status_of(refused) if refused else 200
        return page_or_workbook(request, self.template, {**self.context, **more}, status)


def query_without(request: HttpRequest, *names: str) -> str:
    """The query of this address without some of its fields, and without those left empty."""
    kept = ((name, values) for name, values in request.GET.lists() if name not in names)
    return urlencode([(name, value) for name, values in kept for value in values if value])


def keys_in(request: HttpRequest, name: str) -> list[int]:
    """The primary keys posted under a name; what is none is left out."""
    return [key for raw in request.POST.getlist(name) if (key := number(raw))]


def needed(rows: R) -> R:
    """What was ticked; Invalid (office.nothing_ticked) when that is nothing."""
    if not rows:
        raise Invalid(Message("office.nothing_ticked"))
    return rows
