from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from duban.domain.due import Node
from duban.domain.lights import LIGHTS, PRESET, Facts, Light, Rule, judge
from duban.domain.lights_facts import NODE_MET
from duban.domain.natures import STAGES, Nature, Rhythm
from duban.domain.phrases_judging import PHRASES

D = Decimal
N = Nature
L = Light
Q1, HALF, Q3, YEAR = date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 12, 31)
OCT = date(2023, 10, 20)
LATE = date(2023, 11, 5)


def values(*figures):
    return [Node(on, D(figure), "") for on, figure in zip((Q1, HALF, Q3, YEAR), figures, strict=True)]


FIRMS = values(10, 40, 75, 75)
HUNDRED = values(10, 40, 75, 100)
AIR = values(40, 38, 34, 32)
BUILD = [Node(HALF, None, "开工", "started"), Node(YEAR, None, "主体完工", "main_works")]
TEXTS = [Node(HALF, None, "方案报批"), Node(YEAR, None, "全面完成")]


def facts(nature=N.QUANTIFIED, on=OCT, **known):
    return Facts(nature=nature, on=on, **known)


def firms(value, on=OCT, **known):
    given = {"nodes": FIRMS, "measure_unit": "家", "value": None if value is None else D(value), **known}
    return facts(on=on, **given)


def build(stage, on, **known):
    return facts(N.PROJECT, on, nodes=BUILD, stage=stage, **known)


def said(verdict, language=0):
    return PHRASES[verdict.message.code][language].format(**verdict.message.params)


