"""The papers of a period, built from a frozen data sheet and from nothing else: which there are, and what each one says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from duban.domain.due import in_words
from duban.domain.lights import LIGHTS
from duban.domain.lights import Light as LightCode
from duban.domain.periods import period_of
from duban.domain.topic import topic as topic_of
from duban.publishing.contents import (
    Basis,
    Figure,
    LedgerContent,
    LedgerGroup,
    LedgerRow,
    LedgerSheet,
    Light,
    OrderContent,
    OrderForm,
    PaperKind,
    Tally,
)
from duban.publishing.snapshots import Count, Figures, Line, OrderFigures, Sheet
from duban.supervision.order_queries import order_number as number_of_order

RULED_VALUE: Final = "完成值为督查核定数"
NOT_SAID: Final = "（未报）"
BY_HAND: Final = "　　　　"
UNDETERMINED: Final = Light("", "未核定")
ORDER_OF_LIGHTS: Final = (
    "normal", "warning", "lagging", "missing", "stale", "not_yet", "pending", "standing", "done", "",
)  # fmt: skip
BEHIND: Final = ("lagging", "warning")
TOLD: Final = frozenset({*BEHIND, "missing", "stale", "pending"})
WIDEST_NUMBER: Final = 10**6
TITLE_LENGTH: Final = 30
_GAP: Final = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef“”]) +(?=[\w“”])|(?<=[\w%“”]) +(?=[\u3000-\u9fff\uff00-\uffef“”])"
)
_LARGE: Final = re.compile(r"(?<![\d.])\d{5,}(?=[\u4e00-\u9fff])")


def tight(text: str) -> str:
    """A sentence of ours as it stands on paper: no blanks between Chinese text and figures."""
    return _GAP.sub("", text)


def ruled(line: Line) -> str:
    """The sentence of a determination on paper; round figures before a measure are said in 万 and 亿, without loss."""
    return _LARGE.sub(lambda found: in_words(Decimal(found[0])), tight(line.sentence))


def topic(line: Line, longest: int = TITLE_LENGTH) -> str:
    """A short name for a task: what is measured of it."""
    return topic_of(line.text, line.year_target or line.year, longest)


def period_name(key: str) -> str:
    """A period with its year: 2023年三季度; "" for none."""
    return f"{key[:4]}年{period_of(key).name}" if key else ""


def day_of(text: str) -> date | None:
    """A day of the sheet; None for ""."""
    return date.fromisoformat(text) if text else None


def light_of(code: str) -> Light:
    """A light as printed; tasks without determination say so."""
    return Light(*LIGHTS[LightCode(code)][:2]) if code else UNDETERMINED


def issuer_of(figures: Figures) -> str:
    """The office that signs: 云江市人民政府督查室."""
    return f"{figures.head.government}督查室"


def basis_of(sheet: Sheet, which: str = "", on: date | None = None) -> Basis:
    """What a paper rests on; `which` tells it from the other papers of its kind."""
    head = sheet.figures.head
    as_of = date.fromisoformat(head.as_of)
    key = f"{head.list_key}/{head.period}/{which}"
    sealed = head.state == "sealed"
    return Basis(issuer_of(sheet.figures), on or sheet.on, as_of, sheet.sha256, key, sealed=sealed)


def tallies_of(count: Count, figures: Figures) -> tuple[Tally, ...]:
    """One tally for each light that stands anywhere in the sheet, now or before, in one order."""
    total, compared = figures.totals, bool(figures.head.earlier)
    seen = [code for code in ORDER_OF_LIGHTS if total.now.get(code) or total.before.get(code)]
    return tuple(
        Tally(
            light_of(code).text,
            count.now.get(code, 0),
            count.before.get(code, 0) if compared else None,
        )
        for code in seen
    )


def counted(count: Count) -> str:
    """The lights of a count in words: 正常231项，预警28项."""
    return "，".join(
        f"{light_of(code).word}{count.now[code]}项" for code in ORDER_OF_LIGHTS if count.now.get(code)
    )


def compared(count: Count, figures: Figures) -> str:
    """How a count changed against the earlier period; "" where there is none."""
    if not figures.head.earlier:
        return ""
    moves = []
    for code in ORDER_OF_LIGHTS:
        change = count.now.get(code, 0) - count.before.get(code, 0)
        if change:
            moves.append(f"{light_of(code).word}{'增加' if change > 0 else '减少'}{abs(change)}项")
    than = f"与{period_name(figures.head.earlier)}相比，"
    return than + "，".join(moves) if moves else f"{than}各类任务数没有变化"


def ledger_content(sheet: Sheet, _: str = "") -> LedgerContent:
    """The master ledger in three orders: by chapter, by city leader, by lead unit."""
    figures = sheet.figures
    asked = {row.task for row in figures.form_rows}
    rows = {line.task: _ledger_row(line, figures.head.period, asked) for line in figures.lines}
    positions = {unit.unit: place for place, unit in enumerate(figures.units)}
    by_unit = sorted(figures.lines, key=lambda line: positions.get(line.lead_unit, len(positions)))
    by_leader = sorted(figures.lines, key=lambda line: _place(line.city_leader, figures))
    sheets = (
        LedgerSheet("按篇章", _groups(figures.lines, lambda line: line.chapter or "未分篇章", rows)),
        LedgerSheet("按市领导", _groups(by_leader, lambda line: line.city_leader or "未明确市领导", rows)),
        LedgerSheet("按牵头单位", _groups(by_unit, lambda line: line.lead or "未明确牵头单位", rows)),
    )
    title = f"{figures.head.list_title}总台账"
    return LedgerContent(basis_of(sheet), title, period_name(figures.head.period), sheets)


def _place(leader: str, figures: Figures) -> int:
    return [count.leader for count in figures.leaders].index(leader)


def _groups(
    lines: Iterable[Line], heading: Callable[[Line], str], rows: dict[int, LedgerRow]
) -> tuple[LedgerGroup, ...]:
    groups: dict[str, list[LedgerRow]] = {}
    for line in lines:
        groups.setdefault(heading(line), []).append(rows[line.task])
    return tuple(LedgerGroup(name, tuple(found)) for name, found in groups.items())


def _tells(line: Line) -> bool:
    """Whether the sentence of a determination says more than the light beside it: a trouble, or a figure of the office's own."""
    return line.light in TOLD or bool(line.sentence and line.ruled_value)


