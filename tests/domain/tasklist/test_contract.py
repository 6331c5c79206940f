"""The JSON contract: what is written is what the schema in docs/ says, whole or task by task."""

import json
from pathlib import Path

import jsonschema
import pytest

from duban.domain.messages import LANGUAGES, render
from duban.domain.phrases import PHRASES
from duban.domain.source import SourceText, Span
from duban.domain.tasklist.contract import as_json, json_lines
from duban.domain.tasklist.findings import SEVERITIES, doubt
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.sheets import csv_lines, table_lines

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/parse-json.schema.json").read_text(encoding="utf-8"))
SOURCE = {"name": "a.txt", "file_sha256": "0" * 64, "text_sha256": "1" * 64}
TEXT = (
    "云江市2026年重点任务清单\n一、城建\n1.修路10公里以上，6月底前完成。\n牵头单位：市交通局\n配合单位：市财政局、水务局，各有关部门\n"
    "责任领导：张三\n3.架桥（\n责任单位：市水务局\n二、工作要求\n抓好落实。\n"
)
ANY = {"text": "字", "name": "甲", "title": "题", "number": "1", "before": "1", "count": 1}


@pytest.mark.parametrize("text", [TEXT, "", "没有任务。", "1.甲\n", 'x: "1"' * 9])
def test_contract_fits_its_schema_both_ways(text):
    parsed = parse(SourceText(text))
    whole = as_json(parsed, **SOURCE)
    jsonschema.validate(whole, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert json.loads("".join(json_lines(parsed, **SOURCE))) == json.loads(json.dumps(whole))


def test_one_line_for_each_task():
    lines = "".join(json_lines(parse(SourceText(TEXT)), **SOURCE)).splitlines()
    assert sum(line.startswith('{"number"') for line in lines) == 2


@pytest.mark.parametrize("code", sorted(SEVERITIES))
def test_every_finding_can_be_said_in_both_languages(code):
    finding = doubt(code, 0, 1, **ANY)
    assert all(render(finding.message, language) for language in LANGUAGES)
    assert finding.span == Span(0, 1)


def test_no_phrase_is_left_without_a_finding():
    phrases = {code.removeprefix("finding.") for code in PHRASES if code.startswith("finding.")}
    assert phrases == set(SEVERITIES)


def test_rows_for_spreadsheets_cannot_become_formulas():
    rows = "".join(
        csv_lines(parse(SourceText('1.=SUM(A1)，"引号"。\n责任单位：市财政局\n2.乙。\n责任单位：市教委\n')))
    )
    assert rows.splitlines()[1] == '1,,"\'=SUM(A1)，""引号""。",,市财政局,,,'


def test_the_readable_account_names_everything():
    shown = "".join(table_lines(parse(SourceText(TEXT))))
    assert all(
        word in shown for word in ("云江市2026年重点任务清单", "一、城建", "[牵头] 市交通局", "任务 2 项")
    )
