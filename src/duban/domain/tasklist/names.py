"""Splits a printed list of units into names: what separates, what belongs to a name, what was left out and restored.

A delimiter inside a bracket, inside quotes, inside a joint name (市科委、中关村管委会) or inside a collective
(各市、县〔区〕人民政府) is no delimiter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from duban.domain.tasklist.normalise import clean, trim
from duban.domain.tasklist.patterns import Patterns
from duban.domain.tasklist.vocabulary import Vocabulary

if TYPE_CHECKING:
    from duban.domain.units import UnitDirectory

LONGEST_NAME = 36
_PIECES = re.compile(r"[（）《》“”，、；\n \t]")
_LEVELS, _NO_LEVELS = "省市区县州盟旗", "场域际容块监"
_LEVELS_BEFORE = {"民": "政宗族委航防革建盟进", "政": "府务协法"}
_AND_SO_ON = re.compile(r"等(?:有关|相关)?(?:单位|部门|地区|地方)?$")
_AND_SIGNS = "和及与暨或"
_LEADS = ("由", "请", "各由", "、", "，", "；", "：", "以及", "及", "和")
_LEADING = re.compile(r"^(?:由|请|各由|[、，；：\s]|以及|及|和)+(?=.)")


class Name(NamedTuple):
    """One name of a list: its place, whether 等 followed it, and whether the list was glued there."""

    start: int
    end: int
    and_so_on: bool = False
    glued: bool = False


class Directory(NamedTuple):
    """A unit directory made ready for searching: exact names, and all of them in one automaton."""

    keys: dict[str, tuple[str, bool]]
    automaton: Any

    def joined(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the longest known names stand in a text, left to right."""
        for _, start, end in self.automaton.find_matches_as_indexes(text):
            yield start, end


@lru_cache(maxsize=4)
def directory_index(directory: UnitDirectory) -> Directory:
    """The search index of a directory; names are compared without blanks and with one form of bracket."""
    import ahocorasick_rs  # a compiled library that a run without a directory never loads

    from duban.domain.tasklist.normalise import fold

    keys = {fold(clean(name)): (key, group) for name, key, group in directory.surfaces()}
    kind = ahocorasick_rs.MatchKind.LeftmostLongest
    return Directory(keys, ahocorasick_rs.AhoCorasick(list(keys), matchkind=kind))


class Splitter:
    """Splits lists of one document: knows its joint names, its words and its directory."""

    def __init__(
        self, words: Patterns, vocabulary: Vocabulary, joint: frozenset[str], directory: Directory | None
    ) -> None:
        self.words = words
        self.vocabulary = vocabulary
        self.joint = joint
        self.directory = directory
        self._joint = re.compile("|".join(map(re.escape, sorted(joint)))) if joint else None

    def split(self, folded: str, start: int, end: int) -> list[Name]:
        """The names between two places, in printed order."""
        start, end = trim(folded, start, end)
        if self.directory is None and _COMPLEX.search(folded, start, end) is None:
            return _on_commas(folded, start, end)
        names: list[Name] = []
        for left, right in _on_delimiters(folded, start, end, self._shields(folded, start, end)):
            names += self._names(folded, left, right)
        return names

    def _shields(self, folded: str, start: int, end: int) -> list[tuple[int, int]]:
        shields: list[tuple[int, int]] = []
        at = folded.find("各", start, end)
        if at >= 0 and any(folded.find(sign, at, end) >= 0 for sign in "、和及"):
            shields += [m.span() for m in self.words.joined_areas.finditer(folded, start, end)]
        if self._joint is not None:
            shields += [m.span() for m in self._joint.finditer(folded, start, end)]
        if self.directory is not None:
            for left, right in self.directory.joined(folded[start:end]):
                if right - left > 3 and _bounded(folded, start + left, start + right, start, end):
                    shields.append((start + left, start + right))
        return sorted(shields)

    def _names(self, folded: str, start: int, end: int) -> list[Name]:
        """One piece between delimiters: 等 dropped, 和 and 及 between whole names split."""
        piece = folded[start:end]
        if not any(sign in piece for sign in _AND_SIGNS):
            return self._one(folded, start, end)
        names: list[Name] = []
        cut = start
        for match in self.words.and_word.finditer(folded, start, end):
            if match.end() < end and not (self._known(folded, start, end)):
                names += self._one(folded, cut, match.start())
                cut = match.end()
        return names + self._one(folded, cut, end)

    def _known(self, folded: str, start: int, end: int) -> bool:
        return self.directory is not None and clean(folded[start:end]) in self.directory.keys

    def _one(self, folded: str, start: int, end: int) -> list[Name]:
        start, end = trim(folded, start, end)
        if folded[start:end].startswith(_LEADS) and (leading := _LEADING.match(folded[start:end])):
            start += leading.end()
        more = _AND_SO_ON.search(folded[start:end]) if folded.find("等", start, end) >= 0 else None
        if more is not None:
            end = start + more.start()
        start, end = trim(folded, start, end)
        if end <= start:
            return []
        if glued := self._glued(folded, start, end):
            return [
                Name(left, right, and_so_on=more is not None and right == end, glued=True)
                for left, right in glued
            ]
        return [Name(start, end, more is not None)]

    def _glued(self, folded: str, start: int, end: int) -> list[tuple[int, int]]:
        """Names printed without anything between them, when the directory proves it."""
        if self.directory is None or self._known(folded, start, end):
            return []
        found = [(start + a, start + b) for a, b in self.directory.joined(folded[start:end])]
        whole = found and found[0][0] == start and found[-1][1] == end
        touching = all(a[1] == b[0] for a, b in pairwise(found))
        return found if whole and touching and len(found) > 1 else []


