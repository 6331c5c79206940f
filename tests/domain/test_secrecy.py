from __future__ import annotations

from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.phrases_secrecy import PHRASES
from duban.domain.secrecy import HEAD_LINES, suspicions

PROSE = "全面推进依法治市，" * 12
FAR = f"{PROSE}\n" * (HEAD_LINES + 1)  # past the head of the document

HITS = [
    ("绝密★长期", [("mark", "绝密★长期")]),
    ("机密★10年", [("mark", "机密★10年")]),
    ("秘密★5年\n云政发", [("mark", "秘密★5年")]),
    ("秘密★6个月", [("mark", "秘密★6个月")]),
    ("绝密★启用前", [("mark", "绝密★启用前")]),
    ("机密★", [("mark", "机密★")]),
    ("机密★二十年", [("mark", "机密★二十年")]),
    (f"{FAR}机密★10年", [("mark", "机密★10年")]),
    (f"{FAR}附件标注：秘密★。", [("mark", "秘密★")]),
    ("办公室文件机密★10年", [("mark", "机密★10年")]),
    ("000012机密★10年特急", [("mark", "机密★10年")]),
    ("机　密　★　１０　年", [("mark", "机　密　★　１０　年")]),
    ("机 密 ★ 1 0 年", [("mark", "机 密 ★ 1 0 年")]),
    ("机\u200b密\u00a0★长 期", [("mark", "机\u200b密\u00a0★长 期")]),
    ("绝\n密★长期", [("mark", "绝\n密★长期")]),
    ("機密☆１０年", [("mark", "機密☆１０年")]),
    ("祕密⭐3年", [("mark", "祕密⭐3年")]),
    ("絕密✭長期", [("mark", "絕密✭長期")]),
    (f"{FAR}机密*10年", [("mark", "机密*10年")]),
    (f"{FAR}秘密＊3年\n", [("mark", "秘密＊3年")]),
    (f"{FAR}机密大10年 特急", [("mark", "机密大10年")]),
    (f"{FAR}机密10年\n", [("mark", "机密10年")]),
    (f"{FAR}机密  长期\n", [("mark", "机密  长期")]),
    ("密级：机密", [("field", "密级：机密")]),
    (f"{FAR}密级：秘密", [("field", "密级：秘密")]),
    ("密 级：绝 密", [("field", "密 级：绝 密")]),
    ("密级:机密级", [("field", "密级:机密级")]),
    ("密级\t机密\t份号", [("field", "密级\t机密")]),
    ("密级\n秘密\n", [("field", "密级\n秘密")]),
    ("密级（秘密）", [("field", "密级（秘密")]),
    ("文件密级：秘密；份数：20", [("field", "密级：秘密")]),
    ("密级和保密期限：秘密 5年", [("field", "密级和保密期限：秘密 5年")]),
    ("密级及保密期限：机密★10年", [("field", "密级及保密期限：机密★10年")]),
    ("密级：☑机密 □秘密", [("field", "密级：☑机密")]),
    ("涉密等级：绝密", [("field", "涉密等级：绝密")]),
    (f"{FAR}密级定为机密。", [("field", "密级定为机密")]),
    (f"{FAR}密级为机密。", [("field", "密级为机密")]),
    ("秘密\n云江市人民政府文件", [("head", "秘密")]),
    ("　　机　密\n", [("head", "机　密")]),
    ("机密  特急\n关于", [("head", "机密")]),
    ("特急  机密\n关于", [("head", "特急  机密")]),
    ("000012      机密\n", [("head", "000012      机密")]),
    ("【秘密】关于做好", [("head", "【秘密】")]),
    ("（机密）工作要点", [("head", "（机密）")]),
    ("机密*\n", [("head", "机密*")]),
    ("序号\t密级\t标题\n1\t公开\t甲\n2\t机密\t乙\n", [("field", "机密")]),
    ("秘密★5年\n正文\n机密★10年", [("mark", "秘密★5年"), ("mark", "机密★10年")]),
]

