"""Words of contracts and changes on a page. `{% load refinement_words %}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template

from duban.domain.posts import POST_LABELS, PostRole
from duban.domain.workflow import CHANGE
from duban.plans.refinement import CONTRACT
from duban.web.templatetags.year_words import Pair, pair

register = template.Library()

KINDS: Final[Mapping[str, Pair]] = {
    "deadline": ("时限", "Time limit"),
    "target": ("年度目标", "Year target"),
    "lead": ("牵头单位", "Lead unit"),
    "city_leader": ("市领导", "City leader"),
    "parked": ("暂缓（挂账）", "Parked"),
    "discontinued": ("终止（不再实施）", "Discontinued"),
    "resumed": ("恢复办理", "Taken up again"),
    "state": ("办理状态", "State"),
}
STATES: Final[Mapping[str, Pair]] = {
    "active": ("在办", "Under way"),
    "parked": ("暂缓（挂账）", "Parked"),
    "discontinued": ("终止（不再实施）", "Discontinued"),
}
BASES: Final[Mapping[str, Pair]] = {
    "instruction": ("批示", "Instruction"),
    "minutes": ("会议纪要", "Minutes"),
    "document": ("文件", "Document"),
}
UNPROPOSED: Final[Pair] = ("未提出", "not proposed")
CONTRACT_CLASSES: Final = {"agreed": "g", "returned": "r", "proposed": "y"}
CHANGE_CLASSES: Final = {"granted": "g", "refused": "r", "asked": "y"}


@register.filter
def change_kind(value: str) -> str:
    """What a kind of change is about: 时限."""
    return pair(KINDS[value])


@register.filter
def kept_value(value: str, kind: str) -> str:
    """A value of an adjustment as people read it; 未定 for none."""
    if kind in ("state", "parked", "discontinued", "resumed"):
        return pair(STATES[value])
    return value or pair(("未定", "none"))


@register.filter
def basis_word(value: str) -> str:
    """批示, 会议纪要 or 文件."""
    return pair(BASES[value])


@register.filter
def contract_word(state: str) -> str:
    """The state of a contract, 未提出 where there is none."""
    return pair(CONTRACT.states[state] if state else UNPROPOSED)


@register.filter
def contract_class(state: str) -> str:
    """The class that colours the state of a contract."""
    return CONTRACT_CLASSES.get(state, "o")


@register.filter
def change_word(state: str) -> str:
    """The state of a request."""
    return pair(CHANGE.states[state])


@register.filter
def change_class(state: str) -> str:
    """The class that colours the state of a request."""
    return CHANGE_CLASSES[state]


@register.filter
def role_word(value: str) -> str:
    """The kind of post of an approver."""
    return pair(POST_LABELS[PostRole(value)])
