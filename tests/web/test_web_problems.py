from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.building import CONSOLE, someone
from tests.building_papers import problem_of, year_of_papers

from duban.coordination.models import Problem, UpwardPaper
from duban.coordination.operations import PaperEntry, correct_paper, register_paper
from duban.domain.errors import Invalid
from duban.domain.posts import PostRole
from duban.history.models import Event

pytestmark = pytest.mark.django_db
OWN = (PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER)
ADMINISTRATORS = (PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN, PostRole.AUDITOR)


@pytest.fixture
def year():
    return year_of_papers()


@pytest.fixture
def problem(year):
    return problem_of(year)


@pytest.fixture
def office(as_, year):
    return as_(someone(PostRole.SUPERVISOR, year.government))


def settled(**values):
    return {
        "revision": 2,
        "cause": "",
        "helper": "国家某局",
        "level": "outside",
        "state": "open",
        "result": "",
        **values,
    }


def letter(**values):
    return {"kind": "request", "number": "民请〔2026〕3号", "dated": "2026-04-10", "sender": "市民政局", "subject": "关于用地的请示",
            "task": "3", "answers": "", "due_on": "2026-04-20", **values}  # fmt: skip


def test_who_may_open_and_who_may_do_what(as_, year, problem):
    table = {}
    for number, role in enumerate(PostRole):
        problem.refresh_from_db()
        client = as_(someone(role, year.unit("市民政局") if role in OWN else year.government))
        table[role.value] = [
            client.get(f"{year.path}problems/").status_code,
            client.get(f"{year.path}letters/").status_code,
            client.post(f"{year.path}problems/{problem.pk}/", settled(revision=problem.revision)).status_code,
            client.post(f"{year.path}problems/take/").status_code,
            client.post(f"{year.path}letters/", letter(number=f"{number}号")).status_code,
        ]

    office = [200, 200, 303, 303, 303]
    special = {
        PostRole.SUPERVISOR: office,
        PostRole.OFFICE_DIRECTOR: office,
        PostRole.LEADER_SECRETARY: [200, 200, 403, 403, 303],
        **{key: [200, 403, 403, 403, 403] for key in OWN},
        **dict.fromkeys(ADMINISTRATORS, [404] * 5),
    }
    assert table == {role.value: special.get(role, [200, 200, 403, 403, 403]) for role in PostRole}


def test_a_problem_is_settled_with_a_helper_without_account_and_closed_with_a_result(office, year, problem):
    act = f"{year.path}problems/{problem.pk}/"
    helped = office.post(f"{act}?level=leader", settled())
    unclosed = office.post(act, settled(revision=3, state="solved"))
    closed = office.post(act, settled(revision=3, state="solved", result="用地已批复"))
    problem.refresh_from_db()

    assert helped["Location"] == f"{year.path}problems/?level=leader&done=settled&n=0"
    assert (unclosed.status_code, "销号须写明解决结果" in unclosed.content.decode()) == (422, True)
    assert closed["Location"] == f"{year.path}problems/?done=closed_problem&n=0"
    assert (problem.helper, problem.level, problem.state, problem.result) == (
        "国家某局", "outside", "solved", "用地已批复",
    )  # fmt: skip


def test_refused_settlings_keep_what_was_typed(office, year, problem):
    act = f"{year.path}problems/{problem.pk}/"
    stale = office.post(act, settled(revision=1))
    strange = office.post(act, settled(level="moon"))
    damaged = office.post(act, {"helper": "国家某局"})

    assert [(r.status_code, 'value="国家某局"' in r.content.decode()) for r in (stale, strange, damaged)] == [
        (409, True), (422, True), (422, True),
    ]  # fmt: skip
    assert Problem.objects.get().helper == "省自然资源厅"


def test_ledger_shows_open_lines_first_and_narrows(office, year, problem):
    kept = {"task": problem.task, "unit": year.unit("市财政局"), "raised_on": "2026-03-01", "seq": 1}
    Problem.objects.create(text="资金", level="city", **kept)
    Problem.objects.create(text="旧事", state="solved", result="好", closed_on="2026-04-01", **kept)

    def shown(query: str) -> list[str]:
        return [row.text for row in office.get(f"{year.path}problems/{query}").context["rows"]]

    assert shown("") == ["资金", "用地尚未落实"]
    assert shown("?state=all") == ["资金", "用地尚未落实", "旧事"]
    assert shown("?state=solved") == ["旧事"]
    assert shown("?level=leader") == ["用地尚未落实"]
    assert shown(f"?unit={year.unit('市财政局').pk}") == ["资金"]
    assert "未解决问题 2 条" in office.get(f"{year.path}problems/").content.decode()


def test_a_unit_sees_its_own_problems_without_forms(as_, year, problem):
    mine, theirs = (
        as_(someone(PostRole.LIAISON, year.unit(name))).get(f"{year.path}problems/")
        for name in ("市民政局", "市教育局")
    )

    assert [row.pk for row in mine.context["rows"]] == [problem.pk]
    assert list(theirs.context["rows"]) == []
    assert "办理或销号" not in mine.content.decode()


