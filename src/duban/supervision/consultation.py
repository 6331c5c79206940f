"""核对稿: sending the units their own sentences for two working days, taking objections, answering them.

After the office has determined a period and before a bulletin (product.md, step 6). The limit is counted in working days
of the State Council's calendar (rules.md 4.3); the day of sending does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from duban.directory.queries import answering_unit_ids
from duban.domain.calendar_data import CALENDAR
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.lights import Light
from duban.domain.messages import Message
from duban.domain.periods import named, spoken_date
from duban.domain.posts import Acting
from duban.domain.secrecy import refuse_marked
from duban.history.operations import Happening, append
from duban.plans.models import Assignment
from duban.progress.models import Period
from duban.progress.operations import of_period
from duban.supervision.models import Determination, Standing
from duban.supervision.models_consultation import (
    LONGEST_ANSWER,
    LONGEST_OBJECTION,
    ConsultationDraft,
    ConsultationRow,
    Objection,
)
from duban.supervision.operations import Ruling, determine

WORKING_DAYS: Final = 2
LONGEST_SENTENCE: Final = 300


@dataclass(frozen=True, slots=True)
class Protest:
    """What a unit says against one row: on the page, or on a paper with its signer, its date and its number."""

    text: str
    kind: str = "page"
    signer: str = ""
    signed_on: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The office's answer with its reason; an objection that is upheld comes with the new light and sentence.

    `value` is the figure that the office found right, where the objection was to the figure; "" for none.
    """

    upheld: bool
    reason: str
    light: str = ""
    sentence: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as sent, and what the office has determined since, None while that still is what was sent."""

    row: ConsultationRow
    objection: Objection | None
    since: Determination | None

    @property
    def state(self) -> str:
        """open, upheld, dismissed; none without objection."""
        return self.objection.state if self.objection else "none"

    @property
    def light_now(self) -> str:
        """The light as determined now."""
        return self.since.light if self.since else self.row.light

    @property
    def sentence_now(self) -> str:
        """The sentence as determined now."""
        return self.since.sentence if self.since else self.row.sentence


def refusal_to_consult(by: Acting) -> Message | None:
    """Only the supervision office sends rows to the units and answers objections."""
    return None if by.runs_office else Message("consultation.office_only")


def refusal_to_object(by: Acting, unit: int, kind: str) -> Message | None:
    """On the page a unit objects for itself; what comes on paper is registered by the office."""
    if kind == "paper":
        return None if by.runs_office else Message("consultation.office_registers")
    if by.answers(unit):
        return None
    return Message("consultation.unit_objects")


def open_objections(period: Period) -> int:
    """How many objections of a period wait for an answer; while there is one the period is not sealed."""
    return Objection.objects.filter(row__draft__period=period, state="open").count()


def refusal_to_seal(period: Period, on: date) -> Message | None:
    """Every report judged, every task determined, every objection answered, the units' two days to object over."""
    if count := period.obligations.filter(state="sent").count():
        return Message("supervision.unreviewed", {"count": count})
    if count := undetermined(period):
        return Message("supervision.undetermined", {"count": count})
    if count := open_objections(period):
        return Message("consultation.objections_open", {"count": count})
    draft = consultation_of(period)
    if draft is not None and on <= draft.until_on:
        return Message("consultation.under_way", _day("day", draft.until_on, on))
    return None


def consultation_of(period: Period) -> ConsultationDraft | None:
    """What was sent to the units in a period, if anything was."""
    return ConsultationDraft.objects.filter(period=period).first()


def consultation_rows(draft: ConsultationDraft, acting: Acting, unit: int | None = None) -> list[ShownRow]:
    """The rows that a post sees, by unit and in the order of the list; those of one unit when given. Two queries."""
    found = ConsultationRow.objects.visible_to(acting).filter(draft=draft)
    if unit is not None:
        found = found.filter(unit=unit)
    rows = list(
        found.select_related("task__current", "unit", "objection").order_by("unit__position", "task__ordinal")
    )
    newest = {
        ruling.task_id: ruling
        for ruling in Determination.objects.filter(
            period=draft.period_id, task__in=[row.task_id for row in rows]
        ).order_by("seq")
    }
    return [_shown(row, newest.get(row.task_id)) for row in rows]


