"""Writing a unit's own paper again from the record: 单位任务单, 报送表 and 审签单 that a unit prints have no frozen data sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from duban.directory.models import Unit
from duban.directory.queries import answered_for_ids
from duban.domain.posts import Acting
from duban.overview.units import unit_lines
from duban.plans.people import contacts_of, hands_of
from duban.progress.exchange import rows_of, unit_reader
from duban.progress.operations import check_code
from duban.progress.policies import refusal_to_report
from duban.progress.queries import period_at
from duban.publishing.contents import PaperKind, ReportFormContent, SignOffContent, UnitTasksContent
from duban.publishing.paper_marks import PaperMark
from duban.publishing.unit_contents import (
    BLANK,
    Sheet,
    report_form_content,
    sign_off_content,
    unit_tasks_content,
)
from duban.publishing.unit_papers import write_report_form, write_sign_off, write_unit_tasks
from duban.register.models import TaskList

KEY: Final = re.compile(
    r"(?P<list>[^/]+)/(?P<period>[^/]+)/unit/(?P<unit>\d{1,18})/(?P<day>\d{4}-\d\d-\d\d)(?P<variant>/blank)?"
)


@dataclass(frozen=True, slots=True)
class Again:
    """A unit's paper as the record gives it now, and whether the record has moved on since the paper was printed."""

    content: bytes
    moved_on: bool


def written_again(mark: PaperMark, acting: Acting | None) -> Again | None:
    """The paper of a mark from today's record under its own hash; None for other papers and for what the post may not open."""
    found = KEY.fullmatch(mark.key)
    if found is None or mark.kind not in PAPERS:
        return None
    sheet = _sheet(found, acting, mark.kind)
    if sheet is None:
        return None
    gathered, write = PAPERS[mark.kind]
    content = gathered(sheet, found["variant"] == BLANK)
    own = replace(content, basis=replace(content.basis, snapshot=mark.snapshot))
    return Again(write(own), content.basis.snapshot != mark.snapshot)


def _sheet(found: re.Match[str], acting: Acting | None, kind: PaperKind) -> Sheet | None:
    lists = TaskList.objects.all() if acting is None else TaskList.objects.visible_to(acting)
    chosen = lists.filter(key=found["list"]).first()
    unit = Unit.objects.filter(government=chosen.government_id, pk=found["unit"]).first() if chosen else None
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        return None
    if chosen is None or unit is None or (acting is not None and not _opens(acting, unit.pk, kind)):
        return None
    if kind is PaperKind.UNIT_TASKS:
        return Sheet(chosen, unit, day)
    period = period_at(chosen, found["period"])
    return Sheet(chosen, unit, day, period) if period else None


def _opens(acting: Acting, unit: int, kind: PaperKind) -> bool:
    """As on the unit's pages: the task sheet for whoever sees the unit, the papers of a period for those who report."""
    if kind is PaperKind.UNIT_TASKS:
        return acting.sees_whole_government or acting.answers(unit)
    return not refusal_to_report(acting, unit)


def _tasks(sheet: Sheet, _: bool) -> UnitTasksContent:  # noqa: FBT001 - one shape for the three
    own = unit_reader(sheet.unit.pk, sheet.task_list.government_id)
    reader = replace(own, predecessors=answered_for_ids(sheet.unit.pk, sheet.today))
    lines = unit_lines(sheet.task_list.pk, sheet.unit.pk, reader, sheet.today)
    return unit_tasks_content(sheet, lines, hands_of(sheet.task_list, sheet.today))


def _form(sheet: Sheet, blank: bool) -> ReportFormContent:  # noqa: FBT001 - one shape for the three
    assert sheet.period is not None
    contact = contacts_of(sheet.task_list.pk, sheet.today).get(sheet.unit.pk, ("", ""))
    return report_form_content(sheet, rows_of(sheet.period, sheet.unit.pk), contact, blank=blank)


def _slip(sheet: Sheet, _: bool) -> SignOffContent:  # noqa: FBT001 - one shape for the three
    assert sheet.period is not None
    code, _sent = check_code(sheet.period, sheet.unit.pk)
    return sign_off_content(sheet, rows_of(sheet.period, sheet.unit.pk), code)


PAPERS: Final[Mapping[PaperKind, tuple[Callable[[Sheet, bool], Any], Callable[[Any], bytes]]]] = {
    PaperKind.UNIT_TASKS: (_tasks, write_unit_tasks),
    PaperKind.REPORT_FORM: (_form, write_report_form),
    PaperKind.SIGN_OFF: (_slip, write_sign_off),
}
