"""完成标准 and 区县分解: what counts as done for a sub-item, and how a target is shared out among districts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from duban.domain import shares
from duban.domain.due import plain, read_number
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.messages import Message
from duban.domain.posts import Acting
from duban.domain.tasklist.records import Comparator, TargetKind
from duban.domain.units import UnitKind
from duban.domain.workflow import Table, decide, step
from duban.history.operations import Happening, append
from duban.plans.days import refuse_day
from duban.plans.models import Assignment, CompletionContract, DistrictShare, Plan
from duban.plans.operations import Edit
from duban.plans.policies import refusal_to_fill, refusal_to_issue
from duban.register.models import Clause, Responsibility, Target, Task, TaskList

CONTRACT: Final = Table(
    name="contract",
    start="proposed",
    steps=(
        step("propose", "proposed", "returned", to="proposed"),
        step("agree", "proposed", to="agreed"),
        step("return", "proposed", "agreed", to="returned"),
    ),
    states={
        "proposed": ("待审定", "proposed"),
        "agreed": ("已审定", "agreed"),
        "returned": ("已退回", "returned"),
    },
    actions={
        "propose": ("提出", "propose"),
        "agree": ("同意", "agree"),
        "return": ("退回", "return"),
    },
)
"""The life of a contract. An agreed one may be opened again by returning it with a reason."""

CONTRACT_LIMITS: Final = {"deliverable": 200, "standard": 200, "evidence": 200, "verifier": 60}
CONTRACT_FIELDS: Final = (*CONTRACT_LIMITS, "due_on")
SHARE_TEXT: Final = 120
LARGEST: Final = Decimal(10) ** 18
FEWEST_DISTRICTS: Final = 2


def contract_candidates(task_list: TaskList | int | None = None) -> QuerySet[Clause]:
    """The sub-items that need a contract: those with a goal number, and all of a task the office marked 重点.

    Of the current text of issued or prepared tasks with a lead, in printed order; of all lists where none is named.
    """
    goals = Target.objects.filter(clause=OuterRef("pk"), kind=TargetKind.GOAL)
    listed = Q() if task_list is None else Q(version__task__list=task_list)
    return (
        Clause.objects.filter(listed, version__task__current=F("version"))
        .filter(version__task__assignment__lead__isnull=False)
        .filter(Q(version__task__assignment__key_task=True) | Exists(goals))
        .order_by("version__task__ordinal", "ordinal")
    )


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A sub-item that needs a contract, with what stands (`values`) or is suggested (`proposed` is then empty)."""

    clause: int
    ordinal: int
    text: str
    key: str
    number: str
    key_task: bool
    lead: int
    lead_name: str
    targets: tuple[str, ...]
    state: str
    reason: str
    on_behalf: bool
    revision: int
    values: Mapping[str, Any]

    @property
    def open(self) -> bool:
        """Whether the unit may still write it."""
        return self.state != "agreed"


def contract_rows(clauses: QuerySet[Clause]) -> list[ContractRow]:
    """These sub-items with their contracts. Two queries. Where there is none yet, what the list itself suggests."""
    found = list(clauses.select_related("version__task__assignment__lead", "contract"))
    goals: dict[int, list[str]] = {}
    targets = Target.objects.filter(clause__in=[clause.pk for clause in found], kind=TargetKind.GOAL)
    for clause, text in targets.order_by("ordinal").values_list("clause_id", "text"):
        goals.setdefault(clause or 0, []).append(text)
    return [_contract_row(clause, tuple(dict.fromkeys(goals.get(clause.pk, ())))) for clause in found]


def _contract_row(clause: Clause, goals: tuple[str, ...]) -> ContractRow:
    task = clause.version.task
    assignment: Assignment = task.assignment
    contract: CompletionContract | None = getattr(clause, "contract", None)
    assert assignment.lead is not None
    values = (
        {field: getattr(contract, field) for field in CONTRACT_FIELDS}
        if contract
        else _suggested(clause, goals, assignment)
    )
    return ContractRow(
        clause=clause.pk,
        ordinal=clause.ordinal,
        text=clause.text,
        key=task.key,
        number=clause.version.number,
        key_task=assignment.key_task,
        lead=assignment.lead.pk,
        lead_name=assignment.lead.name,
        targets=goals,
        state=contract.state if contract else "",
        reason=contract.reason if contract else "",
        on_behalf=contract.on_behalf if contract else False,
        revision=contract.revision if contract else 0,
        values=values,
    )


def _suggested(clause: Clause, goals: tuple[str, ...], assignment: Assignment) -> dict[str, Any]:
    """What the list says is not asked again (rules.md §5.3): its numbers are the standard, without any it is the deliverable."""
    text = "" if goals else clause.text.strip().rstrip("。；，,;")
    return {
        "deliverable": text[: CONTRACT_LIMITS["deliverable"]],
        "standard": "；".join(goals)[: CONTRACT_LIMITS["standard"]],
        "evidence": "",
        "verifier": "",
        "due_on": assignment.deadline,
    }


