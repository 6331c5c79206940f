"""The corpus of real documents: how many tasks each holds, and the measures the parser must keep."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from duban.directory.bundled import load
from duban.documents.readers import read
from duban.domain.tasklist.contract import as_json
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import Matter, Severity

SHARED = Path(__file__).parents[3] / "shared"
CORPUS, SCORER = SHARED / "corpus", SHARED / "tools/eval_parse.py"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus of real documents is not at {CORPUS}"),
]

# tasks, printed units; where the count is not the inventory's, the reason stands beside it
COUNTS = {
    "01-jiangxi-20-measures": (20, 86),
    "02-shenyang-medical-staff": (28, 66),
    "03-guangdong-medical-staff": (16, 41),
    "04-liaoning-sme": (25, 74),
    "05-suining-sme": (20, 86),
    "06-xiangtan-sme": (12, 40),
    "07-beijing-support-19": (19, 70),
    "08-beijing-support-19-variant": (19, 70),
    "09-frontline-medical-staff": (18, 64),
    "10-guizhou-service-sector": (17, 49),
    "11-beijing-sme-16": (16, 75),
    "12-tieling-sme": (15, 49),
    "13-shijingshan-enterprises": (15, 39),
    "14-shaanxi-sme": (12, 44),
    "15-sanming-12-measures": (12, 37),
    "16-nantong-trade": (12, 27),
    "17-huaihua-food-supply": (10, 38),
    "18-taizhou-sme": (10, 33),
    "19-guangdong-employment": (9, 58),
    "20-fujian-three-batches": (18, 27),  # the 8 of the inventory and ten numbered items without units
    "21-jiujiang-employment": (1, 20),
    "22-pingtan-fangguanfu-2017": (29, 77),
    "23-pingtan-openness-table-2022": (18, 76),
    "25-pingtan-soe-2021": (8, 13),  # the 7 of the inventory and the first sentence of the eighth
    "27-pingtan-greening-2019": (7, 0),  # its seven chapters
    "29-pingtan-credit-2015": (14, 33),
    "30-pingtan-water-2016": (9, 38),
    "31-guangdong-digital-2025": (18, 43),
    "beijing-2023": (300, 1067),
}
FLOORS = {
    "01-jiangxi-20-measures": {"number": 1, "path": 1, "text": 1, "units_f1": 0.95, "unit_roles": 0.95},
    "22-pingtan-fangguanfu-2017": {"number": 1, "path": 1, "text": 1, "units_f1": 0.95, "unit_roles": 0.95},
    "23-pingtan-openness-table-2022": {
        "number": 1,
        "path": 1,
        "text": 1,
        "units_f1": 0.95,
        "unit_roles": 0.95,
    },
    "beijing-2023": {"number": 1, "path": 1, "text": 1, "units_p": 1, "units_r": 1},
}


def parsed(name, **options):
    return parse(read(CORPUS / "docs" / f"{name}.txt"), **options)


@pytest.mark.parametrize("name", COUNTS)
def test_every_task_and_unit_is_found(name):
    found = parsed(name)
    assert (len(found.tasks), sum(len(task.units) for task in found.tasks)) == COUNTS[name]


@pytest.mark.parametrize("name", FLOORS)
def test_measures_hold(name, tmp_path):
    record = as_json(parsed(name), name=name, file_sha256="", text_sha256="")
    (tmp_path / "parsed.json").write_text(json.dumps(record), encoding="utf-8")
    gold = CORPUS / "gold" / (f"{name}.tasks.json" if name == "beijing-2023" else f"{name}.json")
    command = [sys.executable, SCORER, gold, tmp_path / "parsed.json", "--json"]
    scores = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    found, total = scores["tasks_found"].split("/")
    assert found == total
    assert {key: (scores[key] >= floor) for key, floor in FLOORS[name].items()} == dict.fromkeys(
        FLOORS[name], True
    )


def test_the_reference_list_is_read_without_a_doubt_that_blocks():
    for directory in (None, load("beijing")):
        found = parsed("beijing-2023", directory=directory)
        assert [f for f in found.findings if f.severity is Severity.BLOCKING] == []
        assert [s for s in found.stretches if s.matter is Matter.UNCONSUMED] == []


def test_two_captures_of_one_document_give_the_same_tasks():
    one, two = (parsed(name).tasks for name in ("07-beijing-support-19", "08-beijing-support-19-variant"))
    assert [(t.number, [u.name for u in t.units]) for t in one] == [
        (t.number, [u.name for u in t.units]) for t in two
    ]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("05-suining-sme", {"first_listed_leads", "directive_in_units"}),
        ("13-shijingshan-enterprises", {"bracket_unclosed", "number_inferred"}),
        ("23-pingtan-openness-table-2022", {"table_flattened", "columns_unclear", "heading_repeated"}),
        ("30-pingtan-water-2016", {"directive_in_units", "prefix_restored"}),
        ("31-guangdong-digital-2025", {"number_gap"}),
    ],
)
def test_what_a_person_must_look_at_is_said(name, codes):
    assert codes <= {finding.code for finding in parsed(name).findings}
