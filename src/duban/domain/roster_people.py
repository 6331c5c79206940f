"""The liaison register (联络员登记表): one row per person and unit; what its rows say, lack and would change.

Within a unit the same name is the same person, who may fill several posts; across units it takes the same telephone
too. A post that no row names stays as it is; a row with a blank name empties its post.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from typing import Final

from duban.domain.messages import Message
from duban.domain.posts import PostRole
from duban.domain.roster_table import (
    Change,
    Line,
    Problem,
    Rows,
    fingerprint,
    folded,
    name_of,
    nearest,
    table,
)

PEOPLE_SHEET: Final = "联络员登记表"
PEOPLE_COLUMNS: Final = ("单位", "岗位", "姓名", "处室", "电话")


class SeatName(StrEnum):
    """The posts of a unit that the register asks for, in the order of the page."""

    PRINCIPAL = "主要负责同志"
    DEPUTY = "分管负责同志"
    LIAISON_A = "联络员A角"
    LIAISON_B = "联络员B角"
    HANDLER = "承办人"


SEAT_ROLES: Final = {
    SeatName.PRINCIPAL: PostRole.PRINCIPAL,
    SeatName.DEPUTY: PostRole.DEPUTY,
    SeatName.LIAISON_A: PostRole.LIAISON,
    SeatName.LIAISON_B: PostRole.LIAISON,
    SeatName.HANDLER: PostRole.HANDLER,
}
EXPECTED: Final = (SeatName.PRINCIPAL, SeatName.DEPUTY, SeatName.LIAISON_A, SeatName.LIAISON_B)
ONE_PERSON: Final = frozenset({SeatName.PRINCIPAL, SeatName.LIAISON_A, SeatName.LIAISON_B})
SAID_OTHERWISE: Final = {
    "主要负责人": SeatName.PRINCIPAL,
    "分管负责人": SeatName.DEPUTY,
    "A角": SeatName.LIAISON_A,
    "B角": SeatName.LIAISON_B,
    "联络员": SeatName.LIAISON_A,
}


_MOBILE: Final = r"(?:\+?86-?)?1[3-9]\d-?\d{4}-?\d{4}"
_LANDLINE: Final = r"(?:\(0\d{2,3}\)-?|0\d{2,3}-?)?[2-9]\d{2,3}-?\d{4}|400-?\d{3}-?\d{4}"
_EXTENSION: Final = r"(?:(?:-|转|内线)\d{1,6}|\((?:转|内线)\d{1,6}\))?"
_PHONE: Final = re.compile(rf"{_MOBILE}|(?:{_LANDLINE}){_EXTENSION}|(?:内线)?\d{{3,6}}")
_DASHES: Final = re.compile(r"[\u2010-\u2015\u2212]")
LONGEST_PHONE: Final = 40


def seat_name(role: PostRole, title: str) -> SeatName | None:
    """Which post of the register a stored post is; None for a post of the office or an administrator."""
    if role == PostRole.LIAISON:
        return SeatName.LIAISON_B if "B角" in folded_seat(title) else SeatName.LIAISON_A
    return next((seat for seat, of in SEAT_ROLES.items() if of == role), None)


def folded_seat(text: str) -> str:
    """A post's name with letters of the usual width and case: 联络员（Ｂ角） reads 联络员B角."""
    return re.sub(r"[()\s]", "", unicodedata.normalize("NFKC", text)).upper()


@dataclass(frozen=True, slots=True)
class Registered:
    """Somebody in a post now; `person` is the directory's number."""

    person: int
    name: str
    division: str
    phone: str


