"""Finds where a list says who does a task: label lines, and brackets of every shape, with or without a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from duban.domain.tasklist.patterns import Patterns
from duban.domain.tasklist.records import ColumnKind, Role
from duban.domain.tasklist.vocabulary import Vocabulary

LONGEST_BRACKET = 1200
_BRACKETS = re.compile("[（）]")


class Label(NamedTuple):
    """One label as printed: the role of its units, or the kind of column it would be in a table."""

    start: int
    end: int
    text: str
    role: Role | None
    kind: ColumnKind | None = None
    known: bool = True


class Zone(NamedTuple):
    """A stretch that assigns: from its bracket or label to its end. `end` of a bare label is provisional.

    `closed` says that a bracket bounds it; `broken` that its bracket never closes.
    """

    start: int
    end: int
    inner: int
    labels: tuple[Label, ...]
    closed: bool
    broken: bool = False

    @property
    def inner_end(self) -> int:
        """Where the content ends: before the closing bracket, if there is one."""
        return self.end - 1 if self.closed else self.end

    def ending(self, end: int) -> Zone:
        """The same zone with its true end."""
        return self._replace(end=end)

    @property
    def of_units(self) -> bool:
        """Whether it names units (and not only a leader, a time or a contact)."""
        for label in self.labels:
            if label.role is not None:
                return True
        return not self.labels


def find_zones(folded: str, words: Patterns, vocabulary: Vocabulary) -> list[Zone]:
    """Every assignment of the text in order, none inside another."""
    labels = _labels(folded, words, vocabulary)
    found = list(_labelled(folded, labels))
    taken = [(zone.start, zone.end) for zone in found if zone.closed]
    found += _unlabelled(folded, words, taken)
    found.sort(key=lambda zone: zone.start)
    return _apart(found)


def _labels(folded: str, words: Patterns, vocabulary: Vocabulary) -> list[Label]:
    """Known labels, then the same words without a colon, then words that only have the form of a label."""
    found = [
        _label(match, vocabulary)
        for start, end in _lines_with_colon(folded)
        for match in words.label.finditer(folded, start, end)
    ]
    more: list[Label] = []
    if not found or "（责任" in folded or "（牵头" in folded:
        more += [_plain(match, vocabulary) for match in words.plain_label.finditer(folded)]
    if folded.count("单位：") + folded.count("部门：") > len(found):
        more += _guessed(folded, words, {label.end for label in found})
    if not more:
        return found
    found += [label for label in more if not any(o.start < label.end and label.start < o.end for o in found)]
    return sorted(found, key=lambda label: label.start)


def _lines_with_colon(folded: str) -> Iterator[tuple[int, int]]:
    """A label stands in one line and ends with a colon, so that most lines need no search."""
    colon = folded.find("：")
    while colon >= 0:
        end = folded.find("\n", colon)
        end = len(folded) if end < 0 else end
        yield folded.rfind("\n", 0, colon) + 1, end
        colon = folded.find("：", end)


def _guessed(folded: str, words: Patterns, taken: set[int]) -> Iterator[Label]:
    for match in words.other_label.finditer(folded):
        stop = match.start() + len(match[0].rstrip())
        if stop not in taken and _names_organ(folded, match.end(), words):
            yield Label(match.start(), stop, match["any"], Role.MAIN, known=False)


def _names_organ(folded: str, at: int, words: Patterns) -> bool:
    first = re.split(r"[，、；。\s]", folded[at : at + 40], maxsplit=1)[0].rstrip("）")
    return words.organ.search(first) is not None or words.collective.match(first) is not None


def _plain(match: re.Match[str], vocabulary: Vocabulary) -> Label:
    role = vocabulary.label_roles[match["role"] or match["line_role"]]
    return Label(match.start(), match.end(), match[0].strip(" \t：（）"), role)


def _label(match: re.Match[str], vocabulary: Vocabulary) -> Label:
    text = match[0].rstrip(" \t：").strip()
    if other := match["other"]:
        return Label(match.start(), match.end(), text, None, vocabulary.other_labels[other])
    return Label(match.start(), match.end(), text, vocabulary.label_roles[match["role"]])


def _labelled(folded: str, labels: list[Label]) -> Iterator[Zone]:
    index = 0
    while index < len(labels):
        label = labels[index]
        opening = _opening(folded, label.start)
        if opening is None:
            end = labels[index + 1].start if index + 1 < len(labels) else len(folded)
            yield Zone(label.start, _before_opening(folded, end), label.end, (label,), closed=False)
            index += 1
            continue
        close = _closing(folded, opening)
        inside = [label]
        limit = close if close is not None else min(opening + LONGEST_BRACKET, len(folded))
        while index + len(inside) < len(labels):
            following = labels[index + len(inside)]
            if following.start >= limit:
                break
            if _opening(folded, following.start) is not None:
                close = None
                limit = min(limit, _before_opening(folded, following.start))
                break
            inside.append(following)
        index += len(inside)
        if (
            close is not None
            and close == folded.find("）", opening)
            and folded[label.end : close].strip() == ""
        ):
            limit, close = _after_heading_bracket(folded, labels, index, close), None
            yield Zone(opening, limit, folded.find("）", opening) + 1, tuple(inside), closed=False)
        elif close is not None:
            yield Zone(opening, close + 1, opening + 1, tuple(inside), closed=True)
        else:
            yield Zone(opening, limit, opening + 1, tuple(inside), closed=False, broken=True)


def _after_heading_bracket(folded: str, labels: list[Label], index: int, close: int) -> int:
    """【责任单位：】市财政局: the bracket holds only the label, the units follow it."""
    end = labels[index].start if index < len(labels) else len(folded)
    return max(close + 1, _before_opening(folded, end))


def _opening(folded: str, start: int) -> int | None:
    at = start - 1
    while at >= 0 and folded[at] in " \t":
        at -= 1
    return at if at >= 0 and folded[at] == "（" else None


def _before_opening(folded: str, at: int) -> int:
    opening = _opening(folded, at)
    return at if opening is None else opening


def _closing(folded: str, opening: int) -> int | None:
    depth = 0
    for bracket in _BRACKETS.finditer(folded, opening, min(opening + LONGEST_BRACKET, len(folded))):
        depth += 1 if bracket[0] == "（" else -1
        if depth == 0:
            return bracket.start()
    return None


def _unlabelled(folded: str, words: Patterns, taken: list[tuple[int, int]]) -> Iterator[Zone]:
    """Brackets that say in verbs who does it: （甲、乙牵头，丙配合）."""
    spans = iter(taken)
    current = next(spans, None)
    for match in words.verb_bracket.finditer(folded):
        while current is not None and current[1] <= match.start():
            current = next(spans, None)
        if current is not None and current[0] <= match.start():
            continue
        if _assigns(match["inside"], words):
            yield Zone(match.start(), match.end(), match.start() + 1, (), closed=True)


def _assigns(inside: str, words: Patterns) -> bool:
    """Whether verbs end the lists in a bracket, and what stands before them ends like organs do."""
    verbs = list(words.verb.finditer(inside))
    if not verbs or "。" in inside[: verbs[0].start()]:
        return False
    before = inside[: verbs[0].start()].rstrip()
    names = [name.strip() for name in re.split("[，、]", before)]
    fit = sum(1 for name in names if words.organ.search(name) or words.collective.search(name))
    return bool(before) and fit * 5 >= len(names) * 4 and all(len(name) <= 30 for name in names)


def _apart(zones: list[Zone]) -> list[Zone]:
    """A bare label runs at most to the next assignment."""
    result: list[Zone] = []
    for zone in zones:
        if result and result[-1].end > zone.start:
            if result[-1].closed:
                continue
            result[-1] = result[-1]._replace(end=zone.start)
        result.append(zone)
    return result
