from __future__ import annotations

import codecs

import pytest
from tests.documents.readers.files import paragraphs

from duban.documents.readers import UnreadableFile, read_bytes
from duban.documents.readers.html import decode_html, read_html, squeezed
from duban.documents.readers.limits import Limits
from duban.domain.source import Block, BlockKind, SourceText

PAGE = """<!DOCTYPE html><html><head><meta charset="{0}"><title>某市政府</title>
<style>p {{ color: red }}</style><script>var a = "<p>脚本</p>";</script></head><body>
<nav><a>首页</a> <a>政务公开</a></nav>
<article><header><h1>重点任务<br>清单</h1></header>
<p>　　一、建设<b>三十</b>条
道路</p><!-- 注释 --><p>GDP growth
 rate&nbsp;5.5%</p>
<table><caption>表一</caption>
<tr><th rowspan=2>序号</th><th colspan="2">单位</th></tr><tr><th>牵头<th>配合</tr>
<tr><td>1<td>市财政局<br>市审计局<td><p>各区政府</p></tr></table></article>
<footer>版权所有</footer></body></html>"""
TEXT = (
    "首页 政务公开\n重点任务\n清单\n　　一、建设三十条道路\nGDP growth rate\u00a05.5%\n表一\n"
    "序号\t单位\n牵头\t配合\n1\t市财政局\n市审计局\t各区政府\n版权所有\n"
)


def text_of(page: str) -> str:
    return read_html(page.encode(), Limits()).text


@pytest.mark.parametrize(("declared", "encoding"), [
    ("utf-8", "utf-8"), ("gb2312", "gb18030"), ("GBK", "gb18030"), ("utf-8", "gb18030"), ("gb2312", "utf-8"),
    ("iso-8859-1", "gb18030"), ("unicode_escape", "utf-8"),
])  # fmt: skip
def test_a_page_in_every_encoding_through_the_child(declared, encoding):
    source = read_bytes("清单.HTM", PAGE.format(declared).encode(encoding))

    assert source == SourceText(
        TEXT,
        (
            Block(BlockKind.PARAGRAPH, 0, 7, furniture=True),
            Block(BlockKind.HEADING, 8, 12),
            Block(BlockKind.HEADING, 13, 15),
            Block(BlockKind.PARAGRAPH, 16, 27),
            Block(BlockKind.PARAGRAPH, 28, 48),
            Block(BlockKind.PARAGRAPH, 49, 51),
            Block(BlockKind.CELL, 52, 54, 1, "", 1, 1, 2, 1),
            Block(BlockKind.CELL, 55, 57, 1, "", 1, 2, 1, 2),
            Block(BlockKind.CELL, 58, 60, 1, "", 2, 2),
            Block(BlockKind.CELL, 61, 63, 1, "", 2, 3),
            Block(BlockKind.CELL, 64, 65, 1, "", 3, 1),
            Block(BlockKind.CELL, 66, 75, 1, "", 3, 2),
            Block(BlockKind.CELL, 76, 80, 1, "", 3, 3),
            Block(BlockKind.PARAGRAPH, 81, 85, furniture=True),
        ),
        "html",
        "1",
    )


def test_byte_order_mark_beats_what_the_page_declares():
    page = codecs.BOM_UTF16_LE + '<meta charset="gbk"><p>督办</p>'.encode("utf-16-le")

    assert decode_html(page).endswith("<p>督办</p>")


def test_ordered_lists_are_numbered_as_the_browser_does():
    page = (
        "<ol><li>甲<li>乙<ol type=a><li>子</ol><li value=7>丙</ol><ol start=3 type=I><li>丁</ol><ul><li>戊</ul>"
        "<ol style='list-style: none'><li>己</ol><ol style='list-style-type:cjk-ideographic' start=x><li>庚</ol><li>辛"
        "<ol type=A><li>壬</ol><ol type=i><li>癸</ol><ol type=z><li>零</ol>"
    )

    assert text_of(page) == ("1. 甲\n2. 乙\na. 子\n7. 丙\nIII. 丁\n戊\n己\n一、庚\n辛\nA. 壬\ni. 癸\n1. 零\n")


def test_layout_tables_are_running_text_and_the_table_inside_is_one():
    page = (
        "<table><tr><td>左栏<td><table><tr><td>1<td>任务</table></table><table><tr><td><p>正文<p>二</table>"
    )

    source = read_html(page.encode(), Limits())

    assert source.text == "左栏\n1\t任务\n正文\n二\n"
    assert [(block.kind, block.table) for block in source.blocks] == [
        (BlockKind.PARAGRAPH, 0), (BlockKind.CELL, 1), (BlockKind.CELL, 1),
        (BlockKind.PARAGRAPH, 0), (BlockKind.PARAGRAPH, 0),
    ]  # fmt: skip


def test_preformatted_lines_stay_lines_and_heads_of_articles_stay_matter():
    source = read_html(b"<main><header>A</header><pre> 1. x\n 2. y</pre></main><header>B</header>", Limits())

    assert source.text == "A\n 1. x\n 2. y\nB\n"
    assert [block.furniture for block in source.blocks] == [False, False, False, True]


def test_spans_that_cannot_be_are_bounded():
    page = "<table><tr><td rowspan=0 colspan=99999999>甲<td rowspan=-1 colspan=x>乙</table>"

    assert [(b.row_span, b.column_span) for b in read_html(page.encode(), Limits()).blocks] == [
        (1, 1000),
        (1, 1),
    ]


def test_a_page_that_is_nested_without_end_is_read():
    assert text_of("<div><font>" * 5_000 + "深") == "深\n"


def test_plain_text_named_html_is_read():
    assert read_bytes("a.html", "督办\n事项".encode()) == SourceText(
        "督办事项\n", paragraphs("督办事项"), "html", "1"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("一\n 二", "一二"), ("一 二", "一 二"), ("a\nb", "a b"), ("一\nb", "一 b"), ("\n一\n", "一")],
)
def test_blanks_as_a_browser_shows_them(before, after):
    assert squeezed(before) == after


@pytest.mark.parametrize("page", ["<script>var list = '任务'</script>", "<html></html>", "<!-- x -->"])
def test_page_without_text_is_refused(page):
    with pytest.raises(UnreadableFile, match="文件中没有文字"):
        text_of(page)


@pytest.mark.parametrize("name", ["清单.doc", "清单.xls"])
def test_pages_that_office_systems_call_word_or_excel_are_read(name):
    page = '<html xmlns:o="urn:schemas-microsoft-com:office"><table><tr><td>1<td>任务</table></html>'

    assert read_bytes(name, page.encode()).text == "1\t任务\n"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gbk", "gb18030"), ("utf-8", "gb18030"), ("klingon", "utf-8"), ("big5", "big5")],
)
def test_declared_encoding_is_used_where_it_holds(declared, encoding):
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>任務清單</p>'

    assert decode_html(page.encode(encoding)) == page


def test_cells_that_are_no_table_of_data_inside_a_row():
    page = "<table><tr><td>1<td>任务<script>x</script><tr><!-- 空 --><td> <td> </table>"

    assert text_of(page) == "1\t任务\n"
