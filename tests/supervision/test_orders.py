from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.building import SMALL, another_city, kinds_since, last_seq, other_number, published, someone
from tests.building_papers import drafted, moved
from tests.building_year import Year, moment, small_year

from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Event
from duban.supervision.models import SupervisionOrder
from duban.supervision.operations import OrderDraft, draft_order, move_order, revise_order

pytestmark = pytest.mark.django_db
NOW = moment(4, 17)


def words_of(order: SupervisionOrder, **other: object) -> OrderDraft:
    """What an order says now, but for what is given."""
    said = OrderDraft(order.task, order.unit, order.matter, order.basis, order.requirement, order.due_on)
    return replace(said, **other)  # type: ignore[arg-type]


def revised(order: SupervisionOrder, **other: object) -> SupervisionOrder:
    """The order in other words."""
    return revise_order(
        order=order, revision=order.revision, draft=words_of(order, **other), by=CONSOLE, now=NOW
    )


def stepped(order: SupervisionOrder, action: str, **values: object) -> SupervisionOrder:
    """One step by the office."""
    return move_order(order=order, revision=order.revision, action=action, values=values, by=CONSOLE, now=NOW)


def twin_of(year: Year) -> Year:
    """Another list of the same government and year."""
    return Year(year.government, published(year.government, other_number(SMALL, 10)).list)


def submitted(year: Year, key: str = "3", unit: str = "市民政局") -> SupervisionOrder:
    """An order that waits for its number."""
    return moved(drafted(year, key, unit), "submit")


def test_a_draft_is_revised_with_one_event_and_without_one_when_nothing_changed():
    year = small_year("assigned")
    order, before = drafted(year), last_seq()

    same = revised(order)
    changed = revised(
        order, matter="食堂未开工", basis="实地核查", requirement="书面说明", due_on=date(2027, 1, 5)
    )
    stored = SupervisionOrder.objects.get()

    assert (same.revision, changed.revision, stored.revision) == (1, 2, 2)
    assert (stored.matter, stored.basis, stored.requirement, stored.due_on, stored.year) == (
        "食堂未开工", "实地核查", "书面说明", date(2027, 1, 5), 2027,
    )  # fmt: skip
    assert kinds_since(before) == ["order.revised"]
    event = Event.objects.get(seq=stored.seq)
    assert (event.kind, event.task_id) == ("order.revised", order.task_id)
    assert '"changed":["basis","due_on","matter","requirement","year"]' in event.body
    assert '"matter":"食堂未开工"' in event.body


def test_a_revised_order_goes_to_another_unit_in_that_units_manner():
    year = small_year("assigned")
    order = drafted(year)
    court = year.government.units.exclude(address_manner="notice").exclude(pk=year.government.pk).first()

    letter = revised(order, unit=court)

    assert (order.kind, letter.kind, letter.unit) == ("order", "letter", court)
    drafted(year)
    with pytest.raises(Conflict, match="一事一单"):
        revised(letter, unit=year.unit("市民政局"))


def test_an_order_is_revised_before_it_is_submitted_and_after_it_was_returned_only():
    year = small_year("assigned")
    order = drafted(year)
    refused = {}
    for action in ("submit", "approve", "serve", "sign_for", "answer", "close"):
        order = moved(order, action)
        with pytest.raises(Conflict) as caught:
            revised(order, matter="改")
        refused[order.state] = caught.value.message.code
    returned = stepped(submitted(year), "return", result="措施不具体")

    assert refused == dict.fromkeys(
        ("submitted", "approved", "served", "signed_for", "answered", "closed"),
        "supervision.order_past_draft",
    )
    assert revised(returned, matter="改").matter == "改"


def test_who_revises_and_what_is_refused():
    year = small_year("assigned")
    order = drafted(year)
    act = {"order": order, "revision": 1, "now": NOW}

    for role, unit in (
        (PostRole.CITY_LEADER, year.government),
        (PostRole.LIAISON, year.unit("市民政局")),
        (PostRole.AUDITOR, year.government),
    ):
        with pytest.raises(NotAllowed):
            revise_order(**act, draft=words_of(order, matter="改"), by=someone(role, unit))
    with pytest.raises(Invalid, match="一事一单"):
        revise_order(**act, draft=words_of(order, task=year.task("1")), by=CONSOLE)
    with pytest.raises(Invalid):
        revise_order(**act, draft=words_of(order, basis="机密★10年"), by=CONSOLE)
    by = someone(PostRole.SUPERVISOR, year.government)
    assert revise_order(**act, draft=words_of(order, matter="改"), by=by).revision == 2
    with pytest.raises(Conflict, match="他人"):
        revise_order(**act, draft=words_of(order, matter="再改"), by=by)


def test_nobody_moves_an_order_that_changed_since_it_was_seen():
    year = small_year("assigned")
    seen = submitted(year)
    stepped(seen, "return")
    again = stepped(SupervisionOrder.objects.get(), "submit")
    before = last_seq()

    with pytest.raises(Conflict, match="他人"):
        stepped(seen, "approve", by="林某某", on=date(2026, 4, 17), approval="paper")

    assert SupervisionOrder.objects.get().state == "submitted"
    assert kinds_since(before) == []
    assert stepped(again, "withdraw", result="重复").state == "withdrawn"


