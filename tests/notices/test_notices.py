from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import date, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.building import HEAD, city, last_seq, published, someone
from tests.building_papers import items_given
from tests.building_year import Year, assigned, issued, moment, opened, prepared, sent, small_year

from duban.cli.notify import main as notify_main
from duban.coordination.items import move_item
from duban.directory.models import Appointment, Person
from duban.directory.operations import Seat, appoint
from duban.domain.calendar_data import CALENDAR
from duban.domain.digests import Digest, NoticeKind
from duban.domain.errors import Conflict, Invalid, NotAllowed
from duban.domain.posts import CONSOLE, PostRole
from duban.notices.adapters import outlet_for, require_host
from duban.notices.digests import Outlet, Timing, plan_notices, send_notices
from duban.notices.queries import quiet_since
from duban.plans.models import Assignment, Plan
from duban.register.models import Responsibility, Task
from duban.supervision.consultation import Protest, object_to, open_consultation
from duban.supervision.models import Contact, SupervisionOrder
from duban.supervision.models_consultation import ConsultationRow
from duban.supervision.operations import OrderDraft, draft_order, move_order, note_contact

pytestmark = pytest.mark.django_db

BEFORE, LATE, HOLIDAY = date(2026, 4, 7), date(2026, 4, 9), date(2026, 4, 5)
REMIND, REPORT, MATTER = NoticeKind


def person(unit, name: str, phone: str = "", role: PostRole = PostRole.LIAISON) -> Person:
    found = Person.objects.filter(name=name, phone=phone).first() or Person.objects.create(
        name=name, phone=phone
    )
    appoint(seat=Seat(unit, role, "岗位"), person=found, by=CONSOLE, now=moment(2, 1))
    return found


def owing_year() -> Year:
    """The small list, one period open, nothing sent; 孙某某 sits in two units, 周某某 has no telephone."""
    year = small_year("opened")
    Plan.objects.all().delete()
    person(year.unit("市教育局"), "孙某某", "5510")
    person(year.unit("市民政局"), "孙某某", "5510", PostRole.HANDLER)
    person(year.unit("市教育局"), "周某某", role=PostRole.PRINCIPAL)
    return year


class Post(list[Digest]):
    """An outlet that keeps what it was given."""

    def outlet(self, *, needs_phone: bool = True) -> Outlet:
        return Outlet("sms", needs_phone, self.extend)


def send(year: Year, on: date, *kinds: NoticeKind, needs_phone: bool = True, hour: int = 2) -> Post:
    post = Post()
    send_notices(
        task_list=year.list,
        kinds=kinds or tuple(NoticeKind),
        on=on,
        outlet=post.outlet(needs_phone=needs_phone),
        by=CONSOLE,
        now=moment(on.month, on.day).replace(hour=hour),
    )
    return post


def told(post: Post) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(letter.kind, letter.name, letter.units) for letter in post]


def contacts() -> list[tuple[str, str, str, str]]:
    rows = Contact.objects.order_by("unit__position", "seq")
    return list(rows.values_list("unit__name", "kind", "channel", "note"))


def served_order(year: Year, key: str = "3", due: date = date(2026, 4, 3)) -> SupervisionOrder:
    draft = OrderDraft(year.task(key), year.assignment(key).lead, "滞后", "系统研判", "请回复", due)
    act = {"by": CONSOLE, "now": moment(4, 1)}
    order = draft_order(task_list=year.list, draft=draft, period=None, **act)
    steps = {
        "submit": {},
        "approve": {"by": "主任", "on": BEFORE, "approval": "paper"},
        "serve": {"on": BEFORE},
    }
    for action, values in steps.items():
        order = move_order(order=order, revision=order.revision, action=action, values=values, **act)
    return order


def test_before_the_due_day_everybody_is_reminded_once_naming_each_unit():
    year = owing_year()

    post = send(year, BEFORE)

    assert [(d.kind, d.name, d.phone, d.text) for d in post] == [
        (
            "remind",
            "孙某某",
            "5510",
            "督查室提醒：2026年一季度进展请于4月8日前报送：市教育局未报1项；市民政局未报1项。",
        )
    ]


