"""Taking a liaison register over: all of it or nothing, as it was shown, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from duban.directory.models import Appointment, Person, Post, Unit
from duban.directory.models.units import on_day
from duban.directory.operations.roster import hold, settle
from duban.directory.operations.successions import close_rows
from duban.directory.queries import register_of
from duban.domain.posts import Acting, PostRole
from duban.domain.roster_people import SEAT_ROLES, Entry, PeoplePlan, SeatName, people_plan, seat_name
from duban.domain.roster_table import Rows
from duban.history.operations import Happening, append

Place = tuple[str, SeatName]


@transaction.atomic
def take_people(
    *, government: Unit, sheets: Mapping[str, Rows], day: date, shown: str = "", by: Acting, now: datetime
) -> PeoplePlan:
    """Fill the posts of the units as the register says, from `day` on: who is replaced leaves, who is new comes.

    `shown` and refusals as in `take_roster`. Telephones never enter the record, which can neither be changed nor purged.
    """
    government = hold(government, by)
    plan = people_plan(sheets, register_of(government, day))
    settle(plan, shown)
    if not plan.changes:
        return plan
    posts = _posts(government, plan, day)
    happenings = []
    for unit, seat, person in plan.go:
        held = Appointment.objects.filter(post__in=posts[unit, seat], person=person)
        happenings += [
            _event("post.left", government, a.post, a.person_id)
            for a in held.filter(on_day(day)).select_related("post")
        ]
        close_rows(held, day)
    happenings += _come(government, plan.come, posts, day)
    for number, (division, phone) in plan.details.items():
        Person.objects.filter(pk=number).update(division=division, phone=phone)
    happenings += [
        Happening("person.changed", {}, government=government.pk, subject=f"person:{number}")
        for number in plan.details
    ]
    append(happenings, by=by, now=now)
    return plan


def _come(
    government: Unit, entries: Sequence[Entry], posts: Mapping[Place, list[Post]], day: date
) -> list[Happening]:
    """Appointments for those who come; people not yet known are made once for each unit, or name and telephone."""
    made: dict[tuple[str, str], Person] = {}
    happenings = []
    for entry in entries:
        person = Person.objects.filter(pk=entry.person).first() if entry.person else None
        same = (entry.name, entry.phone or entry.unit)
        person = person or made.get((entry.name, entry.unit)) or made.get(same)
        if person is None:
            person = Person.objects.create(name=entry.name, division=entry.division, phone=entry.phone)
        made[entry.name, entry.unit] = made[same] = person
        post = posts[entry.unit, entry.seat][0]
        Appointment.objects.create(post=post, person=person, from_on=day)
        happenings.append(_event("post.filled", government, post, person.pk))
    return happenings


def _posts(government: Unit, plan: PeoplePlan, day: date) -> dict[Place, list[Post]]:
    """The posts in force that the plan touches, made where a unit has none yet."""
    found: dict[Place, list[Post]] = {}
    rows = Post.objects.filter(on_day(day), unit__government=government).select_related("unit").order_by("pk")
    for post in rows:
        if seat := seat_name(PostRole(post.role), post.title):
            found.setdefault((post.unit.key, seat), []).append(post)
    units = {unit.key: unit for unit in Unit.objects.of_government(government)}
    for entry in plan.come:
        if (entry.unit, entry.seat) not in found:
            role = SEAT_ROLES[entry.seat].value
            post = Post.objects.create(unit=units[entry.unit], role=role, title=entry.seat.value)
            found[entry.unit, entry.seat] = [post]
    return found


def _event(kind: str, government: Unit, post: Post, person: int) -> Happening:
    body = {"post": str(post.pk), "person": str(person), "role": post.role}
    return Happening(kind, body, government=government.pk, subject=f"post:{post.pk}")