TABLE = [
    # quantified: points behind the node, 10 and 30
    (firms(0, paused=True), L.PENDING, "已按依据文件暂缓或终止，不作研判。"),
    (firms(60), L.WARNING, "到三季度应完成 75 家，实际 60 家，少 15 家，相当于全年目标的 20%。"),
    (firms(75), L.NORMAL, "到三季度应完成 75 家，实际 75 家，达到序时要求。"),
    (firms(80), L.NORMAL, "到三季度应完成 75 家，实际 80 家，达到序时要求。"),
    (firms(74), L.NORMAL, "到三季度应完成 75 家，实际 74 家，少 1 家，相当于全年目标的 1.3%。"),
    (firms("67.5"), L.WARNING, "到三季度应完成 75 家，实际 67.5 家，少 7.5 家，相当于全年目标的 10%。"),
    (firms("52.5"), L.WARNING, "到三季度应完成 75 家，实际 52.5 家，少 22.5 家，相当于全年目标的 30%。"),
    (firms(52), L.LAGGING, "到三季度应完成 75 家，实际 52 家，少 23 家，相当于全年目标的 30.7%。"),
    (firms(0, nodes=HUNDRED), L.LAGGING, "到三季度应完成 75 家，实际 0 家，少 75 家，相当于全年目标的 75%。"),
    (firms("65.04", nodes=HUNDRED), L.WARNING, "到三季度应完成 75 家，实际 65.04 家，少 9.96 家，相当于全年目标的 10%。"),
    (firms(60, date(2023, 2, 1)), L.NOT_YET, "下一节点为一季度，目前未到节点。"),
    (firms(30, value_on=HALF), L.WARNING, "到上半年应完成 40 家，实际 30 家，少 10 家，相当于全年目标的 13.3%。"),
    (firms(8, date(2023, 4, 3), value_on=date(2023, 2, 28)), L.NOT_YET, "到一季度应完成 10 家，数值待报。"),
    (firms(None), L.NOT_YET, "到三季度应完成 75 家，数值待报。"),
    (firms(None, reported_on=Q3), L.NOT_YET, "到三季度应完成 75 家，数值待报。"),
    (firms(None, reported_on=date(2023, 10, 9)), L.MISSING, "到三季度应完成 75 家，已报进展，未报数值。"),
    (
        firms(50, date(2024, 1, 15), nodes=values(10, 40, 75, 100)),
        L.LAGGING,
        "到2023年年底应完成 100 家，实际 50 家，少 50 家，相当于全年目标的 50%。",
    ),
    (facts(N.CITED_LIST, nodes=HUNDRED, measure_unit="项", value=D(70)), L.NORMAL,
     "到三季度应完成 75 项，实际 70 项，少 5 项，相当于全年目标的 5%。"),
    (facts(nodes=values(1, 2, 3, "4.5"), measure_unit="%", value=D("2.5")), L.WARNING,
     "到三季度应达到 3%，实际 2.5%，差距相当于全年目标的 11.1%。"),
    (facts(nodes=values(1, 2, 3, "4.5"), measure_unit="%", value=D(3)), L.NORMAL,
     "到三季度应达到 3%，实际 3%，达到序时要求。"),
    # limits go the other way
    (facts(nodes=AIR, comparator="le", measure_unit="微克", value=D(33)), L.NORMAL,
     "到三季度应控制在 34 微克以内，实际 33 微克，符合要求。"),
    (facts(nodes=AIR, comparator="le", measure_unit="微克", value=D(38)), L.WARNING,
     "到三季度应控制在 34 微克以内，实际 38 微克，超出 4 微克，相当于全年目标的 12.5%。"),
    (facts(nodes=values(6, 6, 6, 6), comparator="le", measure_unit="%", value=D(9)), L.LAGGING,
     "到三季度应控制在 6%以内，实际 9%，超出部分相当于全年目标的 50%。"),
    (facts(nodes=values(0, 0, 0, 0), comparator="le", measure_unit="起", value=D(1)), L.LAGGING,
     "到三季度应控制在 0 起以内，实际 1 起，超出 1 起。"),
    # reports: missing, out of date
    (firms(80, report_due=date(2023, 10, 11)), L.MISSING, "应于10月11日前报送，已逾期 9 天，尚未报送。"),
    (firms(80, report_due=date(2023, 10, 11), report_returned=True), L.MISSING,
     "应于10月11日前报送，报送内容已退回，已逾期 9 天，尚未重报。"),
    (firms(80, report_due=OCT), L.NORMAL, "到三季度应完成 75 家，实际 80 家，达到序时要求。"),
    (firms(10, reported_on=date(2023, 8, 20)), L.STALE, "最近一次报送为8月20日，已 61 天未更新。"),
    (firms(75, reported_on=date(2023, 8, 21)), L.NORMAL, "到三季度应完成 75 家，实际 75 家，达到序时要求。"),
    (firms(75, reported_on=date(2023, 8, 20), rhythm=Rhythm.QUARTERLY), L.NORMAL,
     "到三季度应完成 75 家，实际 75 家，达到序时要求。"),
    (firms(75, reported_on=date(2023, 6, 20), rhythm=Rhythm.QUARTERLY), L.STALE,
     "最近一次报送为6月20日，已 122 天未更新。"),
    (firms(10, date(2023, 3, 1), reported_on=date(2022, 11, 1)), L.NOT_YET, "下一节点为一季度，目前未到节点。"),
    # projects and rules: days after the stage
    (build("feasibility", date(2023, 6, 30)), L.NOT_YET, "下一节点为上半年（开工），目前未到节点。"),
    (build("feasibility", date(2023, 7, 14)), L.NORMAL, "到上半年应到“开工”阶段，实际“可研”，节点已过 14 天，未满 15 天暂不预警。"),
    (build("feasibility", date(2023, 7, 15)), L.WARNING, "到上半年应到“开工”阶段，实际“可研”，节点已过 15 天。"),
    (build("feasibility", date(2023, 7, 30)), L.WARNING, "到上半年应到“开工”阶段，实际“可研”，节点已过 30 天。"),
    (build("feasibility", date(2023, 7, 31)), L.LAGGING, "到上半年应到“开工”阶段，实际“可研”，节点已过 31 天。"),
    (build("", OCT), L.LAGGING, "到上半年应到“开工”阶段，实际“未填报”，节点已过 112 天。"),
    (build("issued", OCT), L.LAGGING, "到上半年应到“开工”阶段，实际“印发”，节点已过 112 天。"),
    (build("started", OCT), L.NORMAL, "到上半年应到“开工”阶段，实际“开工”，达到节点要求。"),
    (build("started", OCT, stage_on=date(2023, 11, 1)), L.LAGGING,
     "到上半年应到“开工”阶段，实际“未填报”，节点已过 112 天。"),
    (build("started", OCT, reported_on=Q1), L.NORMAL, "到上半年应到“开工”阶段，实际“开工”，达到节点要求。"),
    (build("planning", OCT, reported_on=Q1), L.STALE, "最近一次报送为3月31日，已 203 天未更新。"),
    (build("in_use", OCT), L.DONE, "已到“投用”，各环节全部完成。"),
    (facts(N.RULE, nodes=[Node(Q3, None, "印发", "issued")], stage="deliberation"), L.WARNING,
     "到三季度应到“印发”阶段，实际“审议”，节点已过 20 天。"),
    (facts(N.RULE, nodes=[Node(Q3, None, "印发", "issued")], stage="issued"), L.DONE, "已到“印发”，各环节全部完成。"),
    (facts(N.PROJECT, nodes=HUNDRED, measure_unit="亿元", value=D(75)), L.NORMAL,
     "到三季度应完成 75 亿元，实际 75 亿元，达到序时要求。"),
    (facts(N.PROJECT, nodes=[*HUNDRED, *BUILD], value=D(100), stage="planning"), L.LAGGING,
     "到上半年应到“开工”阶段，实际“规划”，节点已过 112 天。"),
    # multi-year: this year's nodes, values or stages
    (facts(N.MULTI_YEAR, nodes=BUILD, stage="started"), L.NORMAL, "到上半年应到“开工”阶段，实际“开工”，达到节点要求。"),
    (facts(N.MULTI_YEAR, nodes=HUNDRED, measure_unit="公里", value=D(40)), L.LAGGING,
     "到三季度应完成 75 公里，实际 40 公里，少 35 公里，相当于全年目标的 35%。"),
    # nodes of text only, or none
    (facts(nodes=TEXTS, on=Q1), L.NOT_YET, "下一节点为上半年（方案报批），目前未到节点。"),
    (facts(nodes=TEXTS), L.NOT_YET, "上半年节点已到，进展待报。"),
    (facts(nodes=TEXTS, on=date(2023, 7, 20), reported_on=HALF), L.NOT_YET, "上半年节点已到，进展待报。"),
    (facts(nodes=TEXTS, reported_on=date(2023, 10, 9)), L.NORMAL, "上半年节点已到，进展已报，是否达到由督查核定。"),
    (facts(nodes=TEXTS, reported_on=date(2023, 7, 9)), L.STALE, "最近一次报送为7月9日，已 103 天未更新。"),
    (facts(), L.NOT_YET, "尚未设定节点。"),
    (facts(deadline=OCT), L.NOT_YET, "时限为10月20日，目前未到节点。"),
    (facts(deadline=date(2023, 10, 19)), L.NORMAL, "时限为10月19日，已逾期 1 天，尚未完成，未满 15 天暂不预警。"),
    (facts(deadline=date(2023, 9, 10)), L.LAGGING, "时限为9月10日，已逾期 40 天，尚未完成。"),
    (facts(deadline=date(2023, 8, 1), reported_on=date(2023, 7, 1)), L.STALE,
     "最近一次报送为7月1日，已 111 天未更新。"),
    # events
    (facts(N.EVENT), L.NOT_YET, "举办时间未定。"),
    (facts(N.EVENT, deadline=OCT), L.NOT_YET, "定于10月20日举办，时间未到。"),
    (facts(N.EVENT, nodes=[Node(Q3, None, "举办")]), L.NOT_YET, "定于9月30日举办，时间已过，举办情况待报。"),
    (facts(N.EVENT, deadline=Q3, reported_on=date(2023, 10, 9)), L.LAGGING,
     "应于9月30日前举办，已逾期 20 天，尚未举办。"),
    (facts(N.EVENT, on=LATE, deadline=Q3), L.LAGGING, "应于9月30日前举办，已逾期 36 天，尚未举办。"),
    (facts(N.EVENT, deadline=Q3, held_on=date(2023, 9, 16)), L.DONE, "已于9月16日举办。"),
    (facts(N.EVENT, deadline=Q3, held_on=LATE), L.NOT_YET, "定于9月30日举办，时间已过，举办情况待报。"),
    # recurring
    (facts(N.RECURRING), L.NOT_YET, "首次开展的时间未到。"),
    (facts(N.RECURRING, occurrences_due=3, occurrences_done=3), L.NORMAL, "累计应开展 3 次，实际 3 次，按期开展。"),
    (facts(N.RECURRING, occurrences_due=3, occurrences_done=2), L.WARNING, "累计应开展 3 次，实际 2 次，少 1 次。"),
    (facts(N.RECURRING, occurrences_due=3, occurrences_done=1), L.LAGGING, "累计应开展 3 次，实际 1 次，少 2 次。"),
    (facts(N.RECURRING, occurrences_due=3, occurrences_done=1, reported_on=Q1), L.STALE,
     "最近一次报送为3月31日，已 203 天未更新。"),
    # floor, statistic, upward, standing
    (facts(N.FLOOR), L.NORMAL, "未发生突破底线的情况。"),
    (facts(N.FLOOR, breached=True, report_due=Q3), L.LAGGING, "已发生突破底线的情况。"),
    (facts(N.QUANTIFIED, breached=True), L.NOT_YET, "尚未设定节点。"),
    (facts(N.FLOOR, report_due=Q3), L.MISSING, "应于9月30日前报送，已逾期 20 天，尚未报送。"),
    (facts(N.STATISTIC, nodes=HUNDRED), L.PENDING, "官方统计数据尚未发布，待核定。"),
    (facts(N.STATISTIC, nodes=HUNDRED, value=D(35), value_on=HALF, reported_on=Q1), L.NORMAL,
     "到上半年应完成 40，实际 35，少 5，相当于全年目标的 5%。"),
    (facts(N.UPWARD, deadline=Q1, own_acts_done=True), L.NORMAL, "自身工作已完成，待上级批复。"),
    (facts(N.UPWARD, deadline=YEAR), L.NOT_YET, "时限为12月31日，目前未到节点。"),
    (facts(N.UPWARD, deadline=Q3), L.WARNING, "自身工作应于9月30日前完成，已逾期 20 天，尚未完成。"),
    (facts(N.UPWARD, deadline=Q3, reported_on=HALF), L.STALE, "最近一次报送为6月30日，已 112 天未更新。"),
    (facts(N.STANDING, report_due=Q3, sub_items_total=3), L.STANDING, "长期坚持事项，不亮灯。"),
    # done
    (firms(0, done_on=date(2023, 9, 3), report_due=Q3), L.DONE, "已于9月3日完成。"),
    (firms(75, done_on=LATE), L.NORMAL, "到三季度应完成 75 家，实际 75 家，达到序时要求。"),
    # sub-items: those behind are named, never averaged
    (firms(60, sub_items_total=5, headline_item=2), L.WARNING,
     "到三季度应完成 75 家，实际 60 家，少 15 家，相当于全年目标的 20%（5 个分项，4 项达序时，分项2未达序时）。"),
    (firms(60, sub_items_total=5, headline_item=2, sub_items_late=(4, 2)), L.WARNING,
     "到三季度应完成 75 家，实际 60 家，少 15 家，相当于全年目标的 20%（5 个分项，3 项达序时，分项2、4未达序时）。"),
    (firms(75, sub_items_total=5, headline_item=2, sub_items_late=(4,)), L.WARNING,
     "到三季度应完成 75 家，实际 75 家，达到序时要求（5 个分项，4 项达序时，分项4未达序时）。"),
    (firms(0, sub_items_total=2, headline_item=2, sub_items_late=(1,)), L.LAGGING,
     "到三季度应完成 75 家，实际 0 家，少 75 家，相当于全年目标的 100%（2 个分项，0 项达序时，分项1、2未达序时）。"),
    (firms(75, sub_items_total=5, headline_item=2), L.NORMAL, "到三季度应完成 75 家，实际 75 家，达到序时要求。"),
    (facts(sub_items_total=2, sub_items_late=(1, 2), deadline=YEAR), L.LAGGING,
     "时限为12月31日，目前未到节点（2 个分项，0 项达序时，分项1、2未达序时）。"),
    (facts(sub_items_total=5, sub_items_late=(4,), report_due=Q3), L.MISSING,
     "应于9月30日前报送，已逾期 20 天，尚未报送。"),
    (firms(60, sub_items_total=5, sub_items_late=(4,), reported_on=Q1), L.STALE,
     "最近一次报送为3月31日，已 203 天未更新。"),
    # a report about a reached node that gives no value leaves the older value behind
    (firms(40, value_on=HALF, reported_for=Q3), L.MISSING, "到三季度应完成 75 家，已报进展，未报数值。"),
    (firms(40, value_on=HALF, reported_for=HALF), L.NORMAL, "到上半年应完成 40 家，实际 40 家，达到序时要求。"),
    (firms(75, sub_items_total=1), L.NORMAL, "到三季度应完成 75 家，实际 75 家，达到序时要求。"),
]  # fmt: skip


