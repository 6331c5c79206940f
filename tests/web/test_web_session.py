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


def test_a_refused_password_is_explained_in_the_language_of_the_page(client, user):
    client.force_login(user)
    words = {"old": OLD, "new": "aB3-xyz", "again": "aB3-xyz"}

    chinese = client.post("/password/", words).content.decode()
    client.post("/language/", {"language": "en"})
    english = client.post("/password/", words).content.decode()

    assert "密码不符合要求：至少 10 个字符" in chinese
    assert "The password will not do: it needs at least 10 characters" in english


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


def test_locked_account_is_told_so_even_with_the_right_password(client, user, settings):
    settings.SIGN_IN_ATTEMPTS = 2

    found = [sign_in(client, word).status_code for word in ("x", "y", OLD)]

    assert found == [422] * 3
    assert "分钟后再试" in sign_in(client).content.decode()
    assert client.get("/help/").status_code == 302


def test_session_left_alone_ends_and_one_in_use_does_not(client, user, settings):
    settings.SESSION_IDLE_MINUTES = 10
    sign_in(client)
    client.get("/help/")
    statuses = []
    for minutes in (9, 9, 11):
        session = client.session
        session["seen"] -= minutes * 60
        session.save()
        statuses.append(client.get("/help/").status_code)

    assert statuses == [200, 200, 302]
    assert client.get("/help/").headers["Location"] == "/sign-in/?next=/help/"


def test_person_without_a_post_is_never_taken_for_the_console(client, user):
    from duban.directory.models import Appointment

    Appointment.objects.all().delete()
    client.force_login(user)

    acting = client.get("/help/").wsgi_request.acting

    assert (acting.person, acting.role, acting.runs_office) == (user.person_id, None, False)


@pytest.mark.parametrize(
    ("address", "name", "reached"),
    [
        ("10.1.2.3", "jia", "/help/"),
        ("10.1.3.3", "jia", 403),
        ("10.1.2.3", "nobody", 403),
        ("", "jia", 403),
        ("10.1.2.3", "", 200),
    ],
)
def test_portal_signs_in_whom_it_names_from_its_own_address_only(
    client, user, settings, *, address, name, reached
):
    settings.PORTAL_HEADER, settings.PORTAL_PROXIES = "X-Portal-User", ["10.1.2.0/24"]
    before = last_seq()

    response = client.get("/sign-in/?next=/help/", headers={"X-Portal-User": name}, REMOTE_ADDR=address)

    assert response.headers.get("Location", response.status_code) == reached
    kinds = {"/help/": ["session.opened"], 403: ["session.refused"], 200: []}
    assert kinds_since(before) == kinds[reached]


@pytest.mark.parametrize(
    ("named", "address", "status"),
    [
        ("jia", "10.1.2.3", 200),
        ("yi", "10.1.2.3", 302),
        ("", "10.1.2.3", 302),
        ("jia", "10.9.9.9", 302),
    ],
    ids=["the same", "another", "nobody", "not from the proxy"],
)
def test_a_session_of_the_portal_ends_when_it_names_somebody_else(
    client, user, settings, *, named, address, status
):
    settings.PORTAL_HEADER, settings.PORTAL_PROXIES = "X-Portal-User", ["10.1.2.0/24"]
    client.get("/sign-in/", headers={"X-Portal-User": "jia"}, REMOTE_ADDR="10.1.2.3")

    page = client.get("/help/", headers={"X-Portal-User": named}, REMOTE_ADDR=address)
    after = client.get("/help/", headers={"X-Portal-User": "jia"}, REMOTE_ADDR="10.1.2.3")

    assert (page.status_code, after.status_code) == (status, status)


def test_who_signed_in_with_a_password_stays_until_the_portal_names_another(client, user, settings):
    settings.PORTAL_HEADER, settings.PORTAL_PROXIES = "X-Portal-User", ["127.0.0.1"]
    sign_in(client)

    found = [
        client.get("/help/", headers=headers).status_code
        for headers in ({}, {"X-Portal-User": "jia"}, {"X-Portal-User": "yi"}, {})
    ]

    assert found == [200, 200, 302, 302]


def test_the_next_person_at_the_portal_gets_a_session_of_their_own(client, user, settings):
    settings.PORTAL_HEADER, settings.PORTAL_PROXIES = "X-Portal-User", ["127.0.0.1"]
    other = account_of(someone(PostRole.SUPERVISOR, user.person.appointments.get().post.unit), username="yi")
    client.get("/sign-in/", headers={"X-Portal-User": "jia"})

    page = client.get("/help/", headers={"X-Portal-User": "yi"}, follow=True)

    assert (page.status_code, page.wsgi_request.user.pk) == (200, other.pk)


def test_header_means_nothing_when_no_portal_is_set(client, user):
    response = client.get("/sign-in/", headers={"X-Portal-User": "jia"})

    assert (response.status_code, client.get("/help/").status_code) == (200, 302)


