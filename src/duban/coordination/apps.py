"""The coordination app."""

from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.coordination"
    label = "coordination"
