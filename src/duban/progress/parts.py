"""配合情况: the lead of a row asks supporting units for their part; they say it, and the lead reads it while it reports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from duban.directory.queries import answering_unit_ids
from duban.domain.calendar_data import CALENDAR
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.periods import named
from duban.domain.posts import Acting
from duban.domain.secrecy import refuse_marked
from duban.domain.workflow import PART, decide
from duban.history.operations import Happening, append
from duban.progress.models import LONGEST_PROGRESS, LONGEST_QUESTION, Obligation, Part, Period
from duban.progress.part_queries import FILLABLE, supporting_units
from duban.progress.policies import refusal_to_ask_parts, refusal_to_give_part

DAYS_TO_GIVE: Final = 2  # working days, where the day before the rows are due has come


@transaction.atomic
def ask_parts(
    *,
    obligation: Obligation,
    units: Collection[int],
    question: str,
    due_on: date | None = None,
    by: Acting,
    now: datetime,
) -> list[Part]:
    """Ask supporting units of a task for their part of a row, all of them or none; a merged unit's successor is asked.

    Without `due_on` they have until `due_of_parts`.
    Refused: no unit, no question, a unit that owes nothing to the task or was asked already, a row sent, a closed
    period, a task reported off line.
    """
    row = _fillable(obligation.pk)
    if refused := refusal_to_ask_parts(by, row.unit_id):
        raise NotAllowed(refused)
    today = timezone.localdate(now)
    due = due_on or due_of_parts(row.period, today)
    asked = question.strip()
    _check_question(row, asked, (today, due))
    chosen = _chosen(row, set(answering_unit_ids(units, today).values()), today)
    bodies = [{"to": name, "question": asked, "due": due.isoformat()} for _, name in chosen]
    numbers = append([_happening("part.asked", row, body) for body in bodies], by=by, now=now)
    return Part.objects.bulk_create(
        Part(obligation=row, unit_id=unit, question=asked, asked_on=today, due_on=due, seq=seq)
        for (unit, _), seq in zip(chosen, numbers, strict=True)
    )


def due_of_parts(period: Period, today: date) -> date:
    """By when parts are given unless a day is named: the working day before the rows are due.

    Where that has come, two working days from today, and not after the day on which the period closes while that lies
    ahead; plain days where the calendar has no notice yet.
    """
    before = CALENDAR.add_working(period.due_on, -1)
    if before > today:
        return before
    try:
        soon = CALENDAR.add_working(today, DAYS_TO_GIVE)
    except Invalid:
        soon = today + timedelta(days=DAYS_TO_GIVE + 2)
    return min(soon, period.lock_on) if today <= period.lock_on else soon


def _check_words(name: str, text: str, limit: int, said: Mapping[str, str]) -> None:
    """Refuse words that are missing, or too long, and then say by how much; `said` fills the sentence."""
    if not text:
        raise Invalid(Message(f"parts.{name}_needed", said))
    if len(text) > limit:
        raise Invalid(Message(f"parts.{name}_too_long", {**said, "n": len(text), "limit": limit}))


def _numbered(row: Obligation) -> dict[str, str]:
    """The number of the row's task, for refusals on a sheet of many rows."""
    return {"number": row.task.current.number if row.task.current else ""}


def _check_question(row: Obligation, question: str, days: tuple[date, date]) -> None:
    refuse_marked(question)
    if row.task.assignment.offline:
        raise Invalid(Message("parts.offline"))
    _check_words("question", question, LONGEST_QUESTION, _numbered(row))
    today, due = days
    if not today <= due <= max(row.period.lock_on, due_of_parts(row.period, today)):
        raise Invalid(Message("parts.due_outside"))


def _chosen(row: Obligation, units: set[int], today: date) -> list[tuple[int, str]]:
    """The units asked with their names, in the order of the task; refused unless each shares it and was not asked yet."""
    if not units:
        raise Invalid(Message("parts.no_unit", _numbered(row)))
    known = supporting_units([row], today)[row.pk]
    if not units <= {unit for unit, _ in known}:
        raise Invalid(Message("parts.owes_nothing"))
    if Part.objects.standing().filter(obligation=row, unit__in=units).exists():
        raise Conflict(Message("parts.asked_already"))
    return [(unit, name) for unit, name in known if unit in units]


def give_part(*, part: Part, revision: int, text: str, by: Acting, now: datetime) -> Part:
    """The unit that was asked says its part, or the office does on its behalf."""
    values = {
        "text": text.strip(),
        "reason": "",
        "given_on": timezone.localdate(now),
        "on_behalf": by.runs_office,
    }
    if refused := refusal_to_give_part(by, part.unit_id):
        raise NotAllowed(refused)
    _check_words("text", text.strip(), LONGEST_PROGRESS, {})
    return _move(part, revision, "give", values, by=by, now=now)


def return_part(*, part: Part, revision: int, reason: str, by: Acting, now: datetime) -> Part:
    """The lead sends a part back with its reason; the unit is asked again."""
    row = _led_row(part, by)
    _check_words("reason", reason.strip(), LONGEST_QUESTION, _numbered(row))
    return _move(part, revision, "return", {"reason": reason.strip(), "given_on": None}, by=by, now=now)


def withdraw_part(*, part: Part, revision: int, by: Acting, now: datetime) -> Part:
    """The lead needs this part no more; the unit may be asked again later."""
    _led_row(part, by)
    return _move(part, revision, "withdraw", {}, by=by, now=now)


def _led_row(part: Part, by: Acting) -> Obligation:
    """The row of a part, for those who may ask for its parts."""
    row = Obligation.objects.select_related("task__current").get(pk=part.obligation_id)
    if refused := refusal_to_ask_parts(by, row.unit_id):
        raise NotAllowed(refused)
    return row


@transaction.atomic
def _move(
    part: Part, revision: int, action: str, values: Mapping[str, Any], *, by: Acting, now: datetime
) -> Part:
    """One step of a part, as the table of its states allows; Conflict where it moved on since this revision."""
    row = _fillable(part.obligation_id)
    moved = Part.objects.select_for_update(of=("self",)).select_related("unit").get(pk=part.pk)
    if moved.revision != revision:
        raise Conflict(Message("parts.changed_meanwhile"))
    said = [text for text in (values.get("text"), values.get("reason")) if text]
    refuse_marked(*said)
    moved.state = decide(PART, moved.state, action)
    for field, value in values.items():
        setattr(moved, field, value)
    moved.revision += 1
    body = {"to": moved.unit.name, "text": "".join(said), "row": f"part:{part.pk}"}
    [moved.seq] = append([_happening(f"part.{action}", row, body)], by=by, now=now)
    moved.save()
    return moved


def _fillable(pk: int) -> Obligation:
    """The row, locked before any of its parts: as long as it can be filled in, its parts can be asked for and said."""
    rows = Obligation.objects.select_for_update(of=("self",))
    row = rows.select_related("task__assignment", "task__current", "period__list").get(pk=pk)
    state = Period.objects.filter(pk=row.period_id).values_list("state", flat=True).get()
    if state != "open":
        raise Conflict(Message("progress.period_closed", named(row.period.key)))
    if row.state not in FILLABLE:
        raise Conflict(Message("parts.row_sent"))
    return row


def _happening(kind: str, row: Obligation, body: Mapping[str, str]) -> Happening:
    task_list = row.period.list
    full = {"period": row.period.key, "unit": str(row.unit_id), **body}
    return Happening(kind, full, task_list.government_id, task_list.pk, row.task_id, f"task:{row.task.key}")
