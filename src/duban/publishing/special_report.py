"""The special report (督查专报): totals against last period, by city leader, one paragraph a laggard, the annex table."""

from __future__ import annotations

from collections.abc import Sequence

from duban.publishing.contents import Laggard, PaperKind, SpecialReportContent
from duban.publishing.docx_tables import DENSE_WHOLE, WHOLE, Column
from duban.publishing.official import OFFICIAL, Imprint, Paper
from duban.publishing.paper_words import change_words, day_words, fitting
from duban.publishing.special_annex import write_annex

NUMERALS = "一二三四"
DENSE_CHARACTER = 3.53  # millimetres of a character of 10 pt
NAMED = 20  # laggards named by number


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
    lines = _imprint_lines(content)
    if content.annex:
        paper.blank()
        paper.paragraph("Body", f"附件：{content.annex_title}")
        write_annex(paper, content.annex_title, content.annex, len(lines) - 1)
    paper.imprint(Imprint(lines, content.basis.issuer), content.basis)
    return paper.finish(f"{content.series}第{content.issue}期", PaperKind.SPECIAL_REPORT, content.basis)


def _imprint_lines(content: SpecialReportContent) -> tuple[str, ...]:
    names = (("签发", content.signed_by), ("核稿", content.checked_by), ("拟稿", content.drafted_by))
    addressees = (("报", content.submitted_to), ("送", content.sent_to))
    signed = "　　".join(f"{label}：{name or '　　　　'}" for label, name in names)
    return (signed, *(f"{label}：{name}。" for label, name in addressees if name))


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
    names = fitting((row.leader for row in content.leaders), 18, 34, DENSE_CHARACTER)
    field = fitting((row.field for row in content.leaders), 24, 38, DENSE_CHARACTER)
    width = (paper.page.text_width - names - field) / (len(content.tallies) + 1)
    columns = [
        Column("市领导", names, "center"),
        Column("分管领域", field),
        Column("任务\n数", width, "center"),
    ]
    columns += [Column(tally.word.replace(" ", "\n"), width, "center") for tally in content.tallies]
    rows = [(row.leader, row.field, str(row.total), *map(str, row.counts)) for row in content.leaders]
    paper.table(columns, rows, DENSE_WHOLE)


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


def _numeral(place: int) -> str:
    """1 to 99 in Chinese numerals, as headings are numbered."""
    signs = "〇一二三四五六七八九"
    tens, ones = divmod(place, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{signs[tens]}十"
    return head + (signs[ones] if ones else "")
