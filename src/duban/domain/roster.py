"""The roster sheet (单位名录): what its rows say, what is wrong with them, cell by cell, and what they would change.

A sheet comes as plain rows of `(cell address, text)`; reading the file and writing the database is others' business.
The liaison register (联络员登记表) is in `roster_people`, on the same table reader (`roster_table`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from typing import Final, TypeVar

from duban.domain.messages import Message
from duban.domain.roster_owners import ORIGIN, Owners, ended
from duban.domain.roster_table import (
    Change,
    Line,
    Problem,
    Rows,
    date_of,
    fingerprint,
    folded,
    name_of,
    nearest,
    table,
)
from duban.domain.units import AddressManner, UnitKind
from duban.domain.words import WORDS

ROSTER_SHEET: Final = "单位名录"
MEMBER_SHEET: Final = "统称成员"
ROSTER_COLUMNS: Final = ("全称", "简称", "类别", "是否考核", "行文方式", "别名", "启用日期", ORIGIN)
MEMBER_COLUMNS: Final = ("统称", "成员")
KINDS: Final = {words[0]: UnitKind(kind) for kind, words in WORDS["unit"].items() if kind != "government"}
MANNERS: Final = {words[0]: AddressManner(manner) for manner, words in WORDS["manner"].items()}
YES, NO = frozenset("是√Yy1有"), frozenset("否×✕Nn0无")
W = TypeVar("W")
BREAKS: Final = re.compile(r"[；;\n]")


class SuccessionKind(StrEnum):
    """What may become of a unit."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    ABOLISH = "abolish"


@dataclass(frozen=True, slots=True)
class RosterUnit:
    """A unit as one row of the sheet; `since` is the day from which its present name is in use.

    `former` are names it had before: they still mean this unit, but the sheet does not show them. One that has ended
    (merged, abolished) on `ended_on` keeps its names and takes no row; `heir` is the unit in its place.
    """

    full_name: str
    name: str
    kind: UnitKind
    appraised: bool
    manner: AddressManner
    aliases: tuple[str, ...] = ()
    since: date | None = None
    former: tuple[str, ...] = ()
    ended_on: date | None = None
    heir: str = ""

    @property
    def ended(self) -> bool:
        """Whether it answers for itself no more."""
        return self.ended_on is not None

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Every printed form that means this unit."""
        return (self.name, self.full_name, *self.aliases, *self.former)


@dataclass(frozen=True, slots=True)
class Roster:
    """What the directory holds on a day: units by key, collectives by key with their names and members' keys."""

    units: Mapping[str, RosterUnit]
    groups: Mapping[str, RosterGroup]


