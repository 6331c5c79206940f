"""The bundled directories say what their lists print: every printed name leads to one body, every collective to its members."""

import json
import os
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from duban.domain.units import AddressManner, UnitDirectory, UnitKind, directory_from

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "src/duban/directory/bundled"
REFERENCE = (
    Path(os.environ.get("DUBAN_CORPUS", ROOT.parent / "shared/corpus")) / "gold/beijing-2023.tasks.json"
)

NAMES = (
    "市科委、中关村管委会 市发展改革委 市经济和信息化局 市规划自然资源委 市商务局 市交通委 市教委 市卫生健康委 市农业农村局 "
    "市城市管理委 市园林绿化局 市文化和旅游局 北京经济技术开发区管委会 市住房城乡建设委 市金融监管局 市财政局 市市场监管局 "
    "市民政局 市生态环境局 市水务局 市委宣传部 通州区政府 市公安局 市人力资源社会保障局 海淀区政府 各区政府 市政务服务局 "
    "昌平区政府 各部门 大兴区政府 市应急局 市文物局 丰台区政府 顺义区政府 市京津冀协同办 市司法局 房山区政府 北京证监局 "
    "东城区政府 西城区政府 城市副中心管委会 朝阳区政府 市国资委 市重大项目办 人民银行营业管理部 市广电局 市政府外办 怀柔区政府 "
    "市体育局 北京银保监局 北京市税务局 市人才局 市贸促会 市国动办 门头沟区政府 平谷区政府 市医保局 市投资促进服务中心 "
    "延庆区政府 市委网信办 密云区政府 石景山区政府 “两区”工作领导小组办公室 北京海关 市文资中心 市消防救援总队 "
    "市城乡结合部建设办 市邮政管理局 市民族宗教委 团市委 市委编办 市统计局 北京奥运城市发展促进中心 市知识产权局 市科协 "
    "市委宣传部（首都精神文明办） 首规委办 市总工会 重点站区管委会 市残联 市审计局 天安门地区管委会 市机关事务局 市支援合作办 "
    "北京海外学人中心 市通信管理局 首都机场集团 市台办 市政府外办（市政府港澳办） 北京住房公积金管理中心 市工商联 "
    "市委宣传部（市新闻出版局） 北京广播电视台 市妇联 市气象局 市国安局 市信访办 市委军民融合办 市退役军人局 "
    "市政府参事室（市文史馆）"
)
PRINTED_IN_BEIJING = NAMES.split()


def bundled(key: str) -> UnitDirectory:
    return directory_from(tomllib.loads((BUNDLED / f"{key}.toml").read_text(encoding="utf-8")), key=key)


def members(directory: UnitDirectory) -> dict[str, tuple[str, ...]]:
    """The bodies behind every printed form."""
    of_group = {group.key: group.members for group in directory.groups}
    return {name: of_group[key] if collective else (key,) for name, key, collective in directory.surfaces()}


def test_every_name_of_the_reference_list_is_known():
    known = members(bundled("beijing"))
    assert [name for name in PRINTED_IN_BEIJING if name not in known] == []


def test_printed_names_of_the_reference_list_are_95_bodies_and_2_collectives():
    directory = bundled("beijing")
    owner = {name: (key, collective) for name, key, collective in directory.surfaces()}
    found = {owner[name] for name in PRINTED_IN_BEIJING}
    assert Counter(collective for _, collective in found) == {False: 95, True: 2}


@pytest.mark.parametrize(
    ("printed", "body"),
    [
        ("市委宣传部（首都精神文明办）", "市委宣传部"),
        ("市委宣传部（市新闻出版局）", "市委宣传部"),
        ("市政府外办（市政府港澳办）", "市政府外办"),
        ("市政府参事室（市文史馆）", "市政府参事室"),
        ("市科委、中关村管委会", "市科委、中关村管委会"),
        ("市发改委", "市发展改革委"),
        ("海淀区人民政府", "海淀区政府"),
        ("市经信局", "市经济和信息化局"),
    ],
)
def test_alias(printed, body):
    assert members(bundled("beijing"))[printed] == (body,)


def test_districts_of_beijing_carry_their_codes():
    assert {u.name: u.area_code for u in bundled("beijing").units if u.kind == UnitKind.DISTRICT} == {
        "东城区政府": "110101",
        "西城区政府": "110102",
        "朝阳区政府": "110105",
        "丰台区政府": "110106",
        "石景山区政府": "110107",
        "海淀区政府": "110108",
        "门头沟区政府": "110109",
        "房山区政府": "110111",
        "通州区政府": "110112",
        "顺义区政府": "110113",
        "昌平区政府": "110114",
        "大兴区政府": "110115",
        "怀柔区政府": "110116",
        "平谷区政府": "110117",
        "密云区政府": "110118",
        "延庆区政府": "110119",
    }


@pytest.mark.parametrize("key", ["beijing", "yunjiang"])
def test_manner_and_appraisal_follow_the_kind(key):
    assert {(u.kind, u.manner, u.appraised) for u in bundled(key).units} == {
        (UnitKind.DEPARTMENT, AddressManner.NOTICE, True),
        (UnitKind.DISTRICT, AddressManner.NOTICE, True),
        (UnitKind.COMMITTEE, AddressManner.NOTICE, True),
        (UnitKind.COORDINATION, AddressManner.NOTICE, False),
        (UnitKind.INSTITUTION, AddressManner.NOTICE, False),
        (UnitKind.PARTY, AddressManner.CONSULT, False),
        (UnitKind.MASS, AddressManner.CONSULT, False),
        (UnitKind.VERTICAL, AddressManner.LETTER, False),
        (UnitKind.ENTERPRISE, AddressManner.LETTER, False),
    }


@pytest.mark.parametrize(
    ("key", "sizes"),
    [
        ("beijing", {"各部门": 57, "各区政府": 16, "各有关部门": 0, "各相关单位": 0, "各有关区政府": 0}),
        ("yunjiang", {"各部门": 37, "各县（市、区）政府": 8, "各相关单位": 0}),
    ],
)
def test_collectives(key, sizes):
    groups = bundled(key).groups
    assert {group.name: len(group.members) for group in groups} == sizes
    assert [group.open for group in groups] == [size == 0 for size in sizes.values()]


def test_invented_city_has_no_codes():
    directory = bundled("yunjiang")
    assert {directory.area_code, *(u.area_code + u.credit_code for u in directory.units)} == {""}


@pytest.mark.corpus
@pytest.mark.skipif(not REFERENCE.exists(), reason="the corpus is not beside this checkout")
def test_fan_out_of_the_reference_list():
    known = members(bundled("beijing"))
    tasks = json.loads(REFERENCE.read_text(encoding="utf-8"))["tasks"]
    assert sum(len({body for name in task["units"] for body in known[name]}) for task in tasks) == 2002
