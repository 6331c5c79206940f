from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from duban.domain.natures import Nature
from duban.rehearsal.words import Headline, headline_of, plan_words, report_words

D = Decimal


@pytest.mark.parametrize(
    ("value", "measure", "comparator", "period", "expected"),
    [
        (D(1), "次", "ge", "每月", Headline(D(12), "次", downward=False, even=True)),
        (D(1), "次", "ge", "每季度", Headline(D(4), "次", downward=False, even=True)),
        (D(2), "场", "ge", "每半年", Headline(D(4), "场", downward=False, even=True)),
        (D(1), "次", "ge", "每年", Headline(D(1), "次", downward=False)),
        (D(2), "%", "le", "", Headline(D(2), "%", downward=True)),
        (D(20), "元", "ge", "每月", None),
        (D(20), "元", "ge", "每人每月", None),
    ],
)
def test_what_a_year_comes_to(value, measure, comparator, period, expected):
    assert headline_of((value, measure, comparator, period)) == expected


@pytest.mark.parametrize(
    ("times", "nodes"),
    [
        (12, ("3次", "6次", "9次", "12次")),
        (4, ("1次", "2次", "3次", "4次")),
        (2, ("0次", "1次", "1次", "2次")),
    ],
)
def test_what_recurs_falls_due_evenly(times, nodes):
    words = plan_words(Nature.RECURRING, Headline(D(times), "次", downward=False, even=True))

    assert (words.year_target, words.nodes) == (nodes[3], nodes)


def test_reports_of_what_recurs_keep_its_pace():
    monthly = Headline(D(12), "次", downward=False, even=True)

    said = [report_words(Nature.RECURRING, monthly, 9, pace, Random(1)).value for pace in (D(1), D("0.5"))]

    assert said == ["9次", "5次"]
