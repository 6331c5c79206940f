"""Cuts a task into its sub-items (任务分项), so that each commitment can be assigned, reported and closed by itself."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from duban.domain.tasklist import targets_vocabulary as words
from duban.domain.tasklist.records import Piece
from duban.domain.tasklist.targets_segments import Segment, Squashed, segments, squash

if TYPE_CHECKING:
    from duban.domain.source import Span


def split_clauses(source: str, span: Span, /) -> tuple[Piece, ...]:
    """Cut a task into its commitments: in order, disjoint, covering its text apart from the stops between them.

    A sentence ends a clause; a comma does where the next words open a commitment of their own: a verb of action or a
    quantity. Purposes (确保…, 提升…) stay with what they follow, openings (以…为抓手, 在…方面) with what they lead to.
    Brackets and quotes are never cut.
    """
    squashed = squash(source, span)
    text = squashed.text
    pieces: list[Piece] = []
    start = 0
    last: Segment | None = None
    for segment in segments(text):
        if segment.opener is not None:
            continue
        if segment.start < segment.end:
            if last is None:
                start = segment.start
            elif _opens(text, last, segment, start):
                pieces.append(_piece(squashed, start, last.end))
                start = segment.start
            last = segment
        if segment.ends_sentence and last is not None:
            pieces.append(_piece(squashed, start, last.end))
            last = None
    return tuple(pieces)


def _piece(squashed: Squashed, start: int, end: int) -> Piece:
    return Piece(squashed.printed[start:end], squashed.span(start, end))


def _opens(text: str, last: Segment, segment: Segment, start: int) -> bool:
    """Whether `segment` begins a commitment, given the clause so far, which `start` begins and `last` ends."""
    if last.stop == "：" or (not _is_whole(text, start, last)):
        return False
    if last.stop == "；":
        return True
    counted = _counts(segment) or bool(_milestone().search(text, segment.start, segment.end))
    found = _opening().match(text, segment.start, segment.end)
    if found and found["result"]:
        return counted
    if found:
        return counted or _counts(last) or bool(found["lead"]) or _has_verb(text, start, last.end)
    return counted or _counts(last)


def _is_whole(text: str, start: int, last: Segment) -> bool:
    """Tell a clause from an opening phrase (以…为抓手), which waits for what it leads to."""
    found = _leading().match(text, start, last.end)
    if not found or last.start > start:
        return True
    if text.endswith(words.HANGING, start, last.end):
        return False
    return _counts(last) or bool(_verb_within().search(text, found.end(), last.end))


def _has_verb(text: str, start: int, end: int) -> bool:
    return bool(_opening().match(text, start, end) or _verb_within().search(text, start, end))


def _counts(segment: Segment) -> bool:
    return any(found.lastgroup == "number" and found["unit"] for found in segment.numbers)


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


@cache
def _leading() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words.LEADS, key=len, reverse=True)))


@cache
def _verb_within() -> re.Pattern[str]:
    return re.compile(
        "|".join(sorted((verb for verb in words.OPENINGS if len(verb) > 1), key=len, reverse=True))
    )
