"""What the page of the review shows: which rows, how they are counted, what stands beside each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from duban.domain.posts import Acting
from duban.progress.models import Obligation, Period
from duban.progress.part_queries import PartRow, parts_of_rows
from duban.progress.sheet_queries import SheetRow, sheet_rows
from duban.register.queries import Choice
from duban.shared.compiled import compiled
from duban.supervision.queries import SeenView, overtaken_tasks, seen_views


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A row under review: what is asked, what was said last time and now, how the system sees the task, what was typed.

    `late` says that the report came after that view; `parts` are what supporting units were asked and said.
    """

    row: SheetRow
    view: SeenView | None
    late: bool
    phrase: str = ""
    why: str = ""
    ticked: bool = False
    parts: tuple[PartRow, ...] = ()


class PeriodIndex(NamedTuple):
    """What the page knows of every row of a period: whose it is, its state, the problem it names, whether it says no change."""

    pk: int
    task: int
    state: str
    unit: int
    unit_name: str
    problem: str | None
    no_change: bool | None

    def fits(self, values: Mapping[str, Any]) -> bool:
        """Whether the row is one of those that the address asks for."""
        return (
            values["state"] in ("all", self.state)
            and values.get("unit") in (None, self.unit)
            and bool(self.problem or not values.get("problem"))
            and bool(self.no_change or not values.get("no_change"))
        )


def period_index(chosen: Period, acting: Acting) -> list[PeriodIndex]:
    """Every row of a period, by unit and in the order of the list. One query."""
    return [PeriodIndex(*row) for row in _index(acting=acting, period=chosen.pk)]


@compiled
def _index(acting: Acting, period: int) -> QuerySet[Obligation, Any]:
    rows = Obligation.objects.visible_to(acting).filter(period=period)
    return rows.order_by("unit__position", "task__ordinal").values_list(
        "pk", "task_id", "state", "unit_id", "unit__name", "current__problem", "current__no_change"
    )


def state_counts(found: Iterable[PeriodIndex]) -> dict[str, int]:
    """How many rows stand in each state."""
    return dict(Counter(row.state for row in found))


def unit_counts(found: Iterable[PeriodIndex]) -> list[Choice]:
    """The units that owe these rows, with their number."""
    rows = Counter((row.unit, row.unit_name) for row in found)
    return [Choice(unit, name, count) for (unit, name), count in rows.items()]


def review_lines(
    chosen: Period, acting: Acting, rows: Sequence[PeriodIndex], post: QueryDict
) -> list[ReviewLine]:
    """These rows, each with what stands beside it and what was typed about it. A fixed number of queries."""
    found = sheet_rows(chosen, acting, only=[row.pk for row in rows], counts=False)
    parts = parts_of_rows([row.pk for row in rows], acting, timezone.localdate())
    tasks = [row.task for row in rows]
    views, late = seen_views(chosen, tasks), overtaken_tasks(chosen, tasks)
    ticked = set(post.getlist("tick"))
    return [
        ReviewLine(
            row=row,
            view=views.get(row.task),
            late=row.task in late,
            phrase=post.get(f"phrase-{row.obligation}", ""),
            why=post.get(f"why-{row.obligation}", ""),
            ticked=str(row.obligation) in ticked,
            parts=parts.get(row.obligation, ()),
        )
        for row in found
    ]