def _ledger_row(line: Line, period: str, asked: set[int]) -> LedgerRow:
    return LedgerRow(
        number=line.number,
        text=line.text,
        lead=line.lead,
        main=line.main,
        support=line.support,
        city_leader=line.city_leader,
        year_target=line.year_target,
        q1=line.q1,
        half=line.half,
        q3=line.q3,
        year=line.year,
        progress=said_words(line, period) or (NOT_SAID if line.task in asked else ""),
        value=figure(line.value),
        due_value=figure(line.due_value),
        light=light_of(line.light),
        determination=ruled(line) if _tells(line) else light_of(line.light).word,
        problem=line.problem,
        next_step=line.next_step,
        division=line.division,
        contact=line.contact,
        phone=line.phone,
        remarks=RULED_VALUE if line.ruled_value else "",
    )


def figure(text: str) -> Figure:
    """A measured value as a number, "" for none; one too wide for its column is said in 万."""
    if not text:
        return ""
    value = Decimal(text)
    return value if abs(value) < WIDEST_NUMBER else in_words(value)


def said_words(line: Line, period: str) -> str:
    """The latest progress; what was reported in an earlier period says in which, no change says so."""
    if not line.said_in:
        return ""
    words = f"{line.progress}（本期无变化）" if line.no_change and line.progress else line.progress
    words = words or "无变化"
    return (
        words
        if line.said_in == period
        else f"（{period_of(line.said_in).name}报）{line.progress or '无变化'}"
    )


def ended(text: str) -> str:
    """A text with a full stop, unless it is empty or ends in one."""
    text = text.strip()
    return text if not text or text[-1] in "。！？" else f"{text.rstrip('；，')}。"


def order_word(row: OrderFigures) -> str:
    """What the paper is called: 督办单 to units under command, 督查函 to the others."""
    return "督办单" if row.kind == "order" else "督查函"


def order_number(row: OrderFigures, figures: Figures) -> str:
    """The number in the style of the list's own: 京政督〔2023〕9号; room for the figure before the order is approved."""
    return number_of_order(figures.head.document_number, row.kind, row.year, row.serial)


def order_content(sheet: Sheet, which: str) -> OrderContent:
    """One order; it is dated when it was approved, before that on the day of the sheet."""
    figures = sheet.figures
    row = next(row for row in figures.orders if str(row.order) == which)
    line = figures.line_of(row.task)
    number = line.number if line else 0
    is_letter = row.kind != "order"
    text = f"重点任务第{number}项：{line.text}" if line else ""
    document = f"（{figures.head.document_number}）" if figures.head.document_number else ""
    source = f"《{figures.head.list_title}》{document}第{number}项。"
    return OrderContent(
        basis=basis_of(sheet, which, day_of(row.approved_on)),
        form=OrderForm.LETTER if is_letter else OrderForm.NOTICE,
        head=issuer_of(figures) if is_letter else f"{figures.head.government}督办通知",
        number=order_number(row, figures),
        title=f"关于{'商请' if is_letter else ''}推进重点任务第{number}项的{'督查函' if is_letter else '督办通知'}",
        addressee=row.unit,
        matter=tuple(part for part in (ended(tight(row.matter)), text) if part),
        grounds=(source, ended(tight(row.basis))),
        requirement=(ended(tight(row.requirement)),),
        due_on=date.fromisoformat(row.due_on),
        contact=figures.head.contact or BY_HAND,
        phone=figures.head.phone or BY_HAND,
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """A paper that can be written: its kind and which of them, the path of its file, and in one line what it says."""

    kind: PaperKind
    which: str
    path: str
    line: str
