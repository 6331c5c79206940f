"""Says what the characters outside the tasks are, and by which reason; without a reason they stay unconsumed."""

from __future__ import annotations

from collections.abc import Sequence

from duban.domain.tasklist.drafts import Draft
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.frontmatter import Front, back_start, paragraphs
from duban.domain.tasklist.normalise import trim
from duban.domain.tasklist.records import Matter
from duban.domain.tasklist.structure import Node
from duban.domain.tasklist.work import Work


def claim_headings(work: Work, roots: Sequence[Node]) -> None:
    """Headings, the lead-in under a heading, and the chapters that hold no tasks."""
    for root in roots:
        for node in root.walk():
            start, end = node.marker.start, max(node.heading_end, node.marker.end)
            if node.role in ("heading", "bare"):
                work.claims.append((start, end, Matter.HEADING, ""))
                left, right = trim(work.folded, end, node.own_end)
                if right - left > 1 and not node.zones:
                    work.claims.append(
                        (left, right, Matter.MATTER, "lead_in" if node.children else "chapter")
                    )
                if node.role == "bare":
                    work.findings.append(
                        doubt("chapter_without_tasks", start, end, title=work.heading_text(node)[:30])
                    )
            elif node.role in ("preface", "requirement"):
                stop = node.own_end if node is not _last(roots) else back_start(work.folded, end)
                work.claims.append((start, min(stop, node.own_end), Matter.MATTER, node.role))


def _last(roots: Sequence[Node]) -> Node:
    node = roots[-1]
    while node.children:
        node = node.children[-1]
    return node


def claim_front(work: Work, front: Front, roots: Sequence[Node], drafts: Sequence[Draft]) -> None:
    """What stands before the list: title, number, issuer and date, the notice's own words, the page's head."""
    starts = [draft.start for draft in drafts] + [root.marker.start for root in roots]
    starts += [start for start, _, matter, _ in work.claims if matter in (Matter.LABEL, Matter.HEADING)]
    end = min(starts, default=len(work.folded) if not work.tasks else work.tasks[0].span.start)
    for name, span in front.spans.items():
        if span.end <= end or not work.tasks:
            work.claims.append((span.start, span.end, Matter.MATTER, name))
    if work.tasks or roots:
        _fill(work, 0, end, "preface")
    first = next((root.marker.start for root in roots if root.role != "preface"), None)
    if first is not None and roots and roots[0].role == "preface":
        _fill(work, _preface_end(roots), first, "preface")


def _preface_end(roots: Sequence[Node]) -> int:
    return max((root.own_end for root in roots if root.role == "preface"), default=0)


def _fill(work: Work, start: int, end: int, reason: str) -> None:
    """Claims whatever is not claimed yet in a range, paragraph by paragraph."""
    taken = sorted((s, e) for s, e, _, _ in work.claims if s < end and e > start)
    at = start
    for left, right in [*taken, (end, end)]:
        for a, b in paragraphs(work.folded, at, min(left, end)):
            left_edge, right_edge = trim(work.folded, a, b)
            work.claims.append((left_edge, right_edge, Matter.MATTER, reason))
        at = max(at, right)


def claim_rest(work: Work, roots: Sequence[Node]) -> None:
    """What stands after the last assignment is the notice's end; signatures and page debris are so anywhere after."""
    first = work.tasks[0].span.start if work.tasks else len(work.folded)
    final = work.tasks[-1].span.end if work.tasks else len(work.folded)
    for start, end in ((0, first), (final, len(work.folded))):
        for match in work.words.debris.finditer(work.folded, start, end):
            work.claims.append((match.start(), match.end(), Matter.FURNITURE, "debris"))
    ends = [max(task.span.end, work.tables_end) for task in work.tasks[-1:]]
    if roots and (last := _last(roots)).role in ("requirement", "bare", "heading"):
        ends.append(min(last.end, back_start(work.folded, last.heading_end)))
    if ends:
        start = max(ends)
        back = back_start(work.folded, start)
        _fill(work, start, back, "postface")
        _fill(work, back, len(work.folded), "signature")
