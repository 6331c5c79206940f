"""The special report (督查专报): totals against last period, by city leader, one paragraph a laggard, the annex table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from duban.publishing.contents import AnnexRow, Laggard, PaperKind, SpecialReportContent
from duban.publishing.docx_tables import DENSE, DENSE_WHOLE, WHOLE, Column
from duban.publishing.official import OFFICIAL, Imprint, Paper
from duban.publishing.paper_words import change_words, day_words, shown, width_of

NUMERALS = "一二三四"
DENSE_CHARACTER = 3.53  # millimetres of a character of 10 pt
NAMED = 20  # laggards named by number
PADDING = 3.0  # millimetres of a cell that hold no text


def write_special_report(content: SpecialReportContent) -> bytes:
    """The .docx: two to four pages, a section without matter is left out and the rest numbered on."""
    paper = Paper(OFFICIAL)
    paper.red_head(content.series)
    paper.paragraph("DocumentNumber", f"第{content.issue}期")
    paper.red_rule(f"{content.basis.issuer}\t{day_words(content.basis.on)}", "left")
    paper.blank()
    paper.title(content.title)
    paper.blank()
    sections = [_totals, _by_leader, *([_laggards] if content.laggards else [])]
    sections += [_advice] if content.advice else []
    for numeral, section in zip(NUMERALS, sections, strict=False):
        section(paper, content, numeral)
    if content.annex:
        paper.blank()
        paper.paragraph("Body", f"附件：{content.annex_title}")
        _annex(paper, content)
    names = (("签发", content.signed_by), ("核稿", content.checked_by), ("拟稿", content.drafted_by))
    lines = ["　　".join(f"{label}：{name or '　　　　'}" for label, name in names)]
    lines += [f"报：{content.submitted_to}。"] if content.submitted_to else []
    lines += [f"送：{content.sent_to}。"] if content.sent_to else []
    paper.imprint(Imprint(tuple(lines), content.basis.issuer), content.basis)
    return paper.finish(f"{content.series}第{content.issue}期", PaperKind.SPECIAL_REPORT, content.basis)


def _totals(paper: Paper, content: SpecialReportContent, numeral: str) -> None:
    paper.paragraph("Heading1", f"{numeral}、总体情况")
    paper.body(content.summary)
    first = 22
    width = (paper.page.text_width - first) / (len(content.tallies) + 1)
    columns = [Column("", first, "center"), Column("合计", width, "center")]
    columns += [Column(tally.word.replace(" ", "\n"), width, "center") for tally in content.tallies]
    counts = [
        (content.total, content.total_before),
        *((tally.now, tally.before) for tally in content.tallies),
    ]
    paper.table(
        columns,
        [
            ("本期", *(str(now) for now, _ in counts)),
            ("上期", *("—" if before is None else str(before) for _, before in counts)),
            ("增减", *(change_words(now, before) for now, before in counts)),
        ],
        WHOLE,
    )


def _by_leader(paper: Paper, content: SpecialReportContent, numeral: str) -> None:
    paper.paragraph("Heading1", f"{numeral}、按分管市领导分布")
    names = _fitting((row.leader for row in content.leaders), 18, 34)
    field = _fitting((row.field for row in content.leaders), 24, 38)
    width = (paper.page.text_width - names - field) / (len(content.tallies) + 1)
    columns = [
        Column("市领导", names, "center"),
        Column("分管领域", field),
        Column("任务\n数", width, "center"),
    ]
    columns += [Column(tally.word.replace(" ", "\n"), width, "center") for tally in content.tallies]
    rows = [(row.leader, row.field, str(row.total), *map(str, row.counts)) for row in content.leaders]
    paper.table(columns, rows, DENSE_WHOLE)


def _fitting(texts: Iterable[str], least: float, most: float) -> float:
    """The width in millimetres of a column that takes its texts in one line, within bounds."""
    return min(max([least, *(width_of(text) * DENSE_CHARACTER + PADDING for text in texts)]), most)


def _laggards(paper: Paper, content: SpecialReportContent, numeral: str) -> None:
    paper.paragraph("Heading1", f"{numeral}、滞后事项")
    for place, laggard in enumerate(content.laggards, 1):
        _laggard(paper, laggard, place)
    if content.left_out:
        paper.body((_others(content.left_out),))


def _others(numbers: Sequence[int]) -> str:
    """The laggards that the annex alone tells of, by number."""
    more = "等" if len(numbers) > NAMED else ""
    return f"其余{len(numbers)}项滞后事项（第{'、'.join(map(str, numbers[:NAMED]))}{more}项）见附件。"


def _laggard(paper: Paper, laggard: Laggard, place: int) -> None:
    """One paragraph, the second level's heading at its beginning."""
    leader = f"牵头，{laggard.city_leader}分管" if laggard.city_leader else ""
    paper.labelled(
        ("目标", laggard.target),
        ("现状", laggard.state),
        ("原因", laggard.cause),
        ("措施", laggard.measure),
        ("建议", laggard.advice),
        heading=f"（{_numeral(place)}）第{laggard.number}项：{laggard.title}（{laggard.lead}{leader}）。",
    )


def _advice(paper: Paper, content: SpecialReportContent, numeral: str) -> None:
    paper.paragraph("Heading1", f"{numeral}、下一步工作建议")
    paper.body(content.advice)


def _annex(paper: Paper, content: SpecialReportContent) -> None:
    paper.new_page("AnnexMark", "附件")
    paper.title(content.annex_title)
    paper.blank()
    lead = _fitting((row.lead for row in content.annex), 20, 38)
    leader = _fitting((row.city_leader for row in content.annex), 14, 24)
    rest = paper.page.text_width - lead - leader - 54
    columns = [
        Column("序号", 10, "center"),
        Column("任务", rest),
        Column("牵头单位", lead),
        Column("市领导", leader, "center"),
        Column("完成值", 14, "center"),
        Column("序时\n目标", 14, "center"),
        Column("状态", 16, "center"),
    ]
    paper.table(columns, [_annex_row(row) for row in content.annex], DENSE)


def _annex_row(row: AnnexRow) -> tuple[str, ...]:
    figures = (shown(row.value), shown(row.due_value))
    return (str(row.number), row.title, row.lead, row.city_leader, *figures, row.light.text)


def _numeral(place: int) -> str:
    """1 to 99 in Chinese numerals, as headings are numbered."""
    signs = "〇一二三四五六七八九"
    tens, ones = divmod(place, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{signs[tens]}十"
    return head + (signs[ones] if ones else "")
