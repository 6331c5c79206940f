"""Looks at the finished records for what a person should see: numbering, missing units, labels that were not read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from duban.domain.source import Span
from duban.domain.tasklist.drafts import Draft
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.limits import limit_day, names_no_day
from duban.domain.tasklist.outline import CHAPTER
from duban.domain.tasklist.records import Finding, Role, Severity, Task
from duban.domain.tasklist.work import Work

ANY_YEAR: Final = 2000


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
        code = ""
        if draft.value == 1 and before.path != draft.path:
            code = "number_restart"
        elif step == 0:
            code = "number_repeated"
        elif step != 1:
            code = "number_gap"
        if code:
            found = doubt(code, *span, draft.number, number=draft.number, before=before.number)
            work.findings.append(found)


def check_tasks(work: Work, drafts: Sequence[Draft]) -> None:
    """Tasks nobody is bound to, several assignments in one, roles that need a person's word."""
    if not work.tasks:
        work.findings.append(doubt("no_tasks", 0, min(len(work.text), 1)))
    mixed = [task for task in work.tasks if _is_mixed(task)]
    for task in work.tasks:
        if not task.units:
            place = task.span.start, task.text_span.end
            work.findings.append(doubt("task_without_units", *place, task.number, number=task.number))
    work.findings.extend(check_limits(work.tasks, work.year))
    if mixed:
        first = mixed[0]
        work.findings.append(
            doubt("role_unclear", first.span.start, first.span.end, first.number, count=len(mixed))
        )
    if chapters := [draft for draft in drafts if draft.rank <= CHAPTER]:
        work.findings.append(
            doubt("chapter_is_task", chapters[0].start, chapters[0].text[1], chapters[0].number)
        )


def check_limits(tasks: Iterable[Task], year: int | None) -> Iterator[Finding]:
    """Limits printed in a column or after a label that give no day, other than for want of the year of the list."""
    for task in tasks:
        limit = task.deadline
        if limit is None or limit.date is not None or names_no_day(limit.text):
            continue
        alone = not task.text_span.start <= limit.span.start < task.text_span.end
        if alone and (year is not None or limit_day(limit.text, Span(0, len(limit.text)), ANY_YEAR) is None):
            yield doubt("deadline_unread", *limit.span, task.number, number=task.number, text=limit.text[:40])


def _is_mixed(task: Task) -> bool:
    """Whether one label names the leads and another the responsible units."""
    leads = {unit.label for unit in task.units if unit.role is Role.LEAD}
    return bool(leads) and any(unit.role is Role.MAIN and unit.label not in leads for unit in task.units)


def check_text(work: Work) -> None:
    """Words of assignment that stand in a task's text unread."""
    for task in work.tasks:
        if "单位" not in task.text and "部门" not in task.text:
            continue
        found = _suspect().search(task.text)
        if found and not any(unit.span.start < task.text_span.end for unit in task.units):
            at = task.text_span
            work.findings.append(doubt("label_suspected", at.start, at.end, task.number, text=found[0]))


@cache
def _suspect() -> re.Pattern[str]:
    return re.compile(r"(?:牵头|责任|配合|主责|协办|承办|落实)(?:单位|部门)")


def merge_notes(findings: Sequence[Finding]) -> list[Finding]:
    """What is only for information is said once for each name, at its first place, with how often it occurs."""
    first: dict[tuple[str, str | int], Finding] = {}
    counts: dict[tuple[str, str | int], int] = {}
    result: list[Finding] = []
    for finding in findings:
        if finding.severity is not Severity.NOTE or "name" not in finding.params:
            result.append(finding)
            continue
        name = (finding.code, finding.params["name"])
        counts[name] = counts.get(name, 0) + 1
        first.setdefault(name, finding)
    for key, one in first.items():
        params = {**one.params, "count": counts[key]}
        result.append(Finding(one.code, one.severity, one.span, params, one.task))
    result.sort(key=lambda finding: (finding.span.start, finding.code))
    return result
