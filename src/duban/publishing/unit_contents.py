"""What the papers and workbooks of one unit say, gathered from its rows: 单位任务单, 报送表, 审签单, and its two workbooks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from duban.directory.models import Unit
from duban.directory.queries import answering_unit_ids
from duban.domain.periods import period_of
from duban.domain.sheets import Expected, SheetKind
from duban.overview.units import UnitLine
from duban.plans.people import Hands
from duban.plans.sheet import PlanRow
from duban.progress.exchange import last_words, plan_lines, report_lines
from duban.progress.models import Period
from duban.progress.sheet_queries import SheetRow
from duban.publishing.contents import (
    Basis,
    ReportFormContent,
    ReportRow,
    SignOffContent,
    UnitTask,
    UnitTasksContent,
)
from duban.publishing.unit_workbook import UnitWorkbook
from duban.register.models import TaskList

ROLES: Final = {"lead": "牵头", "main": "主责", "support": "配合"}
OFFICE: Final = "{government}督查室"
BLANK: Final = "/blank"  # at the end of the key of a form for the pen


@dataclass(frozen=True, slots=True)
class Sheet:
    """A unit's sheet of a list, or of one period of it, on a day: what its papers are about."""

    task_list: TaskList
    unit: Unit
    today: date
    period: Period | None = None

    @property
    def office(self) -> str:
        """The office to which papers go back."""
        return OFFICE.format(government=self.task_list.government.name)

    @property
    def period_words(self) -> str:
        """The period as printed: 2026年三季度."""
        if self.period is None:
            return f"{self.task_list.year}年"
        spec = period_of(self.period.key)
        return f"{spec.year}年{spec.name}"

    def basis(self, told: object, variant: str = "") -> Basis:
        """What a paper rests on: the hash is that of what it prints, the key says how to write it again."""
        due = self.period.due_on if self.period else None
        words = json.dumps([self.unit.name, due, told], ensure_ascii=False, sort_keys=True, default=str)
        period = self.period.key if self.period else str(self.task_list.year)
        as_of = min(period_of(self.period.key).as_of, self.today) if self.period else self.today
        return Basis(
            issuer=self.office,
            on=self.today,
            as_of=as_of,
            snapshot=hashlib.sha256(words.encode()).hexdigest(),
            key=f"{self.task_list.key}/{period}/unit/{self.unit.pk}/{self.today.isoformat()}{variant}",
        )


def unit_tasks_content(
    sheet: Sheet, lines: Sequence[UnitLine], hands: Mapping[tuple[int, int], Hands]
) -> UnitTasksContent:
    """The task sheet: every task the unit leads or shares; people are those of the unit that answers for it."""
    answering = answering_unit_ids([sheet.unit.pk], sheet.today)[sheet.unit.pk]
    rows = tuple(_task(line, hands.get((answering, line.line.task), Hands())) for line in lines)
    leads = sum(line.leads for line in lines)
    return UnitTasksContent(
        basis=sheet.basis(rows),
        title=f"{sheet.task_list.year}年重点任务单",
        unit=sheet.unit.name,
        summary=f"牵头{leads}项，配合{len(rows) - leads}项，共{len(rows)}项",
        rows=rows,
    )


def _task(own: UnitLine, hands: Hands) -> UnitTask:
    line = own.line
    nodes = (line.planned.q1, line.planned.half, line.planned.q3, line.planned.year)
    return UnitTask(
        _number(line.row.number), line.row.text, ROLES[own.role], line.lead, line.decided.city_leader,
        line.planned.year_target, nodes, *hands,
    )  # fmt: skip


def _number(text: str) -> Any:
    """The printed number, as a number where it is one."""
    return int(text) if text.isdecimal() else text


def report_form_content(
    sheet: Sheet, rows: Sequence[SheetRow], contact: tuple[str, str], *, blank: bool = False
) -> ReportFormContent:
    """The reporting form: blank for the pen, or with what is filled in and sent."""
    assert sheet.period is not None
    told = tuple(_report(row, blank=blank) for row in rows if row.state != "exempt")
    return ReportFormContent(
        basis=sheet.basis([contact, told], BLANK if blank else ""),
        title="重点任务进展情况报送表",
        unit=sheet.unit.name,
        period=sheet.period_words,
        due_on=sheet.period.due_on,
        contact=contact[0],
        phone=contact[1],
        rows=told,
    )


def _report(row: SheetRow, *, blank: bool) -> ReportRow:
    text = f"{row.text}（原{row.formerly}）" if row.formerly else row.text
    known = (_number(row.number), text, row.year_target, row.node, last_words(row.last))
    if blank:
        return ReportRow(*known)
    said = row.shown
    progress = "无变化" if said.no_change else said.progress
    return ReportRow(*known, progress, said.value, said.problem, said.next_step)


def sign_off_content(sheet: Sheet, rows: Sequence[SheetRow], code: str, signer: str = "") -> SignOffContent:
    """The sign-off slip: counts of what was sent, and the code that ties the paper to it."""
    assert sheet.period is not None
    sent = [row.now for row in rows if row.now.anything]
    counts = (len(sent), sum(said.no_change for said in sent), sum(bool(said.problem) for said in sent))
    return SignOffContent(
        basis=sheet.basis([code, counts, signer]),
        title="重点任务进展情况审签单",
        unit=sheet.unit.name,
        period=sheet.period_words,
        row_count=counts[0],
        unchanged_count=counts[1],
        problem_count=counts[2],
        check_code=code,
        send_to=sheet.office,
        due_on=sheet.period.due_on,
        signer=signer,
    )


def report_workbook(sheet: Sheet, rows: Sequence[SheetRow]) -> UnitWorkbook:
    """The workbook of a period's report; rows that the unit need not report are left out."""
    assert sheet.period is not None
    asked = [row for row in rows if row.state != "exempt"]
    lines = report_lines(asked, is_open=sheet.period.state == "open")
    return _workbook(sheet, SheetKind.REPORT, lines)


def plan_workbook(sheet: Sheet, rows: Sequence[PlanRow]) -> UnitWorkbook:
    """The workbook of the plan for the year."""
    return _workbook(sheet, SheetKind.PLAN, plan_lines(rows))


def _workbook(sheet: Sheet, kind: SheetKind, lines: tuple[Expected, ...]) -> UnitWorkbook:
    return UnitWorkbook(
        unit=sheet.unit.name,
        period=sheet.period_words if sheet.period else "",
        due_on=sheet.period.due_on if sheet.period else None,
        made_on=sheet.today,
        list_key=sheet.task_list.key,
        period_key=sheet.period.key if sheet.period else "",
        unit_key=sheet.unit.key,
        revision=max((line.revision for line in lines), default=0),
        rows={kind: lines},
    )


def wanted(sheet: Sheet) -> tuple[str, str, str]:
    """List, period and unit that a returned workbook must have been made for."""
    return sheet.task_list.key, sheet.period.key if sheet.period else "", sheet.unit.key
