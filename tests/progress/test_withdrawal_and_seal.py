from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.building import kinds_since, last_seq, someone
from tests.building_year import PROGRESS, moment, sent, small_year

from duban.documents.operations import read_scan
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.lights import Light
from duban.domain.posts import CONSOLE, PostRole
from duban.progress.models import Draft, SignOff
from duban.progress.operations import (
    Signature,
    check_code,
    move_period,
    review,
    sign_off,
    withdraw,
)
from duban.progress.queries import last_reports
from duban.supervision.models import Contact, Standing, Verdict
from duban.supervision.operations import Ruling, determine, note_contact, patrol

pytestmark = pytest.mark.django_db
NOW = moment(4, 3)


def taken_back(year, row, by=CONSOLE, revision=None):
    seen = {row.pk: row.revision if revision is None else revision}
    return withdraw(period=year.period, unit=row.unit_id, rows=seen, by=by, now=NOW)


def test_what_was_sent_comes_back_as_a_draft_and_is_sent_again_as_a_further_report():
    year = small_year("sent")
    row, before = year.row("3"), last_seq()
    code, _ = check_code(year.period, row.unit_id)

    count = taken_back(year, row)
    after = year.row("3")
    draft = Draft.objects.get(obligation=row)
    silent = check_code(year.period, row.unit_id)
    shown = last_reports([row.task_id])
    sent(year)
    again = year.row("3")

    assert count == 1
    assert (after.state, after.sent_on, after.revision) == ("owed", None, row.revision + 1)
    assert (draft.progress, draft.value, draft.problem) == (PROGRESS, "20家", "用地尚未落实")
    assert silent[1] == 0
    assert shown == {}
    assert kinds_since(before) == ["report.withdraw", "report.sent"]
    assert (again.state, again.current.ordinal) == ("sent", 2)
    assert check_code(year.period, row.unit_id)[0] != code


def test_only_what_waits_for_review_is_taken_back_by_its_own_unit_from_the_page_of_today():
    year = small_year("sent")
    row = year.row("3")
    stranger = someone(PostRole.LIAISON, year.unit("市教育局"))

    with pytest.raises(NotAllowed):
        taken_back(year, row, by=stranger)
    with pytest.raises(Conflict):
        taken_back(year, row, revision=row.revision - 1)
    with pytest.raises(Invalid):
        withdraw(period=year.period, unit=row.unit_id, rows={10**9: 1}, by=CONSOLE, now=NOW)
    review(period=year.period, rows={row.pk: row.revision}, action="accept", by=CONSOLE, now=NOW)
    with pytest.raises(Conflict):
        taken_back(year, year.row("3"))

    assert Draft.objects.count() == 0


def test_sealed_period_takes_nothing_of_any_kind():
    year = small_year("determined")
    row = year.row("1")
    for action in ("close", "seal"):
        move_period(period=year.period, action=action, by=CONSOLE, now=moment(4, 15))
    now, before = moment(4, 16), last_seq()
    code, _ = check_code(year.period, year.row("3").unit_id)
    signature = Signature("paper", "孙某某", now.date(), check_code=code)
    act = {"period": year.period, "by": CONSOLE, "now": now}

    with pytest.raises(Conflict):
        review(rows={row.pk: row.revision}, action="exempt", reason="撤销", **act)
    with pytest.raises(Conflict):
        sign_off(unit=year.row("3").unit_id, signature=signature, **act)
    with pytest.raises(Conflict):
        note_contact(units=[row.unit_id], kind="remind", channel="phone", **act)
    with pytest.raises(Conflict):
        determine(rulings=[Ruling(row.task_id, Light.NORMAL, "进展正常")], **act)
    with pytest.raises(Conflict):
        patrol(task_list=year.list, on=now.date(), **act)

    assert last_seq() == before


def test_same_signature_again_is_the_one_that_stands_and_a_click_needs_its_code():
    year = small_year("sent")
    unit = year.row("3").unit
    head = someone(PostRole.PRINCIPAL, unit)
    code, _ = check_code(year.period, unit.pk)

    def signed(given: str) -> SignOff:
        signature = Signature("click", "孙某某", NOW.date(), check_code=given)
        return sign_off(period=year.period, unit=unit.pk, signature=signature, by=head, now=NOW)

    with pytest.raises(Conflict):
        signed("")
    first, second = signed(code), signed(code)

    assert first.pk == second.pk
    assert SignOff.objects.count() == 1


