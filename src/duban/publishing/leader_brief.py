"""One A4 page for a city leader: how it stands, what is late, what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from duban.publishing.contents import LeaderBriefContent, PaperKind
from duban.publishing.docx_tables import Column
from duban.publishing.official import FORM, Paper
from duban.publishing.paper_words import change_words, day_words, lines_of

LATE = (
    Column("序号", 12, "center"),
    Column("任务", 44),
    Column("牵头单位", 26),
    Column("状态", 26, "center"),
    Column("情况", 60),
)
DECISIONS = (Column("", 10, "center"), Column("请您定夺的事项", 122), Column("提请单位", 36))
ROOM = 455.0  # points that a page leaves both tables under title, first line of two lines and totals, with their captions taken off
LINE, ROW = 17.0, 3.0  # points of a line, and of a row besides its lines
REST = 19.0  # points of the line that counts what is left out
CHARACTER = 4.24  # millimetres of a character of 12 pt
PADDING = 3.0  # millimetres of a cell that hold no text
SPACED = 1  # characters of a line that the gaps between figures and Chinese text take


Rows = list[tuple[str, ...]]


class _Share(NamedTuple):
    """The rows that find room, and how many do not."""

    rows: Rows
    left_out: int


def write_leader_brief(content: LeaderBriefContent) -> bytes:
    """The .docx of one page. Where there is no room for all, decisions have half of it; what is left out is counted."""
    paper = Paper(FORM)
    paper.paragraph("PageTitle", content.title)
    paper.paragraph("TableNote", f"呈：{content.leader}　　{content.period}　　{day_words(content.basis.on)}")
    paper.paragraph("Answer", content.answer)
    _totals(paper, content)
    decisions: Rows = [(str(place), *line) for place, line in enumerate(content.decisions, 1)]
    late: Rows = [
        (str(line.number), line.title, line.lead, line.light.text, line.sentence) for line in content.late
    ]
    room = ROOM - (max(map(_lines, _tally_columns(paper, content), _heads(content))) - 1) * LINE
    second = _fitting(DECISIONS, decisions, max(room / 2, room - _height(LATE, late)))
    first = _fitting(LATE, late, room - _height(DECISIONS, second.rows) - (REST if second.left_out else 0))
    _part(paper, "滞后和预警事项", LATE, first)
    _part(paper, "请您定夺的事项", DECISIONS, second)
    phone = f"　督查室电话：{content.phone}" if content.phone else ""
    paper.paragraph("TableNote", f"详见总台账。{phone}")
    paper.source(content.basis)
    return paper.finish(f"{content.title}（{content.leader}）", PaperKind.LEADER_BRIEF, content.basis)


def _totals(paper: Paper, content: LeaderBriefContent) -> None:
    numbers = (str(content.total), *(str(tally.now) for tally in content.tallies))
    changes = ("较上期", *(change_words(tally.now, tally.before) for tally in content.tallies))
    paper.table(_tally_columns(paper, content), [numbers, changes])


def _heads(content: LeaderBriefContent) -> list[str]:
    return ["合计", *(tally.word for tally in content.tallies)]


def _tally_columns(paper: Paper, content: LeaderBriefContent) -> list[Column]:
    heads = _heads(content)
    return [Column(head, paper.page.text_width / len(heads), "center") for head in heads]


def _part(paper: Paper, heading: str, columns: Sequence[Column], share: _Share) -> None:
    total = len(share.rows) + share.left_out
    paper.paragraph("FormHeading", f"{heading}（{total}项）" if total else f"{heading}：无")
    if share.rows:
        paper.table(columns, share.rows)
    if share.left_out:
        paper.paragraph("TableNote", f"本页未列{share.left_out}项。")


def _fitting(columns: Sequence[Column], rows: Rows, room: float) -> _Share:
    if _height(columns, rows) <= room:
        return _Share(rows, 0)
    fitting = (count for count in range(len(rows)) if _height(columns, rows[:count]) + REST <= room)
    kept = max(fitting, default=0)
    return _Share(rows[:kept], len(rows) - kept)


def _height(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> float:
    """Points of a table with its head."""
    return sum(
        max(map(_lines, columns, row)) * LINE + ROW for row in ([column.head for column in columns], *rows)
    )


def _lines(column: Column, text: str) -> int:
    room = (column.width - PADDING) // CHARACTER
    return lines_of(text, room - SPACED if room > 2 * SPACED + 2 else room)
