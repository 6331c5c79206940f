"""`duban sheet`: out to a workbook and back."""

from __future__ import annotations

import openpyxl
import pytest
from tests.building_year import PROGRESS, drafted, small_year

from duban.cli import sheet
from duban.plans.models import Plan
from duban.progress.models import Draft, Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(monkeypatch):
    monkeypatch.setattr(sheet, "ready_database", lambda: None)
    return small_year("opened")


def words(year, *more: str, unit: str = "市民政局") -> list[str]:
    return [*more, "--list", year.list.key, "--period", "2026-03", "--unit", unit]


def exported(year, tmp_path, cells):
    file = tmp_path / "报送表.xlsx"
    assert sheet.main(words(year, "export", "--out", str(file))) == 0
    book = openpyxl.load_workbook(file)
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    book.save(file)
    return str(file)


def test_a_sheet_goes_out_and_comes_back_once(year, tmp_path, capsys):
    file = exported(year, tmp_path, {"F4": PROGRESS})

    assert sheet.main(words(year, "merge", file, "--dry-run")) == 0
    assert (Draft.objects.count(), Report.objects.count()) == (0, 0)
    assert sheet.main(words(year, "merge", file, "--send")) == 0
    assert sheet.main(words(year, "merge", file, "--send")) == 0

    assert list(Report.objects.values_list("progress", "channel", "on_behalf")) == [
        (PROGRESS, "workbook", True)
    ]
    assert capsys.readouterr().out.splitlines() == [
        f"已导出 市民政局 1 项：{file}",
        f"3\t进展：（空） → {PROGRESS}",
        "仅核对，未写入。",
        f"3\t进展：（空） → {PROGRESS}",
        "写入 1 项，报送 1 项。",
        "写入 0 项，报送 0 项。",
    ]


def test_an_unclear_cell_stops_the_whole_file_and_is_named(year, tmp_path, capsys):
    file = exported(year, tmp_path, {"F4": "长" * 151, "G4": "20家"})

    assert sheet.main(words(year, "merge", file, "--dry-run")) == 1
    assert sheet.main(words(year, "merge", file)) == 1

    assert Draft.objects.count() == 0
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("报送表!F4\t“长")
    assert said[-1] == "文件有 1 处没有读懂或两边都改过，未作任何改动。"


def test_a_collision_is_decided_by_preference(year, tmp_path, capsys):
    file = exported(year, tmp_path, {"F4": "表格里的"})
    drafted(year)

    assert sheet.main(words(year, "merge", file)) == 1
    assert "表格：表格里的；系统：" in capsys.readouterr().err
    assert sheet.main(words(year, "merge", file, "--prefer", "server")) == 0
    assert Draft.objects.get().progress == PROGRESS
    assert sheet.main(words(year, "merge", file, "--prefer", "workbook")) == 0

    assert Draft.objects.get().progress == "表格里的"


def test_without_a_period_it_is_the_plan(year, tmp_path):
    file = tmp_path / "细化表.xlsx"
    target = ["--list", year.list.key, "--unit", "市民政局"]
    assert sheet.main(["export", "--out", str(file), *target]) == 0
    book = openpyxl.load_workbook(file)
    book["细化表"]["J4"] = "李某某"
    book.save(file)

    assert sheet.main(["merge", str(file), *target]) == 0

    plans = Plan.objects.filter(unit__name="市民政局").values_list("contact", "phone", "on_behalf")
    assert list(plans) == [("李某某", "0000-1001", True)]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"--list": "nowhere-2026"}, "没有短名为“nowhere-2026”的清单。"),
        ({"--unit": "市不存在局"}, "没有找到单位“市不存在局”。"),
        ({"--period": "2026-04"}, "这份清单没有开始“2026-04”的报送。"),
        ({"--unit": "市气象局"}, "“市气象局”没有需要填写的任务。"),
    ],
)
def test_what_does_not_exist_is_named(year, tmp_path, capsys, change, sentence):
    given = {"--list": year.list.key, "--unit": "市民政局", "--period": "2026-03", **change}
    file = tmp_path / "a.xlsx"

    status = sheet.main(["export", "--out", str(file), *(word for pair in given.items() for word in pair)])

    assert (status, capsys.readouterr().err, file.exists()) == (2, f"{sentence}\n", False)
