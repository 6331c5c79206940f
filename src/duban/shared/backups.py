"""A backup is one .zip: a manifest and one copy of the database; here it is written, checked and put in place.

Nothing here knows a model. Times in a manifest are ISO 8601 with zone, sizes are bytes, hashes are SHA-256 in hex.
PostgreSQL's side is `duban.shared.dumps`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from duban.domain.errors import Conflict, Invalid
from duban.domain.messages import Message

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
IN_USE: Final = "in-use.lock"
CHUNK: Final = 1 << 20
HEAD: Final = "SELECT seq, hash FROM history_event ORDER BY seq DESC LIMIT 1"
APPLIED: Final = "SELECT app, name FROM django_migrations ORDER BY app, name"
BROKEN: Final = (
    BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    KeyError, TypeError, ValueError,
)  # fmt: skip


class Kind(StrEnum):
    """The databases; the values are Django's vendor names."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


PARTS: Final = {Kind.SQLITE: "duban.sqlite3", Kind.POSTGRESQL: "duban.dump"}


class Facts(NamedTuple):
    """What a database says of itself: number and hash of the last event (0 and "" for none), its migrations."""

    seq: int
    hash: str
    migrations: tuple[str, ...]


class Part(NamedTuple):
    """A file of the archive."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup, written by `version` of the program at `made_at`."""

    version: str
    made_at: str
    database: Kind
    facts: Facts
    part: Part


