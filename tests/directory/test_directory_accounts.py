from __future__ import annotations

from datetime import timedelta

import pytest
from tests.building import NOW, account_of, another_city, city, kinds_since, last_seq, someone, unit_of

from duban.directory.models import Person, SignInAttempts, User
from duban.directory.operations import (
    LockRule,
    admit_attempt,
    change_password,
    forgive_attempts,
    give_accounts,
    open_account,
    reset_password,
)
from duban.directory.operations.accounts import holds_a_name
from duban.domain.errors import Invalid, NotAllowed
from duban.domain.messages import Message, render
from duban.domain.posts import ADMINISTRATORS, CONSOLE, OWN_UNIT, PostRole
from duban.history.models import Event

pytestmark = pytest.mark.django_db
NAMED_ZH = "不能包含用户名或姓名，也不能与之相近"
NAMED_EN = "it must neither contain the user name or your name nor resemble them"
RULE = LockRule(per_account=3, per_address=5, minutes=15)


def test_everybody_without_an_account_gets_one_with_a_password_to_be_changed():
    government = city()
    unit = unit_of(government, "市教育局")
    people = [someone(PostRole.LIAISON, unit).person for _ in range(3)]
    Person.objects.filter(pk__in=people[:2]).update(name="张 三")
    Person.objects.filter(pk=people[2]).update(name="张三丰")
    User.objects.create(username="张三2", person=Person.objects.create(name="别人"))
    before = last_seq()

    slips = give_accounts(people=people, by=CONSOLE, now=NOW)

    assert [(slip.username, slip.seats) for slip in slips] == [
        ("张三", ("市教育局 岗位",)),
        ("张三3", ("市教育局 岗位",)),
        ("张三丰", ("市教育局 岗位",)),
    ]
    users = {user.username: user for user in User.objects.filter(person__in=people)}
    assert [users[s.username].check_password(s.password) for s in slips] == [True] * 3
    assert {user.must_change_password for user in users.values()} == {True}
    assert len({slip.password for slip in slips}) == 3
    assert kinds_since(before) == ["account.opened"] * 3
    assert not any(
        slip.password in body for slip in slips for body in Event.objects.values_list("body", flat=True)
    )
    assert give_accounts(people=people, by=CONSOLE, now=NOW) == ()


def test_whose_account_each_role_manages():
    government, elsewhere = city(), another_city()
    unit = unit_of(government, "市教育局")
    owners = {
        "unit": someone(PostRole.LIAISON, unit),
        "office": someone(PostRole.SUPERVISOR, government),
        "leader": someone(PostRole.CITY_LEADER, government),
        "auditor": someone(PostRole.AUDITOR, government),
        "elsewhere": someone(PostRole.LIAISON, unit_of(elsewhere, "市教育局")),
        "nowhere": None,
    }
    accounts = {
        name: account_of(acting)
        if acting
        else User.objects.create(username="x", person=Person.objects.create(name="x"))
        for name, acting in owners.items()
    }

    def may(by) -> set[str]:
        found = set()
        for name, user in accounts.items():
            try:
                reset_password(user=user, by=by, now=NOW)
            except NotAllowed:
                continue
            found.add(name)
        return found

    table = {role: may(someone(role, government)) for role in PostRole}

    assert table == {
        role: {
            PostRole.SUPERVISOR: {"unit"},
            PostRole.OFFICE_DIRECTOR: {"unit"},
            PostRole.SYSTEM_ADMIN: {"unit", "office", "leader"},
            PostRole.SECURITY_ADMIN: {"unit", "office", "leader"},
        }.get(role, set())
        for role in PostRole
    }
    assert may(CONSOLE) == set(accounts)
    assert OWN_UNIT.isdisjoint(ADMINISTRATORS)


def test_giving_accounts_to_people_of_others_gives_none_at_all():
    government = city()
    mine = someone(PostRole.LIAISON, unit_of(government, "市教育局")).person
    not_mine = someone(PostRole.CITY_LEADER, government).person

    with pytest.raises(NotAllowed):
        give_accounts(people=[mine, not_mine], by=someone(PostRole.SUPERVISOR, government), now=NOW)

    assert User.objects.count() == 0


def test_reset_password_works_once_and_must_be_changed_into_another():
    acting = someone(PostRole.LIAISON, unit_of(city(), "市教育局"))
    user = account_of(acting, password="correct horse battery")

    slip = reset_password(user=user, by=CONSOLE, now=NOW)

    user.refresh_from_db()
    assert (user.check_password(slip.password), user.must_change_password) == (True, True)
    with pytest.raises(Invalid) as refused:
        change_password(user=user, password=slip.password, by=acting, now=NOW)
    assert refused.value.message == Message("account.same_password")


def attempt(username="甲", address="10.0.0.1", minutes=0):
    return admit_attempt(username=username, address=address, rule=RULE, now=NOW + timedelta(minutes=minutes))


def test_account_waits_after_so_many_attempts_and_no_longer_than_said():
    before = last_seq()
    first = [attempt() for _ in range(3)]

    later = [attempt(minutes=minutes) for minutes in (0, 14, 15)]

    wait = Message("session.locked", {"minutes": 15})
    assert (first, later) == ([None] * 3, [wait, wait, None])
    assert kinds_since(before) == ["session.locked"]
    assert attempt("乙") is None


def test_address_waits_whatever_the_names_and_an_unknown_name_waits_like_any_other():
    found = [attempt(f"谁{number}") for number in range(6)]

    assert [message is None for message in found] == [True] * 5 + [False]
    assert attempt("谁0", "10.0.0.2") is None


def test_success_forgives_the_account_and_takes_the_attempt_off_the_address():
    for _ in range(7):
        assert attempt() is None
        forgive_attempts(username="甲", address="10.0.0.1")

    assert list(SignInAttempts.objects.values_list("kind", "attempts")) == [("address", 0)]


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_get_no_more_tries_than_one_after_the_other():
    from threading import Thread

    from django.db import connection

    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory is one connection; IMMEDIATE transactions queue there")
    found = []

    def try_once():
        found.append(attempt())
        connection.close()

    threads = [Thread(target=try_once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(message is None for message in found) == 3


@pytest.mark.parametrize(
    ("password", "zh", "en"),
    [
        ("aB3-xyz", "至少 10 个字符", "it needs at least 10 characters"),
        ("password1234", "这是常见密码，容易被猜中", "it is a common one and easily guessed"),
        ("90817263544536", "不能全是数字", "it must not consist of digits alone"),
        ("Wangxm-2026-spring", NAMED_ZH, NAMED_EN),
        ("春天王小明来了Abc-2026", NAMED_ZH, NAMED_EN),
        ("wangx.m2026", NAMED_ZH, NAMED_EN),
        ("1wangxm", f"{NAMED_ZH}；至少 10 个字符", f"{NAMED_EN}; it needs at least 10 characters"),
    ],
    ids=["short", "common", "digits", "user name inside", "name inside", "like the user name", "two faults"],
)
def test_a_password_is_refused_with_its_reasons_in_both_languages(password, zh, en):
    person = Person.objects.create(name="王小明")

    with pytest.raises(Invalid) as refused:
        open_account(username="wangxm", password=password, person=person, by=CONSOLE, now=NOW)

    message = refused.value.message
    assert (render(message), render(message, "en")) == (
        f"密码不符合要求：{zh}",
        f"The password will not do: {en}",
    )


def test_a_user_name_of_two_letters_may_stand_in_a_word_of_the_password():
    assert not holds_a_name("a-lively-horse", ["li"])
    assert holds_a_name("a-LIVELY-horse", ["live"])
