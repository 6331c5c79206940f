"""Recognising a paper again, and finding what was changed in it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import docx
import openpyxl
import pytest
from tests.publishing import paper_samples as samples

from duban.documents.readers.limits import UnreadableFile
from duban.publishing import contents as c
from duban.publishing.ledger import write_ledger
from duban.publishing.official import PaperMark, identify, same_paper
from duban.publishing.special_report import write_special_report
from duban.publishing.urging import write_urging, write_urging_sheet


def saved_again(data: bytes) -> bytes:
    """The file as another program writes it: other zip, other order, the same words."""
    target = io.BytesIO()
    if b"word/document.xml" in data:
        docx.Document(io.BytesIO(data)).save(target)
    else:
        openpyxl.load_workbook(io.BytesIO(data)).save(target)
    return target.getvalue()


def with_parts(data: bytes, **changed: str | None) -> bytes:
    """The zip with parts replaced or (None) taken out; `core` and `custom` are the parts of docProps."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as packed:
        for name in source.namelist():
            short = name.removeprefix("docProps/").removesuffix(".xml")
            content = changed.get(short, source.read(name))
            if content is not None:
                packed.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    "write", [lambda: write_urging(samples.urging()), lambda: write_ledger(samples.ledger())]
)
def test_a_paper_saved_by_another_program_is_still_itself(write):
    paper = write()
    again = saved_again(paper)

    assert again != paper
    assert (identify(again), same_paper(paper, again)) == (identify(paper), ())


@pytest.mark.parametrize("lost", ["core", "custom"])
def test_either_property_alone_identifies_a_paper(lost):
    data = with_parts(write_urging(samples.urging()), **{lost: None})

    assert identify(data) == PaperMark(c.PaperKind.URGING, samples.SNAPSHOT, "2026Q3")


def test_a_key_may_hold_any_characters():
    urging = replace(samples.urging(), basis=samples.basis("2026年 三季度, 市发改委:办/甲"))

    mark = identify(write_urging(urging))

    assert mark == PaperMark(c.PaperKind.URGING, samples.SNAPSHOT, "2026年 三季度, 市发改委:办/甲")


def test_a_very_long_key_is_kept_where_there_is_room():
    urging = replace(samples.urging(), basis=samples.basis("市" * 60))

    assert [identify(write(urging)) for write in (write_urging, write_urging_sheet)] == [
        PaperMark(kind, samples.SNAPSHOT, "市" * 60)
        for kind in (c.PaperKind.URGING, c.PaperKind.URGING_SHEET)
    ]


def test_other_files_are_not_papers():
    foreign = io.BytesIO()
    docx.Document().save(foreign)
    paper = write_urging(samples.urging())
    odd = with_parts(
        paper,
        core="<a><keywords>duban:2:poem:aa:bb</keywords></a>",
        custom="<a><lpwstr>duban:2:x</lpwstr></a>",
    )

    assert [identify(data) for data in (b"", b"%PDF-1.7", foreign.getvalue(), odd)] == [
        None,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("data", [b"PK not a zip", b"PK"])
def test_a_broken_zip_is_refused_with_a_sentence(data):
    with pytest.raises(UnreadableFile):
        identify(data)


def test_entities_are_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'

    with pytest.raises(UnreadableFile):
        identify(with_parts(write_urging(samples.urging()), core=bomb))


def test_a_file_beyond_the_limit_is_refused():
    with pytest.raises(UnreadableFile):
        identify(b"PK" + b"\0" * 20_000_000)


def test_one_changed_digit_in_a_paragraph_is_found():
    report = samples.special_report()
    summary = (report.summary[0].replace("13项，未到", "12项，未到"), *report.summary[1:])
    differences = same_paper(
        write_special_report(report), write_special_report(replace(report, summary=summary))
    )

    assert [text.split("：「")[0] for text in differences] == ["第6段"]
    assert "滞后13项" in differences[0].split("≠")[0]
    assert "滞后12项" in differences[0].split("≠")[1]


def test_one_changed_digit_in_a_word_table_is_found():
    urging = samples.urging()
    rows = (urging.rows[0], urging.rows[1]._replace(owed=4), *urging.rows[2:])

    differences = same_paper(write_urging(urging), write_urging(replace(urging, rows=rows)))

    assert differences == ("表1第3行第3列：「5」≠「4」",)


def test_one_changed_digit_in_the_ledger_is_found():
    ledger = samples.ledger()
    book = openpyxl.load_workbook(io.BytesIO(write_ledger(ledger)))
    book["按篇章"]["M6"] = 965
    target = io.BytesIO()
    book.save(target)

    assert same_paper(write_ledger(ledger), target.getvalue()) == (
        "工作表“按篇章”第6行第13列：「964」≠「965」",
    )


def test_one_paragraph_more_is_one_difference():
    report = samples.special_report()
    longer = replace(report, advice=(*report.advice, "加一句。"))

    assert same_paper(write_special_report(report), write_special_report(longer)) == (
        "第16段：「」≠「加一句。」",
    )


def test_long_tables_are_compared_place_by_place():
    row = samples.ROWS[2]
    group = c.LedgerGroup("全部", tuple(replace(row, number=number) for number in range(1, 301)))
    ledger = replace(samples.ledger(), sheets=(c.LedgerSheet("按篇章", (group,)),))
    changed = c.LedgerGroup("全部", (*group.rows[:-1], replace(group.rows[-1], progress="", phone="0")))
    other = replace(ledger, sheets=(c.LedgerSheet("按篇章", (changed,)),))

    assert same_paper(write_ledger(ledger), write_ledger(other)) == (
        f"工作表“按篇章”第305行第12列：「{row.progress}」≠「」",
        f"工作表“按篇章”第305行第21列：「{row.phone}」≠「0」",
    )


def test_a_word_file_is_never_the_same_paper_as_a_workbook():
    differences = same_paper(write_urging(samples.urging()), write_ledger(samples.ledger()))

    assert differences == ("文件格式：「docx」≠「xlsx」",)


def test_comparing_something_else_is_refused():
    with pytest.raises(UnreadableFile):
        same_paper(write_urging(samples.urging()), b"%PDF-1.7")
