"""The register as an Excel workbook: A3 landscape, heads repeated, one row per task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Final

from duban.domain.lights import LIGHTS, Light
from duban.domain.natures import NATURE_LABELS, Nature
from duban.domain.periods import period_of
from duban.overview.pages import StandRow
from duban.register.queries import TaskRow

Columns = tuple[tuple[str, int], ...]
Cell = str | int

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
    title: str, document_number: str, columns: Columns, rows: Sequence[Iterable[Cell]], day: date
) -> bytes:
    """Texts are never read as formulas, the heading row repeats on every printed page."""
    import xlsxwriter  # heavy, and only a request for a workbook needs it

    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("重点任务台账")
        head = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        note = book.add_format({"font_color": "#555555", "align": "right"})
        label = book.add_format(
            {"bold": True, "border": 1, "bg_color": "#EEF1F5", "align": "center", "text_wrap": True}
        )
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        count = book.add_format({"border": 1, "valign": "top", "align": "right"})
        last = len(columns) - 1
        sheet.merge_range(0, 0, 0, last, title, head)
        sheet.merge_range(1, 0, 1, last, f"{document_number}　共 {len(rows)} 项　{day:%Y-%m-%d} 导出", note)
        for column, (name, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, name, label)
        for line, row in enumerate(rows, 3):
            for column, value in enumerate(row):
                write = sheet.write_number if isinstance(value, int) else sheet.write_string
                write(line, column, value, count if isinstance(value, int) else cell)
        sheet.set_row(0, 30)
        sheet.freeze_panes(3, 1)
        sheet.autofilter(2, 0, max(2, 2 + len(rows)), last)
        sheet.repeat_rows(2)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C第 &P 页，共 &N 页")
    return target.getvalue()


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
        row.due_on.isoformat() if row.due_on else row.deadline,
    )


def _standing_cells(row: TaskRow, stand: StandRow) -> tuple[Cell, ...]:
    owed = [name for name in row.main if name != stand.lead]
    due = stand.node_on or stand.deadline
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
        due.isoformat() if due else "",
        stand.node,
        stand.city_leader,
    )


def _progress(stand: StandRow) -> str:
    still = f"{period_of(stand.still).name}无变化" if stand.still else ""
    return f"{stand.said}（{still}）" if stand.said and still else stand.said or still
