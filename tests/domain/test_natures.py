"""What kind of task a text is: one invented text per phenomenon, and the agreement with a labelled sample."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.documents.readers import read
from duban.domain.natures import (
    NATURE_LABELS,
    RHYTHM_LABELS,
    STAGES,
    Nature,
    Rhythm,
    propose,
    propose_each,
    usual_rhythm,
)
from duban.domain.phrases_natures import PHRASES
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import TargetKind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "docs" / "beijing-2023.txt"
LABELS = Path(__file__).parent / "nature_labels.toml"
(
    QUANTIFIED, PROJECT, RULE, EVENT, RECURRING, FLOOR, STATISTIC, UPWARD, STANDING, MULTI_YEAR, CITED_LIST,
) = Nature  # fmt: skip

# text, goals the parser found, type, the word in the reason, further types
TABLE = [
    ("新建社区书房12个", 1, QUANTIFIED, 1, ()),
    ("出台停车管理办法，新增停车位800个，改造路口20处", 2, QUANTIFIED, 2, (RULE,)),
    ("调整优化公交线路，推进河西枢纽建设，新增站点40处", 1, QUANTIFIED, 1, (PROJECT,)),
    ("治理积水点30处、断头路5条，坚决守住排涝安全底线", 2, QUANTIFIED, 2, (FLOOR,)),
    ("每户发放补贴300元，新增受益2万户，每季度公布1次", 2, QUANTIFIED, 2, (RECURRING,)),
    ("工业增加值增长6%，新建厂房9万平方米，培育企业50家", 3, QUANTIFIED, 3, (STATISTIC,)),
    ("加快河西医院、东城枢纽等项目建设", 0, PROJECT, "项目", ()),
    ("推动云江大桥主体完工", 0, PROJECT, "主体完工", ()),
    ("改造老城文化设施", 0, PROJECT, "设施", ()),
    ("推进2个区的示范农场建成投产", 1, PROJECT, "投产", (QUANTIFIED,)),
    ("保持百亿元投资，加快河西医院建设，建设东城枢纽，推进滨江公园建设，推进湖滨码头建设", 1, PROJECT, "医院", (QUANTIFIED,)),
    ("优化服务，提升品质，完善功能，做强商圈，丰富业态，推进湖滨乐园等项目落地", 0, PROJECT, "项目", ()),
    ("优化服务，提升品质，完善功能，做强商圈，丰富业态，建设湖滨码头", 0, STANDING, None, (PROJECT,)),
    ("加强干部队伍建设，推进园区信息化建设", 0, STANDING, None, ()),
    ("推进一批重点项目建设", 0, STANDING, None, ()),
    ("完善宅基地管理，规范建设用地审批", 0, STANDING, None, ()),
    ("持续建设良好风气", 0, STANDING, None, ()),
    ("修订养犬管理规定", 0, RULE, "修订", ()),
    ("健全机制，优化流程，加强宣传，强化监管，改进作风，提升能力，推进养老服务立法", 0, RULE, "立法", ()),
    ("编制水网规划，制定水价方案，推进云江水库建设", 0, RULE, "编制", (PROJECT,)),
    ("推进云江水库建设，制定水价方案", 0, PROJECT, "水库", (RULE,)),
    ("落实养老服务规划，规范裁量基准制定", 0, STANDING, None, ()),
    ("办好云江电影节", 0, EVENT, "电影节", ()),
    ("9月举办第三届云江数字论坛，发布场景100个，签约项目50个", 2, EVENT, "论坛", (QUANTIFIED,)),
    ("办好惠民消费季，开展演出900场", 1, QUANTIFIED, 1, (EVENT,)),
    ("办好人民满意的教育，提升消费季影响", 0, STANDING, None, ()),
    ("每季度对诉求集中的20个小区开展治理", 1, RECURRING, "每季度", (QUANTIFIED,)),
    ("每月召开调度会，新增泊位300个，新增床位20张", 2, RECURRING, "每月", (QUANTIFIED,)),
    ("开展2026年度总体规划实施体检", 0, RECURRING, "2026年度总体规划实施体检", ()),
    ("建立规划实施年度评估制度", 0, STANDING, None, ()),
    ("坚决防范和遏制重特大事故，对8个县开展督察", 1, FLOOR, "坚决防范", (QUANTIFIED,)),
    ("城镇调查失业率控制在5%以内", 1, STATISTIC, "失业率", ()),
    ("单位地区生产总值能耗降幅达到国家要求", 0, STATISTIC, "地区生产总值", ()),
    ("做好失业率监测", 0, STANDING, None, (STATISTIC,)),
    ("积极争取设立云江综保区", 0, UPWARD, "积极争取", ()),
    ("力争湖滨科学装置开工", 0, UPWARD, "力争", (PROJECT,)),
    ("力争完成湖滨片区管网改造", 0, STANDING, None, ()),
    ("争取白鹭湖列入国家湿地名录，修复湿地3000亩", 1, UPWARD, "争取", (QUANTIFIED,)),
    ("修复湿地3000亩，争取白鹭湖列入国家湿地名录", 1, QUANTIFIED, 1, (UPWARD,)),
    ("坚持党的全面领导", 0, STANDING, "党的全面领导", ()),
    ("坚持过“紧日子”，会议费压减5%，培训费压减5%", 2, STANDING, "紧日子", (QUANTIFIED,)),
    ("新建宣讲点20处，宣讲党的二十大精神", 1, QUANTIFIED, 1, ()),
    ("开展管网更新三年行动，改造管网370公里", 1, MULTI_YEAR, "三年行动", (QUANTIFIED,)),
    ("实施集群培育计划（2025-2027年）", 0, MULTI_YEAR, "2025-2027", ()),
    ("实施集群培育计划（2024-2026年）", 0, STANDING, None, ()),
    ("落实空间规划（2021-2035年）", 0, STANDING, None, ()),
    ("抓好文明创建三年行动收官", 0, STANDING, None, ()),
    ("新建泊位300个，新建床位20张，推进照明三年行动", 2, QUANTIFIED, 2, (MULTI_YEAR,)),
    ("推动175项重点任务完成年度目标", 1, CITED_LIST, "175项重点任务", ()),
    ("实施“3个100”重点工程", 0, CITED_LIST, "“3个100”", ()),
    ("推动清单所列96个项目达产，新增产值9亿元", 2, CITED_LIST, "清单所列", (QUANTIFIED,)),
    ("公布抽检结果，每季度通报1次", 0, RECURRING, "每季度", ()),
    ("开展管网更新三年行动，改造管网370公里，新建泵站5座", 2, QUANTIFIED, 2, (MULTI_YEAR,)),
    ("积极争取中央资金，储备项目300个，新建泵站5座", 2, QUANTIFIED, 2, (UPWARD,)),
    ("推进湖泊保护，积极争取列入国家名录", 0, UPWARD, "积极争取", ()),
    ("推动河西医院竣工，新增床位300张、车位80个", 2, QUANTIFIED, 2, (PROJECT,)),
    ("建设湖滨码头，优化服务，提升品质，完善功能，做强商圈，丰富业态", 0, PROJECT, "码头", ()),
    ("优化服务，提升品质，完善功能，做强商圈，丰富业态，改进作风，加强宣传，强化监管，建设湖滨码头，建设云江水库，健全机制", 0, PROJECT, "码头", ()),
    ("优化服务，建设湖滨码头", 0, PROJECT, "码头", ()),
    ("9月开放场馆，举办云江论坛，签约项目50个", 1, QUANTIFIED, 1, (EVENT,)),
    ("新建泊位300个，优化服务，推进照明三年行动", 1, QUANTIFIED, 1, (MULTI_YEAR,)),
    ("举办云江论坛，建设湖滨码头，建设云江水库", 0, PROJECT, "码头", (EVENT,)),
    ("优化服务，宣讲党的二十大精神，落实从严治党责任", 0, STANDING, "党的二十大", ()),
    ("", 0, STANDING, None, ()),
]  # fmt: skip


def _said(proposal):
    params = proposal.reason.params
    return proposal.nature, params.get("count", params.get("word")), proposal.others


def test_each_phenomenon_has_its_type_its_reason_and_what_else_it_shows():
    assert [(text, *_said(propose(text, goals=goals, year=2026))) for text, goals, *_ in TABLE] == [
        (text, nature, word, others) for text, _, nature, word, others in TABLE
    ]


def test_without_the_year_of_the_list_any_span_of_years_is_a_programme():
    assert propose("实施集群培育计划（2024-2026年）", goals=0, year=None).nature is MULTI_YEAR


def test_every_sub_item_gets_its_own_type_in_order():
    clauses = [("新建书房12个", 1), ("修订养犬规定", 0), ("办好云江电影节", 0)]

    assert [p.nature for p in propose_each(clauses, year=2026)] == [QUANTIFIED, RULE, EVENT]


def test_every_reason_is_a_sentence_in_both_languages():
    reasons = [propose(text, goals=goals, year=2026).reason for text, goals, *_ in TABLE]
    said = {
        reason.code: [words.format(**reason.params) for words in PHRASES[reason.code]] for reason in reasons
    }

    assert set(said) == set(PHRASES)
    assert all(zh.endswith("。") and en.endswith(".") for zh, en in said.values())
    assert PHRASES["nature.quantified"][0].format(count=2) == "写明了量化目标 2 个。"


def test_types_and_rhythms_have_words_and_stages_their_order():
    assert set(NATURE_LABELS) == set(Nature)
    assert set(RHYTHM_LABELS) == set(Rhythm)
    assert {nature: [word for _, word, _ in stages] for nature, stages in STAGES.items()} == {
        PROJECT: ["立项", "可研", "规划", "开工", "主体", "竣工", "投用"],
        RULE: ["起草", "征求意见", "合法性审查", "审议", "印发"],
        EVENT: ["未举办", "已举办"],
    }
    assert [code for code, _, _ in STAGES[EVENT]] == ["planned", "held"]


def test_standing_is_reported_yearly_an_event_at_its_date_all_others_quarterly():
    unusual = {STANDING: Rhythm.YEARLY, EVENT: Rhythm.AT_DATE}

    assert {nature: usual_rhythm(nature) for nature in Nature} == {
        nature: unusual.get(nature, Rhythm.QUARTERLY) for nature in Nature
    }


@given(st.text(alphabet="每季度制定项目建设2025-27年第三届论坛，。“个\n a"), st.integers(0, 9))
def test_any_text_gets_a_type_that_is_not_among_the_others(text, goals):
    proposal = propose(text, goals=goals, year=2026)

    assert proposal.nature not in proposal.others
    assert STANDING not in proposal.others


@pytest.mark.parametrize("piece", ["年度", "2025", "“3个", "第三", "等项", "，", "争取", "2025-", "9"])
def test_hostile_text_takes_linear_time(piece):
    def seconds(times):
        start = time.perf_counter()
        propose(piece * times, goals=0, year=2026)
        return time.perf_counter() - start

    small = max(min(seconds(20_000) for _ in range(3)), 0.005)
    assert min(seconds(160_000) for _ in range(2)) < small * 40


def _disagreeing(*parts):
    """(task, proposed) of the labelled tasks of these parts whose proposal is not the label, and how many there are."""
    labels = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    wanted = {number: label for part in parts for number, label in labels[part].items()}
    found = {}
    for task in parse(read(CORPUS)).tasks:
        goals = sum(target.kind is TargetKind.GOAL for target in task.targets)
        found[task.number] = propose(task.text, goals=goals, year=2023).nature
    return [
        (number, found[number])
        for number, label in wanted.items()
        if found[number].value not in (label if isinstance(label, list) else [label])
    ], len(wanted)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_file(), reason=f"the corpus of real documents is not at {CORPUS}")
def test_nine_in_ten_of_a_labelled_sample_agree():
    wrong, total = _disagreeing("tune", "held_out")

    assert total == 100
    assert len(wrong) <= 10, wrong


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_file(), reason=f"the corpus of real documents is not at {CORPUS}")
def test_the_examples_of_the_product_description_have_their_types():
    assert _disagreeing("examples") == ([], 31)
