"""Which numbers carry structure and which are part of a sentence."""

import pytest

from duban.domain.tasklist.normalise import fold
from duban.domain.tasklist.outline import chinese_number, find_markers


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("1.甲。2.乙。3.丙。", ["1", "2", "3"]),
        ("1．甲。\n２．乙。\n", ["1", "2"]),
        ("1、甲\n2、乙，1、2月完成\n3、丙\n", ["1", "2", "3"]),
        ("一、甲（一）乙1.丙。（二）丁2.戊。二、己", ["一", "一", "1", "二", "2", "二"]),
        ("一、建成二、三、四环路，增长\n3.5%，共2.8公里。\n二、乙", ["一", "二"]),
        ("1.2025年10月底前完成。2.2026年开工。", ["1", "2"]),
        ("（二十一）甲。\n（二十二）乙。", ["二十一", "二十二"]),
        ("1.甲。\n3.乙。\n", ["1", "3"]),
        ("一、甲\n1.乙。\n二、丙\n1.丁。\n", ["一", "1", "二", "1"]),
        ("按照（一）和（二）的要求，用1.5万元。", []),
        ("甲①乙②丙", []),
    ],
)
def test_numbers(text, labels):
    assert [marker.label for marker in find_markers(fold(text), [])] == labels


@pytest.mark.parametrize(
    ("text", "value"), [("一", 1), ("十", 10), ("二十三", 23), ("一百零五", 105), ("二〇", 20)]
)
def test_chinese_numbers(text, value):
    assert chinese_number(text) == value


def test_an_excerpt_may_begin_anywhere():
    text = fold("通知 三、鼓励创业。")
    assert [m.label for m in find_markers(text, [], excerpt=True)] == ["三"]
