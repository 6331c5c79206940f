# ruff: noqa: ARG005 (every row of REFUSED takes the government and its unit)
from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.building import (
    DISTRICTS,
    NOW,
    account_of,
    another_city,
    city,
    kinds_since,
    last_seq,
    someone,
    unit_of,
)

from duban.directory.bundled import load
from duban.directory.models import (
    Appointment,
    GroupMembership,
    Person,
    Post,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitName,
    UnitParent,
    User,
)
from duban.directory.operations import (
    Loaded,
    change_password,
    load_directory,
    open_account,
    record_sign_in,
    record_sign_out,
    set_language,
)
from duban.directory.queries import group_members, post_label, seats_of, unit_directory
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Event

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 10)
GOOD = "correct horse battery"


def test_load_directory_stores_units_groups_and_every_printed_form():
    known = load("yunjiang")

    loaded = load_directory(directory=known, by=CONSOLE, now=NOW)

    forms = len(list(known.surfaces()))
    assert loaded == Loaded(loaded.government, len(known.units), len(known.groups), forms)
    assert loaded.changed
    stored = unit_directory(loaded.government, TODAY)
    assert [(u.key, u.name, u.full_name, u.kind, u.manner, u.appraised, u.names) for u in stored.units] == [
        (u.key, u.name, u.full_name, u.kind, u.manner, u.appraised, u.names) for u in known.units
    ]
    assert [(g.key, g.name, g.members, g.open) for g in stored.groups] == [
        (g.key, g.name, g.members, g.open) for g in known.groups
    ]
    assert (stored.key, stored.government, stored.short_name) == ("yunjiang", "云江市人民政府", "云江市")
    assert UnitName.objects.count() == UnitParent.objects.count() == len(known.units)


def test_load_directory_a_second_time_does_nothing():
    government, before = city(), last_seq()

    again = load_directory(directory=load("yunjiang"), by=CONSOLE, now=NOW)

    assert again == Loaded(government, 0, 0, 0)
    assert not again.changed
    assert kinds_since(before) == []


def test_group_members_are_those_of_the_day():
    government = city()
    membership = GroupMembership.objects.filter(group__key="各县（市、区）政府")
    membership.filter(unit__key="岭阳县政府").update(to_on=date(2026, 3, 1))
    membership.filter(unit__key="溪源县政府").update(from_on=date(2026, 3, 1))

    february = group_members(government, date(2026, 2, 28))
    march = group_members(government, date(2026, 3, 1))

    assert february["各县（市、区）政府"] == tuple(d for d in DISTRICTS if d != "溪源县政府")
    assert march["各县（市、区）政府"] == tuple(d for d in DISTRICTS if d != "岭阳县政府")
    assert february["各相关单位"] == ()


def test_seats_of_are_the_posts_in_force_on_the_day():
    government = city()
    acting = someone(PostRole.SUPERVISOR, government)
    person = Person.objects.get(pk=acting.person)
    unit = unit_of(government, "市教育局")
    rows = [
        ({}, {"to_on": TODAY}),
        ({}, {"from_on": date(2026, 2, 11)}),
        ({"to_on": TODAY}, {}),
        ({"from_on": TODAY}, {"from_on": TODAY, "to_on": date(2026, 2, 11)}),
    ]
    for number, (post_days, days) in enumerate(rows):
        post = Post.objects.create(unit=unit, role="liaison", title=f"第{number}岗", **post_days)
        Appointment.objects.create(post=post, person=person, **days)

    seats = seats_of(account_of(acting), TODAY)

    assert [(seat.label, seat.role, seat.unit, seat.government) for seat in seats] == [
        (acting.label, PostRole.SUPERVISOR, government.pk, government.pk),
        (f"市教育局 第3岗 {person.name}", PostRole.LIAISON, unit.pk, government.pk),
    ]
    assert seats[0] == acting


def test_seats_of_costs_one_query(django_assert_num_queries):
    user = account_of(someone(PostRole.LIAISON, city()))

    with django_assert_num_queries(1):
        seats_of(user, TODAY)


def test_appoint_twice_is_one_event():
    from duban.directory.operations import Seat, appoint

    government, person, before = city(), Person.objects.create(name="甲"), last_seq()
    seat = Seat(government, PostRole.SUPERVISOR, "督查员")

    posts = {appoint(seat=seat, person=person, by=CONSOLE, now=NOW).pk for _ in range(2)}

    assert len(posts) == 1
    assert kinds_since(before) == ["post.filled"]


def test_open_account_refuses_a_taken_name_and_a_weak_password():
    one, two = Person.objects.create(name="甲"), Person.objects.create(name="乙")
    open_account(username="jia", password=GOOD, person=one, by=CONSOLE, now=NOW)

    with pytest.raises(Invalid) as taken:
        open_account(username="jia", password=GOOD, person=two, by=CONSOLE, now=NOW)
    with pytest.raises(Invalid) as weak:
        open_account(username="yi", password="123", person=two, by=CONSOLE, now=NOW)

    assert taken.value.message == Message("directory.username_taken", {"username": "jia"})
    assert weak.value.message.code == "directory.weak_password"
    assert list(User.objects.values_list("username", flat=True)) == ["jia"]
    assert kinds_since() == ["account.opened"]


