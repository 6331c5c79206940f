"""Ruled tables of a PDF: their lines are drawn, so the cells can be found again where the lines cross."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

NEAR: Final = 3.0  # points by which drawn lines miss each other
MOST_RULES: Final = 1_500  # more is a drawing, not a table
MOST_BOXES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: `at` across its direction, from `start` to `end` along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Box:
    """A cell on the page: its place in the grid and its edges."""

    row: int
    column: int
    row_span: int
    column_span: int
    left: float
    right: float
    bottom: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top


@dataclass(frozen=True, slots=True)
class Grid:
    """A table on a page."""

    edges: tuple[float, ...]
    boxes: tuple[Box, ...]


def grids_of(horizontal: Iterable[Rule], vertical: Iterable[Rule]) -> list[Grid]:
    """The tables that these lines draw, from the top of the page down."""
    across, down = _merged(horizontal), _merged(vertical)
    if len(across) + len(down) > MOST_RULES:
        return []
    grids = [grid for group in _connected(across, down) if (grid := _grid(*group)) is not None]
    return sorted(grids, key=lambda grid: -max(box.top for box in grid.boxes))


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Lines drawn piecewise, or as thin boxes, made one."""
    merged: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / NEAR), rule.start)):
        last = merged[-1] if merged else None
        if last is not None and abs(last.at - rule.at) <= NEAR and rule.start <= last.end + NEAR:
            merged[-1] = Rule(last.at, last.start, max(last.end, rule.end))
        else:
            merged.append(rule)
    return [rule for rule in merged if rule.end - rule.start > 2 * NEAR]


def _connected(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of lines that touch each other."""
    left_across, left_down = set(range(len(across))), set(range(len(down)))
    groups: list[tuple[list[Rule], list[Rule]]] = []
    while left_across:
        todo: list[tuple[bool, int]] = [(True, left_across.pop())]
        group: tuple[list[Rule], list[Rule]] = ([], [])
        while todo:
            is_across, index = todo.pop()
            rule = across[index] if is_across else down[index]
            group[0 if is_across else 1].append(rule)
            others, left = (down, left_down) if is_across else (across, left_across)
            touched = {other for other in left if _cross(rule, others[other])}
            left -= touched
            todo += [(not is_across, other) for other in touched]
        groups.append(group)
    return groups


def _cross(one: Rule, other: Rule) -> bool:
    return one.start - NEAR <= other.at <= one.end + NEAR and other.start - NEAR <= one.at <= other.end + NEAR


def _places(rules: Iterable[Rule]) -> list[float]:
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > NEAR:
            places.append(at)
    return places


def _grid(across: Sequence[Rule], down: Sequence[Rule]) -> Grid | None:
    """Cells between the lines; where a line is missing two cells are one."""
    xs, ys = _places(down), _places(across)[::-1]
    if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > MOST_BOXES:
        return None
    taken: set[tuple[int, int]] = set()
    boxes: list[Box] = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            right, below = column + 1, row + 1
            while right < len(xs) - 1 and not _drawn(down, xs[right], (ys[row] + ys[row + 1]) / 2):
                right += 1
            while below < len(ys) - 1 and not _drawn(across, ys[below], (xs[column] + xs[column + 1]) / 2):
                below += 1
            taken |= {(covered, place) for covered in range(row, below) for place in range(column, right)}
            spans = (below - row, right - column)
            boxes.append(Box(row + 1, column + 1, *spans, xs[column], xs[right], ys[below], ys[row]))
    return Grid(tuple(xs), tuple(boxes))


def _drawn(rules: Sequence[Rule], at: float, point: float) -> bool:
    return any(abs(rule.at - at) <= NEAR and rule.start <= point <= rule.end for rule in rules)
