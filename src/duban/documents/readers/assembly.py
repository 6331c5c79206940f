"""Text and blocks are built together in one place, so that no reader can get an offset or the table rule wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from duban.documents.readers.limits import Limits, unreadable
from duban.documents.readers.text import unify
from duban.domain.messages import Message, render
from duban.domain.source import Block, BlockKind, SourceText

UNSPEAKABLE: Final = re.compile("[\x01-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SOFT_HYPHEN: Final = "\u00ad"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at its first place in a table; rows and columns count from 1."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


class Assembly:
    """A document under construction. Every paragraph and every table row is ended by a newline."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pieces: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self._tables = 0
        self._cells = 0
        self._has_matter = False

    def paragraph(
        self, text: str, kind: BlockKind = BlockKind.PARAGRAPH, *, sheet: str = "", furniture: bool = False
    ) -> None:
        """One paragraph; a blank one says nothing and is left out."""
        text = clean(text).strip("\n")
        if not text or text.isspace():
            return
        start = self._append(text)
        self._blocks.append(Block(kind, start, self._length, sheet=sheet, furniture=furniture))
        self._append("\n")
        self._has_matter |= not furniture

    def table(self, cells: Iterable[Cell], sheet: str = "") -> None:
        """One table, its cells in row order. Rows without any text are left out; the numbers of the rest stay."""
        self._tables += 1
        for _, group in groupby(cells, key=lambda cell: cell.row):
            row = [(cell, clean(cell.text)) for cell in group]
            self._count(len(row))
            if any(text.strip() for _, text in row):
                self._row(row, sheet)

    def remark(self, code: str, **params: str | int) -> None:
        """A remark of the reader itself: in the text, where a person sees it, but not part of the document."""
        self.paragraph(render(Message(f"reader.{code}", params)), furniture=True)

    def finish(self, reader: str, version: str) -> SourceText:
        """The whole document. One without any text of its own is refused."""
        if not self._has_matter:
            raise unreadable("empty")
        return SourceText("".join(self._pieces), tuple(self._blocks), reader, version)

    def _row(self, row: list[tuple[Cell, str]], sheet: str) -> None:
        for position, (cell, text) in enumerate(row):
            if position:
                self._append("\t")
            start = self._append(text)
            place = (self._tables, sheet, cell.row, cell.column, cell.row_span, cell.column_span)
            self._blocks.append(Block(BlockKind.CELL, start, self._length, *place))
            self._has_matter |= bool(text.strip())
        self._append("\n")

    def _append(self, text: str) -> int:
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        if self._length > self._limits.characters:
            raise unreadable("too_many_characters", limit=self._limits.characters)
        return start

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > self._limits.cells:
            raise unreadable("too_many_cells", limit=self._limits.cells)


def clean(text: str) -> str:
    """Newlines unified; what cannot be printed or stored (NUL, control characters, lone surrogates) removed."""
    return UNSPEAKABLE.sub("", unify(text)).replace(SOFT_HYPHEN, "")
