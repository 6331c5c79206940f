from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile

import docx as python_docx
import openpyxl
import pytest
from tests.documents.readers.files import CONTENT_TYPES, W, docx, ole, p, pdf, record, relations, xls, zipped

from duban.documents.readers import Limits, UnreadableFile, process, read_bytes
from duban.documents.readers import child as child_module
from duban.documents.readers.docx import read_docx
from duban.documents.readers.limits import unreadable


def code_of(name: str, data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(UnreadableFile) as refusal:
        read_bytes(name, data, limits)
    assert str(refusal.value).endswith("。")
    return refusal.value.message.code.removeprefix("reader.")


def word(document: str, **more: str | bytes) -> bytes:
    return zipped(
        {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": relations(officeDocument="word/document.xml"),
         "word/document.xml": document, **more}
    )  # fmt: skip


def real_docx() -> bytes:
    document = python_docx.Document()
    document.add_paragraph("督办事项")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def real_xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "督办事项"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + f"]><w:document {W}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f"<w:document {W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize("document", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(document, encoding):
    declared = document.replace("?>", f' encoding="{encoding}"?>', 1)

    assert code_of("a.docx", word(declared.encode(encoding))) == "unsafe_xml"


def test_entities_in_an_encoding_that_the_search_misses_are_refused_by_the_parser():
    declared = OUTSIDE.replace("?>", ' encoding="ebcdic-cp-us"?>', 1)

    assert code_of("a.docx", word(declared.encode("cp037"))) in {"unsafe_xml", "damaged"}


def test_entities_in_a_workbook_are_refused():
    with zipfile.ZipFile(io.BytesIO(real_xlsx())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    members["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE a [<!ENTITY x "y">]>' + sheet

    assert code_of("a.xlsx", zipped(members)) == "unsafe_xml"


def test_zip_bombs_are_refused_before_anything_is_unpacked():
    bomb = word("x", **{"word/media/a.bin": b"\0" * 20_000_000})

    assert code_of("a.docx", bomb) == "too_large_inside"
    assert code_of("a.docx", word("x" * 2000), Limits(unzipped_bytes=1000)) == "too_large_inside"
    assert (
        code_of("a.docx", word("x", **{f"word/{n}": "" for n in range(50)}), Limits(members=40))
        == "too_large_inside"
    )


def test_a_member_that_lies_about_its_size_is_damaged():
    data = word("<a>" + " " * 5_000_000 + "</a>")
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"word/document.xml"))
    lying = data[: at + 24] + (100).to_bytes(4, "little") + data[at + 28 :]

    assert code_of("a.docx", lying) == "damaged"


def test_a_workbook_member_that_lies_about_its_size_is_damaged():
    data = real_xlsx()
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/worksheets/sheet1.xml"))
    lying = data[: at + 24] + (10).to_bytes(4, "little") + data[at + 28 :]

    assert code_of("a.xlsx", lying) == "damaged"


def test_encrypted_office_files():
    locked = ole({"EncryptionInfo": b"x", "EncryptedPackage": b"x"})
    flagged = bytearray(real_docx())
    at = flagged.rindex(b"PK\x01\x02")
    flagged[at + 8] |= 1

    assert [code_of(name, locked) for name in ("a.docx", "a.xlsx", "a.doc", "a.xls")] == ["encrypted"] * 4
    assert code_of("a.xls", xls({"表": [["甲"]]}, before=record(0x2F, b"\1\0" + b"\0" * 52))) == "encrypted"
    assert code_of("a.docx", bytes(flagged)) == "encrypted"


def test_macros_are_refused_in_every_dress():
    macro_types = CONTENT_TYPES.replace("/>", ' a="application/vnd.ms-word.document.macroEnabled.main+xml"/>')
    document = f"<w:document {W}><w:body>{p('x')}</w:body></w:document>"

    assert code_of("a.docm", real_docx()) == code_of("a.xlsm", real_xlsx()) == "macros"
    assert code_of("a.docx", word(document, **{"word/vbaProject.bin": b"x"})) == "macros"
    assert code_of("a.docx", word(document, **{"[Content_Types].xml": macro_types})) == "macros"
    assert code_of("a.xls", ole({"Workbook": b"x", "_VBA_PROJECT_CUR": b"x"})) == "macros"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.docx", ole({"WordDocument": b"x"}), "old_word"),
        ("a.doc", ole({"WordDocument": b"x"}), "old_word"),
        ("a.wps", ole({"WordDocument": b"x"}), "old_wps"),
        ("a.ET", ole({"Workbook": b"x"}), "old_et"),
        ("a.docx", ole({"Workbook": b"x"}), "mismatch"),
        ("a.xlsx", ole({"PowerPoint Document": b"x"}), "mismatch"),
        ("a.xlsx", ole({"WordDocument": b"x"}), "old_word"),
        ("a.docx", real_xlsx(), "mismatch"),
        ("a.xlsx", real_docx(), "mismatch"),
        ("a.pdf", real_docx(), "mismatch"),
        ("a.html", real_docx(), "mismatch"),
        ("a.docx", b"plain text", "mismatch"),
        ("a.pdf", b"plain text", "mismatch"),
        ("a.docx", b"{\\rtf1 x}", "mismatch"),
        ("a.docx", zipped({"a": "b"}), "mismatch"),
        ("a.docx", b"PK\x03\x04 no more", "damaged"),
        ("a.rtf", b"{\\rtf1 x}", "unknown_format"),
        ("a.ods", zipped({"a": "b"}), "unknown_format"),
        ("清单", b"x", "unknown_format"),
        (".docx", b"x", "unknown_format"),
        ("a.zip", b"x", "archive"),
        ("a.png", b"x", "image"),
        ("a.docx", b"", "empty"),
        ("a.xls", b"\n", "empty"),
    ],
)
def test_wrong_names_and_foreign_formats(name, data, code):
    assert code_of(name, data) == code


def test_old_word_name_over_a_new_word_file_is_read():
    assert read_bytes("a.doc", real_docx()).text == "督办事项\n"


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf", "a.xls"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_truncated_files(name, share):
    whole = {"a.docx": real_docx(), "a.xlsx": real_xlsx(), "a.xls": xls({"表": [["甲"]]}),
             "a.pdf": pdf([[(80, 300, "督办")]])}[name]  # fmt: skip
    assert read_bytes(name, whole).text

    assert code_of(name, whole[: int(len(whole) * share)]) in {"damaged", "truncated", "mismatch"}


def test_a_child_that_takes_too_long_is_ended():
    page = b"<table><tr><td>" * 30_000

    assert code_of("a.html", page, Limits(seconds=0.6)) == "timeout"


def test_a_child_that_eats_memory_is_ended():
    page = b"<p>x</p>" * 2_000_000

    assert code_of("a.html", page, Limits(memory_bytes=250_000_000)) in {"too_much_memory", "damaged"}


def test_an_answer_that_is_too_long_is_not_taken():
    assert code_of("a.html", b"<p>" + b"x" * 10_000, Limits(answer_bytes=100)) == "too_large_inside"


def test_a_child_that_cannot_start_is_a_sentence():
    assert code_of("a.html", b"<p>x", Limits(memory_bytes=1)) in {"too_much_memory", "damaged"}


@pytest.mark.parametrize(
    ("code", "answer", "expected"),
    [
        (-24, b"", "timeout"),
        (-14, b"", "timeout"),
        (-6, b"", "too_much_memory"),
        (-9, b"", "too_much_memory"),
        (-11, b"", "damaged"),
        (1, b"", "damaged"),
        (0, b"[]", "damaged"),
        (0, b"{}", "damaged"),
        (0, b'{"text": "x", "blocks": [["?"]]}', "damaged"),
        (0, b'{"refused": "reader.macros", "params": {}}', "macros"),
    ],
)
def test_whatever_becomes_of_the_child_is_a_sentence(code, answer, expected):
    with pytest.raises(UnreadableFile) as refusal:
        process._document(answer, code, Limits())

    assert refusal.value.message.code == f"reader.{expected}"


def test_the_child_answers_for_every_failure_of_a_library():
    def fails(error: BaseException):
        def reader(data: bytes, limits: Limits):
            raise error

        return child_module.answer_to(reader, b"", Limits())

    assert fails(MemoryError()) == {"refused": "reader.too_much_memory", "params": {}}
    assert fails(RuntimeError()) == {"refused": "reader.damaged", "params": {}}
    assert fails(unreadable("too_big", limit=3)) == {"refused": "reader.too_big", "params": {"limit": 3}}


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": process.ROOT},
    )  # fmt: skip


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "open('/tmp/duban-must-not-exist', 'w')",
    ],
)
def test_the_child_reaches_nothing(act):
    code = f"import sys; from duban.documents.readers.child import _stay_inside; sys.addaudithook(_stay_inside); {act}"

    assert "PermissionError" in run(code).stderr


