"""Forms of the supervision office: filters, the table of 交办, the days of a period, a contact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple

from django import forms
from django.http import QueryDict

from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.natures import Nature, Rhythm
from duban.plans.operations import Edit
from duban.plans.queries import IssueFilters, IssueRow
from duban.shared.form_json import read_json
from duban.web.forms import DayField, day_in
from duban.web.request import number

FIELDS: Final = {
    "lead": ("牵头单位", "Lead unit"),
    "city_leader": ("市领导", "City leader"),
    "nature": ("任务类型", "Type of task"),
    "rhythm": ("报送周期", "Rhythm"),
    "deadline": ("时限", "Time limit"),
    "data_source": ("数据来源", "Source of the data"),
    "key_task": ("重点", "Key task"),
    "offline": ("线下报送", "Reported off line"),
    "mechanism": ("推进机制", "Mechanism"),
}
"""What the office decides about a task, in the order of the page."""
COLUMNS: Final = tuple(FIELDS)
TICKS: Final = frozenset({"key_task", "offline"})
LONGEST: Final = {"city_leader": 60, "mechanism": 80, "data_source": 80}
BIG: Final = 2**62


class IssueFilterForm(forms.Form):
    """The filters of 交办 as they stand in the address; what does not fit is ignored."""

    unled = forms.BooleanField(required=False)
    chapter = forms.IntegerField(required=False, min_value=1, max_value=BIG)
    unit = forms.IntegerField(required=False, min_value=1, max_value=BIG)
    leader = forms.CharField(required=False, max_length=60)
    nature = forms.ChoiceField(required=False, choices=[("", ""), *((n.value, "") for n in Nature)])
    size = forms.ChoiceField(required=False, choices=[("", ""), ("all", "")])
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    @property
    def filters(self) -> IssueFilters:
        """What was asked for."""
        self.is_valid()
        clean = self.cleaned_data
        return IssueFilters(
            unled=bool(clean.get("unled")),
            chapter=clean.get("chapter"),
            unit=clean.get("unit"),
            leader=clean.get("leader") or "",
            nature=clean.get("nature") or "",
        )


class Cells(NamedTuple):
    """The cells of one row as a page writes them: text, a tick is "on" or empty."""

    lead: str = ""
    city_leader: str = ""
    nature: str = ""
    rhythm: str = ""
    deadline: str = ""
    data_source: str = ""
    key_task: str = ""
    offline: str = ""
    mechanism: str = ""


def cells_of(row: IssueRow) -> Cells:
    """What the page shows of a row that nobody has touched."""
    return Cells(
        lead=str(row.lead or ""),
        city_leader=row.city_leader,
        nature=row.nature,
        rhythm=row.rhythm,
        deadline=row.deadline.isoformat() if row.deadline else "",
        data_source=row.data_source,
        key_task="on" if row.key_task else "",
        offline="on" if row.offline else "",
        mechanism=row.mechanism,
    )


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of the table of 交办 as shown: `touched` holds what was typed and not yet saved, `others` what changed meanwhile."""

    row: IssueRow
    cells: Cells
    touched: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()
    ticked: bool = False


class IssueSheet:
    """What came back of the table of 交办: the page carries the values that it showed, so that only touched cells count.

    `post` has one field `<column>-<task>` for each cell, and `seen`, the JSON of what was shown: task to [revision, cells…].
    Raises Invalid (office.bad_seen) where that is damaged.
    """

    def __init__(self, post: QueryDict) -> None:
        self.post = post
        self.seen = _seen(post.get("seen", ""))
        self.ticked = frozenset(key for raw in post.getlist("tick") if (key := number(raw)))
        self.shown = tuple(self.seen)

    def typed(self, task: int) -> dict[str, str]:
        """The cells of a row that are no longer as shown."""
        _, before = self.seen[task]
        now = {name: self.post.get(f"{name}-{task}", "").strip() for name in COLUMNS}
        return {name: value for name, value in now.items() if value != getattr(before, name).strip()}

    def edits(self, keys: Mapping[int, str], *, bulk: tuple[str, str] | None = None) -> list[Edit]:
        """One edit for each touched row, with a field set for the ticked rows (or all shown) by `bulk`."""
        chosen = frozenset(self.shown) if self.post.get("scope") == "shown" else self.ticked
        if bulk and not chosen:
            raise Invalid(Message("office.nothing_ticked"))
        found = []
        for task, (revision, _) in self.seen.items():
            typed = self.typed(task)
            if bulk and task in chosen:
                typed[bulk[0]] = bulk[1]
            if typed:
                found.append(Edit(task, revision, values_of(typed, keys.get(task, str(task)))))
        return found

    @staticmethod
    def fresh(rows: Iterable[IssueRow]) -> list[SheetLine]:
        """The rows of a page that nobody has typed into yet."""
        return [SheetLine(row, cells_of(row)) for row in rows]

    def lines(self, rows: Iterable[IssueRow]) -> list[SheetLine]:
        """The rows as they are now, with what was typed into them kept."""
        return [self._line(row) for row in rows]

    def _line(self, row: IssueRow) -> SheetLine:
        line = SheetLine(row, cells_of(row), ticked=row.task in self.ticked)
        if row.task not in self.seen:
            return line
        (_, before), typed = self.seen[row.task], self.typed(row.task)
        others = tuple(n for n in COLUMNS if getattr(before, n) != getattr(line.cells, n)) if typed else ()
        return replace(line, cells=line.cells._replace(**typed), touched=frozenset(typed), others=others)


