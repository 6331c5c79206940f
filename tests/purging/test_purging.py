"""涉密误传处置 of rows and documents: two persons, every copy gone, the chain sound."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from tests.building import CONSOLE, NOW, someone
from tests.building_papers import drafted, instruction_of, moved, part_given, problem_of, year_of_papers
from tests.building_year import moment, small_year

from duban.coordination.items import ItemEntry, add_items
from duban.coordination.models import Problem
from duban.coordination.operations import PaperEntry, register_paper
from duban.documents.models import SourceDocument
from duban.documents.operations import read_scan
from duban.domain.errors import DomainError
from duban.domain.posts import PostRole
from duban.domain.words import WORDS as WORDS_OF
from duban.history.models import Event, Payload, Purge, PurgedText
from duban.history.operations import PURGED, Place, blank
from duban.history.presenters import lines
from duban.history.queries import verify
from duban.history.triggers import check_triggers
from duban.progress.models import Report, SignOff
from duban.progress.operations import Signature, sign_off
from duban.publishing.assembly_units import plan_papers, write_paper
from duban.publishing.models import Snapshot
from duban.publishing.operations import freeze
from duban.publishing.queries import sheet_of
from duban.publishing.verifying import Outcome
from duban.publishing.verifying import verify as verify_paper
from duban.purging.kinds import BY_CODE, KINDS
from duban.purging.operations import purge_document, purge_thing
from duban.purging.queries import found, thing_at, waiting
from duban.purging.wordings import EVENT
from duban.supervision.consultation import Protest, object_to, open_consultation
from duban.supervision.models import Contact, Determination
from duban.supervision.models_consultation import ConsultationRow
from duban.supervision.operations import Ruling, determine, note_contact

pytestmark = pytest.mark.django_db
WORDS = "某处设施坐标及调度安排"
CODES = {  # columns that hold no words of a person: names of enums, keys, hashes; or names kept by the directory
    "actor", "kind", "state", "channel", "check_code", "stage", "light", "code", "rule_version", "level", "how", "manner",
    "nature", "rhythm", "basis_kind", "approver_role", "approval", "decided_by", "key",
}  # fmt: skip


def purgers(year):
    return [someone(role, year.government) for role in (PostRole.SUPERVISOR, PostRole.SECURITY_ADMIN)]


def purged(year, subject: str) -> None:
    for by in purgers(year):
        thing = thing_at(subject, year.government.pk)
        purge_thing(thing=thing, reason="误传", by=by, now=moment(4, 18))


def refused(act) -> str:
    with pytest.raises(DomainError) as caught, transaction.atomic():
        act()
    return caught.value.message.code


def places_of(words: str) -> list[str]:
    """Every column of every table that still holds the words, and every payload."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                values = model._base_manager.values_list(field.attname, flat=True)
                if any(
                    words in (v if isinstance(v, str) else json.dumps(v, ensure_ascii=False))
                    for v in values
                    if v
                ):
                    found.append(f"{model._meta.label}.{field.name}")
    if any(words.encode() in bytes(row.content) for row in Payload.objects.exclude(content=None)):
        found.append("payload")
    return found


def reported():
    """A report with the words, taken up as a problem, determined with them, and frozen."""
    from tests.building_year import determined, drafted, judged, opened, reviewed, sent

    year = small_year("planned")
    opened(year)
    drafted(year, progress=f"{WORDS}，已完成。", problem=WORDS, next_step=WORDS)
    sent(year)
    reviewed(year)
    judged(year)
    determined(year)
    return year


def test_a_purged_report_is_gone_everywhere_and_the_chain_stays_sound():
    year = reported()
    problem_of(year)
    freeze(period=year.period, by=CONSOLE, now=moment(4, 17))
    before = places_of(WORDS)

    purged(year, f"report:{Report.objects.get(obligation__task__key='3').pk}")

    row = Report.objects.get(obligation__task__key="3")
    assert "payload" in before
    assert {"progress.Report.progress", "coordination.Problem.text", "history.Event.body"} <= set(before)
    assert places_of(WORDS) == []
    assert (row.progress, row.problem, row.next_step, row.value_text) == (PURGED,) * 4
    assert verify().faults == ()
    assert check_triggers(databases=["default"]) == []
    newest = lines(Event.objects.order_by("-seq")[:1])
    assert str(newest[0].sentence).startswith("涉密误传处置：文字")
    assert len(lines(Event.objects.all())) == Event.objects.count()
    assert PurgedText.objects.filter(relation="progress_report", key=row.pk).count() == 4
    left = json.loads(Event.objects.get(kind="purge.blanked").body)
    assert {at["at"] for at in left["texts"]} >= {f"progress_report/{row.pk}/progress"}
    assert left["payloads"] == [Snapshot.objects.get().data_id]