def _shown(row: ConsultationRow, newest: Determination | None) -> ShownRow:
    same = newest is None or (newest.light, newest.sentence) == (row.light, row.sentence)
    return ShownRow(row, getattr(row, "objection", None), None if same else newest)


@transaction.atomic
def open_consultation(*, period: Period, by: Acting, now: datetime) -> ConsultationDraft:
    """Send every unit the determinations of the tasks it leads; objections are taken for two working days after today.

    Refused while a judged task is not determined, and in a sealed period. A second call returns what was sent, unchanged.
    """
    if refused := refusal_to_consult(by):
        raise NotAllowed(refused)
    period = Period.objects.select_for_update(of=("self",)).select_related("list").get(pk=period.pk)
    if known := consultation_of(period):
        return known
    _require_unsealed(period)
    today = timezone.localdate(now)
    rulings = _rulings(period, today)
    until = CALENDAR.add_working(today, WORKING_DAYS)
    units = len({unit for unit, _ in rulings})
    body = {"period": period.key, "rows": len(rulings), "units": units, "until": until.isoformat()}
    [seq] = append([of_period(period, "consultation.opened", body)], by=by, now=now)
    draft = ConsultationDraft.objects.create(period=period, opened_on=today, until_on=until, seq=seq)
    rows = [
        ConsultationRow(
            draft=draft, task_id=ruling.task_id, unit_id=unit, determination=ruling, light=ruling.light,
            sentence=ruling.sentence,
        )
        for unit, ruling in rulings
    ]  # fmt: skip
    ConsultationRow.objects.bulk_create(rows, batch_size=500)
    return draft


def undetermined(period: Period) -> int:
    """How many judged tasks of the list wait for their determination in a period."""
    ruled = Determination.objects.filter(period=period, task=OuterRef("task"))
    judged = Standing.objects.filter(task__list=period.list_id, verdict__isnull=False)
    return judged.exclude(Exists(ruled)).count()


def _rulings(period: Period, today: date) -> list[tuple[int, Determination]]:
    """The newest determination of every led task with the unit that answers for it today; Conflict while some judged task has none."""
    if count := undetermined(period):
        raise Conflict(Message("consultation.not_determined", {"count": count}))
    leads = dict(
        Assignment.objects.filter(task__list=period.list_id, lead__isnull=False).values_list(
            "task_id", "lead_id"
        )
    )
    newest = {row.task_id: row for row in Determination.objects.filter(period=period).order_by("seq")}
    answering = answering_unit_ids({lead for lead in leads.values() if lead}, today)
    found = [(answering[lead], newest[task]) for task, lead in leads.items() if task in newest and lead]
    if not found:
        raise Conflict(Message("consultation.no_task_led"))
    return found


def _require_unsealed(period: Period) -> None:
    if period.state == "sealed":
        raise Conflict(Message("consultation.period_sealed", named(period.key)))


def _of_row(row: ConsultationRow, kind: str, body: dict[str, Any]) -> Happening:
    period = row.draft.period
    full = {"period": period.key, "unit": str(row.unit_id), **body}
    return Happening(
        kind, full, period.list.government_id, period.list_id, row.task_id, f"task:{row.task.key}"
    )


