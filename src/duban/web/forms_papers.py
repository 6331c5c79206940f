"""Forms of orders, problems and letters: they check shape; operations and the database check the rest."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms

from duban.coordination.models import LEVELS, PAPER_KINDS, PROBLEM_STATES
from duban.coordination.operations import Settling
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.web.forms import DayField

BIG: Final = 2**62
DATED: Final = frozenset({"approve", "serve", "sign_for", "answer", "close"})


class OrderFilterForm(forms.Form):
    """The filters of the orders as they stand in the address; what does not fit is ignored."""

    show = forms.CharField(required=False, max_length=12)
    unit = forms.IntegerField(required=False, min_value=1, max_value=BIG)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)


class OrderForm(forms.Form):
    """A new order: one matter, why, what is required, by when, to which unit."""

    unit = forms.IntegerField(min_value=1, max_value=BIG)
    matter = forms.CharField(max_length=200)
    basis = forms.CharField(max_length=300)
    requirement = forms.CharField(max_length=500)
    due_on = DayField()

    def values(self, today: date) -> dict[str, Any]:
        """What was typed; Invalid where something is missing or the time limit has passed already."""
        if not self.is_valid():
            raise Invalid(Message("orders.incomplete"))
        if self.cleaned_data["due_on"] < today:
            raise Invalid(Message("orders.due_in_past"))
        return self.cleaned_data


class RevisionForm(OrderForm):
    """An order in other words, and the revision of it that was shown."""

    revision = forms.IntegerField(min_value=0, max_value=BIG)


class StepForm(forms.Form):
    """One step of an order: whatever the step needs, and the revision of the order that was shown."""

    action = forms.CharField(max_length=12)
    revision = forms.IntegerField(min_value=0, max_value=BIG)
    by = forms.CharField(required=False, max_length=60)
    on = DayField(required=False, done=True)
    text = forms.CharField(required=False, max_length=500)
    result = forms.CharField(required=False, max_length=300)
    approval = forms.ChoiceField(required=False, choices=[("", ""), ("click", ""), ("paper", "")])

    def values(self) -> dict[str, Any]:
        """What the step needs, by the operation's own names; Invalid without a day where one is needed."""
        if not self.is_valid():
            raise Invalid(Message("orders.day_needed" if "on" in self.errors else "supervision.step_needs"))
        clean = self.cleaned_data
        if clean["action"] in DATED and not clean["on"]:
            raise Invalid(Message("orders.day_needed"))
        return {name: clean[name] for name in ("by", "on", "text", "result", "approval") if clean[name]}


class ProblemFilterForm(forms.Form):
    """The filters of the problem ledger as they stand in the address; what does not fit is ignored."""

    state = forms.ChoiceField(
        required=False, choices=[("", ""), ("all", ""), *((s, "") for s in PROBLEM_STATES)]
    )
    level = forms.ChoiceField(required=False, choices=[("", ""), *((name, "") for name in LEVELS)])
    unit = forms.IntegerField(required=False, min_value=1, max_value=BIG)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)


class SettleForm(forms.Form):
    """What the office says of a problem."""

    revision = forms.IntegerField(min_value=0, max_value=BIG)
    cause = forms.CharField(required=False, max_length=200)
    helper = forms.CharField(required=False, max_length=120)
    level = forms.CharField(max_length=8)
    state = forms.ChoiceField(choices=[(state, "") for state in PROBLEM_STATES])
    result = forms.CharField(required=False, max_length=300)

    def settling(self) -> tuple[int, Settling]:
        """The revision that was shown, and what was typed; Invalid when the form came back damaged or too long."""
        if not self.is_valid():
            raise Invalid(Message("problems.too_long"))
        clean = dict(self.cleaned_data)
        return clean.pop("revision"), Settling(**clean)


class LetterForm(forms.Form):
    """A paper to register: 请示, 报告 or 批示."""

    kind = forms.ChoiceField(choices=[(kind, "") for kind in PAPER_KINDS])
    number = forms.CharField(max_length=60)
    dated = DayField()
    sender = forms.CharField(max_length=80)
    subject = forms.CharField(max_length=200)
    task = forms.CharField(required=False, max_length=20)
    answers = forms.IntegerField(required=False, min_value=1, max_value=BIG)
    due_on = DayField(required=False)

    def values(self) -> dict[str, Any]:
        """What was typed; Invalid names what is missing."""
        if not self.is_valid():
            days = {"dated", "due_on"} & set(self.errors)
            raise Invalid(Message("letters.day_needed" if days else "letters.incomplete"))
        return self.cleaned_data


class ItemForm(forms.Form):
    """One item of an instruction: what is to be done, by which unit, answered by which day."""

    what = forms.CharField(max_length=200)
    unit = forms.IntegerField(min_value=1, max_value=BIG)
    due_on = DayField()

    def values(self) -> dict[str, Any]:
        """What was typed; Invalid where a day is none that can be meant, or something is missing or too long."""
        if not self.is_valid():
            if "due_on" in self.errors and (day := self.data.get("due_on")):
                raise Invalid(Message("items.day_wrong", {"day": str(day)}))
            raise Invalid(Message("items.incomplete"))
        return self.cleaned_data
