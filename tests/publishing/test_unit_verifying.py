"""Papers that a unit prints from its own page: verified against the record, which may have moved on since."""

from __future__ import annotations

import io

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import someone
from tests.building_year import drafted, moment, sent, small_year

from duban.domain.posts import CONSOLE, PostRole
from duban.overview.units import unit_lines
from duban.plans.models import Plan
from duban.plans.operations import Edit, refine
from duban.plans.people import contacts_of, hands_of
from duban.progress.exchange import rows_of
from duban.progress.operations import check_code, review
from duban.publishing.contents import Basis, PaperKind
from duban.publishing.official import Paper
from duban.publishing.queries import office_of
from duban.publishing.unit_contents import (
    Sheet,
    report_form_content,
    sign_off_content,
    unit_tasks_content,
)
from duban.publishing.unit_papers import write_report_form, write_sign_off, write_unit_tasks
from duban.publishing.verifying import MOVED_ON, Outcome, verify

pytestmark = pytest.mark.django_db
UNIT = "市民政局"


@pytest.fixture
def year():
    return small_year("sent")


def tasks(year, unit=UNIT):
    sheet = Sheet(year.list, year.unit(unit), moment(4, 5).date())
    lines = unit_lines(year.list.pk, sheet.unit.pk, office_of(year.list), sheet.today)
    return write_unit_tasks(unit_tasks_content(sheet, lines, hands_of(year.list, sheet.today)))


def form(year, *, blank=False):
    sheet = Sheet(year.list, year.unit(UNIT), moment(4, 5).date(), year.period)
    contact = contacts_of(year.list.pk, sheet.today).get(sheet.unit.pk, ("", ""))
    return write_report_form(
        report_form_content(sheet, rows_of(year.period, sheet.unit.pk), contact, blank=blank)
    )


def slip(year):
    sheet = Sheet(year.list, year.unit(UNIT), moment(4, 5).date(), year.period)
    code, _ = check_code(year.period, sheet.unit.pk)
    return write_sign_off(sign_off_content(sheet, rows_of(year.period, sheet.unit.pk), code))


def papers(year):
    return [tasks(year), tasks(year, "市教育局"), form(year), form(year, blank=True), slip(year)]


def reported_again(year):
    """Task 3 returned, mended and sent once more."""
    row = year.row("3")
    review(period=year.period, rows={row.pk: row.revision}, action="return", reason="数值有误", by=CONSOLE, now=moment(4, 6))  # fmt: skip
    drafted(year, value="21家", problem="")
    sent(year)


def planned_again(year):
    """The contact for task 3 changed."""
    row = Plan.objects.get(task=year.task("3"), unit=year.unit(UNIT))
    refine(
        task_list=year.list,
        unit=row.unit_id,
        edits=[Edit(row.task_id, row.revision, {"contact": "吴某某"})],
        by=CONSOLE,
        now=moment(4, 6),
    )


def overwritten(paper, before, after):
    """The paper with a text in one of its cells replaced."""
    document = docx.Document(io.BytesIO(paper))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    run = next(run for cell in cells for p in cell.paragraphs for run in p.runs if run.text == before)
    run.text = after
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_a_units_paper_agrees_with_the_record_that_it_was_printed_from(year):
    assert [verify(paper).outcome for paper in papers(year)] == [Outcome.SAME] * 5


def test_a_changed_paper_is_caught_while_the_record_stands(year):
    found = verify(overwritten(form(year), "20家", "25家"))

    assert (found.outcome, found.differences) == (Outcome.DIFFERS, ("表1第2行第7列：「20家」≠「25家」",))


def test_a_paper_from_before_a_change_says_so_and_names_the_place(year):
    before = papers(year)
    reported_again(year)
    found = [verify(paper) for paper in before]

    assert [paper.outcome for paper in found] == [
        Outcome.SAME, Outcome.SAME, Outcome.DIFFERS, Outcome.SAME, Outcome.DIFFERS,
    ]  # fmt: skip
    assert found[2].differences == (
        MOVED_ON,
        "表1第2行第7列：「21家」≠「20家」",
        "表1第2行第8列：「」≠「用地尚未落实」",
    )
    assert found[4].differences[0] == MOVED_ON
    assert any("0项" in line and "1项" in line for line in found[4].differences)


def test_a_new_contact_changes_the_papers_that_print_it(year):
    before = papers(year)
    planned_again(year)
    found = [verify(paper).differences[:1] for paper in before]

    assert found == [(MOVED_ON,), (), (MOVED_ON,), (MOVED_ON,), ()]
    assert [verify(paper).outcome for paper in papers(year)] == [Outcome.SAME] * 5


def test_a_unit_verifies_its_own_papers_and_no_others(year):
    posts = [
        someone(PostRole.LIAISON, year.unit(UNIT)),
        someone(PostRole.LIAISON, year.unit("市教育局")),
        someone(PostRole.SUPERVISOR, year.government),
        someone(PostRole.CITY_LEADER, year.government),
    ]

    found = [[verify(paper, post).outcome for paper in (tasks(year), form(year))] for post in posts]

    same, hidden = Outcome.SAME, Outcome.NO_SHEET
    assert found == [[same, same], [hidden, hidden], [same, same], [same, hidden]]


@pytest.mark.parametrize(
    "key",
    [
        "none/2026-03/unit/{unit}/2026-04-05",
        "{list}/2026-06/unit/{unit}/2026-04-05",
        "{list}/2026-03/unit/0/2026-04-05",
        "{list}/2026-03/unit/{unit}/2026-02-30",
        "{list}/2026-03/unit/{unit}",
    ],
)
def test_a_key_that_leads_nowhere_finds_nothing(year, key):
    words = key.format(list=year.list.key, unit=year.unit(UNIT).pk)
    day = moment(4, 5).date()

    data = Paper().finish("表", PaperKind.REPORT_FORM, Basis("督查室", day, day, "0" * 64, words))

    assert verify(data).outcome is Outcome.NO_SHEET


def test_other_kinds_of_paper_have_no_record_to_stand_in(year):
    words = f"{year.list.key}/2026-03/unit/{year.unit(UNIT).pk}/2026-04-05"
    day = moment(4, 5).date()

    data = Paper().finish("表", PaperKind.ORDER, Basis("督查室", day, day, "0" * 64, words))

    assert verify(data).outcome is Outcome.NO_SHEET


def test_verifying_costs_the_same_however_many_rows(year):
    def cost(paper):
        with CaptureQueriesContext(connection) as captured:
            verify(paper)
        return len(captured)

    assert cost(tasks(year, "市教育局")) == cost(tasks(year))
