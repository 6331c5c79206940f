"""Compiled queries: what they answer is what the ORM answers, whatever the values; what they cannot carry they refuse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Exists, OuterRef, Q, Value
from tests.building import someone
from tests.building_year import small_year

from duban.directory.models import Unit
from duban.domain.posts import CONSOLE, PostRole
from duban.plans.models import Milestone, Plan
from duban.progress.models import Obligation, Period, Report
from duban.register.models import Responsibility, Task
from duban.shared.compiled import columns, compiled, instance
from duban.supervision.models import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return small_year("sent")


def rows_of(query, **values):
    """What the ORM answers to the same question."""
    return [tuple(row) for row in query.__wrapped__(**values)]


@compiled
def mixed(
    tasks: Sequence[int],
    before: str,
    day: date,
    limit: int,
    units: Sequence[int] | None = None,
    *,
    late: bool,
):
    rows = Obligation.objects.filter(
        task__in=tasks, period__key__lt=before, period__due_on__gte=day, pk__lt=limit
    )
    rows = rows if units is None else rows.filter(unit__in=units)
    rows = rows.filter(sent_on__gt=day) if late else rows
    return rows.order_by("pk").values_list(
        "pk", "state", "period__due_on", "current__no_change", "current__value"
    )


def test_rows_are_those_of_the_orm_for_every_kind_of_value(year):
    tasks = list(Task.objects.values_list("pk", flat=True))
    units = list(Unit.objects.values_list("pk", flat=True))
    cases = [
        {"tasks": tasks, "before": "2027-01", "day": date(2026, 1, 1), "limit": 10_000, "late": False},
        {"tasks": tasks[:1], "before": "2027-01", "day": date(2026, 1, 1), "limit": 10_000, "late": False},
        {"tasks": set(tasks), "before": "2026-01", "day": date(2026, 1, 1), "limit": 10_000, "late": False},
        {"tasks": tasks, "before": "2027-01", "day": date(2026, 12, 31), "limit": 10_000, "late": False},
        {"tasks": tasks, "before": "2027-01", "day": date(2026, 1, 1), "limit": 2, "late": False},
        {"tasks": tasks, "before": "2027-01", "day": date(2026, 1, 1), "limit": 10_000, "late": True},
        {"tasks": tasks, "before": "2027-01", "day": date(2026, 1, 1), "limit": 10_000, "units": units[:9], "late": False},
        {"tasks": dict.fromkeys(tasks), "before": "2027-01", "day": date(2026, 1, 1), "limit": 99, "units": units, "late": True},
    ]  # fmt: skip
    for case in cases:
        assert mixed(**case) == rows_of(mixed, **case), case
    assert len(mixed(**cases[0])) == 3


@compiled
def scoped(acting, period: int):
    duties = Responsibility.objects.filter(task=OuterRef("task"), unit__in=acting.answers_for)
    rows = Obligation.objects.visible_to(acting).filter(period=period)
    return rows.order_by("pk").values_list("pk", "unit_id", Exists(duties), Value("％s"))


def test_a_post_sees_in_a_compiled_query_what_it_sees_elsewhere(year):
    period, units = Period.objects.get().pk, dict(Unit.objects.values_list("name", "pk"))
    office, console = someone(PostRole.SUPERVISOR, year.government), CONSOLE
    one, other = (someone(PostRole.LIAISON, year.unit(name)) for name in ("市民政局", "市财政局"))
    for seat in (office, one, other, one, console, someone(PostRole.SECURITY_ADMIN, year.government), office):
        assert scoped(acting=seat, period=period) == rows_of(scoped, acting=seat, period=period), seat
    assert {unit for _, unit, *_ in scoped(acting=one, period=period)} == {units["市民政局"]}
    assert scoped(acting=console, period=period) == []


def test_an_empty_list_answers_with_nothing_and_asks_nothing(year, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert mixed(tasks=[], before="2027-01", day=date(2026, 1, 1), limit=9, late=False) == []


def test_a_query_is_built_once_for_each_kind_of_values(year, django_assert_num_queries):
    built = []

    @compiled
    def counted(tasks: Sequence[int], state: str | None = None):
        built.append(state)
        rows = Obligation.objects.filter(task__in=tasks)
        return (rows if state is None else rows.filter(state=state)).values_list("pk")

    with django_assert_num_queries(5):
        for tasks, more in (
            ([1], {}),
            ([1, 2, 3], {}),
            ([4], {"state": "sent"}),
            ([4], {"state": "owed"}),
            ((5,), {}),
        ):
            counted(tasks=tasks, **more)
    assert len(built) == 3  # a list, a tuple, and a list with a state


def test_a_value_that_the_query_alters_is_refused():
    @compiled
    def altered(day: date):
        return Period.objects.filter(due_on__year=day.year).values_list("pk")

    with pytest.raises(TypeError, match="day"):
        altered(day=date(2026, 4, 1))


def test_values_come_back_as_django_reads_them(year):
    task = Task.objects.order_by("pk")[0]
    Milestone.objects.create(task=task, on=date(2026, 6, 30), value=Decimal("12.500000"), text="一半")
    view = {
        "task": task,
        "on": date(2026, 4, 1),
        "light": "normal",
        "code": "x",
        "sentence": "…",
        "rule_version": "1",
    }
    Verdict.objects.create(**view, params={"n": 3}, due_value=Decimal("1.5"), seq=9_999)

    @compiled
    def nodes(task: int):
        return Milestone.objects.filter(task=task).values_list("on", "value", "text")

    @compiled
    def views(task: int):
        return Verdict.objects.filter(Q(task=task)).values_list("params", "due_value", "on")

    assert (date(2026, 6, 30), Decimal("12.500000"), "一半") in nodes(task=task.pk)
    assert ({"n": 3}, Decimal("1.5"), date(2026, 4, 1)) in views(task=task.pk)


def test_instances_are_made_of_their_columns(year):
    @compiled
    def plans(task: int):
        return (
            Plan.objects.filter(task=task)
            .order_by("pk")
            .values_list(*columns(Plan), *columns(Unit, "unit__"))
        )

    own = len(columns(Plan))
    for row in plans(task=Plan.objects.order_by("pk")[0].task_id):
        plan, unit = instance(Plan, row[:own]), instance(Unit, row[own:])
        kept = Plan.objects.select_related("unit").get(pk=plan.pk)
        assert [getattr(plan, name) for name in columns(Plan)] == [
            getattr(kept, name) for name in columns(Plan)
        ]
        assert (unit, unit.name) == (kept.unit, kept.unit.name)
    assert Report.objects.exists()
