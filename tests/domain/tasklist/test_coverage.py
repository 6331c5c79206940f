"""What must hold for any text at all: no exception, no lost character, every record found again at its span."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.domain.source import SourceText, Span
from duban.domain.tasklist.contract import coverage_dict
from duban.domain.tasklist.coverage import partition
from duban.domain.tasklist.normalise import clean, fold
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import Matter, Stretch

CORPUS = Path(__file__).parents[4] / "shared/corpus/docs"
PIECES = [
    "一、", "二、", "（一）", "(二)", "1.", "2．", "3、", "12.", "（1）", "①", "第一条", "任务一：", "主责单位：", "责任单位:",
    "牵头单位：", "配合单位：", "完成时限：", "责任领导：", "【责任单位】", "督导单位：", "（", "）", "〔", "〕", "[", "]", "市财政局",
    "区教育局", "各区政府", "各市、县〔区〕人民政府", "市科委、中关村管委会", "牵头", "配合", "按职责分工负责", "会同", "等", "，", "、",
    "；", "。", "\n", "\t", "　", " ", "\u200b", "建设公园", "2025年", "3.5亿元", "序号", "工作任务", "工作要求", "附件：", "— 3 —",
    'id: "1", title: "x", content: "y。", departments: "市财政局",', "列首位的为牵头单位", "《", "》", "“", "”", "0.5", "a b", "\x1f",
]  # fmt: skip
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


def spans_of(parsed):
    for heading in parsed.headings:
        yield heading.text, heading.span
    for task in parsed.tasks:
        yield task.text, task.text_span
        yield from ((unit.name, unit.span) for unit in task.units)
        yield from ((leader.text, leader.span) for leader in task.leaders)
        yield from ((each.text, each.span) for each in task.fields)


def check(text):
    parsed = parse(SourceText(text))
    assert "".join(s.span.of(text) for s in parsed.stretches) == text
    ends = [0, *(stretch.span.end for stretch in parsed.stretches)]
    assert [stretch.span.start for stretch in parsed.stretches] == ends[:-1]
    assert all(s.reason for s in parsed.stretches if s.matter in (Matter.MATTER, Matter.FURNITURE))
    assert sum(coverage_dict(parsed)["classes"].values()) == len(text)
    lost = [finding.span for finding in parsed.findings if finding.code == "unconsumed"]
    assert lost == [s.span for s in parsed.stretches if s.matter is Matter.UNCONSUMED]
    for task in parsed.tasks:
        assert task.span.start <= task.text_span.start <= task.text_span.end
        assert all(task.span.start <= u.span.start < u.span.end <= task.span.end for u in task.units)
    return parsed


@given(texts)
@settings(max_examples=300, deadline=None)
def test_any_text_is_partitioned_and_never_raises(text):
    check(text)


@given(texts)
@settings(max_examples=200, deadline=None)
def test_folding_keeps_every_position(text):
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(
    st.lists(st.sampled_from([p for p in PIECES if "\\" not in p and "—" not in p]), max_size=60).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_records_say_what_stands_at_their_span(text):
    for shown, span in spans_of(check(text)):
        assert clean(span.of(text)).rstrip("。；").replace(" ", "") == shown.rstrip("。；").replace(" ", "")


@pytest.mark.corpus
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_damaged_real_text_is_partitioned_too(data):
    if not CORPUS.is_dir():
        pytest.skip(f"the corpus of real documents is not at {CORPUS}")
    path = data.draw(st.sampled_from(sorted(CORPUS.glob("[0-9]*.txt"))))
    text = path.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text) - 1))
    text = text[start : start + data.draw(st.integers(0, 3000))]
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(PIECES)) + text[at + data.draw(st.integers(0, 4)) :]
    check(text)


def test_unclaimed_characters_are_separators_or_unconsumed():
    claims = [(0, 3, Matter.TASK, ""), (2, 4, Matter.LABEL, ""), (8, 9, Matter.MATTER, "postface")]
    assert partition("任务文字 。多余尾", claims) == (
        Stretch(Span(0, 3), Matter.TASK),
        Stretch(Span(3, 4), Matter.LABEL),
        Stretch(Span(4, 6), Matter.SEPARATOR),
        Stretch(Span(6, 8), Matter.UNCONSUMED),
        Stretch(Span(8, 9), Matter.MATTER, "postface"),
    )


def test_text_between_tasks_is_never_dropped():
    text = "一、城建\n1.修路。（责任单位：市建委）以上政策只享受一次。\n二、民生\n2.助老。（责任单位：市民政局）\n"
    parsed = check(text)
    assert [(f.code, f.span.of(text)) for f in parsed.findings] == [("unconsumed", "以上政策只享受一次")]


def test_the_clean_list_leaves_nothing_over():
    text = "1.修路。\n责任单位：市建委\n2.架桥。\n责任单位：市交通局，市财政局\n"
    parsed = check(text)
    assert parsed.findings == ()
    assert re.sub(
        r"\s|[。：]", "", "".join(s.span.of(text) for s in parsed.stretches if s.matter is Matter.LABEL)
    ) == ("责任单位责任单位")
