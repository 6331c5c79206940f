"""The rows behind the period page, a unit's sheet and the review: one function for each, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from duban.directory.queries import taken_over
from duban.domain.periods import PeriodSpec, period_of
from duban.domain.posts import Acting
from duban.plans.people import contacts_of
from duban.progress.models import Obligation, Period, Report, SignOff
from duban.register.models import TaskList
from duban.shared.compiled import columns, compiled, instance

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
    if not isinstance(task_list, TaskList):
        return Period.objects.select_related("list").filter(list=task_list, key=key).first()
    for row in _period_at(task_list=task_list.pk, key=key):
        period = instance(Period, row)
        period.list = task_list
        return period
    return None


def newest_period_key(list_id: int) -> str | None:
    """The key of the newest period of a list; None before the first. One query."""
    return next((key for (key,) in _period_keys(task_list=list_id)), None)


@compiled
def _period_keys(task_list: int) -> QuerySet[Period, Any]:
    return Period.objects.filter(list=task_list).order_by("-key").values_list("key")[:1]


@compiled
def _period_at(task_list: int, key: str) -> QuerySet[Period, Any]:
    return Period.objects.filter(list=task_list, key=key).values_list(*columns(Period))


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
    rows = _counted_units(acting=acting, period=period.pk)
    signed: dict[int, str] = dict(_signers(period=period.pk))
    day = on or period_of(period.key).ends_on
    heirs = taken_over(day)
    people = contacts_of(period.list_id, day, heirs)
    return [
        UnitRow(
            unit=unit,
            name=name,
            kind=kind,
            asked=asked,
            late=late,
            on_behalf=on_behalf,
            signed_by=signed.get(unit, ""),
            contact=people.get(unit, ("", ""))[0],
            phone=people.get(unit, ("", ""))[1],
            heir=heirs[unit].name if unit in heirs else "",
            **dict(zip(STATE_COUNTS, counts, strict=True)),
        )
        for unit, name, kind, asked, late, on_behalf, *counts in rows
    ]


@compiled
def _signers(period: int) -> QuerySet[SignOff, Any]:
    """The units that signed in a period, each with who signed; the newest signature last."""
    return SignOff.objects.filter(period=period).order_by("seq").values_list("unit_id", "signer")


@compiled
def _counted_units(acting: Acting, period: int) -> QuerySet[Obligation, Any]:
    """The rows of a period counted by unit, in the order of the directory: unit, name, kind, asked, late, on behalf, by state."""
    return (
        Obligation.objects.visible_to(acting)
        .filter(period=period)
        .values_list("unit_id", "unit__name", "unit__kind")
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


def last_reports(
    tasks: Iterable[int], *, before: str = "9999-99", acting: Acting | None = None
) -> dict[int, Said]:
    """The newest report of each task from a period before `before`; “no change” carries on what it rests on. One query.

    Shown to a unit's post (`acting`), only what a unit it answers for reported or what was reported about a task that one leads: what one
    unit writes is no business of the units that share the task.
    """
    own = {} if acting is None or acting.sees_whole_government else {"units": acting.answers_for}
    found: dict[int, Said] = {}
    for task, *values in _told(tasks=tasks, before=before, **own):
        said = Said(*values)
        rests_on = found.get(task)
        if said.no_change and rests_on is not None:
            said = replace(rests_on, period=said.period, no_change=True, actor=said.actor)
        found[task] = said
    return found


@compiled
def _told(tasks: Sequence[int], before: str, units: Sequence[int] | None = None) -> QuerySet[Report, Any]:
    """Reports that stand, oldest period first: the task and the fields of `Said`."""
    rows = Report.objects.filter(obligation__current=F("pk"), obligation__state__in=["sent", "accepted"])
    if units is not None:
        rows = rows.filter(Q(obligation__unit__in=units) | Q(obligation__task__assignment__lead__in=units))
    return (
        rows.filter(obligation__task__in=tasks, obligation__period__key__lt=before)
        .order_by("obligation__period__key")
        .values_list(
            "obligation__task_id", "obligation__period__key", "no_change", "progress", "value_text", "problem",
            "next_step", "stage", "actor", "on_behalf",
        )
    )  # fmt: skip


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
