from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from tests.building_papers import drafted, moved, sealed, year_of_papers
from tests.building_year import small_year

from duban.cli import coverage, papers, verify_paper
from duban.history.models import Event
from duban.publishing.models import Snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _database_is_there(monkeypatch, settings, tmp_path_factory):
    """The commands look for the embedded database's file; the test database of SQLite lives in memory."""
    if connection.vendor == "sqlite":
        there = tmp_path_factory.mktemp("data") / "there.sqlite3"
        there.touch()
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(there))


@pytest.fixture
def year():
    return year_of_papers()


def words(year, out):
    return ["--list", year.list.key, "--period", "2026-03", "--out", str(out)]


def written(out):
    return sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())


def test_papers_writes_them_all_and_records_it(year, tmp_path, capsys):
    moved(drafted(year), "approve")
    out = tmp_path / "文书" / "一季度"

    assert papers.main(words(year, out)) == 0

    files = written(out)
    said = capsys.readouterr().out
    event = Event.objects.order_by("-seq").first()
    assert [name for name in files if not name.startswith("单位/")] == [
        "催报名单.docx", "催报名单.xlsx", "市领导/林某某.docx", "总台账.xlsx", "督办/督办单 云政督〔2026〕1号 第3项.docx", "督查专报.docx",
    ]  # fmt: skip
    assert [name for name in files if name.startswith("单位/市民政局/")] == [
        "单位/市民政局/任务单.docx", "单位/市民政局/审签单.docx", "单位/市民政局/报送表.docx",
    ]  # fmt: skip
    assert f"共{len(files)}件" in said
    assert "秒" in said
    assert (event.kind, sorted(json.loads(event.body)["papers"])) == ("paper.written", files)


def test_a_second_run_of_a_sealed_period_gives_the_same_bytes(year, tmp_path):
    sealed(year)
    for name in ("a", "b"):
        assert papers.main(words(year, tmp_path / name)) == 0

    first, second = ([(tmp_path / n / f).read_bytes() for f in written(tmp_path / n)] for n in ("a", "b"))
    assert first == second
    assert Snapshot.objects.count() == 1


def test_a_folder_in_use_and_unknown_names_are_refused_and_nothing_is_written(year, tmp_path, capsys):
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine.txt").write_text("x")
    other = tmp_path / "other"
    statuses = [
        papers.main(words(year, used)),
        papers.main(["--list", "nobody", "--period", "2026-03", "--out", str(other)]),
        papers.main(["--list", year.list.key, "--period", "2026-04", "--out", str(other)]),
    ]

    assert statuses == [2, 2, 2]
    assert [path.name for path in tmp_path.iterdir()] == ["used"]
    assert Snapshot.objects.count() == 0
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_verify_paper_says_same_different_or_not_ours(year, tmp_path, capsys):
    papers.main(words(year, tmp_path / "out"))
    ledger = tmp_path / "out" / "总台账.xlsx"
    book = openpyxl.load_workbook(BytesIO(ledger.read_bytes()))
    book.worksheets[0]["L9"] = "已完成"
    changed, strange = tmp_path / "changed.xlsx", tmp_path / "strange.docx"
    book.save(changed)
    strange.write_text("x")
    capsys.readouterr()

    statuses = [verify_paper.main([str(path)]) for path in (ledger, changed, strange, tmp_path / "none.docx")]

    said = capsys.readouterr()
    assert statuses == [0, 1, 2, 2]
    assert "与数据底稿一致" in said.out
    assert "已完成" in said.out
    assert "这不是本系统形成的文书" in said.err


def test_a_failure_in_the_middle_leaves_nothing(year, tmp_path, monkeypatch):
    from duban.publishing import assembly_units

    real = assembly_units.write_paper
    monkeypatch.setattr(
        assembly_units, "write_paper", lambda s, k, w: real(s, k, w) if k != "urging" else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        papers.main(words(year, tmp_path / "out"))

    assert list(tmp_path.iterdir()) == []


def test_kill_9_leaves_no_folder_of_that_name(tmp_path):
    """The place appears with every paper in it or not at all; what a killed run leaves beside it the next run clears."""
    out = tmp_path / "out"
    code = (
        "import sys, pathlib, time; from duban.cli import papers; from types import SimpleNamespace as N\n"
        "import duban.publishing.assembly_units as a\n"
        "a.write_paper = lambda s, k, w: time.sleep(0.2) or b'x'\n"
        f"papers._write(None, tuple(N(path=f'{{i}}.docx', kind='', which='') for i in range(50)), pathlib.Path({str(out)!r}))"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "duban.config.settings", "PYTHONPATH": "src"}
    setup = "import django; django.setup()\n"
    run = subprocess.Popen([sys.executable, "-c", setup + code], env=env)
    deadline = time.monotonic() + 30
    while not any(tmp_path.glob(".out-*/*.docx")) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGKILL)
    run.wait()

    assert not out.exists()
    assert len(list(tmp_path.glob(".out-*"))) == 1
    papers._clear_left_over(out)
    assert list(tmp_path.iterdir()) == []


def test_coverage_prints_three_checks_and_fails_while_something_is_missing(capsys):
    year = small_year("assigned")

    status = coverage.main(["--list", year.list.key])

    said = capsys.readouterr().out
    heads = [line for line in said.splitlines() if not line.startswith(" ")]
    assert status == 1
    assert [line.split("：")[0] for line in heads] == ["层层有人抓", "事事有人管", "件件能落实"]
    assert heads[1] == "事事有人管：3 处齐全"
    assert "第3项　市民政局　" in said
    assert coverage.main(["--list", "nobody"]) == 2
