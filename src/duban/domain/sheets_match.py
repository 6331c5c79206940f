"""Which task a stray row may have meant."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from duban.domain.sheets_cells import squash

COMPARED: Final = 60  # characters: enough to tell tasks apart, few enough for hundreds of rows
SHOWN: Final = 24
LEAST: Final = 0.5


def alike(text: str, other: str) -> bool:
    """Whether two texts of a task are the same one, perhaps shortened or edited."""
    one, two = squash(text).rstrip("."), squash(other)
    short = min(len(one), len(two))
    if one[:short] == two[:short]:
        return True
    one, two = one[:COMPARED], two[:COMPARED]
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= LEAST


def nearest(number: str, text: str, lines: Mapping[str, str]) -> str:
    """The task meant, as 编号 18：…, by its text if there is one, else by its number; "" where nothing is near."""
    starts = {squash(task)[:COMPARED]: known for known, task in reversed(list(lines.items()))}
    found = get_close_matches(squash(text)[:COMPARED], starts, n=1, cutoff=LEAST) if text else []
    known = starts[found[0]] if found else next(iter(get_close_matches(squash(number), lines, 1, LEAST)), "")
    if not known:
        return ""
    task = " ".join(lines[known].split())
    return f"编号 {known}：{task[:SHOWN]}{'…' * (len(task) > SHOWN)}"
