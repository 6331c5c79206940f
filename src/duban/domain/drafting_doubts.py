"""The doubts of a draft as a work list: which of the parser's findings still stand, and which the edits brought up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from duban.domain.drafting_state import Working
from duban.domain.source import Span
from duban.domain.tasklist.checks import check_limits
from duban.domain.tasklist.findings import doubt
from duban.domain.tasklist.records import Finding, Matter, Severity, Stretch

if TYPE_CHECKING:
    from duban.domain.drafting import Checked

OF_UNITS: Final = frozenset(
    {
        "unit_unknown",
        "name_unusual",
        "name_joint",
        "units_glued",
        "prefix_restored",
        "list_open_ended",
        "open_collective",
    }
)
SETTLED_BY_NAME: Final = frozenset({"unit_unknown", "name_unusual", "open_collective"})
OF_NUMBERS: Final = frozenset({"number_gap", "number_inferred", "number_repeated", "number_restart"})
SETTLED_BY_LABEL: Final = frozenset({"role_unclear", "label_unknown"})
COUNTED_ANEW: Final = frozenset({"unconsumed", "task_without_units", "no_tasks", "deadline_unread"})
SHOWN: Final = 40


class Doubt(NamedTuple):
    """A finding with its place in the draft. `times` is how often the same question stands; one answer settles all."""

    key: str
    finding: Finding
    task: str = ""
    times: int = 1
    settled_by: str = ""


def key_of(finding: Finding) -> str:
    """What a finding is called in the log of edits: its code and the name it asks about, else its place.

    The same question about one name has one key wherever it stands.
    """
    if finding.code in OF_UNITS and "name" in finding.params and finding.code != "list_open_ended":
        return f"{finding.code}:{finding.params['name']}"
    if finding.code == "deadline_unread":
        return f"{finding.code}:{finding.params['text']}"
    return f"{finding.code}-{finding.span.start}-{finding.span.end}"


def doubts_of(working: Working, tasks: Sequence[Checked], stretches: Sequence[Stretch]) -> tuple[Doubt, ...]:
    """Every doubt in the order of the text, the same question about one name only once."""
    found = [*_remaining(working, tasks), *_counted(working, tasks, stretches)]
    found.sort(key=lambda finding: (finding.span.start, finding.code))
    places = _Places(tasks)
    asked = Counter(map(key_of, found))
    result: dict[str, Doubt] = {}
    for finding in found:
        key = key_of(finding)
        if key not in result:
            by = "" if finding.severity is Severity.BLOCKING else working.decided.seen.get(key, "")
            result[key] = Doubt(key, finding, places.task_at(finding), asked[key], by)
    return tuple(result.values())


def _remaining(working: Working, tasks: Sequence[Checked]) -> Iterator[Finding]:
    """The parser's findings whose reason is still there."""
    standing = {unit.span.start for each in tasks for unit in each.task.units}
    numbers = {
        node.start: node.number == node.record.number for node in working.order if node.id.startswith("t")
    }
    decided = working.decided
    for finding in working.parsed.findings:
        code, place, name = finding.code, finding.span.start, str(finding.params.get("name", ""))
        over = (
            code in COUNTED_ANEW
            or (code in OF_UNITS and code != "list_open_ended" and place not in standing)
            or (code in SETTLED_BY_NAME and name in decided.names)
            or (code in OF_NUMBERS and not numbers.get(_start_of(finding, numbers), False))
            or (code == "role_unclear" and decided.labels)
            or (code == "label_unknown" and finding.params.get("text") in decided.labels)
        )
        if not over:
            yield finding


def _start_of(finding: Finding, numbers: dict[int, bool]) -> int:
    """An inferred number has the place of the text, the others that of the number."""
    return finding.span.start if finding.span.start in numbers else -1


def _counted(working: Working, tasks: Sequence[Checked], stretches: Iterable[Stretch]) -> Iterator[Finding]:
    """What is counted anew after every edit: text that belongs to nothing, tasks without units, numbers twice, limits."""
    for stretch in stretches:
        if stretch.matter is Matter.UNCONSUMED:
            text = stretch.span.of(working.source.text)[:SHOWN]
            yield doubt("unconsumed", *stretch.span, text=text)
    numbers = Counter(each.task.number for each in tasks)
    for each in tasks:
        number, span = each.task.number, each.task.span
        if not each.task.units:
            yield doubt("task_without_units", *span, number, number=number)
        if each.edited and numbers[number] > 1:
            yield doubt("number_repeated", each.pieces[0].start, span.end, number, number=number)
    yield from check_limits((each.task for each in tasks), working.year)
    if not tasks:
        yield doubt("no_tasks", 0, min(working.parsed.characters, 1))


class _Places:
    """Which task a finding is about: the one whose text or units it stands in, else the one of its number."""

    def __init__(self, tasks: Sequence[Checked]) -> None:
        self._spans: list[tuple[Span, str]] = [(each.task.span, each.id) for each in tasks]
        self._numbers = {each.task.number: each.id for each in reversed(tasks)}

    def task_at(self, finding: Finding) -> str:
        at = finding.span.start
        if finding.code == "unconsumed":
            return next((key for span, key in self._spans if span.end > at), "")
        inside = (key for span, key in self._spans if span.start <= at < max(span.end, span.start + 1))
        return next(inside, self._numbers.get(finding.task or "", ""))
