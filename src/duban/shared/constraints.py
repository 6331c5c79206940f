"""Constraints that several models share."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q


def set_together(*fields: str, name: str) -> CheckConstraint:
    """Either every one of these fields is null or none is."""
    none = Q(**{f"{field}__isnull": True for field in fields})
    every = Q(**{f"{field}__isnull": False for field in fields})
    return CheckConstraint(condition=none | every, name=name)


def exactly_one(first: str, second: str, *, name: str) -> CheckConstraint:
    """One of the two fields is set, the other null."""
    return CheckConstraint(
        condition=Q(**{f"{first}__isnull": False, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": True, f"{second}__isnull": False}),
        name=name,
    )


def one_of(field: str, values: list[str], *, name: str) -> CheckConstraint:
    """The database, not only the form, knows the vocabulary."""
    return CheckConstraint(condition=Q(**{f"{field}__in": values}), name=name)
