from __future__ import annotations

import pytest

from duban.domain.topic import short, topic

SHELTERS = "编制完成应急避难场所规划，完善设施体系，维护防空地下室300万平方米。"


@pytest.mark.parametrize(
    ("text", "target", "longest", "name"),
    [
        (SHELTERS, "维护防空地下室300万平方米", 30, "维护防空地下室300万平方米"),
        (SHELTERS, "全年300万平方米", 8, "维护防空地下室…"),
        (SHELTERS, "", 30, "编制完成应急避难场所规划"),
        (SHELTERS, "30万平方米", 30, "编制完成应急避难场所规划"),
        ("办好“一站式”服务。", "", 7, "办好…"),
        ("落实《促进条例》各项要求", "", 7, "落实…"),
        ("建成示范区（含扩展区）三处", "", 9, "建成示范区…"),
    ],
)
def test_a_task_is_named_after_what_is_measured_and_cut_where_a_reader_can_stop(text, target, longest, name):
    assert topic(text, target, longest) == name
    assert len(name) <= longest


def test_a_short_text_stands_whole():
    assert [short("办好食堂，办好托育。", 30), short("长" * 40, 30)] == ["办好食堂", "长" * 29 + "…"]
