"""Reads tables by their headers: each row a task, each cell what its column says.

A merged cell stands once, at its first row, and speaks for all the rows it covers. A row that is one cell only is a
heading; a header printed again on the next page is furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from duban.domain.source import Block, BlockKind
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.normalise import clean
from duban.domain.tasklist.patterns import Patterns
from duban.domain.tasklist.records import ColumnKind, Role
from duban.domain.tasklist.vocabulary import Vocabulary
from duban.domain.tasklist.work import Work

HEADER_ROWS = 8
TEXT_KINDS = (ColumnKind.TASK, ColumnKind.CONTENT)
ROLE_KINDS = {ColumnKind.LEAD: Role.LEAD, ColumnKind.MAIN: Role.MAIN, ColumnKind.SUPPORT: Role.SUPPORT}
_KIND_OF_ROLE = {role: kind for kind, role in ROLE_KINDS.items()}
_TAB_LINES = re.compile(r"(?:^|(?<=\n))[^\n]*\t[^\n]*(?:\n[^\n]*\t[^\n]*)+")
_NOT_IN_HEADER = re.compile(r"（[^（）]*）|[\s/、：]")


@dataclass(slots=True)
class Table:
    """A table of the source: its rows of cells, its header row, and what each column holds."""

    rows: list[list[Block]]
    header: int
    kinds: dict[int, ColumnKind] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """Where the header begins."""
        return self.rows[max(self.header, 0)][0].start

    @property
    def end(self) -> int:
        """Where the last cell ends."""
        return self.rows[-1][-1].end

    def unit_cells(self) -> Iterator[Block]:
        """The cells below the header that name units."""
        for row in self.rows[self.header + 1 :]:
            for cell in row:
                if self.kinds.get(cell.column) in ROLE_KINDS:
                    yield cell


def find_tables(work: Work, columns: Mapping[int, ColumnKind]) -> list[Table]:
    """The tables that hold tasks: those with a header that is understood, or with columns a person has named."""
    found: list[Table] = []
    for rows in _grids(work):
        table = _understood(rows, work)
        if columns:
            table = table or _named(rows, found, work)
            table.kinds = {**table.kinds, **columns}
        elif table is None and found and max(map(len, rows)) == max(map(len, found[-1].rows)):
            table = Table(
                rows, -1, dict(found[-1].kinds), dict(found[-1].names)
            )  # the next page of the same table
        if table is None:
            if len(rows) > 2 and min(len(row) for row in rows) > 2:
                work.findings.append(doubt("table_without_header", rows[0][0].start, rows[-1][-1].end))
            continue
        found.append(table)
    return found


def _named(rows: list[list[Block]], before: Sequence[Table], work: Work) -> Table:
    """A table whose columns a person has named: its header stands below its title, or is that of the first table again."""
    if before:
        first = before[0]
        header = next((n for n, row in enumerate(rows[:HEADER_ROWS]) if is_header(first, row, work)), -1)
    else:
        header = fullest(rows, work.text)
        held = [filled(row, work.text) for row in rows[: header + 1]]
        header = header if header and all(2 * n < held[-1] for n in held[:-1]) else -1
    names = {c.column: clean(work.text[c.start : c.end]) for c in rows[header]} if header >= 0 else {}
    return Table(rows, header, {}, names)


def filled(row: Sequence[Block], text: str) -> int:
    """How many cells of a row hold something."""
    return sum(bool(clean(text[cell.start : cell.end])) for cell in row)


def fullest(rows: Sequence[Sequence[Block]], text: str) -> int:
    """Which of the first rows of a table holds most: its header, where no name of a column is understood."""
    return max(range(min(len(rows), HEADER_ROWS)), key=lambda n: (filled(rows[n], text), -n))


def _grids(work: Work) -> list[list[list[Block]]]:
    """The cells of each table, row by row; lines with tabs are a table when the reader has not said otherwise."""
    tables: dict[int, dict[int, list[Block]]] = {}
    for block in work.document.blocks:
        if block.table:
            tables.setdefault(block.table, {}).setdefault(block.row, []).append(block)
    if tables:
        return [list(rows.values()) for rows in tables.values()]
    return [_tabbed(work.text, match) for match in _TAB_LINES.finditer(work.text)]


def _tabbed(text: str, lines: re.Match[str]) -> list[list[Block]]:
    rows: list[list[Block]] = []
    at = lines.start()
    for number, line in enumerate(lines[0].split("\n"), 1):
        cells = []
        for column, cell in enumerate(line.split("\t"), 1):
            cells.append(Block(BlockKind.CELL, at, at + len(cell), 1, "", number, column))
            at += len(cell) + 1
        rows.append(cells)
    assert text[at - 1 : at] in ("", "\n")
    return rows


def _understood(rows: list[list[Block]], work: Work) -> Table | None:
    """The table with its header, when one of its first rows names a task column and at least one other."""
    for index, row in enumerate(rows[:HEADER_ROWS]):
        if len(row) < 2:
            continue
        table = Table(rows, index)
        below = rows[index + 1] if index + 1 < len(rows) else []
        for cell in row:
            name = clean(work.text[cell.start : cell.end])
            parts = [c for c in below if cell.column <= c.column < cell.column + cell.column_span]
            if cell.column_span > 1 and len(parts) > 1 and cell.row_span == 1:
                for part in parts:
                    _name_column(table, part, clean(work.text[part.start : part.end]), name, work)
            else:
                _name_column(table, cell, name, "", work)
        known = set(table.kinds.values())
        if known.intersection(TEXT_KINDS) and len(known) > 1:
            return table
    return None


def _name_column(table: Table, cell: Block, name: str, above: str, work: Work) -> None:
    table.names[cell.column] = name
    kind = column_kind(name, work.words, work.vocabulary) or (
        column_kind(above + name, work.words, work.vocabulary) if above else None
    )
    if kind is not None:
        table.kinds[cell.column] = kind


def column_kind(name: str, words: Patterns, vocabulary: Vocabulary) -> ColumnKind | None:
    """What a column of that name holds, or None when the name is not known."""
    short = _NOT_IN_HEADER.sub("", clean(name))
    if short in vocabulary.columns:
        return vocabulary.columns[short]
    label = words.label.match(f"{clean(name)}：") or words.label.match(f"{short}：")
    if label is not None:
        if label["other"]:
            return vocabulary.other_labels[label["other"]]
        return _KIND_OF_ROLE[vocabulary.label_roles[label["role"]]]
    if short in vocabulary.label_roles:
        return _KIND_OF_ROLE[vocabulary.label_roles[short]]
    return next((kind for word, kind in vocabulary.column_words if word in short), None)


def is_header(table: Table, row: Sequence[Block], work: Work) -> bool:
    """Whether a row prints the names of the columns (again)."""
    names = [clean(work.text[cell.start : cell.end]) for cell in row]
    same = sum(
        1 for cell, name in zip(row, names, strict=True) if name and table.names.get(cell.column) == name
    )
    return same > 1 and same * 2 > sum(map(bool, names))
