"""Collecting the figures of a period from the record, and finding frozen data sheets again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone

from duban.coordination.models import Problem
from duban.directory.models import Appointment, Unit
from duban.directory.queries import full_names_on
from duban.domain.due import plain
from duban.domain.periods import NAMES, period_of
from duban.domain.posts import Acting, PostRole
from duban.history.queries import times_of
from duban.overview.queries import LedgerLine, earlier_period, ledger
from duban.progress.models import Period
from duban.progress.queries import Said
from duban.progress.sheet_queries import sheet_rows
from duban.publishing.models import Snapshot
from duban.publishing.snapshots import (
    Count,
    Figures,
    FormRow,
    Head,
    Line,
    OrderFigures,
    ProblemFigures,
    Sheet,
    loaded,
)
from duban.publishing.unit_figures import parts_of, units_of
from duban.register.models import TaskList
from duban.supervision.models import SupervisionOrder
from duban.supervision.queries import judged_on

SENT: Final = ("sent", "accepted")


def office_of(task_list: TaskList) -> Acting:
    """The supervision office of a list as a capacity to read in: a data sheet is the same whoever asks for it."""
    return Acting(label="督查室", government=task_list.government_id, role=PostRole.SUPERVISOR)


def figures_of(period: Period, on: date | None = None) -> Figures:
    """What a data sheet of the period would hold on a day, or on its last one. A fixed number of queries.

    Leads and parts are those of its last day; whom to call is asked of the day.
    """
    day = on or period_of(period.key).ends_on
    office = office_of(period.list)
    earlier = compared_with(period)
    lines = ledger(period.list, office, period=period, on=day)
    before = _lights_before(period.list, office, earlier)
    rows = tuple(_line(line, before.get(line.task, "")) for line in lines)
    return Figures(
        head=_head(period, earlier),
        totals=_count("", rows, compared=earlier is not None),
        leaders=_leaders(rows, compared=earlier is not None),
        lines=rows,
        parts=parts_of(period, day),
        units=units_of(period, office, day),
        form_rows=_form_rows(period, office),
        orders=orders_of(period),
        problems=_problems(period),
    )


def compared_with(period: Period) -> Period | None:
    """The earlier period that a paper compares with: a quarter with the quarter before it, a month with whatever came before."""
    if period_of(period.key).month in NAMES:
        quarters = [f"{period.key[:5]}{month:02d}" for month in NAMES]
        found = (
            Period.objects.filter(list=period.list_id, key__in=quarters, key__lt=period.key)
            .filter(determinations__isnull=False)
            .order_by("-key")
            .first()
        )
        if found is not None:
            return found
    return earlier_period(period)


def _head(period: Period, earlier: Period | None) -> Head:
    chosen, spec = period.list, period_of(period.key)
    government = Unit.objects.get(pk=chosen.government_id)
    contact, phone = _office_contact(government)
    issue = (
        Period.objects.filter(list=chosen, key__lte=period.key, determinations__isnull=False)
        .values("key")
        .distinct()
        .count()
    )
    return Head(
        list_key=chosen.key,
        list_title=chosen.title,
        year=spec.year,
        document_number=chosen.document_number,
        government=government.full_name,
        contact=contact,
        phone=phone,
        period=period.key,
        state=period.state,
        due_on=period.due_on.isoformat(),
        as_of=spec.as_of.isoformat(),
        judged_on=judged_on(period),
        earlier=earlier.key if earlier else "",
        issue=max(issue, 1),
    )


def _office_contact(government: Unit) -> tuple[str, str]:
    """Who sits in the supervision office, with a telephone; nobody where the directory knows none, or more than one."""
    seats = Appointment.objects.filter(
        post__unit=government, post__role=PostRole.SUPERVISOR, to_on__isnull=True, post__to_on__isnull=True
    ).exclude(person__phone="")
    found = set(seats.values_list("person__name", "person__phone"))
    return found.pop() if len(found) == 1 else ("", "")


def _lights_before(task_list: TaskList, office: Acting, earlier: Period | None) -> dict[int, str]:
    if earlier is None:
        return {}
    return {line.task: line.office.light for line in ledger(task_list, office, period=earlier)}


def _line(line: LedgerLine, before: str) -> Line:
    row, decided, planned, said = line.row, line.decided, line.planned, line.said
    digits = "".join(sign for sign in row.number if sign.isdecimal())
    lead = line.lead
    leads = (lead, decided.lead_name, decided.formerly)
    return Line(
        task=line.task,
        key=row.key,
        number=int(digits) if digits else 0,
        text=row.text,
        chapter=row.chapter,
        lead=lead,
        lead_unit=decided.lead or 0,
        main="、".join(name for name in (*row.lead, *row.main) if name not in leads),
        support="、".join(name for name in row.support if name not in leads),
        city_leader=decided.city_leader,
        year_target=planned.year_target,
        q1=planned.q1,
        half=planned.half,
        q3=planned.q3,
        year=planned.year,
        said_in=said.period,
        no_change=said.no_change,
        progress=said.progress,
        value_text=said.value,
        problem=said.problem,
        next_step=said.next_step,
        value=_value_text(line.value),
        ruled_value=line.office.value is not None,
        due_value=_value_text(line.system.due_value),
        light=line.office.light,
        sentence=line.office.sentence,
        before=before,
        deputy=planned.deputy,
        division=planned.division,
        contact=planned.contact,
        phone=planned.phone,
    )


def _value_text(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _count(leader: str, rows: Sequence[Line], *, compared: bool) -> Count:
    before = Counter(row.before for row in rows) if compared else Counter[str]()
    return Count(leader, len(rows), dict(Counter(row.light for row in rows)), dict(before))


def _leaders(rows: Iterable[Line], *, compared: bool) -> tuple[Count, ...]:
    """One count for each city leader in the order of the list, those tasks without one last."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for row in rows:
        groups[row.city_leader].append(row)
    ordered = sorted(groups, key=lambda name: name == "")
    return tuple(_count(name, groups[name], compared=compared) for name in ordered)


