"""The filters of the log, as they stand in the address."""

from __future__ import annotations

from django import forms

from duban.domain.event_words import EVENT_WORDS
from duban.overview.envelopes import LogFilters
from duban.web.forms import DayField


class LogForm(forms.Form):
    """From which day to which, who, what kind of matter; what does not fit is ignored."""

    since = DayField(required=False)
    until = DayField(required=False)
    actor = forms.CharField(required=False, max_length=60)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *((kind, "") for kind in EVENT_WORDS)])

    def filters(self) -> LogFilters:
        """What the address narrows the log to."""
        self.is_valid()
        clean = self.cleaned_data
        return LogFilters(
            clean.get("since"), clean.get("until"), clean.get("actor") or "", clean.get("kind") or ""
        )
