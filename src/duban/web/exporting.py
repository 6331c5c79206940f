"""导出 Excel: at the address of a page with `?export=xlsx`, what it shows under its filters, all of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from duban.publishing.tables import Table, tables_workbook
from duban.web.export_overview import Part
from duban.web.export_tables import EXPORTS
from duban.web.paging import SIZE

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EVERYTHING: Final = 100_000


def exports(request: HttpRequest) -> bool:
    """Whether the workbook is asked for and not the page."""
    return request.method in ("GET", "HEAD") and request.GET.get("export") == "xlsx"


def page_size(request: HttpRequest, usual: int = SIZE) -> int:
    """How many rows stand on one page: in a workbook all."""
    return EVERYTHING if exports(request) else usual


def page_or_workbook(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """The page, or the workbook of its tables where that is asked for."""
    if not exports(request) or template not in EXPORTS:
        return render(request, template, {**context}, status=status)
    export = EXPORTS[template](context)
    about = getattr(context.get("list"), "title", "")
    tables = [_table(part, export.title, about) for part in export.parts]
    return workbook(tables_workbook(tables), export.title)


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep, under its Chinese name."""
    response = HttpResponse(content, content_type=XLSX)
    kept = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    response["Content-Disposition"] = kept or "attachment"
    return response


def _table(part: Part, title: str, about: str) -> Table:
    rows = [[cell(row) for *_head, cell in part.columns] for row in part.rows]
    day = f"{timezone.localdate():%Y-%m-%d}"
    said = _("%(list)s　共 %(n)s 行　%(day)s 导出") % {"list": about, "n": len(rows), "day": day}
    whole = title if part.name == title else f"{title}：{part.name}"
    return Table(
        part.name, whole, said.strip("　, "), [(head, width) for head, width, _cell in part.columns], rows
    )
