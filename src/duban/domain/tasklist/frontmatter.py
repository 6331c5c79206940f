"""Reads what surrounds the list: title, document number, issuer and date, and where page debris and signatures stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property

from duban.domain.source import Span
from duban.domain.tasklist.normalise import clean
from duban.domain.tasklist.outline import chinese_number

TITLE_ENDS = "通知|意见|方案|措施|清单|要点|计划|办法|规划|任务|分解表|分工|政策|安排|台账|实施细则|决定"


class Front:
    """The head of a document; `spans` tell where each value stands."""

    def __init__(self, title: str = "") -> None:
        self.title = title
        self.number = ""
        self.issuer = ""
        self.issued_on: date | None = None
        self.spans: dict[str, Span] = {}

    @property
    def year(self) -> int | None:
        """The year of the list: the one its title names, else the one it was issued in."""
        if named := re.search(r"((?:19|20)\d\d)\s*年", self.title):
            return int(named[1])
        return self.issued_on.year if self.issued_on else None


_NUMERAL = "[〇○零一二三四五六七八九十]"
_DAY = (
    rf"(?P<y>[12]\d{{3}}|{_NUMERAL}{{4}})\s*年\s*(?P<m>\d{{1,2}}|{_NUMERAL}{{1,3}})\s*月\s*"
    rf"(?P<d>\d{{1,2}}|{_NUMERAL}{{1,3}})\s*日"
)
_ORGAN = (
    r"(?:[^\W\d]|[（）“”]){2,40}?"
    "(?:人民政府|政府|办公厅|办公室|委员会|管委会|领导小组|指挥部|局|厅|委|部)"
)
_KEYS = r"标\s*题|文\s*号|发文字号|文件编号|发文机关|发布机构|发文机构|制发机关|成文日期|发布日期|发布时间|印发日期|发文日期"
_NEXT_KEY = r"（?(?:[^\W\d]|[ ]){2,8}）?：|（?(?:标\s*题|发文|成文|发布|实施|废止|有\s?效|主题|索\s?引)"


_BACK_SIGNS = ("日", "（此件", "附件", "抄送")  # no back matter without one of them (speed only)


class _Patterns:
    """Compiled one by one, as a document asks for them."""

    @cached_property
    def label(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?:^|(?<=[\s）]))(?P<key>{_KEYS})\s*）?\s*：?[ \t]*(?P<value>[^\n]*?)(?=\s+(?:{_NEXT_KEY})|\n|$)"
        )

    @cached_property
    def title(self) -> re.Pattern[str]:
        ends = rf"(?:的?(?:{TITLE_ENDS}))(?:（[^（）]{{1,30}}）)?(?=\s|$|（)"
        return re.compile(rf"[^\n。！？]{{0,200}}?(?:关于|印发|转发)[^。！？]{{2,160}}?{ends}")

    @cached_property
    def number(self) -> re.Pattern[str]:
        return re.compile(r"[^\W\d]{1,9}(?:（\s*(?:19|20)\d\d\s*）)\s*第?\s*\d{1,5}\s*号")

    @cached_property
    def signature(self) -> re.Pattern[str]:
        return re.compile(rf"(?:^|(?<=[\s。]))(?P<organ>{_ORGAN})\s{{1,40}}{_DAY}")

    @cached_property
    def alone(self) -> re.Pattern[str]:
        return re.compile(rf"(?<=[\s。]){_DAY}(?=\s*(?:\n|（此件|$)|\s{{2,}})")

    @cached_property
    def date(self) -> re.Pattern[str]:
        return re.compile(rf"{_DAY}|(?P<y2>[12]\d{{3}})[-/.](?P<m2>\d{{1,2}})[-/.](?P<d2>\d{{1,2}})")

    @cached_property
    def organ(self) -> re.Pattern[str]:
        return re.compile(rf"^{_ORGAN}$")

    @cached_property
    def back(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?:^|(?<=[\s。）])){_ORGAN}\s{{1,40}}{_DAY}|（此件[^（）]{{2,12}}）"
            r"|(?:^|(?<=\s))附件\s?[\d一二三]?[：:.\s]|(?:^|(?<=\n))抄送[：:]"
        )


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def read_front(source: str, folded: str, start: int) -> Front:
    """The head of a document whose list begins at `start`; what is not printed stays empty."""
    head = folded[: max(start, 1)]
    front = Front()
    labels = {clean(m["key"]): m for m in reversed(list(_patterns().label.finditer(head[:6000])))}
    _title(source, head, labels, front)
    _number(source, head, labels, front)
    _issuer_and_date(source, folded, head, labels, front)
    return front


def _title(source: str, head: str, labels: dict[str, re.Match[str]], front: Front) -> None:
    if (label := labels.get("标题")) and label["value"].strip():
        _keep(front, "title", source, *label.span("value"))
        front.title = clean(source[slice(*label.span("value"))])
        return
    match = _patterns().title.search(head[:1500])
    if match is None:
        first = re.search(r"[^\n。]{4,80}?(?=\s|$)", head)
        span = first.span() if first else (0, 0)
    else:
        span = match.span()
    left = _title_start(head, *span)
    if number := _patterns().number.match(head, left, span[1]):
        left = (
            number.end() + len(head[number.end() : span[1]]) - len(head[number.end() : span[1]].lstrip(" -—"))
        )
    _keep(front, "title", source, left, span[1])
    front.title = clean(source[left : span[1]])


def _title_start(head: str, start: int, end: int) -> int:
    """The word with 关于 or 印发, and the issuer before it; not the site's name or an earlier copy of the title."""
    words = list(re.finditer(r"\S+", head[start:end]))
    key = next((i for i, word in enumerate(words) if re.search("关于|印发|转发", word[0])), 0)
    if key and _patterns().organ.match(words[key - 1][0]):
        key -= 1
    return start + (words[key].start() if words else 0)


