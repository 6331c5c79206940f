"""Automatic numbers of Word are not in its text: 一、 and 1. are counted here as Word counts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from duban.documents.readers.package import attribute, child, is_on, local, number

LEVELS: Final = 9
DIGITS: Final = "〇一二三四五六七八九"
LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
ROMAN: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
    (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
TIGHT: Final = "、）．。：）】〕"


def spoken(value: int, digits: str = "零一二三四五六七八九", units: str = "十百千万") -> str:
    """Counting as spoken: 十, 二十一, 一百零三. Beyond 99,999 plain digits."""
    if not 0 < value < 100_000:
        return str(value)
    figures = str(value)
    words = ""
    for place, figure in enumerate(figures):
        power = len(figures) - place - 1
        if figure != "0":
            words += digits[int(figure)] + (units[power - 1] if power else "")
        elif not words.endswith(digits[0]):
            words += digits[0]
    words = words.rstrip(digits[0])
    return words.removeprefix(digits[1]) if 10 <= value < 20 and units[0] == "十" else words


def digital(value: int) -> str:
    """Digit by digit: 一〇."""
    return "".join(DIGITS[int(figure)] for figure in str(value))


def counted(value: int) -> str:
    """Word's chineseCounting: spoken up to 99, digit by digit above."""
    return spoken(value) if value < 100 else digital(value).replace("〇", "○")


def roman(value: int) -> str:
    """Lower-case Roman, decimal where Roman has no figure."""
    if not 0 < value < 5000:
        return str(value)
    text = ""
    for amount, letters in ROMAN:
        times, value = divmod(value, amount)
        text += letters * times
    return text


