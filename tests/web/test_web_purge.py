from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import city, published, someone, unit_of
from tests.building_papers import part_given, problem_of, year_of_papers
from tests.building_year import moment, small_year

from duban.coordination.models import Problem
from duban.documents.models import SourceDocument
from duban.documents.operations import read_scan
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Payload
from duban.progress.operations import Signature, sign_off
from duban.progress.parts import give_part, return_part
from duban.publishing.operations import freeze
from duban.register.models import Task

pytestmark = pytest.mark.django_db


def test_two_persons_purge_a_document_from_the_page(as_):
    government = city()
    published(government)
    document = SourceDocument.objects.get()
    first = as_(someone(PostRole.SUPERVISOR, government))
    second = as_(someone(PostRole.SECURITY_ADMIN, government))

    empty = first.post("/purge/", {"document": document.pk, "reason": " "})
    asked = first.post("/purge/", {"document": document.pk, "reason": "误传"})
    alone = first.post("/purge/", {"document": document.pk})
    shown = second.get("/purge/").content.decode()
    done = second.post("/purge/", {"document": document.pk})

    assert (empty.status_code, asked.status_code, alone.status_code, done.status_code) == (422, 303, 403, 303)
    assert ("确认永久删除" in shown, "误传" in shown) == (True, True)
    assert Payload.objects.filter(content__isnull=False).count() == 0
    assert set(Task.objects.values_list("current__text", flat=True)) == {"（已处置）"}


def test_the_page_asks_again_before_either_step(as_):
    government = city()
    published(government)
    document = SourceDocument.objects.get()
    first, second = (as_(someone(PostRole.SUPERVISOR, government)) for _ in range(2))

    before = first.get("/purge/").content.decode()
    first.post("/purge/", {"document": document.pk, "reason": "误传"})
    after = second.get("/purge/").content.decode()

    tick = '<input type="checkbox" name="sure" required>'
    assert [(text.count(tick), "提出处置" in text, "确认永久删除" in text) for text in (before, after)] == [
        (1, True, False), (1, False, True),
    ]  # fmt: skip
    assert 'name="reason" maxlength="200" required' in before
    assert f'title="{document.file_id}">{document.file_id[:8]}…' in before


def test_the_page_counts_in_english_too(as_):
    government = city()
    published(government)
    client = as_(someone(PostRole.SUPERVISOR, government))
    client.post("/language/", {"language": "en", "next": "/purge/"})

    page = client.get("/purge/").content.decode()
    assert "Source documents: 1; waiting for a second person: 0." in page


def test_purge_page_is_for_the_office_and_the_security_administrator(as_):
    government = city()
    people = {
        "supervisor": someone(PostRole.SUPERVISOR, government),
        "director": someone(PostRole.OFFICE_DIRECTOR, government),
        "security": someone(PostRole.SECURITY_ADMIN, government),
        "system": someone(PostRole.SYSTEM_ADMIN, government),
        "auditor": someone(PostRole.AUDITOR, government),
        "leader": someone(PostRole.CITY_LEADER, government),
        "liaison": someone(PostRole.LIAISON, unit_of(government, "市教育局")),
    }

    assert {name: as_(by).get("/purge/").status_code for name, by in people.items()} == {
        "supervisor": 200, "director": 200, "security": 200, "system": 404, "auditor": 404, "leader": 404, "liaison": 404,
    }  # fmt: skip


def test_document_of_another_government_is_not_there(as_):
    government = city()
    published(government)
    from tests.building import another_city

    stranger = as_(someone(PostRole.SUPERVISOR, another_city()))

    assert stranger.post("/purge/", {"document": SourceDocument.objects.get().pk}).status_code == 404


WORDS = "某处设施坐标及调度安排"


def test_two_persons_purge_a_text_found_by_its_words(as_):
    year = year_of_papers()
    problem = problem_of(year, cause=WORDS)
    office = as_(someone(PostRole.SUPERVISOR, year.government))
    security = as_(someone(PostRole.SECURITY_ADMIN, year.government))
    thing = {"thing": f"problem:{problem.pk}"}

    nothing = office.get("/purge/?q=没有的字").content.decode()
    shown = office.get("/purge/?q=坐标及").content.decode()
    empty = office.post("/purge/", thing | {"reason": " "})
    marked = office.post("/purge/?q=坐标及", thing | {"reason": "原文标有机密★1年"})
    asked = office.post("/purge/", thing | {"reason": "误传"})
    alone = office.post("/purge/", thing)
    waiting = security.get("/purge/?q=坐标及").content.decode()
    done = security.post("/purge/", thing)
    after = office.get("/purge/?q=坐标及").content.decode()

    assert ("找到 0 条" in nothing, "找到 1 条" in shown, WORDS in shown) == (True, True, True)
    assert [r.status_code for r in (empty, marked, asked, alone, done)] == [422, 422, 303, 403, 303]
    assert 'value="原文标有机密★1年"' in marked.content.decode()
    assert ("确认永久删除" in waiting, "误传" in waiting, WORDS[:6] in waiting) == (True, True, False)
    assert ("找到 0 条" in after, "已处置的记录" in after) == (True, True)
    assert "已提出处置，待另一人确认后删除" in office.get(asked["Location"]).content.decode()
    assert "先前的文字和相同的文字已永久删除" in security.get(done["Location"]).content.decode()
    assert "第 3 项任务" in waiting
    problem.refresh_from_db()
    assert problem.cause == "（已处置）"


