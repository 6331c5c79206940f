"""The columns of the office's own table: what each header says, what a person says instead, and the list read that way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from duban.domain.drafting_cover import Cover
from duban.domain.source import Block, SourceText, Span
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.normalise import clean, fold
from duban.domain.tasklist.patterns import patterns
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import ColumnKind, Finding, Matter, ParsedList, Stretch
from duban.domain.tasklist.tables import filled, find_tables, fullest
from duban.domain.tasklist.vocabulary import DEFAULT
from duban.domain.tasklist.work import Work

if TYPE_CHECKING:
    from duban.domain.units import UnitDirectory

PREVIEW: Final = 5
SHOWN: Final = 40
LEFT_OUT: Final = "column_ignored"


class Column(NamedTuple):
    """One column: its number from 1, its header, what the header is taken to mean, and its cells in the first rows."""

    number: int
    header: str
    kind: ColumnKind | None
    samples: tuple[str, ...]


class Layout(NamedTuple):
    """The columns of the first table that can hold tasks, and where its header stands; `known` when that was understood."""

    columns: tuple[Column, ...]
    header: Span
    known: bool

    @property
    def headers(self) -> tuple[str, ...]:
        """The set of headers by which a mapping is remembered, in one order."""
        return tuple(sorted({column.header for column in self.columns if column.header}))


def layout_of(source: SourceText) -> Layout | None:
    """The columns of a table file; None when the document holds no table."""
    rows = _rows(source.blocks)
    if not rows:
        return None
    work = Work(source, fold(source.text), DEFAULT, patterns(DEFAULT))
    table = next(iter(find_tables(work, {})), None)
    if table is not None:
        index = rows.index(header) if (header := table.rows[table.header]) in rows else table.header
        return _layout(source, rows, index, table.names, table.kinds)
    index = fullest(rows, source.text)
    names = {cell.column: _text(source, cell) for cell in rows[index]}
    return _layout(source, rows, index, names, None)


def read_with_columns(
    source: SourceText, *, directory: UnitDirectory | None, columns: Mapping[int, ColumnKind]
) -> ParsedList:
    """The list read with these meanings of its columns (numbers from 1).

    Columns left out count as the table's own text, and a header nobody understood is a label, never a task.
    """
    parsed = parse(source, directory=directory, columns=columns)
    layout = layout_of(source)
    if layout is None or not columns:
        return parsed
    cover = Cover(parsed.stretches, parsed.characters)
    left_out = {index for index, kind in columns.items() if kind is ColumnKind.IGNORE}
    cells = [Span(b.start, b.end) for b in source.blocks if b.table and b.column in left_out]
    for span in _unconsumed(parsed.stretches):
        if any(cell.start <= span.start and span.end <= cell.end for cell in cells):
            cover.paint(span, Matter.MATTER, LEFT_OUT)
    tasks = parsed.tasks
    if not layout.known:
        head = layout.header
        tasks = tuple(t for t in tasks if not head.start <= t.text_span.start < head.end)
        cover.paint(head, Matter.LABEL)
    stretches = cover.stretches()
    findings = tuple(_findings(source, parsed, layout, stretches))
    return parsed._replace(tasks=tasks, stretches=stretches, findings=findings)


def _findings(
    source: SourceText, parsed: ParsedList, layout: Layout, stretches: Iterable[Stretch]
) -> Iterable[Finding]:
    """The doubts but those about columns, now settled, and about text that has its class now."""
    head = layout.header
    for finding in parsed.findings:
        in_header = not layout.known and head.start <= finding.span.start < head.end
        if finding.code not in ("columns_unknown", "table_without_header", "unconsumed") and not in_header:
            yield finding
    for span in _unconsumed(stretches):
        yield doubt("unconsumed", *span, text=span.of(source.text)[:SHOWN])


def _unconsumed(stretches: Iterable[Stretch]) -> list[Span]:
    return [stretch.span for stretch in stretches if stretch.matter is Matter.UNCONSUMED]


def _rows(blocks: Iterable[Block]) -> list[list[Block]]:
    """The rows of the first table with more than one column."""
    tables: dict[int, dict[int, list[Block]]] = {}
    for block in blocks:
        if block.table:
            tables.setdefault(block.table, {}).setdefault(block.row, []).append(block)
    found = (list(rows.values()) for rows in tables.values())
    return next((rows for rows in found if max(map(len, rows)) > 1), [])


def _text(source: SourceText, cell: Block) -> str:
    return clean(source.text[cell.start : cell.end])


def _layout(
    source: SourceText,
    rows: Sequence[Sequence[Block]],
    index: int,
    names: Mapping[int, str],
    kinds: Mapping[int, ColumnKind] | None,
) -> Layout:
    below = [row for row in rows[index + 1 :] if filled(row, source.text) > 1][:PREVIEW]
    cells = [{cell.column: _text(source, cell) for cell in row} for row in below]
    indexes = sorted({*names, *(column for row in cells for column in row)})
    columns = tuple(
        Column(n, names.get(n, ""), (kinds or {}).get(n), tuple(row.get(n, "") for row in cells))
        for n in indexes
        if names.get(n) or any(row.get(n) for row in cells)
    )
    header = rows[index]
    return Layout(columns, Span(header[0].start, header[-1].end), kinds is not None)
