"""The plans app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.plans"
    label = "plans"
