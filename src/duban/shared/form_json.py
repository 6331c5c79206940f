"""JSON that a page carried to itself, read back without trust."""

from __future__ import annotations

import json
from typing import Any, Final

LONGEST: Final = 18  # digits of a number; more fits no primary key


def read_json(text: str) -> Any:
    """The value; ValueError for damaged text, for fractions and endless numbers, and for nesting without end."""
    try:
        return json.loads(text, parse_int=_whole, parse_float=_refuse, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= LONGEST else _refuse(digits)


def _refuse(digits: str) -> int:
    raise ValueError(f"no whole number: {digits[:LONGEST]}")
