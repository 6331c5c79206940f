"""The lives of things as tables; every interface and operation asks `decide`, nobody else moves a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from duban.domain.errors import Conflict
from duban.domain.messages import Message

Labels = Mapping[str, tuple[str, str]]


class Step(NamedTuple):
    """One move: what is done, in which states it may be done, and the state after it."""

    action: str
    frm: frozenset[str]
    to: str


@dataclass(frozen=True, slots=True)
class Table:
    """A life: where it starts, its steps, and the Chinese and English names of states and actions."""

    name: str
    start: str
    steps: tuple[Step, ...]
    states: Labels
    actions: Labels

    @property
    def final(self) -> frozenset[str]:
        """The states without a way out."""
        return frozenset(self.states) - {state for step in self.steps for state in step.frm}

    def open_to(self, state: str) -> tuple[str, ...]:
        """The actions possible in a state, in the order of the table."""
        return tuple(step.action for step in self.steps if state in step.frm)


def decide(table: Table, state: str, action: str) -> str:
    """The state after `action`; raises Conflict (workflow.not_now) when the state does not allow it.

    A state or action unknown to the table is a bug and raises KeyError.
    """
    (state_zh, state_en), (action_zh, action_en) = table.states[state], table.actions[action]
    for step in table.steps:
        if step.action == action and state in step.frm:
            return step.to
    said = {"state": state_zh, "action": action_zh, "state_en": state_en, "action_en": action_en}
    raise Conflict(Message("workflow.not_now", said))


def step(action: str, *frm: str, to: str) -> Step:
    """A step, written as it is read."""
    return Step(action, frozenset(frm), to)


OBLIGATION: Final = Table(
    name="obligation",
    start="owed",
    steps=(
        step("send", "owed", "returned", to="sent"),
        step("accept", "sent", to="accepted"),
        step("return", "sent", to="returned"),
        step("withdraw", "sent", to="owed"),
        step("reopen", "accepted", to="returned"),
        step("exempt", "owed", "returned", to="exempt"),
        step("restore", "exempt", to="owed"),
    ),
    states={
        "owed": ("未报", "owed"),
        "sent": ("已报", "sent"),
        "accepted": ("已通过", "accepted"),
        "returned": ("已退回", "returned"),
        "exempt": ("免报", "exempt"),
    },
    actions={
        "send": ("报送", "send"),
        "accept": ("通过", "accept"),
        "return": ("退回", "return"),
        "withdraw": ("撤回", "withdraw"),
        "reopen": ("重新退回", "reopen"),
        "exempt": ("免报", "exempt"),
        "restore": ("恢复应报", "restore"),
    },
)

PERIOD: Final = Table(
    name="period",
    start="planned",
    steps=(
        step("open", "planned", to="open"),
        step("close", "open", to="closed"),
        step("reopen", "closed", to="open"),
        step("seal", "closed", to="sealed"),
    ),
    states={
        "planned": ("未开始", "planned"),
        "open": ("报送中", "open"),
        "closed": ("已截止", "closed"),
        "sealed": ("已封存", "sealed"),
    },
    actions={
        "open": ("开始报送", "open"),
        "close": ("截止报送", "close"),
        "reopen": ("重新开放", "reopen"),
        "seal": ("封存", "seal"),
    },
)

ORDER: Final = Table(
    name="order",
    start="drafted",
    steps=(
        step("submit", "drafted", to="submitted"),
        step("return", "submitted", to="drafted"),
        step("approve", "submitted", to="approved"),
        step("serve", "approved", to="served"),
        step("sign_for", "served", to="signed_for"),
        step("answer", "signed_for", to="answered"),
        step("reject", "answered", to="served"),
        step("close", "answered", to="closed"),
        step("withdraw", "drafted", "submitted", "approved", to="withdrawn"),
    ),
    states={
        "drafted": ("拟稿", "drafted"),
        "submitted": ("送审", "submitted"),
        "approved": ("已签发", "approved"),
        "served": ("已送达", "served"),
        "signed_for": ("已签收", "signed for"),
        "answered": ("已回复", "answered"),
        "closed": ("已办结", "closed"),
        "withdrawn": ("已撤销", "withdrawn"),
    },
    actions={
        "submit": ("送审", "submit"),
        "return": ("退回修改", "return"),
        "approve": ("签发", "approve"),
        "serve": ("送达", "serve"),
        "sign_for": ("签收", "sign for"),
        "answer": ("回复", "answer"),
        "reject": ("退回重办", "reject"),
        "close": ("办结", "close"),
        "withdraw": ("撤销", "withdraw"),
    },
)

CHANGE: Final = Table(
    name="change",
    start="asked",
    steps=(
        step("grant", "asked", to="granted"),
        step("refuse", "asked", to="refused"),
    ),
    states={
        "asked": ("待批", "asked"),
        "granted": ("同意", "granted"),
        "refused": ("不同意", "refused"),
    },
    actions={
        "grant": ("同意", "grant"),
        "refuse": ("不同意", "refuse"),
    },
)

INSTRUCTION_ITEM: Final = Table(
    name="item",
    start="open",
    steps=(
        step("answer", "open", to="answered"),
        step("close", "answered", to="closed"),
        step("return", "answered", to="open"),
        step("drop", "open", "answered", to="dropped"),
        step("reopen", "closed", "dropped", to="open"),
    ),
    states={
        "open": ("待回复", "to be answered"),
        "answered": ("已回复", "answered"),
        "closed": ("已办结", "closed"),
        "dropped": ("不再办理", "dropped"),
    },
    actions={
        "answer": ("回复", "answer"),
        "close": ("办结", "close"),
        "return": ("退回重办", "return"),
        "drop": ("不再办理", "drop"),
        "reopen": ("恢复办理", "reopen"),
    },
)

PART: Final = Table(
    name="part",
    start="asked",
    steps=(
        step("give", "asked", to="given"),
        step("return", "given", to="asked"),
        step("withdraw", "asked", "given", to="withdrawn"),
    ),
    states={
        "asked": ("待提供", "asked for"),
        "given": ("已提供", "given"),
        "withdrawn": ("已撤回", "withdrawn"),
    },
    actions={
        "give": ("提供", "give"),
        "return": ("退回补充", "return"),
        "withdraw": ("撤回", "withdraw"),
    },
)

TABLES: Final = (OBLIGATION, PERIOD, ORDER, CHANGE, INSTRUCTION_ITEM, PART)
