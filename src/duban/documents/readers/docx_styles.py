"""What a paragraph is, a heading or an item of a list, may be said by its style, or by the style that one is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from duban.documents.readers.docx_numbering import Numbering
from duban.documents.readers.package import attribute, child, local, number

HEADING_NAME: Final = re.compile(r"heading [1-9]|标题 ?[1-9]")
BODY_LEVEL: Final = 9


@dataclass(frozen=True, slots=True)
class Style:
    """The part of a paragraph style that says how it reads."""

    based_on: str = ""
    heading: bool | None = None
    list_id: str | None = None
    level: int | None = None


class Styles:
    """The paragraph styles of a document."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, Style] = {}
        self._default = ""
        self.lists: dict[str, str] = {}
        for element in root if root is not None else ():
            if local(element) == "style":
                self._add(element)

    def is_heading(self, properties: etree._Element | None) -> bool:
        """Whether the paragraph stands in the document's outline."""
        outline = child(properties, "outlineLvl")
        if outline is not None:
            return number(outline) < BODY_LEVEL
        chain = self._chain(properties)
        return next((style.heading for _, style in chain if style.heading is not None), False)

    def list_place(self, properties: etree._Element | None, numbering: Numbering) -> tuple[str, int] | None:
        """List and level of an automatically numbered paragraph."""
        own = child(properties, "numPr")
        own_list, own_level = attribute(child(own, "numId")), child(own, "ilvl")
        if own_list is not None:
            return None if own_list == "0" else (own_list, number(own_level))
        for name, style in self._chain(properties):
            if style.list_id == "0":
                return None
            if style.list_id is not None:
                level = number(own_level) if own_level is not None else style.level
                return style.list_id, numbering.level_of_style(
                    style.list_id, name
                ) if level is None else level
        return None

    def _chain(self, properties: etree._Element | None) -> Iterator[tuple[str, Style]]:
        name = attribute(child(properties, "pStyle")) or self._default
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield name, self._styles[name]
            name = self._styles[name].based_on

    def _add(self, element: etree._Element) -> None:
        key = attribute(element, "styleId") or ""
        kind = attribute(element, "type") or "paragraph"
        properties = child(element, "pPr")
        list_id = attribute(child(properties, "numPr", "numId"))
        if kind == "numbering":
            self.lists[key] = list_id or ""
        if kind != "paragraph":
            return
        outline, level = child(properties, "outlineLvl"), child(properties, "numPr", "ilvl")
        heading = number(outline) < BODY_LEVEL if outline is not None else None
        if heading is None and HEADING_NAME.fullmatch((attribute(child(element, "name")) or "").lower()):
            heading = True
        self._styles[key] = Style(
            based_on=attribute(child(element, "basedOn")) or "",
            heading=heading,
            list_id=list_id,
            level=number(level) if level is not None else None,
        )
        if attribute(element, "default") in {"1", "true"}:
            self._default = key
