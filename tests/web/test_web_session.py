from __future__ import annotations

import pytest
from django.test import Client
from tests.building import account_of, another_city, city, kinds_since, last_seq, someone, unit_of

from duban.domain.posts import PostRole

pytestmark = pytest.mark.django_db

OLD, NEW = "correct horse battery", "staple wrapped in paper"


@pytest.fixture
def user():
    return account_of(someone(PostRole.SUPERVISOR, another_city()), username="jia", password=OLD)


def sign_in(client, password=OLD, **more):
    return client.post("/sign-in/", {"username": "jia", "password": password, **more})


def test_sign_in_with_the_right_password_opens_the_pages(client, user):
    before = last_seq()

    response = sign_in(client)

    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/help/").status_code == 200
    assert kinds_since(before) == ["session.opened"]


@pytest.mark.parametrize("words", [{"username": "jia", "password": "x"}, {"username": "谁", "password": OLD}])
def test_sign_in_with_a_wrong_pair_is_refused_alike_and_recorded(client, user, words):
    before = last_seq()

    response = client.post("/sign-in/", words)

    assert (response.status_code, "用户名或密码不正确。" in response.content.decode()) == (422, True)
    assert client.get("/help/").status_code == 302
    assert kinds_since(before) == ["session.refused"]


def test_sign_in_of_a_closed_account_is_refused(client, user):
    user.is_active = False
    user.save()

    assert sign_in(client).status_code == 422


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/help/", "/help/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:x", "/"),
        ("", "/"),
    ],
)
def test_sign_in_leads_on_to_local_addresses_only(client, user, wanted, reached):
    assert sign_in(client, next=wanted).headers["Location"] == reached


def test_sign_in_keeps_where_one_was_going(client):
    assert client.get("/units/").headers["Location"] == "/sign-in/?next=/units/"
    assert 'name="next" value="/units/"' in client.get("/sign-in/?next=/units/").content.decode()


def test_sign_in_needs_the_form_token(user):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_sign_out_ends_the_session(client, user):
    sign_in(client)
    before = last_seq()

    response = client.post("/sign-out/")

    assert response.headers["Location"] == "/sign-in/"
    assert client.get("/help/").status_code == 302
    assert kinds_since(before) == ["session.closed"]
    assert client.get("/sign-out/").status_code in {302, 405}


def test_language_is_switched_before_sign_in_and_remembered_after(client, user):
    client.post("/sign-in/", {"language": "en", "next": "/help/"})
    stranger = client.get("/sign-in/").headers["Content-Language"]
    client.force_login(user)
    before = client.get("/help/").headers["Content-Language"]

    response = client.post("/language/", {"language": "en", "next": "/help/"})
    client.post("/language/", {"language": "fr"})

    user.refresh_from_db()
    page = client.get("/help/")
    assert (stranger, before, response.headers["Location"], user.language) == (
        "en",
        "zh-hans",
        "/help/",
        "en",
    )
    assert (page.headers["Content-Language"], '<html lang="en">' in page.content.decode()) == ("en", True)


@pytest.mark.parametrize(
    ("words", "status"),
    [((OLD, NEW, NEW), 302), (("wrong", NEW, NEW), 422), ((OLD, NEW, "other"), 422), ((OLD, "123", "123"), 422), ((OLD, "", ""), 422)],
)  # fmt: skip
def test_password_changes_only_when_all_is_right(client, user, words, status):
    client.force_login(user)

    response = client.post("/password/", dict(zip(("old", "new", "again"), words, strict=True)))

    user.refresh_from_db()
    changed = status == 302
    assert (response.status_code, user.check_password(NEW), user.check_password(OLD)) == (
        status,
        changed,
        not changed,
    )
    assert client.get("/help/").status_code == 200


def test_choosing_a_post_changes_what_is_seen_and_only_own_posts_can_be_chosen(client):
    from tests.building import NOW

    from duban.directory.models import Person
    from duban.directory.operations import Seat, appoint
    from duban.domain.posts import CONSOLE

    government = city()
    acting = someone(PostRole.SUPERVISOR, government)
    person = Person.objects.get(pk=acting.person)
    seat = Seat(unit_of(government, "市教育局"), PostRole.LIAISON, "联络员")
    second = appoint(seat=seat, person=person, by=CONSOLE, now=NOW)
    foreign = someone(PostRole.AUDITOR, government)
    client.force_login(account_of(acting))

    found = []
    for post in (None, second.pk, foreign.post, "x"):
        if post is not None:
            client.post("/post/", {"post": post})
        found.append(client.get("/help/").wsgi_request.acting.post)

    assert found == [acting.post, second.pk, second.pk, second.pk]


def test_person_without_a_post_sees_no_content_and_no_error(client, user):
    from duban.directory.models import Appointment

    Appointment.objects.all().delete()
    client.force_login(user)

    found = {
        page: client.get(page).status_code for page in ("/", "/lists/", "/units/", "/log/", "/password/")
    }

    assert found == {"/": 200, "/lists/": 200, "/units/": 200, "/log/": 404, "/password/": 200}


def test_person_without_a_post_sees_no_unit(client, user):
    from duban.directory.models import Appointment

    Appointment.objects.all().delete()
    client.force_login(user)

    assert list(client.get("/units/").context["units"]) == []
