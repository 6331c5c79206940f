"""The system's view of a task: facts and a versioned rule give a light and one sentence with its figures.

Sources: rules.md §2.4 (10 and 30 points behind the node; nodes, never a straight line), product.md (types of task decide
the rule), ui.md principle 3 (shape, word and reason; no blended percentage). What is asked first:

1. finished: `done_on`, an event that was held, the last stage of the type -> DONE; parked or discontinued -> PENDING
2. a standing duty -> STANDING, whatever it owes
3. a floor that was breached -> LAGGING: a breach is told whatever else is missing
4. a report still owed after its day -> MISSING
5. the rule of the type: PENDING, NOT_YET, STALE, or how far behind
6. the sub-items that are behind, by number, never averaged: WARNING, LAGGING once none is on pace ("5 个分项，4 项达序时")

A node that was not reached is never stale, and an old report is never called late: what nobody has said since is
STALE, not LAGGING. A value is held against the node of its own day (`value_on`), so that a new quarter does not turn a
task red before its report is due. Where an announced day has passed and no report could say so yet, the light stays
NOT_YET.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from duban.domain.due import (
    Direction,
    Node,
    direction_of,
    in_words,
    next_node,
    plain,
    points_behind,
    reached_nodes,
    year_target,
)
from duban.domain.lights_facts import (
    LIGHTS,
    MORE_DAYS,
    PAUSED,
    PRESET,
    WORST_FIRST,
    Facts,
    Light,
    Rule,
    Verdict,
)
from duban.domain.messages import Message, render
from duban.domain.natures import STAGES, Nature
from duban.domain.periods import spoken, spoken_date

__all__ = ["LIGHTS", "PRESET", "WORST_FIRST", "Facts", "Light", "Rule", "Verdict", "judge"]

NODE_SENTENCES: Final = frozenset(
    {
        "goal_met",
        "goal_behind",
        "share_met",
        "share_behind",
        "limit_met",
        "limit_behind",
        "limit_behind_of_year",
        "limit_over",
        "value_missing",
        "value_awaited",
        "stage_met",
        "stage_late",
        "text_reported",
        "text_awaited",
        "not_yet",
        "not_yet_bare",
    }
)
ONE_DAY: Final = timedelta(days=1)
MOST_POINTS: Final = Decimal(10_000)
BEHIND: Final = frozenset({Light.WARNING, Light.LAGGING})
COUNTED: Final = BEHIND | {Light.NORMAL, Light.NOT_YET}
Answer = tuple[Light, Message]


def judge(facts: Facts, rule: Rule = PRESET) -> Verdict:
    """The light of one task on one day; the order of the questions stands at the top of this module."""
    light, message = (
        _finished(facts)
        or _breached(facts)
        or _missing(facts)
        or _with_sub_items(facts, _BY_NATURE[facts.nature](facts, rule))
    )
    return Verdict(light, message, _inputs(facts, rule, message))


def _finished(facts: Facts) -> Answer | None:
    if facts.paused:
        return Light.PENDING, Message(PAUSED)
    if facts.done_on and facts.done_on <= facts.on:
        return Light.DONE, _said("done", facts, facts.done_on)
    if facts.nature == Nature.EVENT and facts.held_on and facts.held_on <= facts.on:
        return Light.DONE, _said("held", facts, facts.held_on)
    stages = STAGES.get(facts.nature, ())
    if stages and _stage(facts) == stages[-1][0]:
        return Light.DONE, Message("lights.last_stage", _stage_words("stage", stages[-1][0]))
    if facts.nature == Nature.STANDING:
        return Light.STANDING, Message("lights.standing")
    return None


def _breached(facts: Facts) -> Answer | None:
    if facts.nature == Nature.FLOOR and facts.breached:
        return Light.LAGGING, Message("lights.breached")
    return None


def _missing(facts: Facts) -> Answer | None:
    if facts.report_due is None or facts.on <= facts.report_due:
        return None
    days = (facts.on - facts.report_due).days
    code = "report_returned" if facts.report_returned else "report_missing"
    return Light.MISSING, _said(code, facts, facts.report_due, days=days)


def _stale(facts: Facts, rule: Rule) -> Answer | None:
    if facts.reported_on is None or facts.nature == Nature.STATISTIC:
        return None
    days = (facts.on - facts.reported_on).days
    if days <= rule.stale_days + MORE_DAYS[facts.rhythm]:
        return None
    return Light.STALE, _said("stale", facts, facts.reported_on, days=days)


def _with_sub_items(facts: Facts, answer: Answer) -> Answer:
    """What the type's rule says, with the sub-items that are behind: those the unit named, and the one whose value is."""
    light, message = answer
    late = set(facts.sub_items_late) | ({facts.headline_item} if light in BEHIND else set()) - {0}
    if facts.sub_items_total <= 1 or not late or light not in COUNTED:
        return answer
    kept = max(facts.sub_items_total - len(late), 0)
    light = Light.LAGGING if light is Light.LAGGING or not kept else Light.WARNING
    named = "、".join(map(str, sorted(late)))
    said = {
        "said": render(message).removesuffix("。"),
        "said_en": render(message, "en").removesuffix("."),
        "late": named,
        "late_en": named.replace("、", ", "),
    }
    return light, Message("lights.sub_items", {"total": facts.sub_items_total, "on_pace": kept, **said})


