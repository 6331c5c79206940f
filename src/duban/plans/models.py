"""交办 and 细化: what the office decides about a task, whether its units have signed for it, and their plans."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from duban.directory.models import Unit
from duban.domain.natures import Nature, Rhythm
from duban.domain.posts import Acting
from duban.register.models import Task, TaskList, task_seen
from duban.shared.choices import choices
from duban.shared.constraints import one_of

RECEIPT_STATES = ("pending", "signed", "returned")
RECEIPT_MANNERS = ("notice", "letter", "information")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Readings of the assignments."""

    def visible_to(self, acting: Acting) -> AssignmentQuerySet:
        """Where the task is visible, what was decided about it is."""
        return self.filter(task_seen(acting))


class Assignment(models.Model):
    """What the office decides about a task beyond its text. History holds every change; this row is the newest state.

    `revision` grows with every change and guards it: a change made from an older page is refused.
    """

    purgeable = ("city_leader", "mechanism", "data_source")

    task = models.OneToOneField(Task, models.PROTECT, related_name="assignment")
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="led")
    city_leader = models.CharField(max_length=60, blank=True)
    mechanism = models.CharField(max_length=80, blank=True)
    nature = models.CharField(max_length=12, choices=choices(Nature))
    rhythm = models.CharField(max_length=10, choices=choices(Rhythm))
    key_task = models.BooleanField(default=False)
    deadline = models.DateField(null=True)
    data_source = models.CharField(max_length=80, blank=True)
    offline = models.BooleanField(default=False)
    issued_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("nature", [nature.value for nature in Nature], name="assignment_nature_known"),
            one_of("rhythm", [rhythm.value for rhythm in Rhythm], name="assignment_rhythm_known"),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(lead__isnull=False), name="issued_with_a_lead"
            ),
        ]
        indexes = [models.Index(fields=["lead"], name="assignment_by_lead")]

    def __str__(self) -> str:
        return f"assignment of {self.task_id}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Readings of the receipts."""

    def visible_to(self, acting: Acting) -> ReceiptQuerySet:
        """Office posts: all of their government. Unit posts: those of the units they answer for."""
        if acting.sees_whole_government:
            return self.filter(list__government_id=acting.government)
        if acting.answers_for:
            return self.filter(unit_id__in=acting.answers_for)
        return self.none()


class Receipt(models.Model):
    """Whether a unit has signed for a list issued to it: 通知, 函 or 阅知; signed by click, by telephone or on paper."""

    purgeable = ("note",)

    list = models.ForeignKey(TaskList, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="receipts")
    manner = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default="pending")
    how = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    actor = models.CharField(max_length=120, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "unit"], name="receipt_once_per_unit"),
            one_of("state", list(RECEIPT_STATES), name="receipt_state_known"),
            one_of("manner", list(RECEIPT_MANNERS), name="receipt_manner_known"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(note=""), name="receipt_returned_with_a_proposal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.state}"


class PlanQuerySet(models.QuerySet["Plan"]):
    """Readings of the plans."""

    def visible_to(self, acting: Acting) -> PlanQuerySet:
        """Where the task is visible, the plans of its units are: whoever shares a task knows whom to call."""
        return self.filter(task_seen(acting))


class Plan(models.Model):
    """One unit's row for one task (细化): who does it, and, in the lead's row, the year target and its nodes."""

    purgeable = (
        "year_target",
        "node_q1",
        "node_half",
        "node_q3",
        "node_year",
        "deputy",
        "division",
        "contact",
        "phone",
    )

    task = models.ForeignKey(Task, models.PROTECT, related_name="plans")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plans")
    year_target = models.CharField(max_length=200, blank=True)
    node_q1 = models.CharField(max_length=120, blank=True)
    node_half = models.CharField(max_length=120, blank=True)
    node_q3 = models.CharField(max_length=120, blank=True)
    node_year = models.CharField(max_length=120, blank=True)
    deputy = models.CharField(max_length=60, blank=True)
    division = models.CharField(max_length=60, blank=True)
    contact = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    on_behalf = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "unit"], name="plan_once")]
        indexes = [models.Index(fields=["unit", "task"], name="plan_of_unit")]

    def __str__(self) -> str:
        return f"plan of {self.unit_id} for {self.task_id}"


class Milestone(models.Model):
    """A node of a task, read from its lead's row: a projection written by the operation that changes that row."""

    purgeable = ("text",)

    task = models.ForeignKey(Task, models.CASCADE, related_name="milestones")
    on = models.DateField()
    text = models.CharField(max_length=120)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    stage = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["task", "on"], name="milestone_once_a_day")]

    def __str__(self) -> str:
        return f"{self.on} {self.text}"


from duban.plans.models_refinement import (  # noqa: E402, I001 (Django looks for models here)
    Adjustment as Adjustment,  # noqa: PLC0414 (re-exported)
    ChangeRequest as ChangeRequest,  # noqa: PLC0414
    CompletionContract as CompletionContract,  # noqa: PLC0414
    DistrictShare as DistrictShare,  # noqa: PLC0414
    SubItem as SubItem,  # noqa: PLC0414
)
