from __future__ import annotations

import re
from datetime import UTC, datetime, time
from io import BytesIO

import openpyxl
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from tests.building import (
    HEAD,
    SMALL,
    another_city,
    city,
    other_number,
    published,
    someone,
    unit_of,
)

from duban.directory.models import Person, Post, User
from duban.domain.messages import render
from duban.domain.posts import CONSOLE, PostRole
from duban.history.operations import Happening, append
from duban.publishing.register_workbook import COLUMNS
from duban.register.models import Heading, Task, TaskList
from duban.register.queries import task_rows

pytestmark = pytest.mark.django_db

LIST = "/l/yunjiang-2026/"
OPEN = {"sign-in", "livez", "readyz"}


def patterns(found) -> list[URLPattern]:
    return [
        leaf
        for entry in found
        for leaf in ([entry] if isinstance(entry, URLPattern) else patterns(entry.url_patterns))
    ]


def address(pattern: URLPattern) -> str:
    samples = {"list_key": "x-2026", "period_key": "2026-03", "year": "2026"}
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: samples.get(found[1], "1"), str(pattern.pattern))


def keys(response) -> list[str]:
    return [row.key for row in response.context["rows"]]


def test_every_address_but_three_sends_a_stranger_to_sign_in(client):
    found = {}
    for pattern in patterns(get_resolver().url_patterns):
        for method in (client.get, client.post):
            response = method(address(pattern))
            if not response.headers.get("Location", "").startswith("/sign-in/?next="):
                found.setdefault(pattern.name, []).append(response.status_code)

    # health and sign-in answer; nothing else does
    assert found == {
        "sign-in": [200, 200],
        "livez": [200, 405],
        "readyz": [200, 405],
    }


def test_pages_by_role_are_exactly_these(as_):
    government, elsewhere = city(), another_city()
    published(government)
    people = {
        "supervisor": someone(PostRole.SUPERVISOR, government),
        "leader": someone(PostRole.CITY_LEADER, government),
        "named": someone(PostRole.LIAISON, unit_of(government, "市教育局")),
        "uninvolved": someone(PostRole.LIAISON, unit_of(government, "市公安局")),
        "auditor": someone(PostRole.AUDITOR, government),
        "system": someone(PostRole.SYSTEM_ADMIN, government),
        "elsewhere": someone(PostRole.SUPERVISOR, elsewhere),
    }
    pages = ["/", "/lists/", LIST, f"{LIST}export.xlsx", f"{LIST}t/1/", f"{LIST}t/2/", "/t/2026/1/", "/units/",
             "/log/", "/help/", "/password/"]  # fmt: skip

    table = {
        name: [client.get(page).status_code for page in pages]
        for name, client in ((name, as_(acting)) for name, acting in people.items())
    }

    assert table == {
        "supervisor": [302, 200, 200, 200, 200, 200, 302, 200, 404, 200, 200],
        "leader": [302, 200, 200, 200, 200, 200, 302, 200, 404, 200, 200],
        "named": [302, 200, 200, 200, 404, 200, 404, 200, 404, 200, 200],
        "uninvolved": [200, 200, 404, 404, 404, 404, 404, 200, 404, 200, 200],
        "auditor": [302, 200, 404, 404, 404, 404, 404, 200, 200, 200, 200],
        "system": [302, 200, 404, 404, 404, 404, 404, 200, 404, 200, 200],
        "elsewhere": [200, 200, 404, 404, 404, 404, 404, 200, 404, 200, 200],
    }


def test_home_leads_each_post_to_its_own_page(as_):
    government = city()
    published(government)

    found = {
        role: as_(someone(role, government)).get("/").headers["Location"]
        for role in (PostRole.SUPERVISOR, PostRole.AUDITOR, PostRole.SYSTEM_ADMIN)
    }

    assert found == {PostRole.SUPERVISOR: LIST, PostRole.AUDITOR: "/log/", PostRole.SYSTEM_ADMIN: "/units/"}


def test_hidden_task_is_the_same_404_as_one_that_is_not_there(as_):
    government = city()
    published(government)
    client = as_(someone(PostRole.LIAISON, unit_of(government, "市教育局")))

    hidden, absent = client.get(f"{LIST}t/1/"), client.get(f"{LIST}t/99/")

    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert "规模以上工业增加值" not in hidden.content.decode()


