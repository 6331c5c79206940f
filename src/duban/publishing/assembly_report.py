"""The special report of a period from a frozen data sheet: short enough for four pages however many tasks lag."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Final

from duban.domain.due import in_words
from duban.domain.periods import period_of
from duban.publishing.assembly import (
    BEHIND,
    basis_of,
    compared,
    counted,
    ended,
    figure,
    light_of,
    order_number,
    order_word,
    period_name,
    ruled,
    short,
    tallies_of,
)
from duban.publishing.contents import AnnexRow, Figure, Laggard, LeaderTally, SpecialReportContent
from duban.publishing.paper_words import day_words, width_of
from duban.publishing.snapshots import Count, Figures, Line, OrderFigures, Sheet

MOST: Final = 8  # laggards with a paragraph of their own
ROOM: Final = 46  # lines of those paragraphs; totals, leaders and advice need the rest of four pages
LINE: Final = 28  # characters of a line
FIXED: Final = "　　（一）第项：（牵头，分管）。目标：现状：原因：措施：建议："  # what the writer adds
NOT_SENT: Final = "未报送。"
NOT_SET: Final = "未明确。"
TARGET, STATE, SAID, CAUSE, MEASURE = 22, 40, 26, 26, 26  # characters of each part of a laggard's paragraph
TITLE, ANNEX_TITLE = 22, 18
LISTED: Final = 12  # orders named one by one
LARGE: Final = 10**4
DECIDED_ABOVE: Final = frozenset({"leader", "city"})
_CHAPTER: Final = re.compile(r"^([一二三四五六七八九十]+)、")
_DUE: Final = re.compile(r"(?P<what>[^，。]*：)?到[^，。]{1,8}应(?:完成|达到|到)“?(?P<due>[^，。”]+)”?，")
_VIEWED: Final = re.compile(r"应(?:完成|达到|到“|控制在|开展|于)|个分项|时限为|突破底线")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?[万亿]?")
_STOPS: Final = "。；，、！？"
_CLAUSE_ENDS: Final = re.compile(r"[。；，！？]")
_HALF_FIGURE: Final = re.compile(r"\d[\d.,]*\D{0,3}$")  # whose unit may stand behind the cut


def special_report_content(sheet: Sheet, _: str = "") -> SpecialReportContent:
    """The special report: totals, by city leader, one paragraph for each of the worst laggards, proposals, the annex."""
    figures = sheet.figures
    head, total = figures.head, figures.totals
    late, told = _late(figures), told_in_full(figures)
    near = [line for line in figures.lines if line.light in BEHIND and line.light != "lagging"]
    name = period_name(head.period)
    return SpecialReportContent(
        basis=basis_of(sheet),
        series="督查专报",
        issue=head.issue,
        title=f"关于{name}重点任务落实情况的报告",
        period=name,
        total=total.total,
        total_before=sum(total.before.values()) if head.earlier else None,
        summary=_summary(figures, name),
        tallies=tallies_of(total, figures),
        leaders=tuple(_leader_tally(count, figures) for count in figures.leaders),
        laggards=told,
        left_out=len(late) - len(told),
        advice=_advice(figures, late),
        annex_title="滞后和预警事项明细表",
        annex=tuple(_annex_row(line) for line in (*late, *near)),
    )


def told_in_full(figures: Figures) -> tuple[Laggard, ...]:
    """The worst laggards, as many as find room; the others stand in the annex only."""
    laggards = [_laggard(line, figures) for line in _late(figures)[:MOST]]
    ends = accumulate(math.ceil(width_of(f"{FIXED}{''.join(map(str, row))}") / LINE) for row in laggards)
    return tuple(row for row, end in zip(laggards, ends, strict=True) if end <= ROOM)


def _late(figures: Figures) -> list[Line]:
    """The laggards: those on which the office itself acted come first, the others by severity."""
    served = {row.task for row in figures.orders if row.serial}
    late = (line for line in figures.lines if line.light == "lagging")
    return sorted(late, key=lambda line: (line.task not in served and not _own_words(line), _severity(line)))


def _own_words(line: Line) -> bool:
    """Whether the office determined in words of its own: the sheet keeps no view of the system, but that always names what was due."""
    return bool(line.sentence) and not _VIEWED.search(line.sentence)


def _severity(line: Line) -> tuple[bool, Decimal, int]:
    """Late twice running first, then by the share of the due value that is missing; a node without a value counts as wholly missed."""
    due = Decimal(line.due_value or 0)
    missing = abs(due - Decimal(line.value)) / abs(due) if due and line.value else Decimal(1)
    return line.before != "lagging", -missing, line.number


def _summary(figures: Figures, name: str) -> tuple[str, ...]:
    head, total = figures.head, figures.totals
    asked, missing = (sum(getattr(unit, field) for unit in figures.units) for field in ("asked", "missing"))
    owing = sum(unit.missing > 0 for unit in figures.units)
    absent = f"，未报送{missing}项，涉及{owing}个单位" if missing else ""
    lines = f"共{total.total}项。{name}应报送{asked}项，已报送{asked - missing}项{absent}。"
    than = compared(total, figures)
    judged = f"数据截至{day_words(date.fromisoformat(head.as_of))}，经督查核定，{counted(total)}。"
    return (f"《{head.list_title}》{lines}", f"{judged}{than}。" if than else judged)


def _leader_tally(count: Count, figures: Figures) -> LeaderTally:
    """`field` names the parts of the list that the leader's tasks stand in: nothing else is known of it."""
    chapters = (line.chapter for line in figures.lines if line.city_leader == count.leader)
    numerals = [found[1] for chapter in dict.fromkeys(chapters) if (found := _CHAPTER.match(chapter))]
    return LeaderTally(
        leader=count.leader or "未明确",
        field=f"清单第{'、'.join(numerals)}部分" if numerals else "",
        total=count.total,
        counts=tuple(tally.now for tally in tallies_of(count, figures)),
    )


