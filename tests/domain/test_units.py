from __future__ import annotations

import pytest

from duban.domain.units import (
    AddressManner,
    DirectoryFileError,
    GroupEntry,
    UnitEntry,
    UnitKind,
    directory_from,
    is_area_code,
    is_credit_code,
)

HEAD = {"government": {"name": "甲市人民政府", "short_name": "甲市", "area_code": "110000"}}


def test_directory_from_fills_what_a_row_leaves_out():
    rows = {"unit": [{"name": "市一局"}, {"name": "东区", "kind": "district", "aliases": ["东区政府"], "manner": "letter",
                                         "appraised": False}],
            "group": [{"name": "各区", "kinds": ["district"]}, {"name": "各相关单位", "open": True}]}  # fmt: skip

    found = directory_from(HEAD | rows, key="jia")

    assert (found.key, found.government, found.short_name, found.area_code) == (
        "jia",
        "甲市人民政府",
        "甲市",
        "110000",
    )
    assert found.units == (
        UnitEntry("市一局", "市一局", "市一局", UnitKind.DEPARTMENT),
        UnitEntry(
            "东区",
            "东区",
            "东区",
            UnitKind.DISTRICT,
            ("东区政府",),
            "",
            "",
            AddressManner.LETTER,
            appraised=False,
        ),
    )
    assert found.groups == (
        GroupEntry("各区", "各区", (), ("东区",)),
        GroupEntry("各相关单位", "各相关单位", (), (), open=True),
    )
    assert list(found.surfaces()) == [
        ("市一局", "市一局", False), ("东区", "东区", False), ("东区政府", "东区", False), ("各区", "各区", True),
        ("各相关单位", "各相关单位", True),
    ]  # fmt: skip


def test_directory_from_takes_members_by_kind_less_exceptions_plus_named_ones():
    units = [
        {"name": name, "kind": kind}
        for name, kind in (("东区", "district"), ("西区", "district"), ("一局", "department"))
    ]
    group = {"name": "各区", "kinds": ["district"], "except": ["西区"], "members": ["一局", "东区"]}

    assert directory_from(HEAD | {"unit": units, "group": [group]}, key="k").groups[0].members == (
        "东区",
        "一局",
    )


def test_directory_from_names_every_problem():
    rows = {
        "unit": [
            {"name": "甲", "area_code": "99"},
            {"name": "乙", "aliases": ["甲"], "credit_code": "1"},
            {"name": ""},
        ],
        "group": [{"name": "各区"}, {"name": "各局", "members": ["丙"]}],
    }

    with pytest.raises(DirectoryFileError) as refusal:
        directory_from(rows, key="k")

    assert refusal.value.problems == (
        "没有 [government] 的 name",
        "名称“甲”同时属于“甲”和“乙”",
        "“”有空的名称",
        "“甲”的行政区划代码“99”不合规则",
        "“乙”的统一社会信用代码“1”校验不符",
        "统称单位“各区”没有成员，也没有标明 open",
        "“各局”的成员“丙”不在名录",
    )


@pytest.mark.parametrize(
    ("code", "right"),
    [("110000", True), ("990000", False), ("11000", False), ("11000a", False), ("１１0000", False)],
)
def test_area_code(code, right):
    assert is_area_code(code) is right


def test_credit_code_knows_its_check_character():
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    codes = [f"91350100M000100Y4{last}" for last in alphabet]

    assert [code for code in codes if is_credit_code(code)] == ["91350100M000100Y43"]
    assert [is_credit_code(code) for code in ("", "91350100M000100Y4", "I" * 18)] == [False] * 3
