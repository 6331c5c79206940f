"""`duban coverage`: the three checks of the notice (层层有人抓、事事有人管、件件能落实) on the plans of a list."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from duban.cli.django import ready_database, with_django
from duban.domain.errors import Invalid
from duban.domain.messages import Message, render

SHOWN = 50


@with_django
def main(argv: list[str]) -> int:
    """Print each check with what is missing; 0 nothing is, 1 something is."""
    parser = ArgumentParser(prog="duban coverage", description=__doc__)
    parser.add_argument("--list", required=True, help="清单的短名，见 duban lists")
    parser.add_argument("--all", action="store_true", help=f"全部列出；不写则每项检查最多列 {SHOWN} 处")
    words = parser.parse_args(argv)
    ready_database()
    from duban.domain.coverage_checks import CHECKS, check
    from duban.plans.queries import duties, gap_rows, missing
    from duban.register.models import TaskList

    chosen = TaskList.objects.filter(key=words.list).first()
    if chosen is None:
        raise Invalid(Message("papers.no_such_list", {"key": words.list}))
    lacking = 0
    for name, outcome in check(duties(chosen)).items():
        places, total = missing(outcome.gaps), outcome.figures.total
        lacking += len(places)
        said = f"{total} 处中缺 {len(places)} 处" if places else f"{total} 处齐全"
        sys.stdout.write(f"{CHECKS[name][0]}：{said}\n")
        shown = places if words.all else places[:SHOWN]
        for row in gap_rows(shown):
            unit = f"　{row.unit_name}" if row.unit_name else ""
            lacks = "；".join(render(message) for message in row.messages)
            sys.stdout.write(f"  第{row.number or row.key}项{unit}　{lacks}\n")
        if len(places) > len(shown):
            sys.stdout.write(f"  另有 {len(places) - len(shown)} 处，加 --all 全部列出\n")
    return 1 if lacking else 0
