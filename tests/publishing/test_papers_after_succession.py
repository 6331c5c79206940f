"""Papers after a merger or a rename: the successor has the rows and the people, an order keeps the name it was sent to."""

from __future__ import annotations

import io
from datetime import date
from zipfile import ZipFile

import pytest
from tests.building import someone
from tests.building_papers import drafted, moved, year_of_papers
from tests.building_year import Year, moment, small_year
from tests.progress.test_succession_of_duties import BEFORE, DAY, LATER, NEW, OLD, merge, merged, seated

from duban.directory.operations import rename_unit
from duban.directory.queries import full_names_on
from duban.domain.posts import CONSOLE, PostRole
from duban.overview.units import unit_lines
from duban.plans.people import contacts_of, hands_of
from duban.progress.exchange import rows_of
from duban.publishing.assembly_units import plan_papers, urging_content, write_paper
from duban.publishing.contents import PaperKind
from duban.publishing.operations import freeze, frozen_or_now
from duban.publishing.queries import figures_of, order_figures, sheet_for_order, sheet_of
from duban.publishing.unit_contents import Sheet, report_form_content, unit_tasks_content
from duban.publishing.unit_papers import write_report_form, write_unit_tasks
from duban.publishing.verifying import Outcome, verify

pytestmark = pytest.mark.django_db
OLD_FULL, NEW_FULL = "云江市民政局", "云江市社会事业局"


def words(content: bytes) -> str:
    return ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def rename(year: Year, on: date) -> int:
    """The unit under its new name, which it has on the day of the test."""
    unit, now = year.unit(OLD), moment(5, 9)
    rename_unit(unit=unit, name="市社会事业局", full_name=NEW_FULL, on=on, basis="5号", by=CONSOLE, now=now)
    return unit.pk


def test_data_sheet_of_a_later_period_gives_rows_parts_and_people_to_the_successor():
    year = merged()
    seated(year, "吴某某", "0000-2002")
    old, new = year.unit(OLD).pk, year.unit(NEW).pk

    figures = figures_of(year.period, DAY)

    units = {unit.unit: (unit.name, unit.asked, unit.contact, unit.phone) for unit in figures.units}
    assert old not in units
    assert units[new] == (NEW, 1, "吴某某", "0000-2002")
    [part] = [part for part in figures.parts if part.unit == new]
    assert (part.task, part.role, part.contact) == (year.task("3").pk, "lead", "吴某某")
    assert [row.unit for row in figures.form_rows if row.task == year.task("3").pk] == [new]
    line = figures.line_of(year.task("3").pk)
    assert (line.lead, line.lead_unit, line.main) == (f"{NEW}（原{OLD}）", new, "")
    assert (line.year_target, line.division, line.contact, line.phone) == ("100家", "", "吴某某", "0000-2002")


def test_papers_of_the_successor_are_written_and_the_urging_list_calls_it():
    year = merged()
    seated(year, "吴某某", "0000-2002")
    sheet = sheet_of(freeze(period=year.period, by=CONSOLE, now=moment(4, 8)))

    papers = {paper.path: paper for paper in plan_papers(sheet.figures)}
    [row] = [row for row in urging_content(sheet).rows if row.unit == NEW]

    assert f"单位/{OLD}/任务单.docx" not in papers
    form = papers[f"单位/{NEW}/报送表.docx"]
    text = words(write_paper(sheet, form.kind, form.which))
    assert f"单位：{NEW}" in text
    assert "吴某某" in text
    assert "孙某某" not in text
    assert (row.contact, row.phone) == ("吴某某", "0000-2002")


def test_a_period_before_the_merger_keeps_unit_and_lead_and_calls_who_answers_now():
    year = merged(LATER)
    seated(year, "吴某某", "0000-2002")
    old = year.unit(OLD).pk

    then, now = figures_of(year.period), figures_of(year.period, DAY)

    for figures in (then, now):
        assert old in {unit.unit for unit in figures.units}
        assert figures.line_of(year.task("3").pk).lead == OLD
    contacts = [next(u.contact for u in f.units if u.unit == old) for f in (then, now)]
    lines = [f.line_of(year.task("3").pk).contact for f in (then, now)]
    parts = [next(p.contact for p in f.parts if p.unit == old) for f in (then, now)]
    assert contacts == lines == parts == ["孙某某", "吴某某"]


def test_a_sealed_data_sheet_stays_as_it_was_frozen():
    year = year_of_papers()
    before = freeze(period=year.period, by=CONSOLE, now=moment(4, 16))
    year.period.state = "sealed"
    year.period.save()
    sealed = freeze(period=year.period, by=CONSOLE, now=moment(4, 16))

    merge(year, BEFORE)

    assert frozen_or_now(year.period, DAY) == sheet_of(sealed).figures
    assert sheet_of(before).figures.line_of(year.task("3").pk).lead == OLD


def test_the_units_own_papers_show_the_inherited_rows_and_verify():
    year = merged()
    seated(year, "吴某某", "0000-2002")
    unit = year.unit(NEW)
    sheet = Sheet(year.list, unit, DAY, year.period)
    office = someone(PostRole.SUPERVISOR, year.government)
    contact = contacts_of(year.list.pk, DAY)[unit.pk]

    form = write_report_form(report_form_content(sheet, rows_of(year.period, unit.pk), contact))
    whole = Sheet(year.list, unit, DAY)
    lines = unit_lines(year.list.pk, unit.pk, office, DAY)
    tasks = write_unit_tasks(unit_tasks_content(whole, lines, hands_of(year.list, DAY)))

    assert f"（原{OLD}）" in words(form)
    assert "吴某某　0000-2002" in words(form)
    assert f"{NEW}（原{OLD}）" in words(tasks)
    assert "吴某某" in words(tasks)
    assert [verify(paper).outcome for paper in (form, tasks)] == [Outcome.SAME] * 2


@pytest.mark.parametrize(("on", "name"), [(date(2026, 4, 17), NEW_FULL), (date(2026, 4, 18), OLD_FULL)])
def test_an_order_prints_the_name_in_force_on_the_day_of_its_approval(on, name):
    year = year_of_papers()
    order = moved(drafted(year), "approve")
    rename(year, on)
    order.refresh_from_db()

    [figures] = order_figures([order])
    sheet = sheet_of(freeze(period=year.period, by=CONSOLE, now=moment(5, 10)))
    paper = write_paper(sheet, PaperKind.ORDER, str(order.pk))

    assert figures.unit == name
    assert f"{name}：" in words(paper)
    assert sheet_for_order(order).sha256 == sheet.sha256


def test_a_draft_prints_the_name_in_force_when_it_was_written():
    year = year_of_papers()
    early, late = drafted(year), date(2026, 4, 17)
    rename(year, late)

    assert [row.unit for row in order_figures([early])] == [OLD_FULL]
    again = moved(early, "submit")
    assert [row.unit for row in order_figures([again])] == [NEW_FULL]


def test_names_of_many_days_cost_one_query(django_assert_num_queries):
    year = small_year("published")
    unit, other = rename(year, date(2026, 4, 17)), year.unit(NEW).pk
    wanted = {(unit, date(2026, 4, 16)), (unit, date(2026, 4, 17)), (unit, date(2020, 1, 1)), (other, DAY)}

    with django_assert_num_queries(1):
        names = full_names_on(wanted)

    assert names == {
        (unit, date(2026, 4, 16)): OLD_FULL,
        (unit, date(2026, 4, 17)): NEW_FULL,
        (unit, date(2020, 1, 1)): OLD_FULL,
        (other, DAY): "云江市司法局",
    }
