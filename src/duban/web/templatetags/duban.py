"""Filters of our templates: sentences of the domain, words for its enums, numbers as printed."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django import template
from django.utils.translation import get_language

from duban.domain.messages import Message, render
from duban.domain.posts import POST_LABELS, PostRole
from duban.domain.words import WORDS

register = template.Library()

SYMBOLS: Final = {"ge": "≥", "le": "≤", "eq": "", "approx": "≈", "strive": "力争"}


def _english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def say(message: Message) -> str:
    """A domain message in the language of the page."""
    return render(message, "en" if _english() else "zh")


@register.filter
def word(value: str, room: str) -> str:
    """What people call a value of an enum: `{{ row.role|word:"role" }}`."""
    return WORDS[room][value][1 if _english() else 0]


@register.filter
def post_word(role: PostRole) -> str:
    """What a kind of post is called."""
    return POST_LABELS[role][1 if _english() else 0]


@register.filter
def symbol(comparator: str) -> str:
    """≥, ≤, ≈, 力争 or nothing."""
    return "aims at" if comparator == "strive" and _english() else SYMBOLS[comparator]


@register.filter
def plain(value: Decimal | None) -> str:
    """A number without trailing zeros and without exponent: 5.5, 2000."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
