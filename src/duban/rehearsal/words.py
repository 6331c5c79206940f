"""What simulated units write: plans and reports made from a task's own type and target. Nothing here is a real unit's text."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from random import Random
from typing import Final, NamedTuple

from duban.domain.due import plain
from duban.domain.natures import STAGES, Nature

QUARTERS: Final = (3, 6, 9, 12)
SHARES: Final = (Decimal("0.20"), Decimal("0.45"), Decimal("0.75"), Decimal(1))
LEADERS: Final = (
    "常务副市长（演练）",
    "副市长甲（演练）",
    "副市长乙（演练）",
    "副市长丙（演练）",
    "副市长丁（演练）",
    "副市长戊（演练）",
)
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
PROBLEMS: Final = (
    ("用地手续尚未办结，影响开工", "请市规划自然资源部门协调用地"),
    ("资金到位滞后于计划", "对接财政部门加快拨付"),
    ("跨区事项需要相关单位配合", "提请召开专题会议协调"),
    ("上级批复尚未下达", "派专人跟踪报批进度"),
)
NEXT: Final = ("按计划推进下一节点工作", "组织一次现场检查，逐项销账", "加快审批和招标，确保节点完成")
TEXT_NODES: Final = ("完成动员部署", "完成过半任务", "主要任务基本完成", "全面完成年度任务")
YEAR_WORDS: Final = {
    Nature.PROJECT: "按期建成投用",
    Nature.RULE: "完成制定并印发",
    Nature.EVENT: "按期举办活动",
    Nature.RECURRING: "按周期开展，次次有结果",
    Nature.FLOOR: "守住底线，全年不突破",
    Nature.STATISTIC: "达到统计部门核定的年度目标",
    Nature.UPWARD: "完成本级应做的报批工作",
    Nature.MULTI_YEAR: "完成跨年安排中本年度的任务",
}
EVENT_NODES: Final = ("确定活动方案", "落实筹备工作", "筹备就绪", "活动已举办")
LARGE: Final = ("万", "亿", "百万", "千万")
TIMES: Final = {"每周": 52, "每月": 12, "每个月": 12, "每季度": 4, "每半年": 2, "每学期": 2, "每年": 1, "": 1}
Printed = tuple[Decimal, str, str, str]  # value, measure, comparator, period
OCCASIONS: Final = frozenset({"次", "场", "场次", "期"})


class Headline(NamedTuple):
    """The headline target of a task: what the year comes to, and its measure as printed.

    `even`: it is done so many times in every period, and so falls due evenly over the year.
    """

    value: Decimal
    measure: str
    downward: bool
    even: bool = False

    @property
    def rate(self) -> bool:
        """Whether it is a share or a rate of growth, which stands at the same height all year."""
        return self.measure.startswith(("%", "％", "个百分点"))


def headline_of(printed: Printed) -> Headline | None:
    """A printed number as a target of the year: once every month is 12 times; None where a year cannot be told from it."""
    value, measure, comparator, period = printed
    times = TIMES.get(period)
    if times is None or (times > 1 and measure not in OCCASIONS):
        return None
    return Headline(value * times, measure, comparator == "le", times > 1)


class PlanWords(NamedTuple):
    """A lead's row: the year target and its four nodes."""

    year_target: str
    nodes: tuple[str, str, str, str]


class ReportWords(NamedTuple):
    """A report: progress, value, problem, next step; or no change at all."""

    no_change: bool = False
    progress: str = ""
    value: str = ""
    problem: str = ""
    next_step: str = ""


