"""Backup and restore on real files, in real processes: what is killed here is killed as a power cut would."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from threading import Event as Bell
from threading import Thread
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile

import psycopg
import pytest

from duban import __version__
from duban.domain.errors import Conflict, Invalid
from duban.shared.backups import (
    Facts,
    Kind,
    Manifest,
    check,
    copy_of_sqlite,
    facts_of_sqlite,
    held,
    pack,
    part_of,
    put_in_place,
)

SAMPLE = Path(__file__).parents[2] / "samples/yunjiang-2026.txt"
URL = os.environ.get("DATABASE_URL", "")
ON_POSTGRESQL = pytest.mark.skipif(
    not URL.startswith("postgres"), reason="set DATABASE_URL to a PostgreSQL server (make test-postgres)"
)
ENTRY = """
import os, signal, sys
from duban.cli import main as entrance
{more}
sys.exit(entrance.main())
"""
HOLD = "import sys, pathlib; from duban.shared.backups import held\nwith held(pathlib.Path(sys.argv[1]), alone=False):\n print(1, flush=True); sys.stdin.read()"
DIE = """
real = os.{call}
def dying(*words, **more):
    {before}
    real(*words, **more)
    os.kill(os.getpid(), signal.SIGKILL)
os.{call} = dying
"""


class Done:
    """What a command said."""

    def __init__(self, done):
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr.strip()


def start(data, *words, more="", url=""):
    environment = {**os.environ, "DUBAN_DATA_DIR": str(data), "DUBAN_SECRET_KEY": "only for tests"}
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-c", ENTRY.format(more=more), *map(str, words)]
    return subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, stdin=-1, text=True)


def duban(data, *words, said="", **more):
    process = start(data, *words, **more)
    out, err = process.communicate(said)
    return Done(subprocess.CompletedProcess((), process.returncode, out, err))


def fill(data, url=""):
    done = duban(data, "migrate", url=url)
    assert done.status == 0, done.err
    done = duban(data, "import", SAMPLE, "--directory", "yunjiang", "--publish", url=url)
    assert done.status == 0, done.err


def change(data, name="jia", url=""):
    words = ("--name", "甲", "--government", "yunjiang", "--role", "supervisor", "--password-stdin")
    done = duban(data, "account", name, *words, said="correct horse battery\n", url=url)
    assert done.status == 0, done.err


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A folder with `old` (the data as it is), `new.zip` (a backup of an earlier moment) and the facts of both."""
    folder = tmp_path_factory.mktemp("filled")
    fill(folder / "old")
    made = duban(folder / "old", "backup", folder / "new.zip")
    assert made.status == 0, made.err
    new = facts_of_sqlite(folder / "old/duban.sqlite3")
    change(folder / "old")
    return folder, facts_of_sqlite(folder / "old/duban.sqlite3"), new


@pytest.fixture
def site(filled, tmp_path):
    """Data of one's own to restore over, the backup, the facts of what is there and of what is in the backup."""
    folder, old, new = filled
    shutil.copytree(folder / "old", tmp_path / "data")
    return tmp_path / "data", folder / "new.zip", old, new


def whole(path) -> Facts:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return facts_of_sqlite(path)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.name not in ("in-use.lock", "static"))


def test_backup_and_restore_bring_back_the_moment_and_keep_what_was_there(site):
    data, backup, old, new = site

    done = duban(data, "restore", backup)

    aside = [path for path in data.iterdir() if "-before-" in path.name]
    assert (done.status, done.err, len(aside)) == (0, "", 1)
    assert (whole(data / "duban.sqlite3"), whole(aside[0])) == (new, old)
    assert new.seq < old.seq
    assert f"操作日志 {new.seq} 条" in done.out
    assert str(aside[0]) in done.out
    assert names(data) == sorted(["duban.sqlite3", aside[0].name])
    assert duban(data, "verify-history").status == 0
    assert duban(data, "lists").out.startswith("yunjiang-2026\t")


def test_restore_on_an_empty_machine_makes_the_database(filled, tmp_path):
    done = duban(tmp_path / "data", "restore", filled[0] / "new.zip")

    assert (done.status, done.err, "原有数据" in done.out) == (0, "", False)
    assert whole(tmp_path / "data/duban.sqlite3") == filled[2]


def test_verify_only_changes_nothing(site):
    data, backup, old, new = site

    done = duban(data, "restore", backup, "--verify-only")

    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"备份完好：操作日志 {new.seq} 条")
    assert (whole(data / "duban.sqlite3"), names(data)) == (old, ["duban.sqlite3"])


