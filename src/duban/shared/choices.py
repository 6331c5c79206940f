"""Choices of a model field as plain strings, so that migrations never import an enum of ours."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


def choices(members: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """`(value, value)` pairs; what people read comes from the domain's labels."""
    return [(member.value, member.value) for member in members]
