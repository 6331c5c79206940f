"""Where pages end when LibreOffice lays a paper out."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest
from pypdfium2 import PdfDocument
from tests.publishing import paper_samples as samples

from duban.publishing import contents as c
from duban.publishing.official import OFFICIAL
from duban.publishing.orders import write_order
from duban.publishing.special_report import write_special_report

pytestmark = pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice")


def documents_of(papers: Mapping[str, bytes], folder: Path) -> dict[str, PdfDocument]:
    for name, data in papers.items():
        (folder / f"{name}.docx").write_bytes(data)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    files = [folder / f"{name}.docx" for name in papers]
    subprocess.run([*command, "--outdir", folder, *files], check=True, capture_output=True)
    return {name: PdfDocument(folder / f"{name}.pdf") for name in papers}


def pages_of(papers: Mapping[str, bytes], folder: Path) -> dict[str, list[list[str]]]:
    """The lines of every page of every paper, without the number of the page."""
    return {
        name: [_lines(page.get_textpage().get_text_bounded()) for page in document]
        for name, document in documents_of(papers, folder).items()
    }


def _lines(text: str) -> list[str]:
    lines = ["".join(line.split()) for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("—")]


@pytest.mark.parametrize("form", c.OrderForm)
def test_an_order_runs_on_to_a_second_page_and_its_signature_never_stands_alone(form, tmp_path):
    short = {"title": "关于推进第27项的通知", "grounds": ("重点任务清单。",), "requirement": ("限期完成。",)}
    order = replace(samples.order(form), contact="", phone="", **short)
    longer = {
        f"{lines}{issuer}": replace(
            order, matter=("搬迁签约两周内完成，按月报送进展情况，不再延期，逐项销账。" * lines,),
            basis=replace(order.basis, issuer=issuer),
        )
        for lines in range(1, 15)
        for issuer in ("市督查室", samples.OFFICE)
    }  # fmt: skip

    found = pages_of({name: write_order(content) for name, content in longer.items()}, tmp_path)

    for name, (*_, signed, slip) in found.items():
        at = signed.index(longer[name].basis.issuer)
        assert (signed[at + 1], slip[0]) == ("2026年10月9日", "回执")
        assert at >= 2, (name, signed)
    assert {len(pages) for pages in found.values()} == {2, 3}


@pytest.mark.parametrize("urgency", ["", "特急"])
def test_the_mark_of_an_order_stands_35_millimetres_below_the_top_of_the_type_area(urgency, tmp_path):
    order = replace(samples.order(), urgency=urgency)

    (page, *_) = documents_of({"a": write_order(order)}, tmp_path)["a"]

    text = page.get_textpage()
    start = text.search(order.head).get_next()[0]
    upper = max(text.get_charbox(start + place)[3] for place in range(len(order.head)))
    assert (page.get_height() - upper) / 72 * 25.4 - OFFICIAL.top == pytest.approx(35, abs=0.5)


def test_thirty_rows_of_the_annex_stand_on_one_page_each_in_one_line(tmp_path):
    report = samples.special_report()
    row = report.annex[0]._replace(
        title="完善150个社区可回收物和大件垃圾中转站",
        lead="市人力资源社会保障局",
        city_leader="副市长甲（演练）",
    )
    rows = tuple(row._replace(number=number) for number in range(101, 131))
    report = replace(report, annex=rows, submitted_to="", sent_to="")

    *_, annex = pages_of({"a": write_special_report(report)}, tmp_path)["a"]

    assert annex[0] == "附件"
    assert [line[:3] for line in annex if line.startswith("1")] == [str(row.number) for row in rows]
    assert {line[3:] for line in annex if line.startswith("1")} == {
        "完善150个社区可回收物和大…市人力资源社会保障局副市长甲（演练）9.713.9■滞后"
    }


def test_the_imprint_of_a_report_never_stands_alone(tmp_path):
    report = samples.special_report()
    annexes = {f"rows{count}": {"annex": report.annex[:1] * count} for count in range(26, 40)}
    texts = {
        f"lines{count}": {"annex": (), "advice": ("请抓紧补报。",) * count, "laggards": ()}
        for count in range(1, 24)
    }
    papers = {name: write_special_report(replace(report, **more)) for name, more in (annexes | texts).items()}

    found = pages_of(papers, tmp_path)

    ends = {
        name: next(at for at, line in enumerate(pages[-1]) if "签发" in line) for name, pages in found.items()
    }
    assert {name: len(found[name][-1]) - at for name, at in ends.items()} == dict.fromkeys(papers, 5)
    assert min(at for name, at in ends.items() if name in texts) == 1
    assert (
        min(at for name, at in ends.items() if name in annexes) == 5
    )  # the head, read as three lines, and two rows


@pytest.mark.parametrize(("rows", "pages"), [(17, 1), (32, 1), (36, 2)])
def test_up_to_thirty_two_rows_leave_room_for_the_imprint(rows, pages, tmp_path):
    report = samples.special_report()
    report = replace(report, annex=report.annex[:1] * rows, submitted_to="", sent_to="", laggards=())

    found = pages_of({"a": write_special_report(report)}, tmp_path)["a"]

    assert len(found) - next(at for at, lines in enumerate(found) if lines[0] == "附件") == pages
