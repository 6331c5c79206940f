from __future__ import annotations

from itertools import product

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from duban.domain.errors import Conflict
from duban.domain.messages import LANGUAGES
from duban.domain.phrases_judging import PHRASES
from duban.domain.workflow import CHANGE, OBLIGATION, ORDER, PERIOD, TABLES, decide

BY_NAME = {table.name: table for table in TABLES}


def moves(table):
    found = set()
    for state, action in product(table.states, table.actions):
        try:
            found.add((state, action, decide(table, state, action)))
        except Conflict:
            continue
    return found


def test_exactly_these_moves_are_allowed():
    assert {table.name: moves(table) for table in TABLES} == {
        "obligation": {
            ("owed", "send", "sent"),
            ("returned", "send", "sent"),
            ("sent", "accept", "accepted"),
            ("sent", "return", "returned"),
            ("sent", "withdraw", "owed"),
            ("accepted", "reopen", "returned"),
            ("owed", "exempt", "exempt"),
            ("returned", "exempt", "exempt"),
            ("exempt", "restore", "owed"),
        },
        "period": {
            ("planned", "open", "open"),
            ("open", "close", "closed"),
            ("closed", "reopen", "open"),
            ("closed", "seal", "sealed"),
        },
        "order": {
            ("drafted", "submit", "submitted"),
            ("submitted", "return", "drafted"),
            ("submitted", "approve", "approved"),
            ("approved", "serve", "served"),
            ("served", "sign_for", "signed_for"),
            ("signed_for", "answer", "answered"),
            ("answered", "reject", "served"),
            ("answered", "close", "closed"),
            ("drafted", "withdraw", "withdrawn"),
            ("submitted", "withdraw", "withdrawn"),
            ("approved", "withdraw", "withdrawn"),
        },
        "change": {("asked", "grant", "granted"), ("asked", "refuse", "refused")},
        "item": {
            ("open", "answer", "answered"),
            ("answered", "close", "closed"),
            ("answered", "return", "open"),
            ("open", "drop", "dropped"),
            ("answered", "drop", "dropped"),
            ("closed", "reopen", "open"),
            ("dropped", "reopen", "open"),
        },
        "part": {
            ("asked", "give", "given"),
            ("given", "return", "asked"),
            ("asked", "withdraw", "withdrawn"),
            ("given", "withdraw", "withdrawn"),
        },
    }


def test_starts_and_ends_of_every_life():
    assert {table.name: (table.start, table.final) for table in TABLES} == {
        "obligation": ("owed", set()),
        "period": ("planned", {"sealed"}),
        "order": ("drafted", {"closed", "withdrawn"}),
        "change": ("asked", {"granted", "refused"}),
        "item": ("open", set()),
        "part": ("asked", {"withdrawn"}),
    }


def test_actions_open_to_a_state_are_in_the_order_of_the_table():
    assert [OBLIGATION.open_to("sent"), PERIOD.open_to("closed"), CHANGE.open_to("granted")] == [
        ("accept", "return", "withdraw"),
        ("reopen", "seal"),
        (),
    ]


def test_a_refusal_names_state_and_action_in_both_languages():
    with pytest.raises(Conflict) as refused:
        decide(ORDER, "closed", "serve")

    message = refused.value.message
    assert [PHRASES[message.code][i].format(**message.params) for i in range(len(LANGUAGES))] == [
        "当前为“已办结”，不能“送达”。",
        "It is “closed” now, so “serve” is not possible.",
    ]


@pytest.mark.parametrize(("state", "action"), [("nowhere", "send"), ("owed", "dance")])
def test_an_unknown_word_is_a_bug(state, action):
    with pytest.raises(KeyError):
        decide(OBLIGATION, state, action)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_closed_reachable_and_without_two_answers(table):
    used = {state for step in table.steps for state in (*step.frm, step.to)}
    pairs = [(state, step.action) for step in table.steps for state in step.frm]
    reached = {table.start, *(step.to for step in table.steps)}

    assert (used, {s.action for s in table.steps}, len(pairs), reached) == (
        set(table.states),
        set(table.actions),
        len(set(pairs)),
        set(table.states),
    )
    assert all(zh and en for zh, en in (*table.states.values(), *table.actions.values()))


class Lives(RuleBasedStateMachine):
    """Any hand pressing any button in any order."""

    @initialize(name=st.sampled_from(sorted(BY_NAME)))
    def begin(self, name):
        self.table = BY_NAME[name]
        self.state = self.table.start

    @rule(data=st.data())
    def press(self, data):
        action = data.draw(st.sampled_from(sorted(self.table.actions)))
        possible = action in self.table.open_to(self.state)
        try:
            after = decide(self.table, self.state, action)
        except Conflict:
            assert not possible
        else:
            assert possible
            assert self.state not in self.table.final
            self.state = after

    @precondition(lambda self: self.state in self.table.final)
    @rule()
    def final_states_have_no_way_out(self):
        assert self.table.open_to(self.state) == ()

    @invariant()
    def never_leaves_the_table(self):
        assert self.state in self.table.states


test_no_path_leaves_its_table = Lives.TestCase
