from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from tests.building import another_city, kinds_since, last_seq, someone
from tests.building_year import Year, judged, moment, small_year

from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.lights import Light
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Event
from duban.progress.operations import move_period
from duban.supervision.consultation import (
    Answer,
    Protest,
    answer_objection,
    consultation_of,
    consultation_rows,
    object_to,
    open_consultation,
    open_objections,
    refusal_to_seal,
)
from duban.supervision.models import ConsultationDraft, ConsultationRow, Determination, Objection
from duban.supervision.operations import Ruling, determine

pytestmark = pytest.mark.django_db

MISSING = ("missing", "应于4月8日前报送，已逾期 5 天，尚未报送。")
SENT, LAST, AFTER = moment(4, 14), moment(4, 16), moment(4, 17)


def sent_to_units() -> tuple[Year, ConsultationDraft]:
    year = small_year("determined")
    return year, open_consultation(period=year.period, by=CONSOLE, now=SENT)


def row_of(key: str) -> ConsultationRow:
    return ConsultationRow.objects.select_related("draft").get(task__key=key)


def liaison(year: Year, name: str = "市教育局"):
    return someone(PostRole.LIAISON, year.unit(name))


def objected(year: Year, key: str = "2") -> Objection:
    return object_to(row=row_of(key), protest=Protest("已于4月10日补报"), by=liaison(year), now=LAST)


def refusal(error: type[Exception], act) -> str:
    with pytest.raises(error) as caught:
        act()
    return caught.value.message.code


def test_every_lead_is_sent_the_light_and_the_sentence_that_were_determined():
    year, before = small_year("determined"), last_seq()
    third = Determination.objects.get(task__key="3")

    draft = open_consultation(period=year.period, by=CONSOLE, now=SENT)

    rows = ConsultationRow.objects.order_by("task__ordinal").select_related("unit", "task", "determination")
    assert [(row.task.key, row.unit.name, row.light, row.sentence) for row in rows] == [
        ("1", "市工业和信息化局", *MISSING),
        ("2", "市教育局", *MISSING),
        ("3", "市民政局", third.light, third.sentence),
    ]
    assert all(row.determination.task_id == row.task_id for row in rows)
    assert (draft.opened_on, draft.until_on) == (date(2026, 4, 14), date(2026, 4, 16))
    assert kinds_since(before) == ["consultation.opened"]


def test_the_two_days_are_working_days():
    year = small_year("determined")

    draft = open_consultation(period=year.period, by=CONSOLE, now=moment(4, 30))

    assert draft.until_on == date(2026, 5, 7)


def test_the_newest_determination_is_sent():
    year = small_year("determined")
    ruling = Ruling(year.task("3").pk, Light.WARNING, "进度偏慢。", "实地核查")
    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=SENT)

    open_consultation(period=year.period, by=CONSOLE, now=SENT)

    assert (row_of("3").light, row_of("3").sentence) == ("warning", "进度偏慢。")


def test_a_second_call_sends_nothing_again():
    year, draft = sent_to_units()
    before = last_seq()

    again = open_consultation(period=year.period, by=CONSOLE, now=AFTER)

    assert (again, again.until_on, last_seq()) == (draft, draft.until_on, before)


def test_nothing_is_sent_while_a_judged_task_is_not_determined():
    year = small_year("judged")
    ruling = Ruling(year.task("3").pk, Light.NORMAL, "正常推进。")
    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=SENT)

    with pytest.raises(Conflict) as refused:
        open_consultation(period=year.period, by=CONSOLE, now=SENT)

    assert (refused.value.message.code, refused.value.message.params) == (
        "consultation.not_determined",
        {"count": 2},
    )
    assert consultation_of(year.period) is None


def test_a_period_that_was_never_judged_has_nothing_to_send():
    year = small_year("sent")

    code = refusal(Conflict, lambda: open_consultation(period=year.period, by=CONSOLE, now=SENT))

    assert code == "consultation.no_task_led"


