"""The filters of an issued list, of the overview and of the search, as they stand in the address."""

from __future__ import annotations

from django import forms

from duban.coordination.models import LEVELS
from duban.domain.lights import Light
from duban.domain.natures import Nature
from duban.overview.pages import NONE, Narrowing
from duban.register.queries import Filters
from duban.web.forms import FilterForm

PERIOD_KEY = r"^\d{4}-\d{2}$"


class NarrowingForm(FilterForm):
    """The filters of an issued list; what does not fit is ignored."""

    leader = forms.CharField(required=False, max_length=60)
    nature = forms.ChoiceField(required=False, choices=[("", ""), *((n.value, "") for n in Nature)])
    light = forms.ChoiceField(
        required=False, choices=[("", ""), (NONE, ""), *((light.value, "") for light in Light)]
    )
    key = forms.BooleanField(required=False)
    owes = forms.RegexField(PERIOD_KEY, required=False)
    problem = forms.ChoiceField(required=False, choices=[("", ""), *((level, "") for level in LEVELS)])
    voice = forms.ChoiceField(required=False, choices=[("", ""), ("office", "")])
    all = forms.BooleanField(required=False)

    def narrowing(self) -> Narrowing:
        """What the address narrows the list to."""
        self.is_valid()
        clean = self.cleaned_data
        return Narrowing(
            document=Filters(
                chapter=clean.get("chapter"),
                unit=clean.get("unit"),
                role=clean.get("role") or "",
                text=clean.get("q") or "",
                targets=bool(clean.get("targets")),
            ),
            leader=clean.get("leader") or "",
            nature=clean.get("nature") or "",
            light=clean.get("light") or "",
            owes=clean.get("owes") or "",
            problem=clean.get("problem") or "",
            key_task=bool(clean.get("key")),
            office_only=clean.get("voice") == "office",
        )
