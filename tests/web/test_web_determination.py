"""核定 of a period that is over: what the period itself holds, whatever came after it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import SMALL, other_number, someone
from tests.building_rehearsal import rehearsed
from tests.building_year import Year, drafted, judged, moment, opened, reviewed, sent, small_year

from duban.directory.models import Unit
from duban.domain.lights import Light
from duban.domain.periods import period_of
from duban.domain.posts import CONSOLE, PostRole
from duban.plans.models import Milestone
from duban.progress.models import Period
from duban.progress.operations import move_period, open_period
from duban.publishing.queries import newest_snapshot, sheet_of
from duban.supervision.models import Determination, Standing, Verdict
from duban.supervision.operations import Ruling, determine
from duban.supervision.queries import projection_faults

pytestmark = pytest.mark.django_db


def plain(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def opened_after(year: Year, key: str) -> Period:
    """The next period, opened on its last day; the year goes on with it."""
    spec = period_of(key)
    days = (spec.ends_on, spec.ends_on, spec.ends_on)
    year.period = open_period(
        task_list=year.list, spec=spec, days=days, lagging=frozenset(), by=CONSOLE, now=moment(spec.month, 30)
    )
    return year.period


def sealed(year: Year) -> None:
    for action in ("close", "seal"):
        move_period(period=year.period, action=action, by=CONSOLE, now=moment(4, 20))


def test_sealed_quarter_shows_what_its_papers_say_however_the_year_went_on(as_):
    task_list, _ = rehearsed(date(2026, 5, 20))
    quarter = Period.objects.get(list=task_list, key="2026-03")
    sheet = sheet_of(newest_snapshot(quarter)).figures
    client = as_(someone(PostRole.SUPERVISOR, Unit.objects.get(pk=task_list.government_id)))
    page = f"/l/{task_list.key}/p/2026-03/determine/"

    shown = client.get(page)

    assert Period.objects.get(list=task_list, key="2026-04").determinations.exists()
    assert shown.context["lights"] == {light: n for light, n in sheet.totals.now.items() if n}
    counted = {light: client.get(f"{page}?light={light or 'none'}") for light in sheet.totals.now}
    assert {light: one.context["page"].paginator.count for light, one in counted.items()} == sheet.totals.now
    lines = {line.key: line for line in sheet.lines}
    found = [line for one in counted.values() for line in one.context["lines"]]
    assert [(line.ruled.sentence, line.said.progress, line.said.period) for line in found] == [
        (lines[line.task.key].sentence, lines[line.task.key].progress, lines[line.task.key].said_in)
        for line in found
    ]
    assert {line.view.period_id for line in found} == {quarter.pk}
    stands = Standing.objects.filter(task__list=task_list).values_list("verdict__sentence", flat=True)
    assert {line.view.sentence for line in found} != set(stands)


def test_sealed_period_has_nothing_to_press(as_):
    year = small_year()
    sealed(year)
    page = f"{year.path}p/2026-03/determine/"

    html = as_(someone(PostRole.SUPERVISOR, year.government)).get(page).content.decode()

    main = html[html.index("<main") : html.index("</main>")]
    forms = re.findall(r"<form[^>]*>", main)
    assert forms == ['<form class="bar joined" method="get">']
    assert [word for word in ("checkbox", "<textarea", "改核", "/patrol/", 'name="do"') if word in main] == []
    assert [row.sentence in main for row in Determination.objects.all()] == [True] * 3


def test_earlier_period_keeps_its_view_and_is_determined_against_it(as_):
    year = small_year()
    earlier = year.period
    own = set(Verdict.objects.values_list("pk", flat=True))
    later = opened_after(year, "2026-04")
    judged(year, on=date(2026, 5, 20))
    determine(
        period=later, by=CONSOLE, now=moment(5, 21),
        rulings=[Ruling(year.task("3").pk, Light.LAGGING, "滞后。", "现场核查")],
    )  # fmt: skip
    client, page = as_(someone(PostRole.SUPERVISOR, year.government)), f"{year.path}p/2026-03/determine/"
    task = year.task("3").pk

    shown = client.get(page)
    fields = {f"light-{task}": "warning", f"sentence-{task}": "偏慢。", f"reason-{task}": "复核"}
    seen = {f"seen-{task}": str(Determination.objects.get(period=earlier, task=task).pk)}
    post = {"do": str(task), "upto": str(shown.context["upto"]), **fields}
    done = client.post(page, post | seen)
    stale = client.post(page, post | seen | {f"sentence-{task}": "再改。"})

    assert {line.view.pk for line in shown.context["lines"]} == own
    assert {
        line.view.pk for line in client.get(f"{year.path}p/2026-04/determine/").context["lines"]
    } & own == set()
    assert (done.status_code, stale.status_code) == (303, 409)
    newest = Determination.objects.filter(task=task).order_by("-seq").first()
    assert (newest.period, newest.sentence) == (earlier, "偏慢。")
    assert Standing.objects.get(task=task).determination.period == later
    assert projection_faults() == []


def test_page_of_a_past_period_costs_the_same_however_many_tasks(as_):
    def cost(year: Year) -> int:
        sealed(year)
        client, page = as_(someone(PostRole.SUPERVISOR, year.government)), f"{year.path}p/2026-03/determine/"
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        return len(captured)

    few = cost(small_year())
    more = "".join(f"{n}.办好食堂第{n}处。\n主责单位：市民政局\n" for n in range(4, 41))

    assert cost(small_year(text=other_number(SMALL, 10) + more)) == few


def test_a_figure_is_determined_where_the_task_counts_one_and_stands_in_the_sealed_period(as_):
    year = small_year("planned")
    for step in (opened, drafted, sent, reviewed):
        step(year)
    task = year.task("3").pk
    Milestone.objects.update_or_create(
        task_id=task, on=date(2026, 3, 31), defaults={"value": 20, "text": "20家"}
    )
    judged(year)
    client, page = as_(someone(PostRole.SUPERVISOR, year.government)), f"{year.path}p/2026-03/determine/"
    shown = client.get(page)
    offered = {line.task.key: line.counts for line in shown.context["lines"]}
    fields = {
        f"light-{task}": "lagging",
        f"sentence-{task}": "核定建成15家，滞后。",
        f"reason-{task}": "现场核查",
    }
    post = {"do": str(task), "upto": str(shown.context["upto"]), f"seen-{task}": "0", **fields}

    refused = client.post(page, post | {f"value-{task}": "十五家左右"})
    done = client.post(page, post | {f"value-{task}": "15家"})
    again = client.get(page).content.decode()
    sealed(year)

    assert offered == {"1": True, "2": False, "3": True}
    assert (refused.status_code, done.status_code) == (422, 303)
    assert 'value="十五家左右"' in refused.content.decode()
    assert Determination.objects.get(task=task).value == 15
    assert f'name="value-{task}" value="15"' in again
    assert "核定数值：15" in plain(client.get(page))
