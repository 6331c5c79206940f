"""The rows behind the task page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from duban.domain.marks import Mark, MarkKind, Segment, segments
from duban.domain.posts import Acting
from duban.register.models import Clause, PrintedField, PrintedUnit, Responsibility, Target, Task, TaskVersion
from duban.register.queries.lists import Owed, TaskRow, task_rows


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
        return [
            (role, [o.name for o in self.owed if o.role == role])
            for role in dict.fromkeys(o.role for o in self.owed)
        ]

    @property
    def collectives(self) -> list[str]:
        """Printed collectives that were expanded."""
        return [printed.name for printed in self.printed if printed.collective]


def task_detail(task: Task, acting: Acting) -> TaskDetail:
    """One task in full, for a post that may see it."""
    version = TaskVersion.objects.select_related("edition__list", "edition__document").get(
        pk=task.current_id or 0
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
    before = (
        visible.filter(ordinal__lt=task.ordinal).order_by("-ordinal").values_list("key", flat=True).first()
    )
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
