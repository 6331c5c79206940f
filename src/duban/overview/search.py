"""Full-text search in one list, from two Chinese characters: tasks, sub-items, reports, problems, orders, papers, units, people.

Every group is one query over the rows of the list that the post may see, counted and cut at MOST rows. Containment is
enough at the size of a list (300 tasks, 3,000 reports a year): see tools/bench.py. Several words must all occur in one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import Concat

from duban.coordination.models import InstructionItem, Problem, UpwardPaper
from duban.directory.models import Unit
from duban.domain.posts import Acting
from duban.plans.models import Plan
from duban.progress.models import Obligation, Report
from duban.register.models import Clause, Responsibility, Task
from duban.supervision.models import SupervisionOrder

SHORTEST, LONGEST, MOST_TERMS, MOST = 2, 60, 5, 20
AROUND: Final = 30
DIGITS: Final = 4  # of a telephone, so that the number of a task finds no telephones
ORDER_NUMBER: Final = re.compile(
    r"(?:(?P<prefix>\D*)[〔［\[（(【](?P<year>\d{4})[〕］\]）)】])?第?(?P<serial>\d{1,5})号?"
)


class Found(NamedTuple):
    """One hit: the task it belongs to (key and number, empty for a unit), a line before the text, the text itself.

    `unit` and `name` say whose it is: of a task that a unit owes or an item given to it, that unit and its name; of a person, the
    unit and the deputy in charge; of a paper, who sent it.
    """

    key: str
    number: str
    about: str
    text: str
    unit: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, `total` of them in all; `listed` narrows the list page to all of them, "" where it cannot."""

    kind: str
    hits: tuple[Found, ...]
    total: int
    listed: str = ""

    @property
    def more(self) -> bool:
        """Whether there are further ones than those shown."""
        return self.total > len(self.hits)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for these terms; `short` when nothing was searched because every word is too short."""

    terms: tuple[str, ...]
    groups: tuple[Group, ...]
    short: bool

    @property
    def hits(self) -> int:
        """How many hits there are."""
        return sum(group.total for group in self.groups)


def search(list_id: int, acting: Acting, asked: str, *, kind: str = "", most: int = MOST) -> Findings:
    """The hits in a list that a post may see, grouped, or those of one kind. Ten queries, however much there is."""
    words = dict.fromkeys(asked[:LONGEST].split())
    terms = tuple(word for word in words if len(word) >= SHORTEST)[:MOST_TERMS]
    number = asked.strip() if asked.strip().isascii() and asked.strip().isdigit() else ""
    if not terms and not number:
        return Findings((), (), short=bool(words))
    place = _Place(list_id, acting, terms, number, "".join(words))
    kinds = [kind] if kind in KINDS else list(KINDS)
    groups = (_group(each, place, most) for each in kinds)
    return Findings(terms or (number,), tuple(group for group in groups if group.hits), short=False)


class _Place(NamedTuple):
    list_id: int
    acting: Acting
    terms: tuple[str, ...]
    number: str
    whole: str


def _group(kind: str, place: _Place, most: int) -> Group:
    rows = list(KINDS[kind](place).annotate(total=Window(Count("*")))[:most])
    hits = tuple(Found(*row[:-1][: len(Found._fields)]) for row in rows)
    return Group(kind, hits, rows[0][-1] if rows else 0, _listed(kind, place, hits))


def _listed(kind: str, place: _Place, hits: tuple[Found, ...]) -> str:
    """The query with which the list page shows the same tasks."""
    if kind == "task" and len(place.terms) == 1 and not place.number:
        return urlencode({"q": place.terms[0]})
    return urlencode({"unit": hits[0].unit}) if kind == "owed" and hits else ""


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
    if named := ORDER_NUMBER.fullmatch(place.whole):
        number = Q(serial=int(named["serial"]))
        if named["year"]:
            number &= Q(year=int(named["year"]))
        if prefix := named["prefix"]:
            number &= Q(kind="letter" if prefix.endswith("函") else "order")
        wanted |= number
    orders = SupervisionOrder.objects.visible_to(place.acting).filter(wanted, list=place.list_id)
    return orders.order_by("-seq").values_list("task__key", "task__current__number", "serial", "matter")


def _papers(place: _Place) -> Any:
    """请示, 报告 and 批示 in force by number, sender and subject, for whoever sees the whole government."""
    seen = (
        UpwardPaper.objects.in_force() if place.acting.sees_whole_government else UpwardPaper.objects.none()
    )
    papers = seen.filter(_holds(place.terms, "number", "sender", "subject", "result"), list=place.list_id)
    return papers.order_by("-dated", "-pk").values_list(
        Value(""), Value(""), "number", "subject", Value(0), "sender"
    )


def _items(place: _Place) -> Any:
    """What instructions ask of units."""
    items = InstructionItem.objects.visible_to(place.acting).in_force()
    found = items.filter(
        _holds(place.terms, "what", "answer", "result", "paper__number"), paper__list=place.list_id
    )
    return found.order_by("-due_on", "pk").values_list(
        Value(""), Value(""), "paper__number", Concat("what", Value(" "), "answer", Value(" "), "result"),
        "unit_id", "unit__name",
    )  # fmt: skip


def _units(place: _Place) -> Any:
    """Units that owe something in the list."""
    owing = Responsibility.objects.filter(unit=OuterRef("pk"), task__in=_seen(place))
    units = Unit.objects.filter(_holds(place.terms, "name", "full_name"), Exists(owing)).order_by("position")
    return units.values_list(Value(""), Value(""), "full_name", "name", "pk")


def _seen(place: _Place) -> Any:
    return Task.objects.visible_to(place.acting).filter(list=place.list_id).order_by()


def _owed(place: _Place) -> Any:
    """The tasks of the unit that is named as people name it (市教委, 教委, the full name), those it leads first."""
    called = Q(name__in=(place.whole, f"市{place.whole}")) | Q(full_name=place.whole)
    known = Unit.objects.filter(called | Q(own_aliases__text=place.whole), government=place.acting.government)
    exact = Case(When(name=place.whole, then=0), default=1)
    leads = Case(When(task__assignment__lead=F("unit"), then=Value("lead")), default=F("role"))
    order = Case(When(part="lead", then=0), When(part="main", then=1), default=2)
    unit = Subquery(known.order_by(exact, "position").values("pk")[:1])
    duties = Responsibility.objects.filter(unit=unit, task__in=_seen(place))
    return (
        duties.annotate(part=leads)
        .order_by(order, "task__ordinal")
        .values_list(
            "task__key", "task__current__number", "part", "task__current__text", "unit_id", "unit__name"
        )
    )


def _people(place: _Place) -> Any:
    """Contacts and deputies in charge that plans name: for whoever sees the whole government, else of one's own unit."""
    phone = ["phone"] if min(map(len, place.terms), default=0) >= DIGITS else []
    plans = Plan.objects.visible_to(place.acting).filter(
        _holds(place.terms, "deputy", "contact", *phone), task__list=place.list_id
    )
    if not place.acting.sees_whole_government:
        plans = plans.filter(unit__in=place.acting.answers_for)
    rows = plans.order_by("unit__position", "contact", "deputy", "phone")
    return rows.values_list(
        Value(""), Value(""), "unit__name", Concat("contact", Value(" "), "phone"), "unit_id", "deputy"
    ).annotate(tasks=Count("pk"))


KINDS: Final[Mapping[str, Callable[[_Place], Any]]] = {
    "task": _tasks,
    "clause": _clauses,
    "report": _reports,
    "problem": _problems,
    "order": _orders,
    "letter": _papers,
    "item": _items,
    "unit": _units,
    "owed": _owed,
    "person": _people,
}


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
