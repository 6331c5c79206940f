"""Reading the register: lists and their lines, one task in full, projections against their rebuild."""

from duban.register.queries.lists import (
    Choice,
    Filters,
    ListFigures,
    ListRow,
    ListSummary,
    Owed,
    TaskRow,
    chapters_of,
    list_at,
    list_figures,
    list_summaries,
    newest_list,
    published_lists,
    task_rows,
    tasks_of,
    uncounted_list,
    unit_choices,
    units_of,
)
from duban.register.queries.projections import projection_faults
from duban.register.queries.task import TaskDetail, task_detail

__all__ = [
    "Choice",
    "Filters",
    "ListFigures",
    "ListRow",
    "ListSummary",
    "Owed",
    "TaskDetail",
    "TaskRow",
    "chapters_of",
    "list_at",
    "list_figures",
    "list_summaries",
    "newest_list",
    "projection_faults",
    "published_lists",
    "task_detail",
    "task_rows",
    "tasks_of",
    "uncounted_list",
    "unit_choices",
    "units_of",
]
