from __future__ import annotations

import pytest
from tests.documents.readers.files import docx, item, level, numbering, p

from duban.documents.readers.docx import read_docx
from duban.documents.readers.docx_numbering import FORMATS, spoken
from duban.documents.readers.limits import Limits


def text_of(body: str, **parts: str) -> str:
    return read_docx(docx(body, **parts), Limits()).text


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("decimal", {1: "1", 12: "12"}),
        ("decimalZero", {1: "01", 12: "12"}),
        ("upperRoman", {4: "IV", 1999: "MCMXCIX", 0: "0"}),
        ("lowerRoman", {9: "ix"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 53: "AAA", 0: "0"}),
        ("lowerLetter", {2: "b", 28: "bb"}),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 101: "一○一"}),
        ("chineseCountingThousand", {10: "十", 100: "一百", 101: "一百零一", 110: "一百一十", 115: "一百一十五",
                                     1002: "一千零二", 10203: "一万零二百零三", 100000: "100000"}),
        ("ideographDigital", {9: "九", 10: "一〇", 23: "二三"}),
        ("chineseLegalSimplified", {1: "壹", 10: "壹拾", 21: "贰拾壹"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "甲", 0: "0"}),
        ("ideographZodiac", {12: "亥"}),
        ("decimalEnclosedCircleChinese", {1: "①", 20: "⑳", 21: "㉑", 36: "㊱", 50: "㊿", 51: "51", 0: "0"}),
        ("decimalEnclosedParen", {3: "⑶", 21: "21"}),
        ("decimalEnclosedFullstop", {3: "⒊"}),
        ("ideographEnclosedCircle", {10: "㊉"}),
        ("decimalFullWidth", {10: "１０"}),
        ("numberInDash", {3: "- 3 -"}),
        ("none", {3: ""}),
    ],
)  # fmt: skip
def test_each_number_format(style, shown):
    assert {value: FORMATS.get(style, str)(value) for value in shown} == shown


def test_spoken_refuses_nothing():
    assert [spoken(0), spoken(-3), spoken(100_000)] == ["0", "-3", "100000"]


def test_levels_restart_under_a_new_higher_item():
    levels = (
        level(0, "chineseCounting", "%1、")
        + level(1, "chineseCounting", "（%2）")
        + level(2, "decimal", "%3.", '<w:suff w:val="nothing"/>')
        + level(3, "decimalEnclosedCircleChinese", "%4")
    )
    body = (
        item("总则") + item("目标", 1) + item("甲", 2) + item("乙", 2) + item("子", 3)
        + item("任务", 1) + item("丙", 2) + item("保障") + item("组织", 1)
    )  # fmt: skip

    assert text_of(body, numbering=numbering(levels)) == (
        "一、总则\n（一）目标\n1.甲\n2.乙\n① 子\n（二）任务\n1.丙\n二、保障\n（一）组织\n"
    )


def test_level_that_never_restarts_runs_on():
    levels = level(0, "chineseCounting", "%1、") + level(
        1, "decimal", "%2.", '<w:lvlRestart w:val="0"/><w:suff w:val="space"/>'
    )
    body = item("甲") + item("子", 1) + item("乙") + item("丑", 1)

    assert text_of(body, numbering=numbering(levels)) == "一、甲\n1. 子\n二、乙\n2. 丑\n"


def test_number_of_several_levels_and_legal_style():
    levels = level(0, "chineseCounting", "第%1章", '<w:suff w:val="space"/>') + level(
        1, "decimal", "%1.%2", "<w:isLgl/>", start=3
    )

    assert text_of(item("总则") + item("范围", 1), numbering=numbering(levels)) == "第一章 总则\n1.3 范围\n"


def test_two_lists_of_one_definition_count_on_and_an_override_starts_again():
    lists = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
        '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        f"{level(0, 'upperLetter', '%1）')}</w:lvlOverride></w:num>"
    )
    body = "".join(item("甲", 0, list_id) for list_id in (1, 1, 2, 3, 3, 1, 4))

    assert text_of(body, numbering=numbering(level(0, "decimal", "%1、"), lists)) == (
        "1、甲\n2、甲\n3、甲\n7、甲\n8、甲\n9、甲\nJ）甲\n"
    )


def test_number_comes_from_a_linked_style_and_can_be_switched_off():
    styles = (
        '<w:style w:type="paragraph" w:styleId="One"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Two"><w:name w:val="任务"/><w:basedOn w:val="One"/><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Three"><w:basedOn w:val="Two"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Off"><w:basedOn w:val="One"/><w:pPr><w:numPr>'
        '<w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
    )
    levels = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="One"/>') + level(
        1, "decimal", "%2．", '<w:pStyle w:val="Two"/>'
    )
    body = "".join(p(text, f'<w:pStyle w:val="{style}"/>') for text, style in
                   [("篇", "One"), ("甲", "Two"), ("乙", "Three"), ("无", "Off")])  # fmt: skip
    body += p("止", '<w:pStyle w:val="One"/><w:numPr><w:numId w:val="0"/></w:numPr>')

    assert text_of(body, numbering=numbering(levels), styles=styles) == "一、篇\n1．甲\n2．乙\n无\n止\n"


def test_numbering_style_lends_its_levels():
    styles = '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style>'
    parts = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="5">{level(0, "chineseCounting", "%1、")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>'
    )

    assert text_of(item("甲") + item("乙"), numbering=parts, styles=styles) == "一、甲\n二、乙\n"


def test_numbers_alone_fill_the_number_column_of_a_table():
    cells = "".join(
        f"<w:tr><w:tc>{item('')}</w:tc><w:tc>{p(text)}</w:tc></w:tr>" for text in ("修路", "架桥")
    )

    text = text_of(f"<w:tbl>{cells}</w:tbl>", numbering=numbering(level(0, "decimal", "%1")))

    assert text == "1\t修路\n2\t架桥\n"


def test_bullets_are_shown_and_unknown_lists_are_not():
    lists = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    levels = level(0, "bullet", "\uf06c") + level(1, "bullet", "◆") + level(2, "custom", "%3.")
    body = item("甲") + item("乙", 1) + item("丙", 2) + item("丁", 0, 9) + item("戊", 12) + item("己", -1)

    assert text_of(body, numbering=numbering(levels, lists)) == "• 甲\n◆ 乙\n1. 丙\n丁\n戊\n己\n"