def _pace(facts: Facts, rule: Rule) -> Answer:
    """Values when the nodes have any, else stages, else the bare texts of the nodes and the deadline."""
    if any(node.value is not None for node in facts.nodes):
        return _by_value(facts, rule)
    return _by_text(facts, rule) if not _staged(facts) else _by_stage(facts, rule)


def _works(facts: Facts, rule: Rule) -> Answer:
    """Stages first: what a project or a rule has spent or counted says less than where it stands."""
    return _by_stage(facts, rule) if _staged(facts) else _pace(facts, rule)


def _by_value(facts: Facts, rule: Rule) -> Answer:
    valued = [node for node in facts.nodes if node.value is not None]
    reached = reached_nodes(valued, facts.on)
    if not reached:
        return _not_yet(facts)
    if old := _stale(facts, rule):
        return old
    if facts.value is None and facts.reported_on and facts.reported_on > reached[-1].on:
        return Light.MISSING, _at(facts, "value_missing", reached[-1])
    if facts.reported_for and facts.reported_for >= reached[-1].on > (facts.value_on or facts.on):
        return Light.MISSING, _at(facts, "value_missing", reached[-1])
    own = reached_nodes(valued, min(facts.on, facts.value_on or facts.on))
    if facts.value is None or not own:
        return Light.NOT_YET, _at(facts, "value_awaited", reached[-1])
    return _against(facts, rule, own[-1], facts.value)


def _against(facts: Facts, rule: Rule, node: Node, value: Decimal) -> Answer:
    """Rounded once, before it is judged: the light follows the figure that is printed."""
    due, target = node.value or Decimal(0), year_target(facts.nodes) or Decimal(0)
    direction = direction_of(facts.comparator)
    exact = points_behind(due, value, target, direction)
    kind = "limit" if direction is Direction.DOWN else "share" if _is_share(facts) else "goal"
    if exact <= 0:
        return Light.NORMAL, _at(facts, f"{kind}_met", node, actual=_amount(facts, value))
    points = min(exact, MOST_POINTS).quantize(Decimal("0.1"), ROUND_HALF_UP)
    light = Light.NORMAL if points < rule.warn_points else Light.WARNING
    light = Light.LAGGING if points > rule.lag_points else light
    tail = "_of_year" if kind == "limit" and _is_share(facts) else ""
    code = f"{kind}_behind{tail}" if target else "limit_over"
    gap = _amount(facts, abs(due - value))
    return light, _at(facts, code, node, actual=_amount(facts, value), gap=gap, points=plain(points))


