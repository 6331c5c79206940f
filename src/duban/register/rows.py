"""The rows of a published list: what the parser found, as database rows, in one pass and a dozen statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from duban.directory.models import Unit, UnitGroup
from duban.documents.models import SourceDocument
from duban.domain.lists import task_keys
from duban.domain.posts import Acting
from duban.domain.responsibilities import Duty, Printed, derive
from duban.domain.tasklist import records
from duban.domain.tasklist.records import ColumnKind, ParsedList
from duban.history.models import Event
from duban.history.operations import Happening, append
from duban.register.models import (
    Clause,
    Edition,
    Heading,
    PrintedField,
    PrintedUnit,
    Responsibility,
    Target,
    Task,
    TaskList,
    TaskVersion,
)

BATCH = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a list holds."""

    tasks: int
    headings: int
    printed_units: int
    units: int
    responsibilities: int
    targets: int
    events: int

    @classmethod
    def of(cls, task_list: TaskList) -> Counts:
        """Counted from the register."""
        printed = PrintedUnit.objects.filter(version__task__list=task_list)
        duties = Responsibility.objects.filter(task__list=task_list)
        return cls(
            tasks=task_list.tasks.count(),
            headings=Heading.objects.filter(edition__list=task_list).count(),
            printed_units=printed.count(),
            units=duties.values("unit").distinct().count(),
            responsibilities=duties.count(),
            targets=Target.objects.filter(version__task__list=task_list).count(),
            events=Event.objects.filter(list_id=task_list.pk).count(),
        )


@dataclass(slots=True)
class Publishing:
    """One list on its way into the register; `members` are the collectives as of the issue date."""

    task_list: TaskList
    document: SourceDocument
    parsed: ParsedList
    members: Mapping[str, Sequence[str]]

    def write(self, *, by: Acting, now: datetime) -> Counts:
        """Write every row and the events: one per task and one for the list. Runs inside the caller's transaction."""
        tasks = Task.objects.bulk_create(self._tasks(), batch_size=BATCH)
        units = {u.key: u.pk for u in Unit.objects.filter(government=self.task_list.government_id)}
        groups = {g.key: g.pk for g in UnitGroup.objects.filter(government=self.task_list.government_id)}
        duties = [self._duties(record) for record in self.parsed.tasks]
        seqs = append(self._happenings(tasks, duties), by=by, now=now)
        edition = Edition.objects.create(
            list=self.task_list, ordinal=1, document=self.document, published_at=now, seq=seqs[0]
        )
        versions = self._versions(edition, tasks, self._headings(edition))
        self._parts(versions, units, groups)
        Responsibility.objects.bulk_create(
            [
                Responsibility(
                    task=task,
                    unit_id=units[d.unit],
                    role=d.role.value,
                    ordinal=n,
                    origins=list(d.origins),
                    seq=seq,
                )
                for task, owed, seq in zip(tasks, duties, seqs[1:], strict=True)
                for n, d in enumerate(owed, 1)
            ],
            batch_size=BATCH,
        )
        return Counts.of(self.task_list)

    def _tasks(self) -> list[Task]:
        keys = task_keys([record.number for record in self.parsed.tasks])
        return [Task(list=self.task_list, key=key, ordinal=n) for n, key in enumerate(keys, 1)]

    def _duties(self, record: records.Task) -> tuple[Duty, ...]:
        printed = (Printed(u.unit or u.name, u.role, u.collective, n) for n, u in enumerate(record.units, 1))
        return derive(printed, self.members)

    def _happenings(self, tasks: Sequence[Task], duties: Sequence[tuple[Duty, ...]]) -> list[Happening]:
        place = {"government": self.task_list.government_id, "list": self.task_list.pk}
        body = {
            "document_number": self.parsed.document_number,
            "text": self.document.text_id,
            "tasks": len(tasks),
            "printed_units": sum(len(record.units) for record in self.parsed.tasks),
        }
        whole = Happening("list.published", body, **place, subject=f"list:{self.task_list.key}")
        each = (
            Happening(
                "task.published",
                {
                    "number": record.number,
                    "span": [record.span.start, record.span.end],
                    "units": [f"{duty.role.value}:{duty.unit}" for duty in owed],
                },
                **place,
                task=task.pk,
                subject=f"task:{self.task_list.key}/{task.key}",
            )
            for task, record, owed in zip(tasks, self.parsed.tasks, duties, strict=True)
        )
        return [whole, *each]

    def _headings(self, edition: Edition) -> list[Heading]:
        """Headings level by level, so that each finds its parent already stored."""
        records_ = self.parsed.headings
        rows = [
            Heading(
                edition=edition, ordinal=n, level=h.level, text=h.text, start=h.span.start, end=h.span.end
            )
            for n, h in enumerate(records_, 1)
        ]
        above: dict[int, Heading] = {}
        for row in rows:
            row.parent = next((above[level] for level in range(row.level - 1, 0, -1) if level in above), None)
            above = {level: heading for level, heading in above.items() if level < row.level} | {
                row.level: row
            }
        for level in sorted({row.level for row in rows}):
            same = [row for row in rows if row.level == level]
            Heading.objects.bulk_create(same, batch_size=BATCH)
        return rows

    def _versions(
        self, edition: Edition, tasks: Sequence[Task], headings: Sequence[Heading]
    ) -> list[TaskVersion]:
        rows = [
            TaskVersion(
                edition=edition,
                task=task,
                heading=heading,
                number=record.number,
                text=record.text,
                start=record.span.start,
                end=record.span.end,
                text_start=record.text_span.start,
                text_end=record.text_span.end,
                deadline=record.deadline.text if record.deadline else "",
                due_on=record.deadline.date if record.deadline else None,
                clause_count=len(record.clauses),
                target_count=len(record.targets),
            )
            for task, record, heading in zip(
                tasks, self.parsed.tasks, self._heading_of_each(headings), strict=True
            )
        ]
        versions = TaskVersion.objects.bulk_create(rows, batch_size=BATCH)
        for task, version in zip(tasks, versions, strict=True):
            task.current = version
        Task.objects.bulk_update(tasks, ["current"], batch_size=BATCH)
        return versions

    def _heading_of_each(self, headings: Sequence[Heading]) -> Iterator[Heading | None]:
        """For each task the latest heading that stands before it and ends its path."""
        waiting = list(reversed(headings))
        latest: dict[str, Heading] = {}
        for record in self.parsed.tasks:
            while waiting and waiting[-1].start <= record.span.start:
                heading = waiting.pop()
                latest[heading.text] = heading
            yield latest.get(record.path[-1]) if record.path else None

    def _parts(
        self, versions: Sequence[TaskVersion], units: Mapping[str, int], groups: Mapping[str, int]
    ) -> None:
        pairs = list(zip(versions, self.parsed.tasks, strict=True))
        clauses = Clause.objects.bulk_create(
            [
                Clause(version=v, ordinal=n, text=c.text, start=c.span.start, end=c.span.end)
                for v, record in pairs
                for n, c in enumerate(record.clauses, 1)
            ],
            batch_size=BATCH,
        )
        Target.objects.bulk_create(list(_targets(pairs, clauses)), batch_size=BATCH)
        PrintedUnit.objects.bulk_create(list(_printed(pairs, units, groups)), batch_size=BATCH)
        PrintedField.objects.bulk_create(list(_fields(pairs)), batch_size=BATCH)


