"""What the pages of a unit share: who may open them, the sentence after an act, files that come in and go out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from duban.directory.models import Unit
from duban.domain.errors import DomainError, Invalid
from duban.domain.messages import Message
from duban.progress.policies import refusal_to_report
from duban.progress.queries import period_at
from duban.publishing.unit_contents import Sheet
from duban.shared.statuses import status_of
from duban.web.request import Request, number
from duban.web.shown import seen_list

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BIGGEST: Final = 10 * 1024 * 1024
MOST: Final = 1_000_000
DONE: Final[dict[str, str | Promise]] = {
    "kept": _("已保存 {n} 项，尚未报送。"),
    "sent": _("已报送 {n} 项。"),
    "unchanged": _("没有改动。"),
    "withdrawn": _("已撤回 {n} 项，内容已放回草稿，改好后请再报送。"),
    "planned": _("已保存 {n} 项任务的细化内容。"),
    "merged": _("已按表格写入 {n} 项。"),
    "sent_merged": _("已按表格写入并报送 {n} 项。"),
    "signed": _("已登记审签，共 {n} 项。"),
    "received": _("已签收。"),
    "returned": _("已退回，督查室将按改派建议处理。"),
    "order_sign_for": _("督办单已签收。"),
    "order_answer": _("督办单已回复。"),
    "item_answer": _("批示事项已回复。"),
    "part_given": _("配合情况已提供给牵头单位。"),
    "parts_asked": _("已请 {n} 个单位提供配合情况。"),
    "part_returned": _("已退回，请该单位补充。"),
    "part_withdrawn": _("已撤回，不再请该单位提供。"),
}


def unit_sheet(request: Request, list_key: str, number: int, period_key: str = "") -> Sheet:
    """A unit in a list, for those who fill its sheets: posts that answer for it and the supervision office; 404 for others."""
    sheet = seen_unit(request, list_key, number)
    if refusal_to_report(request.acting, number):
        raise Http404
    if not period_key:
        return sheet
    period = period_at(sheet.task_list, period_key)
    if period is None:
        raise Http404
    return Sheet(sheet.task_list, sheet.unit, sheet.today, period)


def seen_unit(request: Request, list_key: str, number: int) -> Sheet:
    """A unit in a list, for whoever sees it: posts that answer for it, and those who see the whole government; 404 for others."""
    acting = request.acting
    if not (acting.sees_whole_government or acting.answers(number)):
        raise Http404
    task_list = seen_list(request, list_key)
    unit = get_object_or_404(Unit, government=task_list.government_id, pk=number)
    return Sheet(task_list, unit, timezone.localdate())


def answer(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    refused: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page; with the sentence of a refusal on top and its status, or with what was just done: `told`, or in the address."""
    sentence = "" if refused else context.get("told") or said(request)
    more = {"refused": refused.message if refused else None, "said": sentence}
    return render(request, template, {**context, **more}, status=status_of(refused) if refused else status)


def about(request: Request, sheet: Sheet) -> dict[str, Any]:
    """What every page of a unit names: unit, list, and where the pages of the tasks begin."""
    return {
        "sheet": sheet,
        "unit": sheet.unit,
        "list": request.shown_list,
        "base": f"/l/{sheet.task_list.key}/t/",
    }


def said(request: HttpRequest) -> str:
    """The sentence of `done` that the address carries, or nothing."""
    return said_of(request.GET.get("done", ""), number(request.GET.get("n", "0")))


def said_of(code: str, count: int) -> str:
    """The sentence of that code, or nothing."""
    sentence = DONE.get(code)
    return "" if sentence is None or count > MOST else str(sentence).format(n=count)


def file(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep, under a Chinese name."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return response


def upload(request: HttpRequest) -> UploadedFile[Any]:
    """The workbook that was sent along; Invalid when there is none or it is larger than 10 MB."""
    given = request.FILES.get("file")
    if given is None:
        raise Invalid(Message("units.workbook_lost"))
    if (given.size or 0) > BIGGEST:
        raise Invalid(Message("reader.too_big", {"limit": 10}))
    return given