def things():
    return {
        "determination": "reason", "contact": "note", "order": "answer", "problem": "cause", "paper": "subject", "item": "what", "part": "text",
        "objection": "text",
    }  # fmt: skip


def registered(name: str, year, act) -> str:
    """A paper, an item of an instruction or a part that says the words; its address."""
    if name == "part":
        return f"part:{part_given(year, WORDS).pk}"
    if name == "paper":
        entry = PaperEntry("request", "1号", date(2026, 4, 17), "市民政局", WORDS)
        return f"paper:{register_paper(task_list=year.list, entry=entry, **act).pk}"
    entries = [ItemEntry(WORDS, year.unit("市民政局"), date(2026, 4, 30))]
    [item] = add_items(paper=instruction_of(year), revision=1, entries=entries, **act)
    return f"item:{item.pk}"


def written(name: str, year) -> str:
    """A row of this kind that says the words; its address."""
    act = {"by": CONSOLE, "now": moment(4, 17)}
    if name == "determination":
        from duban.domain.lights import Light

        ruling = Ruling(year.task("3").pk, Light.LAGGING, "滞后。", WORDS)
        determine(period=year.period, rulings=[ruling], **act)
        return f"determination:{Determination.objects.order_by('-pk')[0].pk}"
    if name == "contact":
        unit = year.unit("市民政局").pk
        note_contact(period=year.period, units=[unit], kind="remind", channel="phone", note=WORDS, **act)
        return f"contact:{Contact.objects.get().pk}"
    if name == "order":
        order = moved(drafted(year), "sign_for")
        from duban.supervision.operations import move_order

        values = {"text": WORDS, "on": date(2026, 4, 17)}
        move_order(order=order, revision=order.revision, action="answer", values=values, **act)
        return f"order:{order.pk}"
    if name == "problem":
        return f"problem:{problem_of(year, cause=WORDS).pk}"
    if name in ("paper", "item", "part"):
        return registered(name, year, act)
    open_consultation(period=year.period, by=CONSOLE, now=moment(4, 15))
    by = someone(PostRole.LIAISON, year.unit("市民政局"))
    row = ConsultationRow.objects.get(task=year.task("3"))
    return f"objection:{object_to(row=row, protest=Protest(WORDS), by=by, now=moment(4, 15)).pk}"


@pytest.mark.parametrize("name", things())
def test_a_single_text_of_every_kind_is_purged(name):
    year = year_of_papers()
    subject = written(name, year)
    freeze(period=year.period, by=CONSOLE, now=moment(4, 17))
    before = places_of(WORDS)

    purged(year, subject)

    kind, row = BY_CODE[name], subject.partition(":")[2]
    assert before
    assert places_of(WORDS) == []
    assert getattr(kind.model.objects.get(pk=row), things()[name]) == PURGED
    assert verify().faults == ()


def test_the_revision_moves_so_that_an_older_page_is_refused():
    year = year_of_papers()
    problem = problem_of(year, cause=WORDS)

    purged(year, f"problem:{problem.pk}")

    before = problem.revision
    problem.refresh_from_db()
    assert problem.revision > before


def test_words_of_another_task_and_short_words_stay():
    year = year_of_papers()
    problem = problem_of(year, cause=WORDS, helper="某局")
    act = {"by": CONSOLE, "now": moment(4, 17)}
    register_paper(
        task_list=year.list, entry=PaperEntry("request", "1号", date(2026, 4, 17), "某局", "请示"), **act
    )
    entry = PaperEntry("request", "2号", date(2026, 4, 17), "丙", WORDS, task=year.task("2"))
    other = register_paper(task_list=year.list, entry=entry, **act)

    purged(year, f"problem:{problem.pk}")

    other.refresh_from_db()
    assert other.subject == WORDS
    assert set(places_of("某局")) >= {"coordination.UpwardPaper.sender"}


