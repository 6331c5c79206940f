"""Every kind of row that holds a text of somebody, and where it belongs; the columns are those its model names `purgeable`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model

from duban.coordination.models import InstructionItem, Problem, UpwardPaper
from duban.directory.models import UnitSuccession
from duban.plans.models import (
    Adjustment,
    Assignment,
    ChangeRequest,
    CompletionContract,
    DistrictShare,
    Milestone,
    Plan,
    Receipt,
)
from duban.progress.models import Draft, Obligation, Part, Report, SignOff
from duban.supervision.models import Contact, Determination, SupervisionOrder, Verdict
from duban.supervision.models_consultation import ConsultationRow, Objection


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row. The lookups lead from the row to its government, list, task, unit and period; "" where there is none.

    `number` leads to its own number, where people know it by one rather than by that of its task.
    """

    code: str
    model: type[Model]
    government: str
    list: str = ""
    task: str = ""
    unit: str = ""
    period: str = ""
    scan: str = ""
    number: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that hold texts."""
        columns: tuple[str, ...] = self.model.purgeable  # type: ignore[attr-defined]  # every model of a kind names them
        return columns

    @property
    def rows(self) -> Any:
        """Every row of the kind."""
        return self.model._default_manager.all()  # noqa: SLF001 (Django's documented manager)


def _of_task(code: str, model: type[Model], path: str = "task", unit: str = "", period: str = "") -> Kind:
    """A kind about one task."""
    return Kind(code, model, f"{path}__list__government", f"{path}__list", path, unit, period)


KINDS: Final = (
    _of_task("report", Report, "obligation__task", "obligation__unit", "obligation__period"),
    _of_task("draft", Draft, "obligation__task", "obligation__unit", "obligation__period"),
    _of_task("part", Part, "obligation__task", "unit", "obligation__period"),
    _of_task("review", Obligation, unit="unit", period="period"),
    Kind(
        "sign_off",
        SignOff,
        "period__list__government",
        "period__list",
        unit="unit",
        period="period",
        scan="scan",
    ),
    _of_task("determination", Determination, period="period"),
    _of_task("verdict", Verdict, period="period"),
    Kind("contact", Contact, "period__list__government", "period__list", unit="unit", period="period"),
    _of_task("consultation", ConsultationRow, unit="unit", period="draft__period"),
    _of_task("objection", Objection, "row__task", "row__unit", "row__draft__period"),
    _of_task("order", SupervisionOrder, unit="unit", period="period"),
    _of_task("problem", Problem, unit="unit"),
    Kind("paper", UpwardPaper, "list__government", "list", "task", number="number"),
    Kind(
        "item",
        InstructionItem,
        "paper__list__government",
        "paper__list",
        "task",
        "unit",
        number="paper__number",
    ),
    _of_task("assignment", Assignment, unit="lead"),
    Kind("receipt", Receipt, "list__government", "list", unit="unit"),
    _of_task("plan", Plan, unit="unit"),
    _of_task("milestone", Milestone),
    _of_task("contract", CompletionContract, "clause__version__task", "proposed_by"),
    _of_task("share", DistrictShare, unit="unit"),
    _of_task("request", ChangeRequest, unit="unit"),
    _of_task("adjustment", Adjustment),
    Kind("succession", UnitSuccession, "from_unit__government", unit="from_unit"),
)
BY_CODE: Final = {kind.code: kind for kind in KINDS}
