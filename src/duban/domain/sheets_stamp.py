"""The mark inside a workbook of ours: for whom and when it was made, and what its cells held then."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from typing import Final, NamedTuple

from duban.domain.messages import Message
from duban.domain.sheets_cells import Grid, printed
from duban.domain.sheets_header import Column, header_of

MARK: Final = "duban-unit-sheet-1"
SHEET_NAME: Final = "duban"
FIELDS: Final = ("list", "period", "unit", "revision", "code")
LETTERS: Final = (
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to be misread on paper
)
CELL: Final = 30_000  # characters; a cell of a workbook holds 32,767

Base = Mapping[str, Mapping[str, str]]


class Stamp(NamedTuple):
    """What a workbook was made of. `bases`: for each kind of sheet, what each cell held, by row key and column code."""

    list: str
    period: str
    unit: str
    revision: int
    bases: Mapping[str, Base] = MappingProxyType({})


class Choice(NamedTuple):
    """The sheet of a workbook that is read, and the names of others that look the same and are not."""

    grid: Grid | None
    others: tuple[str, ...] = ()


def check_code(stamp: Stamp) -> str:
    """Eight characters, like 7K2M-41QD, of the whole stamp: for telling papers apart and damage, not for secrecy."""
    plain = {kind: {key: dict(row) for key, row in base.items()} for kind, base in stamp.bases.items()}
    whole = json.dumps([*stamp[:4], plain], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    number = int.from_bytes(sha256(whole.encode("utf-8", "replace")).digest()[:5], "big")
    letters = "".join(LETTERS[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def stamp_lines(stamp: Stamp) -> Iterator[tuple[str, ...]]:
    """The rows of the hidden sheet: the mark, five fields, then kind, key and values of each row as JSON."""
    stamp = stamp._replace(bases=fitted(stamp.bases))
    yield (MARK,)
    yield from zip(FIELDS, (*map(str, stamp[:4]), check_code(stamp)), strict=True)
    for kind, base in stamp.bases.items():
        for key, row in base.items():
            yield kind, key, _json(row)


def fitted(bases: Mapping[str, Base]) -> dict[str, dict[str, dict[str, str]]]:
    """Bases without those values that would not fit into one cell together; losing one only loses its comparison."""
    kept: dict[str, dict[str, dict[str, str]]] = {}
    for kind, base in bases.items():
        for key, row in base.items():
            values = dict(row)
            while len(_json(values)) > CELL:
                del values[max(values, key=lambda code: len(values[code]))]
            kept.setdefault(kind, {})[key] = values
    return kept


def stamp_of(grids: Sequence[Grid]) -> Stamp | None:
    """The stamp of a workbook of ours; None for any other, and for one whose stamp was damaged."""
    grid = next((grid for grid in grids if printed(grid.value(0, 0)) == MARK), None)
    if grid is None:
        return None
    lines = [[str(value) if value is not None else "" for value in row] + [""] * 3 for row in grid.rows[1:]]
    fields = {line[0]: line[1] for line in lines[: len(FIELDS)]}
    try:
        bases: dict[str, dict[str, dict[str, str]]] = {}
        for kind, key, row, *_ in lines[len(FIELDS) :]:
            if kind:
                bases.setdefault(kind, {})[key] = json.loads(row)
        stamp = Stamp(fields["list"], fields["period"], fields["unit"], int(fields["revision"]), bases)
        return stamp if check_code(stamp) == fields["code"] else None
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def stamp_refusal(stamp: Stamp, wanted: tuple[str, str, str]) -> Message | None:
    """Why a stamped workbook may not be merged into this list, period and unit; None when it may."""
    codes = ("sheet.other_list", "sheet.other_period", "sheet.other_unit")
    return next(
        (Message(code) for code, is_, ought in zip(codes, stamp[:3], wanted, strict=True) if is_ != ought),
        None,
    )


def sheet_for(grids: Sequence[Grid], columns: Sequence[Column], name: str) -> Choice:
    """The visible sheet to merge: the one called `name` if its heading fits, else the first that fits."""
    fitting = [grid for grid in grids if not grid.hidden and header_of(grid, columns) is not None]
    chosen = next((grid for grid in fitting if grid.name == name), fitting[0] if fitting else None)
    return Choice(chosen, tuple(grid.name for grid in fitting if grid is not chosen))


def _json(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
