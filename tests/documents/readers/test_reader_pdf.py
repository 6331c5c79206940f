from __future__ import annotations

import io

import pytest
from reportlab.lib import colors, pdfencrypt
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table
from tests.documents.readers.files import canvas, pdf

from duban.documents.readers import UnreadableFile, read_bytes
from duban.documents.readers.limits import Limits
from duban.documents.readers.pdf import read_pdf
from duban.documents.readers.pdf_layout import Column, Line, continues, furniture, joined
from duban.documents.readers.pdf_tables import MOST_RULES, Rule, grids_of
from duban.domain.source import Block, BlockKind, SourceText

LEFT, RIGHT, TOP, STEP = 80, 528, 100, 29  # 28 characters of 16 points
BODY = ParagraphStyle(
    "b", fontName="STSong-Light", fontSize=16, leading=29, firstLineIndent=32, wordWrap="CJK"
)
TITLE = ParagraphStyle("t", fontName="STSong-Light", fontSize=22, leading=32, alignment=1, wordWrap="CJK")
CELL = ParagraphStyle("c", fontName="STSong-Light", fontSize=10, leading=14, wordWrap="CJK")
GRID = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONT", (0, 0), (-1, -1), "STSong-Light", 10)]


def story(flowables: list, head: str = "", **options) -> bytes:
    file = io.BytesIO()

    def decorate(drawing, document):
        drawing.setFont("STSong-Light", 12)
        drawing.drawString(60, A4[1] - 40, head)
        drawing.drawCentredString(A4[0] / 2, 40, f"— {document.page} —")

    template = SimpleDocTemplate(file, pagesize=A4, leftMargin=74, rightMargin=61, **options)
    template.build(flowables, *([decorate, decorate] if head else []))
    return file.getvalue()


def texts(source: SourceText, *, is_furniture: bool = False) -> list[str]:
    return [source.text[b.start : b.end] for b in source.blocks if b.furniture is is_furniture]


def test_two_pages_with_heads_and_numbers_through_the_child():
    first, second = "一、" + "督" * 24, "办" * 28
    pages = [
        [(60, 40, "某市公报"), (LEFT + 32, TOP, first), (LEFT, TOP + STEP, second), (280, 810, "— 1 —")],
        [(60, 40, "某市公报"), (LEFT, TOP, "清单。"), (LEFT + 32, TOP + STEP, "二、完"), (280, 810, "— 2 —")],
    ]

    joint = first + second + "清单。"
    text = f"{joint}\n某市公报\n— 1 —\n某市公报\n— 2 —\n二、完\n"
    source = read_bytes("清单.pdf", pdf(pages))

    assert sorted(source.text.split("\n")) == sorted(text.split("\n"))
    assert texts(source) == [joint, "二、完"]
    assert texts(source, is_furniture=True) == ["某市公报", "— 1 —", "某市公报", "— 2 —"]
    assert (source.reader, source.reader_version) == ("pdf", "1")


def test_a_long_document_comes_back_paragraph_by_paragraph():
    sentences = [
        f"{n}．推进第{n}项工程建设，确保年内开工项目不少于三十个，完成投资{n * 10}亿元以上，"
        "GDP growth rate 5.5%，持续优化营商环境，提升城市治理水平。主责单位：市发展改革委、市财政局。"
        for n in range(1, 25)
    ]
    title = "关于印发重点任务清单和年度目标责任分解方案的通知"

    source = read_pdf(
        story([Paragraph(title, TITLE), *(Paragraph(text, BODY) for text in sentences)], "某市人民政府文件"),
        Limits(),
    )

    assert texts(source) == [title, *sentences]
    assert set(texts(source, is_furniture=True)) == {
        "某市人民政府文件", "— 1 —", "— 2 —", "— 3 —", "— 4 —",
    }  # fmt: skip


