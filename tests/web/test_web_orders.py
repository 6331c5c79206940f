from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.building import someone
from tests.building_papers import LATE, drafted, moved, year_of_papers

from duban.domain.posts import PostRole
from duban.publishing.models import Snapshot
from duban.supervision.models import SupervisionOrder

pytestmark = pytest.mark.django_db
OWN = (PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER)
ADMINISTRATORS = (PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN, PostRole.AUDITOR)
CHAIN = (PostRole.DEPUTY_SECRETARY, PostRole.SECRETARY_GENERAL, PostRole.CITY_LEADER)


@pytest.fixture
def year():
    return year_of_papers()


@pytest.fixture
def office(as_, year):
    return as_(someone(PostRole.SUPERVISOR, year.government))


@pytest.fixture
def order(year):
    return drafted(year)


def address(year, order=None, act=""):
    return f"{year.path}orders/" + (f"{order.pk}/{act}" if order else "")


def step(client, year, order, action, **values):
    order.refresh_from_db()
    fields = {"action": action, "revision": order.revision, "on": "2026-04-20", **values}
    return client.post(address(year, order, "move/"), fields)


def typed(**values):
    day = (timezone.localdate() + timedelta(days=7)).isoformat()
    return {
        "task": "3",
        "matter": "滞后",
        "basis": "核定",
        "requirement": "书面回复",
        "due_on": day,
        **values,
    }


def buttons(client, year, order):
    text = client.get(address(year, order)).content.decode()
    return re.findall(r'name="action" value="(\w+)"', text)


def test_who_may_open_and_who_may_do_what(as_, year):
    unit = year.unit("市民政局")
    table = {}
    for role in PostRole:
        SupervisionOrder.objects.all().delete()
        order = moved(drafted(year), "serve")
        client = as_(someone(role, unit if role in OWN else year.government))
        pages = (address(year), address(year) + "new/", address(year, order))
        table[role.value] = [client.get(page).status_code for page in pages] + [
            client.post(address(year, order, "paper/")).status_code,
            client.post(address(year) + "new/", typed(unit=unit.pk)).status_code,
            step(client, year, order, "sign_for", by="孙某某").status_code,
        ]

    office = [200, 200, 200, 200, 409, 303]
    assert {role: table[role] for role in ("supervisor", "office_director")} == dict.fromkeys(
        ("supervisor", "office_director"), office
    )
    others = set(PostRole) - {PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR}
    assert {role.value: table[role.value] for role in others} == {
        role.value: [200, 403, 200, 409, 403, 303]
        if role in OWN
        else [404] * 6
        if role in ADMINISTRATORS
        else [200, 403, 200, 409, 403, 403]
        for role in others
    }


def test_buttons_are_those_of_the_table_and_of_the_post(as_, year, order):
    director, leader, liaison = (
        as_(someone(PostRole.OFFICE_DIRECTOR, year.government)),
        as_(someone(PostRole.CITY_LEADER, year.government)),
        as_(someone(PostRole.LIAISON, year.unit("市民政局"))),
    )
    seen = {}
    for action in ("", "submit", "approve", "serve", "sign_for", "answer", "close"):
        moved(order, action) if action else None
        order.refresh_from_db()
        served = order.served_on is not None
        seen[order.state] = (
            buttons(director, year, order),
            buttons(leader, year, order),
            buttons(liaison, year, order) if served else liaison.get(address(year, order)).status_code,
        )

    assert seen == {
        "drafted": (["submit", "withdraw"], [], 404),
        "submitted": (["return", "approve", "withdraw"], ["approve"], 404),
        "approved": (["serve", "withdraw"], [], 404),
        "served": (["sign_for"], [], ["sign_for"]),
        "signed_for": (["answer"], [], ["answer"]),
        "answered": (["reject", "close"], [], []),
        "closed": ([], [], []),
    }


def test_an_order_goes_from_draft_to_closed_on_the_page(as_, office, year, order):
    leader = as_(someone(PostRole.CITY_LEADER, year.government))
    liaison = as_(someone(PostRole.LIAISON, year.unit("市民政局")))
    walked = [
        step(office, year, order, "submit"),
        step(leader, year, order, "approve", by="别人"),
        step(office, year, order, "serve"),
        step(liaison, year, order, "sign_for", by="孙某某"),
        step(liaison, year, order, "answer", text="5月开工"),
        step(office, year, order, "close", result="核查属实"),
    ]
    order.refresh_from_db()

    assert [response.status_code for response in walked] == [303] * 6
    assert (order.state, order.serial, order.approval, order.signed_for_by, order.answer, order.result) == (
        "closed", 1, "click", "孙某某", "5月开工", "核查属实",
    )  # fmt: skip
    assert order.approved_by.startswith("云江市 岗位")


def test_the_office_registers_an_approval_on_paper_with_signer_and_day(office, year, order):
    moved(order, "submit")
    nobody = step(office, year, order, "approve", approval="paper")
    signed = step(office, year, order, "approve", approval="paper", by="林某某", on="2026-04-19")
    order.refresh_from_db()

    assert (nobody.status_code, signed.status_code) == (422, 303)
    assert (order.approved_by, order.approved_on.isoformat(), order.approval) == (
        "林某某",
        "2026-04-19",
        "paper",
    )


