from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.building import SMALL, another_city, city, other_number, someone, unit_of

from duban.documents.models import ColumnMapping, Draft, DraftEdit, SourceDocument
from duban.documents.queries import checking
from duban.domain.posts import PostRole
from duban.register.models import Task, TaskList

pytestmark = pytest.mark.django_db

FLAWED = SMALL.replace("市教育局，各县", "市教委，各县").replace("市财政局，市教育局", "市财政局，市教委")


@pytest.fixture
def government():
    return city()


@pytest.fixture
def office(as_, government):
    return as_(someone(PostRole.SUPERVISOR, unit_of(government, "市政府办公室")))


def upload(client: Client, text: str = FLAWED, name: str = "清单.txt"):
    return client.post("/import/", {"file": SimpleUploadedFile(name, text.encode())})


def opened(client: Client, text: str = FLAWED) -> Draft:
    upload(client, text)
    return Draft.objects.order_by("-pk")[0]


def post(client: Client, draft: Draft, kind: str, seen: int = 0, query: str = "", **values: object):
    return client.post(f"/import/{draft.pk}/{query}", {"kind": kind, "seen": seen, **values})


def heading(response) -> str:
    return re.sub(r"\s+|<[^>]+>", "", re.search(r"<h1>(.*?)</h1>", response.content.decode(), re.DOTALL)[1])


def test_who_may_open_and_who_may_do_what(as_, government, office):
    draft = opened(office)
    acts = [
        ("get", "/import/", {}),
        ("post", "/import/", {}),
        ("get", f"/import/{draft.pk}/", {}),
        ("post", f"/import/{draft.pk}/", {"kind": "number", "seen": "0", "task": "t1", "number": "1"}),
        ("get", f"/import/{draft.pk}/map/", {}),
        ("post", f"/import/{draft.pk}/publish/", {}),
    ]
    people = {role.value: someone(role, unit_of(government, "市教育局")) for role in PostRole}
    people["elsewhere"] = someone(PostRole.SUPERVISOR, unit_of(another_city(), "市教育局"))
    table = {
        name: [getattr(client, act)(address, words).status_code for act, address, words in acts]
        for name, acting in people.items()
        for client in [as_(acting)]
    }

    keeper, others = [200, 422, 200, 303, 303, 409], [403, 403, 404, 404, 404, 404]
    expected = {name: keeper if name in ("supervisor", "office_director") else others for name in table}
    assert table == expected | {"elsewhere": [200, 422, 404, 404, 404, 404]}
    assert Client().get("/import/").status_code == 302


def test_a_file_goes_from_upload_to_the_register_without_a_script(office):
    answer = upload(office)
    draft = Draft.objects.get()
    page = office.get(answer["Location"])

    assert answer.status_code == 303
    assert heading(page).startswith("待核对1处，全部")
    assert page.content.decode().count("disabled") == 1  # 确认入库
    answer = post(office, draft, "resolve", **{"name": "市教委", "as": "unit", "key": "市教育局"})
    page = office.get(answer["Location"])
    assert heading(page).startswith("已核对完毕")
    assert "disabled" not in page.content.decode()
    asked = office.get(f"/import/{draft.pk}/publish/")
    assert heading(asked) == "将《2026年重点任务清单》确认入库？"
    assert (office.post(f"/import/{draft.pk}/publish/").status_code, TaskList.objects.count()) == (200, 0)
    act = {"seen": "1", "sure": "yes"}
    page = office.get(office.post(f"/import/{draft.pk}/publish/", act)["Location"])
    key = TaskList.objects.get().key
    assert heading(page) == "已确认入库，共3项任务"
    assert f'href="/l/{key}/issue/"' in page.content.decode()
    assert Task.objects.count() == 3


