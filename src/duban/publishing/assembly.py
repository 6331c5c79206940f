"""The papers of a period, built from a frozen data sheet and from nothing else: which there are, and what each one says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from duban.domain.due import plain
from duban.domain.lights import LIGHTS
from duban.domain.lights import Light as LightCode
from duban.domain.periods import period_of
from duban.publishing.contents import (
    AnnexRow,
    Basis,
    Figure,
    Laggard,
    LeaderTally,
    LedgerContent,
    LedgerGroup,
    LedgerRow,
    LedgerSheet,
    Light,
    OrderContent,
    OrderForm,
    PaperKind,
    SpecialReportContent,
    Tally,
)
from duban.publishing.paper_words import day_words
from duban.publishing.snapshots import Count, Figures, Line, OrderFigures, Sheet
from duban.supervision.order_queries import order_number as number_of_order

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
_CHAPTER: Final = re.compile(r"^([一二三四五六七八九十]+)、")


def tight(text: str) -> str:
    """A sentence of ours as it stands on paper: no blanks between Chinese text and figures."""
    return _GAP.sub("", text)


def ruled(line: Line) -> str:
    """The sentence of a determination on paper; round figures before a measure are said in 万 and 亿, without loss."""
    return _LARGE.sub(lambda found: in_ten_thousands(Decimal(found[0])), tight(line.sentence))


def in_ten_thousands(value: Decimal) -> str:
    """A large round figure as people say it: 270000 is 27万; any other figure as it is."""
    for size, word in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if abs(value) >= size and value % (size / 100) == 0:
            return f"{plain(value / size)}{word}"
    return plain(value)


def short(text: str) -> str:
    """A short name for a task: its first stretch up to a comma or full stop, cut at thirty characters."""
    first = re.split(r"[，。；]", text, maxsplit=1)[0]
    return first if len(first) <= TITLE_LENGTH else f"{first[: TITLE_LENGTH - 1]}…"


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
    return Basis(issuer_of(sheet.figures), on or sheet.on, as_of, sheet.sha256, key)


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
        determination=ruled(line) if line.light in TOLD else light_of(line.light).word,
        problem=line.problem,
        next_step=line.next_step,
        division=line.division,
        contact=line.contact,
        phone=line.phone,
    )


def figure(text: str) -> Figure:
    """A measured value as a number, "" for none; one too wide for its column is said in 万."""
    if not text:
        return ""
    value = Decimal(text)
    return value if abs(value) < WIDEST_NUMBER else in_ten_thousands(value)


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


def special_report_content(sheet: Sheet, _: str = "") -> SpecialReportContent:
    """The special report: totals, by city leader, one paragraph a laggard, proposals, the annex."""
    figures = sheet.figures
    head, total = figures.head, figures.totals
    late = [line for line in figures.lines if line.light == "lagging"]
    behind = sorted(
        (line for line in figures.lines if line.light in BEHIND), key=lambda line: BEHIND.index(line.light)
    )
    name = period_name(head.period)
    return SpecialReportContent(
        basis=basis_of(sheet),
        series="督查专报",
        issue=head.issue,
        title=f"关于{name}重点任务落实情况的报告",
        period=name,
        total=total.total,
        total_before=sum(total.before.values()) if head.earlier else None,
        summary=_summary(figures, name),
        tallies=tallies_of(total, figures),
        leaders=tuple(_leader_tally(count, figures) for count in figures.leaders),
        laggards=tuple(_laggard(line, figures) for line in late),
        advice=_advice(figures, late),
        annex_title="滞后和预警事项明细表",
        annex=tuple(_annex_row(line) for line in behind),
    )


def _summary(figures: Figures, name: str) -> tuple[str, ...]:
    head, total = figures.head, figures.totals
    asked, missing = (sum(getattr(unit, field) for unit in figures.units) for field in ("asked", "missing"))
    owing = sum(unit.missing > 0 for unit in figures.units)
    absent = f"，未报送{missing}项，涉及{owing}个单位" if missing else ""
    lines = f"共{total.total}项。{name}应报送{asked}项，已报送{asked - missing}项{absent}。"
    than = compared(total, figures)
    judged = f"数据截至{day_words(date.fromisoformat(head.as_of))}，经督查核定，{counted(total)}。"
    return (f"《{head.list_title}》{lines}", f"{judged}{than}。" if than else judged)


def _leader_tally(count: Count, figures: Figures) -> LeaderTally:
    """`field` names the parts of the list that the leader's tasks stand in: nothing else is known of it."""
    chapters = (line.chapter for line in figures.lines if line.city_leader == count.leader)
    numerals = [found[1] for chapter in dict.fromkeys(chapters) if (found := _CHAPTER.match(chapter))]
    return LeaderTally(
        leader=count.leader or "未明确",
        field=f"清单第{'、'.join(numerals)}部分" if numerals else "",
        total=count.total,
        counts=tuple(tally.now for tally in tallies_of(count, figures)),
    )


