from __future__ import annotations

import pytest
from tests.building_year import moment, small_year

from duban.domain.errors import Conflict
from duban.domain.posts import CONSOLE
from duban.progress.operations import move_period
from duban.publishing.models import Snapshot
from duban.publishing.operations import seal

pytestmark = pytest.mark.django_db


def test_sealing_freezes_the_figures_in_the_same_step_and_only_a_closed_period_is_sealed():
    year = small_year("determined")

    with pytest.raises(Conflict):
        seal(period=year.period, by=CONSOLE, now=moment(4, 20))
    untouched = Snapshot.objects.count()
    move_period(period=year.period, action="close", by=CONSOLE, now=moment(4, 20))
    snapshot = seal(period=year.period, by=CONSOLE, now=moment(4, 20))

    year.period.refresh_from_db()
    assert (untouched, year.period.state) == (0, "sealed")
    assert Snapshot.objects.get().pk == snapshot.pk
