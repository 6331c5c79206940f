"""The documents app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.documents"
    label = "documents"
