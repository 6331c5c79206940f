"""What kind of task a text is (任务类型): it decides what is asked, how the light is found and how the task closes.

`propose` reads words, not meaning: a person at the office confirms. Sources of the types and of the examples behind the rules:
the key-task list 京政发〔2023〕8号. All searches are for fixed words or bounded patterns: time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from duban.domain import natures_vocabulary as words
from duban.domain.messages import Message


class Nature(StrEnum):
    """The eleven types, in the order in which pages show them."""

    QUANTIFIED = "quantified"
    PROJECT = "project"
    RULE = "rule"
    EVENT = "event"
    RECURRING = "recurring"
    FLOOR = "floor"
    STATISTIC = "statistic"
    UPWARD = "upward"
    STANDING = "standing"
    MULTI_YEAR = "multi_year"
    CITED_LIST = "cited_list"


NATURE_LABELS: Final[dict[Nature, tuple[str, str]]] = {
    Nature.QUANTIFIED: ("量化指标", "Quantified"),
    Nature.PROJECT: ("工程项目", "Project"),
    Nature.RULE: ("制度文件", "Rule or plan to issue"),
    Nature.EVENT: ("活动", "Event"),
    Nature.RECURRING: ("周期", "Recurring"),
    Nature.FLOOR: ("底线风险", "Floor"),
    Nature.STATISTIC: ("统计指标", "Official statistic"),
    Nature.UPWARD: ("争取报批", "Depends on a higher level"),
    Nature.STANDING: ("政治与常态", "Standing duty"),
    Nature.MULTI_YEAR: ("跨年", "Multi-year"),
    Nature.CITED_LIST: ("引用清单", "Points to another list"),
}
"""(中文, English) of every type."""


class Rhythm(StrEnum):
    """How often a task is reported on."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    AT_DATE = "at_date"


RHYTHM_LABELS: Final[dict[Rhythm, tuple[str, str]]] = {
    Rhythm.MONTHLY: ("按月", "Monthly"),
    Rhythm.QUARTERLY: ("按季度", "Quarterly"),
    Rhythm.YEARLY: ("按年", "Yearly"),
    Rhythm.AT_DATE: ("按活动日期", "At its date"),
}
"""(中文, English) of every rhythm."""

_USUAL: Final = {Nature.STANDING: Rhythm.YEARLY, Nature.EVENT: Rhythm.AT_DATE}

STAGES: Final[dict[Nature, tuple[tuple[str, str, str], ...]]] = {
    Nature.PROJECT: (
        ("initiated", "立项", "Initiated"),
        ("feasibility", "可研", "Feasibility study"),
        ("planning", "规划", "Planning"),
        ("started", "开工", "Construction started"),
        ("main_works", "主体", "Main works"),
        ("completed", "竣工", "Completed"),
        ("in_use", "投用", "In use"),
    ),
    Nature.RULE: (
        ("drafting", "起草", "Drafting"),
        ("consultation", "征求意见", "Consultation"),
        ("legal_review", "合法性审查", "Legal review"),
        ("deliberation", "审议", "Deliberation"),
        ("issued", "印发", "Issued"),
    ),
    Nature.EVENT: (("planned", "未举办", "Not yet held"), ("held", "已举办", "Held")),
}
"""(code, 中文, English) in order, for the types that go through stages."""


class Proposal(NamedTuple):
    """The type proposed for a text, the reason, and the further types its sub-items show (standing never among them)."""

    nature: Nature
    reason: Message
    others: tuple[Nature, ...] = ()


def usual_rhythm(nature: Nature) -> Rhythm:
    """The rhythm a task of this type starts with: standing yearly, an event at its date, all others quarterly."""
    return _USUAL.get(nature, Rhythm.QUARTERLY)


def propose(text: str, *, goals: int, year: int | None) -> Proposal:
    """The type of one text. `goals`: how many goal targets the parser found in it; `year`: the year of the list."""
    evidence = _gather(text, goals, year)
    for rule in _RULES:
        if word := rule.finds(evidence):
            params = {"count": goals} if rule.nature is Nature.QUANTIFIED else {"word": word}
            return Proposal(rule.nature, Message(rule.reason, params), _others(evidence, rule.nature))
    return Proposal(Nature.STANDING, Message("nature.standing"), _others(evidence, Nature.STANDING))


def propose_each(clauses: Sequence[tuple[str, int]], *, year: int | None) -> tuple[Proposal, ...]:
    """The type of each sub-item, given as (text, number of goal targets in it), in the given order."""
    return tuple(propose(text, goals=goals, year=year) for text, goals in clauses)


