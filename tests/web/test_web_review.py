from __future__ import annotations

import json
import re
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from tests.building import someone
from tests.building_year import PROGRESS, Year, drafted, judged, moment, reviewed, sent, small_year

from duban.domain.lights import LIGHTS, Light
from duban.domain.messages import Message, render
from duban.domain.natures import NATURE_LABELS, RHYTHM_LABELS
from duban.domain.periods import period_of
from duban.domain.posts import CONSOLE, PostRole
from duban.progress.models import Obligation
from duban.progress.operations import open_period, send_sheet
from duban.supervision.models import Determination, Standing, Verdict
from duban.web.templatetags import year_words
from duban.web.templatetags.review_rows import _due

pytestmark = pytest.mark.django_db


def office(as_, year: Year) -> Client:
    return as_(someone(PostRole.SUPERVISOR, year.government))


def plain(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def seen(*rows: Obligation) -> dict[str, str]:
    return {"seen": json.dumps({row.pk: row.revision for row in rows})}


def all_sent() -> Year:
    """The small year with all three rows sent: task 1 has no problem, task 2 says no change."""
    year = small_year("drafted")
    drafted(year, "1", problem="")
    drafted(year, "2")
    Obligation.objects.get(task__key="2").draft.__class__.objects.filter(obligation__task__key="2").update(
        no_change=True, progress="", problem=""
    )
    for key in ("1", "2", "3"):
        sent(year, key)
    return year


def states(year: Year) -> dict[str, tuple[str, str]]:
    rows = Obligation.objects.filter(period=year.period).values_list("task__key", "state", "reason")
    return {key: (state, reason) for key, state, reason in rows}


def test_review_is_narrowed_by_its_address(as_):
    year = all_sent()
    reviewed(year, "1")
    client, page = office(as_, year), f"{year.path}p/2026-03/review/"
    queries = {
        "": ["2", "3"],
        "state=accepted": ["1"],
        "state=all": ["1", "2", "3"],
        "state=returned": [],
        "state=nonsense&unit=x": ["2", "3"],
        f"state=all&unit={year.unit('市民政局').pk}": ["3"],
        "problem=on": ["3"],
        "no_change=on": ["2"],
    }

    found = {q: sorted(line.row.key for line in client.get(f"{page}?{q}").context["lines"]) for q in queries}

    assert found == queries
    assert "待审核 2 项，已通过 1 项，已退回 0 项" in plain(client.get(page))


def test_a_row_shows_target_node_value_last_time_and_the_difference(as_):
    year = small_year("judged")
    spec = period_of("2026-06")
    days = (spec.ends_on, spec.ends_on, spec.ends_on)
    year.period = open_period(
        task_list=year.list, spec=spec, days=days, lagging=frozenset(), by=CONSOLE, now=year.list.published_at
    )
    drafted(year, "3", progress=PROGRESS.replace("20家", "26家") + "<b>", problem="", value="26家")
    sent(year, "3")

    page = office(as_, year).get(f"{year.path}p/2026-06/review/")

    [line] = page.context["lines"]
    assert (line.row.last.progress, line.row.now.value, line.row.last.value) == (PROGRESS, "26家", "20家")
    html = page.content.decode()
    assert "食堂已建成<del>20</del><ins>26</ins>家，服务体系方案已印发。<ins>&lt;b&gt;</ins>" in html
    shown = (
        "年度目标：100家",
        "本期节点：100家",
        "上次 20家",
        "截至 4月13日",
        "问题：用地尚未落实",
        "2026年一季度",
    )
    assert [text in plain(page) for text in shown] == [True] * len(shown)
    assert (line.late, "研判早于本次报送" in plain(page)) == (True, True)
    assert (line.view.sentence in plain(page), "应达" in plain(page)) == (False, False)
    judged(year, on=period_of("2026-04").ends_on)
    fresh = office(as_, year).get(f"{year.path}p/2026-06/review/")
    assert ("研判早于本次报送" in plain(fresh), fresh.context["lines"][0].view.sentence in plain(fresh)) == (
        False,
        True,
    )
    assert "应达 25" in plain(fresh)
    assert [_due(Decimal(value), "1500万平方米") for value in (15_000_000, 9_000_000)] == [
        "1500万平方米",
        "900万",
    ]


def test_rows_are_accepted_one_by_one_ticked_or_all_shown(as_):
    year = all_sent()
    client, page = office(as_, year), f"{year.path}p/2026-03/review/"
    one, two, three = (year.row(key) for key in "123")

    first = client.post(
        page, seen(one, two, three) | {"do": f"accept:{one.pk}", "tick": str(two.pk)}, follow=True
    )
    after_one = {key: state for key, (state, _) in states(year).items()}
    client.post(page, seen(two, three) | {"do": "accept:ticked", "tick": str(two.pk), "open": str(three.pk)})
    after_two = {key: state for key, (state, _) in states(year).items()}
    client.post(page, seen(three) | {"do": "accept:shown", "open": str(three.pk)})

    assert "已通过 1 项。" in plain(first)
    assert after_one == {"1": "accepted", "2": "sent", "3": "sent"}
    assert after_two == {"1": "accepted", "2": "accepted", "3": "sent"}
    assert {state for state, _ in states(year).values()} == {"accepted"}


def test_review_goes_on_with_the_next_row(as_):
    """After one row the next, after the last the one before it."""
    year = all_sent()
    client, page = office(as_, year), f"{year.path}p/2026-03/review/"
    one, two, three = (year.row(key) for key in "123")

    def went_to(act, *shown):
        return client.post(page, seen(*shown) | act)["Location"].partition("#")[2]

    assert went_to({"do": f"accept:{two.pk}"}, one, two, three) == f"row-{three.pk}"
    assert went_to({"do": f"accept:{three.pk}"}, one, three) == f"row-{one.pk}"
    assert f'<tr data-row id="row-{one.pk}" tabindex="-1">' in client.get(page).content.decode()
    assert went_to({"do": f"accept:{one.pk}"}, one) == ""
    assert set(states(year).values()) == {("accepted", "")}


def test_review_of_several_rows_goes_back_to_the_top(as_):
    year = all_sent()
    one, two = year.row("1"), year.row("2")
    act = seen(one, two) | {"do": "accept:ticked", "tick": [one.pk, two.pk]}

    location = office(as_, year).post(f"{year.path}p/2026-03/review/", act)["Location"]

    assert location == f"{year.path}p/2026-03/review/?done=accepted&n=2"


def test_determination_goes_on_with_the_next_row_and_has_its_keys(as_):
    year = small_year("judged")
    client, page = office(as_, year), f"{year.path}p/2026-03/determine/"
    lines = client.get(page).context["lines"]
    first, second = (line.task.pk for line in lines[:2])
    typed = {"upto": client.get(page).context["upto"]}
    typed |= {f"light-{line.task.pk}": line.light for line in lines}
    typed |= {f"sentence-{line.task.pk}": line.sentence for line in lines}

    location = client.post(page, typed | {"do": str(first)})["Location"]
    text = client.get(page).content.decode()

    assert location.endswith(f"#row-{second}")
    assert "duban/review.js" in text
    rows = text.split("<tr data-row ")[1:]
    assert ["accept" in row for row in rows] == [False, True, True]


def test_a_return_carries_the_phrase_and_what_was_added(as_):
    year = all_sent()
    client, page = office(as_, year), f"{year.path}p/2026-03/review/?problem=on"
    row, other = year.row("3"), year.row("1")
    typed = {f"phrase-{row.pk}": "数字不实", f"why-{row.pk}": "与统计局口径不一致"}

    response = client.post(page, seen(row, other) | typed | {"do": f"return:{row.pk}"}, follow=True)
    many = {"do": "return:ticked", "tick": str(other.pk), "phrase-ticked": "照抄上期", "why-ticked": ""}
    client.post(page, seen(other) | many)

    back = f"{year.path}p/2026-03/review/?problem=on&done=returned&n=1#row-{other.pk}"
    assert response.redirect_chain == [(back, 303)]
    assert states(year) == {
        "1": ("returned", "照抄上期"), "2": ("sent", ""), "3": ("returned", "数字不实；与统计局口径不一致"),
    }  # fmt: skip


def test_refused_reviews_change_nothing_and_keep_what_was_typed(as_):
    year = all_sent()
    client, page = office(as_, year), f"{year.path}p/2026-03/review/"
    row = year.row("3")
    typed = seen(row) | {f"why-{row.pk}": "口径不一致"}
    old = {"seen": json.dumps({row.pk: row.revision - 1})}
    posts = {
        "no reason": seen(row) | {"do": f"return:{row.pk}"},
        "no row": typed | {"do": "accept:ticked"},
        "no act": typed | {"do": ""},
        "unknown act": typed | {"do": f"reopen:{row.pk}"},
        "unknown row": typed | {"do": "accept:999"},
        "damaged": {"do": f"accept:{row.pk}", "seen": "x"},
        "older": old | {"do": f"return:{row.pk}", f"why-{row.pk}": "口径不一致"},
    }

    found = {name: client.post(page, post) for name, post in posts.items()}

    assert {name: response.status_code for name, response in found.items()} == {
        "no reason": 422, "no row": 422, "no act": 422, "unknown act": 422, "unknown row": 422, "damaged": 422,
        "older": 409,
    }  # fmt: skip
    assert "任务 3 刚由他人办理或修改" in plain(found["older"])
    assert 'value="口径不一致"' in found["older"].content.decode()
    assert {state for state, _ in states(year).values()} == {"sent"}


def test_rows_done_by_another_clerk_are_left_out_of_a_batch_and_said(as_):
    year = all_sent()
    client, page = office(as_, year), f"{year.path}p/2026-03/review/"
    rows = [year.row(key) for key in "123"]
    shown = seen(*rows) | {"open": [row.pk for row in rows]}
    client.post(page, seen(rows[0]) | {"do": f"accept:{rows[0].pk}"})

    done = client.post(page, shown | {"do": "accept:shown"}, follow=True)

    assert "已通过 2 项；其余已由他人办理，未作改动。" in plain(done)
    assert {state for state, _ in states(year).values()} == {"accepted"}


def test_reason_typed_for_another_row_survives_an_act(as_):
    year = all_sent()
    client, page = office(as_, year), f"{year.path}p/2026-03/review/"
    first, other = year.row("1"), year.row("3")

    done = client.post(
        page, seen(first, other) | {"do": f"accept:{first.pk}", f"why-{other.pk}": "口径不一致"}
    )

    assert (done.status_code, states(year)["1"][0], states(year)["3"][0]) == (200, "accepted", "sent")
    assert 'value="口径不一致"' in done.content.decode()
    assert "已通过 1 项。" in plain(done)
    assert f'<tr data-row id="row-{other.pk}" tabindex="-1" autofocus>' in done.content.decode()


def test_view_that_asks_the_office_is_not_taken_over_with_the_others(as_):
    year = small_year("reviewed")
    judged(year)
    asking = Verdict.objects.get(task__key="3")
    asking.pk, asking.seq, asking.code = None, asking.seq + 1, "lights.text_reported"
    asking.save(force_insert=True)
    Standing.objects.filter(task__key="3").update(verdict=asking)
    client, page = office(as_, year), f"{year.path}p/2026-03/determine/"
    shown = client.get(page)

    client.post(page, {"do": "agree", "upto": shown.context["upto"]})

    again = client.post(page, {"do": "agree", "upto": client.get(page).context["upto"]})

    assert shown.context["agreeing"] == 2
    assert (again.status_code, "可能已由他人核定" in plain(again)) == (409, True)
    assert sorted(Determination.objects.values_list("task__key", flat=True)) == ["1", "2"]


def test_a_row_owed_is_exempted_with_a_reason_and_owed_again(as_):
    year = small_year("opened")
    client, page = office(as_, year), f"{year.path}p/2026-03/review/?state=owed"
    row = year.row("1")

    client.post(page, seen(row) | {"do": f"exempt:{row.pk}", f"why-{row.pk}": "机构调整"})
    exempt = states(year)["1"]
    client.post(page, seen(year.row("1")) | {"do": f"restore:{row.pk}"})

    assert (exempt, states(year)["1"]) == (("exempt", "机构调整"), ("owed", ""))


def form(client: Client, page: str) -> dict[str, str]:
    """What a browser sends back of 核定 when nothing is typed."""
    context = client.get(page).context
    fields = {"upto": str(context["upto"])}
    for line in context["lines"]:
        task = line.task.pk
        fields |= {
            f"light-{task}": line.light,
            f"sentence-{task}": line.sentence,
            f"reason-{task}": line.reason,
        }
    return fields


def ruled(year: Year) -> dict[str, tuple[str, bool, str]]:
    rows = Determination.objects.filter(period=year.period).order_by("seq")
    return {key: tuple(rest) for key, *rest in rows.values_list("task__key", "light", "differs", "reason")}


def test_the_system_judges_at_the_office_s_word(as_):
    year = small_year("reviewed")
    client, page = office(as_, year), f"{year.path}p/2026-03/"

    before = client.get(f"{page}determine/")
    done = client.post(f"{page}patrol/", {"on": "2026-04-13"}, follow=True)
    again = client.post(f"{page}patrol/", {"on": "2026-04-13"}, follow=True)

    assert "尚未研判" in plain(before)
    assert "研判完成：3 项任务的状态有变化，0 项的说明有更新。" in plain(done)
    assert set(Verdict.objects.values_list("on", flat=True)) == {done.context["judged_on"]}
    assert "研判完成，各项任务的状态和说明没有变化。" in plain(again)
    assert "尚有 3 项待核定，共 3 项" in plain(done)
    assert [(s.task.key, s.verdict.light) for s in Standing.objects.order_by("task__ordinal")] == [
        ("1", "missing"), ("2", "missing"), ("3", "normal"),
    ]  # fmt: skip


def test_the_button_judges_as_of_today_so_that_late_reports_count(as_):
    year = small_year("judged")
    drafted(year, "1")
    send_sheet(
        period=year.period, unit=year.row("1").unit_id, channel="page", by=CONSOLE, now=moment(4, 20)
    )  # a week after the lock day
    client, page = office(as_, year), f"{year.path}p/2026-03/"
    older = client.get(f"{page}review/?state=sent")

    refused = [client.post(f"{page}patrol/", {"on": on}) for on in ("nonsense", "1900-01-01")]
    assert [(one.status_code, "不能作为日期" in plain(one)) for one in refused] == [(422, True)] * 2
    waiting = client.get(f"{page}determine/").content.decode()
    done = client.post(f"{page}patrol/", {"on": ""}, follow=True)

    assert [(line.late, line.view.light) for line in older.context["lines"]] == [(True, "missing")]
    assert "尚未报送" not in plain(older)
    assert "本期还有 1 项报送待审核" in waiting
    assert done.context["judged_on"] == timezone.localdate()
    assert [line.late for line in client.get(f"{page}review/?state=sent").context["lines"]] == [False]
    assert Standing.objects.get(task__key="1").verdict.light != "missing"


def test_reasons_of_the_system_and_titles_are_said_in_english(as_):
    year = small_year("judged")
    client = office(as_, year)
    client.post("/language/", {"language": "en", "next": "/"})
    view = Standing.objects.get(task__key="3").verdict
    english = render(Message(view.code, view.params), "en")

    shown = {
        page: client.get(f"{year.path}p/2026-03/{page}").content.decode()
        for page in ("review/?state=all", "determine/")
    }

    assert [f'<span class="why">{english}</span>' in text for text in shown.values()] == [True] * 2
    assert [re.search(r"<title>(.*?) ·", text)[1] for text in shown.values()] == [
        "First quarter 2026: review", "First quarter 2026: determination",
    ]  # fmt: skip


def test_a_value_that_the_words_hold_is_not_said_twice(as_):
    year = small_year("drafted")
    drafted(year, "1", progress="增长6.1%", value="6.1%", problem="")
    drafted(year, "2", progress="主体完工", value="5所", problem="")
    for key in ("1", "2"):
        sent(year, key)
    judged(year)

    page = office(as_, year).get(f"{year.path}p/2026-03/determine/").content.decode()

    assert ("增长6.1%</td>" in page, "主体完工 <b>5所</b></td>" in page) == (True, True)


def test_all_that_agree_with_the_system_are_determined_at_once(as_):
    year = small_year("judged")
    client, page = office(as_, year), f"{year.path}p/2026-03/determine/"

    missing = client.post(f"{page}?light=missing", form(client, page) | {"do": "agree"}, follow=True)
    some = ruled(year)
    client.post(page, form(client, page) | {"do": "agree"})

    assert "已核定 2 项。" in plain(missing)
    assert some == {"1": ("missing", False, ""), "2": ("missing", False, "")}
    assert ruled(year) == some | {"3": ("normal", False, "")}
    assert "3 项均已核定" in plain(client.get(page))


def test_another_light_needs_its_reason(as_):
    year = small_year("judged")
    client, page = office(as_, year), f"{year.path}p/2026-03/determine/"
    task = year.task("3").pk
    typed = {f"light-{task}": "warning", f"sentence-{task}": "用地未落实，进度偏慢。"}

    bare = client.post(page, form(client, page) | typed | {"do": str(task)})
    done = client.post(
        page, form(client, page) | typed | {"do": "ticked", "tick": str(task), f"reason-{task}": "现场核查"}
    )

    assert (bare.status_code, "任务 3 的核定与系统研判不同，请写明理由。" in plain(bare)) == (422, True)
    assert "用地未落实，进度偏慢。" in bare.content.decode()
    assert done.status_code == 303
    assert ruled(year) == {"3": ("warning", True, "现场核查")}
    assert Determination.objects.get().sentence == "用地未落实，进度偏慢。"


def test_a_page_older_than_the_system_s_view_is_refused(as_):
    year = small_year("judged")
    client, page = office(as_, year), f"{year.path}p/2026-03/determine/"
    old = form(client, page)
    judged(year, on=period_of("2026-06").ends_on)

    found = [client.post(page, old | {"do": do}) for do in ("agree", str(year.task("1").pk))]

    assert [(r.status_code, "系统研判已更新" in plain(r)) for r in found] == [(409, True)] * 2
    assert ruled(year) == {}


def test_determination_is_narrowed_by_its_address(as_):
    year = small_year("judged")
    client, page = office(as_, year), f"{year.path}p/2026-03/determine/"
    one, three = year.task("1").pk, year.task("3").pk
    client.post(page, form(client, page) | {"do": str(one)})
    client.post(
        page, form(client, page) | {"do": str(three), f"light-{three}": "lagging", f"reason-{three}": "核查"}
    )
    queries = {
        "": ["1", "2", "3"],
        "state=todo": ["2"],
        "state=done": ["1", "3"],
        "state=differs": ["3"],
        "light=missing": ["1", "2"],
        f"unit={year.unit('市民政局').pk}": ["3"],
    }

    found = {q: [line.task.key for line in client.get(f"{page}?{q}").context["lines"]] for q in queries}

    assert found == queries
    assert "尚有 1 项待核定，共 3 项，1 项与系统研判不同" in plain(client.get(page))


def test_nothing_pressed_and_unknown_lights_determine_nothing(as_):
    year = small_year("judged")
    client, page = office(as_, year), f"{year.path}p/2026-03/determine/"
    task = year.task("1").pk
    posts = [{"do": ""}, {"do": "ticked"}, {"do": "x"}, {"do": str(task), f"light-{task}": "purple"}]

    found = [client.post(page, form(client, page) | post).status_code for post in posts]

    assert (found, ruled(year)) == ([422] * 4, {})


def test_a_sealed_period_offers_no_determination(as_):
    year = small_year("judged")
    year.period.state = "sealed"
    year.period.save()
    client, page = office(as_, year), f"{year.path}p/2026-03/determine/"

    refused = client.post(page, form(client, page) | {"do": "agree"})

    assert (refused.status_code, "已封存，不能再核定" in plain(refused)) == (409, True)
    assert "核定勾选的" not in plain(client.get(page))


def test_pages_of_the_office_have_no_inline_script_or_style(as_):
    year = small_year("judged")
    client = office(as_, year)

    for page in ("issue/", "issue/paste/", "receipts/", "coverage/", "periods/", "p/2026-03/", "p/2026-03/urging/",
                 "p/2026-03/review/", "p/2026-03/determine/"):  # fmt: skip
        text = client.get(year.path + page).content.decode()
        assert [
            word for word in (" style=", "<style", "onclick=", "javascript:", "<script>") if word in text
        ] == []


def test_every_value_of_the_year_has_its_word_in_both_languages(settings):
    from django.utils.translation import override

    tables = {
        "nature_word": NATURE_LABELS, "rhythm_word": RHYTHM_LABELS, "light_word": LIGHTS,
        "receipt_word": year_words.RECEIPT_STATES, "unit_state": year_words.UNIT_STATES,
        "contact_kind": year_words.CONTACT_KINDS,
    }  # fmt: skip
    filters = year_words.register.filters
    said = {}
    for language, place in (("zh-hans", -2), ("en", -1)):
        with override(language):
            said[language] = {
                name: [filters[name](value) for value in table] for name, table in tables.items()
            }
        assert said[language] == {
            name: [words[place] for words in table.values()] for name, table in tables.items()
        }
    assert set(year_words.LIGHT_CLASSES) == set(Light)


def test_words_of_days_and_periods():
    saturday = period_of("2026-02").ends_on
    found = [
        year_words.period_word("2026-03"), year_words.day_word(saturday, saturday), year_words.day_word(None),
        year_words.weekday_word(saturday), year_words.weekday_word(saturday.replace(year=2031)),
        str(year_words.light("lagging")), year_words.light(""),
    ]  # fmt: skip

    assert found == [
        "2026年一季度", "2月28日", "", "周六", "周五",
        '<span class="light r"><span aria-hidden="true">■</span> 滞后</span>', "",
    ]  # fmt: skip
