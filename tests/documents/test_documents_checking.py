from __future__ import annotations

import json
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests.building import (
    NOW,
    SMALL,
    another_city,
    city,
    kinds_since,
    last_seq,
    other_number,
    someone,
    unit_of,
)

from duban.directory.models import UnitAlias
from duban.documents import operations
from duban.documents.models import ColumnMapping, Draft, DraftEdit, ImportRun, SourceDocument
from duban.documents.queries import checking
from duban.domain.drafting_edits import Edit, EditKind
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, PostRole
from duban.domain.tasklist.records import ColumnKind
from duban.history.models import Event, Payload
from duban.register.models import PrintedUnit, Task, TaskList, TaskVersion
from duban.register.operations import publish_draft, purge_document

pytestmark = pytest.mark.django_db

FLAWED = SMALL.replace("市教育局，各县", "市教委，各县").replace("市财政局，市教育局", "市财政局，市教委")
SHEET = "号,要办的事,哪家办\n1,建成学校8所。,市教育局\n2,整治河道。,市水利局\n3,修路。,市交通运输局\n"


@pytest.fixture
def government():
    return city()


@pytest.fixture
def office(government):
    return someone(PostRole.SUPERVISOR, unit_of(government, "市政府办公室"))


def opened(government, by, text: str = FLAWED, name: str = "清单.txt") -> Draft:
    reading = operations.read_for_draft(name=name, data=text.encode(), government=government, now=NOW)
    return operations.open_draft(reading=reading, government=government, by=by, now=NOW)


def edit(kind: EditKind, seen: int = 0, **values: object) -> Edit:
    return Edit(kind, values, seen)


def done(draft: Draft, by, *edits: Edit) -> Draft:
    return operations.edit_draft(draft=draft, edits=edits, by=by, now=NOW)


KNOWN = edit(EditKind.RESOLVE, name="市教委", key="市教育局", **{"as": "unit"})


def settled(draft: Draft, by) -> Draft:
    """Every doubt of the flawed list answered."""
    keys = [doubt.key for doubt in checking(draft).draft.doubts]
    return done(draft, by, KNOWN, edit(EditKind.SEEN, findings=keys))


def test_a_document_comes_in_once_and_its_draft_says_who_and_when(government, office):
    before = last_seq()
    draft = opened(government, office)

    assert (draft.state, draft.tasks, draft.open_doubts, draft.opened_by) == ("open", 3, 1, office.label)
    assert kinds_since(before) == ["document.received", "draft.opened"]
    assert opened(government, office).pk == draft.pk
    assert kinds_since(before) == ["document.received", "draft.opened"]


def test_a_marked_file_is_refused_and_nothing_is_stored(government, office):
    before = last_seq()
    with pytest.raises(Invalid, match="密级"):
        opened(government, office, "机密★5年\n" + SMALL)

    assert (SourceDocument.objects.count(), Payload.objects.count(), Draft.objects.count()) == (0, 0, 0)
    assert kinds_since(before) == []


def test_only_the_office_of_this_government_checks(government, office):
    draft = opened(government, office)
    other = someone(PostRole.SUPERVISOR, unit_of(another_city(), "市教育局"))
    table = {}
    for name, by in {
        "other government": other,
        **{role.value: someone(role, unit_of(government, "市教育局")) for role in PostRole},
    }.items():
        seen = Draft.objects.visible_to(by).exists()
        allowed = []
        for act in (
            lambda by=by: opened(government, by),
            lambda by=by: done(draft, by, KNOWN),
            lambda by=by: publish_draft(draft=draft, by=by, now=NOW),
        ):
            try:
                with transaction.atomic():
                    act()
                    allowed.append(True)
            except NotAllowed:
                allowed.append(False)
            except Conflict:
                allowed.append(True)
        table[name] = (seen, *allowed)

    may = {"supervisor", "office_director"}
    assert table == {name: (name in may,) * 4 for name in table}


def test_edits_are_kept_in_order_with_their_actor_and_recorded(government, office):
    colleague = someone(PostRole.OFFICE_DIRECTOR, unit_of(government, "市政府办公室"))
    draft = opened(government, office)
    before = last_seq()
    done(draft, office, KNOWN)
    after = done(draft, colleague, edit(EditKind.NUMBER, task="t2", number="二"))

    assert list(DraftEdit.objects.values_list("ordinal", "actor", "body__kind")) == [
        (1, office.label, "resolve"),
        (2, colleague.label, "number"),
    ]
    assert kinds_since(before) == ["draft.edited", "draft.edited"]
    assert (after.revision, after.open_doubts, after.changed_by) == (2, 0, colleague.label)


