"""What becomes of a unit: renamed, merged, split, abolished on a day. Duties are resolved from these rows when asked."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from duban.directory.models.units import Unit
from duban.domain.roster import SuccessionKind
from duban.shared.choices import choices
from duban.shared.constraints import one_of

ENDING = (SuccessionKind.MERGE.value, SuccessionKind.ABOLISH.value)


class UnitSuccessionQuerySet(models.QuerySet["UnitSuccession"]):
    """Readings of successions."""

    def endings(self, day: date) -> UnitSuccessionQuerySet:
        """Mergers and abolitions in force on a day: their `from_unit` no longer answers itself."""
        return self.filter(kind__in=ENDING, on__lte=day)


class UnitSuccession(models.Model):
    """From a day on, `to_unit` answers for `from_unit`; `basis` names the document that says so.

    A rename keeps the unit: both sides are the same. A unit ends once (merge or abolish); abolished without a receiver
    leaves `to_unit` empty. `seq` is the number of its event, 0 where none is known. After a split the old unit goes on, and each duty is given away by an act of its own.
    """

    purgeable = ("basis",)

    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    to_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="inheritances")
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=choices(SuccessionKind))
    basis = models.CharField(max_length=200)
    seq = models.BigIntegerField(default=0)

    objects = UnitSuccessionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", [kind.value for kind in SuccessionKind], name="succession_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="rename", to_unit=F("from_unit"))
                | Q(kind__in=["merge", "split"], to_unit__isnull=False) & ~Q(to_unit=F("from_unit"))
                | Q(kind="abolish", to_unit__isnull=True)
                | Q(kind="abolish") & ~Q(to_unit=F("from_unit")),
                name="succession_sides_fit_kind",
            ),
            models.UniqueConstraint(
                fields=["from_unit"], condition=Q(kind__in=["merge", "abolish"]), name="unit_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.from_unit_id} > {self.to_unit_id} on {self.on}"
