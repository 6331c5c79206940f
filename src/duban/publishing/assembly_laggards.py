"""The laggards of the special report: one paragraph each, as long as four pages leave room for.

All of them begin with the shortest paragraph; what room is left makes the worst ones longer, in their order. Only where even the shortest
do not find room (beyond twelve to fifteen laggards) the last ones stand in the annex alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Final, NamedTuple

from duban.domain.natures import STAGES
from duban.domain.periods import period_of
from duban.publishing.assembly import ended, order_number, order_word, ruled, topic
from duban.publishing.contents import Laggard
from duban.publishing.paper_words import width_of
from duban.publishing.snapshots import Figures, Line, OrderFigures

ROOM: Final = 46  # lines of the paragraphs; totals, leaders and advice need the rest of four pages
LINE: Final = 28  # characters of a line
FIXED: Final = "　　（十一）第项：（）。目标：现状：原因：措施：建议："  # what the writer adds
STAGE_WORDS: Final = frozenset(zh for stages in STAGES.values() for _, zh, _ in stages)
QUARTERS: Final = ("一季度", "上半年", "三季度", "全年")
NOT_SENT: Final = "未报送。"
NOT_SAID: Final = "单位未说明。"
NOT_SET: Final = "未明确。"
DECIDED_ABOVE: Final = frozenset({"leader", "city"})
_DUE: Final = re.compile(
    r"(?P<what>[^，。]*：)?到[^，。]{1,8}应(?:完成|达到|到)“?(?P<due>[^，。”]+)”?(?:阶段)?，"
)
_VIEWED: Final = re.compile(r"应(?:完成|达到|到“|控制在|开展|于)|个分项|时限为|突破底线")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?[万亿]?")
_STOPS: Final = "。；，、！？"
_CLAUSE_ENDS: Final = re.compile(r"[。；，！？]")
_COMMA: Final = re.compile("，(?![^（]*）)")  # not one inside brackets
_ASIDE: Final = re.compile("（[^）]*）$")
_HALF_FIGURE: Final = re.compile(r"\d[\d.,]*\D{0,3}$")  # whose unit may stand behind the cut


class Length(NamedTuple):
    """How many characters each part of a paragraph may have; `whole` ones name the leader, both goals and what the unit said."""

    title: int
    target: int
    state: int
    said: int
    words: int  # of cause and measure, each
    whole: bool


SHORTEST: Final = Length(title=9, target=10, state=16, said=12, words=10, whole=False)
LONGER: Final = (
    Length(title=16, target=16, state=26, said=20, words=18, whole=False),
    Length(title=22, target=22, state=40, said=26, words=26, whole=True),
)


def worst_first(figures: Figures) -> list[Line]:
    """The laggards: those on which the office itself acted come first, the others by severity."""
    served = {row.task for row in figures.orders if row.serial}
    late = (line for line in figures.lines if line.light == "lagging")
    return sorted(late, key=lambda line: (line.task not in served and not _own_words(line), _severity(line)))


def told(figures: Figures) -> tuple[Laggard, ...]:
    """A paragraph for each laggard that finds room, the worst ones longer than the others."""
    late = worst_first(figures)
    rows = _within_room([_laggard(line, figures, SHORTEST) for line in late])
    for length in LONGER:
        for place, line in enumerate(late[: len(rows)]):
            longer = [*rows[:place], _laggard(line, figures, length), *rows[place + 1 :]]
            if _within_room(longer) != longer:
                break
            rows = longer
    return tuple(rows)


def _within_room(rows: Sequence[Laggard]) -> list[Laggard]:
    ends = accumulate(map(_lines, rows))
    return [row for row, end in zip(rows, ends, strict=True) if end <= ROOM]


def _lines(row: Laggard) -> int:
    leader = "牵头，分管" if row.city_leader else ""
    return math.ceil(width_of(f"{FIXED}{leader}{''.join(map(str, row))}") / LINE)


def _own_words(line: Line) -> bool:
    """Whether the office determined in words of its own: the sheet keeps no view of the system, but that always names what was due."""
    return bool(line.sentence) and not _VIEWED.search(line.sentence)


def _severity(line: Line) -> tuple[bool, Decimal, int]:
    """Late twice running first, then by the share of the due value that is missing; a node without a value counts as wholly missed."""
    due = Decimal(line.due_value or 0)
    missing = abs(due - Decimal(line.value)) / abs(due) if due and line.value else Decimal(1)
    return line.before != "lagging", -missing, line.number


def _laggard(line: Line, figures: Figures, length: Length) -> Laggard:
    period = figures.head.period
    problems = [row for row in figures.problems if row.task == line.task]
    unsaid = NOT_SAID if line.said_in else NOT_SENT
    causes = list(dict.fromkeys(row.cause or row.text for row in problems)) or [line.problem]
    return Laggard(
        number=line.number,
        title=topic(line, length.title),
        lead=line.lead,
        city_leader=line.city_leader if length.whole else "",
        target=_target(line, period, length),
        state=_state(line, period, length),
        cause=clipped("；".join(causes), length.words) or unsaid,
        measure=clipped(line.next_step, length.words) or unsaid,
        advice=_advice_on(line, figures, length),
    )


def clipped(text: str, longest: int) -> str:
    """A text as one sentence; of a longer one the clauses that hold a figure, else its beginning up to a stop.

    A figure is never parted from its unit: a reader would take the half for the whole.
    """
    if len(text := text.strip()) <= longest:
        return ended(text)
    kept = text[: longest - 2]
    stop = max(kept.rfind(sign) for sign in _STOPS)
    cut = kept[:stop] if stop > longest // 3 else _HALF_FIGURE.sub("", kept)
    valued = _valued(text, longest)
    return ended(valued) if valued and not _numbers(valued) <= _numbers(cut) else f"{cut}……"


def _clauses(text: str, longest: int) -> str:
    """A sentence of ours without the last clauses that find no room: what is left is whole, and the first clause says the most."""
    clauses = _COMMA.split(text.rstrip("。"))
    if len(text) > longest and (aside := _ASIDE.search(clauses[-1])):
        clauses[-1] = clauses[-1][: aside.start()]
    ends = accumulate(len(clause) + 1 for clause in clauses)
    return ended(
        "，".join(clause for clause, end in zip(clauses, ends, strict=True) if end <= longest)
    ) or clipped(text, longest)


def _valued(text: str, longest: int) -> str:
    """The clauses of a text that hold a figure, as many as find room."""
    clauses = list(dict.fromkeys(part for part in _CLAUSE_ENDS.split(text) if _NUMBER.search(part)))
    ends = accumulate(len(clause) + 1 for clause in clauses)
    return "，".join(clause for clause, end in zip(clauses, ends, strict=True) if end <= longest)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def node_of(line: Line, period: str) -> tuple[str, str]:
    """The last node that a period has reached, by name and as written: October is behind what the third quarter asked for."""
    reached = period_of(period).month // 3
    return (QUARTERS[reached - 1], line.nodes[reached - 1]) if reached else ("", "")


def _target(line: Line, period: str, length: Length) -> str:
    """The goal of the year and that of the node; a short paragraph has the node's, which says what is due now."""
    name, node = node_of(line, period)
    goals = {"全年": line.year_target} if length.whole or not node else {}
    goals |= {name: node} if node else {}
    said = [f"{when}{_goal(goal, length)}" for when, goal in goals.items() if goal]
    return ended("，".join(said)) or NOT_SET


