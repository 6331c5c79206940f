from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from tests.building import NOW, city

from duban.directory.operations import take_people, take_roster
from duban.directory.queries import register_of, roster_of
from duban.documents.readers.grid import read_grids
from duban.domain.posts import CONSOLE
from duban.publishing.roster_workbooks import people_workbook, roster_workbook, rows_of

TODAY = NOW.date()


def edited(content: bytes, edits: dict[str, dict[str, object]]) -> bytes:
    """A workbook with cells written over by another program: sheet -> address -> value."""
    book = openpyxl.load_workbook(BytesIO(content))
    for sheet, cells in edits.items():
        for address, value in cells.items():
            book[sheet][address].value = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def rows(content: bytes):
    """The rows of a workbook, read as an upload is."""
    return rows_of(read_grids("名录.xlsx", content))


class Office:
    """The sample city with its roster and register as files."""

    def __init__(self) -> None:
        self.government = city()

    def roster(self, edits=None, day=TODAY) -> bytes:
        return edited(roster_workbook(roster_of(self.government, day)), edits or {})

    def people(self, edits=None, day=TODAY) -> bytes:
        return edited(people_workbook(register_of(self.government, day)), edits or {})

    def take(self, content: bytes, day=TODAY, **more):
        return take_roster(
            **{"government": self.government, "sheets": rows(content), "day": day, "by": CONSOLE, "now": NOW}
            | more
        )

    def take_people(self, content: bytes, day=TODAY, **more):
        return take_people(
            **{"government": self.government, "sheets": rows(content), "day": day, "by": CONSOLE, "now": NOW}
            | more
        )


@pytest.fixture
def office(db) -> Office:
    return Office()
