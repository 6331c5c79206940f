"""Reads tables that were flattened into text: header names run together, cells glued to each other.

The numbers must follow each other exactly, because nothing else shows where a row begins; every unit found this way
is a guess and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from duban.domain.tasklist.assignments import Label, Zone
from duban.domain.tasklist.drafts import Cutter, Draft
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.normalise import trim
from duban.domain.tasklist.outline import CHAPTER, ITEM, Marker, candidates
from duban.domain.tasklist.records import ColumnKind, Matter, Role
from duban.domain.tasklist.structure import Chooser, Node, build
from duban.domain.tasklist.tables import ROLE_KINDS, column_kind
from duban.domain.tasklist.work import Work

FEWEST_COLUMNS = 3
_GLUE = re.compile(r"(?<=[局委厅办部院会府司心])(?=[省市区县州各])")
_TITLE = re.compile(r"[^\d.。]{0,40}")


def find_header(work: Work) -> list[tuple[int, int, ColumnKind]]:
    """Three or more column names in a row, at least one for tasks and one for units, or nothing."""
    words = sorted({*work.vocabulary.columns, *_unit_names(work)}, key=len, reverse=True)
    name = "|".join(map(re.escape, words))
    run = re.compile(rf"(?:(?:{name})[ \t/、]*){{{FEWEST_COLUMNS},}}").search(work.folded)
    if run is None:
        return []
    found = []
    pieces = re.compile(rf"(?:{name})(?:[/、](?:{name}|责任单位))*")
    for piece in pieces.finditer(work.folded, run.start(), run.end()):
        kind = column_kind(piece[0], work.words, work.vocabulary)
        if kind is not None:
            found.append((piece.start(), piece.end(), kind))
    kinds = {kind for _, _, kind in found}
    has_text = kinds.intersection((ColumnKind.TASK, ColumnKind.CONTENT))
    return found if len(found) >= FEWEST_COLUMNS and has_text and kinds.intersection(ROLE_KINDS) else []


def _unit_names(work: Work) -> Iterator[str]:
    nouns = ("单位", "部门")
    for role in work.vocabulary.label_roles:
        for noun in nouns:
            yield role + noun
            yield f"{role}/责任{noun}"


def read_flat(work: Work, header: list[tuple[int, int, ColumnKind]]) -> tuple[list[Node], list[Draft]]:
    """The tasks behind a flattened header."""
    start, end = header[0][0], header[-1][1]
    work.claims.append((start, end, Matter.LABEL, ""))
    work.findings.append(doubt("table_flattened", start, end))
    markers = list(_exact(work, end))
    roots = build(markers, [], _end(work, markers[-1].end if markers else end))
    Chooser(work.folded, work.words, ITEM, proven=True).choose(roots)
    for root in roots:
        root.role = "heading" if root.marker.rank == CHAPTER else root.role
    drafts = [
        _row(work, draft, {kind for _, _, kind in header})
        for draft in Cutter(work.text, work.folded).cut(roots)
    ]
    return roots, drafts


def _end(work: Work, start: int) -> int:
    """Where page debris begins after the table."""
    debris = work.words.debris.search(work.folded, start)
    return debris.start() if debris else len(work.folded)


def _exact(work: Work, start: int) -> Iterator[Marker]:
    """The numbers that continue their series exactly; a chapter printed again at a page break is left out."""
    item = chapter = 0
    seen: dict[int, str] = {}
    for marker, kind in candidates(work.folded):
        if marker.start < start or work.folded[marker.end : marker.end + 1].isdigit():
            continue
        title = _title(work.folded, marker.end)
        if kind == "chapter" and marker.value == chapter and seen.get(chapter) == title:
            stop = work.folded.find(f"{item + 1}.", marker.end, marker.end + 80)
            if stop > 0:
                work.claims.append((marker.start, stop, Matter.FURNITURE, "heading_repeated"))
                work.furniture.append((marker.start, stop))
                work.findings.append(doubt("heading_repeated", marker.start, stop, title=title))
        elif kind == "chapter" and marker.value == chapter + 1:
            chapter = marker.value
            seen[chapter] = title
            yield marker
        elif kind == "item" and marker.value == item + 1:
            item = marker.value
            yield marker


def _title(folded: str, at: int) -> str:
    found = _TITLE.match(folded, at)
    return found[0] if found else ""


def _row(work: Work, draft: Draft, kinds: set[ColumnKind]) -> Draft:
    """Text up to the last full stop; what follows is the cells of units."""
    start, end = draft.text
    for left, right in work.furniture:
        if start < left < end and right >= end:
            end = left
    stop = work.folded.rfind("。", start, end)
    number = draft.number
    if stop < 0 or stop + 1 >= end:
        return draft._replace(
            text=(start, end), findings=(doubt("columns_unclear", start, end, number, text=""),)
        )
    at, stop = trim(work.folded, stop + 1, end)
    empty_lead = work.folded[draft.text[0] : at][-1:].isspace()
    zones = tuple(_cells(work.folded, (at, stop), kinds, empty_lead=empty_lead))
    found = doubt("columns_unclear", at, stop, number, text=work.folded[at:stop][:40])
    return draft._replace(
        text=trim(work.folded, start, at), zones=zones, rest=(stop, stop), findings=(found,)
    )


def _cells(
    folded: str, place: tuple[int, int], kinds: set[ColumnKind], *, empty_lead: bool
) -> Iterator[Zone]:
    """Names before the last seam of the first piece lead; the rest is the other column."""
    start, end = place
    if ColumnKind.LEAD not in kinds or empty_lead:
        yield _zone(start, end, Role.MAIN)
        return
    first = min(
        (at for at in (folded.find("，", start, end), folded.find("、", start, end)) if at >= 0), default=end
    )
    seams = [seam.start() for seam in _GLUE.finditer(folded, start, first)]
    cut = start
    for seam in seams:
        yield _zone(cut, seam, Role.LEAD)
        cut = seam
    yield _zone(cut, end, Role.SUPPORT if seams else Role.MAIN)


def _zone(start: int, end: int, role: Role) -> Zone:
    return Zone(start, end, start, (Label(start, start, "", role),), closed=False)
