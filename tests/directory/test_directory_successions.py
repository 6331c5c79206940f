from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.building import NOW, city, kinds_since, last_seq, someone, unit_of
from tests.directory.conftest import TODAY

from duban.directory.models import Appointment, Post, Unit, UnitAlias, UnitSuccession
from duban.directory.operations import merge_units, refresh_unit_names, rename_unit
from duban.directory.queries import (
    answered_for_ids,
    answering_unit_ids,
    group_members,
    seats_of,
    successors,
    unit_directory,
    unit_full_names,
    unit_names,
)
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, PostRole

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)
BASIS = "云编办发〔2026〕3号"


@pytest.fixture
def government():
    return city()


def rename(unit, name="市警务局", **more):
    words = {"full_name": f"云江{name}", "on": date(2026, 2, 1), "basis": BASIS, "by": CONSOLE, "now": NOW}
    return rename_unit(unit=unit, name=name, **(words | more))


def merge(government, *names, into, **more):
    words = {"on": JULY, "basis": BASIS, "by": CONSOLE, "now": NOW}
    froms = [unit_of(government, name) for name in names]
    return merge_units(froms=froms, into=unit_of(government, into), **(words | more))


def test_renamed_unit_keeps_its_identity_and_papers_of_before_keep_the_old_name(government):
    unit, before = unit_of(government, "市公安局"), last_seq()

    renamed = rename(unit)

    assert (renamed.pk, renamed.key, renamed.name, renamed.full_name) == (
        unit.pk,
        "市公安局",
        "市警务局",
        "云江市警务局",
    )
    days = (date(2020, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    assert [unit_names(day, government.pk)[unit.pk] for day in days] == ["市公安局", "市公安局", "市警务局"]
    assert unit_full_names(days[1])[unit.pk] == "云江市公安局"
    assert {alias.text for alias in UnitAlias.objects.filter(unit=unit)} >= {
        "市公安局",
        "市警务局",
        "云江市警务局",
    }
    assert UnitSuccession.objects.values_list("from_unit", "to_unit", "kind", "basis").get() == (
        unit.pk, unit.pk, "rename", BASIS,
    )  # fmt: skip
    assert kinds_since(before) == ["unit.renamed"]


def test_old_and_new_name_both_resolve_in_documents(government):
    rename(unit_of(government, "市公安局"))

    owners = {text: key for text, key, _ in unit_directory(government, TODAY).surfaces()}

    assert (owners["市公安局"], owners["市警务局"]) == ("市公安局", "市公安局")


def test_rename_decided_in_advance_shows_from_its_day_on(government):
    unit = unit_of(government, "市公安局")
    rename(unit, on=JULY)
    today = Unit.objects.get(pk=unit.pk).name

    changed = [refresh_unit_names(now=NOW), refresh_unit_names(now=datetime.combine(JULY, NOW.timetz()))]

    assert (today, changed, Unit.objects.get(pk=unit.pk).name) == ("市公安局", [0, 1], "市警务局")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": "市公安局", "full_name": "云江市公安局"}, "succession.same_name"),
        ({"name": "市教育局"}, "succession.name_taken"),
        ({"basis": " "}, "succession.no_basis"),
    ],
)
def test_rename_is_refused(government, more, code):
    with pytest.raises(Invalid) as refused:
        rename(unit_of(government, "市公安局"), **more)

    assert refused.value.message.code == code
    assert unit_of(government, "市公安局").dated_names.count() == 1


def test_second_rename_must_come_after_the_first(government):
    unit = unit_of(government, "市公安局")
    rename(unit)

    with pytest.raises(Invalid) as refused:
        rename(unit, "市治安局")

    assert refused.value.message.params == {"since": "2026-02-01"}


def test_merged_units_are_answered_for_by_the_receiver_from_the_day_on(government):
    a, b, c = (unit_of(government, name).pk for name in ("市公安局", "市司法局", "市民政局"))
    before = last_seq()

    merge(government, "市公安局", into="市司法局")
    merge(government, "市司法局", into="市民政局", on=date(2026, 9, 1))

    days = (JULY - timedelta(days=1), JULY, date(2026, 9, 1))
    assert [answering_unit_ids([a, b, c], day) for day in days] == [
        {a: a, b: b, c: c},
        {a: b, b: b, c: c},
        {a: c, b: c, c: c},
    ]
    assert [answered_for_ids(c, day) for day in days] == [{c}, {c}, {a, b, c}]
    assert [[unit.pk for unit in successors(Unit.objects.get(pk=a), day)] for day in days] == [[a], [b], [c]]
    assert [Unit.objects.in_force(day).filter(pk__in=[a, b, c]).count() for day in days] == [3, 2, 1]
    assert kinds_since(before) == ["unit.merged", "unit.merged"]


def test_merger_closes_posts_and_memberships_from_the_day_on(government):
    acting = someone(PostRole.LIAISON, unit_of(government, "市公安局"))
    merge(government, "市公安局", "市司法局", into="市民政局")

    post, held = Post.objects.get(pk=acting.post), Appointment.objects.get()
    assert (post.to_on, held.to_on) == (JULY, JULY)
    departments = [group_members(government, day)["各部门"] for day in (TODAY, JULY)]
    assert [{"市公安局", "市司法局"} <= set(found) for found in departments] == [True, False]
    from tests.building import account_of

    user = account_of(acting)
    assert [len(seats_of(user, day)) for day in (TODAY, JULY)] == [1, 0]


def test_split_adds_receivers_and_abolition_without_one_leaves_none(government):
    a, b, c = (unit_of(government, name) for name in ("市公安局", "市司法局", "市民政局"))
    UnitSuccession.objects.create(from_unit=a, to_unit=b, on=JULY, kind="split", basis=BASIS)
    UnitSuccession.objects.create(from_unit=c, to_unit=None, on=JULY, kind="abolish", basis=BASIS)

    assert set(successors(a, JULY)) == {a, b}
    assert successors(c, JULY) == ()
    assert answering_unit_ids([a.pk, c.pk], JULY) == {a.pk: a.pk, c.pk: c.pk}


def test_unit_ends_once_and_takes_no_rename_and_no_unit_after(government):
    merge(government, "市公安局", into="市司法局")
    gone = unit_of(government, "市公安局")

    for act in (
        lambda: merge(government, "市公安局", into="市民政局"),
        lambda: merge(government, "市民政局", into="市公安局"),
        lambda: rename(gone),
    ):
        with pytest.raises(Conflict):
            act()
    with pytest.raises(Invalid):
        merge(government, "市民政局", into="市民政局")


@pytest.mark.parametrize(
    "role", [PostRole.SECURITY_ADMIN, PostRole.AUDITOR, PostRole.LIAISON, PostRole.CITY_LEADER]
)
def test_others_do_not_rename_or_merge(government, role):
    by = someone(role, government)

    with pytest.raises(NotAllowed):
        rename(unit_of(government, "市公安局"), by=by)
    with pytest.raises(NotAllowed):
        merge(government, "市公安局", into="市司法局", by=by)


def test_answers_cost_one_query(government, django_assert_num_queries):
    merge(government, "市公安局", "市司法局", into="市民政局")
    units = list(government.units.values_list("pk", flat=True))

    with django_assert_num_queries(1):
        answering_unit_ids(units, JULY)
    with django_assert_num_queries(1):
        unit_names(JULY, government.pk)
