from __future__ import annotations

from datetime import date, timedelta

from duban.domain.digests import NOBODY, Matter, NoticeKind, Seat, Told, digests, parts_of

TODAY = date(2026, 4, 7)
DUE = date(2026, 4, 8)
SUBJECT = "2026年一季度进展"
SCHOOLS = Matter(1, "市教育局", 10, SUBJECT, DUE, missing=56, returned=3)
SPORTS = Matter(2, "市体育局", 10, SUBJECT, DUE, missing=2)
SUN, ZHOU = Seat(1, "孙某某", "5510"), Seat(1, "周某某", "5511")


def texts(kind: NoticeKind, matters: list[Matter], seats: list[Seat], told: Told = NOBODY) -> list[tuple]:
    return [(d.name, d.units, d.text) for d in digests(kind, matters, seats, TODAY, told)]


def test_a_reminder_says_what_is_owed_by_when_to_each_person():
    assert texts(NoticeKind.REMIND, [SCHOOLS], [SUN, ZHOU]) == [
        (name, ("市教育局",), "督查室提醒：2026年一季度进展请于4月8日前报送：市教育局未报56项、退回3项。")
        for name in ("孙某某", "周某某")
    ]


def test_a_late_report_is_urged():
    assert texts(NoticeKind.URGE_REPORT, [SPORTS], [Seat(2, "孙某某", "5510")]) == [
        (
            "孙某某",
            ("市体育局",),
            "督查室催报：2026年一季度进展应于4月8日前报送，现已逾期，请尽快报送：市体育局未报2项。",
        )
    ]


def test_late_orders_are_urged_by_number():
    orders = [
        Matter(1, "市教育局", 10, "督办单〔2026〕3号", date(2026, 4, 1)),
        Matter(1, "市教育局", 10, "督查函〔2026〕1号", date(2025, 12, 30)),
        Matter(2, "市体育局", 10, "督办单〔2026〕4号", date(2026, 4, 2)),
    ]

    [(name, units, text)] = texts(NoticeKind.URGE_MATTER, orders, [SUN, Seat(2, "孙某某", "5510")])

    assert (name, units) == ("孙某某", ("市教育局", "市体育局"))
    assert text == (
        "督查室催办：市教育局督办单〔2026〕3号（4月1日前）、督查函〔2026〕1号（2025年12月30日前）；"
        "市体育局督办单〔2026〕4号（4月2日前）逾期未回复，请尽快办理。"
    )


def test_a_consultation_draft_is_reminded_of_beside_what_is_owed():
    checks = Matter(1, "市教育局", 9, "2025年四季度核对稿", date(2026, 4, 9), checks=5)

    [(_, _, text)] = texts(NoticeKind.REMIND, [checks, SCHOOLS], [SUN])

    assert text == (
        "督查室提醒：2025年四季度核对稿请于4月9日前核对，有异议的提出：市教育局5项。"
        "2026年一季度进展请于4月8日前报送：市教育局未报56项、退回3项。"
    )


def test_a_person_with_several_posts_gets_one_text_that_names_each_unit():
    seats = [SUN, Seat(2, "孙某某", "5510"), Seat(1, "孙某某", "5510")]

    [digest] = digests(NoticeKind.REMIND, [SCHOOLS, SPORTS], seats, TODAY)

    assert (digest.units, digest.places) == (("市教育局", "市体育局"), ((10, 1), (10, 2)))
    assert digest.text == (
        "督查室提醒：2026年一季度进展请于4月8日前报送：市教育局未报56项、退回3项；市体育局未报2项。"
    )


def test_two_periods_of_one_unit_are_one_text():
    second = Matter(1, "市教育局", 11, "2026年4月进展", date(2026, 5, 9), missing=1)

    [digest] = digests(NoticeKind.REMIND, [SCHOOLS, second], [SUN], TODAY)

    assert (digest.units, digest.places) == (("市教育局",), ((10, 1), (11, 1)))
    assert "。2026年4月进展请于5月9日前报送：市教育局未报1项。" in digest.text


def test_namesakes_are_told_apart_by_telephone_and_without_one_by_person():
    seats = [
        SUN, Seat(1, "孙某某", "5599"), Seat(1, "李某某", "", 7), Seat(1, "李某某", "", 8), Seat(2, "李某某", "", 8),
    ]  # fmt: skip

    found = digests(NoticeKind.REMIND, [SCHOOLS, SPORTS], seats, TODAY)

    assert [(d.name, d.phone, len(d.units)) for d in found] == [
        ("孙某某", "5510", 1),
        ("孙某某", "5599", 1),
        ("李某某", "", 1),
        ("李某某", "", 2),
    ]


def test_nobody_is_told_about_a_unit_that_owes_nothing():
    assert digests(NoticeKind.REMIND, [SPORTS], [SUN, ZHOU], TODAY) == ()


def test_who_was_told_today_is_silent_in_every_unit():
    seats = [SUN, ZHOU, Seat(2, "孙某某", "5510")]
    told = Told({(11, 1, "孙某某"): TODAY})

    found = digests(NoticeKind.REMIND, [SCHOOLS, SPORTS], seats, TODAY, told)

    assert [(d.name, d.units) for d in found] == [("周某某", ("市教育局",))]


def test_who_was_told_lately_hears_only_of_other_matters():
    seats = [SUN, ZHOU, Seat(2, "孙某某", "5510")]
    told = Told({(SCHOOLS.period, 1, "孙某某"): TODAY - timedelta(days=1)})

    found = digests(NoticeKind.REMIND, [SCHOOLS, SPORTS], seats, TODAY, told)

    assert [(d.name, d.units) for d in found] == [("周某某", ("市教育局",)), ("孙某某", ("市体育局",))]


def test_an_order_that_became_late_since_is_a_new_matter_whatever_its_period():
    day = TODAY - timedelta(days=1)
    orders = [
        Matter(1, "市教育局", 10, "督办单〔2026〕3号", day - timedelta(days=1)),
        Matter(1, "市教育局", 11, "督办单〔2026〕4号", day),
    ]

    [digest] = digests(NoticeKind.URGE_MATTER, orders, [SUN], TODAY, Told({(0, 1, "孙某某"): day}))

    assert ("3号" in digest.text, "4号" in digest.text) == (False, True)


def test_a_unit_that_a_clerk_has_called_lately_is_left_out():
    seats = [SUN, Seat(2, "孙某某", "5510")]
    told = Told(units={(10, 1): TODAY, (11, 2): TODAY})

    found = digests(NoticeKind.REMIND, [SCHOOLS, SPORTS], seats, TODAY, told)

    assert [(d.name, d.units, d.places) for d in found] == [("孙某某", ("市体育局",), ((10, 2),))]


def test_parts_of_a_text_message():
    lengths = {"督" * n: n for n in (1, 70, 71, 134, 135)}

    assert {n: parts_of(text) for text, n in lengths.items()} == {1: 1, 70: 1, 71: 2, 134: 2, 135: 3}
    assert parts_of("𠮷" * 36) == 2
