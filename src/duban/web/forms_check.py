"""Forms of the check screen: what stands in its address, and one edit out of a posted form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from duban.domain.drafting_edits import VALUES, Edit, EditKind
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.tasklist.normalise import clean, fold
from duban.domain.tasklist.records import ColumnKind
from duban.domain.units import UnitDirectory
from duban.web.request import number


class PlaceForm(forms.Form):
    """Which part of a draft is shown, as the address says it; what does not fit is ignored."""

    chapter = forms.CharField(required=False, max_length=300)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)
    code = forms.SlugField(required=False, max_length=40)
    task = forms.SlugField(required=False, max_length=20)


def edit_from_post(posted: QueryDict, directory: UnitDirectory) -> Edit:
    """The edit a form asks for; a unit typed by name (`typed`) is looked up in the directory.

    Invalid: draft.unreadable for a form that is not ours, draft.unit_not_listed for a name nobody has.
    """
    try:
        kind = EditKind(posted.get("kind", ""))
        seen = int(posted.get("seen", ""))
        given: dict[str, Any] = posted.dict()
        if posted.get("typed") and "key" in VALUES[kind]:
            given |= _unit_named(posted.get("typed", ""), directory)
        if kind is EditKind.NAME:
            given["year"] = number(posted.get("year", ""))
        values = {name: _value(posted, given, name, wanted) for name, wanted in VALUES[kind].items()}
    except (ValueError, KeyError) as problem:
        raise Invalid(Message("draft.unreadable")) from problem
    if kind in (EditKind.RESOLVE, EditKind.ADD_UNIT) and values["as"] != "none" and not values["key"]:
        raise Invalid(Message("draft.unit_not_listed"))
    return Edit(kind, values, seen)


def _value(posted: QueryDict, given: Mapping[str, Any], name: str, wanted: type) -> Any:
    if wanted is list:
        return posted.getlist(name)
    return wanted(given.get(name, "0" if wanted is int else ""))


def _unit_named(typed: str, directory: UnitDirectory) -> dict[str, str]:
    wanted = fold(clean(typed))
    for name, key, collective in directory.surfaces():
        if fold(clean(name)) == wanted:
            return {"as": "group" if collective else "unit", "key": key}
    raise Invalid(Message("draft.unit_not_listed"))


def columns_from_post(posted: QueryDict, indexes: list[int]) -> dict[int, ColumnKind]:
    """The meaning chosen for each column; Invalid (draft.bad_column) for a meaning that does not exist."""
    known = {kind.value for kind in ColumnKind}
    chosen = {index: posted.get(f"column-{index}", "") for index in indexes}
    for kind in chosen.values():
        if kind and kind not in known:
            raise Invalid(Message("draft.bad_column", {"kind": kind[:20]}))
    return {index: ColumnKind(kind) for index, kind in chosen.items() if kind}
