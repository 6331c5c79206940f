"""批示事项 on the pages: broken down by the office, answered by the unit, seen beside the task and as a thing to do."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from tests.building import someone
from tests.building_papers import instruction_of, items_given
from tests.building_year import moment, small_year

from duban.coordination.items import ItemEntry, add_items, move_item
from duban.coordination.models import InstructionItem, UpwardPaper
from duban.domain.posts import CONSOLE, PostRole

pytestmark = pytest.mark.django_db
LEAD, OTHER = "市民政局", "市财政局"
OWN = (PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER)
ADMINISTRATORS = (PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN, PostRole.AUDITOR)


@pytest.fixture
def year():
    return small_year("issued")


@pytest.fixture
def office(as_, year):
    return as_(someone(PostRole.SUPERVISOR, year.government))


def text_of(response) -> str:
    """The words of a page without its tags, blanks as one."""
    main = response.content.decode().split("<main", 1)[-1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main))


def lines_of(*lines, revision: int = 1) -> dict:
    what, unit, due = zip(*lines, strict=True)
    return {"revision": revision, "what": what, "unit": unit, "due_on": due}


def unit_page(year, name: str = LEAD) -> str:
    return f"{year.path}u/{year.unit(name).pk}/"


def step(item, action: str, text: str = "照办"):
    return move_item(
        item=item, revision=item.revision, action=action, text=text, by=CONSOLE, now=moment(4, 20)
    )


def test_who_may_do_what_page_by_page(as_, year):
    paper = instruction_of(year)
    mine, _ = items_given(year, paper)
    table = {}
    for role in PostRole:
        paper.refresh_from_db()
        mine.refresh_from_db()
        client = as_(someone(role, year.unit(LEAD) if role in OWN else year.government))
        more = lines_of(("催办", year.unit(LEAD).pk, "2026-05-01"), revision=paper.revision)
        table[role] = [
            client.get(f"{year.path}letters/").status_code,
            client.post(f"{year.path}letters/{paper.pk}/items/", more).status_code,
            client.post(f"{year.path}letters/items/{mine.pk}/", {"do": "close"}).status_code,
            client.get(unit_page(year)).status_code,
            client.post(f"{unit_page(year)}items/{mine.pk}/", {"answer": "已办"}).status_code,
        ]

    office = [200, 303, 409, 200, 409]
    special = {
        PostRole.SUPERVISOR: office,
        PostRole.OFFICE_DIRECTOR: office,
        **{role: [403, 403, 403, 200, 409] for role in OWN},
        **dict.fromkeys(ADMINISTRATORS, [404] * 5),
    }
    assert table == {role: special.get(role, [200, 403, 403, 200, 404]) for role in PostRole}
    stranger = as_(someone(PostRole.LIAISON, year.unit(OTHER)))
    at = f"items/{mine.pk}/"
    assert [stranger.post(f"{unit_page(year, n)}{at}", {"answer": "x"}).status_code for n in (LEAD, OTHER)] == [
        404, 404,
    ]  # fmt: skip


def test_the_office_breaks_an_instruction_down_and_sees_it_through(as_, office, year):
    paper = instruction_of(year)
    page = f"{year.path}letters/"
    form = office.get(f"{page}?kind=instruction&split={paper.pk}")
    choices = form.context["units"]
    due = (timezone.localdate() + timedelta(days=9)).isoformat()
    lines = [("落实选址", year.unit(LEAD).pk, due), ("", "", ""), ("安排资金", year.unit(OTHER).pk, due)]
    where = re.search(r'action="([^"]*/items/\?[^"]*)"', form.content.decode())[1].replace("&amp;", "&")
    added = office.post(where, lines_of(*lines))
    mine, theirs = InstructionItem.objects.order_by("pk")
    listed = text_of(office.get(page))
    liaison = as_(someone(PostRole.LIAISON, year.unit(LEAD)))
    shown = text_of(liaison.get(unit_page(year)))
    answered = liaison.post(f"{unit_page(year)}items/{mine.pk}/", {"revision": 1, "answer": "5月开工"})
    act = f"{page}items/{mine.pk}/"
    closed = office.post(f"{act}?kind=instruction", {"revision": 2, "do": "close", "text": "属实"})
    dropped = office.post(f"{page}items/{theirs.pk}/", {"revision": 1, "do": "drop", "text": "已安排"})
    paper.refresh_from_db()

    assert (choices[0][0], {name for _, name in choices[0]} & {name for _, name in choices[1]}) == (
        (year.unit(LEAD).pk, LEAD), set(),
    )  # fmt: skip
    assert added["Location"] == f"{page}?kind=instruction&done=divided&n=2#letter-{paper.pk}"
    assert "批示事项：未办结 2 项，其中逾期 0 项。" in listed
    assert f"{LEAD} 待回复 落实选址 {due} 前回复" in listed
    assert "批示事项待回复 1 件。" in shown
    assert ("落实选址" in shown, "安排资金" in shown, "代录" in shown) == (True, False, False)
    assert answered["Location"] == f"{unit_page(year)}?done=item_answer&n=0#item-{mine.pk}"
    assert closed["Location"] == f"{page}?kind=instruction&done=item_close&n=0#item-{mine.pk}"
    assert dropped.status_code == 303
    assert (paper.done_on, paper.result) == (timezone.localdate(), "属实")
    assert "已办，属实" in text_of(office.get(page))


def test_refused_forms_keep_what_was_typed(office, year):
    paper = instruction_of(year)
    page = f"{year.path}letters/"
    split = f"{page}{paper.pk}/items/?split={paper.pk}"
    good = ("落实选址", year.unit(LEAD).pk, "2026-05-01")
    half = office.post(split, lines_of(good, ("安排资金", "", "2026-05-02")))
    stale = office.post(split, lines_of(good, revision=7))
    none = office.post(split, lines_of(("", "", "")))
    foreign = office.post(split, lines_of(("落实选址", year.government.pk, "2026-05-01")))
    silent = office.post(f"{page}{paper.pk}/items/", {"do": "close", "revision": 7, "result": "已阅示"})
    mine, _ = items_given(year, paper)
    moved = office.post(f"{page}items/{mine.pk}/", {"do": "drop", "revision": 9, "text": "重复"})
    strange = office.post(f"{page}items/{mine.pk}/", {"do": "dance", "revision": 1, "text": "重复"})
    answer = office.post(f"{unit_page(year)}items/{mine.pk}/", {"revision": 9, "answer": "已选址"})

    assert [r.status_code for r in (half, stale, none, foreign, silent, moved, strange, answer)] == [
        422, 409, 422, 422, 409, 409, 404, 409,
    ]  # fmt: skip
    html = half.content.decode()
    assert ('value="落实选址"' in html, 'value="安排资金"' in html, 'value="2026-05-02"' in html) == (
        True,
    ) * 3
    assert f'<option value="{year.unit(LEAD).pk}" selected>' in html
    assert InstructionItem.objects.count() == 2
    for response, typed in ((silent, "已阅示"), (moved, "重复"), (answer, "已选址")):
        assert f"required>{typed}</textarea>" in response.content.decode().replace(
            ' placeholder="办理情况"', ""
        )


def test_an_answer_typed_on_an_older_page_can_be_copied(as_, year):
    mine, _ = items_given(year)
    step(mine, "answer", "已选址")
    liaison = as_(someone(PostRole.LIAISON, year.unit(LEAD)))

    late = liaison.post(f"{unit_page(year)}items/{mine.pk}/", {"revision": 1, "answer": "另一说法"})

    assert (late.status_code, text_of(late).count("您填写的内容：另一说法")) == (409, 1)


def test_an_empty_answer_asks_for_the_answer_alone(as_, year):
    mine, _ = items_given(year)
    liaison = as_(someone(PostRole.LIAISON, year.unit(LEAD)))

    empty = liaison.post(f"{unit_page(year)}items/{mine.pk}/", {"revision": 1, "answer": " "})

    assert (empty.status_code, "请填写回复，300 字以内。" in text_of(empty)) == (422, True)


def test_a_day_that_cannot_be_is_named_as_the_fault(office, year):
    paper = instruction_of(year)
    split = f"{year.path}letters/{paper.pk}/items/?split={paper.pk}"

    wrong = office.post(split, lines_of(("落实选址", year.unit(LEAD).pk, "1900-01-01")))
    nobody = office.post(split, lines_of(("落实选址", "", "2026-05-01")))

    assert (wrong.status_code, "回复时限“1900-01-01”有误" in text_of(wrong)) == (422, True)
    assert "承办单位和回复时限" in text_of(nobody)


def test_a_returned_item_says_so_in_red_and_a_reopened_one_does_not(as_, office, year):
    mine, _ = items_given(year)
    returned = step(step(mine, "answer", "已选址"), "return", "请附图")
    liaison = as_(someone(PostRole.LIAISON, year.unit(LEAD)))
    pages = [liaison.get(unit_page(year)), office.get(f"{year.path}letters/"), office.get(f"{year.path}t/3/")]
    step(step(step(returned, "answer", "附图"), "close", "属实"), "reopen", "又有来信")
    again = liaison.get(unit_page(year))

    for page in pages:
        assert re.search(r">退回重办</(td|span)>", page.content.decode())
        assert '<span class="trouble block">退回重办：请附图</span>' in page.content.decode()
    assert "退回重办" not in text_of(again)
    assert "重新办理的原因：又有来信" in text_of(again)


def test_the_days_of_open_items_stand_for_an_instruction_without_one(office, year):
    paper = instruction_of(year)
    _, theirs = items_given(year, paper)
    UpwardPaper.objects.update(due_on=None)
    InstructionItem.objects.filter(pk=theirs.pk).update(due_on="2026-05-06")
    both = text_of(office.get(f"{year.path}letters/"))
    theirs.refresh_from_db()
    step(theirs, "answer", "已安排")
    one = text_of(office.get(f"{year.path}letters/"))

    assert ("继续分解" in both, "分解办理事项" in both) == (True, False)
    assert "2026-05-06 待回复事项的最晚时限" in both
    assert "2026-04-30 待回复事项的最晚时限" in one


def test_an_instruction_is_closed_directly_on_its_page(office, year):
    paper = instruction_of(year)
    page = f"{year.path}letters/"
    offered = "不需分解，直接办结" in text_of(office.get(page))
    closed = office.post(f"{page}{paper.pk}/items/", {"do": "close", "revision": 1, "result": "已阅示"})
    after = text_of(office.get(page))

    assert offered
    assert closed["Location"] == f"{page}?done=instruction_closed&n=0#letter-{paper.pk}"
    assert ("已办，已阅示" in after, "不需分解，直接办结" in after) == (True, False)


def test_late_items_are_said_in_words_and_listed(as_, office, year):
    _, theirs = items_given(year)
    instruction_of(year, "批示第9号")
    step(theirs, "answer", "已拨付")
    due = timezone.localdate() - timedelta(days=3)
    InstructionItem.objects.update(due_on=due)
    page = f"{year.path}letters/"

    assert "未办结 2 项，其中逾期 1 项" in text_of(office.get(page))
    late = f"应于 {due} 前回复，已逾期 3 天"
    assert f'<span class="trouble">{late}</span>' in office.get(page).content.decode()
    assert "2026-04-20 回复（督查室代录）：已拨付" in text_of(office.get(page))
    assert [
        [row.number for row in office.get(f"{page}{query}").context["rows"]]
        for query in ("?items=open", "?items=late", "?items=late&kind=request", "")
    ] == [["批示第8号"], ["批示第8号"], [], ["批示第9号", "批示第8号"]]
    liaison = as_(someone(PostRole.LIAISON, year.unit(LEAD)))
    assert "批示事项待回复 1 件，其中逾期 1 件。" in text_of(liaison.get(unit_page(year)))


def test_the_office_answers_for_a_unit_on_its_page_and_is_told_so(office, year):
    mine, _ = items_given(year)

    page = text_of(office.get(unit_page(year)))
    office.post(f"{unit_page(year)}items/{mine.pk}/", {"revision": 1, "answer": "电话报告：已选址"})
    mine.refresh_from_db()

    assert f"代录：正在代{LEAD}回复" in page
    assert (mine.state, mine.on_behalf) == ("answered", True)


def test_task_page_shows_items_beside_papers_each_to_whom_it_concerns(as_, year):
    items_given(year)
    seats = {
        "office": someone(PostRole.SUPERVISOR, year.government),
        "leader": someone(PostRole.CITY_LEADER, year.government),
        LEAD: someone(PostRole.LIAISON, year.unit(LEAD)),
        "市教育局": someone(PostRole.LIAISON, year.unit("市教育局")),
    }
    words = ("关于食堂建设的批示", "落实选址", "安排资金")

    def shown(by) -> tuple[bool, ...]:
        html = as_(by).get(f"{year.path}t/3/").content.decode().split('id="events"')[0]
        return tuple(word in html for word in words)

    assert {name: shown(by) for name, by in seats.items()} == {
        "office": (True, True, True),
        "leader": (True, True, True),
        LEAD: (False, True, False),
        "市教育局": (False, False, False),
    }


def test_to_do_leads_to_the_items(as_, office, year):
    mine, _ = items_given(year)
    due = timezone.localdate() - timedelta(days=3)
    InstructionItem.objects.update(due_on=due)
    liaison = as_(someone(PostRole.LIAISON, year.unit(LEAD))).get("/todo/")
    counted = office.get("/todo/")

    assert f"批示事项：落实选址，应于{due.month}月{due.day}日前回复，已超过 3 天" in text_of(liaison)
    assert f'href="{unit_page(year)}#item-{mine.pk}"' in liaison.content.decode()
    assert "批示事项：已回复待办结 0 件，待回复 2 件，其中逾期 2 件" in text_of(counted)
    assert f'href="{year.path}letters/?items=open"' in counted.content.decode()


def test_items_of_a_voided_instruction_are_shown_there_alone(as_, office, year):
    mine, _ = items_given(year)
    UpwardPaper.objects.update(void_on=timezone.localdate(), void_reason="误登")
    liaison = as_(someone(PostRole.LIAISON, year.unit(LEAD)))

    page = office.get(f"{year.path}letters/?split={mine.paper_id}")

    assert ("落实选址" in text_of(page), "未办结" in text_of(page), "分解并交办" in text_of(page)) == (
        True, False, False,
    )  # fmt: skip
    assert office.get(f"{year.path}letters/?items=open").context["rows"] == []
    assert "落实选址" not in text_of(liaison.get(unit_page(year)))
    late = liaison.post(f"{unit_page(year)}items/{mine.pk}/", {"revision": 1, "answer": "已选址三处"})
    assert (late.status_code, text_of(late).count("您填写的内容：已选址三处")) == (409, 1)
    assert "落实选址" not in text_of(office.get(f"{year.path}t/3/")).split("办理过程")[0]


def test_workbook_holds_the_items_in_a_sheet_of_their_own(office, year):
    step(items_given(year)[0], "answer", "已选址")

    book = load_workbook(BytesIO(office.get(f"{year.path}letters/?export=xlsx").content))
    cells = [[str(cell.value) for cell in row] for row in book["批示事项"].iter_rows()]

    assert [(row[0], row[3], row[4], row[7], row[9], row[10]) for row in cells if row[0] == "批示第8号"] == [
        ("批示第8号", "落实选址", LEAD, "已回复", "是", "已选址"),
        ("批示第8号", "安排资金", OTHER, "待回复", cells[-1][9], cells[-1][10]),
    ]


def test_pages_cost_the_same_however_many_items(as_, office, year):
    paper = instruction_of(year)
    items_given(year, paper)
    liaison = as_(someone(PostRole.LIAISON, year.unit(LEAD)))
    places = [
        (office, f"{year.path}letters/?split={paper.pk}"),
        (office, f"{year.path}t/3/"),
        (liaison, unit_page(year)),
        (liaison, "/todo/"),
    ]

    def costs() -> list[int]:
        found = []
        for client, place in places:
            client.get(place)
            with CaptureQueriesContext(connection) as captured:
                client.get(place)
            found.append(len(captured))
        return found

    few = costs()
    paper.refresh_from_db()
    entries = [ItemEntry(f"事项{n}", year.unit(LEAD), paper.dated) for n in range(20)]
    add_items(paper=paper, revision=paper.revision, entries=entries, by=CONSOLE, now=moment(4, 16))
    for number in range(5):
        items_given(year, instruction_of(year, f"批{number}"))

    assert costs() == few
