from __future__ import annotations

from datetime import date

import pytest
from tests.building import CONSOLE, someone, unit_of
from tests.building_year import PROGRESS, moment, small_year

from duban.coordination.operations import PaperEntry, register_paper, take_up_problems
from duban.directory.queries import mergers_on
from duban.domain.lights import Light
from duban.domain.posts import PostRole
from duban.overview.dashboard import overview_of
from duban.overview.leader_page import leader_page
from duban.overview.pages import Narrowing, stand_rows, standing_tasks, standings_of
from duban.overview.queries import ledger
from duban.overview.task_page import task_standing
from duban.overview.units import unit_task_rows
from duban.register.models import Task
from duban.register.queries import Filters, task_detail
from duban.supervision.models import Standing
from duban.supervision.operations import OrderDraft, Ruling, determine, draft_order, move_order

pytestmark = pytest.mark.django_db

TODAY = date(2026, 4, 20)


@pytest.fixture
def year():
    return small_year()


@pytest.fixture
def supervisor(year):
    return someone(PostRole.SUPERVISOR, year.government)


def listed(year, acting, **narrowing):
    document = Filters(
        **{k: narrowing.pop(k) for k in list(narrowing) if k in ("chapter", "unit", "role", "text")}
    )
    tasks = standing_tasks(year.list.pk, acting, Narrowing(document=document, **narrowing))
    return [row.key for row in stand_rows(tasks, acting, TODAY)]


def stand(year, acting, key="3"):
    task = Task.objects.get(list=year.list, key=key)
    return task_standing(task, task_detail(task, acting).owed, acting, TODAY)


def test_list_says_the_same_as_the_ledger(year, supervisor):
    """One figure, one truth: light, sentence, lead, division and progress are those of the papers."""
    lines = ledger(year.list, supervisor)
    rows = stand_rows(standing_tasks(year.list.pk, supervisor, Narrowing()), supervisor, TODAY)

    assert [(r.key, r.light, r.lead, r.division, r.said, r.city_leader, r.units) for r in rows] == [
        (x.row.key, x.light, x.lead, x.planned.division, x.said.progress, x.decided.city_leader, x.row.units)
        for x in lines
    ]
    counts = standings_of(year.list.pk, supervisor).lights
    assert sum(counts.values()) == 3
    assert counts == {light: sum(r.light == light for r in rows) for light in counts}


def test_next_node_is_the_first_on_or_after_the_day(year, supervisor):
    tasks = standing_tasks(year.list.pk, supervisor, Narrowing())

    found = [
        [(row.node_on, row.node) for row in stand_rows(tasks, supervisor, day)][2]
        for day in (date(2026, 3, 31), date(2026, 4, 1), date(2027, 1, 1))
    ]

    assert found == [(date(2026, 3, 31), "25家"), (date(2026, 12, 31), "100家"), (None, "")]


def test_filters_narrow_in_the_database(year, supervisor):
    take_up_problems(period=year.period, by=CONSOLE, now=moment(4, 14))
    light = stand(year, supervisor).light
    unit = unit_of(year.government, "市教育局").pk
    expected = {
        "light": (light, ["3"]),
        "nature": ("quantified", None),
        "leader": ("林某某", ["1", "2", "3"]),
        "owes": ("2026-03", ["1", "2"]),
        "problem": ("office", ["3"]),
        "text": ("食堂", ["3"]),
        "unit": (unit, ["2", "3"]),
    }

    found = {name: listed(year, supervisor, **{name: value}) for name, (value, _) in expected.items()}

    assert "3" in found.pop("nature")
    assert found == {name: keys for name, (_, keys) in expected.items() if name != "nature"}
    assert listed(year, supervisor, owes="2026-03", unit=unit) == ["2"]
    assert listed(year, supervisor, key_task=True) == []
    assert listed(year, supervisor, leader="别人") == []


