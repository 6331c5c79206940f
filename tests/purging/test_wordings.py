"""What a record said before: found by its words in the events, and gone with the record's text."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
import rfc8785
from tests.building import CONSOLE, someone
from tests.building_papers import drafted as order_drafted
from tests.building_papers import instruction_of, moved, part_given, problem_of, year_of_papers
from tests.building_year import drafted, moment, opened, sent, small_year
from tests.purging.test_purging import places_of, purged

from duban.coordination.items import ItemEntry, add_items, move_item
from duban.coordination.models import InstructionItem, Problem
from duban.coordination.operations import Settling, settle_problem
from duban.domain.posts import PostRole
from duban.history.models import Event
from duban.history.queries import verify
from duban.history.triggers import lay_triggers, lift_triggers
from duban.progress.models import Part
from duban.progress.operations import review
from duban.progress.parts import give_part, return_part
from duban.purging.queries import found, thing_at
from duban.supervision.models import SupervisionOrder
from duban.supervision.operations import move_order

pytestmark = pytest.mark.django_db
FIRST, SECOND, WHY = "某处设施坐标及调度安排", "已按要求提供。", "含有不宜外传的内容"
ACT = {"by": CONSOLE, "now": moment(4, 17)}


def said_again(year) -> Part:
    """A part given with the first words, returned with a reason, and given with the second ones."""
    part = part_given(year, FIRST)
    part = return_part(part=part, revision=part.revision, reason=WHY, **ACT)
    return give_part(part=part, revision=part.revision, text=SECOND, **ACT)


def answered_again(year) -> InstructionItem:
    """An item answered with the first words, returned with a reason, and answered with the second ones."""
    entries = [ItemEntry("落实调度", year.unit("市民政局"), date(2026, 4, 30))]
    [item] = add_items(paper=instruction_of(year), revision=1, entries=entries, **ACT)
    for action, text in (("answer", FIRST), ("return", WHY), ("answer", SECOND)):
        item = move_item(item=item, revision=item.revision, action=action, text=text, **ACT)
    return item


def settled_again(problem: Problem, *results: str) -> Problem:
    for result in results:
        settling = Settling(result=result, state="solved")
        problem = settle_problem(problem=problem, revision=problem.revision, settling=settling, **ACT)
    return problem


def test_a_purged_part_takes_its_earlier_wordings_and_their_return_along():
    year = year_of_papers()
    part = said_again(year)
    before = places_of(FIRST), places_of(WHY)

    purged(year, f"part:{part.pk}")

    assert before == (["history.Event.body"], ["history.Event.body"])
    assert [places_of(words) for words in (FIRST, WHY, SECOND)] == [[], [], []]
    assert verify().faults == ()


def test_a_purged_item_takes_its_earlier_answers_along():
    year = year_of_papers()
    item = answered_again(year)

    purged(year, f"item:{item.pk}")

    assert [places_of(words) for words in (FIRST, WHY, SECOND)] == [[], [], []]
    assert verify().faults == ()


def test_short_earlier_wordings_go_from_the_events_of_the_record_alone():
    year = year_of_papers()
    problem = settled_again(problem_of(year), "甲地乙", "已协调")
    other = Problem.objects.create(
        task=problem.task, unit=problem.unit, text="别的问题", raised_on=problem.raised_on, seq=problem.seq
    )
    settled_again(other, "丙地丁", "已协调")

    purged(year, f"problem:{problem.pk}")

    assert places_of("甲地乙") == []
    assert places_of("丙地丁") == ["history.Event.body"]
    assert verify().faults == ()


def answered_order(year) -> SupervisionOrder:
    """An order answered with the first words, rejected, and answered with the second ones."""
    order = moved(order_drafted(year), "sign_for")
    on = date(2026, 4, 17)
    for action, values in (
        ("answer", {"text": FIRST, "on": on}), ("reject", {"result": WHY}), ("sign_for", {"by": "孙某某", "on": on}),
        ("answer", {"text": SECOND, "on": on}),
    ):  # fmt: skip
        order = move_order(order=order, revision=order.revision, action=action, values=values, **ACT)
    return order


@pytest.mark.parametrize("older", [False, True])
def test_a_purged_order_takes_its_earlier_answers_along(older):
    year = year_of_papers()
    order = answered_order(year)
    before = places_of(FIRST)
    if older:
        without_address(f"order:{order.pk}")

    purged(year, f"order:{order.pk}")

    assert before == ["history.Event.body"]
    assert [places_of(words) for words in (FIRST, WHY, SECOND)] == [[], [], []]


def without_address(row: str) -> None:
    """Events as they were written before they carried the address of their record: the bodies lose it."""
    lift_triggers()
    for event in Event.objects.filter(body__contains=f'"row":"{row}"'):
        body = json.loads(event.body)
        del body["row"]
        text = rfc8785.dumps(body).decode()
        digest = hashlib.sha256(text.encode()).hexdigest()
        Event.objects.filter(pk=event.pk).update(body=text, body_hash=digest)
    lay_triggers()


def test_older_events_are_known_by_what_they_say_of_the_record():
    year = year_of_papers()
    part, item = said_again(year), answered_again(year)
    without_address(f"part:{part.pk}")
    without_address(f"item:{item.pk}")

    purged(year, f"part:{part.pk}")
    purged(year, f"item:{item.pk}")

    assert [places_of(words) for words in (FIRST, WHY, SECOND)] == [[], [], []]


def test_older_events_that_two_records_may_have_caused_belong_to_neither():
    year = year_of_papers()
    problem = settled_again(problem_of(year), "甲地乙丙丁戊", "已协调")
    Problem.objects.create(
        task=problem.task, unit=problem.unit, text="别的问题", raised_on=problem.raised_on, seq=problem.seq
    )
    without_address(f"problem:{problem.pk}")

    purged(year, f"problem:{problem.pk}")

    assert places_of("甲地乙丙丁戊") == ["history.Event.body"]


def test_the_reasons_of_earlier_returns_of_a_report_go_with_its_review():
    year = small_year("planned")
    opened(year)
    drafted(year)
    sent(year)
    row = year.row("3")
    review(period=year.period, rows={row.pk: row.revision}, action="return", reason=FIRST, **ACT)
    drafted(year)
    sent(year)
    row.refresh_from_db()
    review(period=year.period, rows={row.pk: row.revision}, action="return", reason=WHY, **ACT)
    before = places_of(FIRST)

    purged(year, f"review:{row.pk}")

    assert before == ["history.Event.body"]
    assert (places_of(FIRST), places_of(WHY), verify().faults) == ([], [], ())


def test_the_search_finds_what_only_an_event_says_and_purges_it_alone():
    year = year_of_papers()
    part = said_again(year)
    office = someone(PostRole.SUPERVISOR, year.government)

    [hit] = found("坐标及", office)
    current = found("已按要求", office)
    purged(year, hit.thing.subject)

    assert (hit.event.kind, hit.event.at, "坐标及" in hit.excerpt) == ("part.give", moment(4, 15), True)
    assert [one.thing.kind.code for one in current] == ["part"]
    part.refresh_from_db()
    assert (places_of(FIRST), part.text) == ([], SECOND)
    assert (found("坐标及", office), verify().faults) == ([], ())
    assert thing_at(f"event:{Event.objects.latest('seq').pk}", year.government.pk) is None