def test_list_is_narrowed_by_its_address(as_):
    government = city()
    published(government)
    client = as_(someone(PostRole.SUPERVISOR, government))
    chapter = {h.text: h.pk for h in Heading.objects.all()}
    unit = unit_of(government, "市教育局").pk
    queries = {
        "": ["1", "2", "3"],
        f"chapter={chapter['一、加快发展']}": ["1", "2"],
        f"chapter={chapter['二、改善民生']}": ["3"],
        f"chapter={chapter['二、改善民生']}&targets=on": [],
        f"unit={unit}": ["2", "3"],
        f"unit={unit}&role=support": ["3"],
        "q=学校": ["2"],
        "q=%25": ["1"],
        "targets=on": ["1", "2"],
        "page=99": ["1", "2", "3"],
        "chapter=x&unit=-1&role=x&page=0": ["1", "2", "3"],
    }

    found = {query: keys(client.get(f"{LIST}?{query}")) for query in queries}

    assert found == queries


def costs(client: Client) -> dict[str, int]:
    pages = ["/lists/", LIST, f"{LIST}t/1/", f"{LIST}export.xlsx", "/units/"]
    found = {}
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        found[page] = len(captured)
    return found


def test_pages_cost_the_same_queries_however_much_there_is(as_):
    """The same page of a city with one task, with three, and with further lists."""
    government = city()
    one = published(government, HEAD).list
    client = as_(someone(PostRole.SUPERVISOR, government))
    small = costs(client)

    published(government, other_number(SMALL, 10))
    published(government, other_number(SMALL, 11))
    client.get("/lists/")
    more = costs(client)
    with CaptureQueriesContext(connection) as captured:
        client.get("/l/yunjiang-2026-2/")

    assert one.key == "yunjiang-2026"
    assert more == small
    assert len(captured) == small[LIST]


def test_export_is_what_is_shown(as_):
    government = city()
    task_list = published(government).list
    client = as_(someone(PostRole.SUPERVISOR, government))

    response = client.get(f"{LIST}export.xlsx?targets=on")

    sheet = openpyxl.load_workbook(BytesIO(response.content)).active
    found = [
        ["" if value is None else value for value in row]
        for row in sheet.iter_rows(min_row=3, values_only=True)
    ]
    expected = [
        [
            row.number, row.chapter, row.section, row.text, "、".join(row.lead),
            "，".join(row.main), "，".join(row.support), row.clauses, row.targets, (row.due_on and datetime.combine(row.due_on, time())) or row.deadline,
        ]
        for row in task_rows(Task.objects.filter(list=task_list, key__in=["1", "2"]).order_by("ordinal"))
    ]  # fmt: skip
    assert found == [[name for name, _ in COLUMNS], *expected]
    assert sheet["A1"].value == task_list.title
    assert "attachment" in response.headers["Content-Disposition"]


def test_by_number_leads_to_the_task_or_asks_which(as_):
    government = city()
    published(government)
    client = as_(someone(PostRole.SUPERVISOR, government))
    one = client.get("/t/2026/2/")
    published(government, other_number(SMALL, 10))

    two, none = client.get("/t/2026/2/"), client.get("/t/2025/2/")

    assert (one.status_code, one.headers["Location"]) == (302, f"{LIST}t/2/")
    assert (two.status_code, none.status_code) == (200, 404)
    assert [task.list.key for task in two.context["found"]] == ["yunjiang-2026", "yunjiang-2026-2"]


def test_log_shows_envelopes_and_never_values(as_):
    government = city()
    published(government)

    page = as_(someone(PostRole.AUDITOR, government)).get("/log/").content.decode()

    assert [word in page for word in ("任务入库", "任务第 1 项", "main:市统计局")] == [
        True,
        True,
        False,
    ]


