"""Triggers that make both databases refuse UPDATE and DELETE on append-only tables, and the check that they stand.

One update passes: that of a column which the model names as `purgeable`, from the text whose hash a purge has written
down to the one whose hash stands beside it (history.PurgedText). Nothing else in the row may change with it.

They are laid after every migrate rather than in a migration, because SQLite remakes a table on many schema changes
and silently drops its triggers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

ACTS = ("UPDATE", "DELETE")


def append_only_models() -> list[type[Model]]:
    """Every model that declares `append_only = True`."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def lay_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make sure that every append-only table has its triggers; safe to repeat."""
    connection = connections[using]
    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in append_only_models():
            table = model._meta.db_table  # noqa: SLF001 (Django's documented model metadata)
            if table in present:
                for statement in _statements(connection.vendor, model):
                    cursor.execute(statement)


def lift_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the triggers away; only the purge of a whole test database has a use for it."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for model in append_only_models():
            table = model._meta.db_table  # noqa: SLF001 (Django's documented model metadata)
            for act in ACTS:
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, act)}{on}")


def standing_triggers(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of the triggers that the database really has."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def check_triggers(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """System check (database): an append-only table without its triggers is an error."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        present, standing = set(connection.introspection.table_names()), standing_triggers(connection)
        for model in append_only_models():
            table = model._meta.db_table  # noqa: SLF001 (Django's documented model metadata)
            missing = [act for act in ACTS if _name(table, act) not in standing]
            if table in present and missing:
                found.append(
                    Error(
                        f"Table {table} is append-only but lets {' and '.join(missing)} through.",
                        hint="Run `duban migrate`: it lays the triggers again.",
                        id="history.E001",
                    )
                )
    return found


def _name(table: str, act: str) -> str:
    return f"{table}_no_{act.lower()}"


def _statements(vendor: str, model: type[Model]) -> list[str]:
    table = model._meta.db_table  # noqa: SLF001 (Django's documented model metadata)
    refusal = f"{table} is append-only"
    if vendor == "sqlite":
        unless = f"WHEN NOT ({_purged(vendor, model)}) " if _purgeable(model) else ""
        raised = f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        names = {act: _name(table, act) for act in ACTS}
        return [
            *(f"DROP TRIGGER IF EXISTS {name}" for name in names.values()),
            f"CREATE TRIGGER {names['UPDATE']} BEFORE UPDATE ON {table} {unless}{raised}",
            f"CREATE TRIGGER {names['DELETE']} BEFORE DELETE ON {table} {raised}",
        ]
    passes = f"IF TG_OP = 'UPDATE' THEN IF {_purged(vendor, model)} THEN RETURN NEW; END IF; END IF;"
    function = (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {passes if _purgeable(model) else ''} "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE OR REPLACE TRIGGER {_name(table, act)} BEFORE {act} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        for act in ACTS
    ]
    return [function, *triggers]


def _purgeable(model: type[Model]) -> tuple[str, ...]:
    return getattr(model, "purgeable", ())


def _purged(vendor: str, model: type[Model]) -> str:
    """The condition under which an update is the replacement of texts by a purge, and nothing besides."""
    same = "IS" if vendor == "sqlite" else "IS NOT DISTINCT FROM"
    meta = model._meta  # noqa: SLF001 (Django's documented model metadata)
    parts = []
    for field in meta.concrete_fields:
        column = f'"{field.column}"'
        unchanged = f"NEW.{column} {same} OLD.{column}"
        if field.name not in _purgeable(model):
            parts.append(unchanged)
            continue
        text = f"NEW.{column}" if vendor == "sqlite" else f"NEW.{column}::text"
        noted = (
            f"p.relation = '{meta.db_table}' AND p.key = OLD.\"{meta.pk.column}\" "
            f"AND p.attribute = '{field.name}' AND p.after = {_hashed(vendor, text)}"
        )
        parts.append(f"({unchanged} OR EXISTS (SELECT 1 FROM history_purgedtext p WHERE {noted}))")  # noqa: S608 (names of ours)
    return " AND ".join(parts)


def _hashed(vendor: str, text: str) -> str:
    """SHA-256 in hex; on SQLite it is a function that Django gives its own connections, others are refused."""
    return f"SHA256({text})" if vendor == "sqlite" else f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"
