"""Full-text search in one list, from two Chinese characters: tasks, sub-items, reports, problems, orders, units.

Every group is one query over the rows of the list that the post may see, cut at MOST rows. Containment is enough at the
size of a list (300 tasks, 3,000 reports a year): see tools/bench.py. Several words must all occur in one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from duban.coordination.models import Problem
from duban.domain.posts import Acting
from duban.progress.models import Obligation, Report
from duban.register.models import Clause, Responsibility, Task
from duban.supervision.models import SupervisionOrder

SHORTEST, LONGEST, MOST_TERMS, MOST = 2, 60, 5, 20
AROUND: Final = 30
ORDER_NUMBER: Final = re.compile(r"(?:〔(\d{4})〕)?第?\s*(\d{1,5})\s*号?")


class Found(NamedTuple):
    """One hit: the task it belongs to (key and number, empty for a unit), a line before the text, the text itself."""

    key: str
    number: str
    about: str
    text: str
    unit: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; `more` when there are further ones than MOST."""

    kind: str
    hits: tuple[Found, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for these terms; `short` when nothing was searched because every word is too short."""

    terms: tuple[str, ...]
    groups: tuple[Group, ...]
    short: bool

    @property
    def hits(self) -> int:
        """How many hits are shown."""
        return sum(len(group.hits) for group in self.groups)

    @property
    def more(self) -> bool:
        """Whether any group was cut."""
        return any(group.more for group in self.groups)


def search(list_id: int, acting: Acting, asked: str) -> Findings:
    """The hits in a list that a post may see, grouped. Six queries, however much there is."""
    words = dict.fromkeys(asked[:LONGEST].split())
    terms = tuple(word for word in words if len(word) >= SHORTEST)[:MOST_TERMS]
    number = asked.strip() if asked.strip().isascii() and asked.strip().isdigit() else ""
    if not terms and not number:
        return Findings((), (), short=bool(words))
    place = _Place(list_id, acting, terms, number)
    groups = (
        _group("task", _tasks(place)),
        _group("clause", _clauses(place)),
        _group("report", _reports(place)),
        _group("problem", _problems(place)),
        _group("order", _orders(place)),
        _group("unit", _units(place)),
    )
    return Findings(terms or (number,), tuple(group for group in groups if group.hits), short=False)


class _Place(NamedTuple):
    list_id: int
    acting: Acting
    terms: tuple[str, ...]
    number: str


def _group(kind: str, rows: Any) -> Group:
    found = [Found(*row) for row in rows[: MOST + 1]]
    return Group(kind, tuple(found[:MOST]), len(found) > MOST)


def _holds(terms: tuple[str, ...], *fields: str) -> Q:
    """Every word occurs in one of the fields; nothing does when there is no word."""
    found = Q() if terms else Q(pk__in=[])
    for term in terms:
        each = Q()
        for field in fields:
            each |= Q(**{f"{field}__icontains": term})
        found &= each
    return found


def _tasks(place: _Place) -> Any:
    wanted = _holds(place.terms, "current__text") | Q(current__number=place.number or None)
    tasks = Task.objects.visible_to(place.acting).filter(wanted, list=place.list_id).order_by("ordinal")
    return tasks.values_list("key", "current__number", "current__heading__text", "current__text")


def _clauses(place: _Place) -> Any:
    """Sub-items of tasks whose text holds the words anyway are told apart only where a task has several."""
    tasks = Task.objects.visible_to(place.acting).filter(list=place.list_id, current__clause_count__gt=1)
    clauses = Clause.objects.filter(
        _holds(place.terms, "text"), version__in=tasks.order_by().values("current")
    )
    return clauses.order_by("version__task__ordinal", "ordinal").values_list(
        "version__task__key", "version__number", F("ordinal"), "text"
    )


def _reports(place: _Place) -> Any:
    seen = Obligation.objects.visible_to(place.acting).filter(period__list=place.list_id)
    reports = Report.objects.filter(
        _holds(place.terms, "progress", "next_step"), obligation__in=seen, obligation__current=F("pk")
    )
    return reports.order_by("-obligation__period__key", "obligation__task__ordinal").values_list(
        "obligation__task__key",
        "obligation__task__current__number",
        "obligation__period__key",
        Concat("progress", Value(" "), "next_step"),
    )


def _problems(place: _Place) -> Any:
    problems = Problem.objects.visible_to(place.acting).filter(
        _holds(place.terms, "text", "cause", "helper", "result"), task__list=place.list_id
    )
    return problems.order_by("-raised_on", "pk").values_list(
        "task__key",
        "task__current__number",
        "unit__name",
        Concat("text", Value(" "), "cause", Value(" "), "helper", Value(" "), "result"),
    )


def _orders(place: _Place) -> Any:
    wanted = _holds(place.terms, "matter", "requirement")
    named = ORDER_NUMBER.fullmatch("".join(place.terms) or place.number)
    if named:
        year, serial = named.groups()
        wanted |= Q(serial=int(serial), **({"year": int(year)} if year else {}))
    orders = SupervisionOrder.objects.visible_to(place.acting).filter(wanted, list=place.list_id)
    return orders.order_by("-seq").values_list("task__key", "task__current__number", "serial", "matter")


def _units(place: _Place) -> Any:
    """Units that owe something in the list, with their number of tasks."""
    visible = Task.objects.visible_to(place.acting).filter(list=place.list_id).order_by()
    duties = Responsibility.objects.filter(
        _holds(place.terms, "unit__name", "unit__full_name"), task__in=visible
    )
    rows = (
        duties.order_by("unit__position").values_list("unit__full_name", "unit__name", "unit_id").distinct()
    )
    return [("", "", full, name, unit) for full, name, unit in rows[: MOST + 1]]


def pieces(text: str, terms: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """A text in pieces, told apart by whether they are a hit; a long text is cut to the surroundings of its first hit."""
    pattern = re.compile(
        "|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)), re.IGNORECASE
    )
    first = pattern.search(text) if terms else None
    start = max(0, first.start() - AROUND) if first and len(text) > 4 * AROUND else 0
    if start:
        yield "…", False
    end = min(len(text), start + 4 * AROUND)
    at = start
    for match in pattern.finditer(text, start, end) if terms else ():
        if match.start() > at:
            yield text[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < end:
        yield text[at:end], False
    if end < len(text):
        yield "…", False
