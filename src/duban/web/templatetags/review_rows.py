"""The rows of the review, each drawn in one call: last report and this one side by side. `{% load review_rows %}`.

As in `standing`: thirty rows of six cells in a template loop cost more than all their queries.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from html import escape
from types import SimpleNamespace
from typing import Final

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from duban.domain.due import in_words, read_number
from duban.domain.workflow import OBLIGATION, PART
from duban.progress.part_queries import PartRow
from duban.web.reviewing import ReviewLine
from duban.web.templatetags.duban import in_english
from duban.web.templatetags.standing import reason
from duban.web.templatetags.year_words import changed_from, day_word, light, period_word, picks

register = template.Library()


TROUBLE: Final = ' class="trouble"'
_SAID: Final = {
    "tick": _("勾选"),
    "target": _("年度目标："),
    "node": _("本期节点："),
    "offline": _("线下报送，只报状态和文号"),
    "last": _("上次报送"),
    "same": _("（无变化）"),
    "problem": _("问题："),
    "never": _("以前没有报送"),
    "now": _("本期报送"),
    "no_change": _("无变化"),
    "next_step": _("下步措施："),
    "on_behalf": _("代录"),
    "missing": _("未报"),
    "parts": _("配合情况"),
    "part_given": _("%(day)s 提供"),
    "part_before": _("上次提供"),
    "part_behalf": _("（督查室代录）"),
    "colon": _("："),
    "view": _("数值与研判"),
    "before": _("上次"),
    "due": _("应达"),
    "as_of": _("截至"),
    "unjudged": _("尚未研判"),
    "older": _("研判早于本次报送"),
    "accept": _("通过"),
    "reason": _("退回理由"),
    "more": _("补充说明"),
    "send_back": _("退回"),
    "why": _("免报理由"),
    "exempt": _("免报"),
    "exempted": _("免报："),
    "restore": _("恢复应报"),
}


class _Words(SimpleNamespace):
    """What the rows need of their language and page, looked up once: `_SAID`, where the list begins, its reasons of a return."""

    def __init__(self, base: str, opens_on: date, phrases: str) -> None:
        super().__init__(**{name: str(said) for name, said in _SAID.items()})
        self.base, self.opens_on, self.phrases, self.english = escape(base), opens_on, phrases, in_english()


@register.simple_tag(takes_context=True)
def review_lines(context: Context, base: str) -> SafeString:
    """The lines of the page as rows of its table; `base` is where the addresses of the list begin."""
    phrases, opens_on = context["phrases"], context["period"].opens_on
    words, at = _Words(base, opens_on, picks(phrases, "")), context.get("at")
    rows = (
        _line(line, words, picks(phrases, line.phrase) if line.phrase else words.phrases, at)
        for line in context["lines"]
    )
    return mark_safe("".join(rows))  # noqa: S308 (every value is escaped)


def _line(line: ReviewLine, words: _Words, phrases: str, at: object) -> str:
    row, here = line.row, " autofocus" if line.row.obligation == at else ""
    return (
        f'<tr data-row id="row-{row.obligation}" tabindex="-1"{here}>'
        f'<td class="tickcell">{_tick(line, words)}</td>'
        f'<td class="ask">{_asked(line, words)}</td>'
        f'<td class="said" data-label="{words.last}">{_last(line, words)}</td>'
        f'<td class="said" data-label="{words.now}">{_now(line, words)}{_parts(line.parts, words)}</td>'
        f'<td class="figures" data-label="{words.view}">{_figures(line, words)}</td>'
        f'<td class="act">{_acts(line, words, phrases)}</td></tr>'
    )


def _tick(line: ReviewLine, words: _Words) -> str:
    key, row = line.row.obligation, line.row
    if row.state != "sent":
        return ""
    checked = " checked" if line.ticked else ""
    return (
        f'<input type="checkbox" name="tick" value="{key}" aria-label="{words.tick} {escape(row.number)}"{checked}>'
        f'<input type="hidden" name="open" value="{key}">'
    )


def _asked(line: ReviewLine, words: _Words) -> str:
    row = line.row
    return (
        f'<a class="t" href="{words.base}t/{row.key}/"><span class="no">{escape(row.number)}</span> {escape(row.text)}</a>'
        f"<b>{escape(row.unit_name)}</b>{_span(words.target, row.year_target)}{_span(words.node, row.node)}"
        + (f'<span class="hint">{words.offline}</span>' if row.offline else "")
    )


def _span(word: str, text: str, kind: str = "") -> str:
    return f"<span{kind}>{word}{escape(text)}</span>" if text else ""


def _last(line: ReviewLine, words: _Words) -> str:
    last = line.row.last
    if not last.anything:
        return f'<span class="more">{words.never}</span>'
    same = words.same if last.no_change else ""
    trouble = _span(words.problem, last.problem, TROUBLE)
    return f"<small>{period_word(last.period)}{same}</small>{escape(last.progress)}{trouble}"


def _now(line: ReviewLine, words: _Words) -> str:
    now, before = line.row.now, line.row.last.progress
    if not now.anything:
        return f'<span class="more">{words.missing}</span>'
    if now.no_change:
        said = f"<b>{words.no_change}</b>"
    else:
        said = changed_from(now.progress, before) if before else escape(now.progress)
    return f"{said}{_span(words.problem, now.problem, TROUBLE)}{_span(words.next_step, now.next_step)}" + (
        f"<small>{words.on_behalf}</small>" if now.on_behalf else ""
    )


def _parts(parts: Iterable[PartRow], words: _Words) -> str:
    """What supporting units told the lead, folded."""
    told = [
        f"<span><b>{escape(part.unit_name)}</b> {_part(part, words)}<small>{escape(part.question)}</small></span>"
        for part in parts
    ]
    summary = f"<summary>{words.parts} {len(told)}</summary>"
    return f'<details class="fold-open">{summary}{"".join(told)}</details>' if told else ""


def _part(part: PartRow, words: _Words) -> str:
    if not part.text:
        return PART.states[part.state][words.english]
    given = words.part_given % {"day": part.given_on} if part.given_on else words.part_before
    behalf = words.part_behalf if part.given_on and part.on_behalf else ""
    return f"{given}{behalf}{words.colon}{escape(part.text)}"


def _figures(line: ReviewLine, words: _Words) -> str:
    now, before, view = line.row.now.value, line.row.last.value, line.view
    values = (f"<b>{escape(now)}</b>" if now else "") + _span(f"{words.before} ", before)
    if view is None:
        return f'{values}<span class="more">{words.unjudged}</span>'
    day = f'<small class="more">{words.as_of} {day_word(view.on, words.opens_on)}</small>'
    if line.late:
        return f'{values}<span class="why">{words.older}</span>{day}'
    due = "" if view.due_value is None else _span(f"{words.due} ", _due(view.due_value, line.row.node))
    return f'{values}{due}{light(view.light)}{day}<span class="why">{escape(reason(view))}</span>'


def _due(value: Decimal, node: str) -> str:
    """What was due: as the node of the period says it where that is the same number, with its measure."""
    written = read_number(node)
    return node if written is not None and written.multiplied == value else in_words(value)


def _acts(line: ReviewLine, words: _Words, phrases: str) -> str:
    row = line.row
    word = OBLIGATION.states[row.state][words.english]
    match row.state:
        case "sent":
            return (
                f'<span class="onpaper">{word}</span>{_button("accept", line, words.accept, " accept")}'
                f'<select name="phrase-{row.obligation}" aria-label="{words.reason} {escape(row.number)}">'
                f'<option value="">{words.reason}</option>{phrases}</select>'
                f"{_typed(line, words.more)}{_button('return', line, words.send_back)}"
            )
        case "owed" | "returned":
            why = f"{words.colon}{escape(row.reason)}" if row.reason else ""
            return f'<span class="more">{word}{why}</span>{_typed(line, words.why)}{_button("exempt", line, words.exempt)}'
        case "exempt":
            told = f'<span class="more">{words.exempted}{escape(row.reason)}</span>'
            return told + _button("restore", line, words.restore)
        case _:
            return f'<span class="light g">{word}</span>'


def _button(action: str, line: ReviewLine, word: str, kind: str = "") -> str:
    value = f"{action}:{line.row.obligation}"
    return f'<button class="btn-plain{kind}" type="submit" name="do" value="{value}">{word}</button>'


def _typed(line: ReviewLine, word: str) -> str:
    return (
        f'<input name="why-{line.row.obligation}" value="{escape(line.why)}" maxlength="150" placeholder="{word}"'
        f' aria-label="{word} {escape(line.row.number)}">'
    )
