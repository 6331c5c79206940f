"""`duban purge`: 涉密误传处置. One account asks, another confirms; each proves itself with its password."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass

from duban.cli.django import ready_database, with_django
from duban.domain.errors import Invalid, NotAllowed
from duban.domain.messages import Message


@with_django
def main(argv: list[str]) -> int:
    """`duban purge SHA256 --as USER --reason …` asks; the same with another USER confirms."""
    parser = ArgumentParser(prog="duban purge", description=__doc__)
    parser.add_argument("sha256", help="来源文件或存件的 SHA-256（可只写前 12 位以上）")
    parser.add_argument("--as", dest="username", required=True)
    parser.add_argument("--reason", default="")
    parser.add_argument("--password-stdin", action="store_true", help="从标准输入读密码")
    words = parser.parse_args(argv)
    ready_database()
    password = sys.stdin.readline().rstrip("\n") if words.password_stdin else getpass("密码：")
    from django.contrib.auth import authenticate
    from django.utils import timezone

    from duban.directory.queries import seats_of
    from duban.documents.queries import document_by_hash
    from duban.history.policies import refusal_to_purge
    from duban.register.operations import purge_document

    user = authenticate(username=words.username, password=password)
    if user is None:
        raise NotAllowed(Message("directory.wrong_credentials"))
    seats = seats_of(user, timezone.localdate())
    if not seats:
        raise NotAllowed(Message("directory.no_post"))
    document = document_by_hash(words.sha256)
    if document is None:
        raise Invalid(Message("documents.no_such_file", {"sha256": words.sha256}))
    done = purge_document(
        document=document,
        reason=words.reason,
        by=next((seat for seat in seats if refusal_to_purge(seat) is None), seats[0]),
        now=timezone.now(),
    )
    sys.stdout.write("已处置：内容已删除，只留校验值与记录。\n" if done else "已提出，等待另一人确认。\n")
    return 0
