from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from tests.documents.readers.files import ole, record, xls, zipped

from duban.documents.readers import Limits, UnreadableFile, process
from duban.documents.readers.child import reader_of
from duban.documents.readers.grid import grids_of, read_grid, read_grids, spoken
from duban.domain.sheets_cells import Grid


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def small() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["编号", "进展"])
    return saved(book)


def code_of(name: str, data: bytes, limits: Limits = Limits()) -> str:  # noqa: B008 - frozen
    with pytest.raises(UnreadableFile) as refusal:
        read_grids(name, data, limits)
    return refusal.value.message.code


def test_sheets_come_as_typed_cells_at_their_places_hidden_ones_too():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("报送表")
        sheet.write_row(2, 1, ["编号", None, "进展"])
        sheet.write_row(3, 1, ["007", "=1+1", 1204.5])
        sheet.write(4, 1, 0.12, book.add_format({"num_format": "0%"}))
        sheet.write(4, 2, dt.date(2026, 6, 30), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write(
            4, 3, dt.datetime(2026, 6, 30, 8, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        )
        sheet.write_formula(5, 1, "=A1/0", None, "#DIV/0!")
        sheet.write_boolean(5, 2, True)  # noqa: FBT003
        sheet.write_formula(5, 3, "=6*3", None, 18)
        book.add_worksheet("空表")
        deep = book.add_worksheet("duban")
        deep.write(0, 0, "标记")
        deep.very_hidden()
        book.add_chartsheet("图")

    assert read_grids("报送表.xlsx", file.getvalue()) == (
        Grid(
            "报送表",
            (
                ("编号", None, "进展"),
                ("007", "=1+1", Decimal("1204.5")),
                ("12%", dt.date(2026, 6, 30), "2026-06-30 08:30:00"),
                ("#DIV/0!", "True", Decimal(18)),
            ),
            top=3,
            left=2,
        ),
        Grid("空表", ()),
        Grid("duban", (("标记",),), hidden=True),
    )


def test_old_workbooks_are_read_too():
    grids = read_grids(
        "a.xls", xls({"报送表": [["编号", "进展"], ["18", 3.0]], "秘": [["x"]]}, hidden=("秘",))
    )

    assert grids == (
        Grid("报送表", (("编号", "进展"), ("18", Decimal(3)))),
        Grid("秘", (("x",),), hidden=True),
    )


def test_rows_that_are_only_formatted_cost_nothing():
    book = openpyxl.Workbook()
    book.active.append(["编号"])
    for row in range(2, 3000):
        book.active.cell(row, 30).number_format = "@"

    (grid,) = read_grids("a.xlsx", saved(book))
    assert grid.rows == (("编号",),)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (float("inf"), "inf"),
        (float("nan"), "nan"),
        (3, ["n", "3"]),
        (1e20, ["n", "1e+20"]),
        (0.1 + 0.2, ["n", "0.3"]),
        (dt.datetime(2026, 6, 30), ["d", "2026-06-30"]),
        (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(hours=30), "1 day, 6:00:00"),
        ("", None),
    ],
)
def test_a_cell_is_told_in_plain_json(value, told):
    assert spoken(value) == told


def with_macros() -> bytes:
    with zipfile.ZipFile(io.BytesIO(small())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped(members | {"xl/vbaProject.bin": b"x"})


def bomb() -> bytes:
    with zipfile.ZipFile(io.BytesIO(small())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped(members | {"xl/media/a.bin": b"\0" * 20_000_000})


@pytest.mark.parametrize(
    ("name", "make", "code"),
    [
        ("a.xlsm", small, "reader.macros"),
        ("a.xlsx", with_macros, "reader.macros"),
        ("a.xlsx", lambda: ole({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "reader.encrypted"),
        (
            "a.xls",
            lambda: xls({"表": [["甲"]]}, before=record(0x2F, b"\1\0" + b"\0" * 52)),
            "reader.encrypted",
        ),
        ("a.xlsx", bomb, "reader.too_large_inside"),
        ("a.xlsx", lambda: small()[:600], "reader.damaged"),
        ("a.xlsx", lambda: b"plain text", "reader.mismatch"),
        ("a.et", lambda: ole({"Workbook": b"x"}), "reader.old_et"),
        ("a.txt", "编号\t进展".encode, "sheet.not_a_workbook"),
        ("a.xls", lambda: b"<html><table>", "sheet.not_a_workbook"),
        ("a.xlsx", lambda: b"", "reader.empty"),
    ],
)
def test_hostile_files_are_one_sentence(name, make, code):
    assert code_of(name, make()) == code


def test_limits_hold_over_all_sheets_together():
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("二")):
        sheet["A1"], sheet["J10"] = "x", "x"
    data = saved(book)

    assert code_of("a.xlsx", data, Limits(cells=199)) == "reader.too_many_cells"
    assert len(read_grids("a.xlsx", data, Limits(cells=200))) == 2
    assert code_of("a.xlsx", data, Limits(bytes=100)) == "reader.too_big"
    assert code_of("a.xlsx", data, Limits(seconds=0.01)) == "reader.timeout"


def test_a_million_rows_are_refused():
    file = io.BytesIO()
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 1_000_001))
    with (
        zipfile.ZipFile(io.BytesIO(small())) as archive,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, 1) as out,
    ):
        for name in archive.namelist():
            sheet = name == "xl/worksheets/sheet1.xml"
            head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            out.writestr(name, head + rows + b"</sheetData></worksheet>" if sheet else archive.read(name))

    assert code_of("a.xlsx", file.getvalue()) == "reader.too_many_cells"


@pytest.mark.parametrize("answer", [b"[]", b"{}", b'{"grids": 1}', b"no json"])
def test_an_answer_of_another_form_is_damage(answer):
    with pytest.raises(UnreadableFile) as refusal:
        process._grids(answer, 0, Limits())

    assert refusal.value.message.code == "reader.damaged"


@pytest.mark.parametrize("cell", [["n", "x"], ["d", "x"], ["n"], [1, 2]])
def test_cells_of_another_form_are_damage(cell):
    for answer in ([["表", 1, 1, False, [[cell]]]], [[1]]):
        with pytest.raises(UnreadableFile) as refusal:
            grids_of(answer)
        assert refusal.value.message.code == "reader.damaged"


def test_the_child_knows_the_grid_format():
    assert reader_of("grid") is read_grid


@pytest.mark.parametrize("name", ["表.csv", "表.docx", "表.pdf", "表"])
def test_where_a_workbook_is_wanted_only_a_workbook_is_named(name):
    with pytest.raises(UnreadableFile) as refused:
        read_grids(name, b"a,b")

    sentence = str(refused.value.message)
    assert (refused.value.message.code, ".xlsx" in sentence, ".docx" in sentence) == (
        "sheet.not_a_workbook",
        True,
        False,
    )
