"""Time-based codes as a second factor: HOTP (RFC 4226) over 30-second steps (RFC 6238), six digits, SHA-1."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

from django.db import transaction

from duban.directory.models import SecondFactor, User
from duban.domain.posts import Acting
from duban.history.operations import Happening, append

STEP_SECONDS: Final = 30
DIGITS: Final = 6
DRIFT: Final = 1  # steps before and after, for clocks that differ


def code_at(secret: str, step: int) -> str:
    """The code of a base32 secret in one time step."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def second_factor_of(user: User) -> SecondFactor:
    """The account's secret, made at the first call; 160 bits, to be typed into an authenticator once."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    factor, _ = SecondFactor.objects.get_or_create(user=user, defaults={"secret": secret})
    return factor


@transaction.atomic
def accept_code(*, user: User, code: str, by: Acting, now: datetime) -> bool:
    """Whether a code is right now and was not used before; the first right one confirms the secret."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        return False
    here = int(now.timestamp()) // STEP_SECONDS
    steps = (step for step in range(here - DRIFT, here + DRIFT + 1) if step > factor.last_step)
    found = next((step for step in steps if hmac.compare_digest(code_at(factor.secret, step), code)), None)
    if found is None:
        return False
    fresh = factor.confirmed_at is None
    factor.last_step, factor.confirmed_at = found, factor.confirmed_at or now
    factor.save(update_fields=["last_step", "confirmed_at"])
    if fresh:
        append([Happening("account.second_factor_set", subject=f"user:{user.pk}")], by=by, now=now)
    return True
