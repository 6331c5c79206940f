"""What the 数值 cell of a report may hold by type of task, and which sub-items its 问题 cell names as late.

A type that goes through stages, a floor and a matter before a higher level answer with one word of a short list; what has nodes with
numbers answers with a number; a standing duty is asked for words alone (product.md, the types of tasks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from duban.domain.due import read_number
from duban.domain.messages import Message
from duban.domain.natures import STAGES, Nature

Choice = tuple[str, str, str]
KEPT, BREACHED = "kept", "breached"
UNDER_WAY, OWN_PART_DONE = "under_way", "own_part_done"
CHOICES: Final[dict[Nature, tuple[Choice, ...]]] = {
    **STAGES,
    Nature.FLOOR: (
        (KEPT, "未突破底线", "Floor kept"),
        (BREACHED, "已突破底线", "Floor breached"),
    ),
    Nature.UPWARD: (
        (UNDER_WAY, "正在办理", "Under way"),
        (OWN_PART_DONE, "自身工作已完成", "Own part done"),
    ),
}
"""(code, 中文, English) of what a report may answer, for the types that answer with a word."""

_CLAUSE: Final = re.compile(r"[，。；;,！？\n]")
_AHEAD: Final = re.compile(r"[拟待未将前]|计划|预计|力争|争取|准备|尚|下一步|下步|下月|下季度")
_ITEMS: Final = re.compile(r"分项((?:\d{1,2}[、，,和及]?)+)未达(?:序时|时序)[。；]?")
_ORDINAL: Final = re.compile(r"\d+")


def chosen(text: str, nature: Nature) -> str:
    """The code of the word that a cell holds, the furthest where it holds several; "" for none."""
    held = [code for code, zh, _ in CHOICES.get(nature, ()) if zh in text]
    return held[-1] if held else ""


def stage_said(progress: str, nature: Nature) -> str:
    """The furthest stage that the words of a report say is reached; what lies ahead in them (拟、年底前、力争 …) does not count."""
    reached = [clause for clause in _CLAUSE.split(progress) if not _AHEAD.search(clause)]
    found = {code for clause in reached if (code := _furthest(clause, nature))}
    return next((code for code, _, _ in reversed(STAGES.get(nature, ())) if code in found), "")


def _furthest(text: str, nature: Nature) -> str:
    named = [code for code, zh, _ in STAGES.get(nature, ()) if zh in text]
    return named[-1] if named else ""


def refusal_of_value(text: str, nature: Nature, *, valued: bool) -> Message | None:
    """Why a 数值 cell cannot be taken: where the type has a list it holds neither a word of it nor one number, where nodes count no number."""
    if not text or chosen(text, nature) or read_number(text) is not None:
        return None
    if nature in CHOICES:
        return Message("sheet.value_not_listed", {"words": "、".join(zh for _, zh, _ in CHOICES[nature])})
    return Message("sheet.value_not_a_number") if valued else None


def late_items(problem: str) -> tuple[int, ...]:
    """The sub-items that a 问题 cell names as behind, ascending, as in “分项2、4未达序时”."""
    found = _ITEMS.search(problem)
    return tuple(sorted({int(one) for one in _ORDINAL.findall(found[1])})) if found else ()


def with_late_items(items: Iterable[int], problem: str) -> str:
    """A 问题 cell that names these sub-items as behind, and none where there is none."""
    rest = _ITEMS.sub("", problem, count=1).strip()
    named = "、".join(map(str, sorted(set(items))))
    return f"分项{named}未达序时。{rest}" if named else rest


def without_late_items(problem: str) -> str:
    """A 问题 cell without the sentence that names sub-items."""
    return with_late_items((), problem)
