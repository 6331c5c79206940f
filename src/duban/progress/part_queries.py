"""Reading 配合情况: whom the lead of a row may ask, what was asked and said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from duban.directory.queries import taken_over
from duban.domain.posts import Acting
from duban.domain.workflow import PART
from duban.progress.models import Obligation, Part, PartQuerySet
from duban.register.models import Responsibility
from duban.shared.compiled import compiled

FILLABLE: Final = ("owed", "returned")


PART_FIELDS: Final = (
    "pk", "revision", "obligation_id", "obligation__period__key", "obligation__unit__name", "obligation__task__key",
    "obligation__task__current__number", "obligation__task__current__text", "unit_id", "unit__name", "question",
    "text", "reason", "state", "asked_on", "due_on", "given_on", "on_behalf", "obligation__state",
    "obligation__period__state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part as pages show it, in the order of `PART_FIELDS`."""

    pk: int
    revision: int
    obligation: int
    period: str
    lead: str
    task_key: str
    task_number: str
    task_text: str
    unit: int
    unit_name: str
    question: str
    text: str
    reason: str
    state: str
    asked_on: date
    due_on: date
    given_on: date | None
    on_behalf: bool
    row_state: str
    period_state: str
    today: date

    @property
    def wanted(self) -> bool:
        """Whether the row it was asked for can still be filled in."""
        return self.row_state in FILLABLE and self.period_state == "open"

    @property
    def open(self) -> bool:
        """Whether its unit may say it now."""
        return self.wanted and self.state == PART.start

    @property
    def late(self) -> int:
        """By how many days it is late."""
        return max((self.today - self.due_on).days, 0) if self.open else 0


def supporting_units(rows: Iterable[Obligation], on: date) -> dict[int, list[tuple[int, str]]]:
    """The units that the lead of each row may ask: the others responsible for its task, merged ones by their successor. Two queries."""
    owing = {row.task_id: (row.pk, row.unit_id) for row in rows}
    heirs = taken_over(on)
    found: dict[int, dict[int, str]] = {row: {} for row, _ in owing.values()}
    responsible = Responsibility.objects.filter(task__in=owing).order_by("task_id", "ordinal")
    for task, unit, name in responsible.values_list("task_id", "unit_id", "unit__name"):
        row, lead = owing[task]
        heir = heirs.get(unit)
        asked, called = (heir.pk, heir.name) if heir else (unit, name)
        owner = heirs.get(lead)
        if asked not in {lead, owner.pk if owner else lead}:
            found[row][asked] = called
    return {row: list(units.items()) for row, units in found.items()}


def parts_of_rows(rows: Iterable[int], acting: Acting, today: date) -> dict[int, tuple[PartRow, ...]]:
    """The standing parts of each row that a post sees, in the order in which they were asked. One query."""
    found: dict[int, list[PartRow]] = defaultdict(list)
    for row in _parts(acting=acting, rows=rows):
        part = PartRow(*(*row, today))
        found[part.obligation].append(part)
    return {row: tuple(parts) for row, parts in found.items()}


def parts_of_unit(list_id: int, unit: int, acting: Acting, today: date) -> list[PartRow]:
    """The parts asked of a unit: those it still has to say first, by their day, then the newest. One query."""
    return sorted(
        (PartRow(*(*row, today)) for row in _parts(acting=acting, task_list=list_id, unit=unit)),
        key=lambda part: (not part.open, part.due_on if part.open else date.min, -part.pk),
    )


def parts_wanted(units: Iterable[int]) -> PartQuerySet:
    """The parts that these units still have to say: asked, of rows that can be filled in."""
    return Part.objects.filter(
        unit__in=list(units),
        state=PART.start,
        obligation__state__in=FILLABLE,
        obligation__period__state="open",
    )


@compiled
def _parts(
    acting: Acting, rows: Sequence[int] | None = None, task_list: int | None = None, unit: int | None = None
) -> QuerySet[Part, Any]:
    """The standing parts that a post sees, of some rows, or of a unit in a list, in the order in which they were asked."""
    seen = Part.objects.visible_to(acting).standing().order_by("pk").values_list(*PART_FIELDS)
    if rows is not None:
        return seen.filter(obligation__in=rows)
    return seen.filter(obligation__period__list=task_list, unit=unit)
