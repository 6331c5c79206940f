"""The clean sample list as records, because every sample file is written from this one reading of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

SEPARATOR: Final = "，"
LABEL: Final = "主责单位："
NODES: Final = ("node_q1", "node_half", "node_q3", "node_year")


@dataclass(frozen=True, slots=True)
class SampleTask:
    """One task with what the published list prints and what only the office's working form holds."""

    number: int
    path: tuple[str, str]
    text: str
    units: tuple[str, ...]
    nature: str
    lead: str
    city_leader: str
    division: str
    phone: str
    year_target: str
    nodes: tuple[str, str, str, str]
    remarks: str

    @property
    def support(self) -> tuple[str, ...]:
        """Every printed unit but the lead, in printed order."""
        return tuple(unit for unit in self.units if unit != self.lead)


@dataclass(frozen=True, slots=True)
class Notice:
    """The letter that carries the list."""

    heading: str
    addressees: str
    opening: str
    duties: tuple[str, ...]
    signature: str
    signed: str
    note: str
    printing: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body between the heading and the signature."""
        return (self.addressees, self.opening, *self.duties)


@dataclass(frozen=True, slots=True)
class Sample:
    """The whole document."""

    title: str
    issuer: str
    document_number: str
    issued_on: date
    published_on: date
    notice: Notice
    tasks: tuple[SampleTask, ...]


def load(path: Path) -> Sample:
    """Read the sample from its TOML file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    notice = dict(data["notice"])
    return Sample(
        title=data["title"],
        issuer=data["issuer"],
        document_number=data["document_number"],
        issued_on=data["issued_on"],
        published_on=data["published_on"],
        notice=Notice(**{**notice, "duties": tuple(notice["duties"])}),
        tasks=tuple(_tasks(data)),
    )


def _tasks(data: Mapping[str, Any]) -> Iterator[SampleTask]:
    rows = (
        ((chapter["title"], section["title"]), row)
        for chapter in data["chapter"]
        for section in chapter["section"]
        for row in section["task"]
    )
    for number, (path, row) in enumerate(rows, start=1):
        fixed = {"remarks": "", **row, "units": tuple(row["units"]), "nodes": tuple(row["nodes"])}
        yield SampleTask(number=number, path=path, **fixed)


def expected(sample: Sample) -> dict[str, Any]:
    """Say what a parser must find: in the five published files (`tasks`), and in the working form (`working`)."""
    return {
        "title": sample.title,
        "notice": sample.notice.heading,
        "document_number": sample.document_number,
        "issuer": sample.issuer,
        "issued_on": sample.issued_on.isoformat(),
        "tasks": [
            {"number": str(t.number), "path": list(t.path), "text": t.text, "units": list(t.units)}
            for t in sample.tasks
        ],
        "working": [_working_row(task) for task in sample.tasks],
    }


def _working_row(task: SampleTask) -> dict[str, Any]:
    roles = [
        {"name": task.lead, "role": "lead"},
        *({"name": name, "role": "support"} for name in task.support),
    ]
    fields = {
        "city_leader": task.city_leader,
        "division": task.division,
        "phone": task.phone,
        "year_target": task.year_target,
        **dict(zip(NODES, task.nodes, strict=True)),
        "remarks": task.remarks,
    }
    return {
        "number": str(task.number),
        "path": [task.path[0]],
        "text": task.text,
        "units": roles,
        "fields": {kind: text for kind, text in fields.items() if text},
    }


class Chance:
    """Seeded chance: the same draws on every machine, because only `random()` is used, whose sequence is promised."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 (damage, not secrets)

    def happens(self, probability: float) -> bool:
        """Draw true with that probability."""
        return self._random.random() < probability

    def between(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return low + int(self._random.random() * (high - low + 1))
