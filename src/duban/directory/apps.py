"""The directory app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Registers the app under its short name."""

    name = "duban.directory"
    label = "directory"
