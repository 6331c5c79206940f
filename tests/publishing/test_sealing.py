from __future__ import annotations

import pytest
from tests.building import someone
from tests.building_year import moment, small_year

from duban.domain.errors import Conflict
from duban.domain.posts import CONSOLE, PostRole
from duban.progress.operations import move_period
from duban.publishing.models import Snapshot
from duban.publishing.operations import seal
from duban.publishing.queries import figures_of

pytestmark = pytest.mark.django_db


def test_sealing_freezes_the_figures_in_the_same_step_and_only_a_closed_period_is_sealed():
    year = small_year("determined")

    with pytest.raises(Conflict):
        seal(period=year.period, by=CONSOLE, now=moment(4, 20))
    untouched = Snapshot.objects.count()
    move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 20))
    snapshot = seal(period=year.period, sure=True, by=CONSOLE, now=moment(4, 20))

    year.period.refresh_from_db()
    assert (untouched, year.period.state) == (0, "sealed")
    assert Snapshot.objects.get().pk == snapshot.pk


@pytest.mark.parametrize(
    ("until", "sure", "code"),
    [
        ("sent", True, "supervision.unreviewed"),
        ("judged", True, "supervision.undetermined"),
        ("determined", False, "progress.seal_unfinished"),
    ],
)
def test_unfinished_period_is_not_sealed_by_one_click(until, sure, code):
    year = small_year(until)
    move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 20))

    with pytest.raises(Conflict) as refused:
        seal(period=year.period, sure=sure, by=CONSOLE, now=moment(4, 20))

    year.period.refresh_from_db()
    assert (refused.value.message.code, year.period.state, Snapshot.objects.count()) == (code, "closed", 0)


def test_papers_name_the_office_s_contact_only_where_there_is_exactly_one():
    from duban.directory.models import Person

    year = small_year("determined")
    first = someone(PostRole.SUPERVISOR, year.government)
    Person.objects.filter(pk=first.person).update(phone="0000-1001")

    one = figures_of(year.period).head
    second = someone(PostRole.SUPERVISOR, year.government)
    Person.objects.filter(pk=second.person).update(phone="0000-1002")
    two = figures_of(year.period).head

    assert (one.phone, two.contact, two.phone) == ("0000-1001", "", "")