def _laggard(line: Line, figures: Figures) -> Laggard:
    problems = [row for row in figures.problems if row.task == line.task]
    causes = list(dict.fromkeys(row.cause or row.text for row in problems)) or [line.problem]
    return Laggard(
        number=line.number,
        title=short(line.text),
        lead=line.lead,
        city_leader=line.city_leader,
        target=_target(line, figures.head.period),
        state=_state(line, figures.head.period),
        cause=_sentence("；".join(causes)) or NOT_SAID,
        measure=_sentence(line.next_step) or NOT_SAID,
        advice=_advice_on(line, figures),
    )


def node_of(line: Line, period: str) -> str:
    """The node that a period runs up to: that of its own quarter."""
    return line.nodes[(period_of(period).month - 1) // 3]


def _target(line: Line, period: str) -> str:
    names = ("一季度", "上半年", "三季度", "全年")
    node, name = node_of(line, period), names[(period_of(period).month - 1) // 3]
    parts = [f"年度目标{line.year_target}" if line.year_target else "", f"{name}节点{node}" if node else ""]
    return _sentence("，".join(part for part in parts if part)) or NOT_SAID


def _state(line: Line, period: str) -> str:
    judged = _sentence(ruled(line))
    if not line.said_in:
        return f"{judged}牵头单位未报送进展。"
    if line.said_in != period:
        return f"{judged}{period_name(line.said_in)}报送：{_sentence(line.progress or '无变化')}本期未报。"
    said = said_words(line, period)
    return judged if judged and _says_no_more(said, line) else f"{judged}牵头单位报送：{_sentence(said)}"


def _says_no_more(said: str, line: Line) -> bool:
    """Whether a report is nothing but the value that the determination names already."""
    return bool(line.value_text) and len(said) <= len(line.value_text) + len("累计完成") and line.value != ""


def _sentence(text: str) -> str:
    """A text with a full stop, unless it is empty or ends in one."""
    text = text.strip()
    return text if not text or text[-1] in "。！？" else f"{text.rstrip('；，')}。"


def _advice_on(line: Line, figures: Figures) -> str:
    """What the record says is being done about it: an order served, or somebody who must help."""
    orders = [row for row in figures.orders if row.task == line.task and row.serial]
    if orders:
        number, due = order_number(orders[-1], figures), date.fromisoformat(orders[-1].due_on)
        return f"已下达{order_word(orders[-1])}（{number}），请于{day_words(due)}前书面回复。"
    helpers = [row.helper for row in figures.problems if row.task == line.task and row.helper]
    return f"请{'、'.join(dict.fromkeys(helpers))}协调解决。" if helpers else ""


def _advice(figures: Figures, late: list[Line]) -> tuple[str, ...]:
    found = []
    approved = [row for row in figures.orders if row.serial]
    if approved:
        counts = [(word, sum(order_word(row) == word for row in approved)) for word in ("督办单", "督查函")]
        said = "、".join(f"{word}{count}件" for word, count in counts if count)
        found.append(f"本期已下达{said}，请承办单位在规定时限内书面回复办理情况。")
    again = [str(line.number) for line in late if line.before == "lagging"]
    if again:
        found.append(f"第{'、'.join(again)}项连续两期滞后，建议由分管市领导专题调度。")
    owing = [unit for unit in figures.units if unit.missing]
    if owing:
        missing = sum(unit.missing for unit in owing)
        found.append(f"{len(owing)}个单位{missing}项任务尚未报送进展，请抓紧补报。")
    return tuple(found)


def _annex_row(line: Line) -> AnnexRow:
    light = light_of(line.light)
    return AnnexRow(
        line.number, short(line.text), line.lead, line.city_leader, figure(line.value), figure(line.due_value),
        light, light.word,
    )  # fmt: skip


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
        matter=tuple(part for part in (_sentence(tight(row.matter)), text) if part),
        grounds=(source, _sentence(tight(row.basis))),
        requirement=(_sentence(tight(row.requirement)),),
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
