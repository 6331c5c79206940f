from __future__ import annotations

import csv
import json
import re
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.building import HEAD, another_city, someone, unit_of
from tests.building_year import Year, small_year

from duban.directory.models import Person, User
from duban.domain.posts import PostRole
from duban.plans.models import Assignment, Receipt
from duban.plans.queries import IssueFilters, assignments_of, duties, issue_rows, unit_names_to_pk
from duban.register.models import TaskVersion
from duban.web.forms_office import cells_of
from duban.web.pasting import cells_in, read_pasted

pytestmark = pytest.mark.django_db

SEES_ALL = (
    "deputy_secretary",
    "secretary_general",
    "city_leader",
    "leader_secretary",
    "office_division",
    "appraiser",
)
OWN = ("liaison", "principal", "deputy", "handler")
TODAY = date(2026, 4, 17)
ADMINISTRATORS = ("system_admin", "security_admin", "auditor")
PAGES = ["issue/", "issue/paste/", "receipts/", "coverage/", "periods/", "p/2026-03/", "p/2026-03/urging/",
         "p/2026-03/sheets.zip", "p/2026-03/review/", "p/2026-03/determine/"]  # fmt: skip
ACTS = ["issue/", "issue/prepare/", "issue/send/", "issue/paste/", "receipts/sign/", "periods/", "p/2026-03/move/",
        "p/2026-03/contact/", "p/2026-03/review/", "p/2026-03/determine/", "p/2026-03/patrol/"]  # fmt: skip


def office(as_, year: Year) -> Client:
    return as_(someone(PostRole.SUPERVISOR, year.government))


def sheet(year: Year, acting, keys=("1", "2", "3"), **typed: str) -> dict[str, str]:
    """What a browser sends back of the table of 交办 with some cells typed over: `lead_1="…"`."""
    rows = issue_rows(assignments_of(year.list.pk, acting, IssueFilters()).filter(task__key__in=keys), TODAY)
    fields = {"seen": json.dumps({row.task: [row.revision, *cells_of(row)] for row in rows})}
    for row in rows:
        for name, value in cells_of(row)._asdict().items():
            given = typed.get(f"{name}_{row.key}", value)
            if given or name not in ("key_task", "offline"):
                fields[f"{name}-{row.task}"] = given
    return fields


def decided(year: Year, *fields: str) -> list[tuple]:
    found = Assignment.objects.filter(task__list=year.list).order_by("task__ordinal")
    return list(found.values_list("task__key", *fields))


