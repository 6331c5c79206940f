"""The special report of a period from a frozen data sheet: short enough for four pages however many tasks lag."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Final

from duban.domain.periods import period_of
from duban.publishing.assembly import (
    BEHIND,
    basis_of,
    compared,
    counted,
    ended,
    figure,
    in_ten_thousands,
    light_of,
    order_number,
    order_word,
    period_name,
    ruled,
    said_words,
    short,
    tallies_of,
)
from duban.publishing.contents import AnnexRow, Figure, Laggard, LeaderTally, SpecialReportContent
from duban.publishing.paper_words import day_words, width_of
from duban.publishing.snapshots import Count, Figures, Line, Sheet

MOST: Final = 8  # laggards with a paragraph of their own
ROOM: Final = 42  # lines of those paragraphs; totals, leaders and advice need the rest of four pages
LINE: Final = 28  # characters of a line
FIXED: Final = "　　（一）第项：（牵头，分管）。目标：现状：原因：措施：建议："  # what the writer adds
NOT_SENT: Final = "未报送。"
NOT_SET: Final = "未明确。"
TARGET, STATE, SAID, CAUSE, MEASURE = 22, 40, 26, 26, 26  # characters of each part of a laggard's paragraph
TITLE, ANNEX_TITLE = 22, 18
LARGE: Final = 10**4
_CHAPTER: Final = re.compile(r"^([一二三四五六七八九十]+)、")
_DUE: Final = re.compile(r"到[^，。]{1,8}应(?:完成|达到|到)“?(?P<due>[^，。”]+)”?，")
_STOPS: Final = "。；，、！？"


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
    return sorted((line for line in figures.lines if line.light == "lagging"), key=_severity)


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
    """A text as one sentence; a longer one ends at its last stop within the length, and dots say that there is more.

    A figure is never cut: a reader would take the half for the whole.
    """
    if len(text := text.strip()) <= longest:
        return ended(text)
    kept = text[: longest - 2]
    stop = max(kept.rfind(sign) for sign in _STOPS)
    cut = kept[:stop] if stop > longest // 3 else re.sub(r"[\d.,%]+$", "", kept)
    return f"{cut}……"


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
    judged = clipped(_without_node(ruled(line), node_of(line, period)), STATE)
    if not line.said_in:
        return f"{judged}牵头单位未报送进展。"
    if line.said_in != period:
        said = clipped(line.progress or "无变化", SAID)
        return f"{judged}{period_of(line.said_in).name}报送：{said}本期未报。"
    if judged and _says_no_more(said_words(line, period), line):
        return judged
    said = clipped(line.progress, SAID)
    if line.no_change:
        said = f"{said.rstrip('。')}（本期无变化）。" if said else "无变化。"
    return f"{judged}牵头单位报送：{said}"


def _without_node(judged: str, node: str) -> str:
    """A determination without its clause on the node, where the target beside it says the same."""
    found = _DUE.match(judged)
    return judged[found.end() :] if found and found["due"] == node else judged


def _says_no_more(said: str, line: Line) -> bool:
    """Whether a report is nothing but the value that the determination names already."""
    return bool(line.value_text) and len(said) <= len(line.value_text) + len("累计完成") and line.value != ""


def _advice_on(line: Line, figures: Figures) -> str:
    """What the record says is being done about it: an order served, or somebody who must help."""
    orders = [row for row in figures.orders if row.task == line.task and row.serial]
    if orders:
        number, due = order_number(orders[-1], figures), date.fromisoformat(orders[-1].due_on)
        return f"已下达{order_word(orders[-1])}（{number}），请于{due.month}月{due.day}日前书面回复。"
    helpers = [row.helper for row in figures.problems if row.task == line.task and row.helper]
    return f"请{'、'.join(dict.fromkeys(helpers))}协调解决。" if helpers else ""


def _advice(figures: Figures, late: list[Line]) -> tuple[str, ...]:
    found = []
    approved = [row for row in figures.orders if row.serial]
    if approved:
        counts = [(word, sum(order_word(row) == word for row in approved)) for word in ("督办单", "督查函")]
        said = "、".join(f"{word}{count}件" for word, count in counts if count)
        found.append(f"本期已下达{said}，请承办单位在规定时限内书面回复办理情况。")
    again = sorted(line.number for line in late if line.before == "lagging")
    if again:
        found.append(f"第{'、'.join(map(str, again))}项连续两期滞后，建议由分管市领导专题调度。")
    owing = [unit for unit in figures.units if unit.missing]
    if owing:
        missing = sum(unit.missing for unit in owing)
        found.append(f"{len(owing)}个单位{missing}项任务尚未报送进展，请抓紧补报。")
    return tuple(found)


def _annex_row(line: Line) -> AnnexRow:
    figures = (_narrow(line.value), _narrow(line.due_value))
    title = short(line.text, ANNEX_TITLE)
    return AnnexRow(line.number, title, line.lead, line.city_leader, *figures, light_of(line.light))


def _narrow(text: str) -> Figure:
    """A figure for a narrow column: large round ones in 万 and 亿, as the main text says them."""
    value = figure(text)
    return in_ten_thousands(value) if isinstance(value, Decimal) and abs(value) >= LARGE else value
