"""`duban account`: give a person an account and a post, or a new one-time password (`--reset`)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from getpass import getpass

from duban.cli.django import ready_database, with_django
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE, POST_LABELS, PostRole


@with_django
def main(argv: list[str]) -> int:
    """Create the person, the post (if it is not there yet), the appointment and the account, in one step."""
    if "--reset" in argv:
        return _reset(argv)
    parser = ArgumentParser(prog="duban account", description=__doc__)
    parser.add_argument("username")
    parser.add_argument("--name", required=True, help="姓名")
    parser.add_argument("--government", required=True, help="名录名称，如 beijing")
    parser.add_argument("--unit", default="", help="单位简称；不写则为本级政府")
    parser.add_argument("--role", required=True, choices=[role.value for role in PostRole])
    parser.add_argument("--title", default="", help="岗位名称")
    parser.add_argument("--password-stdin", action="store_true", help="从标准输入读密码")
    words = parser.parse_args(argv)
    ready_database()
    password = sys.stdin.readline().rstrip("\n") if words.password_stdin else getpass("密码：")
    from django.db import transaction
    from django.utils import timezone

    from duban.directory.models import Person, Unit
    from duban.directory.operations import Seat, appoint, open_account

    now = timezone.now()
    units = Unit.objects.filter(government__key=words.government, name=words.unit)
    roots = Unit.objects.governments().filter(key=words.government)
    unit = (units if words.unit else roots).first()
    if unit is None:
        raise Invalid(Message("directory.no_unit", {"name": words.unit or words.government}))
    role = PostRole(words.role)
    with transaction.atomic():
        person = Person.objects.create(name=words.name)
        open_account(username=words.username, password=password, person=person, by=CONSOLE, now=now)
        seat = Seat(unit, role, words.title or POST_LABELS[role][0])
        appoint(seat=seat, person=person, by=CONSOLE, now=now)
    sys.stdout.write(f"已开通：{words.username}（{unit.name} {seat.title}）\n")
    return 0


def _reset(argv: list[str]) -> int:
    """A new one-time password, shown once; a wait after failed attempts and a second factor end with it."""
    parser = ArgumentParser(prog="duban account", description=__doc__)
    parser.add_argument("username")
    parser.add_argument("--reset", action="store_true", help="重置为一次性密码")
    words = parser.parse_args(argv)
    ready_database()
    from django.utils import timezone

    from duban.directory.models import User
    from duban.directory.operations import forgive_attempts, reset_password

    user = User.objects.filter(username=words.username).first()
    if user is None:
        raise Invalid(Message("account.unknown", {"username": words.username}))
    slip = reset_password(user=user, by=CONSOLE, now=timezone.now())
    forgive_attempts(username=user.username)
    sys.stdout.write(f"一次性密码（只显示这一次）：{slip.password}\n")
    return 0