def _form_rows(period: Period, office: Acting) -> tuple[FormRow, ...]:
    return tuple(
        FormRow(
            unit=row.unit,
            task=row.task,
            node=row.node,
            last=_last_words(row.last),
            sent=row.state in SENT,
            no_change=row.state in SENT and row.now.no_change,
            progress=row.now.progress if row.state in SENT else "",
            value=row.now.value if row.state in SENT else "",
            problem=row.now.problem if row.state in SENT else "",
            next_step=row.now.next_step if row.state in SENT else "",
        )
        for row in sheet_rows(period, office)
        if row.state != "exempt"
    )


def _last_words(said: Said) -> str:
    """What was said last time; “no change” stands for what it rests on."""
    return said.progress or ("无变化" if said.no_change else "")


def orders_of(period: Period) -> tuple[OrderFigures, ...]:
    """The orders of the period that were not withdrawn, as their papers print them, in the order of their numbers."""
    rows = (
        SupervisionOrder.objects.filter(period=period)
        .exclude(state="withdrawn")
        .select_related("unit")
        .order_by("kind", "year", "serial", "pk")
    )
    return order_figures(list(rows))


def order_figures(rows: Sequence[SupervisionOrder]) -> tuple[OrderFigures, ...]:
    """What the papers of orders print, and whether they are closed; other steps after their approval do not change it.

    One query, a second for drafts.

    The addressee is called as on the day of approval, in a draft as on the day it was last written.
    """
    drafts = [row.seq for row in rows if row.approved_on is None]
    written = {seq: timezone.localdate(at) for seq, at in times_of(drafts).items()} if drafts else {}
    days = {row.pk: row.approved_on or written[row.seq] for row in rows}
    names = full_names_on({(row.unit_id, days[row.pk]) for row in rows})
    return tuple(
        OrderFigures(
            order=row.pk,
            kind=row.kind,
            serial=row.serial or 0,
            year=row.year,
            task=row.task_id,
            unit=names[row.unit_id, days[row.pk]],
            matter=row.matter,
            basis=row.basis,
            requirement=row.requirement,
            due_on=row.due_on.isoformat(),
            approved_on=row.approved_on.isoformat() if row.approved_on else "",
            closed=row.state == "closed",
            answered=row.state == "answered",
        )
        for row in rows
    )


def _problems(period: Period) -> tuple[ProblemFigures, ...]:
    rows = (
        Problem.objects.filter(task__list=period.list_id)
        .select_related("unit")
        .order_by("task__ordinal", "raised_on", "pk")
    )
    return tuple(
        ProblemFigures(row.task_id, row.unit.name, row.text, row.cause, row.helper, row.level, row.state)
        for row in rows
        if row.state == "open"
    )


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """A frozen data sheet in a list of them."""

    sha256: str
    at: datetime
    as_of: date
    actor: str
    purged_at: datetime | None

    @property
    def short(self) -> str:
        """The first eight signs of its hash."""
        return self.sha256[:8]


def snapshots_of(period: Period, acting: Acting) -> list[SnapshotRow]:
    """The data sheets of a period that a post sees, newest first. One query."""
    rows = Snapshot.objects.visible_to(acting).filter(period=period).order_by("-seq")
    return [
        SnapshotRow(*row) for row in rows.values_list("data_id", "at", "as_of", "actor", "data__purged_at")
    ]


def sheet_at(sha256: str, acting: Acting | None = None) -> Sheet | None:
    """The data sheet of that hash, of those a post sees where one is given; None where there is none or it was purged."""
    found = Snapshot.objects.all() if acting is None else Snapshot.objects.visible_to(acting)
    row = found.filter(data_id=sha256, data__content__isnull=False).select_related("data").first()
    return sheet_of(row) if row else None


def sheet_of(snapshot: Snapshot) -> Sheet:
    """The figures of a snapshot whose payload is there."""
    content = bytes(snapshot.data.content or b"")
    return Sheet(loaded(content), snapshot.data_id, timezone.localdate(snapshot.at))


def newest_snapshot(period: Period) -> Snapshot | None:
    """The data sheet frozen last for a period, with its payload."""
    return Snapshot.objects.filter(period=period).select_related("data").order_by("-seq").first()


def sheet_for_order(order: SupervisionOrder) -> Sheet | None:
    """The newest data sheet that holds the order as its paper prints it."""
    [now] = order_figures([order])
    wanted = replace(now, closed=False)
    for snapshot in Snapshot.objects.filter(list=order.list_id).select_related("data").order_by("-seq")[:12]:
        if snapshot.data.content is not None:
            sheet = sheet_of(snapshot)
            if wanted in [replace(row, closed=False) for row in sheet.figures.orders]:
                return sheet
    return None
