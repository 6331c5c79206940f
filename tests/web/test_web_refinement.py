from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.building import HEAD, another_city, someone
from tests.building_year import Year, moment, small_year

from duban.directory.models import Person, User
from duban.domain.posts import CONSOLE, PostRole
from duban.plans.adjustment import Approval, Basis, Change, Wish, adjust, ask, current_values
from duban.plans.models import Adjustment, Assignment, ChangeRequest, CompletionContract, DistrictShare
from duban.plans.operations import Edit
from duban.plans.refinement import contract_candidates, contract_rows, propose_contracts, share_out
from duban.web.forms_refinement import cells_of

pytestmark = pytest.mark.django_db
OTHERS = (
    "secretary_general",
    "deputy_secretary",
    "city_leader",
    "leader_secretary",
    "office_division",
    "appraiser",
)
APPROVING = ("secretary_general", "deputy_secretary", "city_leader")
LEAD, SHARING = "市教育局", "澜桥区政府"
FAR = date(2029, 12, 31)


@pytest.fixture
def year() -> Year:
    made = small_year("planned")
    Assignment.objects.filter(task__key="2").update(deadline=FAR)
    return made


def plain(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def everybody(year: Year) -> dict[str, object]:
    people = {
        role: someone(PostRole(role), year.government) for role in ("supervisor", "office_director", *OTHERS)
    }
    people |= {"auditor": someone(PostRole.AUDITOR, year.government)}
    people |= {"lead": someone(PostRole.LIAISON, year.unit(LEAD))}
    people |= {"sharing": someone(PostRole.LIAISON, year.unit(SHARING))}
    people |= {"uninvolved": someone(PostRole.LIAISON, year.unit("市公安局"))}
    people |= {"elsewhere": someone(PostRole.SUPERVISOR, another_city())}
    return people


def fields(year: Year, key="2", **typed: str) -> dict[str, str]:
    """What a browser sends back of the page of contracts with some cells typed over."""
    posted = {}
    for row in contract_rows(contract_candidates(year.list).filter(version__task__key=key)):
        cells = cells_of(row)
        posted[f"seen-{row.clause}"] = json.dumps([row.revision, *cells.values()])
        posted |= {f"{name}-{row.clause}": typed.get(name, value) for name, value in cells.items()}
    return posted


def proposed(year: Year) -> CompletionContract:
    [row] = contract_rows(contract_candidates(year.list).filter(version__task__key="2"))
    values = {**row.values, "deliverable": "学校", "evidence": "验收单", "verifier": "市教育局"}
    edits = [Edit(row.clause, 0, values)]
    propose_contracts(task_list=year.list, unit=row.lead, edits=edits, by=CONSOLE, now=moment(3, 2))
    return CompletionContract.objects.get()


def wished(year: Year, wanted="2030-03-31") -> ChangeRequest:
    wish = Wish("deadline", wanted, "用地未落实", "已建成5所")
    unit = year.unit(LEAD).pk
    return ask(task=year.task("2"), unit=unit, wish=wish, by=CONSOLE, now=moment(3, 3))


def form(year: Year, kind="deadline", value="2030-06-30", **more: str) -> dict[str, str]:
    """A complete form of 登记调整, on paper."""
    seen = current_values(year.task("2"))
    return {
        "kind": kind, "value": value, "seen": seen.get(kind, seen["state"]), "basis_kind": "minutes",
        "number": "云政阅〔2026〕8号", "basis_on": "2026-03-02", "reason": "用地调整", "do": "paper", "signer": "周某某",
        "role": "office_director", "signed_on": "2026-03-03",
    } | more  # fmt: skip


def statuses(clients, act) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for name, client in clients.items():
        found.setdefault(act(client).status_code, set()).add(name)
    return found


def test_every_address_by_every_role(as_, year):
    proposed(year)
    asked = wished(year)
    clients = {name: as_(acting) for name, acting in everybody(year).items()}
    nobody = Client()
    nobody.force_login(
        User.objects.create(username="nobody", password="!", person=Person.objects.create(name="x"))
    )
    clients["without a post"] = nobody
    task, office, all_see = f"{year.path}t/2/", {"supervisor", "office_director"}, {*OTHERS}
    hidden = {"auditor", "uninvolved", "elsewhere", "without a post"}
    inside = office | all_see | {"lead", "sharing"}

    looks = {
        page: statuses(clients, lambda c, page=page: c.get(page))
        for page in (f"{year.path}contracts/", f"{year.path}changes/", f"{task}shares/", f"{task}adjust/")
    }
    acts = {
        page: statuses(clients, lambda c, page=page: c.post(page, {}))
        for page in (f"{year.path}contracts/?fill={year.unit(LEAD).pk}", f"{year.path}contracts/decide/", f"{task}shares/",
                     f"{task}adjust/", f"{task}adjust/ask/", f"{year.path}changes/{asked.pk}/refuse/")
    }  # fmt: skip

    assert looks == {page: {200: inside, 404: hidden} for page in looks}
    assert list(acts.values()) == [
        {303: office | {"lead", "sharing"}, 403: all_see, 404: hidden},
        {422: office, 403: all_see | {"lead", "sharing"}, 404: hidden},
        {303: office | {"lead"}, 403: all_see | {"sharing"}, 404: hidden},
        {422: office | set(APPROVING), 403: all_see - set(APPROVING) | {"lead", "sharing"}, 404: hidden},
        {422: office | {"lead"}, 403: all_see | {"sharing"}, 404: hidden},
        {409: office | set(APPROVING), 403: all_see - set(APPROVING) | {"lead"}, 404: hidden | {"sharing"}},
    ]


def test_acts_are_not_done_by_a_look(as_, year):
    client = as_(someone(PostRole.SUPERVISOR, year.government))
    pages = ("contracts/decide/", "t/2/adjust/ask/", "changes/1/refuse/")

    assert {client.get(year.path + page).status_code for page in pages} == {405}


def test_a_unit_fills_in_what_is_missing_and_the_office_agrees(as_, year):
    unit, office = (
        as_(someone(PostRole.LIAISON, year.unit(LEAD))),
        as_(someone(PostRole.SUPERVISOR, year.government)),
    )
    page = f"{year.path}contracts/"

    untouched = unit.post(page, fields(year), follow=True)
    half = unit.post(page, fields(year, deliverable="学校", evidence="验收单"))
    sent = unit.post(
        page, fields(year, deliverable="学校", evidence="验收单", verifier="市教育局"), follow=True
    )
    shown = office.get(page + "?state=proposed")
    [line] = shown.context["lines"]
    agreed = office.post(page + "decide/?state=proposed", {"pick": line.pick, "do": "agree"}, follow=True)

    assert "没有改动" in plain(untouched)
    assert (half.status_code, 'value="验收单"' in half.content.decode()) == (422, True)
    assert "已提出 1 个分项的完成标准。" in plain(sent)
    assert "个分项需定完成标准，未提出" in plain(shown)
    assert "待审定 1 个" in plain(shown)
    assert "已审定 1 个分项的完成标准。" in plain(agreed)
    assert agreed.redirect_chain[0][0].startswith(f"{page}?state=proposed&done=agreed")
    assert CompletionContract.objects.get().state == "agreed"


def test_a_contract_is_returned_with_its_reason_and_the_tick_stays_without_one(as_, year):
    row = proposed(year)
    client = as_(someone(PostRole.OFFICE_DIRECTOR, year.government))
    pick = f"{row.clause_id}:1"

    silent = client.post(f"{year.path}contracts/decide/", {"pick": pick, "do": "return", "reason": " "})
    nothing = client.post(f"{year.path}contracts/decide/", {"do": "agree"})
    stale = client.post(f"{year.path}contracts/decide/", {"pick": f"{row.clause_id}:9", "do": "agree"})
    back = client.post(
        f"{year.path}contracts/decide/", {"pick": pick, "do": "return", "reason": "标准不明确"}, follow=True
    )

    assert (
        silent.status_code,
        "退回须写明原因。" in plain(silent),
        " checked>" in silent.content.decode(),
    ) == (422, True, True)
    assert (nothing.status_code, stale.status_code) == (422, 409)
    assert "标准不明确" in plain(back)


def test_a_contract_changed_meanwhile_is_shown_beside_what_was_typed(as_, year):
    late = fields(year, deliverable="学校", evidence="照片", verifier="市教育局")
    proposed(year)
    client = as_(someone(PostRole.LIAISON, year.unit(LEAD)))

    refused = client.post(f"{year.path}contracts/", late)
    [line] = refused.context["lines"]
    again = client.post(f"{year.path}contracts/", late | {f"seen-{line.row.clause}": line.seen})

    assert (refused.status_code, line.cells["evidence"], "验收单" in line.theirs) == (409, "照片", True)
    assert again.status_code == 303
    assert CompletionContract.objects.get().evidence == "照片"


@pytest.mark.parametrize("seen", ["", "x", "[]", '{"1": 5}', "[1, 2]", '["1","","","","",""]'])
def test_a_damaged_page_changes_nothing(as_, year, seen):
    posted = fields(year, deliverable="学校", evidence="验收单", verifier="市教育局")
    posted |= {name: seen for name in posted if name.startswith("seen-")}
    shares = {f"seen-{year.unit(SHARING).pk}": seen, f"value-{year.unit(SHARING).pk}": "3"}
    client = as_(someone(PostRole.LIAISON, year.unit(LEAD)))

    found = [
        client.post(f"{year.path}contracts/", posted).status_code,
        client.post(f"{year.path}t/2/shares/", shares).status_code,
    ]

    assert found == [422, 422]
    assert not CompletionContract.objects.exists()
    assert not DistrictShare.objects.exists()


def test_the_office_fills_in_on_behalf_and_others_cannot(as_, year):
    unit = year.unit(LEAD).pk
    office = as_(someone(PostRole.SUPERVISOR, year.government))
    mayor = as_(someone(PostRole.CITY_LEADER, year.government))
    page = f"{year.path}contracts/?fill={unit}"

    shown = office.get(page)
    office.post(page, fields(year, deliverable="学校", evidence="验收单", verifier="市教育局"))

    assert f"代录：正在代{LEAD}填写" in plain(shown)
    assert CompletionContract.objects.get().on_behalf
    assert "代录：" not in plain(mayor.get(page))


def shares_of(year: Year, typed: dict[str, tuple[str, str]]) -> dict[str, str]:
    posted = {}
    for name, (value, text) in typed.items():
        unit = year.unit(name).pk
        posted |= {f"seen-{unit}": '[0, "", ""]', f"value-{unit}": value, f"text-{unit}": text}
    return posted


def test_a_table_of_shares_warns_when_it_asks_for_more(as_, year):
    client = as_(someone(PostRole.LIAISON, year.unit(LEAD)))
    page = f"{year.path}t/2/shares/"

    before = client.get(page)
    saved = client.post(
        page, shares_of(year, {SHARING: ("5所", "含改扩建"), "望川区政府": ("４", "")}), follow=True
    )
    less = client.post(page, {f"seen-{year.unit(SHARING).pk}": '[1, "5", "含改扩建"]',
                              f"value-{year.unit(SHARING).pk}": "1"}, follow=True)  # fmt: skip

    assert "尚未分解。" in plain(before)
    assert "已保存 2 个区县的分解数。" in plain(saved)
    assert "分解合计 9，比目标 8 多 1，请核对是否层层加码。" in plain(saved)
    assert "不许层层加码" in plain(saved)
    assert "分解合计 5，比目标 8 少 3" in plain(less)
    assert "不许层层加码" not in plain(less)


def test_boxes_of_shares_keep_their_headings_on_a_phone(as_, year):
    page = f"{year.path}t/2/shares/"
    for unit in (LEAD, SHARING):
        shown = as_(someone(PostRole.LIAISON, year.unit(unit))).get(page).content.decode()
        found = [shown.count(part) for part in ("<td><b>", 'data-label="分解数"', 'data-label="说明"')]

        assert found[0] > 1
        assert found == found[:1] * 3


def test_a_cell_that_is_no_number_keeps_the_table_out_and_what_was_typed(as_, year):
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    response = client.post(
        f"{year.path}t/2/shares/", shares_of(year, {SHARING: ("若干", ""), "望川区政府": ("4", "")})
    )

    assert (response.status_code, f"{SHARING}：“若干”不能作为分解数。" in plain(response)) == (422, True)
    assert 'value="若干"' in response.content.decode()
    assert not DistrictShare.objects.exists()


def test_a_district_reads_the_table_and_a_task_without_districts_has_none(as_, year):
    share_out(
        task=year.task("2"),
        edits=[Edit(year.unit(SHARING).pk, 0, {"value": Decimal(3)})],
        by=CONSOLE,
        now=moment(3, 2),
    )
    district = as_(someone(PostRole.PRINCIPAL, year.unit(SHARING)))
    office = as_(someone(PostRole.SUPERVISOR, year.government))

    shown = district.get(f"{year.path}t/2/shares/")
    none = office.get(f"{year.path}t/3/shares/")

    assert "分解合计 3" in plain(shown)
    assert "保存分解表" not in plain(shown)
    assert "这项任务不需分解到区县" in plain(none)


def test_a_unit_asks_and_the_director_approves_by_click(as_, year):
    unit, director = (
        as_(someone(PostRole.LIAISON, year.unit(LEAD))),
        as_(someone(PostRole.OFFICE_DIRECTOR, year.government)),
    )
    page = f"{year.path}t/2/adjust/"
    wish = {"kind": "deadline", "value": "2030-03-31", "reason": "用地未落实", "progress": "已建成5所"}

    asked = unit.post(f"{page}ask/", wish, follow=True)
    twice = unit.post(f"{page}ask/", wish)
    row = ChangeRequest.objects.get()
    shown = director.get(f"{page}?request={row.pk}")
    done = director.post(page, form(year, value="2030-02-28", do="click", request=str(row.pk)), follow=True)

    assert "已提出申请，等待答复。" in plain(asked)
    assert (twice.status_code, 'value="用地未落实"' in twice.content.decode()) == (409, True)
    assert 'value="2030-03-31"' in shown.content.decode()
    assert "批准并调整" in plain(shown)
    assert "在办，时限 2030-02-28" in plain(done)
    assert "2029-12-31 → 2030-02-28" in plain(done)
    assert Adjustment.objects.values_list("approval", "approved_on", "request").get() == (
        "click", timezone.localdate(), row.pk,
    )  # fmt: skip


def test_a_second_extension_shows_no_button_to_the_director_and_is_refused(as_, year):
    director, secretary = (
        as_(someone(PostRole(r), year.government)) for r in ("office_director", "secretary_general")
    )
    page = f"{year.path}t/2/adjust/"
    director.post(page, form(year, do="click"))

    shown = director.get(page)
    refused = director.post(page, form(year, value="2031-06-30", do="click"))
    paper = director.post(page, form(year, value="2031-06-30"))
    done = secretary.post(page, form(year, value="2031-06-30", do="click"), follow=True)

    assert "批准并调整" not in plain(shown)
    assert "已延期过，本次为第 2 次" in plain(shown)
    assert (refused.status_code, paper.status_code) == (403, 403)
    assert "再次延期须报副秘书长、秘书长或市领导批准。" in plain(refused)
    assert [cell for cell in ("2029-12-31", "2030-06-30", "2031-06-30") if cell in plain(done)] == [
        "2029-12-31", "2030-06-30", "2031-06-30",
    ]  # fmt: skip
    assert [(k.first, k.previous, k.current) for k in done.context["kept"]] == [
        ("2029-12-31", "2030-06-30", "2031-06-30")
    ]


def test_a_form_that_cannot_be_used_comes_back_as_typed(as_, year):
    client, page = as_(someone(PostRole.SUPERVISOR, year.government)), f"{year.path}t/2/adjust/"
    cases = {
        "no number": form(year, number=""),
        "no date": form(year, value="明年"),
        "no signer": form(year, signer=""),
        "day to come": form(year, signed_on="2029-01-01"),
        "stale": form(year, seen="2026-01-01"),
        "unknown": form(year, kind="dance"),
    }

    found = {name: client.post(page, posted) for name, posted in cases.items()}

    assert {name: response.status_code for name, response in found.items()} == dict.fromkeys(cases, 422) | {
        "stale": 409
    }
    assert all('value="用地调整"' in response.content.decode() for response in found.values())
    assert not Adjustment.objects.exists()


def test_a_task_is_parked_and_offers_only_what_may_follow(as_, year):
    client, page = as_(someone(PostRole.SUPERVISOR, year.government)), f"{year.path}t/2/adjust/"

    before = [kind for kind, _ in client.get(page).context["kinds"]]
    parked = client.post(page, form(year, kind="parked", value=""), follow=True)

    assert before[-2:] == ["parked", "discontinued"]
    assert [kind for kind, _ in parked.context["kinds"]][-2:] == ["discontinued", "resumed"]
    assert "暂缓（挂账），时限 2029-12-31" in plain(parked)


def test_requests_are_counted_narrowed_and_refused_with_a_reason(as_, year):
    asked = wished(year)
    client, page = as_(someone(PostRole.SUPERVISOR, year.government)), f"{year.path}changes/"
    refuse = f"{page}{asked.pk}/refuse/?state=asked"

    shown = client.get(f"{page}?state=asked")
    silent = client.post(refuse, {"revision": "1", "answer": " "})
    done = client.post(refuse, {"revision": "1", "answer": "按原时限办理"}, follow=True)
    after = client.get(f"{page}?state=refused")

    assert "待批 1 件，同意 0 件，不同意 0 件" in plain(shown)
    assert f"{year.path}t/2/adjust/?request={asked.pk}" in shown.content.decode()
    assert silent.status_code == 422
    assert done.redirect_chain == [(f"{page}?state=asked&done=refused&n=1", 303)]
    assert "已答复：不同意调整。" in plain(done)
    assert "按原时限办理" in plain(after)


def test_a_unit_sees_its_own_requests_and_another_none(as_, year):
    wished(year)
    lead, sharing = (as_(someone(PostRole.LIAISON, year.unit(name))) for name in (LEAD, SHARING))

    found = [len(client.get(f"{year.path}changes/").context["rows"]) for client in (lead, sharing)]

    assert found == [1, 0]
    assert "不同意的原因" not in plain(lead.get(f"{year.path}changes/"))


def test_pages_speak_english(as_, year):
    proposed(year)
    wished(year)
    acting = someone(PostRole.OFFICE_DIRECTOR, year.government)
    client = as_(acting)
    User.objects.filter(person=acting.person).update(language="en")
    client.post(f"{year.path}t/2/adjust/", form(year, kind="parked", value=""))

    shown = [
        plain(client.get(year.path + page))
        for page in ("t/2/adjust/", "changes/", "contracts/", "t/2/shares/")
    ]

    assert [
        "Parked" in shown[0],
        "asked" in shown[1],
        "proposed" in shown[2],
        "Nothing has been shared" in shown[3],
    ] == [True] * 4


def costs(client: Client, path: str) -> dict[str, int]:
    found = {}
    for page in ("contracts/", "contracts/?state=proposed", "changes/", "t/1/adjust/", "t/1/shares/"):
        client.get(path + page)
        with CaptureQueriesContext(connection) as captured:
            client.get(path + page)
        found[page] = len(captured)
    return found


def test_pages_cost_the_same_queries_however_many_rows(as_):
    few = filled(small_year("issued", MANY[0]))
    client = as_(someone(PostRole.SUPERVISOR, few.government))
    small = costs(client, few.path)
    many = filled(small_year("issued", MANY[1]))

    assert costs(client, many.path) == small
    assert (CompletionContract.objects.count(), ChangeRequest.objects.count()) == (41, 41)
    assert max(small.values()) <= 20


PARKS = "新增公园3处。\n主责单位：市林业园林局，各县（市、区）政府\n"
MANY = (
    HEAD.replace(
        "规模以上工业增加值增长6.5%以上，新增企业120家。\n主责单位：市工业和信息化局，市统计局\n", PARKS
    ),
    HEAD.replace("〔2026〕9号", "〔2026〕10号").replace(
        "规模以上工业增加值增长6.5%以上，新增企业120家。\n主责单位：市工业和信息化局，市统计局\n", PARKS
    )
    + "".join(f"{n}.{PARKS}" for n in range(2, 41)),
)


def filled(year: Year) -> Year:
    """Every sub-item agreed on, every task with a request; task 1 changed as often as there are tasks."""
    act = {"by": CONSOLE, "now": moment(3, 2)}
    for row in contract_rows(contract_candidates(year.list)):
        values = {**row.values, "deliverable": "成果", "evidence": "验收单", "verifier": "市统计局"}
        propose_contracts(task_list=year.list, unit=row.lead, edits=[Edit(row.clause, 0, values)], **act)
        task = Assignment.objects.get(task__list=year.list, task__key=row.key).task
        ask(task=task, unit=row.lead, wish=Wish("target", "4处", "调整", "进展"), **act)
        signed = Approval("paper", "周某某", PostRole.OFFICE_DIRECTOR, date(2026, 3, 1))
        basis = Basis("minutes", "8号", date(2026, 3, 1), "调整")
        change = Change("city_leader", f"某{row.number}", current_values(year.task("1"))["city_leader"])
        adjust(task=year.task("1"), change=change, basis=basis, approval=signed, **act)
    return year


def test_the_page_to_fill_in_has_visible_labels_and_asks_nothing_twice(as_, year):
    unit = as_(someone(PostRole.LIAISON, year.unit(LEAD)))
    html = unit.get(f"{year.path}contracts/").content.decode()
    [row] = contract_rows(contract_candidates(year.list).filter(version__task__key="2"))
    labels = re.findall(r'<label for="([a-z])-(\d+)">([^<]+)</label>', html)

    assert [(letter, int(pk)) for letter, pk, _ in labels] == [(letter, row.clause) for letter in "dsevo"]
    assert [word for *_, word in labels] == [
        "成果（交付什么）", "标准（达到什么要求）", "佐证材料", "核验单位", "完成时间",
    ]  # fmt: skip
    assert f'id="d-{row.clause}" name="deliverable-{row.clause}" rows="2" maxlength="200"></textarea>' in html


def test_the_office_is_told_whom_to_call_and_has_no_button_without_a_tick(as_, year):
    office = as_(someone(PostRole.SUPERVISOR, year.government))
    page = f"{year.path}contracts/"
    before = office.get(page)
    proposed(year)
    after = office.get(page)
    narrowed = office.get(f"{page}?state=none")

    assert [
        ("审定勾选的分项" in plain(shown), "文件写明的数值" in plain(shown), shown.context["leads_asked"])
        for shown in (before, after, narrowed)
    ] == [(False, True, 2), (True, False, 1), (False, True, 1)]
    assert "须由 2 个牵头单位提出" in plain(before)
    assert f'href="{year.path}u/{year.unit(LEAD).pk}/"' in before.content.decode()
    assert "孙某某 0000-1001" in plain(before)
    assert 'href="/people/"' in before.content.decode()
    leader = as_(someone(PostRole.CITY_LEADER, year.government)).get(page)
    assert ("孙某某" in plain(leader), 'href="/people/"' in leader.content.decode()) == (False, False)


def test_to_do_counts_the_sub_items_that_wait_for_a_proposal(as_, year):
    liaison, head = (someone(role, year.unit(LEAD)) for role in (PostRole.LIAISON, PostRole.PRINCIPAL))
    client = as_(liaison)
    before = client.get("/todo/")
    row = proposed(year)
    waiting = plain(client.get("/todo/"))
    decided = as_(someone(PostRole.SUPERVISOR, year.government))
    decided.post(
        f"{year.path}contracts/decide/", {"pick": f"{row.clause_id}:1", "do": "return", "reason": "不明确"}
    )

    assert "完成标准：1 个分项待提出" in plain(before)
    assert f'href="{year.path}contracts/"' in before.content.decode()
    assert "完成标准：1" not in waiting
    assert "完成标准：1 个分项待提出" in plain(client.get("/todo/"))
    assert "完成标准：1" not in plain(as_(head).get("/todo/"))
