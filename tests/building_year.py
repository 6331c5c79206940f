"""Builders of a small year on the small list: prepared, issued, planned, opened, drafted, sent, reviewed, judged.

Each step is a function of its own and does the earlier ones through `small_year(until=…)`. Leads of the small list: task 1
市工业和信息化局, task 2 市教育局, task 3 市民政局 (the only one whose text names it). The period is the first quarter of 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.building import SMALL, city, published, unit_of

from duban.directory.models import Unit
from duban.domain.calendar_data import CALENDAR
from duban.domain.lights import Light
from duban.domain.periods import period_of
from duban.domain.posts import CONSOLE
from duban.plans.models import Assignment
from duban.plans.operations import Edit, assign, issue_list, prepare_list, refine
from duban.progress.models import Obligation, Period
from duban.progress.operations import Entry, open_period, review, save_drafts, send_sheet
from duban.register.models import Task, TaskList
from duban.supervision.models import Standing
from duban.supervision.operations import Ruling, determine, patrol

STEPS = ("published", "prepared", "assigned", "issued", "planned", "opened", "drafted", "sent", "reviewed", "judged",
         "determined")  # fmt: skip
LEADS = {"1": "市工业和信息化局", "2": "市教育局", "3": "市民政局"}
PROGRESS = "食堂已建成20家，服务体系方案已印发。"


def moment(month: int, day: int) -> datetime:
    """A morning of 2026 in the city."""
    return datetime(2026, month, day, 2, 0, tzinfo=UTC)


@dataclass
class Year:
    """What was built; `period` is None before it was opened."""

    government: Unit
    list: TaskList
    period: Period | None = None

    def unit(self, name: str) -> Unit:
        return unit_of(self.government, name)

    def task(self, key: str) -> Task:
        return Task.objects.get(list=self.list, key=key)

    def assignment(self, key: str) -> Assignment:
        return Assignment.objects.get(task__list=self.list, task__key=key)

    def row(self, key: str) -> Obligation:
        """What is owed for a task in the opened period."""
        return Obligation.objects.get(period=self.period, task__key=key)

    @property
    def path(self) -> str:
        return f"/l/{self.list.key}/"


def small_year(until: str = "determined", text: str = SMALL, directory: str = "yunjiang") -> Year:
    """The small list and every step up to and including `until`."""
    government = city(directory)
    year = Year(government, published(government, text).list)
    for name in STEPS[1 : STEPS.index(until) + 1]:
        BUILDERS[name](year)
    return year


def prepared(year: Year) -> None:
    """Types proposed; only task 3 has a lead."""
    prepare_list(task_list=year.list, by=CONSOLE, now=moment(2, 11))


def assigned(year: Year) -> None:
    """Every task led: by LEADS, in other texts by the first unit; asked every month."""
    edits = []
    for row in (
        Assignment.objects.filter(task__list=year.list).select_related("task").order_by("task__ordinal")
    ):
        units = dict(row.task.responsibilities.values_list("unit__name", "unit_id"))
        lead = units.get(LEADS.get(row.task.key, ""), next(iter(units.values())))
        nature = {"nature": "quantified"} if row.task.key == "3" else {}
        edits.append(
            Edit(
                row.task_id,
                row.revision,
                {"lead": lead, "city_leader": "林某某", "rhythm": "monthly", **nature},
            )
        )
    assign(task_list=year.list, edits=edits, by=CONSOLE, now=moment(2, 12))


def issued(year: Year) -> None:
    """交办下达."""
    issue_list(task_list=year.list, by=CONSOLE, now=moment(2, 13))


def planned(year: Year) -> None:
    """The leads' rows: year target, nodes, people."""
    for row in Assignment.objects.filter(task__list=year.list).order_by("task__ordinal"):
        values = {"year_target": "100家", "node_q1": "25家", "node_year": "100家", "deputy": "周某某",
                  "division": "一处", "contact": "孙某某", "phone": "0000-1001"}  # fmt: skip
        refine(
            task_list=year.list,
            unit=row.lead_id,
            edits=[Edit(row.task_id, 0, values)],
            by=CONSOLE,
            now=moment(3, 1),
        )


def opened(year: Year) -> None:
    """The first quarter opened: three rows owed."""
    spec = period_of("2026-03")
    year.period = open_period(
        task_list=year.list,
        spec=spec,
        days=(spec.ends_on, spec.due_on(CALENDAR), spec.lock_on(CALENDAR)),
        lagging=frozenset(),
        by=CONSOLE,
        now=moment(3, 31),
    )


def drafted(year: Year, key: str = "3", **values: str) -> None:
    """The lead of a task has filled its row in, with a problem."""
    row = year.row(key)
    said = {
        "progress": PROGRESS,
        "value": "20家",
        "problem": "用地尚未落实",
        "next_step": "二季度开工",
    } | values
    revision = row.draft.revision if hasattr(row, "draft") else 0
    entries = [Entry(row.pk, revision, said)]
    save_drafts(period=year.period, unit=row.unit_id, entries=entries, by=CONSOLE, now=moment(4, 1))


def sent(year: Year, key: str = "3") -> None:
    """The sheet of the lead of a task is sent."""
    send_sheet(period=year.period, unit=year.row(key).unit_id, channel="page", by=CONSOLE, now=moment(4, 2))


def reviewed(year: Year, key: str = "3") -> None:
    """The row of a task is accepted."""
    row = year.row(key)
    review(period=year.period, rows={row.pk: row.revision}, action="accept", by=CONSOLE, now=moment(4, 3))


def judged(year: Year, on: date = date(2026, 4, 13)) -> None:
    """系统研判 after the day on which reports were due."""
    patrol(task_list=year.list, on=on, period=year.period, by=CONSOLE, now=moment(on.month, on.day))


def determined(year: Year) -> None:
    """督查核定 as the system sees it."""
    rulings = [
        Ruling(row.task_id, Light(row.verdict.light), row.verdict.sentence)
        for row in Standing.objects.filter(task__list=year.list).select_related("verdict")
        if row.verdict
    ]
    determine(period=year.period, rulings=rulings, by=CONSOLE, now=moment(4, 14))


BUILDERS = {
    "prepared": prepared,
    "assigned": assigned,
    "issued": issued,
    "planned": planned,
    "opened": opened,
    "drafted": drafted,
    "sent": sent,
    "reviewed": reviewed,
    "judged": judged,
    "determined": determined,
}
