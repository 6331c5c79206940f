"""The year, step by step, through the operations that pages and commands use. Same list, day and seed: same year."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Final

from duban.coordination.operations import take_up_problems
from duban.domain.calendar_data import CALENDAR
from duban.domain.lights import Light
from duban.domain.natures import Nature
from duban.domain.periods import QUARTER_ENDS, PeriodSpec, period
from duban.plans.models import Assignment
from duban.plans.queries import asked_by_month
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
from duban.rehearsal.matters import Matters
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

ORDERS_A_PERIOD: Final = 3
ONE_DAY: Final = timedelta(days=1)


class Rehearsal(Matters):
    """One year of one list."""

    def play(self, until: date) -> Tally:
        """Everything up to a day."""
        year = self.list.year
        start = max(self.list.issued_on or date(year, 1, 15), date(year, 1, 15))
        self.people(start)
        self.issue(start + timedelta(days=3))
        self.plans(start + timedelta(days=20))
        agenda = [
            (start + timedelta(days=25), self.share),
            (start + timedelta(days=60), self.letters),
            (start + timedelta(days=95), self.standards),
        ]
        for month in range(start.month + 1, 13):
            spec = period(year, month)
            opens = spec.ends_on - timedelta(days=2)
            for day, act in [entry for entry in agenda if entry[0] <= min(opens, until)]:
                act(day)
                agenda.remove((day, act))
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
        if not asked_by_month(self.list.pk, lagging)[spec.month]:
            return
        days = (opens, spec.due_on(CALENDAR), spec.lock_on(CALENDAR))
        now = open_period(
            task_list=self.list, spec=spec, days=days, lagging=lagging, by=self.office, now=noon(opens)
        )
        self.tally.periods += 1
        self.tally.asked += now.obligations.count()
        if spec.month in QUARTER_ENDS:
            self.ask(now, opens)
        running = days[2] >= until
        arriving = self._arriving(now, opens, until if running else None)
        reminds, urges = CALENDAR.add_working(days[1], -1), CALENDAR.add_working(days[1], 1)
        for day in (opens + timedelta(days=n) for n in range((min(until, days[2]) - opens).days + 1)):
            if day == opens + ONE_DAY:
                self.provide(now, day)
            for unit in arriving.get(day, ()):
                self._report(now, spec, unit, day)
            if day in arriving and not (running and day == until):
                self._review(now, day)
            if day == reminds:
                self._tell(now, "remind", day)
            if day == urges:
                self.tally.urged += self._tell(now, "urge_report", day)
        if running:
            self.watch(f"{spec.name}：报送中")
            return
        self._conclude(now, spec, days[2] + ONE_DAY, until)
        self.watch(f"{spec.name}：应报 {now.obligations.count()} 项，已截止")

    def _arriving(self, now: Period, opens: date, today: date | None) -> dict[date, list[int]]:
        """Which units send on which day.

        In the period still running late units send today, unreviewed, and the units of `waiting` have not sent yet.
        """
        units = list(now.obligations.order_by("unit__position").values_list("unit_id", flat=True).distinct())
        arriving: dict[date, list[int]] = {}
        for unit in units:
            habit = self.habits[unit]
            if not self._comes(unit) or (today and unit in self.waiting):
                continue
            late = today is not None and habit.persona is Persona.LATE
            day = today if late and today else opens + timedelta(days=habit.days)
            arriving.setdefault(day, []).append(unit)
        return arriving

    def _comes(self, unit: int) -> bool:
        """A silent unit sends one period in two."""
        return self.habits[unit].persona is not Persona.SILENT or self.random.random() < 0.5

    def _tell(self, now: Period, kind: str, day: date) -> int:
        """Remind or urge the units that still owe: on the page, by telephone those without accounts. Returns how many."""
        owing = now.obligations.filter(state__in=["owed", "returned"]).order_by("unit__position")
        units = list(dict.fromkeys(owing.values_list("unit_id", flat=True)))
        online = [unit for unit in units if unit in self.seats and kind == "remind"]
        phoned = [unit for unit in units if unit not in online]
        note = "电话提醒，对方已知悉" if kind == "remind" else "电话催报，答复两日内报送"
        for told, channel, said in ((online, "page", ""), (phoned, "phone", note)):
            note_contact(
                period=now, units=told, kind=kind, channel=channel, note=said, by=self.office, now=noon(day)
            )
        return len(units)

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

    def _conclude(self, now: Period, spec: PeriodSpec, day: date, until: date) -> None:
        """The period is closed, judged and determined; of a quarter the units are asked before it is sealed."""
        at = noon(day)
        self.tally.problems += take_up_problems(period=now, by=self.office, now=at)
        self.settle(day)
        move_period(period=now, action="close", by=self.office, now=at)
        patrol(task_list=self.list, on=day, period=now, by=self.office, now=at)
        standings = Standing.objects.filter(task__list=self.list, verdict__isnull=False)
        rulings = [
            Ruling(row.task_id, Light(row.verdict.light), row.verdict.as_ruling)
            for row in standings.select_related("verdict").order_by("task__ordinal")
            if row.verdict
        ]
        determine(period=now, rulings=rulings, by=self.office, now=at)
        quarter = spec.month in QUARTER_ENDS
        if quarter:
            day = self.consult(now, day, until)
        if day <= until:
            self._orders(now, day)
            if quarter:
                seal(period=now, sure=True, by=self.office, now=noon(day))

    def _orders(self, now: Period, day: date) -> None:
        """Earlier orders are answered and closed; the first laggards without one get a new one."""
        for order in SupervisionOrder.objects.filter(list=self.list, state="served"):
            self._answer(order, day)
        leads = {
            row.task_id: row.lead
            for row in Assignment.objects.filter(task__list=self.list).select_related("lead")
        }
        behind = Standing.objects.filter(task__list=self.list, determination__light=Light.LAGGING)
        rows = behind.select_related("determination", "task").order_by("task__ordinal")
        for row in rows[:ORDERS_A_PERIOD]:
            unit = leads[row.task_id]
            if unit is None or row.determination is None:
                continue
            draft = OrderDraft(
                task=row.task,
                unit=unit,
                matter=f"第 {row.task.key} 项任务滞后于节点",
                basis=row.determination.sentence,
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
