"""`duban rehearse`: 演练, a year on a published list, played through the same operations as the real one."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from typing import Final

from duban.cli.django import ready_database, with_django
from duban.domain.burden import MOST, Asked
from duban.domain.errors import Conflict, Invalid
from duban.domain.lights import LIGHTS, Light
from duban.domain.messages import Message

FIVE: Final = 5
QUARTERS: Final = "一二三四"


@with_django
def main(argv: list[str]) -> int:
    """Play the year and print what became of it. Refused on a list that has begun its year already."""
    parser = ArgumentParser(prog="duban rehearse", description=__doc__)
    parser.add_argument("--list", required=True, help="清单的短名，见 duban lists")
    parser.add_argument("--until", type=date.fromisoformat, required=True, help="演练到哪一天（YYYY-MM-DD）")
    parser.add_argument("--seed", type=int, default=1, help="同一清单、日期和种子得到同样的一年")
    words = parser.parse_args(argv)
    ready_database()
    from duban.plans.models import Assignment
    from duban.register.models import TaskList
    from duban.rehearsal.play import Rehearsal

    chosen = TaskList.objects.filter(key=words.list).first()
    if chosen is None:
        raise Invalid(Message("rehearsal.no_such_list", {"key": words.list}))
    if Assignment.objects.filter(task__list=chosen).exists():
        raise Conflict(Message("rehearsal.year_begun", {"key": words.list}))
    played = Rehearsal(chosen, words.seed, _progress).play(words.until)
    _summary(played)
    for line in heaviest(chosen.pk):
        sys.stdout.write(f"  {line}\n")
    return 0


def heaviest(task_list: int) -> list[str]:
    """填报负担: the five units asked most in any quarter, a line each: tasks led, cells by quarter, those asked once a year apart."""
    from duban.directory.models import Unit
    from duban.progress.burden import burden, led_tasks

    led = led_tasks(task_list)
    asked = {unit: dict(sorted(quarters.items())) for unit, quarters in burden(task_list).items()}
    most = sorted(asked, key=lambda unit: (-max(row.cells for row in asked[unit].values()), unit))[:FIVE]
    names = dict(Unit.objects.filter(pk__in=most).values_list("pk", "name"))
    return [
        f"{names[unit]}（牵头 {led.get(unit, 0)} 项）："
        + "，".join(f"{QUARTERS[quarter - 1]}季度 {_cells(row)}" for (_, quarter), row in asked[unit].items())
        for unit in most
    ]


def _cells(row: Asked) -> str:
    once = f"（另有细化和完成标准 {row.once} 格，全年一次）" if row.once else ""
    return f"{row.cells - row.once} 格{once}"


def _progress(line: str) -> None:
    sys.stderr.write(f"  {line}\n")
    sys.stderr.flush()


def _summary(played: object) -> None:
    from duban.rehearsal.stage import Tally

    assert isinstance(played, Tally)
    sys.stdout.write(
        f"演练完成：{played.periods} 期，应报 {played.asked} 项次，报送 {played.sent} 项次"
        f"（代录 {played.on_behalf}），退回 {played.returned}，催报 {played.urged} 个单位次\n"
        f"  {played.units} 个单位，其中 {played.units - played.signed_in} 个从未登录\n"
        f"  问题 {played.problems} 条，销号 {played.solved} 条，督办 {played.orders} 件\n"
        f"  {_lights(played.lights)}\n"
        f"填报最多的单位（报送和审签，每季度以 {MOST} 格为限）：\n"
    )


def _lights(counts: Mapping[str, int]) -> str:
    return "，".join(f"{LIGHTS[Light(light)][1]} {count}" for light, count in sorted(counts.items()))
