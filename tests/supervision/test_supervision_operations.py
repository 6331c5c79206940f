from __future__ import annotations

from datetime import date

import pytest
from tests.building import kinds_since, last_seq, someone
from tests.building_year import BUILDERS, drafted, judged, moment, sent, small_year

from duban.coordination.models import Problem
from duban.coordination.operations import (
    PaperEntry,
    Settling,
    register_paper,
    settle_problem,
    take_up_problems,
)
from duban.domain.calendar_data import CALENDAR
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.lights import Light
from duban.domain.periods import period_of
from duban.domain.posts import CONSOLE, PostRole
from duban.overview.queries import laggards, ledger, totals
from duban.progress.operations import open_period
from duban.register.models import Task
from duban.supervision.models import Determination, Standing, SupervisionOrder, Verdict
from duban.supervision.operations import (
    OrderDraft,
    Patrolled,
    Ruling,
    determine,
    draft_order,
    move_order,
    note_contact,
    patrol,
)
from duban.supervision.order_queries import order_seed

pytestmark = pytest.mark.django_db
NOW = moment(4, 15)


def test_patrol_writes_what_it_sees_once_a_day_and_remembers_the_newest():
    year = small_year("judged")
    before = Verdict.objects.count()

    judged(year)

    lights = Standing.objects.order_by("task__ordinal").values_list("verdict__light", "verdict__sentence")
    assert Verdict.objects.count() == before
    assert (
        list(lights)
        == [
            ("missing", "应于4月8日前报送，已逾期 5 天，尚未报送。"),
            ("missing", "应于4月8日前报送，已逾期 5 天，尚未报送。"),
            ("normal", "到一季度应完成 25 家，实际 20 家，差距 5 个百分点。"),
        ]
        or list(lights)[2][0] == "normal"
    )


def test_patrol_says_how_many_lights_and_how_many_sentences_it_changed():
    year = small_year("reviewed")
    first = patrol(task_list=year.list, on=date(2026, 4, 13), period=year.period, by=CONSOLE, now=NOW)
    drafted(year, "1")
    sent(year, "1")

    second = patrol(task_list=year.list, on=date(2026, 4, 14), period=year.period, by=CONSOLE, now=NOW)
    carried = patrol(task_list=year.list, on=date(2026, 4, 14), by=CONSOLE, now=NOW)

    assert first == Patrolled(lights=3, sentences=0, written=3)
    assert second == Patrolled(lights=1, sentences=1, written=2)  # task 2 is a day later still
    assert carried == Patrolled(lights=0, sentences=0, written=3)


def test_determination_that_differs_wants_a_reason_and_only_real_changes_are_written():
    year = small_year("judged")
    task = year.task("3").pk

    with pytest.raises(Invalid):
        determine(period=year.period, rulings=[Ruling(task, Light.LAGGING, "滞后")], by=CONSOLE, now=NOW)
    first = determine(
        period=year.period, rulings=[Ruling(task, Light.LAGGING, "滞后", "实地核查不实")], by=CONSOLE, now=NOW
    )
    again = determine(
        period=year.period, rulings=[Ruling(task, Light.LAGGING, "滞后", "实地核查不实")], by=CONSOLE, now=NOW
    )

    row = Determination.objects.get()
    assert (first, again, row.differs, row.light) == (1, 0, True, "lagging")
    assert Standing.objects.get(task=task).determination_id == row.pk


def test_ledger_shows_each_post_its_voice():
    year = small_year("judged")
    office = someone(PostRole.SUPERVISOR, year.government)
    leader = someone(PostRole.CITY_LEADER, year.government)
    unit = someone(PostRole.LIAISON, year.unit("市民政局"))

    before = {by.role: [line.light for line in ledger(year.list, by)] for by in (office, leader, unit)}
    determine(
        period=year.period,
        rulings=[Ruling(year.task("3").pk, Light.WARNING, "偏慢", "按实地情况")],
        by=CONSOLE,
        now=NOW,
    )
    after = {by.role: [line.light for line in ledger(year.list, by)] for by in (office, leader, unit)}

    assert before == {
        "supervisor": ["missing", "missing", "normal"],
        "city_leader": ["", "", ""],
        "liaison": [""],
    }
    assert after == {
        "supervisor": ["missing", "missing", "warning"],
        "city_leader": ["", "", "warning"],
        "liaison": ["warning"],
    }
    lines = ledger(year.list, office)
    assert totals(lines).lights == {"missing": 2, "warning": 1}
    assert [line.row.number for line in laggards(lines)] == ["3"]


def test_ledger_of_a_period_keeps_what_it_said_when_later_ones_come(django_assert_num_queries):
    year = small_year("determined")
    office = someone(PostRole.SUPERVISOR, year.government)
    then = ledger(year.list, office, period=year.period)

    patrol(task_list=year.list, on=date(2026, 12, 31), by=CONSOLE, now=moment(12, 31))

    assert ledger(year.list, office, period=year.period) == then
    assert [line.system.light for line in ledger(year.list, office)] != [line.system.light for line in then]


