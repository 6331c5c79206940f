from __future__ import annotations

import openpyxl
import pytest
from django.db import connection
from tests.building import account_of, city, someone, unit_of

from duban.cli import account, roster
from duban.directory.models import Person, Unit, User
from duban.domain.posts import PostRole
from duban.domain.roster import MEMBER_SHEET, ROSTER_SHEET

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _database_is_there(monkeypatch, settings, tmp_path):
    if connection.vendor == "sqlite":
        there = tmp_path / "there.sqlite3"
        there.touch()
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(there))


def act(*words) -> int:
    return roster.main([*map(str, words), "--government", "yunjiang"])


def write(file, address, value, sheet=0):
    book = openpyxl.load_workbook(file)
    book.worksheets[sheet][address] = value
    book.save(file)


def test_roster_goes_out_and_comes_back_unchanged_then_with_one_change(capsys, tmp_path):
    government, file = city(), tmp_path / "名录.xlsx"

    assert act("export", file) == 0
    assert [sheet.title for sheet in openpyxl.load_workbook(file).worksheets] == [ROSTER_SHEET, MEMBER_SHEET]
    assert act("import", file) == 0
    assert "没有改动：0 处。" in capsys.readouterr().out
    write(file, "D2", "否")
    assert act("import", file, "--dry-run") == 0
    assert unit_of(government, "市政府办公室").appraised
    assert act("import", file) == 0
    said = capsys.readouterr().out
    assert "单位名录!D2\t市政府办公室\t是否考核：是 → 否" in said
    assert "已写入 1 处。" in said
    assert not unit_of(government, "市政府办公室").appraised


def test_people_come_in_and_a_wrong_cell_stops_all_of_them(capsys, tmp_path):
    city()
    file = tmp_path / "登记表.xlsx"
    act("people-export", file)
    write(file, "C2", "张三")
    write(file, "A3", "市教育居")

    refused = act("people-import", file)

    assert (refused, Person.objects.count()) == (1, 0)
    assert "联络员登记表!A3\t“市教育居”\t名录中没有“市教育居”。 是否为“市教育局”？" in capsys.readouterr().err
    write(file, "A3", "")
    assert act("people-import", file, "--on", "2026-03-01") == 0
    assert Person.objects.get().appointments.get().from_on.isoformat() == "2026-03-01"


def test_file_or_government_that_is_not_there_is_unusable(capsys, tmp_path):
    assert act("export", tmp_path / "x.xlsx") == 2
    city()
    assert act("import", tmp_path / "x.xlsx") == 2
    (tmp_path / "x.xlsx").write_bytes(b"not a workbook")
    assert act("import", tmp_path / "x.xlsx") == 2
    assert Unit.objects.count() > 1


def test_account_reset_prints_a_one_time_password_for_anybody(capsys):
    user = account_of(someone(PostRole.AUDITOR, city()), username="shenji")

    assert account.main(["shenji", "--reset"]) == 0
    password = capsys.readouterr().out.strip().rpartition("：")[2]
    assert account.main(["nobody", "--reset"]) == 2

    user = User.objects.get(pk=user.pk)
    assert (user.check_password(password), user.must_change_password) == (True, True)
