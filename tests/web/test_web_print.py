"""What a page looks like on paper, and what every page owes its reader first: an answer, whole heads, its own language."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.translation import override
from tests.building import city, published, someone
from tests.building_year import Year, moment, small_year

import duban.web
from duban.domain.posts import CONSOLE, PostRole
from duban.plans.operations import Edit
from duban.plans.refinement import contract_candidates, contract_rows, propose_contracts
from duban.supervision.models import Determination
from duban.supervision.operations import note_contact
from duban.web.templatetags.standing import stacked
from duban.web.templatetags.year_words import light

pytestmark = pytest.mark.django_db

LOOK = Path(duban.web.__file__).parent / "static" / "duban" / "look.css"


class Tables(HTMLParser):
    """The classes of the cells of every table, row by row; rows with a cell over several columns are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[set[str]]]] = []
        self.whole = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
            self.whole = True
        elif tag in {"td", "th"} and self.tables[-1]:
            self.whole &= "colspan" not in found
            self.tables[-1][-1].append(set((found.get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr" and self.tables and not self.whole:
            self.tables[-1].pop()


def hidden_in_print() -> set[str]:
    """Classes that the style sheet leaves out on paper whatever stands around them."""
    text = LOOK.read_text(encoding="utf-8")
    found: set[str] = set()
    for start in (match.end() for match in re.finditer(r"@media print \{", text)):
        depth, at = 1, start
        while depth:
            depth += {"{": 1, "}": -1}.get(text[at], 0)
            at += 1
        for selectors in re.findall(r"([^{}]+)\{ display: none; \}", text[start : at - 1]):
            found |= {one.strip()[1:] for one in selectors.split(",") if re.fullmatch(r"\s*\.[\w-]+\s*", one)}
    return found


def columns_hidden(text: str) -> list[list[list[bool]]]:
    """Of every table of a page, row by row, which columns are not printed."""
    parser, hidden = Tables(), hidden_in_print()
    parser.feed(text)
    return [[[bool(cell & hidden) for cell in row] for row in table if row] for table in parser.tables]


def opened(as_, year, role, language="zh-hans"):
    """Every page of the navigation of a post, and the pages of a task and of a period, with their texts."""
    client = as_(someone(role, year.unit("市民政局") if role == PostRole.LIAISON else year.government))
    client.post("/language/", {"language": language, "next": "/"})
    groups = client.get("/help/").context["frame"].groups
    further = ["t/3/", "issue/paste/", "orders/new/", "p/2026-03/review/?state=all", "p/2026-03/urging/"]
    links = [link.address for _, group in groups for link in group]
    pages = {
        address: client.get(address) for address in [*links, *(f"{year.path}{more}" for more in further)]
    }
    return {
        address.removeprefix(year.path): page.content.decode()
        for address, page in pages.items()
        if page.status_code == 200
    }


def full_year() -> Year:
    """A determined year in which every table with boxes has a row, and a unit was urged by telephone."""
    year = small_year("determined")
    row = contract_rows(contract_candidates(year.list))[0]
    values = {**row.values, "deliverable": "食堂", "evidence": "名单", "verifier": "市民政局"}
    edits = [Edit(row.clause, 0, values)]
    propose_contracts(task_list=year.list, unit=row.lead, edits=edits, by=CONSOLE, now=moment(4, 15))
    units = [year.unit("市教育局").pk]
    told = {"kind": "urge_report", "channel": "phone", "note": "已答复"}
    note_contact(period=year.period, units=units, **told, by=CONSOLE, now=moment(4, 15))
    return year


def test_rows_hide_on_paper_the_columns_that_their_head_hides(as_):
    """A cell left out where its head stays would shift every column after it."""
    pages = opened(as_, full_year(), PostRole.SUPERVISOR)

    tables = {
        (page, n): table for page, text in pages.items() for n, table in enumerate(columns_hidden(text))
    }
    uneven = {at for at, table in tables.items() if any(row != table[0] for row in table)}
    boxes = {page for (page, _), table in tables.items() if len(table) > 1 and any(table[0])}

    assert {"tickcell", "onscreen"} <= hidden_in_print()
    assert uneven == set()
    assert boxes == {
        "receipts/", "contracts/", "issue/", "p/2026-03/", "p/2026-03/review/?state=all", "p/2026-03/determine/",
        "p/2026-03/papers/",
    }  # fmt: skip


def test_paper_has_as_text_what_stands_in_fields(as_):
    year = small_year("determined")
    client = as_(someone(PostRole.SUPERVISOR, year.government))
    told = Determination.objects.get(task__key="3")

    plan = client.get(f"{year.path}plan/{year.unit('市民政局').pk}/").content.decode()
    determined = client.get(f"{year.path}p/2026-03/determine/").content.decode()

    assert '<span class="onpaper">25家</span>' in plan
    assert (
        f'<span class="onpaper">{light(told.light)} <span class="why">{told.sentence}</span></span>'
        in determined
    )


@pytest.mark.parametrize("until", ["published", "determined"])
@pytest.mark.parametrize("role", [PostRole.SUPERVISOR, PostRole.CITY_LEADER, PostRole.LIAISON])
def test_every_page_says_its_answer_first(as_, until, role):
    pages = opened(as_, small_year(until), role)
    answers = {
        page: [re.sub(r"<[^>]+>|\s", "", said) for said in re.findall(r'class="answer[^>]*>(.*?)</(?:p|div|form)>', text, re.DOTALL)]
        for page, text in pages.items()
    }  # fmt: skip

    assert [page for page, said in answers.items() if not any(said)] == []
    assert [page for page, text in pages.items() if re.search(r"<title>\s*·", text)] == []


def test_every_column_has_a_name(as_):
    pages = opened(as_, small_year(), PostRole.SUPERVISOR)

    assert [page for page, text in pages.items() if re.search(r"<th[^>]*></th>", text)] == []


def test_lines_in_english_have_no_chinese_stops(as_):
    year = full_year()
    pages = opened(as_, year, PostRole.SUPERVISOR, "en")
    auditor = as_(someone(PostRole.AUDITOR, year.government))
    auditor.post("/language/", {"language": "en", "next": "/"})

    plain = {page: re.sub(r"<[^>]+>", " ", text) for page, text in pages.items()}
    found = {
        page: re.findall(r"[A-Za-z] ?[，；：（、]|[）；，：、][A-Za-z]", text) for page, text in plain.items()
    }

    assert {page: stops for page, stops in found.items() if stops} == {}
    assert "Urged to report (telephone) 已答复" in plain["p/2026-03/"]
    assert "open. On time until" in plain["p/2026-03/"]
    assert "<td>command line</td>" in auditor.get("/log/").content.decode()


def test_overview_before_issue_is_one_sentence_with_the_next_step(as_):
    year = small_year("assigned")

    office = as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}overview/").content.decode()
    leader = as_(someone(PostRole.CITY_LEADER, year.government)).get(f"{year.path}overview/").content.decode()

    assert [word for word in ("<table", 'href="#') if word in office.partition("<main")[2]] == []
    assert f'<a href="{year.path}issue/">去交办下达</a>' in office
    assert f'<a href="{year.path}">先看任务清单</a>' in leader


def test_places_on_the_overview_are_there(as_):
    year = small_year("issued")

    text = as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}overview/").content.decode()

    assert set(re.findall(r'href="#([\w-]+)"', text)) <= set(re.findall(r'id="([\w-]+)"', text))


def test_administrators_are_told_why_they_see_no_list(as_):
    government = city()
    published(government)

    told = as_(someone(PostRole.SYSTEM_ADMIN, government)).get("/lists/").content.decode()
    seen = as_(someone(PostRole.SUPERVISOR, government)).get("/lists/").content.decode()

    assert ("不看业务内容" in told, "<b>0</b> 份" in told) == (True, False)
    assert ("不看业务内容" in seen, "共 <b>1</b> 份" in seen) == (False, True)


def test_units_lead_to_their_page_where_the_reader_may_open_it(as_):
    year = small_year("issued")
    own, other = (f"{year.path}u/{year.unit(name).pk}/" for name in ("市民政局", "市教育局"))

    def leads(role):
        client = as_(someone(role, year.unit("市民政局") if role == PostRole.LIAISON else year.government))
        text = client.get("/units/").content.decode()
        links = re.findall(r'<td class="lead"><a href="([^"]+)"', text)
        assert {client.get(link).status_code for link in links} <= {200}
        return [place in links for place in (own, other)]

    assert leads(PostRole.SUPERVISOR) == [True, True]
    assert leads(PostRole.LIAISON) == [True, False]
    assert leads(PostRole.SYSTEM_ADMIN) == [False, False]


def test_what_is_asked_of_a_unit_leads_to_its_rows(as_):
    year = small_year("opened")
    unit = year.unit("市民政局").pk

    text = as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}p/2026-03/").content.decode()

    assert f'data-label="应报"><a href="{year.path}p/2026-03/review/?state=all&amp;unit={unit}">1</a>' in text


def test_to_do_says_what_is_past_its_limit(as_):
    year = small_year("opened")

    page = as_(someone(PostRole.LIAISON, year.unit("市民政局"))).get("/todo/")
    text, rows = page.content.decode(), [row for _, rows in page.context["groups"] for row in rows]
    late = sum(bool(row.todo.late) for row in rows)

    assert rows
    assert (f"其中 {late} 件已超过期限" in text, "都没有超过期限。" in text) == (late > 0, late == 0)


def test_bar_of_lights_is_described_in_the_language_of_the_page():
    with override("en"):
        text = stacked({"normal": 2, "lagging": 1}, 3)

    assert 'aria-label="On track 2, Lagging 1"' in text