@transaction.atomic
def propose_contracts(
    *, task_list: TaskList, unit: int, edits: Sequence[Edit], by: Acting, now: datetime
) -> int:
    """A lead proposes contracts (or the office on its behalf); all or none. Returns how many really changed.

    `Edit.key` is the sub-item, revision 0 a contract not yet there; values are all of CONTRACT_FIELDS. Refused: a
    sub-item that needs none or is led by another unit, one already agreed, an older revision, an empty field.
    """
    if refused := refusal_to_fill(by, unit):
        raise NotAllowed(refused)
    clauses = {
        clause.pk: clause
        for clause in contract_candidates(task_list)
        .filter(pk__in=[edit.key for edit in edits], version__task__assignment__lead=unit)
        .select_related("version__task")
    }
    known = CompletionContract.objects.select_for_update().filter(clause__in=clauses)
    rows, changed = {row.clause_id: row for row in known}, list[CompletionContract]()
    for edit in edits:
        clause = clauses.get(edit.key)
        if clause is None:
            raise Invalid(Message("contracts.not_needed"))
        row = rows.get(edit.key) or CompletionContract(clause=clause, revision=0)
        row.clause = clause
        if row.pk and row.state == "proposed" and all(getattr(row, f) == v for f, v in edit.values.items()):
            continue
        task = clause.version.task.key
        if row.revision != edit.revision:
            raise Conflict(Message("plans.changed_meanwhile", {"task": task}))
        row.state = decide(CONTRACT, row.state, "propose")
        row.proposed_by_id, row.on_behalf, row.reason = unit, by.runs_office, ""
        for field, value in _checked(task, task_list.year, edit.values).items():
            setattr(row, field, value)
        changed.append(row)
    _keep_contracts(task_list, changed, "contract.proposed", by=by, now=now)
    return len(changed)


