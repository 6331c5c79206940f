"""Looks at the finished records for what a person should see: numbering, missing units, labels that were not read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from duban.domain.tasklist.drafts import Draft
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.records import Role
from duban.domain.tasklist.work import Work

_SUSPECT = re.compile(r"(?:牵头|责任|配合|主责|协办|承办|落实)(?:单位|部门)")


def check_numbers(work: Work, drafts: Sequence[Draft]) -> None:
    """Gaps, repeats and restarts in the numbering."""
    last: dict[int, Draft] = {}
    for draft in drafts:
        before = last.get(draft.rank)
        last[draft.rank] = draft
        if before is None or not draft.value:
            continue
        span = (draft.start, draft.start + max(1, len(draft.number)))
        step = draft.value - before.value
        if step == 0:
            work.findings.append(doubt("number_repeated", *span, draft.number, number=draft.number))
        elif draft.value == 1 and before.path != draft.path:
            work.findings.append(
                doubt("number_restart", *span, draft.number, number=draft.number, before=before.number)
            )
        elif step != 1:
            work.findings.append(
                doubt("number_gap", *span, draft.number, number=draft.number, before=before.number)
            )


def check_tasks(work: Work) -> None:
    """Tasks nobody is bound to, several assignments in one, roles that need a person's word."""
    if not work.tasks:
        work.findings.append(doubt("no_tasks", 0, min(len(work.text), 1)))
    mixed = 0
    first = None
    for task in work.tasks:
        if not task.units:
            work.findings.append(
                doubt(
                    "task_without_units", task.span.start, task.text_span.end, task.number, number=task.number
                )
            )
        roles = {unit.role for unit in task.units}
        if Role.LEAD in roles and Role.MAIN in roles:
            mixed += 1
            first = first or task
    if first is not None:
        work.findings.append(
            doubt("role_unclear", first.span.start, first.span.end, first.number, count=mixed)
        )


def check_text(work: Work) -> None:
    """Words of assignment that stand in a task's text unread."""
    for task in work.tasks:
        if found := _SUSPECT.search(task.text):
            at = task.text_span
            work.findings.append(doubt("label_suspected", at.start, at.end, task.number, text=found[0]))