def test_a_data_sheet_that_says_the_words_about_another_task_only_stays():
    year = year_of_papers()
    problem = problem_of(year, cause="另外的一句话在此")
    Problem.objects.create(
        task=year.task("2"), unit=problem.unit, text=WORDS, raised_on=problem.raised_on, seq=problem.seq
    )
    snapshot = freeze(period=year.period, by=CONSOLE, now=moment(4, 17))
    entry = PaperEntry("request", "2号", date(2026, 4, 17), "丙", WORDS, task=year.task("1"))
    paper = register_paper(task_list=year.list, entry=entry, by=CONSOLE, now=moment(4, 17))

    purged(year, f"paper:{paper.pk}")

    assert Payload.objects.get(pk=snapshot.data_id).content is not None


def test_short_words_take_the_data_sheet_along_where_they_are_said_about_the_task():
    year = year_of_papers()
    problem = problem_of(year, cause="甲地乙")
    snapshot = freeze(period=year.period, by=CONSOLE, now=moment(4, 17))

    purged(year, f"problem:{problem.pk}")

    assert Payload.objects.get(pk=snapshot.data_id).content is None


def test_numbers_and_dates_stay_so_that_pages_can_read_them():
    from duban.plans.adjustment import Wish, ask, wanted_words

    year = small_year("planned")
    unit = year.unit("市教育局").pk
    wish = Wish("deadline", "2026-12-01", WORDS, "在办")
    row = ask(task=year.task("2"), unit=unit, wish=wish, by=CONSOLE, now=moment(4, 17))

    purged(year, f"request:{row.pk}")

    row.refresh_from_db()
    assert (row.wanted, row.reason, row.progress) == ("2026-12-01", PURGED, PURGED)
    assert wanted_words([row])


def test_it_takes_two_persons_a_reason_and_the_own_government():
    year = year_of_papers()
    from tests.building import another_city

    problem = problem_of(year, cause=WORDS)
    thing = thing_at(f"problem:{problem.pk}", year.government.pk)
    first, second = purgers(year)
    act = {"thing": thing, "now": NOW}
    liaison = someone(PostRole.LIAISON, year.unit("市民政局"))
    stranger = someone(PostRole.SUPERVISOR, another_city())

    codes = [
        refused(lambda: purge_thing(reason=" ", by=first, **act)),
        refused(lambda: purge_thing(reason="误传", by=liaison, **act)),
        refused(lambda: purge_thing(reason="误传", by=stranger, **act)),
    ]
    asked = purge_thing(reason="误传", by=first, **act)
    codes.append(refused(lambda: purge_thing(reason="误传", by=first, **act)))
    still = places_of(WORDS)
    done = purge_thing(reason="", by=second, **act)
    again = thing_at(f"problem:{problem.pk}", year.government.pk)
    codes.append(refused(lambda: purge_thing(thing=again, reason="误传", by=first, now=NOW)))

    assert codes == [
        "register.purge_reason", "history.purge_needs_office", "register.purge_elsewhere", "history.purge_needs_second",
        "purging.nothing_left",
    ]  # fmt: skip
    assert (asked, bool(still), done, places_of(WORDS)) == (False, True, True, [])
    assert thing_at(f"problem:{problem.pk}", stranger.government) is None
    assert [
        thing_at(odd, year.government.pk) for odd in ("problem:x", "boss:1", "problem", "problem:９")
    ] == [None] * 4


def test_the_scan_of_a_sign_off_is_purged_with_its_words():
    year = small_year("sent")
    unit = year.row("3").unit_id
    scan = read_scan("审签单.pdf", b"%PDF-1.7 scan")
    signature = Signature("paper", "周某某", date(2026, 4, 2), "云民〔2026〕8号", scan)
    signed = sign_off(period=year.period, unit=unit, signature=signature, by=CONSOLE, now=moment(4, 2))

    purged(year, f"sign_off:{signed.pk}")

    row = SignOff.objects.select_related("scan").get()
    assert (row.scan.content, row.scan.purged_at) == (None, moment(4, 18))
    assert (row.signer, row.number, row.check_code) == (PURGED, PURGED, signed.check_code)
    assert verify().faults == ()
    assert refused(
        lambda: sign_off(period=year.period, unit=unit, signature=signature, by=CONSOLE, now=NOW)
    ) == ("history.purged_before")


