"""A merger in mid-year in the browser: the successor's people find, fill and send what the other unit owed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.building import NOW, someone
from tests.building_year import PROGRESS, small_year
from tests.web.test_web_sheets import address, form_of, plan_address, text_of, unit_address

from duban.directory.operations import merge_units
from duban.domain.posts import CONSOLE, PostRole

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = "市民政局", "市司法局", "市审计局"


def merge(year, *olds, into=NEW, days=0):
    """Others merge into a unit, so many days from today on."""
    merge_units(
        froms=[year.unit(name) for name in olds or (OLD,)],
        into=year.unit(into),
        on=timezone.localdate() + timedelta(days=days),
        basis="云编办发〔2026〕3号",
        by=CONSOLE,
        now=NOW,
    )


@pytest.fixture
def year():
    return small_year("opened")


@pytest.fixture
def liaison(year, as_):
    return as_(someone(PostRole.LIAISON, year.unit(NEW)))


def pages(year):
    return [
        f"{year.path}t/3/", unit_address(year), unit_address(year, "tasks.docx"), plan_address(year),
        address(year), address(year, "sheet.xlsx"),
    ]  # fmt: skip


def test_pages_of_the_predecessor_open_for_the_successor_from_the_day_on(year, as_):
    early, late = (as_(someone(PostRole.LIAISON, year.unit(name))) for name in (OTHER, NEW))
    merge(year)
    merge(year, NEW, into=OTHER, days=1)

    found = {client: [client.get(page).status_code for page in pages(year)] for client in (early, late)}

    assert found == {early: [404] * 6, late: [200] * 6}


def test_pages_of_other_units_stay_shut(year, liaison, as_):
    merge(year)
    other = as_(someone(PostRole.LIAISON, year.unit(OTHER)))

    assert [liaison.get(unit_address(year, name=name)).status_code for name in (OLD, NEW, "市教育局")] == [
        200,
        200,
        404,
    ]
    assert [other.get(page).status_code for page in pages(year)] == [404] * 6


def test_register_unit_page_and_sheet_show_the_tasks_under_the_old_name(year, liaison):
    merge(year)

    shown = [text_of(liaison.get(page)) for page in (f"{year.path}", unit_address(year), address(year))]

    assert ["办好食堂" in text for text in shown] == [True] * 3
    assert ["建成学校8所" in text for text in shown] == [False] * 3
    assert [OLD in text for text in shown] == [True] * 3


def test_to_do_names_the_unit_and_leads_to_its_sheet_which_is_filled_and_sent(year, liaison):
    merge(year)

    page = liaison.get("/todo/")

    assert f"{OLD} · {year.list.title} · 以 {NEW} 岗位" in text_of(page)
    assert f'href="{address(year)}"' in page.content.decode()
    row, fields = year.row("3"), form_of(liaison.get(address(year)))
    told = {f"progress-{row.pk}": PROGRESS, f"value-{row.pk}": "20家", f"next_step-{row.pk}": "二季度开工"}
    kept = liaison.post(address(year), {**fields, **told, "do": "keep"})
    assert kept["Location"] == f"{address(year)}?done=kept&n=1"
    sent = liaison.post(address(year), {**form_of(liaison.get(address(year))), "do": "send"})
    assert sent["Location"] == f"{address(year)}?done=sent&n=1"
    row.refresh_from_db()
    assert (row.state, row.unit.name, row.current.actor.split()[0]) == ("sent", OLD, NEW)


def test_pages_cost_the_same_however_many_units_were_taken_over(year, as_):
    merge(year)
    client = as_(someone(PostRole.LIAISON, year.unit(NEW)))
    asked = ["/todo/", year.path, unit_address(year), address(year)]

    def cost() -> list[int]:
        counted = []
        for page in asked:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            counted.append(len(queries))
        return counted

    cost()
    one = cost()
    merge(year, "市公安局", "市财政局")

    assert cost() == one