def test_a_ruled_table_over_two_pages_is_one_table():
    rows = [["序号", "任务", "单位"]] + [
        [str(n), Paragraph("加快推进老旧小区改造，完成一百万平方米以上。", CELL),
         Paragraph("市住房城乡建设委<br/>市规划自然资源委", CELL)]
        for n in range(1, 31)
    ]  # fmt: skip
    table = Table(rows, colWidths=[40, 150, 150], repeatRows=1)
    table.setStyle([*GRID, ("SPAN", (0, 3), (0, 4))])

    source = read_pdf(story([table]), Limits())

    place = {(b.row, b.column): (source.text[b.start : b.end], b.row_span) for b in source.blocks if b.table}
    assert {block.table for block in source.blocks if not block.furniture} == {1}
    assert [place[row, 1] for row in (1, 2, 3, 4, 6, 31)] == [
        ("序号", 1), ("1", 1), ("2", 1), ("3", 2), ("5", 1), ("30", 1),
    ]  # fmt: skip
    assert (5, 1) not in place
    assert {place[row, 2] for row in range(2, 32)} == {("加快推进老旧小区改造，完成一百万平方米以上。", 1)}
    assert {place[row, 3] for row in range(2, 32)} == {("市住房城乡建设委\n市规划自然资源委", 1)}
    assert texts(source, is_furniture=True) == ["序号\t任务\t单位"]


def test_table_between_paragraphs_stands_between_them():
    table = Table([["序号", "任务"], ["1", "修路"]], style=GRID)

    source = read_pdf(story([Paragraph("表前。", BODY), table, Paragraph("表后。", BODY)]), Limits())

    assert source == SourceText(
        "表前。\n序号\t任务\n1\t修路\n表后。\n",
        (
            Block(BlockKind.PARAGRAPH, 0, 3),
            Block(BlockKind.CELL, 4, 6, 1, "", 1, 1),
            Block(BlockKind.CELL, 7, 9, 1, "", 1, 2),
            Block(BlockKind.CELL, 10, 11, 1, "", 2, 1),
            Block(BlockKind.CELL, 12, 14, 1, "", 2, 2),
            Block(BlockKind.PARAGRAPH, 15, 18),
        ),
        "pdf",
        "1",
    )


def test_two_tables_of_different_width_stay_two():
    one, two = Table([["甲", "乙"]], style=GRID), Table([["丙", "丁", "戊"]], style=GRID)

    source = read_pdf(story([one, PageBreak(), two]), Limits())

    assert [(block.table, block.row) for block in source.blocks] == [(1, 1), (1, 1), (2, 1), (2, 1), (2, 1)]


def test_scan_is_refused_and_single_pages_without_text_are_named():
    file = io.BytesIO()
    drawing = canvas(file)
    drawing.rect(50, 50, 200, 200, fill=1)
    drawing.showPage()
    drawing.save()

    with pytest.raises(UnreadableFile, match="只有扫描图像"):
        read_bytes("扫描.pdf", file.getvalue())
    assert texts(read_pdf(pdf([[(80, 300, "文")], []]), Limits()), is_furniture=True) == [
        "〔以下页没有文字，未读入：第 2 页〕"
    ]


def test_encrypted_file_is_refused_and_one_locked_only_for_printing_is_read():
    page = [[(80, 300, "督办")]]
    locked = pdf(page, encrypt=pdfencrypt.StandardEncryption("user", "owner"))
    printing = pdf(page, encrypt=pdfencrypt.StandardEncryption("", "owner", canPrint=0))

    with pytest.raises(UnreadableFile, match="文件已加密"):
        read_bytes("密.pdf", locked)
    assert read_bytes("清单.pdf", printing).text == "督办\n"


def test_too_many_pages():
    with pytest.raises(UnreadableFile, match="文件有 3 页，超过 2 页"):
        read_pdf(pdf([[(80, 300, "文")]] * 3), Limits(pages=2))


def test_text_layer_without_meaning_is_refused(monkeypatch):
    from duban.documents.readers import pdf as module

    page = module._Page(800, [Line("\ue001\ue002\ue003文", 0, 1, 0, 1, 1)])

    with pytest.raises(UnreadableFile, match="文字层是乱码"):
        module._refuse_unreadable([page])


def line(text: str, left: float = 80, right: float = 528, bottom: float = 400, em: float = 16) -> Line:
    return Line(text, left, right, bottom, bottom + em, em)


