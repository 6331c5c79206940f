"""填报负担: how many cells a unit is asked to fill in. What a task is decides what is asked of it (product.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from duban.domain.natures import Nature

MOST: Final = 240  # cells of one unit in one quarter
PEOPLE: Final = (
    4  # deputy, division, contact, telephone: filled in once and applied to every task of the unit
)
STANDARD: Final = 3  # of the five cells of a completion standard; the list itself suggests the others
SIGNATURE: Final = 1
PART: Final = 1  # what a supporting unit tells the lead
PARAGRAPH: Final = frozenset({Nature.STANDING, Nature.FLOOR})


def report_cells(nature: Nature) -> int:
    """Cells of one row of a report: progress, value or stage, problem, next step.

    A standing duty owes one paragraph, a floor one confirmation.
    """
    return 1 if nature in PARAGRAPH else 4


def node_cells(nature: Nature) -> int:
    """Nodes asked of the lead in its plan: an event has its date alone. Year target and last node are suggested by the list."""
    if nature in PARAGRAPH:
        return 0
    return 1 if nature is Nature.EVENT else 3


@dataclass(slots=True)
class Asked:
    """The cells asked of one unit in one quarter, by where they are filled in."""

    reports: int = 0
    plan: int = 0
    standards: int = 0
    signatures: int = 0
    parts: int = 0

    @property
    def cells(self) -> int:
        """All of them."""
        return self.reports + self.plan + self.standards + self.signatures + self.parts

    @property
    def once(self) -> int:
        """Those that are asked once a year: the plan and what counts as done."""
        return self.plan + self.standards
