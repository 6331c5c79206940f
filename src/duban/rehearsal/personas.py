"""How the units of a rehearsal behave. Sixty in a hundred never sign in: their sheets come on paper, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import Final


class Persona(StrEnum):
    """The habits of a unit."""

    DILIGENT = "diligent"
    OPTIMISTIC = "optimistic"
    LATE = "late"
    PAPER = "paper"
    SILENT = "silent"


SHARES: Final = (
    (Persona.DILIGENT, 22),
    (Persona.OPTIMISTIC, 8),
    (Persona.LATE, 10),
    (Persona.PAPER, 50),
    (Persona.SILENT, 10),
)
OFF_LINE: Final = frozenset({Persona.PAPER, Persona.SILENT})


@dataclass(frozen=True, slots=True)
class Habit:
    """One unit's habits through the year: the days after the opening on which it sends, and how far its work comes."""

    persona: Persona
    days: int
    pace: Decimal

    @property
    def signs_in(self) -> bool:
        """Whether anybody of this unit ever uses an account."""
        return self.persona not in OFF_LINE


def habits(units: list[int], random: Random) -> dict[int, Habit]:
    """A habit for each unit: the shares hold exactly, who gets which is drawn."""
    total = len(units)
    drawn: list[Persona] = []
    for persona, share in SHARES:
        drawn += [persona] * round(total * share / 100)
    drawn = (drawn + [Persona.PAPER] * total)[:total]
    random.shuffle(drawn)
    return {unit: _habit(persona, random) for unit, persona in zip(units, drawn, strict=True)}


def _habit(persona: Persona, random: Random) -> Habit:
    days = {
        Persona.DILIGENT: random.randint(1, 4),
        Persona.OPTIMISTIC: random.randint(1, 5),
        Persona.LATE: random.randint(9, 12),
        Persona.PAPER: random.randint(3, 6),
        Persona.SILENT: random.randint(10, 12),
    }[persona]
    pace = Decimal(random.choice(("1.05", "1.00", "1.00", "0.95", "0.85", "0.60", "0.45")))
    return Habit(persona, days, pace)
