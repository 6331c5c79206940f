"""`duban purge`: 涉密误传处置. One account asks, another confirms; each proves itself with its password."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from duban.cli.django import ready_database, with_django
from duban.cli.passwords import asked_password
from duban.domain.errors import Invalid, NotAllowed
from duban.domain.messages import Message


@with_django
def main(argv: list[str]) -> int:
    """`duban purge SHA256 --as USER --reason …` asks; the same with another USER confirms."""
    parser = ArgumentParser(prog="duban purge", description=__doc__)
    parser.add_argument(
        "sha256", help="来源文件或存件的 SHA-256（可只写前 12 位以上），或一条记录，如 report:12"
    )
    parser.add_argument("--as", dest="username", required=True)
    parser.add_argument("--reason", default="")
    parser.add_argument("--password-stdin", action="store_true", help="从标准输入读密码")
    words = parser.parse_args(argv)
    ready_database()
    password = asked_password(from_stdin=words.password_stdin)
    from django.contrib.auth import authenticate
    from django.utils import timezone

    from duban.directory.queries import seats_of
    from duban.history.policies import refusal_to_purge

    user = authenticate(username=words.username, password=password)
    if user is None:
        raise NotAllowed(Message("directory.wrong_credentials"))
    seats = seats_of(user, timezone.localdate())
    if not seats:
        raise NotAllowed(Message("directory.no_post"))
    by = next((seat for seat in seats if refusal_to_purge(seat) is None), seats[0])
    done = _purge(words.sha256, {"reason": words.reason, "by": by, "now": timezone.now()})
    sys.stdout.write("已处置：内容已删除，只留校验值与记录。\n" if done else "已提出，等待另一人确认。\n")
    return 0


def _purge(which: str, act: dict[str, Any]) -> bool:
    """Ask or confirm for a document by its hash, or for a row by its kind and number."""
    from duban.documents.queries import document_by_hash
    from duban.purging.operations import purge_document, purge_thing
    from duban.purging.queries import thing_at

    if ":" in which:
        thing = thing_at(which, act["by"].government)
        if thing is None:
            raise Invalid(Message("purging.no_such_thing", {"subject": which}))
        return purge_thing(thing=thing, **act)
    document = document_by_hash(which)
    if document is None:
        raise Invalid(Message("documents.no_such_file", {"sha256": which}))
    return purge_document(document=document, **act)