def test_problems_of_accepted_reports_are_taken_up_once(office, year):
    first, second = (office.post(f"{year.path}problems/take/") for _ in range(2))

    assert [r["Location"].split("?")[1] for r in (first, second)] == ["done=taken&n=1", "done=taken&n=0"]
    assert Problem.objects.get().text == "用地尚未落实"


def test_ledger_costs_the_same_however_many_problems(office, year, problem):
    def cost() -> int:
        office.get(f"{year.path}problems/")
        with CaptureQueriesContext(connection) as captured:
            office.get(f"{year.path}problems/")
        return len(captured)

    one = cost()
    for number in range(20):
        Problem.objects.create(
            task=year.task("2"),
            unit=year.unit("市教育局"),
            text=f"问题{number}",
            raised_on="2026-04-01",
            seq=1,
        )

    assert cost() == one


def test_an_instruction_stops_the_clock_of_its_request(office, year):
    office.post(f"{year.path}letters/", letter())
    request = UpwardPaper.objects.get()
    before = office.get(f"{year.path}letters/").context["rows"]
    office.post(
        f"{year.path}letters/",
        letter(
            kind="instruction",
            number="批示第8号",
            sender="林某某",
            answers=request.pk,
            due_on="",
            dated="2026-04-15",
        ),
    )
    rows = {row.number: row for row in office.get(f"{year.path}letters/").context["rows"]}

    assert [(row.number, row.task_number, row.days < 0) for row in before] == [("民请〔2026〕3号", "3", True)]
    assert rows["民请〔2026〕3号"].days is None
    assert (rows["民请〔2026〕3号"].result, rows["批示第8号"].answers) == ("批示第8号", "民请〔2026〕3号")


def test_refused_letters_keep_what_was_typed(office, year):
    office.post(f"{year.path}letters/", letter())
    request = UpwardPaper.objects.get()
    answers = [
        office.post(f"{year.path}letters/", letter()),
        office.post(f"{year.path}letters/", letter(number="")),
        office.post(f"{year.path}letters/", letter(number="2号", dated="昨天")),
        office.post(f"{year.path}letters/", letter(number="2号", task="99")),
        office.post(f"{year.path}letters/", letter(number="2号", kind="report")),
        office.post(f"{year.path}letters/", letter(number="2号", answers=request.pk)),
    ]

    assert [(r.status_code, "关于用地的请示" in r.content.decode()) for r in answers] == [
        (409, True), *[(422, True)] * 5,
    ]  # fmt: skip
    assert UpwardPaper.objects.count() == 1


def test_letters_narrow_by_kind(office, year):
    office.post(f"{year.path}letters/", letter(due_on=timezone.localdate().isoformat()))

    assert [
        len(office.get(f"{year.path}letters/?kind={kind}").context["rows"])
        for kind in ("", "request", "report", "x")
    ] == [1, 1, 0, 1]


def rows_of(office, year):
    return {row.number: row for row in office.get(f"{year.path}letters/").context["rows"]}


def test_a_letter_is_corrected_once_and_says_what_it_said_before(office, year):
    office.post(f"{year.path}letters/", letter(subject="关于用地的请求"))
    paper = UpwardPaper.objects.get()
    act = f"{year.path}letters/{paper.pk}/"
    right = letter(
        subject="关于用地的请示", task="2", due_on="2026-04-30", revision=1, do="correct", kind="report"
    )
    corrected = office.post(f"{act}?kind=request", right)
    stale = office.post(act, right | {"number": "9号"})
    same = office.post(act, right | {"revision": 2})
    paper.refresh_from_db()
    events = Event.objects.filter(kind="paper.corrected")

    assert corrected["Location"] == f"{year.path}letters/?kind=request&done=corrected&n=0"
    assert (stale.status_code, "关于用地的请示" in stale.content.decode(), 'value="9号"' in stale.content.decode()) == (
        409, True, True,
    )  # fmt: skip
    assert same["Location"] == f"{year.path}letters/?done=same&n=0"
    assert (paper.kind, paper.subject, paper.task.key, paper.due_on, paper.revision) == (
        "request", "关于用地的请示", "2", date(2026, 4, 30), 2,
    )  # fmt: skip
    assert [json.loads(event.body) for event in events] == [
        {
            "number": "民请〔2026〕3号",
            "change": "关于用地的请求 → 关于用地的请示；3 → 2；2026-04-20 → 2026-04-30",
            "before": {"subject": "关于用地的请求", "task": "3", "due_on": "2026-04-20"},
            "after": {"subject": "关于用地的请示", "task": "2", "due_on": "2026-04-30"},
        }
    ]
    assert paper.seq == events.get().seq


