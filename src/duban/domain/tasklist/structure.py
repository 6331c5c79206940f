"""Turns numbers and assignments into a tree, and decides which of its nodes are tasks.

The rank that most assignments stand under is the rank of the tasks; a node above it that has its own assignment is a
task too; chapters of requirements, and notices before the list, are not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from duban.domain.tasklist.assignments import Zone
from duban.domain.tasklist.normalise import trim
from duban.domain.tasklist.outline import ITEM, MAX_HEADING, Marker
from duban.domain.tasklist.patterns import Patterns

LONGEST_HEADING = 120


class Node:
    """A marker with everything up to the next one of its rank or above."""

    __slots__ = ("assigned", "children", "end", "heading_end", "marker", "parent", "role", "zones")

    def __init__(self, marker: Marker, end: int, parent: Node | None = None) -> None:
        self.marker = marker
        self.end = end
        self.parent = parent
        self.children: list[Node] = []
        self.zones: list[Zone] = []
        self.assigned = False
        self.role = ""
        self.heading_end = 0

    @property
    def own_end(self) -> int:
        """Where the first child begins, or the node ends."""
        return self.children[0].marker.start if self.children else self.end

    def walk(self) -> Iterator[Node]:
        """The node and everything below it, in printed order."""
        yield self
        for child in self.children:
            if child.children:
                yield from child.walk()
            else:
                yield child


def build(markers: Sequence[Marker], zones: Sequence[Zone], length: int) -> list[Node]:
    """The top nodes. Every zone hangs on the innermost node before it."""
    roots: list[Node] = []
    stack: list[Node] = []
    nodes: list[Node] = []
    for marker in markers:
        while stack and stack[-1].marker.rank >= marker.rank:
            stack.pop().end = marker.start
        node = Node(marker, length, stack[-1] if stack else None)
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)
        nodes.append(node)
    starts = [marker.start for marker in markers]
    for zone in zones:
        index = bisect_right(starts, zone.start) - 1
        if index < 0:
            continue
        nodes[index].zones.append(zone)
        up: Node | None = nodes[index]
        while up is not None and not up.assigned and zone.of_units:
            up.assigned = True
            up = up.parent
    return roots


def task_rank(roots: Sequence[Node]) -> tuple[int, bool]:
    """The rank of the tasks, and whether assignments prove it."""
    votes: Counter[int] = Counter()
    counts: Counter[int] = Counter()
    for root in roots:
        for node in root.walk():
            counts[node.marker.rank] += 1
            if any(zone.of_units for zone in node.zones):
                votes[node.marker.rank] += 1
    if votes:
        most = max(votes.values())
        return min(rank for rank, count in votes.items() if count == most), True
    several = [rank for rank, count in counts.items() if count > 1 and rank <= ITEM] or list(counts)
    return max(several, default=ITEM), False


class Chooser:
    """Decides for every node: task, part of one, heading, or matter that is no task."""

    def __init__(self, folded: str, words: Patterns, rank: int, *, proven: bool) -> None:
        self.folded = folded
        self.words = words
        self.rank = rank
        self.proven = proven

    def choose(self, roots: Sequence[Node]) -> None:
        """Sets `role` of every node: task, part, heading, preface, requirement or bare."""
        top = min((root.marker.rank for root in roots), default=0)
        reached = False
        for root in roots:
            reached = reached or root.marker.rank == top or root.assigned
            if not reached:
                _set_all(root, "preface")
            else:
                self._node(root)

    def _node(self, node: Node) -> None:
        if node.assigned and node.marker.rank == self.rank and not node.children:
            node.role = "task"
            return
        node.heading_end = self.heading_end(node)
        if not node.assigned and self._is_requirement(node):
            _set_all(node, "requirement")
            return
        if self._is_task(node):
            node.role = "task"
            for child in node.children:
                _set_all(child, "part")
            return
        node.role = "heading"
        if not node.children and trim(self.folded, node.heading_end, node.end) != (node.end, node.end):
            node.role = "bare" if self._body(node) else "heading"
        for child in node.children:
            self._node(child)

    def _is_task(self, node: Node) -> bool:
        own = any(zone.of_units for zone in node.zones)
        below = any(child.assigned for child in node.children)
        if node.marker.rank < self.rank:
            return own and not below
        if node.assigned:
            return own or not self._splits(node)
        return not (len(node.children) > 1 and not self._body(node))

    def _splits(self, node: Node) -> bool:
        """Whether several children carry assignments of their own under a mere heading."""
        return sum(child.assigned for child in node.children) > 1 and not self._body(node)

    def _body(self, node: Node) -> bool:
        """Whether a node says more than its heading before its first child."""
        start, end = trim(self.folded, node.heading_end, node.own_end)
        return end - start > 1

    def _is_requirement(self, node: Node) -> bool:
        title = self.folded[node.marker.end : min(node.heading_end, node.marker.end + 24)]
        return self.words.requirement.search(title) is not None

    def heading_end(self, node: Node) -> int:
        """Where the printed heading of a node ends."""
        start, end = trim(self.folded, node.marker.end, node.own_end)
        if node.zones and node.zones[0].start < end:
            end = trim(self.folded, start, node.zones[0].start)[1]
        text = self.folded[start:end]
        stop = min((at for at in (text.find("。"), text.find("；")) if at >= 0), default=-1)
        if (stop < 0 or stop == len(text) - 1) and len(text) <= LONGEST_HEADING:
            return end
        limit = stop if stop >= 0 else len(text)
        for at, c in enumerate(text[: min(limit, MAX_HEADING)]):
            if c.isspace() and at >= 2:
                return start + at
        return start + (stop + 1 if 0 <= stop <= MAX_HEADING else 0)


def _set_all(node: Node, role: str) -> None:
    for each in node.walk():
        each.role = role
