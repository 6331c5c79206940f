"""Reading a filled-in sheet: rows under a heading, cells by column name, and words for what a cell asks or lacks.

Rows are sequences of `(cell address, text)`, as any reader of workbooks can give them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from duban.domain.marks import DEBRIS
from duban.domain.messages import Message

Cell = tuple[str, str]
Rows = Sequence[Sequence[Cell]]

HEADING_ROWS: Final = 10
DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?|(\d{4})(\d{2})(\d{2})")


class Problem(NamedTuple):
    """Why a cell cannot be used, and the nearest thing that could stand there ("" when nothing is near)."""

    sheet: str
    cell: str
    value: str
    reason: Message
    suggestion: str = ""


class Change(NamedTuple):
    """One cell that would change something: of what, which column, from what to what; "" is nothing."""

    sheet: str
    cell: str
    subject: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row under a heading; only the columns that the sheet has."""

    sheet: str
    texts: Mapping[str, str]
    cells: Mapping[str, str]

    def problem(self, column: str, reason: Message, suggestion: str = "") -> Problem:
        """A problem of this row's cell in a column."""
        return Problem(self.sheet, self.cells.get(column, ""), self.texts.get(column, ""), reason, suggestion)

    def change(self, column: str, subject: str, before: str, after: str) -> Change:
        """A change that this row's cell in a column asks for."""
        return Change(self.sheet, self.cells.get(column, ""), subject, column, before, after)


def fingerprint(changes: Iterable[Change]) -> str:
    """SHA-256 over what was shown."""
    text = "\n".join("\t".join(change) for change in changes)
    return hashlib.sha256(text.encode()).hexdigest()


def table(
    sheet: str,
    sheets: Mapping[str, Rows],
    columns: Sequence[str],
    problems: list[Problem],
    *,
    needed: bool = False,
) -> Iterator[Line]:
    """The rows under the heading that names all these columns, blank ones left out; further columns are kept too.

    The sheet is the one of that name, else the first one with such a heading. None at all is a problem when the sheet
    is there by name or is needed.
    """
    candidates = {sheet: sheets[sheet]} if sheet in sheets else sheets
    for name, rows in candidates.items():
        for number, row in enumerate(rows[:HEADING_ROWS]):
            heads = [DEBRIS.sub("", text).rstrip("*＊") for _, text in row]
            if set(columns) <= set(heads):
                yield from _lines(name, heads, [cell for cell, _ in row], rows[number + 1 :])
                return
    if needed or sheet in sheets:
        problems.append(Problem(sheet, "", "", Message("roster.no_heading", {"columns": "、".join(columns)})))


def _lines(sheet: str, heads: Sequence[str], places: Sequence[str], rows: Rows) -> Iterator[Line]:
    letters = {re.sub(r"\d", "", cell): head for cell, head in zip(places, heads, strict=True) if head}
    for row in rows:
        number = re.sub(r"\D", "", row[0][0]) if row else ""
        by_letter = {re.sub(r"\d", "", cell): text for cell, text in row}
        found = {head: (letter + number, by_letter.get(letter, "")) for letter, head in letters.items()}
        if any(text.strip() for _, text in found.values()):
            yield Line(
                sheet,
                {head: text.strip() for head, (_, text) in found.items()},
                {head: cell for head, (cell, _) in found.items()},
            )


def name_of(text: str) -> str:
    """A name without the blanks that typing and wrapping leave inside Chinese words."""
    return DEBRIS.sub("", text.replace("\u200b", "").strip())


def folded(text: str) -> str:
    """What two spellings of one name have in common: brackets and letters of either width are the same."""
    return unicodedata.normalize("NFKC", name_of(text)).casefold()


def nearest(text: str, choices: Iterable[str]) -> str:
    """The choice most like the text, or ""."""
    from difflib import get_close_matches  # needed for mistakes only

    return next(iter(get_close_matches(text, list(choices), 1, 0.5)), "")


def date_of(text: str) -> date | None:
    """A day as cells hold it: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301, or Excel's serial number 46082."""
    text = unicodedata.normalize("NFKC", text).strip()
    if found := DATE.fullmatch(text):
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            return None
    if re.fullmatch(r"[2-9]\d{4}(\.0)?", text):
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    return None