CLEAN = [
    "",
    "2026年市政府工作报告重点任务清单",
    "严格保护商业秘密和个人隐私",
    "商业秘密★3年",
    "认真贯彻《中华人民共和国保守国家秘密法》",
    "严守国家秘密，不得泄露工作秘密。",
    "加强数据机密性、完整性和可用性保护",
    "涉密信息不得上传",
    "涉密信息不得上传。密级文件请走机要渠道。",
    "内部资料 注意保存",
    "内部资料★10年",
    "密级：内部",
    "密级：公开",
    "密级：无",
    "密级：\n标题：机密性测评工作",
    "密级分为绝密、机密、秘密三级",
    "密级：绝密、机密、秘密（三选一）",
    "密级：□绝密 □机密 □秘密",
    "密级：绝密/机密/秘密/内部",
    "密级：机密，秘密，内部",
    "国家秘密的密级分为绝密级、机密级、秘密级。",
    "机密级以上文件由专人管理",
    "保守秘密★重点任务★加快推进",
    "必须严守秘密★市教育局",
    "严守秘密\n★3年行动计划",
    "保守商业秘密10年\n",
    "秘密警察、秘密花园",
    "泄露机密3年以上的",
    "亲密★5年，紧密★长期，精密★10年",
    "加密★3年",
    "机密计算平台建设10年规划",
    f"{FAR}保守国家\n秘密\n的规定",
    f"{FAR}（秘密）",
    f"{FAR}秘密*\n",
    "**秘密**是不能说的",
    "“秘密”一词共出现3次",
    "绝对保密★长期坚持",
    "绝\t密★",
]


def found(text: str) -> list[tuple[str, str]]:
    return [(one.message.code.removeprefix("secrecy."), one.text) for one in suspicions(text)]


def test_marks_are_found_with_their_words():
    assert [(text, found(text)) for text, _ in HITS] == HITS


def test_ordinary_words_are_no_marks():
    assert [(text, found(text)) for text in CLEAN if found(text)] == []


def test_every_level_and_every_blank_between_is_a_mark():
    texts = [
        blank.join(f"{level}密★{term}")
        for level in "绝机秘"
        for blank in ("", " ", "\u3000", "\u2003", "\u00a0", "    ")
        for term in ("长期", "3年", "10年", "6个月", "１０年")
    ]

    assert [text for text in texts if found(text) != [("mark", text)]] == []


def test_a_suspicion_says_what_it_saw_in_both_languages():
    (one,) = suspicions(f"{FAR}机　密\u3000★ 10年")

    chinese, english = (words.format(**one.message.params) for words in PHRASES[one.message.code])
    assert chinese.startswith("文中有“机密★10年”，疑似密级标志。")
    assert english.startswith("The text holds “机密★10年”")
    seen = {one.message.code for text, _ in HITS for one in suspicions(text)}
    assert seen == {code for code in PHRASES if code.startswith("secrecy.")}


@given(
    st.text(alphabet="推进项目建设0１ \n\t，。★", max_size=40),
    st.sampled_from(["机密★10年", "秘 密 ★ 长期", "绝密☆5年"]),
    st.text(alphabet="推进项目建设，。", max_size=40),
)
def test_a_mark_in_any_surroundings_is_found_where_it_stands(before, mark, after):
    text = before + mark + after

    spans = [(one.start, one.end) for one in suspicions(text)]

    assert spans == [(len(before), len(before) + len(mark))]


@given(st.text(alphabet="绝机秘密级商业:：★☆*1年长期 \u3000\n\t（[【】）/、特急", max_size=60))
def test_suspicions_are_in_order_apart_and_exact(text):
    found = suspicions(text)

    assert all(text[one.start : one.end] == one.text == one.text.strip() for one in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@pytest.mark.parametrize(
    "unit", ["机密", "密级：", "密 ", "机    密    ", " ", "\n", "\t机密", "密级\t", "密级 （", "0001 "]
)
def test_long_texts_take_linear_time(unit):
    text = unit * (2_000_000 // len(unit))
    started = perf_counter()

    suspicions(text)

    assert perf_counter() - started < 10  # a quadratic rule takes minutes
