"""The parsed list for the eye and for the spreadsheet: one row for each task."""

from __future__ import annotations

from collections.abc import Iterator

from duban.domain.messages import render
from duban.domain.tasklist.records import ParsedList, PrintedUnit, Role, Severity, Task

ROLES = {Role.LEAD: "牵头", Role.MAIN: "责任", Role.SUPPORT: "配合"}
COLUMNS = ("编号", "篇章", "任务", "牵头单位", "责任单位", "配合单位", "量化指标", "时限")
MARKS = {Severity.BLOCKING: "■", Severity.CONFIRM: "▲", Severity.NOTE: "·"}


def csv_lines(parsed: ParsedList) -> Iterator[str]:
    """Comma-separated rows with a byte-order mark, as spreadsheet programs expect them."""
    yield "\ufeff" + _csv(COLUMNS)
    for task in parsed.tasks:
        yield _csv(_cells(task))


def table_lines(parsed: ParsedList) -> Iterator[str]:
    """A readable account: head, headings, tasks with units, findings."""
    head = (parsed.title, parsed.document_number, parsed.issuer)
    yield "  ".join(part for part in head if part) + "\n"
    path: tuple[str, ...] = ()
    for task in parsed.tasks:
        if task.path != path:
            path = task.path
            yield "\n" + " / ".join(path) + "\n"
        yield f"{task.number:>5}  {task.text}\n"
        if task.units:
            yield "       " + "  ".join(f"[{ROLES[unit.role]}] {_name(unit)}" for unit in task.units) + "\n"
    yield f"\n任务 {len(parsed.tasks)} 项，单位 {sum(len(task.units) for task in parsed.tasks)} 处，提示 {len(parsed.findings)} 条\n"
    for finding in parsed.findings:
        place = f"[{finding.task}] " if finding.task else ""
        yield f"{MARKS[finding.severity]} {place}{render(finding.message)}\n"


def _cells(task: Task) -> tuple[str, ...]:
    by_role = {role: "、".join(_name(u) for u in task.units if u.role is role) for role in Role}
    targets = "；".join(target.text for target in task.targets)
    deadline = task.deadline.text if task.deadline else ""
    path = " / ".join(task.path)
    return (
        task.number,
        path,
        task.text,
        by_role[Role.LEAD],
        by_role[Role.MAIN],
        by_role[Role.SUPPORT],
        targets,
        deadline,
    )


def _name(unit: PrintedUnit) -> str:
    return unit.expanded or unit.name


def _csv(cells: tuple[str, ...]) -> str:
    return ",".join(_quoted(cell) for cell in cells) + "\r\n"


def _quoted(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula is kept as text."""
    safe = f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
    return '"' + safe.replace('"', '""') + '"' if any(c in safe for c in '",\r\n') else safe
