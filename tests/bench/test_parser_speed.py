"""Speed of the parser; run by make bench only."""

from __future__ import annotations

from pathlib import Path

import pytest

from duban.domain.source import SourceText
from duban.domain.tasklist.pipeline import parse

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "corpus" / "docs" / "beijing-2023.txt"


@pytest.mark.skipif(not REFERENCE.exists(), reason="the corpus of real documents is not beside the checkout")
def test_reference_list(benchmark):
    source = SourceText(REFERENCE.read_text(encoding="utf-8"))

    parsed = benchmark(parse, source)

    assert len(parsed.tasks) == 300


def test_sample_list(benchmark):
    source = SourceText((ROOT / "samples" / "yunjiang-2026.txt").read_text(encoding="utf-8"))

    parsed = benchmark(parse, source)

    assert len(parsed.tasks) == 91