def test_a_supervisor_does_not_approve_by_click(office, year, order):
    moved(order, "submit")

    assert step(office, year, order, "approve", approval="click").status_code == 403


def test_refused_steps_keep_what_was_typed(office, year, order):
    moved(order, "sign_for")
    stale = office.post(
        address(year, order, "move/"),
        {"action": "answer", "revision": 1, "text": "已写的内容", "on": "2026-04-20"},
    )
    no_day = step(office, year, order, "answer", text="已写的内容", on="")
    order.refresh_from_db()

    assert [(r.status_code, "已写的内容" in r.content.decode()) for r in (stale, no_day)] == [
        (409, True),
        (422, True),
    ]
    assert order.state == "signed_for"
    assert step(office, year, order, "fly").status_code == 404


def test_a_new_order_starts_from_the_record(office, year):
    chooser = office.get(address(year) + "new/").content.decode()
    form = office.get(address(year) + "new/?task=3").content.decode()
    made = office.post(address(year) + "new/", typed(unit=year.unit("市财政局").pk))
    order = SupervisionOrder.objects.get()

    assert re.findall(r'href="\?task=(\w+)"', chooser) == ["3"]
    assert "第3项“办好食堂”滞后于节点" in form
    assert (
        "经督查核定（一季度）：到一季度应完成25家，实际20家，少5家，相当于全年目标的5%。牵头单位反映的问题：用地尚未落实。"
        in form
    )
    assert made["Location"] == f"{address(year, order)}?done=drafted&n=0"
    assert (order.unit.name, order.matter, order.state, order.period) == (
        "市财政局",
        "滞后",
        "drafted",
        year.period,
    )


def test_a_refused_draft_keeps_what_was_typed(office, year, order):
    unit = year.unit("市民政局").pk
    twice = office.post(address(year) + "new/", typed(unit=unit))
    past = office.post(address(year) + "new/", typed(unit=unit, due_on="2020-01-01"))
    empty = office.post(address(year) + "new/", typed(unit=unit, matter=""))
    stranger = office.post(address(year) + "new/", typed(unit=year.unit("市公安局").pk))

    assert [(r.status_code, "书面回复" in r.content.decode()) for r in (twice, past, empty, stranger)] == [
        (409, True), (422, True), (422, True), (422, True),
    ]  # fmt: skip
    assert "一事一单" in twice.content.decode()
    assert SupervisionOrder.objects.count() == 1
    assert office.post(address(year) + "new/", typed(task="99")).status_code == 404


def revision(order, client, year, **values):
    order.refresh_from_db()
    return client.post(
        address(year, order, "revise/"),
        typed(**{"unit": order.unit_id, "revision": order.revision, **values}),
    )


def test_a_draft_is_revised_in_the_form_of_a_new_one(office, year, order):
    page = office.get(address(year, order)).content.decode()
    form = office.get(address(year, order, "revise/")).content.decode()
    saved = revision(order, office, year, matter="选址未定", unit=year.unit("市财政局").pk)
    order.refresh_from_db()
    again = revision(order, office, year, matter="选址未定")

    assert f'href="{address(year, order, "revise/")}"' in page
    assert re.findall(r"<textarea[^>]*>(.*?)</textarea>", form) == [
        "第3项滞后于节点", f"经督查核定：{LATE}", "请于4月30日前书面回复",
    ]  # fmt: skip
    assert 'value="2026-04-30"' in form
    assert "selected>市民政局</option>" in form
    assert (order.unit.name, order.matter, order.requirement, order.revision) == (
        "市财政局", "选址未定", "书面回复", 2,
    )  # fmt: skip
    assert saved["Location"] == f"{address(year, order)}?done=revised&n=0"
    assert again["Location"] == f"{address(year, order)}?done=same&n=0"
    assert "已保存修改，请送审。" in office.get(saved["Location"]).content.decode()


def test_a_refused_revision_keeps_what_was_typed_and_shows_what_stands(office, year, order):
    stale = revision(order, office, year, revision=7)
    past = revision(order, office, year, due_on="2020-01-01")
    stranger = revision(order, office, year, unit=year.unit("市公安局").pk)
    moved(order, "submit")
    late = revision(order, office, year)
    shown = office.get(address(year, order, "revise/"))
    order.refresh_from_db()

    refused = [stale, past, stranger, late]
    assert [response.status_code for response in refused] == [409, 422, 422, 409]
    for response in refused:
        text = response.content.decode()
        assert ">书面回复</textarea>" in text
        assert "<dd>请于4月30日前书面回复</dd>" in text
    assert 'name="revision" value="1"' in stale.content.decode()
    assert (order.matter, order.revision) == ("第3项滞后于节点", 2)
    assert (shown.status_code, "这件督办的状态是“送审”" in shown.content.decode()) == (409, True)
    assert "revise/" not in office.get(address(year, order)).content.decode()


