"""The official page: sheet, type, fonts, page numbers, repeated heads, whole rows, and the same bytes for the same content."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import docx
import pytest
from docx.oxml.ns import qn
from tests.publishing import paper_samples as samples

from duban.publishing import contents as c
from duban.publishing.docx_tables import DENSE_WHOLE, Column
from duban.publishing.leader_brief import write_leader_brief
from duban.publishing.ledger import write_ledger
from duban.publishing.official import FORM, LANDSCAPE, OFFICIAL, Page, Paper, identify, same_paper
from duban.publishing.orders import write_order
from duban.publishing.special_report import write_special_report
from duban.publishing.unit_papers import write_report_form, write_sign_off, write_unit_tasks
from duban.publishing.urging import write_urging, write_urging_sheet

PAPERS: dict[c.PaperKind, Callable[[], bytes]] = {
    c.PaperKind.LEDGER: lambda: write_ledger(samples.ledger()),
    c.PaperKind.SPECIAL_REPORT: lambda: write_special_report(samples.special_report()),
    c.PaperKind.ORDER: lambda: write_order(samples.order()),
    c.PaperKind.URGING: lambda: write_urging(samples.urging()),
    c.PaperKind.URGING_SHEET: lambda: write_urging_sheet(samples.urging()),
    c.PaperKind.UNIT_TASKS: lambda: write_unit_tasks(samples.unit_tasks()),
    c.PaperKind.REPORT_FORM: lambda: write_report_form(samples.report_form()),
    c.PaperKind.SIGN_OFF: lambda: write_sign_off(samples.sign_off()),
    c.PaperKind.LEADER_BRIEF: lambda: write_leader_brief(samples.leader_brief()),
}


def page_of(data: bytes) -> tuple[int, ...]:
    section = docx.Document(io.BytesIO(data)).sections[0]
    lengths = (
        section.page_width, section.page_height,
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin,
    )  # fmt: skip
    return tuple(round(length.mm) for length in lengths)


@pytest.mark.parametrize("kind", PAPERS)
def test_the_same_content_gives_the_same_bytes(kind):
    assert PAPERS[kind]() == PAPERS[kind]()


def test_every_kind_of_paper_is_written_and_says_which_it_is():
    marks = {kind: identify(write()) for kind, write in PAPERS.items()}

    assert set(marks) == set(c.PaperKind)
    keys = {kind: (mark.kind, mark.snapshot, mark.key) for kind, mark in marks.items() if mark}
    assert keys == {
        c.PaperKind.LEDGER: (c.PaperKind.LEDGER, samples.SNAPSHOT, "2026Q3"),
        c.PaperKind.SPECIAL_REPORT: (c.PaperKind.SPECIAL_REPORT, samples.SNAPSHOT, "2026Q3"),
        c.PaperKind.ORDER: (c.PaperKind.ORDER, samples.SNAPSHOT, "order/3"),
        c.PaperKind.URGING: (c.PaperKind.URGING, samples.SNAPSHOT, "2026Q3"),
        c.PaperKind.URGING_SHEET: (c.PaperKind.URGING_SHEET, samples.SNAPSHOT, "2026Q3"),
        c.PaperKind.UNIT_TASKS: (c.PaperKind.UNIT_TASKS, samples.SNAPSHOT, "2026/unit/17"),
        c.PaperKind.REPORT_FORM: (c.PaperKind.REPORT_FORM, samples.SNAPSHOT, "2026Q3/unit/17"),
        c.PaperKind.SIGN_OFF: (c.PaperKind.SIGN_OFF, samples.SNAPSHOT, "2026Q3/unit/17"),
        c.PaperKind.LEADER_BRIEF: (c.PaperKind.LEADER_BRIEF, samples.SNAPSHOT, "2026Q3/leader/3"),
    }


def test_pages_have_the_sheet_and_margins_of_the_standard():
    pages = {
        kind: page_of(PAPERS[kind]())
        for kind in c.PaperKind
        if kind not in {c.PaperKind.LEDGER, c.PaperKind.URGING_SHEET}
    }

    official, form, landscape = (
        (210, 297, 37, 35, 28, 26),
        (210, 297, 25, 22, 22, 20),
        (297, 210, 22, 20, 18, 18),
    )
    assert pages == {
        c.PaperKind.SPECIAL_REPORT: official,
        c.PaperKind.ORDER: official,
        c.PaperKind.URGING: form,
        c.PaperKind.UNIT_TASKS: landscape,
        c.PaperKind.REPORT_FORM: landscape,
        c.PaperKind.SIGN_OFF: form,
        c.PaperKind.LEADER_BRIEF: form,
    }
    assert page_of(write_order(samples.order(c.OrderForm.LETTER))) == (210, 297, 30, 35, 28, 26)


def test_the_type_area_of_the_standard_is_156_by_225_millimetres():
    assert (OFFICIAL.text_width, OFFICIAL.text_height) == (156, 225)


@pytest.mark.parametrize(("page", "orientation"), [(FORM, "portrait"), (LANDSCAPE, "landscape")])
def test_a_wide_page_is_marked_as_turned(page: Page, orientation: str):
    data = Paper(page).finish("空", c.PaperKind.ORDER, samples.basis("x"))

    size = docx.Document(io.BytesIO(data)).element.body.sectPr.find(qn("w:pgSz"))
    assert (size.get(qn("w:orient")) or "portrait") == orientation


def test_styles_carry_the_fonts_sizes_and_pitch_of_the_standard():
    document = docx.Document(io.BytesIO(write_special_report(samples.special_report())))
    found = {
        style.style_id: (
            style.element.rPr.rFonts.get(qn("w:eastAsia")),
            style.font.size.pt,
            style.element.pPr.find(qn("w:spacing")).get(qn("w:line")),
            style.element.pPr.find(qn("w:spacing")).get(qn("w:lineRule")),
        )
        for style in document.styles
        if style.style_id in {"Title", "Heading1", "Heading2", "Body", "RedHead", "Imprint", "PageNumber"}
    }

    assert found == {
        "Title": ("方正小标宋简体", 22, "579", "exact"),
        "RedHead": ("方正小标宋简体", 40, "1100", "exact"),
        "Body": ("仿宋_GB2312", 16, "579", "exact"),
        "Heading1": ("黑体", 16, "579", "exact"),
        "Heading2": ("楷体_GB2312", 16, "579", "exact"),
        "Imprint": ("仿宋_GB2312", 14, "500", "exact"),
        "PageNumber": ("宋体", 14, "360", "exact"),
    }
    indent = document.styles["公文正文"].element.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert document.styles["Normal"].element.rPr.find(qn("w:spacing")).get(qn("w:val")) == "-5"


def test_a_title_keeps_its_pitch_where_the_grid_would_give_it_two_lines():
    styles = docx.Document(io.BytesIO(write_special_report(samples.special_report()))).styles
    grids = {name: styles[name].element.pPr.find(qn("w:snapToGrid")) for name in ("Title", "公文正文")}

    assert {name: grid is not None and grid.get(qn("w:val")) for name, grid in grids.items()} == {
        "Title": "0",
        "公文正文": False,
    }


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    document = docx.Document(io.BytesIO(write_special_report(samples.special_report())))
    section = document.sections[0]
    footers = {
        name: (
            "".join(text.text or "" for text in footer._element.iter(qn("w:t"))),
            [field.get(qn("w:instr")) for field in footer._element.iter(qn("w:fldSimple"))],
            footer.paragraphs[0]._p.pPr.find(qn("w:jc")).get(qn("w:val")),
        )
        for name, footer in (("odd", section.footer), ("even", section.even_page_footer))
    }

    assert document.settings.odd_and_even_pages_header_footer
    assert footers == {"odd": ("— 1 —", [" PAGE "], "right"), "even": ("— 1 —", [" PAGE "], "left")}


def test_the_first_page_of_a_letter_has_a_double_rule_and_no_number():
    document = docx.Document(io.BytesIO(write_order(samples.order(c.OrderForm.LETTER))))
    footer = document.sections[0].first_page_footer
    rule = next(footer._element.iter(qn("w:bottom")))

    assert document.sections[0].different_first_page_header_footer
    assert (rule.get(qn("w:val")), rule.get(qn("w:color"))) == ("thinThickSmallGap", "FF0000")
    assert not list(footer._element.iter(qn("w:fldSimple")))


def test_tables_repeat_their_head_and_never_split_a_row():
    table = docx.Document(io.BytesIO(write_unit_tasks(samples.unit_tasks()))).tables[0]
    flags = [
        (row._tr.trPr.find(qn("w:tblHeader")) is not None, row._tr.trPr.find(qn("w:cantSplit")) is not None)
        for row in table.rows
    ]

    assert flags == [(True, True)] + [(False, True)] * 12


def test_a_table_that_must_stay_whole_holds_each_row_to_the_next():
    paper = Paper()
    paper.table([Column("甲", 20)], [("1",), ("2",)], DENSE_WHOLE)
    data = paper.finish("表", c.PaperKind.ORDER, samples.basis("x"))
    rows = docx.Document(io.BytesIO(data)).tables[0].rows

    held = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in rows]
    assert held == [True, True, None]


def test_the_office_stands_centred_over_its_date():
    paper = Paper()
    paper.signature("云江市人民政府督查室", samples.basis("x").on)
    document = docx.Document(io.BytesIO(paper.finish("署名", c.PaperKind.ORDER, samples.basis("x"))))
    indents = [
        (p.text, int(p._p.pPr.find(qn("w:ind")).get(qn("w:right")))) for p in document.paragraphs if p.text
    ]

    # the office is 10 characters wide and the date 6.5: half the difference apart
    assert indents == [("云江市人民政府督查室", 709), ("2026年10月9日", 1260)]


def test_properties_hold_title_issuer_and_the_day_of_the_paper():
    core = docx.Document(io.BytesIO(write_special_report(samples.special_report()))).core_properties

    assert (core.title, core.author, core.last_modified_by) == (
        "政务督查专报第12期",
        samples.OFFICE,
        samples.OFFICE,
    )
    assert core.created.replace(tzinfo=None) == core.modified.replace(tzinfo=None) == datetime(2026, 10, 9)


def test_what_cannot_be_printed_is_left_out_of_the_text():
    urging = samples.urging()
    row = urging.rows[0]._replace(last_contact="已电\x0b话\x00，\ud800答复")

    plain = write_urging(replace(urging, rows=(row._replace(last_contact="已电话，答复"),)))

    assert same_paper(write_urging(replace(urging, rows=(row,))), plain) == ()
