"""待办: what waits for a person, in each of their posts. A fixed number of queries, however many posts and lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from duban.coordination.models import InstructionItem
from duban.directory.models import Unit
from duban.documents.models import Draft
from duban.domain.natures import Rhythm
from duban.domain.periods import asks, period
from duban.domain.posts import OFFICE, Acting, PostRole
from duban.plans.models import Assignment, Plan, Receipt
from duban.plans.models_refinement import STILL_TO_PROPOSE
from duban.plans.refinement import contract_candidates
from duban.progress.models import Obligation, Period, SignOff
from duban.progress.part_queries import parts_wanted
from duban.progress.queries import running
from duban.register.models import Responsibility
from duban.supervision.models import SupervisionOrder
from duban.supervision.models_consultation import ConsultationRow, Objection
from duban.supervision.policies import APPROVERS

KINDS: Final = (
    "returned", "report", "sign", "consultation", "order", "item", "part", "receipt", "plan", "contract", "approve", "objections",
    "review", "serve", "receipts_returned", "orders", "items", "open", "draft",
)  # fmt: skip
SIGNING: Final = frozenset({PostRole.PRINCIPAL, PostRole.DEPUTY})
NOT_FILLING: Final = frozenset({"returned", "report", "part", "plan", "contract"})


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, in one post. `total` and `count`: e.g. rows asked and rows still missing.

    `text` names an order, an item or the lead that asks for a part, `number` the task of that part; `late` are the days
    by which a limit has passed.
    Where the post's unit took the place of the unit that owes it, that unit's name stands before the list's title.
    """

    seat: Acting
    kind: str
    list_key: str
    list_title: str
    unit: int | None = None
    period: str = ""
    total: int = 0
    count: int = 0
    due_on: date | None = None
    text: str = ""
    number: str = ""
    key: int = 0
    late: int = 0


def todo(seats: Sequence[Acting], today: date) -> list[Todo]:
    """What waits for a person, by post and then by urgency. Up to eighteen queries, however many posts and lists."""
    of_units = {unit for seat in seats for unit in seat.answers_for}
    of_offices = {seat.government for seat in seats if seat.role in OFFICE and seat.government}
    signing = {seat.government for seat in seats if seat.role in APPROVERS and seat.government}
    found = [*_units(of_units, today), *_offices(of_offices, today), *_approvals(signing)]
    names = _names({unit for seat in seats if seat.answers_for for unit in seat.predecessors})
    rows = [
        Todo(seat=seat, late=_late(row, today), **_owed_by(seat, row, names))
        for seat in seats
        for place, row in found
        if place in _places(seat) and not (seat.role in SIGNING and row["kind"] in NOT_FILLING)
    ]
    order = {seat.post: number for number, seat in enumerate(seats)}
    return sorted(rows, key=lambda row: (order[row.seat.post], KINDS.index(row.kind), row.due_on or date.max))


Place = tuple[str, int | None]
Found = tuple[Place, dict[str, Any]]


def _places(seat: Acting) -> set[Place]:
    office = {("office", seat.government)} if seat.role in OFFICE else set()
    chain = {("chain", seat.government)} if seat.role in APPROVERS else set()
    return office | chain | {("unit", unit) for unit in seat.answers_for}


def _names(units: set[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=units).values_list("pk", "name")) if units else {}


