"""What comes back of the pages of contracts, shares and changes: shapes only, operations judge the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict

from duban.domain.due import parse_number
from duban.domain.errors import Invalid
from duban.domain.messages import Message
from duban.domain.posts import PostRole
from duban.plans.adjustment import APPROVERS, Approval, Basis, Change, Wish
from duban.plans.models_refinement import (
    ADJUSTMENT_KINDS,
    BASIS_KINDS,
    CONTRACT_STATES,
    REQUEST_STATES,
    STATES,
)
from duban.plans.operations import Edit
from duban.plans.refinement import CONTRACT_FIELDS, ContractRow, Headline, ShareRow
from duban.shared.form_json import read_json
from duban.web.forms import DayField, day_in

BIG: Final = 2**62
NONE: Final = "none"


class AddressForm(forms.Form):
    """Filters as they stand in the address; what does not fit is ignored."""

    @property
    def clean_values(self) -> dict[str, Any]:
        """What was asked for."""
        self.is_valid()
        return self.cleaned_data


class ContractFilterForm(AddressForm):
    """The filters of the contracts as they stand in the address; what does not fit is ignored."""

    state = forms.ChoiceField(required=False, choices=[(name, "") for name in ("", NONE, *CONTRACT_STATES)])
    unit = forms.IntegerField(required=False, min_value=1, max_value=BIG)
    fill = forms.IntegerField(required=False, min_value=1, max_value=BIG)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)


class ChangesFilterForm(AddressForm):
    """The filters of the requests as they stand in the address."""

    state = forms.ChoiceField(required=False, choices=[(name, "") for name in ("", *REQUEST_STATES)])
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A row of a unit's page of contracts: the cells as text, `seen` what the page carries to know which were touched.

    `theirs` is what somebody else wrote meanwhile into a row that was typed into.
    """

    row: ContractRow
    cells: Mapping[str, str]
    seen: str
    theirs: str = ""

    @property
    def pick(self) -> str:
        """What a tick of this row posts: the sub-item and the revision that was looked at."""
        return f"{self.row.clause}:{self.row.revision}"


def fresh_contracts(rows: Sequence[ContractRow]) -> list[ContractLine]:
    """The rows of a page that nobody has typed into yet."""
    return [ContractLine(row, cells_of(row), _packed(row.revision, cells_of(row))) for row in rows]


def cells_of(row: ContractRow) -> dict[str, str]:
    """The cells of a contract as text, a date as 2026-06-30."""
    return {name: _text(row.values[name]) for name in CONTRACT_FIELDS}


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _packed(revision: int, cells: Mapping[str, str]) -> str:
    return json.dumps([revision, *cells.values()], ensure_ascii=False)


def _unpacked(raw: str, width: int) -> list[Any]:
    """Revision and cells that a page showed; Invalid (office.bad_seen) where they are damaged."""
    try:
        found: Any = read_json(raw)
    except ValueError as problem:
        raise Invalid(Message("office.bad_seen")) from problem
    shaped = isinstance(found, list) and len(found) == width + 1 and isinstance(found[0], int)
    if not shaped or not all(isinstance(cell, str) for cell in found[1:]):
        raise Invalid(Message("office.bad_seen"))
    return list(found)


class TypedRows:
    """The cells typed into a table whose rows carry `seen-<key>`: only touched rows count.

    `names` are the columns; a cell is posted as `<column>-<key>`.
    """

    def __init__(self, post: QueryDict, names: Sequence[str]) -> None:
        self.post, self.names = post, tuple(names)
        self.seen: dict[int, list[Any]] = {}

    def typed(self, key: int) -> dict[str, str] | None:
        """The cells of a row where it was touched, else None; Invalid where the page came back damaged."""
        raw = self.post.get(f"seen-{key}")
        if raw is None:
            return None
        self.seen[key] = _unpacked(raw, len(self.names))
        cells = self.cells(key)
        return cells if list(cells.values()) != self.seen[key][1:] else None

    def kept(self, key: int) -> dict[str, str] | None:
        """As `typed`, for showing again: a row that came back damaged was not touched."""
        try:
            return self.typed(key)
        except Invalid:
            return None

    def cells(self, key: int) -> dict[str, str]:
        """The cells of a row as they came back."""
        return {name: self.post.get(f"{name}-{key}", "").strip() for name in self.names}


def contract_edits(post: QueryDict, rows: Sequence[ContractRow]) -> list[Edit]:
    """One edit for each touched contract; a date that is none counts as missing."""
    sheet = TypedRows(post, CONTRACT_FIELDS)
    touched = {row.clause: cells for row in rows if (cells := sheet.typed(row.clause))}
    return [
        Edit(clause, sheet.seen[clause][0], {**cells, "due_on": day(cells["due_on"])})
        for clause, cells in touched.items()
    ]


