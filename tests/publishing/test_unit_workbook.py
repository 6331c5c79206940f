from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from duban.documents.readers.grid import read_grids
from duban.domain.sheets import COLUMNS, NAMES, Expected, Merge, RowChange, SheetKind, merge
from duban.domain.sheets_stamp import check_code, sheet_for, stamp_of
from duban.publishing.unit_workbook import UnitWorkbook, write_unit_workbook

REPORT = (
    Expected(
        "a", "18", "=1+1 建设三十条城市道路", {"year_target": "30条", "node": "开工20条", "last": "开工12条"}
    ),
    Expected(
        "b", "022", "新增学位一万个\n其中公办七成", {"progress": "新增6000个", "value": "6,000", "next": "  "}
    ),
    Expected("c", "3-1", "@底线_x000D_任务\x07", {"progress": "无变化", "problem": "+征地"}, locked=True),
)
PLAN = (Expected("p", "18", "建设三十条城市道路", {"year_target": "30条", "phone": "01012345678"}),)
CONTENT = UnitWorkbook(
    "云江市城市管理局", "2026年三季度", date(2026, 10, 8), date(2026, 9, 20), "L1", "2026Q3", "U7", 4,
    {SheetKind.REPORT: REPORT, SheetKind.PLAN: PLAN},
)  # fmt: skip
DATA = write_unit_workbook(CONTENT)


def opened(data: bytes = DATA) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def merged(data: bytes, kind: SheetKind = SheetKind.REPORT) -> Merge:
    grids = read_grids("a.xlsx", data)
    grid = sheet_for(grids, COLUMNS[kind], NAMES[kind]).grid
    assert grid is not None
    stamp = stamp_of(grids)
    return merge(grid, CONTENT.rows[kind], COLUMNS[kind], base=stamp and stamp.bases[kind])


def test_the_sheet_shows_what_is_asked_and_for_whom():
    book = opened()
    sheet = book["报送表"]

    assert (book.sheetnames, book["duban"].sheet_state) == (["报送表", "细化表", "duban"], "veryHidden")
    assert [[cell.value for cell in row[:9]] for row in sheet.iter_rows()] == [
        ["云江市城市管理局2026年三季度重点任务报送表", *[None] * 8],
        ["只填黄色格；没有变化的填“无变化”即可。共 3 项。2026年10月8日前报送。严禁填写涉密、敏感信息。", *[None] * 8],
        ["编号", "任务", "年度目标", "本期节点", "上期进展", "进展（≤150字）", "数值", "问题", "下步"],
        ["18", "=1+1 建设三十条城市道路", "30条", "开工20条", "开工12条", None, None, None, None],
        ["022", "新增学位一万个\n其中公办七成", None, None, None, "新增6000个", "6,000", None, None],
        ["3-1", "@底线\n任务", None, None, None, "无变化", None, "+征地", None],
    ]  # fmt: skip
    assert book["细化表"]["A1"].value == "云江市城市管理局重点任务细化表"


def test_no_text_becomes_a_formula():
    cells = [
        cell for sheet in opened() for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]

    assert {cell.data_type for cell in cells} == {"s"}
    with zipfile.ZipFile(io.BytesIO(DATA)) as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())


def test_only_the_asked_cells_of_open_rows_are_yellow_and_unlocked():
    sheet = opened()["报送表"]

    looks = [
        [(c.protection.locked, c.fill.fgColor.rgb) for c in row[:9]] for row in sheet.iter_rows(min_row=4)
    ]
    shown, asked = (True, "FFF2F4F7"), (False, "FFFFF9DB")
    assert looks == [[shown] * 5 + [asked] * 4] * 2 + [[shown] * 9]
    protection = sheet.protection
    assert (protection.sheet, protection.password, protection.formatRows, protection.formatColumns) == (
        True,
        None,
        False,
        False,
    )  # fmt: skip - False: not forbidden
    assert sheet.column_dimensions["J"].hidden


def test_lengths_are_held_while_typing():
    rules = {
        str(rule.sqref): (rule.type, rule.operator, rule.formula1, rule.promptTitle, rule.errorTitle)
        for rule in opened()["报送表"].data_validations.dataValidation
    }

    assert rules == {
        "F4:F6": ("textLength", "lessThanOrEqual", "150", "进展（不超过150字）", "进展过长"),
        "G4:G6": ("textLength", "lessThanOrEqual", "60", "数值（不超过60字）", "数值过长"),
        "H4:H6": ("textLength", "lessThanOrEqual", "200", "问题（不超过200字）", "问题过长"),
        "I4:I6": ("textLength", "lessThanOrEqual", "200", "下步（不超过200字）", "下步过长"),
    }


def test_types_that_answer_with_a_word_offer_their_words():
    rows = (REPORT[0]._replace(nature="floor"), REPORT[1]._replace(nature="quantified"), REPORT[2])
    book = opened(write_unit_workbook(replace(CONTENT, rows={SheetKind.REPORT: rows})))

    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.errorStyle)
        for rule in book["报送表"].data_validations.dataValidation
        if str(rule.sqref).startswith("G")
    }

    assert rules == {
        "G4": ("list", '"未突破底线,已突破底线"', "information"),
        "G5:G6": ("textLength", "60", None),
    }


