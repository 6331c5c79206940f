"""待办: what waits for a person, in each of their posts. A fixed number of queries, however many posts and lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery

from duban.coordination.models import InstructionItem
from duban.directory.models import Unit
from duban.domain.posts import OFFICE, Acting, PostRole
from duban.history.policies import PURGERS
from duban.overview.todo_office import Found, Place, of_approvers, of_offices, of_purgers
from duban.plans.models import Plan, Receipt
from duban.plans.models_refinement import STILL_TO_PROPOSE
from duban.plans.refinement import contract_candidates
from duban.progress.models import Obligation, SignOff
from duban.progress.part_queries import parts_wanted
from duban.progress.queries import running
from duban.register.models import Responsibility
from duban.supervision.models import SupervisionOrder
from duban.supervision.models_consultation import ConsultationRow
from duban.supervision.policies import APPROVERS

KINDS: Final = (
    "purge", "returned", "report", "behind", "sign", "consultation", "order", "item", "part", "receipt", "plan", "contract", "approve",
    "objections", "review", "lock", "serve", "receipts_returned", "contracts", "orders", "papers", "items", "open", "draft",
)  # fmt: skip
SIGNING: Final = frozenset({PostRole.PRINCIPAL, PostRole.DEPUTY})
NOT_FILLING: Final = frozenset({"returned", "report", "part", "plan", "contract"})


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do, in one post. `total` and `count`: e.g. rows asked and rows still missing.

    `text` names an order, an item or the lead that asks for a part, `number` the task of that part; `late` are the days
    by which a limit has passed. `reason` is why something came back, `answered` how many items wait to be closed, `since` the
    day on which a purge was asked for.
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
    reason: str = ""
    answered: int = 0
    since: date | None = None

    @property
    def unanswered(self) -> int:
        """The items that still wait for an answer."""
        return self.count - self.answered


def todo(seats: Sequence[Acting], today: date) -> list[Todo]:
    """What waits for a person, by post and then by urgency. Up to twenty-two queries, however many posts and lists."""
    units = {unit for seat in seats for unit in seat.answers_for}
    offices, approvers, purgers = (
        {seat.government for seat in seats if seat.role in roles and seat.government}
        for roles in (OFFICE, APPROVERS, PURGERS)
    )
    found = [
        *_units(units, today),
        *of_offices(offices, today),
        *of_approvers(approvers),
        *of_purgers(purgers, {seat.person for seat in seats}),
    ]
    names = _names({unit for seat in seats if seat.answers_for for unit in seat.predecessors})
    rows = [
        Todo(seat=seat, late=_late(row, today), **_owed_by(seat, row, names))
        for seat in seats
        for place, row in found
        if place in _places(seat) and not (seat.role in SIGNING and row["kind"] in NOT_FILLING)
    ]
    order = {seat.post: number for number, seat in enumerate(seats)}
    return sorted(rows, key=lambda row: (order[row.seat.post], KINDS.index(row.kind), row.due_on or date.max))


def _places(seat: Acting) -> set[Place]:
    held = {"office": OFFICE, "chain": APPROVERS, "purge": PURGERS}
    whole: set[Place] = {(name, seat.government) for name, roles in held.items() if seat.role in roles}
    signing = {("signing", unit) for unit in seat.answers_for if seat.role in SIGNING}
    return whole | signing | {("unit", unit) for unit in seat.answers_for}


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
    yield from _sheets(units, today)
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
        yield ("unit", item.unit_id), told | {"key": item.pk, "reason": item.result if item.answer else ""}


def _parts(units: set[int]) -> Iterable[Found]:
    """What leads asked these units to tell them for rows that can still be filled in."""
    related = ("obligation__period__list", "obligation__unit", "obligation__task__current")
    for part in parts_wanted(units).select_related(*related).order_by("due_on", "pk"):
        row = part.obligation
        number = row.task.current.number if row.task.current else ""
        told = _told("part", row.period.list, unit=part.unit_id, due_on=part.due_on, text=row.unit.name)
        yield ("unit", part.unit_id), told | {"number": number, "key": part.pk, "reason": part.reason}


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


def _sheets(units: set[int], today: date) -> Iterable[Found]:
    signed = SignOff.objects.filter(period=OuterRef("period"), unit=OuterRef("unit")).order_by("-seq")
    sent = Q(state__in=["sent", "accepted"])
    rows: Any = (
        Obligation.objects.filter(unit__in=units, period__state__in=["open", "closed"])
        .exclude(state="exempt")
        .values("unit_id", "period__key", "period__state", "period__due_on", "period__list")
        .annotate(
            list_key=F("period__list__key"),
            list_title=F("period__list__title"),
            total=Count("pk"),
            reported=Count("pk", filter=sent),
            back=Count("pk", filter=Q(state="returned")),
            last=Max("current__seq", filter=sent),
            signed=Subquery(signed.values("seq")[:1]),
        )
        .order_by("period__key", "unit_id")
    )
    for row in rows:
        told = {
            "list_key": row["list_key"], "list_title": row["list_title"], "unit": row["unit_id"],
            "period": row["period__key"], "total": row["total"], "due_on": row["period__due_on"],
        }  # fmt: skip
        for place, kind, count in _of_sheet(row, today):
            yield (place, row["unit_id"]), {**told, "kind": kind, "count": count}


def _of_sheet(row: dict[str, Any], today: date) -> Iterable[tuple[str, str, int]]:
    """What a sheet asks: of whom, which kind, how many rows. Who signs is told of what is late and of each part that was sent."""
    is_open, missing = row["period__state"] == "open", row["total"] - row["reported"]
    if is_open and row["back"]:
        yield "unit", "returned", row["back"]
    if is_open and missing > row["back"]:
        yield "unit", "report", row["reported"]
    if is_open and missing and today > row["period__due_on"]:
        yield "signing", "behind", missing
    unsigned = row["reported"] and (row["signed"] or 0) < (row["last"] or 0)
    if unsigned:
        yield "signing" if missing else "unit", "sign", row["reported"]


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
