"""Reading 配合情况: whom the lead of a row may ask, what was asked and said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from duban.directory.queries import taken_over
from duban.domain.posts import Acting
from duban.domain.workflow import PART
from duban.progress.models import Obligation, Part, PartQuerySet
from duban.register.models import Responsibility

FILLABLE: Final = ("owed", "returned")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One part as pages show it; `days` are those left to say it, None once it is said, withdrawn or needed no more."""

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
    wanted: bool
    days: int | None

    @property
    def open(self) -> bool:
        """Whether its unit may say it now."""
        return self.wanted and self.state == PART.start

    @property
    def late(self) -> int:
        """By how many days it is late."""
        return max(-self.days, 0) if self.days is not None else 0


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
    seen = Part.objects.visible_to(acting).standing().filter(obligation__in=list(rows))
    for part in _parts(seen, today):
        found[part.obligation].append(part)
    return {row: tuple(parts) for row, parts in found.items()}


def parts_of_unit(list_id: int, unit: int, acting: Acting, today: date) -> list[PartRow]:
    """The parts asked of a unit: those it still has to say first, by their day, then the newest. One query."""
    seen = Part.objects.visible_to(acting).standing().filter(obligation__period__list=list_id, unit=unit)
    return sorted(
        _parts(seen, today),
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


def _parts(parts: PartQuerySet, today: date) -> list[PartRow]:
    related = parts.select_related(
        "unit", "obligation__unit", "obligation__period", "obligation__task__current"
    )
    return [_part(part, today) for part in related.order_by("pk")]


def _part(part: Part, today: date) -> PartRow:
    row = part.obligation
    version = row.task.current
    assert version is not None
    wanted = row.state in FILLABLE and row.period.state == "open"
    return PartRow(
        pk=part.pk,
        revision=part.revision,
        obligation=row.pk,
        period=row.period.key,
        lead=row.unit.name,
        task_key=row.task.key,
        task_number=version.number,
        task_text=version.text,
        unit=part.unit_id,
        unit_name=part.unit.name,
        question=part.question,
        text=part.text,
        reason=part.reason,
        state=part.state,
        asked_on=part.asked_on,
        due_on=part.due_on,
        given_on=part.given_on,
        on_behalf=part.on_behalf,
        wanted=wanted,
        days=(part.due_on - today).days if wanted and part.state == PART.start else None,
    )
