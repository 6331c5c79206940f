from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.building import HEAD, someone
from tests.building_year import Year, drafted, judged, opened, sent, small_year

from duban.domain.calendar_data import CALENDAR
from duban.domain.lights import Light
from duban.domain.posts import CONSOLE, PostRole
from duban.plans.models import Assignment
from duban.plans.queries import asked_by_month
from duban.progress.models import Obligation, Period
from duban.supervision.models import Contact
from duban.supervision.operations import Ruling, determine

pytestmark = pytest.mark.django_db

DAYS = {"month": "3", "opens_on": "2026-03-31", "due_on": "2026-04-08", "lock_on": "2026-04-13"}
ASKED = dict.fromkeys(range(1, 13), 3)


def office(as_, year: Year) -> Client:
    return as_(someone(PostRole.SUPERVISOR, year.government))


def plain(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def names(response) -> list[str]:
    return [row.name for row in response.context["rows"]]


def test_before_issue_there_is_nothing_to_open(as_):
    year = small_year("assigned")
    client = office(as_, year)

    page = client.get(f"{year.path}periods/")
    refused = client.post(f"{year.path}periods/", DAYS)

    assert "清单尚未交办下达，不能开始报送" in plain(page)
    assert (refused.status_code, "请先交办清单" in plain(refused)) == (409, True)


def test_the_next_period_is_proposed_with_its_days_and_opens(as_):
    year = small_year("issued")
    Assignment.objects.update(rhythm="quarterly")
    client = office(as_, year)

    page = client.get(f"{year.path}periods/")
    response = client.post(f"{year.path}periods/", DAYS, follow=True)
    second = client.get(f"{year.path}periods/")

    proposal = page.context["proposal"]
    assert (proposal.spec.key, proposal.asked) == ("2026-03", 3)
    assert proposal.days == (
        date(2026, 3, 31),
        proposal.spec.due_on(CALENDAR),
        proposal.spec.lock_on(CALENDAR),
    )
    assert "3月31日（周二）起填报，4月8日（周三）前报送为按时，4月13日（周一）截止，之后不再接收。" in plain(
        page
    )
    assert response.redirect_chain == [(f"{year.path}p/2026-03/?done=opened&n=3", 303)]
    assert "应报 3 项，已报 0 项，退回 0 项，未报 3 项（3 个单位）" in plain(response)
    assert second.context["proposal"].spec.key == "2026-06"
    period = Period.objects.get()
    assert (period.key, period.opens_on, period.due_on, period.lock_on) == (
        "2026-03", date(2026, 3, 31), date(2026, 4, 8), date(2026, 4, 13),
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"due_on": "2026-03-01"}, {"lock_on": ""}, {"opens_on": "x"}, {"month": "13"}, {"month": ""}]
)
def test_days_out_of_order_open_nothing_and_stay_typed(as_, wrong):
    year = small_year("issued")

    response = office(as_, year).post(f"{year.path}periods/", DAYS | {"opens_on": "2026-03-30"} | wrong)

    assert (response.status_code, Period.objects.count()) == (422, 0)
    assert "请填写三个日期" in plain(response)
    assert ('value="2026-03-30"' in response.content.decode()) == ("opens_on" not in wrong)


def test_a_period_opens_once_only(as_):
    year = small_year("opened")

    response = office(as_, year).post(f"{year.path}periods/", DAYS)

    assert (response.status_code, "这一期已经开始报送。" in plain(response)) == (409, True)


def test_a_year_without_holiday_notice_asks_for_the_days(as_):
    year = small_year("issued")
    year.list.year = 2031
    year.list.save()

    page = office(as_, year).get(f"{year.path}periods/?month=3")

    assert page.context["proposal"].days is None
    assert "该年度的节假日安排尚未录入" in plain(page)


def test_tasks_that_lag_or_are_key_are_asked_every_month(as_):
    year = small_year("judged")
    Assignment.objects.update(rhythm="yearly")
    Assignment.objects.filter(task__key="2").update(key_task=True)
    ruling = Ruling(year.task("1").pk, Light.LAGGING, "滞后。", "现场核查")
    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=year.list.published_at)

    page = office(as_, year).get(f"{year.path}periods/")

    assert asked_by_month(year.list.pk, frozenset()) == dict.fromkeys(range(1, 12), 1) | {12: 3}
    assert (page.context["proposal"].spec.key, page.context["proposal"].asked) == ("2026-04", 2)


