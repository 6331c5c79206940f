"""Reading the register: the rows behind the list page, the task page and the workbook; one path per figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from duban.domain.marks import Mark, MarkKind, Segment, segments
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.register.models import (
    Clause,
    Heading,
    PrintedField,
    PrintedUnit,
    Responsibility,
    Target,
    Task,
    TaskList,
    TaskVersion,
)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A published list and how many tasks it holds."""

    key: str
    title: str
    tasks: int


def published_lists() -> list[ListRow]:
    """Every list on this installation, for its console."""
    lists = TaskList.objects.annotate(count=Count("tasks")).order_by("-year", "key")
    return [ListRow(row.key, row.title, row.count) for row in lists]


@dataclass(frozen=True, slots=True)
class ListSummary:
    """A list as the frame and the chooser show it: what this post sees of it."""

    key: str
    year: int
    title: str
    document_number: str
    tasks: int


def list_summaries(lists: QuerySet[TaskList], acting: Acting) -> list[ListSummary]:
    """These lists, each with the number of tasks that a post sees there. Two queries."""
    rows = list(lists)
    visible = Task.objects.visible_to(acting).filter(list__in=[row.pk for row in rows])
    counts = dict(visible.order_by().values_list("list_id").annotate(count=Count("pk")))
    return [ListSummary(r.key, r.year, r.title, r.document_number, counts.get(r.pk, 0)) for r in rows]


@dataclass(frozen=True, slots=True)
class ListFigures:
    """What a list asks of whom, as a post sees it."""

    tasks: int
    units: int
    duties: int
    targets: int


def list_figures(task_list: TaskList, acting: Acting) -> ListFigures:
    """Tasks, units, responsibilities and goals of a list. Two queries."""
    visible = Task.objects.visible_to(acting).filter(list=task_list).order_by()
    duties = Responsibility.objects.filter(task__in=visible).order_by()
    owed = duties.aggregate(units=Count("unit", distinct=True), duties=Count("pk"), tasks=Count("task", distinct=True))
    targets = Target.objects.filter(version__task__in=visible).count()
    return ListFigures(owed["tasks"], owed["units"], owed["duties"], targets)


