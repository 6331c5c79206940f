from __future__ import annotations

from datetime import date

import pytest
from tests.building import kinds_since, last_seq, someone
from tests.building_year import PROGRESS, drafted, moment, sent, small_year

from duban.documents.operations import read_scan
from duban.domain.burden import Asked
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.periods import period_of
from duban.domain.posts import CONSOLE, PostRole
from duban.plans.operations import Edit
from duban.plans.refinement import contract_candidates, propose_contracts
from duban.progress.burden import burden, led_tasks
from duban.progress.models import Draft, Obligation, Period, Report, SignOff
from duban.progress.operations import (
    Entry,
    Signature,
    check_code,
    move_period,
    open_period,
    review,
    save_drafts,
    send_sheet,
    sign_off,
)
from duban.progress.queries import last_reports, periods_of, unit_rows
from duban.progress.sheet_queries import sheet_rows

pytestmark = pytest.mark.django_db
NOW = moment(4, 2)


def opened_again(year):
    spec = period_of("2026-03")
    days = (date(2026, 3, 31), date(2026, 4, 8), date(2026, 4, 10))
    return open_period(task_list=year.list, spec=spec, days=days, lagging=frozenset(), by=CONSOLE, now=NOW)


def test_period_lists_what_is_owed_by_the_leads_once():
    year = small_year("opened")

    again = opened_again(year)

    rows = Obligation.objects.order_by("task__ordinal").values_list("task__key", "unit__name", "state")
    assert again.pk == year.period.pk
    assert list(rows) == [
        ("1", "市工业和信息化局", "owed"),
        ("2", "市教育局", "owed"),
        ("3", "市民政局", "owed"),
    ]


def test_burden_counts_reports_plan_standards_and_signatures_of_every_unit():
    year = small_year("opened")
    quarter = (2026, 1)
    clause = contract_candidates(year.list).filter(version__task__key="1").first()
    standard = {
        "deliverable": "企业名单",
        "standard": "120家",
        "evidence": "统计数据",
        "verifier": "市统计局",
    }
    propose_contracts(
        task_list=year.list, unit=year.row("1").unit_id, by=CONSOLE, now=moment(5, 6),
        edits=[Edit(clause.pk, 0, {**standard, "due_on": date(2026, 12, 31)})],
    )  # fmt: skip

    asked = burden(year.list.pk)

    industry, school = year.unit("市工业和信息化局").pk, year.unit("市教育局").pk
    civil, money = year.unit("市民政局").pk, year.unit("市财政局").pk
    assert asked[industry] == {quarter: Asked(4, 4 + 3, 0, 1), (2026, 2): Asked(standards=3)}
    assert asked[school] == {quarter: Asked(4, 4 + 3, 0, 1)}
    assert asked[money] == {quarter: Asked(plan=4)}
    assert {unit: asked[unit] for unit in (industry, civil)} == {
        unit: burden(year.list.pk, unit)[unit] for unit in (industry, civil)
    }
    assert led_tasks(year.list.pk) == {industry: 1, school: 1, civil: 1}


def test_an_exempt_row_is_no_burden():
    year = small_year("opened")
    row = year.row("1")
    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="exempt",
        reason="已有数据",
        by=CONSOLE,
        now=moment(4, 1),
    )

    assert burden(year.list.pk)[row.unit_id][2026, 1] == Asked(plan=7)


def test_period_of_a_list_not_issued_asks_nothing_and_is_not_opened():
    year = small_year("assigned")

    with pytest.raises(Conflict):
        opened_again(year)

    assert Period.objects.count() == 0


def test_draft_is_kept_changed_and_guarded_by_its_revision():
    year = small_year("drafted")
    row = year.row("3")
    values = {"progress": "新的进展"}

    with pytest.raises(Conflict):
        save_drafts(
            period=year.period, unit=row.unit_id, entries=[Entry(row.pk, 0, values)], by=CONSOLE, now=NOW
        )
    changed = save_drafts(
        period=year.period, unit=row.unit_id, entries=[Entry(row.pk, 1, values)], by=CONSOLE, now=NOW
    )
    same = save_drafts(
        period=year.period, unit=row.unit_id, entries=[Entry(row.pk, 1, values)], by=CONSOLE, now=NOW
    )

    draft = Draft.objects.get()
    assert (changed, same, draft.progress, draft.problem, draft.revision) == (1, 0, "新的进展", "", 2)


@pytest.mark.parametrize(
    ("values", "no_change", "refusal"),
    [({"progress": "进" * 151}, False, Invalid), ({"next_step": "下" * 201}, False, Invalid)],
)
def test_draft_too_long_says_so_and_is_not_cut(values, no_change, refusal):
    year = small_year("opened")
    row = year.row("3")

    with pytest.raises(refusal) as found:
        save_drafts(
            period=year.period,
            unit=row.unit_id,
            entries=[Entry(row.pk, 0, values, no_change)],
            by=CONSOLE,
            now=NOW,
        )

    assert found.value.message.params["length"] in (151, 201)
    assert Draft.objects.count() == 0


