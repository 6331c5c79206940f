"""The few failures that are expected; anything else is a bug and stays loud."""

from __future__ import annotations

from duban.domain.messages import Message, render


class DomainError(Exception):
    """An expected refusal. `str(error)` is the sentence for the user; `message` lets a page say it in English."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return render(self.message)


class NotAllowed(DomainError):
    """The acting post may not do this."""


class Conflict(DomainError):
    """The thing is not (or no longer) in the state this act needs."""


class Invalid(DomainError):
    """What was handed in cannot be used."""