def paragraphs(page) -> list[str]:
    found = re.findall(r'<p class="src"[^>]*>(.*?)</p>', page.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", text) for text in found]


def test_lines_around_the_tasks_stand_as_in_the_file_and_broken_ones_go_on(office):
    notice = """（一）认真组织。各单位要主动认领，
主动落实。
（二）加强督查。督查室按季度通报。
云江市人民政府
2026年2月3日
（此件公开发布）
2026年重点任务清单
一、"""
    page = office.get(f"/import/{opened(office, FLAWED.replace('一、', notice, 1)).pk}/")

    shown = paragraphs(page)

    at = shown.index("（一）认真组织。各单位要主动认领，主动落实。")
    assert shown[at + 1 : at + 6] == [
        "（二）加强督查。督查室按季度通报。", "云江市人民政府", "2026年2月3日", "（此件公开发布）", "2026年重点任务清单",
    ]  # fmt: skip


def test_an_open_collective_says_what_its_answer_does(office):
    draft = opened(office, SMALL.replace("市教育局，各县", "各相关单位，各县"))
    page = office.get(f"/import/{draft.pk}/").content.decode()

    asked = page[page.index("统称待定</span>") :]
    assert "确认即按统称入库，不展开为具体单位" in asked
    assert 'class="accept">按统称入库</button>' in asked
    post(office, draft, "seen", findings="open_collective:各相关单位")
    assert "按统称入库" not in office.get(f"/import/{draft.pk}/").content.decode()


def test_a_marked_file_is_refused_with_its_sentence_and_not_stored(office):
    answer = upload(office, "机密★5年\n" + SMALL)

    assert answer.status_code == 422
    assert "疑似密级标志“机密★5年”" in answer.content.decode()
    assert SourceDocument.objects.count() == 0


def test_what_is_no_document_is_refused_with_its_sentence(office):
    table = {
        name: (answer.status_code, re.search(r'id="refused">([^<]+)', answer.content.decode())[1])
        for name, data in {"图.png": b"\x89PNG\r\n\x1a\n", "空.txt": b""}.items()
        for answer in [office.post("/import/", {"file": SimpleUploadedFile(name, data)})]
    }

    assert [status for status, _ in table.values()] == [422, 422]
    assert "图片" in table["图.png"][1]


def test_doubts_are_filtered_by_code_in_the_address(office):
    draft = opened(office, FLAWED.replace("3.办好", "5.办好"))

    shown = {
        code: re.findall(
            r'class="light \w+">([^<]+)', office.get(f"/import/{draft.pk}/?code={code}").content.decode()
        )
        for code in ("", "unit_unknown", "number_gap")
    }

    assert shown == {
        "": ["单位不在名录", "编号跳号"],
        "unit_unknown": ["单位不在名录"],
        "number_gap": ["编号跳号"],
    }


def test_the_forms_of_an_open_task_do_what_they_say(office):
    draft = opened(office)
    page = office.get(f"/import/{draft.pk}/?task=t1").content.decode()
    cut = re.search(r'name="at" value="(\d+)"', page)[1]
    unit = re.search(r'name="unit" value="(u\d+)"', page)[1]

    done = [
        post(office, draft, "split", task="t1", at=cut).status_code,
        post(office, draft, "role", seen=1, task="t1", unit=unit, role="lead").status_code,
        post(office, draft, "add_unit", seen=2, task="t2", typed="市财政局", role="support").status_code,
        post(
            office, draft, "add_unit", seen=3, task="t2", typed="各县（市、区）政府", role="support"
        ).status_code,
        post(office, draft, "number", seen=3, task="t2", number="二").status_code,
        post(office, draft, "merge", seen=4, task="t2").status_code,
        post(office, draft, "undo", seen=5, edit=5).status_code,
    ]
    tasks = checking(draft).draft.tasks

    assert done == [303] * 7
    assert [each.task.number for each in tasks] == ["1", "1-2", "二", "3"]
    assert [unit.unit for unit in tasks[2].task.units][-1] == "市财政局"
    assert tasks[0].task.units[0].role.value == "lead"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nonsense", "seen": "0"},
        {"kind": "number", "seen": "x", "task": "t1", "number": "1"},
        {"kind": "split", "seen": "0", "task": "t1", "at": "abc"},
        {"kind": "resolve", "seen": "0", "name": "市教委", "typed": "没有的局"},
        {"kind": "resolve", "seen": "0", "name": "市教委", "as": "unit", "key": ""},
        {},
    ],
)
def test_a_form_that_is_not_ours_is_refused_and_changes_nothing(office, wrong):
    draft = opened(office)

    assert office.post(f"/import/{draft.pk}/", wrong).status_code == 422
    assert DraftEdit.objects.count() == 0


def test_a_refused_edit_keeps_what_was_typed_and_shows_both_values(as_, government, office):
    colleague = as_(someone(PostRole.OFFICE_DIRECTOR, unit_of(government, "市政府办公室")))
    draft = opened(office)
    post(office, draft, "number", task="t1", number="甲1")
    answer = post(colleague, draft, "number", query="?task=t1", task="t1", number="乙1")
    page = answer.content.decode()

    assert answer.status_code == 409
    assert re.search(r'id="refused">[^<]*“甲1”，您填的是“乙1”', page)
    assert 'name="number" required maxlength="20" value="乙1"' in page