def _laggard(line: Line, figures: Figures) -> Laggard:
    problems = [row for row in figures.problems if row.task == line.task]
    causes = list(dict.fromkeys(row.cause or row.text for row in problems)) or [line.problem]
    return Laggard(
        number=line.number,
        title=short(line.text, TITLE),
        lead=line.lead,
        city_leader=line.city_leader,
        target=_target(line, figures.head.period),
        state=_state(line, figures.head.period),
        cause=clipped("；".join(causes), CAUSE) or NOT_SENT,
        measure=clipped(line.next_step, MEASURE) or NOT_SENT,
        advice=_advice_on(line, figures),
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


def _valued(text: str, longest: int) -> str:
    """The clauses of a text that hold a figure, as many as find room."""
    clauses = list(dict.fromkeys(part for part in _CLAUSE_ENDS.split(text) if _NUMBER.search(part)))
    ends = accumulate(len(clause) + 1 for clause in clauses)
    return "，".join(clause for clause, end in zip(clauses, ends, strict=True) if end <= longest)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def node_of(line: Line, period: str) -> str:
    """The node that a period runs up to: that of its own quarter."""
    return line.nodes[(period_of(period).month - 1) // 3]


def _target(line: Line, period: str) -> str:
    name = ("一季度", "上半年", "三季度", "全年")[(period_of(period).month - 1) // 3]
    goals = {"全年": line.year_target}
    goals |= {name: node} if (node := node_of(line, period)) else {}
    said = [f"{when}{clipped(goal, TARGET).rstrip('。')}" for when, goal in goals.items() if goal]
    return ended("，".join(said)) or NOT_SET


def _state(line: Line, period: str) -> str:
    judged = _judged(line, period)
    if not line.said_in:
        return f"{judged}牵头单位未报送进展。"
    said = clipped(line.progress, SAID)
    if line.said_in != period:
        return f"{judged}{period_of(line.said_in).name}报送：{said or '无变化。'}本期未报。"
    said = "" if _numbers(said) and _numbers(said) <= _numbers(judged) else said
    if line.no_change:
        said = f"{said.rstrip('。')}（本期无变化）。" if said else "本期无变化。"
    return f"{judged}牵头单位报送：{said}" if said else judged


def _judged(line: Line, period: str) -> str:
    """The determination without its clause on the node, where the target beside it says the same; what it measures goes if too long."""
    said = ruled(line)
    found = _DUE.match(said)
    if not found or found["due"] != node_of(line, period):
        return clipped(said, STATE)
    rest = said[found.end() :]
    whole = f"{found['what'] or ''}{rest}"
    return clipped(whole if len(whole) <= STATE else rest, STATE)


def _advice_on(line: Line, figures: Figures) -> str:
    """What is being done about it: an order served, somebody who must help, else what the level of its problem asks for."""
    orders = [row for row in figures.orders if row.task == line.task and row.serial]
    if orders:
        word, due = order_word(orders[-1]), date.fromisoformat(orders[-1].due_on)
        asked = "按督办单要求限期整改，" if orders[-1].kind == "order" else "请于"
        return f"已下达{word}（{order_number(orders[-1], figures)}），{asked}{due.month}月{due.day}日前书面回复。"
    problems = [row for row in figures.problems if row.task == line.task]
    if helpers := "、".join(dict.fromkeys(row.helper for row in problems if row.helper)):
        return f"请{helpers}协调解决。"
    levels = {row.level for row in problems}
    if levels & DECIDED_ABOVE:
        return "提请分管市领导协调。"
    return "由督查室协调。" if "office" in levels else "由牵头单位提出赶进度措施，下期重点核查。"


def _advice(figures: Figures, late: list[Line]) -> tuple[str, ...]:
    found = []
    approved = [row for row in figures.orders if row.serial]
    if approved:
        kinds = [[row for row in approved if order_word(row) == word] for word in ("督办单", "督查函")]
        said = "、".join(_listed(rows, figures) for rows in kinds if rows)
        found.append(f"本期已下达{said}，请承办单位在规定时限内书面回复办理情况。")
    again = sorted(line.number for line in late if line.before == "lagging")
    if again:
        found.append(f"第{'、'.join(map(str, again))}项连续两期滞后，建议由分管市领导专题调度。")
    owing = [unit for unit in figures.units if unit.missing]
    if owing:
        missing = sum(unit.missing for unit in owing)
        found.append(f"{len(owing)}个单位{missing}项任务尚未报送进展，请抓紧补报。")
    return tuple(found)


def _listed(rows: list[OrderFigures], figures: Figures) -> str:
    """Orders of one kind with their tasks: 督办单2件（京政督〔2023〕9号第20项、10号第23项）; what their numbers share is said once."""
    names, shared = [], ""
    for row in rows[:LISTED]:
        number, line = order_number(row, figures), figures.line_of(row.task)
        told = number.removeprefix(shared) if shared else number
        names.append(f"{told}第{line.number}项" if line else told)
        shared = number[: number.rfind("〕") + 1]
    more = "等" if len(rows) > LISTED else ""
    return f"{order_word(rows[0])}{len(rows)}件（{'、'.join(names)}{more}）"


def _annex_row(line: Line) -> AnnexRow:
    figures = (_narrow(line.value), _narrow(line.due_value))
    title = short(line.text, ANNEX_TITLE)
    return AnnexRow(line.number, title, line.lead, line.city_leader, *figures, light_of(line.light))


def _narrow(text: str) -> Figure:
    """A figure for a narrow column: large round ones in 万 and 亿, as the main text says them."""
    value = figure(text)
    return in_words(value) if isinstance(value, Decimal) and abs(value) >= LARGE else value
