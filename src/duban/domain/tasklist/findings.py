"""Which doubts there are and how grave each is: one table, so that nobody searches the code for it."""

from __future__ import annotations

from typing import Final

from duban.domain.source import Span
from duban.domain.tasklist.records import Finding, Severity

SEVERITIES: Final[dict[str, Severity]] = {
    "no_tasks": Severity.BLOCKING,
    "unconsumed": Severity.BLOCKING,
    "unit_unknown": Severity.BLOCKING,  # raised only when a directory was given
    "bracket_unclosed": Severity.CONFIRM,
    "chapter_without_tasks": Severity.CONFIRM,
    "columns_unclear": Severity.CONFIRM,
    "columns_unknown": Severity.CONFIRM,
    "deadline_unread": Severity.CONFIRM,
    "directive_in_units": Severity.CONFIRM,
    "first_listed_leads": Severity.CONFIRM,
    "label_unknown": Severity.CONFIRM,
    "label_suspected": Severity.CONFIRM,
    "name_unusual": Severity.CONFIRM,
    "number_gap": Severity.CONFIRM,
    "number_inferred": Severity.CONFIRM,
    "number_repeated": Severity.CONFIRM,
    "open_collective": Severity.CONFIRM,
    "role_unclear": Severity.CONFIRM,
    "table_flattened": Severity.CONFIRM,
    "table_without_header": Severity.CONFIRM,
    "task_without_units": Severity.CONFIRM,
    "units_glued": Severity.CONFIRM,
    "units_not_understood": Severity.CONFIRM,
    "chapter_is_task": Severity.NOTE,
    "heading_repeated": Severity.NOTE,
    "list_open_ended": Severity.NOTE,
    "name_joint": Severity.NOTE,
    "number_restart": Severity.NOTE,
    "prefix_restored": Severity.NOTE,
    "several_assignments": Severity.NOTE,
    "total_row": Severity.NOTE,
}


def doubt(code: str, start: int, end: int, task: str | None = None, **params: str | int) -> Finding:
    """The finding of that code about that range; the code must stand in the table."""
    return Finding(code, SEVERITIES[code], Span(start, end), params, task)
