"""What is due by a day: nodes in order of date, numbers as people write them, and how far a value has come."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from duban.domain.tasklist.numerals import to_decimal


@dataclass(frozen=True, slots=True)
class Node:
    """What must stand on a day: a cumulative `value`, a `stage` (code of natures.STAGES), or a `text` alone."""

    on: date
    value: Decimal | None
    text: str
    stage: str = ""


def reached_nodes(nodes: Iterable[Node], on: date) -> list[Node]:
    """The nodes whose day has come (the day itself included), oldest first."""
    return sorted((node for node in nodes if node.on <= on), key=lambda node: node.on)


def due_value(nodes: Iterable[Node], on: date) -> Decimal | None:
    """The value of the last node with a value that was reached, or None before the first.

    Never a straight line between nodes: building seasons and harvests are not straight (rules.md §2.4).
    """
    values = [node.value for node in reached_nodes(nodes, on) if node.value is not None]
    return values[-1] if values else None


def year_target(nodes: Iterable[Node]) -> Decimal | None:
    """The value of the last node with a value: the target of the year."""
    valued = sorted((node for node in nodes if node.value is not None), key=lambda node: node.on)
    return valued[-1].value if valued else None


def next_node(nodes: Iterable[Node], on: date) -> Node | None:
    """The first node after the day, or None when all are reached."""
    return min((node for node in nodes if node.on > on), key=lambda node: node.on, default=None)


class Goal(NamedTuple):
    """A target as the judging knows it: what it counts, how it binds, in which measure (万亩), in which sub-item of its task (0: in none)."""

    indicator: str = ""
    comparator: str = "ge"
    measure: str = ""
    item: int = 0


def measure_of(nodes: Iterable[Node]) -> str:
    """The measure that the nodes are written in; values of reports are multiplied out like theirs."""
    numbers = [number for node in nodes if (number := read_number(node.text)) is not None]
    return numbers[-1].measure if numbers else ""


def headline(goals: Sequence[Goal], nodes: Iterable[Node]) -> Goal:
    """Which of a task's goals its nodes speak of: the first in their measure, else the first of all, else none."""
    measure = measure_of(nodes)
    fitting = (goal for goal in goals if measure and goal.measure.endswith(measure))
    return next(fitting, goals[0] if goals else Goal())


def counted(goals: Sequence[Goal], nodes: Sequence[Node]) -> str:
    """What the value of a report is a number of: 新增企业（家）; "" where the nodes have no values."""
    if all(node.value is None for node in nodes):
        return ""
    goal = headline(goals, nodes)
    measure = goal.measure or measure_of(nodes)
    return f"{goal.indicator}（{measure}）" if goal.indicator and measure else goal.indicator or measure


class Number(NamedTuple):
    """A number as printed: `value` without its `scale` ("", 万, 百万, 亿, 万亿 …), and the `measure` behind it."""

    value: Decimal
    scale: str
    measure: str

    @property
    def multiplied(self) -> Decimal:
        """The value with 万 and 亿 multiplied out."""
        return self.value * _scale(self.scale)


def plain(value: Decimal) -> str:
    """A number with all its digits and no more, never in powers of ten: 5.5, 2000."""
    return f"{value.normalize():f}"


def in_words(value: Decimal) -> str:
    """A number as officials print it: 144000000 is 1.44亿, 270000 is 27万; what is not round to two places stays as it is."""
    for size, word in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if abs(value) >= size and value % (size / 100) == 0:
            return f"{plain(value / size)}{word}"
    return plain(value)


TENS: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
LONGEST: Final = 200
LARGEST: Final = Decimal(10) ** 18
NOT_A_VALUE: Final = re.compile(r"近|不足|不到|下降|减少|未|第|零下")
DATES: Final = re.compile(r"年|月|日|号|季|时|点|:|/")
COUNTED: Final = re.compile(r"[个家项件所处条座套户名人次场元辆台宗亩吨]?|人次|公里|公顷|平方米")
SHARES: Final = ("个百分点", "百分点")


