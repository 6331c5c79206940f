"""`duban notify`: 提醒, 催报 and 催办 of a day, one text for each person; not again before an interval, never on a day off."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from duban.cli.django import ready_database, with_django
from duban.domain.digests import NOTICE_LABELS, NoticeKind
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE

if TYPE_CHECKING:
    from duban.notices.digests import Outlet, Planned
    from duban.register.models import TaskList

NINE: time = time(9)


@with_django
def main(argv: list[str]) -> int:
    """Tell everybody what the units still owe, or print with --dry-run who would be told what."""
    words = _words(argv)
    ready_database()
    from django.conf import settings

    from duban.notices.digests import Timing, is_quiet, plan_notices, send_notices
    from duban.register.models import TaskList

    chosen = TaskList.objects.filter(key=words.list).first()
    if chosen is None:
        raise Invalid(Message("notices.no_such_list", {"key": words.list}))
    on = words.on
    if is_quiet(on):
        sys.stdout.write(f"{on.isoformat()} 是休息日，不发通知。\n")
        return 0
    timing = Timing(words.ahead, settings.NOTICE_INTERVAL)
    kinds = [NoticeKind(words.kind)] if words.kind else list(NoticeKind)
    if words.dry_run:
        phone = words.via == "sms-file"
        plans = [
            plan_notices(task_list=chosen, kind=kind, on=on, needs_phone=phone, timing=timing)
            for kind in kinds
        ]
        _list(plans)
    else:
        act = {"task_list": chosen, "kinds": kinds, "on": on, "timing": timing}
        plans = send_notices(**act, outlet=_outlet(words, chosen), by=CONSOLE, now=_moment(on))
    _say(plans, dry=words.dry_run)
    return 0


def _words(argv: list[str]) -> Namespace:
    parser = ArgumentParser(prog="duban notify", description=__doc__)
    parser.add_argument("--list", required=True, help="清单的短名，见 duban lists")
    parser.add_argument("--on", type=date.fromisoformat, required=True, help="哪一天的通知（YYYY-MM-DD）")
    labels = "，".join(f"{kind} {zh}" for kind, (zh, _) in NOTICE_LABELS.items())
    parser.add_argument("--kind", choices=[kind.value for kind in NoticeKind], help=f"{labels}；不写为三种")
    parser.add_argument("--ahead", type=int, default=2, help="到期前几个工作日起提醒，默认 2")
    parser.add_argument("--via", choices=["sms-file", "mail-file", "webhook"], required=True, help="怎样发出")
    parser.add_argument("--out", help="短信文件、邮件目录（均须不存在）或接口地址")
    parser.add_argument("--dry-run", action="store_true", help="只列出会发给谁、发什么，不发也不记录")
    words = parser.parse_args(argv)
    if not words.dry_run and not words.out:
        parser.error("请用 --out 写明发到哪里")
    return words


def _outlet(words: Namespace, chosen: TaskList) -> Outlet:
    from django.conf import settings

    from duban.notices.adapters import outlet_for

    hosts = getattr(settings, "NOTICE_HOSTS", ())
    return outlet_for(words.via, words.out, chosen.key, words.on, hosts)


def _moment(on: date) -> datetime:
    """Now, or nine o'clock of another day."""
    from django.utils import timezone

    now = timezone.now()
    if on == timezone.localdate(now):
        return now
    return timezone.make_aware(datetime.combine(on, NINE))


def _list(plans: list[Planned]) -> None:
    for plan in plans:
        for digest in plan.going:
            units = "、".join(digest.units)
            sys.stdout.write(
                f"{NOTICE_LABELS[plan.kind][0]}\t{digest.name}\t{digest.phone}\t{units}\t{digest.parts}\t{digest.text}\n"
            )


def _say(plans: list[Planned], *, dry: bool) -> None:
    for plan in plans:
        parts = sum(digest.parts for digest in plan.going)
        verb = "将发" if dry else "已发"
        sys.stderr.write(f"{NOTICE_LABELS[plan.kind][0]}：{verb} {len(plan.going)} 人，合短信 {parts} 条\n")
        if plan.unreachable:
            names = "、".join(f"{digest.name}（{'、'.join(digest.units)}）" for digest in plan.unreachable)
            sys.stderr.write(f"  没有电话、未发：{names}\n")
        if plan.without:
            sys.stderr.write(f"  没有联络员或联系人、未发：{'、'.join(plan.without)}\n")
