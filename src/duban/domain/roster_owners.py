"""Which unit a row of the roster sheet is about: by its present names, by the name it had, or a question for the office."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from duban.domain.messages import Message
from duban.domain.roster_table import Line, Problem, date_of, folded, name_of, nearest

if TYPE_CHECKING:
    from duban.domain.roster import RosterUnit

ORIGIN: Final = "原名称"
FOUNDED: Final = frozenset({"新设", "新单位", "无"})
NAMES: Final = ("全称", "简称")
MOST_MISSING: Final = 3


class Found(NamedTuple):
    """The key of the unit a row is about, None for a new one; `problem` where that cannot be said."""

    line: Line
    key: str | None = None
    problem: Problem | None = None


def ended(name: str, unit: RosterUnit) -> Message:
    """What became of a unit that a sheet still names."""
    on = unit.ended_on.isoformat() if unit.ended_on else ""
    params = {"name": name, "on": on, "into": unit.heir}
    return Message("roster.ended_into" if unit.heir else "roster.ended", params)


class Owners:
    """The units of a directory by every printed form; a present name comes before other forms, those in force before others."""

    def __init__(self, units: Mapping[str, RosterUnit]) -> None:
        self.units = units
        last = sorted(units.items(), key=lambda row: not row[1].ended)
        self.present = {folded(text): key for key, unit in last for text in (unit.name, unit.full_name)}
        self.former = {folded(text): key for key, unit in last for text in unit.former}
        aliases = {folded(text): key for key, unit in last for text in unit.aliases}
        self.every = aliases | self.former | self.present

    def find(self, lines: Sequence[Line]) -> list[Found]:
        """For each row its unit. A row without one is a question while units have no row: it may be one of them renamed."""
        rows = [self._row(line) for line in lines]
        named = {row.key for row in rows if row.key}
        return [self._asked(row, named) if row.key is None and not row.problem else row for row in rows]

    def _row(self, line: Line) -> Found:
        places = {column: self.present.get(folded(line.texts[column])) for column in NAMES}
        found = {key: column for column, key in places.items() if key is not None}
        origin = name_of(line.texts.get(ORIGIN, ""))
        if len(found) > 1:
            return Found(line, None, line.problem("简称", Message("roster.two_units")))
        if origin and origin not in FOUNDED:
            return self._renamed(line, origin, next(iter(found), None))
        key, column = next(iter(found.items()), (None, "简称"))
        return self._in_force(line, key, column)

    def _renamed(self, line: Line, origin: str, found: str | None) -> Found:
        key = self.every.get(folded(origin))
        if key is None:
            near = nearest(origin, [unit.name for unit in self.units.values() if not unit.ended])
            return Found(
                line, None, line.problem(ORIGIN, Message("roster.no_such_unit", {"name": origin}), near)
            )
        if found not in (None, key):
            return Found(
                line, None, line.problem(ORIGIN, Message("roster.origin_is_other", {"name": origin}))
            )
        if not self.units[key].ended and self._needs_a_day(line, self.units[key]):
            return Found(line, None, line.problem("启用日期", Message("roster.rename_needs_a_day")))
        return self._in_force(line, key, ORIGIN)

    @staticmethod
    def _needs_a_day(line: Line, unit: RosterUnit) -> bool:
        day = date_of(line.texts.get("启用日期", ""))
        names = [folded(line.texts[column]) for column in NAMES]
        return names != [folded(unit.full_name), folded(unit.name)] and day in (None, unit.since)

    def _in_force(self, line: Line, key: str | None, column: str) -> Found:
        if key is not None and self.units[key].ended:
            said = name_of(line.texts[column])
            return Found(line, key, line.problem(column, ended(said, self.units[key]), self.units[key].heir))
        return Found(line, key)

    def _asked(self, row: Found, named: Collection[str]) -> Found:
        """A row whose names belong to no unit now: a name of before, an ended unit, perhaps a rename, or something new."""
        line = row.line
        for column in NAMES:
            text = name_of(line.texts[column])
            key = self.former.get(folded(text))
            if key is not None and self.units[key].ended:
                return self._in_force(line, key, column)
            if key is not None:
                now = {"name": text, "now": self.units[key].name}
                return row._replace(
                    problem=line.problem(column, Message("roster.former_name", now), now["now"])
                )
        missing = [key for key, unit in self.units.items() if not unit.ended and key not in named]
        texts = [name_of(line.texts[column]) for column in NAMES]
        if not missing or not all(texts) or name_of(line.texts.get(ORIGIN, "")) in FOUNDED:
            return row
        near = self._likely(texts, missing)
        names = [near] if near else [self.units[key].name for key in missing[:MOST_MISSING]]
        more = "等" if not near and len(missing) > MOST_MISSING else ""
        reason = Message("roster.rename_or_new", {"missing": f"“{'”“'.join(names)}”{more}"})
        return row._replace(problem=line.problem("简称", reason))

    def _likely(self, texts: Sequence[str], missing: Sequence[str]) -> str:
        """The unit without a row that a new name is an alias of or most like, "" where none is near."""
        forms = {text: key for key in missing for text in self.units[key].surfaces}
        alias = next((key for text in texts if (key := self.every.get(folded(text))) in missing), None)
        near = next((form for text in texts if (form := nearest(text, forms))), "")
        key = alias or forms.get(near)
        return self.units[key].name if key else ""
