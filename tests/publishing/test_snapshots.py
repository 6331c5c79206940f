from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import kinds_since, last_seq, someone
from tests.building_papers import drafted, moved, problem_of, sealed, year_of_papers
from tests.building_year import moment, small_year

from duban.domain.errors import NotAllowed
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Event, Payload
from duban.progress.operations import check_code
from duban.publishing.models import Snapshot
from duban.publishing.operations import freeze, record_papers
from duban.publishing.queries import (
    compared_with,
    figures_of,
    sheet_at,
    sheet_for_order,
    sheet_of,
    snapshots_of,
)
from duban.publishing.snapshots import Count, dumped, loaded
from duban.publishing.unit_figures import check_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return year_of_papers()


def frozen(year, day=20):
    return freeze(period=year.period, by=CONSOLE, now=moment(4, day))


def test_same_figures_give_the_same_row_and_other_figures_a_further_one(year):
    since = last_seq()
    first, again = frozen(year, 20), frozen(year, 21)
    order = drafted(year)
    third = frozen(year, 22)

    assert (first, third.pk != first.pk) == (again, True)
    assert kinds_since(since) == ["snapshot.frozen", "order.drafted", "snapshot.frozen"]
    assert [row.order for row in sheet_of(third).figures.orders] == [order.pk]
    assert [
        row.sha256 for row in snapshots_of(year.period, someone(PostRole.SUPERVISOR, year.government))
    ] == [
        third.data_id,
        first.data_id,
    ]


def test_figures_survive_their_json_and_hold_every_kind_of_row(year):
    drafted(year)
    problem_of(year)

    figures = figures_of(year.period)

    assert loaded(dumped(figures)) == figures
    assert set(json.loads(dumped(figures))) == {
        "version", "head", "totals", "leaders", "lines", "parts", "units", "form_rows", "orders", "problems",
    }  # fmt: skip
    assert figures.totals == Count("", 3, {"lagging": 1, "missing": 2}, {})
    assert figures.leaders == (Count("林某某", 3, {"lagging": 1, "missing": 2}, {}),)
    assert [(row.text, row.helper, row.level) for row in figures.problems] == [
        ("用地尚未落实", "省自然资源厅", "leader")
    ]


def test_the_system_view_does_not_get_into_a_data_sheet():
    line = figures_of(small_year("judged").period).lines[2]

    assert (line.light, line.sentence, line.value, line.due_value) == ("", "", "20", "25")


def test_a_sealed_period_keeps_its_figures_and_takes_later_orders_only(year):
    sealed(year)
    first = sheet_of(frozen(year))
    problem_of(year)
    order = moved(drafted(year), "approve")
    second = sheet_of(frozen(year, 22))

    assert second.figures.problems == first.figures.problems == ()
    assert second.figures == first.figures.with_orders(second.figures.orders)
    assert [(row.order, row.serial) for row in second.figures.orders] == [(order.pk, 1)]


def test_steps_after_the_approval_do_not_change_the_sheet(year):
    order = moved(drafted(year), "approve")
    first = frozen(year)
    served = moved(order, "serve")

    assert frozen(year, 22) == first
    assert sheet_for_order(served).sha256 == first.data_id


def test_an_order_that_moved_on_needs_a_new_sheet(year):
    order = drafted(year)
    frozen(year)

    assert sheet_for_order(order) is not None
    assert sheet_for_order(moved(order, "approve")) is None


def test_only_the_office_freezes_and_records(year):
    snapshot = frozen(year)
    roles = [role for role in PostRole if _may_freeze(year, role)]

    assert roles == [PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR]
    with pytest.raises(NotAllowed):
        record_papers(
            snapshot=snapshot,
            papers=["总台账.xlsx"],
            by=someone(PostRole.LIAISON, year.government),
            now=moment(4, 21),
        )


def _may_freeze(year, role):
    try:
        freeze(period=year.period, by=someone(role, year.government), now=moment(4, 21))
    except NotAllowed:
        return False
    return True


def test_papers_written_are_recorded_with_period_and_sheet(year):
    snapshot = frozen(year)
    record_papers(snapshot=snapshot, papers=["总台账.xlsx"], by=CONSOLE, now=moment(4, 21))

    event = Event.objects.order_by("-seq").first()
    assert (event.kind, json.loads(event.body)) == (
        "paper.written",
        {"period": "2026-03", "papers": ["总台账.xlsx"], "snapshot": snapshot.data_id[:12]},
    )


def test_codes_of_all_units_are_those_printed_one_by_one(year):
    unit = year.row("3").unit_id

    assert check_codes(year.period) == {unit: check_code(year.period, unit)[0]}


def test_a_quarter_compares_with_a_quarter_and_a_month_with_whatever_came_before(year):
    from duban.progress.models import Period
    from duban.supervision.models import Determination

    first = year.period
    april, half = (
        Period.objects.create(
            list=year.list,
            key=key,
            opens_on=first.opens_on,
            due_on=first.due_on,
            lock_on=first.lock_on,
            seq=1,
        )
        for key in ("2026-04", "2026-06")
    )
    Determination.objects.create(
        task=year.task("3"),
        period=april,
        light="normal",
        sentence="。",
        differs=False,
        actor="",
        at=moment(5, 8),
        seq=1,
    )

    assert [compared_with(period) for period in (first, april, half)] == [None, first, first]


def test_collecting_costs_the_same_however_many_tasks_and_units(year):
    def cost(period) -> int:
        with CaptureQueriesContext(connection) as captured:
            figures_of(period)
        return len(captured)

    from duban.progress.models import Obligation

    many = cost(year.period)
    Obligation.objects.filter(period=year.period, current__isnull=True).delete()

    assert cost(year.period) == many


def test_a_purged_sheet_and_another_governments_sheet_are_not_found(year):
    snapshot = frozen(year)
    stranger = someone(PostRole.LIAISON, year.government)

    assert sheet_at(snapshot.data_id, stranger) is None
    assert sheet_at(snapshot.data_id).figures == figures_of(year.period)
    Payload.objects.filter(pk=snapshot.data_id).update(content=None, purged_at=moment(4, 22))
    assert sheet_at(snapshot.data_id) is None
    assert Snapshot.objects.count() == 1


def test_before_anything_is_determined_there_is_still_a_sheet():
    year = small_year("opened")

    figures = figures_of(year.period)

    assert (figures.totals, figures.head.issue, figures.head.earlier) == (Count("", 3, {"": 3}, {}), 1, "")