def test_older_day_never_replaces_a_newer_view_and_no_day_to_come_is_judged():
    year = small_year("judged")
    before = list(Standing.objects.order_by("task").values_list("verdict_id", flat=True))
    newest = Verdict.objects.latest("on").on
    act = {"task_list": year.list, "period": year.period, "by": CONSOLE, "now": moment(4, 14)}

    with pytest.raises(Conflict):
        patrol(on=newest - timedelta(days=1), **act)
    with pytest.raises(Invalid):
        patrol(on=moment(4, 15).date(), **act)

    assert list(Standing.objects.order_by("task").values_list("verdict_id", flat=True)) == before


def test_determination_is_refused_where_somebody_determined_since_it_was_written():
    year = small_year("judged")
    standing = Standing.objects.select_related("verdict").get(task=year.task("1"))
    mine = Ruling(standing.task_id, Light(standing.verdict.light), "按系统研判。", seen=0)
    theirs = Ruling(standing.task_id, Light.WARNING, "现场核查，进度偏慢。", "现场核查", seen=0)
    act = {"period": year.period, "by": CONSOLE, "now": moment(4, 14)}

    determine(rulings=[theirs], **act)
    with pytest.raises(Conflict):
        determine(rulings=[mine], **act)
    standing.refresh_from_db()
    determine(rulings=[replace(mine, seen=standing.determination_id)], **act)
    standing.refresh_from_db()

    assert standing.determination.sentence == "按系统研判。"


@pytest.mark.parametrize("sentence", ["", " \u200b\n", "长" * 301])
def test_determination_needs_a_sentence_that_is_neither_empty_nor_cut(sentence):
    year = small_year("judged")
    standing = Standing.objects.select_related("verdict").get(task=year.task("1"))
    ruling = Ruling(standing.task_id, Light(standing.verdict.light), sentence)

    with pytest.raises(Invalid):
        determine(period=year.period, rulings=[ruling], by=CONSOLE, now=moment(4, 14))


def test_determination_keeps_no_hidden_characters():
    year = small_year("judged")
    standing = Standing.objects.select_related("verdict").get(task=year.task("1"))
    ruling = Ruling(standing.task_id, Light(standing.verdict.light), "进展\x00正常\x07。\u202e")

    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=moment(4, 14))
    standing.refresh_from_db()

    assert standing.determination.sentence == "进展正常。"


def test_contact_that_comes_twice_is_one_contact():
    year = small_year("opened")
    unit = year.row("1").unit_id
    act = {"period": year.period, "kind": "urge_report", "channel": "phone", "note": "已接听", "by": CONSOLE}

    first = note_contact(units=[unit, unit], now=NOW, **act)
    again = note_contact(units=[unit], now=NOW + timedelta(seconds=20), **act)
    later = note_contact(units=[unit], now=NOW + timedelta(minutes=5), **act)

    assert (first, again, later) == (1, 0, 1)
    assert Contact.objects.count() == 2


def test_withdrawn_report_is_nobodys_current_one_and_nothing_is_out_of_joint():
    from duban.progress.projections import projection_faults
    from duban.progress.sheet_queries import sheet_rows

    year = small_year("sent")
    office = someone(PostRole.SUPERVISOR, year.government)
    taken_back(year, year.row("3"))
    [row] = [row for row in sheet_rows(year.period, office) if row.key == "3"]
    faults = projection_faults()
    owed = year.row("3")
    review(
        period=year.period, rows={owed.pk: owed.revision}, action="exempt", reason="撤销", by=CONSOLE, now=NOW
    )

    assert (row.now.anything, row.now.on_behalf, faults) == (False, False, [])
    assert check_code(year.period, owed.unit_id)[1] == 0
    assert projection_faults() == []


def test_other_scan_under_the_same_words_is_another_registration():
    year = small_year("sent")
    unit = year.row("3").unit_id

    def registered(scan: bytes) -> SignOff:
        signature = Signature("paper", "孙某某", NOW.date(), "云民〔2026〕8号", read_scan("审签单.pdf", scan))
        return sign_off(period=year.period, unit=unit, signature=signature, by=CONSOLE, now=NOW)

    first, again, other = registered(b"%PDF-1"), registered(b"%PDF-1"), registered(b"%PDF-2")

    assert (first.pk, again.pk) == (first.pk, first.pk)
    assert other.pk != first.pk
