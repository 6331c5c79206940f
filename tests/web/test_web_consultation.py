from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from django.utils import timezone
from tests.building import HEAD, SMALL, another_city, other_number, someone
from tests.building_year import Year, small_year

from duban.domain.posts import CONSOLE, PostRole
from duban.supervision.consultation import Protest, object_to, open_consultation
from duban.supervision.models import ConsultationDraft, ConsultationRow, Determination, Objection

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

urlpatterns = [
    path("", include("duban.config.urls")),
    path("", include("duban.web.consultation_urls")),
]
MANY = HEAD + "".join(f"{n}.办好第{n}件实事。\n主责单位：市教育局\n" for n in range(2, 31))


def plain(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def sent_year(text: str | None = None) -> tuple[Year, str]:
    """The small year with its rows sent to the units today, and the address of the page."""
    year = small_year("determined", *([text] if text else []))
    open_consultation(period=year.period, by=CONSOLE, now=timezone.now())
    return year, page_of(year)


def page_of(year: Year) -> str:
    return f"{year.path}p/2026-03/consultation/"


def days_ago(days: int) -> None:
    """As if the rows had been sent some days earlier."""
    today = timezone.localdate()
    ConsultationDraft.objects.update(
        opened_on=today - timedelta(days=days), until_on=today - timedelta(days=days - 1)
    )


def office(as_, year: Year) -> Client:
    return as_(someone(PostRole.SUPERVISOR, year.government))


def unit(as_, year: Year, name: str = "市教育局", role: PostRole = PostRole.LIAISON) -> Client:
    return as_(someone(role, year.unit(name)))


def row_of(key: str) -> ConsultationRow:
    return ConsultationRow.objects.select_related("draft", "unit").get(task__key=key)


def objected(year: Year, key: str = "2", text: str = "已于4月10日补报") -> Objection:
    row = row_of(key)
    by = someone(PostRole.LIAISON, row.unit)
    return object_to(row=row, protest=Protest(text), by=by, now=timezone.now())


def keys(response) -> list[str]:
    return [line.row.task.key for line in response.context["lines"]]


def test_the_office_sends_the_rows_and_reads_how_many(as_):
    year = small_year("determined")
    client = office(as_, year)

    before = client.get(page_of(year))
    response = client.post(f"{page_of(year)}open/", follow=True)

    assert "核定结果还没有送单位核对" in plain(before)
    assert f'action="{page_of(year)}open/"' in before.content.decode()
    assert "核对稿已送 3 个单位核对。" in plain(response)
    assert "已送 3 个单位 3 项，没有异议" in plain(response)
    assert [(part.unit.name, part.rows) for part in response.context["units"]] == [
        ("市教育局", 1), ("市工业和信息化局", 1), ("市民政局", 1),
    ]  # fmt: skip


def test_before_everything_is_determined_there_is_no_button_and_an_attempt_says_why(as_):
    year = small_year("judged")
    client = office(as_, year)

    page = client.get(page_of(year))
    refused = client.post(f"{page_of(year)}open/")

    assert "还有 3 项没有核定，核定后送单位核对" in plain(page)
    assert "consultation/open/" not in page.content.decode()
    assert (refused.status_code, "还有 3 项没有核定，全部核定后才能送单位核对。" in plain(refused)) == (
        409,
        True,
    )


def test_a_unit_sees_only_its_own_rows_with_light_and_sentence(as_):
    year, page = sent_year()

    response = unit(as_, year).get(page)

    assert keys(response) == ["2"]
    text = plain(response)
    assert "本单位牵头 1 项，请核对" in text
    assert "应于4月8日前报送，已逾期 5 天，尚未报送。" in text
    assert "食堂" not in text
    assert "办好" not in text


def test_who_may_open_which_address(as_):
    year, page = sent_year()
    row = row_of("2").pk
    urls = [page, f"{page}print/"]
    posts = [f"{page}open/", f"{page}{row}/object/", f"{page}{row}/answer/"]
    seats = {
        "office": someone(PostRole.OFFICE_DIRECTOR, year.government),
        "own": someone(PostRole.HANDLER, year.unit("市教育局")),
        "other": someone(PostRole.LIAISON, year.unit("市民政局")),
        "none": someone(PostRole.LIAISON, year.unit("市公安局")),
        "leader": someone(PostRole.CITY_LEADER, year.government),
        "appraiser": someone(PostRole.APPRAISER, year.government),
        "auditor": someone(PostRole.AUDITOR, year.government),
        "elsewhere": someone(PostRole.SUPERVISOR, another_city()),
    }

    found = {}
    for name, seat in seats.items():
        client = as_(seat)
        found[name] = [client.get(url).status_code for url in urls]
        found[name] += [client.post(url).status_code for url in posts]

    assert found == {
        "office": [200, 200, 303, 422, 404],
        "own": [200, 200, 403, 422, 403],
        "other": [200, 200, 403, 404, 403],
        "none": [404, 404, 404, 404, 404],
        "leader": [404, 404, 403, 404, 403],
        "appraiser": [404, 404, 403, 404, 403],
        "auditor": [404, 404, 404, 404, 404],
        "elsewhere": [404, 404, 404, 404, 404],
    }


def test_a_unit_without_rows_of_its_own_reads_that_there_are_none(as_):
    year, page = sent_year()
    ConsultationDraft.objects.update(seq=0)

    response = unit(as_, year, "市财政局").get(page)

    assert "本期核对稿没有本单位牵头的任务" in plain(response)
    assert keys(response) == []


def test_a_unit_objects_on_the_page_and_reads_it_back(as_):
    year, page = sent_year()
    client = unit(as_, year)

    response = client.post(f"{page}{row_of('2').pk}/object/", {"text": "已于4月10日补报"}, follow=True)

    assert "异议已提交，由督查室答复。" in plain(response)
    assert "提出异议 1 条，待答复 1 条" in plain(response)
    assert (Objection.objects.get().text, Objection.objects.get().kind) == ("已于4月10日补报", "page")
    assert f"{row_of('2').pk}/object/" not in response.content.decode()


def test_a_refused_objection_keeps_what_was_typed(as_):
    year, page = sent_year()
    client, url = unit(as_, year), f"{page}{row_of('2').pk}/object/"

    long = client.post(url, {"text": "长" * 301})
    days_ago(9)
    late = client.post(url, {"text": "来不及了"})

    assert (long.status_code, "最多 300 字，现有 301 字。" in plain(long)) == (422, True)
    assert (late.status_code, "已过期，不再受理异议。" in plain(late), "来不及了" in plain(late)) == (
        409,
        True,
        True,
    )
    assert "长" * 301 in plain(long)


def test_after_the_last_day_the_form_is_gone_and_the_office_still_registers_papers(as_):
    year, page = sent_year()
    days_ago(9)
    row = row_of("2")

    for_unit = unit(as_, year).get(page)
    client = office(as_, year)
    for_office = client.get(f"{page}?unit={row.unit_id}")

    assert "已截止" in plain(for_unit)
    assert "object/" not in for_unit.content.decode()
    assert f"{row.pk}/object/" in for_office.content.decode()


def test_the_office_registers_a_paper(as_):
    year, page = sent_year()
    client, row = office(as_, year), row_of("2")
    url = f"{page}{row.pk}/object/?unit={row.unit_id}"
    today = timezone.localdate().isoformat()
    paper = {"text": "不实", "signer": "周某某", "signed_on": today, "number": "云教函〔2026〕8号"}

    bad = client.post(url, {**paper, "signed_on": "4月16日"})
    good = client.post(url, paper, follow=True)

    assert (bad.status_code, "请按 2026-10-18 的写法填写日期。" in plain(bad)) == (422, True)
    assert 'value="云教函〔2026〕8号"' in bad.content.decode()
    assert "已登记异议。" in plain(good)
    assert f"纸质，周某某签字，{today}，云教函〔2026〕8号" in plain(good)
    assert keys(good) == ["2"]


def test_the_office_upholds_and_the_unit_reads_the_new_sentence(as_):
    year, page = sent_year()
    objected(year)
    client, url = office(as_, year), f"{page}{row_of('2').pk}/answer/"
    said = {"revision": "1", "light": "normal", "sentence": "已补报，达序时。", "reason": "经核实"}

    unchanged = client.post(
        url, {**said, "do": "uphold", "light": "missing", "sentence": row_of("2").sentence}
    )
    response = client.post(url, {**said, "do": "uphold"}, follow=True)

    assert (unchanged.status_code, "采纳异议须改动核定结果或核定意见" in plain(unchanged)) == (422, True)
    assert 'value="经核实"' in unchanged.content.decode()
    assert "已采纳异议，并重新核定。" in plain(response)
    assert Determination.objects.filter(task__key="2").order_by("seq").last().sentence == "已补报，达序时。"
    for_unit = plain(unit(as_, year).get(page))
    assert "送核对后改核为" in for_unit
    assert "已补报，达序时。" in for_unit
    assert "已采纳 经核实" in for_unit


def test_the_office_dismisses_with_its_reason(as_):
    year, page = sent_year()
    objected(year)
    client, url = office(as_, year), f"{page}{row_of('2').pk}/answer/"

    silent = client.post(url, {"revision": "1", "do": "dismiss", "reason": ""})
    stale = client.post(url, {"revision": "7", "do": "dismiss", "reason": "逾期属实"})
    response = client.post(url, {"revision": "1", "do": "dismiss", "reason": "逾期属实"}, follow=True)

    assert (silent.status_code, stale.status_code) == (422, 409)
    assert "已答复异议，维持原核定。" in plain(response)
    assert "不采纳 逾期属实" in plain(unit(as_, year).get(page))


def test_the_office_narrows_the_rows_by_the_address(as_):
    year, page = sent_year()
    objected(year)
    objected(year, "3", "基数有误")
    Objection.objects.filter(row__task__key="3").update(
        state="dismissed", answer="维持", answered_at=timezone.now()
    )
    client = office(as_, year)
    wanted = {
        "": ["2"],
        "show=open": ["2"],
        "show=dismissed": ["3"],
        "show=upheld": [],
        "show=objected": ["2", "3"],
        "show=changed": [],
        f"unit={row_of('1').unit_id}": ["1"],
        f"unit={row_of('3').unit_id}&show=open": [],
        "unit=x&show=nonsense": ["2"],
    }

    assert {query: keys(client.get(f"{page}?{query}")) for query in wanted} == wanted


def test_the_sheets_are_printed_for_each_unit_on_its_own(as_):
    year, page = sent_year()
    row = row_of("2")
    client = office(as_, year)

    every, one = client.get(f"{page}print/"), client.get(f"{page}print/?unit={row.unit_id}")
    own = unit(as_, year).get(f"{page}print/?unit={row_of('1').unit_id}")
    mine = unit(as_, year).get(f"{page}print/")

    names = [[sheet.unit.name for sheet in r.context["sheets"]] for r in (every, one, mine)]
    assert names == [["市教育局", "市工业和信息化局", "市民政局"], ["市教育局"], ["市教育局"]]
    assert own.status_code == 404
    assert row.sentence in plain(one)
    assert one.content.decode().count('class="consult-sheet"') == 1


def test_nothing_is_printed_before_the_rows_are_sent(as_):
    year = small_year("determined")

    assert office(as_, year).get(f"{page_of(year)}print/").status_code == 404
    assert "还没有送核对" in plain(unit(as_, year).get(page_of(year)))


@pytest.mark.parametrize("address", ["", "print/"])
def test_thirty_rows_cost_as_many_queries_as_three(as_, address):
    counts = []
    for text in (SMALL, other_number(MANY, 8)):
        year, page = sent_year(text)
        for row in ConsultationRow.objects.filter(draft__period=year.period).select_related("unit"):
            by = someone(PostRole.LIAISON, row.unit)
            object_to(row=row, protest=Protest("不实"), by=by, now=timezone.now())
        client = office(as_, year)
        client.get(page + address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page + address).content.count(b"</tr>") > year.list.tasks.count()
        counts.append((year.list.tasks.count(), len(captured)))

    assert [tasks for tasks, _ in counts] == [3, 30]
    assert counts[0][1] == counts[1][1]


def test_the_page_reads_in_english(as_):
    year, page = sent_year()
    client = office(as_, year)
    client.post("/language/", {"language": "en", "next": page})

    assert "<title>First quarter 2026: consultation draft ·" in client.get(page).content.decode()
    assert "<title>First quarter 2026: consultation draft ·" in client.get(f"{page}print/").content.decode()
    assert client.get(page).headers["Content-Language"] == "en"


def test_to_do_of_units_and_office_names_the_rows_to_check_and_the_objections(as_):
    year, _ = sent_year()
    draft = ConsultationDraft.objects.get()
    asked = (
        f"2026年一季度核对稿：1 项请核对，{draft.until_on.month}月{draft.until_on.day}日前（含当日）可提异议"
    )
    mine = unit(as_, year).get("/todo/")
    assert asked in plain(mine).replace("\n", "")
    assert f'href="{page_of(year)}"' in mine.content.decode()
    assert "条异议待答复" not in plain(office(as_, year).get("/todo/"))

    objected(year)

    theirs = office(as_, year).get("/todo/")
    assert "2026年一季度核对稿：1 条异议待答复" in plain(theirs)
    assert f'href="{page_of(year)}?show=open"' in theirs.content.decode()
    days_ago(9)
    assert asked not in plain(unit(as_, year).get("/todo/"))
