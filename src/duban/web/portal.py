"""The portal or proxy in front of us: which addresses are its own, and whom it names in its header."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

OPENED: Final = "portal"
"""The mark of a session that was opened for the name in the header."""


def portal_name(request: HttpRequest) -> str:
    """The name in the portal's header, whoever sent it; empty when no portal is set or nobody is named."""
    header = getattr(settings, "PORTAL_HEADER", "")
    return request.headers.get(header, "") if header else ""


def from_proxy(request: HttpRequest) -> bool:
    """Whether a request comes from an address whose headers are believed."""
    return comes_from(request.META.get("REMOTE_ADDR", ""), getattr(settings, "PORTAL_PROXIES", ()))


def taken_over(request: HttpRequest) -> bool:
    """Whether a signed-in session is no longer that of whoever the proxy names now.

    One opened for a name in the header ends as soon as the proxy names another or nobody; one opened with a password
    only when another is named.
    """
    named = portal_name(request) if from_proxy(request) else ""
    if not named:
        return bool(request.session.get(OPENED))
    return named != request.user.get_username()


def comes_from(address: str, networks: Iterable[str]) -> bool:
    """Whether an address is one of these, or inside one of these networks (10.1.2.3, 10.1.2.0/24)."""
    try:
        here = ip_address(address)
    except ValueError:
        return False
    return any(here in ip_network(network, strict=False) for network in networks)


def client_address(request: HttpRequest) -> str:
    """The browser's address: the peer's, or the last one a known proxy wrote down."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    if from_proxy(request):
        return request.headers.get("X-Forwarded-For", peer).split(",")[-1].strip()
    return peer
