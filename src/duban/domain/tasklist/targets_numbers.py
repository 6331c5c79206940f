"""Decides whether a measured number binds the issuer, and how: its value, its unit, its comparators."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from duban.domain.tasklist import targets_vocabulary as words
from duban.domain.tasklist.numerals import to_decimal
from duban.domain.tasklist.records import Comparator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duban.domain.tasklist.targets_segments import Segment

_SCALES = "万亿"
_LONGEST_WORD = max(map(len, words.BEFORE))
_FIRST_YEAR, _DAY = 1900, 24
_LOOK = 24
_TIMES_AFTER, _AGES_AFTER = frozenset("后後前"), frozenset("以行期度来")
_ENDS_PIECE = frozenset({"", "、", "和", "及"})
_LONG = frozenset({"年", "个月"})
# Right before a number these make it a name, an ordinal, a rate per head or a guess (第26届, 每千人, 数十家).
_NAMES_BEFORE = frozenset("第每数几·.-－—+×/〔")


class Quantity(NamedTuple):
    """A number that binds. `begin` includes the comparator words before it, `end` those after it."""

    begin: int
    number: int
    end: int
    value: Decimal
    value_max: Decimal | None
    unit: str
    measure: str
    bounds: tuple[Comparator, ...]
    taken: tuple[str, ...] = ()
    named: str = ""

    @property
    def comparator(self) -> Comparator:
        """力争 wins; then the word after the number, then the one before (corpus README, conventions)."""
        if Comparator.STRIVE in self.bounds:
            return Comparator.STRIVE
        return self.bounds[-1] if self.bounds else Comparator.EQ


class _Seen:
    """A number token with its surroundings, as the rules below want to read them.

    `begin` is where the words that bind the number begin, `taken` are those words, nearest first, and `bound` those of
    them that say how it binds. `whole` is the segment, `before` and `after` its parts around these words and the number.
    """

    __slots__ = (
        "after",
        "before",
        "begin",
        "bound",
        "first",
        "found",
        "limit",
        "segment",
        "since",
        "taken",
        "text",
        "unit",
        "whole",
    )

    def __init__(self, text: str, segment: Segment, found: re.Match[str], since: int) -> None:
        self.text, self.segment, self.found, self.since = text, segment, found, since
        self.begin, self.taken = _words_before(text, segment.start, found.start())
        self.bound = tuple([word for word in self.taken if words.BEFORE[word] is not None])
        self.unit: str | None = found["unit"]
        self.limit: str | None = found["after"]
        self.first, last = segment.reach(self.begin)
        end = found.end()
        self.before = text[self.first : self.begin]
        self.after = text[end : segment.reach(end)[1]]
        self.whole = text[self.first : last]


def quantities(printed: str, text: str, segment: Segment) -> Iterator[Quantity]:
    """Read the numbers of a segment that bind the issuer, in order; ordinals, years, names and conditions are left out."""
    since = segment.start
    for found in segment.numbers:
        if found.lastgroup in {"zero", "cleared"}:
            yield _read_word(text, segment, found)
            continue
        seen = _Seen(text, segment, found, since)
        if not any(rule(seen) for rule in _REFUSALS):
            quantity = _read(printed, seen)
            if quantity is not None:
                yield quantity
        if found["unit"] and found["low"][0].isascii():
            since = found.end()


def _read_word(text: str, segment: Segment, found: re.Match[str]) -> Quantity:
    """零增长 is a value of zero per cent; 清零 a value of zero without a unit."""
    unit = "%" if found.lastgroup == "zero" else ""
    start = found.start(found.lastgroup or 0)
    begin, _ = _words_before(text, segment.start, start - (text[start - 1 : start] == "“"))
    named = words.ZERO_GROWTH[1:] if unit else ""
    return Quantity(begin, start, found.end(), Decimal(0), None, unit, unit, (), named=named)


def _read(printed: str, seen: _Seen) -> Quantity | None:
    found, text = seen.found, seen.text
    low, scale = _split_scale(found["low"])
    value, high = to_decimal(low), to_decimal(found["high"]) if found["high"] else None
    if value is None or (high is not None and high <= value):
        return None
    if text.endswith("LPR减", 0, found.start()):
        value = -value
    measure = found["unit"] or "%"
    unit = scale + printed[found.start("scale") : found.end("scale")] + measure
    ranked = text[found.start() - 1 : found.start()] == "前" and measure in {"名", "位"}
    if ranked:
        unit = measure = "个"
    named = found[0] if ranked else ""
    place = (seen.begin, found.start(), found.end())
    return Quantity(*place, value, high, unit, measure, _bounds(seen), seen.taken, named)


def _split_scale(low: str) -> tuple[str, str]:
    """百万 before 亩 is 100 and 万亩; Arabic digits carry their scale outside."""
    bare = low.rstrip(_SCALES)
    return bare or "一", low[len(bare) :]


def _words_before(text: str, start: int, number: int) -> tuple[int, tuple[str, ...]]:
    """Find where the words that bind the number begin (最高不得超过, 力争达到), and those words, last first."""
    taken: list[str] = []
    begin = number
    while True:
        for length in range(min(_LONGEST_WORD, begin - start), 0, -1):
            word = text[begin - length : begin]
            if word in words.BEFORE:
                taken.append(word)
                begin -= length
                break
        else:
            return begin, tuple(taken)


def _bounds(seen: _Seen) -> tuple[Comparator, ...]:
    """Give the comparators in printed order without repeats; the one that wins among equals is the last."""
    said: list[Comparator] = []
    if any(word in seen.text[seen.first : seen.found.start()] for word in words.STRIVING):
        said.append(Comparator.STRIVE)
    said += [bound for word in reversed(seen.bound or _bound_afar(seen)) if (bound := words.BEFORE[word])]
    if seen.found["rough"] or seen.found["rough2"]:
        said.append(Comparator.APPROX)
    if seen.limit:
        said.append(words.AFTER[seen.limit])
    return tuple(bound for i, bound in enumerate(said) if bound not in said[i + 1 :])


def _bound_afar(seen: _Seen) -> tuple[str, ...]:
    """Find the last firm word since the number before (每月至少进行1次, 不得超过最近公布的LPR减100个基点)."""
    before = seen.text[max(seen.since, seen.first) : seen.begin]
    last = max(words.FIRM, key=before.rfind)
    return (last,) if last in before else ()


def _is_part_of_a_name(seen: _Seen) -> bool:
    """第26届, M101线, 3.0, 2+3, 每千人, 数十家."""
    previous = seen.text[max(0, seen.found.start() - 1) : seen.found.start()]
    if previous in _NAMES_BEFORE:
        return True
    if previous.isascii() and previous.isalnum():
        return True
    following = seen.text[seen.found.end() : seen.found.end() + 1]
    return following.isascii() and following.isalnum() and (seen.unit or "").isascii()


def _is_date(seen: _Seen) -> bool:
    if seen.unit == "日" and seen.text[seen.found.start() - 1 : seen.found.start()] == "月":
        return True
    if seen.unit != "年":
        return False
    value = to_decimal(seen.found["high"] or seen.found["low"])
    return value is None or value >= _FIRST_YEAR


def _is_loose_chinese(seen: _Seen) -> bool:
    """Small Chinese numerals mostly name things (三大工程, 五类场地): they need a verb or a bound beside them."""
    low = seen.found["low"]
    if low[0].isascii() or low.startswith("百分之"):
        return False
    bound = bool(seen.limit) or bool(seen.bound)
    start = seen.found.start()
    said = seen.text[seen.segment.reach(start)[0] : start]
    recurs = low == "一" and seen.unit == "次" and _has(said, words.PERIODS)
    if bound or recurs or said.endswith("前"):
        return False
    if low[0] in _SCALES or low == "一":
        return True
    counts_before = len(low) > 1 and seen.after[:1] in _ENDS_PIECE and seen.unit not in {"条", "项"}
    return not (counts_before or said.endswith(words.COUNTING_VERBS))


def _is_loose_duration(seen: _Seen) -> bool:
    """Years, months and hours bind only as the term of a policy or of a service."""
    unit = seen.unit
    if unit not in words.DURATIONS:
        return False
    following = seen.after[:1]
    if following in _TIMES_AFTER or (unit in _LONG and (seen.limit == "内" or following in _AGES_AFTER)):
        return True
    if _has(seen.after[:_LOOK], words.SERVICES) or (unit == "小时" and to_decimal(seen.found["low"]) == _DAY):
        return True
    if seen.limit == "内":
        return not _has(seen.whole, words.GOAL_TERM)
    return not (
        bool(seen.bound) or _has(seen.whole, words.GOAL_TERM) or _has(seen.whole, words.PARAMETER_TERM)
    )


def _is_size(seen: _Seen) -> bool:
    """3000户以上大型社区, 小于30米的站点, 30人以上的企业: the number says which things, not how many."""
    if seen.unit not in words.SIZES:
        return False
    sized = bool(seen.limit)
    if seen.after.startswith(words.RADII) and seen.unit.endswith(("米", "公里")):
        return True
    if not (sized or any(word not in words.FIRM for word in seen.bound)):
        return False
    after = _without_bracket().sub("", seen.after)
    if after.startswith("的"):
        return seen.unit not in words.PER_CENT or (sized and bool(seen.before))
    return sized and _has(after[:10], words.SIZED)


@cache
def _without_bracket() -> re.Pattern[str]:
    return re.compile(r"^（[^（）]{0,60}）")


def _is_condition(seen: _Seen) -> bool:
    """Refuse what says for whom (a comma segment that ends in 的) or what is given (…的基础上)."""
    start, end = seen.segment.start, seen.segment.end
    if seen.segment.stop == "，" and seen.text.endswith("的", start, end):
        return True
    return (
        seen.text.startswith(words.CONDITIONS, start)
        or "的基础上" in seen.after
        or seen.after.startswith("性")
    )


def _is_baseline(seen: _Seen) -> bool:
    """由50%提高到60%: the first number is where it stood."""
    before = seen.before
    return ("由" in before or "从" in before) and bool(_rising().match(seen.after))


@cache
def _rising() -> re.Pattern[str]:
    return re.compile(r"(?:提高|提升|增加|扩大|下调|降低|下降|压缩|缩短|压减|延长|上调|降|增)(?:到|至|为)")


def _is_means(seen: _Seen) -> bool:
    """以8家医院为抓手, 以100平方公里为实施单元: a way of working, no quantity to reach."""
    return seen.text.startswith("以", seen.segment.start) and "为" in seen.after


def _is_named(seen: _Seen) -> bool:
    """14个分区规划, 24条改革政策: the number belongs to the name, unless the issuer undertakes to issue them."""
    if seen.unit not in words.NAMING_MEASURES or seen.text.endswith(words.ISSUING_VERBS, 0, seen.begin):
        return False
    return _names().match(seen.after) is not None


@cache
def _names() -> re.Pattern[str]:
    nouns = "|".join(words.NAMED)
    return re.compile(rf"[^，。；、和与及（“]{{0,10}}?(?:{nouns})(?!建设|编制|项目|工程|体系|试点)")


def _has(text: str, many: tuple[str, ...]) -> bool:
    return any(word in text for word in many)


_REFUSALS = (
    _is_part_of_a_name,
    _is_date,
    _is_loose_chinese,
    _is_loose_duration,
    _is_size,
    _is_condition,
    _is_baseline,
    _is_means,
    _is_named,
)
