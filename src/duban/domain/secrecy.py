"""Marks of classified matter in a text: the site runs on a network on which such matter is forbidden.

Source: rules.md §4.4 (13710: 严禁纳入涉密事项); the forms of a mark are those of GB/T 9704 (密级★保密期限, 密级 at the
head of the first page). Only marks are looked for, never the words 秘密 or 机密 in a sentence; 内部 is no level. The
answer is a suspicion for a person to judge.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.source import Span

HEAD_LINES: Final = 15
SIGNS: Final = ("密", "宻")  # no mark is written without one of these
SHOWN: Final = 30

VARIANTS: Final = {
    **dict.fromkeys("☆✩✪✫✬✭✮✯✰⭐🌟⋆⍟✡✶", "★"),
    **dict.fromkeys("＊﹡∗✱✲※✻", "*"),
    **dict.fromkeys("絕絶", "绝"),
    **dict.fromkeys("機", "机"),
    **dict.fromkeys("祕", "秘"),
    **dict.fromkeys("宻", "密"),
    **dict.fromkeys("級", "级"),
    **dict.fromkeys("長镸", "长"),
    **dict.fromkeys("：﹕︰∶꞉", ":"),
    **dict.fromkeys("〔【［", "["),
    **dict.fromkeys("〕】］", "]"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\r\v\f", " "),
}


class Suspicion(NamedTuple):
    """A stretch `[start, end)` of the text, in code points, that looks like a mark of classified matter."""

    start: int
    end: int
    text: str
    message: Message


class _Folding(dict[int, str]):
    """Character by character, so that positions stay: full width, blanks and look-alikes become one form."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = VARIANTS.get(character)
        if folded is None:
            plain = unicodedata.normalize("NFKC", character)
            folded = plain if len(plain) == 1 else character
            if folded not in "\n\t" and folded.isspace():
                folded = " "
        self[code] = folded
        return folded


_FOLDING: Final = _Folding()

_GAP = " {0,4}"
_LEVEL = rf"(?:绝{_GAP}\n?密|机{_GAP}\n?密|秘{_GAP}\n?密)"
_TERM = (
    rf"(?:(?:\d{_GAP}){{1,2}}(?:年|个{_GAP}月|月|日|天)|[一二三四五六七八九十]{{1,3}}{_GAP}(?:年|个{_GAP}月)"
    rf"|长{_GAP}期|永{_GAP}久|启{_GAP}[用封]{_GAP}前|解{_GAP}密)"
)
_FIELD = (
    rf"(?:密{_GAP}级|密{_GAP}别|(?:涉密|保密|秘密)(?:等级|级别))"
    rf"{_GAP}(?:标识|标志|(?:[和及与]|、)保密期限)?"
)
_URGENT = rf"(?:特{_GAP}[急提]|加{_GAP}急|平{_GAP}急|急{_GAP}件)"
_AFTER = r"(?=[ \t\n★*)\]）。,，;；|]|$)"
_CELL = rf"(?:(?<=[\t\n|])|\A) {{0,12}}{_LEVEL} {{0,12}}(?=[\t\n|]|\Z)"

STARRED: Final = re.compile(
    rf"(?<!商业)(?<!商 业){_LEVEL}{_GAP}★{_GAP}{_TERM}"
    rf"|(?:(?<![\w、])|(?<=[0-9A-Za-z_])){_LEVEL}{_GAP}★(?:{_GAP}{_TERM})?(?![\u4e00-\u9fff])"
)
BLURRED: Final = re.compile(
    rf"(?:(?<![\w、“”\"])|(?<=[0-9A-Za-z_])){_LEVEL}{_GAP}(?:[*大太女犬交食·•.\-—#x×+^丰米]{_GAP}){{0,2}}{_TERM}"
    rf"(?={_GAP}(?:{_URGENT}|[\n\t\])）]|\Z))"
)
FIELD: Final = re.compile(
    rf"(?<![不无非去]){_FIELD}[ \t]{{0,12}}"
    rf"(?::[ \t\n]{{0,12}}|[ \t]|\n|(?:为|定为|是){_GAP}|[(\[（]{_GAP}|(?={_LEVEL}))"
    rf"(?:[☑√✓✔■▣●][ ]?)?[(\[（“\"]?{_LEVEL}级?(?:{_GAP}{_TERM})?{_AFTER}"
    rf"(?![ ]{{0,4}}[,，][ ]{{0,4}}{_LEVEL})"
)
HEAD: Final = re.compile(
    rf"^ {{0,80}}(?:№?\d{{4,8}}号? {{0,80}})?"
    rf"(?:[(\[（]{_GAP}{_LEVEL}{_GAP}[)\]）]|{_LEVEL}{_GAP}(?:★|\*)?(?= {{0,80}}(?:$|\d{{4,8}} {{0,20}}$|[·/]? ?{_URGENT}))"
    rf"|{_URGENT} {{1,80}}{_LEVEL}(?= {{0,80}}$))",
    re.MULTILINE,
)
COLUMN: Final = re.compile(rf"(?:(?<=[\t\n|])|\A) {{0,4}}{_FIELD} {{0,4}}(?=[\t\n|]|\Z)")
CELL: Final = re.compile(_CELL)


def suspicions(text: str) -> tuple[Suspicion, ...]:
    """Every suspected mark, in order, none overlapping another; linear in the length of the text.

    Looked for: 绝密/机密/秘密 with ★ (and its look-alikes before a term), a 密级 field that holds a level, a level that
    stands alone on a line at the head of the document, and a level alone in a cell of a table that has a 密级 column.
    """
    folded = text.translate(_FOLDING)
    if "密" not in folded:
        return ()
    found = [(*m.span(), "secrecy.mark") for rule in (STARRED, BLURRED) for m in rule.finditer(folded)]
    found += [(*m.span(), "secrecy.field") for m in FIELD.finditer(folded)]
    found += [(*m.span(), "secrecy.head") for m in HEAD.finditer(folded, 0, _head_end(folded))]
    if COLUMN.search(folded):
        found += [(*m.span(), "secrecy.field") for m in CELL.finditer(folded)]
    return tuple(_suspicion(text, span, code) for span, code in _apart(folded, found))


def _head_end(text: str) -> int:
    """Where the first `HEAD_LINES` lines that hold something end."""
    lines = 0
    for line in re.finditer(r"[^\n]+", text):
        lines += bool(line[0].strip())
        if lines == HEAD_LINES:
            return line.end()
    return len(text)


def _apart(text: str, found: list[tuple[int, int, str]]) -> list[tuple[Span, str]]:
    """Blanks cut off, overlapping finds joined under the code of the one that begins first."""
    apart: list[tuple[Span, str]] = []
    for left, right, code in sorted(found, key=lambda one: (one[0], -one[1])):
        matched = text[left:right]
        start = left + len(matched) - len(matched.lstrip())
        end = right - len(matched) + len(matched.rstrip())
        if apart and start < apart[-1][0].end:
            last, known = apart[-1]
            apart[-1] = (Span(last.start, max(last.end, end)), known)
        else:
            apart.append((Span(start, end), code))
    return apart


def _suspicion(text: str, span: Span, code: str) -> Suspicion:
    words = span.of(text)
    return Suspicion(*span, words, Message(code, {"mark": "".join(words.split())[:SHOWN]}))


def refuse_marked(*texts: str) -> None:
    """Raise Invalid when one of these texts bears a mark of classified matter: it is not kept, not even as a draft."""
    for text in texts:
        if any(sign in text for sign in SIGNS) and (found := suspicions(text)):
            raise Invalid(found[0].message)
