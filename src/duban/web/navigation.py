"""The way through the year: which pages a post may open, in the order of the cycle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from duban.directory.policies import may_open_people
from duban.domain.posts import Acting
from duban.history.policies import may_read_envelopes, refusal_to_purge
from duban.register.queries import ListSummary

May = Callable[[Acting], bool]


def anybody(by: Acting) -> bool:
    """Every signed-in post."""
    return bool(by.role)


def office(by: Acting) -> bool:
    """The supervision office."""
    return by.runs_office


def whole(by: Acting) -> bool:
    """Posts that see the whole government."""
    return by.sees_whole_government


def units(by: Acting) -> bool:
    """Posts of one unit."""
    return by.sees_own_unit


def readers(by: Acting) -> bool:
    """Posts that see business content at all."""
    return by.sees_whole_government or by.sees_own_unit


def purgers(by: Acting) -> bool:
    """Who may ask that a document be removed for good."""
    return refusal_to_purge(by) is None


def waited_for(by: Acting) -> bool:
    """Posts for which something may wait."""
    return readers(by) or purgers(by)


class Item(NamedTuple):
    """A page of the navigation: its words, its address, who may open it, and what the address needs."""

    words: object
    name: str
    may: May
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


GROUPS: Final[tuple[tuple[object, tuple[Item, ...]], ...]] = (
    (
        _("总体"),
        (
            Item(_("待办"), "todo", waited_for),
            Item(_("总览"), "overview", whole, ("list",)),
            Item(_("市领导页"), "overview-leader", whole, ("list",)),
            Item(
                _("重点任务台账"),
                "register",
                readers,
                ("list",),
                ("register-task", "register-by-number", "sub-items", "overview-search"),
            ),
            Item(_("全部清单"), "lists", readers),
        ),
    ),
    (
        _("本单位"),
        (
            Item(_("承担的任务"), "unit-page", units, ("list", "unit"), ("unit-order",)),
            Item(_("细化表"), "plan-sheet", units, ("list", "unit"), ("plan-merge",)),
            Item(_("本期报送表"), "unit-sheet", units, ("list", "period", "unit"), ("unit-merge",)),
            Item(_("核对稿"), "consultation", units, ("list", "period"), ("consultation-object",)),
        ),
    ),
    (
        _("入库与交办"),
        (
            Item(_("导入核对"), "import", office, (), ("import-check", "import-map")),
            Item(_("交办下达"), "issue", office, ("list",), ("issue-paste",)),
            Item(_("签收"), "receipts", office, ("list",)),
            Item(_("三项检查"), "coverage", office, ("list",)),
            Item(_("完成标准"), "contracts", readers, ("list",)),
            Item(_("调整申请"), "changes", office, ("list",)),
        ),
    ),
    (
        _("报送与核定"),
        (
            Item(_("报送期次"), "periods", office, ("list",)),
            Item(_("本期报送"), "period", office, ("list", "period"), ("period-urging",)),
            Item(_("审核"), "review", office, ("list", "period")),
            Item(_("研判与核定"), "determination", office, ("list", "period")),
            Item(
                _("核对稿"),
                "consultation",
                office,
                ("list", "period"),
                ("consultation-answer", "consultation-print"),
            ),
        ),
    ),
    (
        _("督办与文书"),
        (
            Item(_("督办台账"), "orders", readers, ("list",), ("orders-new", "orders-one", "orders-revise")),
            Item(_("问题台账"), "problems", readers, ("list",), ("problems-settle",)),
            Item(
                _("请示报告批示"),
                "letters",
                whole,
                ("list",),
                ("letters-one", "letters-divide", "letters-item"),
            ),
            Item(_("本期文书"), "papers", whole, ("list", "period"), ("papers-verify",)),
        ),
    ),
    (
        _("基础"),
        (
            Item(_("单位名录"), "units", anybody),
            Item(_("人员与账号"), "people", may_open_people, (), ("people-unit",)),
            Item(_("操作日志"), "log", may_read_envelopes),
            Item(_("涉密误传处置"), "purge", purgers),
            Item(_("使用说明"), "help", anybody),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the navigation as a page shows it."""

    words: object
    address: str
    current: bool
    count: int | None = None


def links(
    acting: Acting, shown: ListSummary | None, period: str | None, here: str
) -> list[tuple[object, list[Link]]]:
    """The groups that this post may open, for the list at hand and its newest period."""
    known = {
        "list": shown.key if shown else None,
        "period": period,
        "unit": acting.unit,
    }
    found = []
    for title, items in GROUPS:
        own = [
            Link(
                item.words,
                _address(item.name, *(known[need] for need in item.needs)),
                here == item.name or here in item.also,
                shown.tasks if shown and item.name == "register" else None,
            )
            for item in items
            if item.may(acting) and all(known[need] for need in item.needs)
        ]
        if own:
            found.append((title, own))
    return found


@lru_cache(maxsize=2048)
def _address(name: str, *parts: object) -> str:
    """To resolve twenty addresses anew for every page costs more than their queries."""
    return reverse(name, args=parts)