def test_two_people_at_once_lose_nothing(government, office):
    colleague = someone(PostRole.OFFICE_DIRECTOR, unit_of(government, "市政府办公室"))
    draft = opened(government, office)
    done(draft, office, edit(EditKind.NUMBER, task="t1", number="101"))
    done(draft, colleague, edit(EditKind.NUMBER, task="t2", number="102"))
    with pytest.raises(Conflict, match=r"101.*103"):
        done(draft, colleague, edit(EditKind.NUMBER, task="t1", number="103"))

    assert [each.task.number for each in checking(draft).draft.tasks] == ["101", "102", "3"]


def test_what_changes_nothing_or_names_nobody_leaves_no_trace(government, office):
    draft = opened(government, office)
    before = last_seq()
    done(draft, office, edit(EditKind.NUMBER, task="t1", number="1"))
    with pytest.raises(Invalid, match="名录中没有"):
        done(draft, office, edit(EditKind.RESOLVE, name="市教委", key="没有的局", **{"as": "unit"}))

    assert (DraftEdit.objects.count(), kinds_since(before)) == (0, [])


def test_one_edit_refused_refuses_those_with_it(government, office):
    draft = opened(government, office)
    with pytest.raises(Invalid):
        done(draft, office, KNOWN, edit(EditKind.NUMBER, task="t1", number=""))

    assert DraftEdit.objects.count() == 0


def test_publication_waits_for_every_doubt_and_then_remembers_the_names(government, office):
    draft = opened(government, office)
    with pytest.raises(Conflict, match="还有 1 处"):
        publish_draft(draft=draft, by=office, now=NOW)
    assert TaskList.objects.count() == 0

    settled(draft, office)
    cut = checking(draft).source.text.index("健全服务")
    done(draft, office, edit(EditKind.SPLIT, seen=9, task="t3", at=cut))
    before = last_seq()
    publication = publish_draft(draft=draft, by=office, now=NOW)
    draft.refresh_from_db()

    assert (draft.state, draft.list_key) == ("published", publication.list.key)
    assert list(Task.objects.values_list("key", "current__text")) == [
        ("1", "规模以上工业增加值增长6.5%以上，新增企业120家。"),
        ("2", "建成学校8所，6月底前投入使用。"),
        ("3", "办好食堂，"),
        ("n-4", "健全服务体系。"),
    ]
    assert (
        PrintedUnit.objects.filter(name="市教委").values_list("unit__name", flat=True).distinct().get()
        == "市教育局"
    )
    assert UnitAlias.objects.get(text="市教委").unit == unit_of(government, "市教育局")
    assert kinds_since(before) == ["list.published", *["task.published"] * 4, "draft.published"]
    with pytest.raises(Conflict, match="不能再改"):
        publish_draft(draft=draft, by=office, now=NOW)
    with pytest.raises(Conflict, match="不能再改"):
        done(draft, office, KNOWN)


def test_publication_waits_when_the_draft_has_changed_since_it_was_looked_at(government, office):
    draft = settled(opened(government, office), office)
    with pytest.raises(Conflict, match="刚才又有改动"):
        publish_draft(draft=draft, seen=draft.revision - 1, by=office, now=NOW)

    assert publish_draft(draft=draft, seen=draft.revision, by=office, now=NOW).fresh


def test_the_next_list_knows_the_name(government, office):
    draft = settled(opened(government, office), office)
    publish_draft(draft=draft, by=office, now=NOW)

    assert opened(government, office, other_number(FLAWED, 10)).open_doubts == 0


def test_a_discarded_draft_is_taken_up_again_with_its_edits(government, office):
    draft = done(opened(government, office), office, KNOWN)
    operations.discard_draft(draft=draft, by=office, now=NOW)
    before = last_seq()
    again = opened(government, office)

    assert (again.pk, again.state, again.revision) == (draft.pk, "open", 1)
    assert kinds_since(before) == ["draft.reopened"]


