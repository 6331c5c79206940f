from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from tests.building_year import small_year

from duban.cli import main as entrance
from duban.directory.models import Appointment, Person, Unit, User
from duban.documents.models import Draft, SourceDocument
from duban.history.models import Event, Payload
from duban.history.triggers import lift_triggers
from duban.progress.models import Obligation, Period
from duban.register.models import Task, TaskList

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[2] / "samples/yunjiang-2026.txt"
CITY = ("--directory", "yunjiang")
STORED = (Unit, SourceDocument, Payload, TaskList, Task, Event)


def duban(*words: object) -> int:
    return entrance.main([str(word) for word in words])


@pytest.fixture(autouse=True)
def _database_is_there(monkeypatch, settings, tmp_path):
    """The commands look for the embedded database's file; the test database of SQLite lives in memory."""
    if connection.vendor == "sqlite":
        there = tmp_path / "there.sqlite3"
        there.touch()
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(there))


def counts() -> list[int]:
    return [model.objects.count() for model in STORED]


def test_import_dry_run_stores_nothing(capsys):
    status = duban("import", SAMPLE, *CITY, "--dry-run")

    assert (status, counts()) == (0, [0] * len(STORED))
    assert "识别任务" in capsys.readouterr().out


def test_import_without_publish_opens_a_draft_to_check_once(capsys):
    status = duban("import", SAMPLE, *CITY)

    again = duban("import", SAMPLE, *CITY)

    draft = Draft.objects.get()
    assert (status, again, SourceDocument.objects.count(), TaskList.objects.count()) == (0, 0, 1, 0)
    assert (draft.state, draft.opened_by) == ("open", "命令行")
    assert f"已存入待核对草稿，疑点 {draft.open_doubts} 处待核对" in capsys.readouterr().out


def test_import_of_a_second_list_of_a_like_title_is_asked_for(capsys, tmp_path):
    file = tmp_path / "又一份.txt"
    text = SAMPLE.read_text(encoding="utf-8")
    file.write_text(text.replace("云政发〔2026〕3号", "云政发〔2026〕4号"), encoding="utf-8")
    duban("import", SAMPLE, *CITY, "--publish")

    status = duban("import", file, *CITY, "--publish")
    again = duban("import", file, *CITY, "--publish", "--again")

    assert (status, again, TaskList.objects.count()) == (1, 0, 2)
    assert "本年度（2026年）已有清单《2026年市政府工作报告重点任务清单》" in capsys.readouterr().err


def test_import_publish_twice_publishes_once(capsys):
    first = duban("import", SAMPLE, *CITY, "--publish")
    before, said = counts(), capsys.readouterr().out

    second = duban("import", SAMPLE, *CITY, "--publish")

    assert (first, second, counts()) == (0, 0, before)
    assert "已发布：yunjiang-2026《" in said
    assert "此前已发布，未作改动：yunjiang-2026《" in capsys.readouterr().out
    duban("lists", "--format", "json")
    (row,) = json.loads(capsys.readouterr().out)
    expected = json.loads(SAMPLE.with_name("yunjiang-2026.expected.json").read_text(encoding="utf-8"))
    assert row == {
        "key": "yunjiang-2026",
        "title": TaskList.objects.get().title,
        "tasks": len(expected["tasks"]),
    }


def test_import_of_blocking_doubts_is_refused_with_its_reasons(capsys, tmp_path):
    file = tmp_path / "坏.txt"
    file.write_text(SAMPLE.read_text(encoding="utf-8").replace("市统计局", "市没有这个局"), encoding="utf-8")

    status = duban("import", file, *CITY, "--publish")

    said = capsys.readouterr().err
    assert (status, TaskList.objects.count()) == (1, 0)
    assert ("名录中没有“市没有这个局”。" in said, "暂不能发布。" in said) == (True, True)


def test_import_of_a_changed_text_under_a_known_number_is_refused(capsys, tmp_path):
    file = tmp_path / "改.txt"
    file.write_text(SAMPLE.read_text(encoding="utf-8").replace("6.5%", "6.6%"), encoding="utf-8")
    duban("import", SAMPLE, *CITY, "--publish")

    status = duban("import", file, *CITY, "--publish")

    assert (status, TaskList.objects.count()) == (1, 1)
    assert "云政发〔2026〕3号 已经发布过" in capsys.readouterr().err


def test_import_of_an_unusable_directory_exits_two(capsys, tmp_path):
    broken = tmp_path / "x.toml"
    broken.write_text("[government", encoding="utf-8")

    found = [duban("import", SAMPLE, "--directory", name) for name in ("atlantis", "absent.toml", broken)]

    said = capsys.readouterr().err.splitlines()
    assert found == [2, 2, 2]
    assert [
        "没有名为“atlantis”的单位名录" in said[0],
        "absent.toml" in said[1],
        "不是有效的 TOML" in said[2],
    ] == [True] * 3
    assert counts() == [0] * len(STORED)