def seen_json(rows: Iterable[IssueRow]) -> str:
    """What a page shows, for `IssueSheet` to compare with what comes back."""
    return json.dumps({row.task: [row.revision, *cells_of(row)] for row in rows}, ensure_ascii=False)


def _seen(text: str) -> dict[int, tuple[int, Cells]]:
    try:
        raw = read_json(text)
        return {int(task): (int(row[0]), Cells(*map(str, row[1:]))) for task, row in raw.items()}
    except (ValueError, TypeError, AttributeError, IndexError, KeyError) as problem:
        raise Invalid(Message("office.bad_seen")) from problem


def values_of(typed: Mapping[str, str], key: str) -> dict[str, Any]:
    """Typed cells as the operation wants them; Invalid (office.bad_cell) names the task and the column."""
    return {name: _value(name, raw, key) for name, raw in typed.items()}


def _value(name: str, raw: str, key: str) -> object:
    try:
        return _read(name, raw)
    except ValueError as problem:
        zh, en = FIELDS[name]
        said: dict[str, str | int] = {"task": key, "value": raw[:40], "field": zh, "field_en": en}
        raise Invalid(Message("office.bad_cell", said)) from problem


def _read(name: str, raw: str) -> object:
    if name in TICKS:
        return raw == "on"
    if name == "lead":
        return _key(raw) if raw else None
    if name == "deadline":
        return day_in(raw) if raw else None
    if name == "nature":
        return Nature(raw).value
    if name == "rhythm":
        return Rhythm(raw).value
    if len(raw) > LONGEST[name]:
        raise ValueError(name)
    return raw


def _key(raw: str) -> int:
    key = int(raw)
    if not 0 < key < BIG:
        raise ValueError(raw)
    return key


class PeriodDaysForm(forms.Form):
    """Which period opens, and its three days."""

    month = forms.IntegerField(min_value=1, max_value=12)
    opens_on = DayField()
    due_on = DayField()
    lock_on = DayField()

    def days(self) -> tuple[date, date, date]:
        """The three days; Invalid where one is missing or they are out of order."""
        clean = self.cleaned_data if self.is_valid() else {}
        found = [clean.get(name) for name in ("opens_on", "due_on", "lock_on")]
        days = [day for day in found if day is not None]
        if len(days) < len(found) or days != sorted(days):
            raise Invalid(Message("office.dates_needed"))
        return days[0], days[1], days[2]


class ContactForm(forms.Form):
    """提醒 or 催报 of ticked units: how, and what was said."""

    kind = forms.ChoiceField(choices=[("remind", ""), ("urge_report", "")])
    channel = forms.ChoiceField(choices=[(name, "") for name in ("phone", "paper", "mail", "sms", "page")])
    note = forms.CharField(required=False, max_length=200)


class ReviewFilterForm(forms.Form):
    """The filters of 审核 and 核定 as they stand in the address; what does not fit is ignored."""

    unit = forms.IntegerField(required=False, min_value=1, max_value=BIG)
    state = forms.CharField(required=False, max_length=12)
    light = forms.CharField(required=False, max_length=12)
    problem = forms.BooleanField(required=False)
    no_change = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    @property
    def clean_values(self) -> dict[str, Any]:
        """What was asked for; None where nothing, or nothing that fits, was."""
        self.is_valid()
        return {**dict.fromkeys(self.fields), **self.cleaned_data}


def joined(parts: Sequence[str]) -> str:
    """A standard phrase and what was added to it, as one reason."""
    return "；".join(part.strip() for part in parts if part.strip())
