"""The urging list (催报名单): whom to phone for reports that are owed, as a page to print and as a workbook to sort."""

from __future__ import annotations

from io import BytesIO

from duban.documents.readers.assembly import clean
from duban.publishing.contents import PaperKind, UrgingContent
from duban.publishing.docx_tables import PLAIN, Column
from duban.publishing.official import FORM, Paper
from duban.publishing.paper_words import day_words, lines_of, source_line
from duban.publishing.workbooks import A4, finished_book, new_book

COLUMNS = (
    Column("序号", 11, "center"),
    Column("单位", 34),
    Column("应报\n未报", 13, "center"),
    Column("最早应报日", 36, "center"),
    Column("联络员", 18, "center"),
    Column("电话", 28, "center"),
    Column("上次联系", 28),
)
WIDTHS = (6, 26, 10, 16, 10, 16, 40, 24)


def write_urging(content: UrgingContent) -> bytes:
    """The .docx, A4: one row a unit, in the order given."""
    paper = Paper(FORM)
    paper.paragraph("PageTitle", content.title)
    paper.paragraph("TableNote", f"{content.period}　按时报送：{day_words(content.due_on)}前")
    paper.paragraph("Answer", content.summary)
    paper.table(COLUMNS, _rows(content), PLAIN._replace(height=9))
    paper.source(content.basis)
    return paper.finish(content.title, PaperKind.URGING, content.basis)


def write_urging_sheet(content: UrgingContent) -> bytes:
    """The .xlsx with the same rows, and an empty column for the answer."""
    target = BytesIO()
    book = new_book(target, content.title, PaperKind.URGING_SHEET, content.basis)
    sheet = book.add_worksheet("催报名单")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#EEF1F5", "align": "center"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    heads = [*(column.head.replace("\n", "") for column in COLUMNS), "本次联系"]
    sheet.merge_range(0, 0, 0, len(heads) - 1, clean(content.title), title)
    sheet.write_string(1, 0, clean(f"{content.summary}　{source_line(content.basis)}"))
    for column, (name, width) in enumerate(zip(heads, WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, name, head)
    for line, row in enumerate(_rows(content), 3):
        lines = max(lines_of(text, width / 2 - 1) for text, width in zip(row, WIDTHS, strict=False))
        sheet.set_row(line, lines * 15 + 6)
        for column, text in enumerate((*row, "")):
            number = column in {0, 2}
            (sheet.write_number if number else sheet.write_string)(
                line, column, int(text) if number else clean(text), cell
            )
    sheet.set_row(0, 30)
    sheet.freeze_panes(3, 2)
    sheet.autofilter(2, 0, max(2, 2 + len(content.rows)), len(heads) - 1)
    sheet.repeat_rows(2)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, max(2, 2 + len(content.rows)), len(heads) - 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    return finished_book(book, target)


def _rows(content: UrgingContent) -> list[tuple[str, ...]]:
    return [
        (str(place), row.unit, str(row.owed), day_words(row.oldest_due), row.contact, row.phone, row.last_contact)
        for place, row in enumerate(content.rows, 1)
    ]  # fmt: skip
