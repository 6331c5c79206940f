"""The register as an Excel workbook: one row per task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from duban.domain.lights import LIGHTS, Light
from duban.domain.natures import NATURE_LABELS, Nature
from duban.domain.periods import period_of
from duban.overview.pages import StandRow
from duban.publishing.tables import Cell, Head, Table, tables_workbook
from duban.register.queries import TaskRow

Columns = tuple[Head, ...]

COLUMNS: Final[Columns] = (
    ("序号", 7),
    ("篇章", 24),
    ("小节", 24),
    ("任务", 70),
    ("牵头单位", 18),
    ("主责单位", 34),
    ("配合单位", 28),
    ("分项", 7),
    ("量化指标", 9),
    ("时限", 14),
)
STANDING_COLUMNS: Final[Columns] = (
    ("序号", 7),
    ("篇章", 20),
    ("任务", 60),
    ("牵头单位", 18),
    ("主责单位", 26),
    ("配合单位", 20),
    ("责任处室", 14),
    ("任务类型", 11),
    ("状态", 10),
    ("说明", 36),
    ("报送期", 11),
    ("最新进展", 44),
    ("下一节点", 12),
    ("节点内容", 22),
    ("市领导", 14),
)


def register_workbook(title: str, document_number: str, rows: Sequence[TaskRow], day: date) -> bytes:
    """The .xlsx file of a list before it is issued."""
    return _workbook(title, document_number, COLUMNS, [_cells(row) for row in rows], day)


def standing_workbook(
    title: str, document_number: str, rows: Sequence[tuple[TaskRow, StandRow]], day: date
) -> bytes:
    """The .xlsx file of an issued list: the columns of its page, with the text and the progress in full."""
    cells = [_standing_cells(*row) for row in rows]
    return _workbook(title, document_number, STANDING_COLUMNS, cells, day)


def _workbook(
    title: str, document_number: str, heads: Columns, rows: Sequence[Sequence[Cell]], day: date
) -> bytes:
    note = f"{document_number}　共 {len(rows)} 项　{day:%Y-%m-%d} 导出"
    return tables_workbook([Table("重点任务台账", title, note, heads, rows)])


def _cells(row: TaskRow) -> tuple[Cell, ...]:
    return (
        row.number,
        row.chapter,
        row.section,
        row.text,
        "、".join(row.lead),
        "，".join(row.main),
        "，".join(row.support),
        row.clauses,
        row.targets,
        row.due_on or row.deadline,
    )


def _standing_cells(row: TaskRow, stand: StandRow) -> tuple[Cell, ...]:
    owed = [name for name in row.main if name != stand.lead]
    return (
        row.number,
        row.chapter,
        row.text,
        stand.lead,
        "，".join(owed),
        "，".join(name for name in row.support if name != stand.lead),
        stand.division,
        NATURE_LABELS[Nature(stand.nature)][0] if stand.nature else "",
        "".join(LIGHTS[Light(stand.light)][:2]) if stand.light else "",
        stand.sentence,
        period_of(stand.said_in).name if stand.said_in else "",
        _progress(stand),
        stand.node_on or stand.deadline,
        stand.node,
        stand.city_leader,
    )


def _progress(stand: StandRow) -> str:
    still = f"{period_of(stand.still).name}无变化" if stand.still else ""
    return f"{stand.said}（{still}）" if stand.said and still else stand.said or still
