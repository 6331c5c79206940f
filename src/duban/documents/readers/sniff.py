"""What a file really is: names are given by people, so the content decides and the name only has to agree."""

from __future__ import annotations

import os
import re
from typing import Final

from duban.documents.readers.limits import unreadable

READABLE: Final = {
    ".txt": {"text": "text"},
    ".html": {"text": "html", "html": "html"},
    ".htm": {"text": "html", "html": "html"},
    ".docx": {"docx": "docx"},
    ".doc": {"docx": "docx", "html": "html"},  # office systems "export to Word" as HTML with this name
    ".pdf": {"pdf": "pdf"},
    ".xlsx": {"xlsx": "sheets", "xls": "sheets"},
    ".xls": {"xlsx": "sheets", "xls": "sheets", "html": "html"},
}
REFUSED_NAMES: Final = {
    ".wps": "old_wps",
    ".et": "old_et",
    ".docm": "macros",
    ".dotm": "macros",
    ".xlsm": "macros",
    ".xltm": "macros",
    ".zip": "archive",
    ".rar": "archive",
    ".7z": "archive",
    ".gz": "archive",
    ".jpg": "image",
    ".jpeg": "image",
    ".png": "image",
    ".bmp": "image",
    ".gif": "image",
    ".tif": "image",
    ".tiff": "image",
}
REFUSED_KINDS: Final = {
    "encrypted": "encrypted",
    "doc": "old_word",
    "macros": "macros",
    "broken_zip": "damaged",
}
MAGIC: Final = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
HTML: Final = rb"<(!doctype\s+html|html|head|body|table|meta|div|p)[\s>]"
WORKBOOK_STARTS: Final = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
FILEPASS: Final = 0x2F
STREAMS: Final = (  # first found wins
    ("EncryptedPackage", "encrypted"),
    ("_VBA_PROJECT_CUR", "macros"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)


def format_of(name: str, data: bytes) -> str:
    """The reader for this file: text, html, docx, pdf or sheets. Raises `UnreadableFile` where there is none."""
    extension = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a name, not a path: "a/../.txt" must not be resolved
    if extension in REFUSED_NAMES:
        raise unreadable(REFUSED_NAMES[extension])
    if extension not in READABLE:
        raise unreadable("unknown_format", extension=extension or name)
    if not data.strip():
        raise unreadable("empty")
    kind = "pdf" if extension == ".pdf" and b"%PDF-" in data[:1024] else kind_of(data)
    if extension == ".txt" and kind == "html":
        return "text"
    if kind in READABLE[extension]:
        return READABLE[extension][kind]
    if kind in REFUSED_KINDS and extension not in {".txt", ".html", ".htm", ".pdf"}:
        raise unreadable(REFUSED_KINDS[kind])
    raise unreadable("mismatch", extension=extension)


def kind_of(data: bytes) -> str:
    """The kind that the first bytes promise; the reader of that kind checks the rest."""
    head = data[:1024]
    kind = next((kind for magic, kind in MAGIC if head.startswith(magic)), "")
    if kind == "zip":
        return _kind_of_zip(data)
    if kind == "ole":
        return _kind_of_ole(data)
    html = b"<" in head and re.search(HTML, head, re.IGNORECASE)
    return kind or ("html" if html else "text")


def _kind_of_zip(data: bytes) -> str:
    """Member names stand uncompressed in the file, so no zip reader is needed to tell Word from Excel."""
    if b"word/" in data:
        return "docx"
    if b"xl/" in data:
        return "xlsx"
    return "zip" if b"PK\x05\x06" in data else "broken_zip"


def _kind_of_ole(data: bytes) -> str:
    """OLE directory entries are 128 bytes, aligned, the name in UTF-16 and its length behind it."""
    for name, kind in STREAMS:
        encoded = (name + "\0").encode("utf-16-le")
        at = data.find(encoded)
        while at >= 0:
            if at % 128 == 0 and data[at + 64 : at + 66] == len(encoded).to_bytes(2, "little"):
                return "encrypted" if kind == "xls" and _asks_password(data) else kind
            at = data.find(encoded, at + 1)
    return "ole"


def _asks_password(data: bytes) -> bool:
    """An encrypted .xls says so in one of its first records; calamine calls it unknown instead."""
    at = next((place for start in WORKBOOK_STARTS if (place := data.find(start)) >= 0), len(data))
    for _ in range(8):
        kind, length = data[at : at + 2], data[at + 2 : at + 4]
        if kind == FILEPASS.to_bytes(2, "little"):
            return True
        at += 4 + int.from_bytes(length, "little")
    return False