def read_number(text: str) -> Number | None:
    """The one number in a text, as printed, or None when there is none, more than one, or no exact one.

    Accepts full-width digits, thousands separators, stray blanks, a minus sign, words before (约, 累计完成, 不低于)
    and a measure after (家, 亿元, %, 以上, 左右); Chinese numerals when they are the whole text but for a
    usual measure (三十家). 近, 不足, 不到 and
    下降 are no values, 第3批 is an ordinal, and 9月, 2023-09-30 and 8:30 are no numbers. Nothing from 10^18 on.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("−", "-")
    if not plain or len(plain) > LONGEST:
        return None
    found = _printed().fullmatch(plain)
    if found is None:
        return _chinese(plain)
    before, digits, scale, measure = found.groups()
    if NOT_A_VALUE.search(before) or DATES.match(measure):
        return None
    return _bounded(Number(Decimal(digits.replace(",", "")), scale, _measure(measure)))


def parse_number(text: str, measure: str | None = None) -> Decimal | None:
    """The number in a text as a Decimal, or None when `read_number` finds none.

    Without `measure` the number as printed: 1.2 for 1.2万, nothing multiplied out. With one, the number in that
    measure: 1.2万 is 12000 in 家 (and in ""), 1.2 in 万人; 3500万元 is 0.35 in 亿元. A bare number is taken to be in the
    measure already. A number in another measure (34% where 家 is asked) is None.
    """
    number = read_number(text)
    if number is None or measure is None:
        return number.value if number else None
    scale, base = _split(unicodedata.normalize("NFKC", measure))
    if not number.measure and not number.scale:
        return number.value
    if not _same(number.measure, base):
        return None
    return number.multiplied / _scale(scale)


@cache
def _printed() -> re.Pattern[str]:
    number = r"((?:^-)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    return re.compile(rf"([^\d.-]*){number}([十百千]?[万亿]{{0,2}})([^\d]*)", re.ASCII)


@cache
def _leading() -> re.Pattern[str]:
    return re.compile(r"((?:百分之)?[零〇一二两三四五六七八九十百千万亿点]+)(.*)")


def _chinese(plain: str) -> Number | None:
    found = _leading().fullmatch(plain)
    if found is None or not COUNTED.fullmatch(found[2]):
        return None
    value = to_decimal(found[1])
    share = found[1].startswith("百分之")
    return None if value is None else _bounded(Number(value, "", "%" if share else _measure(found[2])))


def _bounded(number: Number) -> Number | None:
    return number if abs(number.multiplied) < LARGEST else None


def _measure(printed: str) -> str:
    return re.sub(r"^[余多]|(以上|以内|以下|左右|[。.,;、])$", "", printed)


def _split(measure: str) -> tuple[str, str]:
    found = re.match(r"([十百千]?[万亿]{0,2})(.*)", measure)
    return (found[1], found[2]) if found else ("", measure)


def _scale(printed: str) -> Decimal:
    product = Decimal(1)
    for character in printed:
        product *= TENS[character]
    return product


def _same(printed: str, asked: str) -> bool:
    """个 and no measure at all go with every count; a measure may be followed by what is counted (家企业)."""
    printed, asked = (("%" if m.startswith(SHARES) else m) for m in (printed, asked))
    if printed.startswith("%") != asked.startswith("%"):
        return not printed or not asked
    return not asked or printed in {"", "个"} or asked == "个" or printed.startswith(asked)


class Direction(StrEnum):
    """Which way a value should go: UP for a target to reach, DOWN for a limit to keep or come down to."""

    UP = "up"
    DOWN = "down"


def direction_of(comparator: str) -> Direction:
    """DOWN for 以内 (le); every other comparator is a target to reach."""
    return Direction.DOWN if comparator == "le" else Direction.UP


def completion(value: Decimal, target: Decimal, direction: Direction) -> Decimal | None:
    """How much of a target is reached: 1 is all of it, more than 1 is beyond; never below 0.

    UP is value / target. DOWN is 1 while the limit is kept, else target / value. None when the target is not positive
    and a ratio would say nothing.
    """
    if direction is Direction.DOWN and value <= target:
        return Decimal(1)
    if target <= 0:
        return None
    return max(value, Decimal(0)) / target if direction is Direction.UP else target / value


def completion_from(base: Decimal, value: Decimal, target: Decimal) -> Decimal | None:
    """How much of the way from `base` to `target` is covered, in either direction; None when there is no way to go."""
    return None if base == target else (value - base) / (target - base)


def points_behind(due: Decimal, actual: Decimal, target: Decimal, direction: Direction) -> Decimal:
    """How far behind the node, in hundredths of the year's target: (due - actual) / target x 100, reversed for DOWN.

    Negative when ahead. With a target of 0 any shortfall is the whole of it: 100, else 0.
    """
    short = due - actual if direction is Direction.UP else actual - due
    if not target:
        return Decimal(100 if short > 0 else 0)
    return short / abs(target) * 100
