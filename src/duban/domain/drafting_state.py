"""A draft in the middle of being edited: its tasks with stable ids, and what each kind of edit does to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from duban.domain.drafting_cover import Cover
from duban.domain.drafting_edits import Edit
from duban.domain.errors import Conflict, Invalid
from duban.domain.lists import LONGEST_TITLE, YEARS, list_title, year_of
from duban.domain.messages import Message
from duban.domain.source import SourceText, Span
from duban.domain.tasklist.normalise import fold, trim
from duban.domain.tasklist.patterns import patterns
from duban.domain.tasklist.records import Heading, Matter, ParsedList, PrintedUnit, Role, Task
from duban.domain.tasklist.vocabulary import DEFAULT
from duban.domain.tasklist.work import Work

LONGEST_NUMBER: Final = 20
ADDED: Final = "核对补入"
SET_ASIDE: Final = "set_aside"


@dataclass(slots=True)
class Owed:
    """A unit of a task: as printed, and the role a person gave this one occurrence, if any."""

    id: str
    printed: PrintedUnit
    role: Role | None = None


@dataclass(slots=True)
class Node:
    """A task of the draft. `record` is what was parsed; `pieces` are the stretches of source that make its text."""

    id: str
    record: Task
    number: str
    path: tuple[str, ...]
    pieces: list[Span]
    units: list[Owed]
    start: int
    reworked: bool = False
    edited: bool = False

    def piece_at(self, at: int) -> int:
        """Which piece holds a place, its borders left out; -1 when none does."""
        return next((n for n, piece in enumerate(self.pieces) if piece.start < at < piece.end), -1)

    def cut_at(self, index: int, at: int) -> tuple[list[Span], list[Span]]:
        """The pieces before and after a place inside one of them."""
        piece = self.pieces[index]
        before = [*self.pieces[:index], Span(piece.start, at)]
        return before, [Span(at, piece.end), *self.pieces[index + 1 :]]


@dataclass(slots=True)
class Decisions:
    """What a person decided for the whole list: roles of labels, meanings of names, doubts looked at (by whom)."""

    labels: dict[str, Role] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    title: str = ""
    year: int | None = None


class Working:
    """One draft while its edits are applied, one after another."""

    def __init__(self, source: SourceText, parsed: ParsedList) -> None:
        self.source = source
        self.parsed = parsed
        self.cover = Cover(parsed.stretches, parsed.characters)
        self.decided = Decisions()
        self.gone: list[Span] = []
        self.order = [_node(f"t{n}", task) for n, task in enumerate(parsed.tasks, 1)]
        self.nodes = {node.id: node for node in self.order}

    @cached_property
    def work(self) -> Work:
        """The parser's own view of the text, made only when a text has to be cut anew."""
        return Work(
            self.source,
            fold(self.source.text),
            DEFAULT,
            patterns(DEFAULT),
            self.year,
        )

    @property
    def title(self) -> str:
        """What the list is called: as a person said, else as read."""
        return self.decided.title or list_title(self.parsed.title)

    @property
    def year(self) -> int | None:
        """The year the list is for: as a person said, else as read; None where nothing says."""
        return self.decided.year or year_of(self.parsed.title, self.parsed.issued_on)

    def step(self, edit: Edit) -> None:
        """Apply one edit. Invalid when it cannot be done to the draft as it is; nothing has changed then."""
        getattr(self, f"_{edit.kind.value}")(edit)

    def node(self, key: str) -> Node:
        """The task of that id; Conflict when it has been merged or set aside."""
        if key not in self.nodes:
            raise Conflict(Message("draft.task_gone"))
        return self.nodes[key]

    def after(self, key: str) -> Node:
        """The task that follows; Invalid when it is the last."""
        place = self.order.index(self.node(key)) + 1
        if place == len(self.order):
            raise Invalid(Message("draft.nothing_follows"))
        return self.order[place]

    def role_of(self, owed: Owed) -> Role:
        """The role of one occurrence: given to it, else to its label, else as printed."""
        return owed.role or self.decided.labels.get(owed.printed.label) or owed.printed.role

    def meaning(self, printed: PrintedUnit) -> tuple[str | None, bool]:
        """The key of a printed name and whether it is a collective; ("", False) when a person said it is no unit."""
        decision = self.decided.names.get(printed.name)
        if decision is None:
            return printed.unit, printed.collective
        what, key = decision
        return ("", False) if what == "none" else (key, what == "group")

    def path_of(self, index: int) -> tuple[str, ...]:
        """The headings above and with the n-th heading of the list (from 1); nothing for 0."""
        if not 0 <= index <= len(self.parsed.headings):
            raise Invalid(Message("draft.unreadable"))
        path: list[Heading] = []
        for heading in self.parsed.headings[:index]:
            path = [*(above for above in path if above.level < heading.level), heading]
        return tuple(heading.text for heading in path)

    def unit(self, edit: Edit) -> Owed:
        """The unit an edit is about; Conflict when it has been taken out of its task."""
        found = next((o for o in self.node(edit.values["task"]).units if o.id == edit.values["unit"]), None)
        if found is None:
            raise Conflict(Message("draft.unit_gone"))
        return found

    def holder(self, span: Span) -> Node | None:
        """The first task whose text shares a character with a range."""
        return next(
            (
                node
                for node in self.order
                if any(p.start < span.end and span.start < p.end for p in node.pieces)
            ),
            None,
        )

    def _touch(self, node: Node, *, text: bool = False) -> None:
        node.edited = True
        node.reworked = node.reworked or text

    def _name(self, edit: Edit) -> None:
        title, year = edit.values["title"].strip(), edit.values["year"]
        if not title or len(title) > LONGEST_TITLE or not title.isprintable():
            raise Invalid(Message("draft.bad_title", {"most": LONGEST_TITLE}))
        if year not in YEARS:
            raise Invalid(Message("draft.bad_year", {"first": YEARS[0], "last": YEARS[-1]}))
        self.decided.title, self.decided.year = title, year
        self.__dict__.pop("work", None)

    def _number(self, edit: Edit) -> None:
        node = self.node(edit.values["task"])
        node.number = _number_of(edit.values["number"])
        self._touch(node)

    def _heading(self, edit: Edit) -> None:
        node, index = self.node(edit.values["task"]), edit.values["heading"]
        path = self.path_of(index)
        if index and self.parsed.headings[index - 1].span.start > node.start:
            raise Invalid(Message("draft.heading_after"))
        node.path = path
        self._touch(node)

    def _bounds(self, edit: Edit) -> None:
        node = self.node(edit.values["task"])
        if len(node.pieces) != 1:
            raise Invalid(Message("draft.several_pieces"))
        old = node.pieces[0]
        new = self._trimmed(edit.values["start"], edit.values["end"])
        grown = [Span(new.start, min(old.start, new.end)), Span(max(old.end, new.start), new.end)]
        if any(span.end > span.start and self.cover.taken(span) for span in grown):
            raise Invalid(Message("draft.range_taken"))
        for span in (Span(old.start, min(new.start, old.end)), Span(max(new.end, old.start), old.end)):
            if span.end > span.start:
                self.cover.free(span, self.work.folded)
        self.cover.paint(new, Matter.TASK)
        node.pieces, node.start = [new], min(node.start, new.start)
        self._touch(node, text=True)

    def _split(self, edit: Edit) -> None:
        node, at = self.node(edit.values["task"]), edit.values["at"]
        before, after = self._halves(node, at)
        place = self.order.index(node) + 1
        units = [Owed(f"{o.id}+{edit.ordinal}", o.printed, o.role) for o in node.units]
        fresh = Node(
            f"e{edit.ordinal}", node.record, self._next_number(node), node.path, after, units, after[0].start
        )
        node.pieces = before
        self.order.insert(place, fresh)
        self.nodes[fresh.id] = fresh
        self._touch(node, text=True)
        self._touch(fresh, text=True)

    def _next_number(self, node: Node) -> str:
        taken = {each.number for each in self.order}
        return next(n for k in range(2, 1000) if (n := f"{node.number}-{k}"[:LONGEST_NUMBER]) not in taken)

    def _halves(self, node: Node, at: int) -> tuple[list[Span], list[Span]]:
        index = node.piece_at(at)
        if index < 0:
            raise Invalid(Message("draft.not_inside"))
        before, after = node.cut_at(index, at)
        if self._blank(before) or self._blank(after):
            raise Invalid(Message("draft.half_empty"))
        return before, after

    def _blank(self, pieces: Iterable[Span]) -> bool:
        return not any(piece.of(self.source.text).strip(" \t\n\u3000。；，、") for piece in pieces)

    def _merge(self, edit: Edit) -> None:
        node, following = self.node(edit.values["task"]), self.after(edit.values["task"])
        places = {owed.printed.span for owed in node.units}
        node.pieces = [*node.pieces, *following.pieces]
        node.units = [*node.units, *(o for o in following.units if o.printed.span not in places)]
        one, two = node.record, following.record
        if one is not two:
            node.record = one._replace(
                leaders=(*one.leaders, *two.leaders),
                fields=(*one.fields, *two.fields),
                deadline=one.deadline or two.deadline,
            )
        self._drop(following)
        self._touch(node, text=True)

    def _drop(self, node: Node) -> None:
        self.order.remove(node)
        del self.nodes[node.id]

    def _boundary(self, edit: Edit) -> None:
        node, following = self.node(edit.values["task"]), self.after(edit.values["task"])
        at = edit.values["at"]
        if node.piece_at(at) >= 0:
            node.pieces, moved = self._halves(node, at)
            following.pieces = [*moved, *following.pieces]
        else:
            moved, following.pieces = self._halves(following, at)
            node.pieces = [*node.pieces, *moved]
        self._touch(node, text=True)
        self._touch(following, text=True)

    def _set_aside(self, edit: Edit) -> None:
        if edit.values["task"]:
            self._whole_aside(self.node(edit.values["task"]))
            return
        span = self._trimmed(edit.values["start"], edit.values["end"])
        node = self.holder(span)
        if node is None:
            if self.cover.taken(span):
                raise Invalid(Message("draft.range_taken"))
        else:
            self._cut_out(node, span)
        self.cover.paint(span, Matter.MATTER, SET_ASIDE)

    def _cut_out(self, node: Node, span: Span) -> None:
        index = next(
            (n for n, p in enumerate(node.pieces) if p.start <= span.start and span.end <= p.end), -1
        )
        if index < 0:
            raise Invalid(Message("draft.range_taken"))
        piece = node.pieces[index]
        rest = [p for p in (Span(piece.start, span.start), Span(span.end, piece.end)) if p.end > p.start]
        pieces = [*node.pieces[:index], *rest, *node.pieces[index + 1 :]]
        if self._blank(pieces):
            raise Invalid(Message("draft.half_empty"))
        node.pieces = [piece for piece in pieces if piece.of(self.source.text).strip()]
        self._touch(node, text=True)

    def _whole_aside(self, node: Node) -> None:
        if len(self.order) == 1:
            raise Invalid(Message("draft.last_task"))
        self._drop(node)
        spans = [*node.pieces, *(owed.printed.span for owed in node.units)]
        spans += [each.span for each in node.record.fields]
        spans += [each.span for each in node.record.leaders]
        spans.append(Span(node.start, node.pieces[0].start))
        kept = [span for other in self.order for span in self._claimed(other)]
        for span in spans:
            if span.start < span.end and not any(k.start < span.end and span.start < k.end for k in kept):
                self.cover.paint(span, Matter.MATTER, SET_ASIDE)

    def _claimed(self, node: Node) -> list[Span]:
        return [*node.pieces, *(owed.printed.span for owed in node.units)]

    def _make_task(self, edit: Edit) -> None:
        span = self._trimmed(edit.values["start"], edit.values["end"])
        if self.cover.taken(span):
            raise Invalid(Message("draft.range_taken"))
        number = _number_of(edit.values["number"])
        place = sum(node.start < span.start for node in self.order)
        headings = [n for n, h in enumerate(self.parsed.headings, 1) if h.span.start <= span.start]
        path = self.path_of(headings[-1] if headings else 0)
        record = Task(number, path, "", span, span)
        node = Node(f"e{edit.ordinal}", record, number, path, [span], [], span.start)
        self.order.insert(place, node)
        self.nodes[node.id] = node
        self.cover.paint(span, Matter.TASK)
        self._touch(node, text=True)

    def _trimmed(self, start: int, end: int) -> Span:
        if not 0 <= start < end <= len(self.source.text):
            raise Invalid(Message("draft.not_inside"))
        span = Span(*trim(self.work.folded, start, end))
        if self._blank([span]):
            raise Invalid(Message("draft.half_empty"))
        return span

    def _role(self, edit: Edit) -> None:
        self.unit(edit).role = Role(edit.values["role"])
        self._touch(self.node(edit.values["task"]))

    def _label_role(self, edit: Edit) -> None:
        label = edit.values["label"]
        if not any(owed.printed.label == label for node in self.order for owed in node.units):
            raise Invalid(Message("draft.unreadable"))
        self.decided.labels[label] = Role(edit.values["role"])

    def _resolve(self, edit: Edit) -> None:
        what, key = edit.values["as"], edit.values["key"]
        name = edit.values["name"]
        printed = any(owed.printed.name == name for node in self.order for owed in node.units)
        if not printed or what not in ("unit", "group", "none") or (what != "none") is not bool(key):
            raise Invalid(Message("draft.unreadable"))
        self.decided.names[name] = (what, key)

    def _add_unit(self, edit: Edit) -> None:
        node, values = self.node(edit.values["task"]), edit.values
        if values["as"] not in ("unit", "group") or not values["key"]:
            raise Invalid(Message("draft.unreadable"))
        end = max([node.pieces[-1].end, *(owed.printed.span.end for owed in node.units)])
        group = values["as"] == "group"
        printed = PrintedUnit(
            values["key"], Role(values["role"]), ADDED, Span(end, end), None, values["key"], group
        )
        node.units = [*node.units, Owed(f"a{edit.ordinal}", printed)]
        self._touch(node)

    def _remove_unit(self, edit: Edit) -> None:
        node, unit = self.node(edit.values["task"]), self.unit(edit)
        node.units = [owed for owed in node.units if owed is not unit]
        self.gone.append(unit.printed.span)
        self._touch(node)

    def _seen(self, edit: Edit) -> None:
        keys = edit.values["findings"]
        if not keys or not all(isinstance(key, str) and key.isprintable() for key in keys):
            raise Invalid(Message("draft.unreadable"))
        for key in keys:
            self.decided.seen.setdefault(key, edit.label)


def _node(key: str, task: Task) -> Node:
    units = [Owed(f"u{unit.span.start}", unit) for unit in task.units]
    return Node(key, task, task.number, task.path, [task.text_span], units, task.span.start)


def _number_of(raw: str) -> str:
    number = raw.strip()
    if not number or len(number) > LONGEST_NUMBER or not number.isprintable():
        raise Invalid(Message("draft.bad_number", {"most": LONGEST_NUMBER}))
    return number
