"""任务分项 and their types: proposed from each one's own words, decided by the office where a task mixes types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q

from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.natures import Nature, Proposal, propose
from duban.domain.posts import Acting
from duban.domain.tasklist.records import TargetKind
from duban.history.operations import Happening, append
from duban.plans.models import Assignment
from duban.plans.models_refinement import SubItem
from duban.plans.policies import refusal_to_issue
from duban.register.models import Clause, Task


@dataclass(frozen=True, slots=True)
class Item:
    """One sub-item: its number in the task, its words, the type it has, the proposal, and whether its number counts in the light."""

    clause: int
    number: int
    text: str
    nature: Nature
    proposal: Proposal
    goals: int

    @property
    def counts(self) -> bool:
        """Whether it is held against a pace: a standing duty has no light."""
        return self.nature is not Nature.STANDING


def items_of(tasks: Iterable[int]) -> dict[int, tuple[Item, ...]]:
    """The sub-items of these tasks' current texts, in printed order; tasks with a single one are left out. One query."""
    clauses = (
        Clause.objects.filter(version_id=F("version__task__current_id"), version__task__in=list(tasks))
        .annotate(goals=Count("targets", filter=Q(targets__kind=TargetKind.GOAL)))
        .order_by("version__task__ordinal", "ordinal")
        .values_list(
            "version__task_id",
            "version__task__list__year",
            "pk",
            "ordinal",
            "text",
            "goals",
            "sub_item__nature",
        )
    )
    found: dict[int, list[Item]] = defaultdict(list)
    for task, year, clause, ordinal, text, goals, nature in clauses:
        proposal = propose(text, goals=goals, year=year)
        found[task].append(Item(clause, ordinal, text, Nature(nature or proposal.nature), proposal, goals))
    return {task: tuple(items) for task, items in found.items() if len(items) > 1}


def counted_items(items: Iterable[Item]) -> tuple[Item, ...]:
    """Those held against a pace; none where fewer than two are, because then the task's own light says it all."""
    found = tuple(item for item in items if item.counts)
    return found if len(found) > 1 else ()


@transaction.atomic
def decide_natures(
    *, task: Task, seen: Mapping[int, str], natures: Mapping[int, str], by: Acting, now: datetime
) -> int:
    """Decide the types of a task's sub-items, by clause. Returns how many changed; nothing is written where none did.

    `seen` are the types that the page showed: Conflict where somebody else decided meanwhile. Invalid: an unknown type, a
    sub-item of another task.
    """
    if refused := refusal_to_issue(by):
        raise NotAllowed(refused)
    Assignment.objects.select_for_update().get(task=task)
    items = {item.clause: item for item in items_of([task.pk]).get(task.pk, ())}
    if not natures.keys() <= items.keys() or not set(natures.values()) <= set(Nature):
        raise Invalid(Message("plans.no_such_sub_item"))
    changed = {key: value for key, value in natures.items() if items[key].nature != value}
    if any(items[key].nature != seen.get(key) for key in changed):
        raise Conflict(Message("plans.changed_meanwhile", {"task": task.key}))
    if not changed:
        return 0
    body = {
        "before": {str(items[key].number): str(items[key].nature) for key in changed},
        "after": {str(items[key].number): value for key, value in changed.items()},
    }
    happening = Happening(
        "task.sub_items_typed", body, task.list.government_id, task.list_id, task.pk, f"task:{task.key}"
    )
    [seq] = append([happening], by=by, now=now)
    for key, value in changed.items():
        SubItem.objects.update_or_create(clause_id=key, defaults={"nature": value, "seq": seq})
    return len(changed)
