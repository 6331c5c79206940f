"""Units of a government: names, parents and group membership are dated rows, because organisations change."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from duban.domain.posts import Acting
from duban.domain.units import AddressManner, UnitKind
from duban.shared.choices import choices
from duban.shared.constraints import exactly_one, one_of


def on_day(day: date, path: str = "") -> Q:
    """Dated rows in force on a day: from_on ≤ day < to_on, open ends included; `path` leads to a related row."""
    begun = Q(**{f"{path}from_on__isnull": True}) | Q(**{f"{path}from_on__lte": day})
    not_ended = Q(**{f"{path}to_on__isnull": True}) | Q(**{f"{path}to_on__gt": day})
    return begun & not_ended


def dates_in_order(name: str) -> models.CheckConstraint:
    """A row does not end before it begins."""
    open_ended = Q(from_on__isnull=True) | Q(to_on__isnull=True)
    return models.CheckConstraint(condition=open_ended | Q(to_on__gt=F("from_on")), name=name)


class UnitQuerySet(models.QuerySet["Unit"]):
    """Readings of the unit tree."""

    def governments(self) -> UnitQuerySet:
        """Root units only."""
        return self.filter(government__isnull=True)

    def of_government(self, government: Unit) -> UnitQuerySet:
        """The units under one government, in the order of its directory."""
        return self.filter(government=government).order_by("position", "pk")

    def in_force(self, day: date) -> UnitQuerySet:
        """Without those merged into another unit or abolished by that day."""
        ended = Q(successions__kind__in=["merge", "abolish"], successions__on__lte=day)
        return self.exclude(pk__in=Unit.objects.filter(ended).values("pk"))

    def visible_to(self, acting: Acting) -> UnitQuerySet:
        """Names of units are open inside their own government; nobody sees another government's."""
        if acting.government is None:
            return self.none()
        return self.filter(government_id=acting.government)


class Unit(models.Model):
    """An organisation. The root unit of a tree is the government itself (`government` is null there).

    `name` and `full_name` are projections of the UnitName row in force today.
    """

    government = models.ForeignKey("self", models.PROTECT, null=True, related_name="units")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=choices(UnitKind))
    area_code = models.CharField(max_length=6, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    address_manner = models.CharField(max_length=10, choices=choices(AddressManner))
    appraised = models.BooleanField(default=False)
    position = models.PositiveIntegerField()

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "key"], name="unit_key_once_per_government"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(government__isnull=True), name="government_key_once"
            ),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="unit_credit_code_once"
            ),
            one_of("kind", [kind.value for kind in UnitKind], name="unit_kind_known"),
            one_of("address_manner", [m.value for m in AddressManner], name="unit_manner_known"),
        ]

    def __str__(self) -> str:
        return self.name


class UnitName(models.Model):
    """What a unit is called from one day to another; old papers keep the old name."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="dated_names")
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=120)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            dates_in_order("unit_name_dates_in_order"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(to_on__isnull=True), name="one_current_name_per_unit"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitParent(models.Model):
    """Under whom a unit stands from one day to another."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="dated_parents")
    parent = models.ForeignKey(Unit, models.PROTECT, related_name="dated_children")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            dates_in_order("unit_parent_dates_in_order"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(to_on__isnull=True), name="one_current_parent_per_unit"
            ),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="unit_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} < {self.parent}"


class UnitGroup(models.Model):
    """A collective (各区政府). An open one (各相关单位) has no fixed members: a person names them."""

    government = models.ForeignKey(Unit, models.PROTECT, related_name="groups")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=80)
    open = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "key"], name="group_key_once_per_government")
        ]

    def __str__(self) -> str:
        return self.name


class GroupMembership(models.Model):
    """A unit belongs to a collective from one day to another."""

    group = models.ForeignKey(UnitGroup, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="memberships")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            dates_in_order("membership_dates_in_order"),
            models.UniqueConstraint(
                fields=["group", "unit"], condition=Q(to_on__isnull=True), name="one_current_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} in {self.group}"


class UnitAlias(models.Model):
    """A printed form that means one unit or one collective of a government, and nothing else there."""

    government = models.ForeignKey(Unit, models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="own_aliases")
    group = models.ForeignKey(UnitGroup, models.CASCADE, null=True, related_name="own_aliases")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "text"], name="alias_once_per_government"),
            exactly_one("unit", "group", name="alias_of_unit_or_group"),
        ]

    def __str__(self) -> str:
        return self.text
