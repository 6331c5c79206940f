"""The year in a browser: a liaison fills a sheet, the office reviews it, judges and determines."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect
from tests.e2e.conftest import ROOT
from tests.e2e.test_journeys import PICTURES, signed_in

LIST = "/l/yunjiang-2026/"
PERIOD = f"{LIST}p/2026-09/"


def test_liaison_fills_the_sheet_and_the_office_accepts_it(browser: Browser, site: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    unit, complaints = signed_in(browser, site, "fagai")
    unit.goto(f"{site}/todo/")
    unit.click("main a[href*='/p/2026-09/u/']")
    unit.wait_for_url("**/p/2026-09/u/**")
    boxes = unit.locator("textarea[name^=progress]")
    owed = boxes.count()
    boxes.first.fill("三季度完成年度目标的七成五，项目全部开工。")
    for tick in unit.locator("input[type=checkbox][name^=same]").all()[1:]:
        tick.check()
    unit.screenshot(path=PICTURES / "sheet.png", caret="initial")
    with unit.expect_navigation():
        unit.click("button[value=send]")
    sent = unit.inner_text("h1")

    office, more = signed_in(browser, site, "ducha")
    office.goto(f"{site}{PERIOD}review/?state=sent")
    office.screenshot(path=PICTURES / "review.png", caret="initial")
    waiting = office.inner_text("h1")
    with office.expect_navigation():
        office.locator("button.accept").first.click()
    accepted = office.inner_text("h1")
    office.goto(f"{site}{PERIOD}")
    office.screenshot(path=PICTURES / "period.png", caret="initial")

    assert owed > 1
    assert "还差 0 项" in sent
    assert waiting != accepted
    assert complaints == more == []


def test_no_page_of_the_year_is_wider_than_the_window(browser: Browser, site: str) -> None:
    office = [
        "issue/", "receipts/", "coverage/", "periods/", "p/2026-09/", "p/2026-09/review/", "p/2026-09/determine/",
        "p/2026-06/u/3/", "u/3/", "plan/3/",
    ]  # fmt: skip
    for width in (1440, 1024, 390):
        page, complaints = signed_in(browser, site, "ducha", width)
        widths = {}
        for path in office:
            page.goto(f"{site}{LIST}{path}")
            widths[path] = page.evaluate("document.documentElement.scrollWidth")
        assert {path: found for path, found in widths.items() if found > width} == {}
        assert complaints == []


def test_a_wide_table_of_columns_scrolls_in_its_own_frame(browser: Browser, site: str) -> None:
    page, complaints = signed_in(browser, site, "ducha", 1280)
    page.goto(f"{site}/import/")
    page.set_input_files("main input[type=file]", ROOT / "samples" / "yunjiang-2026-working.xlsx")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/map/**")

    assert page.evaluate("document.querySelector('.columns').scrollWidth") > 1280
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert complaints == []


def test_print_has_whole_names_and_no_dots(browser: Browser, site: str) -> None:
    page, complaints = signed_in(browser, site, "shizhang")
    page.emulate_media(media="print")
    page.goto(f"{site}{LIST}leader/")
    cut = page.locator(".one-page .t").evaluate_all(
        "names => names.filter(name => name.scrollHeight > name.clientHeight + 2).length"
    )
    page.goto(f"{site}{LIST}t/1/")
    dots = page.locator(".tl li").evaluate_all(
        "rows => rows.map(row => getComputedStyle(row, '::before').display)"
    )

    assert cut == 0
    assert set(dots) == {"none"}
    assert complaints == []


def test_workbook_goes_out_and_comes_back_without_a_change(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    page, complaints = signed_in(browser, site, "juzhang")
    page.goto(f"{site}{LIST}u/3/")
    page.goto(f"{site}{PERIOD}u/3/")
    with page.expect_download() as arriving:
        page.click("a[href$='sheet.xlsx']")
    book = tmp_path / "sheet.xlsx"
    arriving.value.save_as(book)

    expect(page.locator("h1")).to_contain_text("市发展改革委")
    assert book.read_bytes()[:2] == b"PK"
    assert complaints == []