def test_what_was_told_is_recorded_for_each_unit_with_the_names():
    year = owing_year()

    send(year, BEFORE, needs_phone=False)

    assert contacts() == [
        ("市教育局", "remind", "sms", "发给：孙某某、周某某"),
        ("市民政局", "remind", "sms", "发给：孙某某"),
    ]


def test_nobody_is_told_of_the_same_matter_again_before_three_working_days():
    year = owing_year()
    days = [date(2026, 4, day) for day in (9, 10, 13, 14, 15, 17)]

    found = {day.day: len(send(year, day)) for day in days}
    again = send(year, days[-1], hour=9)

    assert (found, told(again)) == ({9: 1, 10: 0, 13: 0, 14: 1, 15: 0, 17: 1}, [])


def test_the_interval_is_a_setting_and_one_day_means_every_working_day():
    year = owing_year()
    send(year, LATE)
    plan = {"task_list": year.list, "kind": REPORT, "needs_phone": True}
    days = [date(2026, 4, day) for day in (9, 10, 13, 14)]

    found = {
        again: [len(plan_notices(**plan, on=day, timing=Timing(again=again)).going) for day in days]
        for again in (0, 1, 2, 3)
    }

    assert found == {0: [0, 1, 1, 1], 1: [0, 1, 1, 1], 2: [0, 0, 1, 1], 3: [0, 0, 0, 1]}


def test_in_the_first_days_of_the_first_known_year_nothing_before_it_is_looked_at():
    first = date(min(CALENDAR.years), 1, 1)

    assert quiet_since(first + timedelta(days=3), 30) == first


def test_who_could_not_be_reached_by_one_way_is_told_by_another_the_same_day():
    year = owing_year()
    send(year, BEFORE)

    post = send(year, BEFORE, needs_phone=False)

    assert told(post) == [("remind", "周某某", ("市教育局",))]


def test_a_unit_that_was_called_by_a_clerk_today_is_left_out_that_day_in_that_kind():
    year = owing_year()
    note_contact(
        period=year.period, units=[year.unit("市教育局").pk], kind="urge_report", channel="phone", note="孙某某接",
        by=CONSOLE, now=moment(4, 9),
    )  # fmt: skip

    assert told(send(year, LATE)) == [("urge_report", "孙某某", ("市民政局",))]


def test_after_the_due_day_reports_are_urged_and_no_longer_reminded():
    year = owing_year()

    assert [letter.kind for letter in send(year, LATE)] == ["urge_report"]


def test_reminders_begin_two_working_days_before_the_due_day():
    year = owing_year()
    days = [date(2026, 4, day) for day in (2, 3, 7, 8, 9)]

    found = {
        day.day: len(plan_notices(task_list=year.list, kind=REMIND, on=day, needs_phone=True).going)
        for day in days
    }
    earlier = plan_notices(
        task_list=year.list, kind=REMIND, on=days[0], needs_phone=True, timing=Timing(ahead=3)
    )

    assert (found, len(earlier.going)) == ({2: 0, 3: 1, 7: 1, 8: 1, 9: 0}, 1)


def test_a_unit_that_has_sent_everything_is_left_alone():
    year = small_year("drafted")
    Plan.objects.all().delete()
    person(year.unit("市民政局"), "孙某某", "5510")
    before = told(send(year, BEFORE))

    sent(year, "3")

    assert (len(before), told(send(year, LATE))) == (1, [])


def test_a_row_that_came_back_is_owed_again():
    year = owing_year()
    year.period.obligations.filter(task__key="3").update(state="returned", reason="数字不实")

    assert "市民政局退回1项" in send(year, LATE)[0].text


def test_nothing_goes_out_on_a_day_off_and_a_year_without_calendar_is_refused():
    year = owing_year()
    before = last_seq()

    quiet = send(year, HOLIDAY)

    assert (quiet, last_seq()) == ([], before)
    with pytest.raises(Invalid):
        send(year, date(2031, 4, 8))


