"""导出 Excel of every list: the rows of the page under its filters, all its pages, for those alone who see the page."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.building import HEAD, another_city, someone
from tests.building_papers import drafted, moved, problem_of, year_of_papers
from tests.building_year import moment, small_year

from duban.coordination.models import Problem
from duban.coordination.operations import PaperEntry, register_paper
from duban.domain.posts import CONSOLE, PostRole
from duban.plans.adjustment import Wish, ask
from duban.plans.models import Assignment
from duban.publishing.tables import Table, tables_workbook
from duban.supervision.consultation import Protest, object_to, open_consultation
from duban.supervision.models import ConsultationRow
from duban.supervision.operations import note_contact
from duban.web.export_tables import EXPORTS

pytestmark = pytest.mark.django_db
P = "p/2026-03/"
FORMULA = '=HYPERLINK("http://localhost","点")'


def number_of(line):
    return line.row.number


PLACES = {
    P: ("periods/period.html", 0, lambda c: [row.name for row in c["rows"]]),
    f"{P}?state=owed": ("periods/period.html", 0, lambda c: [row.name for row in c["rows"]]),
    f"{P}urging/": ("periods/urging.html", 0, lambda c: [row.name for row, _ in c["rows"]]),
    f"{P}review/?state=accepted": ("review/reports.html", 0, lambda c: list(map(number_of, c["lines"]))),
    f"{P}review/?state=owed": ("review/reports.html", 0, lambda c: list(map(number_of, c["lines"]))),
    f"{P}determine/?light=missing": (
        "review/determination.html", 1, lambda c: [line.task.current.text for line in c["lines"]]),
    f"{P}consultation/?show=objected": (
        "consultation/page.html", 0, lambda c: [line.row.task.current.number for line in c["lines"]]),
    "orders/?show=prepared": ("orders/list.html", 1, lambda c: [row.matter for row in c["rows"]]),
    "orders/?show=open": ("orders/list.html", 0, lambda c: [row.number for row in c["rows"]]),
    "problems/?state=all": ("problems/list.html", 2, lambda c: [row.text for row in c["rows"]]),
    "problems/?state=solved": ("problems/list.html", 2, lambda c: [row.text for row in c["rows"]]),
    "letters/?kind=report": ("problems/letters.html", 1, lambda c: [row.number for row in c["rows"]]),
    "receipts/?state=pending": ("issue/receipts.html", 0, lambda c: [row.name for row in c["rows"]]),
    "coverage/?check=layers": ("issue/coverage.html", 2, lambda c: [row.unit_name for row in c["rows"]]),
    "contracts/?state=none": (
        "refinement/contracts.html", 0, lambda c: [f"{x.row.number}-{x.row.ordinal}" for x in c["lines"]]),
    "changes/?state=asked": ("refinement/changes.html", 2, lambda c: [r.task.current.number for r, _ in c["rows"]]),
    "search/?q=食堂": ("overview/search.html", 2, lambda c: [hit.text for hit in c["found"].groups[0].hits]),
    "overview/": ("overview/overview.html", 0, lambda c: [part.name for part in c["shown"].chapters]),
    "leader/?name=林某某": ("overview/leader.html", 1, lambda c: [r.subject for r in c["shown"].requests] +
                          [r.matter for r in c["shown"].approvals] + [r.text for r in c["shown"].problems]),
    "/units/": ("directory/units.html", 0, lambda c: [unit.name for unit in c["units"]]),
}  # fmt: skip
EMPTY = {"problems/?state=solved"}


@pytest.fixture
def year():
    """Something on every list."""
    built = year_of_papers()
    problem_of(built)
    drafted(built, "2", "市教育局")
    moved(drafted(built), "serve")
    for kind, number in (("request", "民请〔2026〕3号"), ("report", "民报〔2026〕4号")):
        entry = PaperEntry(kind, number, date(2026, 4, 10), "市民政局", "关于用地", built.task("3"))
        register_paper(task_list=built.list, entry=entry, by=CONSOLE, now=moment(4, 16))
    Assignment.objects.filter(task__key="2").update(deadline=date(2029, 12, 31))
    wish = Wish("deadline", "2030-01-31", "用地未落实", "已建成两所")
    ask(task=built.task("2"), unit=built.unit("市教育局").pk, wish=wish, by=CONSOLE, now=moment(4, 16))
    open_consultation(period=built.period, by=CONSOLE, now=timezone.now())
    row = ConsultationRow.objects.select_related("draft", "unit").get(task__key="2")
    by = someone(PostRole.LIAISON, row.unit)
    object_to(row=row, protest=Protest("已补报"), by=by, now=timezone.now())
    return built


def address(year, place, *, export=True):
    whole = place if place.startswith("/") else year.path + place
    return whole + (("&" if "?" in whole else "?") + "export=xlsx" if export else "")


def sheets(client, year, place):
    response = client.get(address(year, place))
    assert response.status_code == 200, place
    return openpyxl.load_workbook(BytesIO(response.content))


def rows(sheet):
    return [["" if value is None else value for value in row] for row in sheet.iter_rows(min_row=4, values_only=True)]  # fmt: skip


def test_every_export_has_the_rows_of_its_page(year, as_):
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    shown, found = {}, {}
    for place, (template, column, keys) in PLACES.items():
        page = client.get(address(year, place, export=False))
        assert template in [each.name for each in page.templates]
        shown[place] = [str(key) for key in keys(page.context)]
        found[place] = [row[column] for row in rows(sheets(client, year, place).worksheets[0])]

    assert found == shown
    assert {place for place, keys in shown.items() if not keys} == EMPTY
    assert {template for template, _, _ in PLACES.values()} == set(EXPORTS) - {
        "refinement/contracts_fill.html"
    }


def test_pages_carry_the_button_with_their_filters(year, as_):
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    without = [
        place
        for place in PLACES
        if 'export=xlsx">导出 Excel</a>'
        not in client.get(address(year, place, export=False)).content.decode()
    ]
    page = client.get(f"{year.path}{P}review/?state=owed&page=2&done=accepted&n=1").content.decode()

    assert without == []
    assert 'href="?state=owed&amp;export=xlsx"' in page


def test_unit_exports_its_own_contracts(year, as_):
    sheet = sheets(as_(someone(PostRole.LIAISON, year.unit("市教育局"))), year, "contracts/").active

    assert [row[:3] for row in rows(sheet)] == [["2-1", "建成学校8所", "市教育局"]]


def test_whoever_does_not_see_a_page_does_not_get_its_workbook(year, as_):
    people = {
        "leader": someone(PostRole.CITY_LEADER, year.government),
        "liaison": someone(PostRole.LIAISON, year.unit("市公安局")),
        "auditor": someone(PostRole.AUDITOR, year.government),
        "elsewhere": someone(PostRole.SUPERVISOR, another_city()),
    }

    refused = {}
    for name, acting in people.items():
        client = as_(acting)
        pages = {place: client.get(address(year, place, export=False)).status_code for place in PLACES}
        exports = {place: client.get(address(year, place)).status_code for place in PLACES}
        assert exports == pages
        refused[name] = {place for place, status in exports.items() if status in (403, 404)}

    assert refused["elsewhere"] == refused["auditor"] == set(PLACES) - {"/units/"}
    assert refused["leader"] == {place for place in PLACES if place.startswith((P, "receipts", "coverage"))}
    assert refused["liaison"] == set(PLACES) - {"/units/"}


def test_cells_are_numbers_days_and_never_formulas(year, as_):
    note = {"kind": "urge_report", "channel": "phone", "note": FORMULA}
    unit = year.unit("市教育局").pk
    note_contact(period=year.period, units=[unit], **note, by=CONSOLE, now=moment(4, 16))
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    heads, *found = sheets(client, year, P).active.iter_rows(min_row=3)
    names = [head.value for head in heads]
    cells = next(dict(zip(names, row, strict=True)) for row in found if row[0].value == "市教育局")

    assert (cells["应报"].value, cells["应报"].data_type) == (1, "n")
    assert (cells["最近联系"].value, cells["最近联系"].is_date) == (datetime(2026, 4, 16), True)
    assert (cells["联系情况"].value, cells["联系情况"].data_type) == (f"催报（电话）{FORMULA}", "s")


def test_text_that_begins_as_a_formula_stays_a_text():
    book = tables_workbook([Table("a/b", "表", "", [("甲", 9), ("乙", 9)], [(FORMULA, None)])])

    sheet = openpyxl.load_workbook(BytesIO(book))["a b"]

    assert (sheet["A4"].value, sheet["A4"].data_type, sheet["A4"].hyperlink) == (FORMULA, "s", None)


MANY = HEAD + "".join(f"{n}.办好第{n}件实事，新增学校{n}所。\n主责单位：市教育局\n" for n in range(2, 104))
PAGED = (f"{P}review/?state=all", f"{P}determine/", "problems/", "contracts/")


def costs(client, year, places):
    found = {}
    for place in places:
        client.get(address(year, place))
        with CaptureQueriesContext(connection) as captured:
            book = sheets(client, year, place)
        found[place] = (len(captured), book.worksheets[0].max_row - 3)
    return found


def test_all_pages_are_exported_for_the_same_queries(as_):
    """103 tasks: more than a page of every one of these lists."""
    small = small_year("judged")
    problems(small)
    client = as_(someone(PostRole.SUPERVISOR, small.government))
    few = costs(client, small, PAGED)
    large = small_year("judged", MANY.replace("〔2026〕9号", "〔2026〕10号"))
    problems(large)

    many = costs(client, large, PAGED)

    assert {place: n for place, (_, n) in many.items()} == {
        PAGED[0]: 103, PAGED[1]: 103, PAGED[2]: 103, PAGED[3]: 104,
    }  # fmt: skip
    assert {place: n for place, (n, _) in many.items()} == {place: n for place, (n, _) in few.items()}


def test_all_gaps_of_the_checks_are_exported(as_):
    year = small_year("issued", MANY)
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    page = client.get(address(year, "coverage/?check=layers", export=False)).context["page"]
    (_, exported) = costs(client, year, ["coverage/?check=layers"])["coverage/?check=layers"]

    assert (page.paginator.num_pages, exported) == (2, page.paginator.count)


def problems(year):
    Problem.objects.bulk_create(
        Problem(task=row.task, unit=row.lead, text="用地未落实", raised_on=date(2026, 4, 1), seq=1)
        for row in Assignment.objects.filter(task__list=year.list)
    )


def test_workbook_speaks_the_language_of_the_page(year, as_):
    client = as_(someone(PostRole.SUPERVISOR, year.government))
    client.post("/language/", {"language": "en", "next": "/"})

    heads = {
        place: [cell.value for sheet in sheets(client, year, place) for cell in sheet[3]] for place in PLACES
    }

    assert heads["/units/"][:3] == ["Short name", "Full name", "Kind"]
    assert [head for own in heads.values() for head in own if not head.isascii()] == []
