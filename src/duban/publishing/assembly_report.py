"""The special report of a period from a frozen data sheet: short enough for four pages however many tasks lag."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from duban.domain.due import in_words
from duban.publishing.assembly import (
    BEHIND,
    basis_of,
    compared,
    counted,
    figure,
    light_of,
    order_number,
    order_word,
    period_name,
    tallies_of,
    topic,
)
from duban.publishing.assembly_laggards import told, worst_first
from duban.publishing.contents import AnnexRow, Figure, LeaderTally, SpecialReportContent
from duban.publishing.paper_words import day_words
from duban.publishing.snapshots import Count, Figures, Line, OrderFigures, Sheet

ANNEX_TITLE: Final = 18  # characters
LISTED: Final = 12  # orders named one by one
LARGE: Final = 10**4
_STAGES: Final = re.compile(r"应到“(?P<due>[^”]+)”阶段，实际“(?P<now>[^”]+)”")
_CHAPTER: Final = re.compile(r"^([一二三四五六七八九十]+)、")


def special_report_content(sheet: Sheet, _: str = "") -> SpecialReportContent:
    """The special report: totals, by city leader, one paragraph a laggard, proposals, the annex."""
    figures = sheet.figures
    head, total = figures.head, figures.totals
    late, laggards = worst_first(figures), told(figures)
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
        laggards=laggards,
        left_out=tuple(line.number for line in late[len(laggards) :]),
        advice=_advice(figures, late),
        annex_title="滞后和预警事项明细表",
        annex=tuple(_annex_row(line) for line in (*late, *near)),
    )


def _summary(figures: Figures, name: str) -> tuple[str, ...]:
    head, total = figures.head, figures.totals
    asked, missing = (sum(getattr(unit, field) for unit in figures.units) for field in ("asked", "missing"))
    owing = sum(unit.missing > 0 for unit in figures.units)
    absent = f"，未报送{missing}项，涉及{owing}个单位{_unlit(figures)}" if missing else ""
    lines = f"共{total.total}项。{name}应报送{asked}项，已报送{asked - missing}项{absent}。"
    than = compared(total, figures)
    judged = (
        f"数据截至{day_words(date.fromisoformat(head.as_of))}，{_when(figures)}经督查核定，{counted(total)}。"
    )
    return (f"《{head.list_title}》{lines}", f"{judged}{than}。" if than else judged)


def _when(figures: Figures) -> str:
    """The day as of which it was judged, where that is later than the figures: how many days something is late counts up to it."""
    judged = figures.head.judged_on
    return f"按{day_words(date.fromisoformat(judged))}研判，" if judged > figures.head.as_of else ""


def _unlit(figures: Figures) -> str:
    """Why the reports that are missing and the tasks whose light says so are not the same number; "" where they are."""
    missing = {row.task for row in figures.form_rows if not row.sent}
    lit = {line.task for line in figures.lines if line.light == "missing"}
    other, older = len(missing - lit), len(lit - missing)
    said = [f"{other}项为长期坚持等不列“应报未报”的事项"] if other else []
    said += [f"另有{older}项“应报未报”为以前各期未报"] if older else []
    return f"（其中{'，'.join(said)}）" if said else ""


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


def _advice(figures: Figures, late: list[Line]) -> tuple[str, ...]:
    found = []
    approved = [row for row in figures.orders if row.serial and not row.closed and not row.answered]
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
        found.append(f"{len(owing)}个单位{missing}项任务未报送本期进展，请下期一并报送。")
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
    staged = _STAGES.search(line.sentence)
    value, due = (staged["now"], staged["due"]) if staged else (_narrow(line.value), _narrow(line.due_value))
    title = topic(line, ANNEX_TITLE)
    return AnnexRow(line.number, title, line.lead, line.city_leader, value, due, light_of(line.light))


def _narrow(text: str) -> Figure:
    """A figure for a narrow column: large round ones in 万 and 亿, as the main text says them."""
    value = figure(text)
    return in_words(value) if isinstance(value, Decimal) and abs(value) >= LARGE else value
