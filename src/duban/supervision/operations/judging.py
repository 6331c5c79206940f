"""Judging, determining and urging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from duban.domain.due import plain, read_number
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.lights import PRESET, Light, Rule, judge
from duban.domain.lights_facts import LEFT_TO_OFFICE
from duban.domain.messages import Message, render
from duban.domain.posts import Acting
from duban.domain.sheets_cells import clean
from duban.history.operations import Happening, append
from duban.progress.models import Period
from duban.progress.policies import refuse_sealed
from duban.register.models import TaskList
from duban.supervision.facts import Known, known_facts
from duban.supervision.models import Contact, Determination, Standing, Verdict
from duban.supervision.policies import refusal_to_judge
from duban.supervision.queries import views_of

BATCH: Final = 500
SENTENCE, REASON = 300, 200  # characters of a determination
A_MOMENT: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Patrolled:
    """What 系统研判 changed: tasks with another light or their first one, tasks with another sentence beside the same light.

    `written` counts every view that was written, those included that a new period took over as they were.
    """

    lights: int
    sentences: int
    written: int


@transaction.atomic
def patrol(
    *,
    task_list: TaskList,
    on: date,
    period: Period | None = None,
    rule: Rule = PRESET,
    by: Acting,
    now: datetime,
) -> Patrolled:
    """系统研判 of every issued task as of a day; a view is written where it differs from the newest one.

    Idempotent: a second run on the same day with the same facts writes nothing. One event for the whole run. Where the
    report has come since, a determination of 应报未报 stands no longer: it stays in its period. Refused: a sealed
    period, a day to come, a day before the newest view, which an older one must not replace.
    """
    _refuse_day(task_list, period, on, now)
    facts = known_facts(task_list, on)
    held = Standing.objects.select_for_update(of=("self",)).filter(task__list=task_list).order_by("pk")
    standings = {row.task_id: row for row in held.select_related("verdict")}
    fresh = []
    for task, known in facts.items():
        verdict = judge(known.facts, rule)
        before = standings[task].verdict if task in standings else None
        sentence = render(verdict.message)
        same = before is not None and (before.light, before.sentence, before.period_id) == (
            verdict.light,
            sentence,
            period.pk if period else None,
        )
        if not same:
            fresh.append(
                Verdict(
                    task_id=task, period=period, on=on, light=verdict.light, code=verdict.message.code,
                    params=dict(verdict.message.params), sentence=sentence, inputs=dict(verdict.inputs),
                    due_value=known.due_value, rule_version=rule.version,
                )
            )  # fmt: skip
    _move_standings(task_list, facts, fresh, standings, on, by=by, now=now)
    return _changed(fresh, standings)


def _changed(fresh: Sequence[Verdict], standings: Mapping[int, Standing]) -> Patrolled:
    """What these views change against those that stood."""
    before = {task: row.verdict for task, row in standings.items()}
    pairs = [(view, before.get(view.task_id)) for view in fresh]
    lights = sum(old is None or old.light != view.light for view, old in pairs)
    sentences = sum(
        old is not None and old.light == view.light and old.sentence != view.sentence for view, old in pairs
    )
    return Patrolled(lights, sentences, len(fresh))


def _refuse_day(task_list: TaskList, period: Period | None, on: date, now: datetime) -> None:
    if period is not None:
        refuse_sealed(period)
    if on > timezone.localdate(now):
        raise Invalid(Message("supervision.day_to_come", {"on": on.isoformat()}))
    judged = Verdict.objects.filter(task__list=task_list).aggregate(newest=Max("on"))["newest"]
    if judged is not None and on < judged:
        raise Conflict(
            Message("supervision.judged_later", {"on": on.isoformat(), "newest": judged.isoformat()})
        )


def _move_standings(
    task_list: TaskList,
    facts: Mapping[int, Known],
    fresh: Sequence[Verdict],
    standings: dict[int, Standing],
    on: date,
    *,
    by: Acting,
    now: datetime,
) -> None:
    counts: dict[str, int] = {}
    for verdict in fresh:
        counts[verdict.light] = counts.get(verdict.light, 0) + 1
    body = {"on": on.isoformat(), "written": counts}
    happening = Happening("list.patrolled", body, task_list.government_id, task_list.pk, None, task_list.key)
    [seq] = append([happening], by=by, now=now)
    for verdict in fresh:
        verdict.seq = seq
    newest = {verdict.task_id: verdict for verdict in Verdict.objects.bulk_create(fresh, batch_size=BATCH)}
    Standing.objects.bulk_create(
        [Standing(task_id=task) for task in facts if task not in standings], ignore_conflicts=True
    )
    rows = list(Standing.objects.filter(task__in=facts).select_related("verdict", "determination"))
    for row in rows:
        row.verdict = newest.get(row.task_id, row.verdict)
        row.report_id = facts[row.task_id].report
        if row.determination and row.determination.is_over(row.verdict):
            row.determination = None
    Standing.objects.bulk_update(rows, ["verdict", "report", "determination"], batch_size=BATCH)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The office's determination of one task: the light, the sentence that leaves the office, the reason if it differs.

    `seen` is the determination of the period when it was written, 0 for none; None asks for no comparison. `value` is the
    figure that the office determined in place of the reported one, as written, "" for none.
    """

    task: int
    light: Light
    sentence: str
    reason: str = ""
    seen: int | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a ruling meets: where the task stands, the view of the period, its own determination, whether a later period has one."""

    standing: Standing
    view: Verdict | None
    ruled: Determination | None
    followed: bool


def _held(period: Period, tasks: Sequence[int]) -> dict[int, _Held]:
    """The standings under lock, each with what its period holds. A fixed number of queries."""
    standings = (
        Standing.objects.select_for_update(of=("self",))
        .filter(task__in=tasks, task__list=period.list_id)
        .order_by("pk")
        .select_related("task", "determination")
    )
    rows = {row.task_id: row for row in standings}
    views = {view.task_id: view for view in views_of(period, list(tasks))}
    rulings = Determination.objects.filter(task__in=tasks)
    ruled = {row.task_id: row for row in rulings.filter(period=period).order_by("seq")}
    later = set(rulings.filter(period__key__gt=period.key).values_list("task_id", flat=True))
    return {
        task: _Held(row, views.get(task), ruled.get(task), followed=task in later)
        for task, row in rows.items()
    }


@transaction.atomic
def determine(*, period: Period, rulings: Sequence[Ruling], by: Acting, now: datetime) -> int:
    """督查核定; all or none. A light other than the system's view needs its reason. Returns how many were written.

    The view is that of the period, and what is determined of an earlier period leaves standing what a later one
    determined. Refused: a sealed period, a task that somebody determined since the writer saw it, a sentence missing or
    too long.
    """
    if refused := refusal_to_judge(by):
        raise NotAllowed(refused)
    refuse_sealed(period)
    held = _held(period, [ruling.task for ruling in rulings])
    rows = [_ruled(ruling, held.get(ruling.task), period, by, now) for ruling in rulings]
    fresh = [row for row in rows if row is not None]
    happenings = [
        Happening(
            "task.determined",
            {"period": period.key, "light": row.light, "sentence": row.sentence, "reason": row.reason, **_figure(row)},
            by.government, period.list_id, row.task_id, f"task:{held[row.task_id].standing.task.key}",
        )
        for row in fresh
    ]  # fmt: skip
    for row, seq in zip(fresh, append(happenings, by=by, now=now), strict=True):
        row.seq = seq
    moved = []
    for row in Determination.objects.bulk_create(fresh, batch_size=BATCH):
        if not held[row.task_id].followed:
            held[row.task_id].standing.determination = row
            moved.append(held[row.task_id].standing)
    Standing.objects.bulk_update(moved, ["determination"], batch_size=BATCH)
    return len(fresh)


def _figure(row: Determination) -> dict[str, str]:
    return {} if row.value is None else {"value": plain(row.value)}


def _value(ruling: Ruling, task: str) -> Decimal | None:
    if not (text := clean(ruling.value)):
        return None
    number = read_number(text)
    if number is None:
        raise Invalid(Message("supervision.value_not_a_number", {"task": task, "value": text}))
    return number.multiplied


def _ruled(
    ruling: Ruling, held: _Held | None, period: Period, by: Acting, now: datetime
) -> Determination | None:
    if held is None or held.view is None:
        raise Invalid(Message("supervision.not_judged_yet"))
    before, task = held.ruled, held.standing.task.key
    sentence, reason = clean(ruling.sentence), clean(ruling.reason)
    value = _value(ruling, task)
    said = (ruling.light, sentence, reason, value)
    words = before and (before.light, before.sentence, before.reason, before.value)
    if held.standing.determination and said == words:
        return None
    if ruling.seen is not None and ruling.seen != (before.pk if before else 0):
        raise Conflict(Message("supervision.determined_meanwhile", {"task": task}))
    if not sentence or len(sentence) > SENTENCE or len(reason) > REASON:
        raise Invalid(
            Message("supervision.bad_sentence", {"task": task, "limit": SENTENCE, "reason": REASON})
        )
    if held.view.code in LEFT_TO_OFFICE and sentence == held.view.sentence:
        raise Invalid(Message("supervision.office_must_say", {"task": task}))
    differs = held.view.light != ruling.light
    if differs and not reason:
        raise Invalid(Message("supervision.reason_needed", {"task": task}))
    return Determination(
        task_id=ruling.task, period=period, light=ruling.light, sentence=sentence, reason=reason, value=value,
        differs=differs, actor=by.label, at=now,
    )  # fmt: skip


@transaction.atomic
def note_contact(
    *,
    period: Period,
    units: Sequence[int],
    kind: str,
    channel: str,
    note: str = "",
    by: Acting,
    now: datetime,
) -> int:
    """Record that units were reminded (提醒), urged to report (催报) or urged about a matter (催办). Returns how many.

    The same words to the same unit within a minute are one contact: a form that came twice.
    """
    if refused := refusal_to_judge(by):
        raise NotAllowed(refused)
    refuse_sealed(period)
    said = {"period": period, "kind": kind, "channel": channel, "note": note[:200], "actor": by.label}
    twice = Contact.objects.filter(**said, unit__in=units, at__gt=now - A_MOMENT).values_list(
        "unit_id", flat=True
    )
    units = [unit for unit in dict.fromkeys(units) if unit not in set(twice)]
    happenings = [
        Happening(
            f"unit.{kind}", {"period": period.key, "channel": channel, "note": note},
            by.government, period.list_id, None, f"unit:{unit}",
        )
        for unit in units
    ]  # fmt: skip
    Contact.objects.bulk_create(
        [
            Contact(**said, unit_id=unit, at=now, seq=seq)
            for unit, seq in zip(units, append(happenings, by=by, now=now), strict=True)
        ]
    )
    return len(units)
