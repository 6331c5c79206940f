"""`duban patrol`: the system's view of every issued task as of today. Run it every night, before `duban notify`."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from duban.cli.django import ready_database, with_django
from duban.domain.errors import Invalid
from duban.domain.messages import Message


@with_django
def main(argv: list[str]) -> int:
    """Judge one list or all; a line for each. A second run on the same day writes nothing new."""
    parser = ArgumentParser(prog="duban patrol", description=__doc__)
    parser.add_argument("--list", help="清单的短名，见 duban lists；不写则逐个研判")
    words = parser.parse_args(argv)
    ready_database()
    from django.utils import timezone

    from duban.domain.posts import CONSOLE
    from duban.register.models import TaskList
    from duban.supervision.operations import patrol

    lists = TaskList.objects.filter(tasks__assignment__issued_at__isnull=False).distinct()
    chosen = lists.filter(key=words.list) if words.list else lists
    if words.list and not chosen:
        raise Invalid(Message("papers.no_such_list", {"key": words.list}))
    now = timezone.now()
    for task_list in chosen:
        written = patrol(task_list=task_list, on=timezone.localdate(now), by=CONSOLE, now=now)
        sys.stdout.write(f"{task_list.key}：{written} 项任务的研判有变化\n")
    return 0
