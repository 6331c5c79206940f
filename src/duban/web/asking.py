"""配合情况 on the sheet of the lead and beside the report under review: whom one may ask, what is asked, what was said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.shortcuts import get_object_or_404

from duban.domain.sheets_cells import clean
from duban.progress.models import Obligation, Part
from duban.progress.part_queries import PartRow, parts_of_rows, supporting_units
from duban.progress.parts import ask_parts, return_part, withdraw_part
from duban.progress.sheet_queries import SheetRow
from duban.publishing.unit_contents import Sheet
from duban.web.request import Request, number

ASKED: Final = re.compile(r"ask-(?P<row>[0-9]{1,12})")
MOVED: Final = re.compile(
    r"part_(?P<act>return|withdraw|sure)-(?P<part>[0-9]{1,12})-(?P<revision>[0-9]{1,8})"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """The parts of a row: the units that may still be asked, each with whether it is ticked, the question as typed, what stands."""

    units: tuple[tuple[int, str, bool], ...] = ()
    question: str = ""
    parts: tuple[PartRow, ...] = ()

    @property
    def begun(self) -> bool:
        """Whether a question was typed or a unit ticked and nobody asked yet."""
        return bool(self.question) or any(ticked for _, _, ticked in self.units)


def askings(request: Request, sheet: Sheet, rows: Iterable[SheetRow]) -> dict[int, Asking]:
    """Of every row that can be filled in: whom its unit may ask, and what stands. Three queries, however many rows."""
    open_rows = [row for row in rows if row.fillable and not row.offline]
    if sheet.period is None or sheet.period.state != "open":
        return {}
    owed = [Obligation(pk=row.obligation, task_id=row.task, unit_id=row.unit) for row in open_rows]
    others, standing = (
        supporting_units(owed, sheet.today),
        parts_of_rows([row.pk for row in owed], request.acting, sheet.today),
    )
    return {row.pk: _asking(request, row.pk, others[row.pk], standing.get(row.pk, ())) for row in owed}


def _asking(
    request: Request, row: int, others: Collection[tuple[int, str]], parts: tuple[PartRow, ...]
) -> Asking:
    asked = {part.unit for part in parts}
    ticked = set(request.POST.getlist(f"ask-{row}"))
    units = tuple((unit, name, str(unit) in ticked) for unit, name in others if unit not in asked)
    return Asking(units, request.POST.get(f"question-{row}", ""), parts)


def act_on_parts(request: Request, sheet: Sheet, now: datetime) -> tuple[str, int] | None:
    """What the button `ask-ROW`, `part_return-PART-REVISION`, `part_withdraw-…` or `part_sure-…` does; None for every other one.

    Returns the code of the sentence, and how many units were asked. To withdraw what was said already is asked about
    once more: "part_sure" and the part.
    """
    do, by = request.POST.get("do", ""), request.acting
    rows = Obligation.objects.visible_to(by).filter(period=sheet.period, unit=sheet.unit)
    if match := ASKED.fullmatch(do):
        row = get_object_or_404(rows, pk=match["row"])
        units = [number(unit) for unit in request.POST.getlist(f"ask-{row.pk}")]
        question = clean(request.POST.get(f"question-{row.pk}", ""))
        return "parts_asked", len(ask_parts(obligation=row, units=units, question=question, by=by, now=now))
    if match := MOVED.fullmatch(do):
        part = get_object_or_404(Part.objects.visible_to(by), pk=match["part"], obligation__in=rows)
        seen: dict[str, Any] = {"part": part, "revision": int(match["revision"]), "by": by, "now": now}
        if match["act"] == "withdraw" and part.state == "given":
            return "part_sure", part.pk
        if match["act"] in ("withdraw", "sure"):
            withdraw_part(**seen)
            return "part_withdrawn", 1
        return_part(reason=clean(request.POST.get(f"reason-{part.pk}", "")), **seen)
        return "part_returned", 1
    return None


def part_to_withdraw(request: Request, pk: int) -> Part | None:
    """The part about whose withdrawal the page asks once more, with its unit."""
    return Part.objects.visible_to(request.acting).select_related("unit").filter(pk=pk).first()
