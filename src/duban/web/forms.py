"""Forms: they check shape; operations and the database check the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from duban.directory.models import User

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


class DayField(forms.DateField):
    """A day that somebody can mean, from 2000 to 2099; with `done`, of something that happened, not after today."""

    def __init__(self, *, done: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.done = done

    def validate(self, value: date | None) -> None:
        """Refuse a slip of the keyboard before it becomes a record."""
        super().validate(value)
        if value is None:
            return
        if not EARLIEST <= value <= LATEST:
            raise forms.ValidationError(_("日期应在 2000 年至 2099 年之间。"))
        if self.done and value > timezone.localdate():
            raise forms.ValidationError(_("这一天还没有到。"))


def day_in(raw: str) -> date:
    """A day as a page carries it, 2026-09-30; ValueError for what is none, or none that somebody can mean."""
    found = date.fromisoformat(raw)
    if not EARLIEST <= found <= LATEST:
        raise ValueError(raw)
    return found


class SignInForm(forms.Form):
    """User name and password."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"), max_length=200, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class PasswordForm(forms.Form):
    """The old password and the new one twice."""

    old = forms.CharField(
        label=_("现密码"), max_length=200, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"), max_length=200, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("再输一次新密码"),
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_old(self) -> str:
        """The old password must be right."""
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("现密码不正确。"))
        return old

    def clean(self) -> dict[str, Any]:
        """The new one must be typed twice alike."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("new") != data.get("again"):
            self.add_error("again", _("两次输入的新密码不一致。"))
        return data


class FilterForm(forms.Form):
    """The filters of the register, as they stand in the address; what does not fit is ignored."""

    chapter = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    unit = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    role = forms.ChoiceField(required=False, choices=[("", ""), ("lead", ""), ("main", ""), ("support", "")])
    q = forms.CharField(required=False, max_length=60, strip=True)
    targets = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)
