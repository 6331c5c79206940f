"""What comes back of a unit's sheet: rows filled in, rows of the plan. Each row knows what it showed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.http import QueryDict

from duban.domain.natures import Nature
from duban.domain.reported import CHOICES, late_items, with_late_items, without_late_items
from duban.domain.sheets_cells import clean
from duban.plans.operations import PLAN_LIMITS, Edit
from duban.plans.sheet import PEOPLE_FIELDS, PlanRow
from duban.plans.sub_items import Item
from duban.progress.operations import Entry
from duban.progress.sheet_queries import SheetRow
from duban.web.asking import Asking
from duban.web.templatetags.year_words import pair

OFFLINE: Final = re.compile(r"(?P<status>[^；]*)；文号：(?P<file>.*)", re.DOTALL)
TICKED: Final = re.compile(r"[1-9][0-9]?")
TAKEN: Final = re.compile(r"withdraw-(?P<row>[0-9]{1,12})-(?P<revision>[0-9]{1,8})")
STATUSES: Final = (
    ("正常推进", "on course"),
    ("已完成", "done"),
    ("进度滞后", "behind"),
    ("尚未启动", "not begun"),
)


class Cells(NamedTuple):
    """The cells of one row of the report; off line, `status` and `file` stand for the progress.

    `late` are the numbers of the sub-items that are ticked as behind, "2,4"; they are kept as the first words of the problem.
    """

    progress: str = ""
    value: str = ""
    problem: str = ""
    next_step: str = ""
    same: str = ""
    status: str = ""
    file: str = ""
    late: str = ""

    @property
    def late_numbers(self) -> list[str]:
        """The numbers of the sub-items ticked as behind."""
        return self.late.split(",") if self.late else []

    @property
    def trouble(self) -> str:
        """The problem as it is kept, with the sub-items that are behind."""
        return with_late_items(map(int, self.late_numbers), self.problem)

    @property
    def said(self) -> str:
        """The progress as it is kept."""
        if not self.status and not self.file:
            return self.progress
        return f"{self.status}；文号：{self.file}" if self.file else self.status


def digest(values: Sequence[str]) -> str:
    """A short sign of what a row showed, to tell whether anybody touched it."""
    return hashlib.sha256("\x1f".join(values).encode()).hexdigest()[:12]


def cells_of(row: SheetRow) -> Cells:
    """What the page shows of a row that nobody has touched."""
    said = row.shown
    if not row.offline:
        same = "on" if said.no_change else ""
        late = ",".join(map(str, late_items(said.problem)))
        problem = without_late_items(said.problem)
        return Cells(said.progress, said.value, problem, said.next_step, same, late=late)
    match = OFFLINE.fullmatch(said.progress)
    status, number = (match["status"], match["file"]) if match else (said.progress, "")
    return Cells(status=status, file=number)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the report as shown. `theirs` is what stands there now where somebody else changed it meanwhile."""

    row: SheetRow
    cells: Cells
    touched: bool = False
    theirs: Cells | None = None
    items: Sequence[Item] = ()
    asking: Asking | None = None

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What 数值 chooses from, where the type of the task answers with a word; what stands there already is among it."""
        words = CHOICES.get(Nature(self.row.nature), ())
        listed = [(zh, pair((zh, en))) for _, zh, en in words]
        kept = self.cells.value
        return (
            [("", ""), *listed, *([(kept, kept)] if kept and kept not in dict(listed) else [])]
            if listed
            else []
        )

    @property
    def seen(self) -> str:
        """What the row showed: revision of the draft, and a sign of its values."""
        return f"{self.row.draft_revision}:{digest(cells_of(self.row))}"

    @property
    def filled(self) -> bool:
        """Whether there is something to send, or it was sent."""
        return is_filled(self.row)


def is_filled(row: SheetRow) -> bool:
    """Whether a row is filled in: sent and not returned, or drafted with progress or “no change”."""
    if not row.fillable:
        return True
    return bool(row.draft_revision and (row.draft.no_change or row.draft.progress))


class ReportSheet:
    """The report as it came back: only touched rows count, each with the revision that its page showed."""

    def __init__(self, post: QueryDict, rows: Sequence[SheetRow]) -> None:
        self.lines: list[Line] = []
        self.entries: list[Entry] = []
        for row in rows:
            self.lines.append(self._line(post, row))

    def _line(self, post: QueryDict, row: SheetRow) -> Line:
        seen = post.get(f"seen-{row.obligation}")
        if seen is None:
            return Line(row, cells_of(row))
        revision, _sign, shown = seen.partition(":")
        cells = {field: clean(post.get(f"{field}-{row.obligation}", "")) for field in Cells._fields}
        ticked = [number for number in post.getlist(f"late-{row.obligation}") if TICKED.fullmatch(number)]
        typed = Cells(**{**cells, "late": ",".join(ticked)})
        now = cells_of(row)
        if shown == digest(typed) or not (revision.isascii() and revision.isdigit() and len(revision) < 9):
            return Line(row, now)
        values = {
            "progress": typed.said,
            "value": typed.value,
            "problem": typed.trouble,
            "next_step": typed.next_step,
        }
        self.entries.append(Entry(row.obligation, int(revision), values, no_change=bool(typed.same)))
        changed = int(revision) != row.draft_revision or not row.fillable
        return Line(row, typed, touched=True, theirs=now if changed and now != typed else None)


def taken(do: str) -> dict[int, int]:
    """The row that the button `withdraw-ROW-REVISION` takes back; nothing for every other button."""
    match = TAKEN.fullmatch(do)
    return {int(match["row"]): int(match["revision"])} if match else {}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A row of the plan as shown. `theirs` is what stands there now where somebody else changed it meanwhile."""

    row: PlanRow
    values: Mapping[str, str]
    theirs: Mapping[str, str] | None = None

    @property
    def seen(self) -> str:
        """What the row showed: its revision, and a sign of its values."""
        return f"{self.row.revision}:{digest([self.row.shown[field] for field in self.row.fields])}"


