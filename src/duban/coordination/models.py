"""问题台账, and 请示, 报告, 批示 by number: what has to be solved above or beside a unit, and the clocks on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from duban.directory.models import Unit
from duban.domain.posts import Acting
from duban.progress.models import Report
from duban.register.models import Task, TaskList
from duban.shared.constraints import one_of

PROBLEM_STATES = ("open", "solved", "dropped")
LEVELS = ("unit", "office", "leader", "city", "outside")
PAPER_KINDS = ("request", "report", "instruction")
ITEM_STATES = ("open", "answered", "closed", "dropped")


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Readings of the problem ledger."""

    def visible_to(self, acting: Acting) -> ProblemQuerySet:
        """Office posts: all of their government. Unit posts: those raised by the units they answer for."""
        if acting.sees_whole_government:
            return self.filter(task__list__government_id=acting.government)
        if acting.answers_for:
            return self.filter(unit_id__in=acting.answers_for)
        return self.none()


class Problem(models.Model):
    """One line of the problem ledger; `helper` may be a body without an account (a ministry, an enterprise)."""

    purgeable = ("text", "cause", "helper", "result")

    task = models.ForeignKey(Task, models.PROTECT, related_name="problems")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="problems")
    report = models.OneToOneField(Report, models.PROTECT, null=True, related_name="problem_row")
    text = models.CharField(max_length=200)
    cause = models.CharField(max_length=200, blank=True)
    helper = models.CharField(max_length=120, blank=True)
    level = models.CharField(max_length=8, default="office")
    state = models.CharField(max_length=8, default="open")
    result = models.CharField(max_length=300, blank=True)
    raised_on = models.DateField()
    closed_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = ProblemQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", list(PROBLEM_STATES), name="problem_state_known"),
            one_of("level", list(LEVELS), name="problem_level_known"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | (~Q(state="open") & Q(closed_on__isnull=False) & ~Q(result="")),
                name="problem_closed_with_a_result",
            ),
        ]
        indexes = [models.Index(fields=["state", "raised_on"], name="problem_open")]

    def __str__(self) -> str:
        return self.text


class UpwardPaperQuerySet(models.QuerySet["UpwardPaper"]):
    """Readings of the register of papers."""

    def in_force(self) -> UpwardPaperQuerySet:
        """Without those that were struck out (作废)."""
        return self.filter(void_on__isnull=True)


class UpwardPaper(models.Model):
    """A 请示, 报告 or 批示 that lives in the office's document system; here are its number, its dates and its clock.

    One registered by mistake is struck out with a reason (`void_on`, `void_reason`): it stays in the register and counts
    nowhere, and its number may be registered again.
    """

    purgeable = ("sender", "subject", "result", "void_reason")

    list = models.ForeignKey(TaskList, models.PROTECT, related_name="upward_papers")
    kind = models.CharField(max_length=12)
    number = models.CharField(max_length=60)
    dated = models.DateField()
    sender = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="upward_papers")
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="answered_by")
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    result = models.CharField(max_length=300, blank=True)
    void_on = models.DateField(null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = UpwardPaperQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", list(PAPER_KINDS), name="upward_paper_kind_known"),
            models.UniqueConstraint(
                fields=["list", "kind", "number"],
                condition=Q(void_on__isnull=True),
                name="upward_paper_once",
            ),
            models.CheckConstraint(
                condition=Q(void_on__isnull=True, void_reason="")
                | (Q(void_on__isnull=False) & ~Q(void_reason="")),
                name="upward_paper_void_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="report") | Q(due_on__isnull=True), name="a_report_needs_no_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class InstructionItemQuerySet(models.QuerySet["InstructionItem"]):
    """Readings of the items of instructions."""

    def visible_to(self, acting: Acting) -> InstructionItemQuerySet:
        """Office posts: all of their government. Unit posts: those given to the units they answer for."""
        if acting.sees_whole_government:
            return self.filter(paper__list__government_id=acting.government)
        if acting.answers_for:
            return self.filter(unit_id__in=acting.answers_for)
        return self.none()

    def in_force(self) -> InstructionItemQuerySet:
        """Without those of instructions that were struck out (作废)."""
        return self.filter(paper__void_on__isnull=True)

    def running(self) -> InstructionItemQuerySet:
        """Neither closed nor dropped, of instructions in force."""
        return self.in_force().filter(state__in=["open", "answered"])


class InstructionItem(models.Model):
    """One thing that an instruction asks of one unit by a day; `task` is that of the instruction.

    `result` holds the result of a closed item, else the reason for which it was last dropped, returned or reopened.
    """

    purgeable = ("what", "answer", "result")

    paper = models.ForeignKey(UpwardPaper, models.PROTECT, related_name="items")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="instruction_items")
    what = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="instruction_items")
    due_on = models.DateField()
    state = models.CharField(max_length=8, default="open")
    answer = models.CharField(max_length=300, blank=True)
    answered_on = models.DateField(null=True)
    on_behalf = models.BooleanField(default=False)
    result = models.CharField(max_length=300, blank=True)
    closed_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = InstructionItemQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", list(ITEM_STATES), name="instruction_item_state_known"),
            models.CheckConstraint(condition=~Q(what=""), name="instruction_item_says_what"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, state__in=["open", "dropped"])
                | (Q(answered_on__isnull=False) & ~Q(state="open") & ~Q(answer="")),
                name="instruction_item_answered_with_words",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered"], closed_on__isnull=True)
                | (Q(state__in=["closed", "dropped"], closed_on__isnull=False) & ~Q(result="")),
                name="instruction_item_ended_with_a_result",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="instruction_item_of_unit")]

    def __str__(self) -> str:
        return self.what