def typed_contracts(post: QueryDict, rows: Sequence[ContractRow]) -> list[ContractLine]:
    """The posted rows as they are now, with what was typed into them kept; saving again then counts from the newest."""
    sheet = TypedRows(post, CONTRACT_FIELDS)
    found = []
    for row in rows:
        if f"seen-{row.clause}" not in post:
            continue
        now, typed = cells_of(row), sheet.kept(row.clause)
        changed = typed is not None and sheet.seen[row.clause][0] != row.revision
        theirs = "；".join(now.values()) if changed else ""
        found.append(ContractLine(row, typed or now, _packed(row.revision, now), theirs))
    return found


def day(raw: str) -> date | None:
    """A day as a browser sends it; None for what is none."""
    try:
        return day_in(raw.strip())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A district's line as shown: value and text as text."""

    row: ShareRow
    value: str
    text: str
    seen: str
    theirs: str = ""


SHARE_CELLS: Final = ("value", "text")


def share_lines(rows: Sequence[ShareRow], post: QueryDict | None = None) -> list[ShareLine]:
    """The lines of a table; with what was typed where it was refused."""
    sheet, found = TypedRows(post, SHARE_CELLS) if post else None, []
    for row in rows:
        now = {"value": _plain(row), "text": row.text}
        typed = sheet.kept(row.unit) if sheet else None
        changed = sheet is not None and typed is not None and sheet.seen[row.unit][0] != row.revision
        theirs = " ".join(now.values()).strip() if changed else ""
        cells = typed or now
        found.append(ShareLine(row, cells["value"], cells["text"], _packed(row.revision, now), theirs))
    return found


def _plain(row: ShareRow) -> str:
    if row.value is None:
        return ""
    text = f"{row.value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share_edits(post: QueryDict, rows: Sequence[ShareRow], headline: Headline | None) -> list[Edit]:
    """One edit for each touched line; numbers are read in the measure of the target. Invalid names the cell."""
    sheet, found = TypedRows(post, SHARE_CELLS), []
    for row in rows:
        cells = sheet.typed(row.unit)
        if cells is None:
            continue
        number = parse_number(cells["value"], headline.measure if headline else None)
        if cells["value"] and number is None:
            raise Invalid(Message("shares.bad_cell", {"unit": row.name, "value": cells["value"][:40]}))
        found.append(Edit(row.unit, sheet.seen[row.unit][0], {"value": number, "text": cells["text"]}))
    return found


class AdjustForm(forms.Form):
    """One change of a task with its basis and its approval."""

    kind = forms.ChoiceField(choices=[(kind, "") for kind in ADJUSTMENT_KINDS])
    value = forms.CharField(required=False, max_length=200)
    seen = forms.CharField(required=False, max_length=200)
    basis_kind = forms.ChoiceField(choices=[(kind, "") for kind in BASIS_KINDS])
    number = forms.CharField(max_length=80)
    basis_on = DayField()
    reason = forms.CharField(max_length=200)
    do = forms.ChoiceField(choices=[("click", ""), ("paper", "")])
    signer = forms.CharField(required=False, max_length=60)
    role = forms.ChoiceField(required=False, choices=[("", ""), *((role.value, "") for role in APPROVERS)])
    signed_on = DayField(required=False, done=True)

    def complete(self) -> dict[str, Any]:
        """What was filled in; Invalid (adjust.incomplete) where something needed is missing or none of its kind."""
        if not self.is_valid():
            raise Invalid(Message("adjust.incomplete"))
        return self.cleaned_data

    def change(self) -> Change:
        """The change; a date or a number that is none becomes None, which the operation refuses."""
        clean = self.complete()
        return Change(clean["kind"], _value(clean["kind"], clean["value"]), clean["seen"])

    def basis(self) -> Basis:
        """The document."""
        clean = self.complete()
        return Basis(clean["basis_kind"], clean["number"], clean["basis_on"], clean["reason"])

    def approval(self) -> Approval:
        """By click, or the paper with its signer."""
        clean = self.complete()
        if clean["do"] == "click":
            return Approval("click")
        role = PostRole(clean["role"]) if clean["role"] else None
        return Approval("paper", clean["signer"], role, clean["signed_on"])


def _value(kind: str, raw: str) -> Any:
    if kind in STATES:
        return None
    if kind == "deadline":
        return day(raw)
    return (
        (int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None) if kind == "lead" else raw
    )


def wish_of(post: QueryDict) -> Wish:
    """What a unit asks for."""
    kind, value, reason, progress = (post.get(name, "") for name in ("kind", "value", "reason", "progress"))
    return Wish(kind, value, reason, progress, day(post.get("asked_on", "")))
