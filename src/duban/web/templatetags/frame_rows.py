"""The way through the year, the rows of a period and of a unit, each drawn in one call. `{% load frame_rows %}`.

As in `standing`: fifty rows of ten cells in a template loop cost more than all their queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from duban.domain.said import further_value
from duban.domain.words import WORDS
from duban.overview.units import UnitTaskRow
from duban.progress.queries import UnitRow
from duban.supervision.models import Contact
from duban.web.navigation import Link
from duban.web.templatetags.standing import lit
from duban.web.templatetags.year_words import (
    CONTACT_CHANNELS,
    CONTACT_KINDS,
    UNIT_STATES,
    pair,
    period_word,
)

register = template.Library()

COLOURS = {"accepted": "g", "sent": "g", "returned": "y"}
DASH = '<span class="more">–</span>'


@register.filter
def nav_lines(groups: Iterable[tuple[object, Sequence[Link]]]) -> SafeString:
    """The groups of the navigation with their links, the page at hand marked."""
    parts = []
    for title, links in groups:
        parts.append(f'<p class="group">{escape(str(title))}</p>')
        parts.extend(_nav_line(link) for link in links)
    return mark_safe("".join(parts))  # noqa: S308 (every value is escaped)


def _nav_line(link: Link) -> str:
    here = ' aria-current="page"' if link.current else ""
    count = f"<b>{link.count}</b>" if link.count is not None else ""
    return f'<a href="{escape(link.address)}"{here}>{escape(str(link.words))}{count}</a>'


class _Words(NamedTuple):
    """What the rows of a period need of its language and addresses, looked up once."""

    sheet: str
    review: str
    tick: str
    asked: str
    reported: str
    returned: str
    owed: str
    late: str
    on_behalf: str
    nobody: str
    unsigned: str
    contacted: str
    merged: str


def _words(list_key: str, period_key: str) -> _Words:
    return _Words(
        reverse("unit-sheet", args=[list_key, period_key, 0]).rpartition("0")[0],
        reverse("review", args=[list_key, period_key]),
        gettext("勾选"),
        gettext("应报"),
        gettext("已报"),
        gettext("退回"),
        gettext("未报"),
        gettext("迟报 %(n)s 项"),
        gettext("代录 %(n)s 项"),
        gettext("未填联系人"),
        gettext("未审签"),
        gettext("%(kind)s（%(channel)s）%(note)s"),
        gettext("已并入%(name)s"),
    )


@register.simple_tag
def period_lines(
    list_key: str,
    period_key: str,
    rows: Iterable[UnitRow],
    contacts: Mapping[int, Contact],
    ticked: Collection[int],
) -> SafeString:
    """The units of a period as rows of its table: `contacts` by unit, the boxes of the `ticked` units set."""
    words = _words(list_key, period_key)
    lines = (_period_line(row, contacts.get(row.unit), row.unit in ticked, words) for row in rows)
    return mark_safe("".join(lines))  # noqa: S308 (every value is escaped)


def _period_line(row: UnitRow, last: Contact | None, ticked: bool, words: _Words) -> str:  # noqa: FBT001 (private)
    name, checked = escape(row.name), " checked" if ticked else ""
    return (
        f'<tr><td class="tickcell"><input type="checkbox" name="unit" value="{row.unit}"'
        f' aria-label="{words.tick} {name}"{checked}></td>'
        f'<td><a href="{words.sheet}{row.unit}/"><b>{name}</b></a>{_heir(row, words)}</td><td>{_state(row, words)}</td>'
        f"{_count(row, words.asked, 'all', row.asked, words.review)}"
        f"{_count(row, words.reported, 'all', row.reported, words.review)}"
        f"{_count(row, words.returned, 'returned', row.returned, words.review)}"
        f"{_count(row, words.owed, 'owed', row.owed, words.review)}"
        f'<td>{_contact(row, words)}</td><td class="why">{_last(last, words)}</td><td>{_signed(row, words)}</td></tr>'
    )


def _more(text: str) -> str:
    return f'<span class="more nowrap">{escape(text)}</span>'


def _heir(row: UnitRow, words: _Words) -> str:
    return " " + _more(words.merged % {"name": row.heir}) if row.heir else ""


def _state(row: UnitRow, words: _Words) -> str:
    late = " " + _more(words.late % {"n": row.late}) if row.late else ""
    return f'<span class="light {COLOURS.get(row.state, "o")}">{pair(UNIT_STATES[row.state])}</span>{late}'


def _count(row: UnitRow, label: str, state: str, count: int, review: str) -> str:
    """A number as a link to the rows it counts."""
    shown = f'<a href="{review}?state={state}&amp;unit={row.unit}">{count}</a>' if count else "0"
    return f'<td class="n" data-label="{label}">{shown}</td>'


def _contact(row: UnitRow, words: _Words) -> str:
    return f"{escape(row.contact)} {_more(row.phone)}" if row.contact else _more(words.nobody)


def _last(last: Contact | None, words: _Words) -> str:
    if last is None:
        return DASH
    at = timezone.localtime(last.at)
    told = {"kind": pair(CONTACT_KINDS[last.kind]), "channel": pair(CONTACT_CHANNELS[last.channel])}
    return f"{at.month}-{at.day} {words.contacted % (told | {'note': escape(last.note)})}"


def _signed(row: UnitRow, words: _Words) -> str:
    nobody = _more(words.unsigned) if row.reported else DASH
    behalf = " " + _more(words.on_behalf % {"n": row.on_behalf}) if row.on_behalf else ""
    return (escape(row.signed_by) if row.signed_by else nobody) + behalf


class _TaskWords(NamedTuple):
    """What the tasks of a unit need of its language, looked up once."""

    ordered: str
    target: str
    node: str
    colon: str
    same: str
    english: bool


@register.filter
def unit_task_lines(rows: Iterable[UnitTaskRow], base: str) -> SafeString:
    """The tasks of a unit as rows of its table; `base` is where the addresses of tasks begin."""
    english = (get_language() or "").startswith("en")
    words = _TaskWords(
        gettext("督办中"), gettext("目标"), gettext("节点"), gettext("："), gettext("无变化。"), english
    )
    return mark_safe("".join(_task_line(row, base, words) for row in rows))  # noqa: S308 (every value is escaped)


def _task_line(row: UnitTaskRow, base: str, words: _TaskWords) -> str:
    part = WORDS["role"][row.role][words.english] + (f" · {escape(row.division)}" if row.division else "")
    ordered = f'<br><a class="more" href="#orders">{words.ordered}</a>' if row.ordered else ""
    target = _noted(words.target, row.year_target) + _noted(words.node, row.node)
    return (
        f'<tr><td class="no">{escape(row.number)}</td>'
        f'<td><a class="t" href="{base}{row.key}/">{escape(row.text)}</a><span class="more">{part}</span></td>'
        f'<td>{lit(row.light)}{ordered}</td><td class="now">{target}{_told(row, words)}</td>'
        f'<td class="owner"><span class="lead">{escape(row.lead)}</span>'
        f'<span class="more">{escape(row.contact)} {escape(row.phone)}</span></td></tr>'
    )


def _cut(text: str, most: int) -> str:
    return escape(Truncator(text).chars(most) if len(text) > most else text)


def _noted(word: str, text: str) -> str:
    return f'<span class="why"><b>{word}</b> {_cut(text, 40)}</span>' if text else ""


def _told(row: UnitTaskRow, words: _TaskWords) -> str:
    said = row.said
    if not said.anything:
        return ""
    same = words.same if said.no_change else ""
    progress = _cut(said.progress, 60)
    further = further_value(said.value, progress)
    value = f" <b>{escape(further)}</b>" if further else ""
    return f'<span class="why">{period_word(said.period)}{words.colon}{same}{progress}{value}</span>'