def test_the_whole_table_of_lights_and_sentences():
    assert [(v.light, said(v)) for v in (judge(row) for row, _, _ in TABLE)] == [row[1:] for row in TABLE]


def test_the_table_meets_every_light_nature_and_sentence():
    met = {judge(row).message.code for row, _, _ in TABLE}

    assert ({light for _, light, _ in TABLE}, {row.nature for row, _, _ in TABLE}, met) == (
        set(Light),
        set(Nature),
        {code for code in PHRASES if code.startswith("lights.")} - {NODE_MET},
    )


def test_every_sentence_speaks_english_too():
    assert [code for code, (_, english) in PHRASES.items() if re.search("[\u4e00-\u9fff]", english)] == []
    assert [said(judge(row), 1) for row in (firms(60), build("planning", OCT), firms(80, report_due=Q3))] == [
        "By the third quarter 75 家 were due, 60 家 reached: 15 家 short, 20% of the year’s target.",
        "By the first half-year “Construction started” was due, the actual stage is “Planning”: 112 days past the node.",
        "A report was due by 30 September, 20 days ago, and has not come.",
    ]


def test_shapes_and_names_of_lights():
    assert {light.value: LIGHTS[light][:2] for light in Light} == {
        "normal": ("●", "正常"),
        "warning": ("▲", "预警"),
        "lagging": ("■", "滞后"),
        "not_yet": ("◇", "未到节点"),
        "missing": ("！", "应报未报"),
        "stale": ("○", "久未更新"),
        "done": ("✓", "完成"),
        "standing": ("—", "长期坚持"),
        "pending": ("◌", "待核定"),
    }
    assert len({shape for shape, _, _ in LIGHTS.values()}) == len(Light)


