"""The annex of the special report: laggards and warnings, one line a row where it can, some thirty rows on a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from duban.publishing.contents import AnnexRow
from duban.publishing.docx_tables import FINE, Column
from duban.publishing.official import Paper
from duban.publishing.paper_words import CELL, cut_to, fitting, shown

CHARACTER: Final = 3.09  # millimetres of a character of 9 pt, drawn together
TITLE: Final = 40.0  # millimetres that a title has at least; names of leaders break before that
ROW: Final = 6.5  # millimetres of a row where there are few
ROOM: Final = 152.0  # millimetres of a page between the title and an imprint of one line
LINE: Final = 9.0  # millimetres of each further line of the imprint


class _Field(NamedTuple):
    """A column: its head, its width in millimetres at least and at most, how it is aligned."""

    head: str
    least: float
    most: float
    align: str = "center"


FIELDS: Final = (
    _Field("序号", 9, 12), _Field("任务", 0, 0, "left"), _Field("牵头单位", 18, 38, "left"), _Field("市领导", 12.5, 38),
    _Field("完成值", 12.5, 22), _Field("序时\n目标", 11, 22), _Field("状态", 12, 20),
)  # fmt: skip
TITLE_AT, LEADER_AT = 1, 3


def write_annex(paper: Paper, title: str, rows: Sequence[AnnexRow], more: int) -> None:
    """The annex on a page of its own; titles are cut to what the other columns leave. `more` counts further lines of the imprint."""
    paper.new_page("AnnexMark", "附件")
    paper.blank()
    paper.title(title)
    paper.paragraph("End", "")
    columns = _columns(paper.page.text_width, [_texts(row) for row in rows])
    longest = (columns[TITLE_AT].width - CELL) / CHARACTER
    height = min(ROW, (ROOM - more * LINE) / (len(rows) + 1))
    cut = [_texts(row._replace(title=cut_to(row.title, longest))) for row in rows]
    paper.table(columns, cut, FINE._replace(height=height))


def _columns(width: float, rows: Sequence[tuple[str, ...]]) -> list[Column]:
    """Each column as wide as its longest text, within bounds; the title has what is left."""
    widths = [
        fitting(texts, field.least, field.most, CHARACTER)
        for field, texts in zip(FIELDS, zip(*rows, strict=True), strict=True)
    ]
    widths[TITLE_AT] = 0
    rest = width - sum(widths)
    leader = max(widths[LEADER_AT] - max(TITLE - rest, 0), FIELDS[LEADER_AT].least)
    widths[TITLE_AT], widths[LEADER_AT] = rest + widths[LEADER_AT] - leader, leader
    return [Column(field.head, width, field.align) for field, width in zip(FIELDS, widths, strict=True)]


def _texts(row: AnnexRow) -> tuple[str, ...]:
    figures = (shown(row.value), shown(row.due_value))
    return (str(row.number), row.title, row.lead, row.city_leader, *figures, row.light.text)
