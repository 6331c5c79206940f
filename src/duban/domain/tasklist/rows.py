"""Turns the rows of an understood table into tasks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from duban.domain.source import Block, Span
from duban.domain.tasklist.assignments import Label, Zone
from duban.domain.tasklist.drafts import Draft
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.normalise import clean, trim
from duban.domain.tasklist.outline import CHAPTER, SECTION
from duban.domain.tasklist.records import ColumnKind, Field, Heading, Matter, Piece
from duban.domain.tasklist.tables import ROLE_KINDS, TEXT_KINDS, Table, is_header
from duban.domain.tasklist.work import Work

_CHAPTER = re.compile(r"\s*(?:([一二三四五六七八九十百]{1,4})[、.]|第[一二三四五六七八九十百]{1,4}[章部篇])")
_SECTION = re.compile(r"\s*（[一二三四五六七八九十百]{1,4}）")
_ITEM = re.compile(r"\s*(\d{1,4})[.、](?!\d)\s*")
_TOTAL: Final = re.compile(r"(?:总计|合计|小计|共计)：?(?:共?\d+[项个条]?)?")
_SILENT: Final = {*TEXT_KINDS, *ROLE_KINDS, ColumnKind.NUMBER, ColumnKind.HEADING, ColumnKind.IGNORE}
LEADERS = (ColumnKind.CITY_LEADER, ColumnKind.RESPONSIBLE_LEADER)


@dataclass(slots=True)
class RowReader:
    """Walks the rows of one table; remembers the headings above a row and the merged cells that reach into it."""

    work: Work
    table: Table
    drafts: list[Draft]
    path: list[tuple[int, str]] = field(default_factory=list)
    merged: dict[int, Block] = field(default_factory=dict)

    def run(self) -> None:
        """Records a task for every row that holds one."""
        for index, row in enumerate(self.table.rows):
            if index < self.table.header:
                self._claim(row, Matter.MATTER, "table_title")
            elif index == self.table.header or is_header(self.table, row, self.work):
                self._claim(row, Matter.LABEL, "")
            else:
                self._row(row)

    def _claim(self, cells: Sequence[Block], matter: Matter, reason: str) -> None:
        for cell in cells:
            start, end = trim(self.work.folded, cell.start, cell.end)
            if end > start:
                self.work.claims.append((start, end, matter, reason))

    def _text(self, cell: Block) -> str:
        return clean(self.work.text[cell.start : cell.end])

    def _row(self, row: Sequence[Block]) -> None:
        filled = [cell for cell in row if self._text(cell)]
        by_kind = self._by_kind(row)
        if not filled:
            return
        if any(_TOTAL.fullmatch(self._text(cell)) for cell in filled[:2]):
            place = Span(*trim(self.work.folded, filled[0].start, filled[-1].end))
            self.work.claims.append((*place, Matter.MATTER, "total_row"))
            self.work.findings.append(doubt("total_row", *place, text=self.work.shown(*place)[:40]))
            return
        if len(filled) == 1 and (len(row) > 1 or filled[0].column_span > 1) and self._heads(filled[0]):
            self._heading(filled[0])
            return
        if len(row) == 1 and len(self.table.kinds) > 1:
            self._claim(row, Matter.MATTER, "table_note")
            return
        texts = [cell for kind in TEXT_KINDS for cell in by_kind.get(kind, []) if self._text(cell)]
        for cell in by_kind.get(ColumnKind.HEADING, []):
            if cell in row and self._text(cell):
                self._heading(cell)
        texts = self._without_group(texts, row)
        if not texts:
            return
        self._task(row, by_kind, sorted(texts, key=lambda cell: cell.start))

    def _by_kind(self, row: Sequence[Block]) -> dict[ColumnKind, list[Block]]:
        """The cells that speak for this row, merged ones from above included."""
        number = row[0].row
        result: dict[ColumnKind, list[Block]] = {}
        for cell in row:
            self.merged[cell.column] = cell
        for column, cell in sorted(self.merged.items()):
            if cell.row <= number < cell.row + cell.row_span and column in self.table.kinds:
                result.setdefault(self.table.kinds[column], []).append(cell)
        return result

    def _heads(self, cell: Block) -> bool:
        wide = cell.column_span * 2 > max(self.table.kinds, default=1)
        folded = self.work.folded[cell.start : cell.end]
        return wide or _CHAPTER.match(folded) is not None or _SECTION.match(folded) is not None

    def _heading(self, cell: Block) -> None:
        text = self._text(cell)
        folded = self.work.folded[cell.start : cell.end]
        rank = CHAPTER if _CHAPTER.match(folded) else SECTION if _SECTION.match(folded) else CHAPTER
        if (rank, text) in self.path:
            self.work.findings.append(doubt("heading_repeated", cell.start, cell.end, title=text[:30]))
            self._claim([cell], Matter.HEADING, "")
            return
        self.path = [(r, t) for r, t in self.path if r < rank]
        self.path.append((rank, text))
        self.work.headings.append(
            Heading(text, len(self.path), Span(*trim(self.work.folded, cell.start, cell.end)))
        )
        self._claim([cell], Matter.HEADING, "")

    def _without_group(self, texts: list[Block], row: Sequence[Block]) -> list[Block]:
        """A task cell that spans rows, or bears a chapter's numeral, is a heading when a content cell stands beside it."""
        if len(texts) < 2:
            return texts
        kept: list[Block] = []
        for cell in texts:
            folded = self.work.folded[cell.start : cell.end]
            if cell.row_span > 1 or _CHAPTER.match(folded) or _SECTION.match(folded):
                if cell in row:
                    self._heading(cell)
            else:
                kept.append(cell)
        return kept or texts

    def _task(self, row: Sequence[Block], by_kind: dict[ColumnKind, list[Block]], texts: list[Block]) -> None:
        start, end = trim(self.work.folded, texts[0].start, texts[-1].end)
        number, place = self._number(by_kind, row, start)
        start = max(start, place[1])
        zones = [
            zone for kind in ROLE_KINDS for cell in by_kind.get(kind, []) for zone in self._zones(cell, kind)
        ]
        zones.sort(key=lambda zone: zone.start)
        value = int(number) if number.isdigit() and number.isascii() else 0
        draft = Draft(number, (), min(place[0], start), (start, end), tuple(zones), (end, end), value)
        draft = draft._replace(number_span=place)
        if place[0] == place[1]:
            draft = draft._replace(findings=(doubt("number_inferred", start, end, number, number=number),))
        self.drafts.append(draft)
        self.work.task(draft, tuple(text for _, text in self.path))
        self._fields(by_kind)

    def _number(
        self, by_kind: dict[ColumnKind, list[Block]], row: Sequence[Block], start: int
    ) -> tuple[str, tuple[int, int]]:
        for cell in by_kind.get(ColumnKind.NUMBER, []):
            if cell in row and (text := self._text(cell)):
                return text.rstrip(".．、"), trim(self.work.folded, cell.start, cell.end)
        if item := _ITEM.match(self.work.folded, start):
            return item[1], (start, item.end())
        last = self.drafts[-1].value if self.drafts else 0
        return str(last + 1), (start, start)

    def _zones(self, cell: Block, kind: ColumnKind) -> list[Zone]:
        """One assignment for the cell, or one for each line when each line is a whole name."""
        label = self.table.names.get(cell.column, "")
        lines = [
            (m.start() + cell.start, m.end() + cell.start)
            for m in re.finditer(r"[^\n]+", self.work.folded[cell.start : cell.end])
        ]
        names = [self.work.folded[a:b].strip() for a, b in lines]
        organ = self.work.words.organ
        if not (
            len(lines) > 1 and all(organ.search(name) and not re.search("[，、；]", name) for name in names)
        ):
            lines = [(cell.start, cell.end)]
        return [
            Zone(a, b, a, (Label(a, a, label, ROLE_KINDS[kind]),), closed=False)
            for a, b in (trim(self.work.folded, *line) for line in lines)
            if b > a
        ]

    def _fields(self, by_kind: dict[ColumnKind, list[Block]]) -> None:
        """The office's own columns, beside the task just recorded."""
        task = self.work.tasks[-1]
        fields, leaders, deadline = list(task.fields), list(task.leaders), task.deadline
        for kind, cells in by_kind.items():
            for cell in cells:
                text = self._text(cell)
                if not text or kind in _SILENT:
                    continue
                span = Span(*trim(self.work.folded, cell.start, cell.end))
                fields.append(Field(kind, text, span))
                self.work.claims.append((span.start, span.end, Matter.TASK, ""))
                if kind in LEADERS:
                    leaders.append(Piece(text, span))
                if kind is ColumnKind.DEADLINE:
                    deadline = self.work.deadline_of(span)
        fields.sort(key=lambda each: each.span.start)
        ends = [task.span.end, *(each.span.end for each in fields if each.span.start > task.span.start)]
        self.work.tasks[-1] = task._replace(
            fields=tuple(fields),
            leaders=tuple(leaders),
            deadline=deadline,
            span=Span(task.span.start, max(ends)),
        )


def read_tables(work: Work, tables: Sequence[Table]) -> list[Draft]:
    """Records the tasks of every table, and returns their drafts for the checks of numbering."""
    drafts: list[Draft] = []
    path: list[tuple[int, str]] = []
    for table in tables:
        reader = RowReader(work, table, drafts, path if table.header < 0 else [])
        reader.run()
        path = reader.path
        unknown = [name for column, name in table.names.items() if column not in table.kinds and name]
        if unknown:
            work.findings.append(
                doubt("columns_unknown", table.start, table.end, text="、".join(unknown)[:60])
            )
    return drafts
