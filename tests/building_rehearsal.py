"""The sample city's list, rehearsed up to a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from tests.building import NOW, city, reading_of

from duban.documents.operations import keep_document
from duban.domain.posts import CONSOLE
from duban.register.models import TaskList
from duban.register.operations import publish_list
from duban.rehearsal.play import Rehearsal
from duban.rehearsal.stage import Tally

SAMPLE = Path(__file__).parents[1] / "samples/yunjiang-2026.txt"
AUTUMN = date(2026, 10, 25)


def listed(text: str) -> TaskList:
    """A text published in the sample city."""
    government = city()
    reading = reading_of(government, text)
    run = keep_document(reading=reading, government=government, by=CONSOLE, now=NOW)
    return publish_list(run=run, reading=reading, by=CONSOLE, now=NOW).list


def rehearsed(
    until: date = AUTUMN, seed: int = 7, say: Callable[[str], None] = lambda _: None
) -> tuple[TaskList, Tally]:
    """The list and what its rehearsal did."""
    task_list = listed(SAMPLE.read_text(encoding="utf-8"))
    return task_list, Rehearsal(task_list, seed, say).play(until)