def test_change_password_replaces_it_and_never_enters_the_record():
    acting = someone(PostRole.SUPERVISOR, another_city())
    user = account_of(acting)
    before = last_seq()

    change_password(user=user, password=GOOD, by=acting, now=NOW)

    user.refresh_from_db()
    assert (user.check_password(GOOD), user.must_change_password) == (True, False)
    assert list(Event.objects.filter(seq__gt=before).values_list("kind", "subject", "body")) == [
        ("account.password_changed", f"user:{user.pk}", "{}")
    ]


def test_sign_in_and_out_enter_the_record_whether_they_worked_or_not():
    acting = someone(PostRole.SUPERVISOR, another_city())
    user, before = account_of(acting), last_seq()

    record_sign_in(user=user, username=user.username, now=NOW)
    record_sign_in(user=None, username="谁" * 200, now=NOW)
    record_sign_out(by=acting, now=NOW)

    name = Person.objects.get().name
    assert list(Event.objects.filter(seq__gt=before).values_list("kind", "actor", "subject")) == [
        ("session.opened", name, f"user:{user.pk}"),
        ("session.refused", "—", f"user:{'谁' * 115}"),
        ("session.closed", acting.label, ""),
    ]


def test_set_language_is_remembered():
    user = account_of(someone(PostRole.SUPERVISOR, another_city()))

    set_language(user=user, language="en")

    assert User.objects.get().language == "en"


def test_post_label_speaks_both_languages():
    labels = [post_label(PostRole.LIAISON, language) for language in ("zh-hans", "en")]

    assert labels == ["联络员", "Liaison"]


def unit(**values) -> Unit:
    defaults = {
        "name": "甲",
        "full_name": "甲",
        "kind": "department",
        "address_manner": "notice",
        "position": 1,
    }
    return Unit.objects.create(**(defaults | values))


BACKWARDS = {"from_on": date(2026, 2, 2), "to_on": date(2026, 2, 2)}
CREDIT = "91110000000000000X"
REFUSED = {
    "unit_key_once_per_government": lambda g, u: unit(government=g, key=u.key),
    "government_key_once": lambda g, u: unit(key=g.key),
    "unit_credit_code_once": lambda g, u: [unit(government=g, key=k, credit_code=CREDIT) for k in "ab"],
    "unit_kind_known": lambda g, u: unit(government=g, key="x", kind="x"),
    "unit_manner_known": lambda g, u: unit(government=g, key="x", address_manner="x"),
    "unit_name_dates_in_order": lambda g, u: UnitName.objects.create(unit=u, name="", **BACKWARDS),
    "one_current_name_per_unit": lambda g, u: UnitName.objects.create(unit=u, name=""),
    "unit_parent_dates_in_order": lambda g, u: UnitParent.objects.create(unit=u, parent=g, **BACKWARDS),
    "one_current_parent_per_unit": lambda g, u: UnitParent.objects.create(unit=u, parent=g),
    "unit_is_not_its_own_parent": lambda g, u: UnitParent.objects.create(
        unit=u, parent=u, to_on=date(2020, 1, 1)
    ),
    "group_key_once_per_government": lambda g, u: [
        UnitGroup.objects.create(government=g, key="k") for _ in "12"
    ],
    "membership_dates_in_order": lambda g, u: GroupMembership.objects.create(
        unit=u, group=UnitGroup.objects.create(government=g, key="k"), **BACKWARDS
    ),
    "alias_once_per_government": lambda g, u: UnitAlias.objects.create(government=g, text=u.name, unit=u),
    "alias_of_unit_or_group": lambda g, u: UnitAlias.objects.create(government=g, text="x"),
    "post_role_known": lambda g, u: Post.objects.create(unit=u, role="x", title=""),
    "post_dates_in_order": lambda g, u: Post.objects.create(unit=u, role="liaison", title="", **BACKWARDS),
    "user_language_known": lambda g, u: User.objects.create(
        username="x", person=Person.objects.create(name=""), language="fr"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_database_refuses(name):
    government = another_city()
    only = government.units.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        REFUSED[name](government, only)


def test_database_knows_one_current_appointment_of_a_person_to_a_post():
    acting = someone(PostRole.LIAISON, another_city())

    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(post_id=acting.post, person_id=acting.person)


def test_units_are_visible_inside_their_own_government_only():
    ours, theirs = city(), another_city()

    found = Unit.objects.visible_to(someone(PostRole.AUDITOR, theirs))

    assert list(found) == [unit_of(theirs, "市教育局")]
    assert set(Unit.objects.governments()) == {ours, theirs}