def test_log_names_its_subjects(as_):
    government = city()
    published(government)
    auditor = someone(PostRole.AUDITOR, government)
    client = as_(auditor)
    user, post = User.objects.get(person=auditor.person), Post.objects.get(pk=auditor.post)
    kinds = [
        ("post.filled", f"post:{post.pk}", None),
        ("unit.renamed", f"unit:{government.pk}", None),
        ("account.reset", f"user:{user.pk}", None),
        ("person.changed", f"person:{auditor.person}", None),
        ("draft.opened", "draft:7", None),
        ("period.opened", "period:2026-09", None),
        ("list.issued", "yunjiang-2026", TaskList.objects.get().pk),
        ("paper.registered", "批1号", None),
        ("post.filled", "post:999", None),
    ]
    with transaction.atomic():
        happenings = [
            Happening(kind, {}, government.pk, in_list, None, told) for kind, told, in_list in kinds
        ]
        append(happenings, by=auditor, now=timezone.now())

    page = client.get("/log/")
    rows = [
        row for row in page.context["rows"] if row.actor == auditor.label and row.kind != "session.opened"
    ]

    assert [render(row.told, "zh") if row.told else row.what for row in reversed(rows)] == [
        f"{government.name} {post.title}", government.name, user.username, Person.objects.get(pk=auditor.person).name,
        "导入核对稿第 7 号", "2026年三季度报送", TaskList.objects.get().title, "批1号", "post:999",
    ]  # fmt: skip


def test_log_is_narrowed_by_the_address_and_keeps_it_while_paging(as_):
    government = city()
    published(government)
    auditor = someone(PostRole.AUDITOR, government)
    client = as_(auditor)
    stay = {"government": government.pk, "subject": "x"}
    with transaction.atomic():
        for day in (1, 2, 3):
            at = datetime(2027, 3, day, 15, 59, tzinfo=UTC)
            append([Happening("period.open", **stay), Happening("period.opened", **stay)], by=auditor, now=at)
        append(
            [Happening("period.open", **stay) for _ in range(101)],
            by=CONSOLE,
            now=datetime(2027, 4, 1, tzinfo=UTC),
        )

    def found(query: str) -> list[str]:
        rows = client.get(f"/log/?{query}").context["rows"]
        return [f"{timezone.localtime(row.at):%m-%d} {row.kind}" for row in rows]

    assert found("since=2027-03-02&until=2027-03-02") == ["03-02 period.opened", "03-02 period.open"]
    assert found(f"actor={auditor.label}&until=2027-03-01&since=2027-03-01&kind=period.opened") == [
        "03-01 period.opened", "03-01 period.open",
    ]  # fmt: skip
    assert found("actor=nobody") == []
    assert found("kind=report.sent") == []
    assert len(found("since=yesterday&kind=none")) == 100
    html = client.get("/log/?kind=period.open&since=2027-03-01").content.decode()
    assert 'href="?kind=period.open&amp;since=2027-03-01&amp;page=2"' in html
    assert "并非删除" in html


def test_log_costs_the_same_however_many_lines(as_):
    government = city()
    published(government)
    auditor = someone(PostRole.AUDITOR, government)
    client = as_(auditor)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/log/?kind=post.filled")
        return len(captured)

    def filled(count: int) -> None:
        with transaction.atomic():
            told = [Happening("post.filled", {}, government.pk, subject=f"post:{auditor.post}")] * count
            append(told, by=CONSOLE, now=timezone.now())

    filled(1)
    cost()
    one = cost()
    filled(30)

    assert cost() == one


def test_policy_of_content_allows_nothing_unsafe(as_):
    client = as_(someone(PostRole.SUPERVISOR, another_city()))

    headers = [c.get(page).headers for c, page in ((client, "/help/"), (Client(), "/sign-in/"))]

    for header in headers:
        policy = header["Content-Security-Policy"]
        assert ("unsafe" in policy, "default-src 'self'" in policy, "object-src 'none'" in policy) == (
            False,
            True,
            True,
        )
        assert header["X-Frame-Options"] == "DENY"


def test_pages_have_no_inline_script_or_style(as_):
    government = city()
    published(government)
    client = as_(someone(PostRole.SUPERVISOR, government))

    for page in (LIST, f"{LIST}t/2/", "/lists/", "/units/", "/help/", "/password/"):
        text = client.get(page).content.decode()
        assert [
            word for word in (" style=", "<style", "onclick=", "javascript:", "<script>") if word in text
        ] == []


def test_health_checks_answer(client):
    assert client.get("/livez").json() == {"alive": True}
    assert client.get("/readyz").json() == {"ready": True, "database": True, "migrated": True}