def test_a_purged_document_takes_its_data_sheets_and_copies_along():
    year = year_of_papers()
    text = year.task("3").current.text
    snapshot = freeze(period=year.period, by=CONSOLE, now=moment(4, 17))
    sheet = sheet_of(snapshot)
    planned = plan_papers(sheet.figures)[0]
    paper = write_paper(sheet, planned.kind, planned.which)
    entry = PaperEntry("request", "1号", date(2026, 4, 17), "市民政局", f"关于{text}的请示")
    register_paper(task_list=year.list, entry=entry, by=CONSOLE, now=moment(4, 17))
    document = SourceDocument.objects.get()

    for by in purgers(year):
        purge_document(document=document, reason="误传", by=by, now=moment(4, 18))

    assert places_of(text) == []
    assert Payload.objects.filter(content__isnull=False).count() == 0
    assert verify_paper(paper).outcome is Outcome.PURGED
    assert verify_paper(paper).sentence.startswith("数据底稿已处置")
    again = sheet_of(freeze(period=year.period, by=CONSOLE, now=moment(4, 19)))
    assert {line.text for line in again.figures.lines} == {PURGED}
    assert verify().faults == ()


def test_append_only_rows_let_exactly_the_replacement_of_a_purge_through():
    year = reported()
    report = Report.objects.get(obligation__task__key="3")

    def tried(**values) -> bool:
        try:
            with transaction.atomic():
                Report.objects.filter(pk=report.pk).update(**values)
        except (DatabaseError, IntegrityError):
            return False
        return True

    before = [tried(progress=PURGED), tried(progress="x")]
    purged(year, f"report:{report.pk}")

    assert before == [False, False]
    assert [
        tried(progress="x"),
        tried(progress=PURGED, ordinal=9),
        tried(actor="x"),
        tried(stage=PURGED),
    ] == [False] * 4
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM progress_report")


def test_a_body_changed_after_a_purge_is_a_fault():
    from duban.history.triggers import lay_triggers, lift_triggers

    year = reported()
    purged(year, f"report:{Report.objects.get(obligation__task__key='3').pk}")
    changed = PurgedText.objects.filter(relation="history_event").first()
    lift_triggers()
    Event.objects.filter(pk=changed.key).update(body='{"problem":"改写"}')
    lay_triggers()

    assert [fault.code for fault in verify().faults] == ["history.fault_body"]


def test_nothing_is_blanked_before_the_second_person_confirmed():
    year = reported()
    report = Report.objects.get(obligation__task__key="3")
    first, _ = purgers(year)
    purge_thing(thing=thing_at(f"report:{report.pk}", year.government.pk), reason="误传", by=first, now=NOW)

    with pytest.raises(RuntimeError):
        blank(purge=Purge.objects.get(), places=[Place(report, "progress", PURGED)], by=first, now=NOW)


def test_the_office_finds_rows_by_words_and_others_do_not():
    year = reported()
    office, security = purgers(year)

    hits = found("坐标及", office)

    assert {hit.thing.kind.code for hit in hits} >= {"report"}
    assert all("坐标及" in hit.excerpt for hit in hits)
    assert (found("坐标及", security), found("坐", office)) == ([], [])
    purge_thing(thing=hits[0].thing, reason="误传", by=office, now=NOW)
    assert [(hit.excerpt, hit.purge.reason) for hit in waiting(security)] == [("", "误传")]
    assert [(hit.excerpt, hit.thing.task_number, hit.thing.period) for hit in waiting(office)] == [
        ("", "3", "2026-03")
    ]


def test_every_column_with_words_of_a_person_can_be_purged():
    models_ = {kind.model for kind in KINDS}
    named = {model for model in apps.get_models() if hasattr(model, "purgeable")}
    open_columns = [
        f"{model._meta.label}.{field.name}"
        for model in models_
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and field.name not in (*model.purgeable, *CODES)
    ]

    assert named - models_ == {Event}
    assert sorted(open_columns) == [
        "coordination.UpwardPaper.number"
    ]  # the envelope of its events names the paper by it
    assert {kind.code for kind in KINDS} | {EVENT.code} == set(WORDS_OF["purged"])