@contextmanager
def held(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the data folder while the block runs: the site shares it, a restore has it alone. Conflict when it cannot.

    The kernel lets go of it when the process and its children are gone, however they ended.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / IN_USE, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Conflict(Message("backup.in_use" if alone else "backup.restoring")) from error
    try:
        yield
    finally:
        os.close(descriptor)


def copy_of_sqlite(source: Path, target: Path) -> Facts:
    """A consistent copy while others write, without the pages of what was deleted or purged. Conflict when there is none."""
    if not source.exists():
        raise Conflict(Message("backup.no_database"))
    with (
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as live,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.execute("VACUUM")
    return facts_of_sqlite(target)


def facts_of_sqlite(path: Path) -> Facts:
    """Read from the file. Conflict when it is no database of ours."""
    try:
        with closing(sqlite3.connect(path)) as database:
            seq, last = database.execute(HEAD).fetchone() or (0, "")
            return Facts(seq, last, tuple(".".join(row) for row in database.execute(APPLIED)))
    except sqlite3.DatabaseError as error:
        raise Conflict(Message("backup.no_database")) from error


def part_of(path: Path) -> Part:
    """Name, size and hash of a file."""
    with path.open("rb") as file:
        return Part(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def pack(file: Path, copy: Path, manifest: Manifest) -> None:
    """Write the archive beside `copy`, read it back, and give it its name: a file of that name is whole or not there."""
    written = copy.parent / "written.zip"
    descriptor = os.open(written, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w+b") as stream:
        with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr(MANIFEST, _json(manifest))
            archive.write(copy, manifest.part.name)
        stream.flush()
        os.fsync(stream.fileno())
    with _archive(written) as archive:
        _read(archive, manifest.part, None)
    if file.exists():
        raise Conflict(Message("backup.exists", {"name": str(file)}))
    written.rename(file)
    _settle(file.parent)


def _json(manifest: Manifest) -> str:
    facts, part = manifest.facts, manifest.part
    body = {**asdict(manifest), "facts": facts._asdict(), "part": part._asdict(), "format": FORMAT}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def check(file: Path, *, version: str, known: Collection[str]) -> Manifest:
    """The manifest of a whole backup that this version can take; every hash is recomputed.

    Invalid when the file is missing, half or altered. Conflict when a newer version wrote it: a higher version
    number, or a migration that is not among `known` ("app.name").
    """
    with _archive(file) as archive:
        manifest = _manifest(json.loads(archive.read(MANIFEST)), here=version)
        if sorted(archive.namelist()) != sorted((MANIFEST, manifest.part.name)):
            raise ValueError(archive.namelist())
        _read(archive, manifest.part, None)
    if _numbers(manifest.version) > _numbers(version) or not set(manifest.facts.migrations) <= set(known):
        raise Conflict(Message("backup.newer", {"made": manifest.version, "here": version}))
    return manifest


def unpack(file: Path, manifest: Manifest, folder: Path) -> Path:
    """The copy of the database, written out into `folder`; its hash is checked again on the way."""
    target = folder / manifest.part.name
    with _archive(file) as archive, target.open("xb") as out:
        _read(archive, manifest.part, out)
    return target


@contextmanager
def _archive(file: Path) -> Iterator[ZipFile]:
    """The file as an archive; whatever is wrong with its bytes is one Invalid."""
    try:
        stream = file.open("rb")
    except OSError as error:
        raise Invalid(Message("reader.cannot_open", {"name": str(file)})) from error
    with stream:
        try:
            with ZipFile(stream) as archive:
                yield archive
        except BROKEN as error:
            raise Invalid(Message("backup.damaged", {"name": file.name})) from error


def _manifest(body: dict[str, Any], *, here: str) -> Manifest:
    if int(body["format"]) > FORMAT:
        raise Conflict(Message("backup.newer", {"made": str(body["version"]), "here": here}))
    facts, kind = body["facts"], Kind(body["database"])
    part = Part(**body["part"])
    if part.name != PARTS[kind]:
        raise ValueError(part.name)
    _numbers(body["version"])
    made = Facts(int(facts["seq"]), str(facts["hash"]), tuple(map(str, facts["migrations"])))
    return Manifest(body["version"], str(body["made_at"]), kind, made, part)


def _numbers(version: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d+(\.\d+)*", version):
        raise ValueError(version)
    return tuple(map(int, version.split(".")))


def _read(archive: ZipFile, part: Part, out: IO[bytes] | None) -> None:
    """Read a part to its end, at most as many bytes as it says it has."""
    digest, size = hashlib.sha256(), 0
    with archive.open(part.name) as source:
        while (chunk := source.read(CHUNK)) and size <= part.size:
            digest.update(chunk)
            size += len(chunk)
            if out:
                out.write(chunk)
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise ValueError(part.name)
    if out:
        out.flush()
        os.fsync(out.fileno())


def put_in_place(new: Path, place: Path, aside: Path) -> bool:
    """Make `new` the database at `place` in one step, what was there staying at `aside`; False when nothing was there.

    Both lie in one file system and nobody holds the data folder. Killed at any point it leaves the old database or
    the new one at `place`, never one with the other's journal. Conflict when somebody else has the old one open.
    """
    _single_file(new)
    there = place.exists()
    like = (place if there else place.parent).stat()
    new.chmod(like.st_mode & 0o777 if there else 0o600)
    if os.geteuid() == 0:
        os.chown(new, like.st_uid, like.st_gid)
    with new.open("rb") as file:
        os.fsync(file.fileno())
    if there:
        _rest(place, aside)
        _link(place, aside)
    new.replace(place)
    _settle(place.parent)
    return there


def _single_file(path: Path) -> None:
    """Bring a database's journal home into its one file."""
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (mode,) = database.execute("PRAGMA journal_mode=DELETE").fetchone()
        if mode != "delete":
            raise Conflict(Message("backup.in_use"))


def _rest(place: Path, aside: Path) -> None:
    """Bring the old database to rest; one that no longer opens keeps its journals at `aside`, as they were."""
    journals = [ending for ending in ("-wal", "-journal") if Path(f"{place}{ending}").exists()]
    for ending in journals:
        shutil.copy2(f"{place}{ending}", f"{aside}{ending}")
    try:
        _single_file(place)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            for ending in ("-wal", "-shm", "-journal"):
                Path(f"{place}{ending}").unlink(missing_ok=True)
            return
        _forget(aside, journals)
        raise Conflict(Message("backup.in_use")) from error
    _forget(aside, journals)


def _forget(aside: Path, journals: Sequence[str]) -> None:
    for ending in journals:
        Path(f"{aside}{ending}").unlink()


def _link(place: Path, aside: Path) -> None:
    try:
        os.link(place, aside)
    except PermissionError:
        shutil.copy2(place, aside)  # a file system without hard links


def _settle(folder: Path) -> None:
    """Make a rename outlast a power cut, where the file system knows how."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
