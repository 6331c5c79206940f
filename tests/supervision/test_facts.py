from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.building import someone
from tests.building_year import drafted, judged, moment, sent, small_year

from duban.domain.due import Goal, Node, headline
from duban.domain.lights import Facts, Light, judge
from duban.domain.natures import Nature
from duban.domain.posts import CONSOLE, PostRole
from duban.overview.queries import ledger
from duban.plans.models import Assignment
from duban.progress.operations import review
from duban.progress.sheet_queries import sheet_rows
from duban.supervision.models import Determination, Standing
from duban.supervision.operations import Ruling, determine, patrol
from duban.supervision.queries import projection_faults

pytestmark = pytest.mark.django_db
NODES = (Node(date(2026, 3, 31), Decimal(3), "3次"), Node(date(2026, 12, 31), Decimal(12), "12次"))


def light_of(year, key: str):
    return Standing.objects.select_related("verdict", "determination").get(task=year.task(key))


def test_missing_report_that_came_leaves_the_determination_in_its_period():
    year = small_year("determined")
    before, office = light_of(year, "1"), someone(PostRole.SUPERVISOR, year.government)
    drafted(year, "1")
    sent(year, "1")

    patrol(task_list=year.list, on=date(2026, 4, 20), by=CONSOLE, now=moment(4, 20))
    after = light_of(year, "1")
    now = {line.row.key: line.office.light for line in ledger(year.list, office)}
    then = {line.row.key: line.office.light for line in ledger(year.list, office, period=year.period)}

    assert before.determination.light == Light.MISSING
    assert (after.determination, after.verdict.light == Light.MISSING) == (None, False)
    assert (now["1"], now["2"], then["1"]) == ("", "missing", "missing")
    assert Determination.objects.filter(task=year.task("1")).count() == 1
    assert projection_faults() == []
    row = year.row("1")
    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="return",
        reason="口径不一致",
        by=CONSOLE,
        now=moment(4, 21),
    )
    patrol(task_list=year.list, on=date(2026, 4, 22), by=CONSOLE, now=moment(4, 22))
    returned, silent = light_of(year, "1").verdict, light_of(year, "2").verdict
    assert (returned.light, returned.code) == (Light.MISSING, "lights.report_returned")
    assert (silent.light, silent.code) == (Light.MISSING, "lights.report_missing")
    assert projection_faults() == []


def test_report_of_a_later_period_settles_what_an_earlier_one_left_open():
    from duban.domain.periods import period_of
    from duban.progress.operations import move_period, open_period

    year = small_year("opened")
    move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 14))
    spec = period_of("2026-04")
    days = (date(2026, 4, 28), date(2026, 5, 8), date(2026, 5, 12))
    year.period = open_period(
        task_list=year.list, spec=spec, days=days, lagging=frozenset(), by=CONSOLE, now=moment(4, 28)
    )
    drafted(year, "1")
    sent(year, "1")

    judged(year, date(2026, 5, 9))

    lights = {key: light_of(year, key).verdict.light for key in "12"}
    assert (lights["1"] == Light.MISSING, lights["2"]) == (False, "missing")


def test_determination_with_a_reason_of_its_own_stands_on():
    year = small_year("judged")
    standing = light_of(year, "3")
    ruling = Ruling(standing.task_id, Light.MISSING, "报送内容与实际不符，视同未报。", "现场核查不符")
    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=moment(4, 14))

    patrol(task_list=year.list, on=date(2026, 4, 20), by=CONSOLE, now=moment(4, 20))

    assert light_of(year, "3").determination.light == Light.MISSING
    assert projection_faults() == []


def test_lost_determination_is_a_fault():
    year = small_year("determined")
    Standing.objects.filter(task=year.task("3")).update(determination=None)

    assert [fault.code for fault in projection_faults()] == ["supervision.fault_standing"]


@pytest.mark.parametrize(
    ("value", "light", "sentence"),
    [
        (3, Light.NORMAL, "累计应开展 3 次，实际 3 次，按期开展。"),
        (2, Light.WARNING, "累计应开展 3 次，实际 2 次，少 1 次。"),
        (1, Light.LAGGING, "累计应开展 3 次，实际 1 次，少 2 次。"),
        (None, Light.MISSING, "到一季度应完成 3 次，已报进展，未报数值。"),
    ],
)
def test_recurring_task_is_counted_by_its_nodes(value, light, sentence):
    from duban.domain.messages import render
    from duban.supervision.facts import _occurred

    told = {"value": None if value is None else Decimal(value), "value_on": date(2026, 3, 31)}
    facts = Facts(
        nature=Nature.RECURRING, on=date(2026, 4, 20), nodes=NODES, measure_unit="次",
        reported_on=date(2026, 4, 3), **(told | _occurred(NODES, told, date(2026, 4, 20))),
    )  # fmt: skip

    verdict = judge(facts)

    assert (verdict.light, render(verdict.message)) == (light, sentence)


def test_recurring_task_of_the_record_is_judged_by_what_was_reported():
    year = small_year("planned")
    Assignment.objects.filter(task__key="3").update(nature="recurring")
    from tests.building_year import opened, reviewed

    opened(year)
    drafted(year)
    sent(year)
    reviewed(year)
    judged(year)

    assert light_of(year, "3").verdict.sentence == "累计应开展 25 次，实际 20 次，少 5 次。"


@pytest.mark.parametrize(
    ("goals", "chosen"),
    [
        ([Goal("增加值增长", "ge", "%"), Goal("企业", "ge", "家")], "企业"),
        ([Goal("增加值增长", "ge", "%")], "增加值增长"),
        ([Goal("投资", "ge", "万家"), Goal("企业", "ge", "家")], "投资"),
        ([], ""),
    ],
)
def test_nodes_speak_of_the_goal_in_their_measure(goals, chosen):
    nodes = [Node(date(2026, 3, 31), Decimal(25), "25家"), Node(date(2026, 12, 31), Decimal(100), "100家")]

    assert headline(goals, nodes).indicator == chosen


def test_sheet_names_what_the_value_counts():
    year = small_year("opened")
    office = someone(PostRole.SUPERVISOR, year.government)

    rows = {row.key: row.counts for row in sheet_rows(year.period, office)}

    assert (rows["1"], rows["3"]) == ("新增企业（家）", "家")


def test_parked_task_is_judged_no_more_and_its_last_determination_stays_in_its_period():
    from duban.plans.adjustment import Approval, Basis, Change, adjust, current_values

    year = small_year("determined")
    task = year.task("2")
    adjust(
        task=task,
        change=Change("parked", None, current_values(task)["state"]),
        basis=Basis("minutes", "云政阅〔2026〕8号", date(2026, 4, 16), "用地手续调整"),
        approval=Approval("paper", "周某某", PostRole.OFFICE_DIRECTOR, date(2026, 4, 16)),
        by=CONSOLE,
        now=moment(4, 17),
    )

    patrol(task_list=year.list, on=date(2026, 4, 20), by=CONSOLE, now=moment(4, 20))
    standing = light_of(year, "2")

    assert (standing.determination, standing.verdict.light) == (None, Light.PENDING)
    assert projection_faults() == []
