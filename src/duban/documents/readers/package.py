"""Word and Excel files are zips of XML: both are doors for bombs and entities, so both are opened here, guarded."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from lxml import etree

from duban.documents.readers.limits import Limits, unreadable

RATIO_FROM: Final = 10_000_000  # small files compress well for honest reasons
ENCRYPTED: Final = 0x1
MACRO_PARTS: Final = ("vbaproject.bin", "vbadata.xml")
DECLARATIONS: Final = (
    b"<!ENTITY",
    *("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be")),
)


class Package:
    """An opened Office file whose sizes, names and flags have been checked before anything was unpacked."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise unreadable("damaged") from error
        self._members = {member.filename: member for member in self._zip.infolist()}
        self._check(len(data), limits)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def bytes_of(self, name: str) -> bytes:
        """One member, never more than it declares; XML with declarations of its own is refused."""
        try:
            content = self._zip.read(self._members[name])
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
            KeyError,
        ) as error:
            raise unreadable("damaged") from error
        if name.endswith((".xml", ".rels")) and any(declaration in content for declaration in DECLARATIONS):
            raise unreadable("unsafe_xml")
        return content

    def xml(self, name: str) -> etree._Element:
        """The root of one XML part."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(self.bytes_of(name), parser)
        except etree.XMLSyntaxError as error:
            raise unreadable("damaged") from error
        document = root.getroottree().docinfo
        # an encoding like UTF-32 or EBCDIC hides the declaration from the search in the bytes
        if document is not None and document.internalDTD is not None:
            raise unreadable("unsafe_xml")
        return root

    def related(self, part: str) -> dict[str, list[str]]:
        """The parts that `part` points to inside the file, by the last word of the relation's type."""
        found: dict[str, list[str]] = {}
        for _, kind, place in self._relations(part):
            found.setdefault(kind, []).append(place)
        return found

    def targets(self, part: str) -> dict[str, str]:
        """The parts that `part` points to inside the file, by the relation's id."""
        return {key: place for key, _, place in self._relations(part)}

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        for relation in self.xml(relations) if relations in self else ():
            target = relation.get("Target", "")
            if relation.get("TargetMode") == "External" or not target:
                continue  # never followed
            place = target if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], place.lstrip("/")

    def verify(self) -> None:
        """Unpack everything once, for readers that take the whole file and do not check what they unpack."""
        for name in self._members:
            self.bytes_of(name)

    def _check(self, size: int, limits: Limits) -> None:
        members = self._zip.infolist()
        if len(members) > limits.members:
            raise unreadable("too_large_inside")
        unzipped = sum(member.file_size for member in members)
        packed = max(min(sum(member.compress_size for member in members), size), 1)
        bomb = unzipped > RATIO_FROM and unzipped > packed * limits.unzipped_ratio
        if unzipped > limits.unzipped_bytes or bomb:
            raise unreadable("too_large_inside")
        if any(member.flag_bits & ENCRYPTED for member in members):
            raise unreadable("encrypted")
        if any(posixpath.basename(name).lower() in MACRO_PARTS for name in self._members):
            raise unreadable("macros")
        if "[Content_Types].xml" not in self or b"macroEnabled" in self.bytes_of("[Content_Types].xml"):
            raise unreadable("macros" if "[Content_Types].xml" in self else "damaged")


def local(element: etree._Element) -> str:
    """An element's name without its namespace: strict and transitional files differ in nothing else we read."""
    tag: object = element.tag  # a function for comments
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along a path of names, or nothing."""
    for name in path:
        if element is None:
            return None
        element = next((below for below in element if local(below) == name), None)
    return element


def attribute(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute by its name without namespace."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def number(element: etree._Element | None, name: str = "val", default: int = 0) -> int:
    """An attribute as a whole number; nonsense counts as absent."""
    value = attribute(element, name)
    try:
        return int(value) if value is not None else default
    except ValueError:
        return default


def is_on(element: etree._Element | None) -> bool:
    """An on/off property: present and not switched off."""
    return element is not None and attribute(element) not in {"0", "false", "off", "none"}
