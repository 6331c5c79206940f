"""Who keeps the roster and the people, and whose accounts; answered for one acting post, with the reason of a refusal."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from duban.domain.messages import Message
from duban.domain.posts import ADMINISTRATORS, CONSOLE, OWN_UNIT, Acting, PostRole

KEEPERS: Final = frozenset({PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR, PostRole.SYSTEM_ADMIN})
ACCOUNT_KEEPERS: Final = frozenset({PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN})


def may_open_people(by: Acting) -> bool:
    """Who sees people, telephones and the state of accounts: those who keep the roster, and the security administrator."""
    return by.role in KEEPERS or by.role == PostRole.SECURITY_ADMIN


def refusal_to_keep_roster(by: Acting, government: int) -> Message | None:
    """Why this post may not change units, posts and people of a government; None when it may."""
    inside = by.role in KEEPERS and by.government == government
    return None if inside or by == CONSOLE else Message("roster.not_yours")


def refusal_to_give_account(by: Acting, government: int, roles: Collection[PostRole]) -> Message | None:
    """Why this post may neither open nor reset the account of somebody in posts of these roles of a government.

    People of the units: whoever keeps the roster, or the security administrator. People of the office and leaders: the
    system or the security administrator, never a colleague. The three separated administrators: the console alone, so
    that none of them gets at another's account.
    """
    if by == CONSOLE:
        return None
    if by.government == government and not set(roles) & ADMINISTRATORS:
        if by.role in ACCOUNT_KEEPERS:
            return None
        if by.role in KEEPERS and set(roles) <= OWN_UNIT:
            return None
    return Message("account.not_yours")