def newest_list(acting: Acting, key: str = "") -> ListSummary | None:
    """The list of that key, else the newest one, as a post sees it; one query, whatever the number of lists."""
    counted = (
        Task.objects.visible_to(acting).filter(list=OuterRef("pk")).order_by().values("list").annotate(n=Count("pk"))
    )
    lists = TaskList.objects.visible_to(acting).annotate(count=Subquery(counted.values("n")[:1]))
    row = (lists.filter(key=key) if key else lists).order_by("-year", "-pk").first()
    return row and ListSummary(row.key, row.year, row.title, row.document_number, row.count or 0)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader of the list narrows it to; every field may be empty."""

    chapter: int | None = None
    unit: int | None = None
    role: str = ""
    text: str = ""
    targets: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """A unit's part in a task."""

    unit: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of the register."""

    key: str
    number: str
    text: str
    chapter: str
    section: str
    lead: tuple[str, ...]
    main: tuple[str, ...]
    support: tuple[str, ...]
    targets: int
    clauses: int
    deadline: str
    due_on: date | None
    opens: bool

    @property
    def due(self) -> str:
        """The time limit as a date where one could be computed, else as printed."""
        return self.due_on.isoformat() if self.due_on else self.deadline

    @property
    def first(self) -> str:
        """The unit shown in bold: the lead where one is named, else the first printed."""
        return (self.lead or self.main or self.support or ("",))[0]

    @property
    def units(self) -> int:
        """How many units owe something to the task."""
        return len(self.lead) + len(self.main) + len(self.support)

    @property
    def place(self) -> str:
        """Chapter and section in one line."""
        return f"{self.chapter} · {self.section}" if self.section else self.chapter


def tasks_of(task_list: TaskList, acting: Acting, filters: Filters) -> QuerySet[Task]:
    """The tasks of a list that a post sees, narrowed and in printed order."""
    tasks = Task.objects.visible_to(acting).filter(list=task_list)
    if filters.chapter:
        tasks = tasks.filter(current__heading__in=_under(filters.chapter))
    if filters.unit:
        duties = Responsibility.objects.filter(task=OuterRef("pk"), unit_id=filters.unit)
        tasks = tasks.filter(Exists(duties.filter(role=filters.role) if filters.role else duties))
    if filters.text:
        tasks = tasks.filter(current__text__contains=filters.text)
    if filters.targets:
        tasks = tasks.filter(Exists(Target.objects.filter(version=OuterRef("current"))))
    return tasks.order_by("ordinal")


def _under(heading: int) -> QuerySet[Heading, int]:
    """A heading and what stands below it: chapter, section, sub-section."""
    below = Q(pk=heading) | Q(parent=heading) | Q(parent__parent=heading)
    return Heading.objects.filter(below).values_list("pk", flat=True)


def task_rows(tasks: QuerySet[Task]) -> list[TaskRow]:
    """The lines of a page (or of the whole list) for these tasks. Four queries, however many tasks."""
    heads = list(
        tasks.values_list(
            "pk", "key", "current_id", "current__number", "current__text", "current__deadline", "current__due_on",
            "current__heading__text", "current__heading__parent__text", "current__heading__parent__parent__text",
        )
    )  # fmt: skip
    owed = _units_of([row[0] for row in heads])
    versions = [row[2] for row in heads]
    targets = _count(Target.objects.filter(version__in=versions))
    clauses = _count(Clause.objects.filter(version__in=versions))
    rows, place = [], None
    for task, key, version, number, text, deadline, due_on, *places in heads:
        path = [heading for heading in reversed(places) if heading]
        rows.append(
            TaskRow(
                key=key,
                number=number,
                text=text,
                chapter=path[0] if path else "",
                section=" · ".join(path[1:]),
                **owed[task],
                targets=targets.get(version, 0),
                clauses=clauses.get(version, 0),
                deadline=deadline,
                due_on=due_on,
                opens=path != place and bool(path),
            )
        )
        place = path
    return rows


def _units_of(tasks: Sequence[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    """Names of the units of each task, by role."""
    found: dict[int, dict[str, tuple[str, ...]]] = defaultdict(lambda: dict.fromkeys(("lead", "main", "support"), ()))
    duties = Responsibility.objects.filter(task__in=tasks).order_by("task_id", "ordinal")
    for task, role, name in duties.values_list("task_id", "role", "unit__name"):
        found[task][role] = (*found[task][role], name)
    return found


def _count(parts: QuerySet[Target] | QuerySet[Clause]) -> dict[int, int]:
    return dict(parts.order_by().values_list("version_id").annotate(count=Count("pk")))


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a filter: what it stands for and how many tasks it leaves."""

    value: int
    label: str
    tasks: int


def chapters_of(task_list: TaskList) -> list[Choice]:
    """The chapters of a list, in order."""
    headings = Heading.objects.filter(edition__list=task_list, level=1).order_by("ordinal")
    return [Choice(pk, text, 0) for pk, text in headings.values_list("pk", "text")]


