"""The master ledger (总台账): A3 landscape, one worksheet for each order, heads repeated, every row whole on one page."""

from __future__ import annotations

import math
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Final

from duban.documents.readers.assembly import clean
from duban.publishing.contents import Figure, LedgerContent, LedgerRow, LedgerSheet, Light, PaperKind
from duban.publishing.paper_words import day_words, lines_of, source_line
from duban.publishing.workbooks import A3, finished_book, new_book

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

COLUMNS: Final = (  # head, width in Chinese characters of the text
    ("序号", 2.8), ("任务内容", 17.8), ("牵头单位", 5.4), ("主责单位", 7.0), ("配合单位", 5.6), ("市领导", 3.8),
    ("年度目标", 8.4), ("一季度", 5.2), ("上半年", 5.2), ("前三季度", 5.2), ("全年", 5.2), ("最新进展", 14.0),
    ("完成值", 4.4), ("序时目标", 4.6), ("状态", 5.2), ("督查核定", 5.4), ("存在问题", 7.4), ("下步安排", 7.4),
    ("责任处室", 4.6), ("联系人", 3.8), ("联系电话", 7.0), ("备注", 4.6),
)  # fmt: skip
LAST: Final = len(COLUMNS) - 1
HEAD_ROW: Final = 3
GROUP_AT, NODES_AT, NODES_END = 2, 7, 10
LIGHT_AT: Final = 14
FIGURES_AT: Final = (12, 13)  # value and due value, numbers or texts such as 945万
SIZE: Final = 10
LINE_POINTS: Final = 13.5
UNIT: Final = 5.25  # points of one of Excel's units of width
PADDING: Final = 1.0  # characters of a line lost to the edges of a cell and to words that may not be broken
TALLEST: Final = 409.0  # the highest row that Excel knows, in points
COLOURS: Final = {
    "正常": "#1B7F3B", "预警": "#9A6700", "滞后": "#B42318", "应报未报": "#B42318", "完成": "#1B7F3B", "办结": "#1B7F3B",
    "久未更新": "#6E7781", "未到节点": "#6E7781",
}  # fmt: skip


def write_ledger(content: LedgerContent) -> bytes:
    """The .xlsx; texts are never read as formulas, figures stay numbers, a light is shape and word besides its colour."""
    target = BytesIO()
    book = new_book(target, content.title, PaperKind.LEDGER, content.basis)
    styles = _Styles(book)
    for part in content.sheets:
        _write_sheet(book.add_worksheet(clean(part.name)[:31]), content, part, styles)
    return finished_book(book, target)


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._base = {
            "font_name": "宋体",
            "font_size": SIZE,
            "border": 1,
            "text_wrap": True,
            "valign": "vcenter",
        }
        self._made: dict[tuple[str, str], Format] = {}
        plain = {"font_name": "宋体", "font_size": SIZE, "font_color": "#555555"}
        self.title = book.add_format(
            {"font_name": "方正小标宋简体", "font_size": 20, "align": "center", "valign": "vcenter"}
        )
        self.note = book.add_format(plain)
        self.head = book.add_format(
            {**self._base, "font_name": "黑体", "bg_color": "#EEF1F5", "align": "center"}
        )
        self.group = book.add_format(
            {**self._base, "font_name": "黑体", "font_size": 11, "bg_color": "#F7F4EC"}
        )
        self.text = book.add_format(self._base)
        self.centre = book.add_format({**self._base, "align": "center"})
        self.right = book.add_format({**self._base, "align": "right"})

    def number(self, shape: str) -> Format:
        """A right-aligned figure with so many decimals as it came with."""
        return self._once("number", shape, {"num_format": shape, "align": "right"})

    def light(self, light: Light) -> Format:
        """The colour of a light; black for a word we do not know."""
        colour = COLOURS.get(light.word, "#000000")
        return self._once("light", colour, {"font_color": colour, "bold": True, "align": "center"})

    def _once(self, kind: str, key: str, more: dict[str, str | bool]) -> Format:
        if (kind, key) not in self._made:
            self._made[kind, key] = self._book.add_format({**self._base, **more})
        return self._made[kind, key]


def _write_sheet(sheet: Worksheet, content: LedgerContent, part: LedgerSheet, styles: _Styles) -> None:
    count = sum(len(group.rows) for group in part.groups)
    sheet.merge_range(0, 0, 0, LAST, clean(content.title), styles.title)
    sheet.write_string(
        1,
        0,
        clean(
            f"{content.period}　{part.name}　{count}行　{content.basis.issuer}　{day_words(content.basis.on)}制　"
        )
        + source_line(content.basis),
        styles.note,
    )
    _write_head(sheet, styles)
    line = HEAD_ROW + 1
    for group in part.groups:
        sheet.merge_range(line, 0, line, LAST, clean(f"{group.heading}（{len(group.rows)}项）"), styles.group)
        sheet.set_row(line, 20)
        line += 1
        for row in group.rows:
            _write_row(sheet, line, row, styles)
            line += 1
    _set_print(sheet, line - 1)


def _write_head(sheet: Worksheet, styles: _Styles) -> None:
    """Two rows: the four nodes stand under one heading."""
    sheet.set_row(0, 34)
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width * SIZE / UNIT)
        if NODES_AT <= column <= NODES_END:
            sheet.write_string(HEAD_ROW, column, name, styles.head)
        else:
            sheet.merge_range(GROUP_AT, column, HEAD_ROW, column, name, styles.head)
    sheet.merge_range(GROUP_AT, NODES_AT, GROUP_AT, NODES_END, "节点目标", styles.head)
    sheet.set_row(GROUP_AT, 18)
    sheet.set_row(HEAD_ROW, 18)


def _write_row(sheet: Worksheet, line: int, row: LedgerRow, styles: _Styles) -> None:
    cells = _cells(row)
    for column, value in enumerate(cells):
        if isinstance(value, str):
            style = styles.light(row.light) if column == LIGHT_AT else styles.text
            style = styles.centre if column in {5, 15} else style
            style = styles.right if column in FIGURES_AT else style
            sheet.write_string(line, column, clean(value), style)
        elif column == 0:
            sheet.write_number(line, column, value, styles.centre)
        else:
            sheet.write_number(line, column, value, styles.number(_shape(value)))
    lines = max(
        lines_of(clean(value), math.floor((width - PADDING) * 2) / 2) if isinstance(value, str) else 1
        for value, (_, width) in zip(cells, COLUMNS, strict=True)
    )
    sheet.set_row(line, min(lines * LINE_POINTS + 6, TALLEST))


def _shape(value: int | Decimal) -> str:
    """The number format that shows a figure as it was reported."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "0" if not decimals else f"0.{'0' * decimals}"


def _cells(row: LedgerRow) -> tuple[Figure, ...]:
    return (
        row.number, row.text, row.lead, row.main, row.support, row.city_leader, row.year_target,
        row.q1, row.half, row.q3, row.year, row.progress, row.value, row.due_value, row.light.text.replace(" ", "\n"),
        row.determination, row.problem, row.next_step, row.division, row.contact, row.phone, row.remarks,
    )  # fmt: skip


def _set_print(sheet: Worksheet, last: int) -> None:
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    sheet.repeat_rows(GROUP_AT, HEAD_ROW)
    sheet.print_area(0, 0, last, LAST)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.set_margins(left=0.3, right=0.3, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&8&A&C&9第 &P 页，共 &N 页")
