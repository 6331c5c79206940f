from __future__ import annotations

from duban.domain.posts import CONSOLE, Acting, PostRole


def test_only_the_office_and_the_console_run_the_office():
    runs = {role for role in PostRole if Acting("x", person=1, post=1, role=role).runs_office}

    assert runs == {PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR}
    assert CONSOLE.runs_office
    assert not Acting("").runs_office
