from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.building import account_of, another_city, city, someone, unit_of
from tests.web.test_web_sheets import text_of

from duban.directory.models import Person, Unit, User
from duban.domain.posts import PostRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def government():
    return city()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("表.xlsx", content)


def edited(content: bytes, cells: dict[str, object]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    for address, value in cells.items():
        book.worksheets[0][address] = value
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def agreed(response) -> dict[str, str]:
    plan = response.context["plan"]
    return {"rows": response.context["rows"], "day": "2026-11-23", "shown": plan.fingerprint}


def test_who_may_open_and_who_may_do_what(as_, government):
    unit, other = unit_of(government, "市教育局"), unit_of(government, "市公安局")
    pages = ["/people/", f"/people/u/{unit.pk}/", "/people/roster.xlsx", "/people/register.xlsx",
             "/people/roster/", "/people/register/"]  # fmt: skip
    acts = {
        "/people/accounts/": {"unit": unit.pk},
        "/people/reset/": {"account": 0},
        "/people/rename/": {"unit": unit.pk},
        "/people/merge/": {"unit": unit.pk, "into": other.pk},
    }
    table = {}
    for role in PostRole:
        client = as_(someone(role, government))
        table[role.value] = [client.get(page).status_code for page in pages] + [
            client.post(page, words).status_code for page, words in acts.items()
        ]

    keeper = [200, 200, 200, 200, 200, 200, 200, 404, 422, 422]
    assert table == {
        role.value: {
            PostRole.SUPERVISOR: keeper,
            PostRole.OFFICE_DIRECTOR: keeper,
            PostRole.SYSTEM_ADMIN: keeper,
            PostRole.SECURITY_ADMIN: [200, 200, 200, 200, 403, 403, 200, 404, 403, 403],
        }.get(role, [404] * 10)
        for role in PostRole
    }


def test_units_of_another_government_are_not_there(as_, government):
    theirs = unit_of(another_city(), "市教育局")
    client = as_(someone(PostRole.SUPERVISOR, government))

    found = [client.get(f"/people/u/{theirs.pk}/"), client.get(f"/people/register.xlsx?unit={theirs.pk}"),
             client.post("/people/accounts/", {"unit": theirs.pk})]  # fmt: skip

    assert [response.status_code for response in found] == [404, 404, 404]


def test_page_says_what_is_vacant_and_costs_the_same_however_many_there_are(as_, government):
    client = as_(someone(PostRole.SUPERVISOR, government))

    def cost() -> int:
        client.get("/people/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/people/")
        return len(captured)

    before, text = cost(), client.get("/people/").content.decode()
    for name in ("市教育局", "市公安局"):
        account_of(someone(PostRole.LIAISON, unit_of(government, name)))
    units = Unit.objects.of_government(government).count()

    assert f"<b>{4 * units}</b>" in text
    assert cost() == before
    assert f"<b>{4 * units - 2}</b>" in client.get("/people/").content.decode()


def test_posts_have_english_names(as_, government):
    unit = unit_of(government, "市教育局")
    client = as_(someone(PostRole.SUPERVISOR, government))
    someone(PostRole.LIAISON, unit)
    pages = ("/people/", f"/people/u/{unit.pk}/")
    chinese = [client.get(page).content.decode() for page in pages]
    client.post("/language/", {"language": "en", "next": "/"})
    english = [client.get(page).content.decode() for page in pages]

    assert '<span class="more">岗位</span>' in chinese[0]
    assert "<td>岗位</td>" in chinese[1]
    assert '<span class="more">Supervisor</span>' in english[0]
    assert "<td>Liaison A</td>" in english[1]
    assert "Vacant: <b>Principal</b>, <b>Deputy in charge</b>, <b>Liaison B</b>." in english[1]
    assert "联络员" not in english[0]


def test_roster_is_shown_first_and_written_when_agreed(as_, government):
    client = as_(someone(PostRole.SUPERVISOR, government))
    content = edited(client.get("/people/roster.xlsx").content, {"D2": "否"})

    shown = client.post("/people/roster/", {"file": upload(content), "day": "2026-11-23"})
    untouched = unit_of(government, "市政府办公室").appraised
    done = client.post("/people/roster/", agreed(shown))
    again = client.post("/people/roster/", {"file": upload(content), "day": "2026-11-23"})

    assert (shown.status_code, untouched, "单位名录!D2" in shown.content.decode()) == (200, True, True)
    assert (done.status_code, done.headers["Location"]) == (302, "/people/?taken=1")
    assert not unit_of(government, "市政府办公室").appraised
    assert "没有改动" in again.content.decode()
    assert "确认写入" not in again.content.decode()


def test_wrong_cells_are_named_and_cannot_be_confirmed(as_, government):
    client = as_(someone(PostRole.SUPERVISOR, government))
    content = edited(client.get("/people/register.xlsx").content, {"A2": "市教育居", "C3": "张三"})

    shown = client.post("/people/register/", {"file": upload(content), "day": "2026-11-23"})
    forced = client.post("/people/register/", agreed(shown))

    text = shown.content.decode()
    assert (shown.status_code, "联络员登记表!A2" in text, "是否为“市教育局”？" in text) == (422, True, True)
    assert ("确认写入" in text, forced.status_code) == (False, 422)
    assert not Person.objects.filter(name="张三").exists()


def test_agreement_to_changes_that_are_stale_is_refused(as_, government):
    client = as_(someone(PostRole.SUPERVISOR, government))
    content = client.get("/people/register.xlsx").content
    mine, theirs = (edited(content, {"C2": name}) for name in ("张三", "李四"))
    shown = client.post("/people/register/", {"file": upload(mine), "day": "2026-11-23"})
    other = client.post("/people/register/", {"file": upload(theirs), "day": "2026-11-23"})
    client.post("/people/register/", agreed(other))

    late, broken = (
        client.post("/people/register/", agreed(shown)),
        client.post("/people/register/", {"shown": "x"}),
    )

    assert (late.status_code, broken.status_code) == (409, 409)
    assert not Person.objects.filter(name="张三").exists()


def test_file_that_is_no_workbook_is_a_sentence(as_, government):
    client = as_(someone(PostRole.SUPERVISOR, government))

    bad = client.post("/people/roster/", {"file": upload(b"nothing"), "day": "2026-11-23"})
    none = client.post("/people/roster/", {"day": ""})

    assert (bad.status_code, none.status_code, 'role="alert"' in bad.content.decode()) == (422, 422, True)


def test_slips_are_printed_once_and_open_the_password_page_only(as_, government):
    someone(PostRole.LIAISON, unit_of(government, "市教育局"))
    supervisor = as_(someone(PostRole.SUPERVISOR, government))
    leader = someone(PostRole.CITY_LEADER, government)

    response = supervisor.post("/people/accounts/", {})
    again = supervisor.post("/people/accounts/", {})

    (slip,) = response.context["slips"]
    assert response.headers["Cache-Control"] == "no-store"
    assert slip.password in response.content.decode()
    assert again.context["slips"] == ()
    assert not User.objects.filter(person=leader.person).exists()
    fresh = Client()
    assert fresh.post("/sign-in/", {"username": slip.username, "password": slip.password}).status_code == 302
    found = {
        page: fresh.get(page) for page in ("/", "/units/", "/lists/", "/people/", "/help/", "/password/")
    }
    assert {page: r.headers.get("Location", r.status_code) for page, r in found.items()} == {
        **dict.fromkeys(("/", "/units/", "/lists/", "/people/", "/help/"), "/password/"),
        "/password/": 200,
    }
    words = {"old": slip.password, "new": "staple wrapped in paper", "again": "staple wrapped in paper"}
    assert fresh.post("/password/", words | dict.fromkeys(("new", "again"), slip.password)).status_code == 422
    assert fresh.post("/password/", words).headers["Location"] == "/"
    assert fresh.get("/units/").status_code == 200


def test_reset_gives_a_new_slip_and_ends_the_wait(as_, government):
    user = account_of(
        someone(PostRole.LIAISON, unit_of(government, "市教育局")), username="甲", password="old"
    )
    supervisor = as_(someone(PostRole.SUPERVISOR, government))
    stranger = Client()
    for _ in range(6):
        locked = stranger.post("/sign-in/", {"username": "甲", "password": "x"})

    (slip,) = supervisor.post("/people/reset/", {"account": user.pk, "sure": "yes"}).context["slips"]

    assert "15 分钟" in locked.content.decode()
    opened = stranger.post("/sign-in/", {"username": "甲", "password": slip.password})
    assert opened.headers["Location"] == "/"


def test_reset_asks_once_by_name_before_the_old_password_dies(as_, government):
    unit = unit_of(government, "市教育局")
    user = account_of(someone(PostRole.LIAISON, unit), username="甲", password="old")
    supervisor = as_(someone(PostRole.SUPERVISOR, government))
    at = f"/people/reset/?unit={unit.pk}"

    form = f'action="{at}"' in supervisor.get(f"/people/u/{unit.pk}/").content.decode()
    asked = supervisor.post(at, {"account": user.pk}).content.decode()
    user.refresh_from_db()

    assert (form, user.check_password("old"), user.must_change_password) == (True, True, False)
    assert (f"重置{user.person.name}的密码？" in asked, f"/people/u/{unit.pk}/" in asked) == (True, True)
    back = {page: supervisor.get(page)["Location"] for page in (at, "/people/reset/", "/people/accounts/")}
    assert back == {
        at: f"/people/u/{unit.pk}/",
        "/people/reset/": "/people/",
        "/people/accounts/": "/people/",
    }


def test_rename_and_merger_from_the_page(as_, government):
    client = as_(someone(PostRole.SUPERVISOR, government))
    unit, into = unit_of(government, "市公安局"), unit_of(government, "市司法局")
    words = {
        "unit": unit.pk,
        "name": "市警务局",
        "full_name": "云江市警务局",
        "on": "2026-02-01",
        "basis": "3号",
    }

    renamed = client.post("/people/rename/", words)
    page = client.get(f"/people/u/{unit.pk}/").content.decode()
    merged = client.post(
        "/people/merge/", {"unit": unit.pk, "into": into.pk, "on": "2026-03-01", "basis": "4号"}
    )

    assert renamed.headers["Location"] == f"/people/u/{unit.pk}/"
    assert re.search(r"曾用名称.*市公安局", page, re.DOTALL)
    assert merged.headers["Location"] == f"/people/u/{into.pk}/"
    shown = text_of(client.get("/people/"))
    assert "市警务局 已于 2026-03-01 并入市司法局" in shown[shown.index("已撤并的单位") :]
    assert "市警务局" not in shown[: shown.index("已撤并的单位")]


def test_pages_have_no_inline_script_or_style(as_, government):
    client = as_(someone(PostRole.SUPERVISOR, government))
    unit = unit_of(government, "市公安局")

    for page in ("/people/", f"/people/u/{unit.pk}/", "/people/roster/"):
        text = client.get(page).content.decode()
        assert [word for word in (" style=", "<style", "onclick=", "<script>") if word in text] == []
