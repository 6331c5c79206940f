"""Reads one assignment into units with roles, leaders, time limit and fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from duban.domain.source import Span, spanning
from duban.domain.tasklist.assignments import Label, Zone
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.names import LONGEST_NAME, Name, Restorer, Splitter, level_of
from duban.domain.tasklist.normalise import clean, fold, trim
from duban.domain.tasklist.records import ColumnKind, Field, Finding, Piece, PrintedUnit, Role

LEADER_KINDS = (ColumnKind.CITY_LEADER, ColumnKind.RESPONSIBLE_LEADER)
_DIRECTIVES = ("下同", "以下", "不再", "详见", "首位", "第一位", "均需", "均为")
_TIME = re.compile(
    r"年内|全年|年底|月底|季度|\d{1,2}月|\d{1,2}日|前完成|完成$|持续(?:推进|实施)|长期(?:坚持|推进)"
)
_ORGANS, _LEVELS = "局委厅办", "省市区县"
_CLAUSES = re.compile("[；。（）]")
_BLANKS = re.compile(r"\s+")
FULL_LINE = 24  # a list that fills its line may go on in the next
_DATE = re.compile(r"\s*[12]\d{3}年")


class Assignment:
    """What one assignment says. `claimed` are the ranges of names; `directives` say something about other tasks."""

    def __init__(self) -> None:
        self.units: list[PrintedUnit] = []
        self.leaders: list[Piece] = []
        self.fields: list[Field] = []
        self.deadline: Span | None = None
        self.claimed: list[Span] = []
        self.directives: list[Span] = []
        self.lost: list[Span] = []
        self.findings: list[Finding] = []


class Facts(NamedTuple):
    """What a printed name says by itself, wherever it stands."""

    text: str
    folded: str
    key: str | None
    group: bool
    collective: bool
    refused: str
    doubt: str
    empty: bool
    level: str


class Reader:
    """Reads the assignments of one document."""

    def __init__(self, source: str, folded: str, splitter: Splitter, restorer: Restorer) -> None:
        self.source = source
        self.folded = folded
        self.splitter = splitter
        self.restorer = restorer
        self.first_leads = False  # set when the notice itself says so
        self._facts: dict[str, Facts] = {}
        self._own_role = re.compile(
            f"（(?P<verb>{'|'.join(sorted(splitter.vocabulary.verbs, key=len, reverse=True))})(?:单位)?）$"
        )

    def read(self, zone: Zone) -> Assignment:
        """Everything the zone says; what it cannot read is in `lost`, never dropped."""
        result = Assignment()
        self.restorer.restart()
        for label, start, end in self._parts(zone):
            if label is not None and label.role is None:
                self._other(label, start, end, result)
            else:
                self._units(label, start, end, result)
        if self.first_leads:
            _promote_first(result)
        return result

    def _parts(self, zone: Zone) -> Iterator[tuple[Label | None, int, int]]:
        if not zone.labels:
            yield None, zone.inner, zone.inner_end
            return
        labels = zone.labels
        if zone.closed and labels[0].start - zone.inner > 1:
            yield None, zone.inner, labels[0].start
        for index, label in enumerate(labels):
            if label.start >= zone.inner_end:  # an unclosed bracket was cut short by the next number
                return
            end = labels[index + 1].start if index + 1 < len(labels) else zone.inner_end
            start = max(label.end, zone.inner) if index == 0 else label.end
            yield label, start, min(end, zone.inner_end)

    def _other(self, label: Label, start: int, end: int, result: Assignment) -> None:
        start, end = trim(self.folded, start, end)
        while end > start and self.folded[end - 1] in "。；，、":
            end -= 1
        if end <= start or label.kind is None:
            return
        span = Span(start, end)
        result.claimed.append(span)
        if label.kind == ColumnKind.DEADLINE:
            result.deadline = span
        if label.kind in LEADER_KINDS:
            for match in re.finditer(r"[^、，；\s]+", self.folded[start:end]):
                piece = Span(start + match.start(), start + match.end())
                result.leaders.append(Piece(clean(piece.of(self.source)), piece))
        result.fields.append(Field(label.kind, clean(span.of(self.source)), span))

    def _units(self, label: Label | None, start: int, end: int, result: Assignment) -> None:
        if label is not None and not label.known:
            result.findings.append(doubt("label_unknown", label.start, label.end, text=label.text))
        for left, right in _clauses(self.folded, start, end):
            if self.first_leads and self.splitter.words.first_is_lead.search(self.folded, left, right):
                result.directives.append(Span(left, right))
            else:
                self._clause(label, left, right, result)

    def _clause(self, label: Label | None, start: int, end: int, result: Assignment) -> None:
        """Lists before a role verb take its role; what follows the last verb takes the role of the label."""
        at = start
        verbs = self.splitter.vocabulary.verbs
        last: Role | None = None
        if self.splitter.words.any_verb.search(self.folded, start, end) is None:
            role = label.role if label is not None and label.role is not None else Role.MAIN
            self._list(label, role, (start, end), result)
            return
        for verb in self.splitter.words.verb.finditer(self.folded, start, end):
            if self.folded.count("（", at, verb.start()) != self.folded.count("）", at, verb.start()):
                continue
            if _TIME.search(self.folded, max(at, self.folded.rfind("，", at, verb.start())), verb.end()):
                continue
            role = last = verbs[verb["verb"]]
            if label is not None and label.role is Role.SUPPORT and role is Role.MAIN:
                role = Role.SUPPORT
            self._list(label, role, (at, verb.start()), result)
            if verb[0].startswith("等"):
                result.findings.append(doubt("list_open_ended", at, verb.end(), name="等"))
            at = verb.end()
        rest = label.role if label is not None and label.role is not None else Role.MAIN
        if last is not None and rest is Role.LEAD:
            rest = Role.MAIN
        self._list(label, rest, (at, end), result)

    def _list(self, label: Label | None, role: Role, place: tuple[int, int], result: Assignment) -> None:
        start, end = place
        together = self.folded.find("会同", start + 2, end)
        if together > 0:
            self._list(label, Role.LEAD, (start, together), result)
            self._list(label, Role.SUPPORT, (together + 2, end), result)
            return
        for name in self.splitter.split(self.folded, start, end):
            self._name(name, label, role, result)

    def _name(self, name: Name, label: Label | None, role: Role, result: Assignment) -> None:
        start, end = name.start, name.end
        if self.folded[end - 1] == "）":
            own = self._own_role.search(self.folded, start, end)
            if own is not None and own.end() == end:
                role, end = self.splitter.vocabulary.verbs[own["verb"]], own.start()
        if end <= start:
            return
        raw = self.source[start:end]
        facts = self._facts.get(raw)
        if facts is None:  # the same few hundred names recur all through a list
            facts = self._facts[raw] = self._judge(raw)
        if facts.empty:
            return
        span = spanning((start, end))
        if facts.refused:
            _refuse(facts, span, result)
            return
        result.claimed.append(span)
        expanded = self.restorer.expand(facts.folded, facts.level)
        key, group = facts.key, facts.group
        if key is None and expanded is not None and self.splitter.directory is not None:
            key, group = self.splitter.directory.keys.get(expanded, (None, False))
        printed = label.text if label is not None else ""
        collective = group or (key is None and facts.collective)
        result.units.append(PrintedUnit(facts.text, role, printed, span, expanded, key, collective))
        if (
            facts.doubt
            or expanded is not None
            or name.and_so_on
            or name.glued
            or self.splitter.directory is not None
        ):
            self._doubts(name, result.units[-1], facts, result)

    def _judge(self, raw: str) -> Facts:
        """What is known of a printed name by itself."""
        text = clean(raw)
        folded = fold(text)
        words, directory = self.splitter.words, self.splitter.directory
        key, group = None, False
        if directory is not None:
            for form in (folded, re.sub("（[^（）]*）$", "", folded)):
                if form in directory.keys:
                    key, group = directory.keys[form]
                    break
        refused = "units_not_understood" if len(folded) > LONGEST_NAME else ""
        if key is None and any(word in folded for word in _DIRECTIVES):
            refused = "directive_in_units"
        elif key is None and _TIME.search(folded):
            refused = "time"
        collective = group or words.collective.match(folded) is not None
        found = ""
        if collective and words.open_collective.search(folded):
            found = "open_collective"
        elif folded in self.splitter.joint:
            found = "name_joint"
        elif key is None and not collective and (words.organ.search(folded) is None or _has_seam(folded)):
            found = "name_unusual"
        empty = not folded.strip("。：；，、（）-—.")
        return Facts(text, folded, key, group, collective, refused, found, empty, level_of(folded))

    def _doubts(self, name: Name, unit: PrintedUnit, facts: Facts, result: Assignment) -> None:
        codes = [facts.doubt] if facts.doubt else []
        if self.splitter.directory is not None and unit.unit is None:
            codes = ["unit_unknown"]
        elif unit.unit is not None and facts.doubt == "name_unusual":
            codes = []
        if unit.expanded is not None:
            codes.append("prefix_restored")
        if name.and_so_on:
            codes.append("list_open_ended")
        if name.glued:
            codes.append("units_glued")
        for code in codes:
            shown = "等" if code == "list_open_ended" else unit.name
            result.findings.append(doubt(code, unit.span.start, unit.span.end, name=shown))


def _refuse(facts: Facts, span: Span, result: Assignment) -> None:
    """What stands among the names and is none: a time limit, a word to the reader, or something not understood."""
    if facts.refused == "time":
        result.deadline = result.deadline or span
        result.claimed.append(span)
    elif facts.refused == "directive_in_units":
        result.directives.append(span)
    else:
        result.lost.append(span)
        result.findings.append(doubt(facts.refused, *span, text=facts.text[:40]))


def _has_seam(name: str) -> bool:
    """Two names, the comma between them lost (市发展改革委市财政局)."""
    seam = max(name.rfind(level, 0, len(name) - 1) for level in _LEVELS)
    return seam > 0 and name[seam - 1] in _ORGANS and name[-1] in _ORGANS and len(name) - seam > 4


def _promote_first(result: Assignment) -> None:
    if result.units and all(unit.role is Role.MAIN for unit in result.units):
        first = result.units[0]
        result.units[0] = PrintedUnit(
            first.name, Role.LEAD, first.label, first.span, first.expanded, first.unit, first.collective
        )


def _clauses(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    depth, cut = 0, start
    for match in _CLAUSES.finditer(folded, start, end):
        if match[0] == "（":
            depth += 1
        elif match[0] == "）":
            depth = max(0, depth - 1)
        elif depth == 0:
            if match.start() > cut:
                yield cut, match.start()
            cut = match.end()
    if end > cut:
        yield cut, end


def bare_end(zone: Zone, folded: str, limit: int, splitter: Splitter) -> int:
    """Where a list without a closing bracket ends: at a full stop, or at a blank after which no unit follows."""
    stop = folded.find("。", zone.inner, limit)
    end = limit if stop < 0 else stop + 1
    for blank in _BLANKS.finditer(folded, zone.inner, end):
        left, right = blank.start(), blank.end()
        if left <= zone.labels[-1].end or right >= end:
            continue
        if folded[left - 1] in "，、；：（" or folded[right] in "，、；）":
            continue
        if not _goes_on(folded, (zone.inner, left, right, end), splitter, zone.of_units):
            return left
    return end


def _goes_on(folded: str, place: tuple[int, int, int, int], splitter: Splitter, of_units: bool) -> bool:  # noqa: FBT001
    start, left, right, end = place
    if not of_units:
        return False
    before = re.split("[，、；：\n]", folded[max(start, left - LONGEST_NAME) : left])[-1].strip()
    chunk = _BLANKS.split(folded[right:end], maxsplit=1)[0]
    first = re.split("[，、；。]", chunk)[0]
    fits = splitter.words.organ.search(first) is not None or splitter.words.verb.search(first) is not None
    if not fits or len(first) > 24:
        return False
    if _DATE.match(folded, right + len(chunk), end + 12):
        return False
    if "\n" not in folded[left:right]:
        return True
    line = left - (folded.rfind("\n", 0, left) + 1)
    return splitter.words.organ.search(before) is None or line >= FULL_LINE
