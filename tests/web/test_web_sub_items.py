"""The types of a task's sub-items on their own page, and the sub-items that a unit named as behind on the task's."""

from __future__ import annotations

import re

import pytest
from tests.building import HEAD, someone
from tests.building_year import drafted, sent, small_year

from duban.domain.posts import PostRole
from duban.plans.sub_items import items_of

pytestmark = pytest.mark.django_db
MIXED = HEAD + "3.建成食堂8所。制定服务办法。加强队伍建设。\n牵头单位：市民政局；配合单位：市财政局\n"


@pytest.fixture
def year():
    year = small_year("opened", MIXED)
    drafted(year, problem="分项2未达序时。用地未落实")
    sent(year)
    return year


def page(year) -> str:
    return f"{year.path}t/3/sub-items/"


def natures(year) -> list[str]:
    task = year.task("3").pk
    return [str(item.nature) for item in items_of([task])[task]]


def test_only_the_office_opens_the_page_and_decides(as_, year):
    units = {PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER}
    found = {}
    for role in PostRole:
        client = as_(someone(role, year.unit("市民政局") if role in units else year.government))
        found[role] = client.get(page(year)).status_code, client.post(page(year), {}).status_code

    office = {PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR}
    hidden = {PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN, PostRole.AUDITOR}
    assert found == {
        role: (200, 303) if role in office else (404, 404) if role in hidden else (403, 403)
        for role in PostRole
    }


def test_the_office_decides_types_and_an_older_page_is_refused_and_kept(as_, year):
    client = as_(someone(PostRole.SUPERVISOR, year.government))
    shown = client.get(page(year)).content.decode()
    assert "3 个分项，其中 2 个参与序时进度评判" in re.sub(r"<[^>]+>|\s{2,}", "", shown)
    fields = dict(re.findall(r'name="(seen-\d+)" value="(\w+)"', shown))
    third = [name.replace("seen-", "nature-") for name in fields][2]

    done = client.post(page(year), {**fields, third: "rule"}, follow=True)
    stale = client.post(page(year), {**fields, third: "event"})

    assert "已确定 1 个分项的类型。" in done.content.decode()
    assert natures(year) == ["quantified", "rule", "rule"]
    assert stale.status_code == 409
    assert '<option value="event" selected>' in stale.content.decode()


def test_the_task_page_marks_what_the_unit_named_as_behind(as_, year):
    office = as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}t/3/").content.decode()
    unit = as_(someone(PostRole.LIAISON, year.unit("市民政局"))).get(f"{year.path}t/3/").content.decode()

    assert re.findall(r"<td>([^<]+)<span class=\"light y\">▲ 未达序时", office) == ["制定服务办法 "]
    assert "▲ 未达序时" in unit
    assert (page(year) in office, page(year) in unit) == (True, False)


def test_the_menu_shows_the_page_as_part_of_the_list(as_, year):
    shown = as_(someone(PostRole.SUPERVISOR, year.government)).get(page(year)).content.decode()

    assert re.findall(r'aria-current="page">([^<]+)', shown) == ["重点任务台账"]


def test_a_task_with_one_sub_item_says_so(as_):
    year = small_year("prepared", HEAD + "3.建成食堂8所。\n牵头单位：市民政局\n")
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    assert "这项任务没有分出两个以上的分项" in client.get(page(year)).content.decode()
