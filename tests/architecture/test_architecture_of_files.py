from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from duban import __version__
from duban.domain.event_words import EVENT_WORDS
from duban.domain.phrases import PHRASES
from duban.domain.posts import ADMINISTRATORS, OWN_UNIT, POST_LABELS, WHOLE_GOVERNMENT, PostRole
from duban.domain.words import WORDS

ROOT = Path(__file__).parents[2]
# public registries and clouds; spelt in pieces so that this file does not name them itself
HOSTS = [".".join(name) for name in (
    ("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"), ("pypi", "tuna", "tsinghua"),
    ("mirrors", "aliyun", "com"), ("npmmirror", "com"), ("ghcr", "io"), ("docker", "io"),
)]  # fmt: skip


def tracked() -> list[Path]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in found.decode().split("\0") if name and (ROOT / name).is_file()]


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_migrations_never_import_our_code():
    migrations = sorted(ROOT.glob("src/duban/*/migrations/*.py"))
    importing = re.compile(r"^\s*(?:from|import)\s+duban\b", re.MULTILINE)

    found = [path.name for path in migrations if importing.search(path.read_text(encoding="utf-8"))]

    assert len(migrations) >= 8
    assert found == []


def test_phrases_speak_both_languages_with_the_same_gaps():
    wrong = [
        code
        for code, words in PHRASES.items()
        if len(words) != 2
        or not all(word.strip() for word in words)
        or gaps(words[0]) != {gap.removesuffix("_en") for gap in gaps(words[1])}
    ]

    assert wrong == []


def test_every_kind_of_event_that_the_code_records_has_its_word():
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src/duban").rglob("*operations*.py")
    )
    spoken = {code.removeprefix("event.") for code in PHRASES if code.startswith("event.")}
    recorded = set(re.findall(r'Happening\(\s*"([a-z_]+\.[a-z_]+)"', source))

    assert spoken - set(EVENT_WORDS) == set()
    assert recorded - set(EVENT_WORDS) == set()
    assert len(recorded) > 10


def test_words_and_post_labels_speak_both_languages():
    words = [pair for room in WORDS.values() for pair in room.values()]

    assert [pair for pair in (*words, *POST_LABELS.values()) if len(pair) != 2 or not all(pair)] == []
    assert set(POST_LABELS) == set(PostRole) == WHOLE_GOVERNMENT | OWN_UNIT | ADMINISTRATORS


def test_no_tracked_file_names_a_registry():
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {host}" for host in HOSTS if host in text]

    assert found == []


def test_settings_page_lists_every_variable():
    page = ROOT / "docs/operate/settings.md"
    if not page.exists():
        pytest.xfail("docs/operate/settings.md is not written yet")
    settings = (ROOT / "src/duban/config/settings.py").read_text(encoding="utf-8")
    names = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings)

    text = page.read_text(encoding="utf-8")

    assert len(names) >= 5
    assert [name for name in names if name not in text] == []


def test_version_is_one_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["version"] == __version__


def test_changelog_begins_with_this_version():
    page = ROOT / "CHANGELOG.md"
    if not page.exists():
        pytest.xfail("CHANGELOG.md is not written yet")

    top = re.search(r"^##\s+\[?v?(\d+\.\d+\.\d+)", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert top
    assert top[1] == __version__
