"""From printed names to duties: who owes what once collectives are spelt out (architecture, decision 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from duban.domain.tasklist.records import Role

RANK: Final = {Role.LEAD: 0, Role.MAIN: 1, Role.SUPPORT: 2}


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed unit of one task, resolved: `key` names a unit, or a group when `collective`."""

    key: str
    role: Role
    collective: bool
    origin: int


@dataclass(frozen=True, slots=True)
class Duty:
    """What one unit owes to one task, and the printed places it follows from."""

    unit: str
    role: Role
    origins: tuple[int, ...]


def derive(printed: Iterable[Printed], members: Mapping[str, Sequence[str]]) -> tuple[Duty, ...]:
    """One duty per unit, in the order of first mention.

    A unit named itself keeps its own role whatever a collective says; of several printed roles the stronger wins
    (lead, main, support); every origin that counted is kept.
    """
    named: dict[str, list[Printed]] = {}
    swept: dict[str, list[Printed]] = {}
    order: dict[str, None] = {}
    for row in printed:
        for unit in members.get(row.key, ()) if row.collective else (row.key,):
            (swept if row.collective else named).setdefault(unit, []).append(row)
            order.setdefault(unit)
    return tuple(_duty(unit, named.get(unit) or swept[unit]) for unit in order)


def _duty(unit: str, rows: Sequence[Printed]) -> Duty:
    role = min((row.role for row in rows), key=RANK.__getitem__)
    return Duty(unit, role, tuple(row.origin for row in rows))
