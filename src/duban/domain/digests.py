"""Outbound notices: what units still owe becomes one short text for each person, whatever number of posts the person has.

Three kinds stay apart (product.md, step 5): 提醒 before a report is due, 催报 when it is late, 催办 when a matter is late.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from duban.domain.periods import spoken_date

ONE_PART, LATER_PARTS = 70, 67
"""Characters of a text message in Chinese: alone, and in each part of a longer one (the rest numbers the parts)."""


class NoticeKind(StrEnum):
    """The three kinds, as history and contacts name them."""

    REMIND = "remind"
    URGE_REPORT = "urge_report"
    URGE_MATTER = "urge_matter"


NOTICE_LABELS: Final[dict[NoticeKind, tuple[str, str]]] = {
    NoticeKind.REMIND: ("提醒", "Reminder"),
    NoticeKind.URGE_REPORT: ("催报", "Urged to report"),
    NoticeKind.URGE_MATTER: ("催办", "Urged about the matter"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What one unit owes: the sheet of a period (`missing` rows never sent, `returned` ones), a 核对稿 (`checks` tasks), else an order.

    `period` and `unit` are keys of the period under which a contact is recorded, and of the unit.
    """

    unit: int
    unit_name: str
    period: int
    subject: str
    due_on: date
    missing: int = 0
    returned: int = 0
    checks: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody to be told what a unit owes. Name and telephone make one person; without a telephone, `person` does."""

    unit: int
    name: str
    phone: str
    person: int | None = None

    @property
    def who(self) -> tuple[str, str, int | None]:
        """What tells one person from another."""
        return (self.name, self.phone, None if self.phone else self.person)


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told in one kind of late, and on which day last: people by period, unit and name; whole units, as noted by a clerk."""

    people: Mapping[tuple[int, int, str], date] = field(default_factory=dict)
    units: Mapping[tuple[int, int], date] = field(default_factory=dict)

    def knows(self, kind: NoticeKind, name: str, matter: Matter) -> bool:
        """Whether this person was told of this matter: what became late after that day is a new matter."""
        place = place_of(kind, matter.period, matter.unit)
        days = (self.people.get((*place, name)), self.units.get(place))
        return any(day and (kind is NoticeKind.REMIND or day > matter.due_on) for day in days)

    def silent(self, seat: Seat, today: date) -> bool:
        """Whether this person has had the one text of today."""
        return any(
            day == today
            for (_, unit, name), day in self.people.items()
            if (unit, name) == (seat.unit, seat.name)
        )


def place_of(kind: NoticeKind, period: int, unit: int) -> tuple[int, int]:
    """Where a contact counts: a sheet belongs to its period, an order that is late does not."""
    return (0 if kind is NoticeKind.URGE_MATTER else period, unit)


@dataclass(frozen=True, slots=True)
class Digest:
    """One text for one person. `places` are the (period, unit) it speaks of, `units` their names, each once."""

    kind: NoticeKind
    name: str
    phone: str
    units: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    text: str

    @property
    def parts(self) -> int:
        """How many text messages it takes."""
        return parts_of(self.text)


NOBODY: Final = Told()


def parts_of(text: str) -> int:
    """Parts of a text message that is not plain ASCII: one up to 70 characters, else one for every 67 (GSM 03.40, UCS-2)."""
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= ONE_PART else -(-length // LATER_PARTS)


def digests(
    kind: NoticeKind, matters: Sequence[Matter], seats: Iterable[Seat], today: date, told: Told = NOBODY
) -> tuple[Digest, ...]:
    """One text for each person who sits in a unit that owes something, in the order of the matters.

    Left out: whoever has had a text in this kind today, and what a person or its unit was told of late.
    """
    people: dict[tuple[str, str, int | None], list[int]] = defaultdict(list)
    silent = set()
    for seat in seats:
        people[seat.who].append(seat.unit)
        if told.silent(seat, today):
            silent.add(seat.who)
    found = [
        (places, _digest(kind, who, [matters[place] for place in places], today))
        for who, units in people.items()
        if who not in silent
        and (
            places := [
                i for i, m in enumerate(matters) if m.unit in units and not told.knows(kind, who[0], m)
            ]
        )
    ]
    return tuple(digest for _, digest in sorted(found, key=lambda pair: pair[0][0]))


def _digest(
    kind: NoticeKind, who: tuple[str, str, int | None], matters: Sequence[Matter], today: date
) -> Digest:
    text = _of_orders(matters, today) if kind is NoticeKind.URGE_MATTER else _of_sheets(kind, matters, today)
    return Digest(
        kind=kind,
        name=who[0],
        phone=who[1],
        units=tuple(dict.fromkeys(matter.unit_name for matter in matters)),
        places=tuple(dict.fromkeys((matter.period, matter.unit) for matter in matters)),
        text=f"督查室{NOTICE_LABELS[kind][0]}：{text}",
    )


def _of_sheets(kind: NoticeKind, matters: Sequence[Matter], today: date) -> str:
    """As in “三季度进展请于10月12日前报送：市教育局未报56项、退回3项；市体育局未报2项。”."""
    sheets: dict[tuple[str, date, bool], list[Matter]] = defaultdict(list)
    for matter in matters:
        sheets[matter.subject, matter.due_on, bool(matter.checks)].append(matter)
    sentences = []
    for (subject, due_on, checks), rows in sheets.items():
        day = spoken_date(due_on, today)[0]
        asked = f"请于{day}前报送" if kind is NoticeKind.REMIND else f"应于{day}前报送，现已逾期，请尽快报送"
        if checks:
            asked = f"请于{day}前核对，有异议的提出"
        sentences.append(f"{subject}{asked}：{'；'.join(_counted(row) for row in rows)}。")
    return "".join(sentences)


def _counted(matter: Matter) -> str:
    figures = (("未报", matter.missing), ("退回", matter.returned), ("", matter.checks))
    return matter.unit_name + "、".join(f"{word}{number}项" for word, number in figures if number)


def _of_orders(matters: Sequence[Matter], today: date) -> str:
    """As in “市教育局督办单〔2023〕3号（10月9日前）、督办单〔2023〕4号（10月11日前）逾期未回复，请尽快办理。”."""
    orders: dict[str, list[str]] = defaultdict(list)
    for matter in matters:
        orders[matter.unit_name].append(f"{matter.subject}（{spoken_date(matter.due_on, today)[0]}前）")
    listed = "；".join(f"{name}{'、'.join(each)}" for name, each in orders.items())
    return f"{listed}逾期未回复，请尽快办理。"
