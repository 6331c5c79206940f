"""批示事项: what an instruction asks of units, as items that are answered and closed; the last one stops its clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from duban.coordination.models import InstructionItem, UpwardPaper
from duban.coordination.policies import refusal_to_answer_item, refusal_to_divide
from duban.directory.models import Unit
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.secrecy import refuse_marked
from duban.domain.workflow import INSTRUCTION_ITEM, decide
from duban.history.operations import Happening, append

LONGEST_WHAT: Final = 200
LONGEST_TEXT: Final = 300
ENDED: Final = frozenset({"closed", "dropped"})


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """An item to add: what is to be done, by which unit, and by which day it answers."""

    what: str
    unit: Unit
    due_on: date


@transaction.atomic
def add_items(
    *, paper: UpwardPaper, revision: int, entries: Sequence[ItemEntry], by: Acting, now: datetime
) -> list[InstructionItem]:
    """分解: break an instruction down into further items, all of them or none; its clock runs until they have ended.

    Refused: no item, one without words, of another government or due before the instruction was dated, an older
    revision, a paper that is no instruction or was struck out.
    """
    if refused := refusal_to_divide(by):
        raise NotAllowed(refused)
    row = _instruction(paper.pk, revision)
    _check(row, entries)
    happenings = [_happening("item.added", row, _said(row, entry)) for entry in entries]
    numbers = append(happenings, by=by, now=now)
    items = InstructionItem.objects.bulk_create(
        InstructionItem(
            paper=row, task_id=row.task_id, what=entry.what.strip(), unit=entry.unit, due_on=entry.due_on, seq=seq
        )
        for entry, seq in zip(entries, numbers, strict=True)
    )  # fmt: skip
    row.revision += 1
    row.seq = numbers[-1]
    _keep_clock(row)
    return items


def _check(paper: UpwardPaper, entries: Sequence[ItemEntry]) -> None:
    if not entries:
        raise Invalid(Message("items.none_written"))
    for entry in entries:
        refuse_marked(entry.what)
        known = entry.unit.government_id == paper.list.government_id
        if not known or not 0 < len(entry.what.strip()) <= LONGEST_WHAT:
            raise Invalid(Message("items.incomplete"))
        if entry.due_on < paper.dated:
            raise Invalid(Message("items.due_before_dated"))


def _said(paper: UpwardPaper, entry: ItemEntry) -> dict[str, str]:
    due = entry.due_on.isoformat()
    return {"number": paper.number, "what": entry.what.strip(), "unit": entry.unit.name, "due": due}


@transaction.atomic
def move_item(
    *, item: InstructionItem, revision: int, action: str, text: str, by: Acting, now: datetime
) -> InstructionItem:
    """One step of an item, as the table of its states allows; Conflict where it moved on since this revision.

    `text` is the answer for answer, the result for close, the reason for return, drop and reopen. Its unit answers, or
    the office on its behalf; everything else is the office's. With the last item ended the clock of the instruction
    stops, with one reopened it runs again.
    """
    answers = action == "answer"
    if refused := refusal_to_answer_item(by, item.unit_id) if answers else refusal_to_divide(by):
        raise NotAllowed(refused)
    paper = _instruction(item.paper_id)
    row = InstructionItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if row.revision != revision:
        raise Conflict(Message("items.changed_meanwhile"))
    refuse_marked(text)
    if not 0 < len(text.strip()) <= LONGEST_TEXT:
        raise Invalid(Message("items.answer_needed" if answers else "items.text_needed"))
    row.state = decide(INSTRUCTION_ITEM, row.state, action)
    _set_step(row, action, text.strip(), timezone.localdate(now))
    row.on_behalf = by.runs_office if answers else row.on_behalf
    row.revision += 1
    body = {"number": paper.number, "what": row.what, "text": text.strip(), "unit": str(row.unit_id)}
    body["row"] = f"item:{row.pk}"
    [row.seq] = append([_happening(f"item.{action}", paper, body)], by=by, now=now)
    row.save()
    _keep_clock(paper)
    return row


def _set_step(row: InstructionItem, action: str, text: str, on: date) -> None:
    """The words and days of a step; an answer sent back stays as words to be mended."""
    if action == "answer":
        row.answer, row.answered_on, row.result = text, on, ""
        return
    row.result = text
    row.closed_on = on if row.state in ENDED else None
    if row.state == INSTRUCTION_ITEM.start:
        row.answered_on = None


@transaction.atomic
def close_instruction(
    *, paper: UpwardPaper, revision: int, result: str, by: Acting, now: datetime
) -> UpwardPaper:
    """办结 of an instruction that was not broken down, with its result; adding an item makes it run again.

    Refused: one with items (they are closed one by one), one closed already, no result, an older revision.
    """
    if refused := refusal_to_divide(by):
        raise NotAllowed(refused)
    row = _instruction(paper.pk, revision)
    if row.items.exists():
        raise Conflict(Message("items.has_items"))
    if row.done_on is not None:
        raise Conflict(Message("items.instruction_done"))
    refuse_marked(result)
    if not 0 < len(result.strip()) <= LONGEST_TEXT:
        raise Invalid(Message("items.text_needed"))
    row.done_on, row.result = timezone.localdate(now), result.strip()
    row.revision += 1
    body = {"number": row.number, "result": row.result}
    [row.seq] = append([_happening("paper.closed", row, body)], by=by, now=now)
    row.save()
    return row


def _instruction(pk: int, revision: int | None = None) -> UpwardPaper:
    """The instruction, locked before any of its items, as it was seen."""
    rows = UpwardPaper.objects.select_for_update(of=("self",)).select_related("list")
    row = rows.get(pk=pk)
    if row.kind != "instruction":
        raise Invalid(Message("items.of_instructions"))
    if row.void_on is not None:
        raise Conflict(Message("items.instruction_void", {"number": row.number}))
    if revision is not None and row.revision != revision:
        raise Conflict(Message("coordination.changed_meanwhile"))
    return row


def _keep_clock(paper: UpwardPaper) -> None:
    """The clock of an instruction with items: stopped on the day the last one ended, running while there is another."""
    items = list(paper.items.order_by("pk").values_list("state", "closed_on", "result"))
    over = all(state in ENDED for state, _, _ in items)
    told = [result for state, _, result in items if state == "closed"] or [result for *_, result in items]
    paper.done_on = max(on for _, on, _ in items if on) if over else None
    paper.result = "；".join(dict.fromkeys(told))[:LONGEST_TEXT] if over else ""
    paper.save()


def _happening(kind: str, paper: UpwardPaper, body: Mapping[str, Any]) -> Happening:
    return Happening(kind, body, paper.list.government_id, paper.list_id, paper.task_id, paper.number)
