"""People and accounts of a government for a page: who fills which post, what is vacant, who cannot sign in yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from duban.directory.models import Appointment, Unit, User
from duban.directory.queries.roster import appointments
from duban.domain.posts import PostRole
from duban.domain.roster_people import EXPECTED, SeatName, seat_name


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in a post.

    `account` is the number of the account, None without one; `state` is none, waiting (one-time password not changed
    yet), open or closed.
    """

    person: int
    name: str
    division: str
    phone: str
    post: int
    title: str
    role: PostRole
    account: int | None
    username: str
    state: str


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit on the page: people by post in the order of the register, other posts, the vacant ones, accounts."""

    pk: int
    name: str
    seats: tuple[tuple[SeatName, tuple[PersonRow, ...]], ...]
    others: tuple[PersonRow, ...]
    vacant: tuple[SeatName, ...]

    @property
    def people(self) -> tuple[PersonRow, ...]:
        """Everybody, once per post."""
        return (*(row for _, rows in self.seats for row in rows), *self.others)

    @property
    def headcount(self) -> int:
        """People, each once."""
        return len({row.person for row in self.people})

    @property
    def with_account(self) -> int:
        """People who have an account."""
        return len({row.person for row in self.people if row.account})


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """The page's first line: units in force, vacant posts, people, people without an account."""

    units: int
    vacant: int
    people: int
    without: tuple[int, ...]


def people_page(government: Unit, day: date) -> tuple[PeopleFigures, list[UnitRow]]:
    """The government's own posts first, then units with vacant posts, then the rest, each in directory order.

    Three queries, whatever the number of units. A post counts as vacant whether it was filled before or never.
    """
    people: dict[int, list[PersonRow]] = defaultdict(list)
    held = appointments(government, day)
    accounts = {user.person_id: user for user in User.objects.filter(person__in={a.person_id for a in held})}
    for appointment in held:
        people[appointment.post.unit_id].append(_person(appointment, accounts.get(appointment.person_id)))
    rows = [
        _unit(unit, people[unit.pk], EXPECTED)
        for unit in Unit.objects.of_government(government).in_force(day)
    ]
    rows.sort(key=lambda row: not row.vacant)
    root = [_unit(government, people[government.pk], ())] if people[government.pk] else []
    everybody = [person for row in (*root, *rows) for person in row.people]
    figures = PeopleFigures(
        units=len(rows),
        vacant=sum(len(row.vacant) for row in rows),
        people=len({person.person for person in everybody}),
        without=tuple(dict.fromkeys(p.person for p in everybody if p.account is None)),
    )
    return figures, [*root, *rows]


def people_of(unit: Unit, day: date) -> UnitRow:
    """One unit as on the page; one that has ended lacks nobody. Three queries."""
    government = unit.government or unit
    held = [row for row in appointments(government, day) if row.post.unit_id == unit.pk]
    accounts = {user.person_id: user for user in User.objects.filter(person__in={a.person_id for a in held})}
    rows = [_person(appointment, accounts.get(appointment.person_id)) for appointment in held]
    expects = Unit.objects.filter(pk=unit.pk, government__isnull=False).in_force(day).exists()
    return _unit(unit, rows, EXPECTED if expects else ())


def _unit(unit: Unit, people: list[PersonRow], expected: tuple[SeatName, ...]) -> UnitRow:
    by_seat: dict[SeatName, list[PersonRow]] = {seat: [] for seat in SeatName}
    others: list[PersonRow] = []
    for row in people:
        seat = seat_name(row.role, row.title) if unit.government_id else None
        (by_seat[seat] if seat else others).append(row)
    return UnitRow(
        pk=unit.pk,
        name=unit.name,
        seats=tuple((seat, tuple(rows)) for seat, rows in by_seat.items()),
        others=tuple(others),
        vacant=tuple(seat for seat in expected if not by_seat[seat]),
    )


def _person(row: Appointment, user: User | None) -> PersonRow:
    person = row.person
    return PersonRow(
        person=person.pk,
        name=person.name,
        division=person.division,
        phone=person.phone,
        post=row.post_id,
        title=row.post.title,
        role=PostRole(row.post.role),
        account=user.pk if user else None,
        username=user.username if user else "",
        state=_state(user),
    )


def _state(user: User | None) -> str:
    if user is None:
        return "none"
    if not user.is_active:
        return "closed"
    return "waiting" if user.must_change_password else "open"