_COMPLEX = re.compile(r"[、（）《》“”；\s及和与暨或等由请]")


def _on_commas(folded: str, start: int, end: int) -> list[Name]:
    """The usual case: nothing but names and commas."""
    names: list[Name] = []
    while start < end:
        stop = folded.find("，", start, end)
        stop = end if stop < 0 else stop
        if stop > start:
            names.append(Name(start, stop))
        start = stop + 1
    return names


def _bounded(folded: str, left: int, right: int, start: int, end: int) -> bool:
    before = left == start or folded[left - 1] in "，、；：（由 \n"
    return before and (right == end or folded[right] in "，、；） \n等牵配负按分和及")


def _on_delimiters(
    folded: str, start: int, end: int, shields: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Pieces between delimiters outside brackets, quotes and shields; a blank divides only whole names."""
    depth, cut, shield = 0, start, iter(shields)
    current = next(shield, None)
    for match in _PIECES.finditer(folded, start, end):
        at, sign = match.start(), match[0]
        while current is not None and current[1] <= at:
            current = next(shield, None)
        if current is not None and current[0] <= at:
            continue
        if sign in "（《“":
            depth += 1
        elif sign in "）》”":
            depth = max(0, depth - 1)
        elif (depth == 0 and sign in "，、；") or (depth == 0 and _divides(folded, cut, at, end)):
            yield cut, at
            cut = at + 1
    yield cut, end


_WHOLE = re.compile(r"[局委厅办部院会府司团行心门位处队](?:（[^（）]*）)?$")


def _divides(folded: str, cut: int, at: int, end: int) -> bool:
    """A blank between two whole names, as tables and flattened pages leave them."""
    following = folded[at:end].lstrip()[:3]
    if len(following) < 3 or following[0] not in "省市区县州各":
        return False
    if any(sign in "，、；" or sign.isspace() for sign in following[1:]):
        return False
    left = folded[cut:at].strip()
    return len(left) >= 3 and _WHOLE.search(left) is not None


def joint_names(lists: Sequence[str], vocabulary: Vocabulary) -> frozenset[str]:
    """Names with 、 inside, as this document proves them.

    Where ， separates names, 、 means something else: a pair that recurs, and whose halves never stand alone, is one
    name. Known joint names always count.
    """
    commas = sum(text.count("，") for text in lists)
    pauses = sum(text.count("、") for text in lists)
    known = frozenset(vocabulary.joined_names)
    if pauses == 0 or commas < 8 or commas < 4 * pauses:
        return known
    pairs: dict[str, int] = {}
    alone: set[str] = set()
    for text in lists:
        for piece in re.split("[，；\n]", text):
            name = clean(piece)
            if name.count("、") == 1:
                pairs[name] = pairs.get(name, 0) + 1
            alone.update(part for part in (name.split("、") if name.count("、") != 1 else ()))
    return known | {
        pair for pair, count in pairs.items() if count > 1 and not alone.intersection(pair.split("、"))
    }


def level_of(name: str) -> str:
    """The level of government that a name begins with, or nothing (市场监管局 has none)."""
    level, second, third = name[:1], name[1:2], name[2:3]
    if level not in _LEVELS or (second and second in _NO_LEVELS):
        return ""
    names_people = second in _LEVELS_BEFORE and (not third or third not in _LEVELS_BEFORE[second])
    return "" if names_people else level


class Restorer:
    """Restores the 市, 区, 省 that later names of a list leave out (区国税局、地税局)."""

    def __init__(self, vocabulary: Vocabulary, words: Patterns, places: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._words = words
        self._places = tuple(place for place in places if place)
        self._never = re.compile("|".join(map(re.escape, vocabulary.never_prefixed)))
        self._level = ""
        self._allowed: dict[str, bool] = {}  # the same few hundred names recur all through a list

    def restart(self) -> None:
        """A new list begins: nothing is carried over."""
        self._level = ""

    def expand(self, name: str, level: str) -> str | None:
        """The full name when `name` leaves out the prefix of an earlier one, else None."""
        if level:
            self._level = level
            return None
        if not self._level:
            return None
        if name not in self._allowed:
            self._allowed[name] = self._may(name)
        if not self._allowed[name]:
            return None
        party = any(name.endswith(organ) for organ in self._vocabulary.party_organs)
        return f"{self._level}{'委' if party else ''}{name}"

    def _may(self, name: str) -> bool:
        starts = self._vocabulary.never_prefixed_starts
        if name[0] in starts or self._words.collective.match(name) or self._never.search(name):
            return False
        if len(name) > 16 or name.startswith(self._places) or "、" in name:
            return False
        return name[-1] in "局委厅办部队心联院会站"
