"""The append-only record: events in a hash chain, and the payloads that may lawfully be purged from beside it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from duban.shared.constraints import set_together


class EventQuerySet(models.QuerySet["Event"]):
    """Readings of the record."""

    def of_task(self, list_id: int, task_id: int) -> EventQuerySet:
        """What happened to one task."""
        return self.filter(list_id=list_id, task_id=task_id)

    def of_government(self, government_id: int | None) -> EventQuerySet:
        """The envelope rows of one government."""
        return self.filter(government_id=government_id)


class Event(models.Model):
    """One thing that happened. Only history.operations writes it; both databases refuse to change or delete it.

    The envelope (who, as whom, when, what kind, which objects) is readable by auditors; `body` holds the values, as
    canonical JSON (RFC 8785). `hash` is SHA-256 over the canonical envelope, which holds the body's hash and the hash
    of the event before. Where a purge took a text out of a body, the hash stays and a later event vouches for the rest.
    """

    append_only = True
    purgeable = ("body",)

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    government_id = models.BigIntegerField(null=True)
    list_id = models.BigIntegerField(null=True)
    task_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=120, blank=True)
    person_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=120)
    body = models.TextField()
    body_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["list_id", "task_id", "seq"], name="event_of_task"),
            models.Index(fields=["government_id", "seq"], name="event_of_government"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Payload(models.Model):
    """A text or file kept outside the chain under its own hash, so that it can be purged and leave its stub."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField(null=True)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(content__isnull=False, purged_at__isnull=True)
                | Q(content__isnull=True, purged_at__isnull=False),
                name="payload_is_there_or_purged",
            )
        ]

    def __str__(self) -> str:
        return self.sha256


class Purge(models.Model):
    """涉密误传处置: one person asks, a second one confirms, the content is gone; this row and the hashes stay.

    It is about a payload, or about the texts of one row, named in `subject` as `kind:number`.
    """

    payload = models.ForeignKey(Payload, models.PROTECT, null=True, related_name="purges")
    subject = models.CharField(max_length=60, blank=True)
    government_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)
    requested_at = models.DateTimeField()
    requested_by_id = models.BigIntegerField()
    requested_label = models.CharField(max_length=120)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_label = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            set_together("confirmed_at", "confirmed_by_id", name="purge_confirmed_by_whom_and_when"),
            models.CheckConstraint(
                condition=Q(confirmed_by_id__isnull=True) | ~Q(confirmed_by_id=F("requested_by_id")),
                name="purge_takes_two_persons",
            ),
            models.UniqueConstraint(
                fields=["payload"], condition=Q(confirmed_at__isnull=True), name="one_open_purge_per_payload"
            ),
            models.CheckConstraint(
                condition=Q(payload__isnull=False, subject="") | Q(payload__isnull=True) & ~Q(subject=""),
                name="purge_of_a_payload_or_a_row",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(confirmed_at__isnull=True) & ~Q(subject=""),
                name="one_open_purge_per_row",
            ),
        ]

    def __str__(self) -> str:
        return f"purge of {self.payload_id or self.subject}"

    @property
    def kind(self) -> str:
        """What kind of row it is about; "" for a payload."""
        return self.subject.partition(":")[0]


class PurgedText(models.Model):
    """One column of one row whose text a purge replaced: where, and the hashes of what stood and of what stands there.

    Written before the text is replaced; the triggers of append-only tables let exactly that replacement through.
    """

    append_only = True

    purge = models.ForeignKey(Purge, models.PROTECT, related_name="texts")
    relation = models.CharField(max_length=63)
    key = models.BigIntegerField()
    attribute = models.CharField(max_length=63)
    before = models.CharField(max_length=64)
    after = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["relation", "key", "attribute"], name="purged_text_of_row")]

    def __str__(self) -> str:
        return f"{self.relation}/{self.key}/{self.attribute}"
