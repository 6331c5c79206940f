"""Taking documents in, and what people do to a draft before it is published."""

from duban.documents.operations.drafts import (
    actor_of,
    discard_draft,
    edit_draft,
    map_columns,
    mark_published,
    open_draft,
    read_for_draft,
)
from duban.documents.operations.intake import (
    PARSER_VERSION,
    Reading,
    Scan,
    keep_document,
    keep_scan,
    read_document,
    read_scan,
)

__all__ = [
    "PARSER_VERSION",
    "Reading",
    "Scan",
    "actor_of",
    "discard_draft",
    "edit_draft",
    "keep_document",
    "keep_scan",
    "map_columns",
    "mark_published",
    "open_draft",
    "read_document",
    "read_for_draft",
    "read_scan",
]