def test_a_letter_struck_out_stays_with_its_reason_and_counts_nowhere(office, year):
    office.post(f"{year.path}letters/", letter())
    paper = UpwardPaper.objects.get()
    act = f"{year.path}letters/{paper.pk}/"
    void = {"do": "void", "reason": "登记重复", "revision": 1}
    silent = office.post(act, void | {"reason": " "})
    stale = office.post(act, void | {"revision": 7})
    voided = office.post(act, void)
    again = office.post(act, void | {"revision": 2})
    page = office.get(f"{year.path}letters/")
    leader = office.get(f"{year.path}leader/?name=林某某").context["shown"]
    task = office.get(f"{year.path}t/3/").content.decode()

    assert [r.status_code for r in (silent, stale, voided, again)] == [422, 409, 303, 409]
    assert voided["Location"] == f"{year.path}letters/?done=voided&n=0"
    [row] = page.context["rows"]
    assert (row.void_reason, row.days, row.void_on) == ("登记重复", None, timezone.localdate())
    assert [page.context[name] for name in ("total", "running", "late", "void")] == [0, 0, 0, 1]
    assert page.context["requests"] == []
    assert "<del>关于用地的请示</del>" in page.content.decode()
    assert "更正或作废" not in page.content.decode()
    assert leader.requests == ()
    assert "关于用地的请示" not in task.split('id="events"')[0].replace(
        "文件 民请〔2026〕3号：关于用地的请示", ""
    )
    assert json.loads(Event.objects.get(kind="paper.voided").body)["reason"] == "登记重复"
    assert office.post(f"{year.path}letters/", letter()).status_code == 303


def test_a_clock_follows_the_answers_that_are_in_force(office, year):
    office.post(f"{year.path}letters/", letter())
    request = UpwardPaper.objects.get()
    answer = {"kind": "instruction", "sender": "林某某", "answers": request.pk, "due_on": ""}
    office.post(f"{year.path}letters/", letter(number="批1", dated="2026-04-15", **answer))
    one = UpwardPaper.objects.get(number="批1")
    fixed = letter(number="批示1号", dated="2026-04-16", revision=1, **answer)
    office.post(f"{year.path}letters/{one.pk}/", fixed)
    done = rows_of(office, year)[request.number]
    office.post(f"{year.path}letters/{one.pk}/", fixed | {"answers": "", "revision": 2})
    apart = rows_of(office, year)[request.number]
    office.post(f"{year.path}letters/{one.pk}/", fixed | {"revision": 3})
    office.post(f"{year.path}letters/{one.pk}/", {"do": "void", "reason": "误登", "revision": 4})
    void = rows_of(office, year)[request.number]

    assert (done.done_on, done.result) == (date(2026, 4, 16), "批示1号")
    assert [(row.done_on, row.result) for row in (apart, void)] == [(None, "")] * 2
    assert UpwardPaper.objects.get(number="批示1号").revision == 5


def test_a_time_limit_lies_after_the_date_of_its_paper(office, year):
    early = [office.post(f"{year.path}letters/", letter(due_on=day)) for day in ("2026-04-09", "2026-04-10")]
    office.post(f"{year.path}letters/", letter(due_on="2026-04-11"))
    paper = UpwardPaper.objects.get()
    moved = office.post(
        f"{year.path}letters/{paper.pk}/", letter(dated="2026-04-11", due_on="2026-04-11", revision=1)
    )

    assert [(r.status_code, "办理时限须晚于成文日期。" in r.content.decode()) for r in (*early, moved)] == [
        (422, True)
    ] * 3


def test_the_office_alone_corrects_and_only_what_stands_in_its_list(as_, office, year):
    office.post(f"{year.path}letters/", letter())
    paper = UpwardPaper.objects.get()
    secretary = as_(someone(PostRole.LEADER_SECRETARY, year.government))
    leader = as_(someone(PostRole.CITY_LEADER, year.government))
    act = f"{year.path}letters/{paper.pk}/"

    assert [client.post(act, letter(revision=1)).status_code for client in (secretary, leader)] == [403, 403]
    assert "更正或作废" not in secretary.get(f"{year.path}letters/").content.decode()
    assert office.post(f"{year.path}letters/{paper.pk + 1}/", letter(revision=1)).status_code == 404
    office.post(f"{year.path}letters/", letter(number="4号"))
    assert office.post(act, letter(number="4号", revision=1)).status_code == 409


def test_a_correction_keeps_the_kind(year):
    act = {"by": CONSOLE, "now": timezone.now()}
    entry = PaperEntry("request", "1号", date(2026, 4, 1), "市民政局", "用地")
    paper = register_paper(task_list=year.list, entry=entry, **act)

    with pytest.raises(Invalid, match="种类不能更正"):
        correct_paper(paper=paper, revision=1, entry=replace(entry, kind="report"), **act)


def test_ledger_names_the_task_and_the_level(office, year, problem):
    Problem.objects.update(level="office")
    html = office.get(f"{year.path}problems/").content.decode()
    text = problem.task.current.text

    assert f">{text[:23]}" in html.replace("…", "")
    assert f'<span class="no">{problem.task.current.number}</span>' in html
    assert "办公厅（室）协调" in html
