"""The progress app."""

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.progress"
    label = "progress"
