"""Rows and charts of the pages that show where things stand. `{% load standing %}`.

A row of the list is one call of a filter: fifty rows of eight cells in a template loop cost more than all their queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from duban.domain.lights import LIGHTS, Light
from duban.domain.marks import Segment
from duban.domain.messages import Message, render
from duban.domain.periods import period_of
from duban.domain.words import WORDS
from duban.history.presenters import EventLine
from duban.overview.dashboard import Part
from duban.overview.pages import NONE, StandRow
from duban.overview.search import pieces
from duban.overview.task_page import ContactRow
from duban.supervision.models import Verdict
from duban.supervision.queries import SeenView
from duban.web.templatetags.duban import actor_word, in_english
from duban.web.templatetags.year_words import LIGHT_CLASSES

register = template.Library()

WIDTH: Final = 1000
Pair = tuple[str, str]
LEVELS: Final[Mapping[str, Pair]] = {
    "unit": ("单位自行解决", "The unit itself"),
    "office": ("办公厅（室）协调", "General office"),
    "leader": ("分管市领导协调", "City leader"),
    "city": ("提请市政府研究", "City government"),
    "outside": ("需上级或市外支持", "Outside the city"),
}
MOVED: Final[Mapping[str, Pair]] = {
    "worse": ("新增滞后、预警", "Newly behind"),
    "better": ("转好", "Better"),
    "other": ("其他变化", "Other changes"),
}
GROUPS: Final[Mapping[str, Pair]] = {
    "task": ("任务", "Tasks"),
    "clause": ("任务分项", "Sub-items"),
    "report": ("报送内容", "Reports"),
    "problem": ("问题", "Problems"),
    "order": ("督办", "Orders"),
    "letter": ("请示报告批示", "Requests, reports, instructions"),
    "item": ("批示事项", "Items of instructions"),
    "unit": ("单位", "Units"),
    "owed": ("该单位承担的任务", "Tasks of the unit"),
    "person": ("联系人和负责同志", "Contacts and deputies in charge"),
}
PROBLEM_STATES: Final[Mapping[str, Pair]] = {
    "open": ("未解决", "open"),
    "solved": ("已解决", "solved"),
    "dropped": ("不再跟踪", "dropped"),
}
PAPER_KINDS: Final[Mapping[str, Pair]] = {
    "request": ("请示", "Request"),
    "report": ("报告", "Report"),
    "instruction": ("批示", "Instruction"),
}


@register.filter
def problem_level(value: str) -> str:
    """At which level a problem is to be solved."""
    return LEVELS[value][in_english()]


@register.filter
def problem_state(value: str) -> str:
    """What became of a problem."""
    return PROBLEM_STATES[value][in_english()]


@register.filter
def moved_word(value: str) -> str:
    """A group of changed determinations."""
    return MOVED[value][in_english()]


@register.filter
def group_word(value: str) -> str:
    """A kind of thing that the search finds."""
    return GROUPS[value][in_english()]


@register.simple_tag
def part_address(list_key: str, by: str, part: Part) -> str:
    """The list narrowed to a chapter, or to a city leader by determinations alone; nothing for the tasks that have none."""
    value = part.name if by == "leader" else part.key
    query = urlencode({by: value} | ({"voice": "office"} if by == "leader" else {}))
    return f"{reverse('register', args=[list_key])}?{query}" if value else ""


@register.filter
def paper_kind(value: str) -> str:
    """请示, 报告 or 批示."""
    return PAPER_KINDS[value][in_english()]


def _chip(light: str, why: str, *, english: bool) -> str:
    """A light as shape, word and colour, its sentence as a tooltip."""
    if not light:
        return f'<span class="more">{gettext("未核定")}</span>'
    known = Light(light)
    shape, word = LIGHTS[known][0], LIGHTS[known][2 if english else 1]
    title = f' title="{escape(why)}"' if why else ""
    return f'<span class="light {LIGHT_CLASSES[known]}"{title}><span aria-hidden="true">{shape}</span> {word}</span>'


def _period(key: str, *, english: bool) -> str:
    spec = period_of(key)
    return spec.name_en if english else spec.name


@register.filter
def short_period(key: str) -> str:
    """A period within its own year: 三季度."""
    return _period(key, english=in_english())


@register.simple_tag
def stand_lines(rows: Iterable[StandRow], base: str, tail: str) -> SafeString:
    """Tasks as rows of the list, with a heading row before each new chapter or section.

    The address of a task is `base`, its key and `tail`: the filters, which go along to its page.
    """
    words = _words(tail)
    return mark_safe("".join(_line(row, base, words) for row in rows))  # noqa: S308 (every value is escaped)


class _Words(NamedTuple):
    """What the rows of one page need of its language, looked up once."""

    key: str
    offline: str
    units: str
    none: str
    theirs: str
    still: str
    tail: str
    english: bool


def _words(tail: str) -> _Words:
    return _Words(
        gettext("重点"),
        gettext("线下报送"),
        gettext("共 %(n)s 个单位"),
        gettext("尚无报送"),
        gettext("由%(unit)s报送"),
        gettext("%(period)s无变化"),
        escape(tail),
        in_english(),
    )


def _line(row: StandRow, base: str, words: _Words) -> str:
    head = (
        f'<tr class="sect"><th scope="rowgroup" colspan="8">{escape(row.place)}</th></tr>'
        if row.opens
        else ""
    )
    tags = (f'<span class="tag">{words.key}</span>' if row.key_task else "") + (
        f'<span class="tag">{words.offline}</span>' if row.offline else ""
    )
    units = f'<span class="more">{words.units % {"n": row.units}}</span>' if row.units > 1 else ""
    light = _chip(row.light, row.sentence, english=words.english)
    folded = " · ".join(filter(None, (row.division, row.city_leader)))
    return (
        f'{head}<tr><td class="no">{escape(row.number)}</td>'
        f'<td class="task"><a class="t" href="{base}{row.key}/{words.tail}">{escape(row.text)}</a>{tags}</td>'
        f'<td class="owner"><span class="lead">{escape(row.lead)}</span>{units}'
        f'<span class="folded">{escape(folded)}</span></td>'
        f'<td class="div">{escape(row.division)}</td><td class="why">{_progress(row, words)}</td>'
        f'<td class="at"><a href="{base}{row.key}/{words.tail}">{light}</a></td>'
        f'<td class="node">{_node(row)}</td><td class="who-leads">{escape(row.city_leader)}</td></tr>'
    )


def _progress(row: StandRow, words: _Words) -> str:
    still = words.still % {"period": _period(row.still, english=words.english)} if row.still else ""
    if not row.said:
        silent = words.theirs % {"unit": row.asks} if row.asks else words.none
        return f'<span class="more">{escape(still or silent)}</span>'
    more = f' <span class="more">{escape(still)}</span>' if still else ""
    period = _period(row.said_in, english=words.english)
    return f'<span class="two"><b>{period}</b> {escape(row.said)}{more}</span>'


def _node(row: StandRow) -> str:
    if row.node_on:
        return f'{_day(row.node_on)}<span class="more">{escape(row.node)}</span>'
    return _day(row.deadline) if row.deadline else "–"


def _day(day: date) -> str:
    return f'<span class="day">{day.month:02d}-{day.day:02d}</span>'


@register.filter
def contact_lines(rows: Iterable[ContactRow]) -> SafeString:
    """The units of a task as rows of a table: part, deputy in charge, division, contact, telephone."""
    heads = tuple(map(gettext, ("分管负责同志", "责任处室", "联系人", "电话")))
    lead, unknown = gettext("牵头"), gettext("未填写")
    return mark_safe("".join(_contact_line(row, heads, lead, unknown) for row in rows))  # noqa: S308 (every value is escaped)


def _contact_line(row: ContactRow, heads: Sequence[str], lead: str, unknown: str) -> str:
    part = lead if row.leads else WORDS["role"][row.role][in_english()]
    bold = ' class="lead"' if row.leads else ""
    people = zip(heads, (row.deputy, row.division, row.contact, row.phone), strict=True)
    named = "".join(
        f'<td data-label="{head}">{escape(text)}</td>' if text else "<td></td>" for head, text in people
    )
    cells = named if row.reachable else f'<td colspan="4" class="more">{unknown}</td>'
    return f'<tr><td{bold}>{escape(row.name)} <span class="more">{part}</span></td>{cells}</tr>'


@register.filter
def timeline(events: Iterable[EventLine]) -> SafeString:
    """Events as the lines of a list: the day of the act, else that of its record, what happened, who did it."""
    language = "en" if in_english() else "zh"
    parts = (
        f"<li><b>{event.on or timezone.localdate(event.at)}</b> {escape(render(event.sentence, language))} "
        f'<span class="more">{escape(actor_word(event.actor))}</span></li>'
        for event in events
    )
    return mark_safe("".join(parts))  # noqa: S308 (every value is escaped)


@register.filter
def marked(text: Iterable[Segment]) -> SafeString:
    """The official text with the number of each sub-item and its marks."""
    parts = []
    for piece in text:
        opens = f'<sup class="k">{piece.opens}</sup>' if piece.opens else ""
        kinds = " ".join(sorted(piece.kinds))
        words = escape(piece.text)
        parts.append(opens + (f'<mark class="{kinds}">{words}</mark>' if kinds else words))
    return mark_safe("".join(parts))  # noqa: S308 (every value is escaped)


@register.filter
def without(names: Iterable[str], name: str) -> list[str]:
    """Names without one that stands elsewhere on the page."""
    return [each for each in names if each != name]


@register.filter
def voiced(message: Message | None, told: str) -> str:
    """A sentence in the language of the page where its parts were kept, all of them, else as it was written."""
    if message is None or not in_english():
        return told
    try:
        return render(message, "en")
    except KeyError:  # written when the sentence had other parts
        return told


@register.filter
def reason(view: Verdict | SeenView) -> str:
    """Why the system sees a task as it does, in the language of the page."""
    return voiced(Message(view.code, view.params), view.sentence)


@register.filter
def stacked(lights: Mapping[str, int], most: int) -> SafeString:
    """Counts by light as one stacked bar: an SVG without styles, `most` tasks wide; its table stands under it."""
    at, parts = 0.0, []
    for light, count in lights.items():
        width = count * WIDTH / max(most, 1)
        colour = LIGHT_CLASSES[Light(light)] if light else "u"
        parts.append(
            f'<rect class="{colour} l-{light or "none"}" x="{at:.1f}" y="0" width="{width:.1f}" height="10"></rect>'
        )
        at += width
    label = escape(gettext("，").join(f"{_light_word(light)} {count}" for light, count in lights.items()))
    return mark_safe(  # noqa: S308 (numbers, our own words)
        f'<svg class="stack" viewBox="0 0 {WIDTH} 10" preserveAspectRatio="none" role="img" aria-label="{label}">'
        + "".join(parts)
        + "</svg>"
    )


def _light_word(light: str) -> str:
    return LIGHTS[Light(light)][2 if in_english() else 1] if light else gettext("未核定")


@register.filter
def tallies(lights: Mapping[str, int], address: str) -> SafeString:
    """Counts by light in one sentence, each a link to the list narrowed to it; `address` ends where the light is added."""
    item, comma, stop = gettext("%(light)s <b>%(n)s</b> 项"), gettext("，"), gettext("。")
    missing = escape(gettext("任务状态：最近一次核定或研判时，有到期未报的报送"))
    titles = {Light.MISSING.value: f' title="{missing}"'}
    parts = (
        f'<a class="tally" href="{escape(address)}light={light or NONE}"{titles.get(light, "")}>'
        f"{item % {'light': escape(_light_word(light)), 'n': count}}</a>"
        for light, count in lights.items()
    )
    return mark_safe(comma.join(parts) + stop)  # noqa: S308 (numbers, our own words, an escaped address)


@register.filter
def light_name(light: str) -> str:
    """The word of a light, 未核定 for none."""
    return _light_word(light)


@register.filter
def lit(light: str) -> SafeString:
    """A light as a chip, 未核定 for none."""
    return mark_safe(_chip(light, "", english=in_english()))  # noqa: S308 (our own words)


@register.filter
def hits(text: str, terms: tuple[str, ...]) -> SafeString:
    """A text, cut around the first hit, with every hit marked."""
    parts = (
        f'<mark class="hit">{escape(part)}</mark>' if hit else escape(part)
        for part, hit in pieces(text, terms)
    )
    return mark_safe("".join(parts))  # noqa: S308 (every piece is escaped)
