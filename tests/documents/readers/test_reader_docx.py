from __future__ import annotations

import io

import docx as python_docx
import pytest
from tests.documents.readers.files import W, docx, p, paragraphs, relations, zipped

from duban.documents.readers import UnreadableFile, read_bytes
from duban.documents.readers.docx import read_docx
from duban.documents.readers.limits import Limits
from duban.domain.source import Block, BlockKind, SourceText


def text_of(body: str, **parts: str) -> str:
    return read_docx(docx(body, **parts), Limits()).text


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def test_a_file_of_python_docx_with_heading_and_table_through_the_child():
    document = python_docx.Document()
    document.add_heading("重点任务", 1)
    document.add_paragraph("现将清单印发给你们。")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "合并"
    table.cell(0, 2).text = "牵头单位"
    table.cell(2, 2).text = "市财政局\n市审计局"
    file = io.BytesIO()
    document.save(file)

    source = read_bytes("清单.docx", file.getvalue())

    text = "重点任务\n现将清单印发给你们。\n合并\t牵头单位\n\t\t市财政局\n市审计局\n"
    assert source == SourceText(
        text,
        (
            Block(BlockKind.HEADING, 0, 4),
            Block(BlockKind.PARAGRAPH, 5, 15),
            Block(BlockKind.CELL, 16, 18, 1, "", 1, 1, 2, 2),
            Block(BlockKind.CELL, 19, 23, 1, "", 1, 3),
            Block(BlockKind.CELL, 24, 24, 1, "", 3, 1),
            Block(BlockKind.CELL, 25, 25, 1, "", 3, 2),
            Block(BlockKind.CELL, 26, 35, 1, "", 3, 3),
        ),
        "docx",
        "1",
    )


def test_content_controls_are_read_at_every_level():
    control = "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    cell = control.format(f"<w:tc>{p('格')}</w:tc>")
    row = control.format(f"<w:tr>{cell}</w:tr>")
    body = control.format(p("块")) + f"<w:p>{control.format(run('行'))}{run('内')}</w:p><w:tbl>{row}</w:tbl>"

    assert text_of(body) == "块\n行内\n格\n"


def test_changes_are_accepted():
    body = (
        f"<w:p>{run('增')}<w:ins>{run('加')}</w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
        f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('移')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('前半')}</w:p>{p('后半')}"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:del>{run('全删')}</w:del></w:p>"
        f"<w:p><w:pPr><w:rPr><w:ins/></w:rPr></w:pPr>{run('新段')}</w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('删行')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:ins/></w:trPr><w:tc>{p('增行')}</w:tc>"
        f"<w:tc><w:tcPr><w:cellDel/></w:tcPr>{p('删格')}</w:tc></w:tr></w:tbl>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('末段')}</w:p>"
    )

    assert text_of(body) == "增加移\n前半后半\n新段\n增行\n末段\n"


def test_signs_inside_a_paragraph():
    soft = "三\u00ad四"
    shown = run("显", '<w:vanish w:val="0"/>')
    body = (
        f"<w:p>{run('一')}<w:r><w:tab/><w:br/></w:r>{run('二')}<w:r><w:noBreakHyphen/><w:softHyphen/></w:r>{run(soft)}"
        '<w:r><w:br w:type="page"/><w:sym w:char="2460"/><w:sym w:char="?"/><w:cr/></w:r><w:hyperlink>'
        f"{run('链')}</w:hyperlink>{run('隐', '<w:vanish/>')}{shown}"
        f"<w:r><w:ruby><w:rt>{run('pīn')}</w:rt><w:rubyBase>{run('拼')}</w:rubyBase></w:ruby></w:r>"
        "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath><!-- 注 --></w:p>"
    )

    assert text_of(body) == "一\t\n二-三四①\n链显拼x=1\n"


def test_fields_show_their_result_only():
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    nested = mark("begin") + run("3") + mark("separate") + run("三") + mark("end")
    body = (
        f"<w:p>{run('第')}{mark('begin')}<w:r><w:instrText>IF </w:instrText></w:r>{nested}{run('条件')}{mark('separate')}"
        f"{run('7')}{mark('end')}{run('页')}<w:fldSimple>{run('终')}</w:fldSimple>{mark('end')}</w:p>"
    )

    assert text_of(body) == "第7页终\n"


def test_text_box_is_read_once_after_its_paragraph():
    box = f"<w:txbxContent>{p('框内')}</w:txbxContent>"
    body = (
        f"<w:p>{run('前')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run('后')}</w:p>"
        f"<w:p><w:r><mc:AlternateContent><mc:Fallback>{run('退')}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        f"<mc:AlternateContent><mc:Choice>{p('选')}</mc:Choice></mc:AlternateContent><mc:AlternateContent/>"
    )

    assert text_of(body) == "前后\n框内\n退\n选\n"


