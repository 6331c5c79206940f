"""A process killed with -9 in the middle of a change: all of it is there, or nothing of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTED = ROOT / "samples/yunjiang-2026.txt"
CHILD = """
import os, signal, sys
from datetime import date, datetime, timezone
import django
django.setup()
from django.db.models import Model, QuerySet
victim, action = sys.argv[1], sys.argv[2]
def deadly(method):
    def run(self, *args, **kwargs):
        found = method(self, *args, **kwargs)
        name = self.model.__name__ if isinstance(self, QuerySet) else type(self).__name__
        if name == victim:
            os.kill(os.getpid(), signal.SIGKILL)
        return found
    return run
if victim != "nobody":
    QuerySet.bulk_create = deadly(QuerySet.bulk_create)
    Model.save = deadly(Model.save)
from duban.domain.calendar_data import CALENDAR
from duban.domain.periods import period_of
from duban.domain.posts import CONSOLE
from duban.plans.models import Assignment
from duban.plans.operations import Edit, assign, issue_list, prepare_list
from duban.progress.models import Period
from duban.progress.operations import Entry, open_period, save_drafts, send_sheet
from duban.register.models import TaskList
NOW = datetime(2026, 4, 1, 2, tzinfo=timezone.utc)
chosen = TaskList.objects.get()
if action == "issue":
    prepare_list(task_list=chosen, by=CONSOLE, now=NOW)
    rows = Assignment.objects.filter(lead=None).select_related("task")
    leads = [Edit(r.task_id, r.revision, {"lead": r.task.responsibilities.first().unit_id}) for r in rows]
    assign(task_list=chosen, edits=leads, by=CONSOLE, now=NOW)
    issue_list(task_list=chosen, by=CONSOLE, now=NOW)
spec = period_of("2026-03")
if action == "open":
    days = (spec.ends_on, spec.due_on(CALENDAR), spec.lock_on(CALENDAR))
    open_period(task_list=chosen, spec=spec, days=days, lagging=frozenset(), by=CONSOLE, now=NOW)
if action in ("draft", "send"):
    period = Period.objects.get()
    unit = period.obligations.first().unit_id
    rows = period.obligations.filter(unit=unit)
    if action == "draft":
        entries = [Entry(row.pk, 0, {"progress": "已完成"}) for row in rows]
        save_drafts(period=period, unit=unit, entries=entries, by=CONSOLE, now=NOW)
    else:
        send_sheet(period=period, unit=unit, channel="page", by=CONSOLE, now=NOW)
"""


def run(folder: Path, *words: str) -> int:
    """A child of its own, with its own data folder; its exit status."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    } | {"DUBAN_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "duban.config.settings"}
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, check=False)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode


def rows(folder: Path) -> dict[str, int]:
    """How many rows every table holds."""
    with sqlite3.connect(folder / "duban.sqlite3") as base:
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("killed")
    run(place, "-m", "duban.cli.main", "migrate")
    return place


def test_import_and_the_year_s_changes_are_whole_or_not_there(folder):
    publish = ("-m", "duban.cli.main", "import", str(LISTED), "--directory", "yunjiang", "--publish")
    run(folder, *publish)
    steps = (("issue", "Receipt"), ("open", "Obligation"), ("draft", "Draft"), ("send", "Report"))
    seen = []
    for action, victim in steps:
        if action == "issue":
            run(folder, "-c", CHILD, "nobody", action)
            continue
        before = rows(folder)
        killed = run(folder, "-c", CHILD, victim, action)
        after = rows(folder)
        whole = run(folder, "-c", CHILD, "nobody", action)
        seen.append((action, killed, after == before, whole, rows(folder) != before))

    assert seen == [
        ("open", -signal.SIGKILL, True, 0, True),
        ("draft", -signal.SIGKILL, True, 0, True),
        ("send", -signal.SIGKILL, True, 0, True),
    ]
    assert run(folder, "-m", "duban.cli.main", "verify-history") == 0


def test_import_killed_while_it_publishes_leaves_no_list(tmp_path):
    run(tmp_path, "-m", "duban.cli.main", "migrate")
    script = CHILD.split("from duban.domain.calendar_data", maxsplit=1)[0] + (
        "from duban.cli.main import main\n"
        f"sys.exit(main(['import', {str(LISTED)!r}, '--directory', 'yunjiang', '--publish']))"
    )

    killed = run(tmp_path, "-c", script, "Responsibility", "import")
    counts = rows(tmp_path)
    again = run(tmp_path, "-c", script, "nobody", "import")

    assert (killed, counts["register_tasklist"], counts["register_task"], counts["register_responsibility"]) == (
        -signal.SIGKILL, 0, 0, 0,
    )  # fmt: skip
    assert (again, rows(tmp_path)["register_task"]) == (0, 91)
