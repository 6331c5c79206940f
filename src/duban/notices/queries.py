"""What units owe on a day, who sits there, and who was told already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from django.db.models import Count, Q
from django.utils import timezone

from duban.coordination.models import InstructionItem
from duban.directory.models import Appointment
from duban.directory.models.units import on_day
from duban.directory.queries import answering_unit_ids
from duban.domain.calendar_data import CALENDAR
from duban.domain.digests import Matter, NoticeKind, Seat, Told, place_of
from duban.domain.errors import Conflict
from duban.domain.messages import Message
from duban.domain.periods import period_of
from duban.domain.posts import PostRole
from duban.plans.people import contacts_of
from duban.progress.models import Obligation, Period
from duban.progress.queries import newest_period
from duban.register.models import TaskList
from duban.supervision.models import Contact, SupervisionOrder
from duban.supervision.models_consultation import ConsultationRow

RECIPIENTS: Final = (PostRole.LIAISON, PostRole.HANDLER, PostRole.PRINCIPAL)
SENT_TO: Final = "发给："
ONE_DAY: Final = timedelta(days=1)
ORDER_NAMES: Final = {"order": "督办单", "letter": "督查函"}


def matters_of(task_list: TaskList, kind: NoticeKind, on: date, ahead: int) -> list[Matter]:
    """What is owed in one kind, by unit in the order of the directory. Three queries at most, and one for each open period.

    A sheet is owed while its period is open and a row is owed or returned: 提醒 up to `ahead` working days before it is due,
    催报 after. Of a 核对稿 the units are reminded as long as they may object. An order is late (催办) when it was served, an
    item of an instruction when it was given, its day has passed and the unit has not answered.
    """
    if kind is NoticeKind.URGE_MATTER:
        return _late(task_list, on)
    found = _checks(task_list, on) if kind is NoticeKind.REMIND else []
    for period in Period.objects.filter(list=task_list, state="open", opens_on__lte=on).order_by("key"):
        early = on <= period.due_on
        near = early and CALENDAR.working_between(on, period.due_on) <= ahead
        if near if kind is NoticeKind.REMIND else not early:
            found += _sheets(period)
    return found


def _sheets(period: Period) -> list[Matter]:
    spec = period_of(period.key)
    rows = (
        Obligation.objects.filter(period=period, state__in=["owed", "returned"])
        .values_list("unit_id", "unit__name")
        .annotate(owed=Count("pk", filter=Q(state="owed")), back=Count("pk", filter=Q(state="returned")))
        .order_by("unit__position", "unit_id")
    )
    subject = f"{spec.year}年{spec.name}进展"
    return [
        Matter(unit, name, period.pk, subject, period.due_on, owed, back) for unit, name, owed, back in rows
    ]


def _checks(task_list: TaskList, on: date) -> list[Matter]:
    """The units that may still object to what the office says of their tasks, with the number of these."""
    running = ConsultationRow.objects.filter(
        draft__period__list=task_list,
        draft__opened_on__lte=on,
        draft__until_on__gte=on,
        objection__isnull=True,
    ).exclude(draft__period__state="sealed")
    rows = running.values_list(
        "draft__period", "draft__period__key", "draft__until_on", "unit_id", "unit__name"
    )
    counted = rows.annotate(n=Count("pk")).order_by("draft__period", "unit__position", "unit_id")
    return [
        Matter(unit, name, period, f"{period_of(key).year}年{period_of(key).name}核对稿", until, checks=n)
        for period, key, until, unit, name, n in counted
    ]


def _late(task_list: TaskList, on: date) -> list[Matter]:
    """Orders and items of instructions that are late, by unit in the order of the directory."""
    late = [*_orders(task_list, on), *_items(task_list, on)]
    newest = newest_period(task_list.pk) if late else None
    if late and newest is None:
        raise Conflict(Message("notices.no_period"))
    dated = sorted(late, key=lambda row: (row.position, row.due_on))
    return [
        Matter(row.unit, row.name, row.period or newest.pk, row.subject, row.due_on)
        for row in dated
        if newest
    ]


class _Late(NamedTuple):
    """What a unit has not answered in time, with its place in the directory."""

    position: tuple[int, int]
    unit: int
    name: str
    period: int | None
    subject: str
    due_on: date


def _items(task_list: TaskList, on: date) -> list[_Late]:
    items = InstructionItem.objects.in_force().filter(paper__list=task_list, state="open", due_on__lt=on)
    rows = items.select_related("unit", "paper").order_by("due_on", "pk")
    return [
        _Late(
            (row.unit.position, row.unit_id), row.unit_id, row.unit.name, None, f"{row.paper.number}所列事项",
            row.due_on,
        )
        for row in rows
    ]  # fmt: skip


def _orders(task_list: TaskList, on: date) -> list[_Late]:
    late = (
        SupervisionOrder.objects.filter(list=task_list, state__in=["served", "signed_for"], due_on__lt=on)
        .select_related("unit")
        .order_by("due_on", "pk")
    )
    return [
        _Late(
            (row.unit.position, row.unit_id), row.unit_id, row.unit.name, row.period_id,
            f"{ORDER_NAMES[row.kind]}〔{row.year}〕{row.serial}号", row.due_on,
        )
        for row in late
    ]  # fmt: skip


def seats_of(task_list: TaskList, units: Collection[int], on: date) -> list[Seat]:
    """Who is told about these units: liaison, handler and principal on the day, of the unit that answers for it then.

    Where none of them has a telephone, the contact whom the unit's plans name is told as well.
    """
    inherited: dict[int, list[int]] = defaultdict(list)
    for unit, answering in answering_unit_ids(units, on).items():
        inherited[answering].append(unit)
    rows = (
        Appointment.objects.filter(on_day(on), on_day(on, "post__"))
        .filter(post__unit__in=list(inherited), post__role__in=RECIPIENTS)
        .select_related("person", "post")
        .order_by("post__unit__position", "pk")
    )
    found = [
        Seat(unit, row.person.name, row.person.phone.strip(), row.person_id)
        for row in rows
        for unit in inherited[row.post.unit_id]
    ]
    reached = {seat.unit for seat in found if seat.phone}
    named = contacts_of(task_list.pk, on)
    further = [
        Seat(unit, named[unit][0], named[unit][1].strip())
        for unit in units
        if unit not in reached and unit in named and named[unit][1].strip()
    ]
    return list(dict.fromkeys([*found, *further]))


def told_lately(task_list: TaskList, kind: NoticeKind, on: date, interval: int) -> Told:
    """Who was told in one kind in the last `interval` working days, the day `on` the last of them.

    By name where a notice went out, the whole unit where a clerk noted it.
    """
    start = timezone.make_aware(datetime.combine(quiet_since(on, interval), time.min))
    end = timezone.make_aware(datetime.combine(on + ONE_DAY, time.min))
    rows = Contact.objects.filter(period__list=task_list, kind=kind, at__gte=start, at__lt=end).order_by("at")
    people: dict[tuple[int, int, str], date] = {}
    units: dict[tuple[int, int], date] = {}
    for period, unit, note, at in rows.values_list("period_id", "unit_id", "note", "at"):
        place, day = place_of(kind, period, unit), timezone.localdate(at)
        if note.startswith(SENT_TO):
            people |= {(*place, name): day for name in note.removeprefix(SENT_TO).split("、")}
        else:
            units[place] = day
    return Told(people, units)


def quiet_since(on: date, interval: int) -> date:
    """The first day whose notices still stand on `on`: `interval` working days end with it, at least that day itself.

    Days of a year without calendar are not looked at.
    """
    day, left = on, max(interval, 1) - CALENDAR.is_working(on)
    while left > 0 and (day - ONE_DAY).year in CALENDAR.years:
        day -= ONE_DAY
        left -= CALENDAR.is_working(day)
    return day


def notes_of(names: dict[tuple[int, int], list[str]], longest: int) -> dict[tuple[int, str], list[int]]:
    """The notes of the contacts to be recorded: (period, note) -> units. Names that do not fit go on in a further note."""
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (period, unit), told in names.items():
        note = ""
        for name in dict.fromkeys(told):
            longer = f"{note}、{name}" if note else f"{SENT_TO}{name}"
            if note and len(longer) > longest:
                found[period, note].append(unit)
                longer = f"{SENT_TO}{name}"
            note = longer
        found[period, note].append(unit)
    return found