@pytest.mark.parametrize(
    ("before", "after", "goes_on"),
    [
        (line("推进"), line("建设", bottom=371), True),
        (line("推进。"), line("建设", bottom=371), True),
        (line("推进"), line("建设", left=112, bottom=371), False),
        (line("推进", right=500), line("建设", bottom=371), False),
        (line("推进", right=505), line("建设", bottom=371), True),
        (line("推进。"), line("2.建设", bottom=371), False),
        (line("推进"), line("2.建设", bottom=371), True),
        (line("推进"), line("建设", bottom=300), False),
        (line("推进"), line("建设", bottom=429), False),
        (line("推进"), line("建设", bottom=371, em=12), False),
        (line("推进"), line("120", bottom=371, em=8), True),
        (line("（", right=460), line("2025-2027年建设", bottom=371), True),
        (line("各部门", right=490), line("89.建设", bottom=371), False),
        (line("推进", left=112), line("建设", left=112, bottom=371), True),
        (line("推进", left=112), line("（二）建设", left=112, bottom=371), False),
        (line("推进。", left=112), line("建设", left=112, bottom=371), False),
        (line("关于", em=22), line("通知", left=250, right=350, bottom=371, em=22), True),
    ],
)
def test_when_a_line_goes_on(before, after, goes_on):
    assert continues(before, after, Column(80, 528, 16), same_page=True) is goes_on


@pytest.mark.parametrize(
    ("before", "after", "together"),
    [
        ("推", "进", "推进"),
        ("growth", "rate", "growth rate"),
        ("12", "0", "120"),
        ("a", "甲", "a甲"),
        ("", "甲", "甲"),
    ],
)
def test_joined(before, after, together):
    assert joined(before, after) == together


@pytest.mark.parametrize(
    "number", ["1", "- 1 -", "— 12 —", "第 1 页 共 9 页", "第1页/共9页", "3/9", "Page 3 of 9", "·3·"]
)
def test_page_numbers_are_furniture(number):
    pages = [(800.0, [line("正文"), line(number, bottom=30)])]

    assert furniture(pages) == [{1}]


def test_repeated_heads_are_furniture_and_repeated_matter_is_not():
    pages = [(800.0, [line("公报 第1期", bottom=770), line("正文", bottom=400), line(f"第{n}条", bottom=700)])
             for n in range(3)]  # fmt: skip

    assert furniture(pages) == [{0}, {0}, {0}]


def test_a_drawing_is_no_table():
    across = [Rule(float(n * 10), 0.0, 9000.0) for n in range(MOST_RULES)]

    assert grids_of(across, [Rule(10, 0, 9000)]) == []
    assert grids_of(across[:200], [Rule(float(n * 10), 0.0, 9000.0) for n in range(200)]) == []
    assert grids_of([Rule(10, 0, 100), Rule(50, 0, 100)], [Rule(0, 10, 50), Rule(100, 10, 50)]) == []


def drawn(draw) -> bytes:
    file = io.BytesIO()
    drawing = canvas(file)
    drawing.setFont("STSong-Light", 12)
    draw(drawing)
    drawing.save()
    return file.getvalue()


def test_cells_drawn_as_boxes_and_merged_sideways():
    def draw(drawing):
        drawing.rect(100, 700, 200, 30)
        drawing.rect(100, 670, 100, 30)
        drawing.rect(200, 670, 100, 30)
        for x, y, text in ((110, 710, "一季度"), (110, 680, "甲"), (210, 680, "乙")):
            drawing.drawString(x, y, text)

    source = read_pdf(drawn(draw), Limits())

    assert source == SourceText(
        "一季度\n甲\t乙\n",
        (
            Block(BlockKind.CELL, 0, 3, 1, "", 1, 1, 1, 2),
            Block(BlockKind.CELL, 4, 5, 1, "", 2, 1),
            Block(BlockKind.CELL, 6, 7, 1, "", 2, 2),
        ),
        "pdf",
        "1",
    )


def test_words_side_by_side_are_one_line():
    def draw(drawing):
        drawing.drawString(100, 700, "牵头单位：")
        drawing.drawString(161, 700, "市财政局")
        drawing.drawString(300, 700, "市审计局")

    assert read_pdf(drawn(draw), Limits()).text == "牵头单位：市财政局 市审计局\n"


def test_a_drawing_of_many_strokes_is_no_table():
    def draw(drawing):
        path = drawing.beginPath()
        for n in range(10_100):
            path.moveTo(100, n / 20)
            path.lineTo(300, n / 20)
        drawing.drawPath(path)
        drawing.drawString(100, 700, "示意图")

    assert read_pdf(drawn(draw), Limits()).text == "示意图\n"