def test_it_prints_on_a4_across_with_heads_repeated_and_a_check_code():
    sheet = opened()["报送表"]

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == (
        9, "landscape", 0,
    )  # fmt: skip
    assert (sheet.print_title_rows, sheet.print_area, sheet.freeze_panes) == (
        "$3:$3", "'报送表'!$A$1:$I$6", "C4",
    )  # fmt: skip
    assert sheet.oddFooter.left.text == f"校验码 {check_code(CONTENT.stamp)}"


def test_rows_are_high_enough_for_what_they_hold():
    long = replace(
        CONTENT, rows={SheetKind.REPORT: (REPORT[0], REPORT[0]._replace(key="z", text="长" * 900))}
    )
    sheet = opened(write_unit_workbook(long))["报送表"]
    short = opened()["报送表"]

    assert [short.row_dimensions[4].height, sheet.row_dimensions[4].height] == [75, 75]
    assert 300 < sheet.row_dimensions[5].height <= 409
    assert sheet.column_dimensions["B"].width > 70 > short.column_dimensions["B"].width


def test_the_same_content_gives_the_same_bytes():
    assert write_unit_workbook(CONTENT) == DATA
    assert write_unit_workbook(replace(CONTENT, revision=5)) != DATA


def test_a_kind_without_rows_has_no_sheet():
    alone = replace(CONTENT, rows={SheetKind.PLAN: PLAN, SheetKind.REPORT: ()}, due_on=None)
    book = opened(write_unit_workbook(alone))

    assert book.sheetnames == ["细化表", "duban"]
    assert book["细化表"]["A2"].value.endswith("才改。共 1 项。严禁填写涉密、敏感信息。")


def test_text_longer_than_a_cell_is_cut_and_still_no_change():
    line = REPORT[0]._replace(text="长" * 40_000)
    data = write_unit_workbook(replace(CONTENT, rows={SheetKind.REPORT: (line,)}))

    grids = read_grids("a.xlsx", data)
    stamp = stamp_of(grids)
    assert stamp is not None
    columns = COLUMNS[SheetKind.REPORT]
    assert merge(grids[0], (line,), columns, base=stamp.bases["report"]) == Merge(unchanged=1)


def test_out_and_back_untouched_is_no_change():
    assert stamp_of(read_grids("a.xlsx", DATA)) == CONTENT.stamp
    assert [merged(DATA), merged(DATA, SheetKind.PLAN)] == [Merge(unchanged=3), Merge(unchanged=1)]


EDITS = Merge(
    changes=(
        RowChange("a", "18", "progress", "", "开工22条"),
        RowChange("a", "18", "value", "", "22"),
        RowChange("b", "022", "value", "6,000", ""),
    ),
    unchanged=1,
)


def edited() -> bytes:
    book = opened()
    sheet = book["报送表"]
    sheet["F4"], sheet["G4"], sheet["G5"] = "开工22条", 22, None
    return saved(book)


def test_three_cells_edited_and_saved_by_another_program_are_three_changes():
    assert merged(edited()) == EDITS


def test_rows_sorted_moved_and_deleted_keep_their_places():
    book = opened(edited())
    sheet = book["报送表"]
    sheet.delete_rows(6)
    sheet.insert_rows(5, 3)
    sheet.insert_cols(1)

    assert merged(saved(book)) == EDITS._replace(unchanged=0, absent=("c",))


def test_a_workbook_with_a_damaged_stamp_still_merges_by_number():
    book = opened(edited())
    book["duban"]["B5"] = "9"
    book["报送表"].delete_cols(10)

    assert merged(saved(book)) == EDITS._replace(changes=EDITS.changes[:2], unchanged=2)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_a_workbook_saved_by_libreoffice_comes_back_whole(tmp_path):
    for name, data in (("out.xlsx", DATA), ("edited.xlsx", edited())):
        (tmp_path / name).write_bytes(data)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for form, folder, source in (("ods", "ods", "xlsx"), ("xlsx", "back", "ods")):
        origin = tmp_path if source == "xlsx" else tmp_path / "ods"
        files = [str(path) for path in sorted(origin.glob(f"*.{source}"))]
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(tmp_path / folder),
            *files,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    back, changed = ((tmp_path / "back" / name).read_bytes() for name in ("out.xlsx", "edited.xlsx"))

    assert stamp_of(read_grids("a.xlsx", back)) == CONTENT.stamp
    assert [merged(back), merged(back, SheetKind.PLAN), merged(changed)] == [
        Merge(unchanged=3), Merge(unchanged=1), EDITS,
    ]  # fmt: skip
    sheet = opened(back)["报送表"]
    assert (sheet.protection.sheet, sheet["F4"].protection.locked, sheet["A4"].protection.locked) == (
        True,
        False,
        True,
    )
    assert len(sheet.data_validations.dataValidation) == 4


def test_a_workbook_takes_as_many_characters_as_page_and_database():
    from duban.plans.models import Plan
    from duban.plans.operations import PLAN_LIMITS
    from duban.progress.exchange import PLAN_FIELDS, REPORT_FIELDS
    from duban.progress.models import Draft
    from duban.progress.operations import REPORT_LIMITS

    tables = (
        (SheetKind.PLAN, Plan, PLAN_LIMITS, PLAN_FIELDS),
        (SheetKind.REPORT, Draft, REPORT_LIMITS, REPORT_FIELDS),
    )
    for kind, model, limits, fields in tables:
        asked = {fields[column.code]: column.limit for column in COLUMNS[kind] if column.asked}
        assert asked == limits
        assert limits == {field: model._meta.get_field(field).max_length for field in limits}