def _owed_by(seat: Acting, row: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    unit = row.get("unit")
    if unit is None or unit == seat.unit:
        return row
    return row | {"list_title": f"{names[unit]} · {row['list_title']}"}


def _late(row: dict[str, Any], today: date) -> int:
    due: date | None = row.get("due_on")
    return max((today - due).days, 0) if due else 0


def _units(units: set[int], today: date) -> Iterable[Found]:
    if not units:
        return
    yield from _sheets(units)
    yield from _consultations(units, today)
    yield from _plans(units)
    yield from _contracts(units)
    receipts = Receipt.objects.filter(running("list"), unit__in=units, state="pending")
    for row in receipts.select_related("list").order_by("pk"):
        yield ("unit", row.unit_id), _told("receipt", row.list, unit=row.unit_id)
    orders = SupervisionOrder.objects.filter(unit__in=units, state__in=["served", "signed_for"])
    for order in orders.select_related("list").order_by("due_on", "pk"):
        told = _told("order", order.list, unit=order.unit_id, due_on=order.due_on, text=order.matter)
        yield ("unit", order.unit_id), told | {"key": order.pk}
    yield from _items(units)
    yield from _parts(units)


def _items(units: set[int]) -> Iterable[Found]:
    """Items of instructions that these units have to answer."""
    items = InstructionItem.objects.in_force().filter(running("paper__list"), unit__in=units, state="open")
    for item in items.select_related("paper__list").order_by("due_on", "pk"):
        told = _told("item", item.paper.list, unit=item.unit_id, due_on=item.due_on, text=item.what)
        yield ("unit", item.unit_id), told | {"key": item.pk}


def _parts(units: set[int]) -> Iterable[Found]:
    """What leads asked these units to tell them for rows that can still be filled in."""
    related = ("obligation__period__list", "obligation__unit", "obligation__task__current")
    for part in parts_wanted(units).select_related(*related).order_by("due_on", "pk"):
        row = part.obligation
        number = row.task.current.number if row.task.current else ""
        told = _told("part", row.period.list, unit=part.unit_id, due_on=part.due_on, text=row.unit.name)
        yield ("unit", part.unit_id), told | {"number": number, "key": part.pk}


def _consultations(units: set[int], today: date) -> Iterable[Found]:
    """核对稿 that were sent to these units, as long as objections are taken."""
    rows: Any = (
        ConsultationRow.objects.filter(unit__in=units, draft__until_on__gte=today)
        .exclude(draft__period__state="sealed")
        .order_by()
        .values("unit_id", "draft__period__key", "draft__until_on")
        .annotate(
            list_key=F("draft__period__list__key"),
            list_title=F("draft__period__list__title"),
            count=Count("pk"),
        )
    )
    for row in rows:
        unit, period_key = row.pop("unit_id"), row.pop("draft__period__key")
        told = {
            "kind": "consultation",
            "unit": unit,
            "period": period_key,
            "due_on": row.pop("draft__until_on"),
        }
        yield ("unit", unit), told | row


def _told(kind: str, task_list: Any, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "list_key": task_list.key, "list_title": task_list.title, **more}


def _sheets(units: set[int]) -> Iterable[Found]:
    signed = SignOff.objects.filter(period=OuterRef("period"), unit=OuterRef("unit"))
    rows: Any = (
        Obligation.objects.filter(unit__in=units, period__state__in=["open", "closed"])
        .exclude(state="exempt")
        .values("unit_id", "period__key", "period__state", "period__due_on", "period__list")
        .annotate(
            list_key=F("period__list__key"),
            list_title=F("period__list__title"),
            total=Count("pk"),
            reported=Count("pk", filter=Q(state__in=["sent", "accepted"])),
            back=Count("pk", filter=Q(state="returned")),
            signed=Exists(signed),
        )
        .order_by("period__key", "unit_id")
    )
    for row in rows:
        told = {
            "list_key": row["list_key"], "list_title": row["list_title"], "unit": row["unit_id"],
            "period": row["period__key"], "total": row["total"], "due_on": row["period__due_on"],
        }  # fmt: skip
        place = ("unit", row["unit_id"])
        is_open, missing = row["period__state"] == "open", row["total"] - row["reported"]
        if is_open and row["back"]:
            yield place, {**told, "kind": "returned", "count": row["back"]}
        if is_open and missing > row["back"]:
            yield place, {**told, "kind": "report", "count": row["reported"]}
        if not missing and not row["signed"]:
            yield place, {**told, "kind": "sign", "count": row["reported"]}


def _plans(units: set[int]) -> Iterable[Found]:
    own = Plan.objects.filter(task=OuterRef("task"), unit=OuterRef("unit")).exclude(contact="")
    rows: Any = (
        Responsibility.objects.filter(
            running("task__list"), unit__in=units, task__assignment__issued_at__isnull=False
        )
        .order_by()
        .values("unit_id")
        .annotate(
            list_key=F("task__list__key"),
            list_title=F("task__list__title"),
            total=Count("pk"),
            count=Count("pk", filter=~Exists(own)),
        )
    )
    for row in rows:
        if row["count"]:
            yield ("unit", row["unit_id"]), {"kind": "plan", "unit": row.pop("unit_id"), **row}


def _contracts(units: set[int]) -> Iterable[Found]:
    """Sub-items of issued tasks whose lead has not proposed what counts as done, or had it sent back."""
    lead = "version__task__assignment__lead"
    issued = Q(version__task__assignment__issued_at__isnull=False, **{f"{lead}__in": units})
    waiting = contract_candidates().filter(STILL_TO_PROPOSE, running("version__task__list"), issued)
    rows: Any = (
        waiting.order_by()
        .values(lead)
        .annotate(
            list_key=F("version__task__list__key"),
            list_title=F("version__task__list__title"),
            count=Count("pk"),
        )
    )
    for row in rows:
        unit = row.pop(lead)
        yield ("unit", unit), {"kind": "contract", "unit": unit, **row}


def _offices(governments: set[int], today: date) -> Iterable[Found]:
    if not governments:
        return
    yield from _counted(
        "receipts_returned",
        Receipt.objects.filter(list__government__in=governments, state="returned"),
        "list",
    )
    waiting = Obligation.objects.filter(
        period__list__government__in=governments, state="sent", period__state__in=["open", "closed"]
    )
    yield from _counted("review", waiting, "period__list", period=F("period__key"))
    objections = Objection.objects.filter(row__draft__period__list__government__in=governments, state="open")
    yield from _counted(
        "objections", objections, "row__draft__period__list", period=F("row__draft__period__key")
    )
    approved = SupervisionOrder.objects.filter(list__government__in=governments, state="approved")
    yield from _counted("serve", approved, "list")
    orders = SupervisionOrder.objects.outstanding().filter(list__government__in=governments)
    late = Count("pk", filter=Q(due_on__lt=today, state__in=["served", "signed_for"]))
    yield from _counted("orders", orders, "list", total=late, due_on=Min("due_on"))
    items = InstructionItem.objects.running().filter(paper__list__government__in=governments)
    late, due = Count("pk", filter=Q(due_on__lt=today, state="open")), Min("due_on", filter=Q(state="open"))
    yield from _counted("items", items, "paper__list", total=late, due_on=due)
    yield from _periods(governments, today)
    yield from _drafts(governments)


def _drafts(governments: set[int]) -> Iterable[Found]:
    """Documents brought in and not published yet, with their open doubts."""
    for draft in (
        Draft.objects.filter(government__in=governments, state=Draft.OPEN)
        .order_by("pk")
        .values("pk", "government", "open_doubts", "tasks", name=F("run__document__name"))
    ):
        yield ("office", draft["government"]), {
            "kind": "draft", "key": draft["pk"], "list_key": "", "list_title": draft["name"],
            "count": draft["open_doubts"], "total": draft["tasks"],
        }  # fmt: skip


def _approvals(governments: set[int]) -> Iterable[Found]:
    """Orders that wait for the signature of somebody in the chain."""
    if governments:
        waiting = SupervisionOrder.objects.filter(list__government__in=governments, state="submitted")
        yield from _counted("approve", waiting, "list", place="chain")


def _counted(
    kind: str, rows: QuerySet[Any], path: str, place: str = "office", **more: Any
) -> Iterable[Found]:
    counted = (
        rows.filter(running(path))
        .order_by()
        .values(f"{path}__government")
        .annotate(list_key=F(f"{path}__key"), list_title=F(f"{path}__title"), count=Count("pk"), **more)
    )
    for row in counted:
        yield (place, row.pop(f"{path}__government")), {"kind": kind, **row}


def _periods(governments: set[int], today: date) -> Iterable[Found]:
    """Months that have ended, ask for something and have no period: one line for each list, naming the newest."""
    rows: Any = (
        Assignment.objects.filter(
            running("task__list"), task__list__government__in=governments, issued_at__isnull=False
        )
        .order_by()
        .values("task__list", "task__list__year", "task__list__government", "rhythm", "deadline", "key_task")
        .annotate(
            list_key=F("task__list__key"),
            list_title=F("task__list__title"),
            n=Count("pk"),
            since=Min("issued_at"),
        )
    )
    groups: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["task__list"]].append(row)
    known: dict[int, set[str]] = defaultdict(set)
    for task_list, key in Period.objects.filter(list__in=groups).values_list("list_id", "key"):
        known[task_list].add(key)
    for task_list, group in groups.items():
        first = group[0]
        missing = _unopened(group, known[task_list], today)
        if missing:
            yield ("office", first["task__list__government"]), {
                "kind": "open", "list_key": first["list_key"], "list_title": first["list_title"],
                "period": missing[-1], "count": len(missing),
            }  # fmt: skip


def _unopened(group: Sequence[dict[str, Any]], known: set[str], today: date) -> list[str]:
    since = min(row["since"] for row in group).date()
    newest = max(known, default="")
    specs = [period(group[0]["task__list__year"], month) for month in range(1, 13)]
    return [
        spec.key
        for spec in specs
        if since <= spec.ends_on <= today and spec.key > newest and _asked(group, spec.month)
    ]


def _asked(group: Sequence[dict[str, Any]], month: int) -> bool:
    return any(
        asks(Rhythm(row["rhythm"]), at_date=row["deadline"], lagging_or_key=row["key_task"], month=month)
        for row in group
    )
