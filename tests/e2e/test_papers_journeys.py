"""Orders and papers in a browser: the office drafts an order and downloads the special report of a sealed period."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser
from tests.e2e.test_journeys import PICTURES, signed_in

LIST = "/l/yunjiang-2026/"


def test_papers_of_a_sealed_period_are_downloaded_and_verify(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    page, complaints = signed_in(browser, site, "ducha")
    page.goto(f"{site}{LIST}p/2026-06/papers/")
    page.screenshot(path=PICTURES / "papers.png", caret="initial")
    with page.expect_download() as arriving:
        page.get_by_role("link", name="督查专报").first.click()
    paper = tmp_path / "report.docx"
    arriving.value.save_as(paper)
    page.set_input_files("input[type=file]", str(paper))
    with page.expect_navigation():
        page.get_by_role("button", name="核验", exact=True).click()

    assert paper.read_bytes()[:2] == b"PK"
    assert "一致" in page.inner_text("main")
    assert complaints == []


def test_overview_and_leader_page_answer_first(browser: Browser, site: str) -> None:
    office, complaints = signed_in(browser, site, "ducha")
    office.goto(f"{site}{LIST}overview/")
    office.screenshot(path=PICTURES / "overview.png", caret="initial")
    leader, more = signed_in(browser, site, "shizhang", 1024)
    leader.goto(f"{site}{LIST}leader/")
    assert "请选择市领导" in leader.inner_text("h1")
    leader.click("main form.bar button[type=submit]")
    leader.wait_for_url("**/leader/?name=*")

    assert "91 项重点任务" in office.inner_text("h1")
    assert "项重点任务" in leader.inner_text("h1")
    assert complaints == more == []