def _goal(text: str, length: Length) -> str:
    """A goal after the name of its node: a stage is something to come to."""
    return f"到“{text}”阶段" if text in STAGE_WORDS else clipped(text, length.target).rstrip("。")


def _state(line: Line, period: str, length: Length) -> str:
    judged = _judged(line, period, length)
    if not line.said_in:
        return f"{judged}牵头单位未报送进展。"
    if judged and not length.whole:
        return judged
    said = clipped(line.progress, length.said)
    if line.said_in != period:
        return f"{judged}{period_of(line.said_in).name}报送：{said or '无变化。'}本期未报。"
    said = "" if _numbers(said) and _numbers(said) <= _numbers(judged) else said
    if line.no_change:
        said = f"{said.rstrip('。')}（本期无变化）。" if said else "本期无变化。"
    return f"{judged}牵头单位报送：{said}" if said else judged


def _judged(line: Line, period: str, length: Length) -> str:
    """The determination without its clause on the node, where the target beside it says the same; what it measures goes if too long."""
    words = ruled(line)
    found = _DUE.match(words)
    if not found or found["due"] != node_of(line, period)[1]:
        return clipped(words, length.state)
    rest = words[found.end() :]
    whole = f"{found['what'] or ''}{rest}"
    return _clauses(whole if len(whole) <= length.state else rest, length.state)


def _advice_on(line: Line, figures: Figures, length: Length) -> str:
    """What is being done about it: an order served, somebody who must help, else what the level of its problem asks for."""
    orders = [row for row in figures.orders if row.task == line.task and row.serial]
    if orders:
        return _of_order(orders[-1], figures, length)
    problems = [row for row in figures.problems if row.task == line.task]
    if helpers := "、".join(dict.fromkeys(row.helper for row in problems if row.helper)):
        return f"请{helpers}协调解决。"
    levels = {row.level for row in problems}
    if levels & DECIDED_ABOVE:
        return "提请分管市领导协调。"
    if "office" in levels:
        return "由督查室协调。"
    return "由牵头单位提出赶进度措施，下期重点核查。" if length.whole else "下期重点核查。"


def _of_order(order: OrderFigures, figures: Figures, length: Length) -> str:
    """What the order about a laggard asks, and whether it was answered."""
    word, due = order_word(order), date.fromisoformat(order.due_on)
    if order.closed:
        return f"{word}（{order_number(order, figures)}）已回复办结，继续跟踪落实。"
    if order.answered:
        return (
            f"{word}（{order_number(order, figures)}）已回复，正在核查。"
            if length.whole
            else f"{word}已回复，正在核查。"
        )
    if not length.whole:
        return f"已下达{word}，{due.month}月{due.day}日前回复。"
    asked = "按督办单要求限期整改，" if order.kind == "order" else "请于"
    return f"已下达{word}（{order_number(order, figures)}），{asked}{due.month}月{due.day}日前书面回复。"
