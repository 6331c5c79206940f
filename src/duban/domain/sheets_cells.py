"""What stands in the cells of a table that people filled in: texts, numbers and dates as they write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from duban.domain.tasklist.numerals import to_decimal

Value = str | Decimal | date | None

UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
BREAKS: Final = re.compile("_x000[dD]_\n?|\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
BLANKS: Final = re.compile(r"\s+")
LINE_ENDS: Final = re.compile(r"[^\S\n]+(?=\n)")
ERRORS: Final = frozenset(
    {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#GETTING_DATA"}
)
NO_CHANGE: Final = "无变化"
NO_CHANGE_WORDS: Final = frozenset({NO_CHANGE, "按计划推进", "同上"})
STOPS: Final = re.compile(r"[,.;:、。!()\[\]~-]+")
NUMBER_DRESS: Final = re.compile(r"^[(\[第]?(.*?)[)\]项号条、.]?$")
PRINTED_NUMBER: Final = re.compile(r"\d+(?:[.\-—－]\d+)*")
DAY: Final = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?(?:前|00:00:00)?")
ABOUT: Final = ("大约", "约", "近", "将近", "左右", "余", "多", "上下")
QUANTITY: Final = re.compile(
    r"(?P<before>大约|约|将近|近)?(?P<sign>[-+]?)"
    r"(?P<body>\d[\d,]*(?:\.\d+)?[十百千]?[万亿]{0,2}|百分之[零〇一二两三四五六七八九十百点]+|[零〇一二两三四五六七八九十百千万亿]+)"
    r"(?P<percent>%?)(?P<more>[余多]?)(?P<unit>[^\d\s,;、。%]{0,8}[23]?)(?P<after>左右|上下)?"
)
EPOCH: Final = date(1899, 12, 30)  # day 0 of a workbook's serial dates; ECMA-376 part 1, 18.17.4.1
LAST_SERIAL: Final = 2_958_465  # 9999-12-31


class Grid(NamedTuple):
    """One sheet of a workbook: its used rectangle, row by row. `top` and `left` count from 1 as the program does."""

    name: str
    rows: tuple[tuple[Value, ...], ...]
    top: int = 1
    left: int = 1
    hidden: bool = False

    def address(self, row: int, column: int) -> str:
        """The name of the cell at these zero-based places in `rows`, like C7."""
        letters, rest = "", self.left + column
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(65 + letter) + letters
        return f"{letters}{self.top + row}"

    def value(self, row: int, column: int) -> Value:
        """What stands at these zero-based places; None outside the rectangle."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if column < len(cells) else None


class Reading(NamedTuple):
    """A printed quantity understood: 约1.2万户 is (12000, per cent no, about yes, 户). Per cents count as printed."""

    amount: Decimal
    percent: bool = False
    about: bool = False
    unit: str = ""


def printed(value: Value) -> str:
    """The cell as text: ends trimmed, newlines unified, what cannot be seen removed; a date as 2026年6月30日."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return clean(value)


def clean(text: str) -> str:
    """A text as it may be stored: see `printed`. Cleaning twice changes nothing."""
    text = UNSEEN.sub("", BREAKS.sub("\n", text))
    return LINE_ENDS.sub("", text).strip()


@lru_cache(maxsize=4096)
def squash(text: str) -> str:
    """What two texts are compared by: no blanks, full-width and compatibility forms folded."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", clean(text)))


def says_no_change(text: str) -> bool:
    """Whether a progress cell says only 无变化, 按计划推进, 同上, or several of them."""
    words = [word for word in STOPS.split(squash(text)) if word]
    return bool(words) and set(words) <= NO_CHANGE_WORDS


def task_number(value: Value) -> str:
    """The printed number of a task to compare by: 第０18项, 18、 and 18.0 are 18; 十八 too."""
    if isinstance(value, Decimal):
        return _plain(value)
    text = squash(printed(value))
    match = NUMBER_DRESS.match(text)
    bare = match[1] if match else text
    if PRINTED_NUMBER.fullmatch(bare):
        return re.sub(r"\d+", lambda digits: str(int(digits[0])), re.sub("[—－]", "-", bare))
    spoken = to_decimal(bare) if bare and not re.search(r"\d", bare) else None
    return _plain(spoken) if spoken is not None else text


def looks_like_number(value: Value) -> bool:
    """Whether a cell in the number column is meant as a task's number and not as a remark under the table."""
    return bool(PRINTED_NUMBER.fullmatch(task_number(value)))


def read_value(text: str) -> Reading | None:
    """The one quantity that a 数值 cell prints (1.2万, 1,200, 12%, 约300, 百分之五, 1204公顷); None for anything else."""
    match = QUANTITY.fullmatch(squash(text))
    if match is None:
        return None
    amount = to_decimal(match["body"])
    if amount is None:
        return None
    percent = bool(match["percent"]) or match["body"].startswith("百分之")
    about = bool(match["before"] or match["more"] or match["after"])
    return Reading(-amount if match["sign"] == "-" else amount, percent, about, match["unit"])


def read_day(value: Value) -> date | None:
    """A day from a date cell, a serial number, 2026-06-30, 2026/6/30, 2026.6.30 or 2026年6月30日; None for others."""
    if isinstance(value, date):
        return value
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value() and 0 < value <= LAST_SERIAL
        return EPOCH + timedelta(days=int(value)) if whole else None
    match = DAY.fullmatch(squash(value or ""))
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None


def same(value: Value, text: str, *, quantity: bool = False) -> bool:
    """Whether a cell says what `text` says: blanks, full width, forms of a date and (for a quantity) of a number aside."""
    shown = printed(value)
    if squash(shown) == squash(text):
        return True
    day = read_day(text)
    if day is not None:
        return read_day(value) == day
    reading = read_value(text) if quantity else None
    return reading is not None and read_value(shown) == reading


def _plain(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return f"{value.to_integral_value() if whole else value.normalize():f}"