def letters(value: int) -> str:
    """Word repeats the letter: a … z, aa, bb."""
    return chr(97 + (value - 1) % 26) * min((value - 1) // 26 + 1, 30) if value > 0 else str(value)


def _from(first: str, most: int) -> Callable[[int], str]:
    return lambda value: chr(ord(first) + value - 1) if 0 < value <= most else str(value)


def circled(value: int) -> str:
    """① up to ㊿."""
    for first, start, end in (("①", 1, 20), ("㉑", 21, 35), ("㊱", 36, 50)):
        if start <= value <= end:
            return chr(ord(first) + value - start)
    return str(value)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda value: signs[(value - 1) % len(signs)] if value > 0 else str(value)


FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": lambda value: f"{value:02d}",
    "upperRoman": lambda value: roman(value).upper(),
    "lowerRoman": roman,
    "upperLetter": lambda value: letters(value).upper(),
    "lowerLetter": letters,
    "chineseCounting": counted,
    "chineseCountingThousand": spoken,
    "japaneseCounting": spoken,
    "taiwaneseCounting": counted,
    "taiwaneseCountingThousand": spoken,
    "koreanCounting": spoken,
    "ideographDigital": digital,
    "japaneseDigitalTenThousand": digital,
    "taiwaneseDigital": digital,
    "chineseLegalSimplified": lambda value: spoken(value, LEGAL, "拾佰仟万"),
    "ideographLegalTraditional": lambda value: spoken(value, LEGAL, "拾佰仟萬"),
    "ideographTraditional": _cycle(STEMS),
    "ideographZodiac": _cycle(BRANCHES),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "decimalFullWidth": lambda value: str(value).translate(
        {48 + digit: 0xFF10 + digit for digit in range(10)}
    ),
    "decimalFullWidth2": lambda value: str(value).translate(
        {48 + digit: 0xFF10 + digit for digit in range(10)}
    ),
    "numberInDash": lambda value: f"- {value} -",
    "none": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts and prints."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    paragraph_style: str = ""


@dataclass(slots=True)
class Numbering:
    """All lists of a document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level_of_style(self, list_id: str, style: str) -> int:
        """The level that a paragraph style is linked to in this list."""
        levels = self.levels.get(self.lists.get(list_id, ""), {})
        return next((depth for depth, level in levels.items() if style and level.paragraph_style == style), 0)

    def next(self, list_id: str, depth: int) -> str:
        """The printed number, with what stands between it and the text, of the next paragraph at this level."""
        abstract = self.lists.get(list_id)
        if abstract is None or not 0 <= depth < LEVELS:
            return ""
        counts = self._counts.setdefault(abstract, {})
        level = self._level(list_id, depth)
        restart = self.restarts.get(list_id, {}).get(depth)
        if restart is not None and (list_id, depth) not in self._begun:
            counts[depth] = restart
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self._begun.add((list_id, depth))
        for lower in [below for below in counts if below > depth]:
            if self._restarts_after(self._level(list_id, lower), lower, depth):
                del counts[lower]
        return self._print(list_id, depth, counts)

    def _restarts_after(self, level: Level, lower: int, depth: int) -> bool:
        if level.restart is None:
            return True
        return level.restart != 0 and depth < min(level.restart, lower)

    def _level(self, list_id: str, depth: int) -> Level:
        override = self.overrides.get(list_id, {}).get(depth)
        return override or self.levels.get(self.lists[list_id], {}).get(depth, Level())

    def _print(self, list_id: str, depth: int, counts: dict[int, int]) -> str:
        level = self._level(list_id, depth)
        if level.style == "bullet":
            mark = level.text if level.text and not "\ue000" <= level.text[0] <= "\uf8ff" else "•"
            return mark + " "
        text = level.text
        for position in range(LEVELS, 0, -1):
            if f"%{position}" in text:
                shown = self._level(list_id, position - 1)
                value = counts.get(position - 1, shown.start)
                style = "decimal" if level.legal else shown.style
                text = text.replace(f"%{position}", FORMATS.get(style, str)(value))
        return text + _gap(level, text)


def _gap(level: Level, text: str) -> str:
    """Word puts a tab by default; behind 、 and ） an official text has none."""
    return "" if level.suffix == "nothing" or not text or text[-1] in TIGHT else " "


def numbering_of(root: etree._Element | None, style_lists: dict[str, str]) -> Numbering:
    """Read numbering.xml; `style_lists` names the list of each numbering style."""
    numbering = Numbering()
    if root is None:
        return numbering
    links: dict[str, str] = {}
    for element in root:
        if local(element) == "abstractNum":
            key = attribute(element, "abstractNumId") or ""
            numbering.levels[key] = {
                number(level, "ilvl"): _level(level) for level in element if local(level) == "lvl"
            }
            if (link := attribute(child(element, "numStyleLink"))) is not None:
                links[key] = link
    for element in root:
        if local(element) == "num":
            _add_list(numbering, element)
    for key, style in links.items():
        target = numbering.lists.get(style_lists.get(style, ""), key)
        numbering.levels[key] = numbering.levels.get(target, {})
    return numbering


def _add_list(numbering: Numbering, element: etree._Element) -> None:
    list_id = attribute(element, "numId") or ""
    numbering.lists[list_id] = attribute(child(element, "abstractNumId")) or ""
    for override in element:
        if local(override) != "lvlOverride":
            continue
        depth = number(override, "ilvl")
        start = child(override, "startOverride")
        level = child(override, "lvl")
        if level is not None:
            numbering.overrides.setdefault(list_id, {})[depth] = _level(level)
        if start is not None:
            numbering.restarts.setdefault(list_id, {})[depth] = number(start)


def _level(element: etree._Element) -> Level:
    restart = child(element, "lvlRestart")
    formats = [attribute(below) or "" for below in element.iter() if local(below) == "numFmt"]
    return Level(
        start=number(child(element, "start")),
        # a custom format stands beside its plain fallback
        style=next((style for style in formats if style != "custom"), "decimal"),
        text=attribute(child(element, "lvlText")) or "",
        suffix=attribute(child(element, "suff")) or "tab",
        restart=number(restart) if restart is not None else None,
        legal=is_on(child(element, "isLgl")),
        paragraph_style=attribute(child(element, "pStyle")) or "",
    )
