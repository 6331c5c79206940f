"""What refines a task and what changes one: contracts of sub-items, the shares of districts, adjustments and requests."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q

from duban.directory.models import Unit
from duban.domain.natures import Nature
from duban.domain.posts import Acting
from duban.register.models import Clause, Responsibility, Task, task_seen
from duban.shared.choices import choices
from duban.shared.constraints import one_of

CONTRACT_STATES = ("proposed", "agreed", "returned")
ADJUSTMENT_KINDS = ("deadline", "target", "lead", "city_leader", "parked", "discontinued", "resumed")
PAUSES = ("parked", "discontinued")
STATES = (*PAUSES, "resumed")
ACTIVE = "active"
MOVES = frozenset(
    {
        (ACTIVE, "parked"),
        (ACTIVE, "discontinued"),
        ("parked", "discontinued"),
        ("parked", "resumed"),
        ("discontinued", "resumed"),
    }
)
"""What may become of a task in which state: a parked one may still be discontinued, only a paused one is taken up again."""
BASIS_KINDS = ("instruction", "minutes", "document")
APPROVALS = ("click", "paper")
REQUEST_STATES = ("asked", "granted", "refused")


class SubItem(models.Model):
    """The type that the office decided for one sub-item (任务分项); without a row the proposal from its words holds."""

    clause = models.OneToOneField(Clause, models.PROTECT, related_name="sub_item")
    nature = models.CharField(max_length=12, choices=choices(Nature))
    seq = models.BigIntegerField()

    class Meta:
        constraints = [one_of("nature", [nature.value for nature in Nature], name="sub_item_nature_known")]

    def __str__(self) -> str:
        return f"{self.clause_id}: {self.nature}"


class ContractQuerySet(models.QuerySet["CompletionContract"]):
    """Readings of the contracts."""

    def visible_to(self, acting: Acting) -> ContractQuerySet:
        """Where the task is visible, what counts as done is."""
        return self.filter(task_seen(acting, "clause__version__task"))


STILL_TO_PROPOSE = Q(contract__isnull=True) | Q(contract__state="returned")
"""Of the sub-items that need a contract, those that wait for their lead."""


class CompletionContract(models.Model):
    """完成标准 of one sub-item: what is delivered, to which standard, how it is shown, who checks it, by when."""

    purgeable = ("deliverable", "standard", "evidence", "verifier", "reason")

    clause = models.OneToOneField(Clause, models.PROTECT, related_name="contract")
    deliverable = models.CharField(max_length=200)
    standard = models.CharField(max_length=200)
    evidence = models.CharField(max_length=200)
    verifier = models.CharField(max_length=60)
    due_on = models.DateField()
    proposed_by = models.ForeignKey(Unit, models.PROTECT, related_name="contracts")
    on_behalf = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="proposed")
    reason = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", list(CONTRACT_STATES), name="contract_state_known"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="contract_returned_with_a_reason"
            ),
            models.CheckConstraint(
                condition=~(Q(deliverable="") | Q(standard="") | Q(evidence="") | Q(verifier="")),
                name="contract_complete",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="contract_by_state")]

    def __str__(self) -> str:
        return f"contract of {self.clause_id}: {self.state}"


class ShareQuerySet(models.QuerySet["DistrictShare"]):
    """Readings of the shares."""

    def visible_to(self, acting: Acting) -> ShareQuerySet:
        """Where the task is visible, its table of shares is."""
        return self.filter(task_seen(acting))


class DistrictShare(models.Model):
    """What one district takes over of a task's headline target, in the target's own measure.

    A share that was taken back stays as a row without value, so that its revision goes on.
    """

    purgeable = ("text",)

    task = models.ForeignKey(Task, models.PROTECT, related_name="shares")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shares")
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    text = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "unit"], name="share_once")]

    def __str__(self) -> str:
        return f"share of {self.unit_id} in {self.task_id}"


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    """Readings of the requests."""

    def visible_to(self, acting: Acting) -> ChangeRequestQuerySet:
        """Office posts: all of their government. Unit posts: what a unit they answer for asked."""
        if acting.sees_whole_government:
            return self.filter(task__list__government_id=acting.government)
        if acting.answers_for:
            mine = Responsibility.objects.filter(task=OuterRef("task"), unit_id__in=acting.answers_for)
            return self.filter(Exists(mine), unit_id__in=acting.answers_for)
        return self.none()


class ChangeRequest(models.Model):
    """调整申请: a unit asks for a change of a task it leads. `wanted` is a date, a unit's number or a text, by kind."""

    purgeable = ("wanted", "reason", "progress", "answer")

    task = models.ForeignKey(Task, models.PROTECT, related_name="change_requests")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="change_requests")
    kind = models.CharField(max_length=12)
    wanted = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200)
    progress = models.CharField(max_length=200)
    asked_on = models.DateField()
    on_behalf = models.BooleanField(default=False)
    actor = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default="asked")
    decided_by = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", list(ADJUSTMENT_KINDS), name="request_kind_known"),
            one_of("state", list(REQUEST_STATES), name="request_state_known"),
            models.UniqueConstraint(
                fields=["task", "kind"], condition=Q(state="asked"), name="one_open_request_per_kind"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="request_with_a_reason"),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(answer=""), name="request_refused_with_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(state="asked") | ~Q(decided_by=""), name="request_decided_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.task_id}: {self.state}"


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    """Readings of the adjustments."""

    def visible_to(self, acting: Acting) -> AdjustmentQuerySet:
        """Where the task is visible, its changes are."""
        return self.filter(task_seen(acting))


class Adjustment(models.Model):
    """单项调整: one task changed on a basis document, with the value before and after. `ordinal` counts by task and kind.

    `before` and `after` are as people read them: an ISO date, a target, a name as it was that day; empty for none.
    """

    append_only = True
    purgeable = ("before", "after", "basis_number", "reason", "approved_by")

    task = models.ForeignKey(Task, models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=12)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    basis_kind = models.CharField(max_length=12)
    basis_number = models.CharField(max_length=80)
    basis_date = models.DateField()
    reason = models.CharField(max_length=200)
    ordinal = models.PositiveSmallIntegerField()
    extension = models.PositiveSmallIntegerField(default=0)
    request = models.OneToOneField(ChangeRequest, models.PROTECT, null=True, related_name="adjustment")
    approved_by = models.CharField(max_length=120)
    approver_role = models.CharField(max_length=20)
    approved_on = models.DateField()
    approval = models.CharField(max_length=6)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", list(ADJUSTMENT_KINDS), name="adjustment_kind_known"),
            one_of("basis_kind", list(BASIS_KINDS), name="adjustment_basis_known"),
            one_of("approval", list(APPROVALS), name="adjustment_approval_known"),
            models.UniqueConstraint(fields=["task", "kind", "ordinal"], name="adjustment_ordinal_once"),
            models.UniqueConstraint(
                fields=["task", "extension"], condition=Q(extension__gt=0), name="extension_counted_once"
            ),
            models.CheckConstraint(
                condition=~(Q(reason="") | Q(basis_number="") | Q(approved_by="")),
                name="adjustment_with_basis_reason_and_approver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ordinal} of {self.task_id}"
