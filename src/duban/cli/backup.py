"""`duban backup`: one file with everything, made while the site runs."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

from duban.cli.django import with_django
from duban.domain.errors import Conflict, Invalid
from duban.domain.messages import Message
from duban.shared.backups import PARTS, Facts, Kind, Manifest, copy_of_sqlite, pack, part_of


@with_django
def main(argv: list[str]) -> int:
    """Write the backup to FILE, or into the folder FILE under a dated name; print the file's name and what it holds."""
    parser = ArgumentParser(prog="duban backup", description=__doc__)
    parser.add_argument("file", type=Path, help="备份文件（.zip），或存放备份的文件夹")
    words = parser.parse_args(argv)
    from django.utils import timezone

    now = timezone.now()
    file = _named(words.file, now)
    try:
        manifest = _write(file, now)
    except OSError as error:
        told = {"name": str(file), "reason": error.strerror or str(error)}
        raise Conflict(Message("backup.cannot_write", told)) from error
    except sqlite3.DatabaseError as error:
        raise Conflict(Message("backup.database_failed", {"reason": str(error)})) from error
    sys.stdout.write(
        f"已备份：{file}\n"
        f"  {file.stat().st_size / 1e6:.1f} MB，操作日志 {manifest.facts.seq} 条，链首 {manifest.facts.hash[:16]}…\n"
        f"  核对：duban restore {file} --verify-only\n"
    )
    return 0


def _named(file: Path, now: datetime) -> Path:
    from django.utils import timezone

    if file.is_dir():
        return file / f"duban-{timezone.localtime(now):%Y%m%d-%H%M%S}.zip"
    if not file.parent.is_dir():
        raise Invalid(Message("reader.cannot_open", {"name": str(file.parent)}))
    if file.exists():
        raise Conflict(Message("backup.exists", {"name": str(file)}))
    return file


def _write(file: Path, now: datetime) -> Manifest:
    """Copy, hash and pack in a folder beside the file, which goes whatever happens."""
    from django.db import connection
    from django.utils import timezone

    from duban import __version__

    kind = Kind(connection.vendor)
    work = file.with_name(f".{file.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        copy = work / PARTS[kind]
        facts = _copy(kind, copy)
        made_at = timezone.localtime(now).isoformat(timespec="seconds")
        manifest = Manifest(__version__, made_at, kind, facts, part_of(copy))
        pack(file, copy, manifest)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _copy(kind: Kind, target: Path) -> Facts:
    from django.conf import settings

    if kind is Kind.SQLITE:
        return copy_of_sqlite(Path(settings.DATABASES["default"]["NAME"]), target)
    from duban.shared.dumps import Server, dump

    return dump(Server.of(settings.DATABASES["default"]), target)