def _number(source: str, head: str, labels: dict[str, re.Match[str]], front: Front) -> None:
    for key in ("文号", "发文字号", "文件编号"):
        if (label := labels.get(key)) and (match := _patterns().number.search(label["value"])):
            start = label.start("value")
            _keep(front, "document_number", source, start + match.start(), start + match.end())
            front.number = clean(source[start + match.start() : start + match.end()])
            return
    alone: Span | None = None
    for match in _patterns().number.finditer(head):
        before, after = head[: match.start()].rstrip()[-1:], head[match.end() : match.end() + 1]
        if before in "》知见定案法" and head[match.start() - 1] == "（":
            if alone is None and match.end() < 200 and after == "）":
                alone = Span(*match.span())
            continue
        if head[match.start() - 1 : match.start()] not in ("", " ", "\n", "\t", "）") or after == "）":
            continue
        alone = Span(*match.span())
        break
    if alone is not None:
        _keep(front, "document_number", source, alone.start, alone.end)
        front.number = clean(alone.of(source))


def _issuer_and_date(
    source: str, folded: str, head: str, labels: dict[str, re.Match[str]], front: Front
) -> None:
    tail_at = max(len(head), len(folded) - 1500)
    signature = None
    for text, offset in ((head, 0), (folded[tail_at:], tail_at)):
        found = list(_patterns().signature.finditer(text)) if "日" in text and "月" in text else []
        if found:
            signature = found[-1] if offset else found[0]
            _keep(front, "date", source, offset + signature.start("y"), offset + signature.end())
            front.issued_on = _date(signature)
            _keep(front, "issuer", source, offset + signature.start("organ"), offset + signature.end("organ"))
            front.issuer = clean(source[offset + signature.start("organ") : offset + signature.end("organ")])
            break
    if front.issued_on is None and (alone := _patterns().alone.search(head)):
        _keep(front, "date", source, alone.start("y"), alone.end("d") + 1)
        front.issued_on = _date(alone)
    before = re.split("关于|印发|转发", front.title, maxsplit=1)[0]
    if before != front.title and _patterns().organ.match(before):
        front.issuer = before
    for key in ("发文机关", "发文机构", "发布机构", "制发机关"):
        if not front.issuer and (label := labels.get(key)):
            front.issuer = clean(label["value"])
    for key in ("成文日期", "印发日期", "发文日期", "发布日期", "发布时间"):
        if front.issued_on is None and (label := labels.get(key)):
            match = _patterns().date.search(label["value"])
            front.issued_on = _date(match) if match else None
    if front.issued_on is None and (match := re.search(r"发布日期：?\s*([\d-]{8,10})", head)):
        found_date = _patterns().date.search(match[1])
        front.issued_on = _date(found_date) if found_date else None


def _date(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    parts = [groups.get(name) or groups.get(name + "2") or "" for name in ("y", "m", "d")]
    try:
        numbers = [
            int(p) if p.isdigit() and p.isascii() else chinese_number(p.replace("○", "〇")) for p in parts
        ]
        return date(*numbers)
    except (ValueError, KeyError):
        return None


def _keep(front: Front, name: str, source: str, start: int, end: int) -> None:
    if source[start:end].strip():
        front.spans[name] = Span(start, end)


def back_start(folded: str, start: int) -> int:
    """Where signature, attachments or page debris begin after the list, or the end of the text."""
    if not any(folded.find(sign, start) >= 0 for sign in _BACK_SIGNS):
        return len(folded)
    found = _patterns().back.search(folded, start)
    return found.start() if found else len(folded)


def paragraphs(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a range that are not blank."""
    while start < end:
        stop = folded.find("\n", start, end)
        stop = end if stop < 0 else stop + 1
        if folded[start:stop].strip():
            yield start, stop
        start = stop
