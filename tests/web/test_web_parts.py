"""配合情况 on the pages: asked on the lead's sheet, said on the unit's page, read while writing and under review."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.building import someone
from tests.building_papers import part_of
from tests.building_year import drafted, moment, sent, small_year

from duban.domain.posts import CONSOLE, PostRole
from duban.plans.models import Assignment
from duban.progress.models import Draft, Part
from duban.progress.operations import move_period
from duban.progress.parts import ask_parts, due_of_parts, give_part, return_part, withdraw_part
from duban.register.models import Responsibility

pytestmark = pytest.mark.django_db
LEAD, HELPER, OTHER, STRANGER = "市民政局", "市财政局", "市教育局", "市审计局"
OWN = (PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER)
ADMINISTRATORS = (PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN, PostRole.AUDITOR)


@pytest.fixture
def year():
    return small_year("opened")


@pytest.fixture
def lead(as_, year):
    return as_(someone(PostRole.LIAISON, year.unit(LEAD)))


@pytest.fixture
def helper(as_, year):
    return as_(someone(PostRole.LIAISON, year.unit(HELPER)))


def text_of(response) -> str:
    """The words of a page without its tags, blanks as one."""
    main = response.content.decode().split("<main", 1)[-1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main))


def sheet(year, name: str = LEAD) -> str:
    return f"{year.path}p/2026-03/u/{year.unit(name).pk}/"


def unit_page(year, name: str = HELPER) -> str:
    return f"{year.path}u/{year.unit(name).pk}/"


def form_of(client, page: str) -> dict:
    """What a browser would send of the sheet if nothing was touched."""
    content = client.get(page).content.decode()
    return dict(re.findall(r'name="(seen-\d+)" value="([^"]*)"', content))


def asking(year, client, *names: str, question: str = "资金拨付情况", do: str = "", **more: str) -> dict:
    row = year.row("3").pk
    return form_of(client, sheet(year)) | {
        f"ask-{row}": [year.unit(name).pk for name in names],
        f"question-{row}": question,
        "do": do or f"ask-{row}",
        **{f"{field}-{row}": value for field, value in more.items()},
    }


def given(year, part: Part, text: str = "已拨付1200万元") -> Part:
    return give_part(part=part, revision=part.revision, text=text, by=CONSOLE, now=moment(4, 2))


def test_from_the_question_on_the_sheet_to_the_words_beside_the_cell(year, lead, helper):
    page, row = sheet(year), year.row("3").pk
    offered = text_of(lead.get(page))
    asked = lead.post(page, asking(year, lead, HELPER, OTHER, progress="食堂已建成20家"))
    one, two = Part.objects.order_by("pk")
    waits = text_of(helper.get("/todo/"))
    shown = text_of(helper.get(unit_page(year)))
    at = f"{unit_page(year)}parts/{one.pk}/"
    said = helper.post(at, {"revision": 1, "part": " 已拨付1200万元 "})
    read = text_of(lead.get(page))
    back = lead.post(page, {"do": f"part_return-{one.pk}-2", f"reason-{one.pk}": "请补充时间"})
    again = text_of(helper.get(unit_page(year)))
    gone = lead.post(page, {"do": f"part_withdraw-{two.pk}-1"})

    assert "请配合单位提供情况" in offered
    assert (asked.status_code, asked["Location"]) == (303, f"{page}?done=parts_asked&n=2#row-3")
    assert Draft.objects.get(obligation=row).progress == "食堂已建成20家"
    due = f"{one.due_on.month}月{one.due_on.day}日"
    assert f"配合情况：{LEAD}第 3 项，{due}前提供" in waits
    assert ("资金拨付情况" in shown, "配合情况待提供 1 件" in shown, "代录" in shown) == (True, True, False)
    assert said["Location"] == f"{unit_page(year)}?done=part_given&n=0#part-{one.pk}"
    today = timezone.localdate().isoformat()
    assert f"{HELPER} {today} 提供：已拨付1200万元" in read
    assert f"{OTHER} 待提供" in read
    assert (back["Location"], gone["Location"]) == (
        f"{page}?done=part_returned&n=1#row-3", f"{page}?done=part_withdrawn&n=1#row-3",
    )  # fmt: skip
    assert "退回补充：请补充时间" in again
    assert list(Part.objects.order_by("pk").values_list("state", flat=True)) == ["asked", "withdrawn"]


def test_what_was_said_is_withdrawn_after_one_more_question(year, lead):
    page, row = sheet(year), year.row("3").pk
    lead.post(page, asking(year, lead, HELPER))
    part = given(year, Part.objects.get())
    typed = form_of(lead, page) | {f"progress-{row}": "食堂已建成20家"}

    asked = lead.post(page, typed | {"do": f"part_withdraw-{part.pk}-{part.revision}"})
    part.refresh_from_db()
    held, draft = part.state, Draft.objects.get(obligation=row).progress
    sure = lead.post(page, form_of(lead, page) | {"do": f"part_sure-{part.pk}-{part.revision}"})
    part.refresh_from_db()

    text = asked.content.decode()
    assert (asked.status_code, held, draft) == (200, "given", "食堂已建成20家")
    assert f"{HELPER}已提供配合情况，撤回后所提供的内容不再显示" in text
    assert f'form="rows" name="do" value="part_sure-{part.pk}-2"' in text
    assert (sure["Location"], part.state) == (f"{page}?done=part_withdrawn&n=1#row-3", "withdrawn")


def test_addresses_of_acts_lead_back_to_their_page(year, lead, helper):
    lead.post(sheet(year), asking(year, lead, HELPER))
    page, own = unit_page(year), sheet(year)
    acts = {
        **dict.fromkeys([f"{page}{act}/" for act in ("receipt", "orders/1", "items/1", "parts/1")], page),
        **dict.fromkeys([f"{own}sign/", f"{own}merge/"], own),
    }

    assert {at: helper.get(at)["Location"] for at in acts} == acts
    assert helper.put(f"{page}receipt/").status_code == 405


def test_a_refused_question_keeps_what_was_typed_and_saves_nothing(year, lead):
    page, row = sheet(year), year.row("3").pk
    nobody = lead.post(page, asking(year, lead, question="资金到位没有", progress="食堂已建成20家"))
    marked = lead.post(page, asking(year, lead, HELPER, question="机密★1年", progress="食堂已建成20家"))

    content = nobody.content.decode()
    assert (nobody.status_code, marked.status_code) == (422, 422)
    assert ("资金到位没有" in content, "食堂已建成20家" in content) == (True, True)
    assert "第 3 项：请勾选要请其提供情况的单位。" in text_of(nobody)
    assert f'value="{year.unit(HELPER).pk}" checked' in marked.content.decode()
    assert (Part.objects.count(), Draft.objects.filter(obligation=row).count()) == (0, 0)


def test_a_question_not_asked_yet_stays_when_the_sheet_is_saved(year, lead):
    page = sheet(year)
    saved = lead.post(
        page, asking(year, lead, HELPER, question="资金到位没有", do="keep", progress="食堂已建成20家")
    )

    content = saved.content.decode()
    assert (saved.status_code, "已保存 1 项，尚未报送。" in text_of(saved)) == (200, True)
    assert ("资金到位没有" in content, f'value="{year.unit(HELPER).pk}" checked' in content) == (True, True)
    assert Draft.objects.get().revision == 1
    assert lead.post(page, form_of(lead, page) | {"do": "keep"}).status_code == 303


@pytest.mark.parametrize("after", ["given", "row sent", "withdrawn"])
def test_what_was_typed_on_an_older_page_can_be_copied_whatever_became_of_the_part(year, helper, after):
    part = part_of(year, "3", HELPER)
    if after == "given":
        given(year, part)
    elif after == "row sent":
        drafted(year)
        sent(year)
    else:
        withdraw_part(part=part, revision=1, by=CONSOLE, now=moment(4, 2))

    late = helper.post(f"{unit_page(year)}parts/{part.pk}/", {"revision": 1, "part": "另一说法"})

    assert (late.status_code, text_of(late).count("您填写的内容：另一说法")) == (409, 1)
    assert "您填写的内容" not in text_of(helper.get(unit_page(year)))


def test_words_typed_for_a_returned_part_stand_in_its_form_beside_those_of_the_colleague(year, helper):
    part = part_of(year, "3", HELPER)
    given(year, part)
    part.refresh_from_db()
    return_part(part=part, revision=2, reason="请补充时间", by=CONSOLE, now=moment(4, 3))

    late = helper.post(f"{unit_page(year)}parts/{part.pk}/", {"revision": 1, "part": "另一说法"})

    assert late.status_code == 409
    assert ">另一说法</textarea>" in late.content.decode()
    assert "上次提供：已拨付1200万元" in text_of(late)
    assert "您填写的内容：" not in text_of(late)


def test_a_refused_question_or_return_names_its_row_and_stays_unfolded(year, lead):
    page = sheet(year)
    empty = lead.post(page, asking(year, lead, question=""))
    part = part_of(year, "3", HELPER)
    given(year, part)
    bare = lead.post(page, form_of(lead, page) | {"do": f"part_return-{part.pk}-2"})
    long = {f"reason-{part.pk}": "由" * 121, "do": f"part_return-{part.pk}-2"}
    wordy = lead.post(page, form_of(lead, page) | long)

    assert [answer.status_code for answer in (empty, bare, wordy)] == [422, 422, 422]
    assert "第 3 项：请写明需要提供什么情况" in text_of(empty)
    assert empty.content.decode().count('<details class="fold-open asking" open>') == 1
    assert "第 3 项：请写明退回补充的理由" in text_of(bare)
    assert bare.content.decode().count('<details class="fold-open" open>') == 1
    assert "第 3 项：退回理由共 121 字，最多 120 字" in text_of(wordy)
    assert f">{'由' * 121}</textarea>" in wordy.content.decode()


def test_the_form_says_by_which_day_parts_are_given(year, lead):
    day = due_of_parts(year.period, timezone.localdate())
    said = f"{day.month}月{day.day}日前提供"

    assert text_of(lead.get(sheet(year))).count(said) == 1
    part_of(year, "3", HELPER)
    assert re.search(r"待提供（\d+月\d+日前）", text_of(lead.get(sheet(year))))


@pytest.mark.parametrize("after", ["sent", "closed"])
def test_the_lead_goes_on_reading_what_it_was_told(year, lead, after):
    given(year, part_of(year, "3", HELPER, "资金拨付情况"))
    part_of(year, "3", OTHER, "师资情况")
    if after == "sent":
        drafted(year)
        sent(year)
    else:
        move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 20))

    shown = lead.get(sheet(year))

    assert "配合情况 2" in text_of(shown)
    assert f"{HELPER} 2026-04-02 提供（督查室代录）：已拨付1200万元资金拨付情况" in text_of(shown)
    assert f"{OTHER} 未提供师资情况" in text_of(shown)
    assert "part_return-" not in shown.content.decode()


def test_a_refused_answer_keeps_what_was_typed(year, helper):
    part = part_of(year, "3", HELPER)
    given(year, part)
    late = helper.post(f"{unit_page(year)}parts/{part.pk}/", {"revision": 1, "part": "另一说法"})
    other = part_of(year, "1", "市统计局")
    long = "字" * 151
    stats = f"{unit_page(year, '市统计局')}parts/{other.pk}/"
    office = helper.post(stats, {"revision": 1, "part": "x"})

    assert (late.status_code, office.status_code) == (409, 404)
    assert "已有变动" in text_of(late)
    other.refresh_from_db()
    assert (other.state, long in other.text) == ("asked", False)


def test_nothing_is_offered_where_nobody_can_be_asked(year, lead, as_):
    row = year.row("3")
    shared = list(row.task.responsibilities.exclude(unit=row.unit))
    Assignment.objects.filter(task=row.task).update(offline=True)
    offline = text_of(lead.get(sheet(year)))
    Assignment.objects.filter(task=row.task).update(offline=False)
    part_of(year, "3", HELPER)
    office = as_(someone(PostRole.SUPERVISOR, year.government))
    drafted(year)
    sent(year)
    after = text_of(office.get(sheet(year)))
    Part.objects.all().delete()
    Responsibility.objects.filter(pk__in=[one.pk for one in shared]).delete()

    for page in (offline, after):
        assert ("请配合单位提供情况" in page, "待提供" in page) == (False, False)
    assert "请配合单位提供情况" not in text_of(lead.get(sheet(year)))


def test_the_office_reads_the_parts_beside_the_report(year, as_):
    given(year, part_of(year, "3", HELPER, "资金拨付情况"))
    drafted(year)
    sent(year)
    office = as_(someone(PostRole.SUPERVISOR, year.government))

    read = text_of(office.get(f"{year.path}p/2026-03/review/"))

    assert f"{HELPER} 2026-04-02 提供（督查室代录）：已拨付1200万元" in read
    assert "资金拨付情况" in read


def test_who_may_do_what_page_by_page(year, as_):
    part = part_of(year, "3", HELPER)
    table = {}
    for role in PostRole:
        by = {
            name: as_(someone(role, year.unit(name) if role in OWN else year.government))
            for name in (LEAD, HELPER, STRANGER)
        }
        do = {"do": f"part_withdraw-{part.pk}-9"}
        table[role] = [
            by[LEAD].post(sheet(year), do).status_code,
            by[HELPER].post(sheet(year), do).status_code,
            by[HELPER].post(f"{unit_page(year)}parts/{part.pk}/", {"revision": 9, "part": "x"}).status_code,
            by[LEAD].post(f"{unit_page(year)}parts/{part.pk}/", {"revision": 9, "part": "x"}).status_code,
            by[STRANGER].post(f"{unit_page(year, STRANGER)}parts/{part.pk}/", {"part": "x"}).status_code,
        ]

    office, own = [409, 409, 409, 409, 404], [409, 404, 409, 404, 404]
    special = {PostRole.SUPERVISOR: office, PostRole.OFFICE_DIRECTOR: office, **dict.fromkeys(OWN, own)}
    assert table == {role: special.get(role, [404] * 5) for role in PostRole}


def test_to_do_names_parts_for_those_who_fill_in_alone(year, as_):
    part_of(year, "3", HELPER)
    seen = {role: "配合情况" in text_of(as_(someone(role, year.unit(HELPER))).get("/todo/")) for role in OWN}

    assert seen == {
        PostRole.LIAISON: True, PostRole.HANDLER: True, PostRole.PRINCIPAL: False, PostRole.DEPUTY: False,
    }  # fmt: skip


def test_pages_cost_the_same_however_many_parts(year, as_, lead):
    units = ["望川区政府", "锦渡区政府", "青屏区政府", "白鹭区政府", "稻川市政府"]
    part_of(year, "2", "澜桥区政府")
    part_of(year, "3", HELPER)
    office = as_(someone(PostRole.SUPERVISOR, year.government))
    helper = as_(someone(PostRole.LIAISON, year.unit(HELPER)))
    places = [
        (lead, sheet(year)),
        (office, sheet(year, OTHER)),
        (office, f"{year.path}p/2026-03/review/?state=all"),
        (helper, unit_page(year)),
        (helper, "/todo/"),
    ]

    def costs() -> list[int]:
        found = []
        for client, place in places:
            client.get(place)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(place).status_code == 200
            found.append(len(captured))
        return found

    few = costs()
    act = {"by": CONSOLE, "now": moment(4, 1), "question": "选址情况"}
    ask_parts(obligation=year.row("2"), units=[year.unit(name).pk for name in units], **act)
    ask_parts(obligation=year.row("3"), units=[year.unit(OTHER).pk], **act)
    Responsibility.objects.create(
        task=year.task("1"), unit=year.unit(HELPER), role="support", ordinal=9, seq=1
    )
    part_of(year, "1", HELPER)

    assert costs() == few
