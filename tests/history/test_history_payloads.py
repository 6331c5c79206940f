from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.building import NOW, kinds_since

from duban.domain.errors import Conflict, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE, Acting, PostRole
from duban.history.models import Event, Payload, Purge
from duban.history.operations import confirm_purge, keep_payload, request_purge
from duban.history.queries import verify

pytestmark = pytest.mark.django_db

FIRST = Acting("甲", person=1, post=1, government=9, role=PostRole.SUPERVISOR)
SECOND = Acting("乙", person=2, post=2, government=9, role=PostRole.SECURITY_ADMIN)
LIAISON = Acting("丙", person=3, post=3, government=9, role=PostRole.LIAISON)
LATER = NOW + timedelta(days=1)
TEXT = "不该上传的内容".encode()


def requested() -> Purge:
    return request_purge(payload=keep_payload(TEXT, now=NOW), reason="误传", by=FIRST, now=NOW)


def message(refusal) -> Message:
    return refusal.value.message


def test_payload_is_stored_once_under_its_hash():
    first, second = keep_payload(TEXT, now=NOW), keep_payload(TEXT, now=LATER)

    assert first == second
    row = Payload.objects.values_list("sha256", "size", "stored_at", "purged_at").get()
    assert row == (hashlib.sha256(TEXT).hexdigest(), len(TEXT), NOW, None)
    assert bytes(Payload.objects.get().content) == TEXT


def test_purge_removes_the_content_and_keeps_hash_and_both_names():
    purge = requested()

    confirm_purge(purge=purge, by=SECOND, now=LATER)

    sha256 = hashlib.sha256(TEXT).hexdigest()
    assert Payload.objects.values_list("sha256", "content", "size", "purged_at").get() == (
        sha256, None, len(TEXT), LATER,
    )  # fmt: skip
    names = [
        "reason",
        "requested_at",
        "requested_by_id",
        "requested_label",
        "confirmed_at",
        "confirmed_by_id",
        "confirmed_label",
    ]
    assert Purge.objects.values_list(*names).get() == ("误传", NOW, 1, "甲", LATER, 2, "乙")
    assert list(Event.objects.values_list("kind", "actor", "subject", "government_id")) == [
        ("purge.requested", "甲", sha256, 9),
        ("purge.confirmed", "乙", sha256, 9),
    ]
    assert (verify().payloads, verify().purged, verify().faults) == (1, 1, ())


@pytest.mark.parametrize(
    ("by", "reason"),
    [(FIRST, "needs_second"), (CONSOLE, "needs_person"), (LIAISON, "needs_office")],
    ids=["same", "nobody", "liaison"],
)
def test_purge_is_confirmed_by_a_second_person_of_the_office_alone(by, reason):
    purge = requested()

    with pytest.raises(NotAllowed) as refusal:
        confirm_purge(purge=purge, by=by, now=LATER)

    assert message(refusal) == Message(f"history.purge_{reason}")
    assert bytes(Payload.objects.get().content) == TEXT
    assert kinds_since() == ["purge.requested"]


def test_purge_is_not_requested_by_nobody():
    payload = keep_payload(TEXT, now=NOW)

    with pytest.raises(NotAllowed) as refusal:
        request_purge(payload=payload, reason="误传", by=CONSOLE, now=NOW)

    assert message(refusal) == Message("history.purge_needs_person")
    assert Purge.objects.count() == 0


def test_purge_under_way_is_not_requested_again():
    purge = requested()

    with pytest.raises(Conflict) as refusal:
        request_purge(payload=purge.payload, reason="再次", by=SECOND, now=LATER)

    assert message(refusal) == Message("history.purge_under_way")


def test_purge_is_confirmed_once():
    purge = requested()
    confirm_purge(purge=purge, by=SECOND, now=LATER)

    with pytest.raises(Conflict) as refusal:
        confirm_purge(purge=purge, by=SECOND, now=LATER)

    assert message(refusal) == Message("history.purge_done")


def test_purged_payload_cannot_come_back():
    confirm_purge(purge=requested(), by=SECOND, now=LATER)

    with pytest.raises(Conflict) as refusal:
        keep_payload(TEXT, now=LATER)

    assert message(refusal) == Message("history.purged_before")
    assert Payload.objects.get().content is None


def test_verify_finds_a_changed_payload():
    payload = keep_payload(TEXT, now=NOW)

    Payload.objects.update(content=b"forged")

    assert verify().faults == (Message("history.fault_payload", {"sha256": payload.pk[:12]}),)


@pytest.mark.parametrize("values", [{"content": None}, {"purged_at": NOW}])
def test_database_knows_a_payload_is_there_or_purged(values):
    keep_payload(TEXT, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Payload.objects.update(**values)


@pytest.mark.parametrize(
    "values",
    [{"confirmed_at": NOW}, {"confirmed_by_id": 2}, {"confirmed_at": NOW, "confirmed_by_id": 1}],
)
def test_database_knows_a_purge_takes_two_persons(values):
    requested()

    with pytest.raises(IntegrityError), transaction.atomic():
        Purge.objects.update(**values)


def test_database_knows_one_open_purge_per_payload():
    purge = requested()

    with pytest.raises(IntegrityError), transaction.atomic():
        Purge.objects.create(
            payload=purge.payload, reason="", requested_at=NOW, requested_by_id=3, requested_label=""
        )
