"""The rows behind the task page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from duban.domain.marks import Mark, MarkKind, Segment, segments
from duban.domain.posts import Acting
from duban.register.models import Clause, PrintedField, PrintedUnit, Responsibility, Target, Task, TaskVersion
from duban.register.queries.lists import Owed, TaskRow
from duban.shared.compiled import columns, compiled, instance


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
    """Everything the task page says, read in a constant number of queries.

    `previous` and `following` are its neighbours in the list as the reader narrowed it, `position` its place among the
    `shown` tasks there, `of_tasks` how many tasks of the list the reader sees at all.
    """

    row: TaskRow
    list_key: str
    list_title: str
    list_year: int
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
    position: int
    shown: int
    of_tasks: int

    @property
    def heading(self) -> str:
        """A short name for the page: the first sub-item, cut at forty characters."""
        first = self.clauses[0].text if self.clauses else self.row.text
        return first if len(first) <= 40 else f"{first[:39]}…"

    @property
    def by_role(self) -> list[tuple[str, list[str]]]:
        """Names of the units that owe something, lead first."""
        return [
            (role, [o.name for o in self.owed if o.role == role])
            for role in dict.fromkeys(o.role for o in self.owed)
        ]

    @property
    def collectives(self) -> list[str]:
        """Printed collectives that were expanded."""
        return [printed.name for printed in self.printed if printed.collective]


class _Version(NamedTuple):
    """The newest version of a task with its place, its list and its source, as one row."""

    pk: int
    number: str
    text: str
    start: int
    end: int
    text_start: int
    text_end: int
    deadline: str
    due_on: date | None
    clauses: int
    targets: int
    section: str | None
    chapter: str | None
    top: str | None
    list_key: str
    list_title: str
    year: int
    document_number: str
    text_sha256: str
    source: bytes | None
    fields: bool


@compiled
def _versions(version: int) -> QuerySet[TaskVersion, Any]:
    return TaskVersion.objects.filter(pk=version).order_by().values_list(
        "pk", "number", "text", "start", "end", "text_start", "text_end", "deadline", "due_on", "clause_count",
        "target_count", "heading__text", "heading__parent__text", "heading__parent__parent__text",
        "edition__list__key", "edition__list__title", "edition__list__year", "edition__list__document_number",
        "edition__document__text_id", "edition__document__text__content",
        Exists(PrintedField.objects.filter(version=OuterRef("pk"))),
    )  # fmt: skip


@compiled
def _clauses(version: int) -> QuerySet[Clause, Any]:
    return Clause.objects.filter(version=version).order_by("ordinal").values_list(*columns(Clause))


@compiled
def _targets(version: int) -> QuerySet[Target, Any]:
    return Target.objects.filter(version=version).order_by("ordinal").values_list(*columns(Target))


@compiled
def _duties(task: int) -> QuerySet[Responsibility, Any]:
    rows = Responsibility.objects.filter(task=task).order_by("ordinal")
    return rows.values_list("unit_id", "unit__name", "role")


class _Printed(NamedTuple):
    """A printed occurrence of a unit with what it resolved to."""

    name: str
    role: str
    label: str
    unit: str | None
    group: str | None
    start: int
    end: int


@compiled
def _printed(version: int) -> QuerySet[PrintedUnit, Any]:
    return (
        PrintedUnit.objects.filter(version=version)
        .order_by("ordinal")
        .values_list("name", "role", "label", "unit__name", "group__name", "start", "end")
    )


def task_detail(task: Task, acting: Acting, among: QuerySet[Task] | None = None) -> TaskDetail:
    """One task in full, for a post that may see it, and its neighbours `among` some tasks. Seven queries, eight among some."""
    version = _Version(*_versions(version=task.current_id or 0)[0])
    clauses = [instance(Clause, row) for row in _clauses(version=version.pk)]
    targets = [instance(Target, row) for row in _targets(version=version.pk)] if version.targets else []
    printed = [_Printed(*row) for row in _printed(version=version.pk)]
    rows = [_target_row(target, clauses) for target in targets]
    owed = _owed(task)
    way = _way(task, acting, among)
    text, assignment = _marked(version, clauses, targets, printed)
    return TaskDetail(
        row=_row(task, version, owed),
        list_key=version.list_key,
        list_title=version.list_title,
        list_year=version.year,
        document_number=version.document_number,
        text_sha256=version.text_sha256,
        start=version.start,
        end=version.end,
        text=text,
        assignment=assignment,
        clauses=tuple(
            ClauseRow(c.ordinal, c.text, tuple(r for r in rows if r.clause == c.ordinal)) for c in clauses
        ),
        loose_targets=tuple(r for r in rows if r.clause is None),
        owed=owed,
        printed=tuple(_printed_row(p) for p in printed),
        fields=_fields(version),
        **way._asdict(),
    )


def _row(task: Task, version: _Version, owed: Sequence[Owed]) -> TaskRow:
    """The line of the task, from what the page has read already."""
    path = [heading for heading in (version.top, version.chapter, version.section) if heading]
    names = {role: tuple(o.name for o in owed if o.role == role) for role in ("lead", "main", "support")}
    return TaskRow(
        key=task.key,
        number=version.number,
        text=version.text,
        chapter=path[0] if path else "",
        section=" · ".join(path[1:]),
        lead=names["lead"],
        main=names["main"],
        support=names["support"],
        targets=version.targets,
        clauses=version.clauses,
        deadline=version.deadline,
        due_on=version.due_on,
        opens=bool(path),
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


def _fields(version: _Version) -> tuple[tuple[str, str], ...]:
    """The cells of the office's own table, asked for only where there are any."""
    if not version.fields:
        return ()
    return tuple(PrintedField.objects.filter(version=version.pk).values_list("kind", "text"))


