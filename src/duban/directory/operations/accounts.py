"""Accounts: one for each person, opened with a one-time password on a printed slip; passwords changed and reset."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from duban.directory.models import Appointment, Person, SecondFactor, User
from duban.directory.models.units import on_day
from duban.directory.policies import refusal_to_give_account
from duban.domain.errors import Invalid, NotAllowed
from duban.domain.messages import Message, render
from duban.domain.posts import Acting, PostRole
from duban.domain.roster_table import name_of
from duban.history.operations import Happening, append

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # no letter that can be read as another one on paper
GROUPS, IN_A_GROUP = 3, 4
SIMILAR: Final = "password_too_similar"


class Slip(NamedTuple):
    """What is printed for one person, once: the password is stored nowhere in clear."""

    name: str
    username: str
    password: str
    seats: tuple[str, ...]


def one_time_password() -> str:
    """Twelve letters and figures in three groups, about 59 bits: k7mp-2xwd-9qht."""
    parts = ("".join(secrets.choice(LETTERS) for _ in range(IN_A_GROUP)) for _ in range(GROUPS))
    return "-".join(parts)


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at a small cost, for one-time passwords only.

    What is slow by design protects passwords that people invent. A random one of 59 bits needs no such help, and four
    hundred of them must not take minutes. The next sign-in hashes it anew at the full cost.
    """

    time_cost, memory_cost, parallelism = 1, 4096, 1


def hash_one_time(password: str) -> str:
    """A hash that the usual hasher verifies."""
    hasher = QuickArgon2()
    return hasher.encode(password, hasher.salt())


def give_accounts(*, people: Sequence[int], by: Acting, now: datetime) -> tuple[Slip, ...]:
    """Accounts for those of these people (numbers of Person) who fill a post today and have none.

    User names are the people's names, with a number where the name is taken. All or nothing; NotAllowed when somebody
    among them is not this post's to manage. Passwords are hashed before the transaction begins.
    """
    passwords = [one_time_password() for _ in people]
    hashed = [hash_one_time(password) for password in passwords]
    with transaction.atomic():
        seats = _seats(people, by, now)
        without = list(
            Person.objects.select_for_update(of=("self",))
            .filter(pk__in=seats, account__isnull=True)
            .order_by("pk")
        )
        names = _usernames(without)
        rows = list(zip(without, names, passwords, hashed, strict=False))
        users = User.objects.bulk_create(
            [
                User(username=name, person=person, password=secret, must_change_password=True)
                for person, name, _, secret in rows
            ]
        )
        slips = tuple(Slip(p.name, name, word, seats[p.pk]) for p, name, word, _ in rows)
        append([_event("account.opened", user, by) for user in users], by=by, now=now)
    return slips


def reset_password(*, user: User, by: Acting, now: datetime) -> Slip:
    """A new one-time password for somebody who forgot theirs; the next sign-in must change it.

    A second factor is set anew as well, for the telephone it was on may be the thing that was lost.
    """
    password = one_time_password()
    hashed = hash_one_time(password)
    with transaction.atomic():
        seats = _seats([user.person_id], by, now)
        user = User.objects.select_for_update(of=("self",)).select_related("person").get(pk=user.pk)
        user.password, user.must_change_password = hashed, True
        user.save(update_fields=["password", "must_change_password"])
        SecondFactor.objects.filter(user=user).delete()
        append([_event("account.reset", user, by)], by=by, now=now)
    return Slip(user.person.name, user.username, password, seats.get(user.person_id, ()))


def _seats(people: Sequence[int], by: Acting, now: datetime) -> dict[int, tuple[str, ...]]:
    """Posts of each of these people today, as printed on a slip; refuses when one is not this post's to manage."""
    today = timezone.localdate(now)
    rows = Appointment.objects.filter(on_day(today), on_day(today, "post__"), person__in=people)
    found: dict[int, tuple[str, ...]] = {}
    roles: dict[int, set[PostRole]] = {person: set() for person in people}
    governments: dict[int, set[int]] = {person: set() for person in people}
    for row in rows.select_related("post__unit").order_by("post_id"):
        post = row.post
        roles[row.person_id].add(PostRole(post.role))
        governments[row.person_id].add(post.unit.government_id or post.unit_id)
        found[row.person_id] = (*found.get(row.person_id, ()), f"{post.unit.name} {post.title}")
    for person in people:
        for government in governments[person] or {0}:
            if refused := refusal_to_give_account(by, government, roles[person]):
                raise NotAllowed(refused)
    return found


def _usernames(people: Iterable[Person]) -> list[str]:
    wanted = [name_of(person.name)[:50] for person in people]
    starts = Q()
    for name in wanted:
        starts |= Q(username__startswith=name)
    taken = set(User.objects.filter(starts).values_list("username", flat=True)) if wanted else set()
    found = []
    for name in wanted:
        free, number = name, 1
        while free in taken:
            number += 1
            free = f"{name}{number}"
        taken.add(free)
        found.append(free)
    return found


@transaction.atomic
def open_account(*, username: str, password: str, person: Person, by: Acting, now: datetime) -> User:
    """Give a person an account; a username is taken once, a weak password is refused with its reasons."""
    if User.objects.filter(username=username).exists():
        raise Invalid(Message("directory.username_taken", {"username": username}))
    user = User(username=username, person=person)
    _check_password(password, user)
    user.set_password(password)
    user.save()
    append([_event("account.opened", user, by)], by=by, now=now)
    return user


@transaction.atomic
def change_password(*, user: User, password: str, by: Acting, now: datetime) -> User:
    """Set a new password for oneself; the present one will not do again."""
    if user.check_password(password):
        raise Invalid(Message("account.same_password"))
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    append([Happening("account.password_changed", subject=f"user:{user.pk}")], by=by, now=now)
    return user


def _check_password(password: str, user: User) -> None:
    faults: dict[str, int] = {}
    try:
        validate_password(password, user)
    except ValidationError as error:
        faults = {str(one.code): (one.params or {}).get("min_length", 0) for one in error.error_list}
    if holds_a_name(password, [user.username, user.person.name]):
        faults[SIMILAR] = 0
    if faults:
        said = [Message(f"account.{code}", {"least": least}) for code, least in faults.items()]
        reasons = {
            "reasons": "；".join(map(render, said)),
            "reasons_en": "; ".join(render(m, "en") for m in said),
        }
        raise Invalid(Message("directory.weak_password", reasons))


def holds_a_name(password: str, names: Iterable[str]) -> bool:
    """Whether a password contains one of these names, however written; two letters may stand in any word, two characters may not."""
    folded = password.casefold()
    return any(name.casefold() in folded for name in names if len(name) > (2 if name.isascii() else 1))


def _event(kind: str, user: User, by: Acting) -> Happening:
    return Happening(
        kind, {"person": str(user.person_id)}, government=by.government, subject=f"user:{user.pk}"
    )


def set_language(*, user: User, language: str) -> None:
    """Remember the language of somebody's pages."""
    User.objects.filter(pk=user.pk).update(language=language)
