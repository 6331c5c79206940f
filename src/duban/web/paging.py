"""A page of a queryset, with the rows still a queryset."""

from __future__ import annotations

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

SIZE = 50
M = TypeVar("M", bound=Model)


def paged(
    found: QuerySet[M], number: object, *, known: int | None = None, size: int = SIZE
) -> tuple[Page[M], QuerySet[M]]:
    """The page of that number, the nearest one that exists, and the rows on it; a count already known is not asked again."""
    paginator = Paginator(found, size)
    if known is not None:
        paginator.__dict__["count"] = known  # fills the cached property
    page = paginator.get_page(number)  # type: ignore[arg-type]  # get_page takes whatever a visitor typed
    end = page.end_index()
    return page, found[max(0, page.start_index() - 1) : end]
