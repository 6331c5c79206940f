"""核对稿: the sentences a unit is shown about itself before a bulletin, and its objections to them."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from duban.directory.models import Unit
from duban.domain.lights import Light
from duban.domain.posts import OFFICE, Acting
from duban.progress.models import Period
from duban.register.models import Task
from duban.shared.choices import choices
from duban.shared.constraints import one_of

OBJECTION_STATES: Final = ("open", "upheld", "dismissed")
LONGEST_OBJECTION, LONGEST_ANSWER = 300, 200


class ConsultationDraft(models.Model):
    """The determinations of one period as sent to the units; `until_on` is the last day for objections."""

    period = models.OneToOneField(Period, models.PROTECT, related_name="consultation")
    opened_on = models.DateField()
    until_on = models.DateField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gt=F("opened_on")), name="consultation_days_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"consultation of {self.period_id}"


class ConsultationRowQuerySet(models.QuerySet["ConsultationRow"]):
    """Readings of the rows."""

    def visible_to(self, acting: Acting) -> ConsultationRowQuerySet:
        """The supervision office: all of its government. Unit posts: those of the units they answer for. Nobody else."""
        if acting.role in OFFICE:
            return self.filter(draft__period__list__government_id=acting.government)
        if acting.answers_for:
            return self.filter(unit_id__in=acting.answers_for)
        return self.none()


class ConsultationRow(models.Model):
    """The light and the exact sentence about one task that its leading unit was shown."""

    append_only = True
    purgeable = ("sentence",)

    draft = models.ForeignKey(ConsultationDraft, models.PROTECT, related_name="rows")
    task = models.ForeignKey(Task, models.PROTECT, related_name="consultations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="consultations")
    determination = models.ForeignKey("supervision.Determination", models.PROTECT, related_name="shown")
    light = models.CharField(max_length=10, choices=choices(Light))
    sentence = models.CharField(max_length=300)

    objects = ConsultationRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "task"], name="consultation_row_once"),
            one_of("light", [light.value for light in Light], name="consultation_light_known"),
        ]
        indexes = [models.Index(fields=["draft", "unit"], name="consultation_of_unit")]

    def __str__(self) -> str:
        return f"{self.task_id} shown to {self.unit_id}"


class Objection(models.Model):
    """异议 of a unit to one row, on the page or on a registered paper, and the office's answer to it."""

    purgeable = ("text", "signer", "number", "answer")

    row = models.OneToOneField(ConsultationRow, models.PROTECT, related_name="objection")
    text = models.CharField(max_length=LONGEST_OBJECTION)
    kind = models.CharField(max_length=6)
    signer = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True)
    number = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default="open")
    answer = models.CharField(max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            one_of("kind", ["page", "paper"], name="objection_kind_known"),
            one_of("state", list(OBJECTION_STATES), name="objection_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="objection_says_why"),
            models.CheckConstraint(
                condition=Q(kind="page") | (~Q(signer="") & Q(signed_on__isnull=False)),
                name="objection_paper_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answer="", answered_at__isnull=True)
                | (~Q(state="open") & ~Q(answer="") & Q(answered_at__isnull=False)),
                name="objection_answered_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"objection to {self.row_id}: {self.state}"
