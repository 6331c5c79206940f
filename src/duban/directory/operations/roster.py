"""Taking a roster sheet over: all of it or nothing, as it was shown, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from duban.directory.models import (
    GroupMembership,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitName,
    UnitParent,
    UnitSuccession,
)
from duban.directory.operations.successions import close_rows, project_names, take_name
from duban.directory.policies import refusal_to_keep_roster
from duban.directory.queries import roster_of
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.roster import RosterPlan, RosterUnit, roster_plan
from duban.domain.roster_people import PeoplePlan
from duban.domain.roster_table import Rows
from duban.history.operations import Happening, append


@transaction.atomic
def take_roster(
    *, government: Unit, sheets: Mapping[str, Rows], day: date, shown: str = "", by: Acting, now: datetime
) -> RosterPlan:
    """Make the directory what the sheets say; membership changes hold from `day`.

    A changed name with a new 启用日期 is a rename on that day; with the date unchanged it corrects the present name.
    `shown` is the fingerprint of the changes somebody agreed to: Conflict when they are no longer the same. Invalid
    while the sheets have problems. Nothing to change writes nothing.
    """
    government = hold(government, by)
    plan = roster_plan(sheets, roster_of(government, day))
    settle(plan, shown)
    if not plan.changes:
        return plan
    today = timezone.localdate(now)
    units = {unit.key: unit for unit in Unit.objects.of_government(government)}
    fresh = {key: row for key, row in plan.units.items() if key not in units}
    stale = {units[key]: row for key, row in plan.units.items() if key in units}
    _drop_aliases(stale)
    renames = [renamed for unit, row in stale.items() if (renamed := _change(unit, row))]
    units |= _add(government, fresh)
    _add_aliases(government, {units[key]: row for key, row in plan.units.items()})
    project_names([unit.pk for unit in stale], today)
    _set_members(government, units, plan, day)
    cells = [f"{c.sheet} {c.cell} {c.subject} {c.column}：{c.before}→{c.after}" for c in plan.changes]
    body = {"cells": cells, "from": day.isoformat()}
    taken = Happening("directory.roster_taken", body, government=government.pk)
    seqs = append([*(happening for _, happening in renames), taken], by=by, now=now)
    for (succession, _), seq in zip(renames, seqs, strict=False):
        succession.seq = seq
        succession.save()
    return plan


def hold(government: Unit, by: Acting) -> Unit:
    """The government's row, locked: one roster or register at a time; NotAllowed when this post does not keep them."""
    if refused := refusal_to_keep_roster(by, government.pk):
        raise NotAllowed(refused)
    return Unit.objects.select_for_update().get(pk=government.pk)


def settle(plan: RosterPlan | PeoplePlan, shown: str) -> None:
    """Refuse a plan with problems, or one that is no longer what was shown."""
    if plan.problems:
        raise Invalid(Message("roster.problems", {"count": len(plan.problems)}))
    if shown and plan.fingerprint != shown:
        raise Conflict(Message("roster.moved_on"))


def _drop_aliases(rows: Mapping[Unit, RosterUnit]) -> None:
    keep = {(unit.pk, text) for unit, row in rows.items() for text in row.surfaces}
    known = UnitAlias.objects.filter(unit__in=rows)
    kept_names = set(UnitName.objects.filter(unit__in=rows).values_list("unit_id", "name"))
    kept_names |= set(UnitName.objects.filter(unit__in=rows).values_list("unit_id", "full_name"))
    renamed = {
        (unit.pk, text)
        for unit, row in rows.items()
        for text in (unit.name, unit.full_name)
        if _renames(unit, row)
    }
    gone = [a.pk for a in known if (a.unit_id, a.text) not in keep | renamed]
    UnitAlias.objects.filter(pk__in=gone).delete()


def _renames(unit: Unit, row: RosterUnit) -> bool:
    """Whether a changed name begins on a new day, and is not a correction of the present one."""
    current = unit.dated_names.get(to_on__isnull=True)
    other = (current.name, current.full_name) != (row.name, row.full_name)
    return other and row.since is not None and row.since != current.from_on


def _change(unit: Unit, row: RosterUnit) -> tuple[UnitSuccession, Happening] | None:
    """Make a unit what its row says; a rename is an event of its own."""
    renamed = None
    if _renames(unit, row):
        assert row.since is not None
        renamed = take_name(unit, (row.name, row.full_name), row.since, "单位名录导入")
    else:
        current = unit.dated_names.get(to_on__isnull=True)
        if row.since and current.from_on:
            unit.dated_names.filter(to_on=current.from_on).update(to_on=row.since)
        current.name, current.full_name, current.from_on = row.name, row.full_name, row.since
        current.save(update_fields=["name", "full_name", "from_on"])
    unit.kind, unit.address_manner, unit.appraised = row.kind.value, row.manner.value, row.appraised
    unit.save(update_fields=["kind", "address_manner", "appraised"])
    return renamed


def _add(government: Unit, rows: Mapping[str, RosterUnit]) -> dict[str, Unit]:
    last = Unit.objects.of_government(government).aggregate(last=Max("position"))["last"] or 0
    units = Unit.objects.bulk_create(
        [
            Unit(
                government=government,
                key=key,
                name=row.name,
                full_name=row.full_name,
                kind=row.kind.value,
                address_manner=row.manner.value,
                appraised=row.appraised,
                position=last + number,
            )
            for number, (key, row) in enumerate(rows.items(), 1)
        ]
    )
    UnitName.objects.bulk_create(
        [
            UnitName(unit=unit, name=unit.name, full_name=unit.full_name, from_on=row.since)
            for unit, row in zip(units, rows.values(), strict=True)
        ]
    )
    UnitParent.objects.bulk_create([UnitParent(unit=unit, parent=government) for unit in units])
    return {unit.key: unit for unit in units}


def _add_aliases(government: Unit, rows: Mapping[Unit, RosterUnit]) -> None:
    known = set(UnitAlias.objects.filter(government=government).values_list("text", flat=True))
    wanted = {text: unit for unit, row in rows.items() for text in row.surfaces if text not in known}
    UnitAlias.objects.bulk_create(
        [UnitAlias(government=government, text=text, unit=unit) for text, unit in wanted.items()]
    )


def _set_members(government: Unit, units: Mapping[str, Unit], plan: RosterPlan, day: date) -> None:
    for key, members in plan.members.items():
        group, fresh = UnitGroup.objects.get_or_create(government=government, key=key, defaults={"name": key})
        if fresh:
            UnitAlias.objects.create(government=government, text=key, group=group)
        UnitGroup.objects.filter(pk=group.pk).update(open=not members)
        wanted = {units[member].pk for member in members}
        current = set(group.memberships.filter(to_on__isnull=True).values_list("unit_id", flat=True))
        close_rows(group.memberships.filter(unit__in=current - wanted), day)
        GroupMembership.objects.bulk_create(
            [GroupMembership(group=group, unit_id=pk, from_on=day) for pk in sorted(wanted - current)]
        )
