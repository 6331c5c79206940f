"""Filters of our templates: sentences of the domain, words for its enums, numbers as printed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django import template
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from duban.directory.queries import PersonRow
from duban.domain.due import plain as number
from duban.domain.event_words import EVENT_WORDS
from duban.domain.messages import Message, render
from duban.domain.posts import CONSOLE, POST_LABELS, PostRole
from duban.domain.roster_people import seat_name
from duban.domain.words import WORDS
from duban.register.queries import Choice, TaskRow

register = template.Library()

SYMBOLS: Final = {"ge": "≥", "le": "≤", "eq": "", "approx": "≈", "strive": "力争"}


def in_english() -> bool:
    """Whether the page is read in English."""
    return (get_language() or "").startswith("en")


@register.simple_tag(takes_context=True)
def export_button(context: Context) -> SafeString:
    """导出 Excel: the address of this page, under its filters, as a workbook of all its pages."""
    query = context["request"].GET.copy()
    for name in ("page", "done", "n"):
        query.pop(name, None)
    query["export"] = "xlsx"
    address, word = escape(f"?{query.urlencode()}"), gettext("导出 Excel")
    return mark_safe(f'<a class="btn-plain" href="{address}">{word}</a>')  # noqa: S308 (escaped, our own word)


@register.filter
def say(message: Message) -> str:
    """A domain message in the language of the page."""
    return render(message, "en" if in_english() else "zh")


@register.filter
def word(value: str, room: str) -> str:
    """What people call a value of an enum: `{{ row.role|word:"role" }}`."""
    return WORDS[room][value][1 if in_english() else 0]


@register.filter
def post_word(role: PostRole) -> str:
    """What a kind of post is called."""
    return POST_LABELS[role][1 if in_english() else 0]


@register.filter
def post_title(row: PersonRow) -> str:
    """What somebody's post is called: its title; in English the post of the register that it is, else its kind."""
    if not in_english():
        return row.title
    seat = seat_name(row.role, row.title)
    return gettext(seat.value) if seat else post_word(row.role)


@register.filter
def actor_word(label: str) -> str:
    """Who did something, as history keeps it; the server's own console in the language of the page."""
    return "command line" if label == CONSOLE.label and in_english() else label


@register.filter
def event_word(kind: str) -> str:
    """What a kind of event is called; a kind from a newer version stands as it is."""
    return EVENT_WORDS.get(kind, (kind, kind))[1 if in_english() else 0]


@register.filter
def symbol(comparator: str) -> str:
    """≥, ≤, ≈, 力争 or nothing."""
    return "aims at" if comparator == "strive" and in_english() else SYMBOLS[comparator]


@register.filter
def owners(row: TaskRow) -> SafeString:
    """The unit that answers for a task, bold where it is a named lead, and how many units there are in all."""
    bold = ' class="lead"' if row.lead else ""
    more = gettext("共 %(n)s 个单位") % {"n": row.units} if row.units > 1 else ""
    return mark_safe(f'<span{bold}>{escape(row.first)}</span><span class="more">{escape(more)}</span>')  # noqa: S308 (escaped)


@register.filter
def options(choices: Iterable[Choice], chosen: int | None) -> SafeString:
    """The options of a select; one call for a hundred units costs less than a hundred turns of a template loop."""
    rows = (
        f'<option value="{choice.value}"{" selected" if choice.value == chosen else ""}>'
        f"{escape(choice.label)}{choice.shown}</option>"
        for choice in choices
    )
    return mark_safe("".join(rows))  # noqa: S308 (labels are escaped, the rest are our numbers)


@register.filter
def plain(value: Decimal | None) -> str:
    """A number without trailing zeros and without exponent: 5.5, 2000."""
    return "" if value is None else number(value)