Pairs = Sequence[tuple[TaskVersion, records.Task]]


def _targets(pairs: Pairs, clauses: Sequence[Clause]) -> Iterator[Target]:
    by_version: dict[int, list[Clause]] = {}
    for clause in clauses:
        by_version.setdefault(clause.version_id, []).append(clause)
    for version, record in pairs:
        own = by_version.get(version.pk, [])
        for n, target in enumerate(record.targets, 1):
            start, end = target.span.start, target.span.end
            yield Target(
                version=version,
                clause=next((c for c in own if c.start <= start < c.end), None),
                ordinal=n,
                text=target.text,
                indicator=target.indicator[:200],
                comparator=target.comparator.value,
                value=target.value,
                value_max=target.value_max,
                measure_unit=target.unit,
                period=target.period or "",
                part_of=(target.part_of or "")[:200],
                modifiers="、".join(target.modifiers),
                kind=target.kind.value,
                start=start,
                end=end,
            )


def _printed(pairs: Pairs, units: Mapping[str, int], groups: Mapping[str, int]) -> Iterator[PrintedUnit]:
    for version, record in pairs:
        for n, unit in enumerate(record.units, 1):
            key = unit.unit or unit.name
            yield PrintedUnit(
                version=version,
                ordinal=n,
                name=unit.name,
                expanded=unit.expanded or "",
                role=unit.role.value,
                label=unit.label,
                start=unit.span.start,
                end=unit.span.end,
                unit_id=None if unit.collective else units[key],
                group_id=groups[key] if unit.collective else None,
            )


def _fields(pairs: Pairs) -> Iterator[PrintedField]:
    for version, record in pairs:
        leaders = [(ColumnKind.CITY_LEADER, piece.text, piece.span) for piece in record.leaders]
        cells = [(field.kind, field.text, field.span) for field in record.fields]
        for n, (kind, text, span) in enumerate([*leaders, *cells], 1):
            yield PrintedField(
                version=version, ordinal=n, kind=kind.value, text=text, start=span.start, end=span.end
            )