def _by_stage(facts: Facts, rule: Rule) -> Answer:
    over = _passed([node for node in facts.nodes if node.stage], facts.on)
    if not over:
        return _not_yet(facts)
    now = _stage(facts)
    said = _stage_words("stage", now)
    unmet = [node for node in over if _rank(node.stage) > _rank(now, like=node.stage)]
    if not unmet:
        return Light.NORMAL, _said(
            "stage_met", facts, over[-1].on, **_stage_words("due", over[-1].stage), **said
        )
    if old := _stale(facts, rule):
        return old
    days = (facts.on - unmet[0].on).days
    due = _stage_words("due", unmet[0].stage)
    return _by_days(days, rule), _said(
        "stage_late", facts, unmet[0].on, days=days, **due, **said, **_grace(days, rule)
    )


def _by_text(facts: Facts, rule: Rule) -> Answer:
    """Nodes without number or stage: a machine can tell only that something was said since, and that time is up."""
    if facts.deadline and facts.on > facts.deadline:
        return _stale(facts, rule) or _late("deadline_late", facts, rule, facts.deadline)
    over = _passed(facts.nodes, facts.on)
    if not over:
        return _not_yet(facts)
    if old := _stale(facts, rule):
        return old
    if facts.reported_on and facts.reported_on > over[-1].on:
        return Light.NORMAL, _said("text_reported", facts, over[-1].on)
    return Light.NOT_YET, _said("text_awaited", facts, over[-1].on)


def _recurring(facts: Facts, rule: Rule) -> Answer:
    due, done = facts.occurrences_due, facts.occurrences_done
    if due <= 0:
        return _pace(facts, rule) if facts.nodes else (Light.NOT_YET, Message("lights.occurrence_not_yet"))
    said = {"due": due, "done": done, "short": due - done}
    if done >= due:
        return Light.NORMAL, Message("lights.occurrence_met", said)
    light = Light.LAGGING if due - done >= rule.lag_occurrences else Light.WARNING
    return _stale(facts, rule) or (light, Message("lights.occurrence_short", said))


def _event(facts: Facts, rule: Rule) -> Answer:
    """After its day an event is late once a report says so by silence, or once `lag_days` have gone by."""
    day = _last_day(facts)
    if day is None:
        return Light.NOT_YET, Message("lights.event_no_date")
    if facts.on <= day:
        return Light.NOT_YET, _said("event_not_yet", facts, day)
    days = (facts.on - day).days
    if (facts.reported_on and facts.reported_on > day) or days > rule.lag_days:
        return Light.LAGGING, _said("event_late", facts, day, days=days)
    return Light.NOT_YET, _said("event_awaited", facts, day)


def _floor(facts: Facts, rule: Rule) -> Answer:  # noqa: ARG001 - one signature for every type
    return Light.NORMAL, Message("lights.floor_kept")


def _statistic(facts: Facts, rule: Rule) -> Answer:
    if facts.value is None:
        return Light.PENDING, Message("lights.pending")
    return _pace(facts, rule)


def _upward(facts: Facts, rule: Rule) -> Answer:
    """Only the unit's own part can be late; the answer of a higher level never colours the light."""
    if facts.own_acts_done:
        return Light.NORMAL, Message("lights.own_acts_done")
    day = _last_day(facts)
    if day is None or facts.on <= day:
        return _not_yet(facts)
    return _stale(facts, rule) or _late("own_acts_late", facts, rule, day)


_BY_NATURE: Final[Mapping[Nature, Callable[[Facts, Rule], Answer]]] = {
    Nature.QUANTIFIED: _pace,
    Nature.CITED_LIST: _pace,
    Nature.MULTI_YEAR: _pace,
    Nature.PROJECT: _works,
    Nature.RULE: _works,
    Nature.EVENT: _event,
    Nature.RECURRING: _recurring,
    Nature.FLOOR: _floor,
    Nature.STATISTIC: _statistic,
    Nature.UPWARD: _upward,
}


def _not_yet(facts: Facts) -> Answer:
    node = next_node(facts.nodes, facts.on - ONE_DAY)
    if node:
        code = "not_yet" if node.text else "not_yet_bare"
        return Light.NOT_YET, _said(code, facts, node.on, text=node.text)
    if facts.deadline and facts.deadline >= facts.on:
        return Light.NOT_YET, _said("deadline_ahead", facts, facts.deadline)
    return Light.NOT_YET, Message("lights.no_node")


