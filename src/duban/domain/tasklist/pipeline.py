"""The stages of the parser in their order: official text in, task list out, every doubt and every character accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from duban.domain.tasklist import frontmatter
from duban.domain.tasklist.assignments import Zone, find_zones
from duban.domain.tasklist.checks import check_numbers, check_tasks, check_text, merge_notes
from duban.domain.tasklist.claims import claim_front, claim_headings, claim_rest
from duban.domain.tasklist.coverage import partition
from duban.domain.tasklist.drafts import Cutter, Draft, unnumbered
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.names import Restorer, Splitter, directory_index, joint_names
from duban.domain.tasklist.normalise import fold
from duban.domain.tasklist.outline import Marker, find_markers
from duban.domain.tasklist.patterns import patterns
from duban.domain.tasklist.reading import Reader, bare_end
from duban.domain.tasklist.records import ColumnKind, Matter, ParsedList
from duban.domain.tasklist.structure import Chooser, Node, build, task_rank
from duban.domain.tasklist.vocabulary import DEFAULT, Vocabulary
from duban.domain.tasklist.work import Work

if TYPE_CHECKING:
    from duban.domain.source import SourceText
    from duban.domain.tasklist.tables import Table
    from duban.domain.units import UnitDirectory

LONGEST_LIST = 400
FEWEST_QUOTES = 8


def parse(
    source: SourceText,
    *,
    directory: UnitDirectory | None = None,
    columns: Mapping[int, ColumnKind] | None = None,
    vocabulary: Vocabulary = DEFAULT,
) -> ParsedList:
    """The task list of a document; never raises on bad text.

    What it doubts is a finding, what it cannot place is reported as unconsumed. `columns` maps table columns (from 1)
    to their meaning when a person has decided it.
    """
    work = Work(source, fold(source.text), vocabulary, patterns(vocabulary))
    if _is_script(work.folded):
        return _parse_script(work, directory)
    tables = _tables(work, columns or {})
    zones = _zones(work, tables)
    markers = _markers(work, zones, tables)
    lists = [work.folded[z.inner : min(z.inner_end, z.inner + LONGEST_LIST)] for z in zones]
    lists += [work.folded[cell.start : cell.end] for table in tables for cell in table.unit_cells()]
    splitter = _splitter(work, lists, directory)
    zones = _bounded(work, zones, markers, splitter)
    roots = build(markers, zones, len(work.folded))
    drafts = _drafts(work, roots, zones, tables)
    front = frontmatter.read_front(work.text, work.folded, work.list_start(drafts, roots, tables))
    _prepare(work, splitter, front)
    work.headings_of(roots)
    work.read(drafts)
    if tables:
        from duban.domain.tasklist.rows import read_tables

        drafts += read_tables(work, tables)
        work.tables_end = tables[-1].end
    work.tasks.sort(key=lambda task: task.span.start)
    return _finish(work, front, roots, drafts)


def _parse_script(work: Work, directory: UnitDirectory | None) -> ParsedList:
    from duban.domain.tasklist.objects import read_objects, title_of

    front = frontmatter.Front(title=title_of(work))
    _prepare(work, _splitter(work, [], directory), front)
    return _finish(work, front, [], read_objects(work))


def _splitter(work: Work, lists: Sequence[str], directory: UnitDirectory | None) -> Splitter:
    index = directory_index(directory) if directory is not None else None
    return Splitter(work.words, work.vocabulary, joint_names(lists, work.vocabulary), index)


def _prepare(work: Work, splitter: Splitter, front: frontmatter.Front) -> None:
    """The reader of assignments, which needs the names, the issuer's place and the notice's own rule."""
    places = (front.issuer[:2], front.issuer[:3])
    work.reader = Reader(work.text, work.folded, splitter, Restorer(work.vocabulary, work.words, places))
    rule = work.words.first_is_lead.search(work.folded)
    if rule is not None:
        work.reader.first_leads = True
        work.findings.append(doubt("first_listed_leads", rule.start(), rule.end()))
    work.year = front.year


def _is_script(folded: str) -> bool:
    """Most documents have no quoted keys at all, and never load the reader of scripts."""
    if folded.count('"') + folded.count("'") < FEWEST_QUOTES:
        return False
    from duban.domain.tasklist.objects import looks_like_script

    return looks_like_script(folded)


def _tables(work: Work, columns: Mapping[int, ColumnKind]) -> Sequence[Table]:
    if "\t" not in work.text and not any(block.table for block in work.document.blocks):
        return ()
    from duban.domain.tasklist.tables import find_tables

    return find_tables(work, columns)


def _zones(work: Work, tables: Sequence[Table]) -> list[Zone]:
    found = find_zones(work.folded, work.words, work.vocabulary)
    return [zone for zone in found if not any(t.start <= zone.start < t.end for t in tables)]


def _markers(work: Work, zones: Sequence[Zone], tables: Sequence[Table]) -> list[Marker]:
    skipped = [(table.start, table.end) for table in tables] + work.furniture
    skipped.sort()
    found = find_markers(work.folded, zones, skipped)
    if not found and zones:  # an excerpt may begin in the middle of the numbering
        found = find_markers(work.folded, zones, skipped, excerpt=True)
    return found


def _bounded(work: Work, zones: Sequence[Zone], markers: Sequence[Marker], splitter: Splitter) -> list[Zone]:
    """Bare labels get their true end, now that the numbers are known."""
    result: list[Zone] = []
    index = 0
    for zone in zones:
        if zone.closed:
            result.append(zone)
            continue
        while index < len(markers) and markers[index].start <= zone.start:
            index += 1
        limit = min(zone.end, markers[index].start if index < len(markers) else zone.end)
        end = bare_end(zone, work.folded, limit, splitter)
        while end > zone.inner and work.folded[end - 1].isspace():
            end -= 1
        result.append(zone.ending(max(end, zone.inner)))
        if zone.broken:
            work.findings.append(doubt("bracket_unclosed", zone.start, end))
    return result


def _drafts(work: Work, roots: list[Node], zones: Sequence[Zone], tables: Sequence[Table]) -> list[Draft]:
    """Numbered tasks, rows of a flattened table, or paragraphs under labels: whichever the document is made of."""
    if not tables and not any(zone.of_units for zone in zones):
        from duban.domain.tasklist.flat import find_header, read_flat

        if header := find_header(work):
            roots[:], drafts = read_flat(work, header)
            return drafts
    rank, proven = task_rank(roots)
    if not proven and (tables or not roots):
        roots.clear()
        return [] if tables else unnumbered(work.folded, [z for z in zones if z.of_units], 0)
    Chooser(work.folded, work.words, rank, proven=proven).choose(roots)
    before = [zone for zone in zones if zone.of_units and zone.start < roots[0].marker.start]
    drafts = Cutter(work.text, work.folded).cut(roots)
    return unnumbered(work.folded, before, 0) + drafts


def _finish(
    work: Work, front: frontmatter.Front, roots: Sequence[Node], drafts: Sequence[Draft]
) -> ParsedList:
    claim_headings(work, roots)
    claim_front(work, front, roots, drafts)
    claim_rest(work, roots)
    stretches = partition(work.folded, work.claims)
    check_numbers(work, drafts)
    check_tasks(work, drafts)
    check_text(work)
    for stretch in stretches:
        if stretch.matter is Matter.UNCONSUMED:
            work.findings.append(
                doubt(
                    "unconsumed", stretch.span.start, stretch.span.end, text=stretch.span.of(work.text)[:40]
                )
            )
    return ParsedList(
        title=front.title,
        document_number=front.number,
        issuer=front.issuer,
        issued_on=front.issued_on,
        headings=tuple(work.headings),
        tasks=tuple(work.tasks),
        findings=tuple(merge_notes(work.findings)),
        stretches=stretches,
        characters=len(work.text),
    )
