"""The rows of a unit's sheet and of the review: what is asked, known, filled in and sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from duban.directory.queries import taken_over
from duban.domain.due import Node, counted, next_node
from duban.domain.periods import period_of
from duban.domain.posts import Acting
from duban.plans.models import Milestone
from duban.progress.models import Obligation, Period
from duban.progress.queries import NOTHING, Said, last_reports
from duban.register.queries import goals_of
from duban.shared.compiled import compiled


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a unit's sheet: what is asked, what is known already, what is filled in, what was sent.

    `counts` says what the value is a number of: the indicator and the measure that the nodes are written in; `formerly`
    names the lead whose place the unit took.
    """

    obligation: int
    revision: int
    task: int
    key: str
    number: str
    text: str
    nature: str
    offline: bool
    unit: int
    unit_name: str
    state: str
    reason: str
    sent_on: date | None
    year_target: str
    node: str
    counts: str
    last: Said
    now: Said
    draft_revision: int
    draft: Said = field(default=NOTHING)
    formerly: str = ""

    @property
    def fillable(self) -> bool:
        """Whether the unit may still fill this row in."""
        return self.state in ("owed", "returned")

    @property
    def shown(self) -> Said:
        """What the row shows: the draft where there is one, else what was sent."""
        return self.draft if self.draft_revision else self.now


def sheet_rows(
    period: Period,
    acting: Acting,
    *,
    units: Sequence[int] = (),
    only: Sequence[int] | None = None,
    counts: bool = True,
) -> list[SheetRow]:
    """The rows of a period that a post sees (of `units`, or `only` those obligations), by unit and in the order of the list.

    Without `counts` they leave out what their value is a number of. Four queries at most, however many rows, one more
    where a unit reports in the place of the lead.
    """
    narrowed = ({"units": units} if units else {}) | ({"only": only} if only is not None else {})
    rows = [_SheetValues(*values) for values in _sheet_values(acting=acting, period=period.pk, **narrowed)]
    tasks, day = [row.task for row in rows], period_of(period.key).ends_on
    last, nodes = last_reports(tasks, before=period.key), _nodes(tasks)
    goals = goals_of(tasks) if counts else {}
    moved = any(row.lead not in (None, row.unit) for row in rows)
    heirs = {ended: heir.pk for ended, heir in taken_over(day).items()} if moved else {}
    return [
        SheetRow(
            *row[:14],
            node=_node(nodes.get(row.task, []), day),
            counts=counted(goals.get(row.task, ()), nodes.get(row.task, ())),
            last=last.get(row.task, NOTHING),
            now=Said(period.key, *row.now) if row.current else NOTHING,
            draft_revision=row.draft_revision or 0,
            draft=Said(period.key, *row.draft) if row.draft_revision else NOTHING,
            formerly=(row.lead_name or "") if row.lead and heirs.get(row.lead) == row.unit else "",
        )
        for row in rows
    ]


class _SheetValues(NamedTuple):
    """What the database says about a row, in the order in which `_sheet_values` asks for it; it begins like a `SheetRow`."""

    obligation: int
    revision: int
    task: int
    key: str
    number: str
    text: str
    nature: str
    offline: bool
    unit: int
    unit_name: str
    state: str
    reason: str
    sent_on: date | None
    year_target: str
    lead: int | None
    lead_name: str | None
    current: int | None
    no_change: bool
    progress: str
    value_text: str
    problem: str
    next_step: str
    stage: str
    actor: str
    on_behalf: bool
    draft_revision: int | None
    draft_no_change: bool
    draft_progress: str
    draft_value: str
    draft_problem: str
    draft_next_step: str

    @property
    def now(self) -> Any:
        """What was sent, in the order of `Said`."""
        return self[_SENT]

    @property
    def draft(self) -> Any:
        """What was filled in and not sent, in the order of `Said`."""
        return self[_DRAFT]


_SENT: Final = slice(_SheetValues._fields.index("no_change"), _SheetValues._fields.index("draft_revision"))
_DRAFT: Final = slice(_SheetValues._fields.index("draft_no_change"), None)


@compiled
def _sheet_values(
    acting: Acting, period: int, units: Sequence[int] | None = None, only: Sequence[int] | None = None
) -> QuerySet[Obligation, Any]:
    """The rows of a period as `_SheetValues`, by unit and in the order of the list."""
    rows = Obligation.objects.visible_to(acting).filter(period=period)
    rows = rows if units is None else rows.filter(unit__in=units)
    rows = rows if only is None else rows.filter(pk__in=only)
    led = FilteredRelation("task__plans", condition=Q(task__plans__unit=F("task__assignment__lead")))
    return rows.annotate(led=led).order_by("unit__position", "task__ordinal").values_list(
        "pk", "revision", "task_id", "task__key", "task__current__number", "task__current__text",
        "task__assignment__nature", "task__assignment__offline", "unit_id", "unit__name", "state", "reason", "sent_on",
        Coalesce("led__year_target", Value("")), "task__assignment__lead_id", "task__assignment__lead__name",
        "current_id", "current__no_change", "current__progress", "current__value_text", "current__problem",
        "current__next_step", "current__stage", "current__actor", "current__on_behalf",
        "draft__revision", "draft__no_change", "draft__progress", "draft__value", "draft__problem", "draft__next_step",
    )  # fmt: skip


def _nodes(tasks: Sequence[int]) -> dict[int, list[Node]]:
    found: dict[int, list[Node]] = defaultdict(list)
    for task, *node in _milestones(tasks=tasks):
        found[task].append(Node(*node))
    return found


@compiled
def _milestones(tasks: Sequence[int]) -> QuerySet[Milestone, Any]:
    """Nodes of tasks, the earliest first: the task and the fields of `Node`."""
    rows = Milestone.objects.filter(task__in=tasks).order_by("task_id", "on")
    return rows.values_list("task_id", "on", "value", "text", "stage")


def _node(nodes: Sequence[Node], day: date) -> str:
    """The node of the period: the one on its last day, else the next one."""
    today = next((node for node in nodes if node.on == day), None)
    upcoming = today or next_node(nodes, day)
    return upcoming.text if upcoming else ""
