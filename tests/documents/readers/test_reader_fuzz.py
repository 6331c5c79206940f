from __future__ import annotations

import functools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.documents.readers.files import assert_sentence, docx, item, level, numbering, p, pdf, xls, zipped
from tests.documents.readers.test_reader_hostile import real_xlsx

from duban.documents.readers import UnreadableFile, read_bytes
from duban.documents.readers.child import answer_to, reader_of
from duban.documents.readers.limits import Limits
from duban.domain.phrases import PHRASES

EXTENSIONS = (".txt", ".html", ".docx", ".doc", ".pdf", ".xlsx", ".xls", ".wps", "")
SMALL = Limits(bytes=5_000_000, cells=20_000, unzipped_bytes=20_000_000, characters=500_000)
SLOW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
QUICK = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
HEADS = (b"", b"PK\x03\x04[Content_Types].xml word/document.xml", b"PK\x03\x04xl/", b"%PDF-1.7\n", b"<html>",
         b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # fmt: skip


@functools.cache
def whole(kind: str) -> bytes:
    levels = numbering(level(0, "chineseCounting", "%1、") + level(1, "decimal", "%2."))
    return {
        "docx": lambda: docx(item("甲") + item("乙", 1) + f"<w:tbl><w:tr><w:tc>{p('丙')}</w:tc></w:tr></w:tbl>", numbering=levels),
        "xlsx": real_xlsx,
        "xls": lambda: xls({"表": [["甲", "乙", 1.0]], "丙": [["丁"]]}),
        "pdf": lambda: pdf([[(80, 300, "督办事项")], [(80, 300, "清单")]]),
        "html": lambda: "<body><ol><li>甲</ol><table><tr><td rowspan=2>1<td>乙</table>".encode("gbk"),
    }[kind]()  # fmt: skip


def mutated(data: bytes, changes: list[tuple[float, bytes]], cut: float) -> bytes:
    for share, new in changes:
        at = int(share * len(data))
        data = data[:at] + new + data[at + len(new) :]
    return data[: max(int(len(data) * cut), 1)]


MUTATIONS = st.tuples(
    st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=1, max_size=8)), max_size=6),
    st.sampled_from([1.0, 1.0, 1.0, 0.99, 0.9, 0.5]),
)


def check(answer: dict) -> None:
    """An answer is a document whose blocks lie inside its text, or a refusal with a sentence."""
    if "refused" in answer:
        assert answer["refused"] in PHRASES
        return
    ends = [0]
    for block in answer["blocks"]:
        assert ends[-1] <= block[1] <= block[2] <= len(answer["text"])
        ends.append(block[2])
    assert "\0" not in answer["text"]
    assert "\r" not in answer["text"]


def answer_in_process(kind: str, data: bytes) -> None:
    try:
        check(answer_to(reader_of(kind), data, SMALL))
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # ends the child, which the parent reports as damaged
            raise


@given(st.sampled_from(EXTENSIONS), st.sampled_from(HEADS), st.binary(max_size=400))
@SLOW
def test_any_bytes_under_any_name_are_read_or_refused(extension, head, body):
    try:
        source = read_bytes(f"清单{extension}", head + body, SMALL)
    except UnreadableFile as refusal:
        assert_sentence(refusal)
    else:
        assert all(block.end <= len(source.text) for block in source.blocks)


@pytest.mark.parametrize("kind", ["docx", "pdf", "xls", "xlsx", "html"])
@given(mutation=MUTATIONS)
@settings(SLOW, max_examples=5)
def test_mutated_files_are_read_or_refused_through_the_child(kind, mutation):
    try:
        read_bytes(f"a.{kind}", mutated(whole(kind), *mutation), SMALL)
    except UnreadableFile as refusal:
        assert_sentence(refusal)


@pytest.mark.parametrize(("reader", "kind"), [
    ("docx", "docx"), ("pdf", "pdf"), ("sheets", "xls"), ("sheets", "xlsx"), ("html", "html"),
])  # fmt: skip
@given(mutation=MUTATIONS)
@QUICK
def test_mutated_files_never_crash_a_reader(reader, kind, mutation):
    answer_in_process(reader, mutated(whole(kind), *mutation))


@pytest.mark.parametrize("reader", ["docx", "pdf", "sheets", "html"])
@given(data=st.binary(max_size=600))
@QUICK
def test_any_bytes_never_crash_a_reader(reader, data):
    answer_in_process(reader, data)


TAGS = ("p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "ins", "del", "pPr", "rPr", "tcPr", "vMerge", "gridSpan",
        "numPr", "numId", "ilvl", "pStyle", "fldChar", "txbxContent", "br", "sym", "hyperlink", "outlineLvl")  # fmt: skip


@st.composite
def trees(draw, depth=4):
    tag = draw(st.sampled_from(TAGS))
    value = draw(
        st.sampled_from(
            ["", ' w:val="1"', ' w:val="-5"', ' w:val="x"', ' w:fldCharType="begin"', ' w:char="zzzz"']
        )
    )
    inner = (
        "".join(draw(st.lists(trees(depth - 1), max_size=3)))
        if depth
        else draw(st.sampled_from(["", "甲", " "]))
    )
    return f"<w:{tag}{value}>{inner}</w:{tag}>"


@given(st.lists(trees(), max_size=5))
@QUICK
def test_any_tree_of_word_elements_is_read_or_refused(pieces):
    data = docx("".join(pieces) + p("尾"), numbering=numbering(level(0, "decimal", "%1.")))

    answer = answer_to(reader_of("docx"), data, SMALL)

    check(answer)
    assert answer.get("refused") in {None, "reader.damaged", "reader.empty"}


HTML_TAGS = ("p", "div", "table", "tr", "td", "th", "caption", "ol", "ul", "li", "pre", "h1", "nav", "header", "article",
             "br", "select", "svg", "math", "template", "form", "b")  # fmt: skip


@given(st.lists(st.one_of(
    st.sampled_from([f"<{tag}>" for tag in HTML_TAGS] + [f"</{tag}>" for tag in HTML_TAGS]),
    st.sampled_from(["<td rowspan=3>", "<td colspan=2>", "<ol start=-3>", "<ol type=A>", "<li value=0>", "<!--", "&#0;"]),
    st.text(max_size=5),
), max_size=60))  # fmt: skip
@QUICK
def test_any_soup_of_tags_is_read_or_refused(pieces):
    answer = answer_to(reader_of("html"), "".join(pieces).encode("utf-8", "replace"), SMALL)

    check(answer)
    assert answer.get("refused") in {None, "reader.empty"}


@given(st.dictionaries(st.sampled_from(["[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/numbering.xml"]),
                       st.binary(max_size=60)))  # fmt: skip
@QUICK
def test_any_zip_is_read_or_refused(members):
    answer_in_process("docx", zipped(members))
    answer_in_process("sheets", zipped(members))


SAMPLES = sorted(
    path for path in (Path(__file__).parents[3] / "samples").glob("*.*") if path.suffix in EXTENSIONS
)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_the_samples_in_the_checkout_are_read(sample):
    assert len(read_bytes(sample.name, sample.read_bytes()).text) > 5_000
