"""The sample as .docx, its XML written by hand: automatic numbering, a tracked change, content controls, fixed bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from sample_data import LABEL, SEPARATOR, Chance, Sample, SampleTask
from sample_package import package

if TYPE_CHECKING:
    from collections.abc import Iterator

W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R: Final = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"

TRACKED: Final = (1, "100家", "120家")
"""Task whose figure was changed under change tracking: what was struck out, what stands now."""
CONTROLLED: Final = (30, 60)
"""Tasks in content controls: the first as a whole, the second only its units."""

PARTS: Final = ("document", "styles", "numbering", "header1", "footer1")
KINDS: Final = {"document": "document.main", "header1": "header", "footer1": "footer"}


def word_file(sample: Sample) -> bytes:
    """Make the package, with fixed time stamps."""
    files = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("rId1", f"{OFFICE}/officeDocument", "word/document.xml"),
            ("rId2", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(sample),
        "word/document.xml": _document(sample),
        "word/_rels/document.xml.rels": _relations(
            *(
                (f"rId{n}", f"{OFFICE}/{name.rstrip('1')}", f"{name}.xml")
                for n, name in enumerate(PARTS[1:], start=1)
            )
        ),
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(),
        "word/header1.xml": f"{XML}<w:hdr {W}>{paragraph(run('云江市人民政府文件'), align='center')}</w:hdr>",
        "word/footer1.xml": f"{XML}<w:ftr {W}>{paragraph(_page_field(), align='center')}</w:ftr>",
    }
    return package({name: text.encode() for name, text in files.items()})


def run(text: str, tag: str = "t") -> str:
    """Make a run of characters."""
    return f'<w:r><w:{tag} xml:space="preserve">{escape(text)}</w:{tag}></w:r>'


def paragraph(runs: str, *, style: str = "", align: str = "") -> str:
    """Make a paragraph of runs."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += f'<w:jc w:val="{align}"/>' if align else ""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def _document(sample: Sample) -> str:
    notice = sample.notice
    body = [
        paragraph(run(notice.heading), style="Title"),
        paragraph(run(sample.document_number), align="center"),
        *(paragraph(run(text)) for text in notice.paragraphs),
        paragraph(run(f"{notice.signature}　　"), align="right"),
        paragraph(run(f"{notice.signed}　　"), align="right"),
        paragraph(run(notice.note)),
        paragraph('<w:r><w:br w:type="page"/></w:r>'),
        paragraph(run(sample.title), style="Title"),
        *_body(sample),
        paragraph(run(notice.printing)),
    ]
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:footerReference w:type="default" r:id="rId4"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" '
        'w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>'
    )
    return f"{XML}<w:document {W} {R}><w:body>{''.join(body)}{section}</w:body></w:document>"


def _body(sample: Sample) -> Iterator[str]:
    """Chapters and sections carry no typed numeral: Word counts them."""
    chance = Chance(f"{sample.document_number} docx")
    path = ("", "")
    for task in sample.tasks:
        if task.path[0] != path[0]:
            yield paragraph(run(task.path[0].split("、", 1)[1]), style="Heading1")
        if task.path != path:
            yield paragraph(run(task.path[1].split("）", 1)[1]), style="Heading2")
        path = task.path
        yield _task(task, sample, chance)


def _task(task: SampleTask, sample: Sample, chance: Chance) -> str:
    names = run(SEPARATOR.join(task.units))
    units = run(LABEL) + (_control("units", names) if task.number == CONTROLLED[1] else names)
    text = (
        _tracked(task, sample)
        if task.number == TRACKED[0]
        else _split_runs(f"{task.number}.{task.text}", chance)
    )
    lines = paragraph(text) + paragraph(units)
    if chance.happens(0.2):
        lines = paragraph(f"{text}<w:r><w:br/></w:r>{units}")
    if task.number == CONTROLLED[0]:
        lines = _control("task", lines)
    return lines


def _control(tag: str, content: str) -> str:
    return f'<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>'


def _split_runs(text: str, chance: Chance) -> str:
    """Word cuts a sentence into runs wherever somebody once typed."""
    cut = chance.between(2, len(text) - 2)
    return run(text[:cut]) + '<w:proofErr w:type="spellStart"/>' + run(text[cut:])


def _tracked(task: SampleTask, sample: Sample) -> str:
    before, after = f"{task.number}.{task.text}".split(TRACKED[2])
    who = f'w:author="综合处" w:date="{sample.issued_on.isoformat()}T09:00:00Z"'
    struck = f'<w:del w:id="1" {who}>{run(TRACKED[1], "delText")}</w:del>'
    return run(before) + struck + f'<w:ins w:id="2" {who}>{run(TRACKED[2])}</w:ins>' + run(after)


def _page_field() -> str:
    return f'{run("— ")}<w:fldSimple w:instr="PAGE">{run("1")}</w:fldSimple>{run(" —")}'


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
        f'<w:pStyle w:val="{style}"/><w:suff w:val="nothing"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
        for level, style, text in ((0, "Heading1", "%1、"), (1, "Heading2", "（%2）"))
    )
    kind = '<w:multiLevelType w:val="multilevel"/>'
    abstract = f'<w:abstractNum w:abstractNumId="0">{kind}{levels}</w:abstractNum>'
    return f'{XML}<w:numbering {W}>{abstract}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'


def _styles() -> str:
    return f"{XML}<w:styles {W}>{_style('Normal', 'Normal', '', 32, '仿宋')}{_heading_styles()}</w:styles>"


def _heading_styles() -> str:
    numbered = (
        '<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="{level}"/>'
    )
    return (
        _style("Title", "Title", '<w:jc w:val="center"/>', 44, "方正小标宋简体")
        + _style("Heading1", "heading 1", numbered.format(level=0), 32, "黑体")
        + _style("Heading2", "heading 2", numbered.format(level=1), 32, "楷体")
    )


def _style(key: str, name: str, properties: str, half_points: int, font: str) -> str:
    default = ' w:default="1"' if key == "Normal" else ""
    based = "" if key == "Normal" else '<w:basedOn w:val="Normal"/>'
    layout = "" if key == "Normal" else f"<w:pPr>{properties}</w:pPr>"
    fonts = f'<w:rPr><w:rFonts w:ascii="Times New Roman" w:eastAsia="{font}"/><w:sz w:val="{half_points}"/></w:rPr>'
    head = f'<w:style w:type="paragraph"{default} w:styleId="{key}"><w:name w:val="{name}"/>'
    return f"{head}{based}{layout}{fonts}</w:style>"


def _core(sample: Sample) -> str:
    stamp = f'xsi:type="dcterms:W3CDTF">{sample.issued_on.isoformat()}T09:00:00Z'
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{sample.title}</dc:title><dc:creator>{sample.issuer}</dc:creator>"
        f"<dcterms:created {stamp}</dcterms:created><dcterms:modified {stamp}</dcterms:modified></cp:coreProperties>"
    )


def _content_types() -> str:
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD_TYPE}.{KINDS.get(name, name)}+xml"/>'
        for name in PARTS
    )
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    )


def _relations(*rows: tuple[str, str, str]) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in rows
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'
