"""Which unit a printed name may mean: suggestions only, the directory decides first and a person decides last."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from duban.domain.tasklist.normalise import clean, fold
from duban.domain.units import UnitDirectory

MOST: Final = 3
NEAR: Final = 0.55
BEGINNING: Final = 0.3
_ASIDE = re.compile("（[^（）]*）")


class Suggestion(NamedTuple):
    """A unit or a collective that a name resembles, with the printed form it resembles most; 1 is the same."""

    key: str
    collective: bool
    form: str
    likeness: float


def suggest(name: str, directory: UnitDirectory) -> tuple[Suggestion, ...]:
    """At most three units or collectives that a printed name may mean, the likeliest first.

    A bracket in either name counts for nothing, a name that holds the other is nearer than letters alone say, and
    how names begin counts for more than how they end (市教委 is nearer to 市教育局 than to 团市委).
    """
    wanted = _plain(name)
    best: dict[tuple[str, bool], Suggestion] = {}
    matcher = SequenceMatcher(None, b=wanted, autojunk=False)
    for form, key, collective in directory.surfaces():
        likeness = _likeness(matcher, _plain(form), wanted)
        known = best.get((key, collective))
        if likeness >= NEAR and (known is None or likeness > known.likeness):
            best[key, collective] = Suggestion(key, collective, form, round(likeness, 3))
    return tuple(sorted(best.values(), key=lambda one: (-one.likeness, one.key))[:MOST])


def _plain(name: str) -> str:
    folded = fold(clean(name))
    return _ASIDE.sub("", folded) or folded


def _likeness(matcher: SequenceMatcher[str], form: str, wanted: str) -> float:
    if form == wanted:
        return 1.0
    matcher.set_seq1(form)
    if matcher.real_quick_ratio() < NEAR / 2 or matcher.quick_ratio() < NEAR / 2:
        return 0.0
    same = next(
        (n for n, (a, b) in enumerate(zip(form, wanted, strict=False)) if a != b), min(len(form), len(wanted))
    )
    letters = (1 - BEGINNING) * matcher.ratio() + BEGINNING * same / len(wanted)
    held = min(len(form), len(wanted)) >= 3 and (form in wanted or wanted in form)
    return max(letters, 0.8 if held else 0.0)
