"""数据底稿: the frozen, hashed figures behind the papers of a period, and the papers written from them."""

from __future__ import annotations

from django.db import models

from duban.domain.posts import Acting
from duban.history.models import Payload
from duban.progress.models import Period
from duban.register.models import TaskList


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Readings of the data sheets."""

    def visible_to(self, acting: Acting) -> SnapshotQuerySet:
        """Posts that see the whole government, their own government's."""
        if not acting.sees_whole_government:
            return self.none()
        return self.filter(list__government_id=acting.government)


class Snapshot(models.Model):
    """The figures of one list and period at one moment: canonical JSON kept as a payload, named by its hash."""

    append_only = True

    list = models.ForeignKey(TaskList, models.PROTECT, related_name="snapshots")
    period = models.ForeignKey(Period, models.PROTECT, related_name="snapshots")
    data = models.ForeignKey(Payload, models.PROTECT, related_name="+")
    as_of = models.DateField()
    actor = models.CharField(max_length=120)
    at = models.DateTimeField()
    seq = models.BigIntegerField()

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-seq"]
        constraints = [
            models.UniqueConstraint(fields=["period", "data"], name="snapshot_once_per_state"),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.data_id[:12]}"
