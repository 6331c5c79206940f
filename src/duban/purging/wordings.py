"""Earlier wordings: what a row said before stands only in the bodies of its events; they are found, read and purged from there.

The events of a row are those of its kind that say the same of it (period, unit, number …); the newest of them carry its address in
`row`. Where two rows cannot be told apart, an event belongs to neither: the search by words finds it, and it is purged by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.db.models import Q

from duban.coordination.models import InstructionItem, UpwardPaper
from duban.directory.models import UnitName
from duban.history.models import Event
from duban.history.operations import PURGED
from duban.purging.kinds import KINDS, Kind
from duban.purging.things import Thing, leaves
from duban.register.models import Task
from duban.supervision.models import SupervisionOrder

EVENT: Final = Kind("event", Event, "government_id")
CHANGED: Final = ("before", "after")
FURTHER: Final = frozenset(
    {"basis", "by", "change", "matter", "note", "proposal", "question", "reply", "text", "value"}
)
STAYS: Final = frozenset({"number"})

Told = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Trail:
    """Which events tell of a row of a kind: how their kinds begin, which fields hold words besides its columns, what else they say of it.

    `begins` is the event with which a row begins: an earlier one tells of a row before it. `whole` looks through the list
    instead of the task: a paper may have been moved to another one.
    """

    kinds: tuple[str, ...]
    words: tuple[str, ...] = ()
    told: Callable[[Any], Told] = lambda _: {}
    begins: str = ""
    whole: bool = False


def _unit(unit: Any) -> set[str]:
    return {str(unit.pk), unit.name, *UnitName.objects.filter(unit=unit).values_list("name", flat=True)}


def _of_problem(row: Any) -> Told:
    """Older events do not say which problem of the task was settled: with another one beside it they belong to neither."""
    alone = not type(row)._default_manager.filter(task=row.task_id).exclude(pk=row.pk).exists()  # noqa: SLF001
    return {"problem": {row.text, PURGED}} if alone else {"problem": {row.text}, "state": ()}


def _of_order(row: Any) -> Told:
    """By its unit and number; the steps before it was numbered only where no other order is about the task."""
    others = SupervisionOrder.objects.filter(task=row.task_id).exclude(pk=row.pk)
    own = {"0", str(row.serial or 0)}
    if others.exists():
        own = set() if row.serial is None or others.filter(serial=row.serial).exists() else {str(row.serial)}
    return {"number": own, "unit": {str(row.unit_id)}}


def _of_item(row: Any) -> Told:
    """By the instruction, its words and its unit; a twin in all of these leaves nothing to tell it by."""
    same = InstructionItem.objects.filter(paper=row.paper_id, what=row.what, unit=row.unit_id)
    number = set() if same.exclude(pk=row.pk).exists() else {row.paper.number}
    return {"number": number, "what": {row.what}, "unit": _unit(row.unit)}


def _of_paper(row: Any) -> Told:
    """By its number, and by those that it bore before it was corrected; by none that another paper of the list bears too."""
    known, events = {row.number}, Event.objects.filter(kind="paper.corrected", list_id=row.list_id)
    for body in events.order_by("-seq").values_list("body", flat=True):
        said = json.loads(body)
        if said["after"].get("number") in known:
            known.add(said["number"])
    others = UpwardPaper.objects.filter(list=row.list_id, number__in=known).exclude(pk=row.pk)
    return {"number": known - set(others.values_list("number", flat=True))}


TRAILS: Final[Mapping[str, Trail]] = {
    "review": Trail(
        tuple(f"report.{act}" for act in ("accept", "exempt", "reopen", "restore", "return")),
        told=lambda row: {"period": {row.period.key}},
    ),
    "part": Trail(
        ("part.",), told=lambda row: {"period": {row.obligation.period.key}, "to": _unit(row.unit)},
        begins="part.asked",
    ),
    "order": Trail(
        ("order.",), ("by", "text"), _of_order, begins="order.drafted",
    ),
    "problem": Trail(("problem.",), ("problem",), _of_problem, begins="problem.raised"),
    "paper": Trail(("paper.",), ("reason", "change"), _of_paper, begins="paper.registered", whole=True),
    "item": Trail(
        ("item.",), ("text",), _of_item, begins="item.added", whole=True,
    ),
    "assignment": Trail(("task.assigned",)),
    "receipt": Trail(("receipt.",), ("proposal", "reply"), whole=True),
    "plan": Trail(("plan.refined",), told=lambda row: {"unit": {str(row.unit_id)}}),
    "contract": Trail(("contract.",), told=lambda row: {"clause": {str(row.clause.ordinal)}}),
    "share": Trail(("task.shared",)),
}  # fmt: skip


def own_events(thing: Thing) -> dict[int, tuple[str, ...]]:
    """The events that tell of a row, with what they say in words: the one that its number names, and those along its trail."""
    trail = TRAILS.get(thing.kind.code)
    last = getattr(thing.row, "seq", None)
    found: dict[int, tuple[str, ...]] = {} if last is None else {last: ()}
    if trail is None:
        return found
    names, told = _names(thing, trail), trail.told(thing.row)
    for event in _along(thing, trail, last):
        body = json.loads(event.body)
        if _tells(body, told, thing.subject):
            found[event.seq] = tuple(_spoken(body, names))
            if event.kind == trail.begins:
                break
    return found


def _along(thing: Thing, trail: Trail, last: int | None) -> Iterator[Event]:
    which = Q()
    for kind in trail.kinds:
        which |= Q(kind__startswith=kind)
    place = Q(list_id=thing.list) if trail.whole else Q(task_id=thing.task)
    if thing.kind.code == "receipt":
        place &= Q(subject=f"unit:{thing.row.unit_id}")  # type: ignore[attr-defined]  # every receipt is a unit's
    if last is not None:
        place &= Q(seq__lte=last)
    return Event.objects.filter(which, place).order_by("-seq").iterator(chunk_size=500)


def _names(thing: Thing, trail: Trail) -> frozenset[str]:
    names = {*thing.kind.columns, *trail.words}
    if thing.kind.code == "share":
        names = {str(thing.row.unit_id)}  # type: ignore[attr-defined]  # every share is a district's
    return frozenset(names)


def _tells(body: Mapping[str, Any], told: Told, subject: str) -> bool:
    if "row" in body:
        return bool(body["row"] == subject)
    return all(str(body[name]) in values for name, values in told.items() if name in body)


def _spoken(body: Mapping[str, Any], names: Collection[str], *, shares: bool = False) -> Iterator[str]:
    """The texts of a body under these names, also of what was changed from and to; `shares`: those of districts too."""
    for name, value in body.items():
        if name in CHANGED and isinstance(value, dict):
            yield from _spoken(value, names, shares=shares)
        elif name in names or (shares and name.isdigit()):
            yield from (text for text in leaves(value) if text)


@cache
def _all_names() -> frozenset[str]:
    """Every name under which some event says something in words."""
    columns = {name for kind in KINDS for name in kind.columns}
    return frozenset(columns.union(FURTHER, *(trail.words for trail in TRAILS.values())) - STAYS)


def event_thing(seq: int, government: int) -> Thing | None:
    """What one event of a government says in words, as a thing to be purged by itself."""
    event = Event.objects.of_government(government).exclude(kind__startswith="purge.").filter(pk=seq).first()
    return _as_thing(event) if event else None


def _as_thing(event: Event) -> Thing:
    body = json.loads(event.body)
    task = Task.objects.filter(pk=event.task_id or 0).values_list("key", "current__number").first()
    key, number = task or ("", "")
    return Thing(
        kind=EVENT, row=event, government=event.government_id or 0, list=event.list_id, task=event.task_id,
        task_key=key, task_number=number or "", number="", unit="", period=str(body.get("period", "")),
        said=tuple(_spoken(body, _all_names(), shares=event.kind == "task.shared")),
    )  # fmt: skip


def earlier(words: str, government: int | None, known: Collection[str], most: int) -> Iterator[Thing]:
    """The newest events that hold these words in a text which is none of those `known` to stand in a row."""
    written = json.dumps(words, ensure_ascii=False)[1:-1]
    rows = Event.objects.of_government(government).filter(body__icontains=written)
    for event in rows.exclude(kind__startswith="purge.").order_by("-seq").iterator(chunk_size=200):
        thing = _as_thing(event)
        if any(words.lower() in text.lower() and text not in known for text in thing.texts):
            yield thing
            most -= 1
        if not most:
            return
