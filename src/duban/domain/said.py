"""What a unit said of a task: words and a number, without the number twice."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGER: Final = r"(?!\d|[.,]\d|[万亿千百年月日号时季])"


def further_value(value: str, progress: str) -> str:
    """The value reported beside the words, or nothing where the words hold it already: 累计完成4.63% and 4.63%.

    A longer number does not hold a shorter one (14.63%), nor does a day, an ordinal or a larger unit hold a bare one:
    5 is neither 5月, 第5 nor 5万.
    """
    wanted, words = _folded(value), _folded(progress)
    ends = LONGER if wanted[-1:].isdigit() else ""
    held = rf"(?<![\d.,第-]){re.escape(wanted)}{ends}"
    return "" if not wanted or re.search(held, words) else value


def _folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
