"""The opening of the year: people, the issue of the list, and every unit's plan."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Final

from duban.directory.models import Unit
from duban.domain.natures import Nature
from duban.domain.posts import PostRole
from duban.plans.models import Assignment, Receipt
from duban.plans.operations import Edit, assign, issue_list, prepare_list, refine, sign_for
from duban.register.models import Responsibility
from duban.rehearsal.stage import Stage, noon
from duban.rehearsal.words import LEADERS, name_of, plan_words

KEY_SHARE: Final = 10  # one task in ten is marked 重点


class Opening(Stage):
    """From the published list to the plans."""

    def people(self, day: date) -> None:
        """Two clerks in the office, and a liaison and a principal in every unit that uses accounts."""
        government = self.list.government
        self.office = self.seat(government, PostRole.SUPERVISOR, "督查员（演练）", day)
        online = [unit for unit in self.units if self.habits[unit].signs_in]
        for unit in Unit.objects.filter(pk__in=online):
            self.seats[unit.pk] = self.seat(unit, PostRole.LIAISON, "联络员（演练）", day)
        self.tally.units, self.tally.signed_in = len(self.units), len(online)
        self.watch(f"人员 {len(online) + 1} 人，{len(self.units) - len(online)} 个单位不用账号")

    def issue(self, day: date) -> None:
        """Leads and city leaders are set, the list is issued, the units sign for it."""
        prepare_list(task_list=self.list, by=self.office, now=noon(day))
        first: dict[int, int] = {}
        for task, unit in (
            Responsibility.objects.filter(task__list=self.list)
            .order_by("task__ordinal", "ordinal")
            .values_list("task_id", "unit_id")
        ):
            first.setdefault(task, unit)
        chapters = {name: n for n, name in enumerate(dict.fromkeys(self.chapters.values()))}
        edits = []
        for row in Assignment.objects.filter(task__list=self.list).order_by("task__ordinal"):
            chapter = chapters[self.chapters[row.task_id]]
            marked = self.random.randrange(KEY_SHARE) == 0 and row.nature != Nature.STANDING
            values: dict[str, object] = {"key_task": marked}
            values["city_leader"] = row.city_leader or LEADERS[chapter % len(LEADERS)]
            if row.lead_id is None:
                values["lead"] = first[row.task_id]
            edits.append(Edit(row.task_id, row.revision, values))
        assign(task_list=self.list, edits=edits, by=self.office, now=noon(day))
        issue_list(task_list=self.list, by=self.office, now=noon(day + timedelta(days=1)))
        phoned = [
            u
            for u in Receipt.objects.filter(list=self.list).values_list("unit_id", flat=True)
            if u not in self.seats
        ]
        later = noon(day + timedelta(days=2))
        sign_for(task_list=self.list, units=phoned, how="phone", note="办公室接听", by=self.office, now=later)
        for unit, by in self.seats.items():
            sign_for(task_list=self.list, units=[unit], how="click", by=by, now=later)
        self.watch(f"交办 {len(edits)} 项任务")

    @cached_property
    def chapters(self) -> dict[int, str]:
        """The chapter of each task."""
        rows = self.list.tasks.values_list("pk", "current__heading__parent__text", "current__heading__text")
        return {task: parent or own or "" for task, parent, own in rows}

    def plans(self, day: date) -> None:
        """Every unit refines what it leads and names its contact; off-line units' plans are entered by the office."""
        headlines = self.headlines
        leads = dict(Assignment.objects.filter(task__list=self.list).values_list("task_id", "lead_id"))
        natures = dict(Assignment.objects.filter(task__list=self.list).values_list("task_id", "nature"))
        owed: dict[int, list[int]] = {}
        for unit, task in Responsibility.objects.filter(task__list=self.list).values_list(
            "unit_id", "task_id"
        ):
            owed.setdefault(unit, []).append(task)
        for unit in self.units:
            contact, phone = name_of(self.random), f"55{self.random.randrange(100000, 999999)}"
            edits = []
            for task in owed[unit]:
                values = {"contact": contact, "phone": phone, "division": "综合处", "deputy": "分管负责同志"}
                if leads[task] == unit:
                    words = plan_words(Nature(natures[task]), headlines.get(task))
                    q1, half, q3, whole = words.nodes
                    values |= {
                        "year_target": words.year_target, "node_q1": q1, "node_half": half, "node_q3": q3, "node_year": whole,
                    }  # fmt: skip
                edits.append(Edit(task, 0, values))
            refine(task_list=self.list, unit=unit, edits=edits, by=self.who(unit), now=noon(day))
        self.watch(f"细化 {len(self.units)} 个单位")
