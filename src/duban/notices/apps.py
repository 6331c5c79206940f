"""The notices app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Outbound notices. It has no tables: what was told is a contact of supervision."""

    name = "duban.notices"
    label = "notices"
