"""核定 as its page shows it: each task with the report, the view and the determination of the period, and what was typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.http import QueryDict

from duban.domain.due import plain
from duban.domain.lights import LIGHTS
from duban.domain.lights_facts import LEFT_TO_OFFICE
from duban.domain.posts import Acting
from duban.overview.pages import NONE
from duban.progress.models import Period
from duban.progress.queries import NOTHING, Said, last_reports
from duban.register.models import Task
from duban.supervision.models import Determination, Verdict
from duban.supervision.queries import is_past, overtaken, views_of
from duban.web.request import number

NO_VIEW: Final = ("", "", None, "")
NOT_RULED: Final = ("", 0, False)


class Glance(NamedTuple):
    """One task as counts and filters look at it; `on` is None before it was judged, `ruled` "" before it was determined."""

    task: int
    lead: int | None
    past: bool
    light: str
    sentence: str
    on: date | None
    code: str
    late: bool
    ruled: str
    seen: int
    differs: bool

    @property
    def counted(self) -> str:
        """The light under which the task is counted: while a period runs the system's, then the office's."""
        return self.ruled if self.past else self.light

    @property
    def agrees(self) -> bool:
        """Whether the office may take the view over as it is: not one that asks the office, or that a report has overtaken."""
        return not self.ruled and bool(self.light) and not self.late and self.code not in LEFT_TO_OFFICE


@dataclass(frozen=True, slots=True)
class Judged:
    """One task under 核定: report, view (`late`: a report came after it) and determination of the period, what was typed."""

    task: Task
    said: Said
    view: Verdict | None
    late: bool
    ruled: Determination | None
    light: str
    sentence: str
    reason: str
    value: str = ""
    seen: int = 0
    ticked: bool = False

    @property
    def counts(self) -> bool:
        """Whether a figure of the task can be determined: its nodes count something, or one was determined before."""
        return bool(self.value or (self.view and self.view.due_value is not None))

    @property
    def lead(self) -> str:
        """The unit that leads the task, "" while none is named."""
        assignment = getattr(self.task, "assignment", None)
        return assignment.lead.name if assignment and assignment.lead else ""


def glances(chosen: Period, acting: Acting) -> list[Glance]:
    """Every task that the system has judged, of a past period every task, in printed order. A fixed number of queries."""
    past = is_past(chosen)
    found = views_of(chosen).values_list("task_id", "light", "sentence", "on", "code")
    views: dict[int, Any] = {task: rest for task, *rest in found}
    late = set(overtaken(chosen).values_list("task_id", flat=True))
    own = Determination.objects.filter(period=chosen).order_by("seq")
    ruled: dict[int, Any] = {
        task: rest for task, *rest in own.values_list("task_id", "light", "pk", "differs")
    }
    visible = Task.objects.visible_to(acting).filter(list=chosen.list_id).order_by("ordinal")
    every: Any = [
        (
            task,
            lead,
            past,
            *views.get(task, NO_VIEW),
            task in views and task in late,
            *ruled.get(task, NOT_RULED),
        )
        for task, lead in visible.values_list("pk", "assignment__lead_id")
        if past or task in views
    ]
    return [Glance(*row) for row in every]


def light_counts(found: Sequence[Glance]) -> dict[str, int]:
    """How many tasks are counted at each light, "" for those not determined."""
    counts = Counter(glance.counted for glance in found)
    return {light: counts[light] for light in (*LIGHTS, "") if counts[light]}


def fits(glance: Glance, values: dict[str, Any]) -> bool:
    """Whether a task is one of those that the address asks for."""
    state, light = values.get("state") or "", values.get("light") or ""
    return (
        values.get("unit") in (None, glance.lead)
        and (not light or (glance.counted or NONE) == light)
        and (state != "todo" or not glance.ruled)
        and (state != "done" or bool(glance.ruled))
        and (state != "differs" or glance.differs)
    )


def judged(chosen: Period, acting: Acting, tasks: Sequence[int], post: QueryDict) -> list[Judged]:
    """These tasks in full, in printed order, with what was typed about them. A fixed number of queries."""
    visible = Task.objects.visible_to(acting).filter(list=chosen.list_id, pk__in=tasks)
    rows = list(visible.order_by("ordinal").select_related("current", "assignment__lead"))
    views = {view.task_id: view for view in views_of(chosen, tasks)}
    late = set(overtaken(chosen).filter(task__in=tasks).values_list("task_id", flat=True))
    own = Determination.objects.filter(period=chosen, task__in=tasks).order_by("seq")
    ruled = {row.task_id: row for row in own}
    told = last_reports(tasks, before=f"{chosen.key}~", acting=acting)
    ticked = set(post.getlist("tick"))
    return [
        Judged(
            task=row,
            said=told.get(row.pk, NOTHING),
            view=views.get(row.pk),
            late=row.pk in late,
            ruled=ruled.get(row.pk),
            **_typed(row.pk, ruled.get(row.pk), views.get(row.pk), post),
            ticked=str(row.pk) in ticked,
        )
        for row in rows
    ]


def _typed(task: int, ruled: Determination | None, view: Verdict | None, post: QueryDict) -> dict[str, Any]:
    """What the row is filled with: what was typed, else the determination, else the view."""
    shown = ruled or view
    sentence = ruled.sentence if ruled else view.as_ruling if view else ""
    return {
        "light": post.get(f"light-{task}", shown.light if shown else ""),
        "sentence": post.get(f"sentence-{task}", sentence),
        "reason": post.get(f"reason-{task}", ruled.reason if ruled else ""),
        "value": post.get(f"value-{task}", plain(ruled.value) if ruled and ruled.value is not None else ""),
        "seen": number(post.get(f"seen-{task}", "")),
    }
