"""What the check screen shows: the doubts as a work list, one page of records, and the official text beside them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from duban.documents.queries import Checking
from duban.domain.drafting import Checked
from duban.domain.drafting_doubts import Doubt
from duban.domain.drafting_names import Suggestion, suggest
from duban.domain.drafting_state import ADDED
from duban.domain.marks import DEBRIS
from duban.domain.source import Span
from duban.domain.tasklist.records import Matter, PrintedUnit, Role, Severity, Target
from duban.domain.units import UnitDirectory

SIZE: Final = 50
MOST_DOUBTS: Final = 20
TABS: Final = re.compile(r"\t+")
STOPS: Final = "。；！？"
LINE: Final = re.compile(r"[^\n]+")
ITEM: Final = re.compile(r"（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、|\d+[.．、]")
ALONE: Final = re.compile(r"（[^（）]*）|[\d〇○零一二三四五六七八九]{4}年.{1,3}月.{1,3}日")

DOUBTS: Final[dict[str, tuple[str, str]]] = {
    "unit_unknown": ("单位不在名录", "Unit not listed"),
    "unconsumed": ("未归类文字", "Text left over"),
    "no_tasks": ("没有任务", "No tasks"),
    "bracket_unclosed": ("括号未收尾", "Open bracket"),
    "chapter_without_tasks": ("篇章无任务", "Chapter without tasks"),
    "columns_unclear": ("列不分明", "Columns unclear"),
    "columns_unknown": ("列含义不明", "Columns not understood"),
    "deadline_unread": ("时限不明", "Limit unclear"),
    "directive_in_units": ("单位栏说明", "Remark among units"),
    "first_listed_leads": ("首位牵头", "First listed leads"),
    "label_unknown": ("新栏目", "New label"),
    "label_suspected": ("疑漏单位", "Units perhaps missed"),
    "name_unusual": ("名称异常", "Unusual name"),
    "number_gap": ("编号跳号", "Numbers jump"),
    "number_inferred": ("未印编号", "Number not printed"),
    "number_repeated": ("编号重复", "Number repeated"),
    "open_collective": ("统称待定", "Open collective"),
    "role_unclear": ("角色待定", "Role unclear"),
    "table_flattened": ("表格压平", "Flattened table"),
    "table_without_header": ("表头不明", "Header not understood"),
    "task_without_units": ("无责任单位", "No units"),
    "units_glued": ("单位相连", "Units glued"),
    "units_not_understood": ("单位栏不明", "Units not understood"),
    "chapter_is_task": ("以篇章为任务", "Chapter is task"),
    "heading_repeated": ("标题重复", "Heading repeated"),
    "list_open_ended": ("名单带“等”", "List ends in 等"),
    "name_joint": ("名称带顿号", "Joint name"),
    "number_restart": ("编号重起", "Numbering restarts"),
    "prefix_restored": ("补全层级", "Level restored"),
    "total_row": ("合计行", "Row of totals"),
    "several_assignments": ("多处分工", "Several assignments"),
}
COLOURS: Final = {Severity.BLOCKING: "r", Severity.CONFIRM: "y", Severity.NOTE: "o"}


class DoubtRow(NamedTuple):
    """One question of the work list. `ask` says which answers it takes: name, text, label, columns, group or look."""

    doubt: Doubt
    word: tuple[str, str]
    colour: str
    ask: str
    suggestions: tuple[Suggestion, ...]
    label: str

    @property
    def blocks(self) -> bool:
        """Whether looking at it is not enough."""
        return self.doubt.finding.severity is Severity.BLOCKING


class UnitTag(NamedTuple):
    """A unit of a record: `fault` when no unit of the directory stands behind it, `members` of a collective."""

    id: str
    printed: PrintedUnit
    fault: bool
    members: int | None


class Cut(NamedTuple):
    """A stretch of a task's text between two places where it may be cut."""

    start: int
    end: int
    text: str


class Record(NamedTuple):
    """A task as the right-hand side shows it."""

    id: str
    number: str
    path: tuple[str, ...]
    text: str
    units: tuple[UnitTag, ...]
    targets: tuple[Target, ...]
    deadline: str
    edited: bool
    doubted: bool


class Segment(NamedTuple):
    """Characters of one look; `look` is a CSS class or nothing."""

    text: str
    look: str


class Block(NamedTuple):
    """A paragraph of the official text: its place, the task that begins there (if one does), its segments."""

    start: int
    task: str
    segments: tuple[Segment, ...]