def test_every_character_of_the_text_stands_on_the_left(office):
    draft = opened(office)
    page = office.get(f"/import/{draft.pk}/")
    left = "".join(part.text for block in page.context["blocks"] for part in block.segments)

    assert left == re.sub(r"\s", "", FLAWED)
    assert [block.task for block in page.context["blocks"] if block.task] == ["t1", "t2", "t3"]


def many(count: int, number: int) -> str:
    head, _, _ = other_number(SMALL, number).partition("1.规模")
    return head + "".join(
        f"{n}.建成学校{n}所。\n主责单位：市教育局，市教委{n % 5}\n" for n in range(1, count + 1)
    )


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_the_same_number_of_questions_however_long_the_list(office):
    few, lots = opened(office, many(3, 21)), opened(office, many(120, 22))
    for n in range(1, 6):
        post(office, lots, "number", seen=n, task=f"t{n}", number=f"x{n}")

    assert queries(office, f"/import/{few.pk}/") == queries(office, f"/import/{lots.pk}/") <= 16
    short = queries(office, "/import/")
    opened(office, many(2, 23))
    assert queries(office, "/import/") == short


def test_fifty_tasks_to_a_page_and_a_chapter_at_a_time(office):
    draft = opened(office, many(120, 24))
    shown = {
        query: [record.number for record in office.get(f"/import/{draft.pk}/{query}").context["records"]]
        for query in ("", "?page=3", "?task=t77", "?page=99")
    }

    assert {query: (rows[0], rows[-1]) for query, rows in shown.items()} == {
        "": ("1", "50"),
        "?page=3": ("101", "120"),
        "?task=t77": ("51", "100"),
        "?page=99": ("101", "120"),
    }
    sized = opened(office)
    only = office.get(f"/import/{sized.pk}/", {"chapter": "二、改善民生"})
    assert [record.number for record in only.context["records"]] == ["3"]


def test_a_table_goes_to_its_columns_first_and_they_are_remembered(office):
    import io

    import openpyxl

    book = openpyxl.Workbook()
    for row in (
        ("号", "要办的事", "哪家办"),
        (1, "建成学校8所。", "市教育局"),
        (2, "修路。", "市水利局"),
        (3, "建桥。", "市水利局"),
    ):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    answer = office.post("/import/", {"file": SimpleUploadedFile("表.xlsx", target.getvalue())})
    draft = Draft.objects.get()
    page = office.get(answer["Location"])
    wrong = office.post(f"/import/{draft.pk}/map/", {"column-1": "boss"})
    chosen = {"column-1": "number", "column-2": "task", "column-3": "main"}
    office.post(f"/import/{draft.pk}/map/", chosen)

    assert answer["Location"].startswith(f"/import/{draft.pk}/map/")
    assert heading(page) == "有3列的含义没有识别"
    assert wrong.status_code == 422
    assert ColumnMapping.objects.get().columns == {"号": "number", "要办的事": "task", "哪家办": "main"}
    assert heading(office.get(f"/import/{draft.pk}/map/")) == "3列的含义均已识别"
    assert heading(office.get(f"/import/{draft.pk}/")).startswith("没有疑点，请通读后确认入库")


def test_a_discarded_draft_is_listed_and_can_be_taken_up_again(office):
    draft = opened(office)
    office.post(f"/import/{draft.pk}/discard/")

    assert heading(office.get("/import/")) == "没有正在核对的文件"
    upload(office)
    assert heading(office.get("/import/")) == "1份文件正在核对"


def table(*rows: tuple) -> bytes:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sent_in(office: Client, *rows: tuple) -> Draft:
    file = SimpleUploadedFile("工作台账.xlsx", table(*rows))
    office.post("/import/", {"file": file})
    return Draft.objects.order_by("-pk")[0]


OWN = ("序号", "工作任务", "牵头单位", "完成时限")
ROWS = (
    (1, "建成学校8所。", "市教育局", "9月底"),
    (2, "修路。", "市水利局", "2027-13-40"),
    ("合计", "2项", None, None),
)


