"""The one gate against classified matter: no statement that writes carries a text with a mark of classification.

It stands between Django and the database, so that it holds for every operation of every app, also for those that record
no event or store more than their event says. The refusal is raised inside the operation's transaction and rolls all of
it back. What is read out of a file is checked where files are taken in (documents.operations).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from duban.domain.secrecy import SIGNS, refuse_marked

WRITES: Final = ("INSERT", "UPDATE")
ESCAPED: Final = "\\u5b"  # how JSON without our letters writes 密 and 宻

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def refuse_marked_writes(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001 (Django's signature)
    """Django's execute wrapper: Invalid (secrecy.…) when a value to be written bears a mark."""
    if params and sql.startswith(WRITES):
        refuse_marked(*_texts(params))
    return execute(sql, params, many, context)


def stand_guard(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Called for every new connection: the gate stands in it, once."""
    if refuse_marked_writes not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, refuse_marked_writes)


def _texts(value: Any) -> Iterator[str]:
    """Every text in the parameters of a statement that might hold a mark; JSON gives the texts inside it."""
    if isinstance(value, str):
        if any(sign in value for sign in SIGNS) or ESCAPED in value:
            yield from _inside(value)
    elif isinstance(value, Mapping):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif (document := getattr(value, "obj", None)) is not None:  # psycopg's Json and Jsonb
        yield from _texts(document)


def _inside(text: str) -> Iterator[str]:
    if text[:1] in ("{", "["):
        try:
            yield from _texts(json.loads(text))
        except ValueError:
            yield text
        return
    yield text
