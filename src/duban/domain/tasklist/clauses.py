"""Cuts a task into its sub-items (任务分项), so that each commitment can be assigned, reported and closed by itself."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from duban.domain.tasklist import targets_vocabulary as words
from duban.domain.tasklist.records import Piece, piece
from duban.domain.tasklist.targets_segments import Segment, Squashed, segments, squash

if TYPE_CHECKING:
    from duban.domain.source import Span

_LONG_VERBS = tuple(verb for verb in words.OPENINGS if len(verb) > 1)


class _Clause:
    """The clause so far: where it begins, its last segment, and whether it begins like a commitment."""

    __slots__ = ("last", "opens", "start")

    def __init__(self, first: Segment, *, opens: bool) -> None:
        self.start = first.start
        self.last = first
        self.opens = opens


def split_clauses(source: str, span: Span, /) -> tuple[Piece, ...]:
    """Cut a task into its commitments: in order, disjoint, covering its text apart from the stops between them.

    A sentence ends a clause; a comma does where the next words open a commitment of their own: a verb of action or a
    quantity. Purposes (确保…, 提升…) stay with what they follow, openings (以…为抓手, 在…方面) with what they lead to.
    Brackets and quotes are never cut.
    """
    squashed = squash(source, span)
    text, opening = squashed.text, _opening()
    pieces: list[Piece] = []
    clause: _Clause | None = None
    for segment in segments(text):
        if segment.opener is not None:
            continue
        if segment.start < segment.end:
            found = opening.match(text, segment.start, segment.end)
            if clause is not None and not _divides(text, clause, segment, found):
                clause.last = segment
            else:
                if clause is not None:
                    pieces.append(_piece(squashed, clause))
                clause = _Clause(segment, opens=found is not None)
        if segment.ends_sentence and clause is not None:
            pieces.append(_piece(squashed, clause))
            clause = None
    return tuple(pieces)


def _piece(squashed: Squashed, clause: _Clause) -> Piece:
    start, end = clause.start, clause.last.end
    return piece((squashed.printed[start:end], squashed.span(start, end)))


def _divides(text: str, clause: _Clause, segment: Segment, found: re.Match[str] | None) -> bool:
    """Whether `segment` begins a commitment after the clause so far; `found` are its first words, if they open one."""
    last = clause.last
    if last.stop == "：" or not _is_whole(text, clause):
        return False
    if last.stop == "；":
        return True
    if found and found["result"]:
        return _is_counted(text, segment)
    if found and (found["lead"] or clause.opens or _names_verb(text, clause.start, last.end)):
        return True
    return _counts(last) or _is_counted(text, segment)


def _is_counted(text: str, segment: Segment) -> bool:
    return _counts(segment) or bool(_milestone().search(text, segment.start, segment.end))


def _is_whole(text: str, clause: _Clause) -> bool:
    """Tell a clause from an opening phrase (以…为抓手), which waits for what it leads to."""
    start, last = clause.start, clause.last
    if last.start > start or not text.startswith(words.LEADS, start, last.end):
        return True
    if text.endswith(words.HANGING, start, last.end):
        return False
    lead = max(len(word) for word in words.LEADS if text.startswith(word, start, last.end))
    return _counts(last) or _names_verb(text, start + lead, last.end)


def _names_verb(text: str, start: int, end: int) -> bool:
    part = text[start:end]
    return any(verb in part for verb in _LONG_VERBS)


def _counts(segment: Segment) -> bool:
    return bool(segment.numbers) and any(
        found.lastgroup == "number" and found["unit"] for found in segment.numbers
    )


@cache
def _opening() -> re.Pattern[str]:
    adverbs, verbs, results = (
        "|".join(sorted(many, key=len, reverse=True))
        for many in (words.ADVERBS, words.OPENINGS, words.RESULTS)
    )
    opening = rf"(?!{'|'.join(words.NO_OPENINGS)})(?:{adverbs}){{0,4}}(?:{verbs}|(?P<lead>{'|'.join(words.PREPOSITIONS)}))"
    return re.compile(rf"{opening}|(?P<result>{results})")


@cache
def _milestone() -> re.Pattern[str]:
    return re.compile("|".join(words.MILESTONES))
