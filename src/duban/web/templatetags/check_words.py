"""Filters of the check screen."""

from __future__ import annotations

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from duban.web.checking import Block

register = template.Library()


@register.filter
def thousands(value: int) -> str:
    """A whole number with its thousands set apart: 12,345."""
    return f"{value:,}"


@register.filter
def official(block: Block) -> SafeString:
    """A paragraph of the official text with its marks; one call costs less than a template's turn for every stretch."""
    parts = (
        f"<b>{escape(text)}</b>"
        if look == "num"
        else f'<mark class="{look}">{escape(text)}</mark>'
        if look
        else escape(text)
        for text, look in block.segments
    )
    return mark_safe("".join(parts))  # noqa: S308 (texts are escaped, looks are our own words)
