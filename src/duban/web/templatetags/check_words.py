"""Filters of the check screen."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def thousands(value: int) -> str:
    """A whole number with its thousands set apart: 12,345."""
    return f"{value:,}"
