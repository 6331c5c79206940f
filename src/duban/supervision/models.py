"""督办: the system's view, the office's determination, urging, and orders. Views and determinations are facts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from duban.directory.models import Unit
from duban.domain.lights import Light
from duban.domain.lights_facts import LEFT_TO_OFFICE, NODE_MET, PAUSED
from duban.domain.messages import Message, render
from duban.domain.posts import Acting
from duban.progress.models import Period, Report
from duban.register.models import Task, TaskList, task_seen
from duban.shared.choices import choices
from duban.shared.constraints import one_of

ORDER_STATES = (
    "drafted", "submitted", "approved", "served", "signed_for", "answered", "closed", "withdrawn",
)  # fmt: skip


class Verdict(models.Model):
    """系统研判 of one task on one day: the light, its sentence and what it was computed from."""

    append_only = True
    purgeable = ("params", "sentence", "inputs")

    task = models.ForeignKey(Task, models.PROTECT, related_name="verdicts")
    period = models.ForeignKey(Period, models.PROTECT, null=True, related_name="verdicts")
    on = models.DateField()
    light = models.CharField(max_length=10, choices=choices(Light))
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    sentence = models.CharField(max_length=300)
    inputs = models.JSONField(default=dict)
    due_value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    rule_version = models.CharField(max_length=20)
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            one_of("light", [light.value for light in Light], name="verdict_light_known"),
            models.UniqueConstraint(fields=["task", "seq"], name="verdict_once"),
        ]
        indexes = [models.Index(fields=["task", "-seq"], name="verdict_newest")]

    def __str__(self) -> str:
        return f"{self.light} {self.task_id} {self.on}"

    @property
    def as_ruling(self) -> str:
        """What the office says where it agrees: of a view that only asks, the answer that the node was met."""
        if self.code not in LEFT_TO_OFFICE:
            return self.sentence
        return render(Message(NODE_MET, {"when": self.params["when"], "when_en": self.params["when_en"]}))


class Determination(models.Model):
    """督查核定 of one task in one period: what leaves the office. It needs a reason where it differs from the system.

    `value` is the figure that the office determined, where that is not the one the unit reported.
    """

    append_only = True
    purgeable = ("sentence", "reason")

    task = models.ForeignKey(Task, models.PROTECT, related_name="determinations")
    period = models.ForeignKey(Period, models.PROTECT, related_name="determinations")
    light = models.CharField(max_length=10, choices=choices(Light))
    sentence = models.CharField(max_length=300)
    reason = models.CharField(max_length=200, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    differs = models.BooleanField()
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            one_of("light", [light.value for light in Light], name="determination_light_known"),
            models.CheckConstraint(
                condition=Q(differs=False) | ~Q(reason=""), name="determination_differs_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["period", "task", "-seq"], name="determination_newest")]

    def __str__(self) -> str:
        return f"{self.light} {self.task_id} {self.period_id}"

    def is_over(self, view: Verdict | None) -> bool:
        """Whether the task was parked since, or it said, as the system did, that a report was missing which came since."""
        if view is None or view.code == PAUSED:
            return view is not None
        return self.light == Light.MISSING and not self.differs and view.light != Light.MISSING


class StandingQuerySet(models.QuerySet["Standing"]):
    """Readings of where the tasks stand."""

    def visible_to(self, acting: Acting) -> StandingQuerySet:
        """Where the task is visible; which of the voices is shown is a matter of `policies.sees_system_view`."""
        return self.filter(task_seen(acting))


class Standing(models.Model):
    """Where a task stands: a named projection of its newest report, view and determination."""

    task = models.OneToOneField(Task, models.CASCADE, related_name="standing")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="+")
    verdict = models.ForeignKey(Verdict, models.PROTECT, null=True, related_name="+")
    determination = models.ForeignKey(Determination, models.PROTECT, null=True, related_name="+")

    objects = StandingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"standing of {self.task_id}"


class Contact(models.Model):
    """提醒, 催报 or 催办 of a unit in a period, with what was said: append-only, a further contact is a further row."""

    append_only = True
    purgeable = ("note",)

    period = models.ForeignKey(Period, models.PROTECT, related_name="contacts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=12)
    channel = models.CharField(max_length=10)
    note = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            one_of("kind", ["remind", "urge_report", "urge_matter"], name="contact_kind_known"),
            one_of("channel", ["phone", "paper", "mail", "sms", "page"], name="contact_channel_known"),
        ]
        indexes = [models.Index(fields=["period", "unit", "-seq"], name="contact_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id}"


class OrderQuerySet(models.QuerySet["SupervisionOrder"]):
    """Readings of the orders."""

    def visible_to(self, acting: Acting) -> OrderQuerySet:
        """Office posts: all of their government. Unit posts: those served on the units they answer for."""
        if acting.sees_whole_government:
            return self.filter(list__government_id=acting.government)
        if acting.answers_for:
            return self.filter(unit_id__in=acting.answers_for, served_on__isnull=False)
        return self.none()

    def outstanding(self) -> OrderQuerySet:
        """Served and not yet closed, the oldest first."""
        return self.filter(state__in=["served", "signed_for", "answered"]).order_by("served_on", "pk")


class SupervisionOrder(models.Model):
    """督办单, or 督查函 for bodies outside the government's command: one matter one order; numbered when approved.

    The numbers of a kind run through the year of the whole government, whichever of its lists an order is about.
    """

    purgeable = ("matter", "basis", "requirement", "approved_by", "signed_for_by", "answer", "result")

    government = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    list = models.ForeignKey(TaskList, models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField(null=True)
    task = models.ForeignKey(Task, models.PROTECT, related_name="orders")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="orders")
    period = models.ForeignKey(Period, models.PROTECT, null=True, related_name="orders")
    matter = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    requirement = models.CharField(max_length=500)
    due_on = models.DateField()
    state = models.CharField(max_length=10, default="drafted")
    approved_by = models.CharField(max_length=60, blank=True)
    approved_on = models.DateField(null=True)
    approval = models.CharField(max_length=6, blank=True)
    served_on = models.DateField(null=True)
    signed_for_by = models.CharField(max_length=60, blank=True)
    signed_for_on = models.DateField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_on = models.DateField(null=True)
    result = models.CharField(max_length=300, blank=True)
    closed_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", ["order", "letter"], name="order_kind_known"),
            one_of("state", list(ORDER_STATES), name="order_state_known"),
            models.UniqueConstraint(
                fields=["government", "kind", "year", "serial"],
                condition=Q(serial__isnull=False),
                name="order_serial_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drafted", "submitted", "withdrawn"]) | Q(serial__isnull=False),
                name="approved_order_is_numbered",
            ),
            models.UniqueConstraint(
                fields=["task", "unit"],
                condition=~Q(state__in=["closed", "withdrawn"]),
                name="one_open_order_per_matter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}/{self.serial}: {self.matter}"


from duban.supervision.models_consultation import ConsultationDraft, ConsultationRow, Objection  # noqa: E402, F401
