from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from tests.building import (
    DISTRICTS,
    HEAD,
    NOW,
    SMALL,
    TASK_1,
    TASK_2,
    TASK_3,
    another_city,
    city,
    kinds_since,
    last_seq,
    other_number,
    published,
    reading_of,
    someone,
)

from duban.documents.models import ImportRun, SourceDocument
from duban.documents.operations import keep_document
from duban.documents.queries import document_by_hash
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Event, Payload
from duban.history.queries import verify
from duban.register.models import (
    Clause,
    Heading,
    PrintedUnit,
    Responsibility,
    Target,
    Task,
    TaskList,
    TaskVersion,
)
from duban.register.operations import PURGED, purge_document
from duban.register.queries import projection_faults
from duban.register.rows import Counts

pytestmark = pytest.mark.django_db

COUNTS = Counts(tasks=3, headings=3, printed_units=8, units=13, responsibilities=14, targets=3, events=4)


def duties() -> list[tuple[str, str, str, list[int]]]:
    rows = Responsibility.objects.order_by("task__ordinal", "ordinal")
    return list(rows.values_list("task__key", "unit__name", "role", "origins"))


def test_publish_list_counts_what_it_wrote():
    publication = published(city())

    assert publication.counts == COUNTS == Counts.of(publication.list)
    assert publication.fresh
    names = ["key", "year", "title", "document_number", "issuer", "issued_on", "published_at"]
    assert TaskList.objects.values_list(*names).get() == (
        "yunjiang-2026", 2026, "2026年重点任务清单", "云政发〔2026〕9号", "云江市人民政府",
        date(2026, 2, 3), NOW,
    )  # fmt: skip
    assert ImportRun.objects.get().status == ImportRun.PUBLISHED
    assert projection_faults() == []
    assert verify().sound


def test_publish_list_derives_every_responsibility():
    published(city())

    assert duties() == [
        ("1", "市工业和信息化局", "main", [1]),
        ("1", "市统计局", "main", [2]),
        ("2", "市教育局", "main", [1]),
        ("2", "澜桥区政府", "main", [3]),
        *(("2", name, "main", [2]) for name in DISTRICTS[1:]),
        ("3", "市民政局", "lead", [1]),
        ("3", "市财政局", "support", [2]),
        ("3", "市教育局", "support", [3]),
    ]


def test_publish_list_keeps_texts_places_and_headings():
    published(city())

    names = ["number", "text", "deadline", "due_on", "heading__text", "heading__parent__text"]
    assert list(TaskVersion.objects.order_by("task__ordinal").values_list(*names)) == [
        ("1", TASK_1, "", None, "（一）做强产业", "一、加快发展"),
        ("2", TASK_2, "6月底前", date(2026, 6, 30), "（一）做强产业", "一、加快发展"),
        ("3", TASK_3, "", None, "二、改善民生", None),
    ]
    spans = TaskVersion.objects.order_by("task__ordinal").values_list("text_start", "text_end")
    assert [SMALL[start:end] for start, end in spans] == [TASK_1, TASK_2, TASK_3]
    printed = PrintedUnit.objects.order_by("version__task__ordinal", "ordinal")
    assert [SMALL[p.start : p.end] for p in printed] == [p.name for p in printed]
    assert [p.name for p in printed if p.group_id] == ["各县（市、区）政府"]


def test_publish_list_keeps_clauses_and_their_targets():
    published(city())

    clauses = Clause.objects.order_by("version__task__ordinal", "ordinal").values_list("text", flat=True)
    assert list(clauses) == [
        "规模以上工业增加值增长6.5%以上", "新增企业120家", "建成学校8所", "6月底前投入使用", "办好食堂", "健全服务体系",
    ]  # fmt: skip
    targets = Target.objects.order_by("version__task__ordinal", "ordinal")
    assert [(t.clause.text, t.comparator, f"{t.value:.1f}", t.measure_unit) for t in targets] == [
        ("规模以上工业增加值增长6.5%以上", "ge", "6.5", "%"),
        ("新增企业120家", "eq", "120.0", "家"),
        ("建成学校8所", "eq", "8.0", "所"),
    ]


def test_publish_list_writes_one_event_per_task_and_one_for_the_list():
    government = city()
    before = last_seq()

    publication = published(government)

    key = publication.list.key
    assert list(Event.objects.filter(seq__gt=before).order_by("seq").values_list("kind", "subject")) == [
        ("document.received", f"document:{SourceDocument.objects.get().pk}"),
        ("list.published", f"list:{key}"),
        ("task.published", f"task:{key}/1"),
        ("task.published", f"task:{key}/2"),
        ("task.published", f"task:{key}/3"),
    ]
    assert not Event.objects.filter(body__contains="食堂").exists()