def test_merged_cells_stand_once_and_nested_tables_flow():
    def tc(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text}</w:tc>"

    inner = f"<w:tbl><w:tr>{tc(p('甲'))}{tc(p('乙'))}</w:tr><w:tr>{tc(p('丙'))}</w:tr></w:tbl>"
    tall, wide = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    side, last = '<w:hMerge w:val="restart"/>', tc(p("末"), "<w:vMerge/>")
    body = (
        "<w:tbl><w:tblPr/><w:tblGrid/>"
        f"<w:tr>{tc(p('序号'), tall)}{tc(p('单位'), wide)}</w:tr>"
        f"<w:tr>{tc(p(''), '<w:vMerge/>')}{tc(p('牵头'))}{tc(p('配合'))}</w:tr>"
        f"<w:tr>{tc(p('横'), side)}{tc(p(''), '<w:hMerge/>')}{tc(inner + p(''))}</w:tr>"
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{last}</w:tr></w:tbl>'
    )

    source = read_docx(docx(body), Limits())

    assert source.text == "序号\t单位\n牵头\t配合\n横\t甲\t乙\n丙\n末\n"
    assert [
        (source.text[b.start : b.end], b.row, b.column, b.row_span, b.column_span) for b in source.blocks
    ] == [
        ("序号", 1, 1, 2, 1),
        ("单位", 1, 2, 1, 2),
        ("牵头", 2, 2, 1, 1),
        ("配合", 2, 3, 1, 1),
        ("横", 3, 1, 1, 2),
        ("甲\t乙\n丙", 3, 3, 1, 1),
        ("末", 4, 2, 1, 1),
    ]


def test_headings_are_known_by_level_or_style():
    styles = (
        '<w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="character" w:styleId="C"/>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="H"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>'
    )
    body = (
        p("章", '<w:pStyle w:val="H"/>') + p("节", '<w:pStyle w:val="B"/>') + p("级", '<w:outlineLvl w:val="1"/>')
        + p("文") + p("环", '<w:pStyle w:val="Loop"/>') + p("非", '<w:pStyle w:val="H"/><w:outlineLvl w:val="9"/>')
    )  # fmt: skip

    kinds = [block.kind.value for block in read_docx(docx(body, styles=styles), Limits()).blocks]

    assert kinds == ["heading", "heading", "heading", "paragraph", "paragraph", "paragraph"]


def test_footnotes_follow_as_furniture():
    notes = f'<w:footnote w:type="separator" w:id="-1">{p("线")}</w:footnote><w:footnote w:id="1">{p("脚注")}</w:footnote>'

    assert read_docx(docx(p("正文"), footnotes=notes), Limits()) == SourceText(
        "正文\n脚注\n",
        (Block(BlockKind.PARAGRAPH, 0, 2), Block(BlockKind.PARAGRAPH, 3, 5, furniture=True)),
        "docx",
        "1",
    )


def test_strict_files_and_odd_part_names_are_read():
    strict = '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r><w:t>严格</w:t></w:r></w:p></w:body></w:document>'
    data = zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(officeDocument="/word/doc2.xml"),
            "word/doc2.xml": strict,
        }
    )

    assert read_docx(data, Limits()) == SourceText("严格\n", paragraphs("严格"), "docx", "1")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"word/document.xml": f"<w:document {W}><w:body/></w:document>"}, "damaged"),
        ({"[Content_Types].xml": "<T/>", "word/x": ""}, "damaged"),
        ({"[Content_Types].xml": "<T/>", "word/document.xml": "<a>"}, "damaged"),
        ({"[Content_Types].xml": "<T/>", "word/document.xml": "<a/>"}, "damaged"),
        ({"[Content_Types].xml": "<T/>", "word/document.xml": "<a><body/></a>"}, "empty"),
    ],
)
def test_files_without_a_document_inside(members, code):
    with pytest.raises(UnreadableFile) as refusal:
        read_docx(zipped(members), Limits())

    assert refusal.value.message.code == f"reader.{code}"


def test_limits_on_characters_and_cells_hold_for_every_reader():
    with pytest.raises(UnreadableFile, match="文件超过 5 字"):
        read_docx(docx(p("督办") * 3), Limits(characters=5))
    with pytest.raises(UnreadableFile, match="表格超过 2 个单元格"):
        read_docx(docx("<w:tbl><w:tr>" + f"<w:tc>{p('')}</w:tc>" * 3 + "</w:tr></w:tbl>"), Limits(cells=2))
