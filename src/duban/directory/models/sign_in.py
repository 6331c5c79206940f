"""What signing in leaves behind: refused attempts, counted until they are forgiven, and second factors."""

from __future__ import annotations

from django.db import models

from duban.directory.models.people import User
from duban.shared.constraints import one_of


class SignInAttempts(models.Model):
    """Attempts in a row without success, by account name or by network address; never a measure of anybody's work."""

    ACCOUNT, ADDRESS = "account", "address"

    kind = models.CharField(max_length=10, choices=[(k, k) for k in (ACCOUNT, ADDRESS)])
    key = models.CharField(max_length=64)
    attempts = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="attempts_once_per_key"),
            one_of("kind", ["account", "address"], name="attempts_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.attempts}"


class SecondFactor(models.Model):
    """A shared secret for time-based codes (RFC 6238); `last_step` is the newest step used, so that no code works twice."""

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of {self.user_id}"