def test_system_view_stays_inside_the_office():
    """Judged, not determined: the office sees the light and its sentence, nobody else does."""
    year = small_year("judged")
    inside = someone(PostRole.SUPERVISOR, year.government)
    leader = someone(PostRole.CITY_LEADER, year.government)
    unit = someone(PostRole.LIAISON, year.unit("市民政局"))

    shown = {}
    for name, acting in (("inside", inside), ("leader", leader), ("unit", unit)):
        page = stand(year, acting)
        row = stand_rows(
            standing_tasks(year.list.pk, acting, Narrowing(document=Filters(text="食堂"))), acting, TODAY
        )
        shown[name] = (
            bool(page.light),
            page.sees_system,
            bool(page.system.told),
            bool(row[0].light + row[0].sentence),
        )

    assert shown == {
        "inside": (True, True, True, True),
        "leader": (False, False, False, False),
        "unit": (False, False, False, False),
    }
    assert standings_of(year.list.pk, leader).lights == {"": 3}
    assert standings_of(year.list.pk, inside, office_only=True).lights == {"": 3}
    assert listed(year, leader, light="none") == ["1", "2", "3"]
    assert listed(year, inside, light="none") == []


def test_reason_of_a_determination_is_kept_from_units(year):
    determine(
        period=year.period,
        rulings=[Ruling(year.task("3").pk, Light.NORMAL, "已现场核实。", "与系统研判不同")],
        by=CONSOLE,
        now=moment(4, 15),
    )
    seen = [
        stand(year, acting).office
        for acting in (
            someone(PostRole.CITY_LEADER, year.government),
            someone(PostRole.LIAISON, year.unit("市民政局")),
        )
    ]

    assert [(voice.light, voice.told, voice.reason) for voice in seen] == [
        ("normal", "已现场核实。", "与系统研判不同"),
        ("normal", "已现场核实。", ""),
    ]


def test_task_page_shows_plan_reports_contacts_and_problems(year, supervisor):
    take_up_problems(period=year.period, by=CONSOLE, now=moment(4, 14))
    page = stand(year, supervisor)

    assert [(n.on, n.text, n.reported, n.passed, n.next) for n in page.nodes] == [
        (date(2026, 3, 31), "25家", "20家", True, False),
        (date(2026, 12, 31), "100家", "", False, True),
    ]
    assert (page.year_target, page.said.value, page.said.problem) == ("100家", "20家", "用地尚未落实")
    assert [(c.name, c.leads, c.contact, c.phone) for c in page.contacts] == [
        ("市民政局", True, "孙某某", "0000-1001"),
        ("市财政局", False, "", ""),
        ("市教育局", False, "", ""),
    ]
    assert [(p.period, p.state, p.late, len(p.reports)) for p in page.periods] == [
        ("2026-03", "accepted", False, 1)
    ]
    assert [problem.text for problem in page.problems] == ["用地尚未落实"]
    assert page.events[0].sentence.code == "event.problem.raised"


def test_sharing_unit_sees_the_determination_and_nobody_elses_reports(year):
    take_up_problems(period=year.period, by=CONSOLE, now=moment(4, 14))
    draft = OrderDraft(year.task("3"), year.unit("市民政局"), "加快选址", "滞后", "报告", date(2026, 5, 1))
    draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 15))
    pages = {
        name: stand(year, someone(PostRole.LIAISON, year.unit(name))) for name in ("市教育局", "市民政局")
    }

    assert {
        name: (
            bool(page.office.light), len(page.periods), page.said.anything, len(page.problems), len(page.orders),
            sorted({event.sentence.code.split(".")[1] for event in page.events}),
        )
        for name, page in pages.items()
    } == {
        "市教育局": (True, 0, False, 0, 0, ["task"]),
        "市民政局": (True, 1, True, 1, 0, ["plan", "problem", "report", "task"]),
    }  # fmt: skip
    sharing = someone(PostRole.LIAISON, year.unit("市教育局"))
    rows = stand_rows(standing_tasks(year.list.pk, sharing, Narrowing()), sharing, TODAY)
    assert [(row.key, row.said) for row in rows] == [("2", ""), ("3", "")]