def test_only_the_office_sends_and_answers():
    year, _ = sent_to_units()
    objection, by = objected(year), liaison(year)
    answer = Answer(upheld=False, reason="以统计口径为准")

    codes = [
        refusal(NotAllowed, lambda: open_consultation(period=year.period, by=by, now=SENT)),
        refusal(
            NotAllowed,
            lambda: answer_objection(objection=objection, revision=1, answer=answer, by=by, now=LAST),
        ),
    ]

    assert codes == ["consultation.office_only"] * 2


def test_each_post_sees_its_own_rows_the_office_all_and_nobody_else_any():
    year, _ = sent_to_units()
    seen = {
        role: ConsultationRow.objects.visible_to(someone(role, year.government)).count()
        for role in (PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR, PostRole.CITY_LEADER, PostRole.AUDITOR)
    }
    unit = ConsultationRow.objects.visible_to(liaison(year)).values_list("task__key", flat=True)
    elsewhere = another_city()

    assert seen == {
        PostRole.SUPERVISOR: 3, PostRole.OFFICE_DIRECTOR: 3, PostRole.CITY_LEADER: 0, PostRole.AUDITOR: 0,
    }  # fmt: skip
    assert list(unit) == ["2"]
    assert not ConsultationRow.objects.visible_to(someone(PostRole.SUPERVISOR, elsewhere)).exists()
    assert not ConsultationRow.objects.visible_to(
        someone(PostRole.LIAISON, elsewhere.units.get(name="市教育局"))
    ).exists()


def test_a_unit_objects_to_its_own_row_once_until_the_last_day():
    year, _ = sent_to_units()
    before = last_seq()

    objection = objected(year)

    happened = kinds_since(before)
    again = refusal(Conflict, lambda: objected(year))
    kept = Objection.objects.get()
    assert (kept.text, kept.kind, kept.state, kept.revision) == ("已于4月10日补报", "page", "open", 1)
    assert (objection.row.task.key, again) == ("2", "consultation.objected_already")
    assert happened == ["post.filled", "consultation.objected"]
    assert "已于4月10日补报" in Event.objects.get(kind="consultation.objected").body


def test_nobody_objects_for_another_unit_and_the_office_only_on_paper():
    year, _ = sent_to_units()
    protest, paper = Protest("不实"), Protest("不实", "paper", "周某某", date(2026, 4, 15))

    codes = [
        refusal(NotAllowed, lambda: object_to(row=row_of("3"), protest=protest, by=liaison(year), now=SENT)),
        refusal(NotAllowed, lambda: object_to(row=row_of("3"), protest=protest, by=CONSOLE, now=SENT)),
        refusal(NotAllowed, lambda: object_to(row=row_of("2"), protest=paper, by=liaison(year), now=SENT)),
    ]

    assert codes == [
        "consultation.unit_objects",
        "consultation.unit_objects",
        "consultation.office_registers",
    ]


def test_after_the_last_day_objections_are_refused_with_the_day():
    year, _ = sent_to_units()

    with pytest.raises(Conflict) as refused:
        object_to(row=row_of("2"), protest=Protest("不实"), by=liaison(year), now=AFTER)

    assert str(refused.value) == "核对截止日为4月16日，已过期，不再受理异议。"


def test_a_paper_dated_within_the_days_is_registered_after_them():
    sent_to_units()
    paper = Protest("不实", "paper", "周某某", date(2026, 4, 16), "云教函〔2026〕8号")

    object_to(row=row_of("2"), protest=paper, by=CONSOLE, now=AFTER)

    kept = Objection.objects.values_list("kind", "signer", "signed_on", "number").get()
    assert kept == ("paper", "周某某", date(2026, 4, 16), "云教函〔2026〕8号")