def test_a_verdict_keeps_what_it_rests_on():
    nodes = [*HUNDRED[2:], Node(YEAR, None, "投产", "in_use"), Node(YEAR, None, "总结")]

    assert judge(firms("60.0", nodes=nodes, value_on=Q3)).inputs == {
        "nature": "quantified",
        "on": "2023-10-20",
        "nodes": "2023-09-30=75; 2023-12-31=100; 2023-12-31=in_use; 2023-12-31=总结",
        "measure_unit": "家",
        "value": "60",
        "value_on": "2023-09-30",
        "said_when": "三季度",
        "said_due": "75 家",
        "said_actual": "60 家",
        "said_gap": "15 家",
        "said_points": "15",
        "rule": "preset-1",
    }


def test_a_sentence_names_its_indicator_and_prints_round_sums_as_people_do():
    nodes = [Node(Q3, Decimal(144_000_000), "1.44亿美元"), Node(YEAR, Decimal(320_000_000), "3.2亿美元")]
    facts = firms(86_000_000, nodes=nodes, measure_unit="美元", indicator="实际使用外资")

    assert said(judge(facts)) == (
        "实际使用外资：到三季度应完成 1.44亿美元，实际 8600万美元，少 5800万美元，相当于全年目标的 18.1%。"
    )