def test_manifest_says_version_moment_sizes_and_hashes(filled):
    folder, _, new = filled

    with ZipFile(folder / "new.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        found = archive.namelist()
        archive.extract("duban.sqlite3", folder / "out")

    assert found == ["manifest.json", "duban.sqlite3"]
    assert manifest.pop("made_at").endswith("+08:00")
    assert manifest == {
        "format": 1,
        "version": __version__,
        "database": "sqlite",
        "facts": {"seq": new.seq, "hash": new.hash, "migrations": list(new.migrations)},
        "part": part_of(folder / "out/duban.sqlite3")._asdict(),
    }
    assert (folder / "new.zip").stat().st_mode & 0o777 == 0o600


def test_backup_into_a_folder_takes_a_dated_name_and_never_overwrites(site, tmp_path):
    data = site[0]
    (tmp_path / "backups").mkdir()

    first = duban(data, "backup", tmp_path / "backups")
    (file,) = (tmp_path / "backups").iterdir()
    again = duban(data, "backup", file)
    nowhere = duban(data, "backup", tmp_path / "none" / "x.zip")

    assert (first.status, file.name[:6], file.suffix) == (0, "duban-", ".zip")
    assert (again.status, again.err) == (1, f"文件“{file}”已经存在，请换一个文件名。")
    assert nowhere.status == 2
    assert names(tmp_path / "backups") == [file.name]


def test_backup_of_no_database_is_refused_and_makes_none(tmp_path):
    done = duban(tmp_path / "data", "backup", tmp_path / "x.zip")

    assert (done.status, done.err) == (1, "这里没有本系统的数据库，无法备份或恢复。")
    assert [(tmp_path / "x.zip").exists(), (tmp_path / "data/duban.sqlite3").exists()] == [False, False]


def test_backup_of_a_broken_database_says_so_and_leaves_nothing(site, tmp_path):
    (tmp_path / "out").mkdir()
    (site[0] / "duban.sqlite3").write_bytes(b"not a database" * 1000)

    done = duban(site[0], "backup", tmp_path / "out/x.zip")

    assert (done.status, done.err) == (1, "数据库读写没有成功：file is not a database")
    assert names(tmp_path / "out") == []


def test_copy_is_one_moment_while_others_write(site, tmp_path):
    path = site[0] / "duban.sqlite3"
    stop, turns = Bell(), []
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE pair (a INTEGER, b INTEGER)")
        database.execute("INSERT INTO pair VALUES (0, 0)")
        database.commit()

    def write():
        with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as database:
            while not stop.is_set():
                database.execute("BEGIN IMMEDIATE")
                database.execute("UPDATE pair SET a = a + 1")
                database.execute("UPDATE pair SET b = b + 1")
                database.execute("COMMIT")
                turns.append(1)

    writer = Thread(target=write)
    writer.start()
    pairs = []
    for number in range(5):
        copy_of_sqlite(path, tmp_path / f"{number}.sqlite3")
        with closing(sqlite3.connect(tmp_path / f"{number}.sqlite3")) as database:
            pairs += database.execute("SELECT a, b FROM pair").fetchall()
    stop.set()
    writer.join()

    assert [a == b for a, b in pairs] == [True] * 5
    assert len({a for a, _ in pairs}) > 1
    assert turns


def test_copy_holds_nothing_of_what_was_purged(site, tmp_path):
    path, words = site[0] / "duban.sqlite3", "误传内容" * 3000
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA secure_delete=OFF")
        database.execute("CREATE TABLE misplaced (words TEXT)")
        database.execute("INSERT INTO misplaced VALUES (?)", [words])
        database.commit()
        database.execute("DELETE FROM misplaced")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    copy_of_sqlite(path, tmp_path / "copy")

    bytes_of = "误传内容误传内容".encode()
    assert [bytes_of in file.read_bytes() for file in (path, tmp_path / "copy")] == [True, False]


def test_restore_of_a_half_file_is_refused(site, tmp_path):
    data, backup, old, _ = site
    content, half = backup.read_bytes(), tmp_path / "half.zip"
    found = []
    for size in (0, 10, len(content) // 2, len(content) - 1):
        half.write_bytes(content[:size])
        found.append((duban(data, "restore", half).status, whole(data / "duban.sqlite3") == old))

    missing = duban(data, "restore", tmp_path / "none.zip")
    half.write_bytes(b"x" * 5000)
    said = duban(data, "restore", half).err
    assert found == [(2, True)] * 4
    assert missing.status == 2
    assert said == "“half.zip”不是完整的备份文件，可能没有复制完或已被改动。请换另一份备份。"


def test_no_flipped_byte_of_the_content_goes_unseen(filled, tmp_path):
    content, file = bytearray((filled[0] / "new.zip").read_bytes()), tmp_path / "x.zip"
    known = set(filled[2].migrations)
    file.write_bytes(content)
    sound = check(file, version=__version__, known=known)
    unseen = []
    for place in range(40, len(content), len(content) // 40):
        content[place] ^= 0x10
        file.write_bytes(content)
        try:
            if check(file, version=__version__, known=known) != sound:
                unseen.append(place)
        except (Invalid, Conflict):
            pass
        content[place] ^= 0x10

    assert unseen == []


def rewritten(backup, target, **changes):
    """The backup with other words in its manifest, everything else as it was."""
    with ZipFile(backup) as source, ZipFile(target, "w", ZIP_DEFLATED) as archive:
        body = json.loads(source.read("manifest.json"))
        for name, value in changes.items():
            body[name] = {**body[name], **value} if isinstance(value, dict) else value
        archive.writestr("manifest.json", json.dumps(body))
        archive.writestr("duban.sqlite3", source.read("duban.sqlite3"))
    return target


def test_restore_refuses_what_it_cannot_take(site, tmp_path):
    data, backup, old, new = site
    file = tmp_path / "x.zip"
    newer = f"这份备份由更新的版本（{{}}）生成，本机是 {__version__} 版。请先升级本机，再恢复。"
    table = [
        ({"version": "99.0"}, 1, newer.format("99.0")),
        ({"format": 2}, 1, newer.format(__version__)),
        ({"facts": {"migrations": ["register.9999_later"]}}, 1, newer.format(__version__)),
        ({"facts": {"seq": new.seq + 1}}, 1, "备份中的数据没有通过核验：duban.sqlite3。原有数据未改动，请换另一份备份。"),
        ({"facts": {"hash": "0" * 64}}, 1, "备份中的数据没有通过核验：duban.sqlite3。原有数据未改动，请换另一份备份。"),
        ({"part": {"size": 5}}, 2, "“x.zip”不是完整的备份文件，可能没有复制完或已被改动。请换另一份备份。"),
        ({"part": {"name": "../duban.sqlite3"}}, 2, "“x.zip”不是完整的备份文件，可能没有复制完或已被改动。请换另一份备份。"),
        ({"database": "postgresql", "part": {"name": "duban.dump"}}, 2, "“x.zip”不是完整的备份文件，可能没有复制完或已被改动。请换另一份备份。"),
    ]  # fmt: skip

    found = []
    for changes, _, _ in table:
        done = duban(data, "restore", rewritten(backup, file, **changes))
        found.append((changes, done.status, done.err))

    assert found == table
    assert (whole(data / "duban.sqlite3"), names(data)) == (old, ["duban.sqlite3"])


def test_restore_of_another_kind_of_database_is_refused(site, tmp_path):
    (tmp_path / "duban.dump").write_bytes(b"dump")
    manifest = Manifest(
        __version__, "2026-03-01T08:00:00+08:00", Kind.POSTGRESQL, site[3], part_of(tmp_path / "duban.dump")
    )
    pack(tmp_path / "x.zip", tmp_path / "duban.dump", manifest)

    done = duban(site[0], "restore", tmp_path / "x.zip")

    assert (done.status, done.err) == (1, "这份备份来自 postgresql 数据库，本机使用 sqlite，不能恢复。")


def test_restore_of_a_forged_record_is_refused(site, tmp_path):
    data, backup, old, _ = site
    with ZipFile(backup) as archive:
        archive.extract("duban.sqlite3", tmp_path)
    with closing(sqlite3.connect(tmp_path / "duban.sqlite3")) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE history_event SET actor = '别人' WHERE seq = 2")
        database.commit()
    manifest = check(backup, version=__version__, known=set(old.migrations))
    forged = Manifest(
        manifest.version, manifest.made_at, Kind.SQLITE, manifest.facts, part_of(tmp_path / "duban.sqlite3")
    )
    pack(tmp_path / "x.zip", tmp_path / "duban.sqlite3", forged)

    done = duban(data, "restore", tmp_path / "x.zip")

    assert (done.status, "没有通过核验：第 2 条：登记项与其摘要不符" in done.err) == (1, True)
    assert (whole(data / "duban.sqlite3"), names(data)) == (old, ["duban.sqlite3"])


def test_restore_is_refused_while_the_site_holds_the_folder_and_the_site_while_restoring(site):
    data, backup, old, new = site
    command = [sys.executable, "-c", HOLD, str(data)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(command, env=environment, stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdout.readline() == "1\n"
        refused = duban(data, "restore", backup)
        looked = duban(data, "restore", backup, "--verify-only")
        kept = facts_of_sqlite(data / "duban.sqlite3")
        holder.kill()
    after = duban(data, "restore", backup)

    assert (refused.status, refused.err[:13], kept) == (1, "网站或其他命令正在使用数据", old)
    assert (looked.status, after.status, whole(data / "duban.sqlite3")) == (0, 0, new)
    with held(data, alone=True), pytest.raises(Conflict) as told, held(data, alone=False):
        pass
    assert told.value.message.code == "backup.restoring"


def test_a_running_site_is_not_restored_over(site):
    data, backup, _, _ = site
    server = start(data, "serve", "--port", "0")
    try:
        assert server.stdout.readline()
        done = duban(data, "restore", backup)
    finally:
        server.terminate()
        server.communicate()

    assert (done.status, done.err[:13]) == (1, "网站或其他命令正在使用数据")


def test_restore_is_refused_while_another_command_has_the_database_open(site):
    data, backup, old, _ = site
    with closing(sqlite3.connect(data / "duban.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("BEGIN")
        database.execute("SELECT * FROM history_event").fetchone()

        done = duban(data, "restore", backup)

    assert (done.status, done.err[:13]) == (1, "网站或其他命令正在使用数据")
    assert (whole(data / "duban.sqlite3"), names(data)) == (old, ["duban.sqlite3"])


def die_writing(place, *statements):
    """A writer killed after its commit, before the journal came home; more than the first page lies in the journal."""
    words = "import os, sqlite3, sys; d = sqlite3.connect(sys.argv[1], isolation_level=None)\nfor one in sys.argv[2:]: d.execute(one)\nos.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", words, str(place), *statements], check=False)
    assert Path(f"{place}-wal").stat().st_size > 0


def test_restore_over_a_broken_database_keeps_its_ruins(site):
    data, backup, _, new = site
    place = data / "duban.sqlite3"
    with closing(sqlite3.connect(place)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE late (x)")
    die_writing(place, "INSERT INTO late VALUES (7)")
    with place.open("r+b") as file:
        file.write(b"not a database" * 8)

    done = duban(data, "restore", backup)

    assert (done.status, whole(place)) == (0, new)
    ruins = sorted(path.name[-4:] for path in data.iterdir() if "-before-" in path.name)
    assert ruins == ["-wal", "ite3"]


def test_journal_of_the_old_database_never_meets_the_new_one(site, tmp_path):
    data, _, old, _ = site
    place, new = data / "duban.sqlite3", tmp_path / "new.sqlite3"
    facts = copy_of_sqlite(place, new)
    journal = "PRAGMA journal_mode=WAL"
    die_writing(place, journal, "CREATE TABLE late (x)", "INSERT INTO late VALUES (7)")

    put_in_place(new, place, data / "aside.sqlite3")

    with closing(sqlite3.connect(data / "aside.sqlite3")) as database:
        assert database.execute("SELECT x FROM late").fetchall() == [(7,)]
    assert (whole(place), facts, names(data)) == (old, old, ["aside.sqlite3", "duban.sqlite3"])


@pytest.mark.parametrize(
    ("call", "before", "expected"),
    [("link", True, "old"), ("link", False, "old"), ("replace", True, "old"), ("replace", False, "new")],
)
def test_restore_killed_at_each_step_leaves_old_or_new(site, call, before, expected):
    data, backup, old, new = site
    strike = "os.kill(os.getpid(), signal.SIGKILL)" if before else "pass"

    killed = duban(data, "restore", backup, more=DIE.format(call=call, before=strike))

    assert killed.status == -signal.SIGKILL
    assert whole(data / "duban.sqlite3") == {"old": old, "new": new}[expected]
    assert duban(data, "verify-history").status == 0
    again = duban(data, "restore", backup)
    assert (again.status, whole(data / "duban.sqlite3"), (data / ".restoring").exists()) == (0, new, False)


@pytest.mark.parametrize("seconds", [0.4, 0.9, 1.6, 2.4, 3.2])
def test_restore_killed_at_any_moment_leaves_old_or_new(site, seconds):
    data, backup, old, new = site
    process = start(data, "restore", backup)
    time.sleep(seconds)
    process.kill()
    process.communicate()

    assert whole(data / "duban.sqlite3") in (old, new)
    assert (duban(data, "restore", backup).status, whole(data / "duban.sqlite3")) == (0, new)


@pytest.mark.parametrize("before", [True, False])
def test_backup_killed_at_its_last_step_is_whole_or_not_there(site, tmp_path, before):
    file = tmp_path / "x.zip"
    strike = "os.kill(os.getpid(), signal.SIGKILL)" if before else "pass"

    killed = duban(site[0], "backup", file, more=DIE.format(call="rename", before=strike))

    assert (killed.status, file.exists()) == (-signal.SIGKILL, not before)
    again = duban(site[0], "backup", file)
    assert again.status == (0 if before else 1)
    assert check(file, version=__version__, known=set(site[2].migrations)).facts == site[2]


@pytest.fixture
def database(tmp_path):
    """A PostgreSQL database of one's own, filled: its URL, a connection to the server, its name."""
    name = f"duban_backup_{os.getpid()}"
    url = urlsplit(URL)._replace(path=f"/{name}").geturl()

    def clean():
        like = (f"{name}%",)
        for (found,) in admin.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", like
        ).fetchall():
            admin.execute(f'DROP DATABASE "{found}" WITH (FORCE)')

    with psycopg.connect(URL, autocommit=True) as admin:
        clean()
        admin.execute(f'CREATE DATABASE "{name}"')
        fill(tmp_path / "data", url=url)
        yield url, admin, name
        clean()


def events(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM history_event").fetchone()[0]


def databases(admin, name):
    rows = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{name}%",))
    return sorted(row[0] for row in rows)


@ON_POSTGRESQL
def test_postgresql_comes_back_and_the_old_database_stays(database, tmp_path):
    url, admin, name = database
    data, file, at_backup = tmp_path / "data", tmp_path / "x.zip", events(url)
    made = duban(data, "backup", file, url=url)
    change(data, url=url)

    looked = duban(data, "restore", file, "--verify-only", url=url)
    seen = databases(admin, name)
    with psycopg.connect(url):
        refused = duban(data, "restore", file, url=url)
    before = events(url)
    done = duban(data, "restore", file, url=url)

    assert [made.status, looked.status, refused.status, done.status] == [0, 0, 1, 0], done.err
    assert (seen, refused.err[:13], before > at_backup) == ([name], "网站或其他命令正在使用数据", True)
    kept, aside = databases(admin, name)
    assert (kept, aside.startswith(f"{name}_before_2")) == (name, True)
    old = urlsplit(url)._replace(path=f"/{aside}").geturl()
    assert (events(url), events(old)) == (at_backup, before)
    assert duban(data, "verify-history", url=url).status == 0
    assert names(data) == []


@ON_POSTGRESQL
@pytest.mark.parametrize("seconds", [0.8, 1.8, 3.0, 4.2])
def test_postgresql_restore_killed_at_any_moment_leaves_old_or_new(database, tmp_path, seconds):
    url, _, _ = database
    data, file, new = tmp_path / "data", tmp_path / "x.zip", events(url)
    duban(data, "backup", file, url=url)
    change(data, url=url)
    old = events(url)
    process = start(data, "restore", file, url=url)
    time.sleep(seconds)
    process.kill()
    process.communicate()

    assert events(url) in (old, new)
    assert duban(data, "verify-history", url=url).status == 0
    time.sleep(1)
    again = duban(data, "restore", file, url=url)
    assert (again.status, again.err, events(url)) == (0, "", new)


@ON_POSTGRESQL
def test_postgresql_that_does_not_answer_is_one_sentence(tmp_path):
    url = urlsplit(URL)._replace(netloc="nobody@127.0.0.1:1").geturl()

    done = duban(tmp_path / "data", "backup", tmp_path / "x.zip", url=url)

    assert (done.status, done.err[:10], names(tmp_path)) == (1, "数据库读写没有成功：", [])


@ON_POSTGRESQL
def test_postgresql_without_its_client_says_so(database, tmp_path):
    url, _, _ = database

    done = duban(tmp_path / "data", "backup", tmp_path / "x.zip", url=url, more="os.environ['PATH'] = ''")

    assert (done.status, done.err[:13], (tmp_path / "x.zip").exists()) == (1, "本机没有 pg_dump。", False)
