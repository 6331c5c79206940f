"""Translations without the system's gettext.

`compile` writes the .mo files, `check` compares pages and catalogue, `update` adds what the pages say and the catalogue lacks (for a person to translate).

The pages are written in Chinese, so Chinese is the message id and English the one catalogue.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parent.parent / "src" / "duban" / "web"
CATALOGUE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
CALL = re.compile(r"""\bgettext\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def said() -> Iterator[tuple[str, str]]:
    """Every translatable text of pages and forms, with the file that says it."""
    settings.configure(USE_I18N=True)
    for path in sorted(WEB.rglob("*.html")):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for literal in CALL.findall(source):
            yield ast.literal_eval(literal), path.name
    for path in sorted(WEB.rglob("*.py")):
        yield from _texts(path.read_text(encoding="utf-8"), path)


def _texts(source: str, path: Path) -> Iterator[tuple[str, str]]:
    for _, message, _, _ in extract(
        "python", BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"}
    ):
        yield (message if isinstance(message, str) else message[0]), path.name


def catalogue() -> Catalog:
    """The English catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def compile_catalogue() -> int:
    """Write the .mo file beside the .po file."""
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue())
    return 0


def check() -> int:
    """Exit 1 when a text has no English, when the English still holds Chinese, or when the catalogue has leftovers."""
    known = {m.id: m.string for m in catalogue() if m.id}
    texts = dict(said())
    faults = [f"{where}: no English for “{text}”" for text, where in texts.items() if not known.get(text)]
    faults += [f"catalogue: “{text}” is said nowhere" for text in known if text not in texts]
    faults += [
        f"catalogue: Chinese in the English of “{text}”"
        for text, english in known.items()
        if CHINESE.search(str(english)) and text != "English"
    ]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


def update() -> int:
    """Add missing texts without translation, drop leftovers."""
    old = {m.id: m.string for m in catalogue() if m.id} if CATALOGUE.exists() else {}
    fresh = Catalog(locale="en", domain="django", project="duban", fuzzy=False)
    for text, where in said():
        if text not in fresh:
            fresh.add(text, old.get(text, ""), locations=[(where, 0)])
    with CATALOGUE.open("wb") as file:
        write_po(file, fresh, width=110, omit_header=False, include_lineno=False, sort_output=True)
    return 0


if __name__ == "__main__":
    sys.exit({"compile": compile_catalogue, "check": check, "update": update}[sys.argv[1]]())