def units_of(task_list: TaskList, acting: Acting) -> list[Choice]:
    """The units that owe something in a list, by directory order, with their number of tasks, as a post sees it."""
    visible = Task.objects.visible_to(acting).filter(list=task_list)
    rows = (
        Responsibility.objects.filter(task__in=visible)
        .values_list("unit_id", "unit__name")
        .annotate(tasks=Count("pk"))
        .order_by("unit__position")
    )
    return [Choice(unit, name, tasks) for unit, name, tasks in rows]


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A sub-item with its own targets."""

    ordinal: int
    text: str
    targets: tuple[TargetRow, ...]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target as a page shows it; `comparator` is one of the five words of the domain."""

    text: str
    indicator: str
    comparator: str
    value: Decimal
    value_max: Decimal | None
    measure_unit: str
    period: str
    kind: str
    clause: int | None


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A printed occurrence and what it resolved to."""

    name: str
    role: str
    label: str
    resolved: str
    collective: bool


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """Everything the task page says, read in a constant number of queries."""

    row: TaskRow
    list_key: str
    list_title: str
    document_number: str
    text_sha256: str
    start: int
    end: int
    text: tuple[Segment, ...]
    assignment: tuple[Segment, ...]
    clauses: tuple[ClauseRow, ...]
    loose_targets: tuple[TargetRow, ...]
    owed: tuple[Owed, ...]
    printed: tuple[PrintedRow, ...]
    fields: tuple[tuple[str, str], ...]
    previous: str
    following: str

    @property
    def heading(self) -> str:
        """A short name for the page: the first sub-item, cut at forty characters."""
        first = self.clauses[0].text if self.clauses else self.row.text
        return first if len(first) <= 40 else f"{first[:39]}…"

    @property
    def by_role(self) -> list[tuple[str, list[str]]]:
        """Names of the units that owe something, lead first."""
        return [(role, [o.name for o in self.owed if o.role == role]) for role in dict.fromkeys(o.role for o in self.owed)]

    @property
    def collectives(self) -> list[str]:
        """Printed collectives that were expanded."""
        return [printed.name for printed in self.printed if printed.collective]


def task_detail(task: Task, acting: Acting) -> TaskDetail:
    """One task in full, for a post that may see it."""
    version = (
        TaskVersion.objects.select_related("edition__list", "edition__document").get(pk=task.current_id)
    )
    clauses = list(Clause.objects.filter(version=version).order_by("ordinal"))
    targets = list(Target.objects.filter(version=version).order_by("ordinal"))
    printed = list(
        PrintedUnit.objects.filter(version=version).select_related("unit", "group").order_by("ordinal")
    )
    rows = [_target_row(target, clauses) for target in targets]
    (row,) = task_rows(Task.objects.filter(pk=task.pk))
    before, after = _neighbours(task, acting)
    text, assignment = _marked(version, clauses, targets, printed)
    task_list = version.edition.list
    return TaskDetail(
        row=row,
        list_key=task_list.key,
        list_title=task_list.title,
        document_number=task_list.document_number,
        text_sha256=version.edition.document.text_id,
        start=version.start,
        end=version.end,
        text=text,
        assignment=assignment,
        clauses=tuple(
            ClauseRow(c.ordinal, c.text, tuple(r for r in rows if r.clause == c.ordinal)) for c in clauses
        ),
        loose_targets=tuple(r for r in rows if r.clause is None),
        owed=_owed(task),
        printed=tuple(_printed_row(p) for p in printed),
        fields=tuple(PrintedField.objects.filter(version=version).values_list("kind", "text")),
        previous=before,
        following=after,
    )


def _target_row(target: Target, clauses: Sequence[Clause]) -> TargetRow:
    ordinals = {clause.pk: clause.ordinal for clause in clauses}
    return TargetRow(
        text=target.text,
        indicator=target.indicator,
        comparator=target.comparator,
        value=target.value,
        value_max=target.value_max,
        measure_unit=target.measure_unit,
        period=target.period,
        kind=target.kind,
        clause=ordinals.get(target.clause_id) if target.clause_id else None,
    )


def _printed_row(printed: PrintedUnit) -> PrintedRow:
    whole = printed.unit or printed.group
    return PrintedRow(
        printed.name, printed.role, printed.label, whole.name if whole else "", printed.group_id is not None
    )


def _owed(task: Task) -> tuple[Owed, ...]:
    duties = Responsibility.objects.filter(task=task).order_by("ordinal")
    return tuple(Owed(*row) for row in duties.values_list("unit_id", "unit__name", "role"))


def _neighbours(task: Task, acting: Acting) -> tuple[str, str]:
    visible = Task.objects.visible_to(acting).filter(list=task.list_id)
    before = visible.filter(ordinal__lt=task.ordinal).order_by("-ordinal").values_list("key", flat=True).first()
    after = visible.filter(ordinal__gt=task.ordinal).order_by("ordinal").values_list("key", flat=True).first()
    return before or "", after or ""


def _marked(
    version: TaskVersion, clauses: Sequence[Clause], targets: Sequence[Target], printed: Sequence[PrintedUnit]
) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """The official text and its unit line, cut where marks begin and end; empty once the source is purged."""
    source = bytes(version.edition.document.text.content or b"").decode()
    own = [Mark(MarkKind.CLAUSE, c.start, c.end, c.ordinal) for c in clauses]
    own += [Mark(MarkKind.TARGET, t.start, t.end) for t in targets]
    names = [Mark(MarkKind.UNIT, p.start, p.end) for p in printed]
    return (
        segments(source, version.text_start, version.text_end, own + names),
        segments(source, version.text_end, version.end, names),
    )


def projection_faults() -> list[Message]:
    """Projections that differ from their rebuild: a task's current version is the one of the newest edition."""
    newest = (
        TaskVersion.objects.filter(task=OuterRef("pk")).order_by("-edition__ordinal").values("pk")[:1]
    )
    wrong = Task.objects.annotate(newest=Subquery(newest)).exclude(current_id=F("newest"))
    return [Message("register.fault_current", {"task": str(task)}) for task in wrong.select_related("list")[:20]]