def plan_words(nature: Nature, headline: Headline | None) -> PlanWords:
    """Nodes in the measure of the target; stages for projects and documents; plain sentences for the rest."""
    if nature == Nature.STANDING:
        return PlanWords("长期坚持，按年度要求落实", ("", "", "", ""))
    if headline is not None and nature not in STAGES:
        shares = [Decimal(month) / 12 for month in QUARTERS] if headline.even else SHARES
        at = [shown(headline, share, ROUND_FLOOR if headline.even else ROUND_HALF_UP) for share in shares]
        return PlanWords(f"{at[3]}", (at[0], at[1], at[2], at[3]))
    if nature == Nature.EVENT:
        return PlanWords(YEAR_WORDS[nature], EVENT_NODES)
    if nature in STAGES:
        names = [name for _, name, _ in STAGES[nature]]
        steps = [names[min(len(names) - 1, round(len(names) * n / 4))] for n in range(4)]
        return PlanWords(YEAR_WORDS[nature], (steps[0], steps[1], steps[2], names[-1]))
    return PlanWords(YEAR_WORDS.get(nature, "完成年度任务"), TEXT_NODES)


def shown(headline: Headline, share: Decimal, rounding: str = ROUND_HALF_UP) -> str:
    """A part of the target as people write it, in 万 and 亿 with two decimals; a ceiling or a rate stands unchanged all year."""
    if headline.downward or headline.rate:
        return f"{plain(headline.value)}{headline.measure}"
    whole = headline.value == headline.value.to_integral_value() and not headline.measure.startswith(LARGE)
    step = Decimal(1) if whole else Decimal("0.01")
    return f"{plain((headline.value * share).quantize(step, rounding))}{headline.measure}"


def report_words(
    nature: Nature, headline: Headline | None, month: int, pace: Decimal, random: Random
) -> ReportWords:
    """What a unit of that pace writes at the end of a month."""
    share = _due_share(month) * pace
    behind = pace < Decimal("0.9")
    problem, way_out = random.choice(PROBLEMS) if behind and random.random() < 0.7 else ("", "")
    step = way_out or random.choice(NEXT)
    if nature == Nature.STANDING:
        return ReportWords(progress="年度各项要求已落实，工作机制持续运行")
    if headline is not None and nature not in STAGES:
        value = shown(headline, Decimal(month) / 12 * pace if headline.even else share)
        if headline.rate and not headline.downward:
            value = shown(headline._replace(value=(headline.value * pace).quantize(Decimal("0.01"))), share)
        verb = "达到" if headline.rate or headline.downward else "累计完成"
        return ReportWords(progress=f"{verb}{value}", value=value, problem=problem, next_step=step)
    if said := _stage_words(nature, month, share, behind=behind):
        return ReportWords(progress=said[0], value=said[1], problem=problem, next_step=step)
    if month not in QUARTERS and random.random() < 0.3:
        return ReportWords(no_change=True)
    return ReportWords(progress="各项措施按计划推进，完成本阶段工作", problem=problem, next_step=step)


def _stage_words(nature: Nature, month: int, share: Decimal, *, behind: bool) -> tuple[str, str] | None:
    """Progress and word of the list, for the types that answer with a word of one."""
    finished = month == QUARTERS[-1] and not behind
    if nature == Nature.EVENT:
        return ("活动已举办，成效正在总结", "已举办") if finished else ("正在筹备活动", "未举办")
    if nature == Nature.FLOOR:
        return "运行平稳，没有突破底线的情形", "未突破底线"
    if nature not in STAGES:
        return None
    names = [name for _, name, _ in STAGES[nature]]
    reached = names[-1] if finished else names[min(len(names) - 1, int(len(names) * share))]
    return f"已到{reached}阶段", reached


def _due_share(month: int) -> Decimal:
    """The share of the year's work that the nodes ask by the end of a month; between two nodes, half-way."""
    for quarter, share in zip(QUARTERS, SHARES, strict=True):
        if month <= quarter:
            return share if month == quarter else share * Decimal("0.8")
    return Decimal(1)


def name_of(random: Random) -> str:
    """An invented name."""
    return f"{random.choice(SURNAMES)}{random.choice('明华建国志强晓东文静海燕')}（演练）"
