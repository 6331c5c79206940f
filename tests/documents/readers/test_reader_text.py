from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.readers.files import assert_sentence

from duban.documents.readers import Limits, UnreadableFile, read, read_bytes
from duban.domain.messages import render
from duban.domain.source import Block, BlockKind, SourceText

LIST = "一、总体要求\n1.建设“三十条”道路，新增100万平方米。\n\n主责单位：市交通委，市财政局\n"
BLOCKS = (
    Block(BlockKind.PARAGRAPH, 0, 6),
    Block(BlockKind.PARAGRAPH, 7, 29),
    Block(BlockKind.PARAGRAPH, 31, 45),
)


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        codecs.BOM_UTF8 + LIST.encode(),
        LIST.encode("gb18030"),
        codecs.BOM_UTF16_LE + LIST.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"),
        LIST.replace("\n", "\r\n").encode(),
        LIST.replace("\n", "\r").encode("gb18030"),
        LIST.replace("道", "\0道\0").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16-le", "utf-16-be", "crlf", "cr", "nul"],
)
def test_text_is_the_same_in_every_encoding(data):
    assert read_bytes("清单.TXT", data) == SourceText(LIST, BLOCKS, "text", "1")


def test_text_keeps_rare_characters_of_gb18030():
    assert read_bytes("a.txt", "牵头：𠮷野、堃、€".encode("gb18030")).text == "牵头：𠮷野、堃、€"


def test_text_that_looks_like_a_page_stays_text():
    page = '<html><script>var list = {"a": "一、任务"};</script></html>'

    assert read_bytes("a.txt", page.encode()).text == page


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "reader.empty"),
        (b" \r\n\t", "reader.empty"),
        ("　\n　".encode(), "reader.empty"),
        (codecs.BOM_UTF8, "reader.empty"),
        (("督办任务" * 20).encode()[:-1], "reader.truncated"),
        (("督办任务" * 20).encode()[:-2], "reader.truncated"),
        (("督办任务" * 20).encode("gb18030")[:-1], "reader.truncated"),
        (codecs.BOM_UTF16_LE + "督办".encode("utf-16-le")[:-1], "reader.truncated"),
        (("督办任务" * 20).encode() + b"\xff" + ("清单" * 20).encode(), "reader.encoding"),
        (b"\xff\xff\xff\xff", "reader.encoding"),
        (codecs.BOM_UTF8 + b"\xff\xffabc", "reader.encoding"),
        (bytes(range(1, 32)) * 20, "reader.not_text"),
        (b"%PDF-1.7\n1 0 obj", "reader.mismatch"),
        (b"\x89PNG\r\n", "reader.mismatch"),
        (b"PK\x03\x04", "reader.mismatch"),
    ],
)
def test_text_that_cannot_be_read_says_why(data, code):
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("清单.txt", data)

    assert refusal.value.message.code == code


def test_a_refusal_is_a_sentence_in_both_languages():
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes("清单.ofd", b"x")

    assert str(refusal.value) == "不支持“.ofd”格式，请另存为 .docx、.xlsx、.pdf、.html 或 .txt 后再导入。"
    assert render(refusal.value.message, "en") == (
        "The format “.ofd” is not supported. Save it as .docx, .xlsx, .pdf, .html or .txt and import that."
    )


def test_limits_on_bytes_and_characters():
    with pytest.raises(UnreadableFile, match="文件超过 2 MB"):
        read_bytes("a.txt", b"a" * 2_000_001, Limits(bytes=2_000_000))
    with pytest.raises(UnreadableFile, match="文件超过 3 字"):
        read_bytes("a.txt", b"abcd", Limits(characters=3))


def test_read_takes_a_path(tmp_path):
    file = tmp_path / "清单.txt"
    file.write_bytes(LIST.encode())

    assert read(file) == read(str(file)) == SourceText(LIST, BLOCKS, "text", "1")


def test_read_of_what_is_no_file_is_a_sentence(tmp_path):
    with pytest.raises(UnreadableFile, match=r"文件“没有\.txt”不存在或无法打开"):
        read(tmp_path / "没有.txt")
    with pytest.raises(UnreadableFile, match="不是文件"):
        read(tmp_path)
    with pytest.raises(UnreadableFile, match="不存在或无法打开"):
        read("a\0.txt")


def test_read_never_loads_a_file_that_is_too_big(tmp_path):
    file = tmp_path / "大.txt"
    with file.open("wb") as sparse:
        sparse.truncate(10_000_000_000)

    with pytest.raises(UnreadableFile, match="文件超过 50 MB"):
        read(file)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
@settings(max_examples=300, deadline=None)
def test_any_text_comes_back_from_utf_8_and_gb18030(text):
    body = "督办：" + text.replace("\u2028", "").replace("\u2029", "")

    assert read_bytes("a.txt", body.encode()).text == body
    assert read_bytes("a.txt", codecs.BOM_UTF8 + body.encode()).text == body


@given(st.binary())
@settings(max_examples=500, deadline=None)
def test_any_bytes_are_text_or_a_sentence(data):
    try:
        source = read_bytes("a.txt", data)
    except UnreadableFile as refusal:
        assert_sentence(refusal)
    else:
        assert "\0" not in source.text
        assert "\r" not in source.text
        assert all(source.text[block.start : block.end].strip() for block in source.blocks)
