from __future__ import annotations

import pytest
from tests.building import city, published, someone, unit_of

from duban.documents.models import SourceDocument
from duban.domain.posts import PostRole
from duban.history.models import Payload
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

    assert (empty.status_code, asked.status_code, alone.status_code, done.status_code) == (422, 302, 422, 302)
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
