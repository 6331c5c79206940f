"""What an edit writes, so that two edits of one thing are known when they meet, and those of two things never do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from duban.domain.drafting_edits import Edit, EditKind
from duban.domain.drafting_state import Working
from duban.domain.source import Span

ALL: Final = "*"

Slot = tuple[str, str]


def slots_of(working: Working, edit: Edit) -> frozenset[Slot]:
    """What an edit writes in a draft: (task, part), or (label or name, "").

    Conflict when a task it names is gone; Invalid when it wants the task after the last.
    """
    values = edit.values
    match edit.kind:
        case EditKind.NAME:
            slots = {("list", "")}
        case EditKind.LABEL_ROLE:
            slots = {(f"label:{values['label']}", "")}
        case EditKind.RESOLVE:
            slots = {(f"name:{values['name']}", "")}
        case EditKind.MERGE | EditKind.BOUNDARY:
            slots = {(values["task"], ALL), (working.after(values["task"]).id, ALL)}
        case EditKind.MAKE_TASK:
            slots = {(f"e{edit.ordinal}", ALL), ("text", str(values["start"]))}
        case EditKind.SPLIT:
            slots = {(values["task"], ALL), (f"e{edit.ordinal}", ALL)}
        case EditKind.SET_ASIDE if not values["task"]:
            holder = working.holder(Span(values["start"], values["end"]))
            slots = {(holder.id, ALL) if holder else ("text", str(values["start"]))}
        case EditKind.SEEN | EditKind.UNDO:
            slots = set()
        case _:
            slots = {(values["task"], _part(edit))}
    return frozenset(slots)


def _part(edit: Edit) -> str:
    match edit.kind:
        case EditKind.ROLE | EditKind.REMOVE_UNIT:
            return f"unit:{edit.values['unit']}"
        case EditKind.ADD_UNIT:
            return f"add:{edit.values['key']}"
        case EditKind.NUMBER | EditKind.HEADING:
            return edit.kind.value
    return ALL


def stands(working: Working, edit: Edit) -> bool:
    """Whether the draft already says what the edit would say."""
    values, decided = edit.values, working.decided
    said: object = False
    match edit.kind:
        case EditKind.NAME:
            said = (working.title, working.year) == (values["title"].strip(), values["year"])
        case EditKind.NUMBER:
            said = working.node(values["task"]).number == values["number"]
        case EditKind.HEADING:
            said = working.node(values["task"]).path == working.path_of(values["heading"])
        case EditKind.ROLE:
            said = working.role_of(working.unit(edit)) == values["role"]
        case EditKind.LABEL_ROLE:
            said = decided.labels.get(values["label"]) == values["role"]
        case EditKind.RESOLVE:
            said = decided.names.get(values["name"]) == (values["as"], values["key"])
        case EditKind.SEEN:
            said = bool(values["findings"]) and all(key in decided.seen for key in values["findings"])
        case EditKind.ADD_UNIT:
            units = working.node(values["task"]).units
            said = any(working.meaning(owed.printed)[0] == values["key"] for owed in units)
    return bool(said)


def meet(one: Iterable[Slot], two: Iterable[Slot]) -> bool:
    """Whether two edits write the same thing."""
    other = set(two)
    return any(
        (task, part) in other or any(t == task and ALL in (part, p) for t, p in other) for task, part in one
    )
