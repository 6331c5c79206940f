"""Units as the parser and the directory know them: names, collectives, and the codes that can be checked.

A directory file is TOML: one `[government]`, then `[[unit]]` and `[[group]]` tables. `directory_from` turns the loaded
mapping into an immutable `UnitDirectory`; reading the file is the caller's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class UnitKind(StrEnum):
    """The kinds of body a key-task list binds (practice of the reference list)."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"
    PARTY = "party"
    MASS = "mass"
    VERTICAL = "vertical"
    DISTRICT = "district"
    COMMITTEE = "committee"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    COORDINATION = "coordination"


class AddressManner(StrEnum):
    """How the office writes to a unit: 通知 within its command, 函 outside it, 商 to Party bodies."""

    NOTICE = "notice"
    LETTER = "letter"
    CONSULT = "consult"


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """One organisation. `key` is its stable name in the directory; `aliases` are other printed forms of it."""

    key: str
    name: str
    full_name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()
    area_code: str = ""
    credit_code: str = ""
    manner: AddressManner = AddressManner.NOTICE
    appraised: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Every printed form, short name first, without repeats."""
        return tuple(dict.fromkeys((self.name, self.full_name, *self.aliases)))


@dataclass(frozen=True, slots=True)
class GroupEntry:
    """A collective (各区政府). An open one (各相关单位) has no fixed members and asks a person."""

    key: str
    name: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    open: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every printed form, the usual one first."""
        return tuple(dict.fromkeys((self.name, *self.aliases)))


@dataclass(frozen=True, slots=True)
class UnitDirectory:
    """The units of one government on one day."""

    key: str
    government: str
    units: tuple[UnitEntry, ...]
    groups: tuple[GroupEntry, ...]
    short_name: str = ""
    area_code: str = ""

    def surfaces(self) -> Iterator[tuple[str, str, bool]]:
        """Every printed form with its key and whether it is a collective."""
        for unit in self.units:
            for name in unit.names:
                yield name, unit.key, False
        for group in self.groups:
            for name in group.names:
                yield name, group.key, True


class DirectoryFileError(ValueError):
    """The directory file cannot be used; `problems` says why, one sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = tuple(problems)


def directory_from(data: Mapping[str, Any], *, key: str) -> UnitDirectory:
    """A directory out of a loaded TOML mapping; raises DirectoryFileError with every problem found."""
    head = data.get("government", {})
    units = tuple(_unit(row) for row in data.get("unit", ()))
    groups = tuple(_group(row, units) for row in data.get("group", ()))
    directory = UnitDirectory(
        key, head.get("name", ""), units, groups, head.get("short_name", ""), head.get("area_code", "")
    )
    if problems := _problems(directory):
        raise DirectoryFileError(problems)
    return directory


def _unit(row: Mapping[str, Any]) -> UnitEntry:
    name = row.get("name", "")
    return UnitEntry(
        key=row.get("key", name),
        name=name,
        full_name=row.get("full_name", name),
        kind=UnitKind(row.get("kind", "department")),
        aliases=tuple(row.get("aliases", ())),
        area_code=row.get("area_code", ""),
        credit_code=row.get("credit_code", ""),
        manner=AddressManner(row.get("manner", "notice")),
        appraised=row.get("appraised", True),
    )


def _group(row: Mapping[str, Any], units: Sequence[UnitEntry]) -> GroupEntry:
    """Members are named one by one (`members`), or by kind (`kinds`), less those in `except`."""
    kinds, left_out = set(row.get("kinds", ())), set(row.get("except", ()))
    by_kind = [unit.key for unit in units if unit.kind in kinds and unit.key not in left_out]
    members = tuple(dict.fromkeys([*by_kind, *row.get("members", ())]))
    return GroupEntry(
        key=row.get("key", row.get("name", "")),
        name=row.get("name", ""),
        aliases=tuple(row.get("aliases", ())),
        members=members,
        open=row.get("open", False),
    )


def _problems(directory: UnitDirectory) -> list[str]:
    found = [] if directory.government else ["没有 [government] 的 name"]
    keys = {unit.key for unit in directory.units}
    owners: dict[str, str] = {}
    for name, key, _ in directory.surfaces():
        if not name:
            found.append(f"“{key}”有空的名称")
        if owners.setdefault(name, key) != key:
            found.append(f"名称“{name}”同时属于“{owners[name]}”和“{key}”")
    for unit in directory.units:
        if unit.area_code and not is_area_code(unit.area_code):
            found.append(f"“{unit.name}”的行政区划代码“{unit.area_code}”不合规则")
        if unit.credit_code and not is_credit_code(unit.credit_code):
            found.append(f"“{unit.name}”的统一社会信用代码“{unit.credit_code}”校验不符")
    for group in directory.groups:
        found.extend(f"“{group.name}”的成员“{m}”不在名录" for m in group.members if m not in keys)
        if not group.open and not group.members:
            found.append(f"统称单位“{group.name}”没有成员，也没有标明 open")
    return found


PROVINCES: Final = frozenset(
    (
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    )
)


def is_area_code(code: str) -> bool:
    """Whether a text has the form of a GB/T 2260 code: six digits under a known province number."""
    return len(code) == 6 and code.isascii() and code.isdigit() and code[:2] in PROVINCES


CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def is_credit_code(code: str) -> bool:
    """Whether an 18-character unified social credit code has its right check character (GB 32100-2015)."""
    if len(code) != 18 or any(c not in CREDIT_ALPHABET for c in code):
        return False
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return CREDIT_ALPHABET[(31 - total % 31) % 31] == code[17]
