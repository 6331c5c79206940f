from __future__ import annotations

from itertools import permutations

import pytest

from duban.domain.responsibilities import Duty, Printed, derive
from duban.domain.tasklist.records import Role

LEAD, MAIN, SUPPORT = Role.LEAD, Role.MAIN, Role.SUPPORT
MEMBERS = {"各区": ("东区", "西区"), "各单位": ()}


def named(key: str, role: Role, origin: int) -> Printed:
    return Printed(key, role, collective=False, origin=origin)


def swept(key: str, role: Role, origin: int) -> Printed:
    return Printed(key, role, collective=True, origin=origin)


@pytest.mark.parametrize(
    ("printed", "duties"),
    [
        ([], ()),
        ([named("甲局", MAIN, 1)], (Duty("甲局", MAIN, (1,)),)),
        ([swept("各区", MAIN, 1)], (Duty("东区", MAIN, (1,)), Duty("西区", MAIN, (1,)))),
        ([swept("各单位", MAIN, 1)], ()),
        ([swept("没有", MAIN, 1)], ()),
        # a unit named itself keeps its own role, even a weaker one, and only its own place counts
        (
            [swept("各区", LEAD, 1), named("西区", SUPPORT, 2)],
            (Duty("东区", LEAD, (1,)), Duty("西区", SUPPORT, (2,))),
        ),
        ([named("甲局", SUPPORT, 1), named("甲局", MAIN, 2)], (Duty("甲局", MAIN, (1, 2)),)),
        ([swept("各区", SUPPORT, 1), swept("各区", MAIN, 2)],
         (Duty("东区", MAIN, (1, 2)), Duty("西区", MAIN, (1, 2)))),
        ([named("乙局", SUPPORT, 1), named("甲局", LEAD, 2)],
         (Duty("乙局", SUPPORT, (1,)), Duty("甲局", LEAD, (2,)))),
    ],
)  # fmt: skip
def test_derive(printed, duties):
    assert derive(printed, MEMBERS) == duties


@pytest.mark.parametrize("roles", list(permutations([LEAD, MAIN, SUPPORT])))
def test_derive_takes_the_strongest_role_in_whatever_order(roles):
    printed = [named("甲局", role, n) for n, role in enumerate(roles)]

    assert derive(printed, {}) == (Duty("甲局", LEAD, (0, 1, 2)),)