def test_an_order_of_a_unit_that_owes_nothing_any_more_is_revised_with_that_unit(office, year):
    order = drafted(year, unit="市公安局")
    form = office.get(address(year, order, "revise/")).content.decode()

    assert "selected>市公安局</option>" in form
    assert revision(order, office, year).status_code == 303


def test_only_the_office_revises(as_, year, order):
    assert {
        role.value: as_(someone(role, year.government)).get(address(year, order, "revise/")).status_code
        for role in (*CHAIN, PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR, PostRole.AUDITOR)
    } == {
        **dict.fromkeys([role.value for role in CHAIN], 403),
        "supervisor": 200,
        "office_director": 200,
        "auditor": 404,
    }
    leader = as_(someone(PostRole.CITY_LEADER, year.government))
    assert revision(order, leader, year).status_code == 403
    assert "revise/" not in leader.get(address(year, order)).content.decode()


def test_two_people_on_one_page_do_not_both_take_the_step(as_, office, year, order):
    director = as_(someone(PostRole.OFFICE_DIRECTOR, year.government))
    moved(order, "submit")
    fields = {"action": "approve", "revision": 2, "on": "2026-04-20", "approval": "click"}
    returned = office.post(
        address(year, order, "move/"), {**fields, "action": "return", "result": "措施不具体"}
    )
    approved = director.post(address(year, order, "move/"), fields)
    order.refresh_from_db()

    assert (returned.status_code, approved.status_code) == (303, 409)
    assert "这件督办已被他人办理" in approved.content.decode()
    assert (order.state, order.serial) == ("drafted", None)


def test_list_shows_the_outstanding_by_age_and_narrows(office, year):
    first, second = (
        moved(drafted(year, key, unit), "serve") for key, unit in (("1", "市统计局"), ("3", "市民政局"))
    )
    today = timezone.localdate()
    SupervisionOrder.objects.filter(pk=first.pk).update(
        served_on=today - timedelta(days=2), due_on=today + timedelta(days=5)
    )
    SupervisionOrder.objects.filter(pk=second.pk).update(
        served_on=today - timedelta(days=9), due_on=today - timedelta(days=1)
    )
    drafted(year, "2", "市教育局")

    def shown(query: str) -> list[tuple[str, int | None, int]]:
        rows = office.get(address(year) + query).context["rows"]
        return [(row.unit_name, row.age, row.late) for row in rows]

    assert shown("") == [("市民政局", 9, 1), ("市统计局", 2, 0)]
    assert shown("?show=late") == [("市民政局", 9, 1)]
    assert shown("?show=prepared") == [("市教育局", None, 0)]
    assert shown(f"?show=all&unit={year.unit('市统计局').pk}") == [("市统计局", 2, 0)]
    text = office.get(address(year)).content.decode()
    assert "在办督办 2 件" in text
    assert "逾期未回复 1 件" in text


def test_a_unit_sees_its_own_served_orders_only(as_, year):
    mine, theirs = moved(drafted(year), "serve"), moved(drafted(year, "2", "市教育局"), "serve")
    liaison = as_(someone(PostRole.LIAISON, year.unit("市民政局")))

    assert [row.pk for row in liaison.get(address(year)).context["rows"]] == [mine.pk]
    assert liaison.get(address(year, theirs)).status_code == 404
    assert step(liaison, year, theirs, "sign_for", by="孙某某").status_code == 404


def test_a_unit_gets_the_paper_once_the_office_has_written_it(as_, office, year, order):
    moved(order, "serve")
    liaison = as_(someone(PostRole.LIAISON, year.unit("市民政局")))
    before = liaison.post(address(year, order, "paper/"))
    written = office.post(address(year, order, "paper/"))
    after = liaison.post(address(year, order, "paper/"))

    assert (before.status_code, written.status_code, after.content == written.content) == (409, 200, True)
    assert Snapshot.objects.count() == 1


def test_list_costs_the_same_however_many_orders(office, year):
    def cost() -> int:
        office.get(address(year))
        with CaptureQueriesContext(connection) as captured:
            office.get(address(year))
        return len(captured)

    moved(drafted(year), "serve")
    one = cost()
    for unit in ("澜桥区政府", "望川区政府", "锦渡区政府", "市教育局"):
        moved(drafted(year, "2", unit), "serve")

    assert cost() == one


def test_to_do_names_orders_to_sign_and_to_serve(as_, year, order):
    clerk, signers = (
        as_(someone(PostRole.SUPERVISOR, year.government)),
        [as_(someone(role, year.government)) for role in CHAIN],
    )

    def waits(client):
        return re.findall(r"督办单(?:待签发|已签发，待送达) \d 件", client.get("/todo/").content.decode())

    order = moved(order, "submit")
    assert [waits(client) for client in (*signers, clerk)] == [["督办单待签发 1 件"]] * 3 + [[]]

    moved(order, "approve")
    assert [waits(client) for client in (*signers, clerk)] == [[]] * 3 + [["督办单已签发，待送达 1 件"]]
