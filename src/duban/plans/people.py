"""Whom to call about a list: what the plans say and, for a unit that has ended, the unit that answers for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from duban.directory.models import Appointment, Post, Unit, UnitSuccession
from duban.directory.models.successions import ENDING
from duban.directory.models.units import on_day
from duban.directory.queries import taken_over
from duban.domain.posts import PostRole
from duban.history.models import Event
from duban.plans.models import Plan
from duban.register.models import Task, TaskList

CALLED: Final = (PostRole.LIAISON, PostRole.HANDLER, PostRole.DEPUTY, PostRole.PRINCIPAL)


class Hands(NamedTuple):
    """Who does a task in a unit, and whom to call."""

    deputy: str = ""
    division: str = ""
    contact: str = ""
    phone: str = ""


def contacts_of(list_id: int, on: date) -> dict[int, tuple[str, str]]:
    """Whom to call in each unit on a day, with the telephone: the contact its plans name most lately.

    A unit that has ended is called at the unit that answers for it; where that has no plan, at its posts. What the
    plan of an ended unit said before its end counts no more. Two queries, up to four more where units have ended.
    """
    heirs = taken_over(on)
    named = Plan.objects.filter(task__list=list_id).exclude(contact="").order_by("seq")
    told = named.values_list("unit_id", "seq", "contact", "phone")
    newest = {unit: (seq, (contact, phone)) for unit, seq, contact, phone in told if unit not in heirs}
    return (
        _with_heirs(newest, named, heirs, on) if heirs else {unit: who for unit, (_, who) in newest.items()}
    )


def hands_of(list_id: TaskList | int, on: date) -> dict[tuple[int, int], Hands]:
    """Who does each task of a list, by the unit that answers on a day and task; queries as of `contacts_of`."""
    rows = list(Plan.objects.filter(task__list=list_id).order_by("seq"))
    heirs = taken_over(on)
    contacts, since = contacts_of(_number(list_id), on), _filled_since(rows, heirs)
    found: dict[tuple[int, int], Hands] = {}
    for row in sorted(rows, key=lambda row: row.unit_id not in heirs):
        if row.unit_id not in heirs or row.pk in since:
            unit = heirs[row.unit_id].pk if row.unit_id in heirs else row.unit_id
            found[unit, row.task_id] = Hands(row.deputy, row.division, row.contact, row.phone)
    for row in rows:
        if row.unit_id in heirs:
            heir = heirs[row.unit_id].pk
            found.setdefault((heir, row.task_id), Hands("", "", *contacts.get(heir, ("", ""))))
    return found


def _with_heirs(
    newest: dict[int, tuple[int, tuple[str, str]]],
    named: QuerySet[Plan],
    heirs: Mapping[int, Unit],
    on: date,
) -> dict[int, tuple[str, str]]:
    """The newest contacts with those of units that have ended: who was named for them since, or sits in the unit in their place."""
    ended = list(named.filter(unit__in=heirs))
    since = _filled_since(ended, heirs)
    for row in ended:
        heir = heirs[row.unit_id].pk
        if row.pk in since and (heir not in newest or newest[heir][0] < row.seq):
            newest[heir] = (row.seq, (row.contact, row.phone))
    found = {unit: who for unit, (_, who) in newest.items()}
    found |= _seated({unit.pk for unit in heirs.values()} - found.keys(), on)
    return found | {unit: found[heir.pk] for unit, heir in heirs.items() if heir.pk in found}


def _filled_since(rows: Iterable[Plan], heirs: Mapping[int, Unit]) -> set[int]:
    """The plans of units that have ended whose people were named since, and not from a post of a unit that has ended."""
    own = {(row.task_id, row.unit_id): row.pk for row in rows if row.unit_id in heirs}
    if not own:
        return set()
    ended = UnitSuccession.objects.filter(kind__in=ENDING, from_unit__in={unit for _, unit in own})
    ends = {row.from_unit_id: row for row in ended}
    tasks = {task for task, _ in own}
    events = Event.objects.filter(list_id__in=_lists(tasks), task_id__in=tasks, kind="plan.refined")
    events = events.exclude(post_id__in=Post.objects.filter(unit__in=heirs).values("pk"))
    found = set()
    for task, seq, at, text in events.values_list("task_id", "seq", "at", "body"):
        body = json.loads(text)
        place = (task or 0, int(body["unit"]))
        named = body["after"].keys() & {"contact", "phone"}
        end = ends.get(place[1])
        if named and place in own and end and seq > end.seq and timezone.localdate(at) >= end.on:
            found.add(own[place])
    return found


def _number(task_list: TaskList | int) -> int:
    return task_list if isinstance(task_list, int) else task_list.pk


def _lists(tasks: Collection[int]) -> QuerySet[Task, int]:
    return Task.objects.filter(pk__in=tasks).order_by().values_list("list_id", flat=True).distinct()


def _seated(units: Iterable[int], on: date) -> dict[int, tuple[str, str]]:
    """Who sits in these units on a day: a liaison before a handler, deputy or principal, one with a telephone first."""
    wanted = list(units)
    if not wanted:
        return {}
    rows = Appointment.objects.filter(on_day(on), on_day(on, "post__"), post__unit__in=wanted)
    rows = rows.filter(post__role__in=CALLED).select_related("person", "post")
    ranked = sorted(
        rows, key=lambda row: (not row.person.phone, CALLED.index(PostRole(row.post.role)), row.pk)
    )
    return {row.post.unit_id: (row.person.name, row.person.phone) for row in reversed(ranked)}
