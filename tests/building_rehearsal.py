"""The sample city's list, rehearsed up to a day."""

from __future__ import annotations

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


def rehearsed(until: date, seed: int = 7) -> tuple[TaskList, Tally]:
    """The list and what its rehearsal did."""
    government = city()
    reading = reading_of(government, SAMPLE.read_text(encoding="utf-8"))
    run = keep_document(reading=reading, government=government, by=CONSOLE, now=NOW)
    task_list = publish_list(run=run, reading=reading, by=CONSOLE, now=NOW).list
    return task_list, Rehearsal(task_list, seed, lambda _: None).play(until)
