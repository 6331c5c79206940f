"""`duban account`: give a person an account and a post, a further post (--name as known), or a new one-time password (--reset)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from duban.cli.django import ready_database, with_django
from duban.cli.passwords import asked_password
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE, POST_LABELS, PostRole


@with_django
def main(argv: list[str]) -> int:
    """Create the person, the post (if it is not there yet), the appointment and the account, in one step.

    A user name that exists already gives its person the post as well, when the name agrees.
    """
    words = _words(argv)
    ready_database()
    return _reset(words) if words.reset else _open(words)


def _words(argv: list[str]) -> Namespace:
    parser = ArgumentParser(prog="duban account", description=__doc__)
    parser.add_argument("username", help="用户名；已有的用户名且姓名一致时，为该人员增加一个岗位，不再设密码")
    parser.add_argument("--name", help="姓名")
    parser.add_argument("--government", help="名录名称，如 beijing")
    parser.add_argument("--unit", default="", help="单位简称；不写则为本级政府")
    parser.add_argument("--role", choices=[role.value for role in PostRole], help="岗位类别")
    parser.add_argument("--title", default="", help="岗位名称")
    parser.add_argument("--password-stdin", action="store_true", help="从标准输入读密码")
    parser.add_argument("--reset", action="store_true", help="重置为一次性密码，只写用户名")
    words = parser.parse_args(argv)
    missing = [f"--{field}" for field in ("name", "government", "role") if not getattr(words, field)]
    if missing and not words.reset:
        parser.error(f"请写明 {'、'.join(missing)}，或用 --reset 重置密码")
    return words


def _open(words: Namespace) -> int:
    from django.db import transaction
    from django.utils import timezone

    from duban.directory.models import Person, Unit, User
    from duban.directory.operations import Seat, appoint, open_account

    now = timezone.now()
    units = Unit.objects.filter(government__key=words.government, name=words.unit)
    roots = Unit.objects.governments().filter(key=words.government)
    unit = (units if words.unit else roots).first()
    if unit is None:
        raise Invalid(Message("directory.no_unit", {"name": words.unit or words.government}))
    role = PostRole(words.role)
    seat = Seat(unit, role, words.title or POST_LABELS[role][0])
    known = User.objects.select_related("person").filter(username=words.username).first()
    if known is not None and known.person.name != words.name:
        raise Invalid(Message("directory.username_taken", {"username": words.username}))
    password = "" if known else asked_password(from_stdin=words.password_stdin)
    with transaction.atomic():
        person = known.person if known else Person.objects.create(name=words.name)
        if known is None:
            open_account(username=words.username, password=password, person=person, by=CONSOLE, now=now)
        appoint(seat=seat, person=person, by=CONSOLE, now=now)
    done = "已有账号，岗位已登记" if known else "已开通"
    sys.stdout.write(f"{done}：{words.username}（{unit.name} {seat.title}）\n")
    return 0


def _reset(words: Namespace) -> int:
    """A new one-time password, shown once; a wait after failed attempts and a second factor end with it."""
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
