from __future__ import annotations

from datetime import date

import pytest
from tests.building import kinds_since, last_seq
from tests.building_year import drafted, moment, sent, small_year

from duban.domain.posts import CONSOLE, PostRole
from duban.plans.adjustment import Approval, Basis, Change, current_values
from duban.progress.handover import adjust_and_hand_over
from duban.progress.models import Draft, Obligation

pytestmark = pytest.mark.django_db


def to_district(year):
    """Task 2 goes from 市教育局 to 澜桥区政府, which shares it, on a basis document."""
    task = year.task("2")
    adjust_and_hand_over(
        task=task,
        change=Change("lead", year.unit("澜桥区政府").pk, current_values(task)["lead"]),
        basis=Basis("minutes", "云政阅〔2026〕8号", date(2026, 4, 2), "职责调整"),
        approval=Approval("paper", "周某某", PostRole.OFFICE_DIRECTOR, date(2026, 4, 2)),
        by=CONSOLE,
        now=moment(4, 3),
    )


def test_what_is_still_owed_goes_to_the_new_lead_with_its_draft():
    year = small_year("opened")
    drafted(year, "2")
    before, revision = last_seq(), year.row("2").revision

    to_district(year)

    row = year.row("2")
    assert (row.unit.name, row.state, row.revision) == ("澜桥区政府", "owed", revision + 1)
    assert Draft.objects.get(obligation=row).progress
    assert "report.handed_over" in kinds_since(before)


def test_what_was_sent_stays_with_the_unit_that_reported():
    year = small_year("opened")
    drafted(year, "2")
    sent(year, "2")

    to_district(year)

    assert year.row("2").unit.name == "市教育局"
    assert Obligation.objects.filter(unit=year.unit("澜桥区政府")).count() == 0
