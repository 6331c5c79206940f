"""Why a type is proposed for a task: code -> (Chinese, English)."""

from __future__ import annotations

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "nature.cited_list": (
        "任务以“{word}”引用另一份清单，按完成项数跟踪。",
        "The task points to another list (“{word}”) and is followed by how many of its items are done.",
    ),
    "nature.event": ("写明了举办的活动（“{word}”）。", "An occasion to be held is named (“{word}”)."),
    "nature.floor": (
        "属于不得突破、不得发生的底线要求（“{word}”）。",
        "It is a floor that must not be broken (“{word}”).",
    ),
    "nature.multi_year": (
        "属于跨年实施的计划或行动（“{word}”）。",
        "It is part of a programme of several years (“{word}”).",
    ),
    "nature.political": (
        "属于须长期坚持的政治要求（“{word}”）。",
        "It is a political duty that keeps being done (“{word}”).",
    ),
    "nature.project": (
        "以工程项目建设为主（“{word}”）。",
        "It is mainly about works to be built (“{word}”).",
    ),
    "nature.quantified": ("写明了量化目标 {count} 个。", "Numeric goals stated: {count}."),
    "nature.recurring": ("按固定周期开展（“{word}”）。", "It recurs at a fixed interval (“{word}”)."),
    "nature.rule": ("需要制定或修订文件（“{word}”）。", "A document is to be written or amended (“{word}”)."),
    "nature.standing": (
        "未写明数量、工程、文件、活动等可逐项核对的内容，按常态工作对待。",
        "No number, works, document or event to check is stated, so it is taken as a standing duty.",
    ),
    "nature.statistic": (
        "以统计部门或主管部门公布的指标衡量（“{word}”）。",
        "It is measured by an officially published statistic (“{word}”).",
    ),
    "nature.upward": (
        "结果取决于上级的批准或支持（“{word}”）。",
        "The outcome depends on a higher level (“{word}”).",
    ),
}
