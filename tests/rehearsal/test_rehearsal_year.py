from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import transaction
from tests.building_rehearsal import rehearsed

from duban.cli.rehearse import most_cells
from duban.history.models import Event
from duban.history.queries import verify
from duban.progress import queries as progress
from duban.progress.models import Obligation, Period, Report
from duban.supervision import queries as supervision
from duban.supervision.models import Contact, Determination, SupervisionOrder

pytestmark = pytest.mark.django_db

AUTUMN = date(2026, 10, 25)


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
    assert most_cells(task_list.pk) <= 240
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
    assert Determination.objects.filter(period__key="2026-09").count() == task_list.tasks.count()
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
