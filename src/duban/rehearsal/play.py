"""The year, step by step, through the operations that pages and commands use. Same list, day and seed: same year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Final

from duban.coordination.models import Problem
from duban.coordination.operations import Settling, settle_problem, take_up_problems
from duban.domain.calendar_data import CALENDAR
from duban.domain.lights import Light
from duban.domain.natures import Nature
from duban.domain.periods import PeriodSpec, period
from duban.plans.models import Assignment
from duban.progress.models import Obligation, Period
from duban.progress.operations import (
    Entry,
    Signature,
    check_code,
    move_period,
    open_period,
    review,
    save_drafts,
    send_sheet,
    sign_off,
)
from duban.publishing.operations import seal
from duban.rehearsal.opening import Opening
from duban.rehearsal.personas import Persona
from duban.rehearsal.stage import Tally, noon
from duban.rehearsal.words import report_words
from duban.supervision.models import Standing, SupervisionOrder
from duban.supervision.operations import (
    OrderDraft,
    Ruling,
    determine,
    draft_order,
    move_order,
    note_contact,
    patrol,
)

KEY_SHARE: Final = 10  # one task in ten is marked 重点
ORDERS_A_PERIOD: Final = 3
NOON: Final = time(4, 0)  # 12 o'clock in Shanghai

Watch = Callable[[str], None]


class Rehearsal(Opening):
    """One year of one list."""

    def play(self, until: date) -> Tally:
        """Everything up to a day."""
        year = self.list.year
        start = max(self.list.issued_on or date(year, 1, 15), date(year, 1, 15))
        self.people(start)
        self.issue(start + timedelta(days=3))
        self.plans(start + timedelta(days=20))
        for month in range(start.month + 1, 13):
            spec = period(year, month)
            opens = spec.ends_on - timedelta(days=2)
            if opens > until:
                break
            self._period(spec, opens, until)
        newest = patrol(task_list=self.list, on=until, by=self.office, now=noon(until))
        self.watch(f"研判 {newest.written} 项")
        views = Standing.objects.filter(task__list=self.list).values_list("verdict__light", flat=True)
        self.tally.lights = dict(Counter(str(light) for light in views))
        return self.tally

    def _period(self, spec: PeriodSpec, opens: date, until: date) -> None:
        """One period: opened, filled, urged, reviewed, closed, judged, determined, sealed, and its orders."""
        lagging = frozenset(
            Standing.objects.filter(task__list=self.list, determination__light=Light.LAGGING).values_list(
                "task_id", flat=True
            )
        )
        days = (opens, spec.due_on(CALENDAR), spec.lock_on(CALENDAR))
        now = open_period(
            task_list=self.list, spec=spec, days=days, lagging=lagging, by=self.office, now=noon(opens)
        )
        self.tally.periods += 1
        self.tally.asked += now.obligations.count()
        self._remind(now, days[1] - timedelta(days=1))
        urged = False
        running = days[2] >= until
        for day, units in self._arrivals(now, opens, until if running else None):
            if day > min(until, days[2]):
                break
            if day > days[1] and not urged:
                self._urge(now, day)
                urged = True
            for unit in units:
                self._report(now, spec, unit, day)
            if not (running and day == until):
                self._review(now, day)
        if running:
            self.watch(f"{spec.name}：报送中")
            return
        self._conclude(now, spec, days[2] + timedelta(days=1))
        self.watch(f"{spec.name}：应报 {now.obligations.count()} 项，已截止")

    def _arrivals(self, now: Period, opens: date, today: date | None) -> Iterator[tuple[date, list[int]]]:
        """On which day which units send.

        In the period still running late units send today, unreviewed, and the units of `waiting` have not sent yet.
        """
        units = list(now.obligations.order_by("unit__position").values_list("unit_id", flat=True).distinct())
        arriving: dict[date, list[int]] = {}
        for unit in units:
            habit = self.habits[unit]
            if not self._comes(unit) or (today and unit in self.waiting):
                continue
            late = today is not None and habit.persona is Persona.LATE
            arriving.setdefault(today if late and today else opens + timedelta(days=habit.days), []).append(
                unit
            )
        yield from sorted(arriving.items())

    def _comes(self, unit: int) -> bool:
        """A silent unit sends one period in two."""
        return self.habits[unit].persona is not Persona.SILENT or self.random.random() < 0.5

    def _remind(self, now: Period, day: date) -> None:
        units = list(now.obligations.filter(state="owed").values_list("unit_id", flat=True).distinct())
        note_contact(period=now, units=units, kind="remind", channel="page", by=self.office, now=noon(day))

    def _urge(self, now: Period, day: date) -> None:
        units = list(
            now.obligations.filter(state__in=["owed", "returned"])
            .values_list("unit_id", flat=True)
            .distinct()
        )
        if units:
            note_contact(
                period=now, units=units, kind="urge_report", channel="phone", note="电话催报，答复两日内报送",
                by=self.office, now=noon(day),
            )  # fmt: skip
            self.tally.urged += len(units)

    def _report(self, now: Period, spec: PeriodSpec, unit: int, day: date) -> None:
        """A unit fills its sheet, sends it, and has it signed."""
        headlines, habit = self.headlines, self.habits[unit]
        rows = now.obligations.filter(unit=unit, state__in=["owed", "returned"]).select_related(
            "task__assignment"
        )
        entries = []
        for row in rows:
            nature = Nature(row.task.assignment.nature)
            words = report_words(nature, headlines.get(row.task_id), spec.month, habit.pace, self.random)
            values = {
                "progress": words.progress,
                "value": words.value,
                "problem": words.problem,
                "next_step": words.next_step,
            }
            entries.append(Entry(row.pk, 0, values, no_change=words.no_change))
        if not entries:
            return
        by, at = self.who(unit), noon(day)
        save_drafts(period=now, unit=unit, entries=entries, by=by, now=at)
        channel = "page" if habit.signs_in else "paper"
        self.tally.sent += send_sheet(period=now, unit=unit, channel=channel, by=by, now=at)
        self.tally.on_behalf += 0 if habit.signs_in else len(entries)
        code, _ = check_code(now, unit)
        signature = Signature("paper", "主要负责同志（演练）", day, f"{spec.key}-{unit}", check_code=code)
        sign_off(period=now, unit=unit, signature=signature, by=by, now=at)

    def _review(self, now: Period, day: date) -> None:
        """The office returns a few rows of optimistic units once, and accepts the rest."""
        sent = list(now.obligations.filter(state="sent").select_related("current"))
        weak = [
            row
            for row in sent
            if self.habits[row.unit_id].persona is Persona.OPTIMISTIC
            and row.current is not None
            and row.current.ordinal == 1
            and not row.current.no_change
            and self.random.random() < 0.15
        ]
        at = noon(day)
        if weak:
            review(
                period=now, rows={row.pk: row.revision for row in weak}, action="return",
                reason="未写明与节点的差距，请补充", by=self.office, now=at,
            )  # fmt: skip
            self.tally.returned += len(weak)
        rest = {row.pk: row.revision for row in sent if row not in weak}
        if rest:
            review(period=now, rows=rest, action="accept", by=self.office, now=at)
        again = {row.unit_id for row in weak}
        for unit in sorted(again):
            self._again(now, unit, day)

    def _again(self, now: Period, unit: int, day: date) -> None:
        """What was returned is written again and accepted."""
        rows = list(now.obligations.filter(unit=unit, state="returned").select_related("current"))
        entries = [
            Entry(
                row.pk, 0,
                {
                    "progress": f"{row.current.progress}，已补充说明"[:150],
                    "value": row.current.value_text,
                    "problem": row.current.problem,
                    "next_step": row.current.next_step,
                },
            )
            for row in rows
            if row.current
        ]  # fmt: skip
        by, at = self.who(unit), noon(day)
        save_drafts(period=now, unit=unit, entries=entries, by=by, now=at)
        self.tally.sent += send_sheet(period=now, unit=unit, channel="page", by=by, now=at)
        fresh = Obligation.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "revision")
        review(period=now, rows=dict(fresh), action="accept", by=self.office, now=at)

    def _conclude(self, now: Period, spec: PeriodSpec, day: date) -> None:
        """The period is closed, judged, determined and sealed; the worst laggards get an order."""
        at = noon(day)
        self.tally.problems += take_up_problems(period=now, by=self.office, now=at)
        self._settle_problems(day)
        move_period(period=now, action="close", by=self.office, now=at)
        patrol(task_list=self.list, on=day, period=now, by=self.office, now=at)
        standings = list(
            Standing.objects.filter(task__list=self.list)
            .select_related("verdict", "task")
            .order_by("task__ordinal")
        )
        rulings = [
            Ruling(row.task_id, Light(row.verdict.light), row.verdict.as_ruling)
            for row in standings
            if row.verdict
        ]
        determine(period=now, rulings=rulings, by=self.office, now=at)
        self._orders(now, standings, day)
        if spec.month in (3, 6, 9, 12):
            seal(period=now, sure=True, by=self.office, now=noon(day + timedelta(days=1)))

    def _settle_problems(self, day: date) -> None:
        """Half of the problems open for a month are solved."""
        old = Problem.objects.filter(
            task__list=self.list, state="open", raised_on__lt=day - timedelta(days=30)
        ).order_by("pk")
        for problem in list(old):
            solved = self.random.random() < 0.5
            settling = Settling(
                helper="市有关单位", level="office", state="solved" if solved else "open",
                result="经协调已解决" if solved else "",
            )  # fmt: skip
            if solved:
                settle_problem(
                    problem=problem,
                    revision=problem.revision,
                    settling=settling,
                    by=self.office,
                    now=noon(day),
                )

    def _orders(self, now: Period, standings: list[Standing], day: date) -> None:
        """Earlier orders are answered and closed; the first laggards without one get a new one."""
        for order in SupervisionOrder.objects.filter(list=self.list, state="served"):
            self._answer(order, day)
        leads = {
            row.task_id: row.lead
            for row in Assignment.objects.filter(task__list=self.list).select_related("lead")
        }
        behind = [row for row in standings if row.verdict and row.verdict.light == Light.LAGGING]
        for row in behind[:ORDERS_A_PERIOD]:
            unit = leads[row.task_id]
            if unit is None or row.verdict is None:
                continue
            draft = OrderDraft(
                task=row.task,
                unit=unit,
                matter=f"第 {row.task.key} 项任务滞后于节点",
                basis=row.verdict.sentence,
                requirement="请查明原因，提出赶上进度的措施和时限，于期限内书面回复。",
                due_on=CALENDAR.add_working(day, 7),
            )
            steps: tuple[tuple[str, dict[str, object]], ...] = (
                ("submit", {}),
                ("approve", {"by": "督查室主任（演练）", "on": day, "approval": "paper"}),
                ("serve", {"on": day}),
            )
            self._walk(
                draft_order(task_list=self.list, draft=draft, period=now, by=self.office, now=noon(day)),
                steps,
                day,
            )
            self.tally.orders += 1

    def _answer(self, order: SupervisionOrder, day: date) -> None:
        steps: tuple[tuple[str, dict[str, object]], ...] = (
            ("sign_for", {"by": "办公室", "on": day}),
            ("answer", {"text": "已制定措施，按期完成", "on": day}),
            ("close", {"result": "核查属实，办结", "on": day}),
        )
        self._walk(order, steps, day)

    def _walk(
        self, order: SupervisionOrder, steps: tuple[tuple[str, dict[str, object]], ...], day: date
    ) -> None:
        for action, values in steps:
            order = move_order(
                order=order,
                revision=order.revision,
                action=action,
                values=values,
                by=self.office,
                now=noon(day),
            )