def test_neither_the_child_nor_the_text_reader_load_what_they_do_not_need():
    heavy = "{'django', 'lxml', 'pypdfium2', 'selectolax', 'python_calamine', 'subprocess', 'tempfile', 'json', 'zipfile'}"
    loaded = run(
        "import sys; from duban.documents.readers import read_bytes; read_bytes('a.txt', b'x');"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    child = run(
        "import sys; from duban.documents.readers.child import reader_of;"
        "[reader_of(name) for name in ('html', 'docx', 'pdf', 'sheets')]; print('django' in sys.modules)"
    )

    assert (loaded.stdout, child.stdout) == ("[]\n", "False\n")


def test_confinement_holds_for_every_limit():
    code = (
        "import resource as r; from duban.documents.readers.child import confine; from duban.documents.readers import Limits;"
        "confine(Limits(seconds=5)); print([r.getrlimit(k)[0] for k in "
        "(r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_NOFILE, r.RLIMIT_FSIZE, r.RLIMIT_CORE)])"
    )

    assert json.loads(run(code).stdout) == [1_500_000_000, 7, 64, 0, 0]


def test_links_out_of_a_file_are_never_followed():
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="x/numbering" Target="http://127.0.0.1:9/n.xml" TargetMode="External"/>'
        '<Relationship Id="r2" Type="x/styles" Target="../../../etc/passwd"/>'
        '<Relationship Id="r3" Type="x/footnotes" Target=""/></Relationships>'
    )
    with zipfile.ZipFile(io.BytesIO(docx(p("正文")))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/_rels/document.xml.rels"] = rels.encode()

    assert read_docx(zipped(members), Limits()).text == "正文\n"


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)

    read_bytes("a.docx", real_docx())
    code_of("a.docx", real_docx()[:3000])

    assert list(tmp_path.iterdir()) == []