def test_period_page_counts_units_and_narrows_them_by_state(as_):
    year = small_year("sent")
    client, page = office(as_, year), f"{year.path}p/2026-03/"
    states = ["", "missing", "owed", "returned", "sent", "done", "late", "unsigned", "nonsense"]

    found = {state: names(client.get(f"{page}?state={state}")) for state in states}
    first = plain(client.get(page))

    every = ["市工业和信息化局", "市教育局", "市民政局"]
    assert {state: sorted(rows) for state, rows in found.items()} == {
        "": every, "missing": every[:2], "owed": every[:2], "returned": [], "sent": ["市民政局"], "done": ["市民政局"],
        "late": [], "unsigned": ["市民政局"], "nonsense": every,
    }  # fmt: skip
    assert "应报 3 项，已报 1 项，退回 0 项，未报 2 项（2 个单位）" in first
    assert "4月8日（周三）前报送为按时，4月13日（周一）截止。" in first
    assert [text in first for text in ("孙某某 0000-1001", "未审签 代录 1 项", "审核（待审 1）")] == [
        True
    ] * 3


def test_exempt_rows_are_no_longer_asked(as_):
    year = small_year("sent")
    Obligation.objects.filter(task__key="1").update(state="exempt", reason="机构调整")

    page = plain(office(as_, year).get(f"{year.path}p/2026-03/"))

    assert "应报 2 项，已报 1 项，退回 0 项，未报 1 项（1 个单位）" in page
    assert "免报 1 项。" in page


def test_a_period_closes_reopens_and_is_sealed(as_):
    year = small_year("opened")
    client, page = office(as_, year), f"{year.path}p/2026-03/move/"

    early = client.post(page, {"action": "seal"})
    found = [
        (plain(client.post(page, {"action": a}, follow=True)).count(word), Period.objects.get().state)
        for a, word in (
            ("close", "已截止报送：未报和退回 3 项，待审核 0 项。"), ("reopen", "已重新开放报送。"),
            ("close", "已截止报送："), ("seal", "确认封存"),
        )
    ]  # fmt: skip
    sealed = client.post(page, {"action": "seal", "sure": "on"}, follow=True)
    wrong = client.post(page, {"action": "explode"})

    assert (early.status_code, wrong.status_code) == (409, 404)
    assert found == [(1, "closed"), (1, "open"), (1, "closed"), (2, "closed")]
    assert ("已封存，" in plain(sealed), Period.objects.get().state) == (True, "sealed")


def test_ticked_units_are_urged_with_what_was_said(as_):
    year = small_year("opened")
    client, page = office(as_, year), f"{year.path}p/2026-03/contact/?state=owed"
    unit, stranger = year.unit("市教育局").pk, year.unit("市公安局").pk
    said = {"kind": "urge_report", "channel": "phone", "note": "孙某某，答复4月9日前报"}

    none = client.post(page, said | {"unit": [stranger]})
    odd = client.post(page, said | {"unit": [unit], "kind": "scold"})
    done = client.post(page, said | {"unit": [unit, stranger]}, follow=True)

    assert [(r.status_code, "请先勾选。" in plain(r)) for r in (none, odd)] == [(422, True)] * 2
    assert said["note"] in none.content.decode()
    assert done.redirect_chain == [(f"{year.path}p/2026-03/?state=owed&done=contacted&n=1", 303)]
    assert "催报（电话）孙某某，答复4月9日前报" in plain(done)
    assert list(Contact.objects.values_list("unit_id", "kind", "channel")) == [(unit, "urge_report", "phone")]


def ticked(response) -> list[str]:
    boxes = re.findall(r'name="unit" value="\d+" aria-label="\S+ ([^"]+)" checked', response.content.decode())
    return sorted(boxes)


def test_every_unit_that_owes_is_ticked_by_one_link_and_the_act_unticks_them(as_):
    year = small_year("sent")
    Obligation.objects.filter(task__key="2").update(state="returned", reason="数字不实")
    client, page = office(as_, year), f"{year.path}p/2026-03/"
    link = re.search(r'href="([^"]+)">勾选全部未报单位', client.get(f"{page}?state=missing").content.decode())

    every = client.get(f"{page}?all=on")
    narrowed = client.get(page + link[1].replace("&amp;", "&"))

    assert ticked(every) == ticked(narrowed) == ["市工业和信息化局", "市教育局"]
    assert (names(narrowed), ticked(client.get(page))) == (names(client.get(f"{page}?state=missing")), [])
    assert 'contact/?state=missing"' in narrowed.content.decode()
    assert '<a href="?state=missing">取消全部勾选</a>' in narrowed.content.decode()
    Obligation.objects.update(state="sent", reason="")
    done = client.get(page).content.decode()
    assert [word in done for word in ("勾选全部未报单位", "个未报单位报送表")] == [False, False]