def test_thresholds_come_from_the_rule():
    strict = Rule(
        "strict", warn_points=1, lag_points=5, warn_days=1, lag_days=2, stale_days=10, lag_occurrences=1
    )

    assert [
        judge(firms(74), strict).light,
        judge(firms(70), strict).light,
        judge(build("planning", date(2023, 7, 1)), strict).light,
        judge(build("planning", date(2023, 7, 3)), strict).light,
        judge(firms(75, reported_on=date(2023, 10, 9)), strict).light,
        judge(facts(N.RECURRING, occurrences_due=1), strict).light,
    ] == [L.WARNING, L.LAGGING, L.WARNING, L.LAGGING, L.STALE, L.LAGGING]
    assert (PRESET.warn_points, PRESET.lag_points, PRESET.warn_days, PRESET.lag_days, PRESET.stale_days) == (
        10, 30, 15, 30, 60,
    )  # fmt: skip


def test_absurd_figures_are_judged_all_the_same():
    assert judge(firms(0, nodes=[Node(Q3, D(10) ** 30, ""), Node(YEAR, D("1E-9"), "")])).light is L.LAGGING


PACE = {L.NORMAL: 0, L.WARNING: 1, L.LAGGING: 2}
AMOUNTS = st.decimals(0, 10**6, places=2, allow_nan=False)


