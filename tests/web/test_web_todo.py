"""The to-do page in words: what came back and why, what the office is told, a purge that waits."""

from __future__ import annotations

from datetime import date

import pytest
from tests.building import CONSOLE, someone
from tests.building_papers import items_given, part_given, year_of_papers
from tests.building_year import moment, small_year

from duban.coordination.items import move_item
from duban.documents.models import SourceDocument
from duban.domain.posts import PostRole
from duban.overview.todo import todo
from duban.progress.parts import return_part
from duban.purging.operations import purge_document

pytestmark = pytest.mark.django_db
ACT = {"by": CONSOLE, "now": moment(4, 17)}


def office(year):
    return someone(PostRole.SUPERVISOR, year.government)


def test_a_document_to_be_purged_waits_once(as_):
    year = small_year("published")
    first, security = office(year), someone(PostRole.SECURITY_ADMIN, year.government)
    purge_document(document=SourceDocument.objects.get(), reason="误传", by=first, now=moment(4, 18))

    assert len([row for row in todo([security], date(2026, 4, 20)) if row.kind == "purge"]) == 1
    page = as_(security).get("/todo/").content.decode()
    assert f"涉密处置待确认：{first.label} " in page
    assert "4月18日提出" in page
    assert 'href="/purge/"' in page
    assert 'href="/todo/"' in page


def test_the_pages_say_it_in_words(as_):
    year = year_of_papers()
    item, _ = items_given(year)
    part = part_given(year, "已选址")
    return_part(part=part, revision=part.revision, reason="请补充时间", **ACT)
    for action, text in (("answer", "已选址"), ("return", "没有写明地点")):
        item = move_item(item=item, revision=item.revision, action=action, text=text, **ACT)

    unit, helper, by = (
        as_(someone(PostRole.LIAISON, item.unit)), as_(someone(PostRole.LIAISON, part.unit)), as_(office(year)),
    )  # fmt: skip
    seen = [client.get("/todo/").content.decode() for client in (unit, helper, by)]

    assert "批示事项退回重办：落实选址" in seen[0]
    assert "；理由：没有写明地点" in seen[0]
    assert "配合情况退回补充：" in seen[1]
    assert "；理由：请补充时间" in seen[1]
    assert "批示事项：已回复待办结 0 件，待回复 2 件" in seen[2]
    assert f'href="{year.path}letters/"' in seen[2]
    assert "请示、批示到期未答复 1 件（含五个工作日内到期）" in seen[2]
