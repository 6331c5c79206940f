"""The sample list says the same in every format, and its files are what the tool writes."""

import json
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from duban.documents.readers import read
from duban.domain.tasklist.pipeline import parse
from duban.domain.units import UnitDirectory, directory_from

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
NAME = "yunjiang-2026"
EXPECTED = json.loads((SAMPLES / f"{NAME}.expected.json").read_text(encoding="utf-8"))
SOURCE = tomllib.loads((SAMPLES / f"{NAME}.toml").read_text(encoding="utf-8"))
TASKS = [task for chapter in SOURCE["chapter"] for section in chapter["section"] for task in section["task"]]
PUBLISHED = [f"{NAME}{ending}" for ending in (".txt", ".html", ".docx", ".pdf", ".xlsx")]
OWN_FIELDS = (
    "city_leader",
    "division",
    "phone",
    "year_target",
    "node_q1",
    "node_half",
    "node_q3",
    "node_year",
    "remarks",
)


def directory() -> UnitDirectory:
    path = ROOT / "src/duban/directory/bundled/yunjiang.toml"
    return directory_from(tomllib.loads(path.read_text(encoding="utf-8")), key="yunjiang")


def parsed(name):
    return parse(read(SAMPLES / name), directory=directory())


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_format_gives_the_same_records(name):
    assert [
        {"number": t.number, "path": list(t.path), "text": t.text, "units": [u.name for u in t.units]}
        for t in parsed(name).tasks
    ] == EXPECTED["tasks"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_format_gives_the_same_records_without_a_directory(name):
    assert [
        {"number": t.number, "path": list(t.path), "text": t.text, "units": [u.name for u in t.units]}
        for t in parse(read(SAMPLES / name)).tasks
    ] == EXPECTED["tasks"]


@pytest.mark.parametrize("name", [n for n in PUBLISHED if not n.endswith(".xlsx")])
def test_every_document_names_itself(name):
    found = parsed(name)
    assert (found.title, found.document_number, found.issuer, found.issued_on) == (
        EXPECTED["notice"],
        EXPECTED["document_number"],
        EXPECTED["issuer"],
        date.fromisoformat(EXPECTED["issued_on"]),
    )


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_printed_unit_is_in_the_directory(name):
    units = [unit for task in parsed(name).tasks for unit in task.units]
    printed = sum(len(task["units"]) for task in EXPECTED["tasks"])
    assert (len(units), [unit.name for unit in units if unit.unit is None]) == (printed, [])


def test_working_form_adds_roles_and_the_office_columns():
    assert [
        {
            "number": t.number,
            "path": list(t.path),
            "text": t.text,
            "units": [{"name": u.name, "role": u.role.value} for u in t.units],
            "fields": {f.kind.value: f.text for f in t.fields if f.kind in OWN_FIELDS and f.text},
        }
        for t in parsed(f"{NAME}-working.xlsx").tasks
    ] == EXPECTED["working"]


def test_sample_holds_every_task_type():
    assert Counter(task["nature"] for task in TASKS) == {
        "量化指标": 29,
        "工程项目": 14,
        "制度文件": 10,
        "活动": 4,
        "周期": 6,
        "底线风险": 6,
        "统计指标": 8,
        "争取报批": 4,
        "政治与常态": 3,
        "跨年": 4,
        "引用清单": 3,
    }


def test_leads_are_printed_units():
    assert [task["text"] for task in TASKS if task["lead"] not in task["units"]] == []


def test_collectives_of_the_sample():
    printed = Counter(unit for task in TASKS for unit in task["units"])
    assert {name: printed[name] for name in ("各部门", "各县（市、区）政府", "各相关单位")} == {
        "各部门": 2,
        "各县（市、区）政府": 3,
        "各相关单位": 1,
    }


def test_committed_files_are_what_the_tool_writes():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/make_sample.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
