"""The one map from an expected failure to an HTTP status."""

from typing import Final

from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed

STATUSES: Final[dict[type[DomainError], int]] = {NotAllowed: 403, Conflict: 409, Invalid: 422}


def status_of(error: DomainError) -> int:
    """403, 409 or 422; a DomainError of no nearer kind is 422."""
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 422)
