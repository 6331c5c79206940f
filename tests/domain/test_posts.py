from __future__ import annotations

from duban.domain.posts import ADMINISTRATORS, CONSOLE, OWN_UNIT, WHOLE_GOVERNMENT, Acting, PostRole


def test_every_role_sees_one_thing_alone():
    found = {
        role: (acting.sees_whole_government, acting.sees_own_unit, acting.administers)
        for role in PostRole
        for acting in [Acting("", role=role)]
    }

    assert found == {
        **dict.fromkeys(WHOLE_GOVERNMENT, (True, False, False)),
        **dict.fromkeys(OWN_UNIT, (False, True, False)),
        **dict.fromkeys(ADMINISTRATORS, (False, False, True)),
    }


def test_console_sees_nothing_and_is_nobody():
    assert Acting("命令行", console=True) == CONSOLE
    assert (CONSOLE.sees_whole_government, CONSOLE.sees_own_unit, CONSOLE.administers) == (
        False,
        False,
        False,
    )
