"""Says in a short noun phrase what a number counts, from the words before and after it."""

from __future__ import annotations

import re
from functools import cache

from duban.domain.tasklist import targets_vocabulary as words

_SHORT, _HEAD, _LIST_KEPT, _LONGEST = 2, 3, 4, 60
_JOINTS = str.maketrans("和及与", "、、、")


def indicator(before: str, after: str, context: str, /) -> str:
    """Name what is counted. `before` ends where the binding words begin; `after` is what follows the measure, empty when nothing does.

    `context` is the comma segment before, read only when the number's own words say too little (总量, 最高).
    """
    after = without_brackets(after).removeprefix("的")
    before = _lead(without_brackets(before), after)
    name = _without_list(before + after)
    if len(name) <= _SHORT or before in words.VAGUE:
        name = _fill().sub("", _uncounted().sub("", without_brackets(context))) + name
    return name[:_LONGEST]


def leading_verb(before: str, /) -> str:
    """Find the counting verb that a list of quantities shares (提升…60个、…100个), or nothing."""
    found = _verb().match(_fill().sub("", before))
    return found[0] if found else ""


def is_bare_verb(before: str, /) -> bool:
    """完工, 竣工: a verb alone, which takes its noun from the quantity before it."""
    return bool(_verb().fullmatch(_fill().sub("", before)))


def without_verb_end(name: str, /) -> str:
    """老楼加装电梯新开工 -> 老楼加装电梯."""
    if not name.endswith(words.COUNTING_VERBS):
        return name
    return name[: -max(len(verb) for verb in words.COUNTING_VERBS if name.endswith(verb))]


def text_start(before: str, /) -> int:
    """How many leading characters say how, not what (确保, 压茬推进); 实现 and 力争 belong to the phrase."""
    found = _text_fill().match(before)
    return found.end() if found else 0


def elements(before: str, /) -> list[str]:
    """肿瘤、重症、康复专科医联体 -> three names with their shared head; fewer than two elements give nothing."""
    verb = leading_verb(before)
    parts = [part for part in _listed(_fill().sub("", before).removeprefix(verb)) if part]
    lead, last = parts[:-1], parts[-1] if parts else ""
    if not lead:
        return []
    width = len(lead[0])
    if all(len(part) == width for part in lead) and width <= _HEAD and len(last) > width:
        return [part + last[width:] for part in lead] + [last]
    return parts


def _lead(before: str, after: str) -> str:
    """Without filler and without the place; a plain verb (完成) goes when a noun follows the number."""
    bare = _baseline().sub("", _place().sub("", _fill().sub("", before, 1), 1))
    if not after:
        return _tail_of_list(bare)
    return _plain_verbs().sub("", bare)


def _tail_of_list(before: str) -> str:
    """利用错时共享、人防工程等新增停车位 -> 新增停车位: the verb after 等 begins what is counted."""
    _, among, tail = before.rpartition("等")
    kept = tail if among and _verb().match(tail) else before
    return _plain_verbs().sub("", kept) or kept


def _without_list(name: str) -> str:
    """压减会议费、培训费等一般性支出 -> 压减一般性支出."""
    start = name.find("、")
    end = name.find("等", start + 1) if start >= 0 else -1
    if end < 0 or len(name) - end <= _LIST_KEPT or name[end + 1] == "级":
        return name
    kept = max((verb.end() for verb in _verb().finditer(name, 0, start)), default=0)
    return name[:kept] + name[end + 1 :]


def without_brackets(text: str) -> str:
    if "（" not in text and "）" not in text:
        return text
    return _brackets().sub("", text)


@cache
def _brackets() -> re.Pattern[str]:
    return re.compile(r"（[^（）]*(?:）|$)|）")


@cache
def _place() -> re.Pattern[str]:
    """在公交、出租等重点行业: where it is done, not what is counted."""
    return re.compile(r"^在?[^，]{0,40}?(?:等[^，、]{0,6}(?:领域|行业)|网站|范围内)")


@cache
def _baseline() -> re.Pattern[str]:
    """由上年度的50%: where it stood, not what is counted."""
    return re.compile(r"由[^由，]{0,20}?[0-9.]{1,8}[^0-9，]{0,4}$")


@cache
def _uncounted() -> re.Pattern[str]:
    return re.compile(r"[0-9].*$")


def _listed(text: str) -> list[str]:
    return text.translate(_JOINTS).split("、")


def _any(many: tuple[str, ...]) -> str:
    return "|".join(sorted(many, key=len, reverse=True))


@cache
def _fill() -> re.Pattern[str]:
    return re.compile(
        rf"^(?:{_any(words.FILLERS)}|(?:20[0-9]{{2}}年)?(?:[0-9]{{1,2}}月)?底?前?(?=20|$)|20[0-9]{{2}}年度?)+"
    )


@cache
def _text_fill() -> re.Pattern[str]:
    return re.compile(rf"(?:（[^（）]{{0,60}}）)?(?:{_any(words.TEXT_FILLERS)})*")


@cache
def _plain_verbs() -> re.Pattern[str]:
    return re.compile(rf"^(?:{_any(words.PLAIN_VERBS)})+(?![率度量])")


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(_any(words.COUNTING_VERBS))
