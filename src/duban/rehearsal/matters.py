"""What goes on beside the periods: standards, shares, problems, letters, and the units' word before a seal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from duban.coordination.models import Problem, UpwardPaper
from duban.coordination.operations import PaperEntry, Settling, register_paper, settle_problem
from duban.domain.calendar_data import CALENDAR
from duban.domain.lights import Light
from duban.domain.shares import additive
from duban.domain.units import UnitKind
from duban.plans.operations import Edit
from duban.plans.refinement import (
    FEWEST_DISTRICTS,
    ContractRow,
    Headline,
    contract_candidates,
    contract_rows,
    decide_contracts,
    propose_contracts,
    share_out,
    share_table,
)
from duban.progress.models import Part, Period
from duban.progress.part_queries import supporting_units
from duban.progress.parts import ask_parts, give_part
from duban.register.models import Task
from duban.rehearsal.opening import Opening
from duban.rehearsal.stage import noon
from duban.rehearsal.words import LEADERS
from duban.supervision.consultation import Answer, Protest, answer_objection, object_to, open_consultation
from duban.supervision.models_consultation import ConsultationDraft, ConsultationRow, Objection

STILL_PROPOSED: Final = 5  # one unit in five still waits for the office's word on its standards
HELPERS: Final = (("市财政部门", "office"), ("国家有关部委", "outside"), ("分管市领导", "leader"))
PARTS_A_QUARTER: Final = 2
DAYS_FOR_A_REQUEST: Final = 20
ANSWERS: Final = (
    Answer(
        upheld=True, reason="材料已核实，采纳", sentence="经核实，相关工作已补齐材料，按调整后的安排推进。"
    ),
    Answer(upheld=False, reason="所附材料不能说明节点已完成"),
)


class Matters(Opening):
    """What is agreed, shared out, asked and objected to."""

    def share(self, day: date) -> None:
        """The count that most districts carry is shared out among them by its lead, in equal parts."""
        carried = Task.objects.filter(list=self.list, responsibilities__unit__kind=UnitKind.DISTRICT)
        tasks = carried.distinct().select_related("assignment").order_by("ordinal")
        tables = [(task, share_table(task)) for task in tasks]
        counted = [
            (task, table.rows, table.headline)
            for task, table in tables
            if table.headline and table.headline.value > 0 and additive(table.headline.measure)
        ]
        task, rows, target = max(counted, key=lambda one: len(one[1]), default=(None, (), None))
        if task is None or target is None or len(rows) < FEWEST_DISTRICTS:
            return
        edits = [
            Edit(row.unit, row.revision, {"value": part, "text": ""})
            for row, part in zip(rows, parts_of(target, len(rows)), strict=True)
        ]
        share_out(task=task, edits=edits, by=self.who(task.assignment.lead_id or 0), now=noon(day))
        self.watch(f"区县分解：第 {task.key} 项任务，{len(edits)} 个区县")

    def ask(self, now: Period, day: date) -> None:
        """Two leads ask the first unit that shares a task for its part of a report."""
        rows = now.obligations.filter(state="owed", task__assignment__offline=False)
        others = supporting_units(rows.order_by("task__ordinal"), day)
        chosen = [(row, units[0]) for row, units in sorted(others.items()) if units][:PARTS_A_QUARTER]
        for row, (unit, _) in chosen:
            owed = now.obligations.get(pk=row)
            question = "本季度配合工作的进展和存在的问题"
            by = self.who(owed.unit_id)
            ask_parts(obligation=owed, units=[unit], question=question, by=by, now=noon(day))

    def provide(self, now: Period, day: date) -> None:
        """The unit asked first says its part; the other one has not come to it."""
        first = Part.objects.filter(obligation__period=now, state="asked").order_by("pk").first()
        if first is not None and first.obligation.state == "owed":
            text = "已按职责完成配合任务，涉及事项均在办理中"
            give_part(
                part=first, revision=first.revision, text=text, by=self.who(first.unit_id), now=noon(day)
            )

    def standards(self, day: date) -> None:
        """Every lead proposes what counts as done; the office agrees a week later, to all but some."""
        found: dict[int, list[ContractRow]] = defaultdict(list)
        for row in contract_rows(contract_candidates(self.list)):
            found[row.lead].append(row)
        agreed = 0
        for number, (unit, rows) in enumerate(sorted(found.items()), start=1):
            edits = [Edit(row.clause, row.revision, _standard(row)) for row in rows]
            propose_contracts(task_list=self.list, unit=unit, edits=edits, by=self.who(unit), now=noon(day))
            if number % STILL_PROPOSED:
                seen = {row.clause: row.revision + 1 for row in rows}
                later = noon(day + timedelta(days=7))
                agreed += decide_contracts(
                    task_list=self.list, rows=seen, action="agree", by=self.office, now=later
                )
        self.watch(f"完成标准：提出 {sum(map(len, found.values()))} 个分项，已审定 {agreed} 个")

    def letters(self, day: date) -> None:
        """Two requests, one of them answered by an instruction, and a report; nothing is said of what they contain."""
        year, tasks = self.list.year, list(self.list.tasks.order_by("ordinal")[:3])
        day = CALENDAR.next_working(day)
        later, limit = CALENDAR.add_working(day, 5), timedelta(days=DAYS_FOR_A_REQUEST)
        request = self._register(
            PaperEntry(
                "request", f"演练请〔{year}〕1号", day, "牵头单位（演练）", "关于协调推进重点任务的请示（演练）", tasks[0],
                due_on=day + limit,
            )
        )  # fmt: skip
        entries = (
            PaperEntry(
                "instruction", f"演练批〔{year}〕1号", later, LEADERS[0], "同意，请抓紧落实（演练）", tasks[0], request
            ),
            PaperEntry(
                "request", f"演练请〔{year}〕2号", later, "牵头单位（演练）", "关于明确要素保障的请示（演练）", tasks[-1],
                due_on=later + limit,
            ),
            PaperEntry("report", f"演练报〔{year}〕1号", later, "督查室（演练）", "关于重点任务进展的报告（演练）"),
        )  # fmt: skip
        for entry in entries:
            self._register(entry)
        self.watch("请示批示：请示 2 件，批示 1 件，报告 1 件")

    def _register(self, entry: PaperEntry) -> UpwardPaper:
        return register_paper(task_list=self.list, entry=entry, by=self.office, now=noon(entry.dated))

    def settle(self, day: date) -> None:
        """Of the problems open for a month half are solved, the first of them always; for the others a helper is named."""
        old = Problem.objects.filter(
            task__list=self.list, state="open", raised_on__lt=day - timedelta(days=30)
        ).order_by("pk")
        solved = 0
        for problem in list(old):
            helper, level = (problem.helper, problem.level) if problem.helper else self.random.choice(HELPERS)
            over = self.random.random() < 0.5 or not self.tally.solved
            if not over and problem.helper:
                continue
            settling = Settling(
                helper=helper, level=level, state="solved" if over else "open",
                result="经协调已解决" if over else "",
            )  # fmt: skip
            settle_problem(
                problem=problem, revision=problem.revision, settling=settling, by=self.office, now=noon(day)
            )
            solved += over
            self.tally.solved += over
        if solved:
            self.watch(f"问题台账：销号 {solved} 条")

    def consult(self, now: Period, day: date, until: date) -> date:
        """核对稿 to the units; one objects and is upheld, one is dismissed. The first working day after the limit."""
        draft = open_consultation(period=now, by=self.office, now=noon(day))
        after, last = CALENDAR.add_working(day, 1), noon(draft.until_on)
        rows = _disputed(draft) if draft.until_on <= until else []
        for row, answer in zip(rows, ANSWERS, strict=False):
            objection = self._object(row, after)
            given = replace(answer, light=_milder(row)) if answer.upheld else answer
            answer_objection(
                objection=objection, revision=objection.revision, answer=given, by=self.office, now=last
            )
        units = len(set(draft.rows.values_list("unit_id", flat=True)))
        said = "，采纳 1 条，不采纳 1 条" if len(rows) == len(ANSWERS) else ""
        self.watch(f"核对稿：送 {units} 个单位，异议 {len(rows)} 条{said}")
        return CALENDAR.add_working(draft.until_on, 1)

    def _object(self, row: ConsultationRow, day: date) -> Objection:
        """On the page where the unit has an account, else on a paper that the office registers."""
        text = "已完成的部分未计入，请按所附材料核定（演练）"
        protest = Protest(text)
        if row.unit_id not in self.seats:
            protest = Protest(text, "paper", "主要负责同志（演练）", day, f"核对-{row.pk}")
        return object_to(row=row, protest=protest, by=self.who(row.unit_id), now=noon(day))


def parts_of(headline: Headline, count: int) -> list[Decimal]:
    """A target in parts that come to it exactly and differ by one step at most: whole ones where there are enough."""
    whole = headline.value == headline.value.to_integral_value() and headline.value >= count
    step = Decimal(1) if whole else Decimal("0.01")
    steps, rest = divmod(int(headline.value / step), count)
    parts = [(steps + (place < rest)) * step for place in range(count)]
    return [*parts[:-1], headline.value - sum(parts[:-1])]


def _standard(row: ContractRow) -> dict[str, object]:
    """What the list suggests, and the rest in plain words."""
    return {
        "deliverable": row.values["deliverable"] or row.text[:200],
        "standard": row.values["standard"] or "按计划完成并通过核查",
        "evidence": "统计数据或验收材料",
        "verifier": "督查室会同行业主管部门",
        "due_on": row.values["due_on"],
    }


def _disputed(draft: ConsultationDraft) -> list[ConsultationRow]:
    """The two rows that two units object to: the first that lag, else that are warned about, else any."""
    rank = {Light.LAGGING: 0, Light.WARNING: 1}
    rows = draft.rows.exclude(light__in=[Light.STANDING, Light.DONE]).select_related("draft__period", "task")
    first: dict[int, ConsultationRow] = {}
    for row in sorted(rows, key=lambda row: (rank.get(Light(row.light), 2), row.pk)):
        first.setdefault(row.unit_id, row)
    return list(first.values())[: len(ANSWERS)]


def _milder(row: ConsultationRow) -> Light:
    return Light.WARNING if row.light == Light.LAGGING else Light.NORMAL
