"""What came in: source documents, kept as they were, and the runs that parsed them."""

from __future__ import annotations

from django.db import models

from duban.directory.models import Unit
from duban.domain.posts import Acting
from duban.history.models import Payload
from duban.shared.constraints import one_of


class SourceDocumentQuerySet(models.QuerySet["SourceDocument"]):
    """Readings of the source documents."""

    def visible_to(self, acting: Acting) -> SourceDocumentQuerySet:
        """Office posts see the documents of their own government; nobody else does."""
        if not acting.sees_whole_government:
            return self.none()
        return self.filter(government_id=acting.government)


class SourceDocument(models.Model):
    """A file and the text read from it, both immutable: rows are never changed, contents live as payloads."""

    append_only = True

    government = models.ForeignKey(Unit, models.PROTECT, related_name="source_documents")
    name = models.CharField(max_length=255)
    file = models.ForeignKey(Payload, models.PROTECT, related_name="+")
    text = models.ForeignKey(Payload, models.PROTECT, related_name="+")
    blocks = models.TextField()
    reader = models.CharField(max_length=40)
    reader_version = models.CharField(max_length=20)
    characters = models.PositiveIntegerField()
    received_at = models.DateTimeField()

    objects = SourceDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "file", "reader", "reader_version"], name="document_once_per_reading"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One parsing of one document: its records as JSON (a payload, it holds text) and how it ended."""

    PARSED, PUBLISHED = "parsed", "published"

    document = models.ForeignKey(SourceDocument, models.PROTECT, related_name="runs")
    parser_version = models.CharField(max_length=20)
    records = models.ForeignKey(Payload, models.PROTECT, related_name="+")
    blocking = models.PositiveIntegerField()
    status = models.CharField(max_length=12, default=PARSED, choices=[(s, s) for s in (PARSED, PUBLISHED)])
    parsed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "records"], name="run_once_per_result")]

    def __str__(self) -> str:
        return f"run of {self.document}"


class DraftQuerySet(models.QuerySet["Draft"]):
    """Readings of the drafts."""

    def visible_to(self, acting: Acting) -> DraftQuerySet:
        """The working papers of the supervision office, open to the office of the same government alone."""
        if not acting.runs_office:
            return self.none()
        return self.filter(government_id=acting.government)


class Draft(models.Model):
    """A parsed document while people check it. `records` are what was read (drafting_records), never changed by edits."""

    OPEN, PUBLISHED, DISCARDED = STATES = ("open", "published", "discarded")

    run = models.OneToOneField(ImportRun, models.PROTECT, related_name="draft")
    government = models.ForeignKey(Unit, models.PROTECT, related_name="drafts")
    records = models.ForeignKey(Payload, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=OPEN, choices=[(s, s) for s in STATES])
    revision = models.PositiveIntegerField(default=0)
    open_doubts = models.PositiveIntegerField(default=0)
    tasks = models.PositiveIntegerField(default=0)
    list_key = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [one_of("state", ["open", "published", "discarded"], name="draft_state_known")]

    def __str__(self) -> str:
        return f"draft of {self.run}"


class DraftEdit(models.Model):
    """One edit of a draft, in the order they were made; undoing is a row of its own."""

    append_only = True

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="edits")
    ordinal = models.PositiveIntegerField()
    body = models.JSONField()
    person = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["draft", "ordinal"], name="draft_edit_ordinal_once")]

    def __str__(self) -> str:
        return f"{self.draft_id}/{self.ordinal}"


class ColumnMapping(models.Model):
    """What the columns of a table with these headers mean, as a person of this government once decided."""

    government = models.ForeignKey(Unit, models.PROTECT, related_name="column_mappings")
    headers = models.CharField(max_length=64)
    columns = models.JSONField()
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "headers"], name="column_mapping_once_per_headers")
        ]

    def __str__(self) -> str:
        return f"columns {self.headers[:8]}"
