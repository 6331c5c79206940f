"""How figures, dates and lengths are put on paper."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final
from unicodedata import east_asian_width

from duban.documents.readers.assembly import clean
from duban.publishing.contents import Basis, Figure

OPENERS: Final = (
    "关于", "推进", "加快", "落实", "市政府", "重点", "工作", "情况", "任务", "建设", "督办", "督查", "进展", "问题", "实施",
    "通知", "报告", "整改", "综合", "《", "“",
)  # fmt: skip
CELL: Final = 3.0  # millimetres of a cell that hold no text
OPEN: Final = "，、；：“‘《（("  # signs that ask for more after them
_HALF_FIGURE: Final = re.compile(r"\d[\d.,]*$")


def shown(figure: Figure) -> str:
    """A figure as printed: a Decimal with all its digits, never in powers of ten."""
    return f"{figure:f}" if isinstance(figure, Decimal) else clean(str(figure))


def day_words(day: date | None) -> str:
    """A date in Arabic digits without padding (rules.md 4.1): 2026年3月5日; "" for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def change_words(now: int, before: int | None) -> str:
    """The change against last period: +3, -2, 持平; — when there is nothing to compare with."""
    if before is None:
        return "—"
    return f"{now - before:+d}" if now != before else "持平"


def width_of(text: str) -> float:
    """The width of a text in Chinese characters; letters and digits count half."""
    return sum(1.0 if east_asian_width(sign) in "WFA" else 0.5 for sign in text)


def set_width(text: str) -> float:
    """The width of a text as it is set: with the quarter between Chinese text and figures."""
    return width_of(text) + sum(one.isascii() != other.isascii() for one, other in pairwise(text)) / 4


def lines_of(text: str, per_line: float) -> int:
    """How many lines a text takes in a column that holds `per_line` Chinese characters; at least one."""
    return sum(max(math.ceil(width_of(line) / per_line), 1) for line in text.split("\n"))


def fitting(texts: Iterable[str], least: float, most: float, character: float) -> float:
    """The width in millimetres of a column that takes its texts in one line, within bounds."""
    return min(max([least, *(set_width(text) * character + CELL for text in texts)]), most)


def cut_to(text: str, longest: float) -> str:
    """A text cut to a width in Chinese characters, … where something is missing; a figure is never cut in two."""
    if set_width(text) <= longest:
        return text
    end = max(place for place in range(len(text)) if set_width(text[:place]) <= max(longest - 1, 0))
    kept = text[:end].rstrip("…")
    return f"{_HALF_FIGURE.sub('', kept).rstrip(OPEN)}…"


def balanced(title: str, per_line: float) -> str:
    """A title in lines of about the same length, broken before a word that we know rather than inside one (rules.md 4.1)."""
    count = math.ceil(width_of(title) / per_line)
    if count < 2 or "\n" in title:
        return title
    goal = width_of(title) / count
    breaks = [place for place in range(2, len(title) - 1) if _may_break(title, place)]
    fitting = [place for place in breaks if width_of(title[:place]) <= per_line] or breaks

    def badness(place: int) -> float:
        return abs(width_of(title[:place]) - goal) + (0 if title.startswith(OPENERS, place) else 5)

    place = min(fitting, key=badness, default=0)
    return f"{title[:place]}\n{balanced(title[place:], per_line)}" if place else title


def _may_break(title: str, place: int) -> bool:
    before, after = title[place - 1], title[place]
    return (
        not (before.isascii() and after.isascii())
        and after not in "的了》”’）〕、，：。年月日项期号"
        and before not in "《“‘（〔第"
    )


def source_line(basis: Basis) -> str:
    """The small print that ties a printed paper to its data sheet: the first 16 signs of the hash and the day of the figures."""
    groups = " ".join(
        basis.snapshot[start : start + 4] for start in range(0, min(len(basis.snapshot), 16), 4)
    )
    open_yet = "" if basis.sealed else "　本期尚未封存"
    return f"数据底稿 {groups}　数据截至 {day_words(basis.as_of)}{open_yet}"