def test_a_contact_is_a_reminder_until_the_due_day_and_urging_after_it(as_):
    year = small_year("opened")
    client, page, today = office(as_, year), f"{year.path}p/2026-03/", timezone.localdate()

    def chosen() -> str:
        return client.get(page).context["kind"]

    found = []
    for due in (today + timedelta(days=1), today, today - timedelta(days=1)):
        opens = due - timedelta(days=9)
        Period.objects.update(opens_on=opens, due_on=due, lock_on=due + timedelta(days=5))
        found.append(chosen())
    refused = client.post(f"{page}contact/", {"kind": "remind", "channel": "phone"})

    assert found == ["remind", "remind", "urge_report"]
    assert (refused.context["kind"], '"remind" selected' in refused.content.decode()) == ("remind", True)


def test_sheets_of_every_unit_that_owes_come_in_one_archive(as_):
    year = small_year("sent")
    Obligation.objects.filter(task__key="2").update(state="returned", reason="数字不实")
    client, page = office(as_, year), f"{year.path}p/2026-03/sheets.zip"

    response = client.get(page)
    archive = zipfile.ZipFile(io.BytesIO(response.content))
    liaison = as_(someone(PostRole.LIAISON, year.unit("市教育局")))
    sheet = f"{year.path}p/2026-03/u/{year.unit('市教育局').pk}/"
    [name] = [name for name in archive.namelist() if "教育" in name]
    taken = liaison.post(f"{sheet}merge/", {"file": SimpleUploadedFile(name, archive.read(name))})

    assert unquote(response["Content-Disposition"]).endswith("2026年一季度未报单位报送表.zip")
    assert (archive.testzip(), sorted(archive.namelist())) == (
        None,
        sorted(
            f"{n:02}{unit}2026年一季度.xlsx"
            for n, unit in enumerate(
                (n for n in names(client.get(f"{year.path}p/2026-03/")) if n != "市民政局"), 1
            )
        ),
    )
    assert (taken.status_code, "没有要写入的改动" in plain(taken)) == (200, True)
    assert archive.read(name) == liaison.get(f"{sheet}sheet.xlsx").content
    Obligation.objects.update(state="accepted", reason="")
    assert client.get(page).status_code == 404


def test_urging_list_names_units_tasks_and_telephones(as_):
    year = small_year("sent")
    Obligation.objects.filter(task__key="2").update(state="returned", reason="数字不实")

    page = office(as_, year).get(f"{year.path}p/2026-03/urging/")

    assert {row.name: numbers for row, numbers in page.context["rows"]} == {
        "市工业和信息化局": [("1", "owed")], "市教育局": [("2", "returned")],
    }  # fmt: skip
    assert "2 个单位 2 项未报或退回未补，应于 4月8日前报送" in plain(page)
    assert "2（退回）" in plain(page)


def test_a_period_that_is_not_there_is_not_found(as_):
    year = small_year("opened")
    client = office(as_, year)

    assert {client.get(f"{year.path}p/{key}/{page}").status_code for key in ("2026-04", "x") for page in ("", "urging/", "review/", "determine/")} == {404}  # fmt: skip


def test_a_sentence_is_shown_only_for_what_is_known(as_):
    year = small_year("opened")
    client, page = office(as_, year), f"{year.path}p/2026-03/"

    found = [client.get(f"{page}?done={query}").context["said"] for query in ("contacted&n=4", "contacted&n=x", "x&n=1", "opened&n=9999999")]  # fmt: skip

    assert found == ["已记录联系 4 个单位。", "已记录联系 0 个单位。", "", ""]


def costs(client: Client, path: str) -> dict[str, int]:
    found = {}
    pages = (
        "periods/",
        "p/2026-03/",
        "p/2026-03/urging/",
        "p/2026-03/sheets.zip",
        "p/2026-03/review/?state=all",
        "p/2026-03/determine/",
    )
    for page in pages:
        client.get(path + page)
        with CaptureQueriesContext(connection) as captured:
            client.get(path + page)
        found[page] = len(captured)
    return found


def test_pages_of_a_period_cost_the_same_queries_however_many_rows(as_):
    few = small_year(
        "judged", HEAD.replace("（一）做强产业", "（一）做强产业\n3.办好食堂。\n主责单位：市民政局")
    )
    text = HEAD.replace("〔2026〕9号", "〔2026〕10号") + "".join(
        f"{n}.办好第{n}件实事。\n主责单位：市民政局，市财政局\n" for n in range(2, 41)
    )
    client = as_(someone(PostRole.SUPERVISOR, few.government))
    small = costs(client, few.path)
    many = small_year("planned", text)
    opened(many)
    drafted(many)
    drafted(many, "7", problem="")
    sent(many)
    judged(many)

    assert costs(client, many.path) == small
    assert many.period.obligations.count() == 40
    assert small.pop("p/2026-03/determine/") <= 25
    assert max(small.values()) <= 20
