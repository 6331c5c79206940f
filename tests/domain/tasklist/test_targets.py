"""Quantities that bind: value, unit, comparator, what is counted; and the numbers that do not."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.source import Span
from duban.domain.tasklist.records import Comparator, Target, TargetKind
from duban.domain.tasklist.targets import extract_targets

GE, LE, EQ, APPROX, STRIVE = Comparator
CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "gold"


def targets(text):
    return extract_targets(text, Span(0, len(text)))


def brief(text):
    """What a reader would check first: indicator, comparator, value, unit."""
    return [(t.indicator, t.comparator, str(t.value), t.unit) for t in targets(text)]


def test_a_target_is_whole():
    text = "确保全年新建社区书房12个以上。"

    assert targets(text) == (
        Target(
            text="全年新建社区书房12个以上",
            span=Span(2, 15),
            indicator="新建社区书房",
            comparator=GE,
            value=Decimal(12),
            unit="个",
        ),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("新建书房12个。", ("新建书房", EQ, "12", "个")),
        ("书房达到12个。", ("书房", EQ, "12", "个")),
        ("书房不少于12个。", ("书房", GE, "12", "个")),
        ("书房至少12个。", ("书房", GE, "12", "个")),
        ("藏书突破30万册。", ("藏书", GE, "30", "万册")),
        ("借阅逾期率控制在5%以内。", ("借阅逾期率", LE, "5", "%")),
        ("能耗不高于3.50吨标准煤。", ("能耗", LE, "3.50", "吨标准煤")),
        ("新建书房约12个。", ("新建书房", APPROX, "12", "个")),
        ("新建书房12个左右。", ("新建书房", APPROX, "12", "个")),
        ("修缮书架8000余处。", ("修缮书架", APPROX, "8000", "处")),
        ("修缮书架100多万处。", ("修缮书架", APPROX, "100", "万处")),
        ("能耗控制在5%左右。", ("能耗", APPROX, "5", "%")),
        ("完成书架修缮1,200处。", ("书架修缮", EQ, "1200", "处")),
        ("完成书架修缮１２处。", ("书架修缮", EQ, "12", "处")),
        ("借阅率达到百分之九十五以上。", ("借阅率", GE, "95", "%")),
        ("新建书房三座。", None),
        ("新建三座书房。", ("新建书房", EQ, "3", "座")),
        ("培育百家以上书店。", ("培育书店", GE, "100", "家")),
        ("建成书架三千个。", ("书架", EQ, "3000", "个")),
        ("保持千亿元以上投资强度。", ("保持投资强度", GE, "1000", "亿元")),
        ("造林二百万亩以上。", ("造林", GE, "200", "万亩")),
        ("输送绿电210亿千瓦时。", ("输送绿电", EQ, "210", "亿千瓦时")),
        ("处理能力6200吨/日。", ("处理能力", EQ, "6200", "吨/日")),
        ("补栽果树200万株（穴）。", ("补栽果树", EQ, "200", "万株")),
        ("完成100座书架修缮。", ("书架修缮", EQ, "100", "座")),
        ("培育100名领读人。", ("培育领读人", EQ, "100", "名")),
        ("东城、西城等6个区完成书房创建。", ("区完成书房创建", EQ, "6", "个")),
        ("新增借书、还书等22项自助事项。", ("新增自助事项", EQ, "22", "项")),
        ("利用公园、广场等新增书架15个。", ("新增书架", EQ, "15", "个")),
        ("在书店、学校等行业推广书架15个。", ("推广书架", EQ, "15", "个")),
        ("按照5%比例压减会议费、培训费等一般性支出。", ("比例压减一般性支出", EQ, "5", "%")),
        ("距离书房小于30米的站点占比提升到46%。", ("距离书房小于30米的站点占比", EQ, "46", "%")),
        ("新增1000M以上专线用户20户。", ("新增1000M以上专线用户", EQ, "20", "户")),
        ("绿地500米服务半径覆盖率达到90%。", ("绿地500米服务半径覆盖率", EQ, "90", "%")),
        ("补偿比例由20%提升至40%。", ("补偿比例", EQ, "40", "%")),
        ("对2022年检查的8个区开展回访。", ("2022年检查区开展回访", EQ, "8", "个")),
        ("新编30个村庄规划。", ("新编村庄规划", EQ, "30", "个")),
        ("30%以上的村建成书房。", ("村建成书房", GE, "30", "%")),
        ("核定书报费，总量原则上“零增长”。", ("核定书报费总量增长", EQ, "0", "%")),
        ("新增10家以上书店单位开放。", ("新增书店单位开放", GE, "10", "家")),
        ("街道书房各2家。", ("街道书房", EQ, "2", "家")),
        ("促进青年、老人等10万人就业。", ("青年、老人等就业", EQ, "10", "万人")),
        ("完成书店、书房等级评定20家。", ("书店、书房等级评定", EQ, "20", "家")),
        ("借阅费零增长。", ("借阅费增长", EQ, "0", "%")),
        ("完成欠款“清零”。", ("欠款", EQ, "0", "")),
    ],
)
def test_one_target(text, found):
    assert brief(text) == ([found] if found else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("新建书房60个、改造书架100处。", [("新建书房", EQ, "60", "个"), ("改造书架", EQ, "100", "处")]),
        ("提升书房60个、书店100家。", [("提升书房", EQ, "60", "个"), ("提升书店", EQ, "100", "家")]),
        (
            "书房改造新开工300个、完工100个。",
            [("书房改造新开工", EQ, "300", "个"), ("书房改造完工", EQ, "100", "个")],
        ),
        ("推进6个书房和4个书店建设。", [("书房", EQ, "6", "个"), ("书店建设", EQ, "4", "个")]),
        (
            "开展200户院落退租和120户修缮。",
            [("院落退租", EQ, "200", "户"), ("院落退租修缮", EQ, "120", "户")],
        ),
        ("完成书房12个、书店及书架共30处。", [("书房", EQ, "12", "个"), ("书店及书架", EQ, "30", "处")]),
        (
            "建成儿童、老年主题书房各2家。",
            [("儿童主题书房", EQ, "2", "家"), ("老年主题书房", EQ, "2", "家")],
        ),
        ("建成社区书房、报亭各2家。", [("社区书房", EQ, "2", "家"), ("报亭", EQ, "2", "家")]),
        (
            "东、西两区新增书架分别不少于50个、30个。",
            [("东两区新增书架", GE, "50", "个"), ("西两区新增书架", GE, "30", "个")],
        ),
        (
            "新建书房12万个（套），基本建成80套。",
            [("新建书房", EQ, "12", "万个"), ("新建书房建成", EQ, "80", "套")],
        ),
        ("建设书房10个、书架、报亭。", [("建设书房", EQ, "10", "个")]),
        (
            "建设书房10个、书架、报亭15个。",
            [("建设书房", EQ, "10", "个"), ("建设书架、报亭", EQ, "15", "个")],
        ),
        ("至少办讲座10场、赠送图书300册。", [("至少办讲座", GE, "10", "场"), ("赠送图书", EQ, "300", "册")]),
        (
            "书房改造完工100个、新开工50个。",
            [("书房改造完工", EQ, "100", "个"), ("书房改造新开工", EQ, "50", "个")],
        ),
    ],
)
def test_several_targets(text, found):
    assert brief(text) == found


def test_distributive_names_share_one_phrase():
    text = "建成儿童、老年主题书房各2家。"

    assert [(t.text, t.span) for t in targets(text)] == [("建成儿童、老年主题书房各2家", Span(0, 14))] * 2


@pytest.mark.parametrize(
    ("text", "comparator", "modifiers"),
    [
        ("借阅率力争达到45%。", STRIVE, ()),
        ("力争借阅率超过45%。", STRIVE, ("strive", "ge")),
        ("借阅率力争提高到13%左右。", STRIVE, ("strive", "approx")),
        ("借阅率控制在13%左右。", APPROX, ("le", "approx")),
        ("每个书房至少培养3名领读人。", GE, ()),
        ("成本至少下降0.5个百分点。", GE, ()),
    ],
)
def test_comparators_that_meet(text, comparator, modifiers):
    assert [(t.comparator, t.modifiers) for t in targets(text)] == [(comparator, modifiers)]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("新建书房2-3家。", 2, 3, "家"),
        ("新建书房200至300个。", 200, 300, "个"),
        ("借阅率提高5%—8%。", 5, 8, "%"),
    ],
)
def test_ranges(text, low, high, unit):
    assert [(t.value, t.value_max, t.unit) for t in targets(text)] == [(low, high, unit)]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("每季度举办讲座20场。", "每季度"),
        ("每年举办讲座20场。", "每年"),
        ("每半年通报一次。", "每半年"),
        ("给予每人每天100元补助。", "每人每天"),
        ("举办讲座20场。", None),
    ],
)
def test_periods(text, period):
    assert [t.period for t in targets(text)] == [period]


def test_words_after_a_number_end_with_the_bracket():
    text = "建设绿地379公顷（含5处林地改造），完善管护。"

    assert [(t.text, t.part_of) for t in targets(text)] == [
        ("建设绿地379公顷", None),
        ("5处林地改造", "建设绿地379公顷"),
    ]


def test_the_first_hundred_of_a_ranking_is_a_count():
    text = "每季度对诉求量前百名的小区开展治理。"

    assert [(t.indicator, t.value, t.unit, t.period) for t in targets(text)] == [
        ("诉求量前百名的小区开展治理", 100, "个", "每季度")
    ]


def test_a_share_names_its_whole():
    text = "建设绿地379公顷（含临时绿化40公顷、林地5公顷，草地2公顷），新建书房8个（东区）。投资12亿元，其中书房3亿元。"

    assert [(t.text, t.part_of) for t in targets(text)] == [
        ("建设绿地379公顷", None),
        ("临时绿化40公顷", "建设绿地379公顷"),
        ("林地5公顷", "建设绿地379公顷"),
        ("草地2公顷", "建设绿地379公顷"),
        ("新建书房8个（东区）", None),
        ("投资12亿元", None),
        ("书房3亿元", "投资12亿元"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("省财政给予25%的贴息支持。", ("eq", "25", "%")),
        ("贴息期限不超过1年。", ("le", "1", "年")),
        ("2个月租金减半。", ("eq", "2", "个月")),
        ("给予每家最高不超过20万元的补助。", ("le", "20", "万元")),
        ("对设备投资给予补助，最高不超过500万元。", ("le", "500", "万元")),
        ("给予不超过合同额50%的补贴。", ("le", "50", "%")),
        ("额度最高为20万元。", ("le", "20", "万元")),
        ("利率不得超过一年期LPR减100个基点。", ("le", "-100", "个基点")),
        ("增加不少于5天的带薪休假。", ("ge", "5", "天")),
    ],
)
def test_parameters_of_a_policy(text, found):
    assert [(t.comparator.value, str(t.value), t.unit, t.kind) for t in targets(text)] == [
        (*found, TargetKind.PARAMETER)
    ]


@pytest.mark.parametrize(
    "text",
    ["审批时限压缩至3个工作日以内。", "48小时内办结借书证。", "完成投资56亿元。", "贷款增速不低于20%。"],
)
def test_what_the_issuer_delivers_is_a_goal(text):
    assert [t.kind for t in targets(text)] == [TargetKind.GOAL]


@pytest.mark.parametrize(
    "text",
    [
        "举办第26届书展。",
        "召开第5次会议。",
        "2023年编制方案。",
        "2021-2025年行动方案。",
        "6月24日开馆。",
        "落实“新智造100个”工程。",
        "落实《100个书房建设办法》。",
        "依据京政发〔2023〕8号推进。",
        "发展5G和8K应用。",
        "加快12号线、M101线建设。",
        "打造15分钟健身圈。",
        "开通24小时自助借阅。",
        "提升48小时不间断服务。",
        "改造二、三、四环路书房。",
        "实施三大工程。",
        "覆盖四个层级。",
        "建设一个平台。",
        "数十家书店参与。",
        "新建几十个书房。",
        "完成14个分区规划修改工作。",
        "推动24条先行先试改革政策扩大。",
        "围绕6个方面发力。",
        "以8家书房为抓手推进阅读。",
        "以100平方公里左右为单元推广。",
        "推进3000户以上大型社区优化。",
        "支持30人（含）以下小微企业。",
        "支持担保额500万元以上的企业。",
        "在职职工超过100人的企业。",
        "对职工增长20%以上的，予以表彰。",
        "如书店数量超过总数的50%，予以表彰。",
        "在财政贴息50%的基础上推进。",
        "支持毕业2年内青年就业。",
        "实施3年行动计划。",
        "延期至响应结束1个月后。",
        "手续3个月内补办。",
        "实行一次性扣除。",
        "举办30周年活动。",
        "改造50kmh道路。",
        "还款期限至6月24日。",
        "还款期限至2025年。",
        "审核实行48小时服务。",
        "审核24小时开放。",
        "贷款到期30天内归还。",
        "连续运行30天。",
        "参加活动满5次的，予以表彰。",
        "巩固3.0版平台。",
        "经费100-50万元。",
        "优先用于A100个。",
    ],
)
def test_numbers_that_bind_nobody(text):
    assert targets(text) == ()


def test_spans_are_in_the_source_and_debris_is_gone():
    source = "18.新建 书房 14\n个，改造 8平方公 里。主责单位：甲局"

    found = extract_targets(source, Span(3, 23))

    assert [(t.text, t.span, t.unit) for t in found] == [
        ("新建书房14个", Span(3, 13), "个"),
        ("改造8平方公里", Span(14, 23), "平方公里"),
    ]


_PIECES = (
    "新建 书房 12 3.5 万 个 家 % 以上 左右 不少于 力争 各 分别 含 其中 （ ） “ ” 、 ， 。 前百名 一 百 千 亿 年 月 日 至 - 零增长 等 和 的 由"
    " 提高到 对 LPR减 个基点"
)
_WORDS = st.sampled_from([*_PIECES.split(), "\n"])


@given(st.lists(_WORDS, max_size=40).map("".join), st.integers(0, 3))
def test_any_text_gives_targets_inside_the_span(text, start):
    source = "甲乙丙" + text
    for target in extract_targets(source, Span(start, len(source))):
        assert start <= target.span.start < target.span.end <= len(source)
        assert target.text == "".join(target.span.of(source).split())
        assert target.value >= 0 or "减" in source
        assert target.value_max is None or target.value_max > target.value


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text):
    found = extract_targets(text, Span(0, len(text)))

    assert list(found) == sorted(found, key=lambda target: target.span)


@pytest.mark.corpus
def test_the_reference_list_is_read_as_people_labelled_it():
    if not CORPUS.is_dir():
        pytest.skip("The corpus of real documents is not beside this checkout.")
    texts = {str(task["number"]): task["text"] for task in _gold("beijing-2023.tasks.json")}
    hits = comparators = extra = wanted = 0
    for task in _gold("beijing-2023.targets.json"):
        found = list(targets(texts[task["number"]]))
        wanted += len(task["targets"])
        for label in task["targets"]:
            match = next((one for one in found if _same(one, label)), None)
            if match is not None:
                found.remove(match)
                hits += 1
                comparators += match.comparator == label["comparator"]
        extra += len(found)

    assert 2 * hits / (2 * hits + extra + wanted - hits) >= 0.95
    assert comparators / hits >= 0.95


def _gold(name):
    return json.loads((CORPUS / name).read_text(encoding="utf-8"))["tasks"]


def _same(one, label):
    return one.value == Decimal(str(label["value"])) and label["unit"].startswith(one.unit)
