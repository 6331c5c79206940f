"""Who answers for whom on a day, and what units were called."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from duban.directory.models import Unit, UnitName, UnitSuccession
from duban.shared.compiled import columns, compiled, instance


def unit_names(day: date, government: int | None = None) -> dict[int, str]:
    """Short names by unit as of a day, of one government or of all; one query.

    Before its earliest dated name a unit is called by that, so that no paper has a hole.
    """
    return {unit: name for unit, name, _ in _names(day, government)}


def unit_full_names(day: date, government: int | None = None) -> dict[int, str]:
    """Full names by unit as of a day; else as `unit_names`."""
    return {unit: full_name for unit, _, full_name in _names(day, government)}


class Ending(NamedTuple):
    """When a unit ended, and the unit that answers for it; `into` is None where nobody does."""

    on: date
    into: Unit | None


def endings_of(government: Unit | int, day: date) -> dict[int, Ending]:
    """The units of a government that ended by a day, with what became of them; two queries."""
    heirs = taken_over(day)
    rows = UnitSuccession.objects.endings(day).filter(from_unit__government=government)
    return {unit: Ending(on, heirs.get(unit)) for unit, on in rows.values_list("from_unit_id", "on")}


def full_names_on(wanted: Collection[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """Full names by unit and day, each as of its own day; one query."""
    rows = UnitName.objects.filter(unit__in={unit for unit, _ in wanted}).order_by(
        F("from_on").asc(nulls_first=True)
    )
    dated: dict[int, list[UnitName]] = {}
    for row in rows:
        dated.setdefault(row.unit_id, []).append(row)
    found = {}
    for unit, day in wanted:
        begun = [row for row in dated[unit] if row.from_on is None or row.from_on <= day]
        found[unit, day] = (begun or dated[unit][:1])[-1].full_name
    return found


def _names(day: date, government: int | None) -> Iterable[tuple[int, str, str]]:
    rows = UnitName.objects.order_by("unit_id", F("from_on").desc(nulls_last=True))
    if government is not None:
        rows = rows.filter(unit__government=government)
    found: dict[int, tuple[int, str, str]] = {}
    settled: set[int] = set()
    for unit, name, full_name, begun in rows.values_list("unit_id", "name", "full_name", "from_on"):
        if unit not in settled:
            found[unit] = (unit, name, full_name)
            if begun is None or begun <= day:
                settled.add(unit)
    return found.values()


def _receivers(day: date) -> dict[int, int]:
    rows = UnitSuccession.objects.endings(day).filter(to_unit__isnull=False)
    return {row.from_unit_id: row.to_unit_id for row in rows if row.to_unit_id}


def _end_of(unit: int, receivers: dict[int, int]) -> int:
    seen = {unit}
    while (following := receivers.get(unit)) is not None and following not in seen:
        seen.add(following)
        unit = following
    return unit


def answering_unit_ids(unit_ids: Iterable[int], day: date) -> dict[int, int]:
    """Who answers on a day for each of these units: itself, or at the end of its mergers the last receiver; one query.

    A unit abolished without a receiver still maps to itself: somebody must name a receiver for its duties.
    """
    receivers = _receivers(day)
    return {unit: _end_of(unit, receivers) for unit in unit_ids}


def taken_over(day: date) -> dict[int, Unit]:
    """For every unit that ended by a day and left a receiver: the unit at the end of its mergers; one query."""
    rows = _received(day=day)
    receiving = {into: instance(Unit, unit) for _, into, *unit in rows}
    receivers = {ended: into for ended, into, *_ in rows}
    return {unit: receiving[_end_of(unit, receivers)] for unit in receivers}


@compiled
def _received(day: date) -> QuerySet[UnitSuccession, Any]:
    """The units that ended by a day and left a receiver, each with its receiver."""
    rows = UnitSuccession.objects.endings(day).filter(to_unit__isnull=False)
    return rows.values_list("from_unit_id", "to_unit_id", *columns(Unit, "to_unit__"))


@compiled
def _ended(day: date) -> QuerySet[UnitSuccession, Any]:
    """The units that ended by a day, each with its day."""
    return UnitSuccession.objects.endings(day).values_list("on", *columns(Unit, "from_unit__"))


@dataclass(frozen=True, slots=True)
class Mergers:
    """What became of units by a day: `heirs` is `taken_over`, `endings` as of `endings_of`, both of every government."""

    day: date
    heirs: dict[int, Unit]
    endings: dict[int, Ending]
    ended: dict[int, Unit]

    def predecessors(self, unit: int) -> list[Unit]:
        """The units whose place this one took, in directory order."""
        found = [self.ended[ended] for ended, heir in self.heirs.items() if heir.pk == unit]
        return sorted(found, key=lambda one: (one.position, one.pk))


def mergers_on(day: date) -> Mergers:
    """All of it, for a page that needs more than one answer. One query, two where units have ended."""
    ended = [(on, instance(Unit, unit)) for on, *unit in _ended(day=day)]
    heirs = taken_over(day) if ended else {}
    endings = {unit.pk: Ending(on, heirs.get(unit.pk)) for on, unit in ended}
    return Mergers(day, heirs, endings, {unit.pk: unit for _, unit in ended})


def answered_for_ids(unit: int, day: date) -> frozenset[int]:
    """The unit and every unit it answers for on a day, itself first merged into others or not; one query."""
    return predecessor_ids([unit], day)[unit] | {unit}


def predecessor_ids(unit_ids: Iterable[int], day: date) -> dict[int, frozenset[int]]:
    """The units whose place each of these units took by a day, without itself; one query.

    Posts carry them, so that a successor sees and does what its predecessors owed. A unit that ended has none: they
    went on with it.
    """
    receivers = _receivers(day)
    found: dict[int, set[int]] = {unit: set() for unit in unit_ids}
    for ended in receivers:
        if (now := _end_of(ended, receivers)) in found:
            found[now].add(ended)
    return {unit: frozenset(ended) for unit, ended in found.items()}


def successors(unit: Unit, day: date) -> tuple[Unit, ...]:
    """The units that took this one's place by a day, in directory order.

    (unit,) while it goes on and nothing split off; () when it was abolished without a receiver; after a split the unit
    itself and those split off.
    """
    rows = UnitSuccession.objects.filter(on__lte=day).exclude(kind="rename")
    edges: dict[int, list[tuple[str, int | None]]] = {}
    for ended, kind, into in rows.values_list("from_unit_id", "kind", "to_unit_id"):
        edges.setdefault(ended, []).append((kind, into))
    found: set[int] = set()
    seen: set[int] = set()
    waiting = [unit.pk]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        out = edges.get(here, [])
        if all(kind == "split" for kind, _ in out):
            found.add(here)
        waiting += [into for _, into in out if into is not None]
    return tuple(Unit.objects.filter(pk__in=found).order_by("position", "pk"))
