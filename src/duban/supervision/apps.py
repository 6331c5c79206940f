"""The supervision app."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.supervision"
    label = "supervision"
