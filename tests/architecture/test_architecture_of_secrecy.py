"""Nothing with a mark of classified matter is stored: no column of any table takes it, no operation keeps it."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from tests.building import CONSOLE, NOW, reading_of, someone
from tests.building_papers import (
    drafted,
    instruction_of,
    items_given,
    moved,
    part_given,
    part_of,
    problem_of,
    year_of_papers,
)
from tests.building_year import Year, moment, small_year

from duban.coordination.items import ItemEntry, add_items, close_instruction, move_item
from duban.coordination.operations import (
    PaperEntry,
    Settling,
    correct_paper,
    register_paper,
    settle_problem,
    void_paper,
)
from duban.directory.models import Person
from duban.directory.operations import Seat, appoint, merge_units, open_account, rename_unit
from duban.documents.operations import Scan, keep_document, open_draft, read_scan
from duban.domain.errors import Invalid
from duban.domain.lights import Light
from duban.domain.posts import PostRole
from duban.history.models import Event, Payload
from duban.history.operations import keep_payload, request_purge
from duban.plans.adjustment import Approval, Basis, Change, Wish, adjust, ask, current_values
from duban.plans.operations import Edit, assign, refine, resend_receipt, return_receipt, sign_for
from duban.progress.operations import Entry, Signature, review, save_drafts, sign_off
from duban.progress.parts import return_part
from duban.supervision.consultation import Answer, Protest, answer_objection, object_to, open_consultation
from duban.supervision.models_consultation import ConsultationRow, Objection
from duban.supervision.operations import (
    OrderDraft,
    Ruling,
    determine,
    draft_order,
    move_order,
    note_contact,
    revise_order,
)

MARK = "机密★1年 调度情况"
DAY = date(2026, 4, 17)
ACT = {"by": CONSOLE, "now": moment(4, 17)}
SOURCE = Path(__file__).parents[2] / "src" / "duban"
OURS = [model for model in apps.get_models() if model.__module__.startswith("duban.")]
COLUMNS = [
    (model, field)
    for model in OURS
    for field in model._meta.concrete_fields
    if isinstance(field, models.CharField | models.TextField | models.JSONField)
]


def pdf_with(text: str) -> bytes:
    """A scan with a text layer, as scanners that read the page write it: one page, one line."""
    line = f"BT /F 24 Tf 72 700 Td <{text.encode('utf-16-be').hex()}> Tj ET".encode()
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"1 beginbfrange <0000> <FFFF> <0000> endbfrange\nendcmap end end"
    )
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(line), line),
        b"<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/CIDSystemInfo 9 0 R/FontDescriptor 8 0 R/DW 1000>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(to_unicode), to_unicode),
        b"<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 0 1000 1000]/StemV 80>>",
        b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>",
    ]
    out, places = BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(bodies) + 1, rows))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, start))
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "field"), COLUMNS, ids=[f"{model._meta.label}.{field.name}" for model, field in COLUMNS]
)
def test_no_column_takes_a_marked_text(model, field):
    value = {"said": [MARK]} if isinstance(field, models.JSONField) else MARK

    with pytest.raises(Invalid), transaction.atomic():
        model._base_manager.filter(pk=0).update(**{field.attname: value})
    with pytest.raises(Invalid), transaction.atomic():
        model._base_manager.bulk_create([model(**{field.attname: value})])


@pytest.mark.django_db(transaction=True)
def test_every_new_connection_is_guarded_once():
    connection.close()
    connection.ensure_connection()

    assert [wrapper.__name__ for wrapper in connection.execute_wrappers] == ["refuse_marked_writes"]


def test_payloads_and_raw_statements_are_written_in_known_places_only():
    texts = {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
    }

    keepers = {name for name, text in texts.items() if re.search(r"\bkeep_payload\(", text)}
    makers = {name for name, text in texts.items() if re.search(r"Payload(\.objects\.\w*create)?\(\w", text)}
    raw = {name for name, text in texts.items() if ".cursor()" in text}
    assert keepers == {
        "history/operations.py", "documents/operations/intake.py", "documents/operations/drafts.py", "publishing/operations.py",
    }  # fmt: skip
    assert makers <= {"history/operations.py", "history/models.py"}
    assert raw <= {
        "history/operations.py", "history/triggers.py", "web/views/health.py", "cli/django.py", "shared/compiled.py",
    }  # fmt: skip


def test_ordinary_words_about_secrecy_are_kept():
    from duban.domain.secrecy import refuse_marked

    refuse_marked("严格保守国家秘密，做好涉密文件清退。", "商业秘密★保护示范", "机密级以下一律走机要渠道")


def _consulted(year: Year) -> ConsultationRow:
    open_consultation(period=year.period, by=CONSOLE, now=moment(4, 15))
    return ConsultationRow.objects.get(task=year.task("3"))


def _objected(year: Year) -> Objection:
    row = _consulted(year)
    by = someone(PostRole.LIAISON, year.unit("市民政局"))
    return object_to(row=row, protest=Protest("已报"), by=by, now=moment(4, 15))


def _paper(year: Year, **said: str):
    entry = {
        "kind": "request",
        "number": "云政督〔2026〕1号",
        "dated": DAY,
        "sender": "市政府办公室",
        "subject": "请示",
    }
    return PaperEntry(**(entry | said))


def _registered(year: Year):
    return register_paper(task_list=year.list, entry=_paper(year), **ACT)


def _order(year: Year, **said: str) -> OrderDraft:
    words = {"matter": "滞后", "basis": "核定", "requirement": "回复"} | said
    return OrderDraft(year.task("3"), year.unit("市民政局"), due_on=date(2026, 4, 30), **words)


def _step(year: Year, until: str, action: str, **values):
    order = drafted(year) if not until else moved(drafted(year), until)
    move_order(order=order, revision=order.revision, action=action, values=values, **ACT)


def _settle(year: Year, **said: str):
    problem = problem_of(year)
    settle_problem(problem=problem, revision=problem.revision, settling=Settling(**said), **ACT)


def _sign(year: Year, **said):
    words = {"signer": "王某", "number": "1号", "scan": None} | said
    signature = Signature("paper", words["signer"], date(2026, 4, 2), words["number"], words["scan"])
    sign_off(period=year.period, unit=year.row("3").unit_id, signature=signature, **ACT)


def _adjust(year: Year, value: str = "90家", number: str = "1号", reason: str = "手续", by: str = "周某某"):
    task = year.task("3")
    change = Change("target", value, current_values(task)["target"])
    basis = Basis("document", number, DAY, reason)
    approval = Approval("paper", by, PostRole.OFFICE_DIRECTOR, DAY)
    adjust(task=task, change=change, basis=basis, approval=approval, **ACT)


def _ask(year: Year, **said: str):
    words = {"wanted": "2026-12-01", "reason": "手续", "progress": "在办"} | said
    ask(task=year.task("2"), unit=year.unit("市教育局").pk, wish=Wish("deadline", **words), **ACT)


def _assign(year: Year, field: str):
    row = year.assignment("3")
    assign(task_list=year.list, edits=[Edit(row.task_id, row.revision, {field: MARK})], **ACT)


def _refine(year: Year, field: str):
    row = year.assignment("3")
    plan = row.task.plans.get(unit=row.lead_id)
    edits = [Edit(row.task_id, plan.revision, {field: MARK})]
    refine(task_list=year.list, unit=row.lead_id, edits=edits, **ACT)


def _save(year: Year, field: str):
    row = year.row("3")
    edits = [Entry(row.pk, row.draft.revision, {field: MARK})]
    save_drafts(period=year.period, unit=row.unit_id, entries=edits, **ACT)


def _returned(year: Year):
    unit = year.unit("市民政局").pk
    return_receipt(task_list=year.list, unit=unit, proposal="请调整", **ACT)
    return unit


def _answer(year: Year, **said: str):
    words = {"upheld": True, "reason": "属实", "light": "normal", "sentence": "已达序时。"} | said
    objection = _objected(year)
    answer_objection(objection=objection, revision=objection.revision, answer=Answer(**words), **ACT)


def _void(year: Year):
    paper = _registered(year)
    void_paper(paper=paper, revision=paper.revision, reason=MARK, **ACT)


def _correct(year: Year):
    paper = _registered(year)
    correct_paper(paper=paper, revision=paper.revision, entry=_paper(year, subject=MARK), **ACT)


def _revise(year: Year):
    order = drafted(year)
    revise_order(order=order, revision=order.revision, draft=_order(year, requirement=MARK), **ACT)


ACTS = {
    "import_text": ("published", lambda y: keep_document(reading=reading_of(y.government, f"机密★1年\n{'x' * 9}"), government=y.government, **ACT)),
    "import_name": ("published", lambda y: keep_document(reading=reading_of(y.government, name="机密★1年.txt"), government=y.government, **ACT)),
    "draft": ("published", lambda y: open_draft(reading=reading_of(y.government, f"{MARK}\n一"), government=y.government, **ACT)),
    "post": ("published", lambda y: appoint(seat=Seat(y.government, PostRole.LIAISON, MARK), person=Person.objects.create(name="甲"), **ACT)),
    "account": ("published", lambda _: open_account(username=MARK, password="a-long-password", person=Person.objects.create(name="甲"), **ACT)),
    "rename": ("published", lambda y: rename_unit(unit=y.unit("市民政局"), name="民政局", full_name="云江民政局", on=DAY, basis=MARK, **ACT)),
    "rename_name": ("published", lambda y: rename_unit(unit=y.unit("市民政局"), name="民政", full_name=MARK, on=DAY, basis="文", **ACT)),
    "merge": ("published", lambda y: merge_units(froms=[y.unit("市民政局")], into=y.unit("市教育局"), on=DAY, basis=MARK, **ACT)),
    "purge": ("published", lambda y: request_purge(payload=keep_payload(b"x", now=NOW), reason=MARK, by=someone(PostRole.SUPERVISOR, y.government), now=NOW)),
    "mechanism": ("planned", lambda y: _assign(y, "mechanism")),
    "data_source": ("planned", lambda y: _assign(y, "data_source")),
    "city_leader": ("assigned", lambda y: _assign(y, "city_leader")),
    "plan": ("planned", lambda y: _refine(y, "node_half")),
    "receipt_note": ("issued", lambda y: sign_for(task_list=y.list, units=[y.unit("市民政局").pk], how="phone", note=MARK, **ACT)),
    "receipt_returned": ("issued", lambda y: return_receipt(task_list=y.list, unit=y.unit("市民政局").pk, proposal=MARK, **ACT)),
    "receipt_resent": ("issued", lambda y: resend_receipt(task_list=y.list, unit=_returned(y), reply=MARK, **ACT)),
    "adjust_value": ("planned", lambda y: _adjust(y, value=MARK)),
    "adjust_number": ("planned", lambda y: _adjust(y, number=MARK)),
    "adjust_reason": ("planned", lambda y: _adjust(y, reason=MARK)),
    "adjust_approver": ("planned", lambda y: _adjust(y, by=MARK)),
    "ask_reason": ("planned", lambda y: _ask(y, reason=MARK)),
    "ask_progress": ("planned", lambda y: _ask(y, progress=MARK)),
    "report": ("drafted", lambda y: _save(y, "progress")),
    "report_problem": ("drafted", lambda y: _save(y, "problem")),
    "returned": ("sent", lambda y: review(period=y.period, rows={y.row("3").pk: y.row("3").revision}, action="return", reason=MARK, **ACT)),
    "signer": ("sent", lambda y: _sign(y, signer=MARK)),
    "sign_number": ("sent", lambda y: _sign(y, number=MARK)),
    "scan_name": ("sent", lambda y: _sign(y, scan=Scan("机密★1年.pdf", b"%PDF-1", ""))),
    "scan_text": ("sent", lambda y: _sign(y, scan=read_scan("审签单.pdf", pdf_with(MARK)))),
    "determination": ("judged", lambda y: determine(period=y.period, rulings=[Ruling(y.task("3").pk, Light.LAGGING, MARK, "未落实")], **ACT)),
    "determination_reason": ("judged", lambda y: determine(period=y.period, rulings=[Ruling(y.task("3").pk, Light.LAGGING, "滞后。", MARK)], **ACT)),
    "contact": ("sent", lambda y: note_contact(period=y.period, units=[y.row("3").unit_id], kind="remind", channel="phone", note=MARK, **ACT)),
    "order": ("determined", lambda y: draft_order(task_list=y.list, draft=_order(y, basis=MARK), period=y.period, **ACT)),
    "order_revised": ("determined", _revise),
    "order_returned": ("determined", lambda y: _step(y, "submit", "return", result=MARK)),
    "order_signed": ("determined", lambda y: _step(y, "serve", "sign_for", by=MARK, on=DAY)),
    "order_answered": ("determined", lambda y: _step(y, "sign_for", "answer", text=MARK, on=DAY)),
    "order_closed": ("determined", lambda y: _step(y, "answer", "close", result=MARK, on=DAY)),
    "problem_cause": ("papers", lambda y: _settle(y, cause=MARK)),
    "problem_helper": ("papers", lambda y: _settle(y, helper=MARK)),
    "problem_result": ("papers", lambda y: _settle(y, state="closed", result=MARK)),
    "paper_subject": ("published", lambda y: register_paper(task_list=y.list, entry=_paper(y, subject=MARK), **ACT)),
    "paper_sender": ("published", lambda y: register_paper(task_list=y.list, entry=_paper(y, sender=MARK), **ACT)),
    "paper_corrected": ("published", _correct),
    "paper_voided": ("published", _void),
    "instruction_closed": ("assigned", lambda y: close_instruction(paper=instruction_of(y), revision=1, result=MARK, **ACT)),
    "item": ("assigned", lambda y: add_items(paper=instruction_of(y), revision=1, entries=[ItemEntry(MARK, y.unit("市民政局"), DAY)], **ACT)),
    "item_answered": ("assigned", lambda y: move_item(item=items_given(y)[0], revision=1, action="answer", text=MARK, **ACT)),
    "part_asked": ("opened", lambda y: part_of(y, question=MARK)),
    "part_given": ("opened", lambda y: part_given(y, MARK)),
    "part_returned": ("opened", lambda y: return_part(part=part_given(y, "已选址"), revision=2, reason=MARK, **ACT)),
    "objection": ("determined", lambda y: object_to(row=_consulted(y), protest=Protest(MARK), by=someone(PostRole.LIAISON, y.unit("市民政局")), now=moment(4, 15))),
    "answer": ("determined", lambda y: _answer(y, reason=MARK)),
    "answer_sentence": ("determined", lambda y: _answer(y, sentence=MARK)),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTS)
def test_no_operation_keeps_a_marked_text(name):
    until, act = ACTS[name]
    year = year_of_papers() if until == "papers" else small_year(until)

    with pytest.raises(Invalid) as refusal:
        act(year)

    assert refusal.value.message.code in {"secrecy.mark", "secrecy.head", "draft.marked_secret"}
    assert not Event.objects.filter(body__contains="★").exists()
    assert not [row.pk for row in Payload.objects.all() if "★".encode() in bytes(row.content)]


def test_a_scan_is_read_for_its_text_layer():
    assert read_scan("审签单.pdf", pdf_with("审签单")).text.strip() == "审签单"
    assert [read_scan("a", content).text for content in (b"%PDF-1.4 broken", b"\xff\xd8\xff\xe0")] == ["", ""]
