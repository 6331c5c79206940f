"""What the pages of papers, orders, problems and letters share: one line after an act, files to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.forms import Form
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from duban.domain.errors import DomainError
from duban.shared.statuses import status_of
from duban.web.exporting import page_or_workbook
from duban.web.office import MOST, query_without
from duban.web.request import Request, number

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DONE: Final[dict[str, str | Promise]] = {
    "frozen": _("已形成数据底稿。"),
    "drafted": _("已拟稿，请送审。"),
    "revised": _("已保存修改，请送审。"),
    "submit": _("已送审。"),
    "return": _("已退回修改。"),
    "approve": _("已签发并编号。"),
    "serve": _("已登记送达。"),
    "sign_for": _("已登记签收。"),
    "answer": _("已登记回复。"),
    "reject": _("已退回重办。"),
    "close": _("已办结。"),
    "withdraw": _("已撤销。"),
    "settled": _("已保存这条问题。"),
    "closed_problem": _("已销号。"),
    "taken": _("已列入问题台账 {n} 条。"),
    "registered": _("已登记。"),
    "corrected": _("已更正，更正前的内容已留存。"),
    "voided": _("已作废，不再计入件数和时限。"),
    "divided": _("已分解 {n} 个事项，已列入承办单位待办。"),
    "instruction_closed": _("批示已办结。"),
    "item_answer": _("已代单位登记回复。"),
    "item_close": _("事项已办结。"),
    "item_return": _("事项已退回重办。"),
    "item_drop": _("事项不再办理。"),
    "item_reopen": _("事项已恢复办理。"),
    "same": _("没有改动，未作保存。"),
}


def answer(
    request: Request, template: str, context: Mapping[str, Any], refused: DomainError | None = None
) -> HttpResponse:
    """The page; with the sentence of a refusal on top and its status, or with what was just done."""
    sentence = DONE.get(request.GET.get("done", ""))
    count = number(request.GET.get("n", "0"))
    more = {
        "refused": refused.message if refused else None,
        "said": "" if refused or sentence is None or count > MOST else str(sentence).format(n=count),
        "query": query_without(request, "page", "done", "n"),
    }
    return page_or_workbook(request, template, {**context, **more}, status_of(refused) if refused else 200)


def kept(content: bytes, name: str) -> HttpResponse:
    """A file to keep, under its Chinese name; its ending says what it is."""
    kinds = {"docx": DOCX, "xlsx": XLSX, "zip": "application/zip"}
    response = HttpResponse(content, content_type=kinds[name.rsplit(".", 1)[1]])
    response["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return response


def typed_into(request: Request, form: type[Form]) -> dict[str, str]:
    """What was typed into the fields of a form, "" where nothing was; for a page that shows it once more."""
    return {name: request.POST.get(name, "") for name in form.declared_fields}
