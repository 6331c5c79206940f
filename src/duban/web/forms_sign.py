"""A signed and sealed sign-off sheet as it is registered, with its scan."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from duban.web.forms import EARLIEST

SCAN_SIGNS: Final = {b"%PDF-": ("application/pdf", "pdf"), b"\xff\xd8\xff": ("image/jpeg", "jpg"),
                     b"\x89PNG\r\n": ("image/png", "png")}  # fmt: skip
BIGGEST_SCAN: Final = 10 * 1024 * 1024


class PaperForm(forms.Form):
    """A signed and sealed sign-off sheet, registered by liaison or office."""

    signer = forms.CharField(label=_("审签人"), max_length=60)
    signed_on = forms.DateField(
        label=_("审签日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    number = forms.CharField(label=_("编号或文号"), max_length=60, required=False)
    check_code = forms.CharField(
        label=_("审签单上的校验码（先签后录的可不填）"), max_length=12, required=False
    )
    scan = forms.FileField(
        label=_("扫描件（PDF、JPG、PNG，不超过 10 MB）"),
        required=False,
        widget=forms.ClearableFileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["signed_on"].initial = today

    def clean_signed_on(self) -> date:
        """Nobody signs tomorrow."""
        day: date = self.cleaned_data["signed_on"]
        if day > self.today:
            raise forms.ValidationError(_("审签日期不能晚于今天。"))
        if day < EARLIEST:
            raise forms.ValidationError(_("请核对审签日期的年份。"))
        return day

    def clean_scan(self) -> Any:
        """Only what its first bytes say it is."""
        given = self.cleaned_data.get("scan")
        if given is None:
            return None
        if (given.size or 0) > BIGGEST_SCAN:
            raise forms.ValidationError(_("扫描件不能超过 10 MB。"))
        head = given.read(8)
        given.seek(0)
        if scan_kind(head) is None:
            raise forms.ValidationError(_("扫描件须是 PDF、JPG 或 PNG 文件。"))
        return given


def scan_kind(content: bytes) -> tuple[str, str] | None:
    """Media type and extension of a scan, by its first bytes."""
    return next((kind for sign, kind in SCAN_SIGNS.items() if content.startswith(sign)), None)
