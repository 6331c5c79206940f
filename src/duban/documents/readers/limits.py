"""How much of a stranger's file we are willing to read, and the one way of saying that we will not."""

from __future__ import annotations

from typing import NamedTuple

from duban.domain.errors import Invalid
from duban.domain.messages import Message


class UnreadableFile(Invalid):
    """The file cannot be read; the sentence says why and what to do instead."""


def unreadable(code: str, **params: str | int) -> UnreadableFile:
    """The refusal named by a row `reader.<code>` of the phrases."""
    return UnreadableFile(Message(f"reader.{code}", params))


class Limits(NamedTuple):
    """What one file may cost. The defaults hold every real list many times over."""

    bytes: int = 50_000_000
    pages: int = 2_000
    cells: int = 500_000
    members: int = 10_000
    unzipped_bytes: int = 300_000_000
    unzipped_ratio: int = 300
    characters: int = 20_000_000
    seconds: float = 60
    memory_bytes: int = 1_500_000_000
    answer_bytes: int = 300_000_000

    @property
    def megabytes(self) -> int:
        """The limit on bytes as people say it."""
        return self.bytes // 1_000_000

    @property
    def whole_seconds(self) -> int:
        """The limit on time as people say it."""
        return max(round(self.seconds), 1)


DEFAULTS = Limits()
