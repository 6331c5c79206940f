from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from duban.domain.marks import Mark, MarkKind, Segment, segments

CLAUSE, TARGET, UNIT = MarkKind.CLAUSE, MarkKind.TARGET, MarkKind.UNIT


def test_segments_cut_where_marks_begin_and_end():
    text = "前建成学校8所。后"
    marks = [Mark(CLAUSE, 1, 7, 1), Mark(TARGET, 3, 7)]

    assert segments(text, 1, 8, marks) == (
        Segment("建成", 1, frozenset({CLAUSE}), 1),
        Segment("学校8所", 3, frozenset({CLAUSE, TARGET})),
        Segment("。", 7, frozenset()),
    )


def test_segments_drop_debris_and_keep_blanks_between_latin_words():
    assert segments("甲 \n乙 5G base", 0, 12, []) == (Segment("甲乙5G base", 0, frozenset()),)
    assert segments(" \n ", 0, 3, []) == ()


def test_segments_of_marks_outside_or_across_the_border():
    marks = [Mark(UNIT, 0, 1), Mark(UNIT, 1, 3), Mark(UNIT, 4, 5)]

    assert segments("甲乙丙丁戊", 2, 4, marks) == (
        Segment("丙", 2, frozenset({UNIT})),
        Segment("丁", 3, frozenset()),
    )


@given(
    st.text(alphabet="甲乙8 a\n", max_size=30),
    st.lists(st.tuples(st.sampled_from(list(MarkKind)), st.integers(0, 30), st.integers(0, 30)), max_size=6),
)
def test_segments_rebuild_the_text_without_its_blanks(text, rows):
    marks = [Mark(kind, start, end) for kind, start, end in rows if start < end]

    found = "".join(part.text for part in segments(text, 0, len(text), marks))

    assert re.sub(r"\s", "", found) == re.sub(r"\s", "", text)
