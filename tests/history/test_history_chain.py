from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.building import NOW

from duban.domain.messages import Message
from duban.domain.posts import CONSOLE, Acting, PostRole
from duban.history.chain import FIRST, hash_of
from duban.history.models import Event
from duban.history.operations import Happening, append
from duban.history.policies import may_read_envelopes
from duban.history.presenters import EventLine, lines
from duban.history.queries import Verification, verify
from duban.history.triggers import append_only_models, check_triggers, lay_triggers, lift_triggers

pytestmark = pytest.mark.django_db


def three() -> list[int]:
    return append([Happening(f"thing.{n}", {"n": n}) for n in (1, 2, 3)], by=CONSOLE, now=NOW)


def forge(assignment: str, seq: int = 2) -> None:
    """Change a stored event as somebody with the database's own password could."""
    lift_triggers()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE history_event SET {assignment} WHERE seq = {seq}")


def head() -> str:
    return Event.objects.order_by("-seq").values_list("hash", flat=True)[0]


def test_append_numbers_events_from_one_and_links_each_to_the_one_before():
    first = three()

    second = append([Happening("thing.4")], by=CONSOLE, now=NOW)

    events = list(Event.objects.order_by("seq"))
    assert (first, second) == ([1, 2, 3], [4])
    assert [event.previous for event in events] == [FIRST, *(event.hash for event in events[:-1])]
    assert [event.hash for event in events] == [hash_of(event) for event in events]


def test_append_keeps_who_as_whom_and_about_what():
    by = Acting("某人", person=1, post=2, unit=3, government=4, role=PostRole.SUPERVISOR, on_behalf_of=5)

    append([Happening("k", {"乙": [1], "a": "甲"}, 4, 6, 7, "task:x/1")], by=by, now=NOW)

    names = [
        "seq",
        "at",
        "kind",
        "government_id",
        "list_id",
        "task_id",
        "subject",
        "person_id",
        "post_id",
        "on_behalf_of_id",
        "actor",
        "body",
    ]
    body = '{"a":"甲","乙":[1]}'
    assert Event.objects.values_list(*names, "body_hash").get() == (
        1, NOW, "k", 4, 6, 7, "task:x/1", 1, 2, 5, "某人", body, hashlib.sha256(body.encode()).hexdigest(),
    )  # fmt: skip


def test_append_never_lets_time_run_backwards():
    append([Happening("late")], by=CONSOLE, now=NOW + timedelta(hours=1))
    append([Happening("early")], by=CONSOLE, now=NOW)
    append([Happening("later")], by=CONSOLE, now=NOW + timedelta(hours=2))

    times = list(Event.objects.order_by("seq").values_list("at", flat=True))
    assert times == [NOW + timedelta(hours=hours) for hours in (1, 1, 2)]


def test_append_of_nothing_writes_nothing():
    assert append([], by=CONSOLE, now=NOW) == []
    assert Event.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_a_bug():
    with pytest.raises(RuntimeError):
        append([Happening("k")], by=CONSOLE, now=NOW)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE history_event SET actor = 'x' WHERE seq = 2", "DELETE FROM history_event WHERE seq = 2"],
)
def test_database_refuses_to_change_or_delete_an_event(statement):
    three()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert verify() == Verification(3, head(), 0, 0, ())


def test_orm_cannot_change_or_delete_an_event_either():
    three()

    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(kind="forged")
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.all().delete()

    assert list(Event.objects.values_list("kind", flat=True)) == ["thing.1", "thing.2", "thing.3"]


def test_verify_of_an_empty_record_is_sound():
    found = verify()

    assert found == Verification(0, FIRST, 0, 0, ())
    assert found.sound


def test_verify_finds_a_forged_body():
    three()

    forge("body = '{\"n\":9}'")

    assert verify().faults == (Message("history.fault_body", {"seq": 2}),)
    assert not verify().sound


@pytest.mark.parametrize(
    "assignment",
    ["actor = 'x'", "kind = 'x'", "subject = 'x'", "task_id = 1", "list_id = 1", "government_id = 1",
     "person_id = 1", "post_id = 1", "on_behalf_of_id = 1"],
)  # fmt: skip
def test_verify_finds_a_forged_envelope(assignment):
    three()

    forge(assignment)

    assert verify().faults == (Message("history.fault_envelope", {"seq": 2}),)


def test_verify_finds_a_forged_time():
    three()

    lift_triggers()
    Event.objects.filter(seq=2).update(at=NOW + timedelta(microseconds=1))

    assert verify().faults == (Message("history.fault_envelope", {"seq": 2}),)


def test_verify_finds_a_broken_link_even_when_the_forged_event_hashes_right():
    three()
    event = Event.objects.get(seq=2)
    event.actor = "x"

    forge(f"actor = 'x', hash = '{hash_of(event)}'")

    assert verify().faults == (Message("history.fault_link", {"seq": 3}),)


def test_verify_finds_a_missing_event():
    three()
    lift_triggers()

    Event.objects.filter(seq=2).delete()

    assert verify().faults == (
        Message("history.fault_number", {"seq": 3, "expected": 2}),
        Message("history.fault_link", {"seq": 3}),
    )


def test_verify_names_twenty_faults_at_most():
    append([Happening("k") for _ in range(25)], by=CONSOLE, now=NOW)
    lift_triggers()

    Event.objects.update(actor="x")

    assert verify().faults == tuple(Message("history.fault_envelope", {"seq": n}) for n in range(1, 21))


def test_check_triggers_reports_every_table_whose_triggers_are_gone():
    before = check_triggers(databases=["default"])

    lift_triggers()

    tables = sorted(model._meta.db_table for model in append_only_models())
    found = sorted(str(fault.msg) for fault in check_triggers(databases=["default"]))
    assert before == []
    assert found == [f"Table {table} is append-only but lets UPDATE and DELETE through." for table in tables]
    assert tables == [
        "documents_draftedit",
        "documents_sourcedocument",
        "history_event",
        "history_purgedtext",
        "plans_adjustment",
        "progress_report",
        "progress_signoff",
        "publishing_snapshot",
        "register_printedunit",
        "supervision_consultationrow",
        "supervision_contact",
        "supervision_determination",
        "supervision_verdict",
    ]
    assert check_triggers() == []


def test_lay_triggers_restores_what_is_missing_and_may_be_repeated():
    lift_triggers()

    lay_triggers()
    lay_triggers()

    assert check_triggers(databases=["default"]) == []


def test_lines_make_sentences_in_the_order_given():
    body = {"number": "1", "span": [1, 2], "units": ["main:甲", "main:乙"]}
    append([Happening("session.opened"), Happening("task.published", body)], by=CONSOLE, now=NOW)

    found = lines(Event.objects.order_by("-seq"))

    params = {"number": "1", "span": 2, "units": 2}
    assert found == [
        EventLine(2, NOW, "命令行", Message("event.task.published", params)),
        EventLine(1, NOW, "命令行", Message("event.session.opened", {})),
    ]
    assert [str(line.sentence) for line in found] == ["随清单发布入库，确定责任单位 2 个", "登录"]
    assert [json.loads(event.body) for event in Event.objects.order_by("-seq")] == [body, {}]


def test_envelopes_are_for_the_auditor_alone():
    readers = [role for role in PostRole if may_read_envelopes(Acting("", role=role))]

    assert readers == [PostRole.AUDITOR]
    assert not may_read_envelopes(CONSOLE)
