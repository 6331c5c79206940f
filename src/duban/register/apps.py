"""The register app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.register"
    label = "register"
