from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.coverage_checks import Check, Duty, Figures, Gap, Outcome, check, filled_nodes
from duban.domain.messages import Message
from duban.domain.natures import Nature
from duban.domain.tasklist.records import Role

LEAD, MAIN, SUPPORT = Role.LEAD, Role.MAIN, Role.SUPPORT
WHOLE = Duty(
    task=1,
    number=1,
    unit="甲局",
    role=LEAD,
    has_lead=True,
    deputy="张某",
    handler="李某",
    phone="010-1",
    year_target="建成 100 家",
    nodes=4,
    nature=Nature.QUANTIFIED,
)


def duty(task=1, unit="甲局", role=LEAD, **changes):
    return WHOLE._replace(task=task, number=task, unit=unit, role=role, **changes)


def codes(duties):
    return {
        name: ([(g.task, g.unit, g.message.code) for g in outcome.gaps], outcome.figures)
        for name, outcome in check(duties).items()
    }


def test_a_whole_plan_has_no_gap():
    rows = [WHOLE, duty(unit="乙局", role=SUPPORT, deputy="", year_target="", nodes=0)]

    assert check(rows) == {
        Check.LAYERS: Outcome((), Figures(2, 2)),
        Check.MATTERS: Outcome((), Figures(1, 1)),
        Check.LANDED: Outcome((), Figures(1, 1)),
    }


def test_an_empty_list_lacks_nothing():
    assert {outcome.figures for outcome in check([]).values()} == {Figures(0, 0)}


def test_gaps_name_task_unit_and_what_is_missing():
    rows = [
        duty(1, deputy=" "),
        duty(1, "乙局", SUPPORT, deputy="", handler="", phone=""),
        duty(2, "丙局", MAIN, has_lead=False, handler="", year_target=" ", nodes=0),
        duty(2, "丁局", MAIN, has_lead=False, nodes=0),
        duty(2, "甲局", SUPPORT, has_lead=False, phone="", year_target=""),
        duty(3, year_target=""),
        duty(3, "乙局", MAIN, year_target="", nodes=0),
    ]

    assert codes(rows) == {
        Check.LAYERS: (
            [
                (1, "甲局", "coverage.no_deputy"),
                (1, "乙局", "coverage.no_contact"),
                (2, "丙局", "coverage.no_handler"),
                (2, "甲局", "coverage.no_phone"),
            ],
            Figures(7, 3),
        ),
        Check.MATTERS: ([(2, None, "coverage.no_lead")], Figures(3, 2)),
        Check.LANDED: (
            [
                (2, "丙局", "coverage.no_target_no_nodes"),
                (2, "丁局", "coverage.no_nodes"),
                (3, "甲局", "coverage.no_target"),
            ],
            Figures(3, 1),
        ),
    }


def test_standing_and_floor_tasks_need_no_nodes():
    rows = [duty(n, nature=nature, nodes=0) for n, nature in enumerate(Nature)]
    free = {list(Nature)[gap.task] for gap in check(rows)[Check.LANDED].gaps}

    assert set(Nature) - free == {Nature.STANDING, Nature.FLOOR}


def test_a_task_with_supporting_units_only_has_nobody_to_carry_it_out():
    rows = [duty(role=SUPPORT, has_lead=False)]

    assert check(rows)[Check.LANDED] == Outcome(
        (Gap(1, None, Message("coverage.no_target_no_nodes")),), Figures(1, 0)
    )


def test_a_task_led_elsewhere_is_not_looked_at_among_the_duties_of_one_unit():
    assert check([duty(role=SUPPORT, nodes=0)])[Check.LANDED] == Outcome((), Figures(0, 0))


def test_roles_and_natures_may_come_as_text_from_a_row():
    rows = [duty(role="lead", nature="standing", nodes=0), duty(unit="乙局", role="support", deputy="")]

    assert [outcome.gaps for outcome in check(rows).values()] == [(), (), ()]


@given(
    st.lists(
        st.builds(
            Duty,
            task=st.integers(1, 4),
            number=st.just(0),
            unit=st.sampled_from("甲乙丙"),
            role=st.sampled_from(Role),
            has_lead=st.just(value=True),
            deputy=st.sampled_from(["", "张某"]),
            handler=st.sampled_from(["", "李某"]),
            phone=st.sampled_from(["", "1"]),
            year_target=st.sampled_from(["", "完成"]),
            nodes=st.integers(0, 4),
            nature=st.sampled_from(Nature),
        ),
        unique_by=lambda row: (row.task, row.unit),
    )
)
def test_figures_and_gaps_tell_the_same(rows):
    for name, (gaps, figures) in ((n, (o.gaps, o.figures)) for n, o in check(rows).items()):
        short = {(g.task, g.unit) if name is Check.LAYERS else g.task for g in gaps}
        assert figures.total - figures.kept == len(short)


@pytest.mark.parametrize(
    ("nodes", "count"),
    [
        ([], 0),
        (["", "", "", ""], 0),
        (["完成5家", "", "", ""], 0),
        (["", "", "", "20家"], 1),
        (["5家", " ", "15家", "20家"], 3),
    ],
)
def test_nodes_count_from_that_of_the_year_on(nodes, count):
    assert filled_nodes(nodes) == count