def _printed_row(row: _Printed) -> PrintedRow:
    return PrintedRow(row.name, row.role, row.label, row.unit or row.group or "", row.group is not None)


def _owed(task: Task) -> tuple[Owed, ...]:
    return tuple(Owed(*row) for row in _duties(task=task.pk))


class _Way(NamedTuple):
    """Where a task stands between its neighbours."""

    previous: str
    following: str
    position: int
    shown: int
    of_tasks: int


def _way(task: Task, acting: Acting, among: QuerySet[Task] | None) -> _Way:
    """The tasks before and after this one among those a post sees, or `among` some of them. One query, or two.

    A task that is none of them (its light has changed meanwhile) stands where its number would.
    """
    tasks = Task.objects if acting.sees_whole_government else Task.objects.visible_to(acting)
    own = tasks.filter(list=task.list_id)
    rows = list((own if among is None else among).order_by("ordinal").values_list("ordinal", "key"))
    before = [key for ordinal, key in rows if ordinal < task.ordinal]
    after = [key for ordinal, key in rows if ordinal > task.ordinal]
    return _Way(
        previous=before[-1] if before else "",
        following=after[0] if after else "",
        position=len(before) + 1,
        shown=len(rows),
        of_tasks=len(rows) if among is None else own.count(),
    )


def _marked(
    version: _Version, clauses: Sequence[Clause], targets: Sequence[Target], printed: Sequence[_Printed]
) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """The official text and its unit line, cut where marks begin and end; empty once the source is purged."""
    source = bytes(version.source or b"").decode()
    own = [Mark(MarkKind.CLAUSE, c.start, c.end, c.ordinal) for c in clauses]
    own += [Mark(MarkKind.TARGET, t.start, t.end) for t in targets]
    names = [Mark(MarkKind.UNIT, p.start, p.end) for p in printed]
    return (
        segments(source, version.text_start, version.text_end, own + names),
        segments(source, version.text_end, version.end, names),
    )