@pytest.mark.parametrize(
    ("paper", "now", "error", "code"),
    [
        (Protest("不实", "paper", "周某某", date(2026, 4, 17)), AFTER, Conflict, "consultation.paper_day"),
        (Protest("不实", "paper", "周某某", date(2026, 4, 13)), AFTER, Conflict, "consultation.paper_day"),
        (Protest("不实", "paper", "周某某", date(2026, 4, 16)), SENT, Conflict, "consultation.paper_day"),
        (Protest("不实", "paper", " ", date(2026, 4, 16)), AFTER, Invalid, "consultation.paper_incomplete"),
        (Protest("不实", "paper", "周某某"), AFTER, Invalid, "consultation.paper_incomplete"),
        (Protest(" ", "paper", "周某某", date(2026, 4, 16)), AFTER, Invalid, "consultation.text_needed"),
        (Protest("长" * 301, "paper", "周某某", date(2026, 4, 16)), AFTER, Invalid, "consultation.too_long"),
    ],
)
def test_a_paper_is_dated_within_the_days_and_complete(paper, now, error, code):
    sent_to_units()

    found = refusal(error, lambda: object_to(row=row_of("2"), protest=paper, by=CONSOLE, now=now))

    assert (found, Objection.objects.count()) == (code, 0)


def test_marked_text_is_not_kept():
    year, _ = sent_to_units()

    refusal(
        Invalid,
        lambda: object_to(row=row_of("2"), protest=Protest("机密★三年 见附件"), by=liaison(year), now=SENT),
    )

    assert not Objection.objects.exists()
    answer = Answer(upheld=False, reason="机密★三年 见附件")
    act = {"objection": objected(year), "revision": 1, "answer": answer, "by": CONSOLE, "now": LAST}
    refusal(Invalid, lambda: answer_objection(**act))
    assert Objection.objects.get().state == "open"


def test_an_objection_upheld_determines_the_task_anew_with_its_reason():
    year, _ = sent_to_units()
    objection, before = objected(year), last_seq()

    answer_objection(
        objection=objection,
        revision=1,
        answer=Answer(upheld=True, reason="已补报，经核实", light="normal", sentence="已补报，达序时。"),
        by=CONSOLE,
        now=AFTER,
    )

    objection.refresh_from_db()
    newest = Determination.objects.filter(task=objection.row.task).order_by("seq").last()
    assert (newest.light, newest.sentence, newest.reason) == ("normal", "已补报，达序时。", "已补报，经核实")
    assert (objection.state, objection.answer, objection.revision) == ("upheld", "已补报，经核实", 2)
    assert (row_of("2").light, row_of("2").sentence) == MISSING
    assert kinds_since(before) == ["task.determined", "consultation.answered"]
    [shown] = consultation_rows(consultation_of(year.period), liaison(year))
    assert (shown.state, shown.since) == ("upheld", newest)


def test_an_objection_dismissed_leaves_the_determination():
    year, _ = sent_to_units()
    objection, before = objected(year), Determination.objects.count()

    answer_objection(
        objection=objection,
        revision=1,
        answer=Answer(upheld=False, reason="逾期属实"),
        by=CONSOLE,
        now=AFTER,
    )

    objection.refresh_from_db()
    assert (objection.state, objection.answer, Determination.objects.count()) == (
        "dismissed",
        "逾期属实",
        before,
    )


UPHELD = {"upheld": True, "reason": "经核实"}


@pytest.mark.parametrize(
    ("answer", "revision", "error", "code"),
    [
        (Answer(upheld=False, reason=" "), 1, Invalid, "consultation.answer_needed"),
        (Answer(upheld=False, reason="长" * 201), 1, Invalid, "consultation.too_long"),
        (Answer(**UPHELD, light="purple", sentence="好。"), 1, Invalid, "consultation.no_light"),
        (Answer(**UPHELD, light="normal", sentence=""), 1, Invalid, "consultation.nothing_changed"),
        (Answer(**UPHELD, light="normal", sentence="长" * 301), 1, Invalid, "consultation.too_long"),
        (
            Answer(**UPHELD, light=MISSING[0], sentence=MISSING[1]),
            1,
            Invalid,
            "consultation.nothing_changed",
        ),
        (Answer(upheld=False, reason="逾期属实"), 2, Conflict, "consultation.changed_meanwhile"),
    ],
)
def test_an_answer_has_its_reason_and_what_is_upheld_changes_something(answer, revision, error, code):
    year, _ = sent_to_units()
    objection, before = objected(year), Determination.objects.count()

    found = refusal(
        error,
        lambda: answer_objection(
            objection=objection, revision=revision, answer=answer, by=CONSOLE, now=AFTER
        ),
    )

    assert (found, Objection.objects.get().state, Determination.objects.count()) == (code, "open", before)