def test_text_with_a_mark_of_classified_matter_is_not_kept_even_as_a_draft():
    year = small_year("opened")
    row = year.row("3")
    entries = [Entry(row.pk, 0, {"progress": "机密★10年"})]

    with pytest.raises(Invalid) as refused:
        save_drafts(period=year.period, unit=row.unit_id, entries=entries, by=CONSOLE, now=NOW)

    assert refused.value.message.code == "secrecy.mark"
    assert Draft.objects.count() == 0


def test_sending_makes_reports_of_drafts_and_a_return_asks_for_a_further_one():
    year = small_year("sent")
    row = year.row("3")
    before = last_seq()

    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="return",
        reason="照抄上期",
        by=CONSOLE,
        now=NOW,
    )
    drafted(year, progress="已补充")
    sent(year)

    reports = Report.objects.order_by("ordinal").values_list("ordinal", "progress", "value", "on_behalf")
    assert [(o, p, int(v), b) for o, p, v, b in reports] == [(1, PROGRESS, 20, True), (2, "已补充", 20, True)]
    row = year.row("3")
    assert (row.state, row.reason, row.current.ordinal, Draft.objects.count()) == ("sent", "", 2, 0)
    assert kinds_since(before) == ["report.return", "report.sent"]


def test_empty_rows_are_not_sent_and_no_change_is_a_report():
    year = small_year("opened")
    row = year.row("3")
    unit = row.unit_id

    with pytest.raises(Invalid):
        send_sheet(period=year.period, unit=unit, channel="page", by=CONSOLE, now=NOW)
    save_drafts(
        period=year.period, unit=unit, entries=[Entry(row.pk, 0, {"problem": "缺地"})], by=CONSOLE, now=NOW
    )
    with pytest.raises(Invalid):
        send_sheet(period=year.period, unit=unit, channel="page", by=CONSOLE, now=NOW)
    save_drafts(
        period=year.period, unit=unit, entries=[Entry(row.pk, 1, {}, no_change=True)], by=CONSOLE, now=NOW
    )
    found = send_sheet(period=year.period, unit=unit, channel="page", by=CONSOLE, now=NOW)

    assert (found, Report.objects.get().no_change, year.row("3").state) == (1, True, "sent")


def test_review_is_all_or_nothing_and_wants_the_revision_it_saw():
    year = small_year("sent")
    row, other = year.row("3"), year.row("1")

    for rows, action, reason, refusal in (
        ({row.pk: row.revision, other.pk: other.revision}, "accept", "", Conflict),
        ({row.pk: row.revision - 1}, "accept", "", Conflict),
        ({row.pk: row.revision}, "return", " ", Invalid),
        ({row.pk: row.revision, 999999: 1}, "accept", "", Invalid),
    ):
        with pytest.raises(refusal):
            review(period=year.period, rows=rows, action=action, reason=reason, by=CONSOLE, now=NOW)

    assert year.row("3").state == "sent"
    assert review(period=year.period, rows={row.pk: row.revision}, action="accept", by=CONSOLE, now=NOW) == 1


def test_accepted_report_is_reopened_with_a_reason():
    year = small_year("reviewed")
    row = year.row("3")

    with pytest.raises(Invalid):
        review(period=year.period, rows={row.pk: row.revision}, action="reopen", by=CONSOLE, now=NOW)
    review(
        period=year.period,
        rows={row.pk: row.revision},
        action="reopen",
        reason="数字有误",
        by=CONSOLE,
        now=NOW,
    )

    assert (year.row("3").state, year.row("3").reason) == ("returned", "数字有误")


def test_closed_period_takes_no_more_and_reopens():
    year = small_year("opened")
    row = year.row("3")
    entries = [Entry(row.pk, 0, {"progress": "迟到"})]

    move_period(period=year.period, action="close", by=CONSOLE, now=NOW)
    with pytest.raises(Conflict):
        save_drafts(period=year.period, unit=row.unit_id, entries=entries, by=CONSOLE, now=NOW)
    with pytest.raises(Conflict):
        move_period(period=year.period, action="close", by=CONSOLE, now=NOW)
    move_period(period=year.period, action="reopen", by=CONSOLE, now=NOW)

    assert save_drafts(period=year.period, unit=row.unit_id, entries=entries, by=CONSOLE, now=NOW) == 1


