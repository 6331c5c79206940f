"""What the successor's people read and do about a task whose lead merged into their unit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.building import someone
from tests.building_year import PROGRESS, moment, small_year
from tests.web.test_web_sheets import text_of, unit_address
from tests.web.test_web_successor import NEW, OLD, OTHER, merge

from duban.directory.models import User
from duban.directory.queries import seats_of
from duban.domain.posts import CONSOLE, PostRole
from duban.overview.queries import ledger
from duban.plans.models import Receipt
from duban.plans.models_refinement import ChangeRequest, CompletionContract
from duban.plans.operations import Edit, assign
from duban.plans.refinement import refusal_to_share
from duban.supervision.consultation import Protest, object_to, open_consultation
from duban.supervision.models_consultation import ConsultationRow, Objection

pytestmark = pytest.mark.django_db


def test_reports_of_the_predecessor_are_read_in_ledger_register_unit_page_and_task_page(as_):
    year = small_year("reviewed")
    merge(year)
    reader = someone(PostRole.LIAISON, year.unit(NEW))
    client = as_(reader)
    pages = [year.path, unit_address(year), f"{year.path}t/3/"]

    assert [PROGRESS[:9] in text_of(client.get(page)) for page in pages] == [True] * 3
    [line] = ledger(year.list, seat_of(reader))
    assert line.said.progress == PROGRESS


def seat_of(acting):
    """The post as the directory knows it today; its person has an account."""
    [seat] = seats_of(User.objects.get(person=acting.person), timezone.localdate())
    return seat


def test_what_happened_to_the_task_is_told_to_the_successor_as_to_its_lead(as_):
    year = small_year("reviewed")
    lead = text_of(as_(someone(PostRole.LIAISON, year.unit(OLD))).get(f"{year.path}t/3/"))
    merge(year)

    successor = text_of(as_(someone(PostRole.LIAISON, year.unit(NEW))).get(f"{year.path}t/3/"))

    told = lead[lead.index("办理过程") :]
    assert successor[successor.index("办理过程") :] == told


def test_the_successor_signs_for_the_list_on_the_page_of_the_predecessor(as_):
    year = small_year("opened")
    merge(year)
    client = as_(someone(PostRole.LIAISON, year.unit(NEW)))

    assert unit_address(year, "receipt/") in client.get(unit_address(year)).content.decode()
    client.post(unit_address(year, "receipt/"), {"do": "sign"})

    assert Receipt.objects.get(unit=year.unit(OLD)).state == "signed"
    assert unit_address(year, "receipt/") not in client.get(unit_address(year)).content.decode()


def test_the_successor_asks_for_a_change_in_the_name_of_the_lead(as_):
    year = small_year("opened")
    merge(year)
    client, other = (as_(someone(PostRole.LIAISON, year.unit(name))) for name in (NEW, OTHER))
    later = f"{timezone.localdate() + timedelta(days=90)}"
    wish = {
        "kind": "deadline",
        "wanted": later,
        "value": later,
        "reason": "用地手续调整",
        "progress": "已建成5所",
    }

    page = client.get(f"{year.path}t/3/adjust/").content.decode()
    codes = [each.post(f"{year.path}t/3/adjust/ask/", wish).status_code for each in (client, other)]

    assert f"{year.path}t/3/adjust/ask/" in page
    assert codes == [303, 404]
    assert ChangeRequest.objects.get().unit == year.unit(OLD)


def test_the_successor_fills_in_the_contracts_of_the_predecessors_tasks(as_):
    year = small_year("opened")
    row = year.assignment("3")
    change = Edit(row.task_id, row.revision, {"key_task": True})
    assign(task_list=year.list, edits=[change], by=CONSOLE, now=moment(4, 1))
    merge(year)
    client = as_(someone(PostRole.LIAISON, year.unit(NEW)))
    where = f"{year.path}contracts/?fill={year.unit(OLD).pk}"

    own, page = client.get(f"{year.path}contracts/"), client.get(where)

    assert ["办好食堂" in text_of(each) for each in (own, page)] == [False, True]
    line = page.context["lines"][0]
    said = dict.fromkeys(("deliverable", "standard", "evidence", "verifier"), "材料") | {
        "due_on": "2026-12-31"
    }
    cells = {f"{name}-{line.row.clause}": value for name, value in said.items()}
    posted = client.post(where, {f"seen-{line.row.clause}": line.seen} | cells)
    assert (posted.status_code, "?fill=" in page.content.decode()) == (303, True)
    assert CompletionContract.objects.get().proposed_by == year.unit(OLD)
    shut = client.get(f"{year.path}contracts/?fill={year.unit('市教育局').pk}")
    assert "建成学校8所" not in text_of(shut)


def test_the_successor_shares_out_what_the_predecessor_leads(as_):
    year = small_year("opened")
    merge(year)
    reader = someone(PostRole.LIAISON, year.unit(NEW))
    as_(reader)

    found = [refusal_to_share(seat_of(reader), lead) for lead in (year.unit(OLD).pk, None)]

    assert found[0] is None
    assert found[1] is not None


def test_the_successor_objects_to_the_row_of_the_predecessor(as_):
    year = small_year("determined")
    open_consultation(period=year.period, by=CONSOLE, now=moment(4, 15))
    merge(year)
    reader = someone(PostRole.LIAISON, year.unit(NEW))
    as_(reader)

    row = ConsultationRow.objects.get(task__key="3")
    object_to(row=row, protest=Protest("已于4月10日补报"), by=seat_of(reader), now=moment(4, 16))

    assert Objection.objects.get().row == row