def test_lists_of_an_empty_register_is_an_empty_list(capsys):
    assert duban("lists", "--format", "json") == 0
    assert capsys.readouterr().out == "[]\n"


def test_verify_history_says_sound_or_what_is_wrong(capsys):
    duban("import", SAMPLE, *CITY, "--publish")
    capsys.readouterr()
    sound = duban("verify-history")
    first = capsys.readouterr()
    lift_triggers()
    Event.objects.filter(seq=2).update(actor="x")

    forged = duban("verify-history")

    second = capsys.readouterr()
    assert (sound, first.err, first.out.startswith("操作日志完好：")) == (0, "", True)
    assert (forged, second.out.startswith("操作日志有问题：")) == (1, True)
    assert second.err.splitlines()[0] == "第 2 条：登记项与其摘要不符"


def test_verify_history_names_each_projection_with_its_rows_and_whether_it_equals_its_rebuild(capsys):
    small_year("sent")
    sound = duban("verify-history")
    first = capsys.readouterr().out.splitlines()[1:]
    Obligation.objects.filter(state="sent").update(current=None)

    broken = duban("verify-history")

    second = capsys.readouterr().out.splitlines()[1:]
    assert (sound, broken) == (0, 1)
    assert first == [
        "  任务的现行文本（Task.current）：3 行，与重建一致",
        "  应报事项的现行报告（Obligation.current）：3 行，与重建一致",
        "  任务的现行研判和核定（Standing）：0 行，与重建一致",
    ]
    assert second == [first[0], first[1].replace("与重建一致", "与重建不一致"), first[2]]


def test_entrance_knows_its_commands(capsys):
    from duban import __version__

    found = [duban(), duban("--help"), duban("--version"), duban("nonsense")]

    said = capsys.readouterr()
    assert found == [0, 0, 0, 2]
    assert f"duban {__version__}\n" in said.out
    assert said.err == "没有“nonsense”这个命令，可用的命令见 duban --help。\n"


def test_unusable_files_exit_two_with_one_sentence(capsys, tmp_path):
    empty = tmp_path / "空.txt"
    empty.touch()

    found = [duban("import", file, *CITY, "--dry-run") for file in (tmp_path / "没有.txt", empty)]

    said = capsys.readouterr().err.splitlines()
    assert found == [2, 2]
    assert ["不存在或无法打开" in said[0], said[1]] == [True, "文件中没有文字，没有可导入的内容。"]


def test_account_opens_a_seat_and_refuses_with_its_sentence(capsys, monkeypatch):
    duban("import", SAMPLE, *CITY)
    words = [
        "account",
        "jia",
        "--name",
        "甲",
        "--government",
        "yunjiang",
        "--role",
        "liaison",
        "--password-stdin",
    ]
    found = []
    for unit, password in (
        ("市教育局", "correct horse battery"),
        ("没有局", "x"),
        ("市教育局", "correct horse battery"),
    ):
        monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
        found.append(duban(*words, "--unit", unit))

    said = capsys.readouterr()
    assert found == [0, 2, 0]
    assert said.out.splitlines()[-2:] == [
        "已开通：jia（市教育局 联络员）",
        "已有账号，岗位已登记：jia（市教育局 联络员）",
    ]
    assert said.err.splitlines() == ["名录中没有“没有局”。"]


def test_a_known_user_name_gets_a_second_post_only_under_its_own_name(capsys, monkeypatch):
    duban("import", SAMPLE, *CITY)
    city = ["--government", "yunjiang", "--role", "liaison"]
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
    duban("account", "jia", "--name", "甲某某", *city, "--unit", "市教育局", "--password-stdin")

    found = [
        duban("account", "jia", "--name", name, *city, "--unit", "市民政局") for name in ("乙某某", "甲某某")
    ]

    posts = Appointment.objects.filter(person__account__username="jia").order_by("pk")
    assert found == [2, 0]
    assert list(posts.values_list("post__unit__name", flat=True)) == ["市教育局", "市民政局"]
    assert Person.objects.filter(name="甲某某").count() == 1
    assert "用户名“jia”已被使用。" in capsys.readouterr().err