def test_signature_on_paper_stands_for_the_rows_sent_and_an_older_print_is_refused():
    year = small_year("opened")
    unit = year.row("3").unit_id
    signature = Signature("paper", "王某", date(2026, 4, 2), "民函〔2026〕1号")

    with pytest.raises(Conflict):
        sign_off(period=year.period, unit=unit, signature=signature, by=CONSOLE, now=NOW)
    drafted(year)
    sent(year)
    old, rows = check_code(year.period, unit)
    row = year.row("3")
    review(
        period=year.period, rows={row.pk: row.revision}, action="return", reason="补充", by=CONSOLE, now=NOW
    )
    drafted(year, progress="再报")
    sent(year)
    code, _ = check_code(year.period, unit)
    with pytest.raises(Conflict):
        sign_off(
            period=year.period, unit=unit, by=CONSOLE, now=NOW,
            signature=Signature("paper", "王某", date(2026, 4, 2), check_code=old),
        )  # fmt: skip
    sign_off(
        period=year.period, unit=unit, by=CONSOLE, now=NOW,
        signature=Signature(
            "paper",
            "王某",
            date(2026, 4, 2),
            check_code=code.lower(),
            scan=read_scan("审签单.pdf", b"%PDF-1.4"),
        ),
    )  # fmt: skip

    assert (rows, old != code) == (1, True)
    assert SignOff.objects.values_list("signer", "rows", "kind").get() == ("王某", 1, "paper")


def test_who_may_open_report_and_sign():
    year = small_year("sent")
    unit, other = year.unit("市民政局"), year.unit("市财政局")
    liaison, principal = someone(PostRole.LIAISON, unit), someone(PostRole.PRINCIPAL, unit)
    stranger = someone(PostRole.LIAISON, other)
    code, _ = check_code(year.period, unit.pk)
    click = Signature("click", "王某", date(2026, 4, 2), check_code=code)

    for by in (liaison, principal, stranger):
        with pytest.raises(NotAllowed):
            move_period(period=year.period, action="close", by=by, now=NOW)
        with pytest.raises(NotAllowed):
            review(period=year.period, rows={}, action="accept", by=by, now=NOW)
    with pytest.raises(NotAllowed):
        send_sheet(period=year.period, unit=unit.pk, channel="page", by=stranger, now=NOW)
    for by in (liaison, stranger):
        with pytest.raises(NotAllowed):
            sign_off(period=year.period, unit=unit.pk, signature=click, by=by, now=NOW)

    assert sign_off(period=year.period, unit=unit.pk, signature=click, by=principal, now=NOW).kind == "click"


def test_period_page_counts_units_by_what_they_owe():
    year = small_year("sent")
    office = someone(PostRole.SUPERVISOR, year.government)
    own = someone(PostRole.LIAISON, year.unit("市民政局"))
    stranger = someone(PostRole.LIAISON, year.unit("市公安局"))

    rows = unit_rows(year.period, office)

    assert [(row.name, row.asked, row.reported, row.missing, row.state, row.contact) for row in rows] == [
        ("市教育局", 1, 0, 1, "owed", "孙某某"),
        ("市工业和信息化局", 1, 0, 1, "owed", "孙某某"),
        ("市民政局", 1, 1, 0, "sent", "孙某某"),
    ]
    assert [(r.key, r.asked, r.reported, r.missing) for r in periods_of(year.list.pk, office)] == [
        ("2026-03", 3, 1, 2)
    ]
    assert [row.name for row in unit_rows(year.period, own)] == ["市民政局"]
    assert unit_rows(year.period, stranger) == []


def test_sheet_row_knows_target_node_and_last_words_in_a_constant_number_of_queries(
    django_assert_num_queries,
):
    year = small_year("reviewed")
    office = someone(PostRole.SUPERVISOR, year.government)

    with django_assert_num_queries(4):
        rows = sheet_rows(year.period, office)

    [row] = [row for row in rows if row.key == "3"]
    assert (row.year_target, row.node, row.now.progress, row.now.value, row.state) == (
        "100家", "25家", PROGRESS, "20家", "accepted",
    )  # fmt: skip
    assert row.last.anything is False


def test_no_change_carries_on_what_was_said_before():
    year = small_year("reviewed")
    spec = period_of("2026-04")
    days = (date(2026, 4, 28), date(2026, 5, 8), date(2026, 5, 12))
    year.period = open_period(
        task_list=year.list, spec=spec, days=days, lagging=frozenset(), by=CONSOLE, now=moment(4, 28)
    )
    row = year.row("3")
    entries = [Entry(row.pk, 0, {}, no_change=True)]
    save_drafts(period=year.period, unit=row.unit_id, entries=entries, by=CONSOLE, now=moment(4, 29))
    send_sheet(period=year.period, unit=row.unit_id, channel="page", by=CONSOLE, now=moment(4, 29))

    said = last_reports([row.task_id])[row.task_id]

    assert (said.period, said.no_change, said.progress, said.value) == ("2026-04", True, PROGRESS, "20家")
