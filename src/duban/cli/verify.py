"""`duban verify-history`: walk the whole chain and say whether it is sound."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from duban.cli.django import ready_database, with_django


@with_django
def main(argv: list[str]) -> int:
    """Exit 0 when every hash holds, the append-only triggers stand and projections equal their rebuild."""
    ArgumentParser(prog="duban verify-history", description=__doc__).parse_args(argv)
    ready_database()
    from duban.history.queries import verify
    from duban.history.triggers import check_triggers

    found = verify()
    faults = [str(fault) for fault in found.faults]
    compared = _projections()
    for _, _, differing in compared:
        faults += differing
    faults += [str(fault.msg) for fault in check_triggers(databases=["default"])]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    verdict = "有问题" if faults else "完好"
    sys.stdout.write(
        f"操作日志{verdict}：{found.events} 条，链首 {found.head[:16]}…；"
        f"存件 {found.payloads} 件，其中已处置 {found.purged} 件\n"
    )
    for name, rows, differing in compared:
        said = "与重建不一致" if differing else "与重建一致"
        sys.stdout.write(f"  {name}：{rows} 行，{said}\n")
    return 1 if faults else 0


def _projections() -> list[tuple[str, int, list[str]]]:
    """Each projection, the number of its rows, and where it differs from its rebuild."""
    from duban.progress.models import Obligation
    from duban.progress.projections import projection_faults as of_progress
    from duban.register.models import Task
    from duban.register.queries import projection_faults as of_register
    from duban.supervision.models import Standing
    from duban.supervision.queries import projection_faults as of_supervision

    return [
        ("任务的现行文本（Task.current）", Task.objects.count(), list(map(str, of_register()))),
        (
            "应报事项的现行报告（Obligation.current）",
            Obligation.objects.count(),
            list(map(str, of_progress())),
        ),
        ("任务的现行研判和核定（Standing）", Standing.objects.count(), list(map(str, of_supervision()))),
    ]
