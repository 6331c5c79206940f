"""`duban demo`: the sample city, its list published, its year rehearsed into the autumn, its accounts opened; safe to repeat."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from duban.cli.django import ready_database, with_django
from duban.directory.bundled import load
from duban.domain.posts import CONSOLE, PostRole

PASSWORD: Final = "yunjiang-demo-2026"  # noqa: S105 (printed on purpose: a demonstration on loopback)
ISSUED: Final = datetime(
    2026, 2, 3, 1, tzinfo=UTC
)  # the record of the rehearsed year begins on the day of the notice
AUTUMN: Final = date(2026, 10, 14)  # the third quarter is due, and not closed yet
SEED: Final = 1
SHOWN: Final = "市发展改革委"  # the unit of the demonstration's liaison: its sheet waits to be filled in
ACCOUNTS: Final = (
    ("ducha", "示例督查员", "", PostRole.SUPERVISOR, "督查室督查员"),
    ("zhuren", "示例主任", "", PostRole.OFFICE_DIRECTOR, "督查室主任"),
    ("shizhang", "示例市领导", "", PostRole.CITY_LEADER, "市长"),
    ("fagai", "示例联络员", SHOWN, PostRole.LIAISON, "联络员"),
    ("juzhang", "示例负责同志", SHOWN, PostRole.PRINCIPAL, "主要负责同志"),
    ("shenji", "示例审计管理员", "", PostRole.AUDITOR, "审计管理员"),
)


@with_django
def main(argv: list[str]) -> int:
    """Load directory, list and accounts, then say what to look at first."""
    parser = ArgumentParser(prog="duban demo", description=__doc__)
    parser.add_argument("file", type=Path, help="示例清单")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--until", type=date.fromisoformat, default=AUTUMN, help="演练到哪一天")
    words = parser.parse_args(argv)
    ready_database()
    key = _publish(words.file)
    _rehearse(key, words.until)
    _accounts()
    site = f"http://127.0.0.1:{words.port}"
    rows = "\n".join(f"  {name:<10} {title}" for name, _, _, _, title in ACCOUNTS)
    sys.stdout.write(
        f"\n督办示例 / demonstration: {site}/\n\n账号（密码都是 {PASSWORD}）/ accounts, one password:\n{rows}\n\n"
        f"先看 / look first（演练到 {words.until:%Y-%m-%d} / rehearsed up to that day）:\n"
        f"  1. 以 ducha 登录，看总览 {site}/l/{key}/overview/，再看本期报送 {site}/l/{key}/p/{words.until.year}-09/\n"
        f"  2. 看台账和一项任务 {site}/l/{key}/，{site}/l/{key}/t/1/\n"
        f"  3. 以 fagai 登录，看待办 {site}/todo/ 和本单位的报送表；以 shenji 登录，看操作日志\n\n"
    )
    sys.stdout.flush()
    return 0


def _rehearse(key: str, until: date) -> None:
    """Play the year once; a list whose year has begun is left alone."""
    from duban.plans.models import Assignment
    from duban.register.models import TaskList
    from duban.rehearsal.play import Rehearsal

    chosen = TaskList.objects.get(key=key)
    if not Assignment.objects.filter(task__list=chosen).exists():
        sys.stderr.write("演练一年 / rehearsing the year\n")
        shown = frozenset(chosen.government.units.filter(name=SHOWN).values_list("pk", flat=True))
        Rehearsal(chosen, SEED, _say, shown).play(until)


def _say(line: str) -> None:
    sys.stderr.write(f"  {line}\n")


def _publish(file: Path) -> str:
    from django.utils import timezone

    from duban.directory.operations import load_directory
    from duban.directory.queries import unit_directory
    from duban.documents.operations import keep_document, read_document
    from duban.register.operations import publish_list

    now = ISSUED
    government = load_directory(directory=load("yunjiang"), by=CONSOLE, now=now).government
    known = unit_directory(government, timezone.localdate(now))
    reading = read_document(name=file.name, data=file.read_bytes(), directory=known)
    run = keep_document(reading=reading, government=government, by=CONSOLE, now=now)
    return publish_list(run=run, reading=reading, by=CONSOLE, now=now).list.key


def _accounts() -> None:
    from django.utils import timezone

    from duban.directory.models import Person, Unit, User
    from duban.directory.operations import Seat, appoint, open_account

    now = timezone.now()
    government = Unit.objects.governments().get(key="yunjiang")
    for username, name, unit_name, role, title in ACCOUNTS:
        if User.objects.filter(username=username).exists():
            continue
        unit = government.units.get(name=unit_name) if unit_name else government
        person = Person.objects.create(name=name)
        open_account(username=username, password=PASSWORD, person=person, by=CONSOLE, now=now)
        appoint(seat=Seat(unit, role, title), person=person, by=CONSOLE, now=now)
