"""What a unit sees and fills on the page: to-do, its page, its plan, its sheet, its workbook, its signature."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.building import HEAD, account_of, someone
from tests.building_year import PROGRESS, Year, drafted, moment, sent, small_year

from duban.directory.models import Person
from duban.directory.operations import Seat, appoint
from duban.domain.lights import Light
from duban.domain.periods import period_of
from duban.domain.posts import CONSOLE, PostRole
from duban.overview.todo import todo
from duban.plans.models import Assignment, Plan, Receipt
from duban.plans.operations import Edit, assign, return_receipt
from duban.progress.models import Draft, Obligation, Period, Report, SignOff
from duban.progress.operations import check_code, move_period, open_period, review
from duban.supervision.models import Standing, SupervisionOrder
from duban.supervision.operations import (
    OrderDraft,
    Ruling,
    determine,
    draft_order,
    move_order,
    patrol,
)

pytestmark = pytest.mark.django_db
UNIT = "市民政局"
BIG = HEAD + "".join(f"{n}.办好食堂{n}处。\n牵头单位：市民政局；配合单位：市教育局\n" for n in range(2, 50))


def address(year: Year, what: str = "", name: str = UNIT) -> str:
    return f"{year.path}p/2026-03/u/{year.unit(name).pk}/{what}"


def plan_address(year: Year, what: str = "", name: str = UNIT) -> str:
    return f"{year.path}plan/{year.unit(name).pk}/{what}"


def unit_address(year: Year, what: str = "", name: str = UNIT) -> str:
    return f"{year.path}u/{year.unit(name).pk}/{what}"


def text_of(response) -> str:
    """The text of a page without tags, blanks squeezed."""
    body = re.sub(r"(?s)<(script|style|nav|header).*?</\1>", "", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", body)).strip()


def form_of(response) -> dict[str, str]:
    """The fields of a sheet as the page shows them, ready to be changed and posted."""
    fields = {}
    body = response.content.decode()
    for tag in re.findall(r"<input[^>]*>", body):
        name, kind = re.search(r'name="([^"]+-\d+)"', tag), re.search(r'type="([^"]+)"', tag)
        if name and (not kind or kind[1] == "hidden" or "checked" in tag):
            value = re.search(r'value="([^"]*)"', tag)
            fields[name[1]] = value[1] if value else "on"
    areas = re.findall(r'(?s)<textarea name="([^"]+-\d+)"[^>]*>(.*?)</textarea>', body)
    return fields | dict(areas)


@pytest.fixture
def year():
    return small_year("opened")


@pytest.fixture
def liaison(year, as_):
    return as_(someone(PostRole.LIAISON, year.unit(UNIT)))


@pytest.fixture
def office(year, as_):
    return as_(someone(PostRole.SUPERVISOR, year.government))


# Who may open what


ROLES = {
    "own liaison": (PostRole.LIAISON, UNIT),
    "own principal": (PostRole.PRINCIPAL, UNIT),
    "other liaison": (PostRole.LIAISON, "市财政局"),
    "supervisor": (PostRole.SUPERVISOR, None),
    "city leader": (PostRole.CITY_LEADER, None),
    "appraiser": (PostRole.APPRAISER, None),
    "system admin": (PostRole.SYSTEM_ADMIN, None),
    "auditor": (PostRole.AUDITOR, None),
}
FILLERS = {"own liaison": 200, "own principal": 200, "supervisor": 200}
READERS = {**FILLERS, "city leader": 200, "appraiser": 200}


def test_each_page_opens_for_exactly_these_roles(as_):
    year = small_year("sent")
    clients = {
        label: as_(someone(role, year.unit(name) if name else year.government))
        for label, (role, name) in ROLES.items()
    }
    pages = {
        unit_address(year): READERS,
        unit_address(year, "tasks.docx"): READERS,
        plan_address(year): FILLERS,
        plan_address(year, "sheet.xlsx"): FILLERS,
        address(year): FILLERS,
        address(year, "sheet.xlsx"): FILLERS,
        address(year, "report.docx"): FILLERS,
        address(year, "sign-off.docx"): FILLERS,
        "/todo/": dict.fromkeys(ROLES, 200),
    }

    found = {
        page: {label: client.get(page).status_code for label, client in clients.items()} for page in pages
    }

    assert found == {
        page: {label: allowed.get(label, 404) for label in ROLES} for page, allowed in pages.items()
    }
    assert {page: Client().get(page).status_code for page in pages} == dict.fromkeys(pages, 302)


def test_nobody_else_can_post_to_a_units_pages(as_):
    year = small_year("sent")
    acts = [
        address(year), address(year, "merge/"), address(year, "sign/"), plan_address(year), plan_address(year, "merge/"),
        unit_address(year, "receipt/"), unit_address(year, "orders/1/"),
    ]  # fmt: skip
    others = [
        as_(someone(PostRole.LIAISON, year.unit("市财政局"))),
        as_(someone(PostRole.CITY_LEADER, year.government)),
        as_(someone(PostRole.SYSTEM_ADMIN, year.government)),
    ]

    found = [client.post(act).status_code for act in acts for client in others]

    assert found == [404] * len(found)


def test_pages_that_do_not_exist_are_404(year, liaison, office):
    assert liaison.get(address(year).replace("2026-03", "2026-04")).status_code == 404
    assert liaison.get(address(year, "sign-off.docx")).status_code == 404
    assert office.get(f"{year.path}u/999999/").status_code == 404
    assert office.get(f"{year.path}u/{year.government.pk}/").status_code == 404


# The report sheet


def test_the_units_page_says_first_what_is_missing_now(as_):
    year = small_year("determined")
    row = year.row("3").task.standing
    determine(
        period=year.period,
        rulings=[Ruling(row.task_id, Light.WARNING, "差一点", "已核实")],
        by=CONSOLE,
        now=moment(4, 15),
    )
    own, theirs = unit_address(year), unit_address(year, name="市教育局")
    lead, other = (as_(someone(PostRole.LIAISON, year.unit(name))) for name in (UNIT, "市教育局"))
    leader = as_(someone(PostRole.CITY_LEADER, year.government))

    html, warned = lead.get(own).content.decode(), lead.get(f"{own}?show=warned")

    assert "2026年一季度：应报 1 项，未报 0 项，预警 1 项。 2026年一季度共请填报 1 行，约 4 格。" in text_of(
        lead.get(own)
    )
    assert "2026年一季度：应报 1 项，未报 1 项，预警 0 项。" in text_of(other.get(theirs))
    assert html.count(f'<a href="{address(year)}">') >= 2
    assert [line.key for line in warned.context["lines"]] == ["3"]
    assert '<a href="#sheets">应报 1 项</a>' in leader.get(own).content.decode()


def test_returned_rows_are_counted_apart_on_the_units_page(as_):
    year = small_year("sent")
    row = year.row("3")
    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="return",
        reason="请核实",
        by=CONSOLE,
        now=moment(4, 9),
    )

    text = text_of(as_(someone(PostRole.LIAISON, year.unit(UNIT))).get(unit_address(year)))

    assert "应报 1 项，未报 0 项，退回 1 项，预警 0 项。" in text


def test_a_unit_that_leads_nothing_sees_the_nodes_of_the_same_period(as_, year, liaison):
    Plan.objects.filter(task=year.task("3")).update(node_q1="第一节点", node_year="末节点")
    helper = as_(someone(PostRole.LIAISON, year.unit("市财政局")))
    before = text_of(helper.get(unit_address(year, name="市财政局")))
    year.task("3").responsibilities.filter(unit__name="市财政局").update(role="main")
    after = text_of(helper.get(unit_address(year, name="市财政局")))

    for text in (before, text_of(liaison.get(unit_address(year)))):
        assert ("节点 第一节点" in text, "末节点" in text) == (True, False)
    assert "牵头 0 项，配合 1 项；" in before
    assert "牵头 0 项，主责、配合 1 项；" in after
    assert "本单位没有牵头任务，无须报送。" in before
    assert "未核定" in before


def test_the_newest_period_is_asked_for_once_on_the_units_page(liaison, year):
    with CaptureQueriesContext(connection) as captured:
        liaison.get(unit_address(year))

    asked = [q["sql"] for q in captured if 'FROM "progress_period"' in q["sql"] and "LIMIT 1" in q["sql"]]
    assert len(asked) == 1


def test_the_sheet_says_how_late_it_is_while_something_is_missing(as_, year, liaison):
    late = timezone.localdate() - timedelta(days=3)
    Period.objects.update(due_on=late, opens_on=late, lock_on=late + timedelta(days=30))
    office = as_(someone(PostRole.SUPERVISOR, year.government))
    pages = [(liaison, address(year)), (office, f"{year.path}p/2026-03/")]
    before = [text_of(client.get(page)) for client, page in pages]
    drafted(year)
    sent(year)
    after = text_of(liaison.get(address(year)))
    year.period.refresh_from_db()
    move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 14))
    closed = text_of(office.get(f"{year.path}p/2026-03/"))

    assert ["已逾期 3 天，仍可报送。" in text for text in (*before, after, closed)] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_closed_period_asks_for_no_mending_and_names_rows_that_never_came(as_):
    year = small_year("sent")
    row = year.row("3")
    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="return",
        reason="请核实",
        by=CONSOLE,
        now=moment(4, 9),
    )
    move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 14))
    returned = text_of(as_(someone(PostRole.LIAISON, year.unit(UNIT))).get(address(year)))
    other = as_(someone(PostRole.LIAISON, year.unit("市教育局")))
    missing = other.get(address(year, name="市教育局")).content.decode()

    assert ("请修改后再报" in returned, "本期不能再填报" in returned) == (False, True)
    assert '<span class="light o">未报</span>' in missing


def test_the_sheet_says_first_what_is_owed_and_by_when(year, liaison):
    text = text_of(liaison.get(address(year)))

    assert "市民政局：应报 1 项，已填 0 项，还差 1 项" in text
    today = timezone.localdate().year
    year_word = "" if today == 2026 else "2026年"
    assert f"按时报送：{year_word}4月8日前；截止：{year_word}4月13日。" in text
    assert "年度目标 100家" in text
    assert "本期节点 25家" in text


def test_a_draft_is_kept_with_the_revision_it_was_made_from(year, liaison):
    row = year.row("3")
    fields = form_of(liaison.get(address(year)))

    response = liaison.post(
        address(year), {**fields, f"progress-{row.pk}": PROGRESS, f"value-{row.pk}": "20家", "do": "keep"}
    )

    assert (response.status_code, response["Location"]) == (303, f"{address(year)}?done=kept&n=1")
    assert list(Draft.objects.values_list("progress", "value", "revision")) == [(PROGRESS, "20家", 1)]
    page = liaison.get(response["Location"])
    assert "已保存 1 项，尚未报送。" in text_of(page)
    assert "已填 1 项，还差 0 项" in text_of(page)
    again = liaison.post(address(year), {**form_of(page), "do": "keep"})
    assert again["Location"] == f"{address(year)}?done=unchanged&n=0"


def test_no_change_needs_no_words(year, liaison):
    row = year.row("3")
    fields = form_of(liaison.get(address(year)))

    liaison.post(address(year), {**fields, f"same-{row.pk}": "on", "do": "send"})

    report = Report.objects.get()
    assert (report.no_change, report.progress, report.channel, report.on_behalf) == (True, "", "page", False)


def test_two_people_at_once_the_second_is_refused_and_sees_both_texts(year, liaison, as_):
    row = year.row("3")
    second = as_(someone(PostRole.HANDLER, year.unit(UNIT)))
    first_page, second_page = form_of(liaison.get(address(year))), form_of(second.get(address(year)))
    liaison.post(address(year), {**first_page, f"progress-{row.pk}": "甲填的内容", "do": "keep"})

    refused = second.post(address(year), {**second_page, f"progress-{row.pk}": "乙填的内容", "do": "keep"})

    text = text_of(refused)
    assert refused.status_code == 409
    assert "他人刚改为：甲填的内容" in text
    assert "乙填的内容" in text
    assert Draft.objects.get().progress == "甲填的内容"
    third = second.post(address(year), {**form_of(refused), "do": "keep"})
    assert (third.status_code, Draft.objects.get().progress) == (303, "乙填的内容")


def test_a_row_that_nobody_touched_does_not_collide(as_):
    year = small_year("opened", BIG)
    liaison, second = (as_(someone(role, year.unit(UNIT))) for role in (PostRole.LIAISON, PostRole.HANDLER))
    two, three = year.row("4"), year.row("5")
    page = form_of(second.get(address(year)))
    liaison.post(
        address(year), {**form_of(liaison.get(address(year))), f"progress-{two.pk}": "甲", "do": "keep"}
    )

    response = second.post(address(year), {**page, f"progress-{three.pk}": "乙", "do": "keep"})

    assert response.status_code == 303
    assert sorted(Draft.objects.values_list("progress", flat=True)) == ["乙", "甲"]


def test_a_row_sent_meanwhile_keeps_what_was_typed_on_the_page(liaison, year):
    row = year.row("3")
    page = form_of(liaison.get(address(year)))
    drafted(year)
    sent(year)

    refused = liaison.post(address(year), {**page, f"progress-{row.pk}": "晚了一步", "do": "keep"})

    assert refused.status_code == 409
    assert "您填的没有保存：晚了一步" in text_of(refused)


def test_a_row_without_progress_is_not_sent_and_what_was_typed_stays(year, liaison):
    row = year.row("3")
    fields = form_of(liaison.get(address(year)))

    refused = liaison.post(address(year), {**fields, f"problem-{row.pk}": "用地没有落实", "do": "send"})

    assert (refused.status_code, Draft.objects.count()) == (422, 0)
    assert "任务 3 没有填写进展" in text_of(refused)
    assert "用地没有落实" in refused.content.decode()


def test_too_long_a_text_is_refused_with_its_length(year, liaison):
    row = year.row("3")
    fields = form_of(liaison.get(address(year)))

    refused = liaison.post(address(year), {**fields, f"progress-{row.pk}": "长" * 151, "do": "keep"})

    assert refused.status_code == 422
    assert "最多 150 字，现有 151 字" in text_of(refused)


def test_what_the_office_enters_is_marked(year, office):
    row = year.row("3")
    page = office.get(address(year))
    assert "代录：正在代市民政局填写" in text_of(page)

    office.post(address(year), {**form_of(page), f"progress-{row.pk}": PROGRESS, "do": "send"})

    report = Report.objects.get()
    assert (report.channel, report.on_behalf) == ("paper", True)
    assert f"{PROGRESS} 已报" in text_of(office.get(address(year)))
    assert "代录" in text_of(office.get(address(year, "?show=sent")))


def test_returned_rows_come_first_with_their_reason_and_what_was_sent(as_):
    year = small_year("opened", BIG)
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    drafted(year, "9")
    sent(year, "9")
    row = year.row("9")
    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="return",
        reason="请补充增量",
        by=CONSOLE,
        now=moment(4, 3),
    )

    page = liaison.get(address(year))
    text = text_of(page)

    assert text.index("退回：请补充增量") < text.index("办好食堂4处")
    assert form_of(page)[f"progress-{row.pk}"] == PROGRESS
    assert "退回 1 项，请修改后再报" in text
    narrowed = text_of(liaison.get(address(year, "?show=returned")))
    assert ("办好食堂9处" in narrowed, "办好食堂4处" in narrowed) == (True, False)


def test_an_offline_task_is_asked_for_status_and_file_number_alone(year, liaison):
    row, assignment = year.row("3"), year.assignment("3")
    assignment.offline = True
    assignment.save()
    page = liaison.get(address(year))
    fields = form_of(page)
    assert f"progress-{row.pk}" not in fields
    assert f"problem-{row.pk}" not in fields

    liaison.post(
        address(year),
        {**fields, f"status-{row.pk}": "正常推进", f"file-{row.pk}": "云民函〔2026〕3号", "do": "keep"},
    )

    draft = Draft.objects.get()
    assert (draft.progress, draft.value) == ("正常推进；文号：云民函〔2026〕3号", "")
    again = liaison.get(address(year))
    assert form_of(again)[f"file-{row.pk}"] == "云民函〔2026〕3号"
    assert '<option value="正常推进" selected>' in again.content.decode()


def test_a_closed_period_shows_and_takes_nothing(year, liaison):
    move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 14))
    row = year.row("3")

    page = liaison.get(address(year))
    refused = liaison.post(
        address(year), {f"seen-{row.pk}": "0:x", f"progress-{row.pk}": "补报", "do": "keep"}
    )

    assert "本期不能再填报" in text_of(page)
    assert form_of(page) == {}
    assert (refused.status_code, Draft.objects.count()) == (409, 0)


def test_a_damaged_form_changes_nothing(year, liaison):
    row = year.row("3")

    response = liaison.post(
        address(year), {f"seen-{row.pk}": "x:y", f"progress-{row.pk}": "内容", "do": "keep"}
    )

    assert (response.status_code, Draft.objects.count()) == (303, 0)


# Signing


def scan_of(content: bytes, name: str = "审签单.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")


def test_a_signed_paper_is_registered_with_its_scan(as_):
    year = small_year("sent")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    code, _ = check_code(year.period, year.unit(UNIT).pk)
    words = {
        "kind": "paper",
        "signer": "周某某",
        "signed_on": "2026-04-02",
        "number": "云民〔2026〕8号",
        "check_code": code.lower(),
    }

    response = liaison.post(address(year, "sign/"), {**words, "scan": scan_of(b"%PDF-1.7 scan")})

    assert response.status_code == 303
    signed = SignOff.objects.get()
    assert (signed.kind, signed.signer, signed.signed_on, signed.number, signed.check_code, signed.rows) == (
        "paper", "周某某", date(2026, 4, 2), "云民〔2026〕8号", code, 1,
    )  # fmt: skip
    file = liaison.get(address(year, f"scan/{signed.pk}/"))
    assert (file.content, file["Content-Type"]) == (b"%PDF-1.7 scan", "application/pdf")
    assert "周某某 已于 2026-04-02 审签" in text_of(liaison.get(address(year)))
    other = as_(someone(PostRole.LIAISON, year.unit("市教育局")))
    assert other.get(address(year, f"scan/{signed.pk}/", "市教育局")).status_code == 404


@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    [
        ({"check_code": "00000000"}, 409, "校验码与现在报送的内容不符"),
        ({"signed_on": "2999-01-01"}, 422, "审签日期不能晚于今天"),
        ({"scan": b"MZ program"}, 422, "扫描件须是 PDF、JPG 或 PNG 文件"),
        ({"scan": b"%PDF-" + b"0" * 10 * 1024 * 1024}, 422, "扫描件不能超过 10 MB"),
        ({"signer": ""}, 422, "必填"),
    ],
)
def test_a_paper_that_does_not_fit_is_refused_and_keeps_what_was_typed(as_, more, status, sentence):
    year = small_year("sent")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    code, _ = check_code(year.period, year.unit(UNIT).pk)
    words = {
        "kind": "paper",
        "signer": "周某某",
        "signed_on": "2026-04-02",
        "number": "云民〔2026〕8号",
        "check_code": code,
    }
    if "scan" in more:
        more = {"scan": scan_of(more["scan"])}

    refused = liaison.post(address(year, "sign/"), {**words, **more})

    assert (refused.status_code, SignOff.objects.count()) == (status, 0)
    assert sentence in text_of(refused)
    assert "云民〔2026〕8号" in refused.content.decode()


def test_only_principal_and_deputy_sign_by_click_and_a_change_asks_for_a_new_signature(as_):
    year = small_year("opened", BIG)
    unit = year.unit(UNIT)
    drafted(year, "9")
    sent(year, "9")
    principal, liaison = (as_(someone(role, unit)) for role in (PostRole.PRINCIPAL, PostRole.LIAISON))
    code, _ = check_code(year.period, unit.pk)
    words = {"kind": "click", "check_code": code}

    assert liaison.post(address(year, "sign/"), words).status_code == 403
    assert "审签同意" not in text_of(liaison.get(address(year)))
    assert principal.post(address(year, "sign/"), words).status_code == 303
    assert SignOff.objects.get().kind == "click"
    assert "审签同意" not in text_of(principal.get(address(year)))
    drafted(year, "10")
    sent(year, "10")
    assert "审签后所报内容有变动" in text_of(principal.get(address(year)))
    assert principal.post(address(year, "sign/"), words).status_code == 409


# The workbook


def returned_book(client, where: str, cells: dict[str, object]) -> SimpleUploadedFile:
    book = openpyxl.load_workbook(io.BytesIO(client.get(where).content))
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("报送表.xlsx", file.getvalue())


def packed(response) -> str:
    return response.context["packed"]


def test_a_workbook_is_shown_first_and_written_when_confirmed(year, liaison):
    book = returned_book(liaison, address(year, "sheet.xlsx"), {"F4": PROGRESS, "G4": "长" * 61})

    dry = liaison.post(address(year, "merge/"), {"file": book})

    text = text_of(dry)
    assert (dry.status_code, Draft.objects.count()) == (200, 0)
    assert "将改 1 格" in text
    assert f"进展–{PROGRESS}" in text
    assert "报送表 G4" in text
    assert "“数值”最多 60 字，这一格有 61 字，请删去 1 字。" in text
    done = liaison.post(address(year, "merge/"), {"sheet": packed(dry), "do": "keep"})
    assert done["Location"] == f"{address(year)}?done=merged&n=1"
    book.seek(0)
    again = liaison.post(address(year, "merge/"), {"file": book})
    assert "没有要写入的改动" in text_of(again)


def test_a_collision_asks_which_side_to_take(year, liaison):
    book = returned_book(liaison, address(year, "sheet.xlsx"), {"F4": "表格里的"})
    drafted(year, value="", problem="", next_step="")
    dry = liaison.post(address(year, "merge/"), {"file": book})
    assert "两边都改过，请选定" in text_of(dry)

    refused = liaison.post(address(year, "merge/"), {"sheet": packed(dry), "do": "keep"})
    assert (refused.status_code, Draft.objects.get().progress) == (409, PROGRESS)
    liaison.post(
        address(year, "merge/"), {"sheet": packed(dry), "do": "send", "choice-3/progress": "workbook"}
    )

    assert list(Report.objects.values_list("progress", "channel")) == [("表格里的", "workbook")]


def test_a_dry_run_names_each_task_once_with_its_text_and_its_cells_beneath(as_):
    year = small_year("opened", BIG)
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    cells = {"F4": "甲", "H4": "乙", "F5": "丙", "I5": "丁"}
    book = returned_book(liaison, address(year, "sheet.xlsx"), cells)
    first = Obligation.objects.filter(unit=year.unit(UNIT)).order_by("task__ordinal")[0]
    drafted(year, first.task.key, value="", problem="", next_step="")

    dry = text_of(liaison.post(address(year, "merge/"), {"file": book}))

    one, two = "3 办好食堂3处。", "4 办好食堂4处。"
    clash, changes = dry.split("两边都改过，请选定")[1].split("将写入")
    assert [part.count(text) for part in (clash, changes) for text in (one, two)] == [1, 0, 1, 1]
    assert re.search(f"{one} 进展 F4 ?– ?甲 ?{PROGRESS}", clash)
    assert re.sub(r"\s", "", f"栏目现有改为{one}问题–乙{two}进展–丙下步–丁") in re.sub(r"\s", "", changes)


@pytest.mark.parametrize(("value", "said"), [("20家", PROGRESS), ("21家", f"{PROGRESS}（21家）")])
def test_the_last_value_is_said_once_in_the_workbook(year, liaison, value, said):
    drafted(year, value=value)
    sent(year)
    spec = period_of("2026-06")
    days = (spec.ends_on, spec.ends_on, spec.ends_on)
    open_period(task_list=year.list, spec=spec, days=days, lagging=frozenset(), by=CONSOLE, now=moment(6, 30))

    content = liaison.get(f"{year.path}p/2026-06/u/{year.unit(UNIT).pk}/sheet.xlsx").content

    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]["E4"].value == said


# The next unit


def test_the_office_goes_on_to_the_next_unit_that_owes_and_a_unit_does_not(as_, year, office, liaison):
    every = list(
        Obligation.objects.order_by("unit__position").values_list("unit_id", "unit__name").distinct()
    )
    first, second, third = (f"{year.path}p/2026-03/u/{unit}/" for unit, _ in every)
    names = [name for _, name in every]

    def onward(where: str) -> list[tuple[str, str]]:
        found = re.search(r'<p class="onward"><a href="([^"]+)">([^<]+)', office.get(where).content.decode())
        return [found[1], found[2]]

    assert onward(first) == [second, f"下一个未报单位：{names[1]} →"]
    assert onward(second) == [third, f"下一个未报单位：{names[2]} →"]
    assert onward(third) == [first, f"下一个未报单位：{names[0]} →"]
    Obligation.objects.filter(unit=every[1][0]).update(state="sent")
    Obligation.objects.filter(unit=every[2][0]).update(state="returned", reason="数字不实")
    assert onward(first) == [third, f"下一个未报单位：{names[2]} →"]
    Obligation.objects.exclude(unit=every[0][0]).update(state="accepted", reason="")
    assert onward(first) == [f"{year.path}p/2026-03/", "没有其他未报单位，返回报送一览"]
    assert "onward" not in liaison.get(address(year)).content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "上传内容不完整"),
        ({"sheet": "[]"}, "上传内容不完整"),
        ({"file": b"not a workbook"}, "这里只收 Excel 或 WPS 表格，请另存为 .xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(year, liaison, fields, sentence):
    if "file" in fields:
        fields = {"file": SimpleUploadedFile("说明.txt", fields["file"])}

    refused = liaison.post(address(year, "merge/"), fields)

    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert "没有读入，未作任何改动" in text_of(refused)


def test_a_workbook_too_large_to_be_carried_by_the_page_is_refused(year, liaison):
    cells = {f"M{row}": "长" * 30_000 for row in range(10, 35)}
    book = returned_book(liaison, address(year, "sheet.xlsx"), cells)

    refused = liaison.post(address(year, "merge/"), {"file": book})

    assert (refused.status_code, "文件超过 2 MB" in text_of(refused)) == (422, True)


def test_the_plan_goes_out_and_in_as_a_workbook(as_):
    year = small_year("issued")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    book = returned_book(liaison, plan_address(year, "sheet.xlsx"), {"D4": "25家", "J4": "孙某某"})

    dry = liaison.post(plan_address(year, "merge/"), {"file": book})
    liaison.post(plan_address(year, "merge/"), {"sheet": packed(dry), "do": "keep"})

    assert list(Plan.objects.values_list("node_q1", "contact", "on_behalf")) == [("25家", "孙某某", False)]


# The plan


def test_the_plan_is_saved_with_usual_people_for_every_task(as_):
    year = small_year("issued", BIG)
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    task = year.task("5").pk
    page = liaison.get(plan_address(year))
    usual = {"all-deputy": "周某某", "all-division": "一处", "all-contact": "孙某某", "all-phone": "0000-1"}

    response = liaison.post(
        plan_address(year), {**form_of(page), **usual, f"contact-{task}": "李某某", f"node_q1-{task}": "5处"}
    )

    assert response["Location"] == f"{plan_address(year)}?done=planned&n=48"
    plan = Plan.objects.get(task=task)
    assert (plan.deputy, plan.contact, plan.node_q1, plan.revision) == ("周某某", "李某某", "5处", 1)
    assert Plan.objects.filter(contact="孙某某", phone="0000-1").count() == 47
    again = liaison.post(plan_address(year), form_of(liaison.get(plan_address(year))))
    assert again["Location"] == f"{plan_address(year)}?done=unchanged&n=0"
    liaison.post(
        plan_address(year),
        {**form_of(liaison.get(plan_address(year))), "all-contact": "王某某", "replace": "on"},
    )
    assert Plan.objects.filter(contact="王某某").count() == 48


def test_a_sharing_unit_fills_its_people_and_reads_the_nodes(as_):
    year = small_year("planned")
    liaison = as_(someone(PostRole.LIAISON, year.unit("市财政局")))
    where = plan_address(year, name="市财政局")
    page = liaison.get(where)
    task = year.task("3").pk
    assert sorted(name.split("-")[0] for name in form_of(page)) == [
        "contact",
        "deputy",
        "division",
        "phone",
        "seen",
    ]
    assert "一季度 25家" in text_of(page)
    assert "牵头单位 市民政局 孙某某 0000-1001" in text_of(page)

    liaison.post(where, {**form_of(page), f"contact-{task}": "钱某某", f"node_q1-{task}": "偷改"})

    assert list(Plan.objects.filter(unit=year.unit("市财政局")).values_list("contact", "node_q1")) == [
        ("钱某某", "")
    ]


def test_year_target_and_last_node_are_suggested_to_a_lead_until_its_row_is_kept(as_):
    year = small_year("issued")
    Assignment.objects.filter(task__key="3").update(nature="standing")
    leads = {key: year.unit(name) for key, name in (("1", "市工业和信息化局"), ("3", UNIT))}
    own = {key: as_(someone(PostRole.LIAISON, unit)) for key, unit in leads.items()}
    at = {key: plan_address(year, name=unit.name) for key, unit in leads.items()}
    keys = {key: year.task(key).pk for key in leads}

    shown = {key: form_of(own[key].get(at[key])) for key in leads}
    own["1"].post(at["1"], {**shown["1"], f"node_q1-{keys['1']}": "25家", f"node_year-{keys['1']}": ""})
    kept = form_of(own["1"].get(at["1"]))

    goal = shown["1"][f"year_target-{keys['1']}"]
    assert goal
    assert shown["1"][f"node_year-{keys['1']}"] == goal
    assert shown["3"][f"year_target-{keys['3']}"]
    assert shown["3"][f"node_year-{keys['3']}"] == ""
    assert (kept[f"node_q1-{keys['1']}"], kept[f"node_year-{keys['1']}"]) == ("25家", "")


def test_the_plan_too_refuses_a_second_writer_with_both_texts(as_):
    year = small_year("planned")
    first, second = (as_(someone(role, year.unit(UNIT))) for role in (PostRole.LIAISON, PostRole.HANDLER))
    task = year.task("3").pk
    one, two = form_of(first.get(plan_address(year))), form_of(second.get(plan_address(year)))
    first.post(plan_address(year), {**one, f"node_half-{task}": "五十家"})

    refused = second.post(plan_address(year), {**two, f"node_half-{task}": "六十家"})

    assert refused.status_code == 409
    assert ("五十家" in text_of(refused), "六十家" in refused.content.decode()) == (True, True)
    assert Plan.objects.get(task=task, unit=year.unit(UNIT)).node_half == "五十家"


def test_gaps_stand_in_their_row_and_can_be_listed_alone(as_):
    year = small_year("issued")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))

    text = text_of(liaison.get(plan_address(year, "?show=gaps")))

    assert "1 项没有填全" in text
    assert "没有" in re.sub("没有填全", "", text)


# The page of a unit


def test_the_unit_page_says_first_what_it_leads_and_what_lags(as_):
    year = small_year("determined")
    liaison = as_(someone(PostRole.LIAISON, year.unit("市教育局")))
    text = text_of(liaison.get(unit_address(year, name="市教育局")))

    assert "市教育局：牵头 1 项，配合 1 项；滞后 0 项" in text
    assert "2026年一季度共请填报 1 行，约 4 格。" in text
    assert "2026年一季度 报送中 1 0 未报" in text
    shared = text_of(liaison.get(unit_address(year, "?show=share", "市教育局")))
    assert ("办好食堂" in shared, "建成学校8所" in shared) == (True, False)


def test_the_last_value_is_said_once_on_the_unit_page_and_on_the_sheet(as_):
    year = small_year("determined")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    spec = period_of("2026-06")
    days = (spec.ends_on, spec.ends_on, spec.ends_on)
    open_period(task_list=year.list, spec=spec, days=days, lagging=frozenset(), by=CONSOLE, now=moment(6, 30))

    unit = liaison.get(unit_address(year)).content.decode()
    sheet = liaison.get(f"{year.path}p/2026-06/u/{year.unit(UNIT).pk}/").content.decode()

    assert f"{PROGRESS}</span>" in unit
    assert f"<b>上期</b> {PROGRESS}</p>" in sheet


def test_a_unit_sees_the_offices_determination_and_never_the_systems_view(as_):
    year = small_year("judged")
    liaison, office = (
        as_(someone(*seat))
        for seat in ((PostRole.LIAISON, year.unit(UNIT)), (PostRole.SUPERVISOR, year.government))
    )

    assert 'class="light' not in liaison.get(unit_address(year)).content.decode().split('id="sheets"')[0]
    assert 'class="light' in office.get(unit_address(year)).content.decode().split('id="sheets"')[0]


def test_a_unit_signs_for_the_list_or_returns_it_with_a_proposal(as_):
    year = small_year("issued")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    assert "待签收" in text_of(liaison.get(unit_address(year)))

    refused = liaison.post(unit_address(year, "receipt/"), {"do": "return", "note": ""})
    assert (refused.status_code, "退回须写明改派建议" in text_of(refused)) == (422, True)
    assert liaison.post(unit_address(year, "receipt/"), {"do": "sign"}).status_code == 303

    receipt = Receipt.objects.get(unit=year.unit(UNIT))
    assert (receipt.state, receipt.how) == ("signed", "click")
    other = as_(someone(PostRole.LIAISON, year.unit("市教育局")))
    other.post(unit_address(year, "receipt/", "市教育局"), {"do": "return", "note": "建议由市财政局承担"})
    assert Receipt.objects.get(unit=year.unit("市教育局")).note == "建议由市财政局承担"


def served(year: Year) -> SupervisionOrder:
    draft = OrderDraft(
        year.task("3"), year.unit(UNIT), "食堂建设滞后", "依据", "请于期限内整改", date(2026, 4, 30)
    )
    order = draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 15))
    steps = (("submit", {}), ("approve", {"by": "主任", "on": date(2026, 4, 15), "approval": "paper"}), ("serve", {"on": date(2026, 4, 16)}))  # fmt: skip
    for action, values in steps:
        order = move_order(
            order=order, revision=order.revision, action=action, values=values, by=CONSOLE, now=moment(4, 16)
        )
    return order


def test_a_unit_signs_for_an_order_and_answers_it(as_):
    year = small_year("determined")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    order = served(year)
    where = unit_address(year, f"orders/{order.pk}/")
    assert "食堂建设滞后" in text_of(liaison.get(unit_address(year)))

    def step(**values: str) -> int:
        """One step from the form as the page shows it now."""
        page = liaison.get(unit_address(year)).content.decode()
        shown = re.search(rf'{where}".*?name="revision" value="(\d+)"', page)
        return liaison.post(where, {"revision": shown[1] if shown else "4", **values}).status_code

    assert step(do="sign_for", by="") == 422
    assert step(do="sign_for", by="孙某某", revision="3") == 409
    assert step(do="sign_for", by="孙某某") == 303
    assert step(do="answer", text="已开工") == 303
    late = liaison.post(where, {"revision": "3", "do": "answer", "text": "再答"})
    assert (late.status_code, "您填写的内容：再答" in text_of(late)) == (409, True)

    order.refresh_from_db()
    assert (order.state, order.signed_for_by, order.answer) == ("answered", "孙某某", "已开工")
    other = as_(someone(PostRole.LIAISON, year.unit("市教育局")))
    assert other.post(unit_address(year, f"orders/{order.pk}/", "市教育局")).status_code == 404


# To do


def test_to_do_lists_what_waits_for_a_liaison_and_where(as_):
    year = small_year("issued")
    acting = someone(PostRole.LIAISON, year.unit(UNIT))
    text = text_of(as_(acting).get("/todo/"))

    assert "待办 2 件" in text
    assert "交办待签收" in text
    assert "细化：共 1 项任务，1 项没有填联系人" in text
    assert text.count(f"以 {acting.label}") == 2


def test_to_do_follows_the_sheet_from_owed_to_signed(as_):
    year = small_year("opened")
    liaison, principal = (
        as_(someone(role, year.unit(UNIT))) for role in (PostRole.LIAISON, PostRole.PRINCIPAL)
    )
    Receipt.objects.update(state="signed")
    days = (timezone.localdate() - date(2026, 4, 8)).days
    late = f"应于4月8日前报送，已超过 {days} 天" if days > 0 else "4月8日前报送"
    assert f"2026年一季度报送：应报 1 项，已报 0 项，{late}" in text_of(liaison.get("/todo/"))
    told = f"本单位2026年一季度报送逾期：应报 1 项，1 项未报，已超过 {days} 天" if days > 0 else "没有待办"
    assert told in text_of(principal.get("/todo/"))

    drafted(year)
    sent(year)
    assert "2026年一季度报送：1 项已报，待审签" in text_of(principal.get("/todo/"))
    row = year.row("3")
    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="return",
        reason="补",
        by=CONSOLE,
        now=moment(4, 3),
    )

    page = liaison.get("/todo/")
    assert "2026年一季度报送：退回 1 项，请修改后再报" in text_of(page)
    assert f'href="{address(year)}?show=returned"' in page.content.decode()
    assert told in text_of(principal.get("/todo/"))


def test_to_do_says_by_how_many_days_a_limit_has_passed():
    year = small_year("determined")
    served(year)
    acting = someone(PostRole.LIAISON, year.unit(UNIT))
    Obligation.objects.filter(task__key="3").update(state="owed")
    due = {row.kind: row.due_on for row in todo([acting], date(2026, 4, 1)) if row.due_on}

    late = {
        days: {
            row.kind: row.late for row in todo([acting], due["report"] + timedelta(days=days)) if row.due_on
        }
        for days in (0, 1)
    }

    gap = (due["report"] - due["order"]).days
    assert late == {n: {"report": n, "order": max(gap + n, 0)} for n in (0, 1)}
    assert [row.late for row in todo([acting], date(2030, 1, 1)) if row.due_on is None] == [0] * len(
        [row for row in todo([acting], date(2030, 1, 1)) if row.due_on is None]
    )


def test_to_do_of_the_office_counts_reports_receipts_orders_and_periods(as_):
    year = small_year("sent")
    served(year)
    return_receipt(
        task_list=year.list, unit=year.unit("市教育局").pk, proposal="改派", by=CONSOLE, now=moment(2, 14)
    )
    office = as_(someone(PostRole.SUPERVISOR, year.government))

    text = text_of(office.get("/todo/"))

    assert "2026年一季度：1 项报告待审核" in text
    assert "1 个单位退回交办，待处理" in text
    assert "督办单未办结 1 件，其中逾期" in text
    unopened = timezone.localdate() > period_of("2026-04").ends_on
    assert ("尚未开始" in text) == unopened


def test_another_post_of_the_same_person_is_listed_and_opened_as_that_post(year):
    acting = someone(PostRole.LIAISON, year.unit(UNIT))
    person = Person.objects.get(pk=acting.person)
    second = appoint(
        seat=Seat(year.unit("市教育局"), PostRole.LIAISON, "联络员"),
        person=person,
        by=CONSOLE,
        now=moment(2, 1),
    )
    client = Client()
    client.force_login(account_of(acting))
    page = client.get("/todo/")
    assert "您有 2 个岗位" in text_of(page)

    onward = address(year, name="市教育局")
    assert client.get(onward).status_code == 404
    moved = client.post("/todo/go/", {"post": second.pk, "next": onward})

    assert moved["Location"] == onward
    assert client.get(onward).status_code == 200
    assert (
        client.post("/todo/go/", {"post": "1", "next": "https://elsewhere.example/"})["Location"] == "/todo/"
    )


# Constant queries


def test_pages_ask_as_many_questions_for_one_row_as_for_fifty(as_):
    year = small_year("determined", BIG)
    few, many = year.unit("市统计局"), year.unit(UNIT)
    Obligation.objects.filter(task__key="1").update(unit=few)
    Assignment.objects.filter(task__key="1").update(lead=few)
    office = as_(someone(PostRole.SUPERVISOR, year.government))
    pages = (
        "u/{}/",
        "p/2026-03/u/{}/",
        "plan/{}/",
        "p/2026-03/u/{}/sheet.xlsx",
        "p/2026-03/u/{}/report.docx",
    )

    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(year.path + page).status_code == 200
        return len(queries)

    asked(pages[0].format(few.pk))
    assert [asked(p.format(few.pk)) for p in pages] == [asked(p.format(many.pk)) for p in pages]


def test_to_do_asks_as_many_questions_for_two_posts_as_for_one(year):
    acting = someone(PostRole.LIAISON, year.unit(UNIT))
    client = Client()
    client.force_login(account_of(acting))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/todo/").status_code == 200
        return len(queries)

    asked()
    one = asked()
    person = Person.objects.get(pk=acting.person)
    for name in ("市教育局", "市财政局"):
        appoint(
            seat=Seat(year.unit(name), PostRole.LIAISON, "联络员"),
            person=person,
            by=CONSOLE,
            now=moment(2, 1),
        )
    assert asked() == one


def test_the_papers_of_a_unit_name_it(as_):
    year = small_year("sent")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))

    names = {
        page: liaison.get(page)["Content-Disposition"]
        for page in (
            address(year, "sheet.xlsx"),
            address(year, "report.docx?blank"),
            address(year, "sign-off.docx"),
        )
    }

    assert [unquote(name).split("''")[1] for name in names.values()] == [
        "市民政局2026年一季度报送表.xlsx", "市民政局2026年一季度报送表（空白）.docx", "市民政局2026年一季度审签单.docx",
    ]  # fmt: skip


def test_a_row_sent_by_mistake_is_taken_back_and_nothing_typed_elsewhere_is_lost(as_):
    year = small_year("sent")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))
    page = address(year)
    row = year.row("3")
    shown = liaison.get(page)

    done = liaison.post(page, {"do": f"withdraw-{row.pk}-{row.revision}"}, follow=True)
    stale = liaison.post(page, {"do": f"withdraw-{row.pk}-{row.revision}"})

    assert "撤回修改" in text_of(shown)
    assert "已撤回 1 项" in text_of(done)
    assert PROGRESS in text_of(done)
    assert year.row("3").state == "owed"
    assert stale.status_code == 409


def test_enter_in_a_cell_keeps_drafts_and_takes_nothing_back(as_):
    year = small_year("sent")
    liaison = as_(someone(PostRole.LIAISON, year.unit(UNIT)))

    page = liaison.get(address(year)).content.decode()

    assert re.findall(r'<button[^>]* name="do" value="([a-z]+)', page.split('<table class="rows sheet">')[0])[
        -1:
    ] == ["keep"]


def typed_year(nature: str) -> Year:
    """The small year with its first quarter opened; task 3 is of this type."""
    year = small_year("opened")
    row = year.assignment("3")
    edit = Edit(row.task_id, row.revision, {"nature": nature})
    assign(task_list=year.list, edits=[edit], by=CONSOLE, now=moment(3, 31))
    return year


@pytest.mark.parametrize(
    ("nature", "words"),
    [
        ("project", ["立项", "可研", "规划", "开工", "主体", "竣工", "投用"]),
        ("floor", ["未突破底线", "已突破底线"]),
        ("upward", ["正在办理", "自身工作已完成"]),
        ("quantified", []),
    ],
)
def test_the_value_is_chosen_where_the_type_answers_with_a_word(as_, nature, words):
    year = typed_year(nature)
    row = year.row("3")

    page = as_(someone(PostRole.LIAISON, year.unit(UNIT))).get(address(year)).content.decode()

    select = re.search(rf'<select id="value-{row.pk}".*?</select>', page)
    assert re.findall(r'<option value="([^"]+)"', select[0] if select else "") == words
    assert (f'<label class="why counts" for="value-{row.pk}">数值</label>' in page) == bool(words)


@pytest.mark.parametrize(
    ("nature", "value", "sentence"),
    [
        ("floor", "还好", "第 3 项的数值“还好”不能识别。请从“未突破底线、已突破底线”中选一个。"),
        ("quantified", "很多", "第 3 项的数值“很多”不能识别。应填一个数，如 120、1.2万、35%。"),
    ],
)
def test_a_value_that_says_nothing_of_its_kind_is_refused_and_stays_on_the_page(as_, nature, value, sentence):
    year = typed_year(nature)
    client, row = as_(someone(PostRole.LIAISON, year.unit(UNIT))), year.row("3")
    fields = form_of(client.get(address(year)))

    response = client.post(
        address(year), {**fields, f"progress-{row.pk}": "已办", f"value-{row.pk}": value, "do": "keep"}
    )

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert f'value="{value}"' in response.content.decode()
    assert not Draft.objects.exists()


def test_a_breached_floor_turns_red_and_its_report_keeps_the_word(as_):
    year = typed_year("floor")
    client, row = as_(someone(PostRole.LIAISON, year.unit(UNIT))), year.row("3")
    fields = form_of(client.get(address(year)))
    client.post(
        address(year),
        {**fields, f"progress-{row.pk}": "发生一起", f"value-{row.pk}": "已突破底线", "do": "send"},
    )

    patrol(task_list=year.list, on=timezone.localdate(), by=CONSOLE, now=timezone.now())

    verdict = Standing.objects.get(task__key="3").verdict
    assert (verdict.light, verdict.sentence) == ("lagging", "已发生突破底线的情况。")


def test_ticked_sub_items_are_kept_as_the_first_words_of_the_problem(as_):
    text = HEAD + "3.办好食堂25家。健全服务办法，制定管理规定。改造菜市场9个。\n牵头单位：市民政局\n"
    year = small_year("opened", text)
    client, row = as_(someone(PostRole.LIAISON, year.unit(UNIT))), year.row("3")
    page = client.get(address(year))
    assert re.findall(rf'name="late-{row.pk}" value="(\d)"', page.content.decode()) == ["1", "3", "4"]
    fields = {**form_of(page), f"progress-{row.pk}": "已办", f"problem-{row.pk}": "用地未落实", "do": "keep"}
    fields.pop(f"same-{row.pk}", None)

    client.post(address(year), {**fields, f"late-{row.pk}": ["3", "1", "x"]})

    assert Draft.objects.get().problem == "分项1、3未达序时。用地未落实"
    shown = client.get(address(year)).content.decode()
    assert re.findall(rf'name="late-{row.pk}" value="(\d)" checked', shown) == ["1", "3"]
    assert ">用地未落实</textarea>" in shown