def test_one_undoes_ones_own_last_edit(government, office):
    draft = done(opened(government, office), office, KNOWN)
    draft = done(draft, office, edit(EditKind.UNDO, edit=1))

    assert (draft.revision, draft.open_doubts) == (2, 1)


def sheet(government, office, name: str = "表.xlsx") -> Draft:
    from io import BytesIO

    import openpyxl

    book = openpyxl.Workbook()
    for row in SHEET.splitlines():
        book.active.append(row.split(","))
    target = BytesIO()
    book.save(target)
    reading = operations.read_for_draft(name=name, data=target.getvalue(), government=government, now=NOW)
    return operations.open_draft(reading=reading, government=government, by=office, now=NOW)


COLUMNS = {1: ColumnKind.NUMBER, 2: ColumnKind.TASK, 3: ColumnKind.MAIN}


def test_columns_are_named_once_and_remembered(government, office):
    draft = sheet(government, office)
    before = [doubt.finding.code for doubt in checking(draft).draft.open_doubts]
    mapped = operations.map_columns(draft=draft, columns=COLUMNS, by=office, now=NOW)
    reading = operations.read_for_draft(
        name="再来.xlsx", data=bytes(mapped.run.document.file.content), government=government, now=NOW
    )

    assert "table_without_header" in before
    assert (mapped.tasks, mapped.open_doubts) == (3, 0)
    assert [task.text for task in reading.parsed.tasks] == ["建成学校8所。", "整治河道。", "修路。"]
    assert ColumnMapping.objects.get().columns == {"号": "number", "要办的事": "task", "哪家办": "main"}
    assert Draft.objects.count() == 1


def test_columns_stay_once_somebody_has_edited(government, office):
    draft = operations.map_columns(draft=sheet(government, office), columns=COLUMNS, by=office, now=NOW)
    done(draft, office, edit(EditKind.NUMBER, task="t1", number="一"))
    with pytest.raises(Conflict, match="不能再改各列"):
        operations.map_columns(draft=draft, columns=COLUMNS, by=office, now=NOW)


def test_a_purge_takes_the_draft_with_it(government, office):
    colleague = someone(PostRole.OFFICE_DIRECTOR, unit_of(government, "市政府办公室"))
    draft = opened(government, office)
    document = SourceDocument.objects.get()
    purge_document(document=document, reason="误传", by=office, now=NOW)
    purge_document(document=document, reason="误传", by=colleague, now=NOW)
    draft = Draft.objects.get(pk=draft.pk)

    assert (draft.state, draft.records.content) == ("discarded", None)
    with pytest.raises(Conflict, match="涉密误传处置"):
        checking(draft)


class _Killed(Exception):
    pass


def _dies_at(nth: int):
    """Let the n-th write of a connection fail, as if the server had been killed there."""
    writes = 0

    def watch(execute, sql, params, many, context):
        nonlocal writes
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            writes += 1
            if writes == nth:
                raise _Killed
        return execute(sql, params, many, context)

    return connection.execute_wrapper(watch)


def _tables() -> dict[str, int]:
    models = (SourceDocument, ImportRun, Draft, DraftEdit, Payload, Event, TaskList, TaskVersion, UnitAlias)
    return {model.__name__: model.objects.count() for model in models}


def test_whatever_write_fails_nothing_half_is_left(government, office):
    """Opening and publishing, killed at each of their writes in turn, leave the database as it was."""
    draft = settled(opened(government, office), office)
    acts = {
        "open": lambda: opened(government, office, other_number(FLAWED, 11)),
        "publish": lambda: publish_draft(draft=draft, by=office, now=NOW + timedelta(hours=1)),
    }
    deaths = {}
    for name, act in acts.items():
        before = _tables()
        for nth in range(1, 60):
            with ExitStack() as stack:
                stack.enter_context(_dies_at(nth))
                with suppress(_Killed), transaction.atomic():
                    act()
                    deaths[name] = nth - 1
                    transaction.set_rollback(True)
            assert _tables() == before
            if name in deaths:
                break

    assert deaths["open"] >= 6
    assert deaths["publish"] >= 10


def test_the_console_may_check_too_and_edits_are_plain_json(government):
    draft = done(opened(government, CONSOLE), CONSOLE, KNOWN)

    assert json.loads(json.dumps(draft.edits.get().body)) == KNOWN.body()
