from __future__ import annotations

import json

import pytest
from tests.building import HEAD, someone
from tests.building_year import moment, small_year

from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.lights import Light
from duban.domain.natures import Nature
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Event
from duban.plans.sub_items import counted_items, decide_natures, items_of
from duban.progress.operations import Entry, save_drafts, send_sheet
from duban.supervision.models import Standing
from duban.supervision.operations import patrol

pytestmark = pytest.mark.django_db
MIXED = HEAD + (
    "2.建成学校8所。制定学位保障办法。加强师德师风建设。\n主责单位：市教育局\n3.办好食堂25家。\n主责单位：市民政局\n"
)


@pytest.fixture
def year():
    return small_year("planned", MIXED)


def natures(year, key="2"):
    return [item.nature for item in items_of([year.task(key).pk]).get(year.task(key).pk, ())]


def decided(year, *, by=CONSOLE, seen=None, **chosen):
    task = year.task("2")
    items = {item.number: item for item in items_of([task.pk])[task.pk]}
    wanted = {items[int(number[1:])].clause: value for number, value in chosen.items()}
    shown = {item.clause: str(item.nature) for item in items.values()} if seen is None else seen
    return decide_natures(task=task, seen=shown, natures=wanted, by=by, now=moment(3, 2))


def test_types_of_sub_items_are_proposed_from_their_own_words(year):
    assert natures(year) == [Nature.QUANTIFIED, Nature.RULE, Nature.STANDING]
    assert natures(year, "3") == []


def test_the_office_decides_and_the_event_says_what_changed(year):
    assert decided(year, n3="rule", n2="rule") == 1

    assert natures(year) == [Nature.QUANTIFIED, Nature.RULE, Nature.RULE]
    event = Event.objects.get(kind="task.sub_items_typed")
    assert json.loads(event.body) == {"before": {"3": "standing"}, "after": {"3": "rule"}}
    assert decided(year, n3="rule") == 0


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(year):
    task = year.task("2")
    shown = {item.clause: str(item.nature) for item in items_of([task.pk])[task.pk]}
    decided(year, n3="rule")

    with pytest.raises(Conflict):
        decided(year, seen=shown, n3="event")
    assert natures(year)[2] == Nature.RULE


def test_strange_types_other_tasks_and_other_posts_are_refused(year):
    other = items_of([year.task("2").pk])[year.task("2").pk][0].clause
    with pytest.raises(Invalid):
        decided(year, n1="nonsense")
    with pytest.raises(Invalid):
        decide_natures(task=year.task("3"), seen={}, natures={other: "rule"}, by=CONSOLE, now=moment(3, 2))
    with pytest.raises(NotAllowed):
        decided(year, by=someone(PostRole.LIAISON, year.unit("市教育局")), n1="rule")


def test_standing_ones_do_not_count_and_one_alone_is_not_counted(year):
    items = items_of([year.task("2").pk])[year.task("2").pk]
    assert [item.number for item in counted_items(items)] == [1, 2]

    decided(year, n2="standing")

    assert counted_items(items_of([year.task("2").pk])[year.task("2").pk]) == ()


def judged(value, problem):
    """The view of task 2 after the unit reported this for the first quarter (25 were due)."""
    from tests.building_year import opened

    year = small_year("planned", MIXED)
    opened(year)
    row = year.row("2")
    said = {"progress": "学校开工", "value": value, "problem": problem, "next_step": ""}
    save_drafts(
        period=year.period, unit=row.unit_id, entries=[Entry(row.pk, 0, said)], by=CONSOLE, now=moment(4, 1)
    )
    send_sheet(period=year.period, unit=row.unit_id, channel="page", by=CONSOLE, now=moment(4, 1))
    patrol(task_list=year.list, on=moment(4, 2).date(), by=CONSOLE, now=moment(4, 2))
    verdict = Standing.objects.get(task__key="2", task__list=year.list).verdict
    return verdict.light, verdict.sentence


@pytest.mark.parametrize(
    ("value", "problem", "light", "sentence"),
    [
        ("25家", "", Light.NORMAL, "到一季度应完成 25 家，实际 25 家，达到序时要求。"),
        ("25家", "分项2未达序时。", Light.WARNING,
         "到一季度应完成 25 家，实际 25 家，达到序时要求（2 个分项，1 项达序时，分项2未达序时）。"),
        ("10家", "分项2未达序时。", Light.LAGGING,
         "到一季度应完成 25 家，实际 10 家，少 15 家，相当于全年目标的 15%（2 个分项，0 项达序时，分项1、2未达序时）。"),
    ],
)  # fmt: skip
def test_sub_items_that_the_unit_names_count_in_the_light(value, problem, light, sentence):
    assert judged(value, problem) == (light, sentence)