def _checked(task: str, year: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """All five fields filled in, none too long, the day none by mistake."""
    clean: dict[str, Any] = {}
    for field, limit in CONTRACT_LIMITS.items():
        text = str(values.get(field, "")).strip()
        if not text:
            raise Invalid(Message("contracts.incomplete", {"task": task}))
        if len(text) > limit:
            raise Invalid(Message("plans.too_long", {"task": task, "limit": limit, "length": len(text)}))
        clean[field] = text
    due = values.get("due_on")
    if not isinstance(due, date):
        raise Invalid(Message("contracts.incomplete", {"task": task}))
    refuse_day(task, year, due)
    return {**clean, "due_on": due}


@transaction.atomic
def decide_contracts(
    *, task_list: TaskList, rows: Mapping[int, int], action: str, reason: str = "", by: Acting, now: datetime
) -> int:
    """The office agrees to proposed contracts, or returns them with a reason; all or none. Returns how many moved.

    `rows` maps the sub-item to the revision seen; `action` is "agree" or "return".
    """
    if refused := refusal_to_issue(by):
        raise NotAllowed(refused)
    if action == "return" and not reason.strip():
        raise Invalid(Message("contracts.reason_needed"))
    found = list(
        CompletionContract.objects.select_for_update(of=("self",))
        .filter(clause__in=rows, clause__version__task__list=task_list)
        .select_related("clause__version__task")
        .order_by("clause")
    )
    if len(found) != len(rows):
        raise Conflict(Message("contracts.not_proposed"))
    for row in found:
        if row.revision != rows[row.clause_id]:
            raise Conflict(Message("plans.changed_meanwhile", {"task": row.clause.version.task.key}))
        row.state = decide(CONTRACT, row.state, action)
        row.reason = reason.strip()[:200] if action == "return" else ""
    kind = {"agree": "contract.agreed", "return": "contract.returned"}[action]
    _keep_contracts(task_list, found, kind, by=by, now=now)
    return len(found)


def _keep_contracts(
    task_list: TaskList, rows: Sequence[CompletionContract], kind: str, *, by: Acting, now: datetime
) -> None:
    happenings, on = [], timezone.localdate(now).isoformat()
    for row in rows:
        task = row.clause.version.task
        body = {field: str(getattr(row, field)) for field in (*CONTRACT_FIELDS, "reason")}
        body |= {"clause": str(row.clause.ordinal), "on": on}
        happenings.append(
            Happening(kind, body, task_list.government_id, task_list.pk, task.pk, f"task:{task.key}")
        )
    for row, seq in zip(rows, append(happenings, by=by, now=now), strict=True):
        row.revision += 1
        row.seq = seq
        row.save()


@dataclass(frozen=True, slots=True)
class Headline:
    """The target that is shared out: `value` in `measure`, as printed; `upper` is the other end of a range."""

    text: str
    value: Decimal
    measure: str
    comparator: Comparator
    upper: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A district's line in the table of a task."""

    unit: int
    name: str
    value: Decimal | None
    text: str
    revision: int


@dataclass(frozen=True, slots=True)
class ShareTable:
    """The districts of a task with their shares, and what these come to against the headline target (None: no number)."""

    headline: Headline | None
    rows: tuple[ShareRow, ...]
    sum: shares.Sum | None


def headline_of(task: Task) -> Headline | None:
    """The first goal of the task that is no part of another, one that adds up before a rate; else the lead's year target."""
    goals = Target.objects.filter(version=task.current_id, kind=TargetKind.GOAL, part_of="").order_by(
        "ordinal"
    )
    found = sorted(goals, key=lambda goal: not shares.additive(goal.measure_unit))
    if found:
        goal = found[0]
        comparator = Comparator(goal.comparator)
        return Headline(goal.text, goal.value, goal.measure_unit, comparator, goal.value_max)
    plans = Plan.objects.filter(task=task, unit=F("task__assignment__lead"))
    text = plans.values_list("year_target", flat=True).first() or ""
    number = read_number(text)
    return Headline(text, number.value, number.scale + number.measure, Comparator.GE) if number else None


def share_table(task: Task) -> ShareTable:
    """The table of a task. Three queries, four where no goal is printed."""
    kept = {row.unit_id: row for row in DistrictShare.objects.filter(task=task)}
    rows = tuple(
        ShareRow(unit, name, row.value, row.text, row.revision)
        if (row := kept.get(unit))
        else ShareRow(unit, name, None, "", 0)
        for unit, name in _districts(task)
    )
    headline = headline_of(task)
    return ShareTable(headline, rows, sum_of(headline, [row.value for row in rows]) if headline else None)


def sum_of(headline: Headline, values: Sequence[Decimal | None]) -> shares.Sum:
    """What these shares come to; for a range anything between its ends carries the target."""
    given = [value for value in values if value is not None]
    rule = shares.check if shares.additive(headline.measure) else shares.check_rates
    target, upper = headline.value, headline.upper
    if upper is not None:
        total = rule(target, headline.comparator, given).total
        target = min(max(target, total), upper)
    return rule(target, headline.comparator, given)


def _districts(task: Task) -> list[tuple[int, str]]:
    """The districts that owe something to a task, as printed; the lead itself shares out and takes none."""
    return list(
        Responsibility.objects.filter(task=task, unit__kind=UnitKind.DISTRICT)
        .exclude(unit=F("task__assignment__lead"))
        .order_by("ordinal", "unit__position")
        .values_list("unit_id", "unit__name")
    )


def refusal_to_share(by: Acting, lead: int | None) -> Message | None:
    """The lead shares its task out among the districts; the office may enter its table (代录)."""
    if by.runs_office or by.answers(lead):
        return None
    return Message("shares.lead_shares")


@transaction.atomic
def share_out(*, task: Task, edits: Sequence[Edit], by: Acting, now: datetime) -> int:
    """Keep the table of a task; all or none. Returns how many lines really changed.

    `Edit.key` is the district, revision 0 a line not yet there; values are `value` (Decimal or None) and `text`. A sum
    above the target is never refused. Refused: fewer than two districts, another unit, an older revision, a value
    below 0 or from 10^18 on.
    """
    lead = Assignment.objects.select_for_update().filter(task=task).values_list("lead_id", flat=True).first()
    if refused := refusal_to_share(by, lead):
        raise NotAllowed(refused)
    names = dict(_districts(task))
    if len(names) < FEWEST_DISTRICTS:
        raise Conflict(Message("shares.no_districts", {"task": task.key}))
    rows = {row.unit_id: row for row in DistrictShare.objects.select_for_update().filter(task=task)}
    changed: list[tuple[DistrictShare, str]] = []
    for edit in edits:
        if edit.key not in names:
            raise Invalid(Message("shares.not_a_district", {"task": task.key}))
        row = rows.get(edit.key) or DistrictShare(task=task, unit_id=edit.key, revision=0)
        value, text = _share(edit.values, names[edit.key])
        if (row.value, row.text) == (value, text):
            continue
        if row.revision != edit.revision:
            raise Conflict(Message("shares.changed_meanwhile", {"unit": names[edit.key]}))
        before = _spoken(row)
        row.value, row.text = value, text
        changed.append((row, before))
    if changed:
        _keep_shares(task, changed, by=by, now=now)
    return len(changed)


def _share(values: Mapping[str, Any], name: str) -> tuple[Decimal | None, str]:
    value, text = values.get("value"), str(values.get("text", "")).strip()
    if value is not None and not 0 <= value < LARGEST:
        raise Invalid(Message("shares.bad_value", {"unit": name, "value": plain(value)}))
    if len(text) > SHARE_TEXT:
        raise Invalid(Message("shares.too_long", {"unit": name, "limit": SHARE_TEXT}))
    return value, text


def _spoken(row: DistrictShare) -> str:
    value = "" if row.value is None else plain(row.value)
    return f"{value} {row.text}".strip()


def _keep_shares(
    task: Task, changed: Sequence[tuple[DistrictShare, str]], *, by: Acting, now: datetime
) -> None:
    body = {
        "before": {str(row.unit_id): before for row, before in changed},
        "after": {str(row.unit_id): _spoken(row) for row, _ in changed},
    }
    government = Task.objects.values_list("list__government_id", flat=True).get(pk=task.pk)
    happening = Happening("task.shared", body, government, task.list_id, task.pk, f"task:{task.key}")
    [seq] = append([happening], by=by, now=now)
    for row, _ in changed:
        row.revision += 1
        row.seq = seq
        row.save()
