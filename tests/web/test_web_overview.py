"""The pages of an issued list: register, task, overview, city leader's page, search."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.building import CONSOLE, SMALL, another_city, other_number, published, someone
from tests.building_year import PROGRESS, determined, drafted, judged, moment, reviewed, sent, small_year

from duban.coordination.operations import take_up_problems
from duban.domain.lights import LIGHTS, Light
from duban.domain.posts import PostRole
from duban.history.operations import Happening, append
from duban.plans.models import Assignment
from duban.publishing.register_workbook import STANDING_COLUMNS
from duban.supervision.operations import Ruling, determine, patrol

pytestmark = pytest.mark.django_db

PLACES = ("", "export.xlsx", "t/3/", "t/1/", "overview/", "leader/", "leader/?name=林某某", "leader/?name=别人",
          "search/?q=食堂")  # fmt: skip


@pytest.fixture
def year():
    built = small_year()
    take_up_problems(period=built.period, by=CONSOLE, now=moment(4, 14))
    return built


def keys(response):
    return [row.key for row in response.context["rows"]]


def test_pages_by_role_are_exactly_these(year, as_):
    people = {
        "supervisor": someone(PostRole.SUPERVISOR, year.government),
        "director": someone(PostRole.OFFICE_DIRECTOR, year.government),
        "leader": someone(PostRole.CITY_LEADER, year.government),
        "secretary": someone(PostRole.LEADER_SECRETARY, year.government),
        "leads task 3": someone(PostRole.LIAISON, year.unit("市民政局")),
        "shares task 3": someone(PostRole.PRINCIPAL, year.unit("市财政局")),
        "uninvolved": someone(PostRole.LIAISON, year.unit("市公安局")),
        "auditor": someone(PostRole.AUDITOR, year.government),
        "system": someone(PostRole.SYSTEM_ADMIN, year.government),
        "elsewhere": someone(PostRole.SUPERVISOR, another_city()),
    }

    table = {
        name: [client.get(f"{year.path}{place}").status_code for place in PLACES]
        for name, client in ((name, as_(acting)) for name, acting in people.items())
    }

    everything = [200, 200, 200, 200, 200, 200, 200, 404, 200]
    own = [200, 200, 200, 404, 404, 404, 404, 404, 200]
    nothing = [404] * 9
    assert table == {
        "supervisor": everything,
        "director": everything,
        "leader": everything,
        "secretary": everything,
        "leads task 3": own,
        "shares task 3": own,
        "uninvolved": nothing,
        "auditor": nothing,
        "system": nothing,
        "elsewhere": nothing,
    }


def test_nobody_outside_the_office_reads_the_system_view(as_):
    """Judged and not determined: the sentence of the system stands on no page of a leader or a unit."""
    year = small_year("judged")
    sentence = year.task("3").standing.verdict.sentence
    places = ["", "t/3/", "overview/", "leader/", "export.xlsx", "search/?q=食堂"]

    def reads(acting):
        client = as_(acting)
        found = {}
        for place in places:
            response = client.get(f"{year.path}{place}")
            if place == "export.xlsx":
                rows = openpyxl.load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True)
                found[place] = sentence in str(list(rows))
            else:
                found[place] = sentence in response.content.decode()
        return [place for place, seen in found.items() if seen]

    assert "t/3/" in reads(someone(PostRole.SUPERVISOR, year.government))
    assert reads(someone(PostRole.CITY_LEADER, year.government)) == []
    assert reads(someone(PostRole.LIAISON, year.unit("市民政局"))) == []


def test_list_before_it_is_issued_stays_the_document(as_):
    year = small_year("assigned")

    response = as_(someone(PostRole.SUPERVISOR, year.government)).get(year.path)

    assert next(template.name for template in response.templates) == "register/list.html"


def test_issued_list_is_narrowed_by_its_address(year, as_):
    client = as_(someone(PostRole.SUPERVISOR, year.government))
    unit = year.unit("市教育局").pk
    light = year.task("3").standing.determination.light
    queries = {
        "": ["1", "2", "3"],
        f"light={light}&q=食堂": ["3"],
        "light=none": [],
        "leader=林某某": ["1", "2", "3"],
        "leader=别人": [],
        f"unit={unit}": ["2", "3"],
        f"unit={unit}&role=support": ["3"],
        f"owes=2026-03&unit={unit}": ["2"],
        "problem=office": ["3"],
        "problem=city": [],
        "key=on": [],
        "all=on": ["1", "2", "3"],
        "light=x&nature=x&owes=x&problem=x&voice=x&page=0": ["1", "2", "3"],
    }

    assert {query: keys(client.get(f"{year.path}?{query}")) for query in queries} == queries


def test_every_figure_of_the_answer_leads_to_its_rows(year, as_):
    client = as_(someone(PostRole.SUPERVISOR, year.government))
    page = client.get(year.path)

    counts = page.context["standings"].lights

    assert sum(counts.values()) == 3
    for light, count in counts.items():
        assert f'href="?light={light}"' in page.content.decode()
        assert len(keys(client.get(f"{year.path}?light={light}"))) == count


def test_export_has_the_columns_of_the_page(year, as_):
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    response = client.get(f"{year.path}export.xlsx?q=食堂")

    head, row = openpyxl.load_workbook(BytesIO(response.content)).active.iter_rows(
        min_row=3, values_only=True
    )
    ruled = year.task("3").standing.determination
    shape, word, _ = LIGHTS[Light(ruled.light)]
    assert list(head) == [name for name, _ in STANDING_COLUMNS]
    assert ["" if value is None else value for value in row] == [
        "3", "二、改善民生", "办好食堂，健全服务体系。", "市民政局", "", "市财政局，市教育局", "一处", "量化指标",
        f"{shape}{word}", ruled.sentence, "一季度", "食堂已建成20家，服务体系方案已印发。", datetime(2026, 12, 31), "100家", "林某某",
    ]  # fmt: skip


def test_task_page_answers_first(year, as_):
    page = as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}t/3/").content.decode()
    ruled = year.task("3").standing.determination

    answer = page[page.index('<p class="answer">') : page.index('<div class="cols">')]

    assert ruled.sentence in answer
    assert LIGHTS[Light(ruled.light)][0] in answer
    assert [word in page for word in ("孙某某", "0000-1001", "用地尚未落实", "25家", "20家")] == [True] * 5


def test_task_page_names_its_cells_and_says_a_value_once(year, as_):
    page = as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}t/3/").content.decode()

    cells = ('责任处室">一处<', '联系人">孙某某<', '电话">0000-1001<', '应完成">25家<', '当期报送">20家<')
    assert [f'<td data-label="{cell}' in page for cell in cells] == [True] * 5
    assert '<p class="said">食堂已建成20家，服务体系方案已印发。</p>' in page


def test_leaders_own_page_opens_without_a_name(as_):
    year = small_year()
    leader = someone(PostRole.CITY_LEADER, year.government)

    shown = as_(leader).get(f"{year.path}leader/").context["shown"]

    assert (shown.name, shown.tasks) == ("林某某", 3)


def test_a_leader_under_whose_name_no_task_stands_is_asked_whose(as_):
    year = small_year()
    Assignment.objects.filter(task__key="1").update(city_leader="秦某某")
    leader, clerk = (
        as_(someone(role, year.government)) for role in (PostRole.CITY_LEADER, PostRole.SUPERVISOR)
    )

    asked, named = leader.get(f"{year.path}leader/"), leader.get(f"{year.path}leader/?name=林某某")

    assert (asked.context["shown"], "请选择市领导" in asked.content.decode()) == (None, True)
    assert [named.context["shown"].name, clerk.get(f"{year.path}leader/").context["shown"].name] == [
        "林某某",
        "秦某某",
    ]


def test_leader_s_counts_are_the_same_on_register_overview_and_leader_page_and_say_whose_voice(as_):
    year = small_year("judged")
    view = year.task("3").standing.verdict
    ruling = Ruling(year.task("3").pk, Light(view.light), view.sentence)
    determine(period=year.period, rulings=[ruling], by=CONSOLE, now=moment(4, 14))
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    leader = client.get(f"{year.path}leader/?name=林某某")
    register = client.get(f"{year.path}?leader=林某某&voice=office")
    overview = client.get(f"{year.path}overview/")

    [part] = overview.context["shown"].leaders
    expected = {view.light: 1, "": 2}
    assert (leader.context["shown"].lights, register.context["standings"].lights, part.lights) == (
        expected, expected, expected,
    )  # fmt: skip
    html = overview.content.decode()
    links = re.findall(r'href="([^"]*leader=[^"]*voice=office&amp;light=[^"]*)">(\d+)<', html)
    assert {unescape(to).rpartition("light=")[2]: int(n) for to, n in links} == {view.light: 1, "none": 2}
    for to, n in links:
        assert client.get(unescape(to)).context["page"].paginator.count == int(n)
    told = ["只按督查核定统计" in page.content.decode() for page in (leader, register, overview)]
    assert told == [True] * 3
    assert {leader.context["shown"].on, register.context["standings"].on} == {date(2026, 4, 13)}
    assert "数据截至 2026-04-13" in leader.content.decode()


def test_counts_of_missing_reports_say_what_they_count(year, as_):
    html = as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}overview/").content.decode()

    answer = html[html.index('<p class="answer">') : html.index('<p class="jump">')]

    assert 'owes=2026-03" title="本期应报事项中' in answer
    assert 'light=missing" title="任务状态：' in answer
    assert "“未报”是一季度还没有报送的事项" in answer


def headline(response) -> str:
    html = response.content.decode()
    answer = html[html.index('<p class="answer">') : html.index('<div class="cols">')]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer))


def test_headline_names_the_period_of_a_determination_and_the_newer_view_to_the_office_alone(year, as_):
    ruled = year.task("3").standing.determination
    office = as_(someone(PostRole.SUPERVISOR, year.government))
    leader = as_(someone(PostRole.CITY_LEADER, year.government))
    before = headline(office.get(f"{year.path}t/3/"))

    patrol(task_list=year.list, on=date(2026, 12, 31), by=CONSOLE, now=moment(12, 31))

    view = year.task("3").standing.verdict
    after, outside = (headline(client.get(f"{year.path}t/3/")) for client in (office, leader))
    assert ("2026年一季度核定（2026-04-14）" in before, "系统研判" in before) == (True, False)
    assert f"系统研判（截至 2026-12-31） {chip(view.light)} {view.sentence}" in after
    assert (ruled.sentence in after, ruled.sentence in outside) == (True, True)
    assert ("2026年一季度核定（2026-04-14）" in outside, "系统研判" in outside) == (True, False)


def chip(light: str) -> str:
    shape, word, _ = LIGHTS[Light(light)]
    return f"{shape} {word}"


def test_history_shows_the_day_of_the_act_and_else_the_day_of_the_record(as_):
    year = small_year("opened")
    append([Happening("session.opened")], by=CONSOLE, now=moment(11, 30))  # the record is kept in November
    drafted(year)
    sent(year)
    reviewed(year)
    judged(year)
    determined(year)

    page = as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}t/3/").content.decode()

    lines = re.findall(r"<li><b>([^<]*)</b> ([^<]*)", page[page.index('id="events"') :])
    days = {words.strip(): day for day, words in lines}
    ruled, said = year.task("3").standing.determination, "报送 2026年一季度 进展：" + PROGRESS
    wanted = [f"2026年一季度 核定：{ruled.sentence}", said, "2026年一季度 报送通过"]
    assert [days.get(words) for words in wanted] == ["2026-04-14", "2026-04-02", "2026-11-30"]


def test_search_marks_the_hit_and_escapes_the_rest(year, as_):
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    found = client.get(f"{year.path}search/", {"q": "食堂"}).content.decode()
    hostile = client.get(f"{year.path}search/", {"q": "<b>食堂"}).content.decode()

    assert '<mark class="hit">食堂</mark>' in found
    assert "&lt;b&gt;食堂" in hostile
    assert "<b>食堂" not in hostile


def test_search_counts_each_kind_and_leads_to_all_of_it(as_):
    more = "".join(f"{n}.办好食堂第{n}处，健全体系。\n主责单位：市民政局\n" for n in range(4, 40))
    year = small_year("issued", SMALL + more)
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    one = client.get(f"{year.path}search/?q=食堂").content.decode()
    two = client.get(f"{year.path}search/?q=食堂 体系").content.decode()
    tasks = client.get(f"{year.path}search/?q=食堂 体系&kind=task")
    unit = client.get(f"{year.path}search/?q=市民政局").content.decode()

    word = "%E9%A3%9F%E5%A0%82"
    assert '<a href="#task">任务 <b>37</b></a>' in one
    assert f'<a href="{year.path}?q={word}">全部</a>' in one
    assert f'<a href="?q={word}%20%E4%BD%93%E7%B3%BB&amp;kind=task">全部</a>' in two
    assert (len(tasks.context["found"].groups[0].hits), "全部</a>" in tasks.content.decode()) == (37, False)
    assert f'<a href="{year.path}?unit={year.unit("市民政局").pk}">全部</a>' in unit
    exported = client.get(f"{year.path}search/?q=食堂&export=xlsx").content
    assert openpyxl.load_workbook(BytesIO(exported)).worksheets[0].max_row == 3 + 37


def test_words_stay_in_the_search_box(year, as_):
    page = (
        as_(someone(PostRole.SUPERVISOR, year.government)).get(f"{year.path}search/?q=食堂").content.decode()
    )

    assert 'value="食堂"' in page[: page.index("<main")]


@pytest.mark.parametrize("place", ["", "t/3/", "overview/", "leader/", "search/?q=食堂"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_have_no_inline_script_or_style(year, as_, place, language):
    client = as_(someone(PostRole.SUPERVISOR, year.government))
    client.post("/language/", {"language": language, "next": "/"})

    text = client.get(f"{year.path}{place}").content.decode()

    assert [
        word for word in (" style=", "<style", "onclick=", "javascript:", "<script>") if word in text
    ] == []


def led_to(page):
    """Where the crumb, the step back and the step on of a task page lead."""
    crumb = page[page.index('<p class="crumb">') : page.index("<h1>")]
    links = [re.search(rf'<a{mark} href="([^"]*)"', crumb) for mark in ("", ' rel="prev" data-key="k"', ' rel="next" data-key="j"')]  # fmt: skip
    return [unescape(link[1]) if link else "" for link in links]


def test_filters_go_along_to_the_task_and_back(year, as_):
    """市教育局 owes something to tasks 2 and 3."""
    client = as_(someone(PostRole.SUPERVISOR, year.government))
    asked = f"unit={year.unit('市教育局').pk}&light="
    filters = asked.removesuffix("&light=")

    listed = client.get(f"{year.path}?{asked}").content.decode()
    second = client.get(f"{year.path}t/2/?{filters}").content.decode()
    third = client.get(f"{year.path}t/3/?{filters}").content.decode()
    outside = client.get(f"{year.path}t/1/?{filters}").content.decode()
    plain = client.get(f"{year.path}t/2/").content.decode()

    assert re.findall(r'class="t" href="([^"]*)"', listed) == [
        f"{year.path}t/{key}/?{filters}" for key in "23"
    ]
    back = f"{year.path}?{filters}"
    assert led_to(second) == [back, "", f"{year.path}t/3/?{filters}"]
    assert led_to(third) == [back, f"{year.path}t/2/?{filters}", ""]
    assert led_to(outside) == [back, "", f"{year.path}t/2/?{filters}"]
    assert led_to(plain) == [year.path, f"{year.path}t/1/", f"{year.path}t/3/"]
    assert ["<span>1 / 2</span>" in page for page in (second, plain)] == [True, False]


def test_filters_lead_only_through_tasks_the_post_sees(year, as_):
    client = as_(someone(PostRole.LIAISON, year.unit("澜桥区政府")))

    page = client.get(f"{year.path}t/2/?chapter=&targets=on").content.decode()

    assert led_to(page) == [f"{year.path}?targets=on", "", ""]


def test_task_on_a_later_page_leads_back_to_it(as_):
    more = "".join(f"{n}.办好食堂第{n}处。\n主责单位：市民政局\n" for n in range(4, 60))
    year = small_year("issued", SMALL + more)
    client = as_(someone(PostRole.SUPERVISOR, year.government))

    pages = [client.get(f"{year.path}t/{place}").content.decode() for place in ("50/", "51/", "53/?q=食堂")]

    assert [led_to(page)[0] for page in pages] == [
        year.path, f"{year.path}?page=2", f"{year.path}?q=%E9%A3%9F%E5%A0%82&page=2"
    ]  # fmt: skip


def costs(client, path):
    found = {}
    for place in (
        "",
        "?light=lagging",
        "t/3/",
        "t/3/?q=食堂",
        "overview/",
        "leader/",
        "search/?q=食堂",
        "export.xlsx",
    ):
        client.get(f"{path}{place}")
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{path}{place}")
        found[place] = len(captured)
    return found


def test_pages_cost_the_same_queries_however_much_there_is(as_):
    """The same pages with three tasks and with forty, with one list and with further ones."""
    small = small_year()
    few = costs(as_(someone(PostRole.SUPERVISOR, small.government)), small.path)
    more = "".join(f"{n}.办好食堂第{n}处。\n主责单位：市民政局\n" for n in range(4, 41))
    large = small_year(text=other_number(SMALL, 10) + more)
    published(large.government, other_number(SMALL, 11))

    many = costs(as_(someone(PostRole.SUPERVISOR, large.government)), large.path)

    assert many == few
