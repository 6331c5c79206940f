from __future__ import annotations

import pytest

from duban.domain.said import further_value


@pytest.mark.parametrize(
    ("value", "progress", "shown"),
    [
        ("4.63%", "累计完成4.63%", ""),
        ("4.63%", "累计完成 4.63 ％，好于预期", ""),
        ("32个", "已引进32个，完成投资5亿元", ""),
        ("6", "新建学校6所", ""),
        ("2%", "累计完成2%；下步加快", ""),
        ("4.63%", "累计完成14.63%", "4.63%"),
        ("32", "累计32.5亿元", "32"),
        ("32", "累计132个", "32"),
        ("1", "累计1,200个", "1"),
        ("200个", "累计1,200个", "200个"),
        ("5", "截至5月已开工", "5"),
        ("5", "第5批已下达", "5"),
        ("5", "完成5万亩", "5"),
        ("5%", "同比-5%", "5%"),
        ("12家", "新增企业一批", "12家"),
        ("12家", "", "12家"),
        ("1.5", "累计145亩", "1.5"),
        ("", "累计完成2%", ""),
        (" ", "累计完成2%", ""),
    ],
)
def test_value_is_left_out_where_the_words_hold_it(value, progress, shown):
    assert further_value(value, progress) == shown
