"""What a person may do to a draft before it is published: the kinds of edit, and an edit as a value that can be stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.words import WORDS


class EditKind(StrEnum):
    """The kinds of edit. Names of values are those of `VALUES`."""

    NAME = "name"
    NUMBER = "number"
    HEADING = "heading"
    BOUNDS = "bounds"
    SPLIT = "split"
    MERGE = "merge"
    BOUNDARY = "boundary"
    SET_ASIDE = "set_aside"
    MAKE_TASK = "make_task"
    ROLE = "role"
    LABEL_ROLE = "label_role"
    RESOLVE = "resolve"
    ADD_UNIT = "add_unit"
    REMOVE_UNIT = "remove_unit"
    SEEN = "seen"
    UNDO = "undo"


KINDS: Final[dict[EditKind, tuple[str, str]]] = {
    EditKind.NAME: ("定清单名称和年份", "Title and year of the list"),
    EditKind.NUMBER: ("改编号", "Number changed"),
    EditKind.HEADING: ("改篇章", "Chapter changed"),
    EditKind.BOUNDS: ("改起止", "Text bounds moved"),
    EditKind.SPLIT: ("拆分", "Task split"),
    EditKind.MERGE: ("与下一项合并", "Merged with the next"),
    EditKind.BOUNDARY: ("移动与下一项的分界", "Boundary with the next moved"),
    EditKind.SET_ASIDE: ("列为前后文", "Set aside"),
    EditKind.MAKE_TASK: ("列为任务", "Made a task"),
    EditKind.ROLE: ("改单位角色", "Role of a unit"),
    EditKind.LABEL_ROLE: ("定栏目角色", "Role of a label"),
    EditKind.RESOLVE: ("认定单位", "Name settled"),
    EditKind.ADD_UNIT: ("补单位", "Unit added"),
    EditKind.REMOVE_UNIT: ("去单位", "Unit removed"),
    EditKind.SEEN: ("疑点已核", "Doubt looked at"),
    EditKind.UNDO: ("撤销", "Undone"),
}

NO_UNIT: Final = "不是单位"

VALUES: Final[dict[EditKind, dict[str, type]]] = {
    EditKind.NAME: {"title": str, "year": int},
    EditKind.NUMBER: {"task": str, "number": str},
    EditKind.HEADING: {"task": str, "heading": int},
    EditKind.BOUNDS: {"task": str, "start": int, "end": int},
    EditKind.SPLIT: {"task": str, "at": int},
    EditKind.MERGE: {"task": str},
    EditKind.BOUNDARY: {"task": str, "at": int},
    EditKind.SET_ASIDE: {"task": str, "start": int, "end": int},
    EditKind.MAKE_TASK: {"start": int, "end": int, "number": str},
    EditKind.ROLE: {"task": str, "unit": str, "role": str},
    EditKind.LABEL_ROLE: {"label": str, "role": str},
    EditKind.RESOLVE: {"name": str, "as": str, "key": str},
    EditKind.ADD_UNIT: {"task": str, "as": str, "key": str, "role": str},
    EditKind.REMOVE_UNIT: {"task": str, "unit": str},
    EditKind.SEEN: {"findings": list},
    EditKind.UNDO: {"edit": int},
}


class Edit(NamedTuple):
    """One act on a draft. `seen` is the revision of the draft that the editor looked at; `actor` tells people apart.

    Revisions and ordinals are the same numbers: the edit of ordinal n makes revision n. `label` is the actor's name.
    """

    kind: EditKind
    values: Mapping[str, Any]
    seen: int = 0
    ordinal: int = 0
    actor: str = ""
    label: str = ""

    @property
    def said(self) -> str:
        """The value this edit sets, as a person would say it."""
        values = self.values
        if self.kind in (EditKind.ROLE, EditKind.LABEL_ROLE):
            return WORDS["role"][values["role"]][0]
        if self.kind is EditKind.RESOLVE and values["as"] == "none":
            return NO_UNIT
        if self.kind is EditKind.NAME:
            return f"{values['title']}（{values['year']}年）"
        said = values.get("number") or values.get("key")
        return said or KINDS[self.kind][0]

    def body(self) -> dict[str, Any]:
        """As JSON values."""
        return {"kind": self.kind.value, "values": dict(self.values), "seen": self.seen}


def edit_from(body: Mapping[str, Any], *, ordinal: int, actor: str, label: str) -> Edit:
    """An edit out of its stored body."""
    return Edit(EditKind(body["kind"]), body["values"], body["seen"], ordinal, actor, label)


def checked(edit: Edit) -> Edit:
    """The same edit when it holds exactly the values its kind needs; Invalid (draft.unreadable) otherwise."""
    wanted = VALUES[edit.kind]
    fits = set(edit.values) == set(wanted) and all(
        type(edit.values[name]) is kind for name, kind in wanted.items()
    )
    roles_fit = "role" not in wanted or edit.values.get("role") in WORDS["role"]
    if not fits or not roles_fit:
        raise Invalid(Message("draft.unreadable"))
    return edit


def effective(log: Iterable[Edit]) -> list[Edit]:
    """The edits that still count: neither undone nor acts of undoing."""
    rows = list(log)
    gone = {edit.values["edit"] for edit in rows if edit.kind is EditKind.UNDO}
    return [edit for edit in rows if edit.kind is not EditKind.UNDO and edit.ordinal not in gone]
