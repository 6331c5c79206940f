"""How a command asks for a password: in the terminal, or from standard input."""

from __future__ import annotations

import sys
from getpass import getpass

from duban.domain.errors import Invalid
from duban.domain.messages import Message


def asked_password(*, from_stdin: bool) -> str:
    """A password; Invalid where there is neither a terminal to type it in nor leave to read it from standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise Invalid(Message("account.no_terminal"))
    return getpass("密码：")
