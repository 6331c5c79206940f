"""`duban papers`: every paper of a period into a folder, all of them or none."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from glob import escape
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import perf_counter
from typing import TYPE_CHECKING

from duban.cli.django import ready_database, with_django
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE

if TYPE_CHECKING:
    from duban.progress.models import Period
    from duban.publishing.assembly import Planned
    from duban.publishing.snapshots import Sheet


@with_django
def main(argv: list[str]) -> int:
    """Freeze the data sheet, write the papers beside their place, and move them there in one step."""
    parser = ArgumentParser(prog="duban papers", description=__doc__)
    parser.add_argument("--list", required=True, help="清单的短名，见 duban lists")
    parser.add_argument("--period", required=True, help="期次，如 2026-09")
    parser.add_argument("--out", type=Path, required=True, help="写到哪个目录；目录须不存在或为空")
    words = parser.parse_args(argv)
    ready_database()
    from django.utils import timezone

    from duban.publishing.assembly_units import plan_papers
    from duban.publishing.operations import freeze, record_papers
    from duban.publishing.queries import sheet_of

    began = perf_counter()
    period = _period(words.list, words.period)
    out = words.out.resolve()
    _require_free(out)
    snapshot = freeze(period=period, by=CONSOLE, now=timezone.now())
    sheet = sheet_of(snapshot)
    papers = plan_papers(sheet.figures)
    _write(sheet, papers, out)
    record_papers(snapshot=snapshot, papers=[p.path for p in papers], by=CONSOLE, now=timezone.now())
    _say(papers, out, sheet.sha256, perf_counter() - began)
    return 0


def _period(list_key: str, period_key: str) -> Period:
    from duban.progress.queries import period_at
    from duban.register.models import TaskList

    chosen = TaskList.objects.filter(key=list_key).first()
    if chosen is None:
        raise Invalid(Message("papers.no_such_list", {"key": list_key}))
    period = period_at(chosen, period_key)
    if period is None:
        raise Invalid(Message("papers.no_such_period", {"key": list_key, "period": period_key}))
    return period


def _require_free(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Invalid(Message("papers.out_in_use", {"path": str(out)}))


def _write(sheet: Sheet, papers: tuple[Planned, ...], out: Path) -> None:
    """A rename is one step: whoever looks sees every paper or no folder at all."""
    from duban.publishing.assembly_units import write_paper

    out.parent.mkdir(parents=True, exist_ok=True)
    _clear_left_over(out)
    folder = Path(mkdtemp(prefix=f".{out.name}-{os.getpid()}-", dir=out.parent))
    try:
        for place, paper in enumerate(papers, 1):
            target = folder / paper.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(write_paper(sheet, paper.kind, paper.which))
            if place % 50 == 0:
                sys.stderr.write(f"  {place}/{len(papers)}\n")
        folder.chmod(0o755)
        folder.rename(out)
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise


def _clear_left_over(out: Path) -> None:
    """What a killed run for the same place left beside it, where that process is gone."""
    for folder in out.parent.glob(f".{escape(out.name)}-*-*"):
        owner = folder.name.removeprefix(f".{out.name}-").split("-")[0]
        if folder.is_dir() and owner.isdecimal() and not Path("/proc", owner).exists():
            rmtree(folder, ignore_errors=True)


def _say(papers: tuple[Planned, ...], out: Path, sha256: str, seconds: float) -> None:
    for paper in papers:
        if not paper.path.startswith("单位/"):
            sys.stdout.write(f"{paper.path}　{paper.line}\n")
    units = {paper.path.split("/")[1] for paper in papers if paper.path.startswith("单位/")}
    count = sum(paper.path.startswith("单位/") for paper in papers)
    sys.stdout.write(f"单位/　{len(units)}个单位的任务单、报送表、审签单，共{count}件\n")
    sys.stdout.write(f"共{len(papers)}件，写在 {out}，数据底稿 {sha256[:16]}，用时 {seconds:.1f} 秒\n")