def test_numbers_run_through_the_lists_of_a_government_by_kind_and_year_of_approval():
    year = small_year("assigned")
    twin = twin_of(year)

    def approved(order: SupervisionOrder, on: date) -> tuple[str, int, int | None]:
        row = stepped(order, "approve", by="林某某", on=on, approval="paper")
        return row.kind, row.year, row.serial

    letter_unit = (
        year.government.units.exclude(address_manner="notice").exclude(pk=year.government.pk).first()
    )
    letter = moved(revised(drafted(twin, "2"), unit=letter_unit), "submit")
    spring, winter = date(2026, 4, 17), date(2027, 1, 4)

    assert [
        approved(submitted(year), spring),
        approved(submitted(twin), spring),
        approved(letter, spring),
        approved(submitted(year, "2"), spring),
        approved(submitted(twin, "1"), winter),
    ] == [("order", 2026, 1), ("order", 2026, 2), ("letter", 2026, 1), ("order", 2026, 3), ("order", 2027, 1)]
    assert set(SupervisionOrder.objects.values_list("government", flat=True)) == {year.government.pk}


def test_the_database_refuses_a_number_twice_in_a_government_and_takes_it_in_another():
    year = small_year("assigned")
    first, second = (moved(drafted(one), "approve") for one in (year, twin_of(year)))
    rows = SupervisionOrder.objects.filter(pk=second.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(serial=first.serial)

    assert rows.update(serial=first.serial, government=another_city()) == 1


def test_approvals_and_drafts_of_a_government_wait_for_one_another():
    if connection.vendor == "sqlite":
        pytest.skip("every transaction is IMMEDIATE there")
    year = small_year("assigned")
    order = submitted(year)

    with CaptureQueriesContext(connection) as captured:
        drafted(year, "1")
        revised(order := stepped(order, "return"), matter="改")
        moved(stepped(SupervisionOrder.objects.get(pk=order.pk), "submit"), "approve")

    locks = [row["sql"] for row in captured if row["sql"].endswith("FOR NO KEY UPDATE")]
    assert len(locks) == 3
    assert all('"directory_unit"."id"' in lock for lock in locks)


def test_orders_numbered_by_list_get_their_government_and_numbers_of_their_own():
    year = small_year("assigned")
    twin = twin_of(year)
    orders = [moved(drafted(one, key), "approve") for one in (year, twin) for key in ("3", "2")]
    waiting = drafted(twin, "1")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX order_serial_once")
    for order, serial in zip(orders, (1, 2, 1, 2), strict=True):
        rows = SupervisionOrder.objects.filter(pk=order.pk)
        rows.update(serial=serial, government=year.unit("市民政局"))

    import_module("duban.supervision.migrations.0004_order_numbers_of_a_government").fill(apps, None)

    assert list(SupervisionOrder.objects.order_by("pk").values_list("pk", "government", "serial")) == [
        *((order.pk, year.government.pk, serial) for order, serial in zip(orders, (1, 2, 3, 4), strict=True)),
        (waiting.pk, year.government.pk, None),
    ]


@pytest.mark.parametrize(("light", "words"), [("lagging", "滞后于节点"), ("warning", "进度偏慢"), ("missing", "未按期报送进展"), ("normal", "")])  # fmt: skip
def test_seed_calls_late_only_what_lags_and_tells_what_was_reported_since(light, words):
    from duban.domain.calendar_data import CALENDAR
    from duban.supervision.models import Determination, Standing
    from duban.supervision.order_queries import order_seed

    year = small_year("determined")
    standing = Standing.objects.get(task=year.task("3"))
    later = Determination(
        task=year.task("3"), period=year.period, light=light, sentence="进展情况。", reason="现场核查",
        differs=True, actor="督查员", at=moment(4, 15), seq=1,
    )  # fmt: skip
    later.save()
    Standing.objects.filter(pk=standing.pk).update(determination=later)

    seed = order_seed(year.task("3"), date(2026, 4, 20), CALENDAR)

    assert seed.matter == f"第3项“办好食堂”{words}"
    assert seed.basis.startswith("经督查核定（一季度）：进展情况。")


def test_steps_are_neither_too_long_nor_before_the_last_one():
    year = small_year("determined")
    draft = OrderDraft(year.task("3"), year.unit("市民政局"), "滞后", "依据", "请整改", date(2026, 5, 30))
    order = draft_order(task_list=year.list, draft=draft, period=year.period, by=CONSOLE, now=moment(4, 15))
    order = move_order(
        order=order, revision=order.revision, action="submit", values={}, by=CONSOLE, now=moment(4, 15)
    )
    act = {"order": order, "revision": order.revision, "by": CONSOLE, "now": moment(4, 16)}
    approval = {"by": "主任", "on": date(2026, 4, 16), "approval": "paper"}

    with pytest.raises(Invalid):
        move_order(action="approve", values={**approval, "by": "长" * 61}, **act)
    order = move_order(action="approve", values=approval, **act)
    with pytest.raises(Invalid):
        move_order(
            order=order, revision=order.revision, action="serve", values={"on": date(2026, 4, 15)}, by=CONSOLE,
            now=moment(4, 17),
        )  # fmt: skip