def test_an_own_table_without_a_title_goes_in_only_under_a_title_and_a_year(office):
    draft = sent_in(office, OWN, *ROWS)
    post(office, draft, "seen", findings=[d.key for d in checking(draft).draft.open_doubts])
    unnamed = office.post(f"/import/{draft.pk}/publish/", {"seen": 1, "sure": "yes"})
    wrong = [
        post(office, draft, "name", seen=1, title=title, year=year)
        for title, year in (
            ("", "2027"),
            ("甲", "1999"),
            ("甲", "2101"),
            ("甲", "明年"),
            ("长" * 201, "2027"),
        )
    ]
    shown = office.get(f"/import/{draft.pk}/").content.decode()
    post(office, draft, "name", seen=1, title=" 2027年民生实事 ", year="2027")
    post(office, draft, "seen", seen=2, findings=[d.key for d in checking(draft).draft.open_doubts])
    office.post(f"/import/{draft.pk}/publish/", {"seen": 2, "sure": "yes"})

    assert (unnamed.status_code, "没有读到清单名称或年份" in unnamed.content.decode()) == (409, True)
    assert [answer.status_code for answer in wrong] == [422] * 5
    assert "年份须填四位数字" in wrong[1].content.decode()
    assert (
        'name="year" type="number" required min="2000" max="2100" value="1999"' in wrong[1].content.decode()
    )
    assert "文件中没有读到，请填写" in shown
    assert list(TaskList.objects.values_list("title", "year")) == [("2027年民生实事", 2027)]
    limits = Task.objects.order_by("ordinal").values_list("current__deadline", "current__due_on")
    assert [(text, str(day)) for text, day in limits] == [("9月底", "2027-09-30"), ("2027-13-40", "None")]


def test_the_title_row_of_an_own_table_names_the_list_and_its_year(office):
    draft = sent_in(office, ("2027年重点工作任务分解表",), OWN, *ROWS)
    page = office.get(f"/import/{draft.pk}/").content.decode()

    assert 'value="2027年重点工作任务分解表"' in page
    assert 'max="2100" value="2027"' in page
    assert "任务 2 的时限“2027-13-40”不能识别为日期" in page
    assert "“合计2项”为合计行，未列为任务。" in office.get(f"/import/{draft.pk}/?code=notes").content.decode()


def test_colleagues_naming_the_list_meet_and_the_second_sees_both(as_, government, office):
    colleague = as_(someone(PostRole.OFFICE_DIRECTOR, unit_of(government, "市政府办公室")))
    draft = opened(office)
    post(office, draft, "name", title="甲清单", year="2027")

    answer = post(colleague, draft, "name", title="乙清单", year="2027")

    assert (
        answer.status_code,
        "“甲清单（2027年）”，您填的是“乙清单（2027年）”" in answer.content.decode(),
    ) == (409, True)


def test_a_second_list_of_a_like_title_goes_in_only_when_ticked_and_never_by_reload(office):
    act = {"seen": "0", "sure": "yes"}
    first = opened(office, SMALL)
    office.post(f"/import/{first.pk}/publish/", act)
    reloaded = office.post(f"/import/{first.pk}/publish/", act)
    second = opened(office, other_number(SMALL, 10))

    asked = office.get(f"/import/{second.pk}/publish/").content.decode()
    refused = office.post(f"/import/{second.pk}/publish/", act)
    before = TaskList.objects.count()
    office.post(f"/import/{second.pk}/publish/", act | {"beside": "on"})

    assert (reloaded.status_code, before, TaskList.objects.count()) == (409, 1, 2)
    assert "本年度已有清单《2026年重点任务清单》" in asked
    assert '<input type="checkbox" name="beside" required>' in asked
    assert (refused.status_code, "本年度（2026年）已有清单" in refused.content.decode()) == (409, True)


def test_a_published_draft_is_not_asked_about_again(office):
    draft = opened(office, SMALL)
    office.post(f"/import/{draft.pk}/publish/", {"seen": "0", "sure": "yes"})

    answer = office.get(f"/import/{draft.pk}/publish/")

    assert (answer.status_code, answer["Location"]) == (302, f"/import/{draft.pk}/")


def test_an_open_draft_waits_on_the_to_do_page_of_the_office_alone(as_, government, office):
    flawed, clean = opened(office), opened(office, other_number(SMALL, 10))
    opened(office, other_number(FLAWED, 11))
    discarded = Draft.objects.order_by("-pk")[0]
    office.post(f"/import/{discarded.pk}/discard/")
    unit = as_(someone(PostRole.LIAISON, unit_of(government, "市教育局")))

    page, other = office.get("/todo/").content.decode(), unit.get("/todo/").content.decode()

    assert f'<a href="/import/{flawed.pk}/">导入的文件：识别任务 3 项，疑点 1 处待核对' in page
    assert f'<a href="/import/{clean.pk}/">导入的文件：识别任务 3 项，没有疑点，待通读后确认入库' in page
    assert (f"/import/{discarded.pk}/" in page, "导入的文件" in other) == (False, False)
