from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import another_city, kinds_since, last_seq, someone
from tests.building_papers import drafted, moved, sealed, year_of_papers
from tests.building_year import moment

from duban.domain.posts import CONSOLE, PostRole
from duban.publishing.models import Snapshot
from duban.publishing.operations import freeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    return year_of_papers()


@pytest.fixture
def page(year):
    return f"{year.path}p/2026-03/papers/"


@pytest.fixture
def snapshot(year):
    return freeze(period=year.period, by=CONSOLE, now=moment(4, 20))


@pytest.fixture
def office(as_, year):
    return as_(someone(PostRole.SUPERVISOR, year.government))


def post_of(role, year):
    own = {PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER}
    return someone(role, year.unit("市民政局") if role in own else year.government)


def test_who_may_open_and_who_may_do_what(as_, year, page, snapshot):
    file = f"{page}{snapshot.data_id}/ledger/"
    table = {}
    for role in PostRole:
        client = as_(post_of(role, year))
        table[role.value] = [client.get(address).status_code for address in (page, file)] + [
            client.post(page + act).status_code for act in ("freeze/", "all/", "verify/")
        ]

    office, reader, unit, nobody = (
        [200, 200, 303, 200, 422], [200, 200, 403, 403, 422], [403] * 5, [404] * 5,
    )  # fmt: skip
    assert table == {
        role.value: {
            PostRole.SUPERVISOR: office,
            PostRole.OFFICE_DIRECTOR: office,
            **dict.fromkeys((PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER), unit),
            **dict.fromkeys((PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN, PostRole.AUDITOR), nobody),
        }.get(role, reader)
        for role in PostRole
    }


def test_only_the_office_is_sent_on_to_the_page_of_the_period(as_, office, year, page):
    period = f'href="{year.path}p/2026-03/"'
    reader = as_(someone(PostRole.CITY_LEADER, year.government))
    shown = {
        name: client.get(page).content.decode() for name, client in (("office", office), ("leader", reader))
    }

    assert {name: period in text for name, text in shown.items()} == {"office": True, "leader": False}
    assert reader.get(f"{year.path}p/2026-03/").status_code == 403
    assert "2026年一季度 / 文书" in re.sub(r"\s+", " ", shown["leader"])


def test_before_a_sheet_is_frozen_the_page_says_what_would_be_written(office, page):
    text = office.get(page).content.decode()

    assert "还没有数据底稿" in text
    assert "滞后1项，应报未报2项；逐项说明滞后事项1项" in text
    assert "/ledger/" not in text


def test_freezing_shows_the_sheet_and_its_downloads(office, page):
    done = office.post(page + "freeze/")
    text = office.get(done["Location"]).content.decode()
    snapshot = Snapshot.objects.get()

    assert (done.status_code, done["Location"]) == (303, f"{page}?done=frozen&n=0")
    assert "已形成数据底稿。" in text
    assert snapshot.data_id[:8] in text
    assert f"{page}{snapshot.data_id}/special_report/" in text
    assert "此后又有" not in text


def test_what_happened_since_is_counted_and_in_a_sealed_period_only_orders(office, year, page, snapshot):
    order = drafted(year)
    first = office.get(page).content.decode()
    sealed(year)
    freeze(period=year.period, by=CONSOLE, now=moment(4, 21))
    calm = office.get(page).content.decode()
    moved(order, "submit")

    assert "此后又有 1 条记录" in first
    assert "此后又有" not in calm
    assert "此后又有 1 条记录" in office.get(page).content.decode()


def test_earlier_sheet_stays_within_reach(office, year, page, snapshot):
    drafted(year)
    later = freeze(period=year.period, by=CONSOLE, now=moment(4, 21))

    newest, earlier = (
        office.get(f"{page}{query}").content.decode() for query in ("", f"?sheet={snapshot.data_id}")
    )

    assert f"{page}{later.data_id}/ledger/" in newest
    assert f"{page}{snapshot.data_id}/ledger/" in earlier
    assert "看最新底稿" in earlier
    assert office.get(f"{page}?sheet=nothing").status_code == 404


def test_download_is_the_paper_and_strange_addresses_are_404(as_, office, year, page, snapshot):
    response = office.get(f"{page}{snapshot.data_id}/leader_brief/?of=林某某")
    elsewhere = as_(someone(PostRole.SUPERVISOR, another_city()))
    strange = [
        office.get(f"{page}{snapshot.data_id}/leader_brief/?of=无此人"),
        office.get(f"{page}{snapshot.data_id}/nothing/"),
        office.get(f"{page}{'0' * 64}/ledger/"),
        office.get(f"{year.path}p/2026-09/papers/"),
        elsewhere.get(page),
    ]

    assert response["Content-Disposition"].startswith("attachment")
    assert response.content.startswith(b"PK")
    assert [answer.status_code for answer in strange] == [404] * 5


def test_everything_comes_in_one_archive_and_is_recorded(office, page):
    since = last_seq()
    response = office.post(page + "all/")

    with ZipFile(BytesIO(response.content)) as archive:
        names = archive.namelist()
    assert "督查专报.docx" in names
    assert "单位/市民政局/审签单.docx" in names
    assert kinds_since(since) == ["snapshot.frozen", "paper.written"]


def test_an_uploaded_paper_is_verified(office, page, snapshot):
    ours = office.get(f"{page}{snapshot.data_id}/urging/").content

    def said(name: str, content: bytes) -> tuple[int, str]:
        response = office.post(page + "verify/", {"file": SimpleUploadedFile(name, content)})
        return response.status_code, response.content.decode()

    same, strange, broken = said("a.docx", ours), said("b.docx", b"x"), said("c.docx", b"PK\x03\x04broken")

    assert (same[0], f"与数据底稿 {snapshot.data_id[:8]} 一致" in same[1]) == (200, True)
    assert (strange[0], "这不是本系统形成的文书" in strange[1]) == (200, True)
    assert broken[0] == 422


def test_page_costs_the_same_however_many_sheets(office, year, page, snapshot):
    def cost() -> int:
        office.get(page)
        with CaptureQueriesContext(connection) as captured:
            office.get(page)
        return len(captured)

    before = cost()
    for key, day in (("1", 21), ("2", 22)):
        drafted(year, key, {"1": "市统计局", "2": "市教育局"}[key])
        freeze(period=year.period, by=CONSOLE, now=moment(4, day))

    assert Snapshot.objects.count() == 3
    assert cost() == before