@transaction.atomic
def object_to(*, row: ConsultationRow, protest: Protest, by: Acting, now: datetime) -> Objection:
    """A unit objects to one row, once. After the last day only a paper dated within the days is taken.

    Conflict: objected already, too late, dated outside, or the period is sealed. Invalid: nothing said, too long, a paper
    without signer or date.
    """
    if refused := refusal_to_object(by, row.unit_id, protest.kind):
        raise NotAllowed(refused)
    Period.objects.select_for_update().get(pk=row.draft.period_id)
    row = ConsultationRow.objects.select_related("draft__period__list", "task").get(pk=row.pk)
    text = _said(protest.text, LONGEST_OBJECTION, "consultation.text_needed")
    refuse_marked(text)
    _require_unsealed(row.draft.period)
    if Objection.objects.filter(row=row).exists():
        raise Conflict(Message("consultation.objected_already", {"task": row.task.key}))
    _require_in_time(row.draft, protest, timezone.localdate(now))
    on = protest.signed_on.isoformat() if protest.signed_on else ""
    body = {"kind": protest.kind, "text": text, "signer": protest.signer, "on": on, "number": protest.number}
    [seq] = append([_of_row(row, "consultation.objected", body)], by=by, now=now)
    return Objection.objects.create(
        row=row, text=text, kind=protest.kind, signer=protest.signer.strip()[:60], signed_on=protest.signed_on,
        number=protest.number.strip()[:60], at=now, actor=by.label, seq=seq,
    )  # fmt: skip


def _said(text: str, limit: int, missing: str) -> str:
    stripped = text.strip()
    if not stripped:
        raise Invalid(Message(missing))
    if len(stripped) > limit:
        raise Invalid(Message("consultation.too_long", {"limit": limit, "length": len(stripped)}))
    return stripped


def _require_in_time(draft: ConsultationDraft, protest: Protest, today: date) -> None:
    day = _day("day", draft.until_on, draft.opened_on)
    if protest.kind != "paper":
        if today > draft.until_on:
            raise Conflict(Message("consultation.closed", day))
        return
    if not protest.signer.strip() or protest.signed_on is None:
        raise Invalid(Message("consultation.paper_incomplete"))
    if not draft.opened_on <= protest.signed_on <= min(draft.until_on, today):
        start = _day("start", draft.opened_on, draft.opened_on)
        raise Conflict(Message("consultation.paper_day", {**start, **day}))


def _day(name: str, day: date, today: date) -> dict[str, str]:
    zh, en = spoken_date(day, today)
    return {name: zh, f"{name}_en": en}


@transaction.atomic
def answer_objection(
    *, objection: Objection, revision: int, answer: Answer, by: Acting, now: datetime
) -> Objection:
    """The office upholds an objection, and determines the task anew with the answer as its reason, or dismisses it.

    `revision` is that of the objection as shown. Conflict: answered or changed meanwhile, or the period is sealed.
    Invalid: no reason, or upheld without any change of light or sentence.
    """
    if refused := refusal_to_consult(by):
        raise NotAllowed(refused)
    found = Objection.objects.select_for_update(of=("self",)).filter(pk=objection.pk)
    kept = found.select_related("row__draft__period__list", "row__task").get()
    if kept.state != "open":
        raise Conflict(Message("consultation.already_answered"))
    if kept.revision != revision:
        raise Conflict(Message("consultation.changed_meanwhile"))
    _require_unsealed(kept.row.draft.period)
    reason = _said(answer.reason, LONGEST_ANSWER, "consultation.answer_needed")
    refuse_marked(reason, answer.sentence)
    if answer.upheld:
        ruling = _ruling(kept.row, answer, reason)
        determine(period=kept.row.draft.period, rulings=[ruling], by=by, now=now)
    kept.state = "upheld" if answer.upheld else "dismissed"
    kept.answer, kept.answered_at, kept.revision = reason, now, kept.revision + 1
    body = {"state": kept.state, "answer": reason}
    [kept.seq] = append([_of_row(kept.row, "consultation.answered", body)], by=by, now=now)
    kept.save(update_fields=["state", "answer", "answered_at", "revision", "seq"])
    return kept


def _ruling(row: ConsultationRow, answer: Answer, reason: str) -> Ruling:
    if answer.light not in set(Light):
        raise Invalid(Message("consultation.no_light"))
    sentence = _said(answer.sentence, LONGEST_SENTENCE, "consultation.nothing_changed")
    if (answer.light, sentence) == (row.light, row.sentence) and not answer.value.strip():
        raise Invalid(Message("consultation.nothing_changed"))
    return Ruling(row.task_id, Light(answer.light), sentence, reason, value=answer.value)
