from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from tests.building import HEAD, NOW
from tests.building_rehearsal import AUTUMN, listed, rehearsed

from duban.cli.rehearse import heaviest
from duban.coordination.models import Problem, UpwardPaper
from duban.directory.models import Appointment
from duban.documents.readers import read
from duban.domain.burden import MOST
from duban.domain.natures import propose
from duban.domain.periods import QUARTER_ENDS, period
from duban.domain.posts import CONSOLE
from duban.domain.tasklist import records
from duban.domain.tasklist.pipeline import parse
from duban.history.models import Event
from duban.history.queries import verify
from duban.plans.models import Assignment, CompletionContract, DistrictShare
from duban.plans.refinement import share_table
from duban.progress import projections as progress
from duban.progress.burden import burden, led_tasks
from duban.progress.models import Obligation, Part, Period, Report
from duban.progress.operations import open_period
from duban.register.models import Task
from duban.rehearsal.play import Rehearsal
from duban.supervision import queries as supervision
from duban.supervision.models import Contact, Determination, SupervisionOrder
from duban.supervision.models_consultation import Objection

pytestmark = pytest.mark.django_db

REFERENCE = Path(__file__).parents[3] / "shared/corpus/docs/beijing-2023.txt"


def test_year_leaves_everything_accounted_for_and_nobody_told_twice():
    task_list, tally = rehearsed(AUTUMN)

    states = Counter(Obligation.objects.values_list("state", flat=True))
    reports = Report.objects.count()
    assert verify().faults == ()
    assert progress.projection_faults() == []
    assert supervision.projection_faults() == []
    assert sum(states.values()) == tally.asked
    assert set(states) <= {"owed", "accepted", "exempt", "sent"}
    assert (reports, states["accepted"]) == (tally.sent, tally.sent - tally.returned)
    assert tally.signed_in <= tally.units * 0.45
    assert (
        max(asked.cells for quarters in burden(task_list.pk).values() for asked in quarters.values()) <= MOST
    )
    periods = dict(Period.objects.values_list("key", "state"))
    twice = [
        row
        for row, count in Counter(
            Contact.objects.filter(kind="urge_report").values_list("period", "unit", "at")
        ).items()
        if count > 1
    ]
    reported = set(
        Obligation.objects.filter(state="accepted", period__key="2026-09").values_list("unit_id", flat=True)
    )
    assert {key: periods[key] for key in ("2026-03", "2026-06", "2026-09")} == dict.fromkeys(
        ("2026-03", "2026-06", "2026-09"), "sealed"
    )
    determined = Determination.objects.filter(period__key="2026-09").values("task").distinct()
    assert determined.count() == task_list.tasks.count()
    assert SupervisionOrder.objects.exclude(serial=None).count() == tally.orders > 0
    assert twice == []
    urged = Contact.objects.filter(period__key="2026-09", kind="urge_report").values_list(
        "unit_id", flat=True
    )
    late = set(urged) & reported
    assert all(
        Obligation.objects.filter(unit=unit, period__key="2026-09", sent_on__gt=date(2026, 10, 12)).exists()
        for unit in late
    )


def test_only_units_that_still_owe_are_reminded_by_telephone_those_without_accounts():
    rehearsed(date(2026, 4, 20))

    told = Contact.objects.filter(period__key="2026-03", kind="remind").select_related("period")
    online = set(Appointment.objects.filter(post__role="liaison").values_list("post__unit", flat=True))
    asked = set(Obligation.objects.filter(period__key="2026-03").values_list("unit", flat=True))
    late = set(
        Obligation.objects.filter(period__key="2026-03")
        .exclude(sent_on__lte=date(2026, 4, 7))
        .values_list("unit", flat=True)
    )
    assert {contact.unit_id for contact in told} == late
    assert asked - late
    assert {timezone.localdate(contact.at) for contact in told} == {date(2026, 4, 7)}
    assert {c.unit_id: c.channel for c in told} == {u: "page" if u in online else "phone" for u in late}