def order_of(year, key="3"):
    task = year.task(key)
    draft = OrderDraft(
        task, year.assignment(key).lead, "进度滞后", "一季度核定", "报送整改措施", date(2026, 4, 30)
    )
    return draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=NOW)


STEPS = (
    ("submit", {}),
    ("approve", {"by": "主任", "on": date(2026, 4, 16), "approval": "paper"}),
    ("serve", {"on": date(2026, 4, 17)}),
    ("sign_for", {"by": "值班室", "on": date(2026, 4, 18)}),
    ("answer", {"text": "已开工", "on": date(2026, 4, 25)}),
    ("close", {"result": "核查属实", "on": date(2026, 4, 28)}),
)


def test_order_walks_its_table_and_is_numbered_when_approved():
    year = small_year("determined")
    first, second = order_of(year, "3"), order_of(year, "1")

    seen = []
    for action, values in STEPS:
        first = move_order(
            order=first, revision=first.revision, action=action, values=values, by=CONSOLE, now=NOW
        )
        seen.append((first.state, first.serial))
    for action, values in STEPS[:2]:
        second = move_order(
            order=second, revision=second.revision, action=action, values=values, by=CONSOLE, now=NOW
        )

    assert seen == [
        ("submitted", None), ("approved", 1), ("served", 1), ("signed_for", 1), ("answered", 1), ("closed", 1),
    ]  # fmt: skip
    assert second.serial == 2
    assert (first.answer, first.result, first.approval) == ("已开工", "核查属实", "paper")


def test_one_matter_one_order_and_no_step_out_of_turn():
    year = small_year("determined")
    order = order_of(year)

    with pytest.raises(Conflict):
        order_of(year)
    with pytest.raises(Conflict):
        move_order(
            order=order,
            revision=order.revision,
            action="serve",
            values={"on": NOW.date()},
            by=CONSOLE,
            now=NOW,
        )
    with pytest.raises(Invalid):
        move_order(order=order, revision=order.revision, action="withdraw", values={}, by=CONSOLE, now=NOW)
    move_order(
        order=order,
        revision=order.revision,
        action="withdraw",
        values={"result": "重复"},
        by=CONSOLE,
        now=NOW,
    )

    assert order_of(year).state == "drafted"


def test_who_may_draft_approve_and_answer_and_when_a_unit_sees_it():
    year = small_year("determined")
    unit = someone(PostRole.LIAISON, year.unit("市民政局"))
    stranger = someone(PostRole.LIAISON, year.unit("市财政局"))
    director = someone(PostRole.OFFICE_DIRECTOR, year.government)
    order = order_of(year)
    order = move_order(order=order, revision=order.revision, action="submit", values={}, by=CONSOLE, now=NOW)
    click = {"by": "主任", "on": NOW.date(), "approval": "click"}

    with pytest.raises(NotAllowed):
        move_order(order=order, revision=order.revision, action="approve", values=click, by=CONSOLE, now=NOW)
    hidden = SupervisionOrder.objects.visible_to(unit).count()
    order = move_order(
        order=order, revision=order.revision, action="approve", values=click, by=director, now=NOW
    )
    order = move_order(
        order=order, revision=order.revision, action="serve", values={"on": NOW.date()}, by=CONSOLE, now=NOW
    )
    with pytest.raises(NotAllowed):
        move_order(
            order=order,
            revision=order.revision,
            action="sign_for",
            values={"by": "甲", "on": NOW.date()},
            by=stranger,
            now=NOW,
        )
    move_order(
        order=order,
        revision=order.revision,
        action="sign_for",
        values={"by": "甲", "on": NOW.date()},
        by=unit,
        now=NOW,
    )

    assert (hidden, SupervisionOrder.objects.visible_to(unit).count()) == (0, 1)
    assert SupervisionOrder.objects.visible_to(stranger).count() == 0


def test_contacts_are_three_kinds_and_only_the_office_makes_them():
    year = small_year("opened")
    unit = year.unit("市民政局").pk
    before = last_seq()

    for kind in ("remind", "urge_report", "urge_matter"):
        note_contact(
            period=year.period, units=[unit], kind=kind, channel="phone", note="已答复", by=CONSOLE, now=NOW
        )
    with pytest.raises(NotAllowed):
        note_contact(
            period=year.period, units=[unit], kind="remind", channel="phone", now=NOW,
            by=someone(PostRole.CITY_LEADER, year.government),
        )  # fmt: skip

    assert kinds_since(before)[:3] == ["unit.remind", "unit.urge_report", "unit.urge_matter"]


