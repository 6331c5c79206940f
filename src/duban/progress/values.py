"""The 数值 cell of a report: what it may hold for the task it stands in, and the word of the type's list that it gives."""

from __future__ import annotations

from collections.abc import Iterable

from duban.domain.errors import Invalid
from duban.domain.messages import Message, render
from duban.domain.natures import Nature
from duban.domain.reported import chosen, refusal_of_value, stage_said
from duban.plans.models import Milestone
from duban.progress.models import Draft, Obligation


def valued_tasks(tasks: Iterable[int]) -> set[int]:
    """The tasks whose nodes count something. One query."""
    rows = Milestone.objects.filter(task__in=list(tasks), value__isnull=False)
    return set(rows.values_list("task_id", flat=True))


def refuse_value(row: Obligation, text: str, *, valued: bool) -> None:
    """Raise Invalid for a 数值 that says nothing of the kind the task asks for."""
    refused = refusal_of_value(text, Nature(row.task.assignment.nature), valued=valued)
    if refused:
        said = {"task": row.task.key, "value": text, "why": render(refused), "why_en": render(refused, "en")}
        raise Invalid(Message("progress.value_refused", said))


def word_of(draft: Draft, nature: Nature) -> str:
    """The word of its type's list that a report gives: in its 数值 cell, else the stage that its progress says is reached."""
    return chosen(draft.value, nature) or stage_said(draft.progress, nature)
