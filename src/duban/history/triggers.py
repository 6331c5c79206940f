"""Triggers that make both databases refuse UPDATE and DELETE on append-only tables, and the check that they stand.

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
                for statement in _statements(connection.vendor, table):
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


def _statements(vendor: str, table: str) -> list[str]:
    refusal = f"{table} is append-only"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {_name(table, act)} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            for act in ACTS
        ]
    function = (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE OR REPLACE TRIGGER {_name(table, act)} BEFORE {act} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
        for act in ACTS
    ]
    return [function, *triggers]