def test_a_closed_period_urges_nobody():
    year = owing_year()
    year.period.__class__.objects.update(state="closed")

    assert told(send(year, LATE)) == []


def test_orders_served_and_overdue_are_urged_until_they_are_answered():
    year = owing_year()
    order = served_order(year)
    served_order(year, "2", due=LATE)

    post = send(year, LATE, MATTER)
    act = {"by": CONSOLE, "now": moment(4, 9)}
    order = move_order(
        order=order, revision=order.revision, action="sign_for", values={"by": "办公室", "on": LATE}, **act
    )
    next_day, signed = send(year, date(2026, 4, 10), MATTER), send(year, date(2026, 4, 14), MATTER)
    move_order(
        order=order, revision=order.revision, action="answer", values={"text": "已办", "on": LATE}, **act
    )

    assert [letter.text for letter in post] == [
        "督查室催办：市民政局督办单〔2026〕1号（4月3日前）逾期未回复，请尽快办理。"
    ]
    assert contacts()[-1] == ("市民政局", "urge_matter", "sms", "发给：孙某某")
    assert [letter.units for letter in (*next_day, *signed)] == [("市教育局",), ("市民政局",)]
    assert "〔2026〕1号" in signed[0].text
    assert [letter.units for letter in send(year, date(2026, 4, 20), MATTER)] == [("市教育局",)]


def test_units_are_reminded_of_their_consultation_draft_until_they_object_or_the_days_are_over():
    year = small_year("determined")
    Plan.objects.all().delete()
    person(year.unit("市教育局"), "孙某某", "5510")
    person(year.unit("市民政局"), "李某某", "5511")
    draft = open_consultation(period=year.period, by=CONSOLE, now=moment(4, 15))

    def planned(on: date) -> list[Digest]:
        return list(plan_notices(task_list=year.list, kind=REMIND, on=on, needs_phone=True).going)

    before = planned(date(2026, 4, 16))
    row = ConsultationRow.objects.get(task=year.task("3"))
    liaison = someone(PostRole.LIAISON, year.unit("市民政局"))
    object_to(row=row, protest=Protest("已建成25家"), by=liaison, now=moment(4, 16))
    sent_out, again = send(year, date(2026, 4, 16), REMIND), send(year, date(2026, 4, 17), REMIND)

    assert draft.until_on == date(2026, 4, 17)
    assert [letter.text for letter in before] == [
        f"督查室提醒：2026年一季度核对稿请于4月17日前核对，有异议的提出：{unit}1项。" for unit in ("市教育局", "市民政局")
    ]  # fmt: skip
    assert told(sent_out) == [(REMIND, "孙某某", ("市教育局",))]
    assert (told(again), planned(date(2026, 4, 20))) == ([], [])


def test_items_of_an_instruction_are_urged_beside_orders_until_they_are_answered():
    year = owing_year()
    order = served_order(year)
    first, _ = items_given(year)

    early, late = send(year, date(2026, 4, 30), MATTER), send(year, date(2026, 5, 12), MATTER)
    values = {"by": "办公室", "on": LATE}
    act = {"by": CONSOLE, "now": moment(5, 12)}
    order = move_order(order=order, revision=order.revision, action="sign_for", values=values, **act)
    move_order(
        order=order, revision=order.revision, action="answer", values={"text": "已办", "on": LATE}, **act
    )
    move_item(item=first, revision=first.revision, action="answer", text="已选址", **act)

    assert "所列事项" not in early[0].text
    assert [letter.text for letter in late if letter.name == "孙某某"] == [
        "督查室催办：市民政局督办单〔2026〕1号（4月3日前）、批示第8号所列事项（4月30日前）逾期未回复，请尽快办理。"
    ]
    assert [letter for letter in send(year, date(2026, 5, 18), MATTER) if "市民政局" in letter.units] == []


