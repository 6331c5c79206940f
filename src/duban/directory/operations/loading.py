"""Taking over a unit directory file; opening posts and putting people into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from duban.directory.models import (
    Appointment,
    GroupMembership,
    Person,
    Post,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitName,
    UnitParent,
)
from duban.domain.posts import Acting, PostRole
from duban.domain.units import AddressManner, GroupEntry, UnitDirectory, UnitEntry, UnitKind
from duban.history.operations import Happening, append


@dataclass(frozen=True, slots=True)
class Loaded:
    """What taking over a directory did."""

    government: Unit
    units_added: int
    groups_added: int
    aliases_added: int

    @property
    def changed(self) -> bool:
        """Whether anything was new."""
        return bool(self.units_added or self.groups_added or self.aliases_added)


@transaction.atomic
def load_directory(*, directory: UnitDirectory, by: Acting, now: datetime) -> Loaded:
    """Take over what the directory adds: units, collectives and aliases not yet known.

    Nothing known is changed or removed (renames and mergers are acts of their own), so a second call does nothing.
    """
    government, _ = Unit.objects.get_or_create(
        key=directory.key,
        government=None,
        defaults={
            "name": directory.short_name or directory.government,
            "full_name": directory.government,
            "kind": UnitKind.GOVERNMENT.value,
            "area_code": directory.area_code,
            "address_manner": AddressManner.NOTICE.value,
            "position": 0,
        },
    )
    government = Unit.objects.select_for_update().get(pk=government.pk)
    added = _add_units(government, directory.units)
    groups = _add_groups(government, directory.groups)
    aliases = _add_aliases(government, directory)
    loaded = Loaded(government, added, groups, aliases)
    if loaded.changed:
        body = {"units": added, "groups": groups, "aliases": aliases, "directory": directory.key}
        happening = Happening("directory.loaded", body, government=government.pk, subject=directory.key)
        append([happening], by=by, now=now)
    return loaded


def _add_units(government: Unit, entries: Sequence[UnitEntry]) -> int:
    known = set(Unit.objects.of_government(government).values_list("key", flat=True))
    last = Unit.objects.of_government(government).aggregate(last=Max("position"))["last"] or 0
    fresh = [entry for entry in entries if entry.key not in known]
    units = Unit.objects.bulk_create(
        [
            Unit(
                government=government,
                key=entry.key,
                name=entry.name,
                full_name=entry.full_name,
                kind=entry.kind.value,
                area_code=entry.area_code,
                credit_code=entry.credit_code,
                address_manner=entry.manner.value,
                appraised=entry.appraised,
                position=last + number,
            )
            for number, entry in enumerate(fresh, 1)
        ]
    )
    UnitName.objects.bulk_create([UnitName(unit=u, name=u.name, full_name=u.full_name) for u in units])
    UnitParent.objects.bulk_create([UnitParent(unit=u, parent=government) for u in units])
    return len(units)


def _add_groups(government: Unit, entries: Sequence[GroupEntry]) -> int:
    known = set(UnitGroup.objects.filter(government=government).values_list("key", flat=True))
    units = {unit.key: unit for unit in Unit.objects.of_government(government)}
    fresh = [entry for entry in entries if entry.key not in known]
    groups = UnitGroup.objects.bulk_create(
        [UnitGroup(government=government, key=e.key, name=e.name, open=e.open) for e in fresh]
    )
    GroupMembership.objects.bulk_create(
        [
            GroupMembership(group=group, unit=units[member])
            for group, entry in zip(groups, fresh, strict=True)
            for member in entry.members
        ]
    )
    return len(groups)


def _add_aliases(government: Unit, directory: UnitDirectory) -> int:
    units = {unit.key: unit for unit in Unit.objects.of_government(government)}
    groups = {group.key: group for group in UnitGroup.objects.filter(government=government)}
    known = set(UnitAlias.objects.filter(government=government).values_list("text", flat=True))
    rows = [
        UnitAlias(
            government=government,
            text=text,
            unit=None if collective else units[key],
            group=groups[key] if collective else None,
        )
        for text, key, collective in directory.surfaces()
        if text not in known
    ]
    UnitAlias.objects.bulk_create(rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Seat:
    """A post to open, and who fills it now."""

    unit: Unit
    role: PostRole
    title: str


@transaction.atomic
def appoint(*, seat: Seat, person: Person, by: Acting, now: datetime, from_on: date | None = None) -> Post:
    """Open the seat if it does not exist yet, and put the person into it."""
    post, _ = Post.objects.get_or_create(unit=seat.unit, role=seat.role.value, title=seat.title)
    _, fresh = Appointment.objects.get_or_create(
        post=post, person=person, to_on=None, defaults={"from_on": from_on}
    )
    if fresh:
        government = seat.unit.government_id or seat.unit.pk
        body = {"post": str(post.pk), "person": str(person.pk), "role": seat.role.value}
        happening = Happening("post.filled", body, government=government, subject=f"post:{post.pk}")
        append([happening], by=by, now=now)
    return post
