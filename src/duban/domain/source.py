"""What a reader hands over: text decoded once, and where its parts came from.

Spans are half-open code-point ranges of `SourceText.text`. A reader writes tables by one fixed rule: cells of a
row joined by a tab, rows ended by a newline, each cell also kept as a block, so that a cell that holds a newline
or a tab is still exactly bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple


class Span(NamedTuple):
    """Half-open range of code points, `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters that this span covers."""
        return text[self.start : self.end]


spanning: Final[Callable[[tuple[int, int]], Span]] = partial(tuple.__new__, Span)
"""`spanning((start, end))` is `Span(start, end)` without a call of Python: the parser makes thousands of them."""


class BlockKind(StrEnum):
    """What a piece of the source was in its file."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CELL = "cell"


class Block(NamedTuple):
    """A piece of the source text and its place in the file.

    `table` counts tables (and sheets) of the file from 1; 0 is running text. `row` and `column` count from 1 inside
    that table; a merged cell stands once, at its first place, with the rows and columns it covers. `furniture` marks
    page headers, footers and page numbers that the reader recognised: kept in the text, not part of its meaning.
    """

    kind: BlockKind
    start: int
    end: int
    table: int = 0
    sheet: str = ""
    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1
    furniture: bool = False


class SourceText(NamedTuple):
    """A document as text: newlines unified (LF), NUL removed; never extracted a second time."""

    text: str
    blocks: tuple[Block, ...] = ()
    reader: str = "text"
    reader_version: str = "1"