def test_without_a_terminal_a_password_is_asked_for_in_a_sentence_and_help_names_reset(capsys, monkeypatch):
    duban("import", SAMPLE, *CITY)
    monkeypatch.setattr("sys.stdin", StringIO(""))
    city = ["--name", "甲某某", "--government", "yunjiang", "--role", "liaison"]

    status = duban("account", "jia", *city)

    assert (status, User.objects.count()) == (2, 0)
    assert "--password-stdin" in capsys.readouterr().err
    for words, told in (
        (["account", "--help"], "--reset"),
        (["account", "jia"], "--name、--government、--role"),
    ):
        with pytest.raises(SystemExit):
            duban(*words)
        said = capsys.readouterr()
        assert told in said.out + said.err


def test_purge_takes_two_of_the_office_and_leaves_hashes(capsys, monkeypatch):
    duban("import", SAMPLE, *CITY, "--publish")
    for name, role, unit in (
        ("jia", "supervisor", ()),
        ("yi", "security_admin", ()),
        ("bing", "liaison", ("--unit", "市教育局")),
    ):
        monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
        duban(
            "account",
            name,
            "--name",
            name,
            "--government",
            "yunjiang",
            "--role",
            role,
            "--password-stdin",
            *unit,
        )
    document = SourceDocument.objects.get()
    found = []
    for name, password in (
        ("bing", "correct horse battery"),
        ("jia", "wrong"),
        ("jia", "correct horse battery"),
        ("jia", "correct horse battery"),
        ("yi", "correct horse battery"),
    ):
        monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
        found.append(duban("purge", document.file_id, "--as", name, "--reason", "误传", "--password-stdin"))

    said = capsys.readouterr()
    assert found == [1, 1, 0, 1, 0]
    assert said.err.splitlines() == [
        "只有督查室和安全管理员可以提出或确认处置。",
        "用户名或密码不正确。",
        "处置须由另一人确认，提出人不能自己确认。",
    ]
    assert Payload.objects.exclude(content=None).count() == 0
    assert set(Task.objects.values_list("current__text", flat=True)) == {"（已处置）"}
    assert duban("verify-history") == 0


def test_demo_may_be_repeated(capsys):
    first = duban("demo", SAMPLE, "--port", "8123", "--until", "2026-03-01")
    before = counts()
    second = duban("demo", SAMPLE, "--port", "8123", "--until", "2026-03-01")

    assert (first, second, counts()) == (0, 0, before)
    assert capsys.readouterr().out.count("http://127.0.0.1:8123/l/yunjiang-2026/t/1/") == 2


def test_patrol_judges_the_issued_lists_and_writes_nothing_new_the_second_time(capsys):
    from tests.building_year import small_year

    from duban.supervision.models import Verdict

    small_year("reviewed")

    statuses = [
        duban("patrol"),
        duban("patrol", "--list", "yunjiang-2026"),
        duban("patrol", "--list", "none"),
    ]

    said = capsys.readouterr().out.splitlines()
    assert statuses == [0, 0, 2]
    assert said == [
        "yunjiang-2026：一季度已过截止日，停止接收",
        "yunjiang-2026：3 项任务的状态有变化，0 项的说明有更新",
        "yunjiang-2026：0 项任务的状态有变化，0 项的说明有更新",
    ]
    assert Verdict.objects.count() == 3


def test_patrol_closes_a_period_after_its_last_day(capsys):
    year = small_year("reviewed")
    year.period.lock_on = timezone.localdate()
    year.period.save()
    duban("patrol")
    still = Period.objects.get().state
    Period.objects.update(lock_on=timezone.localdate() - timedelta(days=1))

    duban("patrol")
    duban("patrol")

    assert (still, Period.objects.get().state) == ("open", "closed")
    assert capsys.readouterr().out.count("yunjiang-2026：一季度已过截止日，停止接收") == 1


def test_import_of_a_marked_file_stores_nothing(capsys, tmp_path):
    file = tmp_path / "清单.txt"
    file.write_text("机密★1年\n" + Path(SAMPLE).read_text(encoding="utf-8"), encoding="utf-8")

    found = duban("import", str(file), *CITY, "--publish")

    assert found == 2
    assert "疑似密级标志“机密★1年”" in capsys.readouterr().err
    assert (SourceDocument.objects.count(), Payload.objects.count()) == (0, 0)


def test_purge_of_a_row_by_its_address_says_when_there_is_none(capsys, monkeypatch):
    duban("import", SAMPLE, *CITY)
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))
    duban(
        "account",
        "jia",
        "--name",
        "甲",
        "--government",
        "yunjiang",
        "--role",
        "supervisor",
        "--password-stdin",
    )
    monkeypatch.setattr("sys.stdin", StringIO("correct horse battery\n"))

    found = duban("purge", "report:9", "--as", "jia", "--reason", "误传", "--password-stdin")

    assert (found, capsys.readouterr().err.splitlines()) == (2, ["没有这条记录：report:9。"])
