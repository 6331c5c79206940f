"""The rows behind the period page, a unit's sheet and the review: one function for each, whoever asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q

from duban.directory.queries import taken_over
from duban.domain.due import Node, counted, next_node
from duban.domain.periods import PeriodSpec, period_of
from duban.domain.posts import Acting
from duban.plans.models import Milestone, Plan
from duban.plans.people import contacts_of
from duban.progress.models import Draft, Obligation, Period, Report, SignOff
from duban.register.models import TaskList
from duban.register.queries import goals_of

STATE_COUNTS: Final = {
    state: Count("pk", filter=Q(state=state)) for state in ("sent", "accepted", "returned", "owed", "exempt")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was asked and what became of it; `owed` are the rows that nobody has sent, `returned` those sent back."""

    asked: int
    sent: int
    accepted: int
    returned: int
    owed: int
    exempt: int

    @property
    def due(self) -> int:
        """Rows asked, without those exempted."""
        return self.asked - self.exempt

    @property
    def reported(self) -> int:
        """Sent and accepted together."""
        return self.sent + self.accepted

    @property
    def missing(self) -> int:
        """Still to come: owed and returned."""
        return self.owed + self.returned


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow(Counts):
    """A period with its counts."""

    pk: int
    key: str
    state: str
    due_on: date
    lock_on: date

    @property
    def spec(self) -> PeriodSpec:
        """Its name and days."""
        return period_of(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCounts(Counts):
    """The counts of one unit's sheet in one period; `late` rows came after the due day."""

    late: int
    signed_by: str

    @property
    def state(self) -> str:
        """One word for the whole sheet: returned, owed, partly, sent, accepted."""
        if self.returned:
            return "returned"
        if self.owed:
            return "partly" if self.reported else "owed"
        return "sent" if self.sent else "accepted"


def periods_of(list_id: int, acting: Acting) -> list[PeriodRow]:
    """The periods of a list, newest first, with the counts that a post sees. One query."""
    visible = Obligation.objects.visible_to(acting).filter(period__list=list_id)
    counted = (
        visible.order_by("-period__key")
        .values("period_id", "period__key", "period__state", "period__due_on", "period__lock_on")
        .annotate(asked=Count("pk"), **STATE_COUNTS)
    )
    rows: list[Any] = list(counted)
    return [
        PeriodRow(
            pk=row["period_id"],
            key=row["period__key"],
            state=row["period__state"],
            due_on=row["period__due_on"],
            lock_on=row["period__lock_on"],
            asked=row["asked"],
            **{state: row[state] for state in STATE_COUNTS},
        )
        for row in rows
    ]


def period_at(task_list: TaskList | int, key: str) -> Period | None:
    """One period of a list, with its list."""
    return Period.objects.select_related("list").filter(list=task_list, key=key).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow(SheetCounts):
    """One unit in one period: what it owes, what came, whom to call; `heir` is who answers for it where it has ended."""

    unit: int
    name: str
    kind: str
    on_behalf: int
    contact: str
    phone: str
    heir: str = ""


def unit_rows(period: Period, acting: Acting, on: date | None = None) -> list[UnitRow]:
    """Every unit that owes something in a period, in the order of the directory; whom to call as of `on` or its last day.

    Five queries, up to four more where units have ended.
    """
    counted = _counted_units().visible_to(acting).filter(period=period)
    rows: list[Any] = list(counted)
    signed = dict(SignOff.objects.filter(period=period).order_by("seq").values_list("unit_id", "signer"))
    day = on or period_of(period.key).ends_on
    people, heirs = contacts_of(period.list_id, day), taken_over(day)
    return [
        UnitRow(
            unit=row["unit_id"],
            name=row["unit__name"],
            kind=row["unit__kind"],
            asked=row["asked"],
            late=row["late"],
            on_behalf=row["on_behalf"],
            signed_by=signed.get(row["unit_id"], ""),
            contact=people.get(row["unit_id"], ("", ""))[0],
            phone=people.get(row["unit_id"], ("", ""))[1],
            heir=heirs[row["unit_id"]].name if row["unit_id"] in heirs else "",
            **{state: row[state] for state in STATE_COUNTS},
        )
        for row in rows
    ]


@cache
def _counted_units() -> Any:
    """Obligations counted by unit, in the order of the directory. Built once a process: to build it costs more than to run it."""
    return (
        Obligation.objects.values("unit_id", "unit__name", "unit__kind")
        .annotate(
            asked=Count("pk"),
            late=Count("pk", filter=Q(sent_on__gt=F("period__due_on"))),
            on_behalf=Count("pk", filter=Q(current__on_behalf=True)),
            **STATE_COUNTS,
        )
        .order_by("unit__position")
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What was reported in one period: no change, or progress with value, problem and next step."""

    period: str = ""
    no_change: bool = False
    progress: str = ""
    value: str = ""
    problem: str = ""
    next_step: str = ""
    stage: str = ""
    actor: str = ""
    on_behalf: bool = False

    @property
    def anything(self) -> bool:
        """Whether there is a report at all."""
        return bool(self.period)


NOTHING = Said()


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
    period: Period, acting: Acting, *, units: Sequence[int] = (), states: Sequence[str] = ()
) -> list[SheetRow]:
    """The rows of a period that a post sees, by unit and in the order of the list. Seven queries, however many rows."""
    found = Obligation.objects.visible_to(acting).filter(period=period)
    if units:
        found = found.filter(unit__in=units)
    if states:
        found = found.filter(state__in=states)
    rows = list(
        found.select_related("task__current", "task__assignment__lead", "current", "draft", "unit").order_by(
            "unit__position", "task__ordinal"
        )
    )
    tasks = [row.task_id for row in rows]
    last = last_reports(tasks, before=period.key)
    led = Plan.objects.filter(task__in=tasks, unit=F("task__assignment__lead"))
    targets = dict(led.values_list("task_id", "year_target"))
    nodes, goals = _nodes(tasks), goals_of(tasks)
    day = period_of(period.key).ends_on
    heirs = {ended: heir.pk for ended, heir in taken_over(day).items()}
    return [
        _sheet_row(
            row,
            period.key,
            last.get(row.task_id, NOTHING),
            (
                targets.get(row.task_id, ""),
                _node(nodes.get(row.task_id, []), day),
                counted(goals.get(row.task_id, ()), nodes.get(row.task_id, ())),
            ),
            heirs,
        )
        for row in rows
    ]


def _sheet_row(
    row: Obligation, key: str, last: Said, asked: tuple[str, str, str], heirs: Mapping[int, int]
) -> SheetRow:
    version, draft, lead = row.task.current, getattr(row, "draft", None), row.task.assignment.lead
    assert version is not None
    return SheetRow(
        obligation=row.pk,
        revision=row.revision,
        task=row.task_id,
        key=row.task.key,
        number=version.number,
        text=version.text,
        nature=row.task.assignment.nature,
        offline=row.task.assignment.offline,
        unit=row.unit_id,
        unit_name=row.unit.name,
        state=row.state,
        reason=row.reason,
        sent_on=row.sent_on,
        year_target=asked[0],
        node=asked[1],
        counts=asked[2],
        last=last,
        now=_said(row.current, key) if row.current else NOTHING,
        draft_revision=draft.revision if draft else 0,
        draft=_drafted(draft, key) if draft else NOTHING,
        formerly=lead.name if lead and heirs.get(lead.pk) == row.unit_id else "",
    )


def _said(report: Report, key: str) -> Said:
    return Said(
        period=key,
        no_change=report.no_change,
        progress=report.progress,
        value=report.value_text,
        problem=report.problem,
        next_step=report.next_step,
        stage=report.stage,
        actor=report.actor,
        on_behalf=report.on_behalf,
    )


def _drafted(draft: Draft, key: str) -> Said:
    return Said(
        period=key,
        no_change=draft.no_change,
        progress=draft.progress,
        value=draft.value,
        problem=draft.problem,
        next_step=draft.next_step,
    )


def last_reports(
    tasks: Iterable[int], *, before: str = "9999-99", acting: Acting | None = None
) -> dict[int, Said]:
    """The newest report of each task from a period before `before`; “no change” carries on what it rests on. One query.

    Shown to a unit's post (`acting`), only what a unit it answers for reported or what was reported about a task that one leads: what one
    unit writes is no business of the units that share the task.
    """
    rows = _told().filter(obligation__task__in=list(tasks), obligation__period__key__lt=before)
    if acting is not None and not acting.sees_whole_government:
        units = acting.answers_for
        own = Q(obligation__unit__in=units) | Q(obligation__task__assignment__lead__in=units)
        rows = rows.filter(own)
    found: dict[int, Said] = {}
    for task, *values in rows:
        said = Said(*values)
        rests_on = found.get(task)
        if said.no_change and rests_on is not None:
            said = replace(rests_on, period=said.period, no_change=True, actor=said.actor)
        found[task] = said
    return found


@cache
def _told() -> Any:
    """Reports that stand, oldest period first: the task and the fields of `Said`. Built once a process."""
    return (
        Report.objects.filter(obligation__current=F("pk"), obligation__state__in=["sent", "accepted"])
        .order_by("obligation__period__key")
        .values_list(
            "obligation__task_id", "obligation__period__key", "no_change", "progress", "value_text", "problem",
            "next_step", "stage", "actor", "on_behalf",
        )
    )  # fmt: skip


def _nodes(tasks: Sequence[int]) -> dict[int, list[Node]]:
    found: dict[int, list[Node]] = defaultdict(list)
    for row in Milestone.objects.filter(task__in=tasks).order_by("task_id", "on"):
        found[row.task_id].append(Node(row.on, row.value, row.text, row.stage))
    return found


def _node(nodes: Sequence[Node], day: date) -> str:
    """The node of the period: the one on its last day, else the next one."""
    today = next((node for node in nodes if node.on == day), None)
    upcoming = today or next_node(nodes, day)
    return upcoming.text if upcoming else ""


def newest_period(list_id: int) -> Period | None:
    """The period opened last."""
    return Period.objects.select_related("list").filter(list=list_id).order_by("-key").first()


def past_their_lock(list_id: int, on: date) -> list[Period]:
    """The periods still open after the day on which they close, oldest first."""
    rows = Period.objects.select_related("list").filter(list=list_id, state="open", lock_on__lt=on)
    return list(rows.order_by("key"))


def running(path: str) -> Q:
    """Lists (at `path`) whose year is not over: its last period has not been sealed."""
    return ~Q(Exists(Period.objects.filter(list=OuterRef(path), key__endswith="-12", state="sealed")))
