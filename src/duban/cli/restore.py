"""`duban restore`: check a backup, unpack it beside the data, verify it there, then put it in place in one step."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from duban.cli.django import with_django
from duban.domain.errors import Conflict
from duban.domain.messages import Message
from duban.shared.backups import (
    Kind,
    Manifest,
    check,
    facts_of_sqlite,
    held,
    put_in_place,
    unpack,
)

if TYPE_CHECKING:
    from duban.shared.dumps import Server


@with_django
def main(argv: list[str]) -> int:
    """Restore FILE; what was there stays under a dated name. --verify-only changes nothing. The site must be stopped."""
    parser = ArgumentParser(prog="duban restore", description=__doc__)
    parser.add_argument("file", type=Path, help="duban backup 写出的文件")
    parser.add_argument("--verify-only", action="store_true", help="只核对备份，不改动数据")
    words = parser.parse_args(argv)
    from django.conf import settings
    from django.utils import timezone

    manifest = _checked(words.file)
    holding = nullcontext() if words.verify_only else held(settings.DATA_DIR, alone=True)
    restore = _sqlite if manifest.database is Kind.SQLITE else _postgresql
    try:
        with holding:
            kept = restore(words.file, manifest, None if words.verify_only else timezone.localtime())
    except OSError as error:
        told = {"name": str(settings.DATA_DIR), "reason": error.strerror or str(error)}
        raise Conflict(Message("backup.cannot_write", told)) from error
    except sqlite3.DatabaseError as error:
        raise Conflict(Message("backup.database_failed", {"reason": str(error)})) from error
    facts = manifest.facts
    said = (
        f"操作日志 {facts.seq} 条，链首 {facts.hash[:16]}…，{manifest.made_at} 由 {manifest.version} 版备份"
    )
    if words.verify_only:
        sys.stdout.write(f"备份完好：{said}\n")
        return 0
    sys.stdout.write(f"已恢复：{said}\n")
    if kept:
        sys.stdout.write(f"  原有数据保留在：{kept}\n")
    return 0


def _checked(file: Path) -> Manifest:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from duban import __version__

    disk = MigrationLoader(None).disk_migrations
    manifest = check(file, version=__version__, known={".".join(key) for key in disk})
    if manifest.database != connection.vendor:
        kinds = {"made": manifest.database.value, "here": connection.vendor}
        raise Conflict(Message("backup.other_kind", kinds))
    return manifest


@contextmanager
def _room(folder: Path, *, alone: bool) -> Iterator[Path]:
    """An empty folder beside the data; what a killed restore left there is removed by the next one."""
    room = folder / (".restoring" if alone else f".verifying-{os.getpid()}")
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(mode=0o700, parents=True)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _sqlite(file: Path, manifest: Manifest, moment: datetime | None) -> str:
    """Put in place at `moment`, or only verified when there is none; the name under which the old data is kept."""
    from django.conf import settings

    place = Path(settings.DATABASES["default"]["NAME"])
    with _room(place.parent, alone=moment is not None) as room:
        new = unpack(file, manifest, room)
        if facts_of_sqlite(new) != manifest.facts:
            raise Conflict(Message("backup.unsound", {"reason": new.name}))
        _verify({"DUBAN_DATA_DIR": str(room), "DATABASE_URL": ""})
        if moment is None:
            return ""
        aside = place.with_name(f"{place.stem}-before-{moment:%Y%m%d-%H%M%S}{place.suffix}")
        return str(aside) if put_in_place(new, place, aside) else ""


def _postgresql(file: Path, manifest: Manifest, moment: datetime | None) -> str:
    from django.conf import settings
    from django.db import connection

    from duban.shared import dumps

    connection.close()
    server = dumps.Server.of(settings.DATABASES["default"])
    with _room(settings.DATA_DIR, alone=moment is not None) as room:
        try:
            dumps.stage(server, unpack(file, manifest, room))
            if dumps.facts_of(server, dumps.staged_name(server)) != manifest.facts:
                raise Conflict(Message("backup.unsound", {"reason": server.name}))
            _verify({"DUBAN_DATA_DIR": str(room), "DATABASE_URL": _staged_url(server)})
            if moment is None:
                return ""
            aside = f"{server.name[: dumps.NAME]}_before_{moment:%Y%m%d_%H%M%S}"
            dumps.put_staged_in_place(server, aside)
            return aside
        finally:
            dumps.drop_staged(server)


def _staged_url(server: Server) -> str:
    from duban.shared.dumps import staged_name

    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(staged_name(server))}").geturl()


def _verify(there: dict[str, str]) -> None:
    """Bring the unpacked copy to this version and walk its whole record, in processes that see nothing else."""
    from django.conf import settings

    environment = {**os.environ, "DUBAN_SECRET_KEY": settings.SECRET_KEY, **there}
    environment = {name: value for name, value in environment.items() if value}
    for command in ("migrate", "verify-history"):
        done = subprocess.run(  # noqa: S603 (this program itself)
            [sys.executable, "-m", "duban.cli.main", command],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or [command])[-1]
            raise Conflict(Message("backup.unsound", {"reason": reason}))
