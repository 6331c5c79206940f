"""A bare Word package: python-docx's own, without the parts and styles that an official paper does not use, written without a clock."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from duban.publishing.contents import Basis, PaperKind
from duban.publishing.docx_styles import SPACE, styles_xml
from duban.publishing.paper_marks import MARK_NAME, mark_text

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

UNUSED: Final = (
    "thumbnail", "stylesWithEffects", "customXml", "webSettings", "fontTable", "numbering", "theme", "extended-properties"
)  # fmt: skip
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
CUSTOM_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
SETTINGS: Final = (
    f'<w:settings {SPACE}><w:zoom w:percent="100"/><w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


def node(tag: str, *children: _Element, **attributes: str | int) -> _Element:
    """An element of the main Word namespace with its attributes, e.g. `ind` with left=640."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    element.extend(children)
    return element


def new_document() -> Document:
    """An empty document with our styles and settings."""
    import docx

    return docx.Document(io.BytesIO(_template()))


def packed_docx(document: Document, title: str, kind: PaperKind, basis: Basis) -> bytes:
    """The file: title, issuer, date and mark in its properties; the same content gives the same bytes."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    moment = datetime.combine(basis.on, time())
    mark = mark_text(kind, basis)
    core = document.core_properties
    core.title, core.author, core.last_modified_by = title[:255], basis.issuer[:255], basis.issuer[:255]
    core.keywords = mark if len(mark) <= 255 else ""
    core.comments, core.revision = "", 1
    core.created = core.modified = moment
    package = document.part.package
    assert package is not None
    part = Part(PackURI("/docProps/custom.xml"), CUSTOM_TYPE, _custom(mark).encode(), package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    target = io.BytesIO()
    document.save(target)
    return repacked(target.getvalue())


def repacked(data: bytes) -> bytes:
    """The same zip without the moment at which it was written."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as packed:
        for member in source.infolist():
            info = zipfile.ZipInfo(member.filename, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            packed.writestr(info, source.read(member))
    return target.getvalue()


@lru_cache(maxsize=1)
def _template() -> bytes:
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    package = document.part.package
    assert package is not None
    for relations in (package.rels, document.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype.endswith(UNUSED)]:
            del relations[key]
    for element, xml in ((document.styles.element, styles_xml()), (document.settings.element, SETTINGS)):
        for child in list(element):
            element.remove(child)
        element.extend(list(parse_xml(xml)))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _custom(mark: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{MARK_NAME}">'
        f"<vt:lpwstr>{mark}</vt:lpwstr></property></Properties>"
    )