def test_no_page_of_a_rehearsed_year_is_empty():
    lines: list[str] = []

    task_list, tally = rehearsed(date(2026, 7, 25), say=lines.append)

    objections = Objection.objects.filter(row__draft__period__key="2026-06")
    papers = UpwardPaper.objects.values_list("kind", flat=True)
    assert set(CompletionContract.objects.values_list("state", flat=True)) == {"proposed", "agreed"}
    assert DistrictShare.objects.values("task").distinct().count() == 1
    [task] = Task.objects.filter(shares__isnull=False).distinct()
    assert share_table(task).sum.difference == 0
    assert sorted(objections.values_list("state", flat=True)) == ["dismissed", "upheld"]
    assert objections.values("row__unit").distinct().count() == 2
    assert Problem.objects.filter(state="solved").count() == tally.solved > 0
    assert Counter(papers) == {"request": 2, "instruction": 1, "report": 1}
    assert UpwardPaper.objects.filter(kind="request", done_on=None).count() == 1
    parts = Part.objects.order_by("obligation__period__key", "pk")
    assert list(parts.values_list("obligation__period__key", "state")) == [
        ("2026-03", "given"), ("2026-03", "asked"), ("2026-06", "given"), ("2026-06", "asked"),
    ]  # fmt: skip
    for words in ("区县分解：", "完成标准：提出", "核对稿：送", "问题台账：销号", "请示批示："):
        assert any(line.startswith(words) for line in lines)
    assert len(heaviest(task_list.pk)) == 5


def outline(seed: int):
    """What a rehearsal of the first quarter did, and the kinds of its events; nothing stays."""
    with transaction.atomic():
        _, tally = rehearsed(date(2026, 4, 20), seed)
        kinds = list(Event.objects.order_by("seq").values_list("kind", flat=True))
        transaction.set_rollback(True)
    return tally, kinds


def test_same_seed_same_year_and_another_seed_another():
    first = outline(3)

    assert outline(3) == first
    assert outline(4) != first


def test_habits_hold_their_shares_exactly():
    from random import Random

    from duban.rehearsal.personas import Persona, habits

    drawn = Counter(habit.persona for habit in habits(list(range(100)), Random(1)).values())
    again = habits(list(range(100)), Random(1)) == habits(list(range(100)), Random(1))

    assert drawn == {
        Persona.DILIGENT: 22, Persona.OPTIMISTIC: 8, Persona.LATE: 10, Persona.PAPER: 50, Persona.SILENT: 10,
    }  # fmt: skip
    assert again
    assert habits(list(range(100)), Random(2)) != habits(list(range(100)), Random(1))


def nature_of(task: records.Task) -> str:
    """The type proposed for a task of the reference list: sorted by it, every nth task keeps the mix."""
    goals = sum(target.kind == records.TargetKind.GOAL for target in task.targets)
    return propose(task.text, goals=goals, year=2023).nature


@pytest.mark.corpus
@pytest.mark.skipif(not REFERENCE.is_file(), reason=f"the corpus of real documents is not at {REFERENCE}")
def test_a_unit_that_leads_56_tasks_of_the_reference_list_is_asked_at_most_240_cells_a_quarter():
    tasks = sorted(parse(read(REFERENCE)).tasks, key=nature_of)
    chosen = [tasks[n * len(tasks) // 56] for n in range(56)]
    lines = [f"{n}.{one.text}\n主责单位：市教育局\n" for n, one in enumerate(chosen, start=1)]

    task_list = listed(HEAD[: HEAD.index("1.规模")] + "".join(lines))
    opening = Rehearsal(task_list, 7, lambda _: None)
    opening.people(date(2026, 2, 3))
    opening.issue(date(2026, 2, 6))
    Assignment.objects.update(
        key_task=False
    )  # at the rhythm of the types: the office asks for nothing more often
    opening.plans(date(2026, 2, 23))
    opening.standards(date(2026, 5, 9))
    for month in sorted(QUARTER_ENDS):
        spec = period(2026, month)
        open_period(
            task_list=task_list, spec=spec, days=(spec.ends_on, date(2027, 1, 8), date(2027, 1, 13)),
            lagging=frozenset(), by=CONSOLE, now=NOW,
        )  # fmt: skip

    [(unit, asked)] = burden(task_list.pk).items()
    natures = Counter(Assignment.objects.values_list("nature", flat=True))
    assert led_tasks(task_list.pk) == {unit: 56}
    assert 20 <= natures["standing"] <= 28
    assert {quarter for _, quarter in asked} == {1, 2, 3, 4}
    assert {quarter: found.cells for quarter, found in asked.items() if found.cells > MOST} == {}
    december = Obligation.objects.filter(period__key="2026-12", task__assignment__nature="standing")
    earlier = Obligation.objects.filter(task__assignment__nature="standing").exclude(period__key="2026-12")
    assert (december.count(), earlier.count()) == (natures["standing"], 0)
