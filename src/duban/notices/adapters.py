"""Where notices go: a file for the gateway of text messages, a folder of letters, or one request to a listed address.

No adapter keeps credentials, and none reaches a host that the settings do not name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from http.client import HTTPException
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from duban.domain.digests import NOTICE_LABELS, Digest
from duban.domain.errors import Conflict, Invalid
from duban.domain.messages import Message
from duban.notices.digests import Outlet

WAYS: Final = ("sms-file", "mail-file", "webhook")
SECONDS: Final = 10


def outlet_for(way: str, out: str, list_key: str, on: date, hosts: Collection[str]) -> Outlet:
    """One of `WAYS`. `out` is a file, a folder or an address; `hosts` are those an address may name.

    Raises Conflict (notices.out_in_use) for a file or folder in use, Invalid for an unusable address or a host not listed.
    """
    if way == "webhook":
        require_host(out, hosts)
        return Outlet("sms", False, lambda letters: _post(out, list_key, on, letters))  # noqa: FBT003 (a field)
    path = Path(out).resolve()
    if path.exists():
        raise Conflict(Message("notices.out_in_use", {"path": str(path)}))
    if way == "sms-file":
        return Outlet("sms", True, lambda letters: _write_lines(path, letters))  # noqa: FBT003 (a field)
    return Outlet("mail", False, lambda letters: _write_folder(path, on, letters))  # noqa: FBT003 (a field)


def _write_lines(path: Path, letters: Sequence[Digest]) -> None:
    """`telephone⇥text`, one line for each person, UTF-8; complete or not there at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    lines = "".join(f"{_flat(letter.phone)}\t{_flat(letter.text)}\n" for letter in letters)
    try:
        half.write_text(lines, encoding="utf-8", newline="\n")
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _write_folder(path: Path, on: date, letters: Sequence[Digest]) -> None:
    """One .eml for each person, named by kind, name and telephone; whoever sends them fills in the address."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        for number, letter in enumerate(letters, 1):
            label = NOTICE_LABELS[letter.kind][0]
            name = re.sub(r"[^\w-]", "_", f"{number:03d}-{label}-{letter.name}-{letter.phone or '无电话'}")
            (folder / f"{name}.eml").write_bytes(_letter(letter, label, on).as_bytes())
        folder.chmod(0o755)
        folder.rename(path)
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise


def _letter(letter: Digest, label: str, on: date) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = f"督查室{label}（{on.isoformat()}）"
    mail["X-Unsent"] = "1"
    mail["X-Duban-Name"] = _flat(letter.name)
    mail["X-Duban-Phone"] = _flat(letter.phone)
    mail.set_content(f"{letter.name}同志：\n\n{letter.text}\n")
    return mail


def require_host(url: str, hosts: Collection[str]) -> SplitResult:
    """The parts of an address that may be written to: http or https, no user name in it, its host among `hosts`.

    A listed host is a name, or name:port when only that port is meant.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as problem:
        raise Invalid(Message("notices.bad_url", {"url": url})) from problem
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise Invalid(Message("notices.bad_url", {"url": url}))
    listed = {each.strip().lower() for each in hosts}
    if host not in listed and f"{host}:{port}" not in listed:
        raise Invalid(Message("notices.host_not_allowed", {"host": host}))
    return parts


class _NoRedirect(HTTPRedirectHandler):
    """An answer that points elsewhere is an error, never followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _post(url: str, list_key: str, on: date, letters: Sequence[Digest]) -> None:
    rows = [
        {
            "kind": letter.kind,
            "name": letter.name,
            "phone": letter.phone,
            "units": list(letter.units),
            "text": letter.text,
        }
        for letter in letters
    ]
    body = json.dumps({"list": list_key, "on": on.isoformat(), "notices": rows}, ensure_ascii=False).encode()
    request = Request(url, body, {"Content-Type": "application/json; charset=utf-8"}, method="POST")  # noqa: S310 (checked)
    try:
        with build_opener(ProxyHandler({}), _NoRedirect()).open(request, timeout=SECONDS):
            pass
    except HTTPError as problem:
        problem.close()
        raise Conflict(Message("notices.not_delivered", {"reason": f"HTTP {problem.code}"})) from problem
    except (URLError, HTTPException, OSError) as problem:
        reason = str(getattr(problem, "reason", problem))
        raise Conflict(Message("notices.not_delivered", {"reason": reason})) from problem
