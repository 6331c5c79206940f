from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import HEAD, SMALL, another_city, city, other_number, published, someone, unit_of

from duban.documents.models import SourceDocument
from duban.domain.posts import CONSOLE, OWN_UNIT, WHOLE_GOVERNMENT, PostRole
from duban.register.models import Task, TaskList
from duban.register.queries import (
    Filters,
    ListFigures,
    ListSummary,
    list_figures,
    newest_list,
    task_detail,
    task_rows,
    tasks_of,
    units_of,
)

pytestmark = pytest.mark.django_db


def seen(acting) -> tuple[list[str], list[str], int]:
    tasks = Task.objects.visible_to(acting).order_by("list__key", "ordinal")
    lists = TaskList.objects.visible_to(acting).order_by("key").values_list("key", flat=True)
    documents = SourceDocument.objects.visible_to(acting).count()
    return (
        list(lists),
        [f"{task.list.key[-1]}/{task.key}" for task in tasks.select_related("list")],
        documents,
    )


def test_every_role_sees_exactly_its_scope():
    government, elsewhere = city(), another_city()
    published(government)
    published(government, other_number(HEAD, 10))
    both = ["yunjiang-2026", "yunjiang-2026-2"]
    every = (both, ["6/1", "6/2", "6/3", "2/1"], 2)
    nothing = ([], [], 0)
    units = {name: unit_of(government, name) for name in ("市教育局", "市统计局", "望川区政府", "市公安局")}

    found = {role: seen(someone(role, units["市教育局"])) for role in PostRole}
    others = {name: seen(someone(PostRole.LIAISON, unit)) for name, unit in units.items()}

    own = ([both[0]], ["6/2", "6/3"], 0)
    assert found == {
        role: every if role in WHOLE_GOVERNMENT else own if role in OWN_UNIT else nothing for role in PostRole
    }
    assert others == {
        "市教育局": own,
        "市统计局": (both, ["6/1", "2/1"], 0),
        "望川区政府": ([both[0]], ["6/2"], 0),
        "市公安局": nothing,
    }
    assert [seen(someone(role, elsewhere)) for role in PostRole] == [nothing] * len(PostRole)
    assert seen(CONSOLE) == nothing


def test_figures_are_those_of_what_a_post_sees():
    government = city()
    task_list = published(government).list
    supervisor = someone(PostRole.SUPERVISOR, government)
    liaison = someone(PostRole.LIAISON, unit_of(government, "市教育局"))
    police = someone(PostRole.LIAISON, unit_of(government, "市公安局"))

    found = [
        list_figures(task_list, acting, units_of(task_list, acting))
        for acting in (supervisor, liaison, police)
    ]

    assert found == [ListFigures(13, 14, 3), ListFigures(11, 12, 1), ListFigures(0, 0, 0)]
    summary = ListSummary(task_list.pk, task_list.key, 2026, task_list.title, task_list.document_number, 2)
    assert [newest_list(liaison), newest_list(police)] == [summary, None]
    assert units_of(task_list, liaison)[0].label == "市教育局"


def test_task_rows_cost_the_same_for_one_and_three():
    task_list, costs = published(city()).list, []

    for tasks in (Task.objects.filter(list=task_list, key="1"), Task.objects.filter(list=task_list)):
        with CaptureQueriesContext(connection) as captured:
            rows = task_rows(tasks)
        costs.append((len(rows), len(captured)))

    assert costs == [(1, costs[0][1]), (3, costs[0][1])]


def test_neighbours_of_a_task_are_those_the_post_sees():
    government = city()
    published(government)
    liaison = someone(PostRole.LIAISON, unit_of(government, "市教育局"))
    supervisor = someone(PostRole.SUPERVISOR, government)
    task = Task.objects.get(key="2")

    found = [(d.previous, d.following) for d in (task_detail(task, liaison), task_detail(task, supervisor))]

    assert found == [("", "3"), ("1", "3")]


def test_task_detail_says_what_was_printed():
    government = city()
    published(government)

    detail = task_detail(Task.objects.get(key="2"), someone(PostRole.SUPERVISOR, government))

    assert "".join(part.text for part in detail.text) == "建成学校8所，6月底前投入使用。"
    assert (detail.collectives, detail.heading) == (["各县（市、区）政府"], "建成学校8所")
    assert [p.resolved for p in detail.printed] == ["市教育局", "各县（市、区）政府", "澜桥区政府"]
    assert SMALL[detail.start : detail.end].startswith("2.建成学校")


@pytest.mark.parametrize(
    ("filters", "keys"),
    [
        (Filters(), ["1", "2", "3"]),
        (Filters(text="学校"), ["2"]),
        (Filters(text="没有"), []),
        (Filters(targets=True), ["1", "2"]),
        (Filters(text="食堂", targets=True), []),
    ],
)
def test_filters_narrow_the_list(filters, keys):
    government = city()
    task_list = published(government).list

    found = tasks_of(task_list, someone(PostRole.SUPERVISOR, government), filters)

    assert [task.key for task in found] == keys


def test_filters_by_unit_and_role():
    government = city()
    task_list = published(government).list
    by, unit = someone(PostRole.SUPERVISOR, government), unit_of(government, "市教育局").pk

    found = {
        role: [task.key for task in tasks_of(task_list, by, Filters(unit=unit, role=role))]
        for role in ("", "lead", "main", "support")
    }

    assert found == {"": ["2", "3"], "lead": [], "main": ["2"], "support": ["3"]}
