"""Names of lists and tasks: the year a list is for, and short stable keys."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher

YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
ANNEXED = re.compile(r"(?:印发|转发|公布)[^《]*《(?P<inner>.+)》的(?:通知|函)$")
YEARS = range(2000, 2101)
LONGEST_TITLE = 200
KEY = re.compile(r"[0-9A-Za-z]+")
LIKE = 0.8
_ASIDE = re.compile(r"（[^（）]*）|\([^()]*\)|20\d\d年度?|[\W_]+")


def year_of(title: str, issued_on: date | None) -> int | None:
    """The year a list is for: the one in its title, else the one it was issued in."""
    if found := YEAR.search(title):
        return int(found[1])
    return issued_on.year if issued_on else None


def list_title(title: str) -> str:
    """What the list itself is called: the text between 《》 when the document is a notice that issues it."""
    found = ANNEXED.search(title)
    return found["inner"] if found else title


def alike(one: str, other: str) -> bool:
    """Whether two titles name the same thing: equal but for blanks, marks, remarks in brackets and the year, or nearly so."""
    first, second = (_ASIDE.sub("", title) for title in (one, other))
    if not first or not second:
        return first == second
    return first in second or second in first or SequenceMatcher(None, first, second).ratio() >= LIKE


def list_key(government: str, year: int, taken: Iterable[str]) -> str:
    """The address of a list: government and year, numbered from the second list of the same year on."""
    first, used = f"{government}-{year}", set(taken)
    if first not in used:
        return first
    number = 2
    while f"{first}-{number}" in used:
        number += 1
    return f"{first}-{number}"


def task_keys(numbers: Sequence[str]) -> tuple[str, ...]:
    """One short stable key per task: its printed number when that is unique and plain, else its ordinal with a dash.

    Chapter numerals (一) and repeated numbers get the ordinal form `n-3`, which can never equal a printed number.
    """
    counts = Counter(numbers)
    return tuple(
        number if counts[number] == 1 and KEY.fullmatch(number) and len(number) <= 12 else f"n-{ordinal}"
        for ordinal, number in enumerate(numbers, 1)
    )
