"""A short name for a task: what is measured of it, cut where a reader can stop."""

from __future__ import annotations

import re
from typing import Final

_STOPS: Final = re.compile(r"[，。；]")
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?[万亿]?")
_OPENED: Final = re.compile(
    r"“[^”]*$|《[^》]*$|（[^）]*$"
)  # a quotation, a title or a bracket that the cut would leave open


def short(text: str, longest: int) -> str:
    """The first stretch of a text up to a comma or full stop, cut at `longest` characters."""
    first = _STOPS.split(text, maxsplit=1)[0]
    return first if len(first) <= longest else f"{_OPENED.sub('', first[: longest - 1])}…"


def topic(text: str, target: str, longest: int) -> str:
    """The stretch of a task's text that holds the figure of its target of the year, else its first one; cut as `short`."""
    asked = set(_FIGURE.findall(target))
    stretches = (part.strip() for part in _STOPS.split(text))
    named = next((part for part in stretches if asked & set(_FIGURE.findall(part))), "")
    return short(named or text, longest)
