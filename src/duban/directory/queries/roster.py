"""The directory as the roster sheet and the liaison register show it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from duban.directory.models import Appointment, Unit, UnitAlias, UnitGroup, UnitName
from duban.directory.models.units import on_day
from duban.directory.queries.names import group_members
from duban.directory.queries.successions import endings_of
from duban.domain.posts import PostRole
from duban.domain.roster import Roster, RosterGroup, RosterUnit
from duban.domain.roster_people import Register, Registered, SeatName, seat_name
from duban.domain.units import AddressManner, UnitKind


def roster_of(government: Unit, day: date) -> Roster:
    """Units with the newest name they have, collectives with their members of that day; eight queries."""
    names: dict[int, UnitName] = {}
    former: dict[int, list[str]] = defaultdict(list)
    for row in UnitName.objects.filter(unit__government=government).order_by("pk"):
        if row.to_on is None:
            names[row.unit_id] = row
        else:
            former[row.unit_id] += [row.name, row.full_name]
    unit_aliases, group_aliases = _aliases(government)
    endings = endings_of(government, day)
    units = {}
    for unit in Unit.objects.of_government(government):
        current = names[unit.pk]
        ending = endings.get(unit.pk)
        own = {current.name, current.full_name, *former[unit.pk]}
        units[unit.key] = RosterUnit(
            full_name=current.full_name,
            name=current.name,
            kind=UnitKind(unit.kind),
            appraised=unit.appraised,
            manner=AddressManner(unit.address_manner),
            aliases=tuple(text for text in unit_aliases[unit.pk] if text not in own),
            since=current.from_on,
            former=tuple(dict.fromkeys(former[unit.pk])),
            ended_on=ending.on if ending else None,
            heir=ending.into.name if ending and ending.into else "",
        )
    members = group_members(government, day)
    groups = {
        group.key: RosterGroup(group.name, tuple(group_aliases[group.pk]), members[group.key])
        for group in UnitGroup.objects.filter(government=government).order_by("pk")
    }
    return Roster(units, groups)


def _aliases(government: Unit) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    units: dict[int, list[str]] = defaultdict(list)
    groups: dict[int, list[str]] = defaultdict(list)
    for alias in UnitAlias.objects.filter(government=government).order_by("pk"):
        if alias.unit_id:
            units[alias.unit_id].append(alias.text)
        elif alias.group_id:
            groups[alias.group_id].append(alias.text)
    return units, groups


def register_of(government: Unit, day: date) -> Register:
    """Units in force on a day with every printed form, and who fills which post, and what became of those that ended; five queries."""
    aliases, _ = _aliases(government)
    endings = endings_of(government, day)
    units: dict[str, tuple[str, ...]] = {}
    ended: dict[str, tuple[date, str]] = {}
    for unit in Unit.objects.of_government(government):
        texts = tuple(dict.fromkeys((unit.name, unit.full_name, *aliases[unit.pk])))
        if ending := endings.get(unit.pk):
            ended |= dict.fromkeys(texts, (ending.on, ending.into.name if ending.into else ""))
        else:
            units[unit.key] = texts
    seats: dict[tuple[str, SeatName], list[Registered]] = defaultdict(list)
    office: list[Registered] = []
    for row in appointments(government, day):
        person = row.person
        registered = Registered(person.pk, person.name, person.division, person.phone)
        seat = seat_name(PostRole(row.post.role), row.post.title)
        if seat and row.post.unit_id != government.pk:
            seats[row.post.unit.key, seat].append(registered)
        else:
            office.append(registered)
    return Register(units, {place: tuple(filled) for place, filled in seats.items()}, tuple(office), ended)


def appointments(government: Unit, day: date) -> list[Appointment]:
    """Everybody in a post of the government or its units on a day, with post, unit and person; one query."""
    inside = Appointment.objects.filter(on_day(day), on_day(day, "post__"))
    rows = inside.filter(post__unit__government=government) | inside.filter(post__unit=government)
    return list(rows.select_related("post__unit", "person").order_by("post__unit__position", "post_id", "pk"))