class _Mark(NamedTuple):
    clause: int
    word: str


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The clauses of a text, the words found for each type with the number of their clause, and the parser's goals."""

    clauses: tuple[str, ...]
    marks: dict[Nature, tuple[_Mark, ...]]
    political: tuple[_Mark, ...]
    goals: int

    def word(self, nature: Nature, before: int | None = None) -> str:
        """The first word found for a type, in the first `before` clauses; empty when there is none."""
        marks = self.marks[nature]
        return marks[0].word if marks and (before is None or marks[0].clause < before) else ""

    def share(self, nature: Nature) -> float:
        """The share of the clauses that show this type."""
        return len(self.marks[nature]) / len(self.clauses)


_CLAUSE_END: Final = re.compile(r"[，。；;！？\n]|(?<!\d),")
_CITED_COUNT: Final = re.compile(words.CITED_COUNT)
_YEARLY_REVIEW: Final = re.compile(words.YEARLY_REVIEWS)
_EVENT_DATED: Final = re.compile(words.EVENT_DATED)
_YEARS: Final = re.compile(r"(?<!\d)(20\d\d)年?[-—–－~～至到](20\d\d)(?!\d)")
_WORKS_LISTED: Final = re.compile(words.WORKS_LISTED)
_LONGEST_PROGRAMME: Final = 5
_MANY_WORKS: Final = 4
_STRAY: Final = 0.2
_WORD_LIMIT: Final = 20


def _gather(text: str, goals: int, year: int | None) -> _Evidence:
    clauses = tuple(part for part in (piece.strip() for piece in _CLAUSE_END.split(text)) if part) or ("",)
    finders: dict[Nature, Callable[[str], str]] = {
        Nature.PROJECT: _works,
        Nature.RULE: _document,
        Nature.EVENT: _event,
        Nature.RECURRING: lambda clause: _first(words.RECURRING, clause) or _match(_YEARLY_REVIEW, clause),
        Nature.FLOOR: lambda clause: _first(words.FLOOR, clause),
        Nature.STATISTIC: lambda clause: _first(words.STATISTICS, clause),
        Nature.UPWARD: _upward,
        Nature.MULTI_YEAR: lambda clause: _programme(clause, year),
        Nature.CITED_LIST: lambda clause: _first(words.CITED, clause) or _match(_CITED_COUNT, clause),
    }
    marks = {nature: _marks(find, clauses) for nature, find in finders.items()}
    return _Evidence(clauses, marks, _marks(lambda clause: _first(words.POLITICAL, clause), clauses), goals)


def _marks(find: Callable[[str], str], clauses: tuple[str, ...]) -> tuple[_Mark, ...]:
    return tuple(_Mark(number, word) for number, clause in enumerate(clauses) if (word := find(clause)))


def _first(candidates: Iterable[str], clause: str) -> str:
    return next((word for word in candidates if word in clause), "")


def _match(pattern: re.Pattern[str], clause: str) -> str:
    found = pattern.search(clause)
    return found[0][:_WORD_LIMIT] if found else ""


def _document(clause: str) -> str:
    return "" if _first(words.RULES_NOT, clause) else _first(words.RULES, clause)


def _works(clause: str) -> str:
    if stage := _first(words.WORKS_STAGES, clause):
        return stage
    if _first(words.WORKS_NOT, clause):
        return ""
    thing = _first(words.WORKS, clause)
    if "建设" in clause or "改造" in clause:
        return thing
    return "项目" if "项目" in clause and _first(words.WORKS_LOOSE, clause) else ""


def _event(clause: str) -> str:
    return _first(words.EVENT_NOUNS, clause) if _first(words.EVENT_VERBS, clause) else ""


def _upward(clause: str) -> str:
    pair = next((left for left, right in words.UPWARD_START if left in clause and right in clause), "")
    return _first(words.UPWARD, clause) or pair


def _programme(clause: str, year: int | None) -> str:
    """A programme that goes on after `year`: 三年行动, or years such as 2025-2027, unless the clause says it ends."""
    for found in _YEARS.finditer(clause):
        start, end = int(found[1]), int(found[2])
        if 0 < end - start <= _LONGEST_PROGRAMME:
            return found[0] if year is None or end > year else ""
    return "" if _first(words.PROGRAMME_ENDS, clause) else _first(words.PROGRAMMES, clause)


class _Rule(NamedTuple):
    """A type, the code of its reason, and the search that finds the word which proves it (empty: does not apply)."""

    nature: Nature
    reason: str
    finds: Callable[[_Evidence], str]


def _political(evidence: _Evidence) -> str:
    marks = evidence.political
    return marks[0].word if marks and (marks[0].clause == 0 or len(marks) > 1) else ""


