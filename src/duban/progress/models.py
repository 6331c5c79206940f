"""报送: periods, obligations, parts of supporting units, reports and sign-offs. A report is a fact; drafts are what nobody has sent yet."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from duban.directory.models import Unit
from duban.domain.posts import Acting
from duban.history.models import Payload
from duban.register.models import Task, TaskList
from duban.shared.constraints import one_of

PERIOD_STATES = ("planned", "open", "closed", "sealed")
OBLIGATION_STATES = ("owed", "sent", "returned", "accepted", "exempt")
PART_STATES = ("asked", "given", "withdrawn")
LONGEST_PROGRESS = 150
LONGEST_QUESTION = 120


class Period(models.Model):
    """One reporting period of a list. `due_on` is the day by which a report is on time, `lock_on` the day it closes."""

    list = models.ForeignKey(TaskList, models.PROTECT, related_name="periods")
    key = models.CharField(max_length=7)
    opens_on = models.DateField()
    due_on = models.DateField()
    lock_on = models.DateField()
    state = models.CharField(max_length=8, default="planned")
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["list", "key"], name="period_once_per_list"),
            one_of("state", list(PERIOD_STATES), name="period_state_known"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on"), lock_on__gte=F("due_on")), name="period_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.key}"

    def overdue(self, today: date) -> int:
        """By how many days what has not come yet is late, while it may still be reported."""
        return max((today - self.due_on).days, 0) if self.state == "open" else 0


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Readings of what is owed."""

    def visible_to(self, acting: Acting) -> ObligationQuerySet:
        """Office posts: all of their government. Unit posts: what the units they answer for owe."""
        if acting.sees_whole_government:
            return self.filter(period__list__government_id=acting.government)
        if acting.answers_for:
            return self.filter(unit_id__in=acting.answers_for)
        return self.none()


class Obligation(models.Model):
    """待报事项: one task in one period, owed by the unit that leads it. Opened as rows, so that what is expected is a fact."""

    purgeable = ("reason",)

    period = models.ForeignKey(Period, models.PROTECT, related_name="obligations")
    task = models.ForeignKey(Task, models.PROTECT, related_name="obligations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="obligations")
    state = models.CharField(max_length=8, default="owed")
    reason = models.CharField(max_length=200, blank=True)
    current = models.OneToOneField("Report", models.PROTECT, null=True, related_name="+")
    sent_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "task"], name="obligation_once"),
            one_of("state", list(OBLIGATION_STATES), name="obligation_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "exempt"]) | ~Q(reason=""), name="returned_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["period", "unit", "state"], name="obligation_of_unit")]

    def __str__(self) -> str:
        return f"{self.task_id} in {self.period_id}: {self.state}"


class Draft(models.Model):
    """What a unit has filled in and not sent. One row for each obligation; gone once it is sent."""

    purgeable = ("progress", "value", "problem", "next_step")

    obligation = models.OneToOneField(Obligation, models.CASCADE, related_name="draft")
    no_change = models.BooleanField(default=False)
    progress = models.CharField(max_length=LONGEST_PROGRESS, blank=True)
    value = models.CharField(max_length=60, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    actor = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(no_change=False) | Q(progress=""), name="no_change_says_nothing_else"
            )
        ]

    def __str__(self) -> str:
        return f"draft of {self.obligation_id}"


class PartQuerySet(models.QuerySet["Part"]):
    """Readings of the parts of supporting units."""

    def visible_to(self, acting: Acting) -> PartQuerySet:
        """Office posts: all of their government. Unit posts: those asked of the units they answer for, and those asked for these units' rows."""
        if acting.sees_whole_government:
            return self.filter(obligation__period__list__government_id=acting.government)
        if acting.answers_for:
            units = acting.answers_for
            return self.filter(Q(unit_id__in=units) | Q(obligation__unit_id__in=units))
        return self.none()

    def standing(self) -> PartQuerySet:
        """Without those that were withdrawn."""
        return self.exclude(state="withdrawn")


class Part(models.Model):
    """配合情况: what the lead of a row asks one supporting unit to tell it by a day, and what that unit says.

    `reason` says why an answer was returned; its text then stays as words to be mended.
    """

    purgeable = ("question", "text", "reason")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="parts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parts")
    question = models.CharField(max_length=LONGEST_QUESTION)
    text = models.CharField(max_length=LONGEST_PROGRESS, blank=True)
    reason = models.CharField(max_length=LONGEST_QUESTION, blank=True)
    state = models.CharField(max_length=9, default="asked")
    asked_on = models.DateField()
    due_on = models.DateField()
    given_on = models.DateField(null=True)
    on_behalf = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = PartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "unit"],
                condition=~Q(state="withdrawn"),
                name="part_once_while_it_stands",
            ),
            one_of("state", list(PART_STATES), name="part_state_known"),
            models.CheckConstraint(condition=~Q(question=""), name="part_asks_something"),
            models.CheckConstraint(condition=Q(due_on__gte=F("asked_on")), name="part_days_in_order"),
            models.CheckConstraint(
                condition=Q(given_on__isnull=True, state__in=["asked", "withdrawn"])
                | (Q(given_on__isnull=False) & ~Q(state="asked") & ~Q(text="")),
                name="part_given_with_words",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="part_of_unit")]

    def __str__(self) -> str:
        return self.question


class Report(models.Model):
    """进展报告: what a unit reported about one task in one period, never changed; a return asks for a further one."""

    append_only = True
    purgeable = ("progress", "value_text", "problem", "next_step")

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="reports")
    ordinal = models.PositiveSmallIntegerField()
    no_change = models.BooleanField()
    progress = models.CharField(max_length=LONGEST_PROGRESS, blank=True)
    value_text = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    stage = models.CharField(max_length=20, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    next_step = models.CharField(max_length=200, blank=True)
    on_behalf = models.BooleanField()
    channel = models.CharField(max_length=10)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "ordinal"], name="report_ordinal_once"),
            one_of("channel", ["page", "workbook", "paper"], name="report_channel_known"),
            models.CheckConstraint(condition=Q(no_change=True) | ~Q(progress=""), name="report_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"report {self.ordinal} of {self.obligation_id}"


class SignOff(models.Model):
    """审签: the unit's signature under its sheet of a period, by click or on a signed and sealed paper."""

    append_only = True
    purgeable = ("signer", "number")

    period = models.ForeignKey(Period, models.PROTECT, related_name="sign_offs")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sign_offs")
    kind = models.CharField(max_length=6)
    signer = models.CharField(max_length=60)
    signed_on = models.DateField()
    number = models.CharField(max_length=60, blank=True)
    scan = models.ForeignKey(Payload, models.PROTECT, null=True, related_name="+")
    check_code = models.CharField(max_length=12)
    rows = models.PositiveIntegerField()
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [one_of("kind", ["click", "paper"], name="sign_off_kind_known")]
        indexes = [models.Index(fields=["period", "unit", "seq"], name="sign_off_of_unit")]

    def __str__(self) -> str:
        return f"{self.signer} for {self.unit_id} in {self.period_id}"
