"""PostgreSQL's side of a backup: pg_dump under a snapshot, a second database beside the first, one renaming."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from duban.domain.errors import Conflict
from duban.domain.messages import Message
from duban.shared.backups import APPLIED, HEAD, Facts

MAINTENANCE: Final = ("postgres", "template1")
NAME: Final = 40  # of the 63 bytes that PostgreSQL gives a name, so that a date fits behind it


@dataclass(frozen=True, slots=True)
class Server:
    """Where a database lies: libpq's words (host, port, user, password, sslmode …) and the name of the database."""

    name: str
    words: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Server:
        """From Django's settings of a database."""
        words = {word: str(settings[word.upper()]) for word in ("host", "port", "user", "password")}
        options = settings.get("OPTIONS", {})
        words |= {key: str(value) for key, value in options.items() if key.startswith("ssl")}
        return cls(settings["NAME"], {word: value for word, value in words.items() if value})

    def connect(self, name: str = "", *, autocommit: bool = False) -> psycopg.Connection:
        """A connection to the database, or to another one of that server. Conflict when it does not let us in."""
        try:
            return psycopg.connect(dbname=name or self.name, autocommit=autocommit, **self.words)  # type: ignore[arg-type]
        except psycopg.OperationalError as error:
            raise Conflict(Message("backup.database_failed", {"reason": str(error).strip()})) from error

    def environment(self) -> dict[str, str]:
        """The same words for libpq's own programs; a password never stands on a command line."""
        return {**os.environ, **{f"PG{word.upper()}": value for word, value in self.words.items()}}


def dump(server: Server, target: Path) -> Facts:
    """One consistent dump while others write; the facts are read under the same snapshot. Conflict when it fails."""
    with server.connect() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        facts = _facts(connection)
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run("pg_dump", [*words, f"--file={target}"], {**server.environment(), "PGDATABASE": server.name})
    return facts


def facts_of(server: Server, name: str) -> Facts:
    """What the database `name` of that server says of itself."""
    with server.connect(name) as connection:
        return _facts(connection)


def _facts(connection: psycopg.Connection) -> Facts:
    try:
        seq, last = connection.execute(HEAD).fetchone() or (0, "")
        return Facts(seq, last, tuple(".".join(row) for row in connection.execute(APPLIED)))
    except psycopg.errors.UndefinedTable as error:
        raise Conflict(Message("backup.no_database")) from error


def staged_name(server: Server) -> str:
    """The name under which a backup is unpacked beside the database."""
    return f"{server.name[:NAME]}_restoring"


def stage(server: Server, dumped: Path) -> None:
    """Unpack a dump into `staged_name`; one left by an interrupted restore is removed first."""
    name = staged_name(server)
    drop_staged(server)
    with _maintenance(server) as admin:
        row = admin.execute(
            "SELECT datcollate, datctype FROM pg_database WHERE datname = %s", [server.name]
        ).fetchone()
        collate, ctype = row or ("C.UTF-8", "C.UTF-8")
        make = SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}")
        try:
            admin.execute(make.format(Identifier(name), Literal(collate), Literal(ctype)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise Conflict(Message("backup.no_right", {"user": server.words.get("user", "")})) from error
    words = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", [*words, f"--dbname={name}", str(dumped)], server.environment())


def drop_staged(server: Server) -> None:
    """Remove what `stage` made, if it is there."""
    with _maintenance(server) as admin:
        admin.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(staged_name(server))))


def put_staged_in_place(server: Server, aside: str) -> None:
    """Rename the old database to `aside` and the staged one to its name, in one transaction.

    Conflict when the old one is in use.
    """
    rename = SQL("ALTER DATABASE {} RENAME TO {}")
    with _maintenance(server) as admin, admin.transaction():
        try:
            admin.execute(rename.format(Identifier(server.name), Identifier(aside)))
        except psycopg.errors.ObjectInUse as error:
            raise Conflict(Message("backup.in_use")) from error
        admin.execute(rename.format(Identifier(staged_name(server)), Identifier(server.name)))


def _maintenance(server: Server) -> psycopg.Connection:
    """A connection to a database of the server that is neither the old nor the new one."""
    try:
        return server.connect(MAINTENANCE[0], autocommit=True)
    except Conflict:
        return server.connect(MAINTENANCE[1], autocommit=True)


def _run(tool: str, words: Sequence[str], environment: Mapping[str, str]) -> None:
    program = shutil.which(tool)
    if program is None:
        raise Conflict(Message("backup.no_tool", {"tool": tool}))
    done = subprocess.run(  # noqa: S603 (a fixed program, words of ours)
        [program, *words], env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [""])[-1]
        raise Conflict(Message("backup.tool_failed", {"tool": tool, "reason": reason}))
