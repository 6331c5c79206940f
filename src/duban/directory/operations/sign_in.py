"""Signing in and out: what enters the record, and how many attempts may fail before an account or an address must wait."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q

from duban.directory.models import SignInAttempts, User
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.history.operations import Happening, append


class LockRule(NamedTuple):
    """After so many attempts in a row without success the account, or the address, waits so many minutes."""

    per_account: int = 5
    per_address: int = 50
    minutes: int = 15


@transaction.atomic
def admit_attempt(*, username: str, address: str, rule: LockRule, now: datetime) -> Message | None:
    """Count an attempt before the password is looked at; a sentence when it must not be looked at at all.

    Counting first means that many attempts at once get no more tries than one after the other. A name that nobody has
    is counted like any other, so that the answer tells nothing. An attempt during the wait neither counts nor prolongs it.
    """
    rows = [
        (_row(SignInAttempts.ACCOUNT, username, now), rule.per_account),
        (_row(SignInAttempts.ADDRESS, address, now), rule.per_address),
    ]
    wait = timedelta(minutes=rule.minutes)
    for row, _ in rows:
        if now - row.last_at >= wait:
            row.attempts = 0
    if any(row.attempts >= most for row, most in rows):
        return Message("session.locked", {"minutes": rule.minutes})
    for row, most in rows:
        row.attempts, row.last_at = row.attempts + 1, now
        row.save(update_fields=["attempts", "last_at"])
        if row.attempts == most:
            event = Happening("session.locked", {"kind": row.kind}, subject=f"{row.kind}:{username}"[:120])
            append([event], by=Acting(label="—"), now=now)
    return None


def forgive_attempts(*, username: str, address: str = "") -> None:
    """After a success: the account's count is gone, and this attempt no longer counts against the address."""
    SignInAttempts.objects.filter(_place(SignInAttempts.ACCOUNT, username)).delete()
    if address:
        here = SignInAttempts.objects.filter(_place(SignInAttempts.ADDRESS, address), attempts__gt=0)
        here.update(attempts=F("attempts") - 1)


def _row(kind: str, text: str, now: datetime) -> SignInAttempts:
    key = _key(text)
    row, _ = SignInAttempts.objects.select_for_update().get_or_create(
        kind=kind, key=key, defaults={"last_at": now}
    )
    return row


def _place(kind: str, text: str) -> Q:
    return Q(kind=kind, key=_key(text))


def _key(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()


@transaction.atomic
def record_sign_in(*, user: User | None, username: str, now: datetime) -> None:
    """A sign-in that worked, or one that was refused, enters the record."""
    if user is None:
        append(
            [Happening("session.refused", subject=f"user:{username}"[:120])], by=Acting(label="—"), now=now
        )
        return
    acting = Acting(label=user.person.name, person=user.person_id)
    append([Happening("session.opened", subject=f"user:{user.pk}")], by=acting, now=now)


@transaction.atomic
def record_sign_out(*, by: Acting, now: datetime) -> None:
    """A session ended by its owner enters the record."""
    append([Happening("session.closed", government=by.government)], by=by, now=now)