@dataclass(frozen=True, slots=True)
class Register:
    """What is known: units by key with every printed form (the short name first), and who fills which post.

    `ended` says of the printed forms of units that ended when that was, and which unit took the place.
    """

    units: Mapping[str, tuple[str, ...]]
    seats: Mapping[tuple[str, SeatName], tuple[Registered, ...]]
    elsewhere: tuple[Registered, ...] = ()
    ended: Mapping[str, tuple[date, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a person of a unit; `person` is None for somebody not yet in the directory."""

    unit: str
    seat: SeatName
    name: str
    division: str
    phone: str
    person: int | None


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """What taking the register over would do; nothing may be done while there are problems.

    `come` are people to put into posts, `go` are (unit key, post, person) to take out, `details` are division and
    telephone to write, by person.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    come: tuple[Entry, ...]
    go: tuple[tuple[str, SeatName, int], ...]
    details: Mapping[int, tuple[str, str]]

    @property
    def fingerprint(self) -> str:
        """The same changes have the same fingerprint; a page that showed them hands it back."""
        return fingerprint(self.changes)


Filled = tuple[Line, Entry]


def people_plan(sheets: Mapping[str, Rows], known: Register) -> PeoplePlan:
    """What the register would change in what is known."""
    problems: list[Problem] = []
    rows = list(_rows(sheets, known, problems))
    _check_phones(rows, known, problems)
    _check_same_person(rows, problems)
    changes: list[Change] = []
    come: list[Entry] = []
    go: list[tuple[str, SeatName, int]] = []
    details: dict[int, tuple[str, str]] = {}
    for place, lines in _by_seat(rows).items():
        before = known.seats.get(place, ())
        _check_number(place, lines, before, problems)
        staying = {registered.person for registered in before} & {entry.person for _, entry in lines}
        leaving = [registered for registered in before if registered.person not in staying]
        coming = [(line, entry) for line, entry in lines if entry.name and entry.person not in staying]
        changes += _seat_changes(known.units[place[0]][0], leaving, coming, lines[0][0])
        come += [entry for _, entry in coming]
        go += [(*place, registered.person) for registered in leaving]
    people = {entry.person: entry for _, entry in reversed(rows) if entry.person is not None}
    for registered in {r.person: r for seat in known.seats.values() for r in seat}.values():
        if entry := people.get(registered.person):
            found = list(_detail_changes(registered, entry, rows))
            changes += found
            details |= {registered.person: (entry.division, entry.phone)} if found else {}
    return PeoplePlan(tuple(changes), tuple(problems), tuple(come), tuple(go), details)


def _rows(sheets: Mapping[str, Rows], known: Register, problems: list[Problem]) -> Iterator[Filled]:
    owners = {folded(text): key for key, texts in known.units.items() for text in texts}
    above = ""
    for line in table(PEOPLE_SHEET, sheets, ("单位", "岗位", "姓名"), problems, needed=True):
        above = name_of(line.texts["单位"]) or above
        unit, seat = owners.get(folded(above)), _seat(line.texts["岗位"])
        if unit is None:
            problems.append(line.problem("单位", *_no_unit(above, known)))
        if seat is None:
            reason = Message("roster.not_a_word", {"column": "岗位", "words": "、".join(SeatName)})
            problems.append(line.problem("岗位", reason, nearest(line.texts["岗位"], SeatName)))
        if unit is not None and seat is not None:
            yield line, _entry(line, unit, seat, known)


def _no_unit(name: str, known: Register) -> tuple[Message, str]:
    """Why a name is no unit's, and what could stand there: the unit that took its place, else the nearest name."""
    for text, (on, into) in known.ended.items():
        if folded(text) == folded(name):
            params = {"name": name, "on": on.isoformat(), "into": into}
            return Message("roster.ended_into" if into else "roster.ended", params), into
    names = [texts[0] for texts in known.units.values()]
    return Message("roster.no_such_unit", {"name": name}), nearest(name, names)


def _seat(text: str) -> SeatName | None:
    spelt = folded_seat(text)
    return SAID_OTHERWISE.get(spelt) or next((seat for seat in SeatName if seat == spelt), None)


def _entry(line: Line, unit: str, seat: SeatName, known: Register) -> Entry:
    name, phone = name_of(line.texts["姓名"]), phone_of(line.texts.get("电话", ""))
    same_unit = (r for (key, _), filled in known.seats.items() if key == unit for r in filled)
    everybody = (r for filled in known.seats.values() for r in filled)
    person = next((r for r in same_unit if r.name == name), None) or next(
        (r for r in (*everybody, *known.elsewhere) if phone and (r.name, r.phone) == (name, phone)), None
    )
    division = line.texts.get("处室", person.division if person else "").strip()
    phone = phone if "电话" in line.texts or person is None else person.phone
    return Entry(unit, seat, name, division, phone, person.person if person else None)


def phone_of(text: str) -> str:
    """A telephone number as cells hold it: wide digits, blanks inside and Excel's .0 at the end are no part of it."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).removesuffix(".0")


def is_phone(text: str) -> bool:
    """Whether a cell, as `phone_of` gives it, holds what an office writes for a telephone, or several with 、 between them.

    Mobile (13800138000), landline with its area code or without (010-65123456), 400 numbers, short ones inside the
    house (0001, 内线0001), each with an extension or without (65123456转801, 65123456-801).
    """
    numbers = re.split(r"[、/;,]", _DASHES.sub("-", text))
    return len(text) <= LONGEST_PHONE and all(_PHONE.fullmatch(number) for number in numbers)


def _check_phones(rows: Sequence[Filled], known: Register, problems: list[Problem]) -> None:
    """New telephones look like telephones; what is stored already is not asked again."""
    stored = {(r.person, r.phone) for filled in (*known.seats.values(), known.elsewhere) for r in filled}
    for line, entry in rows:
        new = bool(entry.name and entry.phone) and (entry.person, entry.phone) not in stored
        if new and not is_phone(entry.phone):
            problems.append(line.problem("电话", Message("roster.not_a_phone")))


def _check_same_person(rows: Sequence[Filled], problems: list[Problem]) -> None:
    """Somebody named twice in a unit has one division and one telephone."""
    first: dict[tuple[str, str], Filled] = {}
    for line, entry in rows:
        if entry.name:
            before, known = first.setdefault((entry.unit, entry.name), (line, entry))
            for column, old, new in (
                ("处室", known.division, entry.division),
                ("电话", known.phone, entry.phone),
            ):
                if old != new:
                    reason = Message(
                        "roster.differs", {"name": entry.name, "cell": before.cells.get(column, "")}
                    )
                    problems.append(line.problem(column, reason, old))


def _check_number(
    place: tuple[str, SeatName],
    lines: Sequence[Filled],
    before: Sequence[Registered],
    problems: list[Problem],
) -> None:
    """One principal, one A and one B to a unit; nobody twice in one post."""
    names: set[str] = set()
    stored = {registered.name for registered in before}
    wanted = {entry.name for _, entry in lines if entry.name}
    crowded = place[1] in ONE_PERSON and len(wanted) > 1 and wanted != stored
    for line, entry in lines:
        if entry.name in names:
            problems.append(line.problem("姓名", Message("roster.person_twice", {"name": entry.name})))
        elif entry.name and names and crowded:
            problems.append(line.problem("姓名", Message("roster.one_person", {"seat": place[1].value})))
        names |= {entry.name} - {""}


def _by_seat(rows: Sequence[Filled]) -> dict[tuple[str, SeatName], list[Filled]]:
    found: dict[tuple[str, SeatName], list[Filled]] = {}
    for line, entry in rows:
        found.setdefault((entry.unit, entry.seat), []).append((line, entry))
    return found


def _seat_changes(
    unit: str, leaving: Sequence[Registered], coming: Sequence[Filled], first: Line
) -> Iterator[Change]:
    for old, new in zip_longest(leaving, coming):
        line, name = (new[0], new[1].name) if new else (first, "")
        yield line.change("姓名", f"{unit} {line.texts['岗位']}", old.name if old else "", name)


def _detail_changes(known: Registered, entry: Entry, rows: Sequence[Filled]) -> Iterator[Change]:
    line = next(line for line, other in rows if other is entry)
    for column, before, after in (
        ("处室", known.division, entry.division),
        ("电话", known.phone, entry.phone),
    ):
        if before != after:
            yield line.change(column, known.name, before, after)
