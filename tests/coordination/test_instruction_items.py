"""批示事项: what an instruction asks of units, who does what with it, and the clock that follows."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.building import another_city, kinds_since, last_seq, someone
from tests.building_papers import instruction_of, items_given
from tests.building_year import Year, moment, small_year

from duban.coordination.items import ItemEntry, add_items, close_instruction, move_item
from duban.coordination.models import InstructionItem, UpwardPaper
from duban.coordination.operations import PaperEntry, correct_paper, register_paper, void_paper
from duban.coordination.queries import items_of_list, items_of_task, items_of_unit
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, PostRole
from duban.history.models import Event
from duban.history.presenters import lines
from duban.overview.todo import todo

pytestmark = pytest.mark.django_db
DUE = date(2026, 4, 30)
LEAD, OTHER = "市民政局", "市财政局"


@pytest.fixture
def year() -> Year:
    return small_year("assigned")


def stepped(item, action: str, text: str = "照办", by=CONSOLE, day: int = 20):
    return move_item(item=item, revision=item.revision, action=action, text=text, by=by, now=moment(4, day))


def clock(paper) -> tuple[date | None, str]:
    paper.refresh_from_db()
    return paper.done_on, paper.result


def test_the_whole_walk_of_an_instruction_and_its_clock(year):
    paper = instruction_of(year)
    liaison = someone(PostRole.LIAISON, year.unit(LEAD))
    before = last_seq()
    first, second = items_given(year, paper)
    walk = [clock(paper)]
    first = stepped(first, "answer", "已选址", by=liaison)
    first = stepped(first, "return", "没有写明开工日期")
    first = stepped(first, "answer", "5月10日开工", day=21)
    first = stepped(first, "close", "5月10日开工，属实", day=22)
    walk.append(clock(paper))
    second = stepped(second, "drop", "并入第一项", day=23)
    walk.append(clock(paper))
    second = stepped(second, "reopen", "仍须单独报告", day=24)
    walk.append(clock(paper))
    second = stepped(second, "drop", "已另文报告", day=25)
    walk.append(clock(paper))

    ended = "5月10日开工，属实"
    assert walk == [
        (None, ""), (None, ""), (date(2026, 4, 23), ended), (None, ""), (date(2026, 4, 25), ended),
    ]  # fmt: skip
    assert [
        (i.unit.name, i.task.key, i.state, i.answer, i.answered_on, i.on_behalf, i.result, i.closed_on, i.revision)
        for i in InstructionItem.objects.order_by("pk")
    ] == [
        (LEAD, "3", "closed", "5月10日开工", date(2026, 4, 21), True, ended, date(2026, 4, 22), 5),
        (OTHER, "3", "dropped", "", None, False, "已另文报告", date(2026, 4, 25), 4),
    ]  # fmt: skip
    assert kinds_since(before) == [
        "item.added", "item.added", "item.answer", "item.return", "item.answer", "item.close", "item.drop",
        "item.reopen", "item.drop",
    ]  # fmt: skip
    assert first.seq == Event.objects.get(kind="item.close").seq
    said = [
        str(line.sentence) for line in lines(Event.objects.filter(kind__startswith="item.").order_by("seq"))
    ]
    assert said[0] == "分解批示事项（批示第8号）：落实选址，由市民政局办理，2026-04-30 前回复"
    assert said[5] == "批示事项办结（批示第8号）：5月10日开工，属实"
    assert {event.task_id for event in Event.objects.filter(kind__startswith="item.")} == {first.task_id}


def test_an_answer_of_the_unit_is_its_own_and_one_by_the_office_on_behalf(year):
    item, _ = items_given(year)
    by = someone(PostRole.HANDLER, year.unit(LEAD))

    own = stepped(item, "answer", by=by)
    again = stepped(stepped(own, "return"), "answer")

    assert (own.on_behalf, again.on_behalf, again.result) == (False, True, "")


def test_items_are_added_all_or_none(year):
    paper = instruction_of(year)
    good = ItemEntry("落实选址", year.unit(LEAD), DUE)
    elsewhere = another_city().units.first()
    bad = {
        "none": [],
        "blank": [good, ItemEntry("  ", year.unit(OTHER), DUE)],
        "long": [good, ItemEntry("长" * 201, year.unit(OTHER), DUE)],
        "foreign": [good, ItemEntry("资金", elsewhere, DUE)],
        "early": [good, ItemEntry("资金", year.unit(OTHER), paper.dated - timedelta(days=1))],
        "marked": [good, ItemEntry("机密★10年", year.unit(OTHER), DUE)],
    }
    before = last_seq()
    refused = {}
    for name, entries in bad.items():
        with pytest.raises(Invalid) as caught:
            add_items(paper=paper, revision=1, entries=entries, by=CONSOLE, now=moment(4, 16))
        refused[name] = caught.value.message.code

    assert refused == {
        "none": "items.none_written",
        "blank": "items.incomplete",
        "long": "items.incomplete",
        "foreign": "items.incomplete",
        "early": "items.due_before_dated",
        "marked": refused["marked"],
    }
    assert refused["marked"].startswith(("secrecy.", "draft."))
    assert (InstructionItem.objects.count(), kinds_since(before)) == (0, [])


def test_only_an_instruction_in_force_is_broken_down_or_closed(year):
    entry = PaperEntry("request", "1号", date(2026, 4, 1), LEAD, "用地")
    request = register_paper(task_list=year.list, entry=entry, by=CONSOLE, now=moment(4, 1))
    struck, item = instruction_of(year, "批1"), items_given(year, instruction_of(year, "批2"))[0]
    act = {"by": CONSOLE, "now": moment(4, 18)}
    for paper in (struck, item.paper):
        paper.refresh_from_db()
        void_paper(paper=paper, revision=paper.revision, reason="误登", **act)
    entries = [ItemEntry("落实选址", year.unit(LEAD), DUE)]

    for paper, kind in ((request, Invalid), (struck, Conflict)):
        with pytest.raises(kind):
            add_items(paper=paper, revision=1, entries=entries, **act)
        with pytest.raises(kind):
            close_instruction(paper=paper, revision=1, result="办结", **act)
    with pytest.raises(Conflict, match="作废"):
        stepped(item, "answer")


def test_two_at_once_the_second_is_refused(year):
    paper = instruction_of(year)
    entries = [ItemEntry("落实选址", year.unit(LEAD), DUE)]
    act = {"by": CONSOLE, "now": moment(4, 16)}
    [item] = add_items(paper=paper, revision=1, entries=entries, **act)
    before = last_seq()

    with pytest.raises(Conflict):
        add_items(paper=paper, revision=1, entries=entries, **act)
    answered = stepped(item, "answer")
    with pytest.raises(Conflict, match="他人"):
        stepped(item, "drop")
    with pytest.raises(Conflict):
        close_instruction(paper=paper, revision=1, result="办结", **act)

    assert (kinds_since(before), InstructionItem.objects.get().state) == (["item.answer"], answered.state)


def test_the_last_two_items_of_an_instruction_wait_for_one_another(year):
    if connection.vendor == "sqlite":
        pytest.skip("every transaction is IMMEDIATE there")
    item, _ = items_given(year)

    with CaptureQueriesContext(connection) as captured:
        stepped(item, "answer")

    locks = [row["sql"] for row in captured if "FOR UPDATE" in row["sql"]]
    assert [lock.rsplit("FOR UPDATE", 1)[1] for lock in locks] == [
        ' OF "coordination_upwardpaper"', ' OF "coordination_instructionitem"',
    ]  # fmt: skip


def test_who_does_what_with_an_item(year):
    own, theirs = year.unit(LEAD), year.unit("市教育局")
    seats = {
        "office": someone(PostRole.SUPERVISOR, year.government),
        "director": someone(PostRole.OFFICE_DIRECTOR, year.government),
        "leader": someone(PostRole.CITY_LEADER, year.government),
        "secretary": someone(PostRole.LEADER_SECRETARY, year.government),
        "own": someone(PostRole.LIAISON, own),
        "theirs": someone(PostRole.LIAISON, theirs),
        "auditor": someone(PostRole.AUDITOR, year.government),
    }
    paper = instruction_of(year)
    item, _ = items_given(year, paper)

    def allowed(act) -> bool:
        try:
            with transaction.atomic():
                act()
                transaction.set_rollback(True)
        except NotAllowed:
            return False
        return True

    entries = [ItemEntry("资金", own, DUE)]
    table = {
        name: [
            allowed(lambda by=by: add_items(paper=paper, revision=2, entries=entries, by=by, now=moment(4, 20))),
            allowed(lambda by=by: stepped(item, "answer", by=by)),
            allowed(lambda by=by: stepped(item, "drop", by=by)),
        ]
        for name, by in seats.items()
    }  # fmt: skip

    nothing = [False] * 3
    assert table == {
        "office": [True] * 3, "director": [True] * 3, "leader": nothing, "secretary": nothing,
        "own": [False, True, False], "theirs": nothing, "auditor": nothing,
    }  # fmt: skip


def test_who_sees_which_items(year):
    items_given(year)
    today = date(2026, 5, 2)
    seats = {
        "leader": someone(PostRole.CITY_LEADER, year.government),
        LEAD: someone(PostRole.LIAISON, year.unit(LEAD)),
        OTHER: someone(PostRole.LIAISON, year.unit(OTHER)),
        "市教育局": someone(PostRole.LIAISON, year.unit("市教育局")),
        "auditor": someone(PostRole.AUDITOR, year.government),
        "elsewhere": someone(PostRole.SUPERVISOR, another_city()),
    }

    def names(by) -> tuple[list[str], ...]:
        listed = [row for rows in items_of_list(year.list.pk, by, today).values() for row in rows]
        of_task = items_of_task(year.task("3").pk, by, today)
        of_unit = items_of_unit(year.list.pk, year.unit(LEAD).pk, by, today)
        return tuple([row.unit_name for row in rows] for rows in (listed, of_task, of_unit))

    assert {name: names(by) for name, by in seats.items()} == {
        "leader": ([LEAD, OTHER], [LEAD, OTHER], [LEAD]),
        LEAD: ([LEAD], [LEAD], [LEAD]),
        OTHER: ([OTHER], [OTHER], []),
        "市教育局": ([], [], []),
        "auditor": ([], [], []),
        "elsewhere": ([], [], []),
    }


def test_steps_need_words_and_the_table(year):
    item, _ = items_given(year)
    for text in ("", "  ", "长" * 301):
        with pytest.raises(Invalid):
            stepped(item, "answer", text)
    with pytest.raises(Invalid):
        stepped(item, "answer", "机密★10年")

    refused = {}
    for state in ("open", "answered", "closed"):
        item = {"open": item, "answered": None, "closed": None}[state] or stepped(
            item, {"answered": "answer", "closed": "close"}[state]
        )
        refused[state] = []
        for action in ("answer", "close", "return", "drop", "reopen"):
            with transaction.atomic():
                try:
                    stepped(item, action)
                except Conflict:
                    refused[state].append(action)
                transaction.set_rollback(True)

    assert refused == {
        "open": ["close", "return", "reopen"],
        "answered": ["answer", "reopen"],
        "closed": ["answer", "close", "return", "drop"],
    }


def test_an_instruction_without_items_is_closed_with_its_result_until_one_is_added(year):
    paper = instruction_of(year)
    act = {"paper": paper, "by": CONSOLE, "now": moment(4, 18)}
    for result in ("", "长" * 301):
        with pytest.raises(Invalid):
            close_instruction(revision=1, result=result, **act)
    closed = close_instruction(revision=1, result="已阅示落实", **act)
    with pytest.raises(Conflict, match="已办结"):
        close_instruction(revision=2, result="再办", **act)
    stopped = clock(paper)
    entries = [ItemEntry("落实选址", year.unit(LEAD), DUE)]
    add_items(revision=2, entries=entries, **act)
    with pytest.raises(Conflict, match="逐项"):
        close_instruction(revision=3, result="办结", **act)

    assert (closed.revision, stopped, clock(paper)) == (2, (date(2026, 4, 18), "已阅示落实"), (None, ""))
    assert json.loads(Event.objects.get(kind="paper.closed").body) == {
        "number": "批示第8号", "result": "已阅示落实",
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        close_instruction(
            revision=3, result="x", **(act | {"by": someone(PostRole.CITY_LEADER, year.government)})
        )


def test_items_follow_their_instruction_to_another_task(year):
    paper = instruction_of(year)
    items_given(year, paper)
    paper.refresh_from_db()
    entry = PaperEntry(
        "instruction", paper.number, paper.dated, paper.sender, paper.subject, task=year.task("2")
    )

    correct_paper(paper=paper, revision=paper.revision, entry=entry, by=CONSOLE, now=moment(4, 20))

    assert set(InstructionItem.objects.values_list("task__key", flat=True)) == {"2"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"what": ""},
        {"state": "answered"},
        {"state": "answered", "answered_on": DUE},
        {"answered_on": DUE, "answer": "已办"},
        {"state": "closed", "answer": "已办", "answered_on": DUE, "closed_on": DUE},
        {"state": "closed", "result": "办结", "closed_on": DUE},
        {"state": "dropped", "closed_on": DUE},
        {"state": "dropped", "result": "并入"},
        {"closed_on": DUE},
    ],
)
def test_the_database_refuses(year, wrong):
    item, _ = items_given(year)

    with pytest.raises(IntegrityError), transaction.atomic():
        InstructionItem.objects.filter(pk=item.pk).update(**wrong)


def test_to_do_of_the_unit_and_of_the_office(year):
    item, other = items_given(year)
    liaison, office = (
        someone(PostRole.LIAISON, year.unit(LEAD)),
        someone(PostRole.SUPERVISOR, year.government),
    )

    def waits(by, day: date) -> list[tuple]:
        rows = todo([by], day)
        return [
            (row.kind, row.text, row.count, row.total, row.due_on, row.late)
            for row in rows
            if row.kind in ("item", "items")
        ]

    eve, after = DUE, DUE + timedelta(days=3)
    first = [waits(liaison, eve), waits(office, eve), waits(office, after)]
    stepped(item, "answer")
    second = [waits(liaison, after), waits(office, after)]
    stepped(other, "drop")
    third = waits(office, after)
    UpwardPaper.objects.update(void_on=DUE, void_reason="误登")

    assert first == [
        [("item", "落实选址", 0, 0, DUE, 0)],
        [("items", "", 2, 0, DUE, 0)],
        [("items", "", 2, 2, DUE, 3)],
    ]
    assert second == [[], [("items", "", 2, 1, DUE, 3)]]
    assert third == [("items", "", 1, 0, None, 0)]
    assert waits(office, after) == []


def test_readings_cost_the_same_however_many_items(year):
    office = someone(PostRole.SUPERVISOR, year.government)
    liaison = someone(PostRole.LIAISON, year.unit(LEAD))
    paper = instruction_of(year)
    today = date(2026, 5, 2)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            items_of_list(year.list.pk, office, today)
            items_of_unit(year.list.pk, year.unit(LEAD).pk, office, today)
            items_of_task(year.task("3").pk, liaison, today)
            todo([office, liaison], today)
        return len(captured)

    items_given(year, paper)
    one = cost()
    paper.refresh_from_db()
    entries = [ItemEntry(f"事项{n}", year.unit(LEAD), DUE) for n in range(20)]
    add_items(paper=paper, revision=paper.revision, entries=entries, by=CONSOLE, now=moment(4, 16))

    assert cost() == one