def test_publish_list_a_second_time_changes_nothing():
    government = city()
    first, before = published(government), last_seq()

    second = published(government)

    assert (second.list, second.fresh, second.counts) == (first.list, False, first.counts)
    assert kinds_since(before) == []
    assert [model.objects.count() for model in (TaskList, SourceDocument, ImportRun)] == [1, 1, 1]


def test_publish_list_refuses_a_different_text_under_a_known_number():
    government = city()
    published(government)

    with pytest.raises(Conflict) as refusal:
        published(government, SMALL.replace("8所", "9所"))

    assert refusal.value.message == Message("register.number_taken", {"number": "云政发〔2026〕9号"})
    assert Task.objects.count() == 3


def test_publish_list_numbers_the_key_of_a_second_list_of_the_year():
    government = city()

    keys = [published(government, other_number(SMALL, n)).list.key for n in (9, 10, 11)]

    assert keys == ["yunjiang-2026", "yunjiang-2026-2", "yunjiang-2026-3"]


def test_publish_list_refuses_blocking_doubts():
    text = HEAD + "2.建成学校8所。\n主责单位：市没有这个局\n"
    government = city()

    with pytest.raises(Conflict) as refusal:
        published(government, text)

    blocking = ImportRun.objects.get().blocking
    assert blocking > 0
    assert refusal.value.message == Message("register.blocking", {"count": blocking})
    assert (TaskList.objects.count(), kinds_since(1)) == (0, ["document.received"])


def test_publish_list_refuses_a_document_without_tasks():
    with pytest.raises((Invalid, Conflict)):
        published(city(), "今天天气很好。\n")

    assert TaskList.objects.count() == 0


def test_publish_list_rolls_back_as_a_whole():
    government = another_city()  # the text names units that this directory does not hold
    reading = reading_of(city())
    run = keep_document(reading=reading, government=government, by=CONSOLE, now=NOW)
    before = last_seq()
    from duban.register.operations import publish_list

    with pytest.raises(KeyError):
        publish_list(run=run, reading=reading, by=CONSOLE, now=NOW)

    assert (TaskList.objects.count(), kinds_since(before)) == (0, [])


def test_document_is_found_by_the_beginning_of_its_hash():
    published(city())
    document = SourceDocument.objects.get()

    found = [
        document_by_hash(s)
        for s in (document.file_id, document.text_id[:12], document.file_id[:11], "0" * 12)
    ]

    assert found == [document, document, None, None]


def purge_twice(document):
    government = document.government
    first, second = (someone(PostRole.SUPERVISOR, government) for _ in "12")
    asked = purge_document(document=document, reason="误传", by=first, now=NOW)
    return asked, purge_document(document=document, reason="", by=second, now=NOW)


def cells() -> str:
    """Every value of every table of ours, as one text."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model.__module__.startswith("duban."):
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                for row in cursor.fetchall():
                    found += [
                        bytes(v).decode(errors="replace") if isinstance(v, (bytes, memoryview)) else str(v)
                        for v in row
                    ]
    return "\n".join(found)


def test_purge_document_leaves_no_text_anywhere():
    published(city())
    words = (
        "规模以上工业增加值",
        "建成学校",
        "食堂",
        "加快发展",
        "做强产业",
        "改善民生",
        "重点任务清单",
        "6月底前",
    )
    before = [word in cells() for word in words]

    done = purge_twice(SourceDocument.objects.get())

    assert done == (False, True)
    assert before == [True] * len(words)
    assert [word for word in words if word in cells()] == []
    assert (TaskList.objects.get().title, Heading.objects.first().text) == (PURGED, PURGED)
    assert Payload.objects.filter(content__isnull=False).count() == 0
    assert verify().sound


def test_purge_document_needs_a_reason_and_a_second_person():
    government = city()
    published(government)
    document, by = SourceDocument.objects.get(), someone(PostRole.SUPERVISOR, government)

    with pytest.raises(Invalid) as reasonless:
        purge_document(document=document, reason=" ", by=by, now=NOW)
    purge_document(document=document, reason="误传", by=by, now=NOW)
    with pytest.raises(NotAllowed) as alone:
        purge_document(document=document, reason="误传", by=by, now=NOW)

    assert reasonless.value.message == Message("register.purge_reason")
    assert alone.value.message == Message("history.purge_needs_second")
    assert "办好食堂" in cells()


def test_purged_document_cannot_be_imported_again():
    government = city()
    published(government)
    purge_twice(SourceDocument.objects.get())

    with pytest.raises(Conflict) as refusal:
        published(government)

    assert refusal.value.message == Message("history.purged_before")