def _late(code: str, facts: Facts, rule: Rule, day: date) -> Answer:
    days = (facts.on - day).days
    return _by_days(days, rule), _said(code, facts, day, days=days, **_grace(days, rule))


def _grace(days: int, rule: Rule) -> dict[str, str]:
    """Why something late is not warned of yet."""
    if days >= rule.warn_days:
        return {"grace": "", "grace_en": ""}
    return {
        "grace": f"，未满 {rule.warn_days} 天暂不预警",
        "grace_en": f"; a warning is given from {rule.warn_days} days on",
    }


def _by_days(days: int, rule: Rule) -> Light:
    if days > rule.lag_days:
        return Light.LAGGING
    return Light.WARNING if days >= rule.warn_days else Light.NORMAL


def _passed(nodes: Iterable[Node], on: date) -> list[Node]:
    """Nodes whose day is over: on the day itself the work may still be finished."""
    return reached_nodes(nodes, on - ONE_DAY)


def _last_day(facts: Facts) -> date | None:
    return facts.deadline or max((node.on for node in facts.nodes), default=None)


_RANKS: Final = {
    code: (nature, rank) for nature, stages in STAGES.items() for rank, (code, _, _) in enumerate(stages)
}
_STAGE_NAMES: Final = {code: (zh, en) for stages in STAGES.values() for code, zh, en in stages}


def _staged(facts: Facts) -> bool:
    return any(node.stage for node in facts.nodes)


def _stage(facts: Facts) -> str:
    return "" if facts.stage_on and facts.stage_on > facts.on else facts.stage


def _rank(stage: str, like: str = "") -> int:
    """The place of a stage among those of its type; -1 for none, or one of another type than `like`."""
    nature, rank = _RANKS.get(stage, (None, -1))
    return rank if not like or nature == _RANKS[like][0] else -1


def _stage_words(name: str, stage: str) -> dict[str, str]:
    zh, en = _STAGE_NAMES.get(stage, ("未填报", "not reported"))
    return {name: zh, f"{name}_en": en}


def _said(code: str, facts: Facts, day: date, **params: str | int) -> Message:
    """A sentence about a day: quarters are named for nodes, dates for everything else."""
    words = spoken if code in NODE_SENTENCES else spoken_date
    zh, en = words(day, facts.on)
    return Message(f"lights.{code}", {"when": zh, "when_en": en, **params})


def _at(facts: Facts, code: str, node: Node, **params: str | int) -> Message:
    what = f"{facts.indicator}：" if facts.indicator else ""
    due = _amount(facts, node.value or Decimal(0))
    return _said(code, facts, node.on, what=what, what_en=what.replace("：", ": "), due=due, **params)


def _is_share(facts: Facts) -> bool:
    return facts.measure_unit.startswith(("%", "％", "百分点", "个百分点"))


def _amount(facts: Facts, value: Decimal) -> str:
    said, measure = in_words(value), facts.measure_unit
    return f"{said}{' ' if said[-1].isdigit() and measure not in {'', '%', '％', '‰'} else ''}{measure}"


def _inputs(facts: Facts, rule: Rule, message: Message) -> dict[str, str]:
    """Every fact that was given, the rule's version and the figures of the sentence, as text."""
    given = {
        field.name: _text(getattr(facts, field.name))
        for field in fields(facts)
        if getattr(facts, field.name) != field.default
    }
    said = {
        f"said_{name}": str(value)
        for name, value in message.params.items()
        if value != "" and not name.endswith("_en")
    }
    return {**given, **said, "rule": rule.version}


def _node_text(node: Node) -> str:
    return f"{node.on}={node.stage or (node.text if node.value is None else plain(node.value))}"


def _text(fact: object) -> str:
    if isinstance(fact, Decimal):
        return plain(fact)
    if isinstance(fact, Sequence) and not isinstance(fact, str):
        return "; ".join(_node_text(one) if isinstance(one, Node) else str(one) for one in fact)
    return str(fact)
