"""Finds the numbers that carry the list's structure, and tells them from numbers inside sentences.

A number counts when its place and its value agree: the better the place (line start, after a full stop, after units,
inside a heading), the more its value may surprise; glued into a sentence, it never counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from duban.domain.tasklist.assignments import Zone

PART, CHAPTER, SECTION, ITEM, SUBITEM, POINT = range(6)
MAX_HEADING = 60
_MEASURES = "%％.个倍万亿元平公吨米℃、，"
_ENDS = "。；！？：）”…>=-"
_NUMERALS = "〇零一二三四五六七八九十百"
_VALUES = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Marker(NamedTuple):
    """A structural number: where it stands, where its text begins, its depth, its value and its printed form."""

    start: int
    end: int
    rank: int
    value: int
    label: str


def chinese_number(text: str) -> int:
    """The value of a numeral up to 百 (二十三 is 23); digits without 十 are read in a row (二〇 is 20)."""
    total = digit = 0
    for c in text:
        if c == "十":
            total, digit = total + (digit or 1) * 10, 0
        elif c == "百":
            total, digit = total + (digit or 1) * 100, 0
        else:
            digit = digit * 10 + _VALUES[c]
    return total + digit


@cache
def _numbers() -> re.Pattern[str]:
    n = f"[{_NUMERALS}]"
    return re.compile(
        rf"(?=[第{_NUMERALS}（\d{_CIRCLED}任事])(?:"  # one look ahead spares ten attempts at every other character
        rf"(?<!{n})(?<![第百千万亿])(?P<chapter>{n}{{1,4}})[、.]"
        rf"|（\s?(?P<section>{n}{{1,4}})\s?）[、.]?"
        r"|(?<![\d.A-Za-z%／/-])(?P<dotted>\d{1,2}(?:\.\d{1,2}){1,2})(?=[.、\s])[.、]?"
        r"|(?<![\d.A-Za-z%／/-])(?P<item>\d{1,4})(?:\s?[.、](?![.、])|(?=\s?（[^\W\d]))"
        r"|(?<![\d.])(?P<bare>\d{1,4})[ \t]+(?=[^\W\d]|[“《])"
        r"|（\s?(?P<subitem>\d{1,3})\s?）|(?<![\d（])(?P<half>\d{1,3})）"
        rf"|(?P<point>[{_CIRCLED}])"
        rf"|第(?P<part>{n}{{1,4}})(?:章|部分|篇|编)"
        rf"|第(?P<division>{n}{{1,4}})节"
        rf"|第(?P<ordinal>{n}{{1,4}}|\d{{1,4}})(?:项|条)(?=[ \t：:、.\n])"
        rf"|(?:任务|事项)(?P<named>{n}{{1,4}}|\d{{1,4}})[：、.\s])"
    )


_RANKS = {
    "part": PART,
    "division": CHAPTER,
    "chapter": CHAPTER,
    "section": SECTION,
    "item": ITEM,
    "bare": ITEM,
    "dotted": ITEM,
    "named": ITEM,
    "ordinal": ITEM,
    "subitem": SUBITEM,
    "half": SUBITEM,
    "point": POINT,
}


def candidates(folded: str) -> Iterator[tuple[Marker, str]]:
    """Every number of a structural form, with the name of its form."""
    for match in _numbers().finditer(folded):
        kind = match.lastgroup or ""
        printed = match[kind]
        if kind == "point":
            value = _CIRCLED.index(printed) + 1
        else:
            last = printed.rsplit(".", 1)[-1]
            value = int(last) if last.isdigit() else chinese_number(last)
        if kind in ("bare", "named", "dotted") and not _opens_line(folded, match.start()):
            continue
        label = match[0].strip(" \t\n：、.") if kind in ("part", "division", "ordinal", "named") else printed
        yield Marker(match.start(), match.end(), _RANKS[kind], value, label), kind


def _opens_line(folded: str, at: int) -> bool:
    while at > 0 and folded[at - 1] in " \t":
        at -= 1
    return at == 0 or folded[at - 1] == "\n"


class Walk:
    """One pass over the candidates; keeps the last value of every rank and decides on each in turn."""

    def __init__(
        self, folded: str, zones: Sequence[Zone], skipped: Sequence[tuple[int, int]], *, excerpt: bool
    ) -> None:
        self.excerpt = excerpt
        self.folded = folded
        self.zones = zones
        self._starts = [zone.start for zone in zones]
        self._skipped = skipped
        self._skip_starts = [start for start, _ in skipped]
        self.last = [0] * 6
        self.seen = [0] * 6
        self.heading = -1
        self.kinds: dict[int, str] = {}
        self.markers: list[Marker] = []

    def run(self) -> list[Marker]:
        """The accepted markers, in order."""
        for marker, kind in candidates(self.folded):
            if not self._inside(marker.start) and self._accepts(marker, kind):
                self._take(marker, kind)
        return self.markers

    def _inside(self, at: int) -> bool:
        index = bisect_right(self._skip_starts, at) - 1
        return index >= 0 and at < self._skipped[index][1]

    def _take(self, marker: Marker, kind: str) -> None:
        self.markers.append(marker)
        self.kinds.setdefault(marker.rank, kind)
        for rank in range(marker.rank + 1, 6):
            self.last[rank] = 0
        out_of_order = marker.value < self.last[marker.rank] and marker.value != 1
        self.last[marker.rank] = self.last[marker.rank] + 1 if out_of_order else marker.value
        self.seen[marker.rank] = self.last[marker.rank]
        self.heading = marker.end if marker.rank <= SECTION else -1

    def _accepts(self, marker: Marker, kind: str) -> bool:
        if marker.value == 0 or self._in_closed_bracket(marker.start):
            return False
        if kind in ("bare", "named", "ordinal", "dotted") and self.kinds.get(ITEM, kind) != kind:
            return False
        place = self._place(marker.start, marker.rank)
        if kind == "item" and not self._may_be_item(marker, place):
            return False
        if kind == "bare":
            place = min(place, 1)
        return self._agrees(marker, place)

    def _agrees(self, marker: Marker, place: int) -> bool:
        value, last, seen = marker.value, self.last[marker.rank], self.seen[marker.rank]
        if value in (last + 1, seen + 1) and value != 1:
            return place >= 1
        if value == 1:
            first = not self.markers or (last == 0 and self.markers[-1].rank < marker.rank)
            return place >= (1 if first else 2)
        if self.excerpt and not self.markers:
            return place >= 1
        if value > max(last, seen):
            return place >= (2 if value - max(last, seen) <= 30 and last + seen else 3)
        return place >= 3 or (value == last and place >= 2)

    def _may_be_item(self, marker: Marker, place: int) -> bool:
        """A stop followed by a digit is a decimal point, unless a year follows the expected number in a good place."""
        follows = self.folded[marker.end : marker.end + 5]
        if not follows[:1].isdigit():
            return True
        if self.folded[marker.end - 1] == "、" or marker.value not in (
            self.last[ITEM] + 1,
            self.seen[ITEM] + 1,
            1,
        ):
            return False
        digits = len(follows) - len(follows.lstrip("0123456789"))
        after = self.folded[marker.end + digits : marker.end + digits + 1]
        if after == "年" and digits == 4:
            return place >= 1
        return place >= 2 and after not in _MEASURES and after != ""

    def _in_closed_bracket(self, at: int) -> bool:
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return False
        zone = self.zones[index]
        return zone.closed and zone.start < at < zone.end

    def _place(self, at: int, rank: int) -> int:
        """0 inside a sentence, 1 possible, 2 good, 3 a new line after something finished."""
        folded = self.folded
        back = at - 1
        while back >= 0 and folded[back].isspace():
            back -= 1
        if back < 0:
            return 3
        blank, line = back < at - 1, "\n" in folded[back + 1 : at]
        ended = folded[back] in _ENDS or self._after_units(at) or self._in_heading(at, rank)
        if line:
            return 3 if ended else 2 if at - self._line_start(back) < MAX_HEADING // 2 else 1
        if blank:
            return 2 if ended else 1
        if not ended:
            return 0
        return 2 if folded[back] in "）>=" or folded[back] not in _ENDS else 1 if folded[back] != "，" else 0

    def _line_start(self, at: int) -> int:
        return self.folded.rfind("\n", 0, at) + 1

    def _after_units(self, at: int) -> bool:
        """Whether only a list of units stands between the last label and this place."""
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return False
        zone = self.zones[index]
        if zone.closed:
            return not self.folded[zone.end : at].strip(" \t\n。；）")
        return at - zone.start < 1500 and self.folded.find("。", zone.start, at - 1) < 0

    def _in_heading(self, at: int, rank: int) -> bool:
        start = self.heading
        if start < 0 or at - start > MAX_HEADING or rank <= self.markers[-1].rank:
            return False
        return self.folded.find("。", start, at) < 0 and self.folded.find("；", start, at) < 0


def find_markers(
    folded: str, zones: Sequence[Zone], skipped: Sequence[tuple[int, int]] = (), *, excerpt: bool = False
) -> list[Marker]:
    """The structural numbers of the text in order; `zones` are the assignments, `skipped` ranges belong to tables.

    An excerpt may begin with any number.
    """
    return Walk(folded, zones, skipped, excerpt=excerpt).run()
