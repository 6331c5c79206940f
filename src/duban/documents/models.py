"""What came in: source documents, kept as they were, and the runs that parsed them."""

from __future__ import annotations

from django.db import models

from duban.directory.models import Unit
from duban.domain.posts import Acting
from duban.history.models import Payload


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