class Figures(NamedTuple):
    """What the draft holds, counted from its records; `left` are characters that belong to nothing."""

    tasks: int
    printed: int
    units: int
    targets: int
    collectives: int
    characters: int
    left: int
    doubts: int


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a draft that one page shows: the tasks of a chapter (all for ""), fifty at a time."""

    tasks: tuple[Checked, ...]
    start: int
    end: int
    chapter: str
    page: int
    pages: int


def figures_of(state: Checking) -> Figures:
    """The figures of the first line."""
    draft = state.draft
    printed = [unit for each in draft.tasks for unit in each.task.units]
    return Figures(
        tasks=len(draft.tasks),
        printed=len(printed),
        units=len({unit.unit or unit.name for unit in printed if not unit.collective}),
        targets=sum(len(each.task.targets) for each in draft.tasks),
        collectives=sum(unit.collective for unit in printed),
        characters=draft.parsed.characters,
        left=draft.unconsumed,
        doubts=len(draft.open_doubts),
    )


def chapters_of(state: Checking) -> list[tuple[str, int]]:
    """The first headings of the tasks with how many tasks each holds, in order."""
    return list(Counter(each.task.path[0] for each in state.draft.tasks if each.task.path).items())


def window_of(state: Checking, *, chapter: str, page: int, task: str) -> Window:
    """The page asked for; the one that holds `task` when a task is asked for."""
    every = state.draft.tasks
    inside = [each for each in every if not chapter or (each.task.path and each.task.path[0] == chapter)]
    if not inside or (task and all(each.id != task for each in inside)):
        inside, chapter = list(every), ""
    if task:
        page = next((n for n, each in enumerate(inside) if each.id == task), 0) // SIZE + 1
    pages = max(1, -(-len(inside) // SIZE))
    page = min(max(1, page), pages)
    shown = inside[(page - 1) * SIZE : page * SIZE]
    start, end = _range(state, shown)
    return Window(tuple(shown), start, end, chapter, page, pages)


def _range(state: Checking, shown: Sequence[Checked]) -> tuple[int, int]:
    """From the first task shown (the very beginning before the first of all) to where the next one begins."""
    every, characters = state.draft.tasks, state.draft.parsed.characters
    if not shown:
        return 0, min(characters, 4000)
    first, last = every.index(shown[0]), every.index(shown[-1])
    start = 0 if first == 0 else _lead_in(state, shown[0].task.span.start, every[first - 1].task.span.end)
    return start, characters if last + 1 == len(every) else every[last + 1].task.span.start


def _lead_in(state: Checking, start: int, before: int) -> int:
    """The headings right above a task belong to the page that begins with it."""
    above = [h.span.start for h in state.draft.parsed.headings if before <= h.span.start < start]
    return min(above, default=start)


def records_of(state: Checking, window: Window, directory: UnitDirectory) -> list[Record]:
    """The records of a page."""
    members = {group.key: len(group.members) for group in directory.groups}
    doubted = {doubt.task for doubt in state.draft.open_doubts}
    return [
        Record(
            id=each.id,
            number=each.task.number,
            path=each.task.path,
            text=each.task.text,
            units=tuple(
                UnitTag(
                    key, unit, unit.unit is None, members.get(unit.unit or "") if unit.collective else None
                )
                for key, unit in zip(each.units, each.task.units, strict=True)
            ),
            targets=each.task.targets,
            deadline=each.task.deadline.text if each.task.deadline else "",
            edited=each.edited,
            doubted=each.id in doubted,
        )
        for each in window.tasks
    ]


def cuts_of(state: Checking, each: Checked) -> list[Cut]:
    """The text of a task between the places where it may be cut: after a stop and before a sub-item."""
    text, cuts = state.source.text, []
    for piece in each.pieces:
        places = {piece.start, piece.end}
        places |= {
            clause.span.start for clause in each.task.clauses if piece.start < clause.span.start < piece.end
        }
        places |= {n + 1 for n in range(piece.start, piece.end - 1) if text[n] in STOPS}
        cuts += [
            Cut(left, right, shown)
            for left, right in pairwise(sorted(places))
            if (shown := DEBRIS.sub("", text[left:right]))
        ]
    return cuts


def doubt_rows(state: Checking, doubts: Sequence[Doubt], directory: UnitDirectory) -> list[DoubtRow]:
    """The questions as rows; only rows that are shown look for suggestions."""
    labels = {each.id: _plain_label(each.task.units) for each in state.draft.tasks}
    return [_row(doubt, directory, labels) for doubt in doubts]


def _plain_label(units: Sequence[PrintedUnit]) -> str:
    """The label whose role is in doubt when another label names the leads."""
    return next((unit.label for unit in units if unit.role is Role.MAIN), "")


def _row(doubt: Doubt, directory: UnitDirectory, labels: Mapping[str, str]) -> DoubtRow:
    finding = doubt.finding
    ask, label = "look", ""
    near: tuple[Suggestion, ...] = ()
    if finding.code in ("unit_unknown", "name_unusual"):
        ask, near = "name", suggest(str(finding.params["name"]), directory)
    elif finding.code == "unconsumed":
        ask = "text"
    elif finding.code in ("role_unclear", "label_unknown"):
        ask, label = "label", str(finding.params.get("text", labels.get(doubt.task, "")))
    elif finding.code == "open_collective":
        ask = "group"
    elif finding.code in ("columns_unknown", "columns_unclear", "table_without_header"):
        ask = "columns"
    return DoubtRow(doubt, DOUBTS[finding.code], COLOURS[finding.severity], ask, near, label)


def labels_of(state: Checking) -> list[tuple[str, Role, int]]:
    """The labels that units are printed under, the role that most of their units have now, and how many units."""
    roles: dict[str, Counter[Role]] = {}
    for each in state.draft.tasks:
        for unit in each.task.units:
            if unit.label and unit.label != ADDED:
                roles.setdefault(unit.label, Counter())[unit.role] += 1
    return [(label, counts.most_common(1)[0][0], counts.total()) for label, counts in roles.items()]


def blocks_of(state: Checking, window: Window) -> list[Block]:
    """The official text of a page, paragraph by paragraph, every character in its class."""
    marks = sorted(_marks(state, window))
    begins = {each.task.span.start: each.id for each in window.tasks}
    inner = {h.span.start for h in state.draft.parsed.headings}
    inner |= {
        s.span.start for s in state.draft.parsed.stretches if s.matter in (Matter.MATTER, Matter.UNCONSUMED)
    }
    around = [s.span for s in state.draft.parsed.stretches if s.matter is Matter.MATTER]
    inner |= {span.end for span in around}
    inner |= {n for span in around for n in _lines_of(state.source.text, span)}
    starts = {window.start, *begins, *(n for n in inner if window.start < n < window.end)}
    ordered = [*sorted(n for n in starts if window.start <= n < window.end), window.end]
    blocks = []
    for left, right in pairwise(ordered):
        inside = [mark for mark in marks if mark[0] < right and mark[1] > left]
        segments = tuple(_segments(state.source.text, left, right, inside))
        if segments:
            blocks.append(Block(left, begins.get(left, ""), segments))
    return blocks


def _lines_of(text: str, span: Span) -> Iterator[int]:
    """Where a line around the tasks reads as a paragraph: after a stop, at an item, around a date or a remark in brackets.

    Any other line goes on where the line before it was broken.
    """
    lines = [(m.start(), m[0].strip()) for m in LINE.finditer(text, *span) if m[0].strip()]
    for (_, before), (place, line) in pairwise(lines):
        own = ALONE.fullmatch(line) or ALONE.fullmatch(before) or ITEM.match(line)
        if own or before[-1] in STOPS or before[-1] == "：":
            yield place


Mark = tuple[int, int, str]


def _marks(state: Checking, window: Window) -> Iterator[Mark]:
    for heading in state.draft.parsed.headings:
        yield (*heading.span, "head")
    for stretch in state.draft.parsed.stretches:
        if stretch.matter is Matter.UNCONSUMED:
            yield (*stretch.span, "fault")
        elif stretch.matter in (Matter.MATTER, Matter.FURNITURE):
            yield (*stretch.span, "aside")
    for each in window.tasks:
        if each.task.span.start < each.pieces[0].start:
            yield (each.task.span.start, each.pieces[0].start, "num")
        for unit in each.task.units:
            yield (*unit.span, "unit" if unit.unit else "fault")
        for target in each.task.targets:
            yield (*target.span, "target")


def _segments(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Segment]:
    borders = {start, end}
    for left, right, _ in marks:
        borders |= {min(max(left, start), end), min(max(right, start), end)}
    for left, right in pairwise(sorted(borders)):
        if shown := DEBRIS.sub("", TABS.sub("｜", text[left:right])):
            looks = [look for a, b, look in marks if a <= left and right <= b]
            yield Segment(shown, looks[-1] if looks else "")