class PlanSheet:
    """The plan as it came back: touched rows, and the four that apply to all of them."""

    def __init__(self, post: QueryDict, rows: Sequence[PlanRow]) -> None:
        self.usual = {
            field: clean(post.get(f"all-{field}", ""))[: PLAN_LIMITS[field]] for field in PEOPLE_FIELDS
        }
        self.replaces = bool(post.get("replace"))
        self.lines: list[PlanLine] = []
        self.edits: list[Edit] = []
        for row in rows:
            self.lines.append(self._line(post, row))

    def _line(self, post: QueryDict, row: PlanRow) -> PlanLine:
        now = row.shown
        revision, _sign, sign = post.get(f"seen-{row.task}", "").partition(":")
        if not (revision.isascii() and revision.isdigit() and len(revision) < 9):
            return PlanLine(row, now)
        typed = {field: clean(post.get(f"{field}-{row.task}", "")) for field in row.fields}
        for field, value in self.usual.items():
            if value and (self.replaces or not typed[field]):
                typed[field] = value
        if digest([typed[field] for field in row.fields]) == sign:
            return PlanLine(row, now)
        self.edits.append(Edit(row.task, int(revision), typed))
        changed = int(revision) != row.revision and any(now[field] != typed[field] for field in typed)
        return PlanLine(row, {**now, **typed}, theirs=now if changed else None)


def fresh_lines(rows: Sequence[SheetRow]) -> list[Line]:
    """The rows as nobody has touched them."""
    return [Line(row, cells_of(row)) for row in rows]


def fresh_plan(rows: Sequence[PlanRow]) -> list[PlanLine]:
    """The rows of the plan as nobody has touched them."""
    return [PlanLine(row, row.shown) for row in rows]