def test_a_unit_without_a_telephone_is_reached_through_the_contact_of_its_plans():
    year = small_year("opened")
    person(year.unit("市教育局"), "周某某")
    person(year.unit("市民政局"), "李某某", "5520")

    assert {(letter.name, letter.phone): set(letter.units) for letter in send(year, BEFORE)} == {
        ("孙某某", "0000-1001"): {"市工业和信息化局", "市教育局"},
        ("李某某", "5520"): {"市民政局"},
    }


def test_units_with_nobody_to_tell_are_listed():
    year = owing_year()

    plan = plan_notices(task_list=year.list, kind=REMIND, on=BEFORE, needs_phone=True)

    assert (plan.without, [d.name for d in plan.unreachable]) == (("市工业和信息化局",), ["周某某"])


def test_whoever_has_left_the_post_and_deputies_are_not_told():
    year = owing_year()
    person(year.unit("市教育局"), "吴某某", "5533", PostRole.DEPUTY)
    Appointment.objects.filter(person__name="孙某某").update(to_on=BEFORE)

    assert told(send(year, BEFORE)) == []


def test_only_the_office_sends():
    year = owing_year()
    by = someone(PostRole.LIAISON, year.unit("市教育局"))

    with pytest.raises(NotAllowed):
        send_notices(
            task_list=year.list, kinds=[REMIND], on=BEFORE, outlet=Post().outlet(), by=by, now=moment(4, 7)
        )


def test_when_delivery_fails_nothing_is_recorded():
    year, before = owing_year(), last_seq()

    def fail(_letters):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        send_notices(
            task_list=year.list, kinds=[REMIND], on=BEFORE, outlet=Outlet("sms", needs_phone=True, deliver=fail), by=CONSOLE,
            now=moment(4, 7),
        )  # fmt: skip

    assert (contacts(), last_seq()) == ([], before)


def test_many_names_of_a_unit_go_into_further_notes_and_are_all_remembered():
    year = owing_year()
    for number in range(60):
        person(year.unit("市教育局"), f"某某人{number:02d}", f"66{number:02d}")

    first, again = send(year, BEFORE), send(year, BEFORE)

    assert (len(first), told(again)) == (61, [])
    lengths = [len(note) for name, _, _, note in contacts() if name == "市教育局"]
    assert (len(lengths), max(lengths) <= 200) == (2, True)


def big_year() -> Year:
    """300 tasks with 1,100 unit roles: prepared, led, issued, one period open; two people in every unit, one in all."""
    names = [unit.name for unit in city().units.order_by("position")[:44]]
    lines = []
    for number in range(300):
        asked = 4 if number < 200 else 3
        units = "，".join(names[(number * 5 + step * 7) % len(names)] for step in range(asked))
        lines.append(f"{number + 1}.办好第{number + 1}件实事，年底前完成。\n主责单位：{units}\n")
    head = HEAD[: HEAD.index("1.规模")]
    government = city()
    year = Year(government, published(government, head + "".join(lines)).list)
    for step in (prepared, assigned, issued, opened):
        step(year)
    everywhere = Person.objects.create(name="到处某某", phone="5500")
    units = {row.unit_id: row.unit for row in Responsibility.objects.select_related("unit")}.values()
    for place, unit in enumerate(units):
        person(unit, f"联络{place}", f"57{place:03d}")
        person(unit, f"负责{place}", f"58{place:03d}", PostRole.PRINCIPAL)
        appoint(seat=Seat(unit, PostRole.HANDLER, "承办人"), person=everywhere, by=CONSOLE, now=moment(2, 1))
    return year


def test_import_and_assignment_of_300_tasks_to_1100_unit_roles_is_one_message_for_each_person():
    year = big_year()
    leads = Assignment.objects.values_list("lead").distinct().count()

    post = send(year, BEFORE)
    second = send(year, BEFORE)

    counts = Counter((letter.name, letter.phone) for letter in post)
    assert (Task.objects.count(), Responsibility.objects.count()) == (300, 1100)
    assert (set(counts.values()), len(counts), told(second)) == ({1}, 2 * leads + 1, [])
    everywhere = next(letter for letter in post if letter.name == "到处某某")
    assert len(everywhere.units) == leads


