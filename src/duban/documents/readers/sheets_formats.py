"""A target of 5.5% is stored as 0.055, and only the cell's format says so; calamine does not hand formats over."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from duban.documents.readers.package import Package, attribute, child, local, number

BUILT_IN_PERCENT: Final = {9, 10}
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
LITERAL: Final = re.compile(r'"[^"]*"|\\.')


class Percentages:
    """Which cells of a workbook are formatted as percentages. Knows nothing of .xls, where there are none to ask."""

    def __init__(self, package: Package | None) -> None:
        self._package = package
        self._styles: frozenset[int] = frozenset()
        self._parts: dict[str, str] = {}
        if package is None:
            return
        main = (package.related("").get("officeDocument") or ["xl/workbook.xml"])[0]
        if main not in package:
            return
        styles = [part for part in package.related(main).get("styles", []) if part in package]
        if styles:
            self._styles = _percent_styles(package.xml(styles[0]))
        if self._styles:
            self._parts = _sheet_parts(package, main)

    def of(self, sheet: str) -> frozenset[tuple[int, int]]:
        """Zero-based places of the percent cells of one sheet."""
        part = self._parts.get(sheet)
        if self._package is None or part is None or part not in self._package:
            return frozenset()
        data = child(self._package.xml(part), "sheetData")
        return frozenset(
            _place(attribute(cell, "r") or "")
            for row in (data if data is not None else ())
            for cell in row
            if number(cell, "s", -1) in self._styles
        )


def _percent_styles(root: etree._Element) -> frozenset[int]:
    formats = set(BUILT_IN_PERCENT)
    own = child(root, "numFmts")
    for element in own if own is not None else ():
        if "%" in LITERAL.sub("", attribute(element, "formatCode") or ""):
            formats.add(number(element, "numFmtId", -1))
    cells = child(root, "cellXfs")
    styles = [element for element in (cells if cells is not None else ()) if local(element) == "xf"]
    return frozenset(index for index, style in enumerate(styles) if number(style, "numFmtId") in formats)


def _sheet_parts(package: Package, main: str) -> dict[str, str]:
    """The part of each sheet by the sheet's name."""
    targets = package.targets(main)
    sheets = child(package.xml(main), "sheets")
    parts: dict[str, str] = {}
    for sheet in sheets if sheets is not None else ():
        key = next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        parts[attribute(sheet, "name") or ""] = targets.get(key, "")
    return parts


def _place(reference: str) -> tuple[int, int]:
    match = REFERENCE.fullmatch(reference)
    if match is None:
        return (-1, -1)
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1
