"""A small year with something to write about: task 3 lags, an order about it is approved, a problem waits for the leader."""

from __future__ import annotations

from datetime import date

from tests.building_year import Year, moment, small_year

from duban.coordination.items import ItemEntry, add_items
from duban.coordination.models import InstructionItem, Problem, UpwardPaper
from duban.coordination.operations import (
    PaperEntry,
    Settling,
    register_paper,
    settle_problem,
    take_up_problems,
)
from duban.domain.lights import Light
from duban.domain.posts import CONSOLE
from duban.domain.workflow import ORDER
from duban.progress.models import Part
from duban.progress.operations import move_period
from duban.progress.parts import ask_parts, give_part
from duban.supervision.models import SupervisionOrder
from duban.supervision.operations import OrderDraft, Ruling, determine, draft_order, move_order

LATE = "到一季度应完成 25 家，实际 20 家，少 5 家，相当于全年目标的 5%。"


def year_of_papers() -> Year:
    """The small year, determined; task 3 lags."""
    year = small_year()
    ruling = Ruling(year.task("3").pk, Light.LAGGING, LATE, "用地未落实")
    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=moment(4, 15))
    return year


def drafted(
    year: Year, key: str = "3", unit: str = "市民政局", due: date = date(2026, 4, 30)
) -> SupervisionOrder:
    """An order about a task, not yet submitted."""
    draft = OrderDraft(
        year.task(key),
        year.unit(unit),
        f"第{key}项滞后于节点",
        f"经督查核定：{LATE}",
        "请于4月30日前书面回复",
        due,
    )
    return draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 16))


def moved(order: SupervisionOrder, until: str) -> SupervisionOrder:
    """The order after each step from where it stands up to and including `until`."""
    day = date(2026, 4, 17)
    steps = {
        "submit": {},
        "approve": {"by": "林某某", "on": day, "approval": "paper"},
        "serve": {"on": day},
        "sign_for": {"by": "孙某某", "on": day},
        "answer": {"text": "5月开工", "on": day},
        "close": {"result": "核查属实", "on": day},
    }
    for action, values in steps.items():
        if action in ORDER.open_to(order.state):
            order = move_order(
                order=order,
                revision=order.revision,
                action=action,
                values=values,
                by=CONSOLE,
                now=moment(4, 17),
            )
        if action == until:
            break
    return order


def problem_of(year: Year, **said: str) -> Problem:
    """The problem of task 3 in the ledger, settled as said."""
    take_up_problems(period=year.period, by=CONSOLE, now=moment(4, 16))
    problem = Problem.objects.get()
    settling = Settling(**{"helper": "省自然资源厅", "level": "leader", **said})
    return settle_problem(
        problem=problem, revision=problem.revision, settling=settling, by=CONSOLE, now=moment(4, 16)
    )


def sealed(year: Year) -> None:
    """The period is closed and sealed."""
    for action in ("close", "seal"):
        move_period(period=year.period, action=action, by=CONSOLE, now=moment(4, 20))
    year.period.refresh_from_db()


def instruction_of(year: Year, number: str = "批示第8号") -> UpwardPaper:
    """An instruction about task 3 with a clock."""
    entry = PaperEntry(
        "instruction",
        number,
        date(2026, 4, 15),
        "林某某",
        "关于食堂建设的批示",
        task=year.task("3"),
        due_on=date(2026, 5, 15),
    )
    return register_paper(task_list=year.list, entry=entry, by=CONSOLE, now=moment(4, 15))


def items_given(year: Year, paper: UpwardPaper | None = None) -> list[InstructionItem]:
    """Two items of an instruction: one for the lead of task 3, one for another of its units."""
    entries = [
        ItemEntry("落实选址", year.unit("市民政局"), date(2026, 4, 30)),
        ItemEntry("安排资金", year.unit("市财政局"), date(2026, 4, 30)),
    ]
    paper = paper or instruction_of(year)
    return add_items(paper=paper, revision=paper.revision, entries=entries, by=CONSOLE, now=moment(4, 16))


def part_of(year: Year, key: str = "2", unit: str = "澜桥区政府", question: str = "学校选址情况") -> Part:
    """A part that the lead of a task asks of a supporting unit."""
    units = [year.unit(unit).pk]
    [part] = ask_parts(obligation=year.row(key), units=units, question=question, by=CONSOLE, now=moment(4, 1))
    return part


def part_given(year: Year, text: str) -> Part:
    """A part that was asked for and said."""
    return give_part(part=part_of(year), revision=1, text=text, by=CONSOLE, now=moment(4, 2))
