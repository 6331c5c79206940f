"""The three papers of one unit: its task sheet (单位任务单), its reporting form (报送表), its sign-off slip (审签单)."""

from __future__ import annotations

from duban.publishing.contents import (
    PaperKind,
    ReportFormContent,
    ReportRow,
    SignOffContent,
    UnitTask,
    UnitTasksContent,
)
from duban.publishing.docx_tables import DENSE, Cell, Column, Row
from duban.publishing.official import FORM, LANDSCAPE, Paper
from duban.publishing.paper_words import day_words, shown

TASKS = (
    Column("序号", 11, "center"),
    Column("任务内容", 68),
    Column("职责", 12, "center"),
    Column("牵头单位", 22),
    Column("市领导", 15, "center"),
    Column("年度目标", 34),
    Column("节点目标", 52),
    Column("承办与联系", 47),
)
REPORTS = (
    Column("序号", 11, "center"),
    Column("任务", 50),
    Column("年度目标", 30),
    Column("本期节点", 27),
    Column("上期进展", 36),
    Column("本期进展\n（150字以内）", 49),
    Column("数值", 14, "center"),
    Column("存在问题", 22),
    Column("下步安排", 22),
)
SLIP = (38.0, 46.0, 38.0, 46.0)


def write_unit_tasks(content: UnitTasksContent) -> bytes:
    """The .docx, A4 landscape: every task the unit leads or shares."""
    paper = Paper(LANDSCAPE)
    paper.paragraph("PageTitle", content.title)
    paper.paragraph("TableNote", f"单位：{content.unit}　　{content.summary}")
    paper.table(TASKS, [_task(row) for row in content.rows], DENSE)
    paper.source(content.basis)
    return paper.finish(f"{content.title}（{content.unit}）", PaperKind.UNIT_TASKS, content.basis)


def write_report_form(content: ReportFormContent) -> bytes:
    """The .docx, A4 landscape: blank for the pen, or filled in for the record."""
    paper = Paper(LANDSCAPE)
    paper.paragraph("PageTitle", content.title)
    paper.paragraph(
        "TableNote",
        f"单位：{content.unit}　　{content.period}　　{day_words(content.due_on)}前报送　　"
        f"联系人：{content.contact}　{content.phone}",
    )
    paper.table(REPORTS, [_report(row) for row in content.rows], DENSE._replace(height=22))
    paper.paragraph(
        "TableNote",
        "没有变化的任务填“无变化”即可。　　填表人：　　　　　　联系电话：　　　　　　　　填表日期：　　　年　　月　　日",
    )
    paper.source(content.basis)
    return paper.finish(f"{content.title}（{content.unit}）", PaperKind.REPORT_FORM, content.basis)


def write_sign_off(content: SignOffContent) -> bytes:
    """The .docx, one A4 page: what was sent, its check code, room for signer, seal and date."""
    paper = Paper(FORM)
    paper.paragraph("PageTitle", content.title)
    paper.blank()
    paper.form(SLIP, _slip(content))
    paper.paragraph(
        "TableNote",
        f"请于{day_words(content.due_on)}前签字盖章，扫描后送{content.send_to}，或由联络员在系统登记签字人、日期和编号。"
        "校验码与所报内容一一对应，内容改动后须重新打印本单。",
    )
    paper.source(content.basis)
    return paper.finish(f"{content.title}（{content.unit}）", PaperKind.SIGN_OFF, content.basis)


def _task(row: UnitTask) -> tuple[str, ...]:
    names = ("一季度", "上半年", "前三季度", "全年")
    nodes = "\n".join(f"{name}：{text}" for name, text in zip(names, row.nodes, strict=True) if text)
    hands = "\n".join(text for text in (row.deputy and f"分管：{row.deputy}", row.division) if text)
    people = f"{row.contact}　{row.phone}".strip()
    leading = (str(row.number), row.text, row.role, row.lead, row.city_leader, row.year_target)
    return (*leading, nodes, "\n".join(text for text in (hands, people) if text))


def _report(row: ReportRow) -> tuple[str, ...]:
    known = (str(row.number), row.text, row.year_target, row.node, row.last_progress)
    return (*known, row.progress, shown(row.value), row.problem, row.next_step)


def _slip(content: SignOffContent) -> list[Row]:
    def label(text: str) -> Cell:
        return Cell(text, style="TableHead", align="center")

    counts = (
        ("报送任务数", content.row_count, "其中：无变化", content.unchanged_count),
        ("反映问题数", content.problem_count, "按时报送日", None),
    )
    rows = [
        Row((label("报送单位"), Cell(content.unit, span=3)), 13),
        Row((label("报送周期"), Cell(content.period, span=3)), 13),
    ]
    for name, count, other, more in counts:
        text = f"{more}项" if more is not None else day_words(content.due_on)
        rows.append(Row((label(name), Cell(f"{count}项"), label(other), Cell(text)), 13))
    pledge = "本单位已对所报进展、数值、问题逐项核实，内容真实、准确，同意报送。"
    seal = "\n\n\n（单位盖章）\n　　　　年　　月　　日"
    return [
        *rows,
        Row((label("校验码"), Cell(content.check_code, span=3, style="CheckCode", align="center")), 22),
        Row((label("审签意见"), Cell(pledge, span=3)), 20),
        Row((label("填报人\n（联络员）"), Cell(""), label("联系电话"), Cell("")), 18),
        Row((label("审签人\n（负责同志）"), Cell(content.signer), label("签字"), Cell("")), 24),
        Row((label("单位盖章"), Cell(seal, span=3, align="right")), 50),
        Row(
            (label("登记（督查室）"), Cell("收件人：　　　　　　收件日期：　　　年　　月　　日", span=3)), 14
        ),
    ]