def letters() -> list[Digest]:
    text = "督查室提醒：2026年一季度进展请于4月8日前报送：市教育局未报1项。"
    return [
        Digest(REMIND, "孙某某", "5510", ("市教育局",), ((1, 2),), text),
        Digest(REMIND, "周/某", "", ("市教育局",), ((1, 2),), text),
    ]


def test_the_file_for_the_gateway_has_a_line_for_each_person(tmp_path):
    path = tmp_path / "new" / "sms.txt"
    outlet = outlet_for("sms-file", str(path), "key", BEFORE, [])

    outlet.deliver(letters()[:1])

    assert path.read_bytes().decode() == f"5510\t{letters()[0].text}\n"
    assert [each.name for each in path.parent.iterdir()] == ["sms.txt"]
    assert (outlet.channel, outlet.needs_phone) == ("sms", True)


def test_a_file_or_folder_in_use_is_never_written_over(tmp_path):
    (tmp_path / "sms.txt").write_text("earlier")

    for way, name in (("sms-file", "sms.txt"), ("mail-file", "")):
        with pytest.raises(Conflict) as refused:
            outlet_for(way, str(tmp_path / name), "key", BEFORE, [])
        assert refused.value.message.code == "notices.out_in_use"


def test_letters_are_files_named_after_the_person(tmp_path):
    outlet = outlet_for("mail-file", str(tmp_path / "mail"), "key", BEFORE, [])

    outlet.deliver(letters())

    files = sorted((tmp_path / "mail").iterdir())
    mail = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert [each.name for each in files] == ["001-提醒-孙某某-5510.eml", "002-提醒-周_某-无电话.eml"]
    assert (mail["Subject"], mail["X-Duban-Name"], mail["To"]) == (
        "督查室提醒（2026-04-07）",
        "孙某某",
        None,
    )
    assert mail.get_content().splitlines() == ["孙某某同志：", "", letters()[0].text]
    assert (outlet.channel, outlet.needs_phone) == ("mail", False)


