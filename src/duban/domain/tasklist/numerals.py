"""Reads the numbers of official Chinese prose, so that 两千, 1.5万 and 百分之五 can be compared and added."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
_PER_CENT = "百分之"
_LONGEST = 40


@lru_cache(maxsize=512)
def to_decimal(text: str, /) -> Decimal | None:
    """Read the value of a printed number, or None when it is none or not exact (十几, 数百).

    Knows Arabic and full-width digits, thousands separators, 万 and 亿 after either script, Chinese numerals,
    百分之 (as the percentage: 百分之五 is 5) and fractions (三分之二). Never negative. Text longer than any printed
    number (40 characters) is no number.
    """
    plain = "".join(text.split()).translate(_FULL_WIDTH)
    if not plain or len(plain) > _LONGEST:
        return None
    if plain.startswith(_PER_CENT):
        return _whole(plain.removeprefix(_PER_CENT))
    below, fraction, above = plain.partition("分之")
    if fraction:
        return _ratio(_whole(above), _whole(below))
    return _whole(plain.removesuffix("%"))


def _ratio(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    return above / below if above is not None and below else None


def _whole(text: str) -> Decimal | None:
    arabic = _arabic().fullmatch(text)
    if arabic is None:
        return _chinese(text)
    value = Decimal(arabic[1].replace(",", ""))
    for scale in arabic[2]:
        value *= _TENS.get(scale) or _GROUPS[scale]
    return value


@cache
def _arabic() -> re.Pattern[str]:
    return re.compile(r"((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)([十百千]?[万亿]{0,2})")


def _chinese(text: str) -> Decimal | None:
    """Positional reading: digits wait for their 十 百 千, sections for their 万 亿."""
    whole, point, tail = text.partition("点")
    value = _sections(whole)
    if not point or value is None:
        return None if value is None else Decimal(value)
    digits = [_DIGITS.get(c) for c in tail]
    if not digits or None in digits:
        return None
    return Decimal(f"{value}.{''.join(map(str, digits))}")


def _sections(text: str) -> int | None:
    total = section = 0
    digit: int | None = None
    for c in text:
        if c in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[c]
        elif c in _TENS:
            section += (digit or 1) * _TENS[c]
            digit = None
        elif c in _GROUPS:
            section += digit or 0
            bare = not (total or section)
            grown = (total + section) if _GROUPS[c] > _GROUPS["万"] else section
            kept = 0 if _GROUPS[c] > _GROUPS["万"] else total
            total, section, digit = kept + (1 if bare else grown) * _GROUPS[c], 0, None
        else:
            return None
    return total + section + (digit or 0) if text else None
