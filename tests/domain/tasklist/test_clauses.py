"""Sub-items of a task: one commitment each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.domain.source import Span
from duban.domain.tasklist.clauses import split_clauses
from duban.domain.tasklist.records import Piece


def cut(text):
    return [piece.text for piece in split_clauses(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("修订管理办法。建设三座书房！举办展览？", ["修订管理办法", "建设三座书房", "举办展览"]),
        ("修订管理办法，建设社区书房，继续举办展览。", ["修订管理办法", "建设社区书房", "继续举办展览"]),
        ("建设社区书房，提升阅读服务水平。", ["建设社区书房，提升阅读服务水平"]),
        ("建设社区书房。提升阅读服务水平。", ["建设社区书房", "提升阅读服务水平"]),
        ("建设社区书房，推动形成阅读风气。", ["建设社区书房，推动形成阅读风气"]),
        ("改造书房，实现新馆竣工。", ["改造书房", "实现新馆竣工"]),
        ("改造书房，提升座席2000个。", ["改造书房", "提升座席2000个"]),
        ("藏书量超过30万册，借阅平稳增长。", ["藏书量超过30万册", "借阅平稳增长"]),
        ("借阅平稳增长，藏书量超过30万册。", ["借阅平稳增长", "藏书量超过30万册"]),
        ("以8家书房为抓手，推进阅读推广。", ["以8家书房为抓手，推进阅读推广"]),
        ("在阅读推广方面，推进书房联动。", ["在阅读推广方面，推进书房联动"]),
        ("按照统一部署，修订管理办法。", ["按照统一部署，修订管理办法"]),
        ("围绕书香街区开展讲座，修订管理办法。", ["围绕书香街区开展讲座", "修订管理办法"]),
        ("为300户读者送书，修订管理办法。", ["为300户读者送书", "修订管理办法"]),
        ("修订管理办法，对新设书房给予指导。", ["修订管理办法", "对新设书房给予指导"]),
        ("旧书随收随整，加强分类。", ["旧书随收随整，加强分类"]),
        ("修订办法；书房管理到位。", ["修订办法", "书房管理到位"]),
        ("做好两件事：建设书房，举办展览。", ["做好两件事：建设书房", "举办展览"]),
        ("建设书房（含改造，推进共享），举办展览。", ["建设书房（含改造，推进共享）", "举办展览"]),
        ("落实“先建设，推进共享”要求，举办展览。", ["落实“先建设，推进共享”要求", "举办展览"]),
        ("落实《推进，建设办法》，举办展览。", ["落实《推进，建设办法》", "举办展览"]),
        ("建设书房，，举办展览，。", ["建设书房", "举办展览"]),
        ("建设书房", ["建设书房"]),
        ("，。", []),
        ("", []),
    ],
)
def test_commitments(text, clauses):
    assert cut(text) == clauses


def test_spans_are_in_the_source_and_debris_is_gone():
    source = "1.建设 书\n房，举办展览。市文旅局"

    assert split_clauses(source, Span(2, 14)) == (
        Piece("建设书房", Span(2, 8)),
        Piece("举办展览", Span(9, 13)),
    )


_ALPHABET = "建设推进提升以为抓手，。；：！（）“”《》 \n\t12个对甲乙"


@given(st.text(alphabet=_ALPHABET, max_size=80), st.integers(0, 5))
def test_clauses_are_ordered_disjoint_and_cover_the_text(text, start):
    pieces = split_clauses(text, Span(start, len(text)))
    between = [start, *(edge for piece in pieces for edge in (piece.span.start, piece.span.end)), len(text)]
    left = [text[a:b] for a, b in zip(between[::2], between[1::2], strict=True)]

    assert between == sorted(between) or start > len(text)
    assert [piece.text for piece in pieces] == ["".join(piece.span.of(text).split()) for piece in pieces]
    assert not set("".join(left)) - set("，。；：！（）“” \n\t")


@given(st.text(max_size=200))
def test_any_text_is_cut_without_an_error(text):
    pieces = split_clauses(text, Span(0, len(text)))

    assert all(piece.text for piece in pieces)
