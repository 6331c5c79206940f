"""`duban patrol`: periods past their last day are closed, and every issued task is judged as of today.

Run it every night, before `duban notify`.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from duban.cli.django import ready_database, with_django
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.periods import period_of


@with_django
def main(argv: list[str]) -> int:
    """Judge one list, or all whose year is not over; a line for each. 1 when one of them was refused.

    A second run on the same day writes nothing new: like the page it judges for the newest period while that is open.
    """
    parser = ArgumentParser(prog="duban patrol", description=__doc__)
    parser.add_argument("--list", help="清单的短名，见 duban lists；不写则逐个研判")
    words = parser.parse_args(argv)
    ready_database()
    from django.utils import timezone

    from duban.domain.errors import DomainError
    from duban.domain.posts import CONSOLE
    from duban.progress.operations import move_period
    from duban.progress.queries import newest_period, past_their_lock, running
    from duban.register.models import TaskList
    from duban.supervision.operations import patrol

    lists = TaskList.objects.filter(running("pk"), tasks__assignment__issued_at__isnull=False).distinct()
    chosen = lists.filter(key=words.list) if words.list else lists
    if words.list and not chosen:
        raise Invalid(Message("papers.no_such_list", {"key": words.list}))
    now, refused = timezone.now(), 0
    for task_list in chosen:
        for over in past_their_lock(task_list.pk, timezone.localdate(now)):
            move_period(period=over, action="close", by=CONSOLE, now=now)
            sys.stdout.write(f"{task_list.key}：{period_of(over.key).name}已过截止日，停止接收\n")
        newest = newest_period(task_list.pk)
        period = newest if newest and newest.state != "sealed" else None
        try:
            day = timezone.localdate(now)
            found = patrol(task_list=task_list, on=day, period=period, by=CONSOLE, now=now)
        except DomainError as error:
            refused = 1
            sys.stderr.write(f"{task_list.key}：{error}\n")
        else:
            sys.stdout.write(
                f"{task_list.key}：{found.lights} 项任务的状态有变化，{found.sentences} 项的说明有更新\n"
            )
    return refused
