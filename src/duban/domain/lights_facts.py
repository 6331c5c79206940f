"""What a light is judged from and by: facts, thresholds, and the lights with their shapes and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from duban.domain.due import Node
from duban.domain.messages import Message
from duban.domain.natures import Nature, Rhythm


class Light(StrEnum):
    """What the system sees. PENDING (待核定): the official statistic is not published yet."""

    NORMAL = "normal"
    WARNING = "warning"
    LAGGING = "lagging"
    NOT_YET = "not_yet"
    MISSING = "missing"
    STALE = "stale"
    DONE = "done"
    STANDING = "standing"
    PENDING = "pending"


LIGHTS: Final[dict[Light, tuple[str, str, str]]] = {
    Light.NORMAL: ("●", "正常", "On track"),
    Light.WARNING: ("▲", "预警", "Warning"),
    Light.LAGGING: ("■", "滞后", "Lagging"),
    Light.NOT_YET: ("◇", "未到节点", "Not due yet"),
    Light.MISSING: ("！", "应报未报", "Report missing"),
    Light.STALE: ("○", "久未更新", "Out of date"),
    Light.DONE: ("✓", "完成", "Completed"),
    Light.STANDING: ("—", "长期坚持", "Standing"),
    Light.PENDING: ("◌", "待核定", "Awaiting figures"),
}
"""(shape, 中文, English) of every light; the shape alone tells them apart in black and white."""

WORST_FIRST: Final = (
    Light.LAGGING,
    Light.WARNING,
    Light.MISSING,
    Light.STALE,
    Light.NORMAL,
    Light.PENDING,
    Light.NOT_YET,
    Light.STANDING,
    Light.DONE,
)

PAUSED: Final = "lights.paused"
NODE_MET: Final = "lights.node_met"  # what the office answers to a view that asks
LEFT_TO_OFFICE: Final = frozenset({"lights.text_reported"})  # a view that asks, and answers nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one task or sub-item on the day `on`.

    Nodes are those of this year, their values cumulative. `value_on` is the day a value stands for (the end of its
    period; 无变化 moves it on), the day `on` itself when unknown. `report_due` is the day of the oldest report still
    owed, None when none is; `report_returned` says that it came and was sent back. `reported_for` is the last day of the period that the newest report with words is about.
    `sub_items_late` are the numbers of the sub-items that the unit names as behind, `headline_item` that of the one whose
    value is counted, 0 for none. `indicator` names what the value counts, where a task has several targets. Occurrences due are counted up to `on`. `own_acts_done`: of a task that depends on a
    higher level, whether the unit has done its own part. `paused`: parked (暂缓) or discontinued (终止) on its basis.
    """

    nature: Nature
    on: date
    nodes: Sequence[Node] = ()
    comparator: str = "ge"
    measure_unit: str = ""
    indicator: str = ""
    value: Decimal | None = None
    value_on: date | None = None
    stage: str = ""
    stage_on: date | None = None
    deadline: date | None = None
    rhythm: Rhythm = Rhythm.MONTHLY
    reported_on: date | None = None
    reported_for: date | None = None
    report_due: date | None = None
    report_returned: bool = False
    sub_items_total: int = 0
    sub_items_late: tuple[int, ...] = ()
    headline_item: int = 0
    breached: bool = False
    held_on: date | None = None
    occurrences_due: int = 0
    occurrences_done: int = 0
    done_on: date | None = None
    own_acts_done: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """The thresholds of one version. WARNING from the first number on, LAGGING above the second.

    `warn_points`, `lag_points`: hundredths of the year's target behind the node (rules.md §2.4, 银川). `warn_days`,
    `lag_days`: calendar days after a stage, deadline or event. `lag_occurrences`: LAGGING from so many missed on, one
    missed is WARNING. `stale_days`: age of the latest report of a monthly task; other rhythms are given as many
    days more as lie between their reports.
    """

    version: str
    warn_points: int = 10
    lag_points: int = 30
    warn_days: int = 15
    lag_days: int = 30
    stale_days: int = 60
    lag_occurrences: int = 2


PRESET: Final = Rule("preset-1")
MORE_DAYS: Final = {Rhythm.MONTHLY: 0, Rhythm.QUARTERLY: 61, Rhythm.YEARLY: 335, Rhythm.AT_DATE: 335}


class Verdict(NamedTuple):
    """A light, its reason, and the figures it rests on, as text."""

    light: Light
    message: Message
    inputs: Mapping[str, str]
