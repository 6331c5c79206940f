"""The request as our views see it: a signed-in user and the post that acts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from duban.directory.models import User
from duban.domain.posts import Acting
from duban.register.queries import ListSummary


def number(raw: str) -> int:
    """A primary key as an address or a form carries it; 0 for what is none."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0


class Request(HttpRequest):
    """A signed-in request. `acting` is the chosen post, `seats` are all posts of this person."""

    user: User
    acting: Acting
    seats: tuple[Acting, ...]
    language: str
    shown_list: ListSummary
    newest_period: str | None


def needs_second_factor(request: Request) -> bool:
    """Whether one of this person's posts signs in with a code as well, by the settings."""
    roles = set(getattr(settings, "SECOND_FACTOR_ROLES", ()))
    return any(seat.role in roles for seat in request.seats)
