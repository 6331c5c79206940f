"""待办 of the supervision office, of those who approve orders, and of those who confirm a purge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from duban.coordination.models import InstructionItem, UpwardPaper
from duban.documents.models import Draft
from duban.domain.calendar_data import CALENDAR
from duban.domain.natures import Rhythm
from duban.domain.periods import asks, period
from duban.history.models import Purge
from duban.plans.models import Assignment, Receipt
from duban.plans.refinement import contract_candidates
from duban.progress.models import Obligation, Period
from duban.progress.queries import running
from duban.supervision.models import SupervisionOrder
from duban.supervision.models_consultation import Objection

SOON: Final = 5
"""For how many working days ahead a paper that waits for an answer is shown."""

Place = tuple[str, int | None]
Found = tuple[Place, dict[str, Any]]


def of_offices(governments: set[int], today: date) -> Iterable[Found]:
    """What waits for the supervision office."""
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
    answered = Count("pk", filter=Q(state="answered"))
    yield from _counted("items", items, "paper__list", total=late, due_on=due, answered=answered)
    yield from _papers(governments, today)
    proposed = contract_candidates().filter(
        contract__state="proposed", version__task__list__government__in=governments
    )
    yield from _counted("contracts", proposed, "version__task__list")
    yield from _past_lock(governments, today)
    yield from _periods(governments, today)
    yield from _drafts(governments)


def _papers(governments: set[int], today: date) -> Iterable[Found]:
    """请示 and 批示 without an answer whose day has passed or comes within five working days."""
    running_out = UpwardPaper.objects.in_force().filter(
        list__government__in=governments, done_on=None, due_on__lte=CALENDAR.add_working(today, SOON)
    )
    late = Count("pk", filter=Q(due_on__lt=today))
    yield from _counted("papers", running_out, "list", total=late, due_on=Min("due_on"))


def _past_lock(governments: set[int], today: date) -> Iterable[Found]:
    """Periods that are still open after the day on which they should have been closed."""
    rows = Period.objects.filter(list__government__in=governments, state="open", lock_on__lt=today)
    for row in rows.select_related("list").order_by("key", "pk"):
        yield ("office", row.list.government_id), {
            "kind": "lock", "list_key": row.list.key, "list_title": row.list.title, "period": row.key,
            "due_on": row.lock_on,
        }  # fmt: skip


def of_purgers(governments: set[int], persons: set[int | None]) -> Iterable[Found]:
    """涉密误传处置 that wait for a second person, who is none of these: since when, and who asked; nothing of what it is about."""
    if not governments:
        return
    rows = Purge.objects.filter(government_id__in=governments, confirmed_at=None)
    asked = rows.exclude(requested_by_id__in=[person for person in persons if person]).order_by("pk")
    seen = asked.values_list("government_id", "requested_at", "requested_label")
    for government, at, who in dict.fromkeys(seen):  # a document is asked for file by file
        yield ("purge", government), {
            "kind": "purge", "list_key": "", "list_title": "", "text": who, "since": timezone.localdate(at),
        }  # fmt: skip


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


def of_approvers(governments: set[int]) -> Iterable[Found]:
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
