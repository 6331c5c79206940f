"""Finds the quantities a government binds itself to, so that each can be given nodes, reports and a light."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from duban.domain.tasklist import targets_indicator as naming
from duban.domain.tasklist import targets_vocabulary as words
from duban.domain.tasklist.records import Target, TargetKind
from duban.domain.tasklist.targets_numbers import Quantity, quantities
from duban.domain.tasklist.targets_segments import Segment, Squashed, segments, squash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duban.domain.source import Span

_SHARED, _EACH, _RESPECTIVELY = "其中", "各", "分别"
_SHARES = ("含", "其中", "包括")
# How many segments or targets back a share may lie: more than any bracket of a real list holds.
_NEAR = 40
_JOINTS = "、，和及与"


def extract_targets(source: str, span: Span, /) -> tuple[Target, ...]:
    """Quantified targets of one task's text, in order of print; values as printed (5.5 with 万亩), spans in the source.

    A value is below zero only for 减N个基点 under the LPR. 各2家 gives one target for each named thing, with one span.
    Conventions: corpus README. Never raises.
    """
    squashed = squash(source, span)
    counted = [segment for segment in segments(squashed.text) if segment.numbers]
    found: list[tuple[Segment, int, Target]] = []
    for segment in sorted(counted, key=lambda one: one.start):
        bound = tuple(quantities(squashed.printed, squashed.text, segment))
        if bound:
            whole = _whole_of(segment, squashed.text, found)
            found += [
                (segment, quantity.end, target._replace(part_of=whole) if whole else target)
                for quantity, target in _targets(squashed, segment, bound)
            ]
    return tuple(sorted([target for _, _, target in found], key=lambda target: target.span))


def _whole_of(segment: Segment, text: str, found: list[tuple[Segment, int, Target]]) -> str | None:
    """（含…） and 其中… give a share of the target before them; other brackets explain, and share nothing."""
    outer, steps = segment, 0
    while outer.before is not None and steps < _NEAR:
        outer, steps = outer.before, steps + 1
    bracketed = segment.opener is not None and text.startswith(_SHARES, outer.start)
    if not bracketed and not text.startswith(_SHARED, segment.start):
        return None
    owners = (
        target.text
        for owner, end, target in reversed(found[-_NEAR:])
        if end <= segment.start and owner is not segment and (not bracketed or owner is segment.opener)
    )
    return next(owners, None)


def _targets(
    squashed: Squashed, segment: Segment, bound: tuple[Quantity, ...]
) -> list[tuple[Quantity, Target]]:
    made: list[tuple[Quantity, Target]] = []
    verb, noun = "", ""
    dealt: list[str] = []
    for number, (quantity, start, end) in enumerate(_pieces(squashed.text, segment, bound)):
        before = squashed.text[start : quantity.begin].lstrip(_JOINTS)
        after = quantity.named + squashed.text[quantity.end : end]
        if dealt and not before:
            quantity = quantity._replace(bounds=quantity.bounds or bound[number - 1].bounds)  # noqa: PLW2901
        if made and not after:
            bare = naming.is_bare_verb(before)
            before = (
                naming.without_verb_end(noun) if bare else verb * (not naming.leading_verb(before))
            ) + before
        noun = naming.indicator(
            before, after, naming.without_verb_end(noun) or _context(squashed.text, segment)
        )
        verb = verb or naming.leading_verb(before)
        names = [noun]
        if _EACH in quantity.taken and not after:
            names = naming.elements(before) or names
        elif _RESPECTIVELY in quantity.taken and not dealt:
            dealt = naming.elements(before)[: len(bound)]
        if len(dealt) == len(bound):
            names = [dealt[number]]
        target = _target(squashed, segment, quantity, (start, end), names[0])
        made.append((quantity, target))
        made += [(quantity, target._replace(indicator=name)) for name in names[1:]]
    return made


def _pieces(text: str, segment: Segment, bound: tuple[Quantity, ...]) -> Iterator[tuple[Quantity, int, int]]:
    """Share the words of a segment out among its quantities."""
    last = bound[-1].end if text[bound[-1].end : bound[-1].end + 1] in _JOINTS else segment.end
    edges = [segment.start, *(_edge(text, one, two) for one, two in pairwise(bound)), last]
    yield from zip(bound, edges, edges[1:], strict=False)


def _edge(text: str, one: Quantity, two: Quantity) -> int:
    """Where the words of one quantity end and those of the next begin, inside a comma segment."""
    if text[one.end : one.end + 1] in {"、", "和", "及", "，"}:
        return one.end
    for joint in ("、", "以及", "和", "及", "并", "与"):
        at = text.rfind(joint, one.end, two.begin)
        if at >= 0:
            return at
    return one.end


def _context(text: str, segment: Segment) -> str:
    before = segment.before or (segment.opener and segment.opener.before)
    return text[before.reach(before.end)[0] : before.end] if before else ""


def _target(
    squashed: Squashed, segment: Segment, quantity: Quantity, edges: tuple[int, int], indicator: str
) -> Target:
    """Make the target of one quantity and the words around it."""
    start, end = edges
    text = squashed.text
    start += naming.text_start(text[start : quantity.begin])
    if not naming.without_brackets(text[quantity.end : end]):
        end = quantity.end
    first, last = segment.reach(quantity.number)
    bounds = tuple(bound.value for bound in quantity.bounds)
    return Target(
        text=squashed.printed[start:end],
        span=squashed.span(start, end),
        indicator=indicator,
        comparator=quantity.comparator,
        value=quantity.value,
        unit=quantity.unit,
        value_max=quantity.value_max,
        period=next((word for word in words.PERIODS if word in text[first : quantity.number]), None),
        modifiers=bounds if len(bounds) > 1 else (),
        kind=_kind(quantity, text[first:last], _context(text, segment)),
    )


def _kind(quantity: Quantity, said: str, context: str) -> TargetKind:
    """Rates, caps, subsidies and terms of a policy are parameters; what the issuer delivers is a goal."""
    if quantity.measure in words.MONEY:
        terms, said = words.PARAMETER_MONEY, context + said
    elif quantity.measure in words.DURATIONS:
        if any(word in said for word in words.GOAL_TERM):
            return TargetKind.GOAL
        return TargetKind.PARAMETER
    elif quantity.measure in words.PER_CENT or quantity.measure.endswith(("百分点", "基点")):
        terms = words.PARAMETER_RATE
    else:
        return TargetKind.GOAL
    return TargetKind.PARAMETER if any(word in said for word in terms) else TargetKind.GOAL
