"""The shapes of an export, and what the overview, the city leader's page and the search export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from duban.overview.dashboard import Overview
from duban.overview.leader_page import LeaderPage
from duban.publishing.tables import Cell
from duban.web.templatetags import standing, year_words
from duban.web.templatetags.standing import light_name, problem_level
from duban.web.templatetags.year_words import period_word

Context = Mapping[str, Any]
Column = tuple[str, int, Callable[[Any], Cell]]


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a page: its name, its columns (head, width, cell of a row), its rows."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Any]


@dataclass(frozen=True, slots=True)
class Export:
    """What a page exports: the name of the file, and its tables."""

    title: str
    parts: Sequence[Part]


def people() -> list[Column]:
    """The two columns of whom to call."""
    return [(_("联系人"), 12, lambda row: row.contact), (_("电话"), 16, lambda row: row.phone)]


def search(c: Context) -> Export:
    """A table for each kind of thing that was found."""
    found = [(standing.group_word(group.kind), group) for group in c["found"].groups]
    parts = [Part(name, _hits(group.kind), group.hits) for name, group in found]
    return Export(_("搜索"), parts or [Part(_("搜索"), _hits(""), [])])


def _hits(kind: str) -> list[Column]:
    return [
        (_("序号"), 7, lambda hit: hit.number),
        (_("出处"), 24, lambda hit: period_word(hit.about) if kind == "report" else str(hit.about or "")),
        (_("内容"), 90, lambda hit: hit.text),
    ]


def _behind(name: str, rows: Iterable[Any]) -> Part:
    return Part(name, [
        (_("序号"), 7, lambda row: row.number),
        (_("任务"), 60, lambda row: row.text),
        (_("牵头单位"), 18, lambda row: row.lead),
        (_("状态"), 10, lambda row: light_name(row.light)),
        (_("原因"), 40, lambda row: row.sentence),
        (_("报送期"), 16, lambda row: period_word(row.said_in) if row.said_in else ""),
        (_("最新进展"), 50, lambda row: row.said),
    ], rows)  # fmt: skip


def _counted(name: str, head: str, lights: Iterable[str], rows: Iterable[Any]) -> Part:
    def at(light: str) -> Column:
        return light_name(light), 9, lambda part: part.lights.get(light, 0)

    first: list[Column] = [(head, 30, lambda part: part.name), (_("任务"), 9, lambda part: part.tasks)]
    return Part(name, [*first, *(at(light) for light in lights)], rows)


def overview(c: Context) -> Export:
    """A table for each section, in its order."""
    shown: Overview = c["shown"]
    groups = shown.changes.groups if shown.changes else []
    by_leader = _("按市领导（按督查核定）") if c["two_voices"] else _("按市领导")
    return Export(_("总体情况"), [
        _counted(_("按篇章"), _("篇章"), shown.lights, shown.chapters),
        _counted(by_leader, _("市领导"), shown.leaders_lights, shown.leaders),
        Part(_("本期变化"), [
            (_("变化"), 16, lambda row: standing.moved_word(row[0])),
            (_("序号"), 7, lambda row: row[1].number),
            (_("任务"), 60, lambda row: row[1].text),
            (_("上次"), 10, lambda row: light_name(row[1].before)),
            (_("本期"), 10, lambda row: light_name(row[1].now)),
            (_("原因"), 40, lambda row: row[1].sentence),
        ], [(name, row) for name, rows in groups for row in rows]),
        _behind(_("滞后与预警"), shown.laggards),
        Part(_("未报单位"), [
            (_("单位"), 22, lambda row: row.name),
            (_("未报"), 8, lambda row: row.rows),
            *people(),
        ], shown.owing),
        _outstanding(shown),
        Part(_("未解决问题"), [
            (_("解决层级"), 24, lambda row: problem_level(row.level)),
            (_("问题"), 9, lambda row: row.problems),
            (_("涉及任务"), 9, lambda row: row.tasks),
        ], shown.levels),
    ])  # fmt: skip


def _outstanding(shown: Overview) -> Part:
    return Part(_("未办结督办"), [
        (_("编号"), 16, lambda order: f"〔{order.year}〕{order.serial}号" if order.serial else _("未编号")),
        (_("督办事项"), 60, lambda order: order.matter),
        (_("承办单位"), 18, lambda order: order.unit.name),
        (_("状态"), 12, lambda order: year_words.register.filters["order_word"](order.state)),
        (_("送达"), 12, lambda order: order.served_on),
    ], [order for group in shown.ages for order in group.orders])  # fmt: skip


def leader(c: Context) -> Export:
    """What waits for a decision, and the tasks of the leader."""
    shown: LeaderPage | None = c["shown"]
    if shown is None:
        return Export(_("市领导分管任务"), [_behind(_("其他任务"), ())])
    waiting: list[tuple[Cell, ...]] = [
        *((_("请示"), r.subject, r.sender, r.number, r.dated, r.due_on) for r in shown.requests),
        *((_("督办待签发"), r.matter, r.unit.name, "", None, r.due_on) for r in shown.approvals),
        *((_("需协调"), r.text, r.unit.name, r.helper, r.raised_on, None) for r in shown.problems),
    ]
    heads = (
        (_("事项"), 12),
        (_("内容"), 60),
        (_("单位"), 20),
        (_("文号"), 24),
        (_("日期"), 12),
        (_("时限"), 12),
    )
    columns: list[Column] = [(*head, itemgetter(at)) for at, head in enumerate(heads)]
    return Export(_("%(name)s分管任务") % {"name": shown.name}, [
        Part(_("待定事项"), columns, waiting),
        _behind(_("滞后与预警"), shown.behind),
        _behind(_("应报未报"), shown.missing),
        _behind(_("其他任务"), shown.rest),
    ])  # fmt: skip
