"""Pages about a unit that has merged into another, and pages of the unit in its place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.building import someone
from tests.building_year import opened, small_year
from tests.progress.test_succession_of_duties import BEFORE, NEW, OLD, merge, seated
from tests.web.test_web_sheets import address, text_of, unit_address

from duban.directory.models import Unit
from duban.directory.operations import merge_units, rename_unit
from duban.domain.errors import Conflict
from duban.domain.posts import CONSOLE, PostRole
from duban.supervision.models import SupervisionOrder

pytestmark = pytest.mark.django_db
ENDED = f"已于 {BEFORE} 并入{NEW}"


@pytest.fixture
def year():
    year = small_year("planned")
    merge(year)
    opened(year)
    seated(year, "吴某某", "0000-2002")
    return year


@pytest.fixture
def office(year, as_) -> Client:
    return as_(someone(PostRole.SUPERVISOR, year.government))


def test_lists_of_units_say_what_became_of_one_that_ended(year, office):
    units, people = (text_of(office.get(page)) for page in ("/units/", "/people/"))

    total = Unit.objects.of_government(year.government).count()
    assert f"共 {total - 1} 个单位。 另有 1 个已撤并。" in units
    assert f"{OLD} {ENDED}" in units
    assert f"{OLD} {ENDED}" in people[people.index("已撤并的单位") :]
    assert OLD not in people[: people.index("已撤并的单位")]
    assert "已撤并的单位" not in text_of(office.get("/people/?show=vacant"))


def test_a_list_without_mergers_says_nothing_of_them(as_):
    year = small_year("published")
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    assert ["撤并" in text_of(client.get(page)) for page in ("/units/", "/people/")] == [False, False]


def test_the_people_page_of_an_ended_unit_has_no_vacancies_and_no_actions(year, office):
    old, new = year.unit(OLD), year.unit(NEW)

    page = office.get(f"/people/u/{old.pk}/")

    text, html = text_of(page), page.content.decode()
    assert f"{ENDED}。岗位和人员请在承接单位办理：{NEW}" in text
    assert f'href="/people/u/{new.pk}/"' in html
    assert [word in text for word in ("空缺", "确认更名", "确认撤并", "导出本单位登记表")] == [False] * 4
    assert "确认撤并" in text_of(office.get(f"/people/u/{new.pk}/"))


def test_an_act_on_an_ended_unit_names_the_day_of_its_merger(year, office):
    old, new = year.unit(OLD), year.unit(NEW)
    words = {"unit": old.pk, "into": new.pk, "on": "2026-06-01", "basis": "9号"}

    said = text_of(office.post("/people/merge/", words))

    assert f"“{OLD}”已于 {BEFORE} 撤并，不能办理。" in said
    act = {"on": date(2026, 7, 1), "basis": "9号", "by": CONSOLE, "now": timezone.now()}
    for refused in (
        lambda: merge_units(froms=[new], into=old, **act),
        lambda: rename_unit(unit=old, name="甲", full_name="甲委", **act),
    ):
        with pytest.raises(Conflict) as caught:
            refused()
        assert caught.value.message.params["on"] == f"{BEFORE}"


def test_a_merger_to_come_is_not_told_yet(year, office):
    tomorrow = timezone.localdate() + timedelta(days=1)
    merge(year, tomorrow, NEW, "市审计局")
    new = year.unit(NEW).pk

    assert "确认撤并" in text_of(office.get(f"/people/u/{new}/"))
    assert "并入市审计局" not in text_of(office.get(f"/l/{year.list.key}/u/{new}/"))


def test_unit_pages_lead_to_one_another(year, office):
    old, new = (office.get(unit_address(year, name=name)) for name in (OLD, NEW))

    assert f"{ENDED}。以后各期由该单位报送：{NEW}" in text_of(old)
    assert f"{OLD}已并入本单位" in text_of(new)
    assert f"/u/{year.unit(OLD).pk}/" in new.content.decode()
    assert f"{NEW}（原{OLD}）吴某某 0000-2002" in text_of(new)
    assert "孙某某" not in text_of(new) + text_of(old)


def test_the_sheet_of_the_successor_marks_the_inherited_row(year, office):
    page = text_of(office.get(address(year, name=NEW)))

    assert f"（原{OLD}）" in page
    assert f"（原{OLD}）" not in text_of(office.get(address(year, name="市教育局")))


def test_period_page_and_urging_list_name_the_successor(year, office):
    for page in (f"{year.path}p/2026-03/", f"{year.path}p/2026-03/urging/", f"{year.path}overview/"):
        text = text_of(office.get(page))
        owing = text[text.index("未报单位") :] if "overview" in page else text
        assert "吴某某 0000-2002" in owing or "吴某某0000-2002" in owing
        assert "孙某某" not in owing[owing.index(NEW) : owing.index(NEW) + 40]


def test_a_period_opened_before_says_that_the_unit_has_merged(as_):
    year = small_year("opened")
    merge(year)
    office = as_(someone(PostRole.SUPERVISOR, year.government))

    for page in ("", "urging/"):
        assert f"{OLD} 已并入{NEW}" in text_of(office.get(f"{year.path}p/2026-03/{page}"))
    assert f"{OLD} 已并入{NEW}" in text_of(office.get(f"{year.path}overview/"))


def test_the_table_of_leads_names_the_successor_and_keeps_what_was_decided(year, office):
    page = office.get(f"{year.path}issue/")

    assert f"{NEW}（原{OLD}）" in text_of(page)
    assert f'name="lead-{year.task("3").pk}" value="{year.unit(OLD).pk}"' in page.content.decode()


def test_an_order_goes_to_the_successor_and_to_nobody_else(year, office):
    path = f"{year.path}orders/new/"
    words = {"matter": "滞后", "basis": "清单", "requirement": "请答复", "due_on": "2026-12-25"}
    form = office.get(f"{path}?task=3").content.decode()

    codes = [
        office.post(f"{path}?task=3", {**words, "task": "3", "unit": year.unit(name).pk}).status_code
        for name in (OLD, "市公安局", NEW)
    ]

    assert f'value="{year.unit(NEW).pk}" selected' in form
    assert codes == [422, 422, 303]
    assert SupervisionOrder.objects.get().unit == year.unit(NEW)
