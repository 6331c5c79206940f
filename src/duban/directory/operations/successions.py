"""Renames and mergers on a date: names are dated rows, duties follow successions, and old papers keep the old name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from duban.directory.models import (
    Appointment,
    GroupMembership,
    Post,
    Unit,
    UnitAlias,
    UnitName,
    UnitSuccession,
)
from duban.directory.models.successions import ENDING
from duban.directory.models.units import on_day
from duban.directory.policies import refusal_to_keep_roster
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.roster import SuccessionKind
from duban.domain.roster_table import name_of
from duban.history.operations import Happening, append


@transaction.atomic
def rename_unit(
    *, unit: Unit, name: str, full_name: str, on: date, basis: str, by: Acting, now: datetime
) -> Unit:
    """The unit is called so from a day on; duties, posts and history stay with it, earlier papers keep the old name.

    Invalid when the day is not after the present name began or the name belongs to another unit of the government.
    """
    unit = _locked([unit], by, basis)[0]
    row, happening = take_name(unit, (name_of(name), name_of(full_name)), on, basis.strip())
    project_names([unit.pk], timezone.localdate(now))
    [row.seq] = append([happening], by=by, now=now)
    row.save()
    unit.refresh_from_db()
    return unit


def take_name(unit: Unit, names: tuple[str, str], on: date, basis: str) -> tuple[UnitSuccession, Happening]:
    """The unit's short and full name from a day on; the caller holds the unit, appends the event and saves the row."""
    name, full_name = names
    write_name(unit, name, full_name, on)
    body = {"on": on.isoformat(), "name": name, "full_name": full_name, "basis": basis}
    row = UnitSuccession(from_unit=unit, to_unit=unit, on=on, kind=SuccessionKind.RENAME.value, basis=basis)
    return row, _event("unit.renamed", unit, body)


def write_name(unit: Unit, name: str, full_name: str, on: date) -> None:
    """Close the newest dated name on that day and begin the next; the caller holds the unit and records the event."""
    current = UnitName.objects.get(unit=unit, to_on__isnull=True)
    if (current.name, current.full_name) == (name, full_name):
        raise Invalid(Message("succession.same_name"))
    if current.from_on and on <= current.from_on:
        raise Invalid(Message("succession.too_early", {"since": current.from_on.isoformat()}))
    current.to_on = on
    current.save(update_fields=["to_on"])
    UnitName.objects.create(unit=unit, name=name, full_name=full_name, from_on=on)
    own_names(unit, (name, full_name))


def own_names(unit: Unit, texts: Iterable[str]) -> None:
    """These printed forms mean this unit from now on; Invalid when one means something else already."""
    assert unit.government_id is not None  # the government itself has no printed forms to share
    wanted = dict.fromkeys(texts)
    known = UnitAlias.objects.filter(government=unit.government_id, text__in=list(wanted))
    for alias in known.select_related("unit", "group"):
        if alias.unit_id != unit.pk:
            owner = str(alias.unit or alias.group)
            raise Invalid(Message("succession.name_taken", {"name": alias.text, "owner": owner}))
        del wanted[alias.text]
    rows = [UnitAlias(government_id=unit.government_id, text=text, unit=unit) for text in wanted]
    UnitAlias.objects.bulk_create(rows)


@transaction.atomic
def merge_units(
    *, froms: Sequence[Unit], into: Unit, on: date, basis: str, by: Acting, now: datetime
) -> list[UnitSuccession]:
    """From a day on `into` answers for `froms`: their posts close, people leave them, collectives lose them.

    Rows that name the old units stay as they are; `queries.answering_unit_ids` resolves them. Conflict when one of the
    units has ended before.
    """
    if into.pk in {unit.pk for unit in froms}:
        raise Invalid(Message("succession.into_itself"))
    *leaving, receiving = _locked([*froms, into], by, basis)
    gone = [unit.pk for unit in leaving]
    close_rows(Appointment.objects.filter(post__unit__in=gone), on)
    Post.objects.filter(unit__in=gone, to_on__isnull=True).exclude(from_on__gte=on).update(to_on=on)
    close_rows(GroupMembership.objects.filter(unit__in=gone), on)
    body = {"on": on.isoformat(), "into": str(receiving.pk), "basis": basis.strip()}
    seqs = append([_event("unit.merged", unit, body) for unit in leaving], by=by, now=now)
    how = {"to_unit": receiving, "on": on, "kind": SuccessionKind.MERGE.value, "basis": basis.strip()}
    return UnitSuccession.objects.bulk_create(
        [UnitSuccession(from_unit=unit, seq=seq, **how) for unit, seq in zip(leaving, seqs, strict=True)]
    )


def close_rows(rows: QuerySet[Any], on: date) -> None:
    """End open dated rows on a day; one that would not have begun by then never was."""
    current = rows.filter(to_on__isnull=True)
    current.filter(from_on__gte=on).delete()
    current.update(to_on=on)


@transaction.atomic
def refresh_unit_names(*, now: datetime) -> int:
    """Bring the names on the units up to today, for renames decided in advance; the number of units changed."""
    today = timezone.localdate(now)
    begun = UnitName.objects.filter(on_day(today), from_on__isnull=False)
    return project_names(list(begun.values_list("unit_id", flat=True)), today)


def project_names(units: Sequence[int], today: date) -> int:
    """Write today's dated name onto these units; the only place that does."""
    dated = {row.unit_id: row for row in UnitName.objects.filter(on_day(today), unit__in=units)}
    changed = []
    for unit in Unit.objects.filter(pk__in=units):
        row = dated.get(unit.pk)
        if row and (unit.name, unit.full_name) != (row.name, row.full_name):
            unit.name, unit.full_name = row.name, row.full_name
            changed.append(unit)
    Unit.objects.bulk_update(changed, ["name", "full_name"], batch_size=200)
    return len(changed)


def _locked(units: Sequence[Unit], by: Acting, basis: str) -> list[Unit]:
    """The units, locked in one order and returned in the order asked; refuses what all these acts refuse."""
    if refused := refusal_to_keep_roster(by, units[0].government_id or 0):
        raise NotAllowed(refused)
    if not basis.strip():
        raise Invalid(Message("succession.no_basis"))
    wanted = [unit.pk for unit in units]
    same = Q(pk__in=wanted, government=units[0].government_id)
    found = {unit.pk: unit for unit in Unit.objects.select_for_update().filter(same).order_by("pk")}
    for row in UnitSuccession.objects.filter(from_unit__in=wanted, kind__in=ENDING).select_related(
        "from_unit"
    ):
        params = {"name": row.from_unit.name, "on": row.on.isoformat()}
        raise Conflict(Message("succession.not_in_force", params))
    return [found[pk] for pk in wanted]


def _event(kind: str, unit: Unit, body: dict[str, str]) -> Happening:
    return Happening(kind, body, government=unit.government_id, subject=f"unit:{unit.pk}")
