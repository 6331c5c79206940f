"""Planning and sending the notices of a day; what was sent is recorded as contacts in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import transaction

from duban.domain.calendar_data import CALENDAR
from duban.domain.digests import Digest, NoticeKind, digests
from duban.domain.errors import NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.notices.queries import matters_of, notes_of, seats_of, told_lately
from duban.progress.models import Period
from duban.register.models import TaskList
from duban.supervision.operations import note_contact

LONGEST_NOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where notices go: the channel that is recorded, whether it needs a telephone number, and the delivery itself.

    `deliver` takes all notices of one call or raises; nothing is recorded then.
    """

    channel: str
    needs_phone: bool
    deliver: Callable[[Sequence[Digest]], None]


class Timing(NamedTuple):
    """In working days: how long before a sheet is due it is reminded of, and when somebody is told of the same matter again."""

    ahead: int = 2
    again: int = 3


USUAL: Final = Timing()


@dataclass(frozen=True, slots=True)
class Planned:
    """The notices of one kind: `going` out, those `unreachable` for want of a telephone, and units with nobody to tell."""

    kind: NoticeKind
    going: tuple[Digest, ...] = ()
    unreachable: tuple[Digest, ...] = ()
    without: tuple[str, ...] = ()


def is_quiet(on: date) -> bool:
    """Nothing goes out on a day off. Raises Invalid for a day of a year whose calendar is not known."""
    return not CALENDAR.is_working(on)


def plan_notices(
    *, task_list: TaskList, kind: NoticeKind, on: date, needs_phone: bool, timing: Timing = USUAL
) -> Planned:
    """Who would be told what on a day: nobody on a day off or of the same matter too soon, nobody whose unit has sent everything."""
    if is_quiet(on):
        return Planned(kind)
    matters = matters_of(task_list, kind, on, timing.ahead)
    seats = seats_of(task_list, list(dict.fromkeys(matter.unit for matter in matters)), on)
    told = told_lately(task_list, kind, on, timing.again)
    found = digests(kind, matters, seats, on, told)
    seated = {seat.unit for seat in seats}
    without = dict.fromkeys(matter.unit_name for matter in matters if matter.unit not in seated)
    return Planned(
        kind,
        going=tuple(digest for digest in found if digest.phone or not needs_phone),
        unreachable=tuple(digest for digest in found if needs_phone and not digest.phone),
        without=tuple(without),
    )


@transaction.atomic
def send_notices(
    *,
    task_list: TaskList,
    kinds: Sequence[NoticeKind],
    on: date,
    outlet: Outlet,
    timing: Timing = USUAL,
    by: Acting,
    now: datetime,
) -> list[Planned]:
    """Tell everybody of these kinds once, and record each unit's contact with the names of those told.

    Delivery is the last step of the transaction: when it fails nothing is recorded, and a second call sends nothing twice.
    `now` is a moment of the day `on`.
    """
    if not by.runs_office:
        raise NotAllowed(Message("notices.office_only"))
    TaskList.objects.select_for_update().get(pk=task_list.pk)
    plans = [
        plan_notices(task_list=task_list, kind=kind, on=on, needs_phone=outlet.needs_phone, timing=timing)
        for kind in kinds
    ]
    for plan in plans:
        _record(plan, outlet.channel, by=by, now=now)
    if letters := [digest for plan in plans for digest in plan.going]:
        outlet.deliver(letters)
    return plans


def _record(plan: Planned, channel: str, *, by: Acting, now: datetime) -> None:
    names: dict[tuple[int, int], list[str]] = defaultdict(list)
    for digest in plan.going:
        for place in digest.places:
            names[place].append(digest.name)
    notes = notes_of(names, LONGEST_NOTE)
    periods = Period.objects.select_related("list").in_bulk({period for period, _ in notes})
    for (period, note), units in notes.items():
        note_contact(
            period=periods[period],
            units=units,
            kind=plan.kind,
            channel=channel,
            note=note,
            by=by,
            now=now,
        )