def test_overview_counts_are_found_again_as_rows(year, supervisor):
    take_up_problems(period=year.period, by=CONSOLE, now=moment(4, 14))
    draft = OrderDraft(year.task("3"), year.unit("市民政局"), "加快选址", "滞后", "报告", date(2026, 5, 1))
    order = draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 1))
    for action, values in (
        ("submit", {}),
        ("approve", {"by": "主任", "on": date(2026, 4, 1), "approval": "paper"}),
        ("serve", {"on": date(2026, 4, 2)}),
    ):
        order = move_order(
            order=order, revision=order.revision, action=action, values=values, by=CONSOLE, now=moment(4, 1)
        )

    shown = overview_of(year.list.pk, supervisor, TODAY)

    assert [(part.name, part.tasks) for part in shown.chapters] == [("一、加快发展", 2), ("二、改善民生", 1)]
    for part in shown.chapters:
        for light, n in part.lights.items():
            assert len(listed(year, supervisor, chapter=part.key, light=light)) == n
    assert [(part.name, part.tasks) for part in shown.leaders] == [("林某某", 3)]
    assert (shown.period.asked, shown.period.came, shown.period.missing) == (3, 1, 2)
    assert sorted((row.name, row.rows, row.contact) for row in shown.owing) == [
        ("市工业和信息化局", 1, "孙某某"),
        ("市教育局", 1, "孙某某"),
    ]
    assert [(group.first, len(group.orders)) for group in shown.ages] == [(0, 0), (8, 0), (16, 1), (31, 0)]
    assert [tuple(row) for row in shown.levels] == [("office", 1, 1)]
    assert [row.key for row in shown.laggards] == [
        key for light in ("lagging", "warning") for key in listed(year, supervisor, light=light)
    ]


def test_changes_are_told_against_the_last_determination(year, supervisor):
    from duban.domain.calendar_data import CALENDAR
    from duban.domain.periods import period_of
    from duban.progress.operations import open_period

    spec = period_of("2026-04")
    later = open_period(
        task_list=year.list, spec=spec, days=(spec.ends_on, spec.due_on(CALENDAR), spec.lock_on(CALENDAR)),
        lagging=frozenset(), by=CONSOLE, now=moment(4, 30),
    )  # fmt: skip
    lights = {"1": Light.LAGGING, "2": Light.NORMAL, "3": Light.NORMAL}
    before = {
        s.task.key: s.determination.light for s in Standing.objects.select_related("task", "determination")
    }
    determine(
        period=later,
        rulings=[Ruling(year.task(key).pk, light, "一句话。", "理由") for key, light in lights.items()],
        by=CONSOLE,
        now=moment(5, 10),
    )

    changes = overview_of(year.list.pk, supervisor, TODAY).changes

    assert changes.period == "2026-04"
    assert [(m.key, m.before, m.now) for m in changes.worse] == [("1", before["1"], "lagging")]
    assert {m.key for m in (*changes.better, *changes.other)} == {"2", "3"} - {
        key for key in lights if before[key] == lights[key]
    }


def test_leader_page_holds_determinations_and_decisions(year, supervisor):
    task = year.task("3")
    draft = OrderDraft(task, year.unit("市民政局"), "加快选址", "滞后", "报告", date(2026, 5, 1))
    order = draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 1))
    move_order(order=order, revision=order.revision, action="submit", values={}, by=CONSOLE, now=moment(4, 1))
    for kind, number in (("request", "请1号"), ("report", "报1号")):
        entry = PaperEntry(kind, number, date(2026, 4, 1), "市民政局", "关于用地", task=task)
        register_paper(task_list=year.list, entry=entry, by=CONSOLE, now=moment(4, 2))

    page = leader_page(year.list.pk, supervisor, "林某某", TODAY)

    assert (page.tasks, [r.key for r in page.behind], [r.key for r in page.missing], [r.key for r in page.rest]) == (
        3, [], ["1", "2"], ["3"],
    )  # fmt: skip
    assert [o.matter for o in page.approvals] == ["加快选址"]
    assert [p.number for p in page.requests] == ["请1号"]
    judged = small_year_leader_lights(year)
    assert page.lights == judged


def small_year_leader_lights(year):
    found = {}
    for row in Standing.objects.filter(task__list=year.list).select_related("determination"):
        found[row.determination.light] = found.get(row.determination.light, 0) + 1
    return found


def test_unit_page_and_ledger_keep_what_another_unit_reported_from_those_who_share(year):
    sharing, lead = (someone(PostRole.LIAISON, year.unit(name)) for name in ("市财政局", "市民政局"))

    seen = {
        by.label: (
            [
                row.said.progress
                for row in unit_task_rows(year.list.pk, by.unit, by, month=3, mergers=mergers_on(TODAY))
                if row.key == "3"
            ],
            [line.said.progress for line in ledger(year.list, by) if line.row.key == "3"],
        )
        for by in (sharing, lead)
    }

    assert seen == {sharing.label: ([""], [""]), lead.label: ([PROGRESS], [PROGRESS])}
