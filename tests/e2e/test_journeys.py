"""One journey per role through the demo, in a real browser; the README's pictures are taken on the way."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

PICTURES = Path(os.environ.get("DUBAN_SCREENSHOTS", "build/screenshots"))
PASSWORD = "yunjiang-demo-2026"


def signed_in(browser: Browser, site: str, user: str, width: int = 1440) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{site}/")
    page.fill("[name=username]", user)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    return page, complaints


def test_supervisor_reads_filters_and_opens_a_task(browser: Browser, site: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page, complaints = signed_in(browser, site, "ducha")
    heading = page.inner_text("h1")
    page.screenshot(path=PICTURES / "register.png", caret="initial")

    rows = page.locator("tr[data-row], tr:has(a[href*='/t/'])").count()
    with page.expect_response(lambda answer: "light=warning" in answer.url):
        page.select_option("[name=light]", "warning")
    expect(page.locator("#register .answer")).to_contain_text("按所选条件找到")
    narrowed = page.locator("tr[data-row], tr:has(a[href*='/t/'])").count()
    page.goto(f"{site}/l/yunjiang-2026/t/1/")
    page.screenshot(path=PICTURES / "task.png", caret="initial")

    assert heading == "91 项重点任务落实情况"
    assert 0 < narrowed < rows
    assert page.locator("p.src mark.clause").count() > 0
    assert page.locator("p.src.units mark.unit").count() > 0
    assert complaints == []


def test_keyboard_moves_and_opens(browser: Browser, site: str) -> None:
    page, complaints = signed_in(browser, site, "ducha")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/t/2/")
    page.keyboard.press("k")
    page.wait_for_url("**/t/1/")

    assert complaints == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_no_page_is_wider_than_the_window(browser: Browser, site: str, width: int) -> None:
    page, complaints = signed_in(browser, site, "ducha", width)

    widths = []
    for path in ("/l/yunjiang-2026/", "/l/yunjiang-2026/t/5/", "/lists/", "/help/", "/password/"):
        page.goto(f"{site}{path}")
        widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert max(widths) <= width
    assert complaints == []


def test_liaison_sees_only_the_unit_s_tasks_in_english(browser: Browser, site: str) -> None:
    page, complaints = signed_in(browser, site, "fagai")

    page.click(".language button")
    page.wait_for_selector("html[lang=en]")

    heading = page.inner_text("h1")
    found = re.search(r"\d+", heading)
    page.click(".language button")
    page.wait_for_selector("html[lang=zh-Hans]")

    assert found is not None
    assert "key tasks" in heading
    assert 0 < int(found[0]) < 91
    assert complaints == []


def test_auditor_sees_envelopes_and_no_task(browser: Browser, site: str) -> None:
    page, _ = signed_in(browser, site, "shenji")

    assert page.url.endswith("/log/")
    assert page.goto(f"{site}/l/yunjiang-2026/").status == 404