def test_problems_of_accepted_reports_are_taken_up_once_and_closed_with_a_result():
    year = small_year("reviewed")

    taken = [take_up_problems(period=year.period, by=CONSOLE, now=NOW) for _ in range(2)]
    problem = Problem.objects.get()
    with pytest.raises(Invalid):
        settle_problem(problem=problem, revision=1, settling=Settling(state="solved"), by=CONSOLE, now=NOW)
    settled = settle_problem(
        problem=problem,
        revision=1,
        settling=Settling(helper="省自然资源厅", level="outside", state="solved", result="用地已批"),
        by=CONSOLE,
        now=NOW,
    )
    with pytest.raises(Conflict):
        settle_problem(problem=problem, revision=1, settling=Settling(), by=CONSOLE, now=NOW)

    assert (taken, problem.text) == ([1, 0], "用地尚未落实")
    assert (settled.state, settled.helper, settled.closed_on) == ("solved", "省自然资源厅", date(2026, 4, 15))


def test_paper_register_runs_clocks_on_requests_only():
    year = small_year("issued")
    by = someone(PostRole.LEADER_SECRETARY, year.government)
    request = PaperEntry(
        "request", "云民〔2026〕5号", date(2026, 4, 1), "市民政局", "关于用地的请示", due_on=date(2026, 4, 20)
    )

    asked = register_paper(task_list=year.list, entry=request, by=by, now=NOW)
    with pytest.raises(Conflict):
        register_paper(task_list=year.list, entry=request, by=by, now=NOW)
    with pytest.raises(Invalid):
        register_paper(
            task_list=year.list, by=by, now=NOW,
            entry=PaperEntry("report", "1号", date(2026, 4, 1), "甲", "报告", due_on=date(2026, 5, 1)),
        )  # fmt: skip
    register_paper(
        task_list=year.list, by=by, now=NOW,
        entry=PaperEntry("instruction", "批1号", date(2026, 4, 9), "林某某", "同意", answers=asked),
    )  # fmt: skip

    asked.refresh_from_db()
    assert (asked.done_on, asked.result) == (date(2026, 4, 9), "批1号")


def test_a_view_that_only_asks_is_answered_before_it_is_determined():
    year = small_year("judged")
    standing = Standing.objects.get(task__key="3")
    asks = Verdict.objects.create(
        task=standing.task, period=year.period, on=moment(4, 14).date(), light="normal", code="lights.text_reported",
        params={"when": "一季度", "when_en": "the first quarter"}, rule_version="preset-1", seq=10**6,
        sentence="一季度节点已到，进展已报，是否达到由督查核定。",
    )  # fmt: skip
    Standing.objects.update(verdict=asks)

    with pytest.raises(Invalid, match="请写明是否达到节点要求"):
        determined(year, "3", Light.NORMAL, asks.sentence)
    assert asks.as_ruling == "一季度节点已到，经核定达到节点要求。"
    determined(year, "3", Light.NORMAL, asks.as_ruling)

    assert Determination.objects.get().sentence == asks.as_ruling


def determined(year, key, light, sentence):
    ruling = Ruling(year.task(key).pk, light, sentence)
    return determine(period=year.period, rulings=[ruling], by=CONSOLE, now=moment(4, 15))


def test_a_problem_named_again_while_it_is_open_adds_no_line():
    year = small_year("reviewed")
    assert take_up_problems(period=year.period, by=CONSOLE, now=moment(4, 12)) == 1
    spec = period_of("2026-04")
    year.period = open_period(
        task_list=year.list, spec=spec, days=(spec.ends_on, spec.due_on(CALENDAR), spec.lock_on(CALENDAR)),
        lagging=frozenset(), by=CONSOLE, now=moment(4, 30),
    )  # fmt: skip
    for step in ("drafted", "sent", "reviewed"):
        BUILDERS[step](year)

    assert take_up_problems(period=year.period, by=CONSOLE, now=moment(5, 12)) == 0
    assert Problem.objects.count() == 1


def test_a_draft_of_an_order_quotes_once_and_asks_what_fits_the_light():
    year = small_year("judged")
    task = Task.objects.select_related("current").get(list=year.list, key="3")
    version = task.current
    version.text = "巩固提升“双减”工作，办好食堂。"

    late = Ruling(task.pk, Light.LAGGING, "少5家。", "用地未落实")
    determine(period=year.period, rulings=[late], by=CONSOLE, now=moment(4, 14))

    seed = order_seed(task, date(2026, 4, 15), CALENDAR)
    Standing.objects.filter(task=task).update(determination=None)
    on_track = order_seed(task, date(2026, 4, 15), CALENDAR)

    assert seed.matter == "第3项“巩固提升‘双减’工作”滞后于节点"
    assert seed.requirement.startswith("请查明原因，提出赶上进度的措施和完成时限")
    assert on_track.requirement.startswith("请报告办理情况和下一步安排")