def test_an_objection_is_answered_once():
    year, _ = sent_to_units()
    objection = objected(year)
    act = {"answer": Answer(upheld=False, reason="逾期属实"), "by": CONSOLE, "now": AFTER}
    answer_objection(objection=objection, revision=1, **act)

    code = refusal(Conflict, lambda: answer_objection(objection=objection, revision=2, **act))

    assert code == "consultation.already_answered"


def test_a_period_is_sealed_after_the_days_and_with_every_objection_answered():
    year, _ = sent_to_units()
    objection = objected(year)
    during = (open_objections(year.period), refusal_to_seal(year.period, date(2026, 4, 17)).code)
    answer = Answer(upheld=False, reason="逾期属实")

    answer_objection(objection=objection, revision=1, answer=answer, by=CONSOLE, now=LAST)

    assert during == (1, "consultation.objections_open")
    assert open_objections(year.period) == 0
    assert refusal_to_seal(year.period, date(2026, 4, 16)).code == "consultation.under_way"
    assert refusal_to_seal(year.period, date(2026, 4, 17)) is None


def test_a_period_without_consultation_may_be_sealed():
    year = small_year("determined")

    assert (open_objections(year.period), refusal_to_seal(year.period, date(2026, 4, 14))) == (0, None)


def test_a_sealed_period_takes_no_objection_and_is_not_sent():
    year, _ = sent_to_units()
    for action in ("close", "seal"):
        move_period(period=year.period, action=action, by=CONSOLE, now=AFTER)

    code = refusal(Conflict, lambda: objected(year))

    assert code == "consultation.period_sealed"


def test_a_sealed_period_is_not_sent_to_units():
    year = small_year("determined")
    for action in ("close", "seal"):
        move_period(period=year.period, action=action, by=CONSOLE, now=AFTER)

    code = refusal(Conflict, lambda: open_consultation(period=year.period, by=CONSOLE, now=AFTER))

    assert code == "consultation.period_sealed"


def test_what_was_determined_anew_meanwhile_is_shown_beside_what_was_sent():
    year, draft = sent_to_units()
    judged(year)
    ruling = Ruling(year.task("3").pk, Light.WARNING, "进度偏慢。", "实地核查")
    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=LAST)

    shown = consultation_rows(draft, someone(PostRole.SUPERVISOR, year.government))

    assert [(s.row.task.key, s.since.sentence if s.since else "") for s in shown] == [
        ("2", ""),
        ("1", ""),
        ("3", "进度偏慢。"),
    ]


def test_the_rows_of_all_units_need_two_queries(django_assert_num_queries):
    year, draft = sent_to_units()
    office = someone(PostRole.SUPERVISOR, year.government)

    with django_assert_num_queries(2):
        names = [
            s.row.unit.name + s.row.task.current.number + s.state for s in consultation_rows(draft, office)
        ]

    assert len(names) == 3


@pytest.mark.parametrize(
    "values",
    [
        {"text": ""},
        {"kind": "mail"},
        {"kind": "paper"},
        {"state": "lost"},
        {"state": "upheld"},
        {"answer": "答复"},
    ],
)
def test_the_database_refuses_what_no_objection_is(values):
    year, _ = sent_to_units()
    objection = objected(year)

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(**values)


def test_rows_are_append_only_in_the_database():
    sent_to_units()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE supervision_consultationrow SET sentence = 'x'")
