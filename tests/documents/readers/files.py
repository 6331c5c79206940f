"""Real files made by hand, byte for byte where no library writes what a stranger may send."""

from __future__ import annotations

import io
import struct
import zipfile

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from duban.documents.readers import UnreadableFile
from duban.domain.messages import render
from duban.domain.source import Block, BlockKind

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMESPACES = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def zipped(members: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def relations(**targets: str) -> str:
    rows = "".join(f'<Relationship Id="r{n}" Type="{RELATION}/{kind}" Target="{target}"/>'
                   for n, (kind, target) in enumerate(targets.items()))  # fmt: skip
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def docx(body: str, **parts: str) -> bytes:
    """A Word file with this body; `parts` are the inner XML of numbering, styles, footnotes."""
    roots = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes"}
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(**{name: f"{name}.xml" for name in parts}),
    }
    for name, inner in parts.items():
        members[f"word/{name}.xml"] = f"<w:{roots[name]} {NAMESPACES}>{inner}</w:{roots[name]}>"
    return zipped(members)


def p(text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def item(text: str, level: int = 0, list_id: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def level(depth: int, style: str, text: str, extra: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(levels: str, lists: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    return f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{lists}'


def paragraphs(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> tuple[Block, ...]:
    """The blocks of a text of which every line is one paragraph."""
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(kind, start, start + len(line)))
        start += len(line) + 1
    return tuple(blocks)


def ole(entries: dict[str, bytes]) -> bytes:
    """An OLE compound file; streams are padded to the size from which they need no mini stream."""
    sectors: list[bytes] = []
    fat: list[int] = [0xFFFFFFFD]
    directory = [("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in entries.items():
        padded = content.ljust(4096, b"\0")
        first = 1 + len(sectors)
        count = -(-len(padded) // 512)
        sectors += [padded[at : at + 512].ljust(512, b"\0") for at in range(0, len(padded), 512)]
        fat += [*range(first + 1, first + count), 0xFFFFFFFE]
        directory.append((name, 2, first, len(padded)))
    start_of_directory = 1 + len(sectors)
    packed = b"".join(_entry(n, *entry, last=n == len(directory) - 1) for n, entry in enumerate(directory))
    directory_sectors = -(-len(packed) // 512)
    fat += [*range(start_of_directory + 1, start_of_directory + directory_sectors), 0xFFFFFFFE]
    assert len(fat) <= 128
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack(
        "<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, start_of_directory, 0, 4096, 0xFFFFFFFE, 0,
        0xFFFFFFFE, 0,
    )  # fmt: skip
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    return header + table + b"".join(sectors) + packed.ljust(512 * directory_sectors, b"\0")


def _entry(index: int, name: str, kind: int, start: int, size: int, *, last: bool) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    sibling = 0xFFFFFFFF if index == 0 or last else index + 1
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, sibling, 1 if index == 0 else 0xFFFFFFFF)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def xls(
    sheets: dict[str, list[list[str | float]]], hidden: tuple[str, ...] = (), before: bytes = b""
) -> bytes:
    """A BIFF8 workbook; the first two cells of the first row of each sheet are merged."""
    bodies = [_sheet(rows) for rows in sheets.values()]
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + before + record(0x42, b"\xb0\x04")
    names = [name.encode("utf-16-le") for name in sheets]
    offset = len(start) + sum(12 + len(name) for name in names) + 4
    for (title, name), body in zip(zip(sheets, names, strict=True), bodies, strict=True):
        start += record(0x85, struct.pack("<IBBBB", offset, title in hidden, 0, len(name) // 2, 1) + name)
        offset += len(body)
    return ole({"Workbook": start + record(0x0A, b"") + b"".join(bodies)})


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _sheet(rows: list[list[str | float]]) -> bytes:
    body = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                body += record(0x204, place + struct.pack("<HB", len(text) // 2, 1) + text)
            else:
                body += record(0x203, place + struct.pack("<d", value))
    return body + record(0xE5, struct.pack("<HHHHH", 1, 0, 0, 0, 1)) + record(0x0A, b"")


def canvas(file: io.BytesIO, **options: object) -> Canvas:
    return Canvas(file, pagesize=A4, **options)


def pdf(pages: list[list[tuple[float, float, str]]], size: float = 16, **options: object) -> bytes:
    """A PDF with text at given places (x, y from the top) of each page."""
    file = io.BytesIO()
    drawing = canvas(file, **options)
    for page in pages:
        drawing.setFont("STSong-Light", size)
        for x, y, text in page:
            drawing.drawString(x, A4[1] - y, text)
        drawing.showPage()
    drawing.save()
    return file.getvalue()


def assert_sentence(refusal: UnreadableFile) -> None:
    """A refusal speaks both languages in whole sentences."""
    assert render(refusal.message).endswith("。")
    assert render(refusal.message, "en").endswith(".")
