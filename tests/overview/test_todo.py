"""What waits: for those who sign, for the office, and for the second person of a purge."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import CONSOLE, another_city, someone
from tests.building_papers import instruction_of, items_given, part_given, problem_of, year_of_papers
from tests.building_year import drafted, moment, sent, small_year

from duban.coordination.items import close_instruction, move_item
from duban.coordination.models import UpwardPaper
from duban.coordination.operations import PaperEntry, register_paper
from duban.domain.calendar_data import CALENDAR
from duban.domain.posts import PostRole
from duban.overview.todo import Todo, todo
from duban.plans.models_refinement import CompletionContract
from duban.plans.operations import Edit
from duban.plans.refinement import contract_candidates, contract_rows, decide_contracts, propose_contracts
from duban.progress.models import Obligation
from duban.progress.operations import Signature, move_period, sign_off
from duban.progress.parts import return_part
from duban.purging.operations import purge_thing
from duban.purging.queries import thing_at

pytestmark = pytest.mark.django_db
ACT = {"by": CONSOLE, "now": moment(4, 17)}
LEAD = "市民政局"


def waits(by, day: date, *kinds: str) -> list[Todo]:
    return [row for row in todo([by], day) if row.kind in kinds]


def office(year):
    return someone(PostRole.SUPERVISOR, year.government)


def two_rows(year) -> None:
    """The unit of task 3 owes the row of task 2 as well."""
    Obligation.objects.filter(task__key="2").update(unit=year.unit(LEAD))


def test_who_signs_is_told_that_the_sheet_is_late_and_of_what_was_sent_meanwhile():
    year = small_year("opened")
    two_rows(year)
    by = {
        role: someone(role, year.unit(LEAD))
        for role in (PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.LIAISON)
    }
    due = year.period.due_on
    after = due + timedelta(days=3)

    def seen(role: PostRole, day: date) -> list[tuple]:
        rows = waits(by[role], day, "behind", "sign", "report", "returned")
        return [(row.kind, row.count, row.total, row.late) for row in rows if row.period]

    nothing = {role: seen(role, due) for role in (PostRole.PRINCIPAL, PostRole.DEPUTY)}
    late = seen(PostRole.DEPUTY, after)
    drafted(year)
    sent(year)
    partly = [seen(PostRole.PRINCIPAL, due), seen(PostRole.PRINCIPAL, after), seen(PostRole.LIAISON, due)]
    signature = Signature("paper", "周某某", date(2026, 4, 2))
    sign_off(period=year.period, unit=year.unit(LEAD).pk, signature=signature, by=CONSOLE, now=moment(4, 2))
    signed = seen(PostRole.PRINCIPAL, due)
    drafted(year, "2")
    sent(year, "2")

    assert nothing == {PostRole.PRINCIPAL: [], PostRole.DEPUTY: []}
    assert late == [("behind", 2, 2, 3)]
    assert partly == [[("sign", 1, 2, 0)], [("behind", 1, 2, 3), ("sign", 1, 2, 3)], [("report", 1, 2, 0)]]
    assert signed == []
    assert seen(PostRole.PRINCIPAL, due) == seen(PostRole.LIAISON, due) == [("sign", 2, 2, 0)]


def test_a_closed_period_is_no_longer_called_late():
    year = small_year("opened")
    principal = someone(PostRole.PRINCIPAL, year.unit(LEAD))
    move_period(period=year.period, action="close", **ACT)

    assert waits(principal, date(2026, 6, 1), "behind") == []


def test_what_came_back_says_why():
    year = year_of_papers()
    part = part_given(year, "已选址")
    return_part(part=part, revision=part.revision, reason="请补充时间", **ACT)
    item, other = items_given(year)
    for action, text in (("answer", "已选址"), ("return", "没有写明地点")):
        item = move_item(item=item, revision=item.revision, action=action, text=text, **ACT)
    for action, text in (("drop", "不需要了"), ("reopen", "仍需办理")):
        other = move_item(item=other, revision=other.revision, action=action, text=text, **ACT)

    units = [someone(PostRole.LIAISON, unit) for unit in (part.unit, item.unit, other.unit)]

    found = {row.kind + str(row.key): row.reason for row in todo(units, date(2026, 4, 17)) if row.key}
    assert {key: found[key] for key in (f"part{part.pk}", f"item{item.pk}", f"item{other.pk}")} == {
        f"part{part.pk}": "请补充时间", f"item{item.pk}": "没有写明地点", f"item{other.pk}": "",
    }  # fmt: skip


def test_the_office_tells_answered_items_from_those_that_wait_for_an_answer():
    year = year_of_papers()
    item, _ = items_given(year)
    move_item(item=item, revision=item.revision, action="answer", text="已选址", **ACT)

    [row] = waits(office(year), date(2026, 4, 17), "items")

    assert (row.answered, row.unanswered) == (1, 1)


def test_the_office_is_told_of_papers_whose_day_comes_within_the_working_week():
    year = year_of_papers()
    UpwardPaper.objects.all().delete()
    due = date(2026, 5, 15)
    paper = instruction_of(year)
    request = PaperEntry(
        "request", "请示1号", date(2026, 4, 15), LEAD, "关于用地的请示", due_on=date(2026, 5, 18)
    )
    register_paper(task_list=year.list, entry=request, **ACT)
    eve = CALENDAR.add_working(due, -5)
    by = office(year)

    def seen(day: date) -> list[tuple]:
        return [(row.count, row.total, row.due_on, row.late) for row in waits(by, day, "papers")]

    found = [seen(eve - timedelta(days=1)), seen(eve), seen(due), seen(due + timedelta(days=1))]
    close_instruction(paper=paper, revision=paper.revision, result="已落实", **ACT)
    left = seen(due + timedelta(days=1))
    UpwardPaper.objects.update(void_on=due, void_reason="误登")

    assert found == [[], [(1, 0, due, 0)], [(2, 0, due, 0)], [(2, 1, due, 1)]]
    assert left == [(1, 0, date(2026, 5, 18), 0)]
    assert seen(due) == []


def test_the_office_is_told_of_a_period_still_open_after_its_lock_day():
    year = small_year("opened")
    by, lock = office(year), year.period.lock_on

    def seen(day: date) -> list[tuple]:
        return [(row.period, row.late) for row in waits(by, day, "lock")]

    found = [seen(lock), seen(lock + timedelta(days=2))]
    move_period(period=year.period, action="close", **ACT)

    assert found == [[], [("2026-03", 2)]]
    assert seen(lock + timedelta(days=2)) == []


def test_the_office_is_told_of_completion_standards_that_wait_for_its_word():
    year = small_year("issued")
    [row] = contract_rows(contract_candidates(year.list).filter(version__task__key="2"))
    values = {**row.values, "deliverable": "学校", "evidence": "验收单", "verifier": "市教育局"}
    edits = [Edit(row.clause, 0, values)]
    by = office(year)
    before = waits(by, date(2026, 4, 1), "contracts")
    propose_contracts(task_list=year.list, unit=row.lead, edits=edits, **ACT)
    kept = CompletionContract.objects.get()
    [asked] = waits(by, date(2026, 4, 1), "contracts")
    decide_contracts(task_list=year.list, rows={kept.clause_id: kept.revision}, action="agree", **ACT)

    assert (before, asked.count) == ([], 1)
    assert waits(by, date(2026, 4, 1), "contracts") == []


def test_a_purge_waits_for_the_others_who_may_confirm_it_and_says_nothing_of_the_matter():
    year = year_of_papers()
    problem = problem_of(year, cause="某处设施坐标及调度安排")
    first, second = office(year), office(year)
    security = someone(PostRole.SECURITY_ADMIN, year.government)
    others = [
        someone(PostRole.SYSTEM_ADMIN, year.government), someone(PostRole.LIAISON, year.unit(LEAD)),
        someone(PostRole.SECURITY_ADMIN, another_city()),
    ]  # fmt: skip
    thing = thing_at(f"problem:{problem.pk}", year.government.pk)
    purge_thing(thing=thing, reason="误传", by=first, now=moment(4, 18))

    found = [waits(by, date(2026, 4, 20), "purge") for by in (first, second, security, *others)]
    purge_thing(thing=thing, reason="", by=second, now=moment(4, 19))

    assert [len(rows) for rows in found] == [0, 1, 1, 0, 0, 0]
    [row] = found[2]
    said = (row.text, row.since, row.list_key, row.list_title, row.number, row.reason, row.late)
    assert said == (first.label, date(2026, 4, 18), "", "", "", "", 0)
    assert waits(security, date(2026, 4, 20), "purge") == []


def test_to_do_of_the_office_costs_the_same_however_much_waits():
    year = year_of_papers()
    by = office(year)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            todo([by], date(2026, 7, 1))
        return len(queries)

    instruction_of(year)
    one = cost()
    for n in range(5):
        instruction_of(year, f"批示第{n + 20}号")

    assert cost() == one
