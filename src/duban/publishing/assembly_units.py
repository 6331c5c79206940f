"""The papers of units and city leaders from a frozen data sheet, and the table of all papers: what there is and who writes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from duban.publishing.assembly import (
    BEHIND,
    Planned,
    basis_of,
    counted,
    day_of,
    issuer_of,
    ledger_content,
    light_of,
    order_content,
    order_number,
    order_word,
    period_name,
    ruled,
    tallies_of,
    tight,
    topic,
)
from duban.publishing.assembly_laggards import told
from duban.publishing.assembly_report import special_report_content
from duban.publishing.contents import (
    DecisionLine,
    LateLine,
    LeaderBriefContent,
    PaperKind,
    ReportFormContent,
    ReportRow,
    SignOffContent,
    UnitTask,
    UnitTasksContent,
    UrgingContent,
    UrgingRow,
)
from duban.publishing.snapshots import Count, Figures, FormRow, Line, Part, Sheet, UnitFigures

ROLES: Final = {"lead": "牵头", "main": "主责", "support": "配合"}
SAID_FIRST: Final = ("normal", "warning", "lagging", "missing")
DECIDED_ABOVE: Final = frozenset({"leader", "city"})
NOT_IN_A_NAME: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def unit_tasks_content(sheet: Sheet, which: str) -> UnitTasksContent:
    """Everything one unit leads or shares."""
    figures = sheet.figures
    unit = _unit(figures, which)
    lines = {line.task: line for line in figures.lines}
    parts = [part for part in figures.parts if part.unit == unit.unit and part.task in lines]
    counts = [(word, sum(part.role == role for part in parts)) for role, word in ROLES.items()]
    said = "，".join(f"{word}{count}项" for word, count in counts if count)
    return UnitTasksContent(
        basis=basis_of(sheet, which),
        title=f"{figures.head.year}年重点任务单",
        unit=unit.name,
        summary=f"{said}，共{len(parts)}项",
        rows=tuple(_unit_task(lines[part.task], part) for part in parts),
    )


def _unit_task(line: Line, part: Part) -> UnitTask:
    return UnitTask(
        number=line.number,
        text=line.text,
        role=ROLES[part.role],
        lead=line.lead,
        city_leader=line.city_leader,
        year_target=line.year_target,
        nodes=line.nodes,
        deputy=part.deputy,
        division=part.division,
        contact=part.contact,
        phone=part.phone,
    )


def report_form_content(sheet: Sheet, which: str) -> ReportFormContent:
    """What one unit owes in the period; rows already sent are filled in."""
    figures = sheet.figures
    unit = _unit(figures, which)
    lines = {line.task: line for line in figures.lines}
    rows = [row for row in figures.form_rows if row.unit == unit.unit and row.task in lines]
    return ReportFormContent(
        basis=basis_of(sheet, which),
        title=f"{figures.head.year}年重点任务进展情况报送表",
        unit=unit.name,
        period=period_name(figures.head.period),
        due_on=date.fromisoformat(figures.head.due_on),
        contact=unit.contact,
        phone=unit.phone,
        rows=tuple(_report_row(lines[row.task], row) for row in rows),
    )


def _report_row(line: Line, row: FormRow) -> ReportRow:
    return ReportRow(
        number=line.number,
        text=line.text,
        year_target=line.year_target,
        node=row.node,
        last_progress=row.last,
        progress="无变化" if row.no_change else row.progress,
        value=row.value,
        problem=row.problem,
        next_step=row.next_step,
    )


def sign_off_content(sheet: Sheet, which: str) -> SignOffContent:
    """The slip under what one unit has sent."""
    figures = sheet.figures
    unit = _unit(figures, which)
    sent = [row for row in figures.form_rows if row.unit == unit.unit and row.sent]
    return SignOffContent(
        basis=basis_of(sheet, which),
        title="重点任务进展情况审签单",
        unit=unit.name,
        period=period_name(figures.head.period),
        row_count=len(sent),
        unchanged_count=sum(row.no_change for row in sent),
        problem_count=sum(bool(row.problem) for row in sent),
        check_code=unit.check_code,
        send_to=issuer_of(figures),
        due_on=date.fromisoformat(figures.head.due_on),
        signer=unit.signed_by,
    )


def leader_brief_content(sheet: Sheet, which: str) -> LeaderBriefContent:
    """One page for one city leader: how his tasks stand, what is late, what waits for him."""
    figures = sheet.figures
    count = next(count for count in figures.leaders if count.leader == which)
    lines = [line for line in figures.lines if line.city_leader == which]
    late = sorted((line for line in lines if line.light in BEHIND), key=lambda line: BEHIND.index(line.light))
    numbers = {line.task: line.number for line in lines}
    decisions = tuple(
        DecisionLine(_decision(numbers[row.task], row.text, row.helper), row.unit)
        for row in figures.problems
        if row.task in numbers and row.level in DECIDED_ABOVE
    )
    return LeaderBriefContent(
        basis=basis_of(sheet, which),
        title="分管重点任务一页通",
        leader=which,
        period=period_name(figures.head.period),
        answer=_answer(count, figures, len(decisions)),
        total=count.total,
        tallies=tuple(tally for tally in tallies_of(count, figures) if tally.now or tally.before),
        late=tuple(
            LateLine(line.number, topic(line), line.lead, light_of(line.light), ruled(line)) for line in late
        ),
        decisions=decisions,
        phone=figures.head.phone,
    )


def _decision(number: int, text: str, helper: str) -> str:
    needs = f"，需{helper}协调" if helper else ""
    return f"第{number}项：{text.rstrip('。')}{needs}。"


def _answer(count: Count, figures: Figures, waiting: int) -> str:
    """Two lines at most: what is well, what is not, what changed for the worse, what waits."""
    told = Count(count.leader, count.total, {code: count.now.get(code, 0) for code in SAID_FIRST}, {})
    change = count.now.get("lagging", 0) - count.before.get("lagging", 0)
    more = "多" if change > 0 else "少"
    than = f"，滞后比上期{more}{abs(change)}项" if figures.head.earlier and change else ""
    asks = f"；有{waiting}件事等您定夺" if waiting else ""
    return f"您分管的{count.total}项任务，{counted(told)}{than}{asks}。"


def urging_content(sheet: Sheet, _: str = "") -> UrgingContent:
    """The units that owe reports, those who owe most first."""
    figures = sheet.figures
    owing = sorted((unit for unit in figures.units if unit.missing), key=lambda unit: -unit.missing)
    asked, missing = (sum(getattr(unit, field) for unit in figures.units) for field in ("asked", "missing"))
    name = period_name(figures.head.period)
    return UrgingContent(
        basis=basis_of(sheet),
        title=f"{name}重点任务报送催报名单",
        period=name,
        due_on=date.fromisoformat(figures.head.due_on),
        summary=f"应报{asked}项，已报{asked - missing}项，未报{missing}项，涉及{len(owing)}个单位。",
        rows=tuple(
            UrgingRow(
                unit.name, unit.missing, day_of(unit.oldest_due), unit.contact, unit.phone, unit.last_contact
            )
            for unit in owing
        ),
    )


def _unit(figures: Figures, which: str) -> UnitFigures:
    return next(unit for unit in figures.units if str(unit.unit) == which)


def plan_papers(figures: Figures) -> tuple[Planned, ...]:
    """Every paper that the figures give matter for, with the path of its file and in one line what it says."""
    total = figures.totals
    late = len(told(figures))
    missing = sum(unit.missing for unit in figures.units)
    owing = sum(unit.missing > 0 for unit in figures.units)
    urged = f"{owing}个单位未报{missing}项" if missing else "没有未报的单位"
    report = counted(total) + (f"；逐项说明滞后事项{late}项" if late else "")
    return (
        Planned(
            PaperKind.LEDGER, "", "总台账.xlsx", f"{total.total}项任务，按篇章、市领导、牵头单位各列一次"
        ),
        Planned(PaperKind.SPECIAL_REPORT, "", "督查专报.docx", report),
        Planned(PaperKind.URGING, "", "催报名单.docx", urged),
        Planned(PaperKind.URGING_SHEET, "", "催报名单.xlsx", urged),
        *_order_papers(figures),
        *_leader_papers(figures),
        *_unit_papers(figures),
    )


def _order_papers(figures: Figures) -> list[Planned]:
    lines = {line.task: line for line in figures.lines}
    found = []
    for row in figures.orders:
        number = order_number(row, figures) if row.serial else f"拟稿{row.order}"
        task = lines[row.task].number if row.task in lines else 0
        path = f"督办/{_safe(f'{order_word(row)} {number} 第{task}项')}.docx"
        found.append(
            Planned(PaperKind.ORDER, str(row.order), path, f"{number}，致{row.unit}：{tight(row.matter)}")
        )
    return found


def _leader_papers(figures: Figures) -> list[Planned]:
    return [
        Planned(
            PaperKind.LEADER_BRIEF,
            count.leader,
            f"市领导/{_safe(count.leader)}.docx",
            f"{count.total}项：{counted(count)}",
        )
        for count in figures.leaders
        if count.leader
    ]


def _unit_papers(figures: Figures) -> list[Planned]:
    parts, rows, sent = ({unit.unit: 0 for unit in figures.units} for _ in range(3))
    for part in figures.parts:
        parts[part.unit] = parts.get(part.unit, 0) + 1
    for row in figures.form_rows:
        rows[row.unit] = rows.get(row.unit, 0) + 1
        sent[row.unit] = sent.get(row.unit, 0) + row.sent
    found = []
    for unit in figures.units:
        folder, which = f"单位/{_safe(unit.name)}", str(unit.unit)
        found.append(
            Planned(PaperKind.UNIT_TASKS, which, f"{folder}/任务单.docx", f"{parts[unit.unit]}项任务")
        )
        if rows[unit.unit]:
            said = f"应报{rows[unit.unit]}项，已报{sent[unit.unit]}项"
            found.append(Planned(PaperKind.REPORT_FORM, which, f"{folder}/报送表.docx", said))
        if sent[unit.unit]:
            said = f"校验码{unit.check_code}"
            found.append(Planned(PaperKind.SIGN_OFF, which, f"{folder}/审签单.docx", said))
    return found


def _safe(name: str) -> str:
    """A file name that every system takes."""
    return NOT_IN_A_NAME.sub("-", name).strip(" .") or "-"


CONTENTS: Final[Mapping[PaperKind, Callable[[Sheet, str], Any]]] = {
    PaperKind.LEDGER: ledger_content,
    PaperKind.SPECIAL_REPORT: special_report_content,
    PaperKind.URGING: urging_content,
    PaperKind.URGING_SHEET: urging_content,
    PaperKind.ORDER: order_content,
    PaperKind.UNIT_TASKS: unit_tasks_content,
    PaperKind.REPORT_FORM: report_form_content,
    PaperKind.SIGN_OFF: sign_off_content,
    PaperKind.LEADER_BRIEF: leader_brief_content,
}


def write_paper(sheet: Sheet, kind: PaperKind, which: str) -> bytes:
    """The bytes of one paper; KeyError or StopIteration never comes out: LookupError when the sheet has no such paper."""
    from duban.publishing.leader_brief import write_leader_brief
    from duban.publishing.ledger import write_ledger
    from duban.publishing.orders import write_order
    from duban.publishing.special_report import write_special_report
    from duban.publishing.unit_papers import write_report_form, write_sign_off, write_unit_tasks
    from duban.publishing.urging import write_urging, write_urging_sheet

    writers: dict[PaperKind, Callable[[Any], bytes]] = {
        PaperKind.LEDGER: write_ledger,
        PaperKind.SPECIAL_REPORT: write_special_report,
        PaperKind.URGING: write_urging,
        PaperKind.URGING_SHEET: write_urging_sheet,
        PaperKind.ORDER: write_order,
        PaperKind.UNIT_TASKS: write_unit_tasks,
        PaperKind.REPORT_FORM: write_report_form,
        PaperKind.SIGN_OFF: write_sign_off,
        PaperKind.LEADER_BRIEF: write_leader_brief,
    }
    try:
        content = CONTENTS[kind](sheet, which)
    except StopIteration as missing:
        raise LookupError(which) from missing
    return writers[kind](content)
