"""Queries compiled once a process (decision 0011): to build a query with the ORM costs a page more than to run it.

    @compiled
    def _told(tasks: Sequence[int], before: str) -> QuerySet[Report, tuple[int, str]]:
        return Report.objects.filter(task__in=tasks, period__lt=before).values_list("task_id", "text")

    rows = _told(tasks=[1, 2], before="2026-09")

The function is called once for each kind of arguments, with a stand-in for each value, and what Django makes of it is kept;
every call after that only fills in the values. What is asked stays an ordinary query, its scope included. Of an Acting the
government and the units it answers for are values, its role makes a query of its own; so does a True or False, and so do
arguments left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import update_wrapper
from typing import Any, Final, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from duban.domain.posts import Acting

FIRST: Final = (
    31_000  # stand-ins for numbers: small enough for every column, used by no query of ours as a constant
)
PLACE: Final = re.compile(r"(?<!%)%s")

M = TypeVar("M", bound=Model)
Row = Any  # a tuple, one value for each name of `values_list`
Given = Mapping[str, Any]


def compiled(build: Callable[..., QuerySet[Any, Any]]) -> Compiled:
    """The query of a function that returns `values_list`; its arguments are named: numbers, texts, days, lists of numbers, an Acting."""
    return Compiled(build)


class Compiled:
    """A query that takes its values by name and answers with its rows."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._known: dict[tuple[object, ...], _Statement | None] = {}
        update_wrapper(self, build)

    def __call__(self, **given: Any) -> list[Row]:
        """The rows; none where a list of values is empty. A value of None or of another kind is a fault of the caller."""
        values = _spread(given)
        if any(isinstance(value, list) and not value for value in values.values()):
            return []
        kind = (connection.vendor, *((name, _kind(value)) for name, value in given.items()))
        if kind not in self._known:
            self._known[kind] = self._compile(given, values)
        statement = self._known[kind]
        return [] if statement is None else statement.rows(values)

    def _compile(self, given: Given, values: Given) -> _Statement | None:
        stand_ins = {name: _stand_in(value, number) for number, (name, value) in enumerate(values.items())}
        compiler = self._build(**_gathered(given, stand_ins)).query.get_compiler(connection.alias)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        slots = [_slot(param, stand_ins) for param in params]
        if missing := {name for name in stand_ins if name not in slots} - _LOOSE:
            raise TypeError(f"{self._build.__qualname__} does not compare {sorted(missing)} as it is given")
        fields = [column for column, _, _ in compiler.select]
        return _Statement(PLACE.split(sql), list(params), slots, compiler.get_converters(fields))


def columns(model: type[Model], path: str = "") -> list[str]:
    """The columns of a model, at the end of a path of relations, for `values_list`."""
    return [f"{path}{field.attname}" for field in model._meta.concrete_fields]  # noqa: SLF001 (Django's own name for it)


def instance(model: type[M], row: Sequence[Any]) -> M:
    """The row of a table out of the values of its `columns`."""
    return model.from_db(connection.alias, columns(model), row)


@dataclass(frozen=True, slots=True)
class _Statement:
    """SQL in pieces around its parameters: `slots` names those that every call fills in."""

    pieces: list[str]
    params: list[Any]
    slots: list[str]
    converters: Mapping[int, tuple[Sequence[Callable[..., Any]], Any]]

    def rows(self, values: Given) -> list[Row]:
        """What the database answers to these values, as Django would read it."""
        sql, params = [self.pieces[0]], list[Any]()
        for slot, param, piece in zip(self.slots, self.params, self.pieces[1:], strict=True):
            value = values[slot] if slot else param
            several = isinstance(value, list)
            sql += (", ".join(["%s"] * len(value)) if several else "%s", piece)
            params += value if several else [_adapted(value)]
        with connection.cursor() as cursor:
            cursor.execute("".join(sql), params)
            found = cursor.fetchall()
        return [*map(tuple, self._converted(found))] if self.converters else found

    def _converted(self, found: Iterable[Row]) -> Iterable[list[Any]]:
        for row in found:
            values = list(row)
            for at, (converters, expression) in self.converters.items():
                for convert in converters:
                    values[at] = convert(values[at], expression, connection)
            yield values


_SEAT: Final = ("_government", "_units")
_LOOSE: Final = frozenset(_SEAT)


def _kind(value: Any) -> object:
    """What a query is compiled for: the role of an Acting, True or False, of other values their type."""
    if isinstance(value, Acting):
        return value.role
    return value if isinstance(value, bool) else type(value)


def _spread(given: Given) -> dict[str, Any]:
    """The values by slot: an Acting stands for its government and the units it answers for, every collection is a list."""
    values: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, Acting):
            values |= {"_government": value.government or 0, "_units": sorted(value.answers_for) or [0]}
        elif isinstance(value, str | int | date):
            values |= {} if isinstance(value, bool) else {name: value}
        else:
            values[name] = list(value)
    return values


def _gathered(given: Given, stand_ins: Given) -> dict[str, Any]:
    """The arguments of the function with their stand-ins."""
    return {
        name: replace(
            value, government=stand_ins["_government"], unit=stand_ins["_units"][0], predecessors=frozenset()
        )
        if isinstance(value, Acting)
        else stand_ins.get(name, value)
        for name, value in given.items()
    }


def _stand_in(value: Any, number: int) -> Any:
    """A value of the same type that stands nowhere else."""
    if isinstance(value, list):
        return [_stand_in(value[0], number)]
    if isinstance(value, str):
        return f"\x1a{number}"
    return FIRST + number if isinstance(value, int) else date(1, 7, number + 1)


def _slot(param: Any, stand_ins: Given) -> str:
    """The name of the value that a parameter stands for, "" for a constant."""
    for name, stand_in in stand_ins.items():
        one = stand_in[0] if isinstance(stand_in, list) else stand_in
        if type(param) is not bool and param == _adapted(one):
            return name
    return ""


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if type(value) is date else value