@pytest.fixture
def gateway():
    """A real server: /take takes, /busy refuses, /away points to another place; `seen` is what came in."""
    seen: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, body))
            self.send_response({"/take": 200, "/busy": 503}.get(self.path, 302))
            if self.path == "/away":
                self.send_header("Location", f"http://localhost:{self.server.server_port}/take")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self):
            seen.append((self.path, b"GET"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_webhook_is_one_request_with_every_notice(gateway):
    base, seen = gateway

    outlet_for("webhook", f"{base}/take", "key", BEFORE, ["127.0.0.1"]).deliver(letters())

    [(path, body)] = seen
    assert path == "/take"
    assert json.loads(body) == {
        "list": "key",
        "on": "2026-04-07",
        "notices": [
            {"kind": "remind", "name": d.name, "phone": d.phone, "units": ["市教育局"], "text": d.text}
            for d in letters()
        ],
    }


def test_an_answer_that_points_elsewhere_is_not_followed_and_a_refusal_is_said(gateway):
    base, seen = gateway
    reasons = {}
    for path in ("/away", "/busy"):
        with pytest.raises(Conflict) as refused:
            outlet_for("webhook", base + path, "key", BEFORE, ["127.0.0.1", "localhost"]).deliver(letters())
        reasons[path] = refused.value.message.params["reason"]

    assert reasons == {"/away": "HTTP 302", "/busy": "HTTP 503"}
    assert [path for path, _ in seen] == ["/away", "/busy"]


def test_a_gateway_that_is_down_is_said(gateway):
    with pytest.raises(Conflict) as refused:
        outlet_for("webhook", "http://127.0.0.1:1/", "key", BEFORE, ["127.0.0.1"]).deliver(letters())

    assert refused.value.message.code == "notices.not_delivered"


def test_only_listed_hosts_are_written_to():
    hosts = ["oa.yunjiang.example", "127.0.0.1:8080"]
    codes = {
        "https://oa.yunjiang.example/notices": "",
        "https://OA.yunjiang.example:8443/n": "",
        "http://127.0.0.1:8080/n": "",
        "http://127.0.0.1:8081/n": "notices.host_not_allowed",
        "http://127.0.0.1/n": "notices.host_not_allowed",
        "https://oa.yunjiang.example.evil.example/n": "notices.host_not_allowed",
        "https://oa.yunjiang.example@evil.example/n": "notices.bad_url",
        "ftp://oa.yunjiang.example/n": "notices.bad_url",
        "file:///etc/passwd": "notices.bad_url",
        "http://127.0.0.1:port/n": "notices.bad_url",
        "notices.txt": "notices.bad_url",
    }

    assert {url: refusal_of(url, hosts) for url in codes} == codes
    assert refusal_of("http://127.0.0.1/n", []) == "notices.host_not_allowed"


def refusal_of(url: str, hosts: list[str]) -> str:
    try:
        require_host(url, hosts)
    except Invalid as refused:
        return refused.message.code
    return ""


def notify(year: Year, *words: str) -> int:
    return notify_main(["--list", year.list.key, *words])


def test_the_command_writes_the_file_once(tmp_path, capsys):
    year = owing_year()
    words = ("--on", "2026-04-07", "--via", "sms-file", "--out")

    first = notify(year, *words, str(tmp_path / "a.txt"))
    again = notify(year, *words, str(tmp_path / "b.txt"))

    assert (first, again) == (0, 0)
    assert (tmp_path / "a.txt").read_text().startswith("5510\t督查室提醒：")
    assert not (tmp_path / "b.txt").exists()
    said = capsys.readouterr().err
    assert "提醒：已发 1 人，合短信 1 条" in said
    assert "没有电话、未发：周某某（市教育局）" in said
    assert "没有联络员或联系人、未发：市工业和信息化局" in said
    assert said.index("已发 1 人") < said.index("提醒：已发 0 人")


def test_a_dry_run_prints_who_would_get_what_and_changes_nothing(capsys):
    year = owing_year()
    before = last_seq()

    status = notify(year, "--on", "2026-04-09", "--kind", "urge_report", "--via", "sms-file", "--dry-run")

    out = capsys.readouterr().out
    assert (status, last_seq(), Contact.objects.count()) == (0, before, 0)
    assert out == (
        "催报\t孙某某\t5510\t市教育局、市民政局\t1\t督查室催报：2026年一季度进展应于4月8日前报送，现已逾期，请尽快报送："
        "市教育局未报1项；市民政局未报1项。\n"
    )


def test_the_command_is_quiet_on_a_day_off_and_refuses_what_it_does_not_know(tmp_path, capsys, settings):
    year = owing_year()
    settings.NOTICE_HOSTS = []
    on = ("--on", "2026-04-07", "--via")

    quiet = notify(year, "--on", "2026-04-05", "--via", "sms-file", "--out", str(tmp_path / "a.txt"))
    hook = notify(year, *on, "webhook", "--out", "http://127.0.0.1:9/")
    unknown = notify_main(["--list", "nothing", *on, "sms-file", "--dry-run"])

    said = capsys.readouterr()
    assert (quiet, hook, unknown) == (0, 2, 2)
    assert said.out == "2026-04-05 是休息日，不发通知。\n"
    assert "DUBAN_NOTICE_HOSTS" in said.err
    assert not (tmp_path / "a.txt").exists()


def test_the_command_posts_to_a_listed_host_and_records_nothing_when_it_is_refused(gateway, settings):
    year, (base, seen) = owing_year(), gateway
    settings.NOTICE_HOSTS = ["127.0.0.1"]
    words = ("--on", "2026-04-07", "--via", "webhook", "--out")

    busy = (notify(year, *words, f"{base}/busy"), Contact.objects.count())
    taken = (notify(year, *words, f"{base}/take"), Contact.objects.count())

    assert (busy, taken, len(seen)) == ((1, 0), (0, 2), 2)
