"""Finding what came in."""

from __future__ import annotations

from django.db.models import Q

from duban.documents.models import SourceDocument


def document_by_hash(sha256: str) -> SourceDocument | None:
    """The document whose file or text has this hash (twelve characters or more are enough), if exactly one has."""
    if len(sha256) < 12:
        return None
    found = SourceDocument.objects.filter(
        Q(file__sha256__startswith=sha256) | Q(text__sha256__startswith=sha256)
    )[:2]
    return found[0] if len(found) == 1 else None
