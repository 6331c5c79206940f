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
    from duban.progress import projections as progress
    from duban.register import queries as register
    from duban.supervision import queries as supervision

    found = verify()
    faults = [str(fault) for fault in found.faults]
    for app in (register, progress, supervision):
        faults += [str(fault) for fault in app.projection_faults()]
    faults += [str(fault.msg) for fault in check_triggers(databases=["default"])]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    verdict = "有问题" if faults else "完好"
    sys.stdout.write(
        f"操作日志{verdict}：{found.events} 条，链首 {found.head[:16]}…；"
        f"存件 {found.payloads} 件，其中已处置 {found.purged} 件\n"
    )
    return 1 if faults else 0
