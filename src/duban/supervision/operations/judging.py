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

BATCH: Final = 500
SENTENCE, REASON = 300, 200  # characters of a determination
A_MOMENT: Final = timedelta(minutes=1)


@transaction.atomic
def patrol(
    *,
    task_list: TaskList,
    on: date,
    period: Period | None = None,
    rule: Rule = PRESET,
    by: Acting,
    now: datetime,
) -> int:
    """系统研判 of every issued task as of a day; a view is written where it differs from the newest one. Returns how many.

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
    return len(fresh)


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

    `seen` is the determination that stood when it was written, 0 for none; None asks for no comparison. `value` is the
    figure that the office determined in place of the reported one, as written, "" for none.
    """

    task: int
    light: Light
    sentence: str
    reason: str = ""
    seen: int | None = None
    value: str = ""


@transaction.atomic
def determine(*, period: Period, rulings: Sequence[Ruling], by: Acting, now: datetime) -> int:
    """督查核定; all or none. A light other than the system's newest needs its reason. Returns how many were written.

    Refused: a sealed period, a task that somebody determined since the writer saw it, a sentence missing or too long.
    """
    if refused := refusal_to_judge(by):
        raise NotAllowed(refused)
    refuse_sealed(period)
    keys = [ruling.task for ruling in rulings]
    standings = {
        row.task_id: row
        for row in Standing.objects.select_for_update(of=("self",))
        .filter(task__in=keys, task__list=period.list_id)
        .order_by("pk")
        .select_related("verdict", "task", "determination")
    }
    rows = [_ruled(ruling, standings.get(ruling.task), period, by, now) for ruling in rulings]
    fresh = [row for row in rows if row is not None]
    happenings = [
        Happening(
            "task.determined",
            {"period": period.key, "light": row.light, "sentence": row.sentence, "reason": row.reason, **_figure(row)},
            by.government, period.list_id, row.task_id, f"task:{standings[row.task_id].task.key}",
        )
        for row in fresh
    ]  # fmt: skip
    for row, seq in zip(fresh, append(happenings, by=by, now=now), strict=True):
        row.seq = seq
    moved = []
    for row in Determination.objects.bulk_create(fresh, batch_size=BATCH):
        standings[row.task_id].determination = row
        moved.append(standings[row.task_id])
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
    ruling: Ruling, standing: Standing | None, period: Period, by: Acting, now: datetime
) -> Determination | None:
    if standing is None or standing.verdict is None:
        raise Invalid(Message("supervision.not_judged_yet"))
    before, task = standing.determination, standing.task.key
    sentence, reason = clean(ruling.sentence), clean(ruling.reason)
    value = _value(ruling, task)
    said = (period.pk, ruling.light, sentence, reason, value)
    if before and said == (before.period_id, before.light, before.sentence, before.reason, before.value):
        return None
    if ruling.seen is not None and ruling.seen != (before.pk if before else 0):
        raise Conflict(Message("supervision.determined_meanwhile", {"task": task}))
    if not sentence or len(sentence) > SENTENCE or len(reason) > REASON:
        raise Invalid(
            Message("supervision.bad_sentence", {"task": task, "limit": SENTENCE, "reason": REASON})
        )
    if standing.verdict.code in LEFT_TO_OFFICE and sentence == standing.verdict.sentence:
        raise Invalid(Message("supervision.office_must_say", {"task": task}))
    differs = standing.verdict.light != ruling.light
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