def plain(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_pages_of_the_office_are_for_the_office_alone(as_):
    year = small_year("judged")
    unit, stranger = year.unit("市教育局"), year.unit("市公安局")
    people = {role: someone(PostRole(role), year.government) for role in ("supervisor", "office_director")}
    people |= {role: someone(PostRole(role), year.government) for role in SEES_ALL + ADMINISTRATORS}
    people |= {role: someone(PostRole(role), unit) for role in OWN}
    people |= {"uninvolved": someone(PostRole.LIAISON, stranger)}
    people |= {"elsewhere": someone(PostRole.SUPERVISOR, another_city())}
    clients = {name: as_(acting) for name, acting in people.items()}
    nobody = Client()
    nobody.force_login(
        User.objects.create(username="nobody", password="!", person=Person.objects.create(name="x"))
    )
    clients["without a post"] = nobody

    shown = {name: {c.get(year.path + page).status_code for page in PAGES} for name, c in clients.items()}
    done = {
        name: {c.post(year.path + page).status_code for page in ACTS}
        for name, c in clients.items()
        if name not in ("supervisor", "office_director")
    }

    refused = {role: {403} for role in SEES_ALL + OWN}
    refused |= {name: {404} for name in (*ADMINISTRATORS, "uninvolved", "elsewhere", "without a post")}
    assert shown == {"supervisor": {200}, "office_director": {200}} | refused
    assert done == refused


def test_acts_are_not_done_by_a_look(as_):
    year = small_year("judged")
    client = office(as_, year)

    receipts = Receipt.objects.count()

    found = {page: client.get(year.path + page).status_code for page in ACTS if page not in PAGES}

    assert found.pop("issue/send/") == 302
    assert set(found.values()) == {405}
    assert len(found) == 5
    assert Receipt.objects.count() == receipts


def test_first_visit_offers_to_prepare_and_then_no_lead_is_guessed(as_):
    year = small_year("published")
    client = office(as_, year)

    before = client.get(f"{year.path}issue/")
    made = client.post(f"{year.path}issue/prepare/", follow=True)

    assert "3 项任务，尚未准备交办" in plain(before)
    assert "已准备 3 项任务" in plain(made)
    assert "3 项任务，尚有 2 项未定牵头单位" in plain(made)
    assert decided(year, "lead__name") == [("1", None), ("2", None), ("3", "市民政局")]
    selects = re.findall(r'<select name="lead-\d+".*?</select>', made.content.decode(), re.DOTALL)
    assert ["selected>—请确定—" in select for select in selects] == [True, True, False]
    assert re.search(r"<button[^>]* disabled>交办下达", made.content.decode())


def test_touched_cells_are_saved_and_the_page_says_how_many(as_):
    year = small_year("prepared")
    acting = someone(PostRole.SUPERVISOR, year.government)
    unit = str(year.unit("市统计局").pk)
    typed = {"lead_1": unit, "city_leader_1": "林某某", "nature_2": "project", "rhythm_2": "monthly",
             "deadline_2": "2026-06-30", "rhythm_3": "yearly", "data_source_3": "民政系统", "key_task_3": "on", "offline_3": "on", "mechanism_1": "专班"}  # fmt: skip

    response = as_(acting).post(f"{year.path}issue/", sheet(year, acting, **typed), follow=True)

    assert response.redirect_chain == [(f"{year.path}issue/?done=saved&n=3", 303)]
    assert "已保存 3 项任务的改动。" in plain(response)
    assert decided(year, "lead__name", "city_leader", "nature", "rhythm", "deadline", "data_source", "key_task", "offline", "mechanism") == [
        ("1", "市统计局", "林某某", "statistic", "quarterly", date(2026, 12, 31), "", False, False, "专班"),
        ("2", None, "", "project", "monthly", date(2026, 6, 30), "", False, False, ""),
        ("3", "市民政局", "", "standing", "yearly", date(2026, 12, 31), "民政系统", True, True, ""),
    ]  # fmt: skip
    assert "不是文件首列单位" in plain(response)


def test_a_row_changed_meanwhile_is_refused_and_what_was_typed_stays(as_):
    year = small_year("prepared")
    first, second = (someone(PostRole.SUPERVISOR, year.government) for _ in range(2))
    old = sheet(year, second, city_leader_1="乙市长", city_leader_2="丙市长")
    as_(first).post(f"{year.path}issue/", sheet(year, first, data_source_1="统计系统"))

    response = as_(second).post(f"{year.path}issue/", old)

    assert response.status_code == 409
    assert "任务 1 刚被他人修改" in plain(response)
    assert "他人已改：数据来源" in plain(response)
    lines = {line.row.key: line for line in response.context["lines"]}
    assert {key: line.cells.city_leader for key, line in lines.items()} == {
        "1": "乙市长",
        "2": "丙市长",
        "3": "",
    }
    assert {key: line.cells.data_source for key, line in lines.items()} == {"1": "统计系统", "2": "", "3": ""}
    assert decided(year, "city_leader") == [("1", ""), ("2", ""), ("3", "")]


def test_somebody_else_s_row_does_not_stand_in_the_way_of_mine(as_):
    year = small_year("prepared")
    first, second = (someone(PostRole.SUPERVISOR, year.government) for _ in range(2))
    mine = sheet(year, second, city_leader_2="丙市长")
    as_(first).post(f"{year.path}issue/", sheet(year, first, city_leader_1="甲市长"))

    response = as_(second).post(f"{year.path}issue/", mine)

    assert response.status_code == 303
    assert decided(year, "city_leader") == [("1", "甲市长"), ("2", "丙市长"), ("3", "")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"deadline_2": "六月"}, "任务 2：“六月”不能填入“时限”。"),
        ({"nature_2": "nonsense"}, "任务 2：“nonsense”不能填入“任务类型”。"),
        ({"lead_2": "-1"}, "任务 2：“-1”不能填入“牵头单位”。"),
        ({"city_leader_2": "长" * 61}, "不能填入“市领导”。"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(as_, typed, sentence):
    year = small_year("prepared")
    acting = someone(PostRole.SUPERVISOR, year.government)

    response = as_(acting).post(f"{year.path}issue/", sheet(year, acting, city_leader_1="林某某", **typed))

    assert (response.status_code, sentence in plain(response)) == (422, True)
    assert 'value="林某某"' in response.content.decode()
    assert decided(year, "city_leader") == [("1", ""), ("2", ""), ("3", "")]


def test_a_lead_must_owe_something_to_the_task(as_):
    year = small_year("prepared")
    acting = someone(PostRole.SUPERVISOR, year.government)

    response = as_(acting).post(
        f"{year.path}issue/", sheet(year, acting, lead_1=str(year.unit("市公安局").pk))
    )

    assert (response.status_code, "牵头单位须是文件列明的责任单位" in plain(response)) == (422, True)


@pytest.mark.parametrize("seen", ["", "x", "[]", '{"1": 5}', '{"x": [1]}', '{"1": ["a"]}', "{}"])
def test_a_damaged_page_changes_nothing(as_, seen):
    year = small_year("prepared")

    response = office(as_, year).post(f"{year.path}issue/", {"seen": seen})

    assert response.status_code == (303 if seen == "{}" else 422)


def test_one_field_is_set_for_ticked_rows_or_for_all_shown(as_):
    year = small_year("prepared")
    acting = someone(PostRole.SUPERVISOR, year.government)
    client, page = as_(acting), f"{year.path}issue/"
    ticked = {"bulk": "city_leader", "bulk-city_leader": "林某某", "scope": "ticked"}

    none = client.post(page, sheet(year, acting) | ticked)
    one = client.post(page, sheet(year, acting) | ticked | {"tick": str(year.task("2").pk)}, follow=True)
    every = client.post(
        page, sheet(year, acting) | {"bulk": "key_task", "bulk-key_task": "on", "scope": "shown"}, follow=True
    )

    assert (none.status_code, "请先勾选。" in plain(none)) == (422, True)
    assert "已保存 1 项" in plain(one)
    assert "已保存 3 项" in plain(every)
    assert decided(year, "city_leader", "key_task") == [
        ("1", "", True),
        ("2", "林某某", True),
        ("3", "", True),
    ]


def test_the_table_is_narrowed_by_its_address(as_):
    year = small_year("assigned")
    client = office(as_, year)
    Assignment.objects.filter(task__key="1").update(lead=None, city_leader="")
    queries = {
        "": ["1", "2", "3"],
        "unled=on": ["1"],
        "leader=林某某": ["2", "3"],
        "nature=project": ["2"],
        f"unit={year.unit('市财政局').pk}": ["3"],
        "chapter=999999": [],
        "size=all": ["1", "2", "3"],
        "page=9&nature=x&unit=-1&chapter=x": ["1", "2", "3"],
    }

    found = {
        query: [line.row.key for line in client.get(f"{year.path}issue/?{query}").context["lines"]]
        for query in queries
    }

    assert found == queries


def test_all_tasks_stand_on_one_page_only_where_they_can_come_back(as_, settings):
    year = small_year("prepared")
    client = office(as_, year)
    found = {}
    for most in (None, 50, 49):
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = most
        found[most] = [
            "全部列出" in plain(client.get(f"{year.path}issue/")),
            client.get(f"{year.path}issue/?size=all").context["size"],
        ]

    assert found == {None: [True, "all"], 50: [True, "all"], 49: [False, ""]}


def test_issuing_opens_receipts_once_every_task_is_led(as_):
    year = small_year("prepared")
    client = office(as_, year)
    early = client.post(f"{year.path}issue/send/")
    small = Year(year.government, year.list)
    from tests.building_year import assigned

    assigned(small)
    asked = client.get(f"{year.path}issue/send/")
    unsure = client.post(f"{year.path}issue/send/")
    before = Receipt.objects.count()
    issued = client.post(f"{year.path}issue/send/", {"sure": "yes"}, follow=True)

    assert (early.status_code, "还有 2 项任务没有确定牵头单位" in plain(early)) == (409, True)
    assert "将《2026年重点任务清单》交办下达？" in plain(asked)
    owing = asked.context["reach"]
    assert f"将向 {owing.owing} 个责任单位生成签收单，另有 {owing.informed} 个单位阅知" in plain(asked)
    assert (owing.owing, sum(owing)) == (13, year.government.units.count())
    assert (unsure.status_code, before) == (200, 0)
    assert issued.redirect_chain[0][0].startswith(f"{year.path}receipts/?done=issued&n=")
    assert "已交办下达" in plain(issued)
    assert Receipt.objects.filter(manner="information").exists()
    assert "3 项任务均已交办下达" in plain(client.get(f"{year.path}issue/"))


PASTE = "编号\t牵头单位\t市领导\t任务类型\t完成时限\t备注\n1\t市统计局\t林某某\t统计指标\t6月底\t\n2\t\t\t\t2026/9/30\t无"


def test_pasted_rows_are_shown_first_and_changed_when_confirmed(as_):
    year = small_year("prepared")
    client = office(as_, year)

    dry = client.post(f"{year.path}issue/paste/", {"text": PASTE, "step": "check"})
    unchanged = decided(year, "lead__name")
    done = client.post(
        f"{year.path}issue/paste/", {"text": PASTE, "step": "apply", "seen": dry.context["seen"]}, follow=True
    )

    changes = [(row.key, field[0], before, after) for row, field, before, after in dry.context["changes"]]
    assert changes == [
        ("1", "牵头单位", "–", "市统计局"),
        ("1", "市领导", "–", "林某某"),
        ("1", "时限", "2026-12-31", "2026-06-30"),
        ("2", "时限", "2026-06-30", "2026-09-30"),
    ]
    assert "将更新 2 项任务，共 4 处" in plain(dry)
    assert "以下各列不导入：备注。" in plain(dry)
    assert unchanged == [("1", None), ("2", None), ("3", "市民政局")]
    assert "已按粘贴内容更新 2 项任务。" in plain(done)
    assert decided(year, "lead__name", "city_leader", "deadline") == [
        ("1", "市统计局", "林某某", date(2026, 6, 30)),
        ("2", None, "", date(2026, 9, 30)),
        ("3", "市民政局", "", date(2026, 12, 31)),
    ]


def test_pasted_rows_are_refused_when_a_row_changed_since_they_were_shown(as_):
    year = small_year("prepared")
    acting = someone(PostRole.SUPERVISOR, year.government)
    client = as_(acting)
    dry = client.post(f"{year.path}issue/paste/", {"text": PASTE, "step": "check"})
    client.post(f"{year.path}issue/", sheet(year, acting, data_source_1="统计系统"))

    late = client.post(
        f"{year.path}issue/paste/", {"text": PASTE, "step": "apply", "seen": dry.context["seen"]}
    )

    assert (late.status_code, "任务 1 刚被他人修改" in plain(late)) == (409, True)
    assert decided(year, "city_leader")[0] == ("1", "")


def test_every_cell_that_cannot_be_pasted_is_named_with_its_line(as_):
    year = small_year("prepared")
    text = "\n".join(
        [
            "编号\t牵头\t类型\t时限\t重点\t周期\t数据来源",
            "99\t市统计局",
            "1\t市公安局\t大项目\t下半年\t也许\t每天\t" + "长" * 81,
            "1\t市统计局",
            "2\t没有的局\t\t2月30日",
        ]
    )

    response = office(as_, year).post(
        f"{year.path}issue/paste/", {"text": text, "step": "apply", "seen": "{}"}
    )

    errors = [(error.line, str(error.message)) for error in response.context["pasted"].errors]
    assert errors == [
        (2, "清单中没有编号“99”。"),
        (3, "“市公安局”不是这项任务的责任单位。"),
        (3, "没有“大项目”这一任务类型。"),
        (3, "“下半年”不是日期，可写 2026-06-30、6月30日或6月底。"),
        (3, "请写“是”或“否”，不能写“也许”。"),
        (3, "没有“每天”这一报送周期。"),
        (3, "最多 80 字。"),
        (4, "编号“1”出现两次。"),
        (5, "名录中没有“没有的局”。"),
        (5, "“2月30日”不是日期，可写 2026-06-30、6月30日或6月底。"),
    ]
    assert response.status_code == 422
    assert "没有的局" in response.content.decode()
    assert decided(year, "lead__name")[0] == ("1", None)


@pytest.mark.parametrize("text", ["", "\n\n", "牵头\t市领导\n市统计局\t林某某", "编号\t牵头\n"])
def test_nothing_to_paste_is_said(as_, text):
    year = small_year("prepared")

    response = office(as_, year).post(f"{year.path}issue/paste/", {"text": text, "step": "check"})

    assert response.status_code == 422


def test_paste_reads_dates_ticks_and_words_as_people_write_them():
    year = small_year("prepared")
    acting = someone(PostRole.SUPERVISOR, year.government)
    rows = issue_rows(assignments_of(year.list.pk, acting, IssueFilters()), TODAY)
    units = unit_names_to_pk(year.government.pk)
    days = {"2026-06-30": (6, 30), "2026.6.1": (6, 1), "20260731": (7, 31), "8月": (8, 31), "2026年2月底": (2, 28),
            "9月5日前": (9, 5)}  # fmt: skip

    found = {raw: read_pasted(f"1\t\t\t\t{raw}", rows, units).changes[0].after for raw in days}
    words = read_pasted("编号\t重点\t线下\t报送周期\t工作机制\n1.\t是\t√\t按月\t专班", rows, units)

    assert found == {raw: date(2026, *day) for raw, day in days.items()}
    assert [(c.field, c.after) for c in words.changes] == [
        ("key_task", True), ("offline", True), ("rhythm", "monthly"), ("mechanism", "专班"),
    ]  # fmt: skip


def test_receipts_are_counted_narrowed_and_signed_by_telephone(as_):
    year = small_year("issued")
    client = office(as_, year)
    units = [year.unit("市教育局").pk, year.unit("市民政局").pk]
    page = f"{year.path}receipts/"
    total = year.government.units.count()

    silent = client.post(f"{page}sign/", {"unit": units, "how": "phone", "note": ""})
    nobody = client.post(f"{page}sign/", {"how": "phone", "note": "某某"})
    signed = client.post(f"{page}sign/", {"unit": units, "how": "phone", "note": "接听人钱某某"}, follow=True)
    shown = client.get(f"{page}?state=signed")

    assert (silent.status_code, "电话签收须写明接听人。" in plain(silent)) == (422, True)
    assert silent.context["ticked"] == frozenset(units)
    assert (nobody.status_code, "请先勾选。" in plain(nobody)) == (422, True)
    assert "已登记 2 个单位签收。" in plain(signed)
    assert f"{total} 个单位，待签收 {total - 2} 个，已签收 2 个，退回 0 个" in plain(signed)
    assert [(r.name, r.how, r.note, r.tasks, r.leads) for r in shown.context["rows"]] == [
        ("市教育局", "phone", "接听人钱某某", 2, 1),
        ("市民政局", "phone", "接听人钱某某", 1, 1),
    ]


def test_a_return_is_registered_one_at_a_time_with_its_proposal(as_):
    year = small_year("issued")
    client, page = office(as_, year), f"{year.path}receipts/"
    unit, other = year.unit("市统计局").pk, year.unit("市教育局").pk

    both = client.post(f"{page}sign/", {"unit": [unit, other], "do": "return", "note": "建议改派"})
    silent = client.post(f"{page}sign/", {"unit": unit, "do": "return", "note": " "})
    back = client.post(
        f"{page}sign/", {"unit": unit, "do": "return", "note": "建议由市发展改革委承担"}, follow=True
    )
    again = client.post(f"{page}sign/", {"unit": unit, "do": "return", "note": "建议由市发展改革委承担"})

    assert [(r.status_code) for r in (both, silent, again)] == [422, 422, 409]
    assert "改派建议：建议由市发展改革委承担" in plain(back)
    assert Receipt.objects.get(list=year.list, unit=other).state == "pending"


def test_coverage_counts_what_is_missing_and_leads_to_the_row_to_mend(as_):
    year = small_year("planned")
    client = office(as_, year)
    Assignment.objects.filter(task__key="1").update(lead=None, issued_at=None)

    layers = client.get(f"{year.path}coverage/?check=layers&unit={year.unit('市财政局').pk}")
    matters = client.get(f"{year.path}coverage/?check=matters")
    landed = client.get(f"{year.path}coverage/?check=landed")

    figures = {key: (counted.kept, counted.total) for key, _, counted, _ in layers.context["checks"]}
    owed = len(duties(year.list))
    assert figures == {"layers": (3, owed), "matters": (2, 3), "landed": (2, 3)}
    assert [(r.key, r.unit_name, [m.code for m in r.messages]) for r in layers.context["rows"]] == [
        ("3", "市财政局", ["coverage.no_contact"])
    ]
    assert f"{year.path}plan/{year.unit('市财政局').pk}/#row-3" in layers.content.decode()
    assert [(r.key, r.unit) for r in matters.context["rows"]] == [("1", None)]
    assert f'{year.path}issue/?unled=on#t-1"' in matters.content.decode()
    assert {r.key for r in landed.context["rows"]} == {"1"}


def costs(client: Client, path: str) -> dict[str, int]:
    found = {}
    for page in ("issue/", "issue/?size=all", "issue/paste/", "receipts/", "coverage/"):
        client.get(path + page)
        with CaptureQueriesContext(connection) as captured:
            client.get(path + page)
        found[page] = len(captured)
    return found


def test_pages_of_issue_cost_the_same_queries_however_many_tasks(as_):
    few, many = small_year("issued", HEAD), None
    text = HEAD.replace("〔2026〕9号", "〔2026〕10号") + "".join(
        f"{n}.办好第{n}件实事。\n主责单位：市民政局，市财政局\n" for n in range(2, 41)
    )
    client = as_(someone(PostRole.SUPERVISOR, few.government))
    small = costs(client, few.path)
    many = small_year("issued", text)

    assert costs(client, many.path) == small
    assert many.list.tasks.count() == 40
    assert max(small.values()) <= 18
    assert unit_of(few.government, "市民政局").pk


def test_a_returned_issue_is_answered_in_its_row_and_sent_again(as_):
    year = small_year("issued")
    client, page = office(as_, year), f"{year.path}receipts/"
    unit = year.unit("市统计局").pk
    client.post(f"{page}sign/", {"unit": unit, "do": "return", "note": "建议改派"})

    silent = client.post(f"{page}sign/", {"do": f"resend-{unit}", f"reply-{unit}": ""})
    done = client.post(f"{page}sign/", {"do": f"resend-{unit}", f"reply-{unit}": "仍由你局承担"}, follow=True)

    assert (silent.status_code, "请写明对改派建议的答复" in plain(silent)) == (422, True)
    assert "已答复并重新送达" in plain(done)
    assert "督查室答复：仍由你局承担" in plain(done)
    assert Receipt.objects.get(list=year.list, unit=unit).state == "pending"


def test_the_button_to_sign_stands_only_where_a_unit_can_be_ticked(as_):
    year = small_year("issued")
    client = office(as_, year)

    def idle(query: str = "") -> list[bool]:
        html = client.get(f"{year.path}receipts/{query}").content.decode()
        return [word in html for word in ('value="sign"', 'type="checkbox"', "tickcell")]

    assert (idle(), idle("?state=signed")) == ([True] * 3, [False] * 3)
    Receipt.objects.update(state="signed", how="phone")
    assert idle() == [False] * 3
    Receipt.objects.filter(unit=unit_of(year.government, "市教育局")).update(
        state="returned", how="", note="改派"
    )
    returned = client.get(f"{year.path}receipts/").content.decode()
    assert ('value="sign"' in returned, "答复并重新送达" in returned) == (False, True)


def test_the_mechanism_is_set_for_ticked_rows_and_kept_on_the_page(as_):
    year = small_year("prepared")
    acting = someone(PostRole.SUPERVISOR, year.government)
    client = as_(acting)
    bulk = {
        "bulk": "mechanism",
        "bulk-mechanism": "联席会议",
        "scope": "ticked",
        "tick": str(year.task("2").pk),
    }

    page = client.post(f"{year.path}issue/", sheet(year, acting) | bulk, follow=True)

    assert decided(year, "mechanism") == [("1", ""), ("2", "联席会议"), ("3", "")]
    assert f'name="mechanism-{year.task("2").pk}" value="联席会议"' in page.content.decode()


def test_a_printed_limit_that_is_no_date_stands_beside_the_empty_cell(as_):
    year = small_year("prepared")
    Assignment.objects.update(deadline=None)
    TaskVersion.objects.filter(task__key="2").update(deadline="汛期前")

    page = plain(office(as_, year).get(f"{year.path}issue/"))

    assert page.count("文件印为“汛期前”") == 1
    assert "文件印为“”" not in page


CELLS = st.text(st.characters(exclude_characters="\t\r\0", exclude_categories=["Cs"]), max_size=12)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_rows_copied_from_excel_come_back_as_they_were(rows):
    target = StringIO()
    csv.writer(target, delimiter="\t", lineterminator="\r\n").writerows(rows)

    assert cells_in(target.getvalue().removesuffix("\r\n")) == rows


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('1\t"专精特新"企业\t甲\n2\t乙', [["1", '"专精特新"企业', "甲"], ["2", "乙"]]),
        ('1\t5"管\n2\t6"管', [["1", '5"管'], ["2", '6"管']]),
        ('1\t"未收尾\n2\t乙', [["1", '"未收尾'], ["2", "乙"]]),
        ('1\t"第一行\r\n第""二""行"\t甲\r\n2\t乙', [["1", '第一行\n第"二"行', "甲"], ["2", "乙"]]),
    ],
)
def test_a_quote_that_excel_did_not_set_is_a_character(text, cells):
    assert cells_in(text) == cells


def test_a_cell_with_a_line_break_is_pasted_as_one_line(as_):
    year = small_year("prepared")
    text = '编号\t牵头单位\t推进机制\n1\t"市统\n计局"\t"工作专班\n每月例会"\n2\t\t领导小组'
    client = office(as_, year)
    dry = client.post(f"{year.path}issue/paste/", {"text": text, "step": "check"})

    client.post(f"{year.path}issue/paste/", {"text": text, "step": "apply", "seen": dry.context["seen"]})

    assert decided(year, "lead__name", "mechanism") == [
        ("1", "市统计局", "工作专班 每月例会"),
        ("2", None, "领导小组"),
        ("3", "市民政局", ""),
    ]
