"""The figures of the units in a data sheet: their parts in the tasks, what they sent, whom to call, what was said last."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date
from typing import Final

from django.db.models import Min
from django.utils import timezone

from duban.directory.models import Unit
from duban.directory.queries import taken_over
from duban.domain.periods import period_of
from duban.domain.posts import Acting
from duban.plans.people import Hands, hands_of
from duban.progress.models import Obligation, Period
from duban.progress.queries import unit_rows
from duban.publishing.snapshots import Part, UnitFigures
from duban.register.models import Responsibility
from duban.supervision.models import Contact

CONTACT_WORDS: Final = {"remind": "提醒", "urge_report": "催报", "urge_matter": "催办"}
CHANNEL_WORDS: Final = {"phone": "电话", "paper": "书面", "mail": "邮件", "sms": "短信", "page": "系统"}
RANK: Final = ("lead", "main", "support")


def parts_of(period: Period, on: date) -> tuple[Part, ...]:
    """The part of each unit in each task, of those that answer on the last day of the period; whom to call on a day."""
    duties = (
        Responsibility.objects.filter(task__list=period.list_id)
        .order_by("unit__position", "task__ordinal")
        .values_list(
            "unit_id", "task_id", "role", "task__assignment__lead_id", "unit__position", "task__ordinal"
        )
    )
    heirs, later = taken_over(period_of(period.key).ends_on), taken_over(on)
    hands = hands_of(period.list_id, on)
    found: dict[tuple[int, int], tuple[tuple[int, int], Part]] = {}
    for unit, task, printed, lead, position, ordinal in duties:
        heir = heirs.get(unit)
        key = (heir.pk if heir else unit, task)
        called = (later[unit].pk if unit in later else unit, task)
        part = Part(*key, _role(printed, unit, lead), *hands.get(called, Hands()))
        place = (heir.position if heir else position, ordinal)
        if key not in found or RANK.index(part.role) < RANK.index(found[key][1].role):
            found[key] = (place, part)
    return tuple(part for _, part in sorted(found.values(), key=lambda row: row[0]))


def _role(printed: str, unit: int, lead: int | None) -> str:
    """The unit that the office named leads; a printed lead that was not chosen is one of the main units."""
    if unit == lead:
        return "lead"
    return "main" if printed == "lead" and lead else printed


def units_of(period: Period, office: Acting, on: date) -> tuple[UnitFigures, ...]:
    """Every unit that owes something in the list, in the order of the directory; the asked ones with their state.

    A unit that ended by the last day of the period gives way to the one in its place, unless it was asked itself.
    """
    asked = {row.unit: row for row in unit_rows(period, office, on)}
    owing = (
        Responsibility.objects.filter(task__list=period.list_id).order_by().values_list("unit_id").distinct()
    )
    heirs = taken_over(period_of(period.key).ends_on)
    wanted = {heirs[unit].pk if unit in heirs else unit for (unit,) in owing} | asked.keys()
    names = Unit.objects.filter(pk__in=wanted).order_by("position", "pk").values_list("pk", "name")
    contacts, oldest, codes = _contacts(period), _oldest(period), check_codes(period)
    found = []
    for unit, name in names:
        row = asked.get(unit)
        found.append(
            UnitFigures(
                unit=unit,
                name=name,
                asked=row.asked - row.exempt if row else 0,
                missing=row.missing if row else 0,
                oldest_due=oldest.get(unit, ""),
                signed_by=row.signed_by if row else "",
                check_code=codes.get(unit, "") if row and row.reported else "",
                contact=row.contact if row else "",
                phone=row.phone if row else "",
                last_contact=contacts.get(unit, ""),
            )
        )
    return tuple(found)


def check_codes(period: Period) -> dict[int, str]:
    """`progress.operations.check_code` of every unit that sent something in a period, with one query for all of them."""
    sent: dict[int, list[str]] = defaultdict(list)
    rows = Obligation.objects.filter(period=period, current__isnull=False).order_by("pk")
    for unit, row, report in rows.values_list("unit_id", "pk", "current_id"):
        sent[unit].append(f"{row}:{report}")
    texts = {unit: f"{period.pk}/{unit}/" + ",".join(rows) for unit, rows in sent.items()}
    return {unit: hashlib.sha256(text.encode()).hexdigest()[:8].upper() for unit, text in texts.items()}


def _contacts(period: Period) -> dict[int, str]:
    rows = Contact.objects.filter(period=period).order_by("seq")
    return {row.unit_id: _contact_words(row) for row in rows}


def _contact_words(row: Contact) -> str:
    day = timezone.localdate(row.at)
    said = f"：{row.note}" if row.note else ""
    return f"{day.month}月{day.day}日{CHANNEL_WORDS[row.channel]}{CONTACT_WORDS[row.kind]}{said}"


def _oldest(period: Period) -> dict[int, str]:
    """The day of the oldest report that a unit still owes in this period or an earlier one."""
    rows = (
        Obligation.objects.filter(
            period__list=period.list_id, period__key__lte=period.key, state__in=["owed", "returned"]
        )
        .order_by()
        .values_list("unit_id")
        .annotate(due=Min("period__due_on"))
    )
    return {unit: due.isoformat() for unit, due in rows}