def _statistic(evidence: _Evidence) -> str:
    """Half of the goals at least are official statistics; without a number, an aim set from above stands for it."""
    found = len(evidence.marks[Nature.STATISTIC])
    if evidence.goals:
        return evidence.word(Nature.STATISTIC) if 2 * found >= evidence.goals else ""
    aimed = any(
        _first(words.STATISTIC_AIMS, evidence.clauses[mark.clause])
        for mark in evidence.marks[Nature.STATISTIC]
    )
    return evidence.word(Nature.STATISTIC) if aimed else ""


def _floor(evidence: _Evidence) -> str:
    return evidence.word(Nature.FLOOR) if evidence.goals <= 1 else ""


def _recurring(evidence: _Evidence) -> str:
    return evidence.word(Nature.RECURRING, before=None if evidence.goals <= 1 else 1)


def _dated_event(evidence: _Evidence) -> str:
    return evidence.word(Nature.EVENT, before=1) if _EVENT_DATED.search(evidence.clauses[0]) else ""


def _multi_year(evidence: _Evidence) -> str:
    return evidence.word(Nature.MULTI_YEAR, before=2) if evidence.goals <= 1 else ""


def _dependent(evidence: _Evidence) -> str:
    if evidence.goals > 1:
        return ""
    return evidence.word(Nature.UPWARD, before=1 if evidence.goals else None)


def _works_first(evidence: _Evidence) -> str:
    """A single number among many works, or beside a stage of works, does not make a pace."""
    marks = evidence.marks[Nature.PROJECT]
    staged = any(mark.word in words.WORKS_STAGES for mark in marks)
    return marks[0].word if evidence.goals == 1 and (staged or len(marks) >= _MANY_WORKS) else ""


def _quantified(evidence: _Evidence) -> str:
    return "goals" if evidence.goals else ""


def _leading(evidence: _Evidence) -> Nature | None:
    """Of document, works and event the one with most clauses, on a tie the first; a stray one among many is none."""
    shown = [nature for nature in (Nature.RULE, Nature.PROJECT, Nature.EVENT) if _weighty(evidence, nature)]
    if not shown:
        return None
    return min(shown, key=lambda nature: (-len(evidence.marks[nature]), evidence.marks[nature][0].clause))


def _weighty(evidence: _Evidence, nature: Nature) -> bool:
    """A document always is, since it can always be checked; works and events when named first, often or by a list."""
    marks = evidence.marks[nature]
    if not marks or nature is Nature.RULE:
        return bool(marks)
    if nature is Nature.PROJECT and any(
        _WORKS_LISTED.search(evidence.clauses[mark.clause]) for mark in marks
    ):
        return True
    return len(marks) > 1 or marks[0].clause == 0 or evidence.share(nature) >= _STRAY


def _led_by(nature: Nature) -> Callable[[_Evidence], str]:
    return lambda evidence: evidence.word(nature) if _leading(evidence) is nature else ""


_RULES: Final = (
    _Rule(Nature.STANDING, "nature.political", _political),
    _Rule(Nature.CITED_LIST, "nature.cited_list", lambda evidence: evidence.word(Nature.CITED_LIST)),
    _Rule(Nature.STATISTIC, "nature.statistic", _statistic),
    _Rule(Nature.FLOOR, "nature.floor", _floor),
    _Rule(Nature.EVENT, "nature.event", _dated_event),
    _Rule(Nature.RECURRING, "nature.recurring", _recurring),
    _Rule(Nature.MULTI_YEAR, "nature.multi_year", _multi_year),
    _Rule(Nature.UPWARD, "nature.upward", _dependent),
    _Rule(Nature.PROJECT, "nature.project", _works_first),
    _Rule(Nature.QUANTIFIED, "nature.quantified", _quantified),
    _Rule(Nature.RULE, "nature.rule", _led_by(Nature.RULE)),
    _Rule(Nature.PROJECT, "nature.project", _led_by(Nature.PROJECT)),
    _Rule(Nature.EVENT, "nature.event", _led_by(Nature.EVENT)),
)
"""Tried in order; the first that finds its word decides."""


def _others(evidence: _Evidence, main: Nature) -> tuple[Nature, ...]:
    """What else the text shows. The number of a statistic or of a cited list is not a further target."""
    shown = {nature for nature, marks in evidence.marks.items() if marks}
    own = len(evidence.marks[main]) if main in (Nature.STATISTIC, Nature.CITED_LIST) else 0
    if evidence.goals > own:
        shown.add(Nature.QUANTIFIED)
    return tuple(nature for nature in Nature if nature in shown and nature is not main)