@given(AMOUNTS, AMOUNTS, st.sampled_from(["ge", "eq", "approx", "strive", "le"]))
def test_a_better_value_never_has_a_worse_light(a, b, comparator):
    worse, better = sorted((a, b), reverse=comparator == "le")
    worse, better = (judge(firms(v, comparator=comparator)).light for v in (worse, better))

    assert PACE[better] <= PACE[worse]


@given(AMOUNTS, st.lists(st.integers(1, 10**6), min_size=4, max_size=4), st.integers(0, 10**6))
def test_a_higher_node_never_has_a_better_light(value, figures, more):
    q1, half, q3, year = figures
    year = max(q3 + more, year)
    lower, higher = (judge(firms(value, nodes=values(q1, half, q, year))).light for q in (q3, q3 + more))

    assert PACE[lower] <= PACE[higher]


@given(st.sampled_from([code for code, _, _ in STAGES[N.PROJECT]]), st.integers(1, 180), st.integers(0, 180))
def test_waiting_never_mends_a_late_stage_and_a_later_stage_never_hurts(stage, days, more):
    codes = [code for code, _, _ in STAGES[N.PROJECT]]
    nodes = BUILD[:1]
    now, then = (
        judge(facts(N.PROJECT, HALF + timedelta(days=d), nodes=nodes, stage=stage)).light
        for d in (days, days + more)
    )
    further = codes[min(codes.index(stage) + 1, len(codes) - 1)]
    better = judge(facts(N.PROJECT, HALF + timedelta(days=days), nodes=nodes, stage=further)).light

    assert PACE.get(now, -1) <= PACE.get(then, -1)
    assert PACE.get(better, -1) <= PACE.get(now, -1)


DAY = st.dates(date(2023, 1, 1), date(2024, 2, 1))
MAYBE_DAY = st.none() | DAY
ANY_NODE = st.builds(
    Node,
    DAY,
    st.none() | AMOUNTS,
    st.sampled_from(["", "完成"]),
    st.sampled_from(["", "started", "issued", "held"]),
)
ANY_FACTS = st.builds(
    Facts,
    nature=st.sampled_from(Nature),
    on=DAY,
    nodes=st.lists(ANY_NODE, max_size=4),
    comparator=st.sampled_from(["ge", "le"]),
    measure_unit=st.sampled_from(["", "家", "%"]),
    value=st.none() | AMOUNTS,
    value_on=MAYBE_DAY,
    stage=st.sampled_from(["", "planning", "issued", "held"]),
    deadline=MAYBE_DAY,
    reported_on=MAYBE_DAY,
    report_due=MAYBE_DAY,
    sub_items_total=st.integers(0, 3),
    sub_items_late=st.lists(st.integers(1, 3), unique=True, max_size=3).map(tuple),
    headline_item=st.integers(0, 3),
    reported_for=MAYBE_DAY,
    breached=st.booleans(),
    held_on=MAYBE_DAY,
    occurrences_due=st.integers(0, 4),
    occurrences_done=st.integers(0, 4),
    done_on=MAYBE_DAY,
    own_acts_done=st.booleans(),
)


@given(ANY_FACTS)
def test_any_facts_have_a_light_and_a_sentence_in_both_languages(known):
    verdict = judge(known)

    assert verdict.light in Light
    assert said(verdict).endswith("。")
    assert said(verdict, 1).endswith(".")
    assert all(isinstance(text, str) for text in verdict.inputs.values())
    owed = known.report_due is not None and known.on > known.report_due
    assert not (owed and verdict.light in {L.NORMAL, L.WARNING, L.NOT_YET, L.STALE, L.PENDING})
    if known.own_acts_done and known.nature is N.UPWARD and not known.sub_items_late:
        assert verdict.light in {L.NORMAL, L.DONE, L.MISSING}