def test_what_is_asked_for_is_in_the_own_government_and_known(as_):
    from tests.building import another_city

    year = year_of_papers()
    problem = problem_of(year, cause=WORDS)
    stranger = as_(someone(PostRole.SUPERVISOR, another_city()))

    found = [
        stranger.post("/purge/", {"thing": f"problem:{problem.pk}", "reason": "误传"}).status_code,
        stranger.post("/purge/", {"thing": "boss:1", "reason": "误传"}).status_code,
        WORDS in stranger.get("/purge/?q=坐标及").content.decode(),
    ]

    assert found == [404, 404, False]


def test_the_search_asks_a_fixed_number_of_queries(as_):
    year = year_of_papers()
    problem = problem_of(year, cause=WORDS)
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/purge/?q=坐标及")
        return len(queries)

    asked()
    one = asked()
    for key in "12":
        Problem.objects.create(
            task=year.task(key), unit=problem.unit, text=WORDS, raised_on=problem.raised_on, seq=problem.seq
        )

    assert asked() == one


def test_a_purged_scan_is_no_longer_handed_out_and_pages_stand(as_):
    year = small_year("sent")
    row = year.row("3")
    scan = read_scan("审签单.pdf", b"%PDF-1.7 scan")
    signature = Signature("paper", "周某某", date(2026, 4, 2), "8号", scan)
    signed = sign_off(period=year.period, unit=row.unit_id, signature=signature, by=CONSOLE, now=moment(4, 2))
    address = f"{year.path}p/2026-03/u/{row.unit_id}/"
    first, second = (as_(someone(PostRole.SUPERVISOR, year.government)) for _ in range(2))
    before = first.get(f"{address}scan/{signed.pk}/").status_code

    first.post("/purge/", {"thing": f"sign_off:{signed.pk}", "reason": "误传"})
    second.post("/purge/", {"thing": f"sign_off:{signed.pk}"})

    pages = [address, f"{year.path}t/3/", f"{year.path}p/2026-03/review/", f"{year.path}p/2026-03/"]
    assert (before, first.get(f"{address}scan/{signed.pk}/").status_code) == (200, 404)
    assert [first.get(page).status_code for page in pages] == [200] * 4


def test_a_purged_data_sheet_says_so_and_another_can_be_frozen(as_):
    year = year_of_papers()
    problem = problem_of(year, cause=WORDS)
    snapshot = freeze(period=year.period, by=CONSOLE, now=moment(4, 20))
    first, second = (as_(someone(PostRole.SUPERVISOR, year.government)) for _ in range(2))
    page = f"{year.path}p/2026-03/papers/"
    file = f"{page}{snapshot.data_id}/ledger/"
    paper = first.get(file).content

    first.post("/purge/", {"thing": f"problem:{problem.pk}", "reason": "误传"})
    second.post("/purge/", {"thing": f"problem:{problem.pk}"})
    shown = first.get(page).content.decode()
    gone = first.get(file)
    verified = first.post(page + "verify/", {"file": SimpleUploadedFile("台账.xlsx", paper)})
    first.post(page + "freeze/")
    again = first.get(page).content.decode()

    assert "数据底稿已处置，请重新形成底稿" in shown
    assert (gone.status_code, "数据底稿已处置" in gone.content.decode()) == (409, True)
    assert "数据底稿已处置，这份文书不能再核验。" in verified.content.decode()
    assert ("出自数据底稿" in again, "请重新形成底稿；" in again, "已处置 20" in again) == (True, False, True)


def test_an_earlier_wording_is_found_with_its_act_and_gone_from_the_task_page(as_):
    year = year_of_papers()
    act = {"by": CONSOLE, "now": moment(4, 3)}
    part = part_given(year, WORDS)
    part = return_part(part=part, revision=part.revision, reason="请补充", **act)
    give_part(part=part, revision=part.revision, text="已补充。", **act)
    office, second = (as_(someone(PostRole.SUPERVISOR, year.government)) for _ in range(2))
    page = f"/l/{year.list.key}/t/{part.obligation.task.key}/"

    shown = office.get("/purge/?q=坐标及").content.decode()
    before = WORDS in office.get(page).content.decode()
    for client in (office, second):
        client.post("/purge/", {"thing": f"part:{part.pk}", "reason": "误传"})
    after = WORDS in office.get(page).content.decode()

    assert ("找到 1 条" in shown, "先前的文字" in shown, "提供配合情况 2026-04-15" in shown) == (True,) * 3
    assert (before, after) == (True, False)
