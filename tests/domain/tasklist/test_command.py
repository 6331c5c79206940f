"""`duban parse` as a process: what it prints, and how it refuses."""

import json
import subprocess
import sys

import pytest

from duban.cli.parse import main

TEXT = "1.修路。\n主责单位：市财政局\n2.架桥。\n主责单位：市教委，市财政局\n"


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "清单.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_json_by_default_and_without_django(document):
    code = (
        "import sys; from duban.cli.main import main; main(sys.argv[1:]); assert 'django' not in sys.modules"
    )
    run = subprocess.run([sys.executable, "-c", code, "parse", document], capture_output=True, check=True)
    found = json.loads(run.stdout)
    assert (found["schema_version"], found["source"]["name"], len(found["tasks"])) == (1, "清单.txt", 2)


@pytest.mark.parametrize(
    ("form", "piece"), [("table", "[责任] 市教委"), ("csv", "2,,架桥。,,市教委、市财政局")]
)
def test_other_forms(document, form, piece, capsys):
    assert main([str(document), "--format", form]) == 0
    assert piece in capsys.readouterr().out


def test_directory_by_name(document, capsys):
    assert main([str(document), "--directory=beijing"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [unit["unit"] is None for unit in found["tasks"][0]["units"]] == [False]


@pytest.mark.parametrize(
    "arguments",
    [
        ["没有.txt"],
        [],
        ["a", "b"],
        ["--format", "xml", "a"],
        ["--format"],
        ["--what", "a"],
        ["a", "--directory", "无此名录"],
    ],
)
def test_unusable_input_is_refused_with_one_sentence(arguments, capsys):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == "" or not arguments
    assert len(said.err.splitlines()) == (1 if arguments else 0)


def test_help(capsys):
    assert main(["--help"]) == 0
    assert "--directory" in capsys.readouterr().out
