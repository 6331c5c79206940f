"""配合情况 on the sheet of the lead and beside the report under review: whom one may ask, what is asked, what was said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.shortcuts import get_object_or_404

from duban.domain.sheets_cells import clean
from duban.progress.models import Obligation, Part
from duban.progress.part_queries import PartRow, parts_of_rows, supporting_units
from duban.progress.parts import ask_parts, due_of_parts, return_part, withdraw_part
from duban.progress.sheet_queries import SheetRow
from duban.publishing.unit_contents import Sheet
from duban.web.request import Request, number

ASKED: Final = re.compile(r"ask-(?P<row>[0-9]{1,12})")
MOVED: Final = re.compile(
    r"part_(?P<act>return|withdraw|sure)-(?P<part>[0-9]{1,12})-(?P<revision>[0-9]{1,8})"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """The parts of a row: the units that may still be asked, each with whether it is ticked, the question as typed, what stands.

    `due_on` is the day that they would be given; `tried` says that its button was pressed, `at` the part that was to
    go back, with the reason as typed.
    """

    units: tuple[tuple[int, str, bool], ...] = ()
    question: str = ""
    parts: tuple[PartRow, ...] = ()
    due_on: date | None = None
    tried: bool = False
    at: int = 0
    reason: str = ""

    @property
    def begun(self) -> bool:
        """Whether a question was typed or a unit ticked and nobody asked yet."""
        return bool(self.question) or any(ticked for _, _, ticked in self.units)


def askings(request: Request, sheet: Sheet, rows: Iterable[SheetRow]) -> dict[int, Asking]:
    """Of every row what stands, and of those that can be filled in whom their unit may ask. Three queries, however many rows."""
    assert sheet.period is not None
    shown = [row for row in rows if not row.offline]
    can_ask = sheet.period.state == "open"
    owed = [
        Obligation(pk=row.obligation, task_id=row.task, unit_id=row.unit)
        for row in shown
        if row.fillable and can_ask
    ]
    others = supporting_units(owed, sheet.today) if owed else {}
    standing = parts_of_rows([row.obligation for row in shown], request.acting, sheet.today)
    due_on = due_of_parts(sheet.period, sheet.today) if owed else None
    return {
        row: _asking(request, row, others.get(row, ()), standing.get(row, ()), due_on)
        for row in {*others, *standing}
    }


def _asking(
    request: Request,
    row: int,
    others: Collection[tuple[int, str]],
    parts: tuple[PartRow, ...],
    due_on: date | None,
) -> Asking:
    do = request.POST.get("do", "")
    asked = {part.unit for part in parts}
    ticked = set(request.POST.getlist(f"ask-{row}"))
    units = tuple((unit, name, str(unit) in ticked) for unit, name in others if unit not in asked)
    moved = MOVED.fullmatch(do)
    at = int(moved["part"]) if moved and moved["act"] == "return" else 0
    return Asking(
        units,
        request.POST.get(f"question-{row}", ""),
        parts,
        due_on,
        do == f"ask-{row}",
        at,
        request.POST.get(f"reason-{at}", ""),
    )


class Acted(NamedTuple):
    """What a button did: the code of the sentence, how many it counts, and the row of the sheet that it stands in."""

    code: str
    n: int
    anchor: str = ""


def act_on_parts(request: Request, sheet: Sheet, now: datetime) -> Acted | None:
    """What the button `ask-ROW`, `part_return-PART-REVISION`, `part_withdraw-…` or `part_sure-…` does; None for every other one.

    To withdraw what was said already is asked about once more: "part_sure" and the part.
    """
    do, by = request.POST.get("do", ""), request.acting
    rows = (
        Obligation.objects.visible_to(by).filter(period=sheet.period, unit=sheet.unit).select_related("task")
    )
    if match := ASKED.fullmatch(do):
        row = get_object_or_404(rows, pk=match["row"])
        units = [number(unit) for unit in request.POST.getlist(f"ask-{row.pk}")]
        question = clean(request.POST.get(f"question-{row.pk}", ""))
        asked = ask_parts(obligation=row, units=units, question=question, by=by, now=now)
        return Acted("parts_asked", len(asked), f"row-{row.task.key}")
    if match := MOVED.fullmatch(do):
        parts = Part.objects.visible_to(by).select_related("obligation__task")
        part = get_object_or_404(parts, pk=match["part"], obligation__in=rows)
        anchor = f"row-{part.obligation.task.key}"
        seen: dict[str, Any] = {"part": part, "revision": int(match["revision"]), "by": by, "now": now}
        if match["act"] == "withdraw" and part.state == "given":
            return Acted("part_sure", part.pk)
        if match["act"] in ("withdraw", "sure"):
            withdraw_part(**seen)
            return Acted("part_withdrawn", 1, anchor)
        return_part(reason=clean(request.POST.get(f"reason-{part.pk}", "")), **seen)
        return Acted("part_returned", 1, anchor)
    return None


def part_to_withdraw(request: Request, pk: int) -> Part | None:
    """The part about whose withdrawal the page asks once more, with its unit."""
    return Part.objects.visible_to(request.acting).select_related("unit").filter(pk=pk).first()
