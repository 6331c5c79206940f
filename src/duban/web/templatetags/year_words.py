"""Words of the year on a page: types, rhythms, lights, periods and the states of receipts, rows and units.

`{% load year_words %}`. Every filter takes the stored value and answers in the language of the page; a value that no
table knows is a bug and raises KeyError. Lights: `light` gives the whole chip (shape, word, colour), `light_shape`,
`light_word` and `light_class` its parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from html import escape
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from duban.coordination.queries import ItemRow
from duban.domain.calendar_data import CALENDAR
from duban.domain.errors import Invalid
from duban.domain.lights import LIGHTS, Light
from duban.domain.natures import NATURE_LABELS, RHYTHM_LABELS, Nature, Rhythm
from duban.domain.periods import period_of, spoken_date
from duban.domain.said import further_value
from duban.domain.workflow import INSTRUCTION_ITEM, OBLIGATION, ORDER, PART, PERIOD
from duban.plans.queries import Part
from duban.progress.part_queries import PartRow
from duban.web.templatetags.duban import in_english

register = template.Library()

Pair = tuple[str, str]
Words = Mapping[str, Pair]

RECEIPT_STATES: Final[Words] = {
    "pending": ("待签收", "to be signed for"),
    "signed": ("已签收", "signed for"),
    "returned": ("已退回", "returned"),
}
RECEIPT_MANNERS: Final[Words] = {
    "notice": ("通知", "Notice"),
    "letter": ("函", "Letter"),
    "information": ("阅知", "For information"),
}
RECEIPT_WAYS: Final[Words] = {
    "click": ("线上签收", "on the page"),
    "phone": ("电话签收", "by telephone"),
    "paper": ("纸质签收", "on paper"),
}
UNIT_STATES: Final[Words] = {
    "owed": ("未报", "nothing sent"),
    "partly": ("未报齐", "partly sent"),
    "returned": ("有退回", "rows returned"),
    "sent": ("已报", "sent"),
    "accepted": ("已通过", "accepted"),
}
CONTACT_KINDS: Final[Words] = {
    "remind": ("提醒", "Reminder"),
    "urge_report": ("催报", "Urged to report"),
    "urge_matter": ("催办", "Urged about the matter"),
}
CONTACT_CHANNELS: Final[Words] = {
    "phone": ("电话", "telephone"),
    "paper": ("书面", "paper"),
    "mail": ("邮件", "mail"),
    "sms": ("短信", "text message"),
    "page": ("系统", "this system"),
}
REPORT_CHANNELS: Final[Words] = {
    "page": ("线上填报", "on the page"),
    "workbook": ("表格", "workbook"),
    "paper": ("纸质", "paper"),
}
SIGN_KINDS: Final[Words] = {"click": ("线上审签", "by click"), "paper": ("纸质审签", "on paper")}
LIGHT_CLASSES: Final[dict[Light, str]] = {
    Light.NORMAL: "g",
    Light.WARNING: "y",
    Light.LAGGING: "r",
    Light.DONE: "d",
    Light.NOT_YET: "o",
    Light.MISSING: "m",
    Light.STALE: "o",
    Light.STANDING: "o",
    Light.PENDING: "o",
}
MOST_CHIPS: Final = 6
WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@register.filter
def pair(words: Pair) -> str:
    """The Chinese or the English of a (中文, English) pair."""
    return words[1 if in_english() else 0]


def _filter(name: str, table: Words) -> None:
    """A filter that looks a value up in a table of pairs."""
    look_up: Callable[[str], str] = lambda value: pair(table[value])  # noqa: E731 (registered under its own name)
    register.filter(name, look_up)


_filter("receipt_word", RECEIPT_STATES)
_filter("receipt_manner", RECEIPT_MANNERS)
_filter("receipt_way", RECEIPT_WAYS)
_filter("unit_state", UNIT_STATES)
_filter("contact_kind", CONTACT_KINDS)
_filter("contact_channel", CONTACT_CHANNELS)
_filter("report_channel", REPORT_CHANNELS)
_filter("sign_kind", SIGN_KINDS)
_filter("obligation_word", OBLIGATION.states)
_filter("obligation_action", OBLIGATION.actions)
_filter("period_state", PERIOD.states)
_filter("period_action", PERIOD.actions)
_filter("order_word", ORDER.states)
_filter("order_action", ORDER.actions)
_filter("part_word", PART.states)
_filter("item_action", INSTRUCTION_ITEM.actions)
register.filter("beyond", further_value)


@register.filter
def item_state(item: ItemRow) -> str:
    """Where an item of an instruction stands; 退回重办 where its answer was sent back."""
    return pair(INSTRUCTION_ITEM.actions["return"] if item.returned else INSTRUCTION_ITEM.states[item.state])


@register.filter
def wanted_parts(parts: Iterable[PartRow]) -> int:
    """How many of these parts still have to be said."""
    return sum(part.open for part in parts)


@register.filter
def nature_word(value: str) -> str:
    """The type of a task: 量化指标."""
    return pair(NATURE_LABELS[Nature(value)])


@register.filter
def rhythm_word(value: str) -> str:
    """How often a task is reported on: 按季度."""
    return pair(RHYTHM_LABELS[Rhythm(value)])


@register.filter
def light_shape(value: str) -> str:
    """The shape of a light: ▲."""
    return LIGHTS[Light(value)][0]


@register.filter
def light_word(value: str) -> str:
    """The word of a light: 预警."""
    return pair(LIGHTS[Light(value)][1:])


@register.filter
def light_class(value: str) -> str:
    """The class that colours a light: g, y, r, d, m or o."""
    return LIGHT_CLASSES[Light(value)]


@register.filter
def light(value: str) -> SafeString | str:
    """A light as a chip: shape, word and colour; nothing where there is none yet."""
    return _chip(value, light_word(value)) if value else ""


@cache
def _chip(value: str, word: str) -> SafeString:
    return format_html(
        '<span class="light {}"><span aria-hidden="true">{}</span> {}</span>',
        light_class(value),
        light_shape(value),
        word,
    )


@register.filter
def period_word(key: str) -> str:
    """A period as officials say it, with its year: 2023年一季度."""
    spec = period_of(key)
    return f"{spec.name_en} {spec.year}" if in_english() else f"{spec.year}年{spec.name}"


@register.filter
def day_word(day: date | None, today: date | None = None) -> str:
    """A day in a sentence: 4月10日; with its year unless that is the year of `today`."""
    if day is None:
        return ""
    return pair(spoken_date(day, today or day))


@register.filter
def weekday_word(day: date) -> str:
    """The day of the week, and whether it is worked where the calendar knows: 周一, 周六，休息日."""
    if in_english():
        return day.strftime("%A")
    name = WEEKDAYS[day.weekday()]
    try:
        return name if CALENDAR.is_working(day) else f"{name}，休息日"
    except Invalid:
        return name


@register.filter
def picks(choices: Iterable[tuple[object, str]], chosen: object) -> SafeString:
    """The options of a select from (value, label) pairs; `chosen` is compared as text."""
    now = "" if chosen is None else str(chosen)
    rows = (
        f'<option value="{escape(str(value))}"{" selected" if str(value) == now else ""}>{escape(str(label))}</option>'
        for value, label in choices
    )
    return mark_safe("".join(rows))  # noqa: S308 (both parts are escaped)


@register.filter
def at(table: Mapping[object, object], key: object) -> object:
    """An entry of a table, or nothing."""
    return table.get(key, "")


@register.filter
def field_word(fields: Mapping[str, Pair], name: str) -> str:
    """What a field is called."""
    return pair(fields[name])


@register.filter
def lead_options(parts: Iterable[Part], chosen: str) -> SafeString:
    """The units of a task as the options for its lead; nothing is chosen until the office has chosen."""
    return picks([("", gettext("—请确定—")), *((part.unit, part.label) for part in parts)], chosen)


@register.filter
def chips(parts: Sequence[Part], lead: int | None) -> SafeString:
    """The units of a task, the lead in bold; the first six by name, the rest as a number."""
    shown = [*sorted(parts, key=lambda part: part.unit != lead)][:MOST_CHIPS]
    names = (
        f'<span class="chip{" lead" if part.unit == lead else ""}">{escape(part.name)}</span>'
        for part in shown
    )
    more = gettext("共 %(n)s 个单位") % {"n": len(parts)} if len(parts) > MOST_CHIPS else ""
    return mark_safe("".join(names) + f'<span class="more">{escape(more)}</span>')  # noqa: S308 (escaped)


_TOKEN: Final = re.compile(r"[0-9][0-9,.%]*|[A-Za-z]+|\s+|.", re.DOTALL)


@register.filter
def changed_from(text: str, before: str) -> SafeString:
    """A text with what was added since an earlier one as <ins> and what was dropped as <del>; numbers stay whole."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(text)
    same = next(
        (n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    parts = [escape("".join(new[:same]))]
    for tag, i, j, k, m in SequenceMatcher(None, old[same:], new[same:], autojunk=False).get_opcodes():
        dropped, added = escape("".join(old[same + i : same + j])), escape("".join(new[same + k : same + m]))
        if tag == "equal":
            parts.append(added)
            continue
        parts.append(f"<del>{dropped}</del>" if dropped else "")
        parts.append(f"<ins>{added}</ins>" if added else "")
    return mark_safe("".join(parts))  # noqa: S308 (every piece is escaped)