@dataclass(frozen=True, slots=True)
class RosterGroup:
    """A collective: its usual name, other printed forms, keys of its members."""

    name: str
    aliases: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What taking the sheets over would do; nothing may be done while there are problems.

    `units` are the rows that are new or changed, by key; `members` the full new membership of changed collectives, by
    key; a key that the directory does not know yet is the name of something new.
    """

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    units: Mapping[str, RosterUnit]
    members: Mapping[str, tuple[str, ...]]

    @property
    def fingerprint(self) -> str:
        """The same changes have the same fingerprint; a page that showed them hands it back."""
        return fingerprint(self.changes)


def printed(unit: RosterUnit) -> tuple[str, ...]:
    """The unit as the cells of its row, in the order of `ROSTER_COLUMNS`; 原名称 is left for whoever renames it."""
    return (
        unit.full_name,
        unit.name,
        WORDS["unit"][unit.kind][0],
        "是" if unit.appraised else "否",
        WORDS["manner"][unit.manner][0],
        "；".join(unit.aliases),
        unit.since.isoformat() if unit.since else "",
        "",
    )


def roster_plan(sheets: Mapping[str, Rows], known: Roster) -> RosterPlan:
    """What the sheets would change in what is known.

    A sheet that is not there changes nothing; a unit or collective that no row names stays as it is.
    """
    problems: list[Problem] = []
    rows = list(_unit_rows(sheets, known, problems))
    _check_names(rows, known, problems)
    changes = [
        change for line, key, unit in rows for change in _unit_changes(line, known.units.get(key), unit)
    ]
    units = dict(known.units) | {key: unit for _, key, unit in rows}
    members: dict[str, tuple[str, ...]] = {}
    for key, lines in _member_rows(sheets, known, problems).items():
        wanted = _members(lines, (known.units, units), problems)
        if found := list(_member_changes(lines, wanted, known.groups.get(key), units)):
            changes += found
            members[key] = tuple(wanted)
        elif key not in known.groups:
            changes.append(lines[0].change("统称", key, "", key))
            members[key] = ()
    touched = {key: unit for _, key, unit in rows if known.units.get(key) != unit}
    return RosterPlan(tuple(changes), tuple(problems), touched, members)


def _unit_rows(
    sheets: Mapping[str, Rows], known: Roster, problems: list[Problem]
) -> Iterator[tuple[Line, str, RosterUnit]]:
    lines = list(table(ROSTER_SHEET, sheets, ("全称", "简称"), problems, needed=MEMBER_SHEET not in sheets))
    seen: dict[str, Line] = {}
    for line, found, problem in Owners(known.units).find(lines):
        if problem:
            problems.append(problem)
            continue
        key = found or _fresh_key(name_of(line.texts["简称"]), known)
        if key in seen:
            first = seen[key].cells["全称"]
            problems.append(line.problem("全称", Message("roster.twice", {"cell": first})))
            continue
        seen[key] = line
        if unit := _unit(line, known.units.get(key), problems):
            yield line, key, unit


def _fresh_key(name: str, known: Roster) -> str:
    """A key that no unit has: the name, unless a unit that was called so once keeps it as its key."""
    while name in known.units:
        name += "·"
    return name


def _unit(line: Line, known: RosterUnit | None, problems: list[Problem]) -> RosterUnit | None:
    before = len(problems)
    blank = [column for column in ("全称", "简称") if not line.texts[column]]
    problems.extend(line.problem(column, Message("roster.blank", {"column": column})) for column in blank)
    kind = _word(line, "类别", KINDS, known.kind if known else None, problems)
    manner = _word(line, "行文方式", MANNERS, known.manner if known else None, problems)
    appraised = _yes(line, known, problems)
    since = _since(line, known, problems)
    if len(problems) > before or kind is None or manner is None or appraised is None:
        return None
    name, full_name = name_of(line.texts["简称"]), name_of(line.texts["全称"])
    if known:
        name = known.name if folded(known.name) == folded(name) else name
        full_name = known.full_name if folded(known.full_name) == folded(full_name) else full_name
    former = known.former if known else ()
    unit = RosterUnit(full_name, name, kind, appraised, manner, (), since, former)
    return replace(unit, aliases=_aliases(line, known, unit))


def _aliases(line: Line, known: RosterUnit | None, unit: RosterUnit) -> tuple[str, ...]:
    old = known.aliases if known else ()
    if "别名" not in line.texts:
        return old
    spelt = {folded(text): text for text in old}
    own = {folded(text) for text in (unit.name, unit.full_name, *unit.former)}
    found = (name_of(part) for part in BREAKS.split(line.texts["别名"]))
    aliases = tuple(
        dict.fromkeys(spelt.get(folded(text), text) for text in found if text and folded(text) not in own)
    )
    return old if set(aliases) == set(old) else aliases


def _word(
    line: Line, column: str, words: Mapping[str, W], known: W | None, problems: list[Problem]
) -> W | None:
    text = name_of(line.texts.get(column, ""))
    if text in words:
        return words[text]
    if not text and known is not None:
        return known
    code = "roster.not_a_word" if text else "roster.blank"
    reason = Message(code, {"column": column, "words": "、".join(words)} if text else {"column": column})
    problems.append(line.problem(column, reason, nearest(text, words)))
    return None


def _yes(line: Line, known: RosterUnit | None, problems: list[Problem]) -> bool | None:
    text = name_of(line.texts.get("是否考核", ""))
    if not text:
        return known.appraised if known else True
    if text[0] in YES | NO and len(text) <= 3:
        return text[0] in YES
    problems.append(line.problem("是否考核", Message("roster.yes_or_no")))
    return None


def _since(line: Line, known: RosterUnit | None, problems: list[Problem]) -> date | None:
    if "启用日期" not in line.texts:
        return known.since if known else None
    text = line.texts["启用日期"].strip()
    day = date_of(text)
    if text and day is None:
        problems.append(line.problem("启用日期", Message("roster.not_a_date")))
    if known and known.former and day is None:
        return known.since
    later = known and (known.former or (known.name, known.full_name) != _names(line))
    if day and known and known.since and later and day < known.since:
        reason = Message("roster.rename_too_early", {"since": known.since.isoformat()})
        problems.append(line.problem("启用日期", reason))
    return day


def _names(line: Line) -> tuple[str, str]:
    return name_of(line.texts["简称"]), name_of(line.texts["全称"])


def _check_names(
    rows: Sequence[tuple[Line, str, RosterUnit]], known: Roster, problems: list[Problem]
) -> None:
    """A printed form means one unit or one collective of a government, and nothing else there."""
    named = {key for _, key, _ in rows}
    owners = {
        folded(text): (unit.name, key)
        for key, unit in known.units.items()
        if key not in named
        for text in unit.surfaces
    }
    groups = ((g.name, f"group:{key}", (g.name, *g.aliases)) for key, g in known.groups.items())
    owners |= {folded(text): (name, key) for name, key, texts in groups for text in texts}
    for line, key, unit in rows:
        for text in unit.surfaces:
            name, owner = owners.setdefault(folded(text), (unit.name, key))
            if owner != key:
                column = next((c for c in ("简称", "全称") if name_of(line.texts[c]) == text), "别名")
                problems.append(
                    line.problem(column, Message("roster.name_taken", {"name": text, "owner": name}))
                )


def _unit_changes(line: Line, known: RosterUnit | None, unit: RosterUnit) -> Iterator[Change]:
    if known is None:
        yield line.change("全称", unit.name, "", unit.full_name)
        return
    for column, before, after in zip(ROSTER_COLUMNS, printed(known), printed(unit), strict=True):
        if before != after:
            yield line.change(column, known.name, before, after)


def _member_rows(sheets: Mapping[str, Rows], known: Roster, problems: list[Problem]) -> dict[str, list[Line]]:
    """Rows by collective; a blank 统称 is the one above it, as in a merged cell."""
    keys = {folded(text): key for key, g in known.groups.items() for text in (g.name, *g.aliases)}
    found: dict[str, list[Line]] = {}
    above = ""
    for line in table(MEMBER_SHEET, sheets, MEMBER_COLUMNS, problems):
        above = name_of(line.texts["统称"]) or above
        if above:
            found.setdefault(keys.get(folded(above), above), []).append(line)
        else:
            problems.append(line.problem("统称", Message("roster.blank", {"column": "统称"})))
    return found


def _members(
    lines: Sequence[Line], rosters: Sequence[Mapping[str, RosterUnit]], problems: list[Problem]
) -> dict[str, Line]:
    """Keys of the members, each with the row that names it, by a name of before or of the sheet itself.

    One cell may hold several names.
    """
    inside = [(key, unit) for units in rosters for key, unit in units.items() if not unit.ended]
    owners = {folded(text): key for key, unit in inside for text in unit.surfaces}
    gone = {folded(text): unit for unit in rosters[0].values() if unit.ended for text in unit.surfaces}
    found: dict[str, Line] = {}
    for line in lines:
        for text in filter(None, map(name_of, BREAKS.split(line.texts["成员"]))):
            if key := owners.get(folded(text)):
                found.setdefault(key, line)
            elif unit := gone.get(folded(text)):
                problems.append(line.problem("成员", ended(text, unit), unit.heir))
            else:
                names = [unit.name for _, unit in inside]
                reason = Message("roster.no_such_unit", {"name": text})
                problems.append(line.problem("成员", reason, nearest(text, names)))
    return found


def _member_changes(
    lines: Sequence[Line],
    wanted: Mapping[str, Line],
    known: RosterGroup | None,
    units: Mapping[str, RosterUnit],
) -> Iterator[Change]:
    before = known.members if known else ()
    gone = [key for key in before if key not in wanted]
    come = [key for key in wanted if key not in before]
    subject = known.name if known else name_of(lines[0].texts["统称"])
    for old, new in zip_longest(gone, come, fillvalue=""):
        line = wanted[new] if new else lines[0]
        yield line.change("成员", subject, units[old].name if old else "", units[new].name if new else "")
