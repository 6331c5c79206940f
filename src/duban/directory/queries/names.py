"""The names the parser resolves against, members of a collective, the posts of a person."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Exists, OuterRef

from duban.directory.models import (
    Appointment,
    GroupMembership,
    SecondFactor,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitSuccession,
    User,
)
from duban.directory.models.units import on_day
from duban.directory.queries.successions import predecessor_ids
from duban.domain.posts import POST_LABELS, Acting, PostRole
from duban.domain.units import AddressManner, GroupEntry, UnitDirectory, UnitEntry, UnitKind


def unit_directory(government: Unit, day: date) -> UnitDirectory:
    """The directory of a government as the pure domain knows it; members of collectives as of that day."""
    aliases: dict[tuple[str, int], list[str]] = defaultdict(list)
    for alias in UnitAlias.objects.filter(government=government).order_by("pk"):
        owner = ("unit", alias.unit_id) if alias.unit_id else ("group", alias.group_id or 0)
        aliases[owner].append(alias.text)
    members = group_members(government, day)
    units = tuple(
        UnitEntry(
            key=unit.key,
            name=unit.name,
            full_name=unit.full_name,
            kind=UnitKind(unit.kind),
            aliases=tuple(aliases["unit", unit.pk]),
            area_code=unit.area_code,
            credit_code=unit.credit_code,
            manner=AddressManner(unit.address_manner),
            appraised=unit.appraised,
        )
        for unit in Unit.objects.of_government(government)
    )
    groups = tuple(
        GroupEntry(group.key, group.name, tuple(aliases["group", group.pk]), members[group.key], group.open)
        for group in UnitGroup.objects.filter(government=government).order_by("pk")
    )
    return UnitDirectory(
        government.key, government.full_name, units, groups, government.name, government.area_code
    )


def group_members(government: Unit, day: date) -> dict[str, tuple[str, ...]]:
    """Keys of the member units of every collective on a day, in directory order; empty for one without members."""
    found: dict[str, list[str]] = {
        key: [] for key in UnitGroup.objects.filter(government=government).values_list("key", flat=True)
    }
    rows = (
        GroupMembership.objects.filter(on_day(day), group__government=government)
        .order_by("unit__position")
        .values_list("group__key", "unit__key")
    )
    for group, unit in rows:
        found[group].append(unit)
    return {group: tuple(units) for group, units in found.items()}


def seats_of(user: User, day: date) -> tuple[Acting, ...]:
    """Every post that a person fills on a day, as a capacity to act in; lowest post number first.

    One query, a second where a unit took the place of another.
    """
    took_over = UnitSuccession.objects.endings(day).filter(to_unit=OuterRef("post__unit"))
    rows = (
        Appointment.objects.filter(on_day(day), on_day(day, "post__"), person=user.person_id)
        .order_by("post_id")
        .values_list(
            "post_id", "post__role", "post__title", "post__unit_id", "post__unit__government_id",
            "post__unit__name", "person__name", Exists(took_over),
        )
    )  # fmt: skip
    inheriting = {unit for *_, unit, _, _, _, took in rows if took}
    predecessors = predecessor_ids(inheriting, day) if inheriting else {}
    return tuple(
        Acting(
            label=f"{unit_name} {title} {person}",
            person=user.person_id,
            post=post,
            unit=unit,
            government=government or unit,
            role=PostRole(role),
            predecessors=predecessors.get(unit, frozenset()),
        )
        for post, role, title, unit, government, unit_name, person, _ in rows
    )


def has_second_factor(user: User) -> bool:
    """Whether this account has confirmed an authenticator."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def post_label(role: PostRole, language: str) -> str:
    """What a kind of post is called."""
    return POST_LABELS[role][1 if language == "en" else 0]