def test_signing_out_behind_a_portal_does_not_sign_in_again(client, user, settings):
    settings.PORTAL_HEADER, settings.PORTAL_PROXIES = "X-Portal-User", ["127.0.0.1"]
    header = {"X-Portal-User": "jia"}
    client.get("/sign-in/", headers=header)

    onward = client.post("/sign-out/", headers=header).headers["Location"]

    assert client.get(onward, headers=header).status_code == 200


def test_a_post_that_needs_no_code_is_told_so_and_gets_no_key(client, user, settings):
    from duban.directory.models import SecondFactor

    settings.SECOND_FACTOR_ROLES = ["system_admin"]
    sign_in(client)

    pages = [client.get("/second-factor/"), client.post("/second-factor/", {"code": "123456"})]

    assert [page.status_code for page in pages] == [200, 200]
    assert ["不要求动态口令" in page.content.decode() for page in pages] == [True, True]
    assert ['name="code"' in page.content.decode() for page in pages] == [False, False]
    assert not SecondFactor.objects.exists()


def test_roles_with_a_second_factor_go_through_it_first(client, user, settings):
    from django.utils import timezone

    from duban.directory.models import SecondFactor
    from duban.directory.operations.second_factor import STEP_SECONDS, code_at

    settings.SECOND_FACTOR_ROLES = ["supervisor"]
    sign_in(client)

    first = client.get("/help/").headers["Location"]
    page = client.get(first).content.decode()
    factor = SecondFactor.objects.get()
    code = code_at(factor.secret, int(timezone.now().timestamp()) // STEP_SECONDS)
    wrong, right, twice = (
        client.post(first, {"code": word}).status_code
        for word in ("000000" if code != "000000" else "111111", code, code)
    )

    assert first == "/second-factor/"
    assert factor.secret[:4] in page
    assert (wrong, right, twice) == (422, 302, 422)
    assert client.get("/help/").status_code == 200
    assert factor.secret[:4] not in client.get(first).content.decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    import base64

    from duban.directory.operations.second_factor import STEP_SECONDS, code_at

    secret = base64.b32encode(b"12345678901234567890").decode()

    assert code_at(secret, seconds // STEP_SECONDS) == code


def test_code_typed_in_full_width_is_read_and_other_signs_are_refused(client, user, settings):
    from django.utils import timezone

    from duban.directory.models import SecondFactor
    from duban.directory.operations.second_factor import STEP_SECONDS, code_at

    settings.SECOND_FACTOR_ROLES = ["supervisor"]
    sign_in(client)
    client.get("/second-factor/")
    code = code_at(SecondFactor.objects.get().secret, int(timezone.now().timestamp()) // STEP_SECONDS)

    strange = client.post("/second-factor/", {"code": "验证码一二三"})
    wide = client.post("/second-factor/", {"code": " ".join(chr(ord(digit) + 0xFEE0) for digit in code)})

    assert (strange.status_code, wide.status_code) == (422, 302)


def test_password_alone_does_not_change_the_password_of_an_account_with_a_second_factor(
    client, user, settings
):
    from django.utils import timezone

    from duban.directory.models import SecondFactor

    settings.SECOND_FACTOR_ROLES = ["supervisor"]
    sign_in(client)
    SecondFactor.objects.create(
        user=user, secret="JBSWY3DPEHPK3PXP", confirmed_at=timezone.now(), last_step=1
    )
    new = {"old": OLD, "new": "another-Pass-2026", "again": "another-Pass-2026"}

    refused = client.post("/password/", new)
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])
    still = client.post("/password/", new)
    user.refresh_from_db()

    assert refused.headers["Location"] == still.headers["Location"] == "/second-factor/"
    assert user.check_password(OLD)


def test_guessing_the_old_password_is_counted(client, user, settings):
    settings.SIGN_IN_ATTEMPTS = 3
    sign_in(client)
    guess = {"old": "wrong", "new": "another-Pass-2026", "again": "another-Pass-2026"}
    for _ in range(3):
        client.post("/password/", guess)

    locked = client.post("/password/", {**guess, "old": OLD})
    user.refresh_from_db()

    assert locked.status_code == 422
    assert user.check_password(OLD)


def test_pages_leave_nothing_in_the_browser_and_an_expired_form_is_said_plainly(user):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)

    page = strict.get("/help/")
    expired = strict.post("/language/", {"language": "en"})

    assert page.headers["Cache-Control"] == "no-store, private"
    assert expired.status_code == 403
    assert "页面已过期" in expired.content.decode()
    assert "Content-Security-Policy" in expired.headers


def test_request_too_large_is_said_plainly(client, user, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    sign_in(client)

    answer = client.post("/password/", {"old": "x" * 2000})

    assert answer.status_code == 400
    assert "提交的内容过大" in answer.content.decode()
