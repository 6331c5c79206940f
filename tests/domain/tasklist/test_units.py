"""How printed lists of units are taken apart, and what a directory adds."""

import pytest

from duban.domain.source import SourceText
from duban.domain.tasklist.names import joint_names
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import Severity
from duban.domain.tasklist.vocabulary import DEFAULT
from duban.domain.units import GroupEntry, UnitDirectory, UnitEntry, UnitKind


def units(printed, directory=None):
    parsed = parse(
        SourceText(f"1.甲事。责任单位：{printed}\n2.乙事。责任单位：市教委\n"), directory=directory
    )
    return parsed.tasks[0].units, parsed.findings


def entry(name, *aliases):
    return UnitEntry(name, name, name, UnitKind.DEPARTMENT, aliases)


DIRECTORY = UnitDirectory(
    "yunjiang",
    "云江市人民政府",
    (
        entry("市教委"),
        entry("市科技局、云江高新区管委会"),
        entry("市地税局", "云江地税局"),
        entry("市财政局"),
    ),
    (
        GroupEntry("各区政府", "各区政府", ("各区人民政府",), ("市教委",)),
        GroupEntry("各有关部门", "各有关部门", open=True),
    ),
)


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("市教委，市财政局", ["市教委", "市财政局"]),
        ("市教委、市财政局；市水务局。", ["市教委", "市财政局", "市水务局"]),
        ("、市教委、，市财政局", ["市教委", "市财政局"]),
        ("市教委 市财政局", ["市教委", "市财政局"]),
        ("市教委等有关部门", ["市教委"]),
        ("市教委和市财政局", ["市教委", "市财政局"]),
        ("市卫生和计划生育局、市交通与建设局", ["市卫生和计划生育局", "市交通与建设局"]),
        ("市级各有关部门及各县市区政府", ["市级各有关部门", "各县市区政府"]),
        ("各市、县〔区〕人民政府、江湾新区管委会", ["各市、县〔区〕人民政府", "江湾新区管委会"]),
        ("各区、县级市人民政府，市教委", ["各区、县级市人民政府", "市教委"]),
        ("各县（市）区政府、市直园区管委会", ["各县（市）区政府", "市直园区管委会"]),
        ("园区管委会，“两区”工作领导小组办公室", ["园区管委会", "“两区”工作领导小组办公室"]),
    ],
)
def test_names(printed, names):
    assert [unit.name for unit in units(printed)[0]] == names


@pytest.mark.parametrize(
    ("printed", "expanded"),
    [
        ("区国税局、地税局", [None, "区地税局"]),
        ("省教育厅、妇联", [None, "省妇联"]),
        ("市教育局、宣传部", [None, "市委宣传部"]),
        ("区经发局、人民银行江湾支行、江湾海关", [None, None, None]),
        ("市教委、东城区政府、国网江湾供电公司、团市委", [None, None, None, None]),
        ("教育局、市财政局", [None, None]),
        ("市场监管局、教育局", [None, None]),
    ],
)
def test_left_out_levels(printed, expanded):
    assert [unit.expanded for unit in units(printed)[0]] == expanded


@pytest.mark.parametrize(
    ("name", "collective", "open_ended"),
    [
        ("各区政府", True, False),
        ("区直相关部门", True, True),
        ("市级各有关部门", True, True),
        ("全区各部门", True, False),
        ("各街道", True, False),
        ("市教委", False, False),
    ],
)
def test_collectives(name, collective, open_ended):
    (unit,), findings = units(name)
    assert (unit.collective, any(f.code == "open_collective" for f in findings)) == (collective, open_ended)


def test_directory_gives_keys_and_blocks_what_it_does_not_hold():
    found, findings = units(
        "市教委、云江地税局、市科技局、云江高新区管委会、各区人民政府、市气象局", DIRECTORY
    )
    assert [(unit.name, unit.unit, unit.collective) for unit in found] == [
        ("市教委", "市教委", False),
        ("云江地税局", "市地税局", False),
        ("市科技局、云江高新区管委会", "市科技局、云江高新区管委会", False),
        ("各区人民政府", "各区政府", True),
        ("市气象局", None, False),
    ]
    assert [f.severity for f in findings if f.code == "unit_unknown"] == [Severity.BLOCKING]


def test_directory_reads_left_out_levels_and_glued_names():
    found, findings = units("市教委、地税局，市财政局市教委", DIRECTORY)
    assert [unit.unit for unit in found] == ["市教委", "市地税局", "市财政局", "市教委"]
    assert {f.code for f in findings} == {"prefix_restored", "units_glued"}


def test_without_a_directory_nothing_about_names_blocks():
    _, findings = units("市教委、某种奇怪的东西")
    assert [(f.code, f.severity) for f in findings] == [("name_unusual", Severity.CONFIRM)]


def test_a_pause_joins_names_only_where_commas_separate():
    lists = ["甲局，乙局，丙局", "甲局，丁办、戊会", "丁办、戊会，乙局，丙局", "乙局，丙局，甲局，己局"]
    assert joint_names(lists, DEFAULT) - set(DEFAULT.joined_names) == {"丁办、戊会"}
    assert joint_names([*lists, "丁办，甲局，乙局，丙局"], DEFAULT) - set(DEFAULT.joined_names) == set()
    assert joint_names(["甲局、乙局", "甲局、乙局"], DEFAULT) == set(DEFAULT.joined_names)
