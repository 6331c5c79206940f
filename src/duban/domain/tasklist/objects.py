"""Reads lists that reach us as script objects (id, title, content, departments), one task for each object."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from duban.domain.source import Span
from duban.domain.tasklist.assignments import Zone
from duban.domain.tasklist.drafts import Draft
from duban.domain.tasklist.normalise import clean
from duban.domain.tasklist.records import ColumnKind, Field, Heading, Matter
from duban.domain.tasklist.work import Work

FEWEST = 2
_IDS: Final = ("id", "no", "num", "number", "index", "code", "序号", "编号")
_TEXTS: Final = ("content", "text", "detail", "details", "task", "body", "任务", "内容", "任务内容")
_NAMES: Final = ("title", "name", "标题", "任务名称")
_UNITS: Final = (
    "departments",
    "department",
    "units",
    "unit",
    "dept",
    "depts",
    "responsible",
    "责任单位",
    "牵头单位",
    "单位",
)
_CHINESE = re.compile(r"[^\W\d_a-zA-Z]")


@dataclass(slots=True)
class _Object:
    start: int
    pairs: dict[str, tuple[int, int]] = field(default_factory=dict)

    def first(self, keys: tuple[str, ...]) -> tuple[int, int] | None:
        return next((self.pairs[key] for key in keys if key in self.pairs), None)


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(
        r"[\"']?(?P<key>[A-Za-z_]{2,24}|序号|编号|标题|任务名称|任务内容|任务|内容|责任单位|牵头单位|单位)[\"']?[ \t]*：\s*"
        r"(?:\"(?P<value>(?:[^\"\\\n]|\\.)*)\"|'(?P<single>(?:[^'\\\n]|\\.)*)'|(?P<bare>\d{1,6}))"
    )


def looks_like_script(folded: str) -> bool:
    """Whether the text is made of objects that name a content and the units for it."""
    keys = [match["key"].lower() for match in _pair().finditer(folded)]
    return sum(key in _TEXTS for key in keys) >= FEWEST and sum(key in _UNITS for key in keys) >= FEWEST


def title_of(work: Work) -> str:
    """The title of the whole script, when its first named object is no heading of tasks."""
    first = next(_objects(work.folded), None)
    name = first.first(_NAMES) if first is not None else None
    return work.shown(*name) if name is not None and first is not None and first.first(_IDS) is None else ""


def read_objects(work: Work) -> list[Draft]:
    """Records the tasks of a script, and returns their drafts."""
    work.furniture = sorted({*work.furniture, *(m.span() for m in re.finditer(r"\\(?=[\"'])", work.folded))})
    drafts: list[Draft] = []
    path: list[tuple[int, str]] = []
    at = 0
    for each in _objects(work.folded):
        text, units = each.first(_TEXTS), each.first(_UNITS)
        number, name = each.first(_IDS), each.first(_NAMES)
        if text is not None and units is not None:
            _task(work, each, path, drafts)
        elif name is not None:
            printed = work.folded[slice(*number)] if number else ""
            level = printed.count("-") + printed.count(".") + 1
            path = [(depth, title) for depth, title in path if depth < level]
            title = work.shown(*name)
            path.append((level, title))
            work.headings.append(Heading(title, level, Span(*name)))
            work.claims.append((*name, Matter.HEADING, ""))
    for start, end in _values(work.folded):
        matter = Matter.MATTER if _CHINESE.search(work.folded, start, end) else Matter.FURNITURE
        work.claims.append((start, end, matter, "script_value"))
    taken = sorted((start, end) for start, end, _, _ in work.claims)
    for start, end in [*taken, (len(work.folded), len(work.folded))]:
        if start > at and _CHINESE.search(work.folded, at, start) is None:
            work.claims.append((at, start, Matter.FURNITURE, "script"))
        at = max(at, end)
    return drafts


def _values(folded: str) -> Iterator[tuple[int, int]]:
    for match in _pair().finditer(folded):
        yield match.span(_group(match))


def _group(match: re.Match[str]) -> str:
    return next(name for name in ("value", "single", "bare") if match[name] is not None)


def _objects(folded: str) -> Iterator[_Object]:
    """A key that comes again, or an id, begins the next object."""
    current = _Object(0)
    for match in _pair().finditer(folded):
        key = match["key"].lower()
        if key in current.pairs or (key in _IDS and current.pairs):
            yield current
            current = _Object(match.start())
        current.pairs[key] = match.span(_group(match))
    if current.pairs:
        yield current


def _task(work: Work, each: _Object, path: list[tuple[int, str]], drafts: list[Draft]) -> None:
    text, units = each.first(_TEXTS), each.first(_UNITS)
    assert text is not None
    assert units is not None
    number, name = each.first(_IDS), each.first(_NAMES)
    printed = clean(work.text[slice(*number)]) if number else str(len(drafts) + 1)
    zone = Zone(units[0], units[1], units[0], (), closed=False)
    start = min(place[0] for place in (number, name, text) if place is not None)
    value = int(printed) if printed.isascii() and printed.isdigit() else 0
    rest = (max(units[1], text[1]),) * 2
    zones = (zone,) if units[1] > units[0] else ()
    draft = Draft(printed, (), start, text, zones, rest, value, number_span=number or (start, start))
    drafts.append(draft)
    work.task(draft, tuple(title for _, title in path))
    if name is not None:
        title = Field(ColumnKind.TASK, work.shown(*name), Span(*name))
        work.tasks[-1] = work.tasks[-1]._replace(fields=(title,))
        work.claims.append((*name, Matter.TASK, ""))
