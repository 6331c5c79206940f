"""A page that is given a text with a mark of classified matter says so, keeps what was typed, and stores nothing."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.building import account_of, city, someone
from tests.building_papers import drafted, moved, problem_of, year_of_papers
from tests.building_year import small_year

from duban.domain.posts import PostRole
from duban.history.models import Event
from duban.progress.operations import check_code

pytestmark = pytest.mark.django_db
MARK = "机密★1年 用地"
DAY = "2026-04-20"


def returned(year):
    row = year.row("3")
    page = f"{year.path}p/2026-03/review/"
    return page, {"seen": json.dumps({row.pk: row.revision}), "do": f"return:{row.pk}", f"why-{row.pk}": MARK}


def contacted(year):
    said = {"kind": "remind", "channel": "phone", "note": MARK, "unit": [year.unit("市教育局").pk]}
    return f"{year.path}p/2026-03/contact/", said


def settled(year):
    problem = problem_of(year)
    said = {"revision": problem.revision, "cause": MARK, "helper": "", "level": "office", "state": "open"}
    return f"{year.path}problems/{problem.pk}/", said


def letter(year):
    return f"{year.path}letters/", {"kind": "request", "number": "3号", "dated": "2026-04-10", "sender": "市民政局",
                                    "subject": MARK, "task": "3"}  # fmt: skip


def answered(year):
    order = moved(drafted(year), "sign_for")
    said = {"action": "answer", "revision": order.revision, "on": DAY, "text": MARK}
    return f"{year.path}orders/{order.pk}/move/", said


def receipt(year):
    unit = year.unit("市教育局").pk
    return f"{year.path}receipts/sign/", {"unit": unit, "how": "phone", "note": MARK}


def renamed(year):
    said = {"name": "民政局", "full_name": "云江市民政事务局", "on": "2026-04-01", "basis": MARK}
    return "/people/rename/", {"unit": year.unit("市民政局").pk, **said}


def merged(year):
    into = year.unit("市教育局").pk
    return "/people/merge/", {"unit": year.unit("市民政局").pk, "into": into, "on": DAY, "basis": MARK}


def signed(year):
    code, _ = check_code(year.period, year.unit("市民政局").pk)
    said = {
        "kind": "paper",
        "signer": "周某某",
        "signed_on": "2026-04-02",
        "number": MARK,
        "check_code": code,
    }
    return f"{year.path}p/2026-03/u/{year.unit('市民政局').pk}/sign/", said


PAGES = {
    "return": ("sent", returned),
    "contact": ("opened", contacted),
    "problem": ("papers", settled),
    "letter": ("published", letter),
    "answer": ("papers", answered),
    "receipt": ("issued", receipt),
    "rename": ("published", renamed),
    "merge": ("published", merged),
    "sign": ("sent", signed),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_marked_text_is_refused_in_a_sentence_and_stays_in_its_field(as_, name):
    until, post = PAGES[name]
    year = year_of_papers() if until == "papers" else small_year(until)
    page, words = post(year)
    before = Event.objects.count()
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    refused = client.post(page, words)

    text = refused.content.decode()
    assert refused.status_code == 422
    assert "文中有“机密★1年”，疑似密级标志" in text
    assert text.count(MARK) >= 1
    assert 'role="alert"' in text
    assert not Event.objects.filter(seq__gt=before, body__contains="★").exists()


def test_a_marked_roster_is_refused_on_its_page(as_):
    government = city()
    client = as_(someone(PostRole.SUPERVISOR, government))
    content = client.get("/people/roster.xlsx").content
    from io import BytesIO

    import openpyxl

    book = openpyxl.load_workbook(BytesIO(content))
    book.worksheets[0]["B3"] = MARK
    target = BytesIO()
    book.save(target)
    file = SimpleUploadedFile("名录.xlsx", target.getvalue())
    shown = client.post("/people/roster/", {"file": file, "day": "2026-11-23"})

    assert shown.context["plan"].changes
    said = {"rows": shown.context["rows"], "day": "2026-11-23", "shown": shown.context["plan"].fingerprint}
    refused = client.post("/people/roster/", said)

    assert (refused.status_code, "疑似密级标志" in refused.content.decode()) == (422, True)
    assert "选择文件后列出每一处改动" in refused.content.decode()


def test_a_marked_name_at_sign_in_is_refused_and_not_recorded(client):
    account_of(someone(PostRole.SUPERVISOR, city()))

    assert client.post("/sign-in/", {"username": MARK, "password": "x"}).status_code == 422
    assert not Event.objects.filter(body__contains="★").exists()
